"""Self-positioning: attempts, answers, places of conversations, copies given to the team."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _attempt_id() -> "sa.Column[str]":
    target = sa.ForeignKey("positioning_attempt.id", ondelete="CASCADE")
    return sa.Column("attempt_id", sa.String(32), target, primary_key=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "positioning_content",
        sa.Column("version", sa.String(16), primary_key=True),
        sa.Column("content", sa.JSON, nullable=False),
    )
    op.create_table(
        "positioning_attempt",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("code", sa.String(9), nullable=False, unique=True),
        sa.Column("path", sa.String(8), nullable=False),
        sa.Column("scope", sa.JSON, nullable=False),
        sa.Column("version", sa.String(16), sa.ForeignKey("positioning_content.version"), nullable=False),
        sa.Column("previous_id", sa.String(32), sa.ForeignKey("positioning_attempt.id", ondelete="SET NULL")),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )
    op.create_table(
        "positioning_answer",
        _attempt_id(),
        sa.Column("item", sa.String(16), primary_key=True),
        sa.Column("level", sa.String(8)),
        sa.Column("story", sa.Text, nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "positioning_stage",
        sa.Column("sender_id", sa.String(255), primary_key=True),
        sa.Column("stage", sa.JSON, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )
    op.create_table(
        "positioning_share",
        _attempt_id(),
        sa.Column("shared_on", sa.Date, nullable=False),
        sa.Column("booklet", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables, those that point to others first."""
    for table in ("share", "stage", "answer", "attempt", "content"):
        op.drop_table(f"positioning_{table}")
