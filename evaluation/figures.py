"""All the figures of one evaluation, in one JSON-ready place."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.answers.mentions import Kind
from evaluation import measures, message_sets
from evaluation.measures import Outcome
from evaluation.run import Understander


@dataclass(frozen=True)
class Found:
    """A search for one competency."""

    text: str
    expected: tuple[str, ...]
    offered: tuple[str, ...]
    """Competencies answered or offered, the best first; none when it said that nothing is near."""


@dataclass(frozen=True)
class Counted:
    """A message that holds one question or several."""

    text: str
    questions: tuple[tuple[str, ...], ...]
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Evaluation:
    """What became of every message of a set."""

    in_scope: Sequence[Outcome]
    out_of_scope: Sequence[Outcome]
    several: Sequence[Counted]
    searches: Sequence[Found]
    named: Sequence[tuple[str, tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]]
    """Text, mentions expected, mentions found of the same kinds."""
    themes: Mapping[str, str]

    def figures(self) -> dict[str, Any]:
        """Return every figure. Percentages, except the calibration error (points) and the time (milliseconds)."""
        far, near, silent = ([o for o in self.out_of_scope if o.group == group] for group in message_sets.OUT_OF_SCOPE)
        refused = {
            name: measures.share([measures.refused(o, self.themes) for o in group])
            for name, group in (("far", far), ("near", near), ("silent", silent), ("far_and_silent", [*far, *silent]))
        }
        bars = measures.reliability([*self.in_scope, *self.out_of_scope])
        one = [c for c in self.several if len(c.questions) == 1]
        many = [c for c in self.several if len(c.questions) > 1]
        return {
            "messages": {
                "in_scope": len(self.in_scope),
                "out_of_scope": len(self.out_of_scope),
                "several": len(self.several),
                "competencies": len(self.searches),
                "mentions": len(self.named),
            },
            "accuracy": measures.by_group(self.in_scope),
            "accuracy_overall": measures.share([o.right for o in self.in_scope]),
            "silent_topic": measures.share([o.right for o in silent]),
            "out_of_scope_recall": refused,
            "wrongly_refused": measures.share([measures.wrongly_refused(o, self.themes) for o in self.in_scope]),
            "not_understood": measures.share(["nlu_fallback" in o.topics for o in self.in_scope]),
            "several_answered": measures.share([measures.all_answered(c.questions, c.topics) for c in many]),
            "one_answered": measures.share([measures.all_answered(c.questions, c.topics) for c in one]),
            "competency_first": measures.share([bool(f.offered) and f.offered[0] in f.expected for f in self.searches]),
            "competency_offered": measures.share([bool(set(f.offered) & set(f.expected)) for f in self.searches]),
            "mentions": measures.share([set(expected) <= set(found) for _, expected, found in self.named]),
            "calibration_error": measures.calibration_error(bars),
            "reliability": [asdict(bar) for bar in bars],
            "parse_ms": measures.speed(self.in_scope),
        }


def evaluate(understander: Understander, folder: Path) -> Evaluation:
    """Read every message of a folder."""
    several = [
        Counted(m.text, m.questions, understander.read(m.text).reply.topics) for m in message_sets.several(folder)
    ]
    searches = [Found(m.text, m.competencies, _offered(understander, m.text)) for m in message_sets.paraphrases(folder)]
    return Evaluation(
        understander.outcomes(message_sets.in_scope(folder)),
        understander.outcomes(message_sets.out_of_scope(folder)),
        several,
        searches,
        _named(understander, folder),
        understander.themes,
    )


def _offered(understander: Understander, text: str) -> tuple[str, ...]:
    """Return the competencies that the reply answers, then those that its buttons offer."""
    reply = understander.read(text).reply
    if reply.topics[0] != "competency_search":
        return ()
    answered = [value for kind, value in reply.memory.values if kind == Kind.COMPETENCY]
    choices = [choice for message in reply.messages for choice in message.choices]
    offered = [value for choice in choices for kind, value in choice.values if kind is Kind.COMPETENCY]
    return tuple(dict.fromkeys([*answered, *offered]))


def _named(
    understander: Understander, folder: Path
) -> list[tuple[str, tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]]:
    if not (folder / "mentions.yml").exists():
        return []
    read = []
    for message in message_sets.namings(folder):
        parse = understander.read(message.text).parse
        found = tuple((e["entity"], str(e["value"])) for e in parse["entities"])
        read.append((message.text, message.mentions, found))
    return read
