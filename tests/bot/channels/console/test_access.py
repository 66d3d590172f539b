"""Who may come in, and what each role must not do: over real HTTP."""

import itertools
import re
from datetime import UTC, datetime

import httpx
import pyotp
import pytest
from sqlalchemy import delete

from bot.storage import info_sessions, team_accounts
from bot.storage.team_accounts import StaffJournal
from bot.team.accounts import Role
from tests.conftest import PASSWORD, TeamServer

_places = itertools.count(2)


def login(
    server: TeamServer, email: str, password: str = PASSWORD, place: str = "", path: str = "connexion", **fields: str
) -> httpx.Response:
    """Open an account, from a network address of its own: the limit by address has its own test."""
    here = httpx.HTTPTransport(local_address=place or f"127.0.1.{next(_places) % 250 + 1}")
    with httpx.Client(transport=here, headers={"Origin": server.url}, timeout=30) as client:
        return client.post(f"{server.url}/equipe/{path}", data={"email": email, "password": password, **fields})


# --- Coming in ------------------------------------------------------------------------------------


def test_the_right_password_opens_and_the_cookie_is_closed_to_scripts(team_server: TeamServer) -> None:
    account = team_server.account("ouvre", Role.ANIMATEUR)
    response = login(team_server, account.email)
    assert (response.status_code, response.headers["location"]) == (303, "/equipe")
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/equipe" in cookie


def test_an_unknown_account_and_a_wrong_password_are_told_alike(team_server: TeamServer) -> None:
    account = team_server.account("semblable", Role.ANIMATEUR)
    wrong, unknown = login(team_server, account.email, "faux"), login(team_server, "personne@exemple.fr", "faux")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text == unknown.text


def test_ten_wrong_passwords_close_the_account_even_to_the_right_one(team_server: TeamServer) -> None:
    account = team_server.account("ferme", Role.ANIMATEUR)
    assert [login(team_server, account.email, f"faux {n}").status_code for n in range(10)] == [401] * 10
    assert login(team_server, account.email).status_code == 401
    with team_server.database.begin() as connection:
        team_accounts.note_success(connection, account.id)
    assert login(team_server, account.email).status_code == 303


def test_a_closed_account_does_not_open(team_server: TeamServer) -> None:
    account = team_server.account("parti", Role.ANIMATEUR)
    with team_server.client(account) as client:
        assert client.get("/equipe").status_code == 200
        with team_server.database.begin() as connection:
            team_accounts.set_active(connection, account.id, False)
        assert client.get("/equipe").status_code == 303
    assert login(team_server, account.email).status_code == 401


def test_the_page_asked_for_is_shown_after_and_never_another_site(team_server: TeamServer) -> None:
    account = team_server.account("suite", Role.ANIMATEUR)
    asked = httpx.get(f"{team_server.url}/equipe/reunions?passees=1")
    assert asked.headers["location"] == "/equipe/connexion?suite=%2Fequipe%2Freunions%3Fpassees%3D1"
    right = login(team_server, account.email, suite="/equipe/reunions?passees=1")
    assert right.headers["location"] == "/equipe/reunions?passees=1"
    for elsewhere in (
        "https://mechant.fr",
        "//mechant.fr",
        "/equipe//mechant.fr",
        "/\\mechant.fr",
        "javascript:alert(1)",
    ):
        assert login(team_server, account.email, suite=elsewhere).headers["location"] == "/equipe"


def test_a_first_password_must_be_changed_before_anything(team_server: TeamServer) -> None:
    account = team_server.account("nouveau", Role.RESPONSABLE, must_change=True)
    with team_server.client(account) as client:
        assert client.get("/equipe/reunions").headers["location"] == "/equipe/mot-de-passe"
        token = re.search(r'name="csrf" value="([^"]+)"', client.get("/equipe/mot-de-passe").text)
        assert token
        form = {"csrf": token[1], "password": PASSWORD, "new": "un tout autre secret", "again": "un tout autre secret"}
        for wrong in ({"new": "court", "again": "court"}, {"again": "différent"}, {"password": "faux"}):
            assert client.post("/equipe/mot-de-passe", data={**form, **wrong}).status_code == 422
        changed = client.post("/equipe/mot-de-passe", data=form)
        assert changed.status_code == 303
        assert client.get("/equipe/reunions").status_code == 200
    assert login(team_server, account.email).status_code == 401
    assert login(team_server, account.email, "un tout autre secret").status_code == 303


