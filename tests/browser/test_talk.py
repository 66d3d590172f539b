"""The widget in a real browser, against the real server: talking, and going on when things go wrong."""

import json
import random
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import OTHER_SITE, PHONE, Opener, Widget
from tests.conftest import Server


def test_a_question_and_its_answer(widget: Widget) -> None:
    widget.open()
    widget.says("Quels sont les blocs ?")
    reply = widget.answered("RNCP41402BC01")
    expect(reply.locator("li")).to_have_count(4)
    expect(reply.locator("strong").first).to_be_visible()
    expect(widget.field).to_have_value("")
    expect(widget.field).to_be_focused()


def test_nothing_is_asked_of_the_server_before_it_is_opened(widget: Widget) -> None:
    asked: list[str] = []
    widget.page.on("request", lambda request: asked.append(request.url))
    widget.page.wait_for_timeout(300)
    widget.open()
    widget.page.wait_for_timeout(300)
    assert asked == [], "rien avant le premier message"


def test_quick_replies(widget: Widget) -> None:
    widget.open()
    widget.press("Quels sont les blocs ?")
    widget.answered("RNCP41402BC01")
    widget.press("L'évaluation")
    widget.answered("évalué")
    expect(widget.page.locator(".bubble.person").last).to_contain_text("L'évaluation")


def test_the_questionnaire_by_keyboard_alone(widget: Widget) -> None:
    keyboard = widget.page.keyboard
    widget.launcher.focus()
    keyboard.press("Enter")
    expect(widget.field).to_be_focused()
    keyboard.type("je veux me positionner")
    keyboard.press("Enter")
    widget.answered("Êtes-vous d'accord")

    def reach(title: str) -> None:
        for _ in range(40):
            focused = widget.page.evaluate(
                "document.querySelector('etaie-assistant').shadowRoot.activeElement?.textContent ?? ''"
            )
            if focused == title:
                return
            keyboard.press("Shift+Tab")
        raise AssertionError(f"« {title} » n'est pas atteint au clavier")

    reach("D'accord, je commence")
    keyboard.press("Enter")
    widget.answered("Quel parcours")
    reach("Parcours court")
    keyboard.press("Enter")
    for rank in range(1, 14):
        widget.answered(f"Question {rank} sur 13")
        expect(widget.page.get_by_role("radio", name="Pas encore", exact=True)).to_be_focused()
        keyboard.press("Space")
        if rank % 2 == 0:
            # « Je ne sais pas »: the last level, reached by an arrow.
            keyboard.press("ArrowUp")
        keyboard.press("Enter")
    widget.answered("Vos résultats")
    widget.answered("Ce lien est privé")
    assert (widget.page.locator("figure img").get_attribute("alt") or "").startswith("Vos niveaux, bloc par bloc.")


def test_a_level_must_be_chosen(widget: Widget) -> None:
    widget.open()
    widget.begins()
    widget.press("Valider")
    expect(widget.page.get_by_text("Choisissez une réponse, puis validez.")).to_be_visible()
    expect(widget.page.get_by_role("progressbar")).to_have_attribute("aria-label", "Question 1 sur 13")


def test_the_conversation_is_there_after_a_reload(widget: Widget) -> None:
    widget.open()
    widget.begins()
    widget.choose("Pas encore")
    widget.answered("Question 2 sur 13")
    widget.field.fill("un brouillon")
    widget.page.reload()
    widget.open()
    widget.answered("Question 2 sur 13")
    expect(widget.field).to_have_value("un brouillon")
    widget.choose("Pas encore")
    widget.answered("Question 3 sur 13")


def test_offline_then_back(widget: Widget) -> None:
    widget.open()
    widget.says("bonjour")
    widget.answered("Mes réponses viennent de la fiche")
    widget.page.context.set_offline(True)
    widget.says("Quels sont les blocs ?")
    expect(widget.status).to_contain_text("pas connecté à Internet")
    expect(widget.page.locator(".bubble.waiting")).to_contain_text("Quels sont les blocs ?")
    widget.page.context.set_offline(False)
    widget.answered("RNCP41402BC01")
    expect(widget.page.locator(".bubble.person")).to_have_count(2)
    expect(widget.status).to_be_empty()
    widget.errors.clear()  # the browser's own words on the cut


def test_a_message_written_offline_survives_the_page(widget: Widget) -> None:
    widget.open()
    widget.says("bonjour")
    widget.answered("Mes réponses viennent de la fiche")
    widget.page.route("**/web/message", lambda route: route.abort())
    widget.says("Quels sont les blocs ?")
    expect(widget.status).to_contain_text("Votre message est gardé")
    widget.page.unroute("**/web/message")
    widget.page.reload()
    widget.open()
    widget.answered("RNCP41402BC01")
    expect(widget.page.locator(".bubble.person")).to_have_count(2)
    widget.errors.clear()


