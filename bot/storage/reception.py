"""Where each conversation stands with the reception."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Connection, String, bindparam, delete, select, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.reception.stage import Stage
from bot.storage.conversations import SENDER_LENGTH
from bot.storage.database import Base, Moment


class ReceptionStage(Base):
    """Where a conversation stands; no row when nothing is asked."""

    __tablename__ = "reception_stage"

    sender_id: Mapped[str] = mapped_column(String(SENDER_LENGTH), primary_key=True)
    stage: Mapped[dict[str, Any]] = mapped_column(JSON)
    updated_at: Mapped[datetime] = mapped_column(Moment(), index=True)


_READ = select(ReceptionStage.stage).where(ReceptionStage.sender_id == bindparam("sender"))
_WRITE = text(
    "INSERT INTO reception_stage (sender_id, stage, updated_at) VALUES (:sender, :stage, :now) "
    "ON CONFLICT (sender_id) DO UPDATE SET stage = excluded.stage, updated_at = excluded.updated_at"
).bindparams(bindparam("stage", type_=JSON), bindparam("now", type_=Moment()))


def read(connection: Connection, sender_id: str) -> Stage:
    """Return where a conversation stands."""
    stored = connection.execute(_READ, {"sender": sender_id}).scalar_one_or_none()
    return Stage.from_dict(stored) if stored else Stage()


def write(connection: Connection, sender_id: str, stage: Stage, now: datetime) -> None:
    """Keep where a conversation stands."""
    if stage == Stage():
        forget(connection, sender_id)
    else:
        connection.execute(_WRITE, {"sender": sender_id, "stage": stage.as_dict(), "now": now})


def forget(connection: Connection, sender_id: str) -> None:
    """Forget where a conversation stands."""
    connection.execute(delete(ReceptionStage).where(ReceptionStage.sender_id == sender_id))


def purge(connection: Connection, before: datetime) -> None:
    """Forget the conversations that did not move since a moment."""
    connection.execute(delete(ReceptionStage).where(ReceptionStage.updated_at < before))
