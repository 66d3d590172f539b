"""Measure how well candidates are understood.

``python -m evaluation`` writes ``results/comprehension.html`` and ``.json`` for the held-out messages and prints
the figures. ``--tuning`` measures the messages that thresholds are chosen on instead; ``--keep`` makes the
figures the new baseline; ``--check`` fails when a figure fell by more than a point since the baseline.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.settings import ROOT
from evaluation import report
from evaluation.figures import evaluate
from evaluation.message_sets import HELD_OUT, TUNING
from evaluation.run import Understander

BASELINE = Path(__file__).parent / "baseline.json"
RESULTS = ROOT / "results"


def _baseline() -> dict[str, Any]:
    return dict(json.loads(BASELINE.read_text(encoding="utf-8"))) if BASELINE.exists() else {}


def _table(figures: dict[str, Any], baseline: dict[str, Any]) -> Table:
    table = Table("Mesure", "Chiffre", "But", "Référence", box=None)
    for row in report.rows(figures, baseline):
        colour = "red" if row.short else "default"
        aim = f"{row.sign} {row.aim:g}{row.unit}" if row.aim is not None else ""
        before = f"{row.before:.1f}{row.unit}" if row.before is not None else "–"
        table.add_row(row.label, f"[{colour}]{row.value:.1f}{row.unit}[/]", aim, before)
    return table


def main() -> int:
    """Measure, write the report, print the figures; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evaluation", description="Mesure la compréhension.")
    parser.add_argument("--tuning", action="store_true", help="mesure les messages de réglage et non ceux tenus à part")
    parser.add_argument("--keep", action="store_true", help="garde ces chiffres comme nouvelle référence")
    parser.add_argument("--check", action="store_true", help="échoue si un chiffre a perdu plus d'un point")
    chosen = parser.parse_args()

    folder, name = (TUNING, "Messages de réglage") if chosen.tuning else (HELD_OUT, "Messages tenus à part")
    evaluation = evaluate(Understander(), folder)
    figures = evaluation.figures()
    baseline = {} if chosen.tuning else _baseline()
    stem = "comprehension-reglage" if chosen.tuning else "comprehension"
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{stem}.json").write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (RESULTS / f"{stem}.html").write_text(report.page(name, evaluation, figures, baseline), encoding="utf-8")
    console = Console()
    console.print(_table(figures, baseline))
    console.print(f"Rapport : results/{stem}.html")
    if chosen.keep and not chosen.tuning:
        # The time depends on the machine: it is shown, and not kept.
        kept = {name: value for name, value in figures.items() if name not in ("parse_ms", "reliability")}
        BASELINE.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fallen = report.drops(figures, baseline) if chosen.check else []
    for line in fallen:
        console.print(f"[red]Baisse :[/] {line}")
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
