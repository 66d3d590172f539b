"""From answers to results: levels by competency and by bloc, strengths, gaps, next steps, and the booklet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.positioning.advice import Advice, StepRule, Tally, percent, tally
from bot.positioning.attempt import Attempt, Content, PathKind
from bot.positioning.booklet import BlocResult, Booklet, Entry, Step
from bot.positioning.texts import Texts
from bot.text.lists import enumeration
from referential.model import Bloc, Route
from referential.positioning import UNKNOWN_LEVEL, Item, Questionnaire, wording_mark


def content_of(questionnaire: Questionnaire) -> dict[str, dict[str, str]]:
    """Return what a version of the questionnaire asks, to be kept beside the answers."""
    return {
        item.id: {
            "name": item.text.name,
            "question": item.text.question,
            "wordings": "\n".join(item.wordings),
            "mark": wording_mark(*item.wordings),
        }
        for item in questionnaire.items.values()
    }


@dataclass(frozen=True)
class Given:
    """The level of one competency, and where it comes from."""

    level: str | None
    estimated: bool
    """Whether it is that of its theme."""
    story: str
    name: str
    """Of the question that was answered."""


@dataclass(frozen=True)
class Results:
    """Makes the results of attempts at one questionnaire."""

    questionnaire: Questionnaire
    advice: Advice
    texts: Texts

    def given(self, attempt: Attempt, competency: str) -> Given:
        """Return the level of a competency: its own answer, else that of its theme."""
        own = attempt.answers.get(competency)
        item = self.questionnaire.items[competency]
        theme = self.questionnaire.theme_of(competency)
        of_theme = attempt.answers.get(theme.id) if theme else None
        if own is not None and own.level is not None:
            return Given(own.level, False, own.story, item.text.name)
        if theme is not None and of_theme is not None and of_theme.level is not None:
            return Given(of_theme.level, True, of_theme.story, theme.text.name)
        return Given(None, False, "", item.text.name)

    def booklet(
        self, attempt: Attempt, today: date, earlier: Attempt | None = None, content: Content | None = None
    ) -> Booklet:
        """Return everything that the candidate leaves with.

        Args:
            attempt: the answers.
            today: day written on it.
            earlier: an attempt to compare with.
            content: what was asked when the attempt began; None when that has not changed.
        """
        fiche, words = self.questionnaire.fiche, self.texts.data.booklet
        blocs = tuple(self._bloc(bloc, attempt, earlier) for bloc in fiche.blocs.value or ())
        strengths, gaps = self._ranked(attempt)
        scope = [item for item in attempt.scope if item in self.questionnaire.items]
        return Booklet(
            title=self.texts.render(words.title),
            fiche_code=fiche.code,
            fiche_title=fiche.title,
            made_on=today,
            path=self.texts.data.paths[attempt.path],
            answered=sum(attempt.answered(item) for item in scope),
            total=len(scope),
            blocs=blocs,
            strengths=strengths,
            gaps=gaps,
            steps=self._steps(attempt, blocs, gaps),
            notices=words.notices,
            changes=self.changes(attempt, content),
            compared_with=earlier.started_at.date() if earlier else None,
            scale=tuple((level.label, level.description) for level in self.questionnaire.scale),
        )

    def changes(self, attempt: Attempt, content: Content | None) -> tuple[str, ...]:
        """Say what changed in the questions that were answered since they were asked."""
        if content is None:
            return ()
        words, now = self.texts.data.booklet, content_of(self.questionnaire)
        said = []
        for item, answer in attempt.answers.items():
            before, name = content.get(item), content.get(item, {}).get("name", item)
            if item not in now:
                said.append(self.texts.render(words.removed, name=name, level=self.label(answer.level)))
            elif before is not None and any(before[key] != now[item][key] for key in ("question", "mark")):
                said.append(self.texts.render(words.changed, name=now[item]["name"]))
        added = [item for item in now if item not in content and item not in attempt.answers]
        return (*said, *(self.texts.render(words.added, name=now[item]["name"]) for item in added))

    def label(self, level: str | None) -> str:
        """Return the label of a level; that of no answer for None."""
        found = self.questionnaire.level(level) if level is not None else None
        return found.label if found else self.texts.data.booklet.unanswered

    def movement(self, attempt: Attempt, earlier: Attempt) -> tuple[int, int, int]:
        """Return how many competencies rose, stayed and fell since an earlier attempt."""
        moves = [self._move(attempt, earlier, item.id) for item in self.questionnaire.competency_items]
        known = [move for move in moves if move is not None]
        return sum(m > 0 for m in known), sum(m == 0 for m in known), sum(m < 0 for m in known)

    def _move(self, attempt: Attempt, earlier: Attempt, competency: str) -> int | None:
        ranks = [self.given(one, competency).level for one in (earlier, attempt)]
        if any(level in (None, UNKNOWN_LEVEL) for level in ranks):
            return None
        before, after = (int(str(level)) for level in ranks)
        return after - before

    def _bloc(self, bloc: Bloc, attempt: Attempt, earlier: Attempt | None) -> BlocResult:
        entries = tuple(self._entry(self.questionnaire.items[c.id], attempt, earlier) for c in bloc.competencies)
        labels = [*(level.label for level in self.questionnaire.scale), self.texts.data.booklet.unanswered]
        counts = tuple((label, sum(entry.level_label == label for entry in entries)) for label in labels)
        measures = tally([entry.level for entry in entries], self.advice.levels).shares()
        return BlocResult(bloc.number, bloc.code, bloc.title, self.advice.bloc_state(measures), counts, entries)

    def _entry(self, item: Item, attempt: Attempt, earlier: Attempt | None) -> Entry:
        given, words = self.given(attempt, item.id), self.texts.data.booklet
        level = self.questionnaire.level(given.level) if given.level is not None else None
        change = ""
        if earlier is not None and self._move(attempt, earlier, item.id):
            change = f"{self.label(self.given(earlier, item.id).level)} → {self.label(given.level)}"
        return Entry(
            id=item.id,
            name=item.text.name,
            wording=item.wordings[0],
            level=given.level,
            level_label=level.label if level else words.unanswered,
            level_said=level.said if level else words.unanswered_said,
            estimated=given.estimated,
            story=given.story,
            prompts=item.text.stories,
            documents=item.text.documents,
            change=change,
        )

    def _ranked(self, attempt: Attempt) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the names of what is strong, the strongest first, and of what is not, the weakest first."""
        groups = self.advice.levels
        answered = [self.given(attempt, item.id) for item in self.questionnaire.competency_items]
        strong = sorted(
            (given for given in answered if given.level in groups.solid),
            key=lambda given: (-int(str(given.level)), not given.story),
        )
        weak = sorted(
            (given for given in answered if given.level in (*groups.growing, *groups.none)),
            key=lambda given: int(str(given.level)),
        )
        return _names(strong), _names(weak)

    def _steps(self, attempt: Attempt, blocs: Sequence[BlocResult], gaps: Sequence[str]) -> tuple[Step, ...]:
        fiche = self.questionnaire.fiche
        counted = self._tally(attempt)
        measured = [b for b in blocs if b.state not in self.advice.unmeasured_states]
        solid = [b for b in measured if b.state == self.advice.solid_state]
        vae = fiche.route(Route.VAE)
        scope = [item for item in attempt.scope if item in self.questionnaire.items]
        stories = sum(bool(answer.story) for answer in attempt.answers.values())
        measures = counted.shares() | {
            "answered_share": percent(sum(attempt.answered(item) for item in scope), len(scope)),
            "unknown": sum(answer.level == UNKNOWN_LEVEL for answer in attempt.answers.values()),
            "stories": stories,
            "measured_blocs": len(measured),
            "solid_blocs": len(solid),
            "unsolid_blocs": len(measured) - len(solid),
            "open_vae": int(vae is not None and vae.open.value is True),
            "holder": int(attempt.path is PathKind.LEFT),
            "quick": int(not any(attempt.answered(item.id) for item in self.questionnaire.competency_items)),
        }
        values = {
            "solid": counted.solid,
            "growing": counted.growing,
            "none": counted.none,
            "levelled": counted.levelled,
            "unknown": measures["unknown"],
            "stories": stories,
            "first_gap": gaps[0] if gaps else "",
            "solid_names": enumeration([f"le bloc {b.number} ({b.title})" for b in solid]),
            "vae_label": vae.label if vae else "",
            "routes": enumeration([r.label.lower() for r in fiche.access_routes.value or () if r.open.value is True]),
            "certifiers": enumeration([c.legal_name for c in fiche.certifiers.value or ()]),
            "acquisition": fiche.acquisition.value.text if fiche.acquisition.value else "",
            "solid_rule": self.advice.solid_rule.bounds,
            "assessment": enumeration([form[:1].lower() + form[1:] for form in fiche.assessment.value or ()]),
        }
        return tuple(self._step(rule, values) for rule in self.advice.next_steps(measures))

    def _step(self, rule: StepRule, values: Mapping[str, Any]) -> Step:
        said = {**values, "rule": rule.bounds}
        return Step(rule.title, self.texts.render(rule.text, **said), self.texts.render(rule.reason, **said))

    def _tally(self, attempt: Attempt) -> Tally:
        levels = [self.given(attempt, item.id).level for item in self.questionnaire.competency_items]
        return tally(levels, self.advice.levels)


def _names(found: Sequence[Given]) -> tuple[str, ...]:
    """Return names once each: several competencies may come from one theme."""
    return tuple(dict.fromkeys(given.name for given in found))
