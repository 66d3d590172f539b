"""Lead a candidate through the questionnaire: one message in, what to say and what to store out.

The guide answers what belongs to the questionnaire and gives None for the rest: the assistant then answers, and
:meth:`Guide.back_to` takes the questionnaire up where it was.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.answers.mentions import Kind
from bot.answers.question import Understanding
from bot.messages import Message
from bot.positioning.advice import load_advice
from bot.positioning.attempt import Answer, Attempt, PathKind
from bot.positioning.reading import TOPIC, Act, act_of, apart, free, number_in, picked, pressed, typed_code
from bot.positioning.results import Results
from bot.positioning.speech import Speech
from bot.positioning.stage import (
    ASIDE,
    Answered,
    At,
    Begun,
    Desk,
    Effect,
    Erased,
    Extended,
    Reopened,
    Shared,
    Stage,
    Turn,
    Withdrawn,
)
from bot.positioning.texts import Limits, Texts, load_texts
from bot.text.folding import fold, words
from referential.library import POSITIONING_FOLDER
from referential.model import Fiche
from referential.positioning import Questionnaire, load_questionnaire

_APART = frozenset({"resume", "results", "change", "delete", "share", "withdraw", "export", "code", "add_story"})
"""What may be asked by a sentence when no question is being asked."""

_CALLED = {"delete": "erase", "export": "files"}
"""Acts of sentences that a button calls otherwise."""

_ANSWERED_FIRST = frozenset({"distress"})
"""Topics that the assistant answers whatever is being asked."""

_NO_STORY = frozenset({"skip", "go_on", "no_stories", "vague", "level_unknown", "level_0", "unclear"})
"""What a few words say when an example is expected, and are not one."""
_CODE_WORDS = 2
"""Words up to which a message is a code, right or wrong, when one is asked for."""
_SHORT = 4
"""Words under which a message may be no example."""


@dataclass(frozen=True)
class Guide:
    """Leads through one questionnaire."""

    speech: Speech

    @property
    def texts(self) -> Texts:
        """The words."""
        return self.speech.texts

    @property
    def limits(self) -> Limits:
        """The numbers of the dialogue."""
        return self.texts.data.limits

    @property
    def questionnaire(self) -> Questionnaire:
        """What is asked."""
        return self.speech.questionnaire

    @property
    def results(self) -> Results:
        """What makes the results."""
        return self.speech.results

    # --- One turn ---------------------------------------------------------------------------------

    def turn(self, said: Understanding, stage: Stage | None, attempt: Attempt | None, desk: Desk) -> Turn | None:
        """Answer one message, or return None when it is for the assistant.

        Args:
            said: what was understood.
            stage: where the conversation stands; None when it never began.
            attempt: the answers so far; None when there are none, or they were erased elsewhere.
            desk: what is needed from outside.
        """
        if said.topic in _ANSWERED_FIRST:
            return None
        if stage is not None and stage.attempt_id and attempt is None:
            # Erased on another device.
            return self._gone(said)
        act = self._act(said, stage, attempt)
        if act is None or act.name == "question":
            return None
        now = stage or Stage(At.CONSENT)
        return self._done(act, said, now, attempt, desk)

    def back_to(self, stage: Stage | None, attempt: Attempt | None) -> tuple[Message, ...]:
        """Return what takes the questionnaire up again after a question to the assistant; nothing when it is aside."""
        if stage is None or stage.at in ASIDE or (attempt is None and stage.attempt_id):
            return ()
        again = self.speech.again(stage, attempt)
        return (replace(again, text=f"{self.texts.say('back_to')}\n\n{again.text}"),)

    def told_again(self, stage: Stage, attempt: Attempt | None, desk: Desk) -> tuple[Message, ...]:
        """Return what a message led to, once more: its reply was lost after what it led to was stored."""
        if attempt is not None and stage.at is At.DONE:
            return self._results(Act("results"), stage, attempt, desk).messages
        messages = self._repeat(stage, attempt).messages
        if attempt is not None and stage.at is At.ASKING and not attempt.answers:
            # With the code: nobody has read it yet.
            return (self._told_begun(attempt), *messages)
        return messages

    def _act(self, said: Understanding, stage: Stage | None, attempt: Attempt | None) -> Act | None:
        if said.chosen:
            return pressed(said)
        if code := typed_code(said.text):
            return code
        if stage is None:
            return Act("start") if said.topic == TOPIC else apart(said, self.limits, frozenset({"resume"}))
        if stage.at is At.CODE and len(words(said.text)) <= _CODE_WORDS:
            return Act("start") if self.texts.is_no(said.text) else Act("resume", said.text)
        if stage.at is At.CHANGING and attempt is not None and number_in(said.text):
            # The number of a question, and not the rank of a button.
            return Act("change", number_in(said.text))
        if pick := picked(said.text, self.speech.choices(stage, attempt)) or self._named(said, stage):
            return pick
        if stage.at in ASIDE or attempt is None:
            return self._aside(said, stage, attempt)
        if stage.at is At.STORY:
            return self._told(said)
        return self._level_or_request(said, stage)

    def _named(self, said: Understanding, stage: Stage) -> Act | None:
        """Read what names a path, a bloc or a title, while one is to be chosen."""
        if stage.at is At.PATH:
            folded = fold(said.text)
            named = (act for act, roots in self.texts.data.path_words.items() if any(root in folded for root in roots))
            first = next(named, None) if len(words(said.text)) <= self.limits.command_words else None
            return act_of(first) if first else None
        kind = {At.BLOC: Kind.BLOC, At.DETAILS: Kind.BLOC, At.TITLE: Kind.CERTIFICATION}.get(stage.at)
        value = next((m.value for m in said.mentions if m.kind is kind), "")
        if stage.at is At.TITLE and self.texts.is_yes(said.text) and len(self.speech.correspondences) == 1:
            value = self.speech.correspondences[0].other.code
        return Act("title" if stage.at is At.TITLE else "bloc", value) if value else None

    def _aside(self, said: Understanding, stage: Stage, attempt: Attempt | None) -> Act | None:
        """Read a sentence while no question is being asked, or before there is any."""
        before = attempt is None and stage.at not in ASIDE
        if before and (self.texts.is_yes(said.text) or self.texts.is_no(said.text)):
            return self._yes_or_no(stage, self.texts.is_yes(said.text))
        found = apart(said, self.limits, _APART if attempt is not None else frozenset({"resume"}))
        if found is not None:
            return found
        if said.topic == TOPIC:
            return Act("resume" if attempt is not None else "start")
        if stage.at is At.PAUSED and self.texts.is_yes(said.text):
            return Act("go_on")
        return None

    def _yes_or_no(self, stage: Stage, yes: bool) -> Act | None:
        answers: Mapping[At, tuple[str, str]] = {
            At.CONSENT: ("agree", "refuse"),
            At.CONFIRMING: ("confirmed", "which"),
            At.ERASING: ("erase_yes", "erase_no"),
            At.SHARING: ("share_yes", "share_no"),
        }
        pair = answers.get(stage.at)
        return Act(pair[0 if yes else 1]) if pair else None

    def _told(self, said: Understanding) -> Act:
        """Read a message while an example is expected: it is one, unless it plainly is something else."""
        if self.texts.is_no(said.text):
            return Act("no_story")
        act = free(said, self.limits)
        short = len(words(said.text)) <= self.limits.command_words
        probability = 100 * said.acts[0][1] if said.acts else 0
        name = said.acts[0][0] if said.acts else ""
        if name == "question" and ("?" in said.text or short) and probability >= self.limits.question:
            return Act("question")
        if len(words(said.text)) < _SHORT and (name in _NO_STORY or self.texts.is_yes(said.text)):
            return Act("no_stories" if name == "no_stories" else "no_story")
        if short and act.name not in ("answer", "guess", "vague", "unclear", "story", "question", "skip", "go_on"):
            return act
        if short and act.name in ("skip", "go_on"):
            return Act("no_story")
        return Act("story", said.text)

    def _level_or_request(self, said: Understanding, stage: Stage) -> Act | None:
        """Read a sentence while a level, or a yes or no, is expected."""
        if stage.at is not At.ASKING and (self.texts.is_yes(said.text) or self.texts.is_no(said.text)):
            answered = self._yes_or_no(stage, self.texts.is_yes(said.text))
            if answered is not None:
                return answered
        act = free(said, self.limits)
        asks = "?" in said.text and 100 * said.confidence >= self.limits.apart and said.topic != TOPIC
        return Act("question") if asks and act.name in ("answer", "guess", "unclear", "vague", "story") else act

    # --- Acts -------------------------------------------------------------------------------------

    def _done(self, act: Act, said: Understanding, stage: Stage, attempt: Attempt | None, desk: Desk) -> Turn:
        name = _CALLED.get(act.name, act.name)
        before = self._before.get(name)
        if before is not None:
            return before(act, stage, attempt, desk)
        if attempt is None:
            if name in ("confirmed", "unclear"):
                return self._repeat(stage, attempt)
            started = stage.to(At.CONSENT)
            return Turn((self.speech.say("nothing_yet"), self.speech.paths("intro", started)), started)
        during = self._during.get(name)
        if during is None:
            return self._unclear(stage, attempt, said)
        return during(act, stage, attempt, desk)

    @cached_property
    def _before(self) -> Mapping[str, Callable[[Act, Stage, Attempt | None, Desk], Turn]]:
        """Acts that need no attempt."""
        return {
            "start": self._start,
            "restart": self._restart,
            "agree": self._agree,
            "refuse": self._refuse,
            "privacy": self._privacy,
            "have_code": self._ask_code,
            "resume": self._resume,
            "path": self._path,
            "bloc": self._bloc,
            "holder": self._holder,
            "title": self._title,
        }

    @cached_property
    def _during(self) -> Mapping[str, Callable[[Act, Stage, Attempt, Desk], Turn]]:
        """Acts on an attempt."""
        return {
            "answer": self._answer,
            "confirmed": self._confirmed,
            "which": self._which,
            "guess": self._guess,
            "vague": self._vague,
            "story": self._story,
            "no_story": self._no_story,
            "no_stories": self._no_stories,
            "add_story": self._add_story,
            "skip": self._skip,
            "back": self._back,
            "change": self._change,
            "change_page": self._change_page,
            "why": self._told_of_item("why"),
            "example": self._told_of_item("example"),
            "help": self._told_of_item("help"),
            "official": self._told_of_item("official"),
            "progress": self._progress,
            "pause": self._pause,
            "stop": self._stop,
            "go_on": self._go_on,
            "results": self._results,
            "files": self._files,
            "details": self._details,
            "left_out": self._left_out,
            "deepen": self._deepen,
            "code": self._code,
            "erase": self._erase,
            "erase_yes": self._erase_yes,
            "erase_no": self._erase_no,
            "share": self._share,
            "share_yes": self._share_yes,
            "share_no": self._share_no,
            "withdraw": self._withdraw,
        }

    def _repeat(self, stage: Stage, attempt: Attempt | None) -> Turn:
        return Turn((self.speech.again(stage, attempt),), stage)

    def _unclear(self, stage: Stage, attempt: Attempt, said: Understanding) -> Turn:
        if stage.at in (At.ASKING, At.CONFIRMING) and said.acts:
            asked = stage.to(At.CONFIRMING, stage.item, story=stage.story)
            return Turn((self.speech.say("not_understood", asked, attempt),), asked)
        return self._repeat(stage, attempt)

    def _gone(self, said: Understanding) -> Turn:
        started = Stage(At.CONSENT)
        if said.chosen and pressed(said) == Act("agree"):
            chosen = started.to(At.PATH)
            return Turn((self.speech.paths("ask_path", chosen),), chosen)
        return Turn((self.speech.say("gone"), self.speech.paths("intro", started)), started)

    # Before an attempt

    def _start(self, act: Act, stage: Stage, attempt: Attempt | None, desk: Desk) -> Turn:
        if attempt is not None:
            return self._take_up(stage, attempt, desk)
        started = stage.to(At.CONSENT)
        return Turn((self.speech.paths("intro", started),), started)

    def _restart(self, act: Act, stage: Stage, attempt: Attempt | None, desk: Desk) -> Turn:
        chosen = stage.to(At.PATH)
        return Turn((self.speech.paths("ask_path", chosen),), chosen)

    def _agree(self, act: Act, stage: Stage, attempt: Attempt | None, desk: Desk) -> Turn:
        return self._restart(act, stage, attempt, desk)

    def _refuse(self, act: Act, stage: Stage, attempt: Attempt | None, desk: Desk) -> Turn:
        if attempt is not None:
            return self._repeat(stage, attempt)
        return Turn((self.speech.say("refused"),), None)

    def _privacy(self, act: Act, stage: Stage, attempt: Attempt | None, desk: Desk) -> Turn:
        asked = stage.to(At.CONSENT)
        return Turn((self.speech.say("privacy", asked),), asked)

    def _ask_code(self, act: Act, stage: Stage, attempt: Attempt | None, desk: Desk) -> Turn:
        asked = stage.to(At.CODE)
        return Turn((self.speech.again(asked, None),), asked)

    def _resume(self, act: Act, stage: Stage, attempt: Attempt | None, desk: Desk) -> Turn:
        if not act.value:
            return (
                self._take_up(stage, attempt, desk) if attempt is not None else self._ask_code(act, stage, None, desk)
            )
        if stage.wrong_codes >= self.limits.wrong_codes:
            return Turn((self.speech.say("too_many_codes"),), stage)
        found = desk.find(act.value)
        if found is None:
            tried = replace(stage if attempt is not None else stage.to(At.CODE), wrong_codes=stage.wrong_codes + 1)
            return Turn((self.speech.say("wrong_code"),), tried)
        return self._take_up(Stage(At.ASKING, attempt_id=found.id, wrong_codes=stage.wrong_codes), found, desk)

    def _take_up(self, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        """Go on with an attempt, where it was."""
        greeting = [Message(self.speech.progress("resumed", attempt))]
        content = desk.content(attempt.version) if attempt.version != self.questionnaire.version else None
        if changes := self.results.changes(attempt, content):
            greeting.append(self.speech.say("resumed_changed", changes=changes[: self.limits.listed]))
        following = self._following(stage, attempt, desk)
        return Turn((*greeting, *following.messages), following.stage)

    def _path(self, act: Act, stage: Stage, attempt: Attempt | None, desk: Desk) -> Turn:
        if stage.at not in (At.PATH, At.TITLE, At.BLOC):
            return self._start(act, stage, attempt, desk)
        if act.value == PathKind.BLOC:
            asked = stage.to(At.BLOC)
            return Turn((self.speech.again(asked, None),), asked)
        kind = PathKind.FULL if act.value == PathKind.FULL else PathKind.QUICK
        return self._begin(kind, self.speech.whole(kind), attempt, desk)

    def _bloc(self, act: Act, stage: Stage, attempt: Attempt | None, desk: Desk) -> Turn:
        if act.value.isdigit() and attempt is not None and stage.at in ASIDE:
            return self._bloc_detail(int(act.value), stage, attempt, desk)
        if stage.at is not At.BLOC or not act.value.isdigit() or not self.speech.whole(PathKind.BLOC, int(act.value)):
            return self._start(act, stage, attempt, desk)
        return self._begin(PathKind.BLOC, self.speech.whole(PathKind.BLOC, int(act.value)), attempt, desk)

    def _holder(self, act: Act, stage: Stage, attempt: Attempt | None, desk: Desk) -> Turn:
        asked = stage.to(At.TITLE)
        return Turn((self.speech.again(asked, None),), asked)

    def _title(self, act: Act, stage: Stage, attempt: Attempt | None, desk: Desk) -> Turn:
        held = next((c for c in self.speech.correspondences if c.other.code == act.value), None)
        if held is None or stage.at is not At.TITLE:
            return self._start(act, stage, attempt, desk)
        covered = {bloc.code for bloc in held.blocs}
        left = [bloc for bloc in self.speech.blocs if bloc.code not in covered]
        section = self.questionnaire.fiche.correspondences.section
        told = self.speech.say("title_chosen", c=held, left=left, section=section)
        begun = self._begin(PathKind.LEFT, self.speech.whole(PathKind.LEFT, held=tuple(covered)), attempt, desk)
        return replace(begun, messages=(told, *begun.messages))

    def _begin(self, kind: PathKind, scope: tuple[str, ...], attempt: Attempt | None, desk: Desk) -> Turn:
        identifier, code = desk.new_attempt()
        begun = Attempt(
            identifier,
            code,
            kind,
            scope,
            self.questionnaire.version,
            desk.now,
            previous=attempt.id if attempt is not None else None,
        )
        asked = Stage(At.ASKING, scope[0], attempt_id=identifier)
        return Turn((self._told_begun(begun), self.speech.question(asked, begun)), asked, (Begun(begun),))

    def _told_begun(self, attempt: Attempt) -> Message:
        total = len(attempt.scope)
        minutes = self.speech.minutes(total, attempt.path is PathKind.QUICK)
        return self.speech.say("begun", total=total, minutes=minutes, code=attempt.code)

    # Answers

    def _answer(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        item = act.item or stage.item
        level = self.questionnaire.level(act.value)
        if level is None or item not in self.speech.scope(attempt):
            return self._repeat(stage, attempt)
        had = attempt.answers.get(item)
        kept = stage.story if stage.item == item and stage.story else had.story if had else ""
        answer = Answer(level.key, kept)
        after = attempt.with_answer(item, answer)
        effects: tuple[Effect, ...] = (Answered(attempt.id, item, answer),)
        if had is not None and had.level is not None and had.level != level.key:
            noted = self.texts.say("noted_again", level=level, before=self.results.label(had.level))
        else:
            noted = self.texts.say("noted", level=level)
        reached = level.rank is not None and level.rank >= self.limits.story_from_level
        if reached and stage.stories and not kept:
            asked = stage.to(At.STORY, item)
            told = self.speech.story(asked, after)
            return Turn((Message(f"{noted}\n{told.text}", told.choices),), asked, effects)
        if kept and not (had and had.story == kept):
            noted = f"{noted} {self.texts.say('noted_story')}"
        noted = self._cheered(noted, item, after) if had is None else noted
        return self._onwards(noted, stage.to(At.ASKING, item), after, desk, effects)

    def _confirmed(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        if not stage.level:
            return self._repeat(stage, attempt)
        return self._answer(Act("answer", stage.level, stage.item), stage, attempt, desk)

    def _which(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        asked = stage.to(At.CONFIRMING, stage.item, story=stage.story)
        return Turn((self.speech.confirmation(asked, attempt),), asked)

    def _guess(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        if stage.at not in (At.ASKING, At.CONFIRMING):
            return self._repeat(stage, attempt)
        asked = stage.to(At.CONFIRMING, stage.item, act.value, stage.story)
        return Turn((self.speech.confirmation(asked, attempt),), asked)

    def _vague(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        if stage.at not in (At.ASKING, At.CONFIRMING):
            return self._repeat(stage, attempt)
        return self._which(act, stage, attempt, desk)

    def _story(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        if stage.at is At.STORY:
            had = attempt.answers.get(stage.item)
            answer = Answer(had.level if had else None, act.value[: self.limits.story_length])
            after = attempt.with_answer(stage.item, answer)
            effects = (Answered(attempt.id, stage.item, answer),)
            told = self._cheered(self.texts.say("noted_story"), stage.item, after)
            return self._onwards(told, stage, after, desk, effects)
        if stage.at in (At.ASKING, At.CONFIRMING):
            # Told before the level: kept, and the level asked.
            asked = stage.to(At.CONFIRMING, stage.item, story=act.value[: self.limits.story_length])
            return Turn((self.speech.confirmation(asked, attempt),), asked)
        return self._repeat(stage, attempt)

    def _no_story(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        return self._onwards(self._cheered("", stage.item, attempt), stage, attempt, desk)

    def _no_stories(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        silent = replace(stage, stories=False)
        if stage.at is At.STORY:
            return self._onwards(self.texts.say("stories_off"), silent, attempt, desk)
        again = self.speech.again(silent, attempt)
        return Turn((replace(again, text=f"{self.texts.say('stories_off')}\n\n{again.text}"),), silent)

    def _add_story(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        answered = [item for item in self.speech.scope(attempt) if attempt.answered(item)]
        if not answered:
            return self._repeat(stage, attempt)
        bare = [item for item in answered if not attempt.answers[item].story]
        asked = stage.to(At.STORY, (bare or answered)[-1])
        item = self.speech.item(asked.item)
        told = self.speech.say(
            "ask_story_of",
            asked,
            attempt,
            item=item,
            story=item.text.stories[0],
            present=attempt.answers[asked.item].story,
        )
        return Turn((told,), asked)

    def _skip(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        item = act.value if act.value in self.speech.scope(attempt) else stage.item
        if not item or stage.at not in (At.ASKING, At.CONFIRMING, At.STORY):
            return self._repeat(stage, attempt)
        if attempt.answered(item):
            return self._onwards(self.texts.say("kept"), stage, attempt, desk)
        answer = Answer(None)
        effects = (Answered(attempt.id, item, answer),)
        return self._onwards(self.texts.say("skipped"), stage, attempt.with_answer(item, answer), desk, effects)

    def _onwards(self, told: str, stage: Stage, attempt: Attempt, desk: Desk, effects: tuple[Effect, ...] = ()) -> Turn:
        """Acknowledge, and ask the next question or give the results."""
        following = self._following(stage, attempt, desk)
        messages = (Message(told), *following.messages) if told else following.messages
        return Turn(messages, following.stage, (*effects, *following.effects))

    def _cheered(self, noted: str, item: str, attempt: Attempt) -> str:
        """Return an acknowledgement, with a word of encouragement when a bloc, a half or a batch is done."""
        scope = self.speech.scope(attempt)
        done = sum(i in attempt.answers for i in scope)
        left = len(scope) - done
        if not left:
            return noted
        said = [noted] if noted else []
        bloc = self.speech.item(item).bloc if item in self.questionnaire.items else None
        of_bloc = [i for i in scope if bloc and self.speech.item(i).bloc.code == bloc.code]
        if bloc and of_bloc and of_bloc[-1] == item and all(i in attempt.answers for i in of_bloc):
            said.append(self.texts.say("bloc_done", bloc=bloc))
        if done == (len(scope) + 1) // 2:
            said.append(self.speech.progress("half", attempt))
        elif done % self.limits.batch == 0:
            said.append(self.speech.progress("cheer", attempt, turn=done // self.limits.batch))
        return "\n".join(said)

    def _following(self, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        """Ask the next question, or give the results when there is none."""
        known = self.speech.scope(attempt)
        following = next((item for item in known if item not in attempt.answers), None)
        if following is None:
            return self._finished(stage, attempt, desk)
        asked = stage.to(At.ASKING, following)
        return Turn((self.speech.question(asked, attempt),), asked)

    # Requests

    def _back(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        scope = self.speech.scope(attempt)
        place = scope.index(stage.item) if stage.item in scope else len(scope)
        # While an example is asked for, the question before is the one that it belongs to.
        before = place if stage.at in (At.STORY, At.CONFIRMING) else place - 1
        if before < 0:
            again = self.speech.again(stage, attempt)
            return Turn((replace(again, text=f"{self.texts.say('no_back')}\n\n{again.text}"),), stage)
        asked = stage.to(At.ASKING, scope[before])
        return Turn((self.speech.question(asked, attempt),), asked)

    def _change(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        scope = self.speech.scope(attempt)
        if act.value.isdigit():
            place = int(act.value)
            if not 1 <= place <= len(scope):
                told = self.texts.say("no_such_question", number=place, total=len(scope))
                again = stage.to(At.CHANGING)
                shown = self.speech.changing(again, attempt)
                return Turn((Message(f"{told}\n\n{shown.text}", shown.choices),), again)
            return self._reask(scope[place - 1], stage, attempt)
        if act.value in scope:
            return self._reask(act.value, stage, attempt)
        if not attempt.done:
            return self._repeat(stage, attempt)
        asked = stage.to(At.CHANGING)
        return Turn((self.speech.changing(asked, attempt),), asked)

    def _reask(self, item: str, stage: Stage, attempt: Attempt) -> Turn:
        asked = stage.to(At.ASKING, item)
        question = self.speech.question(asked, attempt)
        if item in attempt.answers or item == attempt.next_item:
            return Turn((question,), asked)
        told = self.texts.say("not_answered_yet")
        return Turn((replace(question, text=f"{told}\n\n{question.text}"),), asked)

    def _change_page(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        page = int(act.value) if act.value.isdigit() else 0
        asked = stage.to(At.CHANGING, page=min(page, len(attempt.done) // self.limits.listed))
        return Turn((self.speech.changing(asked, attempt),), asked)

    def _told_of_item(self, name: str) -> Callable[[Act, Stage, Attempt, Desk], Turn]:
        """Return the act that tells something of the question being asked, then asks it again by its choices."""

        def tell(act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
            if stage.item not in self.questionnaire.items:
                return self._repeat(stage, attempt)
            item = self.speech.item(stage.item)
            assessment = item.bloc.assessment.value or ()
            return Turn((self.speech.say(name, stage, attempt, item=item, assessment=assessment),), stage)

        return tell

    def _progress(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        told = Message(self.speech.progress("progress", attempt))
        return Turn((told,) if stage.at in ASIDE else (told, self.speech.again(stage, attempt)), stage)

    def _pause(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        return self._put_aside("paused", stage, attempt)

    def _stop(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        return self._put_aside("stopped", stage, attempt)

    def _put_aside(self, name: str, stage: Stage, attempt: Attempt) -> Turn:
        aside = stage.to(At.PAUSED)
        return Turn((Message(self.speech.progress(name, attempt), self.speech.choices(aside, attempt)),), aside)

    def _go_on(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        if stage.at in (At.PAUSED, At.CHANGING, At.STORY, At.DONE):
            return self._following(stage, attempt, desk)
        return self._repeat(stage, attempt)

    def _code(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        told = self.speech.say("code", code=attempt.code)
        return Turn((told,) if stage.at in ASIDE else (told, self.speech.again(stage, attempt)), stage)

    def _left_out(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        items = tuple(item for item in attempt.left_out if item in self.questionnaire.items)
        if not items:
            return self._following(stage, attempt, desk)
        answers = {item: answer for item, answer in attempt.answers.items() if item not in items}
        following = self._following(stage, replace(attempt, answers=answers), desk)
        return replace(following, effects=(Reopened(attempt.id, items),))

    def _deepen(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        wider = attempt.with_scope(self.speech.whole(PathKind.FULL))
        following = self._following(stage, wider, desk)
        return replace(following, effects=(Extended(attempt.id, wider.scope),))

    # Results

    def _finished(self, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        return self._results(Act("results"), stage, attempt, desk)

    def _results(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        if not any(attempt.answered(item) for item in attempt.answers):
            return self._repeat(stage, attempt)
        earlier = desk.earlier(attempt.previous) if attempt.previous else None
        booklet = self.results.booklet(attempt, desk.now.date(), earlier)
        movement = self.results.movement(attempt, earlier) if earlier else None
        after = stage.to(At.DONE)
        return Turn(self.speech.outcome(booklet, after, attempt, desk.link(attempt), movement), after)

    def _files(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        url, until = desk.link(attempt)
        after = stage.to(At.DONE) if stage.at in ASIDE else stage
        return Turn((self.speech.say("files", after, attempt, link=url, until=until),), after)

    def _details(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        return self._repeat(stage.to(At.DETAILS), attempt)

    def _bloc_detail(self, number: int, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        if number not in [bloc.number for bloc in self.speech.blocs]:
            return self._repeat(stage, attempt)
        booklet = self.results.booklet(attempt, desk.now.date())
        after = stage.to(At.DONE)
        return Turn((self.speech.details(booklet, number, after, attempt),), after)

    # Rights

    def _erase(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        asked = stage.to(At.ERASING)
        return Turn((self.speech.erasing(asked, attempt, desk.shared_on(attempt.id) is not None),), asked)

    def _erase_yes(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        if stage.at is not At.ERASING:
            return self._erase(act, stage, attempt, desk)
        return Turn((self.speech.erased(attempt),), None, (Erased(attempt.id),))

    def _erase_no(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        return self._back_after("not_erased", stage, attempt, desk)

    def _back_after(self, name: str, stage: Stage, attempt: Attempt, desk: Desk, **values: Any) -> Turn:
        """Say something, then go on with the questions that are left; the results are not said again."""
        told = self.speech.say(name, **values)
        following = next((item for item in self.speech.scope(attempt) if item not in attempt.answers), None)
        if following is None:
            after = stage.to(At.DONE)
            return Turn((Message(told.text, self.speech.choices(after, attempt)),), after)
        asked = stage.to(At.ASKING, following)
        return Turn((told, self.speech.question(asked, attempt)), asked)

    def _share(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        if not any(attempt.answered(item) for item in attempt.answers):
            return self._repeat(stage, attempt)
        asked = stage.to(At.SHARING)
        return Turn((self.speech.again(asked, attempt),), asked)

    def _share_yes(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        if stage.at is not At.SHARING:
            return self._share(act, stage, attempt, desk)
        day = desk.now.date()
        told = self._back_after("shared", stage, attempt, desk, day=day)
        return replace(told, effects=(Shared(attempt.id, self.results.booklet(attempt, day)),))

    def _share_no(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        return self._back_after("not_shared", stage, attempt, desk)

    def _withdraw(self, act: Act, stage: Stage, attempt: Attempt, desk: Desk) -> Turn:
        if desk.shared_on(attempt.id) is None:
            return self._back_after("nothing_shared", stage, attempt, desk)
        return replace(self._back_after("withdrawn", stage, attempt, desk), effects=(Withdrawn(attempt.id),))


def load_guide(retention_days: int, fiche: Fiche | None = None, folder: Path = POSITIONING_FOLDER) -> Guide:
    """Read the data files and build the guide.

    Args:
        retention_days: how long answers are kept: told to people.
        fiche: the fiche that the questionnaire is about.
        folder: where the questionnaire is.

    Raises:
        DataError: a file is wrong; the message gives file and line.
    """
    questionnaire = load_questionnaire(fiche, folder)
    texts = load_texts({"fiche": questionnaire.fiche, "retention_days": retention_days}, folder)
    return Guide(Speech(questionnaire, texts, Results(questionnaire, load_advice(folder), texts)))
