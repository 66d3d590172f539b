"""Compare French texts whatever their accents, case and apostrophes."""

import re
import unicodedata

_SINGLE = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"})
_SPACES = re.compile(r"\s+")
_WORDS = re.compile(r"[a-z0-9]+")


def fold(text: str) -> str:
    """Return the text lower-cased, without accents, with plain apostrophes and single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_SINGLE))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _SPACES.sub(" ", plain).strip().lower()


def fold_aligned(text: str) -> str:
    """Fold character by character: the result has the length of the text, so that offsets agree."""
    folded = []
    for character in text:
        plain = unicodedata.normalize("NFKD", character.translate(_SINGLE))[:1].lower()
        folded.append(plain if plain and len(plain) == 1 else " ")
    return "".join(folded)


def words(text: str) -> list[str]:
    """Return the folded words of a text; an elided article (« l' ») counts as a word."""
    return _WORDS.findall(fold(text))


def without_control_characters(text: str) -> str:
    """Drop control and invisible format characters, keep spaces, tabs and line ends."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
