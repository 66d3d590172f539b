"""Accounts made from the server, and a demonstration that leaves nothing behind."""

from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import Settings
from bot.storage import team_accounts
from bot.storage.database import open_database
from bot.team import secrets
from bot.team.accounts import Role

run = CliRunner().invoke


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    address = f"sqlite:///{tmp_path}/base.db"
    chosen = Settings(database_url=address, secret_key="clé")
    monkeypatch.setattr("bot.cli_staff.settings", lambda: chosen)
    return address


def test_an_account_is_made_with_a_password_to_change(url: str) -> None:
    made = run(app, ["staff", "add", "Claire@exemple.fr", "--nom", "Claire Roux", "--role", "responsable"])
    assert made.exit_code == 0
    password = made.output.split(":")[-1].strip()
    database = open_database(url)
    with database.connect() as connection:
        known = team_accounts.credentials(connection, "claire@exemple.fr")
    assert known is not None
    assert (known.account.role, known.account.must_change) == (Role.RESPONSABLE, True)
    assert secrets.is_right(known.password_hash, password)
    assert password not in known.password_hash
    again = run(app, ["staff", "add", "claire@exemple.fr", "--nom", "Autre"])
    assert again.exit_code == 1
    assert "déjà un compte" in again.output
    renewed = run(app, ["staff", "reset", "claire@exemple.fr"]).output.split(":")[-1].strip()
    with database.connect() as connection:
        known = team_accounts.credentials(connection, "claire@exemple.fr")
    assert known is not None
    assert secrets.is_right(known.password_hash, renewed)
    assert "Claire Roux <claire@exemple.fr> responsable" in run(app, ["staff", "list"]).output
    database.dispose()


@pytest.mark.parametrize(
    "arguments",
    [["pas une adresse", "--nom", "X"], ["a@b.fr", "--nom", "x" * 99], ["a@b.fr", "--nom", "X", "--role", "chef"]],
)
def test_a_wrong_account_is_refused(url: str, arguments: list[str]) -> None:
    assert run(app, ["staff", "add", *arguments]).exit_code == 2


def test_nobody_to_reset(url: str) -> None:
    assert run(app, ["staff", "reset", "personne@exemple.fr"]).exit_code == 1


def test_a_demonstration_comes_and_goes_and_leaves_what_is_true(url: str) -> None:
    database = open_database(url)
    run(app, ["staff", "add", "vraie@exemple.fr", "--nom", "Vraie Personne"])

    def rows() -> dict[str, int]:
        with database.connect() as connection:
            names = [
                n for n in inspect(connection).get_table_names() if n not in ("alembic_version", "positioning_content")
            ]
            return {n: connection.execute(text(f"SELECT count(*) FROM {n}")).scalar_one() for n in names}

    before = rows()
    for _ in range(2):
        filled = run(app, ["demo"])
        assert filled.exit_code == 0
        assert filled.output.count("@demonstration.invalid") == 3
    during = rows()
    assert (during["staff_account"], during["info_session"]) == (4, 4)
    assert all(
        during[name] for name in ("enrolment", "turn_measure", "message_to_review", "complement", "callback_request")
    )
    with database.connect() as connection:
        titles = connection.execute(text("SELECT title FROM info_session")).scalars().all()
    assert all(title.startswith("[Démonstration]") for title in titles)
    assert run(app, ["demo", "--retirer"]).exit_code == 0
    assert rows() == before
    database.dispose()
