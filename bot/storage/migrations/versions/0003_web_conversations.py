"""Conversations of the web page, with what was said."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "web_conversation",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )
    target = sa.ForeignKey("web_conversation.id", ondelete="CASCADE")
    op.create_table(
        "web_message",
        sa.Column("conversation_id", sa.String(64), target, primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("exchange", sa.String(64), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_web_message_exchange", "web_message", ["conversation_id", "exchange"])


def downgrade() -> None:
    """Drop both."""
    op.drop_table("web_message")
    op.drop_table("web_conversation")
