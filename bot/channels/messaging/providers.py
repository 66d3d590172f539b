"""WhatsApp (Cloud API), Telegram, Messenger, Twilio, Chatwoot, and a signed webhook for any other system.

Names of the settings are those that Rasa users know (``credentials.yml``); secrets come from the environment.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from bot.channels.messaging.contract import MANY, Call, Delivery, Limits, Part, Provider, Received
from bot.channels.messaging.layout import plain, starred

_WHATSAPP_LIMITS = Limits(4096, 3, 20, 1024, 10, 24, 4096)
_TELEGRAM_LIMITS = Limits(4096, 12, 60, 4096)
_FACEBOOK_LIMITS = Limits(2000, 13, 20, 2000)
_TWILIO_LIMITS = Limits(1600)
_CHATWOOT_LIMITS = Limits(10_000, MANY, MANY, 10_000)
_WEBHOOK_LIMITS = Limits(4096, MANY, MANY, 4096)

_PRESS = "press:"
"""Begins the identifier of a press on a button of Telegram."""
_NO_MESSAGE = {"unsupported", "system", "reaction"}
"""What WhatsApp brings when a message is deleted, a number changes, a reply gets a thumb: nothing to answer."""


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(errors="replace"), other.encode(errors="replace"))


def _signed(raw: bytes, secret: str, header: str) -> bool:
    """Whether ``sha256=…`` is the HMAC of a raw body."""
    return _same("sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest(), header)


def _hub(delivery: Delivery, token: str) -> str | None:
    """Answer the verification of Meta: the challenge, when the token is right."""
    asked = delivery.query
    if asked.get("hub.mode") != "subscribe" or not _same(asked.get("hub.verify_token", ""), token):
        return None
    return asked.get("hub.challenge")


@dataclass(frozen=True)
class WhatsApp(Provider):
    """WhatsApp Cloud API."""

    access_token: str
    secret: str
    """Secret of the Meta application: signs the deliveries."""
    verify: str
    """Token of the verification, chosen by the team."""
    phone_number_id: str
    service: str = "https://graph.facebook.com/v23.0"
    name: str = "whatsapp"
    limits: Limits = _WHATSAPP_LIMITS

    def challenge(self, delivery: Delivery) -> str | None:
        """See the contract."""
        return _hub(delivery, self.verify)

    def is_genuine(self, delivery: Delivery) -> bool:
        """See the contract."""
        return _signed(delivery.raw, self.secret, delivery.headers.get("x-hub-signature-256", ""))

    def parse(self, delivery: Delivery) -> Sequence[Received]:
        """See the contract."""
        values = (c["value"] for e in delivery.json()["entry"] for c in e["changes"] if c["field"] == "messages")
        messages = (m for value in values for m in value.get("messages") or ())
        return [self._one(m) for m in messages if m["type"] not in _NO_MESSAGE]

    @staticmethod
    def _one(message: Mapping[str, Any]) -> Received:
        person, identifier, kind = str(message["from"]), str(message["id"]), message["type"]
        if kind == "text":
            return Received(person, identifier, text=message["text"]["body"])
        if kind == "interactive":
            pressed = message["interactive"]
            return Received(person, identifier, picked=pressed[pressed["type"]]["id"])
        if kind == "button":
            return Received(person, identifier, text=message["button"]["text"])
        return Received(person, identifier, other=True)

    def calls(self, person: str, part: Part) -> Sequence[Call]:
        """See the contract."""
        text = starred(part.text)
        message: dict[str, Any] = {"type": "text", "text": {"body": text, "preview_url": False}}
        if part.buttons:
            buttons = [{"type": "reply", "reply": {"id": o.id, "title": o.title}} for o in part.buttons]
            message = _interactive({"type": "button", "body": {"text": text}, "action": {"buttons": buttons}})
        elif part.rows:
            rows = [{"id": o.id, "title": o.title} for o in part.rows]
            action = {"button": "Choisir", "sections": [{"title": "Choix", "rows": rows}]}
            message = _interactive({"type": "list", "body": {"text": text}, "action": action})
        body = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": person, **message}
        return [Call(f"/{self.phone_number_id}/messages", body)]

    def document(self, person: str, url: str) -> Call | None:
        """See the contract."""
        content = {"type": "document", "document": {"link": url, "filename": url.rsplit("/", 1)[1]}}
        body = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": person, **content}
        return Call(f"/{self.phone_number_id}/messages", body)

    def headers(self, raw: bytes) -> Mapping[str, str]:
        """See the contract."""
        return {"Authorization": f"Bearer {self.access_token}"}


def _interactive(content: dict[str, Any]) -> dict[str, Any]:
    return {"type": "interactive", "interactive": content}


@dataclass(frozen=True)
class Telegram(Provider):
    """Telegram Bot API."""

    access_token: str
    verify: str
    """Secret token, given to ``setWebhook`` and sent back in a header."""
    service: str = "https://api.telegram.org"
    name: str = "telegram"
    # Eight buttons a row of one: an inline keyboard takes more, a screen does not.
    limits: Limits = _TELEGRAM_LIMITS

    def is_genuine(self, delivery: Delivery) -> bool:
        """See the contract."""
        return _same(delivery.headers.get("x-telegram-bot-api-secret-token", ""), self.verify)

    def parse(self, delivery: Delivery) -> Sequence[Received]:
        """See the contract."""
        update = delivery.json()
        identifier = str(update["update_id"])
        if pressed := update.get("callback_query"):
            # The identifier of the press goes with it: it must be answered, or the button keeps turning.
            return [Received(str(pressed["message"]["chat"]["id"]), f"{_PRESS}{pressed['id']}", picked=pressed["data"])]
        message = update.get("message")
        if not message:
            # An edit, a channel post, a member that leaves.
            return []
        person = str(message["chat"]["id"])
        if "text" in message:
            return [Received(person, identifier, text=message["text"])]
        return [Received(person, identifier, other=True)]

    def calls(self, person: str, part: Part) -> Sequence[Call]:
        """See the contract."""
        body: dict[str, Any] = {
            "chat_id": person,
            "text": plain(part.text),
            "link_preview_options": {"is_disabled": True},
        }
        if part.buttons:
            keyboard = [[{"text": o.title, "callback_data": o.id}] for o in part.buttons]
            body["reply_markup"] = {"inline_keyboard": keyboard}
        return [Call("/sendMessage", body)]

    def document(self, person: str, url: str) -> Call | None:
        """See the contract."""
        return Call("/sendDocument", {"chat_id": person, "document": url})

    def seen(self, message_id: str) -> Call | None:
        """A press must be answered, or its button keeps turning."""
        if not message_id.startswith(_PRESS):
            return None
        return Call("/answerCallbackQuery", {"callback_query_id": message_id.removeprefix(_PRESS)})

    def url(self, path: str) -> str:
        """The token is in the address."""
        return f"{self.service}/bot{self.access_token}{path}"


@dataclass(frozen=True)
class Messenger(Provider):
    """Facebook Messenger."""

    page_access_token: str
    secret: str
    verify: str
    service: str = "https://graph.facebook.com/v23.0"
    name: str = "facebook"
    limits: Limits = _FACEBOOK_LIMITS

    def challenge(self, delivery: Delivery) -> str | None:
        """See the contract."""
        return _hub(delivery, self.verify)

    def is_genuine(self, delivery: Delivery) -> bool:
        """See the contract."""
        return _signed(delivery.raw, self.secret, delivery.headers.get("x-hub-signature-256", ""))

    def parse(self, delivery: Delivery) -> Sequence[Received]:
        """See the contract."""
        events = (event for entry in delivery.json()["entry"] for event in entry.get("messaging") or ())
        return [found for event in events if (found := self._one(event))]

    @staticmethod
    def _one(event: Mapping[str, Any]) -> Received | None:
        person = str(event["sender"]["id"])
        if postback := event.get("postback"):
            return Received(person, str(postback.get("mid") or event["timestamp"]), picked=postback["payload"])
        message = event.get("message")
        if not message or message.get("is_echo"):
            return None
        identifier = str(message["mid"])
        if reply := message.get("quick_reply"):
            return Received(person, identifier, picked=reply["payload"])
        if message.get("text"):
            return Received(person, identifier, text=message["text"])
        return Received(person, identifier, other=True)

    def calls(self, person: str, part: Part) -> Sequence[Call]:
        """See the contract."""
        message: dict[str, Any] = {"text": plain(part.text)}
        if part.buttons:
            message["quick_replies"] = [
                {"content_type": "text", "title": o.title, "payload": o.id} for o in part.buttons
            ]
        body = {"recipient": {"id": person}, "messaging_type": "RESPONSE", "message": message}
        return [Call("/me/messages", body)]

    def document(self, person: str, url: str) -> Call | None:
        """See the contract."""
        file = {"type": "file", "payload": {"url": url, "is_reusable": False}}
        body = {"recipient": {"id": person}, "messaging_type": "RESPONSE", "message": {"attachment": file}}
        return Call("/me/messages", body)

    def headers(self, raw: bytes) -> Mapping[str, str]:
        """See the contract."""
        return {"Authorization": f"Bearer {self.page_access_token}"}


@dataclass(frozen=True)
class Twilio(Provider):
    """SMS, or WhatsApp, by Twilio."""

    account_sid: str
    auth_token: str
    twilio_number: str
    service: str = "https://api.twilio.com"
    name: str = "twilio"
    limits: Limits = _TWILIO_LIMITS

    def is_genuine(self, delivery: Delivery) -> bool:
        """Checked by Twilio's own library."""
        from twilio.request_validator import RequestValidator

        form = dict(parse_qsl(delivery.raw.decode(errors="replace"), keep_blank_values=True))
        signature = delivery.headers.get("x-twilio-signature", "")
        return bool(RequestValidator(self.auth_token).validate(delivery.url, form, signature))

    def parse(self, delivery: Delivery) -> Sequence[Received]:
        """See the contract."""
        form = dict(parse_qsl(delivery.raw.decode(), keep_blank_values=True))
        if "MessageStatus" in form:
            return []
        person, identifier = form["From"], form["MessageSid"]
        if form.get("Body", "").strip():
            return [Received(person, identifier, text=form["Body"])]
        return [Received(person, identifier, other=True)]

    def calls(self, person: str, part: Part) -> Sequence[Call]:
        """See the contract."""
        body = {"From": self.twilio_number, "To": person, "Body": plain(part.text)}
        return [Call(f"/2010-04-01/Accounts/{self.account_sid}/Messages.json", body, form=True)]

    def headers(self, raw: bytes) -> Mapping[str, str]:
        """See the contract."""
        import base64

        token = base64.b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()
        return {"Authorization": f"Basic {token}"}


