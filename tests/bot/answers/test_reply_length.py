"""Replies are read on a phone: their length, their buttons, and long contents read page after page.

Each topic is asked with everything that a message may name, alone and together.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import combinations, product

import pytest

from bot.answers.assistant import Assistant, Reply, load_assistant
from bot.answers.mentions import Kind, Mention
from bot.answers.question import Memory, Understanding
from bot.messages import Choice
from referential.model import Bloc, Fiche

TODAY = date(2026, 11, 24)
LONGEST = 1200
MOST_BUTTONS = 6
LONGEST_BUTTON = 120
TEXTS = ["dites-moi", "est-ce que c'est possible ?", "ce n'est pas uniquement un dossier ou un oral ?"]

Values = tuple[tuple[Kind, str], ...]
FICHE = load_assistant().fiche
TOPICS = sorted(load_assistant().catalogue.topics)


def _some(kind: Kind, values: Sequence[str], most: int = 2) -> Iterator[Values]:
    """Return the groups of up to ``most`` values of a kind, and all of them at once."""
    groups = [group for size in range(1, most + 1) for group in combinations(values, size)]
    for group in dict.fromkeys([*groups, tuple(values)]):
        yield tuple((kind, value) for value in group)


def mentioned(fiche: Fiche) -> Iterator[Values]:
    """Return what messages may name, by kind and by kinds that go together."""
    blocs = [str(bloc.number) for bloc in fiche.blocs.require()] + ["9"]
    routes = [str(route.key) for route in fiche.access_routes.require()]
    years = [str(row.year) for row in fiche.statistics.require()] + ["2019"]
    measures = ["certified", "certified_vae", "insertion_6m", "insertion_job_6m", "insertion_job_2y"]
    comparisons = ["best", "worst", "total", "mean", "difference"]
    codes = [fiche.correspondences.require()[0].other.code, fiche.previous_fiches.require()[0].code, "RNCP12345"]
    yield ()
    yield from _some(Kind.BLOC, blocs, 3)
    yield from _some(Kind.ROUTE, routes, 6)
    yield from _some(Kind.CERTIFICATION, codes, 3)
    yield from _some(Kind.STRUCTURE, [s.name for s in fiche.sectors.require().structures], 3)
    yield from _some(Kind.OTHER_STRUCTURE, ["ehpad", "esat", "mairie", "mission locale", "fonction publique"])
    yield from _some(Kind.ACRONYM, [a.acronym for a in fiche.acronyms.require()] + ["CPF", "XYZ"])
    yield from _some(Kind.COUNT, ["1", "2", "4", "39", "99"], 1)
    yield from _some(Kind.LEVEL, ["3", "4", "5"], 1)
    yield from _some(Kind.OTHER_TITLE, ["cap", "educateur specialise"], 1)
    yield from _some(Kind.COMPETENCY, [c.id for b in fiche.blocs.require() for c in b.competencies] + ["BC09-C01"], 1)
    for year, measure, comparison in product(
        [(), *_some(Kind.YEAR, years)],
        [(), *_some(Kind.MEASURE, measures)],
        [(), *_some(Kind.COMPARISON, comparisons, 1)],
    ):
        yield (*year, *measure, *comparison)
    for bloc, other in product(blocs, [(Kind.CERTIFICATION, codes[0]), (Kind.COUNT, "2"), (Kind.ROUTE, "vae")]):
        yield ((Kind.BLOC, bloc), other)
    for bloc, page in product(blocs, range(12)):
        yield ((Kind.BLOC, bloc), (Kind.PAGE, str(page)))


MENTIONED = list(dict.fromkeys(mentioned(FICHE)))


def faults(reply: Reply, assistant: Assistant) -> list[str]:
    """Return what is wrong with the size and the buttons of a reply."""
    text = "\n".join(message.text for message in reply.messages)
    choices = [choice for message in reply.messages for choice in message.choices]
    titles = [choice.title for choice in choices]
    return [
        *([f"{len(text)} characters"] if len(text) > LONGEST else []),
        *([] if text.strip() else ["nothing said"]),
        *([f"{len(choices)} buttons"] if len(choices) > MOST_BUTTONS else []),
        *(f"long button « {title} »" for title in titles if not 0 < len(title) <= LONGEST_BUTTON),
        *(f"button to nowhere « {c.topic} »" for c in choices if c.topic not in assistant.catalogue.topics),
        *(f"button twice « {title} »" for title in set(titles) if titles.count(title) > 1),
        *(f"« {mark} »" for mark in ("None", "{{", "}}", "Undefined", "{%", "\n\n\n", "  -") if mark in text),
        *(["spaces at a line end"] if any(line != line.rstrip() for line in text.splitlines()) else []),
    ]


def as_message(assistant: Assistant, topic: str, values: Values, text: str | None) -> Reply:
    """Ask a topic; without text it is asked by a button."""
    mentions = tuple(Mention(kind, value, 0, 0) for kind, value in values)
    understanding = Understanding(text or f"/{topic}", topic, (), mentions, chosen=text is None)
    return assistant.answer(understanding, Memory(), TODAY)


@pytest.mark.parametrize("topic", TOPICS)
def test_no_reply_is_too_long_and_every_button_leads_somewhere(assistant: Assistant, topic: str) -> None:
    plain = assistant.catalogue.topics[topic].theme in ("silent", "social")
    wrong = {
        (text, values): found
        for text in (None, *TEXTS)
        for values in MENTIONED
        if len(values) < 2 or not plain  # these say nothing of what is mentioned, or its first value
        if (found := faults(as_message(assistant, topic, values, text), assistant))
    }
    assert wrong == {}


def test_the_limits_of_the_data_are_those_of_the_tests(assistant: Assistant) -> None:
    limits = assistant.catalogue.common.limits
    assert limits.reply <= LONGEST
    assert limits.choices <= MOST_BUTTONS
    assert limits.choice <= LONGEST_BUTTON


def test_every_button_of_every_button_is_answered(assistant: Assistant, choose: Callable[..., Reply]) -> None:
    seen: set[Choice] = set()
    waiting = [Choice(topic, topic) for topic in TOPICS]
    while waiting:
        choice = waiting.pop()
        if choice not in seen:
            seen.add(choice)
            reply = choose(choice)
            assert faults(reply, assistant) == [], choice
            waiting += [Choice("", c.topic, c.values) for message in reply.messages for c in message.choices]
    assert {choice.topic for choice in seen} == set(TOPICS)


BLOCS = FICHE.blocs.require()


def following(reply: Reply, assistant: Assistant) -> Choice | None:
    """Return the button that shows more, or None."""
    common = assistant.catalogue.common
    choices = [choice for message in reply.messages for choice in message.choices]
    return next((choice for choice in choices if choice.title in (common.show_full, common.show_next)), None)


def items_of(reply: Reply) -> list[str]:
    (message,) = reply.messages
    return [line.removeprefix("- ") for line in message.text.splitlines() if line.startswith("- ")]


@pytest.mark.parametrize("bloc", BLOCS, ids=lambda bloc: bloc.code)
@pytest.mark.parametrize(
    ("text", "topic"), [("le bloc {}", "bloc_detail"), ("les compétences du bloc {}", "competencies")]
)
def test_pages_of_a_bloc_read_every_competency_once(
    ask: Callable[..., Reply], choose: Callable[..., Reply], assistant: Assistant, *, bloc: Bloc, text: str, topic: str
) -> None:
    reply = ask(text.format(bloc.number), topic)
    overview = items_of(reply)
    read: list[str] = []
    while (choice := following(reply, assistant)) is not None:
        reply = choose(choice, reply.memory)
        assert faults(reply, assistant) == []
        read += items_of(reply)
        assert len(read) <= len(bloc.competencies)
    assert read == [competency.wording for competency in bloc.competencies]
    assert len(overview) == len(read)
    assert all(full.startswith(short.removesuffix("…")) for short, full in zip(overview, read, strict=True))


@pytest.mark.parametrize("bloc", BLOCS, ids=lambda bloc: bloc.code)
def test_saying_more_reads_the_same_pages(ask: Callable[..., Reply], bloc: Bloc) -> None:
    reply = ask(f"le bloc {bloc.number}", "bloc_detail")
    read: list[str] = []
    while reply.memory.next_page:
        reply = ask("la suite", "show_more", reply.memory)
        read += items_of(reply)
    assert read == [competency.wording for competency in bloc.competencies]


def test_all_competencies_are_reached_from_the_list_of_blocs(
    ask: Callable[..., Reply], choose: Callable[..., Reply]
) -> None:
    (message,) = ask("Quels sont les blocs ?", "blocs").messages
    reached = [choice for choice in message.choices if choice.topic == "bloc_detail"]
    assert len(reached) == len(BLOCS)
    for choice, bloc in zip(reached, BLOCS, strict=True):
        assert bloc.title in choice.title
        assert bloc.code in choose(choice).messages[0].text


@pytest.mark.parametrize("bloc", BLOCS, ids=lambda bloc: bloc.code)
def test_a_page_beyond_the_last_is_the_last(choose: Callable[..., Reply], bloc: Bloc) -> None:
    number = (Kind.BLOC, str(bloc.number))
    beyond = choose(Choice("", "bloc_detail", (number, (Kind.PAGE, "99"))))
    assert items_of(beyond)[-1] == bloc.competencies[-1].wording
    assert beyond.memory.next_page is None
