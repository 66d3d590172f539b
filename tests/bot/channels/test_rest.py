"""The REST door, over real HTTP: Rasa's bodies, and everything that is not one."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.conftest import Server


def sender() -> str:
    return str(uuid.uuid4())


def test_health(server: Server) -> None:
    response = httpx.get(f"{server.url}/health")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_home_page_says_where_to_go(server: Server) -> None:
    response = httpx.get(server.url)
    assert response.status_code == 200
    assert '<html lang="fr">' in response.text
    assert "/widget.js" in response.text and "noscript" in response.text
    assert "http" not in response.text.replace("http://127.0.0.1:8000", ""), "rien ne doit venir d'ailleurs"


def test_reply_has_rasas_form(server: Server) -> None:
    who = sender()
    replies = server.say(who, "Quels sont les blocs ?")
    assert [set(reply) for reply in replies] == [{"recipient_id", "text", "buttons"}]
    assert replies[0]["recipient_id"] == who
    assert all(set(button) == {"title", "payload"} for button in replies[0]["buttons"])


def test_rasas_other_fields_are_accepted(server: Server) -> None:
    body = {"sender": sender(), "message": "bonjour", "metadata": {"a": 1}, "input_channel": "x", "stream": False}
    assert server.post(json.dumps(body)).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ("", 400, "JSON"),
        ("{", 400, "JSON"),
        ("[" * 30_000, 400, "JSON"),
        ("pas du json", 400, "JSON"),
        (b"\xff\xfe", 400, "JSON"),
        ("null", 422, "objet JSON"),
        ("[]", 422, "objet JSON"),
        ('"bonjour"', 422, "objet JSON"),
        ("{}", 422, "« sender » manque"),
        ('{"sender": "a"}', 422, "« message » manque"),
        ('{"message": "a"}', 422, "« sender » manque"),
        ('{"sender": 1, "message": "a"}', 422, "« sender » doit être un texte"),
        ('{"sender": "a", "message": 1}', 422, "« message » doit être un texte"),
        ('{"sender": "a", "message": null}', 422, "« message » doit être un texte"),
        ('{"sender": "a", "message": ["a"]}', 422, "« message » doit être un texte"),
        ('{"sender": "", "message": "a"}', 422, "« sender » est vide"),
        ('{"sender": "a\\nb", "message": "a"}', 422, "caractères interdits"),
        ('{"sender": "\\ud800", "message": "a"}', 422, "caractères interdits"),
        ('{"sender": "a", "message": ""}', 422, "vide"),
        ('{"sender": "a", "message": "   "}', 422, "vide"),
        ('{"sender": "a", "message": "\\u0000\\u0007\\u200b"}', 422, "vide"),
        (json.dumps({"sender": "a", "message": "a" * 10_000}), 413, "trop long"),
        (json.dumps({"sender": "a" * 300, "message": "a"}), 413, "trop long"),
        (json.dumps({"sender": "a", "message": "a" * 70_000}), 413, "trop grande"),
    ],
)
def test_bad_bodies_get_a_french_reason(server: Server, body: str | bytes, status: int, reason: str) -> None:
    response = server.post(body)
    assert response.status_code == status, response.text
    assert reason in response.json()["detail"]


def test_unknown_addresses_and_methods(server: Server) -> None:
    assert httpx.get(f"{server.url}/rien").json() == {"detail": "Cette adresse n'existe pas."}
    assert httpx.get(f"{server.url}/webhooks/rest/webhook").status_code == 405


@pytest.mark.parametrize(
    "message",
    [
        "😀😀😀",
        "👩🏽‍🏭",
        "Какие есть блоки?",
        "ما هي الكتل؟",
        "你好吗",
        "???",
        "...",
        "12345",
        "a",
        "\u202eerutlucse",
        "bonjour\x00\x1b[31m",
        "éééééééé" * 200,
        "<script>alert(1)</script>",
        "'; DROP TABLE conversation; --",
        "{{ 7 * 7 }}{% for x in range(10**9) %}a{% endfor %}",
        "mot " * 490,
        "\ud800",
    ],
)
def test_odd_messages_get_a_helpful_reply(server: Server, message: str) -> None:
    response = server.post(json.dumps({"sender": sender(), "message": message}))
    if response.status_code == 422:
        assert "caractères interdits" in response.json()["detail"]
        return
    assert response.status_code == 200
    text = response.json()[0]["text"]
    assert len(text) > 20
    assert "49" not in text
    assert "<script" not in text


@pytest.mark.parametrize(
    "command",
    [
        "/restart",
        "/session_start",
        "/back",
        '/intent{"x":1}',
        '/distress{"bloc": "1"}',
        "/greet",
        "/blocs",
        '  /bloc_detail{"bloc": "2"}',
        "//restart",
        "/\u3000/restart",
        "\u00a0/restart",
        "/",
        "/bloc_detail#AAAAAAAAAAAA",
        '/bloc_detail{"bloc": "2"}#',
        "/ne_existe_pas",
        '/bloc_detail{"bloc": [1, {"a": 2}]}',
        "/bloc_detail@0.9",
    ],
)
def test_typed_commands_do_not_drive_the_bot(server: Server, command: str) -> None:
    who = sender()
    server.say(who, "Comment est évalué le bloc 1 ?")
    response = server.post(json.dumps({"sender": who, "message": command}))
    assert response.status_code == 200
    text = response.json()[0]["text"]
    assert "3114" not in text
    assert "Bonjour !" not in text or "greet" in command
    # Nothing was erased: there is still something to repeat.
    assert "encore rien dit" not in server.text(who, "répète")


@pytest.mark.parametrize("command", ["/restart", '/intent{"x":1}', "/ne_existe_pas", "/"])
def test_the_conversation_goes_on_where_it_was(server: Server, command: str) -> None:
    who = sender()
    server.say(who, "Comment est évalué le bloc 1 ?")
    server.say(who, command)
    assert "BC03) est évalué ainsi" in server.text(who, "et le bloc 3 ?")


def test_a_new_conversation_has_nothing_to_repeat(server: Server) -> None:
    assert "encore rien dit" in server.text(sender(), "répète")


def test_a_command_is_read_as_text(server: Server) -> None:
    assert "pas de prix" in server.text(sender(), "/prix").replace("**", "")


def test_buttons_work_and_only_in_their_conversation(server: Server) -> None:
    who, other = sender(), sender()
    buttons = server.say(who, "Quels sont les blocs ?")[0]["buttons"]
    second = next(b for b in buttons if b["title"].startswith("Bloc 2"))
    assert "en raccourci" in server.text(who, second["payload"])
    assert "en raccourci" not in server.text(other, second["payload"])
    forged = second["payload"].replace('"2"', '"3"')
    assert forged != second["payload"]
    assert "en raccourci" not in server.text(who, forged)


def test_every_button_offered_leads_somewhere(server: Server) -> None:
    who = sender()
    for question in ("aide", "Quels sont les blocs ?", "Comment est évalué le bloc 1 ?", "combien ça coûte"):
        for button in server.say(who, question)[0]["buttons"]:
            assert "pas compris" not in server.text(who, button["payload"]), button


def test_reading_on_by_buttons_reaches_the_end(server: Server) -> None:
    who = sender()
    reply = server.say(who, "que contient le bloc 2 ?")[0]
    pages = 0
    while following := next((b for b in reply["buttons"] if b["title"].startswith("Voir")), None):
        reply = server.say(who, following["payload"])[0]
        pages += 1
        assert len(reply["text"]) <= 1200
    assert pages >= 3


def test_many_people_at_once(server: Server) -> None:
    def converse(number: int) -> bool:
        who = sender()
        bloc = number % 4 + 1
        server.say(who, f"Comment est évalué le bloc {bloc} ?")
        return f"BC0{bloc}" in server.text(who, "répète")

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(converse, range(48)))


def test_same_person_twice_at_once(server: Server) -> None:
    who = sender()
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda n: server.text(who, f"Que contient le bloc {n % 4 + 1} ?"), range(24)))
    assert all(f"BC0{n % 4 + 1}" in reply for n, reply in enumerate(replies))


def test_nothing_that_was_written_is_logged(server: Server) -> None:
    secret = "Maryvonne Kerdoncuff 06 12 34 56 78"
    reply = server.text(sender(), f"bonjour je suis {secret}")
    server.post(json.dumps({"sender": sender(), "message": f"/{secret}"}))
    server.post(f'{{"sender": "a", "message": "{secret}')
    assert "Kerdoncuff" not in reply
    assert "06 12" not in reply
    assert server.log is not None
    assert "Kerdoncuff" not in server.log.read_text(encoding="utf-8", errors="replace")
