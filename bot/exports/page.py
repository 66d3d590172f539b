"""The booklet as a page: self-contained, without a script, for any browser and any screen."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from bot.exports.pdf import compared_told, path_told
from bot.exports.picture import picture
from bot.exports.texts import booklet_words
from bot.positioning.booklet import Booklet
from referential.french_dates import french_date


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("page.html.j2")


def page(booklet: Booklet, links: Mapping[str, str], until: date) -> str:
    """Return the page.

    Args:
        booklet: what it shows.
        links: address of each file, by its name.
        until: last day on which the link works.
    """
    words = booklet_words()
    named = [(words.file_names[name], address) for name, address in links.items() if name in words.file_names]
    return _template().render(
        booklet=booklet,
        words=words,
        path=path_told(booklet),
        made_on=words.made_on.format(day=french_date(booklet.made_on)),
        private=words.private.format(day=french_date(until)),
        compared=compared_told(booklet),
        # Made here from numbers and escaped labels.
        picture=Markup(picture(booklet)) if booklet.blocs else "",  # noqa: S704
        files=named,
    )
