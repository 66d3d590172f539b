"""Rasa's REST channel: ``POST /webhooks/rest/webhook``."""

from typing import Annotated, Any, Self

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from starlette.responses import JSONResponse

from bot.channels.bodies import MESSAGE_LIMIT, read_body, read_model
from bot.channels.button_signature import message_for_rasa, signed
from bot.engine.agent import DialogueEngine
from bot.storage.conversations import SENDER_LENGTH
from bot.storage.web_conversations import SENDER_PREFIX
from bot.text.folding import without_control_characters
from bot.text.lists import enumeration

_TAKEN = (SENDER_PREFIX, "channel:")
"""Begin the identifiers of the conversations of other channels."""
_NAMED = [f"« {prefix} »" for prefix in _TAKEN]


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
        if self.sender.startswith(_TAKEN):
            # The conversations of the web page belong to the holder of their secret, those of a phone to its owner.
            raise ValueError(f"L'identifiant « sender » ne peut pas commencer par {enumeration(_NAMED, 'ni')}.")
        object.__setattr__(self, "message", without_control_characters(self.message).strip())
        if not self.message:
            raise ValueError("Le message est vide. Écrivez votre question.")
        return self


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
        received = read_model(await read_body(request), RestMessage)
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
