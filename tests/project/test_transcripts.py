"""The conversations shown in docs/ are what the server says today.

`REWRITE=1 pytest tests/project/test_transcripts.py` writes them anew.
"""

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import ROOT, Server

FOLDER = ROOT / "docs" / "transcriptions"
_CODE = re.compile(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}\b")
_LINK = re.compile(r"http://\S+/positionnement/\S+")
_DAY = re.compile(
    r"\b\d{1,2}(?:er)? (?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre) \d{4}"
)

LEVELS = ["Pas encore", "Avec de l'aide", "Sans aide, d'habitude", "Même dans l'imprévu", "Je ne sais pas"]
STORIES = [
    "quand Samir est arrivé je lui ai fait visiter l'atelier et je lui ai donné un parrain, au bout d'une semaine il mangeait avec tout le monde",
    "un matin il pleuvait, j'ai remis toute l'équipe sur le rangement du dépôt et on a quand même fini la commande",
    "j'ai refait le planning avec Fatou parce que deux personnes étaient absentes",
]

OPENING = ["je veux me positionner", "[D'accord, je commence]"]
QUICK = [
    *OPENING,
    "[Parcours court]",
    "je l'ai fait deux ou trois fois avec mon chef",
    STORIES[0],
    "un exemple",
    "3",
    STORIES[1],
    "ça dépend",
    "[Avec de l'aide]",
    "je ne veux plus raconter d'exemples",
    "c'est quoi le jury ?",
    "[Même dans l'imprévu]",
    "pause",
    "reprendre",
    "[Pas encore]",
    "je veux corriger la 2",
    "[Même dans l'imprévu]",
]
FULL = [*OPENING, "[Parcours complet]", "4", STORIES[0], "[Avec de l'aide]", "[Ne plus demander]"]


def played(server: Server, sender: str, script: list[str]) -> Iterator[str]:
    """Play a script, then answer what is left; yield the conversation as Markdown."""
    said: list[dict[str, Any]] = []

    def turn(line: str) -> Iterator[str]:
        nonlocal said
        title = line[1:-1] if line.startswith("[") else ""
        buttons = [button for message in said for button in message.get("buttons") or ()]
        sent = next(b["payload"] for b in buttons if b["title"] == title) if title else line
        said = server.say(sender, sent)
        yield f"**Candidat** — {f'[{title}]' if title else line}\n"
        for message in said:
            yield "\n".join(f"> {text}".rstrip() for text in message["text"].splitlines()) + "\n"
        titles = [button["title"] for message in said for button in message.get("buttons") or ()]
        if titles:
            yield f"<sub>{' · '.join(titles)}</sub>\n"

    for line in script:
        yield from turn(line)
    for i in range(60):
        if not any(button["title"] == LEVELS[0] for message in said for button in message.get("buttons") or ()):
            break
        yield from turn(f"[{LEVELS[(i * 7 + i // 3) % 5]}]")
    yield from turn("[Détail d'un bloc]")
    yield from turn("[Bloc 4]")
    yield from turn("[Transmettre à l'équipe]")
    yield from turn("[Oui, transmettre]")
    yield from turn("[Effacer mes réponses]")
    yield from turn("[Oui, tout effacer]")


@pytest.mark.parametrize(("name", "title", "script"), [
    ("parcours-court", "Un parcours court, du début à la fin", QUICK),
    ("parcours-complet", "Un parcours complet, du début à la fin", FULL),
])  # fmt: skip
def test_the_transcript_is_current(server: Server, name: str, title: str, script: list[str]) -> None:
    text = "\n".join([f"# {title}\n", *played(server, f"transcription {name}", script)])
    text = _DAY.sub("(date)", _LINK.sub("https://…/positionnement/…", _CODE.sub("KM4R-7TXP", text)))
    path = FOLDER / f"{name}.md"
    if os.environ.get("REWRITE"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text
