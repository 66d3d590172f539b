"""What the team adds, with all its wordings."""

from datetime import date
from itertools import pairwise

from sqlalchemy import Engine

from bot.storage import complements
from bot.storage.complements import NewComplement
from tests.bot.reception.conftest import NOW

CONTENT = NewComplement("", "Y a-t-il un parking ?", "Oui, derrière l'atelier.", "Livret d'accueil", date(2026, 11, 1))


def test_every_wording_is_kept_and_the_last_is_said(empty_database: Engine) -> None:
    with empty_database.begin() as connection:
        made = complements.write(connection, CONTENT, "Claire", NOW, examples=["ya un parking"])
        again = NewComplement("", CONTENT.question, "Non, plus maintenant.", "Courriel", date(2026, 11, 20))
        complements.write(connection, again, "Paul", NOW, made, ["ya un parking", "où se garer"])
        kept = complements.read(connection, made)
        assert kept is not None
        assert kept.last.content == again
        assert kept.last.author == "Paul"
        assert kept.examples == ("ya un parking", "où se garer")
        assert [v.content.text for v in complements.versions(connection, made)] == [again.text, CONTENT.text]


def test_the_stamp_changes_with_whatever_changes_an_answer(empty_database: Engine) -> None:
    with empty_database.begin() as connection:
        stamps = [complements.stamp(connection)]
        made = complements.write(connection, CONTENT, "Claire", NOW)
        stamps.append(complements.stamp(connection))
        complements.write(connection, CONTENT, "Claire", NOW, made)
        stamps.append(complements.stamp(connection))
        complements.set_active(connection, made, False)
        stamps.append(complements.stamp(connection))
        other = complements.write(connection, CONTENT, "Claire", NOW)
        stamps.append(complements.stamp(connection))
        complements.set_active(connection, other, False)
        complements.set_active(connection, made, True)
        stamps.append(complements.stamp(connection))
    assert all(before != after for before, after in pairwise(stamps))
    assert stamps[0] == ()


def test_a_demonstration_is_taken_away_alone(empty_database: Engine) -> None:
    with empty_database.begin() as connection:
        complements.write(connection, CONTENT, "Claire", NOW, demo=True)
        true = complements.write(connection, CONTENT, "Claire", NOW)
        assert complements.erase_demo(connection) == 1
        assert [kept.id for kept in complements.listed(connection)] == [true]
