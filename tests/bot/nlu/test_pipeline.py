"""The NLU pipeline of the trained model, as Rasa runs it."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent

from bot.settings import Settings

Parse = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def parse() -> Iterator[Parse]:
    models = sorted(Path(Settings().models).glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    assert models, "aucun modèle : make train"
    agent = Agent.load(str(models[-1]))
    yield lambda text: asyncio.run(agent.parse_message(text))


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Qui est-ce qui délivre cette certification ?", "certifier"),
        ("ya koi com bloc dedans", "blocs"),
        ("le prix svp", "silent_price"),
        ("quelle heure est-il à Tokyo", "off_topic"),
    ],
)
def test_intents(parse: Parse, text: str, intent: str) -> None:
    assert parse(text)["intent"]["name"] == intent


def test_probabilities_rank_and_sum(parse: Parse) -> None:
    ranking = [r["confidence"] for r in parse("c'est quoi les blocs")["intent_ranking"]]
    assert ranking == sorted(ranking, reverse=True)
    assert 0.5 < sum(ranking) <= 1.0001


def test_entities_are_resolved(parse: Parse) -> None:
    entities = {
        (e["entity"], e["value"]) for e in parse("le RNCP41402BC02 et le bloc trois, par la VAE, en 2023")["entities"]
    }
    assert {("bloc", "2"), ("bloc", "3"), ("route", "vae"), ("year", "2023")} <= entities


def test_gibberish_is_not_understood(parse: Parse) -> None:
    assert parse("zxcvb qwrtp")["intent"]["name"] == "nlu_fallback"


def test_a_payload_is_obeyed(parse: Parse) -> None:
    parsed = parse('/bloc_detail{"bloc": "2"}')
    assert parsed["intent"]["name"] == "bloc_detail"
    assert [e["value"] for e in parsed["entities"] if e["entity"] == "bloc"] == ["2"]
