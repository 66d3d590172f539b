"""Messages reach a real database by a real worker, scrubbed; nothing else of them goes anywhere."""

import io
import json
import logging
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from bot.review.recorder import Limits, ReviewRecorder
from bot.review.worker import serve
from bot.storage.database import open_database
from bot.storage.review import Reviewed, list_since
from tests.conftest import ROOT, START_LIMIT, wait_for

SECRET = "Zoubida Grandidier"
SAID = f"bonjour je m'appelle {SECRET} c koi les blok, mon tel 06 12 34 56 78"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/base.db"


@pytest.fixture
def recorder(url: str) -> Iterator[ReviewRecorder]:
    # A busy machine is no fault.
    made = ReviewRecorder(url, Limits(close=START_LIMIT))
    yield made
    made.close()


def stored(url: str) -> list[Reviewed]:
    engine = open_database(url)
    with engine.connect() as connection:
        found = list_since(connection)
    engine.dispose()
    return found


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_message_is_stored_scrubbed(url: str, recorder: ReviewRecorder, tmp_path: Path) -> None:
    started = time.perf_counter()
    recorder.record(SAID, [("blocs", 0.6), ("bloc_detail", 0.2)], "repli")
    assert time.perf_counter() - started < 0.1
    recorder.record("[nom] 06 12 34 56 78", [], "repli")
    recorder.record(SAID, [], "repli")
    recorder.close()
    (only,) = stored(url)
    assert only.text == "bonjour je m'appelle [nom] c koi les blok, mon tel [téléphone]"
    assert (only.times, only.reason) == (2, "repli")
    assert only.suggestions == (("blocs", 0.6), ("bloc_detail", 0.2))
    assert all(b"Zoubida" not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_nothing_is_started_before_the_first_message(recorder: ReviewRecorder) -> None:
    before = threading.active_count()
    assert recorder.worker_id is None
    recorder.close()
    assert threading.active_count() == before


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_worker_ends_with_close_and_not_by_itself(url: str, recorder: ReviewRecorder, stop: signal.Signals) -> None:
    recorder.record("c koi les blok", [], "repli")
    wait_for(lambda: len(stored(url)) == 1, "le message")
    worker = recorder.worker_id
    assert worker is not None
    assert os.getpgid(worker) != os.getpgid(0)
    os.kill(worker, stop)
    recorder.record("cb de jurys", [], "repli")
    wait_for(lambda: len(stored(url)) == 2, "le second message")
    assert recorder.worker_id == worker
    recorder.close()
    assert not is_running(worker)
    recorder.record("trop tard", [], "repli")
    assert len(stored(url)) == 2


def test_a_dead_worker_is_replaced(url: str, recorder: ReviewRecorder) -> None:
    recorder.record("c koi les blok", [], "repli")
    wait_for(lambda: len(stored(url)) == 1, "le message")
    first = recorder.worker_id
    assert first is not None
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: not is_running(first), "la fin")
    recorder.record("cb de jurys", [], "repli")
    recorder.close()
    assert {message.text for message in stored(url)} == {"c koi les blok", "cb de jurys"}


def test_an_idle_worker_is_stopped_then_started_again(url: str) -> None:
    recorder = ReviewRecorder(url, Limits(idle=0.3, close=START_LIMIT))
    recorder.record("c koi les blok", [], "repli")
    wait_for(lambda: recorder.worker_id is not None, "le travailleur")
    worker = recorder.worker_id
    assert worker is not None
    wait_for(lambda: not is_running(worker), "son arrêt")
    recorder.record("cb de jurys", [], "repli")
    recorder.close()
    assert len(stored(url)) == 2


def test_beyond_the_limit_messages_are_dropped_and_it_is_said_once(url: str, caplog: pytest.LogCaptureFixture) -> None:
    recorder = ReviewRecorder(url, Limits(pending=2, close=START_LIMIT))
    for rank in range(50):
        recorder.record(f"{SECRET} blok numero {rank}", [], "repli")
    recorder.close()
    # One may be in the hands of the thread besides the two that wait.
    assert 2 <= len(stored(url)) <= 3
    assert len(caplog.records) == 1
    assert "Grandidier" not in caplog.text


