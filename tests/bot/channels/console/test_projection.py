"""What the screen of a room is sent, over real HTTP."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx

from bot.storage import info_sessions, team_accounts
from bot.storage.database import open_database
from bot.team.accounts import Role
from tests.conftest import Server, TeamServer


def events(lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Yield the events of a stream."""
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: ")) if name == "salle" else ""


def test_the_room_is_sent_when_it_changes(team_server: TeamServer) -> None:
    host = team_server.account("Zoé", Role.ANIMATEUR)
    made = team_server.session(host, days=0)
    with team_server.client(host) as client, client.stream("GET", f"/equipe/reunions/{made.id}/flux") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["cache-control"] == "no-store"
        received = events(response.iter_lines())
        assert '<p class="big" id="nombre">0</p>' in next(received)[1]
        started = time.monotonic()
        with team_server.database.begin() as connection:
            info_sessions.join(connection, made.id, "web:salle", datetime.now(UTC))
        assert '<p class="big" id="nombre">1</p>' in next(received)[1]
        assert time.monotonic() - started < 10


def test_nobody_listens_without_an_account(team_server: TeamServer) -> None:
    made = team_server.session(days=0)
    assert httpx.get(f"{team_server.url}/equipe/reunions/{made.id}/flux").status_code == 303


def test_the_server_stops_while_a_room_is_watched(tmp_path: Path) -> None:
    server = Server(f"sqlite:///{tmp_path}/base.db", {"SECRET_KEY": "clé", "REVIEW": "false"})
    server.start()
    database = open_database(server.database_url)
    team = TeamServer(server, database)
    made = team.session(team.account("Zoé", Role.ANIMATEUR), days=0)
    listening = threading.Event()

    def watch() -> None:
        with team.client(team.accounts["Zoé"]) as client, client.stream("GET", f"/equipe/reunions/{made.id}/flux") as r:
            try:
                for _ in r.iter_lines():
                    listening.set()
            except httpx.HTTPError:
                return

    thread = threading.Thread(target=watch)
    thread.start()
    assert listening.wait(20)
    started = time.monotonic()
    server.stop()
    assert time.monotonic() - started < 20
    thread.join(20)
    with database.connect() as connection:
        assert team_accounts.anybody(connection)
    database.dispose()
