"""Who may come in: opening and closing an account, passwords, one-time codes, the accounts, the journal."""

import io
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

import segno
from fastapi import APIRouter, Query, Request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from markupsafe import Markup
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.channels.console.desk import (
    COOKIE,
    HEADERS,
    HOME,
    LOGIN,
    AdministratorVisit,
    AdministratorWrite,
    AnyVisit,
    AnyWrite,
    Console,
    Filled,
    MemberVisit,
    MemberWrite,
    Visit,
    console_of,
    session_of,
)
from bot.channels.refusals import RefusedError
from bot.storage import team_accounts as kept
from bot.team import secrets
from bot.team.accounts import Account, Role

router = APIRouter(prefix=HOME, include_in_schema=False)

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_WRONG = (
    "Adresse ou mot de passe incorrect. Après {most} erreurs, le compte est fermé pendant {minutes} minutes, "
    "même avec le bon mot de passe."
)
_WRONG_CODE = "Ce code n'est pas le bon, ou il a déjà servi. Attendez le suivant sur votre téléphone."
_WAITING_CODE = 300
"""Seconds given to type a one-time code after the password."""


# --- Coming in ------------------------------------------------------------------------------------


@router.get("/connexion")
def login_page(request: Request, suite: Annotated[str, Query(max_length=500)] = HOME) -> Response:
    """Show the form."""
    if session_of(request):
        return RedirectResponse(_inside(suite), 303)
    return _login(console_of(request), suite)


@router.post("/connexion")
def login(request: Request, form: Filled) -> Response:
    """Open an account in this browser, or ask for the one-time code."""
    console = console_of(request)
    console.count_login(request.client.host if request.client else "")
    wanted, now = _inside(form.get("suite", HOME)), datetime.now(UTC)
    with console.database.connect() as connection:
        known = kept.credentials(connection, form.get("email", ""))
    right = secrets.is_right(known.password_hash if known else None, form.get("password", ""))
    if known is None or not known.account.active or (known.locked_until and known.locked_until > now):
        return _refused(console, wanted)
    if not right:
        _failed(console, known.account, now)
        return _refused(console, wanted)
    if known.totp_secret:
        # Not open yet: the second proof is still to come.
        pending = _serializer(console).dumps({"email": known.account.email, "wanted": wanted})
        return _code_page(console, pending)
    with console.database.begin() as connection:
        kept.note_success(connection, known.account.id)
        return _opened(console, connection, known.account, wanted)


@router.post("/code")
def one_time_code(request: Request, form: Filled) -> Response:
    """Open an account whose password was right, by a code of the telephone."""
    console = console_of(request)
    console.count_login(request.client.host if request.client else "")
    pending, now = form.get("pending", ""), datetime.now(UTC)
    try:
        asked = _serializer(console).loads(pending, max_age=_WAITING_CODE)
    except BadSignature:
        return _login(console, HOME, "Trop de temps a passé. Recommencez.", 401)
    with console.database.begin() as connection:
        known = kept.credentials(connection, asked["email"])
        if known is None or not known.account.active or (known.locked_until and known.locked_until > now):
            return _refused(console, asked["wanted"])
        step = secrets.totp_step(known.totp_secret or "", form.get("code", ""), now, known.totp_step)
        if step is not None and kept.note_success(connection, known.account.id, step):
            return _opened(console, connection, known.account, asked["wanted"])
    _failed(console, known.account, now)
    return _code_page(console, pending, _WRONG_CODE, 401)


@router.post("/deconnexion")
def logout(visit: AnyWrite) -> Response:
    """Close the account in this browser."""
    with visit.writing() as connection:
        kept.close_session(connection, visit.session.id)
    response = RedirectResponse(LOGIN, 303, dict(HEADERS))
    response.delete_cookie(COOKIE, path=HOME)
    return response


def _failed(console: Console, account: Account, now: datetime) -> None:
    limits = console.limits
    with console.database.begin() as connection:
        until = now + timedelta(minutes=limits.lock_minutes)
        if kept.count_failure(connection, account.id, limits.failures, until):
            kept.note(connection, account, "Compte fermé pour un temps", "trop d'erreurs de connexion", now)


