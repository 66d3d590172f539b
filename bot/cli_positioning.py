"""``etaie positioning …``: check the questions, hand an attempt over in a file, erase what is too old."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine

from bot.positioning.codes import code_in
from bot.settings import settings
from bot.storage import positionings
from bot.storage.database import open_database
from bot.text.lists import plural
from referential.library import load_fiche
from referential.positioning import load_questionnaire
from referential.yaml_files import DataError

positioning_app = typer.Typer(
    help="Tenir le positionnement : vérifier les questions, remettre un livret, purger.", no_args_is_help=True
)


@positioning_app.command("check")
def check() -> None:
    """Vérifie les questions ; nomme celles à relire quand la fiche a changé."""
    try:
        questionnaire = load_questionnaire(load_fiche())
    except DataError as error:
        for problem in error.problems:
            typer.echo(problem, err=True)
        typer.echo(f"{plural(len(error.problems), 'problème')}.", err=True)
        raise typer.Exit(1) from None
    full, quick = len(questionnaire.competency_items), len(questionnaire.theme_items)
    typer.echo(f"{plural(full, 'compétence')}, {plural(quick, 'thème')} : les questions suivent la fiche.")


@positioning_app.command("export")
def export(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Code de reprise, par exemple KM4R-7TXP.")],
    output: Annotated[
        Path, typer.Option("--sortie", metavar="FICHIER", help="Fichier à écrire : .pdf, .docx, .csv, .json ou .svg.")
    ],
) -> None:
    """Écrit le livret d'un candidat, dans le format du nom de fichier."""
    from bot.exports import FORMATS
    from bot.kept_results import kept_booklet
    from bot.positioning.guide import load_guide

    written = {Path(name).suffix: write for name, (_, write) in FORMATS.items()}
    if output.suffix not in written:
        raise typer.BadParameter(f"extension attendue : {', '.join(written)}", param_hint="--sortie")
    database = open_database(settings().database_url)
    attempt_id = _attempt_of(database, code)
    booklet = kept_booklet(database, load_guide(settings().positioning_retention_days), attempt_id)
    database.dispose()
    if booklet is None:
        raise typer.Exit(1)
    content = written[output.suffix](booklet)
    try:
        output.write_bytes(content)
    except OSError as error:
        typer.echo(f"{output}: écriture impossible ({error.strerror})", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{output} : livret écrit ({plural(booklet.answered, 'réponse')}).")


@positioning_app.command("erase")
def erase(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Code de reprise, par exemple KM4R-7TXP.")],
) -> None:
    """Efface un positionnement, à la demande de la personne."""
    database = open_database(settings().database_url)
    attempt_id = _attempt_of(database, code)
    with database.begin() as connection:
        positionings.erase(connection, attempt_id)
    database.dispose()
    typer.echo("C'est effacé : réponses, exemples et copie transmise.")


@positioning_app.command("purge")
def purge(
    days: Annotated[
        int | None,
        typer.Option("--jours", min=1, help="Âge en jours. Par défaut : POSITIONING_RETENTION_DAYS."),
    ] = None,
) -> None:
    """Efface les positionnements qui n'ont pas servi depuis trop longtemps (le serveur le fait aussi)."""
    kept = days or settings().positioning_retention_days
    database = open_database(settings().database_url)
    with database.begin() as connection:
        erased = positionings.purge(connection, datetime.now(UTC) - timedelta(days=kept))
    database.dispose()
    typer.echo(f"{plural(erased, 'positionnement effacé', 'positionnements effacés')} (plus de {kept} jours).")


def _attempt_of(database: Engine, code: str) -> str:
    with database.connect() as connection:
        attempt = positionings.find_attempt(connection, code_in(code))
    if attempt is None:
        typer.echo("Aucun positionnement n'a ce code.", err=True)
        raise typer.Exit(1)
    return attempt.id
