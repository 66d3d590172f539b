"""Train the model when what it is made of has changed, and only then."""

import hashlib
import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

import bot.engine  # noqa: F401  turns telemetry off, and must come before any import of Rasa
from bot.settings import ROOT

RECORD = "trained.json"
"""File of the models folder that says which inputs the latest model was trained on."""

_INPUTS = (
    "config.yml",
    "domain.yml",
    "uv.lock",
    "data/**/*.yml",
    "bot/nlu/*.py",
    "bot/text/folding.py",
    "bot/text/spelling.py",
    "referential/spelling.yml",
    "referential/other_titles.yml",
    "referential/competency_phrasings.yml",
    "referential/positionnement/understanding.yml",
    # The classifier learns from mentions, which are read off the fiche with these words.
    "bot/answers/mentions.py",
    "referential/vocabulary.yml",
    "referential/fiches/*.yml",
)


def fingerprint(root: Path = ROOT) -> str:
    """Return a hash of everything that the model is made of."""
    digest = hashlib.sha256()
    for path in sorted(_files(root)):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    for pattern in _INPUTS:
        yield from root.glob(pattern)


def up_to_date(models: Path) -> bool:
    """Whether the recorded model is there and was trained on the present inputs."""
    try:
        record = json.loads((models / RECORD).read_text(encoding="utf-8"))
        return bool(record["inputs"] == fingerprint()) and (models / record["model"]).is_file()
    except (OSError, ValueError, KeyError):
        return False


class _Steps(logging.Handler):
    """Moves a progress bar at each component that Rasa begins to train."""

    def __init__(self, progress: Progress, task: int) -> None:
        super().__init__(logging.INFO)
        self._progress, self._task = progress, task

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if said.startswith(("Starting to train component", "Restored component")):
            self._progress.update(self._task, advance=1, description=f"Entraînement : {said.split(chr(39))[1]}")  # type: ignore[arg-type]


def train(models: Path, force: bool = False) -> Path | None:
    """Train with Rasa, as ``rasa train`` does, with a progress bar.

    Returns:
        The archive of the model, or None when the present one is up to date.

    Raises:
        RuntimeError: Rasa gave no model.
    """
    console = Console()
    if not force and up_to_date(models):
        console.print("Modèle à jour : rien à entraîner.")
        return None
    started = time.monotonic()
    inputs = fingerprint()
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Chargement de Rasa", total=_component_count() + 2)
        import rasa

        from bot.engine.quiet_logs import quiet_logs, silence_warnings

        silence_warnings()
        quiet_logs()
        progress.update(task, advance=1, description="Lecture des données")
        steps = _Steps(progress, task)
        log = logging.getLogger("rasa.engine.training.hooks")
        log.setLevel(logging.INFO)
        log.addHandler(steps)
        log.propagate = False
        # Always in full: Rasa's cache knows configurations and data, and not the code of custom components.
        result = rasa.train(
            str(ROOT / "domain.yml"),
            str(ROOT / "config.yml"),
            [str(ROOT / "data")],
            output=str(models),
            fixed_model_name=time.strftime("etaie-%Y%m%d-%H%M%S"),
            force_training=True,
        )
        progress.update(task, completed=progress.tasks[0].total, description="Entraînement terminé")
    if result.model is None:
        raise RuntimeError(f"Rasa n'a pas rendu de modèle (code {result.code}).")
    model = Path(result.model)
    (models / RECORD).write_text(json.dumps({"model": model.name, "inputs": inputs}) + "\n", encoding="utf-8")
    console.print(f"Modèle {model.name} prêt en {time.monotonic() - started:.0f} s.")
    return model


def _component_count() -> int:
    """Return the number of components that Rasa announces: those that learn."""
    return (ROOT / "config.yml").read_text(encoding="utf-8").count("- name: bot.")
