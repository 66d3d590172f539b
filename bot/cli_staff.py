"""``etaie staff …``: the accounts of the team, from the server itself."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlalchemy.exc import IntegrityError

from bot.settings import settings, signing_key
from bot.storage import team_accounts
from bot.storage.database import open_database
from bot.team import secrets
from bot.team.accounts import Role
from bot.text.lists import plural

staff_app = typer.Typer(help="Tenir les comptes de l'équipe (console à /equipe).", no_args_is_help=True)


@staff_app.command("add")
def add(
    email: Annotated[str, typer.Argument(metavar="ADRESSE", help="Adresse électronique.")],
    name: Annotated[str, typer.Option("--nom", prompt="Prénom et nom", help="Prénom et nom.")],
    role: Annotated[Role, typer.Option("--role", help="Ce que la personne peut faire.")] = Role.ANIMATEUR,
) -> None:
    """Crée un compte, avec un premier mot de passe à changer."""
    if "@" not in email or not 0 < len(name) <= 80:
        raise typer.BadParameter("une adresse électronique et un nom de 80 caractères au plus sont attendus")
    first = secrets.new_password()
    database = open_database(settings().database_url)
    try:
        with database.begin() as connection:
            team_accounts.add_account(connection, email, name, role, secrets.hashed(first), datetime.now(UTC), True)
    except IntegrityError:
        typer.echo("Cette adresse a déjà un compte.", err=True)
        raise typer.Exit(1) from None
    finally:
        database.dispose()
    typer.echo(f"Compte créé pour {name} ({role}). Premier mot de passe, à changer à la connexion : {first}")


@staff_app.command("reset")
def reset(email: Annotated[str, typer.Argument(metavar="ADRESSE", help="Adresse électronique.")]) -> None:
    """Refait le mot de passe d'un compte, et retire son code du téléphone."""
    first = secrets.new_password()
    database = open_database(settings().database_url)
    with database.begin() as connection:
        known = team_accounts.credentials(connection, email)
        if known is not None:
            team_accounts.set_password(connection, known.account.id, secrets.hashed(first), must_change=True)
            team_accounts.set_totp(connection, known.account.id, None)
    database.dispose()
    if known is None:
        typer.echo("Aucun compte n'a cette adresse.", err=True)
        raise typer.Exit(1)
    typer.echo(f"Nouveau mot de passe de {known.account.name}, à changer à la connexion : {first}")


@staff_app.command("list")
def show() -> None:
    """Montre les comptes."""
    database = open_database(settings().database_url)
    with database.connect() as connection:
        accounts = team_accounts.accounts(connection)
    database.dispose()
    for account in accounts:
        state = "" if account.active else " (fermé)"
        typer.echo(f"{account.name} <{account.email}> {account.role}{state}")
    typer.echo(f"{plural(len(accounts), 'compte')}.")


def demo(
    remove: Annotated[bool, typer.Option("--retirer", help="Retire tout ce que la démonstration a créé.")] = False,
) -> None:
    """Remplit la console de données inventées, ou les retire."""
    from bot import demonstration
    from bot.positioning.guide import load_guide

    chosen = settings()
    database = open_database(chosen.database_url)
    with database.begin() as connection:
        if remove:
            demonstration.remove(connection)
        else:
            guide = load_guide(chosen.positioning_retention_days)
            made = demonstration.fill(connection, guide, signing_key(chosen), datetime.now(UTC))
    database.dispose()
    if remove:
        typer.echo("Les données de démonstration sont retirées.")
        return
    typer.echo("La console a des données inventées. Ouvrez /equipe avec l'un de ces comptes :")
    for email, password in made.passwords.items():
        typer.echo(f"  {email}  {password}")
    typer.echo("Pour tout retirer : etaie demo --retirer")
