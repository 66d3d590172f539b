"""The channel of the widget, over HTTP, against the real server."""

import json
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, create_engine, text

from bot.storage import positionings
from bot.storage.web_conversations import identifier, sender_of
from tests.conftest import Server, wait_for

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


@pytest.fixture(scope="module")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory, postgresql_url: str) -> Iterator[Server]:
    running = Server(postgresql_url, {"SECRET_KEY": "clé"}, log=tmp_path_factory.mktemp("postgresql") / "log.txt")
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


@contextmanager
def opened(url: str) -> Iterator[Connection]:
    """Open a transaction beside the server."""
    engine = create_engine(url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


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
    pressed = page.presses(page.says("je veux me positionner"), "D'accord, je commence")
    body = {"key": "k", "payload": '/self_positioning{"act": "path:quick"}', "title": "x"}
    forged = page.call("POST", "/web/message", json=body).json()["messages"]
    assert not any("C'est parti" in message["text"] for message in forged)
    # The button of another conversation is no better.
    choice = next(c for c in pressed[-1]["choices"] if c["title"] == "Parcours court")
    other = Page(page.server)
    other.presses(other.says("je veux me positionner"), "D'accord, je commence")
    body = {"key": "k", "payload": choice["payload"], "title": "x"}
    taken = other.call("POST", "/web/message", json=body).json()["messages"]
    assert not any("C'est parti" in message["text"] for message in taken)
    assert "C'est parti" in page.presses(pressed, "Parcours court")[1]["text"]


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
        b'{"key": "k", "text": "\\ud83d"}', b'{"key": "k", "payload": "\\u0000 \\u0007"}', b'{"key": "k", "payload": []}',
        b'{"key": "k", "payload": "/x", "title": "' + b"a" * 201 + b'"}', b'{"key": "' + b"k" * 65 + b'", "text": "a"}',
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
    assert page.call("DELETE", "/web/conversation").status_code == 401
    assert page.call("POST", "/web/message", json={"key": "k", "text": "bonjour"}).status_code == 401
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


def test_the_answers_are_erased_with_the_conversation_when_asked(page: Page) -> None:
    said = page.presses(page.says("je veux me positionner"), "D'accord, je commence")
    said = page.presses(page.presses(said, "Parcours court"), "Pas encore")
    code = page.call("DELETE", "/web/conversation?answers=false").json()["code"]
    again = Page(page.server)
    again.says(code)
    refused = again.call("DELETE", "/web/conversation?answers=peut-etre")
    assert refused.status_code == 422 and "answers" in refused.json()["detail"]
    assert again.call("DELETE", "/web/conversation?answers=true").json() == {"erased": 3, "code": None}
    assert "Je ne connais pas ce code" in Page(page.server).says(code)[1]["text"]
    with opened(page.server.database_url) as connection:
        for table in (
            "attempt WHERE code = :code",
            "answer WHERE attempt_id NOT IN (SELECT id FROM positioning_attempt)",
        ):
            query = text(f"SELECT count(*) FROM positioning_{table}")
            assert connection.execute(query, {"code": code} if ":code" in table else {}).scalar_one() == 0


def test_how_long_it_is_kept_is_counted_from_the_last_message(page: Page) -> None:
    page.says("bonjour")
    with opened(page.server.database_url) as connection:
        old = {"id": identifier(page.secret), "then": "2026-03-01 12:00:00.000000"}
        connection.execute(text("UPDATE web_conversation SET used_at = :then WHERE id = :id"), old)
    for _ in range(2):
        assert page.call("GET", "/web/messages").json()["kept_until"] == "2026-03-31", "relire ne prolonge pas"
    page.says("bonjour")
    kept_until = date.fromisoformat(page.call("GET", "/web/messages").json()["kept_until"])
    assert kept_until - datetime.now(UTC).date() in (timedelta(29), timedelta(30))


def test_no_cache_keeps_what_was_said(page: Page) -> None:
    page.says("bonjour")
    for response in (page.call("GET", "/web/messages"), page.call("DELETE", "/web/conversation")):
        assert response.headers["cache-control"] == "no-store"


def test_a_message_sent_again_after_a_lost_history_does_not_answer_the_next_question(page: Page) -> None:
    """The dialogue ran, and its exchange could not be stored: what a death in between leaves."""
    begin = page.presses(page.says("je veux me positionner"), "D'accord, je commence")
    with opened(page.server.database_url) as connection:
        fails = "BEFORE INSERT ON web_message WHEN NEW.exchange LIKE 'perdu%' BEGIN SELECT RAISE(ABORT, 'panne'); END"
        connection.execute(text(f"CREATE TRIGGER lost {fails}"))
    assert begin

    def lost(said: str, key: str) -> httpx.Response:
        body = {"key": f"perdu-{key}", "text": said}
        response = page.call("POST", "/web/message", json=body, headers={"Origin": SITE})
        assert response.status_code == 500
        return response

    try:
        failed = lost("1", "path")
        assert failed.json()["detail"].startswith("Une erreur est survenue")
        assert failed.headers["access-control-allow-origin"] == SITE, "un autre site peut lire la raison"
        lost("1", "path")
        with opened(page.server.database_url) as connection:
            connection.execute(text("DROP TRIGGER lost"))
        told = page.says("1", key="perdu-path")
        assert "Votre code pour reprendre" in told[1]["text"], "le code perdu avec la réponse est redit"
        assert told[2]["progress"] == {"rank": 1, "total": 13}
        with opened(page.server.database_url) as connection:
            connection.execute(text(f"CREATE TRIGGER lost {fails}"))
        lost("1", "level")
        lost("1", "level")
    finally:
        with opened(page.server.database_url) as connection:
            connection.execute(text("DROP TRIGGER IF EXISTS lost"))
    again = page.says("1", key="perdu-level")
    assert again[-1]["progress"] == {"rank": 2, "total": 13}
    assert levels(page) == ["0"]
    # And the same words with a key of their own are another answer.
    assert page.says("1")[-1]["progress"] == {"rank": 3, "total": 13}
    assert levels(page) == ["0", "0"]
    assert "panne" not in (page.server.log or Path()).read_text(encoding="utf-8")


def levels(page: Page) -> list[str]:
    """Return the answers kept for the questionnaire of a conversation."""
    with opened(page.server.database_url) as connection:
        stage = positionings.read_stage(connection, sender_of(identifier(page.secret)))
        attempt = positionings.read_attempt(connection, stage.attempt_id) if stage else None
    return [str(answer.level) for answer in attempt.answers.values()] if attempt else []


def test_killed_between_the_dialogue_and_the_history(postgresql_server: Server) -> None:
    server = postgresql_server
    page = Page(server)
    page.presses(page.presses(page.says("je veux me positionner"), "D'accord, je commence"), "Parcours court")
    before = page.history()
    with ThreadPoolExecutor(1) as pool, opened(server.database_url) as connection:
        # Read by all, written by nobody: the dialogue stores the answer, then the server waits.
        connection.execute(text("LOCK TABLE web_message IN SHARE MODE"))
        waiting = pool.submit(page.call, "POST", "/web/message", json={"key": "fatal", "text": "1"})
        wait_for(lambda: levels(page) == ["0"], "la réponse au questionnaire")
        assert not waiting.done()
        server.kill()
        assert isinstance(waiting.exception(), httpx.TransportError)
    server.start()
    assert page.history() == before
    reply = page.says("1", key="fatal")
    assert reply[-1]["progress"] == {"rank": 2, "total": 13}
    assert levels(page) == ["0"], "la question suivante n'a pas reçu de réponse inventée"
    assert page.says("1", key="fatal") == reply
    assert page.history() == [*before, *reply]


def test_the_same_key_on_two_servers_at_once(tmp_path: Path, postgresql_url: str, redis_url: str) -> None:
    environment = {"SECRET_KEY": "clé", "REDIS_URL": redis_url}
    servers = [Server(postgresql_url, environment, log=tmp_path / f"log{i}.txt") for i in range(2)]
    try:
        for server in servers:
            server.start()
        first = Page(servers[0])
        second = Page(servers[1], first.secret)
        first.presses(first.presses(first.says("je veux me positionner"), "D'accord, je commence"), "Parcours court")
        for i in range(6):
            key = f"ensemble-{i}"
            with ThreadPoolExecutor(2) as pool:
                one, other = (pool.submit(page.says, "1", key) for page in (first, second))
            assert one.result() == other.result()
            assert levels(first) == ["0"] * (i + 1)
        assert [m["n"] for m in first.history()] == list(range(1, len(first.history()) + 1))
        assert [m.get("key") for m in first.history()].count("ensemble-0") == 1
    finally:
        for server in servers:
            if server.process:
                server.stop()


def test_no_invisible_character_reaches_the_answers(postgresql_server: Server) -> None:
    """PostgreSQL refuses a text that holds the character of code zero."""
    page = Page(postgresql_server)
    said = page.presses(page.says("je veux me positionner"), "D'accord, je commence")
    said = page.presses(page.presses(said, "Parcours court"), "Sans aide, d'habitude")
    body = {"key": "k", "payload": "nous avons refait \x00 le planning un matin de pluie", "title": "\x00"}
    reply = page.call("POST", "/web/message", json=body)
    assert reply.status_code == 200, reply.text
    assert "Votre exemple est gardé" in reply.json()["messages"][1]["text"]


def test_other_sites_only_when_allowed(page: Page) -> None:
    allowed = page.call("GET", "/web/messages", headers={"Origin": SITE})
    assert allowed.headers["access-control-allow-origin"] == SITE
    refused = page.call("GET", "/web/messages", headers={"Origin": "https://autre.test"})
    assert "access-control-allow-origin" not in refused.headers
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    before = httpx.options(f"{page.server.url}/web/message", headers={"Origin": SITE, **asked})
    assert before.status_code == 200 and "authorization" in before.headers["access-control-allow-headers"].lower()
    assert int(before.headers["access-control-max-age"]) > 0
    stranger = httpx.options(f"{page.server.url}/web/message", headers={"Origin": "https://autre.test", **asked})
    assert stranger.status_code == 400 and "access-control-allow-origin" not in stranger.headers
    lost = httpx.get(f"{page.server.url}/web/messages", headers={"Origin": SITE})
    assert lost.status_code == 401 and lost.headers["access-control-allow-origin"] == SITE
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
    page.call("POST", "/web/message", content=b'{"key": "k", "text": "Maryvonne')
    page.call("POST", "/web/message", json={"key": "k", "text": "Maryvonne " * 300})
    assert web_server.log is not None
    assert "Maryvonne" not in web_server.log.read_text(encoding="utf-8")
    assert page.secret not in web_server.log.read_text(encoding="utf-8")


def test_the_secret_is_nowhere_in_the_database(page: Page, web_server: Server) -> None:
    page.says("je m'appelle Maryvonne Quéméneur")
    base = Path(web_server.database_url.removeprefix("sqlite:///"))
    stored = b"".join(path.read_bytes() for path in base.parent.glob(f"{base.name}*"))
    assert identifier(page.secret).encode() in stored
    assert page.secret.encode() not in stored


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
    weak = {"If-None-Match": f'"autre", W/{script.headers["etag"]}'}
    assert httpx.get(f"{web_server.url}/widget.js", headers=weak).status_code == 304
    other = httpx.get(f"{web_server.url}/widget.js", headers={"If-None-Match": '"autre"'})
    assert other.status_code == 200 and other.headers["cache-control"] == "no-cache"
    assert "immutable" in httpx.get(f"{web_server.url}/widget.js?v=3").headers["cache-control"]
    assert httpx.get(f"{web_server.url}/?v=3").headers["cache-control"] == "no-cache"
    plain = httpx.get(f"{web_server.url}/widget.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers and plain.text == script.text
