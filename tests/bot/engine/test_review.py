"""What was not understood is kept by the real server, scrubbed, and comes out ready to annotate; nothing else is."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from bot.storage import review
from bot.storage.database import open_database
from bot.storage.review import Reviewed, list_since
from tests.conftest import ROOT, Server, read_by_rasa, wait_for

PERSONAL = ("Zoubida", "Grandidier", "06 12 34 56 78", "zoubida@exemple.fr")
NOT_UNDERSTOOD = (
    "on m'a parlé d'un papier bleu chez Zoubida Grandidier (06 12 34 56 78, zoubida@exemple.fr) ça sert à quoi"
)
SCRUBBED = "on m'a parlé d'un papier bleu chez [nom] ([téléphone], [adresse mail]) ça sert à quoi"
OFF_TOPIC = "c koi le truk ke Zoubida Grandidier ma di pour le papié vert"
FOREIGN_BUTTON = "/greet#AAAAAAAAAAAA"
MISUNDERSTOOD = "Je n'ai pas compris votre question"
QUICK = 3.0
"""Seconds in which a reply comes, whatever the worker does: less than it takes to start one."""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/etaie.db"
    url: str = request.getfixturevalue("postgresql_url")
    database = open_database(url)
    with database.begin() as connection:
        review.purge(connection, date.max)
    database.dispose()
    return url


@contextmanager
def running(url: str, log: Path, **environment: str) -> Iterator[Server]:
    server = Server(url, {"SECRET_KEY": "clé"} | environment, log=log)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def kept(url: str) -> list[Reviewed]:
    database = open_database(url)
    with database.connect() as connection:
        found = list_since(connection)
    database.dispose()
    return found


def times(url: str) -> int:
    return sum(message.times for message in kept(url))


def worker_of(server: Server) -> int | None:
    """Return the process that the server started, if it did."""
    assert server.process is not None
    tasks = Path(f"/proc/{server.process.pid}/task").glob("*/children")
    found = [int(child) for task in tasks for child in task.read_text().split()]
    assert len(found) <= 1
    return found[0] if found else None


def exported(url: str) -> str:
    """Return what the team gets from ``etaie nlu review``."""
    command = [sys.executable, "-m", "bot", "nlu", "review"]
    environment = os.environ | {"DATABASE_URL": url}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout


def test_what_was_not_understood_comes_out_scrubbed(url: str, tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    with running(url, log, REVIEW="true", REVIEW_RETENTION_DAYS="17") as server:
        button = server.say("a", "Quels sont les blocs ?")[0]["buttons"][0]["payload"]
        assert "BC01" in server.text("a", button)
        assert "Je ne sais pas répondre à cela" in server.text("a", OFF_TOPIC)
        assert MISUNDERSTOOD in server.text("a", FOREIGN_BUTTON)
        assert "supprimé après 17 jours" in server.text("a", "Que faites-vous de mes données ?")
        assert worker_of(server) is None
        assert MISUNDERSTOOD in server.text("a", NOT_UNDERSTOOD)
        assert MISUNDERSTOOD in server.text("b", NOT_UNDERSTOOD)
        wait_for(lambda: times(url) == 2, "le message à relire")
    (message,) = kept(url)
    assert (message.text, message.times, message.reason) == (SCRUBBED, 2, "repli")
    assert 1 <= len(message.suggestions) <= 3
    assert read_by_rasa(exported(url)) == [(message.suggestions[0][0], SCRUBBED)]
    said = log.read_text(encoding="utf-8")
    assert not [secret for secret in (*PERSONAL, "papier bleu") if secret in said]


def test_nothing_is_kept_when_it_is_switched_off(url: str, tmp_path: Path) -> None:
    with running(url, tmp_path / "log.txt", REVIEW="false") as server:
        assert MISUNDERSTOOD in server.text("a", NOT_UNDERSTOOD)
        assert "n'est pas gardé" in server.text("a", "Que faites-vous de mes données ?")
        assert worker_of(server) is None
    assert kept(url) == []
    assert exported(url) == ""


def test_a_slow_or_dead_worker_slows_no_reply(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/etaie.db"
    log = tmp_path / "log.txt"

    def not_understood(server: Server) -> None:
        started = time.monotonic()
        assert MISUNDERSTOOD in server.text("a", NOT_UNDERSTOOD)
        assert time.monotonic() - started < QUICK

    with running(url, log) as server:
        server.say("a", "bonjour")
        not_understood(server)
        wait_for(lambda: times(url) == 1, "le message")
        worker = worker_of(server)
        assert worker is not None
        os.kill(worker, signal.SIGSTOP)
        for _ in range(3):
            not_understood(server)
        os.kill(worker, signal.SIGKILL)
        not_understood(server)
        # The one that it had in hand is lost, those that waited are not.
        wait_for(lambda: times(url) == 4, "les messages en attente")
        worker = worker_of(server)
        assert worker is not None
        os.kill(worker, signal.SIGSTOP)
        for _ in range(5):
            not_understood(server)
        # As systemd does, which asks every process to stop at once.
        os.kill(worker, signal.SIGTERM)
        assert server.process is not None
        server.process.terminate()
        time.sleep(1)
        os.kill(worker, signal.SIGCONT)
    # The server waited for the worker: what was pending is stored.
    assert times(url) == 9
    assert "papier bleu" not in log.read_text(encoding="utf-8")