@dataclass(frozen=True)
class Webhook(Provider):
    """Any other system: it signs what it sends (HMAC-SHA256 of the raw body) and receives signed replies."""

    secret: str
    callback_url: str
    service: str = ""
    name: str = "webhook"
    limits: Limits = _WEBHOOK_LIMITS

    def is_genuine(self, delivery: Delivery) -> bool:
        """See the contract."""
        return _signed(delivery.raw, self.secret, delivery.headers.get("x-signature-256", ""))

    def parse(self, delivery: Delivery) -> Sequence[Received]:
        """Read ``{"id", "sender", "text"}`` or ``{"id", "sender", "choice"}``."""
        body = delivery.json()
        person, identifier = str(body["sender"]), str(body["id"])
        if body.get("choice"):
            return [Received(person, identifier, picked=str(body["choice"]))]
        text = body.get("text")
        if isinstance(text, str) and text.strip():
            return [Received(person, identifier, text=text)]
        return [Received(person, identifier, other=True)]

    def calls(self, person: str, part: Part) -> Sequence[Call]:
        """See the contract."""
        choices = [{"id": o.id, "title": o.title} for o in part.buttons]
        return [Call(self.callback_url, {"recipient": person, "text": part.text, "choices": choices})]

    def headers(self, raw: bytes) -> Mapping[str, str]:
        """The signature of what is sent."""
        return {"X-Signature-256": "sha256=" + hmac.new(self.secret.encode(), raw, hashlib.sha256).hexdigest()}


