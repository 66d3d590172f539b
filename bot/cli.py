"""The ``etaie`` command."""

import logging
import socket
from typing import Annotated

import typer

from bot.cli_channel import channel_app
from bot.cli_nlu import nlu_app
from bot.cli_positioning import positioning_app
from bot.cli_referential import referential_app
from bot.cli_staff import demo, staff_app
from bot.settings import settings

_FAREWELL = 5
"""Seconds given to the answers under way when the server stops."""

app = typer.Typer(
    help="L'assistant ETAIE : entraîner, servir, tenir le référentiel.", no_args_is_help=True, add_completion=False
)
app.add_typer(referential_app, name="referential")
app.add_typer(nlu_app, name="nlu")
app.add_typer(channel_app, name="channel")
app.add_typer(positioning_app, name="positioning")
app.add_typer(staff_app, name="staff")
app.command("demo")(demo)


@app.command()
def train(force: Annotated[bool, typer.Option("--force", help="Entraîner même si rien n'a changé.")] = False) -> None:
    """Entraîne le modèle si ses données ont changé."""
    from bot.training import train as train_model

    train_model(settings().models, force)


@app.command()
def serve() -> None:
    """Sert l'assistant (HOST et PORT règlent l'adresse)."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("bot").setLevel(logging.INFO)
    import bot.engine  # noqa: F401  telemetry off, before Rasa
    from bot.engine.quiet_logs import silence_warnings
    from bot.engine.without_tensorflow import leave_tensorflow_out

    silence_warnings()

    chosen = settings()
    if not chosen.tensorflow:
        leave_tensorflow_out()
    import uvicorn

    from bot.app import create_app
    from bot.engine.agent import NoModelError

    try:
        application = create_app(chosen)
    except NoModelError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    address = f"http://{chosen.host}:{chosen.port}"

    class AnnouncedServer(uvicorn.Server):
        """Says where to go once it listens, and not before."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            typer.echo(f"\n  L'assistant est prêt : {address}\n  (Ctrl+C pour l'arrêter)\n")

    config = uvicorn.Config(
        application,
        chosen.host,
        chosen.port,
        log_level="critical",
        access_log=False,
        # The screen of a room listens for ever: it does not keep the server from stopping.
        timeout_graceful_shutdown=_FAREWELL,
    )
    try:
        AnnouncedServer(config).run()
    except SystemExit:
        typer.echo(
            f"Impossible d'écouter sur {address}. Le port est peut-être pris : essayez PORT=8001 make run.", err=True
        )
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        typer.echo("Au revoir.")


def main() -> None:
    """Run the command."""
    app()