def _opened(console: Console, connection: Connection, account: Account, wanted: str) -> Response:
    token = kept.open_session(connection, account.id, datetime.now(UTC))
    kept.note(connection, account, "Connexion", "", datetime.now(UTC))
    response = RedirectResponse(wanted, 303, dict(HEADERS))
    response.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=console.secure, path=HOME)
    return response


def _inside(wanted: str) -> str:
    """Return an address of the console: never another site."""
    return wanted if re.fullmatch(r"/equipe(?:[/?][\w/?=&.%-]*)?", wanted) and "//" not in wanted else HOME


def _refused(console: Console, wanted: str) -> Response:
    limits = console.limits
    return _login(console, wanted, _WRONG.format(most=limits.failures, minutes=limits.lock_minutes), 401)


def _login(console: Console, wanted: str, error: str = "", status: int = 200) -> Response:
    with console.database.connect() as connection:
        nobody = not kept.accounts(connection)
    page = console.templates.get_template("login.html.j2").render(wanted=_inside(wanted), error=error, nobody=nobody)
    return HTMLResponse(page, status, dict(HEADERS))


def _code_page(console: Console, pending: str, error: str = "", status: int = 200) -> Response:
    page = console.templates.get_template("code.html.j2").render(pending=pending, error=error)
    return HTMLResponse(page, status, dict(HEADERS))


def _serializer(console: Console) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(console.key, salt="equipe-code")


# --- One's own account ----------------------------------------------------------------------------


@router.get("/mot-de-passe")
def password_page(visit: AnyVisit) -> Response:
    """Show the form of a new password."""
    return visit.page("password", error="")


@router.post("/mot-de-passe")
def change_password(visit: AnyWrite, form: Filled) -> Response:
    """Change one's password: every other browser is closed."""
    console, account = visit.console, visit.account
    with console.database.connect() as connection:
        known = kept.credentials(connection, account.email)
    error = secrets.weakness(form.get("new", ""), account.email, account.name, console.limits.password_length)
    if known is None or not secrets.is_right(known.password_hash, form.get("password", "")):
        _failed(console, account, datetime.now(UTC))
        error = "Votre mot de passe actuel n'est pas le bon."
    elif form.get("new") != form.get("again"):
        error = "Les deux nouveaux mots de passe sont différents."
    elif form.get("new") == form.get("password"):
        error = "Choisissez un mot de passe nouveau."
    if error:
        return visit.page("password", 422, error=error)
    with visit.writing() as connection:
        kept.set_password(connection, account.id, secrets.hashed(form["new"]), must_change=False)
        visit.note(connection, "Mot de passe changé", account.name)
        token = kept.open_session(connection, account.id, datetime.now(UTC))
    response = visit.go(HOME, "Votre mot de passe est changé.")
    response.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=console.secure, path=HOME)
    return response


@router.get("/compte")
def own_account(visit: MemberVisit) -> Response:
    """Show one's account, and how to ask for one-time codes."""
    return _own(visit)


def _own(visit: Visit, error: str = "", secret: str = "", status: int = 200) -> Response:
    secret = secret or secrets.new_totp_secret()
    qr_code = drawn(secrets.totp_address(secret, visit.account.email))
    return visit.page("own_account", status, error=error, secret=secret, qr_code=qr_code)


@router.post("/compte/codes")
def ask_for_codes(visit: MemberWrite, form: Filled) -> Response:
    """Ask for one-time codes from now on, once one was typed right."""
    secret = form.get("secret", "")
    if not re.fullmatch(r"[A-Z2-7]{32}", secret) or visit.account.one_time_codes:
        raise RefusedError(422, "Recommencez depuis la page « Mon compte ».")
    if secrets.totp_step(secret, form.get("code", ""), datetime.now(UTC), 0) is None:
        return _own(visit, "Ce code n'est pas le bon. Vérifiez l'heure de votre téléphone.", secret, 422)
    with visit.writing() as connection:
        kept.set_totp(connection, visit.account.id, secret)
        visit.note(connection, "Code du téléphone demandé", visit.account.name)
    return visit.go("/equipe/compte", "Un code de votre téléphone sera demandé à chaque connexion.")


