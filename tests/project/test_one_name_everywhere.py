"""One subject, one name: answers, intents, training sentences; and no fact outside the fiche."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from ruamel.yaml import YAML

from bot.answers.catalogue import load_catalogue
from bot.answers.mentions import Kind
from referential.french_dates import french_date
from referential.library import ANSWERS_FOLDER, load_fiche
from tests.conftest import ROOT


def read(path: str) -> Any:
    return YAML(typ="safe").load(ROOT / path)


def trained_intents() -> dict[str, str]:
    """Return each intent with the theme whose file holds its sentences."""
    return {
        entry["intent"]: path.stem
        for path in (ROOT / "data" / "nlu").glob("*.yml")
        for entry in YAML(typ="safe").load(path)["nlu"]
    }


def test_topics_are_the_intents_of_the_domain() -> None:
    assert set(load_catalogue(ANSWERS_FOLDER).topics) == set(read("domain.yml")["intents"])


def test_every_topic_has_its_sentences_in_the_file_of_its_theme() -> None:
    topics = {name: topic.theme for name, topic in load_catalogue(ANSWERS_FOLDER).topics.items()}
    del topics["nlu_fallback"]
    assert trained_intents() == topics


def test_every_topic_has_enough_sentences() -> None:
    few = {}
    for path in (ROOT / "data" / "nlu").glob("*.yml"):
        for entry in YAML(typ="safe").load(path)["nlu"]:
            count = entry["examples"].count("\n- ") + 1
            if count < 15:
                few[entry["intent"]] = count
    assert not few


def test_mentions_are_the_entities_of_the_domain() -> None:
    assert {str(kind) for kind in Kind} == set(read("domain.yml")["entities"])


def facts(value: object) -> Iterator[str]:
    """Return what would be a fact if it stood elsewhere: numbers of some length, dates, long texts."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name not in ("source", "section", "format"):
                yield from facts(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from facts(item)
    elif isinstance(value, date):
        yield french_date(value)
        yield value.strftime("%d-%m-%Y")
        yield value.isoformat()
    elif isinstance(value, str) and (len(value) > 25 or re.fullmatch(r"\d{5,}", value)):
        yield value


def written_by_hand() -> Iterator[Path]:
    yield ROOT / "domain.yml"
    yield ROOT / "config.yml"
    for folder in ("data", "actions", "bot"):
        yield from (ROOT / folder).rglob("*.yml")
        yield from (ROOT / folder).rglob("*.py")
    yield from (ROOT / "referential" / "answers").glob("*.yml")
    yield ROOT / "referential" / "vocabulary.yml"


def test_no_fact_stands_outside_the_fiche() -> None:
    fiche = load_fiche()
    title = fiche.title
    known = {fact for fact in facts(fiche) if fact.lower() not in title.lower()}
    # A job or a structure is also what people write: sentences may hold it, templates may not.
    found = []
    for path in written_by_hand():
        text = path.read_text(encoding="utf-8").lower()
        if path.parent.name == "nlu" and path.suffix == ".yml":
            continue
        found += [f"{path.relative_to(ROOT)}: {fact}" for fact in known if fact.lower() in text]
    assert not found


def test_sentences_hold_no_figure_of_the_fiche() -> None:
    fiche = load_fiche()
    figures = [certifier.siret.value for certifier in fiche.certifiers.require()]
    figures += [
        french_date(d)
        for d in (fiche.expiry_date.require(), fiche.decision_date.require(), fiche.last_delivery_date.require())
    ]
    figures += [
        f"{rate} %" for s in fiche.statistics.require() for rate in (s.insertion_6m.value, s.insertion_job_6m.value)
    ]
    for path in (ROOT / "data" / "nlu").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        assert [figure for figure in figures if figure and figure in text] == [], path.name


def test_paths_named_in_the_readme_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"\[[^\]]*\]\(([^)#:]+)\)", readme) + re.findall(
        r"`((?:bot|actions|data|referential|tests|docs)/[\w./-]*)`", readme
    )
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []
