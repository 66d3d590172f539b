"""The server killed, restarted, on SQLite and on PostgreSQL with Redis: the conversation is still there."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT, Server


@pytest.mark.parametrize("kind", ["sqlite", "postgresql and redis"])
def test_a_killed_server_forgets_nothing(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    environment = {"SECRET_KEY": "clé"}
    url = f"sqlite:///{tmp_path}/etaie.db"
    if kind != "sqlite":
        url = request.getfixturevalue("postgresql_url")
        environment["REDIS_URL"] = request.getfixturevalue("redis_url")
    server = Server(url, environment, log=tmp_path / "log.txt")
    server.start()
    try:
        assert "dossier" in server.text("a", "Comment est évalué le bloc 1 ?")
        button = server.say("a", "Quels sont les blocs ?")[0]["buttons"][1]
        assert "BC01" in server.text("a", "Comment est évalué le bloc 1 ?")
        server.kill()
        server.start()
        # Assessment, as before the crash: without memory, the same words would list what bloc 3 holds.
        assert "BC03) est évalué ainsi" in server.text("a", "et le bloc 3 ?")
        assert "BC02" in server.text("a", button["payload"]), "un bouton d'avant la panne fonctionne encore"
    finally:
        server.stop()


def test_no_model_is_said_in_french(tmp_path: Path) -> None:
    server = Server(f"sqlite:///{tmp_path}/etaie.db", {"MODELS": str(tmp_path)}, log=tmp_path / "log.txt")
    with pytest.raises(AssertionError, match="make train"):
        server.start()


def test_an_unforeseen_error_says_nothing_private(tmp_path: Path) -> None:
    """A database that goes away mid-conversation: a French reason, and the process goes on."""
    folder = tmp_path / "data"
    server = Server(f"sqlite:///{folder}/etaie.db", {"SECRET_KEY": "clé"}, log=tmp_path / "log.txt")
    server.start()
    try:
        server.say("a", "bonjour")
        for path in folder.iterdir():
            path.write_bytes(b"pas une base" * 1000)
        response = server.post('{"sender": "b", "message": "je suis Maryvonne"}')
        assert response.status_code in (200, 500)
        assert "Maryvonne" not in response.text
        assert "Traceback" not in response.text
        assert httpx.get(f"{server.url}/health").status_code == 200
        assert "Maryvonne" not in (tmp_path / "log.txt").read_text(encoding="utf-8")
    finally:
        server.stop()


def test_a_port_already_taken_is_said_in_french(server: Server, tmp_path: Path) -> None:
    environment = os.environ | {"PORT": str(server.port), "DATABASE_URL": f"sqlite:///{tmp_path}/etaie.db"}
    command = [sys.executable, "-m", "bot", "serve"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=90)
    assert done.returncode == 1
    assert "Le port est peut-être pris" in done.stderr
    assert "prêt" not in done.stdout
