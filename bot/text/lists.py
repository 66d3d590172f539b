"""Enumerations in French, and long lists cut into pages."""

from collections.abc import Sequence


def enumeration(items: Sequence[str], conjunction: str = "et") -> str:
    """Return « a, b et c »."""
    if len(items) <= 1:
        return "".join(items)
    return f"{', '.join(items[:-1])} {conjunction} {items[-1]}"


def plural(count: int, singular: str, several: str | None = None) -> str:
    """Return « 1 bloc », « 4 blocs »: zero is singular in French."""
    word = singular if abs(count) < 2 else several or f"{singular}s"
    return f"{count} {word}"


def pages(items: Sequence[str], budget: int) -> list[list[str]]:
    """Cut a list into pages whose items hold together in ``budget`` characters.

    An item longer than the budget gets a page of its own.
    """
    cut: list[list[str]] = []
    size = 0
    for item in items:
        if not cut or size + len(item) > budget:
            cut.append([])
            size = 0
        cut[-1].append(item)
        size += len(item) + 3
    return cut
