"""The channel of the widget, over HTTP, against the real server."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, text

from bot.storage.web_conversations import identifier, sender_of
from tests.conftest import Server

SITE = "https://site-ami.test"


@pytest.fixture(scope="module")
def web_server(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("web")
    environment = {
        "SECRET_KEY": "clé",
        "WIDGET_ORIGINS": SITE,
        "WEB_RATE_PER_MINUTE": "30",
        "WEB_NEW_PER_MINUTE": "500",
    }
    running = Server(f"sqlite:///{folder}/etaie.db", environment, log=folder / "log.txt")
    running.start()
    yield running
    running.stop()


class Page:
    """What the widget does, without a browser."""

    def __init__(self, server: Server, secret: str = "") -> None:
        self.server = server
        self.secret = secret or self.call("POST", "/web/conversation", json={}).json()["secret"]

    def call(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.secret}"} if getattr(self, "secret", "") else {}
        headers |= kwargs.pop("headers", {})
        return httpx.request(method, self.server.url + path, headers=headers, timeout=30, **kwargs)

    def says(self, said: str, key: str = "") -> list[dict[str, Any]]:
        response = self.call("POST", "/web/message", json={"key": key or uuid.uuid4().hex, "text": said})
        assert response.status_code == 200, response.text
        messages: list[dict[str, Any]] = response.json()["messages"]
        return messages

    def presses(self, said: list[dict[str, Any]], title: str) -> list[dict[str, Any]]:
        choice = next(c for m in said for c in m.get("choices") or () if c["title"] == title)
        body = {"key": uuid.uuid4().hex, "payload": choice["payload"], "title": title}
        messages: list[dict[str, Any]] = self.call("POST", "/web/message", json=body).json()["messages"]
        return messages

    def history(self, after: int = 0) -> list[dict[str, Any]]:
        response = self.call("GET", f"/web/messages?after={after}")
        assert response.status_code == 200, response.text
        messages: list[dict[str, Any]] = response.json()["messages"]
        return messages


@pytest.fixture
def page(web_server: Server) -> Page:
    return Page(web_server)


def test_a_question_and_its_answer(page: Page) -> None:
    mine, answer = page.says("Quels sont les blocs ?")
    assert mine["from"] == "person" and mine["text"] == "Quels sont les blocs ?" and mine["n"] == 1
    assert answer["from"] == "bot" and "RNCP41402BC01" in answer["text"]
    assert answer["choices"] and set(answer["choices"][0]) == {"title", "payload", "group"}


def test_a_button(page: Page) -> None:
    said = page.says("Quels sont les blocs ?")
    title = said[1]["choices"][0]["title"]
    again = page.presses(said, title)
    assert again[0]["text"] == title, "ses mots sont dans l'historique, pas sa commande"
    assert again[1]["text"] != said[1]["text"]


def test_levels_and_progress(page: Page) -> None:
    said = page.presses(page.says("je veux me positionner"), "D'accord, je commence")
    said = page.presses(said, "Parcours court")
    question = said[-1]
    assert question["progress"] == {"rank": 1, "total": 13}
    assert [c["group"] for c in question["choices"]][:5] == ["level"] * 5
    assert question["choices"][-1]["group"] is None


def test_the_history_is_read_from_where_one_is(page: Page) -> None:
    first, second = page.says("bonjour"), page.says("Quels sont les blocs ?")
    assert page.history() == [*first, *second]
    assert page.history(after=second[0]["n"]) == second[1:]


def test_the_same_key_is_handled_once(page: Page) -> None:
    first = page.says("bonjour", key="une-cle")
    assert page.says("bonjour", key="une-cle") == first
    assert len(page.history()) == len(first)


def test_the_same_key_twice_at_once_is_handled_once(page: Page) -> None:
    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(lambda _: page.says("bonjour", key="ensemble"), range(6)))
    assert all(reply == replies[0] for reply in replies)
    assert len(page.history()) == len(replies[0])


@pytest.mark.parametrize("secret", ["", "court", "x" * 43, "é" * 43])
def test_without_the_secret_nothing_opens(page: Page, secret: str) -> None:
    page.says("bonjour")
    headers = {"Authorization": f"Bearer {secret}".encode()} if secret else {}
    for method, path in (("GET", "/web/messages"), ("DELETE", "/web/conversation"), ("POST", "/web/message")):
        body = {"json": {"key": "k", "text": "bonjour"}} if method == "POST" else {}
        response = httpx.request(method, page.server.url + path, headers=headers, **body)  # type: ignore[arg-type]
        assert response.status_code == 401
        assert "conversation" in response.json()["detail"]


def test_knowing_a_sender_opens_nothing(page: Page) -> None:
    page.says("je veux me positionner")
    sender = sender_of(identifier(page.secret))
    response = page.server.post(json.dumps({"sender": sender, "message": "mes résultats"}))
    assert response.status_code == 422
    assert "ne peut pas commencer par" in response.json()["detail"]


def test_a_forged_button_is_only_text(page: Page) -> None:
    body = {"key": "k", "payload": '/self_positioning{"act": "erase_yes"}', "title": "x"}
    reply = page.call("POST", "/web/message", json=body).json()["messages"][1]
    assert "C'est effacé" not in reply["text"]


def test_what_is_typed_comes_back_as_it_is(page: Page) -> None:
    nasty = "<img src=x onerror=alert(1)> <script>alert(2)</script> [a](javascript:alert(3)) \"' &lt;"
    page.says(nasty)
    assert page.history()[0]["text"] == nasty


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b'"x"', b"{}", b'{"key": "k"}', b'{"key": "k", "text": ""}', b'{"key": "k", "text": 3}',
        b'{"key": "", "text": "a"}', b'{"key": "a b", "text": "a"}', b'{"key": "k", "text": "\\u0000"}',
        b'{"key": "k", "text": "' + b"a" * 2001 + b'"}', b"[" * 5000, b"\xff\xfe", b"a" * 70_000,
    ],
)  # fmt: skip
def test_bad_bodies_get_a_french_reason(page: Page, content: bytes) -> None:
    response = page.call("POST", "/web/message", content=content)
    assert response.status_code in (400, 413, 422)
    assert response.json()["detail"].endswith((".", "message."))
    assert page.says("bonjour")


@pytest.mark.parametrize("after", ["x", "1.5", "99999999999999999999999"])
def test_a_bad_number_is_refused(page: Page, after: str) -> None:
    response = page.call("GET", f"/web/messages?after={after}")
    assert response.status_code == 422
    assert response.json()["detail"] == "Le paramètre « after » n'est pas valable."
    assert page.history() == []


def test_erasing_leaves_nothing(page: Page, web_server: Server) -> None:
    page.presses(page.says("je veux me positionner"), "D'accord, je commence")
    erased = page.call("DELETE", "/web/conversation").json()
    assert erased == {"erased": 4, "code": None}
    assert page.call("GET", "/web/messages").status_code == 401
    engine = create_engine(web_server.database_url)
    with engine.connect() as connection:
        for table in ("conversation", "positioning_stage"):
            sender = {"sender": sender_of(identifier(page.secret))}
            query = text(f"SELECT count(*) FROM {table} WHERE sender_id = :sender")
            assert connection.execute(query, sender).scalar_one() == 0
    engine.dispose()


def test_answers_outlive_the_conversation_until_they_are_erased(page: Page) -> None:
    said = page.presses(page.says("je veux me positionner"), "D'accord, je commence")
    page.presses(page.presses(said, "Parcours court"), "Pas encore")
    code = page.call("DELETE", "/web/conversation").json()["code"]
    other = Page(page.server)
    assert "Content de vous retrouver" in other.says(code)[1]["text"]
    assert httpx.delete(f"{page.server.url}/web/answers/{code}").json() == {"erased": True}
    assert httpx.delete(f"{page.server.url}/web/answers/{code}").json() == {"erased": False}
    assert "ont été effacées" in other.says("2")[1]["text"]


def test_other_sites_only_when_allowed(page: Page) -> None:
    allowed = page.call("GET", "/web/messages", headers={"Origin": SITE})
    assert allowed.headers["access-control-allow-origin"] == SITE
    refused = page.call("GET", "/web/messages", headers={"Origin": "https://autre.test"})
    assert "access-control-allow-origin" not in refused.headers
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    before = httpx.options(f"{page.server.url}/web/message", headers={"Origin": SITE, **asked})
    assert before.status_code == 200 and "authorization" in before.headers["access-control-allow-headers"].lower()
    elsewhere = httpx.get(f"{page.server.url}/health", headers={"Origin": SITE})
    assert "access-control-allow-origin" not in elsewhere.headers


def test_too_many_messages_are_put_off_kindly(page: Page) -> None:
    for i in range(31):
        response = page.call("POST", "/web/message", json={"key": f"k{i}", "text": "bonjour"})
        if response.status_code == 429:
            break
    assert response.status_code == 429
    assert 1 <= int(response.headers["retry-after"]) <= 60
    assert "un peu vite" in response.json()["detail"]
    assert page.says("bonjour", key="k0"), "ce qui a été répondu se relit toujours"


def test_the_log_holds_nothing_of_what_was_written(page: Page, web_server: Server) -> None:
    page.says("je m'appelle Maryvonne Quéméneur")
    assert web_server.log is not None
    assert "Maryvonne" not in web_server.log.read_text(encoding="utf-8")
    assert page.secret not in web_server.log.read_text(encoding="utf-8")


def test_a_killed_server_gives_back_the_conversation(tmp_path: Path) -> None:
    server = Server(f"sqlite:///{tmp_path}/etaie.db", {"SECRET_KEY": "clé"}, log=tmp_path / "log.txt")
    server.start()
    try:
        page = Page(server)
        said = page.says("Quels sont les blocs ?", key="avant")
        server.kill()
        server.start()
        assert page.history() == said
        assert page.says("Quels sont les blocs ?", key="avant") == said
        assert page.presses(said, said[1]["choices"][0]["title"])[1]["text"]
    finally:
        server.stop()


def test_the_pages_and_the_script(web_server: Server) -> None:
    for path in ("/", "/demo"):
        response = httpx.get(web_server.url + path)
        assert response.status_code == 200 and 'lang="fr"' in response.text
        assert "script-src 'self'" in response.headers["content-security-policy"]
    script = httpx.get(f"{web_server.url}/widget.js")
    assert script.headers["access-control-allow-origin"] == "*"
    assert script.headers["content-encoding"] == "gzip"
    again = httpx.get(f"{web_server.url}/widget.js", headers={"If-None-Match": script.headers["etag"]})
    assert again.status_code == 304
