"""Passwords and one-time codes."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from bot.team import secrets

NOW = datetime(2026, 11, 27, 9, 0, 10, tzinfo=UTC)


def test_a_password_is_hashed_with_argon2id_and_never_twice_alike() -> None:
    first, second = secrets.hashed("une suite de mots"), secrets.hashed("une suite de mots")
    assert first.startswith("$argon2id$")
    assert first != second
    assert secrets.is_right(first, "une suite de mots")
    assert not secrets.is_right(first, "une suite de maux")


def test_without_an_account_any_password_is_wrong() -> None:
    assert not secrets.is_right(None, "")
    assert not secrets.is_right("pas un hachage", "x")


@pytest.mark.parametrize("password", ["court", "aaaaaaaaaaaaaaaa", "marie.dupont.2026", "Martin2026!!!!"])
def test_an_easy_password_is_refused(password: str) -> None:
    assert secrets.weakness(password, "marie.dupont@exemple.fr", "Marie Martin", 12)


def test_a_sentence_is_a_good_password() -> None:
    assert secrets.weakness("le chat dort au soleil", "marie@exemple.fr", "Marie Martin", 12) == ""


def test_a_first_password_is_good_enough() -> None:
    assert secrets.weakness(secrets.new_password(), "marie@exemple.fr", "Marie Martin", 12) == ""


@pytest.mark.parametrize("late", [-30, 0, 30])
def test_a_telephone_may_be_half_a_minute_late(late: int) -> None:
    secret = secrets.new_totp_secret()
    code = pyotp.TOTP(secret).at(NOW + timedelta(seconds=late))
    assert secrets.totp_step(secret, f"{code[:3]} {code[3:]}", NOW, 0) is not None


def test_a_code_serves_once() -> None:
    secret = secrets.new_totp_secret()
    code = pyotp.TOTP(secret).at(NOW)
    step = secrets.totp_step(secret, code, NOW, 0)
    assert step is not None
    assert secrets.totp_step(secret, code, NOW, step) is None


@pytest.mark.parametrize("code", ["", "000000", "12345", "abcdef", "１２３４５６"])
def test_another_code_is_refused(code: str) -> None:
    assert secrets.totp_step("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", code, NOW, 0) is None
