"""The results behind a private link, over HTTP, from the conversation that gives the link."""

import io
import re
from datetime import UTC, datetime

import httpx
import pikepdf
import pytest

from bot.private_links import PrivateLinks
from tests.conftest import Server

_LINK = re.compile(r"http://\S+")


@pytest.fixture(scope="module")
def link(server: Server) -> str:
    """Answer a few questions as a candidate does, and return the link of the results."""
    sender = "résultats"
    said = server.say(sender, "je veux me positionner")

    def press(title: str) -> None:
        nonlocal said
        buttons = [button for message in said for button in message.get("buttons") or ()]
        said = server.say(sender, next(b["payload"] for b in buttons if b["title"] == title))

    press("D'accord, je commence")
    press("Parcours court")
    press("Avec de l'aide")
    said = server.say(sender, "on a accueilli <b>Samir</b> avec un parrain et ça s'est bien passé")
    press("Pas encore")
    said = server.say(sender, "je veux voir mes résultats")
    found = _LINK.search("\n".join(message["text"] for message in said))
    assert found, said
    return f"{server.url}/{found[0].split('/', 3)[3]}"


def test_the_page_shows_what_was_answered(link: str) -> None:
    response = httpx.get(link)
    assert response.status_code == 200
    assert "Mon positionnement" in response.text
    assert "&lt;b&gt;Samir&lt;/b&gt;" in response.text and "<b>Samir" not in response.text
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in response.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("livret.pdf", b"%PDF"),
        ("dossier.docx", b"PK"),
        ("positionnement.csv", b"\xef\xbb\xbf"),
        ("positionnement.json", b"{"),
        ("profil.svg", b"<svg"),
    ],
)
def test_every_file_is_there(link: str, name: str, start: bytes) -> None:
    response = httpx.get(f"{link}/{name}")
    assert response.status_code == 200
    assert response.content.startswith(start)
    assert name in response.headers["content-disposition"]


def test_the_pdf_opens(link: str) -> None:
    with pikepdf.open(io.BytesIO(httpx.get(f"{link}/livret.pdf").content)) as document:
        assert len(document.pages) > 3


@pytest.mark.parametrize("change", [lambda u: u[:-1], lambda u: u + "x", lambda u: u.rsplit("/", 1)[0] + "/deviné"])
def test_a_guessed_link_opens_nothing(link: str, change: object) -> None:
    response = httpx.get(change(link))  # type: ignore[operator]
    assert response.status_code == 404
    assert "Ce lien ne marche plus" in response.json()["detail"]


def test_an_unknown_file_is_said(link: str) -> None:
    response = httpx.get(f"{link}/passwd")
    assert response.status_code == 404
    assert "livret.pdf" in response.json()["detail"]


def test_a_link_expires() -> None:

    links = PrivateLinks(b"cle", "http://exemple.test", days=7)
    url, until = links.make("a" * 32, datetime.now(UTC))
    token = url.rsplit("/", 1)[1]
    assert links.read(token) == ("a" * 32, until)
    assert PrivateLinks(b"autre", "http://exemple.test", days=7).read(token) is None
    assert PrivateLinks(b"cle", "http://exemple.test", days=-1).read(token) is None


def test_erasing_closes_the_link(server: Server, link: str) -> None:
    sender = "résultats"
    said = server.say(sender, "efface toutes mes réponses")
    buttons = [button for message in said for button in message.get("buttons") or ()]
    server.say(sender, next(b["payload"] for b in buttons if b["title"] == "Oui, tout effacer"))
    assert httpx.get(link).status_code == 404
