"""What the team adds beside the fiche."""

from datetime import date
from pathlib import Path

import pytest

from referential.complements import load_complements
from referential.library import COMPLEMENTS_FILE
from referential.yaml_files import DataError

EXAMPLE = """
entries:
  - topic: silent_price
    text: La formation coûte 4 900 €.
    source: Catalogue
    source_date: 2026-11-24
    valid_until: 2027-08-31
  - topic: silent_price
    text: Des aides existent.
    source: Catalogue
    source_date: 2026-11-24
    link: https://exemple.fr
glossary:
  - {acronym: CPF, expansion: compte personnel de formation, source: Code du travail, source_date: 2026-11-24}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "complements.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_real_file_adds_nothing_yet_but_a_glossary() -> None:
    complements = load_complements()
    assert complements.entries == ()
    assert [entry.acronym for entry in complements.glossary] == ["RNCP", "VAE", "SIAE", "ROME", "NSF", "CPF"]
    assert all(entry.source for entry in complements.glossary)


def test_the_example_in_the_comments_is_a_right_one(tmp_path: Path) -> None:
    lines = COMPLEMENTS_FILE.read_text(encoding="utf-8").splitlines()
    start = lines.index("# entries:")
    example = [line.removeprefix("# ") for line in lines[start:] if line.startswith("# ")]
    end = next(rank for rank, line in enumerate(example) if rank and not line.startswith(" "))
    path = written(tmp_path, "\n".join(example[:end]) + "\nglossary: []\n")
    (entry,) = load_complements(path).entries
    assert entry.topic == "silent_price"
    assert entry.link == "https://www.exemple.fr/formation"


@pytest.mark.parametrize(("day", "count"), [(date(2027, 8, 30), 2), (date(2027, 8, 31), 2), (date(2027, 9, 1), 1)])
def test_what_has_expired_is_left_out(tmp_path: Path, day: date, count: int) -> None:
    complements = load_complements(written(tmp_path, EXAMPLE))
    assert len(complements.for_topic("silent_price", day)) == count
    assert complements.for_topic("silent_salary", day) == ()


def test_an_acronym_is_found_whatever_its_case(tmp_path: Path) -> None:
    complements = load_complements(written(tmp_path, EXAMPLE))
    entry = complements.expansion("cpf")
    assert entry is not None
    assert entry.expansion == "compte personnel de formation"
    assert complements.expansion("ABC") is None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("    source: Catalogue\n", "", "complements.yml:3: entries[0].source : clé manquante"),
        ("https://exemple.fr", "exemple.fr", r"complements.yml:12: entries\[1\].link : forme attendue"),
        (
            "2026-11-24\n    valid",
            "hier\n    valid",
            r"complements.yml:6: entries\[0\].source_date : date attendue",
        ),
        (
            "glossary:\n",
            "glossary:\n  - {acronym: CPF, expansion: a, source: b, source_date: 2026-11-24}\n",
            "CPF est expliqué deux fois",
        ),
    ],
)
def test_a_wrong_entry_is_refused_with_its_line(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in EXAMPLE
    with pytest.raises(DataError, match=expected.replace("[0].source :", r"\[0\].source :")):
        load_complements(written(tmp_path, EXAMPLE.replace(old, new, 1)))
