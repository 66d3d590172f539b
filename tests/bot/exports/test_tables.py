"""The table and the data read back."""

import csv
import io
import json
from collections.abc import Callable

import pytest

from bot.exports.tables import csv_table, json_document
from bot.positioning.booklet import Booklet


def rows(booklet: Booklet) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_table(booklet).decode("utf-8-sig")), delimiter=";"))


def test_one_line_a_competency_with_french_headers(booklet: Booklet) -> None:
    lines = rows(booklet)
    assert len(lines) == 39
    assert list(lines[0]) == [
        "Bloc", "Code", "Compétence", "Texte officiel", "Niveau", "Estimé d'après le thème", "Exemple", "Évolution",
    ]  # fmt: skip
    assert lines[2]["Niveau"] == "Sans aide, d'habitude"
    assert lines[2]["Évolution"] == "Avec de l'aide → Sans aide, d'habitude"


@pytest.mark.parametrize("formula", ["=1+1", "+33", "-2", "@SUM(A1)", "\tx"])
def test_a_spreadsheet_runs_nothing(formula: str, with_story: Callable[[str], Booklet]) -> None:
    assert rows(with_story(formula))[1]["Exemple"] == f"'{formula}"


def test_the_data_hold_everything(booklet: Booklet) -> None:
    data = json.loads(json_document(booklet))
    assert data["format"] == 1 and data["made_on"] == "2026-11-26"
    assert [len(bloc["entries"]) for bloc in data["blocs"]] == [9, 15, 9, 6]
    assert {entry["level"] for bloc in data["blocs"] for entry in bloc["entries"]} == {
        "0",
        "1",
        "2",
        "3",
        "unknown",
        None,
    }