@dataclass(frozen=True)
class Chatwoot(Provider):
    """Chatwoot, as an agent bot: it answers while a conversation is pending, and is silent once a person has it."""

    access_token: str
    """Of the agent bot."""
    verify: str
    """Secret of the address: Chatwoot calls ``…/webhooks/chatwoot/webhook?secret=…``."""
    service: str
    """Address of the Chatwoot server."""
    name: str = "chatwoot"
    limits: Limits = _CHATWOOT_LIMITS

    def is_genuine(self, delivery: Delivery) -> bool:
        """Chatwoot signs nothing for an agent bot: the address itself holds a secret."""
        return _same(delivery.query.get("secret", ""), self.verify)

    def parse(self, delivery: Delivery) -> Sequence[Received]:
        """Read what a visitor wrote in a pending conversation; a person of the team has the others."""
        event = delivery.json()
        if event["event"] != "message_created" or event.get("message_type") != "incoming" or event.get("private"):
            return []
        conversation = event["conversation"]
        if conversation["status"] != "pending":
            return []
        person = f"{event['account']['id']}/{conversation['id']}"
        chosen = (event.get("content_attributes") or {}).get("submitted_values") or ()
        if chosen:
            return [Received(person, str(event["id"]), picked=str(chosen[0]["value"]))]
        text = event.get("content") or ""
        if text.strip():
            return [Received(person, str(event["id"]), text=text)]
        return [Received(person, str(event["id"]), other=True)]

    def calls(self, person: str, part: Part) -> Sequence[Call]:
        """See the contract."""
        account, conversation = person.split("/")
        body: dict[str, Any] = {"content": part.text, "message_type": "outgoing", "private": False}
        if part.buttons:
            items = [{"title": o.title, "value": o.id} for o in part.buttons]
            body |= {"content_type": "input_select", "content_attributes": {"items": items}}
        return [Call(f"/api/v1/accounts/{account}/conversations/{conversation}/messages", body)]

    def headers(self, raw: bytes) -> Mapping[str, str]:
        """See the contract."""
        return {"api_access_token": self.access_token}
