"""The booklet in every format: a page, a PDF, a document, a table. Plain Python, no web, no database."""

from collections.abc import Callable, Mapping

from bot.exports.docx import docx
from bot.exports.pdf import pdf
from bot.exports.picture import picture
from bot.exports.tables import csv_table, json_document
from bot.positioning.booklet import Booklet

Format = tuple[str, Callable[[Booklet], bytes]]
"""Media type, and what writes it."""

FORMATS: Mapping[str, Format] = {
    "livret.pdf": ("application/pdf", pdf),
    "dossier.docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx),
    "positionnement.csv": ("text/csv; charset=utf-8", csv_table),
    "positionnement.json": ("application/json", json_document),
    "profil.svg": ("image/svg+xml", lambda booklet: picture(booklet).encode()),
}
"""Every file of a booklet, by its name."""

__all__ = ["FORMATS", "csv_table", "docx", "json_document", "pdf", "picture"]
