"""The placeholder of TensorFlow, in a process of its own."""

import subprocess
import sys

from tests.conftest import ROOT

START = "from bot.engine.without_tensorflow import leave_tensorflow_out; leave_tensorflow_out()\n"


def run(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-c", START + code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_rasa_is_imported_without_it() -> None:
    done = run("import rasa.core.agent, sys; print(hasattr(sys.modules.get('tensorflow'), '__file__'))")
    assert done.stdout.strip().endswith("False"), done.stderr


def test_using_it_says_what_to_do() -> None:
    done = run("import tensorflow as tf\nclass Layer(tf.keras.layers.Layer): pass\nLayer()")
    assert done.returncode == 1
    assert "TENSORFLOW=true" in done.stderr
