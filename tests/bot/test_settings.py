from pathlib import Path

import pytest
from pydantic import ValidationError

from bot import settings as module
from bot.settings import Settings, signing_key


def test_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9001")
    monkeypatch.setenv("DATABASE_URL", "postgresql://x")
    assert (Settings().port, Settings().database_url) == (9001, "postgresql://x")


@pytest.mark.parametrize("port", ["0", "70000", "huit"])
def test_a_wrong_port_is_refused(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(ValidationError):
        Settings()


def test_the_signing_key_is_made_once_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.delenv("SECRET_KEY", raising=False)
    key = signing_key(Settings(secret_key=""))
    assert len(key) == 32
    assert signing_key(Settings(secret_key="")) == key
    assert (tmp_path / "var" / "secret.key").stat().st_mode & 0o077 == 0
    assert signing_key(Settings(secret_key="choisie")) == b"choisie"


def test_review_is_on_unless_it_is_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REVIEW", raising=False)
    assert Settings(_env_file=None).review
    monkeypatch.setenv("REVIEW", "false")
    assert not Settings(_env_file=None).review


def test_every_setting_is_in_the_example() -> None:
    example = (Path(__file__).resolve().parents[2] / ".env.example").read_text(encoding="utf-8")
    assert [name for name in Settings.model_fields if f"{name.upper()}=" not in example] == []