def test_changing_a_password_closes_the_other_browsers(team_server: TeamServer) -> None:
    account = team_server.account("deux", Role.ANIMATEUR)
    with team_server.client(account) as here, team_server.client(account) as there:
        form = {"password": PASSWORD, "new": "encore une suite de mots", "again": "encore une suite de mots"}
        here.post("/equipe/mot-de-passe", data={"csrf": team_server.csrf(here), **form})
        assert here.get("/equipe").status_code == 200
        assert there.get("/equipe").status_code == 303


def test_logging_out_closes_on_the_server_too(team_server: TeamServer) -> None:
    account = team_server.account("sort", Role.ANIMATEUR)
    with team_server.client(account) as client:
        cookie = client.cookies["etaie_equipe"]
        client.post("/equipe/deconnexion", data={"csrf": team_server.csrf(client)})
    assert httpx.get(f"{team_server.url}/equipe", cookies={"etaie_equipe": cookie}).status_code == 303


def test_a_code_of_the_telephone_is_asked_for_and_serves_once(team_server: TeamServer) -> None:
    account = team_server.account("telephone", Role.ANIMATEUR)
    with team_server.client(account) as client:
        page = client.get("/equipe/compte").text
        secret = re.search(r"<code>([A-Z2-7]{32})</code>", page)
        assert secret
        form = {"csrf": team_server.csrf(client), "secret": secret[1]}
        assert client.post("/equipe/compte/codes", data={**form, "code": "000000"}).status_code == 422
        code = pyotp.TOTP(secret[1]).now()
        assert client.post("/equipe/compte/codes", data={**form, "code": code}).status_code == 303
    asked = login(team_server, account.email)
    assert asked.status_code == 200
    assert "etaie_equipe" not in asked.headers.get("set-cookie", "")
    pending = re.search(r'name="pending" value="([^"]+)"', asked.text)
    assert pending

    def answer(typed: str, held: str = pending[1]) -> httpx.Response:
        return login(team_server, "", path="code", pending=held, code=typed)

    assert answer("123456").status_code == 401
    code = pyotp.TOTP(secret[1]).now()
    assert answer(code, pending[1][:-2] + "xx").status_code == 401
    assert answer(code).status_code == 303
    assert answer(code).status_code == 401


# --- Forms ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("forged", ["", "faux", "é" * 32, "another"])
def test_a_forged_token_changes_nothing(team_server: TeamServer, forged: str) -> None:
    account = team_server.account("jeton", Role.ANIMATEUR)
    made = team_server.session(account)
    with team_server.client(account) as client, team_server.client(account) as other:
        token = team_server.csrf(other) if forged == "another" else forged
        response = client.post(f"/equipe/reunions/{made.id}/annuler", data={"csrf": token})
    assert response.status_code == 403
    assert "Rouvrez la page" in response.text
    with team_server.database.connect() as connection:
        found = info_sessions.read(connection, made.id)
    assert found is not None
    assert not found.cancelled


@pytest.mark.parametrize("origin", ["https://mechant.fr", "null", "http://127.0.0.1:1"])
def test_a_form_of_another_site_changes_nothing(team_server: TeamServer, origin: str) -> None:
    account = team_server.account("origine", Role.ANIMATEUR)
    made = team_server.session(account)
    with team_server.client(account) as client:
        token = team_server.csrf(client)
        for path in (f"/equipe/reunions/{made.id}/annuler", "/equipe/connexion", "/equipe/deconnexion"):
            assert client.post(path, data={"csrf": token}, headers={"Origin": origin}).status_code == 403


