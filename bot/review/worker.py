"""The process that scrubs and stores: ``python -m bot.review.worker``, started by ``bot.review.recorder``.

It reads JSON lines: the address of the database, then one message a line. It answers each with a line of its own:
an empty one, or the type of the error. It lives as long as its standard input: when the parent closes it or dies,
however that happens, the reading ends and so does the process.
"""

import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import IO, Any

from sqlalchemy import Engine

from bot.review.scrubbing import EntityFinder, default_scrubber
from bot.storage import review
from bot.storage.database import open_database

_NICENESS = 10
"""The answers come first: scrubbing takes what they leave of the processor."""


def main() -> None:
    """Serve the parent until it is gone."""
    # Asked to stop with the server (Ctrl+C, systemd): it first stores what the server still has for it.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.SIG_IGN)
    # A core dump would write to disk what was not scrubbed.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(_NICENESS)
    serve(sys.stdin, sys.stdout, load_entities)


def load_entities() -> EntityFinder:
    """Load spaCy, then its model."""
    # Not with this module: importing spaCy takes seconds, and the answers come first there too.
    from bot.review.french_entities import FrenchEntities

    return FrenchEntities.load()


def serve(requests: Iterable[str], replies: IO[str], load: Callable[[], EntityFinder]) -> None:
    """Answer each request once it is stored, or failed: the first opens the database, the others are messages."""
    lines = iter(requests)
    try:
        engine = open_database(json.loads(next(lines)))
        entities = load()
    except Exception as error:
        # The type alone: a message could quote the address of the database.
        _reply(replies, type(error).__name__)
        return
    _reply(replies, "")
    for line in lines:
        try:
            store(engine, json.loads(line), entities)
        except Exception as error:
            _reply(replies, type(error).__name__)
        else:
            _reply(replies, "")


def store(engine: Engine, message: Mapping[str, Any], entities: EntityFinder) -> None:
    """Scrub one message and store it, if it still says something."""
    scrubber = default_scrubber()
    scrubbed = scrubber.scrub(message["text"], entities)
    if not scrubber.has_words(scrubbed):
        return
    with engine.begin() as connection:
        review.add(connection, scrubbed, message["suggestions"], message["reason"], datetime.now(UTC).date())


def _reply(replies: IO[str], error: str) -> None:
    replies.write(f"{error}\n")
    replies.flush()


if __name__ == "__main__":
    main()
