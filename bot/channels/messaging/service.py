"""From a delivery to the replies: kept before it is acknowledged, handled in order, sent until it is received.

The webhook only keeps what it brings; two loops do the rest. A message received, and a request to send, are rows:
the death of the process loses neither.
"""

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

import httpx
from sqlalchemy import Connection, Engine

from bot.channels.messaging.contract import Call, Delivery, Provider, Received
from bot.channels.messaging.layout import Menu, laid_out, picked
from bot.engine.agent import DialogueEngine
from bot.storage import messaging as kept
from bot.text.folding import without_control_characters

logger = logging.getLogger(__name__)

SENDER_PREFIX = "channel:"
"""Begins the identifiers of these conversations: no other channel may use one."""
TEXT_LIMIT = 2000
NOT_READ = "Je ne sais lire que les messages écrits. Pouvez-vous me l'écrire, même en quelques mots ?"
FAILED = "Une erreur est survenue de notre côté. Réessayez dans un instant."
BOOKLET_FILE = "livret.pdf"
"""Sent as a document where the service takes one."""
_MENUS_KEPT = 20
_IDLE = 5.0
"""Seconds between two looks at what waits, when nothing wakes the loops."""


@dataclass(frozen=True)
class Patience:
    """How long a provider that fails is tried again."""

    first: float = 1.0
    """Seconds before the second try; doubled each time."""
    longest: float = 300.0
    tries: int = 20


