"""The booklet as a table for a spreadsheet, and as data for another program."""

import csv
import io
import json
from dataclasses import asdict

from bot.exports.plain import plain_cell
from bot.exports.texts import booklet_words
from bot.positioning.booklet import Booklet


def csv_table(booklet: Booklet) -> bytes:
    """Return one line a competency, as French spreadsheets read it: UTF-8 with its mark, semicolons."""
    words = booklet_words()
    columns = words.columns
    written = io.StringIO()
    table = csv.writer(written, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    table.writerow(
        [
            columns.bloc,
            columns.code,
            columns.name,
            columns.wording,
            columns.level,
            columns.estimated,
            columns.story,
            columns.change,
        ]
    )
    for bloc in booklet.blocs:
        for entry in bloc.entries:
            estimated = words.yes if entry.estimated else words.no
            cells = [
                str(bloc.number),
                entry.id,
                entry.name,
                entry.wording,
                entry.level_label,
                estimated,
                entry.story,
                entry.change,
            ]
            table.writerow([plain_cell(cell) for cell in cells])
    return written.getvalue().encode("utf-8-sig")


def json_document(booklet: Booklet) -> bytes:
    """Return the whole booklet; its keys are the fields of :class:`Booklet`, ``format`` says which."""
    data = {"format": 1, **asdict(booklet)}
    return (json.dumps(data, ensure_ascii=False, indent=1, default=str) + "\n").encode()
