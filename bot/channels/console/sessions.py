"""Information sessions: the list, the form, who is enrolled, who came, the group, the files."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy import Connection
from starlette.responses import Response

from bot.channels.console.access import drawn
from bot.channels.console.desk import HOME, Filled, MemberVisit, MemberWrite, Visit
from bot.channels.refusals import RefusedError
from bot.exports import session_files
from bot.exports.session_files import Row
from bot.reception.sessions import Enrolment, EnrolmentState, InfoSession
from bot.reception.texts import load_reception_texts
from bot.storage import callbacks, complements, info_sessions, review, team_accounts
from bot.team.group_profile import GroupProfile, group_profile
from bot.text.dates import PARIS, said_day, said_hour

router = APIRouter(prefix=HOME, include_in_schema=False)

SESSIONS = f"{HOME}/reunions"
JOIN = "/r"
"""Where people join a session, followed by its code."""
_EMPTY_LINES = 6
"""Of the sheet that people sign, for those who come without a seat."""


# --- The first page and the lists -----------------------------------------------------------------


@router.get("")
def home(visit: MemberVisit) -> Response:
    """Show what is to be done."""
    owner = None if visit.account.sees_all else visit.account.id
    now = datetime.now(UTC)
    with visit.console.database.connect() as connection:
        coming = info_sessions.listed(connection, owner, now, past=False)[:3]
        by_hand = [(s, len(info_sessions.by_hand(connection, s.id))) for s in coming]
        waiting = callbacks.count_open(connection)
        queued = review.count_queue(connection)
        additions = sum(kept.active for kept in complements.listed(connection))
    return visit.page("home", coming=coming, by_hand=by_hand, open_requests=waiting, queued=queued, additions=additions)


@router.get("/reunions")
def sessions(visit: MemberVisit, passees: Annotated[bool, Query()] = False) -> Response:
    """Show the sessions to come, or past."""
    owner = None if visit.account.sees_all else visit.account.id
    with visit.console.database.connect() as connection:
        found = info_sessions.listed(connection, owner, datetime.now(UTC), passees)
        names = {account.id: account.name for account in team_accounts.accounts(connection)}
    return visit.page("sessions", sessions=found, past=passees, names=names)


# --- Making and changing --------------------------------------------------------------------------


@router.get("/reunions/nouvelle")
def new(visit: MemberVisit) -> Response:
    """Show the form of a new session."""
    return _form(visit, {"minutes": "90", "seats": "15", "public": "oui"})


@router.post("/reunions/nouvelle")
def create(visit: MemberWrite, form: Filled) -> Response:
    """Create a session."""
    made, problems = session_of(form)
    if made is None or problems:
        return _form(visit, form, problems)
    if made.starts_at <= datetime.now(UTC):
        return _form(visit, form, {"day": "Cette date est passée."})
    with visit.writing() as connection:
        kept = info_sessions.add(connection, replace(made, owner_id=visit.account.id))
        visit.note(connection, "Réunion créée", kept.title)
    return visit.go(f"{SESSIONS}/{kept.id}", "La réunion est créée.")


@router.get("/reunions/{identifier}/modifier")
def edit(visit: MemberVisit, identifier: str) -> Response:
    """Show the form of a session."""
    with visit.console.database.connect() as connection:
        session = opened(visit, connection, identifier)
    there = session.starts_at.astimezone(PARIS)
    known = {
        "title": session.title,
        "day": there.strftime("%Y-%m-%d"),
        "hour": there.strftime("%H:%M"),
        "minutes": str(session.minutes),
        "place": session.place,
        "video_url": session.video_url,
        "seats": str(session.seats),
        "public": "oui" if session.public else "",
        "note": session.note,
    }
    return _form(visit, known, session=session)


@router.post("/reunions/{identifier}/modifier")
def change(visit: MemberWrite, identifier: str, form: Filled) -> Response:
    """Change a session; those enrolled are told when the day, the hour or the place change."""
    made, problems = session_of(form)
    with visit.writing() as connection:
        session = opened(visit, connection, identifier)
        if made is None or problems:
            return _form(visit, form, problems, session)
        changed = replace(
            made, id=session.id, owner_id=session.owner_id, cancelled=session.cancelled, demo=session.demo
        )
        promoted = info_sessions.change(connection, changed)
        for enrolment in promoted:
            _tell(visit, connection, replace(enrolment, session=changed), "seat")
        moved = ("starts_at", "place", "video_url")
        if any(getattr(changed, name) != getattr(session, name) for name in moved):
            new_ones = {enrolment.id for enrolment in promoted}
            for enrolment in _active(connection, identifier):
                if enrolment.id not in new_ones:
                    _tell(visit, connection, enrolment, "changed")
        visit.note(connection, "Réunion modifiée", session.title)
    visit.console.wake()
    return visit.go(
        f"{SESSIONS}/{identifier}", "La réunion est modifiée. Les inscrits sont prévenus si la date ou le lieu change."
    )


@router.post("/reunions/{identifier}/annuler")
def call_off(visit: MemberWrite, identifier: str) -> Response:
    """Call a session off; those enrolled are told."""
    with visit.writing() as connection:
        session = opened(visit, connection, identifier)
        if session.cancelled:
            raise RefusedError(409, "Cette réunion est déjà annulée.")
        for enrolment in _active(connection, identifier):
            _tell(visit, connection, enrolment, "called_off")
        info_sessions.change(connection, replace(session, cancelled=True))
        visit.note(connection, "Réunion annulée", session.title)
    visit.console.wake()
    return visit.go(f"{SESSIONS}/{identifier}", "La réunion est annulée. Les inscrits sont prévenus.")


def _active(connection: Connection, identifier: str) -> list[Enrolment]:
    return [e for e in info_sessions.enrolments(connection, identifier) if e.state is not EnrolmentState.CANCELLED]


def _tell(visit: Visit, connection: Connection, enrolment: Enrolment, name: str) -> None:
    text = load_reception_texts().told(name, session=enrolment.session)
    info_sessions.tell(connection, enrolment, visit.console.send, text)


def _form(
    visit: Visit, form: Mapping[str, str], problems: Mapping[str, str] | None = None, session: InfoSession | None = None
) -> Response:
    return visit.page("session_form", 422 if problems else 200, form=form, problems=problems or {}, session=session)


def session_of(form: Mapping[str, str]) -> tuple[InfoSession | None, dict[str, str]]:
    """Return the session of a form, or what is wrong with each field, in French."""
    problems: dict[str, str] = {}
    title, place, video_url = form.get("title", ""), form.get("place", ""), form.get("video_url", "")
    if not 0 < len(title) <= 120:
        problems["title"] = "Donnez un titre, en 120 caractères au plus."
    try:
        starts_at = datetime.strptime(f"{form.get('day')} {form.get('hour')}", "%Y-%m-%d %H:%M").replace(tzinfo=PARIS)
    except ValueError:
        starts_at = datetime.now(UTC)
        problems["day"] = "Donnez une date et une heure."
    minutes, seats = form.get("minutes", ""), form.get("seats", "")
    if not minutes.isdecimal() or not 10 <= int(minutes) <= 600:
        problems["minutes"] = "La durée est de 10 à 600 minutes."
    if not seats.isdecimal() or not 1 <= int(seats) <= 1000:
        problems["seats"] = "Le nombre de places est de 1 à 1000."
    if video_url and (not video_url.startswith(("https://", "http://")) or len(video_url) > 500 or " " in video_url):
        problems["video_url"] = "Le lien commence par https:// et n'a pas d'espace."
    if not place and not video_url:
        problems["place"] = "Donnez un lieu, ou un lien de visioconférence."
    if len(place) > 200 or len(form.get("note", "")) > 500:
        problems["place"] = "Le lieu ou la note est trop long."
    if problems:
        return None, problems
    made = InfoSession(
        id="",
        code="",
        title=title,
        starts_at=starts_at.astimezone(UTC),
        minutes=int(minutes),
        place=place,
        video_url=video_url,
        seats=int(seats),
        public=form.get("public") == "oui",
        cancelled=False,
        note=form.get("note", ""),
        owner_id=None,
    )
    return made, problems


def opened(visit: Visit, connection: Connection, identifier: str) -> InfoSession:
    """Return a session that somebody may open.

    Raises:
        RefusedError: 404 when there is none, 403 when it is somebody else's.
    """
    session = info_sessions.read(connection, identifier)
    if session is None:
        raise RefusedError(404, "Cette réunion n'existe pas.")
    if not visit.account.may_open(session.owner_id):
        raise RefusedError(403, "Cette réunion est celle de quelqu'un d'autre.")
    return session


# --- One session ----------------------------------------------------------------------------------


@router.get("/reunions/{identifier}")
def one(visit: MemberVisit, identifier: str) -> Response:
    """Show a session, and who is enrolled."""
    with visit.writing() as connection:
        session = opened(visit, connection, identifier)
        enrolments = info_sessions.enrolments(connection, identifier)
        shared = info_sessions.shared_by(connection, identifier)
        present = info_sessions.members(connection, identifier)
        owner = team_accounts.account_of(connection, session.owner_id) if session.owner_id else None
        if enrolments:
            visit.note(connection, "Inscrits vus", session.title)
    address = f"{visit.console.address}{JOIN}/{session.code}"
    return visit.page(
        "session",
        session=session,
        owner=owner,
        active=[e for e in enrolments if e.state is EnrolmentState.ENROLLED],
        line=[e for e in enrolments if e.state is EnrolmentState.WAITING],
        cancelled=sum(e.state is EnrolmentState.CANCELLED for e in enrolments),
        by_hand=[e for e in enrolments if e.reminder == "by_hand" and e.state is EnrolmentState.ENROLLED],
        shared=shared,
        present=present,
        address=address,
        qr_code=drawn(address),
    )


@router.post("/reunions/{identifier}/inscrits")
def enrol(visit: MemberWrite, identifier: str, form: Filled) -> Response:
    """Enrol somebody who asked for it by telephone, or on the spot."""
    name, contact = form.get("first_name", ""), form.get("contact", "")
    if len(name) > 40 or len(contact) > 120 or not (name or contact):
        return visit.go(f"{SESSIONS}/{identifier}", "Donnez un prénom (40 caractères au plus) ou un contact.")
    with visit.writing() as connection:
        session = opened(visit, connection, identifier)
        made = info_sessions.enrol(connection, identifier, "", name, contact, datetime.now(UTC))
        visit.note(connection, "Inscription par l'équipe", session.title)
    if made is None:
        return visit.go(f"{SESSIONS}/{identifier}", "Cette réunion n'est plus ouverte aux inscriptions.")
    where = "sur la liste d'attente" if made.state is EnrolmentState.WAITING else "dans la liste des inscrits"
    return visit.go(f"{SESSIONS}/{identifier}", f"{made.who} est maintenant {where} (code {made.code}).")


@router.post("/reunions/{identifier}/inscrits/{enrolment_id}")
def change_enrolment(visit: MemberWrite, identifier: str, enrolment_id: str, form: Filled) -> Response:
    """Cancel an enrolment, or note that somebody was told."""
    with visit.writing() as connection:
        session = opened(visit, connection, identifier)
        enrolment = info_sessions.enrolment(connection, enrolment_id)
        if enrolment is None or enrolment.session.id != session.id:
            raise RefusedError(404, "Cette inscription n'existe pas.")
        if form.get("act") == "told":
            info_sessions.told_by_hand(connection, enrolment_id)
            said = f"C'est noté : {enrolment.who} ne figure plus dans la liste."
        else:
            for promoted in info_sessions.cancel(connection, enrolment_id):
                _tell(visit, connection, promoted, "seat")
            visit.note(connection, "Inscription annulée", session.title)
            said = f"L'inscription de {enrolment.who} est annulée, et ses données effacées."
    visit.console.wake()
    return visit.go(f"{SESSIONS}/{identifier}", said)


@router.post("/reunions/{identifier}/presence")
def attendance(visit: MemberWrite, identifier: str, form: Filled) -> Response:
    """Note who came."""
    with visit.writing() as connection:
        session = opened(visit, connection, identifier)
        present = [name.removeprefix("present-") for name in form if name.startswith("present-")]
        info_sessions.set_present(connection, session.id, present)
        visit.note(connection, "Présences notées", session.title)
    return visit.go(f"{SESSIONS}/{identifier}", "Les présences sont notées.")


@router.get("/reunions/{identifier}/partages/{code}")
def shared(visit: MemberVisit, identifier: str, code: str) -> Response:
    """Show the dated copy that somebody of a session gave to the team."""
    with visit.writing() as connection:
        session = opened(visit, connection, identifier)
        copies = info_sessions.shared_by(connection, identifier)
        copy = next((c for c in copies.values() if c["code"] == code), None)
        if copy is None:
            raise RefusedError(404, "Cette personne n'a rien transmis, ou l'a retiré.")
        visit.note(connection, "Résultats d'une personne vus", session.title)
    return visit.page("shared", session=session, copy=copy, booklet=copy["booklet"])


# --- The group ------------------------------------------------------------------------------------


def profile_of(visit: Visit, connection: Connection, session: InfoSession) -> GroupProfile:
    """Return the picture of the group of a session."""
    console = visit.console
    answers = info_sessions.group_answers(connection, session.id)
    return group_profile(answers, console.guide.questionnaire, console.limits.group)


@router.get("/reunions/{identifier}/groupe")
def group(visit: MemberVisit, identifier: str) -> Response:
    """Show the picture of the group."""
    with visit.console.database.connect() as connection:
        session = opened(visit, connection, identifier)
        profile = profile_of(visit, connection, session)
    return visit.page("group", session=session, profile=profile, least=visit.console.limits.group)


# --- Files ----------------------------------------------------------------------------------------

_PEOPLE = ("Rang", "Prénom", "Contact", "Code", "État", "Présence", "Résultats transmis")
_SIGN = ("Rang", "Prénom", "Code", "Signature")
_GROUP = ("Bloc", "Code", "Compétence", "Moyenne du groupe")
_STATES = {EnrolmentState.ENROLLED: "inscrit", EnrolmentState.WAITING: "liste d'attente"}
_PRESENCE = {True: "présent", False: "absent", None: ""}


@router.get("/reunions/{identifier}/fichiers/{name}")
def file(visit: MemberVisit, identifier: str, name: str) -> Response:
    """Return a file of a session."""
    with visit.writing() as connection:
        session = opened(visit, connection, identifier)
        content, media = _file(visit, connection, session, name)
        visit.note(connection, f"Fichier sorti : {name}"[:40], session.title)
    return visit.file(content, media, f"{session.starts_at.astimezone(PARIS):%Y-%m-%d}-{name}")


def _file(visit: Visit, connection: Connection, session: InfoSession, name: str) -> tuple[bytes, str]:
    hours = f"de {said_hour(session.starts_at)} à {said_hour(session.ends_at)}"
    told = f"{said_day(session.starts_at).capitalize()}, {hours}, {session.where}"
    if name in ("groupe.pdf", "groupe.csv", "groupe.xlsx"):
        profile = profile_of(visit, connection, session)
        if not profile.enough:
            raise RefusedError(409, f"Il faut au moins {visit.console.limits.group} personnes pour montrer le groupe.")
        rows = session_files.profile_rows(profile)
        if name.endswith("pdf"):
            told = f"{told}. {profile.people} personnes ont répondu. Indicatif : ce n'est pas une certification."
            return session_files.profile_sheet(f"Groupe : {session.title}", told, _GROUP, profile), "application/pdf"
        return _table(name, "Groupe", _GROUP, rows)
    active = _active(connection, session.id)
    if name in ("inscrits.csv", "inscrits.xlsx"):
        shared_by = info_sessions.shared_by(connection, session.id)
        people: list[Row] = [
            [
                e.rank,
                e.first_name,
                e.contact,
                e.code,
                _STATES[e.state],
                _PRESENCE[e.present],
                "oui" if e.sender_id in shared_by else "non",
            ]
            for e in active
        ]
        return _table(name, "Inscrits", _PEOPLE, people)
    if name == "emargement.pdf":
        signing: list[Row] = [[e.rank, e.first_name, e.code, ""] for e in active if e.state is EnrolmentState.ENROLLED]
        title = f"Feuille d'émargement : {session.title}"
        return session_files.sign_in_sheet(title, told, _SIGN, signing, _EMPTY_LINES), "application/pdf"
    raise RefusedError(404, "Ce fichier n'existe pas.")


def _table(name: str, title: str, header: tuple[str, ...], rows: Any) -> tuple[bytes, str]:
    if name.endswith("csv"):
        return session_files.csv_file(header, rows), "text/csv; charset=utf-8"
    return session_files.spreadsheet(title, header, rows), session_files.SPREADSHEET
