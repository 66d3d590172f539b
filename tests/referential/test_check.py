"""Checks of a generated fiche: each rule is broken once."""

import shutil
from pathlib import Path

import pytest

from referential.check import check
from referential.library import DEFAULT_FICHE_FILE, SOURCES_FOLDER

FICHE_TEXT = DEFAULT_FICHE_FILE.read_text(encoding="utf-8")


@pytest.fixture
def fiche_file(tmp_path: Path) -> Path:
    """A copy of the real fiche, with its source where it should be."""
    shutil.copytree(SOURCES_FOLDER, tmp_path / "sources")
    (tmp_path / "fiches").mkdir()
    return Path(shutil.copy(DEFAULT_FICHE_FILE, tmp_path / "fiches"))


def said(path: Path) -> list[str]:
    """Return the problems of a fiche, without those that only say that its source gives something else."""
    return [str(problem) for problem in check(path) if "pas à jour" not in str(problem)]


def broken(path: Path, old: str, new: str) -> Path:
    assert old in FICHE_TEXT
    path.write_text(FICHE_TEXT.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_real_fiche_is_in_order() -> None:
    assert check(DEFAULT_FICHE_FILE) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "code: RNCP41402BC02",
            "code: RNCP41402BC05",
            "bloc 2 : code « RNCP41402BC05 » au lieu de « RNCP41402BC02 »",
        ),
        (
            "code: RNCP41402BC02",
            "code: RNCP99999BC02",
            "bloc 2 : code « RNCP99999BC02 » au lieu de « RNCP41402BC02 »",
        ),
        ("id: BC01-C02", "id: BC01-C01", "compétence BC01-C01 : identifiant en double"),
        ("id: BC01-C02", "id: BC01-C12", "compétence BC01-C12 : « BC01-C02 » attendu à cette place"),
        ("blocs_required: 4", "blocs_required: 5", "5 blocs exigés, mais la fiche en a 4"),
        ("value: 2025-10-27", "value: 2031-10-27", "l'échéance est avant la décision"),
        ("value: 2034-10-26", "value: 2029-10-26", "la dernière délivrance est avant l'échéance"),
        (
            "value: 2030-10-27",
            "value: 2030-10-28",
            "la décision plus 5 an(s) ne donne pas la date d'échéance",
        ),
        (
            "  - code: RNCP41402BC01\n          label",
            "  - code: RNCP41402BC09\n          label",
            "le bloc « RNCP41402BC09 » n'est pas dans la fiche",
        ),
        (
            "code: RNCP39099BC02",
            "code: RNCP39098BC02",
            "le bloc « RNCP39098BC02 » n'est pas de « RNCP39099 »",
        ),
        ("key: vae", "key: student", "access_routes : la voie « vae » manque"),
        ("- year: 2022", "- year: 2025", "années en double ou pas de la plus récente"),
        ("value: 51", "value: 0", "statistiques 2024 : plus de certifiés par la VAE que de certifiés"),
        ("value: 88", "value: 188", "statistiques 2022 : taux de 188 %"),
        ("file: RNCP41402.txt", "file: absent.txt", "source introuvable"),
        (
            "number: 4\n    label",
            "number: 9\n    label",
            "level.value.number : nombre d'au plus 8 attendu, et non « 9 »",
        ),
        ("state: unreadable", "state: perdu", "new_caledonia.state : une de ces valeurs attendue"),
    ],
)
def test_each_rule_finds_its_fault_at_its_line(fiche_file: Path, old: str, new: str, expected: str) -> None:
    problems = said(broken(fiche_file, old, new))
    assert any(expected in problem for problem in problems), problems
    for problem in problems:
        file, line, _ = problem.split(":", 2)
        assert file == str(fiche_file)
        assert int(line) > 0


def test_the_line_is_that_of_the_fault(fiche_file: Path) -> None:
    (problem,) = said(broken(fiche_file, "blocs_required: 4", "blocs_required: 5"))
    line = FICHE_TEXT[: FICHE_TEXT.index("blocs_required: 4")].count("\n") + 1
    assert problem.startswith(f"{fiche_file}:{line}: ")


def test_a_wording_must_be_among_the_attested_lines(fiche_file: Path) -> None:
    before, bloc, after = FICHE_TEXT.partition("id: BC01-C09")
    changed = before + bloc + after.replace("Evaluer l'atteinte", "Juger l'atteinte", 1)
    fiche_file.write_text(changed, encoding="utf-8")
    assert any("compétence BC01-C09 : libellé absent des compétences attestées" in p for p in said(fiche_file))


def test_what_the_assistant_needs_must_be_given(fiche_file: Path) -> None:
    old = "state: stated\n  value:\n    number: 4\n    label: Niveau 4\n"
    problems = said(broken(fiche_file, old, "state: not_given\n"))
    assert any("level : « Nomenclature du niveau de qualification » est vide" in problem for problem in problems)


def test_all_problems_are_said_at_once(fiche_file: Path) -> None:
    changed = FICHE_TEXT.replace("blocs_required: 4", "blocs_required: 5").replace("value: 88", "value: 188")
    fiche_file.write_text(changed, encoding="utf-8")
    assert len(said(fiche_file)) == 2


def test_a_hand_made_change_is_seen(fiche_file: Path) -> None:
    problems = [str(p) for p in check(broken(fiche_file, "- Manage l’équipe", "- Dirige l’équipe"))]
    assert any("pas à jour (modifié à la main)" in problem for problem in problems)
    assert any("Activités visées : « Manage l’équipe » est ajouté" in problem for problem in problems)


def test_a_source_changed_since_the_import_is_seen(fiche_file: Path) -> None:
    source = fiche_file.parent.parent / "sources" / "RNCP41402.txt"
    source.write_text(source.read_text(encoding="utf-8").replace("| 2024 | 51 |", "| 2024 | 52 |"), encoding="utf-8")
    problems = [str(p) for p in check(fiche_file)]
    assert any("la source a changé depuis l'import" in problem for problem in problems)
    assert any("Statistiques 2024, Nombre de certifiés : 51 devient 52" in problem for problem in problems)


def test_a_source_that_no_longer_reads_is_seen(fiche_file: Path) -> None:
    source = fiche_file.parent.parent / "sources" / "RNCP41402.txt"
    source.write_text(source.read_text(encoding="utf-8").replace("Niveau 4", "Niveau X"), encoding="utf-8")
    (problem,) = check(fiche_file)
    assert str(problem).startswith(f"{source}:4: « Niveau » et un chiffre")


def test_an_absent_fiche_is_a_problem(tmp_path: Path) -> None:
    (problem,) = check(tmp_path / "absente.yml")
    assert str(problem).endswith("absente.yml: fichier introuvable")
