"""The console in a real browser, with candidates in another."""

import os
import re
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pikepdf
import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot import demonstration
from bot.positioning.attempt import Answer, Attempt, PathKind
from bot.positioning.codes import new_code
from bot.positioning.guide import load_guide
from bot.positioning.results import content_of
from bot.positioning.stage import Answered, At, Begun, Effect, Shared, Stage, Turn
from bot.reception.sessions import EnrolmentState, InfoSession
from bot.storage import callbacks, complements, info_sessions, positionings, review, team_accounts
from bot.storage.database import open_database
from bot.team.accounts import Account, Role
from tests.browser.conftest import DESKTOP, PHONE, Widget, violations
from tests.conftest import PASSWORD, Server, TeamServer, wait_for

XSS = "<script>window.volé=1</script><img src=x onerror=window.volé=1>"
NARROW = {"width": 320, "height": 640}


class Console:
    """The console as somebody of the team sees it."""

    def __init__(self, page: Page, server: TeamServer) -> None:
        self.page = page
        self.server = server
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("dialog", lambda dialog: self.errors.append(f"dialogue : {dialog.message}"))

    def visit(self, path: str = "") -> None:
        self.page.goto(f"{self.server.url}/equipe{path}")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    @property
    def said(self) -> str:
        return self.page.locator(".said").inner_text()


Opener = Callable[..., Console]


