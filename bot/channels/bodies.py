"""Bodies of requests: read within a limit, parsed, and refused in French."""

import json
from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from bot.channels.refusals import RefusedError

BODY_LIMIT = 64 * 1024
"""Bytes of a request body: far more than any message."""
MESSAGE_LIMIT = 2000
"""Characters of a message: a long story fits."""

ModelT = TypeVar("ModelT", bound=BaseModel)


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
        "model_type": "Le corps de la requête doit être un objet JSON.",
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


def read_model(body: bytes, model: type[ModelT]) -> ModelT:
    """Read a request body.

    Raises:
        RefusedError: with the reason in French.
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise RefusedError(400, "Le corps de la requête n'est pas du JSON valable.") from None
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise RefusedError(*french_reason(error)) from None
