"""The channel of the widget when requests cross: the dialogue is held back as long as a test wants."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI, Request
from sqlalchemy import Engine, event, text
from starlette.responses import JSONResponse

from bot.channels.origins import WidgetOrigins
from bot.channels.refusals import RefusedError
from bot.channels.web import WebChannel, WebLimits, web_router
from bot.engine.agent import DialogueEngine
from bot.positioning.stage import At, Stage, Turn
from bot.storage import conversations, positionings
from bot.storage import web_conversations as kept
from bot.storage.database import open_database


class SlowDialogue:
    """Answers when it is told to, and writes what the dialogue remembers, as the real one does."""

    def __init__(self, database: Engine) -> None:
        self.database = database
        self.began = asyncio.Event()
        self.may_end = asyncio.Event()
        self.may_end.set()
        self.heard: list[tuple[str, str | None]] = []

    async def reply(self, sender: str, said: str, channel: str, message_id: str | None = None) -> list[dict[str, Any]]:
        assert channel == "web"
        self.heard.append((said, message_id))
        self.began.set()
        await self.may_end.wait()
        with self.database.begin() as connection:
            conversations.write_slots(connection, sender, {"memory": {}}, datetime.now(UTC))
            positionings.store(connection, sender, Turn((), Stage(At.CONSENT)), {}, datetime.now(UTC))
        return [{"text": f"réponse à {said}"}]


class Site:
    """The channel alone, on a database of its own."""

    def __init__(self, database: Engine, limits: WebLimits, origins: tuple[str, ...] = ()) -> None:
        self.database = database
        self.dialogue = SlowDialogue(database)
        self.channel = WebChannel(cast(DialogueEngine, self.dialogue), database, "clé".encode(), limits)
        app = FastAPI()
        app.include_router(web_router(self.channel))
        app.add_middleware(WidgetOrigins, origins=origins)

        @app.exception_handler(RefusedError)
        async def refused(_: Request, error: RefusedError) -> JSONResponse:
            return JSONResponse({"detail": error.reason}, status_code=error.status, headers=error.headers)

        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://site.test")
        self.secret = ""

    async def call(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.secret}"} | kwargs.pop("headers", {})
        return await self.client.request(method, path, headers=headers, **kwargs)

    async def begins(self) -> httpx.Response:
        response = await self.call("POST", "/web/conversation", json={})
        self.secret = response.json().get("secret", self.secret)
        return response

    async def says(self, said: str, key: str) -> httpx.Response:
        return await self.call("POST", "/web/message", json={"key": key, "text": said})

    def rows(self, table: str) -> int:
        with self.database.connect() as connection:
            return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


TABLES = ("web_conversation", "web_message", "conversation", "positioning_stage")


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    database = open_database(f"sqlite:///{tmp_path}/base.db")
    opened = Site(database, WebLimits(1000, 3, 30))
    await opened.begins()
    yield opened
    database.dispose()


async def test_erasing_waits_for_the_message_being_answered(site: Site) -> None:
    site.dialogue.may_end.clear()
    message = asyncio.create_task(site.says("bonjour", "a"))
    await site.dialogue.began.wait()
    erasing = asyncio.create_task(site.call("DELETE", "/web/conversation"))
    await asyncio.sleep(0.05)
    site.dialogue.may_end.set()
    assert (await message).status_code == 200
    assert (await erasing).json() == {"erased": 2, "code": None}
    assert [site.rows(table) for table in TABLES] == [0, 0, 0, 0]
    assert (await site.says("encore", "b")).status_code == 401
    assert [site.rows(table) for table in TABLES] == [0, 0, 0, 0], "un message n'a rien rouvert"
    assert [said for said, _ in site.dialogue.heard] == ["bonjour"]


async def test_erased_by_another_server_while_the_dialogue_answers(site: Site) -> None:
    site.dialogue.may_end.clear()
    message = asyncio.create_task(site.says("bonjour", "a"))
    await site.dialogue.began.wait()
    with site.database.begin() as connection:
        kept.erase(connection, kept.identifier(site.secret))
    site.dialogue.may_end.set()
    refused = await message
    assert refused.status_code == 401 and "effacée" in refused.json()["detail"]
    assert [site.rows(table) for table in TABLES] == [0, 0, 0, 0]


async def test_requests_of_a_conversation_take_turns(site: Site) -> None:
    inside = 0

    async def one(rounds: int) -> None:
        nonlocal inside
        for i in range(rounds):
            async with site.channel.alone("conversation"):
                inside += 1
                assert inside == 1, "deux requêtes à la fois"
                await asyncio.sleep(0)
                inside -= 1
            for _ in range((rounds + i) % 4):
                await asyncio.sleep(0)

    await asyncio.gather(*(one(20 + i) for i in range(10)))
    assert not site.channel._busy, "un verrou reste après usage"


async def test_a_failure_frees_the_conversation(site: Site) -> None:
    with pytest.raises(ValueError, match="panne"):
        async with site.channel.alone("conversation"):
            raise ValueError("panne")
    assert not site.channel._busy


async def test_the_dialogue_is_told_the_key(site: Site) -> None:
    await site.says("bonjour", "la-cle")
    assert site.dialogue.heard == [("bonjour", "la-cle")]


async def test_turn_200_costs_the_server_what_turn_5_does(site: Site) -> None:
    statements: list[str] = []
    event.listen(site.database, "before_cursor_execute", lambda *told: statements.append(told[2]))
    written, read = [], []
    for turn in range(1, 201):
        statements.clear()
        last = (await site.says(f"message {turn}", f"k{turn}")).json()["last"]
        written.append(len(statements))
        statements.clear()
        fresh = (await site.call("GET", f"/web/messages?after={last - 2}")).json()["messages"]
        read.append((len(statements), len(fresh)))
    assert written[199] == written[4] <= 12
    assert read[199] == read[4] == (3, 2)


async def test_too_many_conversations_from_an_address(site: Site) -> None:
    assert [(await site.begins()).status_code for _ in range(2)] == [201, 201]
    refused = await site.begins()
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert "un peu vite" in refused.json()["detail"]
    assert "127.0.0.1" not in str(vars(site.channel._limiter.storage)), "l'adresse n'est pas gardée"
    assert (await site.says("bonjour", "a")).status_code == 200, "les conversations ouvertes continuent"


async def test_any_site_when_it_is_asked_for(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/base.db")
    site = Site(database, WebLimits(10, 10, 30), origins=("*",))
    response = await site.call("POST", "/web/conversation", json={}, headers={"Origin": "https://autre.test"})
    assert response.headers["access-control-allow-origin"] == "*"
    database.dispose()
