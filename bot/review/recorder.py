"""Hand messages over to the process that scrubs and stores them, without making anybody wait."""

import contextlib
import json
import logging
import os
import select
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition, Thread
from typing import IO, cast

from bot.storage.review import Suggestion
from bot.text.lists import plural

logger = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parent.parent.parent
_MODULE = "bot.review.worker"
_FAREWELL = 5.0
"""Seconds given to a worker to end by itself."""


class WorkerError(Exception):
    """The worker failed; its text is the type of the error, and nothing of what was written."""


class WorkerLostError(WorkerError):
    """The worker died or hangs: another one is needed."""


@dataclass(frozen=True)
class Limits:
    """How much is kept waiting, and for how long."""

    pending: int = 1000
    """Messages that wait at most: those beyond are dropped."""
    idle: float = 300
    """Seconds without a message after which the worker is stopped and its memory given back."""
    start: float = 120
    """Seconds given to a worker to load its model."""
    answer: float = 30
    """Seconds given to a worker to store one message."""
    retry: float = 60
    """Seconds during which messages are dropped after a worker could not start."""
    close: float = 20
    """Seconds given to what is pending when the server stops: enough to load the model and store a few."""


class _Worker:
    """The other end of two pipes."""

    def __init__(self, database_url: str, limits: Limits) -> None:
        """Start the process and wait until it is ready.

        Raises:
            WorkerError: it could not start.
        """
        # Found whatever the current folder is, and no thread more than the one that works.
        path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
        # A group of its own, out of reach of Ctrl+C. No error stream: a traceback may quote a text.
        self._process = subprocess.Popen(  # noqa: S603  nothing of what people write is in the command
            [sys.executable, "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
            bufsize=0,
            process_group=0,
        )
        self._requests = cast("IO[bytes]", self._process.stdin)
        self._replies = cast("IO[bytes]", self._process.stdout)
        try:
            # By the pipe and not as an argument, which every user of the machine could read.
            self.ask(database_url, limits.start)
        except WorkerError:
            self.kill()
            raise

    def ask(self, request: object, seconds: float) -> None:
        """Send a request and wait for its reply.

        Raises:
            WorkerLostError: the worker died or did not answer in time.
            WorkerError: the worker could not do what was asked.
        """
        line = memoryview(f"{json.dumps(request)}\n".encode())
        try:
            while line:
                line = line[self._requests.write(line) :]
        except OSError as error:
            raise WorkerLostError(type(error).__name__) from None
        # Not select.select, which refuses the descriptors of a server with a thousand connections.
        waiting = select.poll()
        waiting.register(self._replies, select.POLLIN)
        if not waiting.poll(1000 * seconds):
            raise WorkerLostError("TimeoutError")
        # A reply is short: it comes whole.
        reply = self._replies.readline()
        if not reply.endswith(b"\n"):
            raise WorkerLostError("EOFError")
        if error_type := reply.decode().strip():
            raise WorkerError(error_type)

    @property
    def process_id(self) -> int | None:
        """Identifier of the process, None once it has ended."""
        return self._process.pid if self._process.poll() is None else None

    def stop(self) -> None:
        """Let it end: nothing is pending, since each request waits for its reply."""
        with contextlib.suppress(OSError):
            self._requests.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_FAREWELL)
        self.kill()

    def interrupt(self) -> None:
        """End it from another thread: the one that waits for its reply finds out."""
        self._process.kill()

    def kill(self) -> None:
        """Make sure that it is gone."""
        self._process.kill()
        self._process.wait()
        self._requests.close()
        self._replies.close()


@dataclass(frozen=True)
class _Message:
    text: str = field(repr=False)
    suggestions: tuple[Suggestion, ...]
    reason: str


