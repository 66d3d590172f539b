"""The booklet of an attempt that is kept: reads it, and what it is compared with."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from bot.positioning.booklet import Booklet
from bot.positioning.guide import Guide
from bot.storage import positionings


def kept_booklet(database: Engine, guide: Guide, attempt_id: str) -> Booklet | None:
    """Return the booklet of an attempt as it is now, or None when there is no such attempt."""
    with database.connect() as connection:
        attempt = positionings.read_attempt(connection, attempt_id)
        if attempt is None:
            return None
        earlier = positionings.read_attempt(connection, attempt.previous) if attempt.previous else None
        changed = attempt.version != guide.questionnaire.version
        content = positionings.read_content(connection, attempt.version) if changed else None
    return guide.results.booklet(attempt, datetime.now(UTC).astimezone().date(), earlier, content)
