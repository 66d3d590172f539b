"""Text of people, made fit for a document."""

import unicodedata

_KEPT = {"\n", "\t"}


def printable(text: str) -> str:
    """Return a text without what XML and PDF refuse, or what would hide another text: controls and the like."""
    return "".join(c for c in text if c in _KEPT or not unicodedata.category(c).startswith("C"))
