"""``etaie referential …``: bring a fiche in, check it, compare two of them."""

from pathlib import Path
from typing import Annotated

import typer

from referential.check import check
from referential.diff import diff
from referential.library import DEFAULT_FICHE_FILE, FICHES_FOLDER, FOLDER, load_fiche
from referential.model import Fiche
from referential.readers import read_source
from referential.yaml_files import DataError, dump_model

referential_app = typer.Typer(
    help="Tenir le référentiel : importer une fiche, la vérifier, comparer.", no_args_is_help=True
)


@referential_app.command("import")
def import_source(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="Texte de la fiche, dans referential/sources.")],
    manifest: Annotated[
        Path | None,
        typer.Option(help="Notice de la source. Par défaut : FICHIER.source.yml, à côté du texte."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Fiche à écrire. Par défaut : referential/fiches/RNCP….yml.")
    ] = None,
) -> None:
    """Lit le texte d'une fiche RNCP et en fait une fiche typée."""
    try:
        fiche = read_source(file, manifest)
    except DataError as error:
        raise _refused(error) from None
    target = output or FICHES_FOLDER / f"{fiche.code}.yml"
    changes = _changes(target, fiche)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        dump_model(fiche, target, command=f"etaie referential import {_shown(file)}", source=_shown(file))
    except OSError as error:
        typer.echo(f"{target}: écriture impossible ({error.strerror})", err=True)
        raise typer.Exit(1) from None
    blocs = fiche.blocs.value or ()
    competencies = sum(len(bloc.competencies) for bloc in blocs)
    typer.echo(f"{_shown(target)} : {fiche.code}, {len(blocs)} bloc(s), {competencies} compétence(s).")
    for change in changes:
        typer.echo(f"- {change}")


@referential_app.command("check")
def check_fiche(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="Fiche à vérifier.")] = DEFAULT_FICHE_FILE,
) -> None:
    """Vérifie une fiche : forme, complétude, cohérence, accord avec sa source."""
    problems = check(file)
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        typer.echo(f"{len(problems)} problème(s).", err=True)
        raise typer.Exit(1)
    typer.echo(f"{_shown(file)} : tout est en ordre.")


@referential_app.command("diff")
def diff_fiches(
    old: Annotated[Path, typer.Argument(metavar="ANCIENNE", help="Fiche (.yml) ou texte source (.txt).")],
    new: Annotated[Path, typer.Argument(metavar="NOUVELLE", help="Fiche (.yml) ou texte source (.txt).")],
) -> None:
    """Dit en français ce qui change d'une fiche à l'autre."""
    try:
        changes = diff(_load(old), _load(new))
    except DataError as error:
        raise _refused(error) from None
    typer.echo("\n".join(changes) if changes else "Aucune différence.")


def _load(path: Path) -> Fiche:
    return load_fiche(path) if path.suffix in (".yml", ".yaml") else read_source(path)


def _changes(target: Path, fiche: Fiche) -> list[str]:
    """Return what an import changes in the fiche that it replaces; nothing to compare gives nothing."""
    if not target.exists():
        return []
    try:
        return diff(load_fiche(target), fiche)
    except DataError:
        return ["l'ancien fichier ne se lisait pas : il est remplacé"]


def _refused(error: DataError) -> typer.Exit:
    for problem in error.problems:
        typer.echo(problem, err=True)
    typer.echo(f"{len(error.problems)} problème(s).", err=True)
    return typer.Exit(1)


def _shown(path: Path) -> str:
    """Return a path from the root of the project when it is inside."""
    resolved = path.resolve()
    return resolved.relative_to(FOLDER.parent).as_posix() if resolved.is_relative_to(FOLDER.parent) else str(path)
