"""Nothing is sent to anybody, whatever way Python is started from the project."""

import os
import subprocess
import sys


def test_rasas_telemetry_is_off_without_any_setting() -> None:
    bare = {name: value for name, value in os.environ.items() if name != "RASA_TELEMETRY_ENABLED"}
    code = "from rasa import telemetry; print(telemetry.is_telemetry_enabled())"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], env=bare, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip().endswith("False"), done.stdout
