"""``etaie positioning``: as it is typed."""

import io
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest

from bot.positioning.attempt import Answer, Attempt, PathKind
from bot.positioning.stage import Answered, Begun, Turn
from bot.storage import positionings
from bot.storage.database import open_database
from tests.conftest import ROOT

ATTEMPT = Attempt("a" * 32, "KM4R-7TXP", PathKind.FULL, ("BC01-C01",), "v1", datetime.now(UTC))


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/base.db"
    engine = open_database(url)
    with engine.begin() as connection:
        begun = Turn((), None, (Begun(ATTEMPT), Answered(ATTEMPT.id, "BC01-C01", Answer("2", "un récit"))))
        positionings.store(connection, "a", begun, {}, datetime.now(UTC) - timedelta(days=10))
    engine.dispose()
    return url


def etaie(database_url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "positioning", *arguments]
    environment = os.environ | {"DATABASE_URL": database_url}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_check(database_url: str) -> None:
    done = etaie(database_url, "check")
    assert done.returncode == 0 and "39 compétences, 13 thèmes" in done.stdout


@pytest.mark.parametrize("code", ["KM4R-7TXP", "km4r 7txp", "km4r7txp"])
def test_export(database_url: str, tmp_path: Path, code: str) -> None:
    for name in ("livret.pdf", "dossier.docx", "t.csv", "t.json", "p.svg"):
        done = etaie(database_url, "export", code, "--sortie", str(tmp_path / name))
        assert done.returncode == 0, done.stderr
        assert "1 réponse" in done.stdout
    assert "un récit" in (tmp_path / "t.csv").read_text(encoding="utf-8")
    pikepdf.open(io.BytesIO((tmp_path / "livret.pdf").read_bytes())).close()


def test_an_unknown_code_and_an_unknown_format_are_said(database_url: str, tmp_path: Path) -> None:
    done = etaie(database_url, "export", "ZZZZ-2222", "--sortie", str(tmp_path / "x.pdf"))
    assert done.returncode == 1 and "Aucun positionnement" in done.stderr
    done = etaie(database_url, "export", ATTEMPT.code, "--sortie", str(tmp_path / "x.odt"))
    assert done.returncode == 2 and ".docx" in done.stderr


def test_erase_and_purge(database_url: str) -> None:
    assert "0 positionnement" in etaie(database_url, "purge").stdout
    assert "1 positionnement" in etaie(database_url, "purge", "--jours", "9").stdout
    engine = open_database(database_url)
    with engine.begin() as connection:
        again = replace(ATTEMPT, id="b" * 32)
        positionings.store(connection, "a", Turn((), None, (Begun(again),)), {}, datetime.now(UTC))
    engine.dispose()
    assert "C'est effacé" in etaie(database_url, "erase", ATTEMPT.code).stdout
    assert etaie(database_url, "erase", ATTEMPT.code).returncode == 1
