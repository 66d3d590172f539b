"""The tracker store on a real SQLite and a real PostgreSQL."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from sqlalchemy import text

from bot.engine.tracker_store import SnapshotTrackerStore
from bot.storage.conversations import purge
from tests.conftest import ROOT

SECRET = "je m'appelle Maryvonne"


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> SnapshotTrackerStore:
    url = f"sqlite:///{tmp_path}/base.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    made = SnapshotTrackerStore(Domain.load(str(ROOT / "domain.yml")), url=url)
    with made.database.begin() as connection:
        connection.execute(text("DELETE FROM conversation"))
    return made


async def turn(store: SnapshotTrackerStore, sender: str, memory: dict[str, object]) -> None:
    tracker = await store.get_or_create_tracker(sender)
    tracker.update(UserUttered(SECRET, {"name": "blocs"}))
    tracker.update(SlotSet("memory", memory))
    tracker.update(BotUttered("réponse"))
    tracker.update(ActionExecuted("action_answer"))
    tracker.update(ActionExecuted("action_listen"))
    await store.save(tracker)


async def test_memory_comes_back(store: SnapshotTrackerStore) -> None:
    await turn(store, "é🙂'\"", {"topic": "blocs", "values": [["bloc", "2"]]})
    tracker = await store.retrieve("é🙂'\"")
    assert tracker is not None
    assert tracker.get_slot("memory") == {"topic": "blocs", "values": [["bloc", "2"]]}
    assert tracker.latest_action_name == "action_listen"


async def test_unknown_conversation(store: SnapshotTrackerStore) -> None:
    assert await store.retrieve("personne") is None


async def test_nothing_that_was_written_is_kept(store: SnapshotTrackerStore) -> None:
    await turn(store, "a", {"topic": "blocs"})
    with store.database.connect() as connection:
        rows = connection.execute(text("SELECT * FROM conversation")).all()
    assert len(rows) == 1
    assert "Maryvonne" not in str(rows)


async def test_a_long_conversation_is_as_small_as_a_short_one(store: SnapshotTrackerStore) -> None:
    sizes = {}
    for number in range(1, 201):
        await turn(store, "a", {"topic": "bloc_detail", "values": [["bloc", str(number % 4)]]})
        if number in (5, 200):
            tracker = await store.retrieve("a")
            assert tracker is not None
            with store.database.connect() as connection:
                stored = connection.execute(text("SELECT slots FROM conversation")).scalar_one()
            sizes[number] = (len(tracker.events), len(str(stored)))
    assert sizes[5] == sizes[200]


async def test_old_conversations_are_purged(store: SnapshotTrackerStore) -> None:
    await turn(store, "old", {"topic": "blocs"})
    with store.database.begin() as connection:
        assert purge(connection, datetime.now(UTC) - timedelta(hours=1)) == 0
        assert purge(connection, datetime.now(UTC) + timedelta(hours=1)) == 1
    assert list(await store.keys()) == []
