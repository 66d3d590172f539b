"""Counts the answers without making anybody wait: what is counted is stored a little later, in one go."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine

from bot.storage import info_sessions, quality
from bot.storage.quality import Measured

_UNKNOWN = frozenset({"nlu_fallback"})
_MOST = 10_000
"""Measures that wait at most: beyond, the oldest are dropped. A count is worth no memory."""


@dataclass
class Measures:
    """What waits to be counted."""

    database: Engine
    key: bytes
    _waiting: deque[Measured] = field(default_factory=lambda: deque(maxlen=_MOST))

    def note(self, sender: str, channel: str, topics: Sequence[str], milliseconds: int) -> None:
        """Count an answer: one measure a topic, with the time of the whole."""
        day = datetime.now(UTC).date()
        for topic in dict.fromkeys(topics):
            self._waiting.append(Measured(sender, day, channel, topic, topic not in _UNKNOWN, milliseconds))

    def store(self) -> int:
        """Store what waits; return how many measures."""
        taken = []
        while self._waiting:
            taken.append(self._waiting.popleft())
        if taken:
            with self.database.begin() as connection:
                groups = info_sessions.groups_of(connection, sorted({m.sender_id for m in taken}))
                quality.add(connection, taken, self.key, groups)
        return len(taken)
