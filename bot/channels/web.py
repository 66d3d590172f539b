"""The channel of the web page and of the widget: ``/web``.

A conversation is opened by a secret that the page keeps. The server knows only its hash: whoever does not hold the
secret can neither read nor write. A message carries a key that the page made: sent again, it is not handled again.
"""

import asyncio
import logging
import math
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Self
from weakref import WeakValueDictionary

from fastapi import APIRouter, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from sqlalchemy import Connection, Engine
from starlette.responses import JSONResponse, Response

from bot.channels.bodies import MESSAGE_LIMIT, read_body, read_model
from bot.channels.button_signature import message_for_rasa, signed
from bot.channels.refusals import FAILED, RefusedError
from bot.engine.agent import DialogueEngine
from bot.positioning.codes import code_in
from bot.storage import callbacks, positionings, quality
from bot.storage import web_conversations as kept
from bot.text.folding import without_control_characters

logger = logging.getLogger(__name__)

_SECRET_BYTES = 32
_KEPT_ASIDE = frozenset({"topics", "judge", "helped"})
"""Kept with a message, not shown."""
_GONE = "Cette conversation a été effacée, ou n'existe pas. Commencez-en une nouvelle."
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
        # A signed payload holds none of what is dropped here.
        for name in ("text", "payload", "title"):
            object.__setattr__(self, name, without_control_characters(getattr(self, name)).strip())
        if not self.text and not self.payload:
            raise ValueError("Le message est vide. Écrivez votre question.")
        return self


class HelpedBody(BaseModel):
    """Whether an answer helped."""

    model_config = ConfigDict(extra="ignore", strict=True)

    n: Annotated[int, Field(ge=1, le=2**31 - 1)]
    """Number of the message."""
    helped: bool


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
    _busy: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    """A lock lives as long as somebody holds it or waits for it."""

    def count_new(self, address: str) -> None:
        """Count a new conversation of an address, of which nothing readable is kept.

        Raises:
            RefusedError: 429 when there are too many.
        """
        self._count(RateLimitItemPerMinute(self.limits.new_a_minute), "new", kept.identifier(self._salt + address))

    def _count(self, limit: RateLimitItemPerMinute, *name: str) -> None:
        if not self._limiter.hit(limit, *name):
            until = self._limiter.get_window_stats(limit, *name).reset_time
            wait = max(1, math.ceil(until - datetime.now(UTC).timestamp()))
            raise RefusedError(429, "Vous allez un peu vite. Attendez quelques secondes, puis réessayez.", wait)

    @asynccontextmanager
    async def alone(self, conversation: str) -> AsyncIterator[None]:
        """One request that writes to a conversation at a time."""
        lock = self._busy.setdefault(conversation, asyncio.Lock())
        async with lock:
            yield

    async def handle(self, secret: str, body: WebMessageBody) -> tuple[list[kept.Kept], bool]:
        """Answer a message and keep both; one whose key was seen gets what was answered then.

        Returns:
            The messages, and whether somebody of the team may write.

        Raises:
            RefusedError: 401 when the secret opens nothing, or no more once the dialogue answered.
        """
        conversation = kept.identifier(secret)
        async with self.alone(conversation):
            with self.database.connect() as connection:
                require_open(connection, conversation)
                known = kept.exchange_of(connection, conversation, body.key)
                if known:
                    return known, expects(connection, conversation)
            self._count(RateLimitItemPerMinute(self.limits.messages_a_minute), "message", conversation)
            sender = kept.sender_of(conversation)
            text = message_for_rasa(body.payload or body.text, sender, self.key)
            # With its key: should the process die before the history is written, the questionnaire knows it again.
            said = await self.engine.reply(sender, text, "web", body.key)
            contents = [_of_person(body), *(self._of_bot(message, sender) for message in said)]
            with self.database.begin() as connection:
                if kept.add_exchange(connection, conversation, body.key, contents, datetime.now(UTC)):
                    messages = kept.exchange_of(connection, conversation, body.key)
                    return messages, expects(connection, conversation)
                # Erased by another process while the dialogue answered: what it has just written goes too.
                kept.erase(connection, conversation)
            raise RefusedError(401, _GONE)

    def _of_bot(self, message: Mapping[str, Any], sender: str) -> dict[str, Any]:
        choices = [
            {
                "title": button["title"],
                "payload": signed(button["payload"], sender, self.key),
                "group": button.get("group"),
            }
            for button in message.get("buttons") or ()
        ]
        beside = {name: message.get(name) for name in ("progress", "picture", "topics", "judge")}
        return {"from": "bot", "text": message.get("text") or "", "choices": choices, **beside}


def _of_person(body: WebMessageBody) -> dict[str, Any]:
    return {"from": "person", "text": body.text or body.title}


def shown(messages: Sequence[kept.Kept]) -> list[dict[str, Any]]:
    """Return messages as the page reads them."""
    return [_shown(message) for message in messages]


