"""Figures on what the assistant made of labelled messages. Pure functions: no model here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median

BINS = 10
"""Bars of the reliability picture."""


@dataclass(frozen=True)
class Outcome:
    """What became of one message."""

    text: str
    group: str
    """Its register, or the kind of out-of-scope message."""
    expected: tuple[str, ...]
    topics: tuple[str, ...]
    """Topics that were answered, ``nlu_fallback`` when it was not understood."""
    confidence: float
    """Probability of the most likely intent."""
    likeliest: str
    """Most likely intent, before any threshold or rule."""
    milliseconds: float

    @property
    def right(self) -> bool:
        """Whether the one topic answered is one of those expected."""
        return len(self.topics) == 1 and self.topics[0] in self.expected


@dataclass(frozen=True)
class Bin:
    """One bar of the reliability picture."""

    count: int
    confidence: float
    accuracy: float


def share(hits: Sequence[bool]) -> float:
    """Return the percentage of hits; 0 when there is nothing."""
    return round(100 * mean(hits), 2) if hits else 0.0


def by_group(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return the percentage of right answers of each group."""
    groups = dict.fromkeys(outcome.group for outcome in outcomes)
    return {group: share([o.right for o in outcomes if o.group == group]) for group in groups}


def reliability(outcomes: Sequence[Outcome]) -> list[Bin]:
    """Return how often the likeliest intent was right, by how sure the classifier was."""
    bars = []
    for i in range(BINS):
        held = [
            o for o in outcomes if i / BINS <= o.confidence < (i + 1) / BINS or (i == BINS - 1 and o.confidence >= 1)
        ]
        right = [o.likeliest in o.expected for o in held]
        bars.append(Bin(len(held), mean(o.confidence for o in held) if held else 0.0, mean(right) if held else 0.0))
    return bars


def calibration_error(bars: Sequence[Bin]) -> float:
    """Return the expected calibration error in points: mean gap between confidence and accuracy, by messages."""
    total = sum(bar.count for bar in bars)
    return round(100 * sum(bar.count * abs(bar.confidence - bar.accuracy) for bar in bars) / max(total, 1), 2)


def refused(outcome: Outcome, themes: Mapping[str, str]) -> bool:
    """Whether no fact of the fiche was given: not understood, silent topic, other title, off topic, small talk."""
    return all(themes.get(topic, "social") in ("silent", "social") for topic in outcome.topics)


def wrongly_refused(outcome: Outcome, themes: Mapping[str, str]) -> bool:
    """Whether a question that the assistant can answer was put aside."""
    put_aside = {"nlu_fallback", "off_topic", "other_title"} | {t for t, theme in themes.items() if theme == "silent"}
    return bool(set(outcome.topics) & put_aside) and not set(outcome.topics) & set(outcome.expected)


def confusions(outcomes: Sequence[Outcome]) -> list[tuple[str, str, list[Outcome]]]:
    """Return (expected, answered, messages), the most frequent first."""
    wrong = [o for o in outcomes if not o.right]
    pairs = Counter((o.expected[0], " + ".join(o.topics)) for o in wrong)
    return [
        (expected, answered, [o for o in wrong if (o.expected[0], " + ".join(o.topics)) == (expected, answered)])
        for (expected, answered), _ in pairs.most_common()
    ]


def speed(outcomes: Sequence[Outcome]) -> float:
    """Return the median time of a parse, in milliseconds."""
    return round(median(o.milliseconds for o in outcomes), 2)


def all_answered(questions: Sequence[Sequence[str]], topics: Sequence[str]) -> bool:
    """Whether each question got one of its topics, in order, and nothing else was answered.

    Neighbouring questions of one topic (« en 2022 et en 2023 ? ») may be answered together.
    """
    asked = [accepted for i, accepted in enumerate(questions) if i == 0 or list(accepted) != list(questions[i - 1])]
    said = [topic for i, topic in enumerate(topics) if i == 0 or topic != topics[i - 1]]
    return len(asked) == len(said) and all(topic in accepted for accepted, topic in zip(asked, said, strict=True))