class ReviewRecorder:
    """Keeps messages for review, scrubbed.

    Scrubbing needs a model that takes seconds to load and hundreds of MB: it is done by one process, started at the
    first message and stopped once idle. What was not scrubbed stays in memory and pipes: it reaches no disk and no
    log. So what is pending is lost if this process is killed (kill -9), which is accepted: these are samples.
    """

    def __init__(self, database_url: str, limits: Limits | None = None) -> None:
        """Start nothing yet.

        Args:
            database_url: SQLAlchemy address of the database.
            limits: sizes and times; the defaults suit a server.
        """
        self._database_url = database_url
        self._limits = limits or Limits()
        self._pending: deque[_Message] = deque()
        self._changed = Condition()
        self._thread: Thread | None = None
        self._worker: _Worker | None = None
        self._closed = False
        self._overflowed = False
        self._retry_at = 0.0

    @property
    def worker_id(self) -> int | None:
        """Identifier of the worker process, None when there is none."""
        worker = self._worker
        return worker.process_id if worker else None

    def record(self, text: str, suggestions: Sequence[Suggestion], reason: str) -> None:
        """Keep a message for review; returns at once.

        Args:
            text: what the candidate wrote.
            suggestions: topics it may be about, with their probabilities.
            reason: why it is kept, in a word of the program's own: it is stored as it is.
        """
        with self._changed:
            if self._closed:
                return
            if len(self._pending) >= self._limits.pending:
                if not self._overflowed:
                    logger.warning("Relecture : trop de messages en attente, les suivants ne sont pas gardés")
                self._overflowed = True
                return
            self._pending.append(_Message(text, tuple(suggestions), reason))
            if self._thread is None:
                self._start()
            self._changed.notify()

    def close(self) -> None:
        """Wait a while for what is pending, then stop the worker; nothing is kept afterwards."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is None:
            return
        self._thread.join(self._limits.close)
        if self._thread.is_alive():
            with self._changed:
                lost = len(self._pending)
                self._pending.clear()
            logger.warning("Relecture : le serveur s'arrête sans garder %s en attente", plural(lost, "message"))
            # One that is still starting ends by itself: it reads our pipe.
            if (worker := self._worker) is not None:
                worker.interrupt()

    def _start(self) -> None:
        thread = Thread(target=self._run, name="review", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            # No thread left on the machine: the reply matters more than the sample.
            logger.error("Relecture : un message n'a pas été gardé (RuntimeError)")  # noqa: TRY400
            self._pending.clear()
        else:
            self._thread = thread

    def _run(self) -> None:
        while True:
            with self._changed:
                woken = self._changed.wait_for(lambda: self._pending or self._closed, self._idle_limit())
                message = self._pending.popleft() if self._pending else None
                closed = self._closed
            if message is not None:
                self._store(message)
            elif closed or not woken:
                self._stop_worker()
            if message is None and closed:
                return

    def _idle_limit(self) -> float | None:
        return self._limits.idle if self._worker else None

    def _store(self, message: _Message) -> None:
        """Pass a message to the worker; if that fails the message is dropped, and the next has a new worker."""
        if self._worker is None and time.monotonic() < self._retry_at:
            return
        try:
            if self._worker is None or self._worker.process_id is None:
                self._stop_worker()
                self._worker = self._started()
            request = {"text": message.text, "suggestions": message.suggestions, "reason": message.reason}
            self._worker.ask(request, self._limits.answer)
        except Exception as error:
            # The type alone: no text in a log.
            kind = str(error) if isinstance(error, WorkerError) else type(error).__name__
            logger.error("Relecture : un message n'a pas été gardé (%s)", kind)  # noqa: TRY400
            if isinstance(error, WorkerLostError) and self._worker is not None:
                self._worker.kill()
                self._worker = None

    def _started(self) -> _Worker:
        try:
            return _Worker(self._database_url, self._limits)
        except Exception:
            self._retry_at = time.monotonic() + self._limits.retry
            raise

    def _stop_worker(self) -> None:
        if self._worker is not None:
            self._worker.stop()
            self._worker = None
