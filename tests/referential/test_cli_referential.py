"""The commands `etaie referential …`."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli_referential import referential_app
from referential.library import DEFAULT_FICHE_FILE, SOURCES_FOLDER

runner = CliRunner()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    shutil.copytree(SOURCES_FOLDER, tmp_path / "sources")
    return tmp_path / "sources" / "RNCP41402.txt"


@pytest.fixture
def output(source: Path) -> Path:
    return source.parent.parent / "fiches" / "RNCP41402.yml"


def run(*arguments: object) -> tuple[int, str]:
    """Run a command; return its exit code and all that it said."""
    result = runner.invoke(referential_app, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def test_import_then_check(source: Path, output: Path) -> None:
    code, said = run("import", source, "--output", output)
    assert code == 0
    assert "RNCP41402, 4 bloc(s), 39 compétence(s)." in said
    assert run("check", output) == (0, f"{output} : tout est en ordre.\n")
    assert f"# Commande : etaie referential import {source}" in output.read_text(encoding="utf-8")


def test_import_gives_the_committed_file(source: Path, output: Path) -> None:
    run("import", source, "--output", output)
    written = output.read_text(encoding="utf-8").splitlines()[3:]
    assert written == DEFAULT_FICHE_FILE.read_text(encoding="utf-8").splitlines()[3:]


def test_import_says_what_changes(source: Path, output: Path) -> None:
    run("import", source, "--output", output)
    source.write_text(source.read_text(encoding="utf-8").replace("| 2024 | 51 |", "| 2024 | 52 |"), encoding="utf-8")
    code, said = run("import", source, "--output", output)
    assert code == 0
    assert "- Statistiques 2024, Nombre de certifiés : 51 devient 52" in said


def test_import_replaces_a_file_that_does_not_read(source: Path, output: Path) -> None:
    output.parent.mkdir()
    output.write_text("a: [", encoding="utf-8")
    code, said = run("import", source, "--output", output)
    assert code == 0
    assert "l'ancien fichier ne se lisait pas" in said


def test_import_refuses_a_damaged_source_and_writes_nothing(source: Path, output: Path) -> None:
    source.write_text(source.read_text(encoding="utf-8").replace("Code(s) NSF\n", ""), encoding="utf-8")
    code, said = run("import", source, "--output", output)
    assert code == 1
    assert f"{source}:2: rubrique absente : « Code(s) NSF »" in said
    assert not output.exists()


def test_import_takes_another_manifest(source: Path, output: Path) -> None:
    other = source.parent / "autre.yml"
    shutil.move(source.with_suffix(".source.yml"), other)
    assert run("import", source, "--output", output)[0] == 1
    assert run("import", source, "--output", output, "--manifest", other)[0] == 0


def test_check_of_the_real_fiche() -> None:
    assert run("check") == (0, "referential/fiches/RNCP41402.yml : tout est en ordre.\n")


def test_check_fails_on_problems(source: Path, output: Path) -> None:
    run("import", source, "--output", output)
    output.write_text(output.read_text(encoding="utf-8").replace("value: 88", "value: 188"), encoding="utf-8")
    code, said = run("check", output)
    assert code == 1
    assert "statistiques 2022 : taux de 188 %" in said
    assert "problème(s)." in said


def test_diff_of_a_fiche_with_itself() -> None:
    assert run("diff", DEFAULT_FICHE_FILE, DEFAULT_FICHE_FILE) == (0, "Aucune différence.\n")


def test_diff_of_a_fiche_with_its_source(source: Path) -> None:
    assert run("diff", DEFAULT_FICHE_FILE, source) == (0, "Aucune différence.\n")


def test_diff_says_changes_and_succeeds(source: Path) -> None:
    text = source.read_text(encoding="utf-8").replace("27-10-2030", "27-10-2031")
    source.write_text(text, encoding="utf-8")
    code, said = run("diff", DEFAULT_FICHE_FILE, source)
    assert code == 0
    assert said == "Date d'échéance de l'enregistrement : 27 octobre 2030 devient 27 octobre 2031\n"


def test_diff_of_a_file_that_is_absent(tmp_path: Path) -> None:
    code, said = run("diff", DEFAULT_FICHE_FILE, tmp_path / "absente.yml")
    assert code == 1
    assert "absente.yml: fichier introuvable" in said


@pytest.mark.parametrize("command", ["import", "check", "diff"])
def test_help_is_in_french(command: str) -> None:
    code, said = run(command, "--help")
    assert code == 0
    assert "fiche" in said