@pytest.fixture
def contexts(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    opened: list[BrowserContext] = []

    def make(size: dict[str, int] = DESKTOP, **options: Any) -> BrowserContext:
        opened.append(browser.new_context(viewport=size, locale="fr-FR", timezone_id="Europe/Paris", **options))  # type: ignore[arg-type]
        return opened[-1]

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def console(contexts: Callable[..., BrowserContext], team_server: TeamServer) -> Iterator[Opener]:
    """Open the console, as somebody or as nobody."""
    made: list[Console] = []

    def open_console(account: Account | None = None, size: dict[str, int] = DESKTOP, **options: Any) -> Console:
        context = contexts(size, **options)
        if account:
            cookie = {"name": "etaie_equipe", "value": team_server.cookie(account), "url": f"{team_server.url}/equipe"}
            context.add_cookies([cookie])  # type: ignore[list-item]
        made.append(Console(context.new_page(), team_server))
        return made[-1]

    yield open_console
    assert [error for opened in made for error in opened.errors] == []


@pytest.fixture
def boss(team_server: TeamServer) -> Account:
    return team_server.account("Ada Directrice", Role.ADMINISTRATEUR)


@pytest.fixture
def lead(team_server: TeamServer) -> Account:
    return team_server.account("Claire Roux", Role.RESPONSABLE)


@pytest.fixture
def host(team_server: TeamServer) -> Account:
    return team_server.account("Zoé Animatrice", Role.ANIMATEUR)


@pytest.fixture
def talker(contexts: Callable[..., BrowserContext], team_server: TeamServer) -> Callable[..., Widget]:
    """Open a candidate's page."""

    def open_page(path: str = "/", size: dict[str, int] = PHONE) -> Widget:
        widget = Widget(contexts(size).new_page(), team_server.url)
        widget.visit(path)
        return widget

    return open_page


def answering(server: TeamServer, sender: str, level: str = "2", shares: bool = False) -> str:
    """Keep the answers of a whole quick path, in a conversation; return their code."""
    guide = load_guide(365)
    items = [item.id for item in guide.questionnaire.theme_items]
    now = datetime.now(UTC)
    attempt = Attempt(
        uuid.uuid4().hex, new_code(), PathKind.QUICK, tuple(items), guide.questionnaire.version, now, {}, None
    )
    given = {item: Answer(level, "J'ai formé deux salariés." if shares else "") for item in items}
    effects: list[Effect] = [Begun(attempt), *(Answered(attempt.id, item, answer) for item, answer in given.items())]
    if shares:
        whole = Attempt(attempt.id, attempt.code, attempt.path, attempt.scope, attempt.version, now, given, None)
        effects.append(Shared(attempt.id, guide.results.booklet(whole, now.date())))
    with server.database.begin() as connection:
        turn = Turn((), Stage(At.PAUSED, attempt_id=attempt.id), tuple(effects))
        positionings.store(connection, sender, turn, content_of(guide.questionnaire), now)
    return attempt.code


def present(server: TeamServer, session: InfoSession, people: int, name: str = "p") -> list[str]:
    """Make people join a session and answer; return their conversations."""
    senders = [f"web:{name}{session.code}{n:03}" for n in range(people)]
    for sender in senders:
        answering(server, sender)
        with server.database.begin() as connection:
            info_sessions.join(connection, session.id, sender, datetime.now(UTC))
    return senders


# --- Coming in ------------------------------------------------------------------------------------


def test_coming_in_with_the_keyboard_alone(console: Opener, host: Account) -> None:
    opened = console()
    opened.visit("/reunions")
    page = opened.page
    page.get_by_label("Adresse électronique").focus()
    page.keyboard.type(host.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Réunions d'information")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Nouvelle réunion")).to_be_focused()
    opened.press("Se déconnecter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Connexion")
    opened.visit()
    expect(page.get_by_role("heading", level=1)).to_have_text("Connexion")


def test_an_animateur_does_not_see_what_is_not_its_own(console: Opener, host: Account, team_server: TeamServer) -> None:
    other = team_server.session(team_server.account("autrui", Role.ANIMATEUR), title="Réunion d'autrui")
    opened = console(host)
    opened.visit()
    assert "Comptes" not in opened.page.get_by_role("navigation").inner_text()
    opened.visit(f"/reunions/{other.id}")
    expect(opened.page.get_by_role("alert")).to_have_text("Cette réunion est celle de quelqu'un d'autre.")
    assert "Réunion d'autrui" not in opened.page.content()
    opened.errors.clear()  # the browser notes the refusal


# --- Sessions -------------------------------------------------------------------------------------


def test_from_the_form_to_the_seat_and_back(
    console: Opener, talker: Callable[..., Widget], lead: Account, team_server: TeamServer
) -> None:
    opened = console(lead)
    opened.visit("/reunions/nouvelle")
    day = (datetime.now(UTC) + timedelta(days=4)).strftime("%Y-%m-%d")
    opened.fill("Titre", "Réunion du parcours entier")
    opened.fill("Date", day)
    opened.fill("Heure (à Paris)", "14:30")
    opened.fill("Lieu", "Tourcoing, 3 rue Neuve")
    opened.press("Créer la réunion")
    assert opened.said == "La réunion est créée."
    address = opened.page.url

    candidate = talker()
    candidate.says("c'est quand la prochaine réunion d'information ?")
    candidate.answered("Réunion du parcours entier")
    candidate.page.get_by_role("button", name=re.compile("14 h 30, Tourcoing")).click()
    candidate.answered("il me faut votre accord")
    candidate.press("Oui, avec mon prénom")
    candidate.answered("Quel est votre prénom")
    candidate.says("Nadia")
    candidate.answered("Comment vous joindre")
    candidate.press("Pas de contact")
    reply = candidate.answered("vous avez une place").inner_text()
    code = re.search(r"INS-[A-Z0-9]{6}", reply)
    assert code
    calendar = httpx.get(f"{team_server.url}/agenda/{code[0]}.ics")
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert "T143000" in calendar.text

    opened.page.reload()
    expect(opened.page.get_by_role("rowheader", name="Nadia")).to_be_visible()
    opened.follow("Modifier")
    opened.fill("Heure (à Paris)", "16:00")
    opened.press("Enregistrer")
    candidate.page.reload()
    candidate.answered("Votre réunion d'information a changé")
    candidate.answered("16 h")
    opened.page.get_by_text("Annuler la réunion").click()
    opened.press("Annuler cette réunion")
    candidate.page.reload()
    candidate.answered("est annulée")
    opened.page.goto(address)
    expect(opened.page.get_by_text("Cette réunion est annulée.")).to_be_visible()


def test_a_form_says_what_is_wrong_beside_each_field(console: Opener, lead: Account) -> None:
    opened = console(lead)
    opened.visit("/reunions/nouvelle")
    opened.page.locator("form.narrow").evaluate("form => form.noValidate = true")
    opened.fill("Places", "0")
    opened.press("Créer la réunion")
    expect(opened.page.get_by_role("alert")).to_have_text("Il reste 4 choses à corriger.")
    seats = opened.page.get_by_label("Places", exact=True)
    expect(seats).to_have_attribute("aria-invalid", "true")
    expect(seats).to_have_accessible_description("Le nombre de places est de 1 à 1000.")
    opened.errors.clear()  # the browser notes the status


def test_fifty_at_once_for_the_last_seat(team_server: TeamServer, lead: Account) -> None:
    made = team_server.session(lead, seats=1)
    started = threading.Barrier(50)
    replies: dict[int, str] = {}

    def agree(n: int) -> None:
        sender = f"dernier-{made.code}-{n}"
        buttons = team_server.server.say(sender, f"réunion {made.code}")[-1]["buttons"]
        payload = next(b["payload"] for b in buttons if b["title"] == "Oui, sans mon prénom")
        started.wait()
        replies[n] = team_server.server.text(sender, payload)

    threads = [threading.Thread(target=agree, args=(n,)) for n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("vous avez une place" in text for text in replies.values()) == 1
    ranks = sorted(int(found[1]) for text in replies.values() if (found := re.search(r"au rang (\d+)", text)))
    assert ranks == list(range(1, 50))
    with team_server.database.connect() as connection:
        kept = info_sessions.enrolments(connection, made.id)
    assert [e.state for e in kept] == [EnrolmentState.ENROLLED, *[EnrolmentState.WAITING] * 49]


def test_after_the_session(console: Opener, lead: Account, team_server: TeamServer, tmp_path: Path) -> None:
    made = team_server.session(lead, days=0, title="Réunion faite")
    with team_server.database.begin() as connection:
        soon = datetime.now(UTC) - timedelta(days=1)
        for n, name in enumerate(("Nadia", "=HYPERLINK(1)", "Karim")):
            info_sessions.enrol(connection, made.id, f"web:apres{n}", name, "", soon)
    code = answering(team_server, "web:apres0", shares=True)
    answering(team_server, "web:apres2")
    opened = console(lead)
    opened.visit(f"/reunions/{made.id}")
    for who in ("Nadia", "Karim"):
        opened.page.get_by_role("row", name=who).get_by_role("checkbox").check()
    opened.press("Enregistrer les présences")
    assert opened.said == "Les présences sont notées."
    assert [opened.page.get_by_role("checkbox").nth(n).is_checked() for n in range(3)] == [True, False, True]
    # Only who shared is read, and nobody else.
    assert opened.page.get_by_role("link", name="Transmis").count() == 1
    opened.follow("Transmis")
    expect(opened.page.get_by_role("heading", level=1)).to_have_text(f"Résultats transmis, code {code}")
    assert "J'ai formé deux salariés." in opened.page.content()
    for name in ("inscrits.csv", "inscrits.xlsx", "emargement.pdf"):
        opened.visit(f"/reunions/{made.id}")
        with opened.page.expect_download() as taken:
            opened.page.locator(f"a[href$='{name}']").click()
        taken.value.save_as(tmp_path / name)
    written = (tmp_path / "inscrits.csv").read_text(encoding="utf-8-sig")
    assert written.splitlines()[0] == '"Rang";"Prénom";"Contact";"Code";"État";"Présence";"Résultats transmis"'
    assert '"\'=HYPERLINK(1)"' in written
    assert '"présent";"oui"' in written
    assert read_workbook(tmp_path / "inscrits.xlsx")[2][1] == "=HYPERLINK(1)"
    with pikepdf.open(tmp_path / "emargement.pdf") as pdf:
        assert str(pdf.Root.Lang) == "fr-FR"
        assert "Réunion faite" in str(pdf.docinfo["/Title"])


def read_workbook(path: Path) -> list[list[Any]]:
    sheet = load_workbook(path).active
    assert sheet is not None
    assert all(cell.data_type in ("s", "n") for row in sheet.iter_rows() for cell in row)
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


# --- In the room ----------------------------------------------------------------------------------


def test_the_screen_of_the_room_follows_what_candidates_do(
    console: Opener, talker: Callable[..., Widget], host: Account, team_server: TeamServer
) -> None:
    made = team_server.session(host, days=0, title="Réunion en salle")
    present(team_server, made, 4)
    screen = console(host)
    screen.visit(f"/reunions/{made.id}/projection")
    page = screen.page
    expect(page.locator("#nombre")).to_have_text("4")
    expect(page.get_by_text("L'image du groupe s'affiche à partir de 5 personnes")).to_be_visible()
    assert page.locator(".heat").count() == 0

    candidate = talker(f"/r/{made.code}")
    candidate.answered("Bienvenue à la réunion")
    expect(page.locator("#nombre")).to_have_text("4")
    candidate.press("D'accord, je participe")
    expect(page.locator("#nombre")).to_have_text("5", timeout=10_000)
    candidate.says("quels sont les blocs ?")
    candidate.answered("4 blocs")
    expect(page.get_by_text("Vos questions les plus posées")).to_be_visible(timeout=10_000)
    candidate.begins()
    candidate.choose("Même dans l'imprévu")
    expect(page.locator(".heat")).to_be_visible(timeout=10_000)
    expect(page.get_by_text("5 personnes ont répondu")).to_be_visible()
    # The one competency that five answered; nobody's own level is written anywhere.
    assert page.locator(".heat td.h1, .heat td.h2, .heat td.h3, .heat td.h4").count() > 0


def test_the_screen_says_when_the_account_is_closed(console: Opener, host: Account, team_server: TeamServer) -> None:
    made = team_server.session(host, days=0)
    screen = console(host)
    screen.visit(f"/reunions/{made.id}/projection")
    expect(screen.page.locator("#nombre")).to_have_text("0")
    assert screen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_group_is_shown_from_five_and_taken_in_files(
    console: Opener, lead: Account, team_server: TeamServer
) -> None:
    made = team_server.session(lead, days=0)
    present(team_server, made, 4)
    opened = console(lead)
    opened.visit(f"/reunions/{made.id}/groupe")
    expect(opened.page.get_by_text("L'image du groupe s'affiche à partir de 5 personnes")).to_be_visible()
    with team_server.client(lead) as client:
        assert client.get(f"/equipe/reunions/{made.id}/fichiers/groupe.csv").status_code == 409
        present(team_server, made, 1, "autre")
        files = {
            name: client.get(f"/equipe/reunions/{made.id}/fichiers/groupe.{name}").content
            for name in ("csv", "xlsx", "pdf")
        }
    opened.page.reload()
    assert opened.page.locator(".heat tbody tr").count() == 39
    assert files["csv"].decode("utf-8-sig").count("Sans aide, d'habitude") == 39
    assert files["xlsx"].startswith(b"PK")
    assert files["pdf"].startswith(b"%PDF")


# --- What the bot could not answer ----------------------------------------------------------------


def unanswered(server: TeamServer, *texts: str) -> None:
    with server.database.begin() as connection:
        for text in texts:
            review.add(connection, text, [("silent_places", 0.2)], "repli", datetime.now(UTC).date())


def test_an_answer_of_the_team_reaches_the_next_candidate(
    console: Opener, lead: Account, host: Account, team_server: TeamServer
) -> None:
    question = "est ce quil y a un tatami pour la sieste"
    before = team_server.server.text("avant", question)
    assert "équipe" not in before
    unanswered(team_server, question, "ya un tatami pour faire la sieste ?", question)
    opened = console(lead)
    opened.visit("/questions")
    card = opened.page.locator("li.card", has_text="tatami")
    assert card.count() == 1
    expect(card.get_by_text("Vu 3 fois, 2 formulations.")).to_be_visible()
    card.get_by_role("button", name=re.compile("Répondre au groupe")).click()
    opened.fill("La réponse", "Oui, **deux tatamis**, au fond de l'atelier.")
    opened.fill("D'où vient l'information", "Visite du 20 novembre")
    opened.press("Voir ce que lira le candidat")
    preview = opened.page.locator(".bubble").inner_text()
    assert "Ajouté par l'équipe, hors fiche (Visite du 20 novembre" in preview
    assert "deux tatamis" in preview
    assert team_server.server.text("pas encore", question) == before
    opened.press("Mettre en ligne")
    assert "en ligne" in opened.said
    told = team_server.server.text("après", "ya t il un tatami pour la sieste")
    assert "Ajouté par l'équipe, hors fiche" in told
    assert "deux tatamis" in told
    opened.visit("/questions")
    assert opened.page.locator("li.card", has_text="tatami").count() == 0

    opened.visit("/reponses")
    opened.page.get_by_role("link", name=question).click()
    opened.follow("Nouvelle version")
    opened.fill("La réponse", "Non, plus maintenant.")
    opened.press("Voir ce que lira le candidat")
    opened.press("Mettre en ligne")
    assert "Non, plus maintenant" in team_server.server.text("version", question)
    assert opened.page.locator("ol.plain li").count() == 2
    opened.press("Retirer")
    assert team_server.server.text("retirée", question) == before


def test_an_answer_on_a_topic_is_given_with_the_answer_of_the_fiche(
    console: Opener, lead: Account, team_server: TeamServer
) -> None:
    opened = console(lead)
    opened.visit("/reponses/nouvelle")
    opened.fill("La question, comme un candidat la poserait", "Combien coûte la formation ?")
    opened.fill("La réponse", "Notre centre la propose à 4 900 €.")
    opened.fill("D'où vient l'information", "Catalogue 2027")
    opened.page.get_by_label("Sujet", exact=True).select_option(label="Le prix")
    opened.press("Voir ce que lira le candidat")
    opened.press("Mettre en ligne")
    told = team_server.server.text("prix", "combien coûte la formation ?")
    assert "pas de prix" in told
    assert "Ajouté par l'équipe, hors fiche (Catalogue 2027" in told
    with team_server.database.begin() as connection:
        for kept in complements.listed(connection):
            complements.set_active(connection, kept.id, False)
    assert "4 900" not in team_server.server.text("prix2", "combien coûte la formation ?")


def test_the_team_does_not_answer_where_the_fiche_does(team_server: TeamServer, lead: Account) -> None:
    with team_server.client(lead) as client:
        form = {
            "csrf": team_server.csrf(client), "topic": "blocs", "question": "Les blocs ?", "text": "Il y en a 12.",
            "source": "moi", "source_date": "2026-11-01", "act": "publish",
        }  # fmt: skip
        response = client.post("/equipe/reponses/ecrire", data=form)
    assert response.status_code == 422
    assert "l&#39;équipe ne la remplace pas" in response.text


def test_messages_are_sorted_and_feed_the_training(console: Opener, host: Account, team_server: TeamServer) -> None:
    unanswered(team_server, "le prix du billet de train pour venir", "ou que c que vous ete")
    opened = console(host)
    opened.visit("/questions")
    train = opened.page.locator("li.card", has_text="billet de train")
    train.get_by_role("button", name=re.compile("hors sujet")).click()
    assert opened.said == "1 message : hors sujet."
    where = opened.page.locator("li.card", has_text="ou que c que vous ete")
    where.get_by_label("Sujet", exact=True).select_option(label="Les lieux de formation")
    where.get_by_role("button", name=re.compile("Ranger")).click()
    assert "le prochain entraînement l'apprendra" in opened.said
    with team_server.database.connect() as connection:
        decided = review.decisions(connection)
    assert decided["ou que c que vous ete"] == ("attached", "silent_places")
    assert decided["le prix du billet de train pour venir"] == ("off_topic", "")


# --- A person -------------------------------------------------------------------------------------


def test_a_candidate_and_somebody_of_the_team_talk(
    console: Opener, talker: Callable[..., Widget], host: Account, team_server: TeamServer
) -> None:
    candidate = talker()
    candidate.says("je veux parler à une vraie personne")
    candidate.answered("transmettre votre demande")
    candidate.press("Oui, transmettre")
    candidate.answered("Écrivez votre demande")
    candidate.says("Je suis en arrêt, est-ce que je peux venir quand même ?")
    candidate.answered("C'est transmis")

    opened = console(host)
    opened.visit("/demandes")
    opened.page.locator(".card a").last.click()
    expect(opened.page.get_by_text("Je suis en arrêt")).to_be_visible()
    opened.press("Prendre cette demande")
    candidate.answered("Zoé, de l'équipe, a pris votre demande")
    opened.fill("Votre réponse", "Bonjour, oui, avec plaisir.")
    opened.press("Envoyer")
    reply = candidate.answered("Bonjour, oui, avec plaisir.")
    assert "Zoé, de l'équipe, répond" in reply.inner_text()
    count = candidate.bubbles.count()
    candidate.says("quels sont les blocs ?")
    expect(opened.page.locator(".thread")).to_contain_text("quels sont les blocs ?", timeout=10_000)
    assert candidate.bubbles.count() == count + 1, "l'assistant devait se taire"
    opened.press("Fermer la demande")
    candidate.answered("L'échange avec l'équipe est terminé")
    candidate.says("quels sont les blocs ?")
    candidate.answered("4 blocs")
    assert candidate.errors == []


def test_two_of_the_team_do_not_take_the_same_request(team_server: TeamServer, lead: Account, host: Account) -> None:
    with team_server.database.begin() as connection:
        request = callbacks.ask(connection, "web:deux", "", "", datetime.now(UTC))
    with team_server.client(lead) as first, team_server.client(host) as second:
        took = first.post(f"/equipe/demandes/{request}", data={"csrf": team_server.csrf(first), "act": "take"})
        late = second.post(f"/equipe/demandes/{request}", data={"csrf": team_server.csrf(second), "act": "take"})
        data = {"csrf": team_server.csrf(second), "act": "answer", "text": "x"}
        other = second.post(f"/equipe/demandes/{request}", data=data)
    assert (took.status_code, late.status_code, other.status_code) == (303, 409, 409)


# --- Quality --------------------------------------------------------------------------------------


def test_figures_come_from_conversations_and_hold_nobodys_words(
    console: Opener, talker: Callable[..., Widget], lead: Account, team_server: TeamServer
) -> None:
    candidate = talker()
    candidate.says("bonjour je m'appelle Zébulon, c'est quoi la VAE ?")
    candidate.answered("VAE")
    candidate.page.get_by_role("group", name="Cette réponse vous a aidé ?").get_by_role("button", name="Oui").click()
    expect(candidate.page.get_by_text("Merci, c'est noté.")).to_be_visible()
    opened = console(lead)

    def counted() -> bool:
        opened.visit("/qualite")
        return opened.page.get_by_role("region", name="Avis par sujet").count() == 1

    wait_for(counted, "le compte")
    assert "Zébulon" not in opened.page.content()
    assert opened.page.locator(".figures dd").first.inner_text() != "0"
    opened.page.get_by_text("Les mêmes chiffres en tableau").first.click()
    expect(opened.page.get_by_role("table", name="Messages par jour")).to_be_visible()
    opened.visit("/qualite?du=2020-01-01&au=2020-01-31")
    expect(opened.page.get_by_text("Rien pour cette période.").first).to_be_visible()


# --- What people write is never run ---------------------------------------------------------------


def test_what_is_written_is_shown_and_never_run(
    console: Opener, talker: Callable[..., Widget], boss: Account, team_server: TeamServer
) -> None:
    made = team_server.session(boss, days=0, title=XSS[:110], place=XSS, note=XSS)
    now = datetime.now(UTC)
    with team_server.database.begin() as connection:
        info_sessions.enrol(connection, made.id, "", XSS[:40], XSS, now - timedelta(hours=1))
        request = callbacks.ask(connection, "rest-x", XSS[:40], XSS, now)
        callbacks.add(connection, request, "", XSS, now)
        content = complements.NewComplement("", XSS, XSS, XSS, now.date(), "https://x.fr/?<b>")
        answer = complements.write(connection, content, XSS[:80], now, examples=[XSS])
    unanswered(team_server, XSS)
    opened = console(boss)
    paths = [
        "", "/reunions", f"/reunions/{made.id}", f"/reunions/{made.id}/modifier", f"/reunions/{made.id}/groupe",
        f"/reunions/{made.id}/projection", "/demandes", f"/demandes/{request}", "/questions", "/reponses",
        f"/reponses/{answer}", f"/reponses/{answer}/modifier", "/journal", "/qualite",
    ]  # fmt: skip
    for path in paths:
        opened.visit(path)
        assert opened.page.evaluate("window.volé") is None, path
        assert opened.page.locator("main img, main script").count() == 0, path
    candidate = talker(f"/r/{made.code}")
    candidate.answered("Bienvenue à la réunion")
    assert candidate.page.evaluate("window.volé") is None
    with team_server.database.begin() as connection:
        complements.set_active(connection, answer, False)


# --- For everybody --------------------------------------------------------------------------------

_MODES: dict[str, dict[str, Any]] = {
    "ordinateur": {"size": DESKTOP},
    "320 pixels": {"size": NARROW},
    "sombre": {"size": DESKTOP, "color_scheme": "dark"},
}


@pytest.mark.parametrize("mode", _MODES)
def test_every_page_is_accessible(console: Opener, boss: Account, team_server: TeamServer, mode: str) -> None:
    made = team_server.session(boss, days=0, title="Réunion accessible", video_url="https://visio.exemple.fr/salle")
    senders = present(team_server, made, 6, "acc")
    code = answering(team_server, "web:partage-acc" + mode[:3], shares=True)
    now = datetime.now(UTC)
    with team_server.database.begin() as connection:
        info_sessions.join(connection, made.id, "web:partage-acc" + mode[:3], now)
        for n, sender in enumerate(senders):
            info_sessions.enrol(connection, made.id, sender, f"Prénom{n}", "p@exemple.fr", now - timedelta(hours=3))
        connection.exec_driver_sql("UPDATE enrolment SET reminder = 'by_hand' WHERE rank = 1")
        request = callbacks.ask(connection, "web:accessible", "", "", now)
        callbacks.add(connection, request, "", "Bonjour", now)
        content = complements.NewComplement("silent_places", "Où ?", "À Lyon.", "Nous", now.date())
        answer = complements.write(connection, content, "Ada", now)
    unanswered(team_server, "une question accessible", "et puis une autre")
    paths = [
        "", "/reunions", "/reunions/nouvelle", f"/reunions/{made.id}", f"/reunions/{made.id}/modifier",
        f"/reunions/{made.id}/groupe", f"/reunions/{made.id}/projection", f"/reunions/{made.id}/partages/{code}",
        "/demandes", f"/demandes/{request}", "/questions", "/reponses", "/reponses/nouvelle", f"/reponses/{answer}",
        "/qualite", "/comptes", "/journal", "/compte", "/mot-de-passe", "/connexion?deja=1",
    ]  # fmt: skip
    options = dict(_MODES[mode])
    opened = console(boss, options.pop("size"), **options)
    found = {}
    for path in paths:
        opened.visit(path)
        if faults := violations(opened.page):
            found[path] = faults
        if not opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found[path + " (largeur)"] = ["la page déborde"]
    nobody = console(None, DESKTOP)
    nobody.visit("/connexion")
    if faults := violations(nobody.page):
        found["/connexion"] = faults
    with team_server.database.begin() as connection:
        complements.set_active(connection, answer, False)
    assert found == {}


def test_a_page_prints_without_its_menus(console: Opener, lead: Account, team_server: TeamServer) -> None:
    made = team_server.session(lead)
    opened = console(lead)
    opened.visit(f"/reunions/{made.id}")
    opened.page.emulate_media(media="print")
    expect(opened.page.locator(".top")).to_be_hidden()
    expect(opened.page.get_by_role("heading", level=1)).to_be_visible()


def test_the_health_of_the_server_after_all_this(team_server: TeamServer) -> None:
    assert httpx.get(f"{team_server.url}/health").status_code == 200
    assert team_server.server.log is not None
    assert "ERROR" not in team_server.server.log.read_text(encoding="utf-8")


_PICTURES = {
    "equipe-accueil": ("", DESKTOP),
    "equipe-reunion": ("/reunions/{session}", DESKTOP),
    "equipe-telephone": ("/reunions/{session}", PHONE),
    "equipe-groupe": ("/reunions/{session}/groupe", DESKTOP),
    "equipe-projection": ("/reunions/{session}/projection", DESKTOP),
    "equipe-questions": ("/questions", DESKTOP),
    "equipe-qualite": ("/qualite", DESKTOP),
    "equipe-demande": ("/demandes/{request}", DESKTOP),
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TeamServer, dict[str, str]]]:
    """A server that shows the demonstration, and what its addresses need."""
    url = f"sqlite:///{tmp_path_factory.mktemp('demonstration')}/etaie.db"
    database = open_database(url)
    with database.begin() as connection:
        demonstration.fill(connection, load_guide(365), b"cle", datetime.now(UTC))
        names = {account.email: account for account in team_accounts.accounts(connection)}
        today = info_sessions.listed(connection, None, datetime.now(UTC), past=False)[0]
        request = callbacks.listed(connection, closed=False)[0]
    running = Server(url, {"SECRET_KEY": "clé de test", "PUBLIC_URL": "https://etaie.exemple.fr"})
    running.start()
    boss = names[f"ada{demonstration.DOMAIN}"]
    yield TeamServer(running, database, {"Ada": boss}), {"session": today.id, "request": request.id}
    database.dispose()
    running.stop()


@pytest.mark.parametrize("name", _PICTURES)
def test_pictures_of_the_documentation(
    contexts: Callable[..., BrowserContext], shown: tuple[TeamServer, dict[str, str]], captures: Path, name: str
) -> None:
    """Each page can be drawn on the demonstration; `REWRITE=1` keeps the pictures."""
    server, values = shown
    path, size = _PICTURES[name]
    context = contexts(size)
    cookie = {"name": "etaie_equipe", "value": server.cookie(server.accounts["Ada"]), "url": f"{server.url}/equipe"}
    context.add_cookies([cookie])  # type: ignore[list-item]
    opened = Console(context.new_page(), server)
    opened.visit(path.format(**values))
    opened.page.wait_for_timeout(1200 if "projection" in name else 200)
    picture = opened.page.screenshot(path=captures / f"{name}.png" if os.environ.get("REWRITE") else None)
    assert len(picture) > 5_000
    assert opened.errors == []


def test_the_pages_in_between_are_accessible(
    console: Opener, talker: Callable[..., Widget], boss: Account, team_server: TeamServer
) -> None:
    opened, found = console(boss, NARROW), {}
    opened.visit("/comptes")
    opened.fill("Prénom et nom", "Passe Muraille")
    opened.fill("Adresse électronique", "passe@exemple.fr")
    opened.press("Ajouter")
    expect(opened.page.get_by_role("heading", level=1)).to_have_text("Compte créé")
    found["premier mot de passe"] = violations(opened.page)
    opened.visit("/reunions/aucune")
    expect(opened.page.get_by_role("alert")).to_have_text("Cette réunion n'existe pas.")
    found["refus"] = violations(opened.page)
    opened.errors.clear()  # the browser notes the status
    account = team_server.account("Code Secret", Role.ANIMATEUR)
    with team_server.database.begin() as connection:
        team_accounts.set_totp(connection, account.id, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    nobody = console(None, NARROW)
    nobody.visit("/connexion")
    nobody.fill("Adresse électronique", account.email)
    nobody.fill("Mot de passe", PASSWORD)
    nobody.press("Se connecter")
    expect(nobody.page.get_by_role("heading", level=1)).to_have_text("Code du téléphone")
    found["code"] = violations(nobody.page)
    candidate = talker(f"/r/{team_server.session(boss, days=0).code}", NARROW)
    candidate.answered("Bienvenue à la réunion")
    found["arrivée"] = candidate.violations()
    assert [name for name, faults in found.items() if faults] == []
