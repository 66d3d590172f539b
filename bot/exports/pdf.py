"""The booklet as an accessible PDF (PDF/UA-1): tagged, titled, in French."""

import importlib.util
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.exports.picture import picture
from bot.exports.plain import printable
from bot.exports.texts import booklet_words
from bot.positioning.booklet import Booklet
from bot.text.lists import enumeration
from referential.french_dates import french_date

_TEMPLATE = Path(__file__).parent / "booklet.typ"
_FONT = "DejaVuSans.ttf"
_NOT_DRAWN = "□"
"""Stands for a character that the font does not have, an emoji say: PDF/UA forbids a missing glyph."""


def pdf(booklet: Booklet) -> bytes:
    """Return the PDF; texts of people go in as data, and are never read as markup."""
    words = booklet_words()
    summaries = [f"{words.picture_bar.format(number=b.number)} : {b.summary}" for b in booklet.blocs]
    told = {
        "made_on": words.made_on.format(day=french_date(booklet.made_on)),
        "path": path_told(booklet),
        "compared": compared_told(booklet),
        "picture": f"{words.picture_title}. {enumeration(summaries)}.",
        "numbers": [words.picture_bar.format(number=b.number) for b in booklet.blocs],
        "blocs": [words.bloc.format(number=b.number, title=b.title) for b in booklet.blocs],
        "states": [words.bloc_state.format(state=b.state, summary=b.summary) for b in booklet.blocs],
        "official": words.official.format(code=booklet.fiche_code),
        "source": words.source.format(code=booklet.fiche_code, title=booklet.fiche_title),
    }
    inputs = {
        "booklet": json.dumps(drawn(asdict(booklet)), default=str),
        "words": words.model_dump_json(),
        "told": json.dumps(drawn(told)),
        "picture": picture(booklet),
    }
    made_at = datetime.combine(booklet.made_on, time(), UTC)
    return compiled_pdf(_TEMPLATE, inputs, made_at)


def compiled_pdf(template: Path, inputs: Mapping[str, str], made_at: datetime | None = None) -> bytes:
    """Return an accessible PDF (PDF/UA-1).

    Args:
        template: what lays it out.
        inputs: what the template reads.
        made_at: date of the document; now by default.
    """
    # Imported here: the server starts without it.
    import typst

    made: bytes = typst.compile(
        template,
        format="pdf",
        sys_inputs=dict(inputs),
        font_paths=[_fonts()],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int((made_at or datetime.now(UTC)).timestamp()),
    )
    return made


def drawable(text: str) -> str:
    """Return a text with only the characters that the font of the PDF can draw."""
    drawn = _characters()
    return "".join(c if c.isspace() or ord(c) in drawn else _NOT_DRAWN for c in printable(text))


def drawn(value: Any) -> Any:
    """Return data whose texts can all be drawn."""
    if isinstance(value, str):
        return drawable(value)
    if isinstance(value, dict):
        return {key: drawn(held) for key, held in value.items()}
    return [drawn(held) for held in value] if isinstance(value, list | tuple) else value


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(_fonts() / _FONT, lazy=True) as font:
        return frozenset(font.getBestCmap())


def path_told(booklet: Booklet) -> str:
    """Return « parcours court, 12 réponses sur 13 »."""
    plural = "s" if booklet.answered > 1 else ""
    return booklet_words().path.format(path=booklet.path, answered=booklet.answered, s=plural, total=booklet.total)


def compared_told(booklet: Booklet) -> str:
    """Return « Comparé à votre positionnement du… », or nothing."""
    if booklet.compared_with is None:
        return ""
    return booklet_words().compared.format(day=french_date(booklet.compared_with))


def _fonts() -> Path:
    """Return the folder of DejaVu Sans, which Matplotlib carries: found, not imported."""
    found = importlib.util.find_spec("matplotlib")
    if found is None or found.origin is None:
        raise RuntimeError("Matplotlib manque : ses polices servent au livret PDF.")
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
