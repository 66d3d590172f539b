"""``etaie nlu …``: what the team does with the messages that were not understood."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.settings import settings
from bot.storage.database import open_database
from bot.storage.review import Decision, Reviewed, decisions, list_since
from bot.text.lists import plural

nlu_app = typer.Typer(help="Améliorer la compréhension : relire ce qui n'a pas été compris.", no_args_is_help=True)

_OFF_TOPIC = "off_topic"
_UNKNOWN = "a_classer"
"""Intent under which texts without a suggestion are written."""

_HEADER = """\
# Phrases mal comprises, à relire. Les données personnelles ont été remplacées : [nom], [téléphone], [lieu]…
# S'il en reste, supprimez la ligne.
#
# 1. Sous chaque sujet proposé, lisez les phrases : déplacez celles qui sont sous un mauvais sujet,
#    supprimez celles qui n'apprennent rien. Au-dessus de chaque sujet, une ligne par phrase, dans le même ordre,
#    dit combien de fois elle est venue, pourquoi elle est là et quels autres sujets sont possibles.
# 2. Remplacez ou retirez les crochets : « je m'appelle [nom] » devient « je m'appelle Sonia ».
# 3. Copiez les lignes « - … » dans le fichier de data/nlu qui a ce sujet, puis lancez make check et make train.
#
# « a_classer » n'est pas un sujet : ce sont les phrases pour lesquelles rien n'était proposé.
"""


# `nlu` has one command: without a callback typer would make it the application itself.
@nlu_app.callback()
def _nlu() -> None:
    pass


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise typer.BadParameter("date attendue : AAAA-MM-JJ") from None


@nlu_app.command("review")
def review(
    since: Annotated[
        date | None,
        typer.Option("--depuis", metavar="AAAA-MM-JJ", parser=_day, help="Seulement les phrases vues depuis ce jour."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--sortie", metavar="FICHIER", help="Fichier à écrire. Par défaut : l'écran.")
    ] = None,
) -> None:
    """Écrit les phrases mal comprises, prêtes à être rangées dans data/nlu."""
    database = open_database(settings().database_url)
    with database.connect() as connection:
        messages = decided(list_since(connection, since), decisions(connection))
    database.dispose()
    if not messages:
        typer.echo("Aucune phrase à relire.", err=True)
        return
    written = review_file(messages)
    if output is None:
        typer.echo(written, nl=False)
        return
    try:
        output.write_text(written, encoding="utf-8")
    except OSError as error:
        typer.echo(f"{output}: écriture impossible ({error.strerror})", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{output} : {plural(len(messages), 'phrase')} à relire.")


def decided(messages: Iterable[Reviewed], made: Mapping[str, tuple[str, str]]) -> list[Reviewed]:
    """Return messages under the topics that the team chose in the console, those that it answered left out.

    Args:
        messages: as they are kept.
        made: (decision, topic) by text.
    """
    kept = []
    for message in messages:
        decision, topic = made.get(message.text, ("", ""))
        if decision == Decision.ANSWERED:
            continue
        if decision:
            chosen = topic if decision == Decision.ATTACHED else _OFF_TOPIC
            message = replace(message, suggestions=((chosen, 1.0),), reason="classé par l'équipe")  # noqa: PLW2901
        kept.append(message)
    return kept


def review_file(messages: Iterable[Reviewed]) -> str:
    """Return messages as a Rasa NLU file, under their most likely topic, the topic with most messages first."""
    groups: dict[str, list[Reviewed]] = {}
    for message in messages:
        groups.setdefault(message.suggestions[0][0] if message.suggestions else _UNKNOWN, []).append(message)
    ranked = sorted(groups.items(), key=lambda group: (group[0] == _UNKNOWN, -len(group[1]), group[0]))
    lines = [line for topic, group in ranked for line in _intent(topic, group)]
    return "\n".join([f'{_HEADER}version: "3.1"', "nlu:", *lines, ""])


def _intent(topic: str, messages: list[Reviewed]) -> Iterator[str]:
    yield ""
    # Above and not beside: in Rasa's files a « # » inside the examples belongs to the example.
    for rank, message in enumerate(messages, 1):
        yield f"# {rank}. {_remark(message)}"
    yield f"- intent: {topic}"
    yield "  examples: |"
    for message in messages:
        yield f"    - {_example(message.text)}"


def _remark(message: Reviewed) -> str:
    """Return « vue 3 fois (repli) ; blocs 62 % ; sinon : bloc_detail 21 % »."""
    said = [f"vue {message.times} fois ({message.reason})"]
    if message.suggestions:
        first, *others = (f"{topic} {probability:.0%}".replace("%", " %") for topic, probability in message.suggestions)
        said.append(first)
        if others:
            said.append(f"sinon : {', '.join(others)}")
    return " ; ".join(said)


def _example(text: str) -> str:
    """Return a text that Rasa reads back as it is: « [nom](» would open an annotation."""
    plain = " ".join(text.split()).replace("](", "] (").replace("]{", "] {").replace("][", "] [")
    return plain.lstrip("-/ ") or "…"
