"""Rasa's REST channel: ``POST /webhooks/rest/webhook``."""

import json
from typing import Annotated, Any, Self

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from starlette.responses import JSONResponse

from bot.channels.button_signature import message_for_rasa, signed
from bot.channels.refusals import RefusedError
from bot.engine.agent import DialogueEngine
from bot.storage.conversations import SENDER_LENGTH
from bot.text.folding import without_control_characters

BODY_LIMIT = 64 * 1024
"""Bytes of a request body: far more than any message."""
MESSAGE_LIMIT = 2000
"""Characters of a message: a long story fits."""


class RestMessage(BaseModel):
    """Body of a request. Other fields of Rasa's body are accepted and ignored."""

    model_config = ConfigDict(extra="ignore", strict=True)

    sender: Annotated[str, StringConstraints(min_length=1, max_length=SENDER_LENGTH)] = Field(
        description="Identifiant de la conversation"
    )
    message: Annotated[str, StringConstraints(max_length=MESSAGE_LIMIT)] = Field(
        description="Ce que la personne a écrit, ou le « payload » d'un bouton"
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.sender.isprintable():
            raise ValueError("L'identifiant « sender » contient des caractères interdits.")
        object.__setattr__(self, "message", without_control_characters(self.message).strip())
        if not self.message:
            raise ValueError("Le message est vide. Écrivez votre question.")
        return self


def french_reason(error: ValidationError) -> tuple[int, str]:
    """Return the HTTP status and the reason of the first fault of a body."""
    fault = error.errors(include_url=False)[0]
    name = ".".join(str(part) for part in fault["loc"]) or "corps"
    kind = fault["type"]
    if kind == "string_too_long":
        limit = fault["ctx"]["max_length"]
        return 413, f"Le champ « {name} » est trop long : {limit} caractères au plus. Raccourcissez votre message."
    reasons = {
        "missing": f"Le champ « {name} » manque.",
        "string_type": f"Le champ « {name} » doit être un texte.",
        "string_unicode": f"Le champ « {name} » contient des caractères interdits.",
        "string_too_short": f"Le champ « {name} » est vide.",
        "model_type": "Le corps de la requête doit être un objet JSON avec « sender » et « message ».",
        "value_error": str(fault.get("ctx", {}).get("error", "Le message n'est pas valable.")),
    }
    return 422, reasons.get(kind, f"Le champ « {name} » n'est pas valable.")


async def read_body(request: Request) -> bytes:
    """Read a body without ever holding more than the limit.

    Raises:
        RefusedError: 413 when it is too large.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise RefusedError(413, "La requête est trop grande.")
    return bytes(body)


def parse(body: bytes) -> RestMessage:
    """Read a request body.

    Raises:
        RefusedError: with the reason in French.
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise RefusedError(400, "Le corps de la requête n'est pas du JSON valable.") from None
    try:
        return RestMessage.model_validate(content)
    except ValidationError as error:
        raise RefusedError(*french_reason(error)) from None


def rest_router(engine: DialogueEngine, key: bytes) -> APIRouter:
    """Return the routes of the channel."""
    router = APIRouter()
    schema = {
        "requestBody": {"required": True, "content": {"application/json": {"schema": RestMessage.model_json_schema()}}}
    }

    @router.get("/webhooks/rest", summary="Le canal REST est-il ouvert ?")
    async def alive() -> dict[str, str]:
        return {"status": "ok"}

    @router.post("/webhooks/rest/webhook", summary="Écrire à l'assistant", openapi_extra=schema)
    async def receive(request: Request) -> JSONResponse:
        received = parse(await read_body(request))
        text = message_for_rasa(received.message, received.sender, key)
        said = await engine.reply(received.sender, text, "rest")
        return JSONResponse([rendered(message, received.sender, key) for message in said])

    return router


def rendered(message: dict[str, Any], sender: str, key: bytes) -> dict[str, Any]:
    """Return a message in Rasa's REST form, its buttons signed."""
    out: dict[str, Any] = {"recipient_id": sender, "text": message.get("text", "")}
    if buttons := message.get("buttons"):
        out["buttons"] = [{"title": b["title"], "payload": signed(b["payload"], sender, key)} for b in buttons]
    return out
