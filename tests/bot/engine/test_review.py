"""Nothing is kept for review unless it is switched on."""

from pathlib import Path

from bot.storage.database import open_database
from bot.storage.review import list_since
from tests.conftest import Server


def test_nothing_is_kept_when_it_is_switched_off(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/etaie.db"
    server = Server(url, {"SECRET_KEY": "clé", "REVIEW": "false"}, log=tmp_path / "log.txt")
    server.start()
    server.say("quelqu-un", "zxcvb qwrtp")
    server.stop()
    with open_database(url).connect() as connection:
        assert list_since(connection) == []
