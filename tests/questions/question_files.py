"""The questions of the end-to-end tests, and how a reply is checked."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FOLDER = Path(__file__).parent
REPLY_LIMIT = 1200
"""Characters of one reply, all messages together."""


@dataclass(frozen=True)
class Turn:
    """One question with what its reply must and must not hold."""

    ask: str
    expect: tuple[str, ...]
    reject: tuple[str, ...]

    def faults(self, reply: str) -> list[str]:
        """Return what is wrong in a reply."""
        read = plain(reply)
        faults = [f"il manque : {e}" for e in self.expect if not re.search(plain(e), read, re.MULTILINE)]
        faults += [f"de trop : {r}" for r in self.reject if re.search(plain(r), read, re.MULTILINE)]
        if len(reply) > REPLY_LIMIT:
            faults.append(f"{len(reply)} caractères")
        return faults


@dataclass(frozen=True)
class Exchange:
    """One conversation: a single question, or several turns."""

    theme: str
    turns: tuple[Turn, ...]


def plain(text: str) -> str:
    """Return a text without accents, case, bold marks and typographic variants."""
    unified = text.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ").replace("**", "").replace("œ", "oe")
    decomposed = unicodedata.normalize("NFKD", unified)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


def _turn(entry: dict[str, Any]) -> Turn:
    return Turn(entry["ask"], tuple(entry.get("expect") or ()), tuple(entry.get("reject") or ()))


def exchanges(folder: str) -> Iterator[Exchange]:
    """Read all the exchanges of a folder."""
    for path in sorted((FOLDER / folder).glob("*.yml")):
        content = YAML(typ="safe").load(path)
        for question in content.get("questions", ()):
            yield Exchange(content["theme"], (_turn(question),))
        for conversation in content.get("conversations", ()):
            yield Exchange(content["theme"], tuple(_turn(turn) for turn in conversation["turns"]))
