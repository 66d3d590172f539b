"""The server killed at random moments of a questionnaire: no answer that was acknowledged is lost."""

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bot.positioning.attempt import Answer, Attempt
from bot.storage import positionings
from bot.storage.database import open_database
from referential.positioning import load_questionnaire
from tests.conftest import ROOT, Server, free_port, wait_for

KILLS = 50
LEVELS = {level.label: level.key for level in load_questionnaire().scale}
_NOTED = re.compile(r"(?:Noté|Corrigé) : \*\*(.+?)\*\*")
_CODE = re.compile(r"reprendre, ici ou sur un autre appareil : \*\*(.+?)\*\*")


class KilledServer(Server):
    """A server that somebody kills now and then, and that comes back."""

    killed = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        environment = os.environ | {"PORT": str(self.port), "DATABASE_URL": self.database_url} | self.environment
        command = [sys.executable, "tests/bot/engine/server_that_comes_back.py"]
        environment |= {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE)
        threading.Thread(target=self._note_children, daemon=True).start()
        self.child = 0
        try:
            wait_for(self._ready, "le serveur")
            yield
        finally:
            self.process.kill()
            os.kill(self.child, signal.SIGKILL)
            self.process.wait()

    def _note_children(self) -> None:
        assert self.process is not None and self.process.stdout is not None
        for line in self.process.stdout:
            if line.strip().isdigit():
                self.child = int(line)

    def kill_in(self, seconds: float) -> threading.Thread:
        victim = self.child

        def kill() -> None:
            time.sleep(seconds)
            os.kill(victim, signal.SIGKILL)

        thread = threading.Thread(target=kill)
        thread.start()
        self.killed += 1
        return thread

    def say_until_answered(self, sender: str, message: str) -> tuple[list[dict[str, object]], bool]:
        """Send a message as a patient client does; tell whether it had to be sent again."""
        again = False
        for _ in range(400):
            try:
                return list(self.say(sender, message)), again
            except httpx.TransportError:
                again = True
                time.sleep(0.02)
        raise AssertionError("le serveur ne revient pas")


def read(database_url: str, code: str) -> Attempt:
    engine = open_database(database_url)
    with engine.connect() as connection:
        attempt = positionings.find_attempt(connection, code)
    engine.dispose()
    assert attempt is not None, "la tentative annoncée a disparu"
    return attempt


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_fifty_kills_lose_no_acknowledged_answer(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = f"sqlite:///{tmp_path}/etaie.db" if kind == "sqlite" else request.getfixturevalue("postgresql_url")
    server = KilledServer(url, {"SECRET_KEY": "clé"}, port=free_port())
    chance = random.Random(41402)
    kills = KILLS // 2
    with server.running():
        round_ = 0
        while server.killed < kills:
            round_ += 1
            _one_conversation(server, f"{kind} {round_}", chance, kills)
    assert server.killed == kills


def _one_conversation(server: KilledServer, sender: str, chance: random.Random, kills: int) -> None:
    said, _ = server.say_until_answered(sender, "je veux me positionner")
    for title in ("D'accord, je commence", chance.choice(["Parcours court", "Parcours complet"])):
        said, _ = server.say_until_answered(sender, _payload(said, title))
    text = "\n".join(str(message["text"]) for message in said)
    found = _CODE.search(text)
    assert found, text
    code, told = found[1], dict[str, Answer]()
    for _ in range(45):
        attempt = read(server.database_url, code)
        assert dict(attempt.answers) == told, "ce qui est gardé n'est pas ce qui a été acquitté"
        asked = attempt.next_item
        if asked is None:
            return
        title, story = (
            chance.choice(sorted(LEVELS)),
            f"nous avons refait le planning un matin de pluie numéro {chance.random()}",
        )
        killer = None
        if server.killed < kills and chance.random() < 0.5:
            killer = server.kill_in(chance.uniform(0, 0.03))
        said, _ = server.say_until_answered(sender, _payload(said, title))
        text = "\n".join(str(message["text"]) for message in said)
        noted = _NOTED.search(text)
        if noted:
            told[asked] = Answer(LEVELS[noted[1]])
        if killer:
            killer.join()
        if "Avez-vous un exemple" in text or "Un exemple ?" in text:
            killer = server.kill_in(chance.uniform(0, 0.03)) if server.killed < kills else None
            said, again = server.say_until_answered(sender, story)
            text = "\n".join(str(message["text"]) for message in said)
            if "Votre exemple est gardé" in text:
                told[asked] = Answer(told[asked].level, story)
            elif again:
                # Kept before the kill, and sent again when an example was no longer expected: it does no harm.
                kept = read(server.database_url, code).answers[asked]
                assert kept.level == told[asked].level and kept.story in ("", story)
                told[asked] = kept
            if killer:
                killer.join()


def _payload(said: list[dict[str, object]], title: str) -> str:
    buttons = [button for message in said for button in list(message.get("buttons") or ())]  # type: ignore[call-overload]
    return str(next(button["payload"] for button in buttons if button["title"] == title))
