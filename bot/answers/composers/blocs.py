"""Topics of the blocs: list, contents, competencies, assessment, how many are needed."""

from dataclasses import replace

from bot.answers.composers.scene import Composed, Scene, absent
from bot.answers.mentions import Kind
from bot.messages import Choice
from bot.text.folding import fold
from bot.text.lists import pages
from referential.model import Bloc


def _heading(bloc: Bloc) -> str:
    """Return the heading of a bloc, as the fiche prints it."""
    return f"{bloc.code} - {bloc.title}"


def _unknown_bloc(scene: Scene) -> Composed | None:
    """Return the correction of a bloc that does not exist, or None."""
    numbers = [int(n) for n in scene.question.all(Kind.BLOC)]
    wrong = [n for n in numbers if scene.fiche.bloc(n) is None]
    if not wrong or len(wrong) < len(numbers) or not scene.blocs:
        return None
    choices = tuple(scene.bloc_choice(bloc) for bloc in scene.blocs)
    section = scene.fiche.blocs.section
    return Composed("no_such_bloc", {"number": wrong[0], "blocs": scene.blocs}, (section,), choices, topic="blocs")


def _fullest(scene: Scene) -> Composed | None:
    """Answer « quel bloc compte le plus de compétences ? », or None when that is not asked."""
    comparison = scene.question.first(Kind.COMPARISON)
    if comparison not in ("best", "worst") or "competence" not in scene.question.folded:
        return None
    pick = max if comparison == "best" else min
    count = pick(len(bloc.competencies) for bloc in scene.blocs)
    picked = [bloc for bloc in scene.blocs if len(bloc.competencies) == count]
    values = {"picked": picked, "most": comparison == "best", "blocs": scene.blocs, "count": count}
    return Composed(
        "fullest", values, (scene.fiche.blocs.section,), tuple(map(scene.bloc_choice, picked)), topic="blocs"
    )


def blocs(scene: Scene) -> Composed:
    """List the blocs; correct a wrong number of them or a bloc that does not exist."""
    if missing := absent(scene.fiche.blocs):
        return missing
    if (special := _unknown_bloc(scene)) or (special := _fullest(scene)):
        return special
    choices = tuple(scene.bloc_choice(bloc) for bloc in scene.blocs)
    named = [b for b in scene.blocs if str(b.number) in scene.question.all(Kind.BLOC)]
    values = {"blocs": scene.blocs, "count": len(scene.blocs), "named": named}
    supposed = scene.question.first(Kind.COUNT)
    variant = "stated"
    if named:
        variant = "named"
    elif supposed is not None and (scene.question.closed or int(supposed) != len(scene.blocs)):
        variant = "confirmed" if int(supposed) == len(scene.blocs) else "corrected"
        values["supposed"] = int(supposed)
    return Composed(variant, values, (scene.fiche.blocs.section,), choices)


def bloc_detail(scene: Scene) -> Composed:
    """Say what one bloc holds, page by page."""
    if (missing := absent(scene.fiche.blocs)) or (missing := _unknown_bloc(scene)):
        return missing
    named = [b for b in scene.blocs if str(b.number) in scene.question.all(Kind.BLOC)]
    if not named and (special := _fullest(scene)):
        return special
    if not named:
        return Composed(
            "which", {"blocs": scene.blocs}, (scene.fiche.blocs.section,), tuple(map(scene.bloc_choice, scene.blocs))
        )
    if len(named) > 1:
        return Composed("several", {"blocs": named}, (scene.fiche.blocs.section,), tuple(map(scene.bloc_choice, named)))
    bloc = named[0]
    evaluated = Choice("Comment ce bloc est évalué", "assessment", ((Kind.BLOC, str(bloc.number)),))
    if scene.question.page < 1:
        size = scene.limits.overview // max(len(bloc.competencies), 1)
        items = [_short(c.wording, max(size, 40)) for c in bloc.competencies]
        return Composed("overview", {"bloc": bloc, "items": items}, (_heading(bloc),), (evaluated,), next_page=1)
    cut = pages([c.wording for c in bloc.competencies], scene.limits.page)
    page = min(scene.question.page, len(cut))
    first = sum(len(p) for p in cut[: page - 1]) + 1
    values = {
        "bloc": bloc,
        "items": cut[page - 1],
        "page": page,
        "pages": len(cut),
        "first": first,
        "last": first + len(cut[page - 1]) - 1,
    }
    return Composed(
        "full_page", values, (_heading(bloc),), (evaluated,), next_page=page + 1 if page < len(cut) else None
    )


def competencies(scene: Scene) -> Composed:
    """Say how many competencies there are, by bloc."""
    if missing := absent(scene.fiche.blocs):
        return missing
    if scene.question.first(Kind.BLOC):
        return bloc_detail_of(scene)
    if special := _fullest(scene):
        return special
    count = sum(len(b.competencies) for b in scene.blocs)
    supposed = scene.question.first(Kind.COUNT)
    wrong = (
        supposed is not None
        and int(supposed) != count
        and "competence" in scene.question.folded
        and scene.question.closed
    )
    values = {"blocs": scene.blocs, "count": count, "supposed": supposed}
    sections = (scene.fiche.competencies.section, scene.fiche.blocs.section)
    return Composed("corrected" if wrong else "stated", values, sections, tuple(map(scene.bloc_choice, scene.blocs)))


