"""Pictures of the report, as SVG text."""

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "etaie"
mpl.rcParams["font.size"] = 9

_INK = "#1f3a5f"
_SOFT = "#c9d6e6"


def _svg(figure: Figure) -> str:
    out = StringIO()
    figure.savefig(out, format="svg", bbox_inches="tight", metadata={"Date": None})
    return out.getvalue().split("<!DOCTYPE", 1)[-1].split(">", 1)[-1]


def registers(accuracy: Mapping[str, float], aims: Mapping[str, float]) -> str:
    """Draw the accuracy of each register beside its aim."""
    figure = Figure(figsize=(7, 2.8))
    axes = figure.add_subplot()
    names = list(accuracy)
    axes.barh(names, list(accuracy.values()), color=_INK, height=0.6)
    for i, name in enumerate(names):
        axes.plot([aims[name]] * 2, [i - 0.4, i + 0.4], color="#c0392b", linewidth=2)
        axes.text(accuracy[name] + 0.3, i, f"{accuracy[name]:.1f}".replace(".", ","), va="center")
    axes.set_xlim(60, 104)
    axes.invert_yaxis()
    axes.set_xlabel("% de messages bien compris (trait rouge : but)")
    axes.spines[["top", "right"]].set_visible(False)
    return _svg(figure)


def reliability(bars: Sequence[Mapping[str, Any]]) -> str:
    """Draw how often the likeliest topic is right, by how sure the classifier says it is."""
    figure = Figure(figsize=(4.2, 4.2))
    grid = figure.add_gridspec(2, 1, height_ratios=[3, 1])
    upper = figure.add_subplot(grid[0])
    lower = figure.add_subplot(grid[1], sharex=upper)
    held = [bar for bar in bars if bar["count"]]
    upper.plot([0, 1], [0, 1], color="#888", linestyle="--", linewidth=1)
    upper.plot([b["confidence"] for b in held], [b["accuracy"] for b in held], marker="o", color=_INK)
    upper.set_ylabel("part de justes")
    lower.bar([(i + 0.5) / len(bars) for i in range(len(bars))], [b["count"] for b in bars], width=0.09, color=_SOFT)
    lower.set_ylabel("messages")
    lower.set_xlabel("confiance annoncée")
    return _svg(figure)


def confusion(pairs: Sequence[tuple[str, str]], most: int = 40) -> str:
    """Draw the confusion matrix of the topics that were confused, the right answers of the others left out."""
    wrong = [(expected, answered) for expected, answered in pairs if expected != answered]
    names = sorted({name for pair in wrong for name in pair}, key=lambda n: -sum(n in pair for pair in wrong))[:most]
    names.sort()
    index = {name: i for i, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)))
    for expected, answered in pairs:
        if expected in index and answered in index:
            counts[index[expected], index[answered]] += 1
    size = max(3.0, 0.22 * len(names))
    figure = Figure(figsize=(size + 2, size + 1))
    axes = figure.add_subplot()
    axes.imshow(np.log1p(counts), cmap="Blues")
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    for i, j in zip(*np.nonzero(counts), strict=True):
        axes.text(
            j, i, str(int(counts[i, j])), ha="center", va="center", fontsize=6, color="#c0392b" if i != j else "#fff"
        )
    axes.set_xlabel("sujet répondu")
    axes.set_ylabel("sujet attendu")
    return _svg(figure)
