"""Tell a button that the assistant offered from a command that somebody typed.

Rasa obeys any message that begins with « / »: ``/restart``, ``/intent{"x": 1}``. Here, what goes out on a
button is signed for its conversation, and only a signed payload is handed to Rasa as such; whatever else
begins with « / » is read as plain text.
"""

import base64
import hashlib
import hmac
import re

_COMMAND = re.compile(r"[\s/]+")
"""All that Rasa would strip or obey at the head of a message: any white space, any slash."""
_SEPARATOR = "#"
_SIGNATURE_BYTES = 9
"""72 bits: out of reach of guessing over HTTP, and short."""


def _signature(payload: str, sender: str, key: bytes) -> str:
    digest = hmac.new(key, f"{sender}\0{payload}".encode(errors="replace"), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:_SIGNATURE_BYTES]).decode()


def signed(payload: str, sender: str, key: bytes) -> str:
    """Return the payload with the signature that makes it valid in this conversation."""
    return f"{payload}{_SEPARATOR}{_signature(payload, sender, key)}"


def message_for_rasa(text: str, sender: str, key: bytes) -> str:
    """Return what to hand to Rasa: the payload when its signature is right, else plain text."""
    opening = _COMMAND.match(text)
    if opening is None or "/" not in opening[0]:
        return text
    payload, separator, signature = text.rpartition(_SEPARATOR)
    if separator and hmac.compare_digest(signature.encode(errors="replace"), _signature(payload, sender, key).encode()):
        return payload
    # « ? » stands for a message that held nothing but slashes: it is not understood, and said so.
    return text[opening.end() :] or "?"