def test_closing_does_not_wait_for_a_worker_that_hangs(url: str, caplog: pytest.LogCaptureFixture) -> None:
    recorder = ReviewRecorder(url, Limits(close=0.5))
    recorder.record("c koi les blok", [], "repli")
    wait_for(lambda: len(stored(url)) == 1, "le message")
    worker = recorder.worker_id
    assert worker is not None
    os.kill(worker, signal.SIGSTOP)
    for _ in range(3):
        recorder.record(SAID, [], "repli")
    started = time.monotonic()
    recorder.close()
    assert time.monotonic() - started < 5
    wait_for(lambda: not is_running(worker), "la fin du travailleur")
    assert len(stored(url)) == 1
    assert "sans garder 2 messages en attente" in caplog.text
    assert "Grandidier" not in caplog.text


def test_closing_does_not_wait_for_a_worker_that_starts(url: str) -> None:
    recorder = ReviewRecorder(url, Limits(close=0.1))
    recorder.record(SAID, [], "repli")
    started = time.monotonic()
    recorder.close()
    assert time.monotonic() - started < 1


def test_a_server_with_many_connections_stores_too(url: str, recorder: ReviewRecorder) -> None:
    # `select` refuses descriptors from 1024 on.
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, limit[1]), limit[1]))
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    try:
        recorder.record("c koi les blok", [], "repli")
        recorder.close()
    finally:
        for descriptor in held:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, limit)
    assert len(stored(url)) == 1


def test_no_thread_left_is_no_error_for_who_writes(
    url: str, recorder: ReviewRecorder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as busy:
        busy.setattr(threading.Thread, "start", refused)
        recorder.record(SAID, [], "repli")
    assert "Grandidier" not in caplog.text
    recorder.record("c koi les blok", [], "repli")
    recorder.close()
    assert [message.text for message in stored(url)] == ["c koi les blok"]


def test_a_worker_that_cannot_start_is_logged_without_text(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    recorder = ReviewRecorder(f"sqlite:///{tmp_path}", Limits(close=START_LIMIT))
    for _ in range(5):
        recorder.record(SAID, [], "repli")
    started = time.monotonic()
    recorder.close()
    assert time.monotonic() - started < 30, "chaque message a relancé un processus"
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR] == [
        "Relecture : un message n'a pas été gardé (OperationalError)"
    ]
    said = capfd.readouterr()
    assert "Grandidier" not in caplog.text + said.out + said.err


def test_a_message_that_fails_says_its_type_and_the_next_is_stored(url: str) -> None:
    def failing(text: str) -> Iterable[object]:
        if "boum" in text:
            raise RuntimeError(text)
        return ()

    lines = [json.dumps(url)] + [
        json.dumps({"text": said, "suggestions": [], "reason": "repli"}) for said in (f"boum {SECRET}", "c koi")
    ]
    replies = io.StringIO()
    serve(lines, replies, lambda: failing)  # type: ignore[arg-type, return-value]
    assert replies.getvalue() == "\nRuntimeError\n\n"
    assert [message.text for message in stored(url)] == ["c koi"]


def test_the_worker_dies_with_its_parent(url: str, tmp_path: Path) -> None:
    program = (
        "import sys, time\n"
        "from bot.review.recorder import ReviewRecorder\n"
        "recorder = ReviewRecorder(sys.argv[1])\n"
        "recorder.record('c koi les blok', [], 'repli')\n"
        "while recorder.worker_id is None: time.sleep(0.05)\n"
        "print(recorder.worker_id, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, url], cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        assert is_running(worker)
        parent.kill()
    wait_for(lambda: not is_running(worker), "la fin du travailleur")


def test_the_worker_imports_neither_rasa_nor_tensorflow() -> None:
    program = (
        "import sys, bot.review.worker as worker, bot.review.recorder\n"
        "worker.load_entities()\n"
        "print(sorted({name.split('.')[0] for name in sys.modules}))\n"
    )
    loaded = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "'spacy'" in loaded.stdout
    assert not [name for name in ("rasa", "rasa_sdk", "tensorflow", "fastapi") if f"'{name}'" in loaded.stdout]
