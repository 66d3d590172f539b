"""Settings of the server, read from the environment or a ``.env`` file, in one place."""

import os
import secrets
from functools import lru_cache
from pathlib import Path

from dotenv import dotenv_values
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Every setting, with the value that needs nothing installed."""

    model_config = SettingsConfigDict(env_file=ROOT / ".env", extra="ignore")

    host: str = "127.0.0.1"
    """HOST: address to listen on."""
    port: int = Field(8000, ge=1, le=65535)
    """PORT: TCP port to listen on."""
    database_url: str = f"sqlite:///{ROOT / 'var' / 'etaie.db'}"
    """DATABASE_URL: SQLAlchemy address of the database."""
    public_url: str = ""
    """PUBLIC_URL: address of the server in the links given to people; HOST and PORT by default."""
    redis_url: str = ""
    """REDIS_URL: when set, conversations are locked in Redis, so that several servers may share them."""
    models: Path = ROOT / "models"
    """MODELS: folder of the trained models."""
    credentials: Path = ROOT / "credentials.yml"
    """CREDENTIALS: file of the messaging services."""
    secret_key: str = ""
    """SECRET_KEY: signs the buttons. When empty, a key is made once and kept in var/."""
    tensorflow: bool = False
    """TENSORFLOW: load TensorFlow in the server; needed only if config.yml uses a component built on it."""
    retention_days: int = Field(30, ge=1)
    """RETENTION_DAYS: a conversation that was not used for so many days is erased."""
    web_retention_days: int = Field(30, ge=1)
    """WEB_RETENTION_DAYS: a conversation of the web page that was not used for so many days is erased."""
    web_rate_per_minute: int = Field(40, ge=1)
    """WEB_RATE_PER_MINUTE: messages that a conversation of the web page may send in a minute."""
    web_new_per_minute: int = Field(20, ge=1)
    """WEB_NEW_PER_MINUTE: conversations that an address may begin in a minute."""
    widget_origins: str = ""
    """WIDGET_ORIGINS: sites that may embed the widget, separated by commas (``https://exemple.fr``)."""
    positioning_retention_days: int = Field(365, ge=1)
    """POSITIONING_RETENTION_DAYS: the answers of a questionnaire that was not used for so many days are erased."""
    review: bool = True
    """REVIEW: keep the messages that were not understood, scrubbed, for the team to review."""
    review_retention_days: int = Field(90, ge=1)
    """REVIEW_RETENTION_DAYS: a message kept for review (scrubbed) is erased so many days after its first day."""

    @staticmethod
    def environment() -> dict[str, str]:
        """Return the variables of the ``.env`` file and of the process: the secrets of ``credentials.yml``."""
        written = {name: value or "" for name, value in dotenv_values(ROOT / ".env").items()}
        return written | dict(os.environ)

    @property
    def origins(self) -> tuple[str, ...]:
        """Sites that may embed the widget."""
        return tuple(origin.strip().rstrip("/") for origin in self.widget_origins.split(",") if origin.strip())

    @property
    def public_address(self) -> str:
        """Address of the links given to people, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings, read once."""
    return Settings()


def signing_key(chosen: Settings) -> bytes:
    """Return the key that signs buttons; make and keep one if none is set."""
    if chosen.secret_key:
        return chosen.secret_key.encode()
    path = ROOT / "var" / "secret.key"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        key = secrets.token_bytes(32)
        path.touch(mode=0o600)
        path.write_bytes(key)
        return key
