import json
from pathlib import Path

import pytest

from bot import training


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "config.yml").write_text("recipe: default.v1\n")
    (tmp_path / "data" / "nlu.yml").write_text("nlu: []\n")
    return tmp_path


def test_fingerprint_follows_the_data(project: Path) -> None:
    before = training.fingerprint(project)
    assert training.fingerprint(project) == before
    (project / "data" / "nlu.yml").write_text("nlu: [1]\n")
    assert training.fingerprint(project) != before


def test_fingerprint_follows_names(project: Path) -> None:
    before = training.fingerprint(project)
    (project / "data" / "nlu.yml").rename(project / "data" / "other.yml")
    assert training.fingerprint(project) != before


def test_a_model_is_up_to_date_only_with_its_inputs(tmp_path: Path) -> None:
    assert not training.up_to_date(tmp_path)
    record = {"model": "m.tar.gz", "inputs": training.fingerprint()}
    (tmp_path / training.RECORD).write_text(json.dumps(record))
    assert not training.up_to_date(tmp_path), "le modèle n'est pas là"
    (tmp_path / "m.tar.gz").touch()
    assert training.up_to_date(tmp_path)
    (tmp_path / training.RECORD).write_text(json.dumps(record | {"inputs": "autre"}))
    assert not training.up_to_date(tmp_path)


def test_nothing_changed_trains_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = {"model": "m.tar.gz", "inputs": training.fingerprint()}
    (tmp_path / training.RECORD).write_text(json.dumps(record))
    (tmp_path / "m.tar.gz").touch()
    monkeypatch.setattr("bot.training.time.monotonic", lambda: pytest.fail("l'entraînement a commencé"))
    assert training.train(tmp_path) is None
