"""Fit a reply to a provider: texts cut, choices as buttons, as a list, or numbered. Pure functions."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.channels.messaging.contract import Limits, Option, Part

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_NUMBERS = "Répondez par le numéro de votre choix :"


@dataclass(frozen=True)
class Menu:
    """The choices of a reply, in the order in which they are shown."""

    choices: tuple[tuple[str, str], ...]
    """(title, payload)."""
    numbered: bool
    """Whether they are picked by a typed number."""


@dataclass(frozen=True)
class Laid:
    """A reply ready to be sent."""

    parts: tuple[Part, ...]
    menu: Menu


def plain(text: str) -> str:
    """Return a text without the marks of bold."""
    return _BOLD.sub(r"\1", text)


def starred(text: str) -> str:
    """Return a text with bold as WhatsApp writes it: one star."""
    return _BOLD.sub(r"*\1*", text)


def pieces(text: str, limit: int) -> list[str]:
    """Cut a text where it hurts least: between paragraphs, lines, sentences, words; within a word only if it must."""
    found = []
    rest = text.strip()
    while len(rest) > limit:
        head = rest[:limit]
        cut = next((at for mark in ("\n\n", "\n", ". ", " ") if (at := head.rfind(mark)) > limit // 2), -1)
        # A full stop stays with its sentence.
        end = cut + 1 if cut > 0 and head[cut] == "." else cut if cut > 0 else limit
        found.append(rest[:end].strip())
        rest = rest[end:].strip()
    return [*found, rest] if rest else found


def laid_out(messages: Sequence[tuple[str, Sequence[tuple[str, str]]]], limits: Limits, mark: str) -> Laid:
    """Lay a reply out.

    Args:
        messages: texts, each with its choices (title, payload).
        limits: of the provider.
        mark: of this menu among those of the conversation: begins the identifiers of the choices.
    """
    texts = [text for text, _ in messages]
    # The choices of the last message first: they answer what was asked last.
    choices = tuple(dict.fromkeys(choice for _, offered in reversed(messages) for choice in offered))
    body = texts[-1] if texts else ""
    before = [Part(piece) for text in texts[:-1] for piece in pieces(text, limits.text)]
    if not choices:
        return Laid((*before, *(Part(piece) for piece in pieces(body, limits.text))), Menu((), False))
    options = tuple(Option(f"{mark}.{rank}", title) for rank, (title, _) in enumerate(choices))
    shown = _as_buttons(body, options, limits) or _as_list(body, options, limits)
    if shown:
        return Laid((*before, *shown), Menu(choices, False))
    numbered = "\n".join(f"{rank}. {title}" for rank, (title, _) in enumerate(choices, 1))
    parts = (Part(piece) for piece in pieces(f"{body}\n\n{_NUMBERS}\n{numbered}", limits.text))
    return Laid((*before, *parts), Menu(choices, True))


def _as_buttons(body: str, options: tuple[Option, ...], limits: Limits) -> tuple[Part, ...] | None:
    if len(options) > limits.buttons or any(len(o.title) > limits.button_title for o in options):
        return None
    return _with(body, limits.body_with_buttons, limits, lambda text: Part(text, buttons=options))


def _as_list(body: str, options: tuple[Option, ...], limits: Limits) -> tuple[Part, ...] | None:
    if len(options) > limits.rows or any(len(o.title) > limits.row_title for o in options):
        return None
    return _with(body, limits.body_with_list, limits, lambda text: Part(text, rows=options))


def _with(body: str, room: int, limits: Limits, last: Callable[[str], Part]) -> tuple[Part, ...]:
    """Put the choices under the last piece of a body that may be too long for them."""
    cut = pieces(body, min(room, limits.text)) or ["…"]
    return (*(Part(piece) for piece in cut[:-1]), last(cut[-1]))


def picked(menu: Menu, text: str) -> str:
    """Return the payload of the choice that a typed number or title names; nothing when it names none."""
    said = text.strip().rstrip(".)").strip()
    if menu.numbered and said.isdigit() and 1 <= int(said) <= len(menu.choices):
        return menu.choices[int(said) - 1][1]
    return ""
