"""The report: figures against their aims and the committed baseline, pictures, and every miss."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from evaluation import pictures
from evaluation.figures import Evaluation
from evaluation.measures import all_answered, confusions
from evaluation.message_sets import REGISTERS

_STANDARD, _NOISY = 97.0, 92.0

AIMS: Mapping[str, float] = {f"accuracy.{r}": _STANDARD if r == "standard" else _NOISY for r in REGISTERS} | {
    "out_of_scope_recall.far_and_silent": 95.0,
    "competency_first": 60.0,
    "competency_offered": 80.0,
}
"""Least figures, in percent."""
MOST: Mapping[str, float] = {"wrongly_refused": 3.0, "parse_ms": 6.0}
"""Greatest figures."""

LABELS: Mapping[str, str] = {f"accuracy.{register}": f"Bien compris : {register}" for register in REGISTERS} | {
    "accuracy_overall": "Bien compris : tous registres",
    "wrongly_refused": "Questions écartées à tort",
    "not_understood": "Questions non comprises (le bot propose des sujets)",
    "out_of_scope_recall.far_and_silent": "Hors sujet et sujets muets : reconnus",
    "out_of_scope_recall.far": "… loin du titre",
    "out_of_scope_recall.silent": "… sujets sur lesquels la fiche se tait",
    "out_of_scope_recall.near": "Autres titres et questions voisines : reconnus (à part)",
    "silent_topic": "Sujet muet : le bon sujet",
    "several_answered": "Plusieurs questions : toutes répondues, dans l'ordre",
    "one_answered": "Une seule question dans un long message : répondue",
    "competency_first": "Compétence par le sens : première",
    "competency_offered": "Compétence par le sens : parmi les trois proposées",
    "mentions": "Ce que le message nomme, retrouvé en entier",
    "calibration_error": "Erreur de calibration (points)",
    "parse_ms": "Compréhension d'un message, médiane (ms)",
}
_NOT_PERCENT = {"calibration_error", "parse_ms"}

COMPARED = tuple(name for name in LABELS if name not in _NOT_PERCENT)
"""Figures that may not fall by more than a point."""
_WORSE_WHEN_HIGHER = {"wrongly_refused", "not_understood"}


_ONE_MESSAGE: Mapping[str, float] = {f"accuracy.{register}": 2.0 for register in REGISTERS} | {
    "several_answered": 2.0,
    "one_answered": 3.5,
}
"""What one message is worth, in points, where a set is small: a single message is no drop."""


@dataclass(frozen=True)
class Row:
    """One line of the table of figures."""

    label: str
    value: float
    unit: str
    sign: str
    aim: float | None
    before: float | None
    short: bool


def figure(figures: Mapping[str, Any], name: str) -> float | None:
    """Return a figure by its dotted name, or None when it was not measured."""
    value: Any = figures
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return None if value is None else float(value)


def drops(figures: Mapping[str, Any], baseline: Mapping[str, Any], allowed: float = 1.0) -> list[str]:
    """Return, in French, the figures that are worse than the baseline by more than what is allowed (points)."""
    found = []
    for name in COMPARED:
        now, before = figure(figures, name), figure(baseline, name)
        if now is None or before is None:
            continue
        worse = now - before if name in _WORSE_WHEN_HIGHER else before - now
        if worse > max(allowed, _ONE_MESSAGE.get(name, 0.0)):
            found.append(f"{LABELS[name]} : {before:.1f} % → {now:.1f} %")
    return found


def rows(figures: Mapping[str, Any], baseline: Mapping[str, Any]) -> list[Row]:
    """Return the table of figures."""
    found = []
    for name, label in LABELS.items():
        value = figure(figures, name)
        if value is None:
            continue
        least, most = AIMS.get(name), MOST.get(name)
        short = (least is not None and value < least) or (most is not None and value > most)
        sign = "≥" if least is not None else "≤" if most is not None else ""
        unit = "" if name in _NOT_PERCENT else " %"
        aim = least if least is not None else most
        found.append(Row(label, value, unit, sign, aim, figure(baseline, name), short))
    return found


def page(name: str, evaluation: Evaluation, figures: Mapping[str, Any], baseline: Mapping[str, Any]) -> str:
    """Render the report."""
    environment = Environment(loader=FileSystemLoader(Path(__file__).parent / "pages"), autoescape=True)
    environment.filters["number"] = lambda value: f"{value:.1f}".replace(".", ",")
    outcomes = [*evaluation.in_scope, *evaluation.out_of_scope]
    pairs = [(o.expected[0] if not o.right else o.topics[0], " + ".join(o.topics)) for o in outcomes]
    drawn = {
        "registers": pictures.registers(figures["accuracy"], {r: AIMS[f"accuracy.{r}"] for r in REGISTERS}),
        "reliability": pictures.reliability(figures["reliability"]),
        "confusion": pictures.confusion(pairs),
    }
    return environment.get_template("report.html").render(
        name=name,
        figures=figures,
        rows=rows(figures, baseline),
        pictures=drawn,
        confusions=confusions(outcomes),
        several=[c for c in evaluation.several if not all_answered(c.questions, c.topics)],
        searches=[f for f in evaluation.searches if not f.offered or f.offered[0] not in f.expected],
        named=[n for n in evaluation.named if not set(n[1]) <= set(n[2])],
    )
