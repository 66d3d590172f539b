"""What the questionnaire says at each stage, and the choices that it offers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.messages import Choice, Message, Picture, Progress
from bot.positioning.attempt import Attempt, PathKind
from bot.positioning.booklet import Booklet
from bot.positioning.codes import SAMPLE
from bot.positioning.reading import act_choice
from bot.positioning.results import Results
from bot.positioning.stage import At, Stage
from bot.positioning.texts import LABEL_LENGTH, Texts
from referential.model import Bloc, Correspondence
from referential.positioning import Item, Questionnaire

PICTURE_FILE = "profil.svg"
"""Name of the picture behind a private link."""
_TOLD_AGAIN = 2
"""Answers up to which what an example is for is told."""


@dataclass(frozen=True)
class Speech:
    """Says it."""

    questionnaire: Questionnaire
    texts: Texts
    results: Results

    # --- Choices ----------------------------------------------------------------------------------

    def act(self, label: str, *act: str, **values: Any) -> Choice:
        """Return a button by the name of its label; its act has the same name unless told otherwise."""
        return act_choice(self.texts.label(label, **values), *(act or (label,)))

    def choices(self, stage: Stage, attempt: Attempt | None) -> tuple[Choice, ...]:
        """Return what can be picked at a stage: the same choices are shown, and numbered when typed."""
        if stage.at is At.CONSENT:
            return (self.act("agree"), self.act("privacy"), self.act("have_code"), self.act("refuse"))
        if stage.at is At.PATH:
            return self._paths()
        if stage.at in (At.BLOC, At.DETAILS):
            return tuple(self.act("bloc_number", "bloc", str(b.number), bloc=b) for b in self.blocs)
        if stage.at is At.TITLE:
            held = (c.other.code for c in self.correspondences)
            return (*(self.act("title", "title", code, code=code) for code in held), self.act("quick", "path", "quick"))
        if stage.at is At.ERASING:
            return (self.act("erase_no"), self.act("erase_yes"))
        if stage.at is At.SHARING:
            return (self.act("share_yes"), self.act("refuse", "share_no"))
        if attempt is None:
            return ()
        if stage.at is At.ASKING:
            return self._asking(stage.item, attempt)
        if stage.at is At.CONFIRMING:
            return self._confirming(stage)
        if stage.at is At.STORY:
            return (self.act("skip", "no_story", stage.item), self.act("no_stories"))
        if stage.at is At.CHANGING:
            return self._changing(stage, attempt)
        if stage.at is At.PAUSED:
            return (self.act("go_on"), self.act("results"), self.act("change"), self.act("erase"))
        return self._done(attempt)

    def _paths(self) -> tuple[Choice, ...]:
        held = (self.act("holder"),) if self.correspondences else ()
        return (
            self.act("quick", "path", "quick"),
            self.act("full", "path", "full"),
            self.act("bloc", "path", "bloc"),
            *held,
        )

    def _levels(self, item: str) -> list[Choice]:
        asked = (act_choice(level.label, "answer", item, level.key) for level in self.questionnaire.scale)
        return [replace(choice, group="level") for choice in asked]

    def _asking(self, item: str, attempt: Attempt) -> tuple[Choice, ...]:
        again = attempt.answered(item)
        # With « back », ten: what a list of WhatsApp holds.
        others = [self.act("example"), self.act("official")]
        others.append(self.act("keep_as_is", "skip", item) if again else self.act("skip", "skip", item))
        others.append(self.act("pause"))
        if attempt.rank(item) > 1:
            others.append(self.act("back"))
        return (*self._levels(item), *others)

    def _confirming(self, stage: Stage) -> tuple[Choice, ...]:
        levels = self._levels(stage.item)
        if not stage.level:
            return (*levels, self.act("skip", "skip", stage.item))
        others = [choice for choice in levels if not choice.values[0][1].endswith(f":{stage.level}")]
        return (self.act("confirm", "answer", stage.item, stage.level), *others)

    def _changing(self, stage: Stage, attempt: Attempt) -> tuple[Choice, ...]:
        shown, more = self.changeable(stage, attempt)
        picks = [
            act_choice(_shortened(f"{attempt.rank(item)}. {self.item(item).text.name}"), "change", item)
            for item in shown
        ]
        earlier = (self.act("earlier", "change_page", str(stage.page + 1)),) if more else ()
        return (*picks, *earlier, self.act("go_on"))

    def changeable(self, stage: Stage, attempt: Attempt) -> tuple[tuple[str, ...], bool]:
        """Return the answers shown for a correction, the last given first, and whether there are others."""
        latest = [item for item in reversed(self.scope(attempt)) if item in attempt.answers]
        size = self.texts.data.limits.listed
        start = stage.page * size
        return tuple(latest[start : start + size]), len(latest) > start + size

    def _done(self, attempt: Attempt) -> tuple[Choice, ...]:
        found = [self.act("files"), self.act("details")]
        if attempt.left_out:
            found.append(self.act("left_out"))
        if any(item.id not in attempt.scope for item in self.questionnaire.competency_items):
            found.append(self.act("deepen"))
        return (*found, self.act("change"), self.act("share"), self.act("erase"), self.act("restart"))

    # --- Facts of the questionnaire ---------------------------------------------------------------

    @property
    def blocs(self) -> tuple[Bloc, ...]:
        """The blocs of the title."""
        return self.questionnaire.fiche.blocs.value or ()

    @property
    def correspondences(self) -> tuple[Correspondence, ...]:
        """The correspondences that the fiche cites."""
        return self.questionnaire.fiche.correspondences.value or ()

    def item(self, item: str) -> Item:
        """Return a question by its identifier."""
        return self.questionnaire.items[item]

    def scope(self, attempt: Attempt) -> tuple[str, ...]:
        """Return the questions of an attempt that are still asked."""
        return tuple(item for item in attempt.scope if item in self.questionnaire.items)

    def minutes(self, count: int, quick: bool) -> int:
        """Return the time that so many questions take, in whole minutes, one at least."""
        limits = self.texts.data.limits
        return max(1, round(count * (limits.seconds_quick if quick else limits.seconds_full) / 60))

    def minutes_left(self, attempt: Attempt) -> int:
        """Return the time that is left, in minutes."""
        left = [item for item in self.scope(attempt) if item not in attempt.answers]
        return self.minutes(len(left), all(self.item(item).is_theme for item in left))

    # --- Messages ---------------------------------------------------------------------------------

    def say(self, name: str, stage: Stage | None = None, attempt: Attempt | None = None, **values: Any) -> Message:
        """Return a text; with the choices of a stage when there is one."""
        return Message(self.texts.say(name, **values), self.choices(stage, attempt) if stage else ())

    def paths(self, name: str, stage: Stage) -> Message:
        """Return a text that tells how long each path is."""
        quick, full = len(self.questionnaire.theme_items), len(self.questionnaire.competency_items)
        lengths: dict[str, Any] = {"quick": quick, "full": full}
        minutes: dict[str, Any] = {
            "quick_minutes": self.minutes(quick, True),
            "full_minutes": self.minutes(full, False),
        }
        return self.say(name, stage, holder=bool(self.correspondences), **lengths, **minutes)

    def question(self, stage: Stage, attempt: Attempt) -> Message:
        """Ask a question; the first of an attempt with the whole scale."""
        answer = attempt.answers.get(stage.item)
        present = self.results.label(answer.level) if answer and answer.level is not None else ""
        progress = Progress(attempt.rank(stage.item), len(self.scope(attempt)))
        asked = self.say(
            "question",
            stage,
            attempt,
            item=self.item(stage.item),
            rank=progress.rank,
            total=progress.total,
            scale=self.questionnaire.scale if not attempt.answers else (),
            present=present,
        )
        return replace(asked, progress=progress)

    def story(self, stage: Stage, attempt: Attempt) -> Message:
        """Ask for an example."""
        item = self.item(stage.item)
        story = item.text.stories[attempt.rank(stage.item) % len(item.text.stories)]
        # The whole explanation once: then the question alone.
        first = not any(answer.story for answer in attempt.answers.values()) and len(attempt.answers) <= _TOLD_AGAIN
        return self.say("ask_story" if first else "ask_story_again", stage, attempt, story=story)

    def confirmation(self, stage: Stage, attempt: Attempt) -> Message:
        """Ask whether a level was understood right, or which one is meant."""
        level = self.questionnaire.level(stage.level)
        if level is not None:
            return self.say("confirm", stage, attempt, level=level)
        name = "story_first" if stage.story else "which_level"
        return self.say(name, stage, attempt, scale=self.questionnaire.scale)

    def progress(self, name: str, attempt: Attempt, turn: int = 0, **values: Any) -> str:
        """Return a text that tells how far one is."""
        scope = self.scope(attempt)
        answered = sum(attempt.answered(item) for item in scope)
        return self.texts.say(
            name,
            turn,
            count=answered,
            total=len(scope),
            left=sum(item not in attempt.answers for item in scope),
            left_out=len(attempt.left_out),
            minutes=self.minutes_left(attempt),
            code=attempt.code,
            **values,
        )

    def again(self, stage: Stage, attempt: Attempt | None) -> Message:
        """Ask once more what a stage asks, in few words."""
        if stage.at is At.CONSENT:
            return self.say("ask_consent", stage)
        if stage.at is At.PATH:
            return self.paths("ask_path", stage)
        if stage.at in (At.BLOC, At.DETAILS):
            return self.say("ask_bloc", stage, blocs=self.blocs)
        if stage.at is At.TITLE:
            return self.say("ask_title", stage, correspondences=self.correspondences)
        if stage.at is At.CODE or attempt is None:
            return self.say("ask_code", sample=SAMPLE)
        if stage.at is At.ASKING:
            return self.question(stage, attempt)
        if stage.at is At.CONFIRMING:
            return self.confirmation(stage, attempt)
        if stage.at is At.STORY:
            return self.story(stage, attempt)
        if stage.at is At.CHANGING:
            return self.changing(stage, attempt)
        if stage.at is At.ERASING:
            return self.erasing(stage, attempt, shared=False)
        if stage.at is At.SHARING:
            return self.say("share", stage, attempt, code=attempt.code)
        return Message(self.progress("progress", attempt), self.choices(stage, attempt))

    def changing(self, stage: Stage, attempt: Attempt) -> Message:
        """Show answers to correct."""
        shown, _ = self.changeable(stage, attempt)
        answers = [(attempt.rank(item), self.item(item).text.name, self._answer_label(attempt, item)) for item in shown]
        return self.say("ask_change", stage, attempt, answers=answers)

    def _answer_label(self, attempt: Attempt, item: str) -> str:
        if not attempt.answered(item):
            return self.texts.data.booklet.left_out
        return self.results.label(attempt.answers[item].level)

    def erasing(self, stage: Stage, attempt: Attempt, shared: bool) -> Message:
        """Ask whether to erase everything."""
        return self.say("erase", stage, attempt, shared=shared, **_amounts(attempt))

    def erased(self, attempt: Attempt) -> Message:
        """Say that everything was erased."""
        return self.say("erased", code=attempt.code, **_amounts(attempt))

    def outcome(
        self,
        booklet: Booklet,
        stage: Stage,
        attempt: Attempt,
        link: tuple[str, date],
        movement: tuple[int, int, int] | None,
    ) -> tuple[Message, ...]:
        """Return the results, in a few messages."""
        named = self.texts.data.limits.named
        parts = [
            self.texts.say(
                "results",
                path=booklet.path,
                answered=booklet.answered,
                total=booklet.total,
                blocs=[bloc for bloc in booklet.blocs if bloc.state not in self.results.advice.unmeasured_states[:1]],
            ),
            self.texts.say("strengths", strengths=booklet.strengths[:named], gaps=booklet.gaps[:named]),
        ]
        if movement and booklet.compared_with:
            up, same, down = movement
            parts.append(self.texts.say("compared", day=booklet.compared_with, up=up, same=same, down=down))
        first = "\n\n".join(part for part in parts if part)
        second = self.texts.say("steps", steps=booklet.steps) if booklet.steps else ""
        url, until = link
        third = f"{self.texts.say('files', link=url, until=until)}\n{self.texts.say('notice')}"
        said = [Message(text) for text in (first, second) if text]
        alt = self.texts.say("picture", blocs=booklet.blocs)
        picture = Picture(f"{url}/{PICTURE_FILE}", alt)
        return (*said, Message(third, self.choices(stage, attempt), picture=picture))

    def details(self, booklet: Booklet, number: int, stage: Stage, attempt: Attempt) -> Message:
        """Return the levels of one bloc, competency by competency."""
        bloc = next(b for b in booklet.blocs if b.number == number)
        return self.say("bloc_details", stage, attempt, bloc=bloc)

    def whole(self, kind: PathKind, bloc: int = 0, held: Sequence[str] = ()) -> tuple[str, ...]:
        """Return the questions of a path, in order.

        Args:
            kind: the path.
            bloc: number of the bloc, for the path of one bloc.
            held: codes of the blocs that a correspondence covers, for the path of what it leaves.
        """
        items = self.questionnaire.competency_items
        if kind is PathKind.QUICK:
            return tuple(item.id for item in self.questionnaire.theme_items)
        if kind is PathKind.BLOC:
            return tuple(item.id for item in items if item.bloc.number == bloc)
        if kind is PathKind.LEFT:
            return tuple(item.id for item in items if item.bloc.code not in held)
        return tuple(item.id for item in items)


def _shortened(title: str) -> str:
    """Return a title that fits a button, cut between two words."""
    if len(title) <= LABEL_LENGTH:
        return title
    return title[:LABEL_LENGTH].rpartition(" ")[0] + "…"


def _amounts(attempt: Attempt) -> dict[str, Any]:
    answers = attempt.answers.values()
    return {
        "count": sum(answer.level is not None for answer in answers),
        "stories": sum(bool(answer.story) for answer in answers),
    }
