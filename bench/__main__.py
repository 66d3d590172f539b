"""``python -m bench``: both servers, one after the other, and their ratios."""

import json
import os
import platform
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import positioning, widget
from bench.load import Figures, long_conversation, together

ROOT = Path(__file__).resolve().parent.parent
STOCK = ROOT / "bench" / "stock"
RESULTS = ROOT / "results"
BIN = Path(sys.executable).parent
PEOPLE, MESSAGES = 16, 40
AIMS = {"per_second": 4.0, "p95": 0.25, "memory": 0.5, "start": 1 / 3}
"""What « as fast as the machine allows » means, as ratios to the stock project."""


@dataclass(frozen=True)
class Measured:
    """Figures of one server."""

    start: float
    """Seconds from launch to the first answer."""
    memory: float
    """Peak of resident memory of all its processes, in MB."""
    alone: Figures
    crowd: Figures
    turn_5: float
    turn_200: float


def launch(command: Sequence[str], environment: dict[str, str], cwd: Path = ROOT) -> subprocess.Popen[bytes]:
    quiet = os.environ | {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    return subprocess.Popen(
        command, cwd=cwd, env=quiet | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def wait_until_it_answers(port: int) -> None:
    body = json.dumps({"sender": "start", "message": "bonjour"}).encode()
    for _ in range(3000):
        try:
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/webhooks/rest/webhook", body, {"Content-Type": "application/json"}
            )
            if json.loads(urllib.request.urlopen(request, timeout=60).read()):
                return
        except (OSError, ValueError):
            pass
        time.sleep(0.05)
    raise TimeoutError(f"rien sur le port {port}")


def peak_memory(processes: Sequence[subprocess.Popen[bytes]]) -> float:
    total = 0
    for process in processes:
        status = Path(f"/proc/{process.pid}/status").read_text()
        total += int(status.split("VmHWM:")[1].split()[0])
    return total / 1024


def measure(port: int, processes: Sequence[subprocess.Popen[bytes]], started: float) -> Measured:
    try:
        wait_until_it_answers(port)
        start = time.perf_counter() - started
        together(port, 1, 20)
        alone = together(port, 1, 100)
        crowd = together(port, PEOPLE, MESSAGES)
        early, late = long_conversation(port)
        return Measured(start, peak_memory(processes), alone, crowd, early, late)
    finally:
        for process in processes:
            process.terminate()
            process.wait(timeout=30)


def ours() -> tuple[Measured, tuple[float, float], widget.WidgetFigures | None]:
    """Measure the assistant; then, on a server of its own, its questionnaire and its widget."""
    measured = ours_alone()
    server = launch(
        [sys.executable, "-m", "bot", "serve"],
        {"PORT": "8055", "DATABASE_URL": f"sqlite:///{RESULTS / 'bench-ours.db'}", "WEB_NEW_PER_MINUTE": "1000"},
    )
    try:
        wait_until_it_answers(8055)
        return measured, positioning.answered(8055), widget.measure("http://127.0.0.1:8055")
    finally:
        server.terminate()
        server.wait(timeout=60)


def ours_alone() -> Measured:
    database = RESULTS / "bench-ours.db"
    database.unlink(missing_ok=True)
    started = time.perf_counter()
    server = launch([sys.executable, "-m", "bot", "serve"], {"PORT": "8055", "DATABASE_URL": f"sqlite:///{database}"})
    return measure(8055, [server], started)


def stock() -> Measured:
    models = RESULTS / "bench-stock-models"
    data = RESULTS / "bench-stock-data"
    data.mkdir(exist_ok=True)
    (data / "rules.yml").write_text((STOCK / "data" / "rules.yml").read_text())
    write_stock_sentences(data / "nlu.yml")
    if not list(models.glob("*.tar.gz")):
        train = [
            str(BIN / "rasa"),
            "train",
            "--config",
            str(STOCK / "config.yml"),
            "--domain",
            str(STOCK / "domain.yml"),
        ]
        launch([*train, "--data", str(data), "--out", str(models)], {}).wait()
    (RESULTS / "bench-stock.db").unlink(missing_ok=True)
    started = time.perf_counter()
    actions = launch([str(BIN / "rasa"), "run", "actions", "--port", "5056"], {}, STOCK)
    run = [str(BIN / "rasa"), "run", "--port", "5065", "--model", str(models)]
    settings = ["--endpoints", str(STOCK / "endpoints.yml"), "--credentials", str(STOCK / "credentials.yml")]
    server = launch([*run, *settings], {})
    return measure(5065, [server, actions], started)


def write_stock_sentences(path: Path) -> None:
    """Give the stock project the project's own sentences for its four intents."""
    from ruamel.yaml import YAML

    wanted = {"greet", "blocs", "certifier", "silent_price"}
    entries = [
        {"intent": entry["intent"], "examples": entry["examples"]}
        for source in sorted((ROOT / "data" / "nlu").glob("*.yml"))
        for entry in YAML(typ="safe").load(source)["nlu"]
        if entry["intent"] in wanted
    ]
    with path.open("w", encoding="utf-8") as file:
        YAML().dump({"version": "3.1", "nlu": entries}, file)


def main() -> None:
    RESULTS.mkdir(exist_ok=True)
    console = Console()
    console.print("Le projet Rasa ordinaire (entraînement la première fois)…")
    other = stock()
    console.print("L'assistant…")
    own, (early, late), page = ours()
    table = Table(
        title=f"{platform.processor() or platform.machine()}, {os.cpu_count()} cœurs, {PEOPLE} personnes à la fois"
    )
    for column in ("", "Rasa ordinaire", "assistant", "rapport", "visé"):
        table.add_column(column, justify="right")
    rows = (
        ("prêt en (s)", other.start, own.start, AIMS["start"]),
        ("mémoire au plus haut (Mo)", other.memory, own.memory, AIMS["memory"]),
        ("une personne, p50 (ms)", other.alone.p50, own.alone.p50, None),
        ("messages par seconde", other.crowd.per_second, own.crowd.per_second, AIMS["per_second"]),
        ("p50 (ms)", other.crowd.p50, own.crowd.p50, None),
        ("p95 (ms)", other.crowd.p95, own.crowd.p95, AIMS["p95"]),
        ("tour 5 (ms)", other.turn_5, own.turn_5, None),
        ("tour 200 (ms)", other.turn_200, own.turn_200, None),
    )
    for name, theirs, mine, aim in rows:
        table.add_row(name, f"{theirs:.1f}", f"{mine:.1f}", f"× {mine / theirs:.2f}", f"× {aim:.2f}" if aim else "")
    table.add_row(
        "tour 200 / tour 5",
        f"× {other.turn_200 / other.turn_5:.2f}",
        f"× {own.turn_200 / own.turn_5:.2f}",
        "",
        "× 1.20",
    )
    table.add_row("positionnement, tour 200 / tour 5", "", f"× {late / early:.2f}", "", "× 1.20")
    console.print(table)
    if page is not None:
        shown = Table(title="La bulle, dans Chromium, sur un processeur ralenti 4 fois")
        for column in ("poids (octets)", "script (ms)", "ouverture (ms)", "première réponse (ms)"):
            shown.add_column(column, justify="right")
        shown.add_row(str(page.weight), f"{page.evaluate:.0f}", f"{page.open:.0f}", f"{page.answer:.0f}")
        console.print(shown)
    (RESULTS / "bench.json").write_text(
        json.dumps(
            {
                "stock": asdict(other),
                "assistant": asdict(own),
                "positioning": [early, late],
                "widget": asdict(page) if page else None,
            },
            indent=2,
        )
        + "\n"
    )


if __name__ == "__main__":
    main()
