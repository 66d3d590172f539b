"""Text of people, made fit for a document."""

import unicodedata

_KEPT = {"\n", "\t"}


def printable(text: str) -> str:
    """Return a text without what XML and PDF refuse, or what would hide another text: controls and the like."""
    return "".join(c for c in text if c in _KEPT or not unicodedata.category(c).startswith("C"))


_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would run: a cell that begins so is made plain text."""


def plain_cell(cell: str) -> str:
    """Return a cell of a CSV file that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
