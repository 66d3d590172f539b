"""The levels of each bloc as bars, readable in black and white and told in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from bot.exports.texts import booklet_words
from bot.positioning.booklet import BlocResult, Booklet

WIDTH = 720
_BAR_TOP, _ROW, _BAR_HEIGHT = 24, 66, 30
_LEGEND_ROW = 28


@dataclass(frozen=True)
class Look:
    """How a level is drawn: a grey and a hatching, so that colour is never needed."""

    fill: str
    ink: str
    """Of the number on it."""
    lines: str
    """Hatching: lines of the tile, as an SVG path; nothing for a plain fill."""


_LOOKS = (
    Look("#ffffff", "#161616", ""),
    Look("#dfe6f5", "#161616", "M0 8L8 0M-2 2L2 -2M6 10L10 6"),
    Look("#7f9bd1", "#161616", ""),
    Look("#1f3d7a", "#ffffff", ""),
    Look("#f3f3f3", "#161616", "M4 4h.01"),
    Look("#ffffff", "#161616", "M0 4H8"),
)


def picture(booklet: Booklet) -> str:
    """Return an SVG: one bar a bloc, one segment a level, with its text equivalent in ``desc``."""
    words = booklet_words()
    labels = [label for label, _ in booklet.blocs[0].counts] if booklet.blocs else []
    looks = [_LOOKS[min(i, len(_LOOKS) - 1)] for i in range(len(labels))]
    bars_height = _BAR_TOP + _ROW * len(booklet.blocs)
    height = bars_height + _LEGEND_ROW * ((len(labels) + 2) // 3) + 16
    told = " ".join(f"{words.picture_bar.format(number=b.number)} : {b.summary}." for b in booklet.blocs)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" lang="fr" '
        'aria-labelledby="profil-titre profil-texte" font-family="sans-serif">',
        f'<title id="profil-titre">{escape(words.picture_title)}</title>',
        f'<desc id="profil-texte">{escape(told)}</desc>',
        f"<defs>{''.join(_tile(i, look) for i, look in enumerate(looks) if look.lines)}</defs>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
    ]
    for row, bloc in enumerate(booklet.blocs):
        parts += _bar(bloc, looks, _BAR_TOP + row * _ROW)
    parts += _legend(labels, looks, bars_height + 8)
    return "".join([*parts, "</svg>"])


def _tile(rank: int, look: Look) -> str:
    width = 3 if look.lines.endswith(".01") else 1.2
    return (
        f'<pattern id="niveau-{rank}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect width="8" height="8" fill="{look.fill}"/>'
        f'<path d="{look.lines}" stroke="#5a5a5a" stroke-width="{width}" stroke-linecap="round" fill="none"/>'
        "</pattern>"
    )


def _fill(rank: int, look: Look) -> str:
    return f"url(#niveau-{rank})" if look.lines else look.fill


def _bar(bloc: BlocResult, looks: Sequence[Look], top: int) -> list[str]:
    total = sum(count for _, count in bloc.counts) or 1
    name = booklet_words().bloc.format(number=bloc.number, title=bloc.title)
    parts = [f'<text x="0" y="{top - 8}" font-size="17" fill="#161616">{escape(name)}</text>']
    left = 0.0
    for rank, (_, count) in enumerate(bloc.counts):
        if not count:
            continue
        width = (WIDTH - 2) * count / total
        parts.append(
            f'<rect x="{left + 1:.1f}" y="{top}" width="{width:.1f}" height="{_BAR_HEIGHT}" '
            f'fill="{_fill(rank, looks[rank])}" stroke="#161616"/>'
        )
        middle = left + 1 + width / 2
        plate = (
            ""
            if not looks[rank].lines
            else (f'<rect x="{middle - 12:.1f}" y="{top + 5}" width="24" height="20" rx="3" fill="#ffffff"/>')
        )
        parts.append(
            f'{plate}<text x="{middle:.1f}" y="{top + 21}" font-size="16" font-weight="bold" text-anchor="middle" '
            f'fill="{looks[rank].ink}">{count}</text>'
        )
        left += width
    return parts


def _legend(labels: Sequence[str], looks: Sequence[Look], top: int) -> list[str]:
    parts = []
    for rank, label in enumerate(labels):
        left, down = (rank % 3) * WIDTH // 3, top + (rank // 3) * _LEGEND_ROW
        fill = _fill(rank, looks[rank])
        parts.append(
            f'<rect x="{left + 1}" y="{down}" width="26" height="18" fill="{fill}" stroke="#161616"/>'
            f'<text x="{left + 36}" y="{down + 15}" font-size="16" fill="#161616">{escape(label)}</text>'
        )
    return parts
