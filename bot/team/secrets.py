"""Passwords (argon2id) and one-time codes (TOTP) of the team."""

import secrets
from datetime import datetime
from functools import lru_cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.text.folding import fold

_PASSWORD_BYTES = 12
_STEP = 30
"""Seconds of a one-time code."""
ISSUER = "Assistant ETAIE"


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher().hash(secrets.token_hex(16))


def new_password() -> str:
    """Return a first password, to be changed at the first use."""
    return secrets.token_urlsafe(_PASSWORD_BYTES)


def hashed(password: str) -> str:
    """Return what is stored of a password."""
    return _hasher().hash(password)


def is_right(stored: str | None, password: str) -> bool:
    """Whether a password is the one of a hash; without a hash, takes as long and says no."""
    try:
        _hasher().verify(stored or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def weakness(password: str, email: str, name: str, least: int) -> str:
    """Return what is wrong with a new password, in French; nothing when it is good."""
    if len(password) < least:
        return f"Le mot de passe doit avoir au moins {least} caractères. Une suite de mots convient très bien."
    folded = fold(password)
    told = [fold(part) for part in (email.split("@", maxsplit=1)[0], *name.split()) if len(part) > 2]
    if len(set(folded)) < 5 or any(part in folded for part in told):
        return "Ce mot de passe est trop facile à deviner : évitez votre nom, et les caractères répétés."
    return ""


def new_totp_secret() -> str:
    """Return a new secret of one-time codes."""
    return pyotp.random_base32()


def totp_address(secret: str, email: str) -> str:
    """Return the address that an application reads in a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def totp_step(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """Return the step of a right one-time code, or None; a step that was used cannot be used again.

    Args:
        secret: of the account.
        code: six figures, as they were typed.
        now: moment of the typing; a telephone up to half a minute late or early is accepted.
        last_step: the last step used by the account.
    """
    typed = "".join(character for character in code if character.isdigit())
    present = int(now.timestamp()) // _STEP
    for step in (present - 1, present, present + 1):
        if step > last_step and pyotp.utils.strings_equal(pyotp.TOTP(secret).at(step * _STEP), typed):
            return step
    return None
