"""Answer a question: the one entry of the domain logic."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.answers.catalogue import Catalogue, load_catalogue
from bot.answers.competencies import CompetencyIndex, load_bloc_words, load_competency_index
from bot.answers.composers import Composed, Scene, composer_of
from bot.answers.mentions import Kind, Mention, MentionFinder
from bot.answers.question import Memory, Question, Understanding
from bot.answers.several import FOLLOW_UP, questions_asked
from bot.answers.vocabulary import Vocabulary, load_vocabulary
from bot.messages import Choice, Message
from bot.text.folding import fold, words
from referential.complements import Complements, load_complements
from referential.library import (
    ANSWERS_FOLDER,
    COMPETENCY_PHRASINGS_FILE,
    COMPLEMENTS_FILE,
    VOCABULARY_FILE,
    load_fiche,
)
from referential.model import Fiche

FALLBACK = "nlu_fallback"

_TOPIC_OF_KIND = {
    Kind.BLOC: "bloc_detail",
    Kind.YEAR: "statistics",
    Kind.ROUTE: "access_route",
    Kind.ACRONYM: "acronym",
    Kind.STRUCTURE: "sectors",
    Kind.OTHER_STRUCTURE: "sectors",
    Kind.MEASURE: "statistics",
}
"""Where a bare mention leads when the topic before has no use for it."""

_BUTTON = re.compile(r"/*(\w+)(?:[{#]|$)")
"""The payload of a button, by its topic."""

_FLAT = 0.05
"""Probability of the likeliest topic under which nothing is known of a message."""

_PUT_ASIDE = {"off_topic", FALLBACK}
"""Topics of what is not understood, or is about something else."""

_STRUCTURES = {Kind.STRUCTURE, Kind.OTHER_STRUCTURE}

_SPEAK_OF_OTHER_TITLES = {"correspondences", "previous_fiche", "other_title", "title_code"}
"""Topics that may name another title without being about it."""

_SOCIAL = {
    "off_topic",
    "affirm",
    "deny",
    "thanks",
    "greet",
    "goodbye",
    "insult",
    "repeat",
    "show_more",
    FOLLOW_UP,
    FALLBACK,
    "help",
}
"""Topics that do not become « what we were talking about »."""


@dataclass(frozen=True)
class Reply:
    """What to say, and what to remember."""

    messages: tuple[Message, ...]
    memory: Memory
    topics: tuple[str, ...]
    """Topics answered, in order; ``nlu_fallback`` for what was not understood."""


@dataclass(frozen=True)
class Assistant:
    """Answers questions about one title from its fiche and from nothing else."""

    fiche: Fiche
    catalogue: Catalogue
    complements: Complements
    vocabulary: Vocabulary
    finder: MentionFinder
    competencies: CompetencyIndex
    review_days: int | None = None
    """Days during which a message that was not understood is kept for review, None when none is."""

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Return what a text names."""
        return self.finder.find(text)

    def answer(self, understanding: Understanding, memory: Memory, today: date) -> Reply:
        """Answer one message.

        Args:
            understanding: what the NLU made of the message.
            memory: what the previous answer left.
            today: the day, for what depends on it (years left before expiry).
        """
        if understanding.chosen or self.vocabulary.danger.search(fold(understanding.text)):
            return self._answer_one(understanding, memory, today)
        replies: list[Reply] = []
        for asked in questions_asked(understanding, self.catalogue.common.limits):
            # Each question is read in the light of the one before it: « … et pour la VAE ? ».
            reply = self._answer_one(asked, replies[-1].memory if replies else memory, today)
            if all(reply.messages != other.messages for other in replies):
                replies.append(reply)
        return replies[0] if len(replies) == 1 else self._joined(replies)

    def is_to_review(self, understanding: Understanding, reply: Reply) -> bool:
        """Whether a message was written by somebody and not understood."""
        if FALLBACK not in reply.topics or understanding.chosen:
            return False
        # A button of another conversation is read as a text: « bloc_detail{"bloc": "2"}#… ».
        named = _BUTTON.match(understanding.text)
        return named is None or named[1] not in self.catalogue.topics

    def _joined(self, replies: Sequence[Reply]) -> Reply:
        """Put the answers to several questions together, with fewer buttons under each."""
        kept = self.catalogue.common.limits.choices // len(replies)
        messages = [Message(m.text, m.choices[:kept]) for reply in replies for m in reply.messages]
        topics = tuple(topic for reply in replies for topic in reply.topics)
        return Reply(tuple(messages), replies[-1].memory, topics)

    def _answer_one(self, understanding: Understanding, memory: Memory, today: date) -> Reply:
        """Answer one question."""
        question = self._question(understanding, memory)
        if question.topic == FALLBACK or question.topic not in self.catalogue.topics:
            return self._not_understood(question, memory)
        return self._reply(question, memory, today)

    def _question(self, understanding: Understanding, memory: Memory) -> Question:
        """Resolve what the message leaves unsaid: follow-ups, « la suite », « répète »."""
        mentions = understanding.mentions
        values = tuple((m.kind, m.value) for m in mentions)
        pages = [int(value) for kind, value in values if kind is Kind.PAGE and value.isdigit()]
        question = Question(
            text=understanding.text,
            topic=understanding.topic,
            values=tuple(v for v in values if v[0] is not Kind.PAGE),
            vocabulary=self.vocabulary,
            ranking=understanding.ranking,
            chosen=understanding.chosen,
            page=pages[0] if pages else 0,
            competencies=understanding.competencies,
        )
        if understanding.chosen:
            return question
        if self._in_danger(question):
            return question.with_topic("distress")
        if memory.topic is not None and memory.topic in self.catalogue.topics:
            kept = tuple((Kind(kind), value) for kind, value in memory.values)
            if question.topic == "show_more":
                return replace(question, topic=memory.topic, values=kept, page=memory.next_page or 0, chosen=True)
            if question.topic == "repeat":
                return replace(question, topic=memory.topic, values=kept, page=memory.page, chosen=True)
        if (
            question.topic == FOLLOW_UP
            or self.finder.is_elliptical(understanding.text, mentions)
            or self._unsure(question, memory)
        ):
            return self._followed_up(question, memory)
        unknown = question.topic == FALLBACK and self._speaks_of_a_competency(question)
        if unknown or self._may_be_a_competency(question):
            return question.with_topic("competency_search")
        return self._about_this_title(question)

    def _may_be_a_competency(self, question: Question) -> bool:
        """Whether a message put aside as off topic was nearly heard as naming a competency: a scene of work, say."""
        heard = next((p for topic, p in question.ranking if topic == "competency_search"), 0.0)
        limits = self.catalogue.common.limits.search
        least = limits.heard_unknown if question.topic == FALLBACK else limits.heard
        return question.topic in _PUT_ASIDE and 100 * heard >= least

    def _speaks_of_a_competency(self, question: Question) -> bool:
        """Whether the meaning is close to a competency, or the text uses telling words of the nearest one's wording."""
        limits = self.catalogue.common.limits
        # A text that the NLU says nothing of (its ranking is flat) is not about a competency either.
        heard = question.ranking and question.ranking[0][1] > _FLAT
        sure = question.topic == FALLBACK and heard and question.competencies
        if sure and 100 * question.competencies[0][1] >= limits.sure:
            return True
        nearest = next(iter(self.competencies.search(question.text, question.competencies)), "")
        found = self.fiche.competency(nearest)
        return found is not None and self.competencies.shares_words(question.text, found[1].wording)

    def _in_danger(self, question: Question) -> bool:
        """Whether somebody may be in danger: said in so many words, or the likeliest reading when none is sure."""
        if self.vocabulary.danger.search(question.folded):
            return True
        return question.topic == FALLBACK and bool(question.ranking) and question.ranking[0][0] == "distress"

    def _unsure(self, question: Question, memory: Memory) -> bool:
        """Whether the NLU hesitates over a message that names what the last topic takes."""
        last = self.catalogue.topics.get(memory.topic or "")
        if last is None or not question.ranking or question.topic == last.name:
            return False
        hesitates = question.ranking[0][1] * 100 < self.catalogue.common.limits.sure
        return hesitates and any(kind in last.entry.takes for kind, _ in question.values)

    def _about_this_title(self, question: Question) -> Question:
        """Keep a question about another title from being answered with the facts of this one."""
        codes = question.all(Kind.CERTIFICATION)
        if not codes or question.topic in _SPEAK_OF_OTHER_TITLES:
            return question
        corresponding = {c.other.code for c in self.fiche.correspondences.value or ()}
        previous = {p.code for p in self.fiche.previous_fiches.value or ()}
        if corresponding & set(codes):
            return question.with_topic("correspondences")
        return question.with_topic("previous_fiche" if previous & set(codes) else "other_title")

    def _followed_up(self, question: Question, memory: Memory) -> Question:
        """Ask the last topic again with what the message names; else go where the mention leads."""
        last = self.catalogue.topics.get(memory.topic or "")
        if last:
            takes = last.entry.takes
            kept = tuple((Kind(kind), value) for kind, value in memory.values)
            own = tuple(v for v in self._named_again(question, kept, takes) if v[0] in takes)
            if own:
                named = {kind for kind, _ in own}
                if named & _STRUCTURES:
                    named |= _STRUCTURES
                topic = "access_route" if last.name == "vae" else last.name
                return replace(question, topic=topic, values=(*own, *(v for v in kept if v[0] not in named)))
            if Kind.COMPETENCY in takes and self._speaks_of_a_competency(question):
                return question.with_topic(last.name)
        if question.topic not in (FOLLOW_UP, FALLBACK):
            return self._about_this_title(question)
        named = {kind for kind, _ in question.values}
        for kind, topic in _TOPIC_OF_KIND.items():
            if kind in named:
                return question.with_topic(topic)
        if last:
            near = (t for t, _ in question.ranking if t in self.catalogue.topics and t != last.name)
            akin = next((t for t in near if self.catalogue.topics[t].theme == last.theme), None)
            if akin:
                return question.with_topic(akin)
        return question.with_topic("competency_search") if self._speaks_of_a_competency(question) else question

    def _named_again(
        self, question: Question, kept: tuple[tuple[Kind, str], ...], takes: Sequence[Kind]
    ) -> tuple[tuple[Kind, str], ...]:
        """Return what a follow-up names, « et le 4 ? » and « l'année d'avant ? » included."""
        if any(kind in takes for kind, _ in question.values):
            return question.values
        year = next((int(value) for kind, value in kept if kind is Kind.YEAR and value.isdigit()), None)
        if year is not None and Kind.YEAR in takes:
            said = self.vocabulary.data
            for marks, step in ((said.previous_year, -1), (said.next_year, 1)):
                if question.says(marks):
                    return ((Kind.YEAR, str(year + step)),)
        number = self.finder.bare_number(question.text)
        wanted = next((kind for kind in (Kind.BLOC, Kind.COUNT) if kind in takes), None)
        return ((wanted, str(number)),) if number is not None and wanted is not None else question.values

    def _reply(self, question: Question, memory: Memory, today: date) -> Reply:
        topic = self.catalogue.topics[question.topic]
        scene = Scene(
            question=question,
            topic=topic,
            fiche=self.fiche,
            complements=self.complements,
            competencies=self.competencies,
            today=today,
            limits=self.catalogue.common.limits,
            review_days=self.review_days,
        )
        composed = composer_of(topic.name, topic.theme)(scene)
        text = self._say(scene, composed, today)
        message = Message(text, self._choices(scene, composed))
        if topic.name in _SOCIAL:
            return Reply((message,), memory, (topic.name,))
        takes = set(topic.entry.takes)
        settled = dict.fromkeys((*(v for v in question.values if v[0] in takes), *composed.keep))
        values = tuple((str(kind), value) for kind, value in settled)
        memory_after = Memory(topic.name, values, question.page, composed.next_page)
        return Reply((message,), memory_after, (topic.name,))

    def _say(self, scene: Scene, composed: Composed, today: date) -> str:
        topic = self.catalogue.topics[composed.topic or scene.topic.name]
        common = self.catalogue.common
        words_of_question = {"yes": scene.question.yes, "no": scene.question.no}
        values = {"fiche": self.fiche, "absent": common.absent} | words_of_question | dict(composed.values)
        if composed.variant in topic.templates:
            text = topic.say(composed.variant, values)
        else:
            shared = {"not_given": common.not_given, "unreadable": common.unreadable, "stated_no": common.said_no}
            text = self.catalogue.render(shared[composed.variant], values)
        parts = [_begun_by(_verdict(scene.question, composed), text)]
        if composed.complement_of:
            parts.append(self._beyond_the_fiche(composed.complement_of, today))
        if composed.sections:
            sections = list(dict.fromkeys(composed.sections))
            parts.append(self.catalogue.render(common.source, {"fiche": self.fiche, "sections": sections}))
        return "\n\n".join(parts)

    def _beyond_the_fiche(self, topic: str, today: date) -> str:
        """Return what the team adds on a silent topic, or whom to ask."""
        entries = self.complements.for_topic(topic, today)
        common = self.catalogue.common
        if entries:
            return "\n".join(self.catalogue.render(common.complement, {"entry": entry}) for entry in entries)
        return self.catalogue.render(common.whom, {"fiche": self.fiche})

    def _choices(self, scene: Scene, composed: Composed) -> tuple[Choice, ...]:
        common = self.catalogue.common
        choices: list[Choice] = []
        if composed.next_page:
            kept = tuple((k, v) for k, v in scene.question.values if k in scene.topic.entry.takes)
            values = (*kept, (Kind.PAGE, str(composed.next_page)))
            title = common.show_full if composed.next_page == 1 else common.show_next
            choices.append(Choice(title, scene.topic.name, values))
        choices += composed.choices
        choices += self._topic_choices(scene.topic.entry.next)
        by_title = {choice.title: choice for choice in reversed(choices)}
        return tuple(choice for choice in dict.fromkeys(choices) if by_title[choice.title] is choice)[
            : common.limits.choices
        ]

    def _topic_choices(self, names: Sequence[str]) -> list[Choice]:
        return [Choice(self.catalogue.topics[name].entry.label, name) for name in names]

    def _not_understood(self, question: Question, memory: Memory) -> Reply:
        """Say so, and offer the nearest topics."""
        fallback = self.catalogue.topics[FALLBACK]
        limits = self.catalogue.common.limits
        near = [
            t for t, _ in question.ranking if t in self.catalogue.topics and self.catalogue.topics[t].theme != "social"
        ]
        variant = "stated" if words(question.text) else "no_words"
        offered = (
            near[: limits.suggestions]
            if variant == "stated" and near
            else self.catalogue.common.menu[: limits.suggestions]
        )
        text = fallback.say(variant, {"fiche": self.fiche})
        return Reply((Message(text, tuple(self._topic_choices(offered))),), memory, (FALLBACK,))


