"""``etaie channel …``: try a messaging service without an account, see what could not be sent."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Annotated

import httpx
import typer
from ruamel.yaml import YAML

from bot.channels.messaging.simulator import SECRETS, Simulator
from bot.settings import settings
from bot.storage import messaging
from bot.storage.database import open_database

channel_app = typer.Typer(
    help="Les messageries : essayer sans compte, voir ce qui n'est pas parti.", no_args_is_help=True
)

_PERSON = "33600000000"
_CHATWOOT_PERSON = "1/1"


@channel_app.command("simulate")
def simulate(
    name: Annotated[str, typer.Argument(metavar="NOM", help="whatsapp, telegram, facebook, twilio…")],
    port: Annotated[int, typer.Option(help="Port de l'imitation ; 0 : un port libre.")] = 0,
) -> None:
    """Imite un service, et ouvre une conversation dans le terminal, avec un serveur lancé pour l'occasion."""
    if name not in SECRETS:
        raise typer.BadParameter(f"services possibles : {', '.join(SECRETS)}")
    with tempfile.TemporaryDirectory() as folder:
        simulator = Simulator(name, f"http://127.0.0.1:{settings().port}")
        simulator.start(port)
        credentials = Path(folder) / "credentials.yml"
        with credentials.open("w", encoding="utf-8") as file:
            YAML().dump({name: simulator.credentials()}, file)
        typer.echo(f"Imitation de {name} : {simulator.service}. L'assistant démarre…")
        environment = os.environ | {
            "CREDENTIALS": str(credentials),
            "DATABASE_URL": f"sqlite:///{folder}/essai.db",
            "PUBLIC_URL": simulator.assistant,
        }
        server = subprocess.Popen([sys.executable, "-m", "bot", "serve"], env=environment, stdout=subprocess.DEVNULL)
        try:
            while True:
                try:
                    httpx.get(f"{simulator.assistant}/health", timeout=1)
                    break
                except httpx.TransportError:
                    time.sleep(0.2)
            threading.Thread(target=_show, args=(simulator,), daemon=True).start()
            typer.echo("Écrivez (« /2 » presse le deuxième bouton, Ctrl+D pour finir).")
            _talk(simulator)
        finally:
            server.terminate()
            server.wait(timeout=30)
            simulator.stop()


def _talk(simulator: Simulator) -> None:
    person = _CHATWOOT_PERSON if simulator.name == "chatwoot" else _PERSON
    for line in iter(_read_line, None):
        if line.startswith("/") and line[1:].isdigit():
            choices = next((s.choices for s in reversed(simulator.shown) if s.choices), ())
            rank = int(line[1:])
            if 1 <= rank <= len(choices):
                simulator.press(person, choices[rank - 1][0])
                continue
        if line.strip():
            simulator.write(person, line)
    # What was written last is answered before the end.
    time.sleep(1.5)


def _read_line() -> str | None:
    try:
        return input()
    except (EOFError, KeyboardInterrupt):
        return None


def _show(simulator: Simulator) -> None:
    read = 0
    while True:
        for shown in simulator.shown[read:]:
            typer.echo(f"\n{shown.text}")
            for rank, (_, title) in enumerate(shown.choices, 1):
                typer.echo(f"  [{rank}] {title}")
        read = len(simulator.shown)
        time.sleep(0.1)


@channel_app.command("dead")
def dead() -> None:
    """Montre ce qui n'a pas pu être envoyé, et pourquoi (sans dire à qui)."""
    database = open_database(settings().database_url)
    with database.connect() as connection:
        letters = messaging.dead_letters(connection)
    database.dispose()
    for channel, sender, reason in letters:
        typer.echo(f"{channel}  {sender[-12:]}  {reason}")
    if not letters:
        typer.echo("Tout est parti.")