@router.post("/compte/sans-codes")
def no_more_codes(visit: MemberWrite, form: Filled) -> Response:
    """Ask for no one-time code any more, with the password again."""
    with visit.console.database.connect() as connection:
        known = kept.credentials(connection, visit.account.email)
    if known is None or not secrets.is_right(known.password_hash, form.get("password", "")):
        _failed(visit.console, visit.account, datetime.now(UTC))
        return _own(visit, "Votre mot de passe n'est pas le bon.", status=422)
    with visit.writing() as connection:
        kept.set_totp(connection, visit.account.id, None)
        visit.note(connection, "Code du téléphone retiré", visit.account.name)
    return visit.go("/equipe/compte", "Aucun code ne sera plus demandé.")


def drawn(address: str) -> Markup:
    """Return a QR code, as SVG without a style."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=3, light="#fff"
    )
    return Markup(out.getvalue().decode())  # noqa: S704  made here


# --- The accounts ---------------------------------------------------------------------------------


@router.get("/comptes")
def all_accounts(visit: AdministratorVisit) -> Response:
    """Show the accounts."""
    return _accounts(visit)


def _accounts(visit: Visit, error: str = "", status: int = 200, form: dict[str, str] | None = None) -> Response:
    with visit.console.database.connect() as connection:
        accounts = kept.accounts(connection)
    return visit.page("accounts", status, accounts=accounts, roles=list(Role), error=error, form=form or {})


@router.post("/comptes")
def add_account(visit: AdministratorWrite, form: Filled) -> Response:
    """Create an account, with a first password that is shown once."""
    email, name, role = form.get("email", ""), form.get("name", ""), form.get("role", "")
    if not _EMAIL.fullmatch(email) or len(email) > 254 or not 0 < len(name) <= 80 or role not in list(Role):
        return _accounts(visit, "Donnez un nom, une adresse électronique et un rôle.", 422, form)
    first = secrets.new_password()
    try:
        with visit.writing() as connection:
            kept.add_account(connection, email, name, Role(role), secrets.hashed(first), datetime.now(UTC), True)
            visit.note(connection, "Compte créé", f"{name} ({role})")
    except IntegrityError:
        return _accounts(visit, "Cette adresse a déjà un compte.", 422, form)
    return visit.page("new_password", holder=name, password=first, created=True)


@router.post("/comptes/{identifier}")
def change_account(visit: AdministratorWrite, identifier: str, form: Filled) -> Response:
    """Change a role, close or open an account, or give it a new first password."""
    with visit.writing() as connection:
        account = kept.account_of(connection, identifier)
        if account is None:
            raise RefusedError(404, "Ce compte n'existe pas.")
        act, role = form.get("act", ""), form.get("role", "")
        loses = account.administers and account.active and (act == "close" or (act == "role" and role != account.role))
        if loses and kept.administrators(connection) < 2:
            raise RefusedError(409, "Il faut garder au moins un administrateur.")
        if act == "role" and role in list(Role):
            kept.set_role(connection, identifier, Role(role))
            visit.note(connection, "Rôle changé", f"{account.name} : {role}")
        elif act in ("close", "open"):
            kept.set_active(connection, identifier, act == "open")
            visit.note(connection, "Compte ouvert" if act == "open" else "Compte fermé", account.name)
        elif act == "reset":
            first = secrets.new_password()
            kept.set_password(connection, identifier, secrets.hashed(first), must_change=True)
            kept.set_totp(connection, identifier, None)
            visit.note(connection, "Mot de passe refait", account.name)
        else:
            raise RefusedError(422, "Cette action n'existe pas.")
    if act == "reset":
        return visit.page("new_password", holder=account.name, password=first, created=False)
    return visit.go("/equipe/comptes", f"C'est fait pour {account.name}.")


@router.get("/journal")
def journal(visit: AdministratorVisit, avant: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None) -> Response:
    """Show who did what."""
    with visit.console.database.connect() as connection:
        lines = kept.journal(connection, before=avant)
    return visit.page("journal", lines=lines)
