"""Real parts for the tests: the server in a process of its own, PostgreSQL, Redis."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from bot.reception.sessions import InfoSession
from bot.storage import info_sessions, team_accounts
from bot.storage.database import Base, open_database
from bot.team import secrets
from bot.team.accounts import Account, Role
from bot.text.folding import fold

ROOT = Path(__file__).resolve().parent.parent
START_LIMIT = 90
"""Seconds given to a server to start: generous, a busy machine is no fault."""
STOP_LIMIT = 40
"""Seconds given to a server to stop: it first stores what it has for review."""


def free_port() -> int:
    """Return a TCP port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Server:
    """The project's server, as `make run` starts it."""

    database_url: str
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    log: Path | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        environment = os.environ | {"PORT": str(self.port), "DATABASE_URL": self.database_url} | self.environment
        output = self.log.open("ab") if self.log else subprocess.DEVNULL
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"], cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        wait_for(self._ready, "le serveur")

    def _ready(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise AssertionError(f"Le serveur s'est arrêté : {self.log.read_text() if self.log else ''}")
        try:
            return httpx.get(f"{self.url}/health", timeout=2).status_code == 200
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """Stop it as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(timeout=STOP_LIMIT)

    def post(self, content: bytes | str, headers: dict[str, str] | None = None) -> httpx.Response:
        """Send a raw body to the REST channel."""
        sent = {"Content-Type": "application/json"} | (headers or {})
        return httpx.post(f"{self.url}/webhooks/rest/webhook", content=content, headers=sent, timeout=30)

    def say(self, sender: str, message: str) -> list[dict[str, Any]]:
        """Write to the assistant, return its messages."""
        body = {"sender": sender, "message": message}
        response = httpx.post(f"{self.url}/webhooks/rest/webhook", json=body, timeout=30)
        assert response.status_code == 200, response.text
        replies: list[dict[str, Any]] = response.json()
        return replies

    def text(self, sender: str, message: str) -> str:
        """Write to the assistant, return its text."""
        return "\n".join(reply["text"] for reply in self.say(sender, message))


def wait_for(ready: Callable[[], bool], what: str) -> None:
    """Wait until something is ready."""
    deadline = time.monotonic() + START_LIMIT
    while not ready():
        assert time.monotonic() < deadline, f"{what} n'est pas prêt après {START_LIMIT} s"
        time.sleep(0.1)


def read_by_rasa(written: str) -> list[tuple[str, str]]:
    """Return the intent and the text of each example, as Rasa's own reader finds them; it must say nothing."""
    from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

    reader = RasaYAMLReader()
    reader.validate(written)
    with warnings.catch_warnings():
        # Rasa warns of what it skips; its libraries warn of their own age.
        warnings.simplefilter("error", UserWarning)
        data = reader.reads(written)
    assert not data.entity_examples
    return [(example.get("intent"), example.get("text")) for example in data.training_examples]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all the tests that do not stop it."""
    folder = tmp_path_factory.mktemp("server")
    running = Server(f"sqlite:///{folder}/etaie.db", {"SECRET_KEY": "clé de test"}, log=folder / "log.txt")
    running.start()
    yield running
    running.stop()


PASSWORD = "une suite de mots à part"
"""Of every account of the tests."""


@dataclass
class TeamServer:
    """A server with a team: accounts are made, and opened, without going through the pages."""

    server: Server
    database: Engine
    accounts: dict[str, Account] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.server.url

    def account(self, name: str, role: Role, must_change: bool = False) -> Account:
        """Return an account, made the first time; its address is made of its name."""
        if name not in self.accounts:
            with self.database.begin() as connection:
                self.accounts[name] = team_accounts.add_account(
                    connection,
                    f"{fold(name).replace(' ', '.')}@exemple.fr",
                    name,
                    role,
                    secrets.hashed(PASSWORD),
                    datetime.now(UTC),
                    must_change,
                )
        return self.accounts[name]

    def cookie(self, account: Account) -> str:
        """Open an account in a browser, return its cookie."""
        with self.database.begin() as connection:
            return team_accounts.open_session(connection, account.id, datetime.now(UTC))

    def client(self, account: Account | None = None) -> httpx.Client:
        """Return what makes requests, as an account."""
        client = httpx.Client(base_url=self.url, timeout=30, headers={"Origin": self.url})
        if account:
            client.cookies.set("etaie_equipe", self.cookie(account), "127.0.0.1", "/equipe")
        return client

    def csrf(self, client: httpx.Client) -> str:
        """Return what the forms of a browser hold."""
        found = re.search(r'name="csrf" value="([^"]+)"', client.get("/equipe").text)
        assert found, "la page n'a pas de formulaire"
        return found[1]

    def session(self, owner: Account | None = None, days: float = 5, **changed: Any) -> InfoSession:
        """Make an information session."""
        values = {
            "id": "", "code": "", "title": "Découvrir le métier", "minutes": 90, "place": "Lyon", "video_url": "",
            "starts_at": datetime.now(UTC) + timedelta(days=days), "seats": 12, "public": False, "cancelled": False,
            "note": "", "owner_id": owner.id if owner else None,
        }  # fmt: skip
        with self.database.begin() as connection:
            return info_sessions.add(connection, InfoSession(**{**values, **changed}))


@pytest.fixture(scope="session")
def team_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TeamServer]:
    """One server with a team for all the tests that do not stop it."""
    folder = tmp_path_factory.mktemp("equipe")
    url = f"sqlite:///{folder}/etaie.db"
    limits = {"WEB_RATE_PER_MINUTE": "1000", "WEB_NEW_PER_MINUTE": "1000"}
    running = Server(url, {"SECRET_KEY": "clé de test", **limits}, log=folder / "log.txt")
    running.start()
    database = open_database(url)
    yield TeamServer(running, database)
    database.dispose()
    running.stop()


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A real PostgreSQL, in a folder of its own, on a port of its own."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    assert programs, "PostgreSQL manque : lancez bash tests/install-services.sh"
    # Not pytest's own folder, which is closed to the user that PostgreSQL runs as: it refuses to run as root.
    folder = Path(tempfile.mkdtemp(prefix="etaie-postgresql-"))
    port = free_port()
    as_user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    data = folder / "data"
    bin_folder = programs[-1]
    initdb = [str(bin_folder / "initdb"), "-D", str(data), "-U", "etaie", "--auth=trust", "-E", "UTF8", "--no-sync"]
    subprocess.run([*as_user, *initdb], check=True, capture_output=True)
    options = ["-D", str(data), "-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1"]
    process = subprocess.Popen(
        [*as_user, str(bin_folder / "postgres"), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    ready = [str(bin_folder / "pg_isready"), "-h", "127.0.0.1", "-p", str(port)]
    wait_for(lambda: subprocess.run(ready, capture_output=True, check=False).returncode == 0, "PostgreSQL")
    yield f"postgresql+psycopg2://etaie@127.0.0.1:{port}/postgres"
    subprocess.run(
        [*as_user, str(bin_folder / "pg_ctl"), "stop", "-m", "fast", "-D", str(data)], check=True, capture_output=True
    )
    process.wait(timeout=30)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Redis."""
    program = shutil.which("redis-server")
    assert program, "Redis manque : lancez bash tests/install-services.sh"
    port = free_port()
    folder = tmp_path_factory.mktemp("redis")
    options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", "", "--appendonly", "no"]
    process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    wait_for(lambda: _answers(port), "Redis")
    yield f"redis://127.0.0.1:{port}/0"
    process.terminate()
    process.wait(timeout=20)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A real SQLite, then a real PostgreSQL, empty."""
    url = f"sqlite:///{tmp_path}/base.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    engine = open_database(url)
    with engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
    yield engine
    engine.dispose()