def _verdict(question: Question, composed: Composed) -> str:
    """Return « Oui, » or « Non, » when a closed question supposes a number, a date or a code that the answer says."""
    if not question.closed:
        return ""
    right: bool | None = None
    supposed = question.first(Kind.COUNT)
    if composed.codes and (given := question.codes):
        right = any(code.lower() in given for code in composed.codes)
    elif composed.day is not None and question.day is not None:
        right = question.day.fits(composed.day)
    elif composed.count is not None and supposed is not None:
        right = int(supposed) == composed.count
    elif composed.gap is not None:
        right = _moved_as_supposed(question, composed.gap)
    return "" if right is None else ("Oui, " if right else "Non, ")


def _moved_as_supposed(question: Question, gap: int) -> bool | None:
    """Whether a figure rose or fell as the question supposes; None when it supposes neither."""
    said = question.vocabulary.data
    if question.says(said.rising):
        return gap > 0
    return gap < 0 if question.says(said.falling) else None


def _begun_by(verdict: str, text: str) -> str:
    """Put a verdict before a text, unless the text gives one."""
    if not verdict or text.startswith(("Oui", "Non", "Si,")):
        return text[:1].upper() + text[1:]
    return verdict + text[:1].lower() + text[1:]


def load_assistant(
    fiche: Fiche | None = None,
    answers: Path = ANSWERS_FOLDER,
    complements: Path = COMPLEMENTS_FILE,
    vocabulary: Path = VOCABULARY_FILE,
    phrasings: Path = COMPETENCY_PHRASINGS_FILE,
) -> Assistant:
    """Read the data files and build the assistant.

    Raises:
        DataError: a file is wrong; the message gives file and line.
    """
    known = fiche or load_fiche()
    added = load_complements(complements)
    words_of_people = load_vocabulary(vocabulary)
    glossary = tuple(entry.acronym for entry in added.glossary)
    finder = MentionFinder(known, words_of_people, glossary, load_bloc_words(known, phrasings))
    catalogue = load_catalogue(answers)
    empty = words_of_people.data.empty_words
    index = load_competency_index(known, phrasings, empty, catalogue.common.limits.search)
    return Assistant(known, catalogue, added, words_of_people, finder, index)