def test_a_reply_lost_on_the_way_is_asked_again_and_not_done_twice(widget: Widget) -> None:
    lost = iter([True, True, False, False])

    def lossy(route: Route) -> None:
        if next(lost, False):
            # The server answers, and the network drops it.
            route.fetch()
            route.abort()
        else:
            route.continue_()

    widget.open()
    widget.page.route("**/web/message", lossy)
    widget.says("Quels sont les blocs ?")
    widget.answered("RNCP41402BC01", timeout=15_000)
    expect(widget.page.locator(".bubble.person")).to_have_count(1)
    expect(widget.page.locator(".bubble.bot").filter(has_text="RNCP41402BC01")).to_have_count(1)
    widget.errors.clear()


def test_a_fifth_of_everything_lost(widget: Widget) -> None:
    """Requests and replies lost at random, one in five: each message is answered once, in order."""
    chance = random.Random(5)

    def lossy(route: Route) -> None:
        drawn = chance.random()
        if drawn < 0.1:
            route.abort()
        elif drawn < 0.2:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    widget.open()
    widget.page.route("**/web/**", lossy)
    for number in (1, 2, 3, 4):
        widget.says(f"Que contient le bloc {number} ?")
    widget.answered("RNCP41402BC04", timeout=30_000)
    expect(widget.page.locator(".bubble.person:not(.waiting)")).to_have_count(4)
    replies = widget.page.locator(".bubble.bot").all_inner_texts()[1:]
    assert [f"RNCP41402BC0{number}" in reply for number, reply in zip((1, 2, 3, 4), replies, strict=True)] == [True] * 4
    widget.errors.clear()


def test_a_slow_reply_is_told_kindly(widget: Widget) -> None:
    widget.open()

    def slow(route: Route) -> None:
        widget.page.wait_for_timeout(3600)
        route.continue_()

    widget.page.route("**/web/message", slow)
    widget.says("bonjour")
    expect(widget.status).to_contain_text("La réponse tarde", timeout=8000)
    widget.answered("Mes réponses viennent de la fiche")
    expect(widget.status).to_be_empty()


def test_too_many_messages_wait_and_go(widget: Widget) -> None:
    refused = iter([True])

    def busy(route: Route) -> None:
        if next(refused, False):
            route.fulfill(status=429, headers={"Retry-After": "1"}, json={"detail": "Vous allez un peu vite."})
        else:
            route.continue_()

    widget.open()
    widget.page.route("**/web/message", busy)
    widget.says("bonjour")
    expect(widget.status).to_contain_text("votre message part dans 1 seconde")
    widget.answered("Mes réponses viennent de la fiche")
    widget.errors.clear()


def test_two_tabs_show_the_same_conversation(widget: Widget, opener: Opener) -> None:
    widget.open()
    widget.says("bonjour")
    widget.answered("Mes réponses viennent de la fiche")
    other = opener(context=widget.page.context)
    other.visit()
    other.open()
    other.answered("Mes réponses viennent de la fiche")
    other.says("Quels sont les blocs ?")
    other.answered("RNCP41402BC01")
    widget.answered("RNCP41402BC01")
    expect(widget.page.locator(".bubble.person")).to_have_count(2)


def test_the_server_restarts_in_the_middle(opener: Opener, tmp_path: Path) -> None:
    server = Server(f"sqlite:///{tmp_path}/etaie.db", {"SECRET_KEY": "clé"}, log=tmp_path / "log.txt")
    server.start()
    try:
        widget = opener(url=server.url)
        widget.visit()
        widget.open()
        widget.begins()
        server.kill()
        widget.choose("Pas encore")
        expect(widget.status).to_contain_text("ne répond pas pour l'instant")
        server.start()
        widget.answered("Question 2 sur 13", timeout=30_000)
        expect(widget.page.locator(".bubble.person").filter(has_text="Pas encore")).to_have_count(1)
    finally:
        server.stop()


def test_an_erased_conversation_is_said_and_a_new_one_begins(widget: Widget, opener: Opener) -> None:
    widget.open()
    widget.says("bonjour")
    widget.answered("Mes réponses viennent de la fiche")
    secret = widget.page.evaluate(
        "JSON.parse(localStorage.getItem(Object.keys(localStorage).find(k => k.endsWith(':secret'))))"
    )
    widget.page.request.delete(f"{widget.url}/web/conversation", headers={"Authorization": f"Bearer {secret}"})
    widget.says("Quels sont les blocs ?")
    widget.answered("RNCP41402BC01")
    expect(widget.status).to_contain_text("En voici une nouvelle")
    widget.errors.clear()


