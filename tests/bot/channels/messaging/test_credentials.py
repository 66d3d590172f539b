"""Which services are open: those whose secrets are all set."""

from pathlib import Path

import pytest

from bot.channels.messaging.credentials import load_providers
from bot.channels.messaging.providers import Telegram
from referential.yaml_files import DataError
from tests.conftest import ROOT


def test_without_secrets_no_service_is_open() -> None:
    assert load_providers(ROOT / "credentials.yml", {}) == {}
    assert load_providers(Path("absent.yml"), {}) == {}


def test_a_service_opens_with_its_secrets() -> None:
    secrets = {"TELEGRAM_ACCESS_TOKEN": "42:a", "TELEGRAM_SECRET_TOKEN": "b", "WHATSAPP_ACCESS_TOKEN": "seul"}
    found = load_providers(ROOT / "credentials.yml", secrets)
    assert list(found) == ["telegram"]
    assert isinstance(found["telegram"], Telegram)
    assert found["telegram"].access_token == "42:a"


def test_a_setting_that_is_not_known_is_said(tmp_path: Path) -> None:
    (tmp_path / "credentials.yml").write_text("telegram:\n  jeton: a\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"credentials\.yml: telegram"):
        load_providers(tmp_path / "credentials.yml", {})
