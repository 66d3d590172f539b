"""The team: accounts, information sessions, requests to be called back, additions, measures."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_MOMENT = sa.DateTime(timezone=True)


def _text(name: str, length: int, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), **{"nullable": False, **options})


def _moment(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, _MOMENT, **{"nullable": False, **options})


def _of(name: str, target: str, length: int, **options: Any) -> sa.Column[str]:
    """Return the column of what goes with another row."""
    return sa.Column(
        name, sa.String(length), sa.ForeignKey(target, ondelete="CASCADE"), **{"nullable": False, **options}
    )


def upgrade() -> None:
    """Create the tables."""
    _accounts()
    _info_sessions()
    _requests()
    _additions()
    op.create_table(
        "turn_measure",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("day", sa.Date, nullable=False, index=True),
        _text("person", 16),
        _text("channel", 32),
        _text("topic", 64),
        sa.Column("understood", sa.Boolean, nullable=False),
        sa.Column("milliseconds", sa.Integer, nullable=False),
        sa.Column("info_session_id", sa.String(32), nullable=True, index=True),
    )
    op.create_table(
        "answer_feedback",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("day", sa.Date, nullable=False, index=True),
        _text("topic", 64),
        sa.Column("helped", sa.Boolean, nullable=False),
        _text("channel", 32),
    )


def _accounts() -> None:
    op.create_table(
        "staff_account",
        _text("id", 32, primary_key=True),
        _text("email", 254, unique=True),
        _text("name", 80),
        _text("role", 16),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        _text("totp_secret", 64, nullable=True),
        sa.Column("totp_step", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        _moment("locked_until", nullable=True),
        _moment("created_at"),
    )
    op.create_table(
        "staff_session",
        _text("id", 64, primary_key=True),
        _of("account_id", "staff_account.id", 32, index=True),
        _text("csrf", 64),
        _moment("created_at"),
        _moment("used_at", index=True),
    )
    op.create_table(
        "staff_journal",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        _moment("at", index=True),
        _text("account_id", 32),
        _text("account_name", 80),
        _text("action", 40),
        _text("subject", 120),
    )


def _info_sessions() -> None:
    op.create_table(
        "info_session",
        _text("id", 32, primary_key=True),
        _text("code", 8, unique=True),
        _text("title", 120),
        _moment("starts_at", index=True),
        sa.Column("minutes", sa.Integer, nullable=False),
        _text("place", 200),
        _text("video_url", 500),
        sa.Column("seats", sa.Integer, nullable=False),
        sa.Column("public", sa.Boolean, nullable=False),
        sa.Column("cancelled", sa.Boolean, nullable=False),
        _text("note", 500),
        sa.Column("owner_id", sa.String(32), sa.ForeignKey("staff_account.id", ondelete="SET NULL"), nullable=True),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("demo", sa.Boolean, nullable=False),
    )
    op.create_table(
        "enrolment",
        _text("id", 32, primary_key=True),
        _of("info_session_id", "info_session.id", 32, index=True),
        sa.Column("rank", sa.Integer, nullable=False),
        _text("code", 10, unique=True),
        _text("sender_id", 255, index=True),
        _text("first_name", 40),
        _text("contact", 120),
        _text("state", 10),
        sa.Column("present", sa.Boolean, nullable=True),
        _text("reminder", 10),
        _moment("enrolled_at"),
    )
    op.create_table(
        "info_session_member",
        _of("info_session_id", "info_session.id", 32, primary_key=True),
        _text("sender_id", 255, primary_key=True, index=True),
        _moment("joined_at"),
    )


def _requests() -> None:
    op.create_table(
        "reception_stage",
        _text("sender_id", 255, primary_key=True),
        sa.Column("stage", sa.JSON, nullable=False),
        _moment("updated_at", index=True),
    )
    op.create_table(
        "callback_request",
        _text("id", 32, primary_key=True),
        _text("sender_id", 255, index=True),
        _text("first_name", 40),
        _text("contact", 120),
        _text("state", 10),
        sa.Column("taken_by", sa.String(32), sa.ForeignKey("staff_account.id", ondelete="SET NULL"), nullable=True),
        _moment("created_at"),
        _moment("updated_at", index=True),
    )
    op.create_table(
        "callback_message",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        _of("request_id", "callback_request.id", 32, index=True),
        _text("author", 80),
        sa.Column("text", sa.Text, nullable=False),
        _text("key", 80),
        _moment("at"),
    )
    op.create_table(
        "messaging_address",
        _text("sender_id", 255, primary_key=True),
        _text("person", 255),
        _moment("kept_at", index=True),
    )


def _additions() -> None:
    op.create_table(
        "complement",
        _text("id", 32, primary_key=True),
        _text("topic", 64),
        _text("question", 300),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("demo", sa.Boolean, nullable=False),
    )
    op.create_table(
        "complement_version",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        _of("complement_id", "complement.id", 32, index=True),
        sa.Column("text", sa.Text, nullable=False),
        _text("source", 200),
        sa.Column("source_date", sa.Date, nullable=False),
        _text("link", 500),
        sa.Column("valid_until", sa.Date, nullable=True),
        _text("author", 80),
        _moment("at"),
    )
    op.create_table(
        "complement_example",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        _of("complement_id", "complement.id", 32, index=True),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "review_decision",
        _of("digest", "message_to_review.digest", 64, primary_key=True),
        _text("decision", 12),
        _text("topic", 64),
        _text("author", 80),
        _moment("at"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table_name in (
        "review_decision",
        "complement_example",
        "complement_version",
        "complement",
        "messaging_address",
        "callback_message",
        "callback_request",
        "reception_stage",
        "info_session_member",
        "enrolment",
        "info_session",
        "staff_journal",
        "staff_session",
        "staff_account",
        "answer_feedback",
        "turn_measure",
    ):
        op.drop_table(table_name)
