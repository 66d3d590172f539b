"""The channel of the web page and of the widget: ``/web``.

A conversation is opened by a secret that the page keeps. The server knows only its hash: whoever does not hold the
secret can neither read nor write. A message carries a key that the page made: sent again, it is not handled again.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Self

from fastapi import APIRouter, Query, Request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator
from sqlalchemy import Engine
from starlette.responses import JSONResponse

from bot.channels.bodies import MESSAGE_LIMIT, read_body, read_model
from bot.channels.button_signature import message_for_rasa, signed
from bot.channels.refusals import RefusedError
from bot.engine.agent import DialogueEngine
from bot.positioning.codes import code_in
from bot.storage import positionings
from bot.storage import web_conversations as kept
from bot.text.folding import without_control_characters

_SECRET_BYTES = 32
_KEY = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
_TEXT = Annotated[str, StringConstraints(max_length=MESSAGE_LIMIT)]


class WebMessageBody(BaseModel):
    """What the person wrote, or the button that they pressed."""

    model_config = ConfigDict(extra="ignore", strict=True)

    key: _KEY
    text: _TEXT = ""
    payload: _TEXT = ""
    title: Annotated[str, StringConstraints(max_length=200)] = ""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        for name in ("text", "title"):
            object.__setattr__(self, name, without_control_characters(getattr(self, name)).strip())
        if not self.text and not self.payload:
            raise ValueError("Le message est vide. Écrivez votre question.")
        return self


class Nothing(BaseModel):
    """An empty body."""

    model_config = ConfigDict(extra="ignore")


@dataclass(frozen=True)
class WebLimits:
    """What the channel allows."""

    messages_a_minute: int
    """Of one conversation."""
    new_a_minute: int
    """Conversations of one address."""
    kept_days: int


@dataclass
class WebChannel:
    """The conversations of the page."""

    engine: DialogueEngine
    database: Engine
    key: bytes
    """Signs the buttons."""
    limits: WebLimits
    _limiter: MovingWindowRateLimiter = field(default_factory=lambda: MovingWindowRateLimiter(MemoryStorage()))
    _salt: str = field(default_factory=lambda: secrets.token_hex(8))
    _busy: dict[str, asyncio.Lock] = field(default_factory=dict)

    def count_new(self, address: str) -> None:
        """Count a new conversation of an address, of which nothing readable is kept.

        Raises:
            RefusedError: 429 when there are too many.
        """
        self._count(RateLimitItemPerMinute(self.limits.new_a_minute), "new", kept.identifier(self._salt + address))

    def _count(self, limit: RateLimitItemPerMinute, *name: str) -> None:
        if not self._limiter.hit(limit, *name):
            until = self._limiter.get_window_stats(limit, *name).reset_time
            wait = max(1, round(until - datetime.now(UTC).timestamp()))
            raise RefusedError(429, "Vous allez un peu vite. Attendez quelques secondes, puis réessayez.", wait)

    @asynccontextmanager
    async def _alone(self, conversation: str) -> AsyncIterator[None]:
        """One message of a conversation at a time."""
        lock = self._busy.setdefault(conversation, asyncio.Lock())
        async with lock:
            yield
        if not lock.locked():
            self._busy.pop(conversation, None)

    async def handle(self, secret: str, body: WebMessageBody) -> list[kept.Kept]:
        """Answer a message and keep both; one whose key was seen gets what was answered then."""
        conversation = kept.identifier(secret)
        async with self._alone(conversation):
            with self.database.connect() as connection:
                known = kept.exchange_of(connection, conversation, body.key)
            if known:
                return known
            self._count(RateLimitItemPerMinute(self.limits.messages_a_minute), "message", conversation)
            sender = kept.sender_of(conversation)
            text = message_for_rasa(body.payload or body.text, sender, self.key)
            said = await self.engine.reply(sender, text, "web")
            contents = [_of_person(body), *(self._of_bot(message, sender) for message in said)]
            with self.database.begin() as connection:
                kept.add_exchange(connection, conversation, body.key, contents, datetime.now(UTC))
                return kept.exchange_of(connection, conversation, body.key)

    def _of_bot(self, message: Mapping[str, Any], sender: str) -> dict[str, Any]:
        choices = [
            {
                "title": button["title"],
                "payload": signed(button["payload"], sender, self.key),
                "group": button.get("group"),
            }
            for button in message.get("buttons") or ()
        ]
        beside = {name: message.get(name) for name in ("progress", "picture")}
        return {"from": "bot", "text": message.get("text") or "", "choices": choices, **beside}


def _of_person(body: WebMessageBody) -> dict[str, Any]:
    return {"from": "person", "text": body.text or body.title}


def shown(messages: Sequence[kept.Kept]) -> list[dict[str, Any]]:
    """Return messages as the page reads them."""
    return [_shown(message) for message in messages]


def _shown(message: kept.Kept) -> dict[str, Any]:
    key = {"key": message.exchange} if message.content["from"] == "person" else {}
    return {"n": message.n, "at": message.at.isoformat(timespec="seconds"), **key, **message.content}


def secret_of(request: Request) -> str:
    """Return the secret of a request.

    Raises:
        RefusedError: 401 when there is none.
    """
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not 20 <= len(secret) <= 200:
        raise RefusedError(401, "Cette conversation n'est pas ouverte ici. Commencez-en une nouvelle.")
    return secret


def web_router(channel: WebChannel) -> APIRouter:
    """Return the routes of the channel."""
    router = APIRouter(prefix="/web")

    @router.post("/conversation", summary="Commencer une conversation", status_code=201)
    async def begin(request: Request) -> JSONResponse:
        read_model(await read_body(request) or b"{}", Nothing)
        channel.count_new(request.client.host if request.client else "")
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        with channel.database.begin() as connection:
            kept.open_conversation(connection, kept.identifier(secret), datetime.now(UTC))
        return JSONResponse({"secret": secret, "kept_days": channel.limits.kept_days}, status_code=201)

    @router.post("/message", summary="Écrire à l'assistant")
    async def write(request: Request) -> JSONResponse:
        secret = secret_of(request)
        body = read_model(await read_body(request), WebMessageBody)
        _require_open(channel, secret)
        messages = await channel.handle(secret, body)
        return JSONResponse({"messages": shown(messages), "last": messages[-1].n})

    @router.get("/messages", summary="Relire la conversation")
    async def read(request: Request, after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0) -> JSONResponse:
        conversation = _require_open(channel, secret_of(request))
        with channel.database.connect() as connection:
            messages = kept.messages_after(connection, conversation, after)
        until = datetime.now(UTC) + timedelta(days=channel.limits.kept_days)
        last = messages[-1].n if messages else after
        return JSONResponse({"messages": shown(messages), "last": last, "kept_until": until.date().isoformat()})

    @router.delete("/conversation", summary="Effacer la conversation")
    async def erase(request: Request) -> JSONResponse:
        conversation = _require_open(channel, secret_of(request))
        with channel.database.begin() as connection:
            stage = positionings.read_stage(connection, kept.sender_of(conversation))
            attempt = positionings.read_attempt(connection, stage.attempt_id) if stage and stage.attempt_id else None
            erased = kept.erase(connection, conversation)
        return JSONResponse({"erased": erased, "code": attempt.code if attempt else None})

    @router.delete("/answers/{code}", summary="Effacer les réponses au questionnaire, par leur code")
    async def erase_answers(request: Request, code: str) -> JSONResponse:
        # The code opens the answers: it may erase them too, and is no easier to guess here than in a conversation.
        channel.count_new(request.client.host if request.client else "")
        with channel.database.begin() as connection:
            attempt = positionings.find_attempt(connection, code_in(code))
            if attempt is not None:
                positionings.erase(connection, attempt.id)
        return JSONResponse({"erased": attempt is not None})

    return router


def _require_open(channel: WebChannel, secret: str) -> str:
    """Return the identifier of the conversation of a secret.

    Raises:
        RefusedError: 401 when it opens nothing.
    """
    conversation = kept.identifier(secret)
    with channel.database.connect() as connection:
        if not kept.is_open(connection, conversation):
            raise RefusedError(401, "Cette conversation a été effacée, ou n'existe pas. Commencez-en une nouvelle.")
    return conversation
