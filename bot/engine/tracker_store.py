"""A tracker store that keeps slots and forgets events.

Rasa's SQL store keeps every event and replays them all at each message: a turn costs more as the
conversation grows, and everything that people wrote stays. The rules of this project look at one
turn, and what must be remembered is in slots: so a conversation is one row, whatever its length.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME, DEFAULT_SLOT_NAMES
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.settings import settings
from bot.storage.conversations import read_slots, sender_ids, write_slots
from bot.storage.database import shared_database


class SnapshotTrackerStore(TrackerStore):
    """Stores the slots of each conversation in SQL."""

    def __init__(
        self, domain: Domain, event_broker: EventBroker | None = None, url: str | None = None, **kwargs: Any
    ) -> None:
        """Open the database.

        Args:
            domain: the domain of the model.
            event_broker: where to stream events, if anywhere.
            url: address of the database; that of the settings by default.
            kwargs: what Rasa passes besides.
        """
        super().__init__(domain, event_broker, **kwargs)
        self.database = shared_database(url or settings().database_url)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Commit the slots that differ from their initial value."""
        await self.stream_events(tracker)
        slots = {
            slot.name: slot.value
            for slot in tracker.slots.values()
            if slot.name not in DEFAULT_SLOT_NAMES and slot.value != slot.initial_value
        }
        with self.database.begin() as connection:
            write_slots(connection, tracker.sender_id, slots, datetime.now(UTC))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return a listening tracker with the slots of the conversation, or None when it is not known."""
        with self.database.connect() as connection:
            slots = read_slots(connection, sender_id)
        if slots is None:
            return None
        tracker = self._listening(sender_id)
        known = tracker.slots
        for name, value in slots.items():
            if name in known:
                tracker.update(SlotSet(name, value))
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> DialogueStateTracker:
        """Return a new tracker; it is written once the message is handled."""
        tracker = self._listening(sender_id)
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    def _listening(self, sender_id: str) -> DialogueStateTracker:
        tracker = self.init_tracker(sender_id)
        tracker.update(ActionExecuted(ACTION_SESSION_START_NAME))
        tracker.update(SessionStarted())
        return tracker

    async def keys(self) -> Iterable[str]:
        """Return the identifiers of all conversations."""
        with self.database.connect() as connection:
            return sender_ids(connection)
