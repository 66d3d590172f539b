"""The short code by which a questionnaire is resumed: read aloud, copied from a screen, typed on a phone."""

import re
import secrets

ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ2346789"
"""No I and 1, no O and 0, no S and 5: they are taken for each other."""
_HALF = 4
SAMPLE = "KM4R-7TXP"
"""What a code looks like, for people who are asked for theirs; never given to anybody."""

_TYPED = re.compile(rf"(?<![A-Z0-9])([{ALPHABET}]{{{_HALF}}})\s?[-–.]?\s?([{ALPHABET}]{{{_HALF}}})(?![A-Z0-9])")


def new_code() -> str:
    """Return a new code, « KM4R-7TXP »: one of 6 × 10^11."""
    while True:
        drawn = "".join(secrets.choice(ALPHABET) for _ in range(2 * _HALF))
        # A digit at least, so that no word of French is ever taken for a code.
        if any(character.isdigit() for character in drawn) and not drawn.isdigit():
            return f"{drawn[:_HALF]}-{drawn[_HALF:]}"


def code_in(text: str) -> str:
    """Return the code that a text holds, as it was given; nothing when it holds none."""
    for found in _TYPED.finditer(text.upper()):
        drawn = found[1] + found[2]
        if any(character.isdigit() for character in drawn) and not drawn.isdigit():
            return f"{found[1]}-{found[2]}"
    return ""