def _shown(message: kept.Kept) -> dict[str, Any]:
    key = {"key": message.exchange} if message.content["from"] == "person" else {}
    content = {name: value for name, value in message.content.items() if name not in _KEPT_ASIDE}
    judged = {"judged": message.content.get("helped")} if message.content.get("judge") else {}
    return {"n": message.n, "at": message.at.isoformat(timespec="seconds"), **key, **content, **judged}


def secret_of(request: Request) -> str:
    """Return the secret of a request.

    Raises:
        RefusedError: 401 when there is none.
    """
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not 20 <= len(secret) <= 200:
        raise RefusedError(401, "Cette conversation n'est pas ouverte ici. Commencez-en une nouvelle.")
    return secret


class _ReadableFailures(APIRoute):
    """Says what failed from inside the application: further out, another site could not read the reply (CORS)."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await handle(request)
            except (RefusedError, RequestValidationError):
                raise
            except Exception as error:
                logger.error("Erreur imprévue : %s", type(error).__name__)  # noqa: TRY400  its message may be private
                raise RefusedError(500, FAILED) from None

        return answered


def web_router(channel: WebChannel) -> APIRouter:
    """Return the routes of the channel."""
    router = APIRouter(prefix="/web", route_class=_ReadableFailures)

    @router.post("/conversation", summary="Commencer une conversation", status_code=201)
    async def begin(request: Request) -> JSONResponse:
        read_model(await read_body(request) or b"{}", Nothing)
        channel.count_new(request.client.host if request.client else "")
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        with channel.database.begin() as connection:
            kept.open_conversation(connection, kept.identifier(secret), datetime.now(UTC))
        return _private({"secret": secret, "kept_days": channel.limits.kept_days}, 201)

    @router.post("/message", summary="Écrire à l'assistant")
    async def write(request: Request) -> JSONResponse:
        secret = secret_of(request)
        body = read_model(await read_body(request), WebMessageBody)
        messages, may_come = await channel.handle(secret, body)
        return _private({"messages": shown(messages), "last": messages[-1].n, "expects": may_come})

    @router.get("/messages", summary="Relire la conversation")
    async def read(request: Request, after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0) -> JSONResponse:
        conversation = kept.identifier(secret_of(request))
        with channel.database.connect() as connection:
            until = require_open(connection, conversation) + timedelta(days=channel.limits.kept_days)
            messages = kept.messages_after(connection, conversation, after)
            may_come = expects(connection, conversation)
        last = messages[-1].n if messages else after
        told = {"kept_until": until.date().isoformat(), "expects": may_come}
        return _private({"messages": shown(messages), "last": last, **told})

    @router.post("/helped", summary="Dire si une réponse a aidé")
    async def judge(request: Request) -> JSONResponse:
        conversation = kept.identifier(secret_of(request))
        body = read_model(await read_body(request), HelpedBody)
        async with channel.alone(conversation):
            with channel.database.begin() as connection:
                require_open(connection, conversation)
                topics = kept.judge(connection, conversation, body.n, body.helped)
                for topic in topics:
                    quality.add_feedback(connection, topic, body.helped, datetime.now(UTC).date())
        return _private({"counted": bool(topics)})

    @router.delete("/conversation", summary="Effacer la conversation")
    async def erase(request: Request, answers: bool = False) -> JSONResponse:
        conversation = kept.identifier(secret_of(request))
        # A message that is being answered is answered first, and erased with the rest.
        async with channel.alone(conversation):
            with channel.database.begin() as connection:
                require_open(connection, conversation)
                stage = positionings.read_stage(connection, kept.sender_of(conversation))
                attempt_id = stage.attempt_id if stage else ""
                if answers and attempt_id:
                    positionings.erase(connection, attempt_id)
                attempt = positionings.read_attempt(connection, attempt_id) if attempt_id else None
                erased = kept.erase(connection, conversation)
        return _private({"erased": erased, "code": attempt.code if attempt else None})

    @router.delete("/answers/{code}", summary="Effacer les réponses au questionnaire, par leur code")
    async def erase_answers(request: Request, code: str) -> JSONResponse:
        # The code opens the answers: it may erase them too, and is no easier to guess here than in a conversation.
        channel.count_new(request.client.host if request.client else "")
        with channel.database.begin() as connection:
            attempt = positionings.find_attempt(connection, code_in(code))
            if attempt is not None:
                positionings.erase(connection, attempt.id)
        return _private({"erased": attempt is not None})

    return router


def expects(connection: Connection, conversation: str) -> bool:
    """Whether somebody of the team may write in a conversation: the page looks more often."""
    return callbacks.open_of(connection, kept.sender_of(conversation)) is not None


def require_open(connection: Connection, conversation: str) -> datetime:
    """Return when a conversation was last used.

    Raises:
        RefusedError: 401 when it does not exist, or no more.
    """
    used = kept.used_at(connection, conversation)
    if used is None:
        raise RefusedError(401, _GONE)
    return used


def _private(content: Mapping[str, Any], status: int = 200) -> JSONResponse:
    """Return a reply that no cache keeps."""
    return JSONResponse(content, status, {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})