def bloc_detail_of(scene: Scene) -> Composed:
    """Answer as for one bloc, with that topic's texts."""
    composed = bloc_detail(scene)
    return composed if composed.topic else replace(composed, topic="bloc_detail")


def competency_search(scene: Scene) -> Composed:
    """Find the competency that a question speaks of, and say in which bloc it is."""
    if missing := absent(scene.fiche.blocs):
        return missing
    question = scene.question
    asked = question.all(Kind.COMPETENCY)
    found = asked or scene.competencies.search(question.text, question.competencies)
    hits = [hit for hit in map(scene.fiche.competency, found) if hit is not None]
    if not hits:
        return Composed("nothing", {}, (scene.fiche.competencies.section,), tuple(map(scene.bloc_choice, scene.blocs)))
    bloc, competency = hits[0]
    others = tuple(
        Choice(_short(other.wording, scene.limits.choice), "competency_search", ((Kind.COMPETENCY, other.id),))
        for _, other in hits[1:]
    )
    # The fiche's own words were used: it says so. Only everyday words were: it is the nearest, no more.
    own_words = bool(asked) or scene.competencies.shares_words(scene.question.text, competency.wording)
    values = {"bloc": bloc, "competency": competency, "others": others}
    return Composed(
        "found" if own_words else "near",
        values,
        (_heading(bloc),),
        (*others, scene.bloc_choice(bloc)),
        keep=tuple((Kind.COMPETENCY, hit.id) for _, hit in hits),
    )


_TINY_WORD = 3
"""Letters of the words on which a shortened text does not end: « et », « des », « une »."""


def _short(text: str, size: int) -> str:
    """Return the beginning of a text, cut between two words and not on a tiny one."""
    if len(text) <= size:
        return text
    kept = text[: size - 1].split(" ")[:-1]
    while len(kept) > 1 and len(kept[-1].strip(",;:(")) <= _TINY_WORD:
        kept.pop()
    return " ".join(kept).rstrip(" ,;:(") + "…"


def assessment(scene: Scene) -> Composed:
    """Say how the title, or a bloc, is assessed; confirm or deny a form that the question names."""
    if wrong := _unknown_bloc(scene):
        return wrong
    named = [b for b in scene.blocs if str(b.number) in scene.question.all(Kind.BLOC)]
    said = [b.assessment for b in named if b.assessment.stated] or [b.assessment for b in named]
    said = said or [scene.fiche.assessment]
    if missing := absent(said[0]):
        return missing
    ways = said[0].value or ()
    values: dict[str, object] = {
        "ways": ways,
        "blocs": named,
        "same_for_all": _same_everywhere(scene.blocs),
        "count": len(scene.blocs),
    }
    sections = tuple(_heading(b) for b in named) or (said[0].section,)
    choices = () if named else tuple(scene.bloc_choice(b, "assessment") for b in scene.blocs)
    where = "of_bloc" if named else "overall"
    for pattern, form in scene.question.vocabulary.assessment_forms:
        if scene.question.closed and pattern.search(scene.question.folded):
            cited = form.root in fold(" ".join(ways))
            if cited and scene.question.exclusive and len(ways) > 1:
                return Composed("not_only", values | {"form": form.name}, sections, choices)
            return Composed("cited" if cited else "not_cited", values | {"form": form.name}, sections, choices)
    if len(named) > 1:
        return Composed("of_blocs", values, sections, choices)
    return Composed(where, values, sections, choices)


def _same_everywhere(blocs: tuple[Bloc, ...]) -> tuple[str, ...] | None:
    """Return the ways of assessment that all blocs share, or None when they differ."""
    ways = {b.assessment.value for b in blocs}
    return ways.pop() if len(ways) == 1 else None


def all_blocs_required(scene: Scene) -> Composed:
    """Say how many blocs must be validated."""
    said = scene.fiche.acquisition
    if (missing := absent(said)) or said.value is None:
        return missing or Composed("not_given")
    required = said.value.blocs_required
    if required is None:
        return Composed("in_words", {"text": said.value.text}, (said.section,))
    values = {"required": required, "text": said.value.text, "all": required == len(scene.blocs)}
    supposed = _blocs_supposed(scene)
    if supposed and scene.question.closed and supposed < required:
        return Composed("corrected", values | {"supposed": supposed}, (said.section,))
    return Composed("stated", values, (said.section,))


def _blocs_supposed(scene: Scene) -> int | None:
    """Return how many blocs a question supposes enough; « faut-il le bloc 4 ? » supposes nothing."""
    counted = scene.question.first(Kind.COUNT)
    if counted is not None:
        return int(counted)
    named = scene.question.all(Kind.BLOC)
    return len(named) if named and not scene.question.obligation else None


def partial_blocs(scene: Scene) -> Composed:
    """Say that part of the blocs is not enough for the title."""
    said = scene.fiche.acquisition
    if (missing := absent(said)) or said.value is None:
        return missing or Composed("not_given")
    required = said.value.blocs_required
    if required is None:
        return Composed("in_words", {"text": said.value.text}, (said.section,), topic="all_blocs_required")
    values = {"required": required, "text": said.value.text, "section": said.section}
    supposed = _blocs_supposed(scene)
    if supposed and supposed >= required:
        return Composed("enough", values, (said.section,))
    said_of = scene.question.vocabulary.data
    one_by_one = scene.question.says(said_of.one_by_one) and not scene.question.says(said_of.the_title)
    return Composed("one_by_one" if one_by_one else "stated", values, (said.section,))