def test_a_form_too_long_is_refused(team_server: TeamServer) -> None:
    account = team_server.account("long", Role.ANIMATEUR)
    with team_server.client(account) as client:
        data = {"csrf": team_server.csrf(client), "title": "x" * 100_000}
        assert client.post("/equipe/reunions/nouvelle", data=data).status_code == 413


# --- Roles ----------------------------------------------------------------------------------------

_PAGES = [
    "", "/reunions", "/reunions/nouvelle", "/demandes", "/questions", "/reponses", "/reponses/nouvelle", "/qualite",
    "/qualite/sujets.csv", "/comptes", "/journal", "/compte", "/mot-de-passe",
]  # fmt: skip
_OF_SESSION = [
    "", "/modifier", "/groupe", "/projection", "/flux", "/partages/AAAA-2222", "/fichiers/inscrits.csv",
    "/fichiers/inscrits.xlsx", "/fichiers/emargement.pdf", "/fichiers/groupe.pdf",
]  # fmt: skip
_ACTS = ["/modifier", "/annuler", "/inscrits", "/presence", "/inscrits/abc"]


def test_logged_out_nothing_is_shown(team_server: TeamServer) -> None:
    made = team_server.session(title="Titre secret")
    with team_server.client() as client:
        for path in [*_PAGES, *(f"/reunions/{made.id}{path}" for path in _OF_SESSION)]:
            response = client.get(f"/equipe{path}")
            assert (response.status_code, response.text) == (303, ""), path
            assert response.headers["location"].startswith("/equipe/connexion")
        for path in [*(f"/reunions/{made.id}{path}" for path in _ACTS), "/comptes", "/reponses/ecrire", "/questions"]:
            assert client.post(f"/equipe{path}", data={"csrf": "x"}).status_code == 303, path


def test_an_animateur_opens_its_own_session_and_no_other(team_server: TeamServer) -> None:
    mine, other = team_server.account("mien", Role.ANIMATEUR), team_server.account("autrui", Role.ANIMATEUR)
    own, foreign = team_server.session(mine, title="À moi"), team_server.session(other, title="À autrui")
    with team_server.client(mine) as client:
        token = team_server.csrf(client)
        for path in _OF_SESSION:
            response = client.get(f"/equipe/reunions/{foreign.id}{path}")
            assert response.status_code == 403, path
            assert "À autrui" not in response.text
        for path in _ACTS:
            data = {"csrf": token, "first_name": "X", "title": "Pris"}
            assert client.post(f"/equipe/reunions/{foreign.id}{path}", data=data).status_code == 403, path
        assert client.get(f"/equipe/reunions/{own.id}").status_code == 200
        listed = client.get("/equipe/reunions").text
    assert "À moi" in listed
    assert "À autrui" not in listed


def test_an_enrolment_of_another_session_is_not_reached_through_ones_own(team_server: TeamServer) -> None:
    mine, other = team_server.account("mien", Role.ANIMATEUR), team_server.account("autrui", Role.ANIMATEUR)
    own, foreign = team_server.session(mine), team_server.session(other)
    with team_server.database.begin() as connection:
        enrolment = info_sessions.enrol(connection, foreign.id, "", "Nadia", "", datetime.now(UTC))
    assert enrolment is not None
    with team_server.client(mine) as client:
        data = {"csrf": team_server.csrf(client), "act": "cancel"}
        assert client.post(f"/equipe/reunions/{own.id}/inscrits/{enrolment.id}", data=data).status_code == 404
    with team_server.database.connect() as connection:
        assert info_sessions.enrolment(connection, enrolment.id) == enrolment


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.ANIMATEUR, "/comptes", 403),
        (Role.ANIMATEUR, "/journal", 403),
        (Role.ANIMATEUR, "/reponses/nouvelle", 403),
        (Role.ANIMATEUR, "/questions", 200),
        (Role.RESPONSABLE, "/comptes", 403),
        (Role.RESPONSABLE, "/journal", 403),
        (Role.RESPONSABLE, "/reponses/nouvelle", 200),
        (Role.ADMINISTRATEUR, "/comptes", 200),
        (Role.ADMINISTRATEUR, "/journal", 200),
    ],
)
def test_pages_by_role(team_server: TeamServer, role: Role, path: str, status: int) -> None:
    with team_server.client(team_server.account(f"un-{role}", role)) as client:
        assert client.get(f"/equipe{path}").status_code == status


