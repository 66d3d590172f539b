"""The command `etaie nlu review`."""

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import cli_nlu
from bot.cli_nlu import decided, nlu_app, review_file
from bot.settings import Settings
from bot.storage.database import open_database
from bot.storage.review import Reviewed, Suggestion, add
from tests.conftest import read_by_rasa

runner = CliRunner()
DAY = date(2026, 3, 14)


@pytest.fixture
def database_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path}/base.db"
    monkeypatch.setattr(cli_nlu, "settings", lambda: Settings(database_url=url))
    return url


def keep(url: str, said: str, suggestions: list[Suggestion], day: date = DAY, times: int = 1) -> None:
    with open_database(url).begin() as connection:
        for _ in range(times):
            add(connection, said, suggestions, "repli", day)


def run(*arguments: str) -> tuple[int, str, str]:
    result = runner.invoke(nlu_app, ["review", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_messages_are_under_their_most_likely_topic(database_url: str) -> None:
    keep(database_url, "cb de morceaux", [("blocs", 0.62), ("bloc_detail", 0.214)], times=3)
    keep(database_url, "je m'appelle [nom] kes kon fé", [("bloc_detail", 0.1), ("jobs", 0.4)])
    keep(database_url, "les morceau", [("blocs", 0.5)])
    keep(database_url, "blabla", [])
    code, written, _ = run()
    assert code == 0
    assert read_by_rasa(written) == [
        ("blocs", "cb de morceaux"),
        ("blocs", "les morceau"),
        ("jobs", "je m'appelle [nom] kes kon fé"),
        ("a_classer", "blabla"),
    ]
    assert "# 1. vue 3 fois (repli) ; blocs 62 % ; sinon : bloc_detail 21 %\n" in written
    assert "# 2. vue 1 fois (repli) ; blocs 50 %\n- intent: blocs\n" in written
    assert written.startswith("# Phrases mal comprises, à relire.")


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("[nom](truc) et [lieu]{x}", "[nom] (truc) et [lieu] {x}"),
        ('le bloc [2]{"entity": "bloc"}', 'le bloc [2] {"entity": "bloc"}'),
        ("- # : 'a' \"b\" % & * ! | > { } @", "# : 'a' \"b\" % & * ! | > { } @"),
        ("deux\nlignes\u2028trois\u0085quatre", "deux lignes trois quatre"),
        ("/blocs", "blocs"),
        ("---", "…"),
        ("version: 3", "version: 3"),
        ("🙂 été œuf [adresse mail]", "🙂 été œuf [adresse mail]"),
    ],
)
def test_rasa_reads_any_text_back(said: str, read: str) -> None:
    message = Reviewed(said, (("blocs", 0.5),), "repli", 1, DAY)
    assert read_by_rasa(review_file([message])) == [("blocs", read)]


def test_since_and_output(database_url: str, tmp_path: Path) -> None:
    keep(database_url, "avant", [("blocs", 0.5)], date(2026, 3, 13))
    keep(database_url, "après", [("blocs", 0.5)], DAY)
    target = tmp_path / "relire.yml"
    assert run("--depuis", "2026-03-14", "--sortie", str(target)) == (0, f"{target} : 1 phrase à relire.\n", "")
    assert read_by_rasa(target.read_text(encoding="utf-8")) == [("blocs", "après")]


def test_nothing_to_review(database_url: str) -> None:
    assert run() == (0, "", "Aucune phrase à relire.\n")


@pytest.mark.parametrize("given", ["hier", "14/03/2026", "2026-02-30"])
def test_a_wrong_day_is_refused_in_french(database_url: str, given: str) -> None:
    code, _, said = run("--depuis", given)
    assert code == 2
    assert "AAAA-MM-JJ" in said


def test_a_file_that_cannot_be_written(database_url: str, tmp_path: Path) -> None:
    keep(database_url, "phrase", [])
    code, _, said = run("--sortie", str(tmp_path / "absent" / "relire.yml"))
    assert code == 1
    assert "écriture impossible" in said


def test_what_the_team_decided_in_the_console_is_followed() -> None:
    day = date(2026, 11, 27)
    messages = [
        Reviewed(text, (("blocs", 0.3),), "repli", 1, day) for text in ("rangée", "écartée", "répondue", "laissée")
    ]
    made = {"rangée": ("attached", "silent_places"), "écartée": ("off_topic", ""), "répondue": ("answered", "")}
    kept = {message.text: message.suggestions[0][0] for message in decided(messages, made)}
    assert kept == {"rangée": "silent_places", "écartée": "off_topic", "laissée": "blocs"}
    assert read_by_rasa(review_file(decided(messages, made))) == [
        ("blocs", "laissée"),
        ("off_topic", "écartée"),
        ("silent_places", "rangée"),
    ]
