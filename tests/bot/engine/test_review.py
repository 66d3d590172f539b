"""What was not understood is kept for review, scrubbed, by the real server; nothing else is."""

from datetime import UTC, datetime
from pathlib import Path

from bot.storage.database import open_database
from bot.storage.review import Reviewed, list_since
from tests.conftest import Server, wait_for


def test_a_message_that_was_not_understood_is_kept_without_who_wrote_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/etaie.db"
    log = tmp_path / "log.txt"
    server = Server(url, {"SECRET_KEY": "clé"}, log=log)
    server.start()
    try:
        server.say("quelqu-une", "Quels sont les blocs ?")
        server.say("quelqu-un", "trucmuche bidulo Karim Benali 0612345678")
        found: list[Reviewed] = []

        def kept() -> bool:
            database = open_database(url)
            with database.connect() as connection:
                found[:] = list_since(connection)
            database.dispose()
            return bool(found)

        wait_for(kept, "la phrase à relire")
    finally:
        server.stop()
    (message,) = found
    assert "trucmuche" in message.text
    assert "[nom]" in message.text
    for secret in ("Karim", "Benali", "0612"):
        assert secret not in message.text
        assert secret not in log.read_text(encoding="utf-8")
    assert message.created_at in {datetime.now(UTC).date(), datetime.now().astimezone().date()}
    assert 1 <= len(message.suggestions) <= 3


def test_nothing_is_kept_when_it_is_switched_off(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/etaie.db"
    server = Server(url, {"SECRET_KEY": "clé", "REVIEW": "false"}, log=tmp_path / "log.txt")
    server.start()
    server.say("quelqu-un", "zxcvb qwrtp")
    server.stop()
    with open_database(url).connect() as connection:
        assert list_since(connection) == []