@pytest.mark.parametrize("role", [Role.ANIMATEUR, Role.RESPONSABLE])
def test_only_an_administrator_makes_accounts(team_server: TeamServer, role: Role) -> None:
    account = team_server.account(f"un-{role}", role)
    with team_server.client(account) as client:
        data = {"csrf": team_server.csrf(client), "name": "X", "email": "intrus@exemple.fr", "role": "administrateur"}
        assert client.post("/equipe/comptes", data=data).status_code == 403
        promote = {"csrf": data["csrf"], "act": "role", "role": "administrateur"}
        assert client.post(f"/equipe/comptes/{account.id}", data=promote).status_code == 403
    with team_server.database.connect() as connection:
        assert team_accounts.credentials(connection, "intrus@exemple.fr") is None


def test_an_account_made_in_the_console_opens_with_its_first_password(team_server: TeamServer) -> None:
    boss = team_server.account("un-administrateur", Role.ADMINISTRATEUR)
    with team_server.client(boss) as client:
        data = {"csrf": team_server.csrf(client), "name": "Léa Petit", "email": "lea@exemple.fr", "role": "responsable"}
        page = client.post("/equipe/comptes", data=data)
        assert client.post("/equipe/comptes", data=data).status_code == 422
    first = re.search(r"<code>([\w-]{16})</code>", page.text)
    assert first
    assert login(team_server, "lea@exemple.fr", first[1]).status_code == 303


def test_the_last_administrator_stays(team_server: TeamServer) -> None:
    boss = team_server.account("un-administrateur", Role.ADMINISTRATEUR)
    with team_server.client(boss) as client:
        token = team_server.csrf(client)
        for act in ({"act": "close"}, {"act": "role", "role": "animateur"}):
            response = client.post(f"/equipe/comptes/{boss.id}", data={"csrf": token, **act})
            assert response.status_code == 409
        assert client.get("/equipe/comptes").status_code == 200


# --- The journal ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "action"),
    [
        ("", "Inscrits vus"),
        ("/fichiers/inscrits.csv", "Fichier sorti : inscrits.csv"),
        ("/fichiers/emargement.pdf", "Fichier sorti : emargement.pdf"),
    ],
)
def test_who_saw_or_took_personal_data_is_noted(team_server: TeamServer, path: str, action: str) -> None:
    account = team_server.account("regarde", Role.RESPONSABLE)
    made = team_server.session(account, title="Réunion notée")
    with team_server.database.begin() as connection:
        connection.execute(delete(StaffJournal).where(StaffJournal.account_id == account.id))
        info_sessions.enrol(connection, made.id, "", "Nadia", "nadia@exemple.fr", datetime.now(UTC))
    with team_server.client(account) as client:
        assert client.get(f"/equipe/reunions/{made.id}{path}").status_code == 200
    with team_server.database.connect() as connection:
        lines = [line for _, line in team_accounts.journal(connection) if line.account_name == "regarde"]
    assert [(line.action, line.subject) for line in lines] == [(action, "Réunion notée")]
    assert all("Nadia" not in line.subject for line in lines)


def test_too_many_tries_from_one_address(team_server: TeamServer) -> None:
    statuses = [login(team_server, f"personne{n}@exemple.fr", "x", "127.0.9.9").status_code for n in range(25)]
    assert statuses == [401] * 20 + [429] * 5
    assert login(team_server, "personne@exemple.fr", "x").status_code == 401
