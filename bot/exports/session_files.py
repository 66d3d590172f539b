"""Who is enrolled in a session, and the picture of its group, as files: CSV, spreadsheet, PDF."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

from bot.exports.pdf import compiled_pdf, drawn
from bot.exports.plain import plain_cell
from bot.team.group_profile import GroupProfile

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDEST = 60
Row = Sequence[str | int]


def csv_file(header: Sequence[str], rows: Sequence[Row]) -> bytes:
    """Return a table as French spreadsheets read it: UTF-8 with its mark, semicolons, no formula."""
    written = io.StringIO()
    table = csv.writer(written, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    table.writerow(header)
    table.writerows([plain_cell(str(cell)) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def spreadsheet(title: str, header: Sequence[str], rows: Sequence[Row]) -> bytes:
    """Return a table as a workbook whose header stays in sight; texts stay texts."""
    # Imported here: the server starts without it.
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("classeur sans feuille")
    sheet.title = "".join(c for c in title if c not in "[]:*?/\\")[:31] or "Feuille"
    sheet.append(list(header))
    for row in rows:
        sheet.append([cell if isinstance(cell, int) else cell or None for cell in row])
    for cells in sheet.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                # Never read as a formula, whatever it begins with.
                cell.data_type = "s"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E9EEFB")
    for number, name in enumerate(header, 1):
        longest = max([len(name), *(len(str(row[number - 1])) for row in rows)])
        sheet.column_dimensions[get_column_letter(number)].width = min(_WIDEST, longest + 3)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sign_in_sheet(title: str, told: str, header: Sequence[str], rows: Sequence[Row], empty: int) -> bytes:
    """Return the sheet that people sign, with empty lines for those who come without a seat.

    Args:
        title: of the session.
        told: day, hour and place.
        header: names of the columns.
        rows: one a person.
        empty: how many empty lines.
    """
    lines = [[str(cell) for cell in row] for row in rows] + [[""] * len(header)] * empty
    return compiled_pdf(
        Path(__file__).parent / "sheet.typ",
        {"data": json.dumps(drawn({"title": title, "told": told, "header": list(header), "rows": lines}))},
    )


def profile_rows(profile: GroupProfile) -> list[list[str]]:
    """Return one line a competency: bloc, code, competency, average of the group."""
    return [[f"Bloc {bloc.number}", cell.id, cell.name, cell.said] for bloc in profile.blocs for cell in bloc.cells]


def profile_sheet(title: str, told: str, header: Sequence[str], profile: GroupProfile) -> bytes:
    """Return the picture of a group on paper."""
    return compiled_pdf(
        Path(__file__).parent / "sheet.typ",
        {
            "data": json.dumps(
                drawn({"title": title, "told": told, "header": list(header), "rows": profile_rows(profile)})
            )
        },
    )
