"""What the team answered, found again for the next person: read from the database when it changes, and only then."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Engine

from bot.answers.assistant import Assistant, Reply
from bot.answers.question import Understanding
from bot.messages import Message
from bot.storage import complements
from bot.storage.complements import Kept, NewComplement
from bot.text.folding import words
from referential.complements import Complement

TOPIC = "team_answer"
"""Topic of a question that the fiche does not answer and that the team does."""
_PUT_ASIDE = {"off_topic", "nlu_fallback"}


@dataclass(frozen=True)
class _Own:
    """An answer to a question of its own."""

    entry: Complement
    examples: tuple[str, ...]
    vectors: Sequence[Any]
    """One an example; none without an encoder."""


class TeamAnswers:
    """The answers of the team, beside those of the fiche."""

    def __init__(
        self, assistant: Assistant, database: Engine, alike: int, encode: Callable[[Sequence[str]], Any] | None
    ) -> None:
        """Keep what is needed to read them.

        Args:
            assistant: answers from the fiche.
            database: where the answers are.
            alike: likeness (in %) from which a message is the question that was answered.
            encode: turns texts into vectors; without it, the same words are needed.
        """
        self._plain = self._assistant = assistant
        self._database = database
        self._alike = alike / 100
        self._encode = encode
        self._stamp: complements.Stamp = ()
        self._own: list[_Own] = []
        self._vectors: dict[str, Any] = {}
        """Of the examples, so that a change costs what it changes."""

    @property
    def assistant(self) -> Assistant:
        """The assistant, with what the team adds on the topics of the fiche."""
        return self._assistant

    def may_add(self, topics: Sequence[str]) -> bool:
        """Whether the team may have something to say of an answer to these topics."""
        catalogue = self._plain.catalogue.topics
        return any(t in _PUT_ASIDE or (t in catalogue and catalogue[t].theme == "silent") for t in topics)

    def refresh(self) -> bool:
        """Read the answers again if they changed; return whether they did."""
        with self._database.connect() as connection:
            stamp = complements.stamp(connection)
            if stamp == self._stamp:
                return False
            kept = [k for k in complements.listed(connection) if k.active]
        self._learn([text for k in kept if not k.last.content.topic for text in _examples(k)])
        added = tuple(entry_of(k.last.content) for k in kept if k.last.content.topic)
        known = self._plain.complements
        self._assistant = replace(self._plain, complements=known.model_copy(update={"entries": known.entries + added}))
        self._own = [self._read(k) for k in kept if not k.last.content.topic]
        self._stamp = stamp
        return True

    def _learn(self, texts: Sequence[str]) -> None:
        """Keep the vectors of these texts, and of no other."""
        if self._encode is None:
            return
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        known = {text: self._vectors[text] for text in texts if text in self._vectors}
        self._vectors = known | (dict(zip(new, self._encode(new), strict=True)) if new else {})

    def _read(self, kept: Kept) -> _Own:
        texts = _examples(kept)
        return _Own(
            entry_of(kept.last.content), texts, [self._vectors[text] for text in texts if text in self._vectors]
        )

    def own_answer(self, said: Understanding, reply: Reply, today: date) -> Reply | None:
        """Return what the team answers to a message that the fiche has nothing for, or None."""
        # Said topic first: what nothing claims may still have been taken for a scene of work, for want of better.
        if not _PUT_ASIDE.intersection((said.topic, *reply.topics)) or said.chosen:
            return None
        valid = [own for own in self._own if own.entry.valid_on(today)]
        if not valid:
            return None
        found = self._same(said.text, valid) or self._nearest(said.text, valid)
        if found is None:
            return None
        return Reply((shown(self._plain, found.entry),), reply.memory, (TOPIC,))

    @staticmethod
    def _same(text: str, among: Sequence[_Own]) -> _Own | None:
        folded = words(text)
        return next((own for own in among if any(words(e) == folded for e in own.examples)), None)

    def _nearest(self, text: str, among: Sequence[_Own]) -> _Own | None:
        if self._encode is None:
            return None
        vector = self._encode([text])[0]
        ranked = sorted(
            ((max((float(v @ vector) for v in own.vectors), default=-1.0), n) for n, own in enumerate(among)),
            reverse=True,
        )
        likeness, best = ranked[0]
        return among[best] if likeness >= self._alike else None


def _examples(kept: Kept) -> tuple[str, ...]:
    return tuple(dict.fromkeys((kept.last.content.question, *kept.examples)))


def entry_of(content: NewComplement) -> Complement:
    """Return an addition of the console in the form of those of the file."""
    return Complement(
        topic=content.topic or TOPIC,
        text=content.text,
        source=content.source,
        source_date=content.source_date,
        link=content.link or None,
        valid_until=content.valid_until,
    )


def shown(assistant: Assistant, entry: Complement) -> Message:
    """Return the message that a candidate reads."""
    common = assistant.catalogue.common
    return Message(assistant.catalogue.render(common.complement, {"entry": entry}))
