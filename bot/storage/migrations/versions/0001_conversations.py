"""Conversations and messages to review: the tables that were there before migrations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create what is missing: a database older than the migrations has these tables."""
    present = set(sa.inspect(op.get_bind()).get_table_names())
    if "conversation" not in present:
        op.create_table(
            "conversation",
            sa.Column("sender_id", sa.String(255), primary_key=True),
            sa.Column("slots", sa.JSON, nullable=False),
            sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, index=True),
        )
    if "message_to_review" not in present:
        op.create_table(
            "message_to_review",
            sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
            sa.Column("digest", sa.String(64), nullable=False, unique=True),
            sa.Column("text", sa.Text, nullable=False),
            sa.Column("suggestions", sa.JSON, nullable=False),
            sa.Column("reason", sa.String(64), nullable=False),
            sa.Column("times", sa.Integer, nullable=False),
            sa.Column("created_at", sa.Date, nullable=False, index=True),
        )


def downgrade() -> None:
    """Drop both."""
    op.drop_table("message_to_review")
    op.drop_table("conversation")
