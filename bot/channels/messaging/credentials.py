"""Which services are set up: ``credentials.yml``, as Rasa users know it; secrets come from the environment."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.channels.messaging.contract import Provider
from bot.channels.messaging.providers import Chatwoot, Messenger, Telegram, Twilio, Webhook, WhatsApp
from referential.yaml_files import DataError, load_model

_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
_PROVIDERS: Mapping[str, type[Any]] = {
    "whatsapp": WhatsApp,
    "telegram": Telegram,
    "facebook": Messenger,
    "twilio": Twilio,
    "chatwoot": Chatwoot,
    "webhook": Webhook,
}
_RENAMED = {"facebook": {"page-access-token": "page_access_token"}}


class CredentialsFile(BaseModel):
    """Shape of ``credentials.yml``: Rasa's own channels are let through."""

    model_config = ConfigDict(extra="allow")

    rest: dict[str, Any] | None = None


def load_providers(path: Path, variables: Mapping[str, str]) -> dict[str, Provider]:
    """Return the services whose secrets are all set; one with an empty secret is left out.

    Raises:
        DataError: a service lacks a setting, or has one that is not known.
    """
    if not path.exists():
        return {}
    read = load_model(path, CredentialsFile).model_extra or {}
    found: dict[str, Provider] = {}
    for name, provider in _PROVIDERS.items():
        settings = read.get(name)
        if not isinstance(settings, dict):
            continue
        renamed = _RENAMED.get(name, {})
        values = {renamed.get(str(k), str(k)): _filled(str(v), variables) for k, v in settings.items()}
        if any(not value for value in values.values()):
            continue
        try:
            found[name] = provider(**values)
        except TypeError as error:
            raise DataError([f"{path}: {name} : {error}"]) from None
    return found


def _filled(value: str, variables: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda m: variables.get(m[1], ""), value)