@dataclass
class MessagingService:
    """The conversations of all the messaging services."""

    engine: DialogueEngine
    database: Engine
    key: bytes
    providers: Mapping[str, Provider]
    patience: Patience = field(default_factory=Patience)
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _ready: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _sending: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _client: httpx.AsyncClient | None = None

    # --- Receiving --------------------------------------------------------------------------------

    def keep(self, provider: Provider, delivery: Delivery) -> None:
        """Keep what a delivery brings, each message once.

        Raises:
            ValueError: the body has not the documented form.
        """
        try:
            messages = provider.parse(delivery)
        except (KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
            raise ValueError(str(type(error).__name__)) from None
        now = datetime.now(UTC)
        with self.database.begin() as connection:
            for message in messages:
                sender = self.sender_of(provider, message.person)
                digest = self._mark(f"{provider.name}\0{message.person}\0{message.id}")
                kept.receive(connection, kept.Arrived(provider.name, digest, sender, _content(message)), now)
        self._arrived.set()

    def sender_of(self, provider: Provider, person: str) -> str:
        """Return the identifier of a conversation: nobody's number can be read in it."""
        return f"{SENDER_PREFIX}{provider.name}:{self._mark(f'{provider.name}:{person}')}"

    def _mark(self, text: str) -> str:
        return hmac.new(self.key, text.encode(errors="replace"), hashlib.sha256).hexdigest()

    # --- Writing first ----------------------------------------------------------------------------

    def post(self, connection: Connection, sender: str, text: str) -> bool:
        """Keep a text to send to somebody who waits for it, in the transaction of the connection.

        Returns:
            Whether it is known where to write to them.
        """
        channel = sender.removeprefix(SENDER_PREFIX).split(":", 1)[0]
        provider, person = self.providers.get(channel), kept.address_of(connection, sender)
        if provider is None or person is None:
            return False
        laid = laid_out([(text, [])], provider.limits, "0")
        calls = [call.as_dict() for part in laid.parts for call in provider.calls(person, part)]
        kept.post(connection, channel, sender, calls, datetime.now(UTC))
        return True

    def wake(self) -> None:
        """Look at once at what there is to send."""
        self._ready.set()

    # --- The loops --------------------------------------------------------------------------------

    def start(self) -> None:
        """Start to handle and to send, what was left by an earlier process first."""
        self._tasks = [asyncio.create_task(self._for_ever(step)) for step in (self._handle_all, self._send_all)]

    async def stop(self) -> None:
        """Stop; what waits is kept."""
        for task in (*self._tasks, *self._sending.values()):
            task.cancel()
        await asyncio.gather(*self._tasks, *self._sending.values(), return_exceptions=True)
        if self._client:
            await self._client.aclose()

    async def _for_ever(self, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await step()
            except Exception as error:  # a database away, say: what waits is kept, and tried again
                logger.error("Messageries : %s", type(error).__name__)  # noqa: TRY400
                await asyncio.sleep(self.patience.first)

    async def _handle_all(self) -> None:
        with self.database.connect() as connection:
            waiting = kept.received(connection)
        if not waiting:
            return await _wait(self._arrived, _IDLE)
        await asyncio.gather(*(self._handle(message) for message in waiting))
        self._ready.set()
        return None

    async def _send_all(self) -> None:
        """Send the first request of each conversation; a slow service keeps nobody else waiting."""
        self._client = self._client or httpx.AsyncClient(timeout=20)
        with self.database.connect() as connection:
            waiting = kept.to_send(connection, datetime.now(UTC))
        for request in waiting:
            if request.id not in self._sending:
                task = asyncio.create_task(self._send(self._client, request))
                self._sending[request.id] = task
                task.add_done_callback(partial(self._sent, request.id))
        await _wait(self._ready, min(_IDLE, self.patience.first))

    def _sent(self, identifier: int, _: object) -> None:
        self._sending.pop(identifier, None)
        self._ready.set()

    # --- Handling ---------------------------------------------------------------------------------

    async def _handle(self, waiting: kept.Waiting) -> None:
        provider = self.providers.get(waiting.channel)
        calls: list[Call] = []
        with self.database.connect() as connection:
            number, menus = kept.read_menus(connection, waiting.sender_id)
        if provider is not None:
            said = await self._reply(waiting, menus)
            number += 1
            messages = [(m["text"], [(b["title"], b["payload"]) for b in m.get("buttons") or ()]) for m in said]
            laid = laid_out(messages, provider.limits, str(number))
            person = waiting.content["person"]
            calls = [call for part in laid.parts for call in provider.calls(person, part)]
            files = (_booklet_of(message) for message in said if message.get("picture"))
            calls += [call for url in files if (call := provider.document(person, url))]
            menus[str(number)] = {"choices": [list(c) for c in laid.menu.choices], "numbered": laid.menu.numbered}
            for old in sorted(menus, key=int)[:-_MENUS_KEPT]:
                del menus[old]
            if seen := provider.seen(waiting.content["id"]):
                calls.insert(0, seen)
        with self.database.begin() as connection:
            if provider is not None:
                kept.keep_address(connection, waiting.sender_id, waiting.content["person"], datetime.now(UTC))
            kept.write_menus(connection, waiting.sender_id, number, menus)
            kept.handled(connection, waiting, [call.as_dict() for call in calls], datetime.now(UTC))

    async def _reply(self, waiting: kept.Waiting, menus: Mapping[str, Any]) -> list[dict[str, Any]]:
        content = waiting.content
        if content["other"]:
            return [{"text": NOT_READ}]
        text = _chosen(menus, content["picked"]) if content["picked"] else _numbered(menus, content["text"])
        said = text or without_control_characters(content["text"]).strip()[:TEXT_LIMIT].lstrip("/ ")
        try:
            return await self.engine.reply(
                waiting.sender_id, said or "?", waiting.channel, f"{waiting.channel}:{waiting.id}"
            )
        except Exception as error:  # one person's message must not stop the others
            # The type alone: the message of an exception may hold what was written.
            logger.error("Message non traité : %s", type(error).__name__)  # noqa: TRY400
            return [{"text": FAILED}]

    # --- Sending ----------------------------------------------------------------------------------

    async def _send(self, client: httpx.AsyncClient, waiting: kept.Waiting) -> None:
        provider = self.providers.get(waiting.channel)
        if provider is None:
            return self._give_up(waiting, "canal absent des réglages")
        try:
            response = await _request(client, provider, Call.from_dict(waiting.content))
        except httpx.HTTPError as error:
            return self._again(waiting, type(error).__name__, 0)
        status = response.status_code
        if status < 300:
            with self.database.begin() as connection:
                kept.sent(connection, waiting.id)
        elif status == 429 or status >= 500:
            self._again(waiting, f"HTTP {status}", _seconds(response.headers.get("retry-after", "")))
        else:
            self._give_up(waiting, f"HTTP {status}")
        return None

    def _again(self, waiting: kept.Waiting, reason: str, asked: float) -> None:
        tries = waiting.tries + 1
        if tries >= self.patience.tries:
            return self._give_up(waiting, reason)
        wait = max(asked, min(self.patience.first * 2 ** (tries - 1), self.patience.longest))
        with self.database.begin() as connection:
            kept.put_off(connection, waiting.id, tries, datetime.now(UTC) + timedelta(seconds=wait))
        return None

    def _give_up(self, waiting: kept.Waiting, reason: str) -> None:
        logger.warning("Envoi abandonné sur %s : %s", waiting.channel, reason)
        with self.database.begin() as connection:
            kept.give_up(connection, waiting.id, reason)


def _content(message: Received) -> dict[str, Any]:
    return {
        "person": message.person,
        "id": message.id,
        "text": message.text,
        "picked": message.picked,
        "other": message.other,
    }


def _booklet_of(message: Mapping[str, Any]) -> str:
    """Return the address of the booklet: beside the picture of the results."""
    return f"{message['picture']['url'].rsplit('/', 1)[0]}/{BOOKLET_FILE}"


def _chosen(menus: Mapping[str, Any], identifier: str) -> str:
    """Return the payload of a button, old or new; nothing when it is not known any more."""
    number, _, rank = identifier.partition(".")
    choices = menus.get(number, {}).get("choices", [])
    return str(choices[int(rank)][1]) if rank.isdigit() and int(rank) < len(choices) else ""


def _numbered(menus: Mapping[str, Any], text: str) -> str:
    """Return the payload of the number that was typed, when the last choices were numbered."""
    if not menus:
        return ""
    last = menus[max(menus, key=int)]
    return picked(Menu(tuple((t, p) for t, p in last["choices"]), last["numbered"]), text)


async def _request(client: httpx.AsyncClient, provider: Provider, call: Call) -> httpx.Response:
    body = dict(call.body)
    raw = urlencode(body).encode() if call.form else json.dumps(body, ensure_ascii=False).encode()
    kind = "application/x-www-form-urlencoded" if call.form else "application/json"
    return await client.post(
        provider.url(call.path), content=raw, headers={"Content-Type": kind, **provider.headers(raw)}
    )


def _seconds(asked: str) -> float:
    return min(float(asked), 3600.0) if asked.replace(".", "", 1).isdigit() else 0.0


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
    event.clear()
