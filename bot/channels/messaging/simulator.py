"""An imitation of each provider that speaks its documented protocol over real HTTP, for the tests and for trying.

It refuses what the provider would refuse: a wrong token, a text too long, too many buttons.
"""

import base64
import hashlib
import hmac
import itertools
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode

import httpx

SECRETS: Mapping[str, Mapping[str, str]] = {
    "whatsapp": {"access_token": "jeton", "secret": "secret", "verify": "verif", "phone_number_id": "1234"},
    "telegram": {"access_token": "42:jeton", "verify": "secret_telegram"},
    "facebook": {"page-access-token": "jeton", "secret": "secret", "verify": "verif"},
    "twilio": {"account_sid": "AC1", "auth_token": "jeton", "twilio_number": "+33100000000"},
    "chatwoot": {"access_token": "jeton", "verify": "secret"},
    "webhook": {"secret": "secret", "callback_url": "/recu"},
}
"""Settings of a service that is imitated."""


@dataclass(frozen=True)
class Shown:
    """What a person sees on their phone."""

    person: str
    text: str
    choices: tuple[tuple[str, str], ...] = ()
    """(identifier, title)."""


@dataclass
class Simulator:
    """One provider, imitated."""

    name: str
    assistant: str
    """Address of the assistant."""
    shown: list[Shown] = field(default_factory=list)
    pressed: list[str] = field(default_factory=list)
    """Presses that were answered (Telegram)."""
    documents: list[tuple[str, int]] = field(default_factory=list)
    """Documents received: person, size."""
    refused: list[str] = field(default_factory=list)
    """What the assistant sent and should not have."""
    failing: int = 0
    """Status answered to everything, when it is down."""
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _server: ThreadingHTTPServer | None = None

    # --- The provider's service -------------------------------------------------------------------

    def start(self, port: int = 0) -> None:
        """Serve the provider's API."""
        simulator = self

        class Api(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("content-length") or 0))
                status, body = simulator.called(self.path, raw, {k.lower(): v for k, v in self.headers.items()})
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Api)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Stop serving."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    @property
    def service(self) -> str:
        """Address of the provider's API."""
        assert self._server is not None  # noqa: S101
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def credentials(self) -> dict[str, str]:
        """Return the settings that point the assistant to this imitation."""
        return {**SECRETS[self.name], "service": self.service}

    def called(self, path: str, raw: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Answer a request of the assistant, as the provider would."""
        if self.failing:
            return self.failing, {"error": "indisponible"}
        read: Callable[[str, bytes, Mapping[str, str]], str | Shown] = getattr(self, f"_{self.name}_called")
        found = read(path, raw, headers)
        if isinstance(found, str):
            if found:
                self.refused.append(found)
                return 400, {"error": found}
            return 200, {"ok": True}
        self.shown.append(found)
        return 200, {"ok": True}

    def _whatsapp_called(self, path: str, raw: bytes, headers: Mapping[str, str]) -> str | Shown:
        if path != "/1234/messages" or headers.get("authorization") != "Bearer jeton":
            return "adresse ou jeton"
        body = json.loads(raw)
        if body["messaging_product"] != "whatsapp" or body["type"] not in ("text", "interactive", "document"):
            return "type"
        if body["type"] == "document":
            return self._document(body["to"], body["document"]["link"])
        if body["type"] == "text":
            return _fits(Shown(body["to"], body["text"]["body"]), 4096)
        content = body["interactive"]
        text = content["body"]["text"]
        if content["type"] == "button":
            replies = [b["reply"] for b in content["action"]["buttons"]]
            choices = tuple((r["id"], r["title"]) for r in replies)
            return _fits(Shown(body["to"], text, choices), 1024, 3, 20, 256)
        rows = [row for section in content["action"]["sections"] for row in section["rows"]]
        if len(content["action"]["button"]) > 20:
            return "bouton de liste trop long"
        return _fits(Shown(body["to"], text, tuple((r["id"], r["title"]) for r in rows)), 4096, 10, 24, 200)

    def _telegram_called(self, path: str, raw: bytes, headers: Mapping[str, str]) -> str | Shown:
        body = json.loads(raw)
        if path == "/bot42:jeton/answerCallbackQuery":
            self.pressed.append(body["callback_query_id"])
            return ""
        if path == "/bot42:jeton/sendDocument":
            return self._document(body["chat_id"], body["document"])
        if path != "/bot42:jeton/sendMessage":
            return "adresse ou jeton"
        keys = [key for row in body.get("reply_markup", {}).get("inline_keyboard", []) for key in row]
        choices = tuple((key["callback_data"], key["text"]) for key in keys)
        return _fits(Shown(body["chat_id"], body["text"], choices), 4096, 100, 64, 64)

    def _facebook_called(self, path: str, raw: bytes, headers: Mapping[str, str]) -> str | Shown:
        if path != "/me/messages" or headers.get("authorization") != "Bearer jeton":
            return "adresse ou jeton"
        body = json.loads(raw)
        message = body["message"]
        if attached := message.get("attachment"):
            return self._document(body["recipient"]["id"], attached["payload"]["url"])
        choices = tuple((q["payload"], q["title"]) for q in message.get("quick_replies", []))
        return _fits(Shown(body["recipient"]["id"], message["text"], choices), 2000, 13, 20, 1000)

    def _twilio_called(self, path: str, raw: bytes, headers: Mapping[str, str]) -> str | Shown:
        token = "Basic " + base64.b64encode(b"AC1:jeton").decode()
        if path != "/2010-04-01/Accounts/AC1/Messages.json" or headers.get("authorization") != token:
            return "adresse ou jeton"
        form = {key: values[0] for key, values in parse_qs(raw.decode()).items()}
        return _fits(Shown(form["To"], form["Body"]), 1600)

    def _webhook_called(self, path: str, raw: bytes, headers: Mapping[str, str]) -> str | Shown:
        if not hmac.compare_digest(headers.get("x-signature-256", ""), _sha256(raw, "secret")):
            return "signature"
        body = json.loads(raw)
        return Shown(body["recipient"], body["text"], tuple((c["id"], c["title"]) for c in body["choices"]))

    def _chatwoot_called(self, path: str, raw: bytes, headers: Mapping[str, str]) -> str | Shown:
        parts = path.split("/")
        if parts[:4] != ["", "api", "v1", "accounts"] or headers.get("api_access_token") != "jeton":
            return "adresse ou jeton"
        body = json.loads(raw)
        items = body.get("content_attributes", {}).get("items", [])
        choices = tuple((item["value"], item["title"]) for item in items)
        return _fits(Shown(f"{parts[4]}/{parts[6]}", body["content"], choices), 10_000, 100, 200, 200)

    def _document(self, person: str, url: str) -> str:
        """Fetch a document as the provider does."""
        fetched = httpx.get(url, timeout=20)
        if fetched.status_code != 200 or not fetched.content.startswith(b"%PDF"):
            return f"document {fetched.status_code}"
        self.documents.append((person, len(fetched.content)))
        return ""

    # --- The person -------------------------------------------------------------------------------

    def write(self, person: str, text: str, identifier: str = "") -> httpx.Response:
        """Write to the assistant, as a person would."""
        return self.deliver(self.payload(person, text=text, identifier=identifier))

    def press(self, person: str, choice: str) -> httpx.Response:
        """Press a button by its identifier."""
        return self.deliver(self.payload(person, choice=choice))

    def payload(self, person: str, text: str = "", choice: str = "", identifier: str = "", kind: str = "") -> bytes:
        """Return the body of a delivery, in the provider's documented form."""
        number = next(self._numbers)
        identifier = identifier or f"{self.name}-{number}-{time.time_ns()}"
        make: Callable[[str, str, str, str, str], Any] = getattr(self, f"_{self.name}_payload")
        made = make(person, text, choice, identifier, kind)
        return urlencode(made).encode() if self.name == "twilio" else json.dumps(made).encode()

    def _whatsapp_payload(self, person: str, text: str, choice: str, identifier: str, kind: str) -> Any:
        message: dict[str, Any] = {"from": person, "id": identifier, "timestamp": "1764151200"}
        if choice:
            shown = next((t for s in reversed(self.shown) for i, t in s.choices if i == choice), choice)
            form = "list_reply" if len(self.shown and self.shown[-1].choices) > 3 else "button_reply"
            message |= {"type": "interactive", "interactive": {"type": form, form: {"id": choice, "title": shown}}}
        elif kind:
            message |= {"type": kind, kind: {"id": "media"}}
        else:
            message |= {"type": "text", "text": {"body": text}}
        value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "1234"}, "messages": [message]}
        return {
            "object": "whatsapp_business_account",
            "entry": [{"id": "0", "changes": [{"field": "messages", "value": value}]}],
        }

    def _telegram_payload(self, person: str, text: str, choice: str, identifier: str, kind: str) -> Any:
        number = int(hashlib.sha256(identifier.encode()).hexdigest()[:12], 16)
        chat = {"id": person, "type": "private"}
        if choice:
            press = {"id": identifier, "from": {"id": person}, "message": {"chat": chat}, "data": choice}
            return {"update_id": number, "callback_query": press}
        message: dict[str, Any] = {"message_id": number, "chat": chat, "date": 1764151200}
        message |= {kind: {"file_id": "x"}} if kind else {"text": text}
        return {"update_id": number, "message": message}

    def _facebook_payload(self, person: str, text: str, choice: str, identifier: str, kind: str) -> Any:
        message: dict[str, Any] = {"mid": identifier}
        if choice:
            message |= {"text": choice, "quick_reply": {"payload": choice}}
        elif kind:
            message |= {"attachments": [{"type": kind, "payload": {"url": "https://exemple.test/x"}}]}
        else:
            message |= {"text": text}
        event = {"sender": {"id": person}, "recipient": {"id": "page"}, "timestamp": 1764151200, "message": message}
        return {"object": "page", "entry": [{"id": "page", "time": 1764151200, "messaging": [event]}]}

    def _twilio_payload(self, person: str, text: str, choice: str, identifier: str, kind: str) -> Any:
        form = {"MessageSid": identifier, "AccountSid": "AC1", "From": person, "To": "+33100000000", "Body": text}
        return form | ({"NumMedia": "1", "MediaUrl0": "https://exemple.test/x"} if kind else {"NumMedia": "0"})

    def _webhook_payload(self, person: str, text: str, choice: str, identifier: str, kind: str) -> Any:
        return {"id": identifier, "sender": person} | ({"choice": choice} if choice else {} if kind else {"text": text})

    def _chatwoot_payload(self, person: str, text: str, choice: str, identifier: str, kind: str) -> Any:
        account, conversation = person.split("/")
        attributes = {"submitted_values": [{"value": choice}]} if choice else {}
        return {
            "event": "message_created",
            "id": identifier,
            "message_type": "incoming",
            "content": "" if kind else text,
            "content_attributes": attributes,
            "account": {"id": int(account)},
            "conversation": {"id": int(conversation), "status": "pending"},
        }

    def deliver(self, raw: bytes, forged: bool = False) -> httpx.Response:
        """Call the assistant's address, signed as the provider signs."""
        url = f"{self.assistant}/webhooks/{self.name}/webhook"
        if self.name == "chatwoot":
            url += f"?secret={'autre' if forged else 'secret'}"
        headers = self.signed(raw, url, "autre" if forged else "")
        kind = "application/x-www-form-urlencoded" if self.name == "twilio" else "application/json"
        return httpx.post(url, content=raw, headers={**headers, "Content-Type": kind}, timeout=30)

    def signed(self, raw: bytes, url: str, other: str = "") -> dict[str, str]:
        """Return the header that proves who calls."""
        if self.name in ("whatsapp", "facebook"):
            return {"X-Hub-Signature-256": _sha256(raw, other or "secret")}
        if self.name == "telegram":
            return {"X-Telegram-Bot-Api-Secret-Token": other or "secret_telegram"}
        if self.name == "chatwoot":
            return {}
        if self.name == "webhook":
            return {"X-Signature-256": _sha256(raw, other or "secret")}
        form = dict(parse_qsl(raw.decode(errors="replace"), keep_blank_values=True))
        signed = url + "".join(key + form[key] for key in sorted(form))
        digest = hmac.new((other or "jeton").encode(), signed.encode(), hashlib.sha1).digest()
        return {"X-Twilio-Signature": base64.b64encode(digest).decode()}

    def seen_by(self, person: str) -> list[Shown]:
        """Return what a person sees, in order."""
        return [shown for shown in self.shown if shown.person == person]


def _sha256(raw: bytes, secret: str) -> str:
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def _fits(shown: Shown, text: int, choices: int = 0, title: int = 0, identifier: int = 0) -> str | Shown:
    if not 1 <= len(shown.text) <= text:
        return f"texte de {len(shown.text)} caractères"
    if len(shown.choices) > choices:
        return f"{len(shown.choices)} choix"
    if any(not 1 <= len(t) <= title or len(i.encode()) > identifier for i, t in shown.choices):
        return "choix trop long"
    return shown
