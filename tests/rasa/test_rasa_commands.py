"""Rasa's own commands, run in the project as Rasa people run them."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pexpect

from tests.conftest import ROOT, wait_for

RASA = str(Path(sys.executable).parent / "rasa")


def rasa(*arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONWARNINGS": "ignore",
    }
    return subprocess.run(
        [RASA, *arguments],
        cwd=ROOT,
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )


def test_data_validate() -> None:
    done = rasa("data", "validate", "--fail-on-warnings", "--data", "data")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "is not used" not in done.stdout + done.stderr


def test_core(tmp_path: Path) -> None:
    done = rasa("test", "core", "--stories", "tests/rasa", "--fail-on-prediction-errors", "--out", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr


def test_nlu(tmp_path: Path) -> None:
    done = rasa("test", "nlu", "--nlu", "tests/rasa/test_nlu.yml", "--out", str(tmp_path), "--no-plot")
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((tmp_path / "intent_report.json").read_text())
    assert report["accuracy"] == 1.0, report


def test_shell_nlu() -> None:
    done = rasa("shell", "nlu", stdin="quels sont les blocs\n/stop\n")
    assert '"name": "blocs"' in done.stdout, done.stdout + done.stderr


def test_run_actions_and_shell(tmp_path: Path) -> None:
    """`rasa run actions` in one terminal, `rasa shell` in the other, with the project's endpoints.yml."""
    environment = os.environ | {"RASA_TELEMETRY_ENABLED": "false", "DATABASE_URL": f"sqlite:///{tmp_path}/shell.db"}
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", 5055)) != 0, "le port 5055 est déjà pris"
    actions = subprocess.Popen(
        [RASA, "run", "actions"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(lambda: _healthy("http://127.0.0.1:5055/health"), "rasa run actions")
        shell = pexpect.spawn(RASA, ["shell"], cwd=str(ROOT), env=environment, encoding="utf-8", timeout=90)
        shell.expect("Your input")
        shell.sendline("comment est évalué le bloc 1")
        shell.expect("BC01")
        shell.close(force=True)
    finally:
        actions.send_signal(signal.SIGTERM)
        actions.wait(timeout=30)


def _healthy(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code == 200
    except httpx.TransportError:
        return False