def test_erase_my_conversation_is_shown_to_have_worked(widget: Widget) -> None:
    widget.open()
    widget.begins()
    widget.choose("Pas encore")
    widget.answered("Question 2 sur 13")
    widget.press("Options")
    widget.press("Effacer ma conversation")
    widget.press("Oui, effacer")
    dialog = widget.page.get_by_role("dialog", name="Effacer ma conversation")
    expect(dialog).to_contain_text("C'est effacé")
    expect(dialog).to_contain_text("encore gardées, sous le code")
    widget.press("Oui, effacer aussi mes réponses")
    expect(dialog).to_contain_text("effacées aussi")
    widget.press("Terminé")
    expect(widget.page.locator(".bubble.person")).to_have_count(0)
    widget.page.reload()
    widget.open()
    widget.page.wait_for_timeout(300)
    expect(widget.page.locator(".bubble.person")).to_have_count(0)


NASTY = (
    '<img src=x onerror="window.broken=1"> <script>window.broken=2</script> **<b>gras</b>** javascript:window.broken=3'
)


def test_what_is_typed_runs_nothing(widget: Widget) -> None:
    widget.open()
    widget.says(NASTY)
    expect(widget.page.locator(".bubble.person")).to_contain_text("<script>window.broken=2</script>")
    widget.page.reload()
    widget.open()
    expect(widget.page.locator(".bubble.person")).to_contain_text('<img src=x onerror="window.broken=1">')
    assert widget.page.evaluate("window.broken") is None


def test_what_a_stored_text_holds_runs_nothing(widget: Widget) -> None:
    stored = {
        "messages": [
            {"n": 1, "from": "person", "at": "2026-11-26T10:00:00+01:00", "text": "a", "key": "k"},
            {
                "n": 2, "from": "bot", "at": "2026-11-26T10:00:00+01:00", "text": NASTY + "\n- " + NASTY,
                "choices": [{"title": NASTY, "payload": NASTY, "group": None}],
                "progress": None, "picture": {"url": "javascript:window.broken=4", "alt": NASTY},
            },
        ],
        "last": 2,
    }  # fmt: skip
    widget.page.route("**/web/message", lambda route: route.fulfill(json=stored))
    widget.open()
    widget.says("a")
    widget.answered("<b>gras</b>")
    assert widget.page.locator(".log script, .log img, .log b").count() == 0
    assert widget.page.locator(".log a").count() == 0
    widget.page.locator(".choice").click()
    widget.page.wait_for_timeout(200)
    assert widget.page.evaluate("window.broken") is None


def test_links_open_apart(widget: Widget) -> None:
    widget.open()
    widget.begins()
    widget.choose("Pas encore")
    widget.answered("Question 2 sur 13")
    widget.says("je veux voir mes résultats")
    link = widget.answered("Ce lien est privé").locator("a").first
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert (link.get_attribute("href") or "").startswith("http")


@pytest.fixture
def other_site(web_server: Server) -> Iterator[str]:
    """A site of another origin that embeds the widget twice, beside old code, under a strict policy."""
    page = f"""<!doctype html><html lang="fr"><head><title>Un autre site</title></head><body><h1>Un autre site</h1>
    <script src="{web_server.url}/widget.js" data-title="Chez nous" data-position="left"></script>
    <script src="{web_server.url}/widget.js" data-label="Deuxième bulle"></script></body></html>"""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            policy = f"default-src 'none'; script-src {web_server.url}; connect-src {web_server.url}; img-src data:"
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            pass

    host, port = OTHER_SITE.removeprefix("http://").split(":")
    site = ThreadingHTTPServer((host, int(port)), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield OTHER_SITE
    site.shutdown()
    site.server_close()


def test_on_another_site_under_a_strict_policy(opener: Opener, other_site: str) -> None:
    widget = opener()
    widget.page.goto(other_site)
    before = set(widget.page.evaluate("Object.keys(window)"))
    widget.launcher.click()
    widget.page.get_by_role("heading", name="Chez nous").wait_for()
    widget.field.first.fill("Quels sont les blocs ?")
    widget.field.first.press("Enter")
    widget.answered("RNCP41402BC01")
    assert set(widget.page.evaluate("Object.keys(window)")) == before
    expect(widget.page.get_by_role("button", name="Deuxième bulle")).to_be_visible()
    assert widget.errors == []
    assert widget.page.context.cookies() == []


def test_the_page_drives_it(widget: Widget) -> None:
    widget.press("Demander les blocs à l'assistant")
    widget.answered("RNCP41402BC01")
    expect(widget.page.locator("#heard")).to_contain_text("etaie:message")
    widget.page.evaluate("document.querySelector('etaie-assistant').close()")
    expect(widget.page.locator("#heard")).to_contain_text("etaie:closed")


def test_blocked_storage_still_talks(opener: Opener) -> None:
    widget = opener()
    widget.page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('bloqué') }})")
    widget.visit()
    widget.open()
    widget.says("Quels sont les blocs ?")
    widget.answered("RNCP41402BC01")


def test_the_full_page(opener: Opener) -> None:
    for size in (None, PHONE):
        widget = opener(size) if size else opener()
        widget.visit("/")
        widget.says("Quels sont les blocs ?")
        widget.answered("RNCP41402BC01")
        assert json.dumps(widget.errors) == "[]"
