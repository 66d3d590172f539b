"""Messages that a conversation gets without having written: a reminder, a seat, somebody of the team."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from bot.channels.messaging.service import SENDER_PREFIX as MESSAGING
from bot.channels.messaging.service import MessagingService
from bot.storage import web_conversations


@dataclass
class Letters:
    """Sends them, where the channel can."""

    messaging: MessagingService | None = field(default=None)
    """Set once the services are loaded."""

    @staticmethod
    def reachable(sender: str) -> bool:
        """Whether the channel of a conversation can bring something later."""
        return sender.startswith((web_conversations.SENDER_PREFIX, MESSAGING))

    def send(self, connection: Connection, sender: str, text: str, author: str) -> bool:
        """Send a text, in the transaction of the connection; return whether the channel can.

        Args:
            connection: an open transaction.
            sender: identifier of the conversation.
            text: what is said.
            author: somebody of the team; nothing when it is the assistant.
        """
        if sender.startswith(web_conversations.SENDER_PREFIX):
            conversation = sender.removeprefix(web_conversations.SENDER_PREFIX)
            content: dict[str, Any] = {"from": "bot", "text": text, "choices": [], "author": author or None}
            key = f"equipe-{uuid.uuid4().hex}"
            return web_conversations.add_exchange(connection, conversation, key, [content], datetime.now(UTC))
        if sender.startswith(MESSAGING) and self.messaging is not None:
            said = f"**{author}, de l'équipe :** {text}" if author else text
            return self.messaging.post(connection, sender, said)
        return False

    def wake(self) -> None:
        """Tell the messaging loops that there may be something to send."""
        if self.messaging is not None:
            self.messaging.wake()
