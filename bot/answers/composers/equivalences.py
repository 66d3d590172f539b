"""Correspondences with other titles."""

from bot.answers.composers.scene import Composed, Scene, absent
from bot.answers.mentions import Kind
from referential.model import Correspondence


def correspondences(scene: Scene) -> Composed:
    """Say which blocs correspond to which blocs of another title."""
    said = scene.fiche.correspondences
    if (missing := absent(said)) or said.value is None:
        return missing or Composed("not_given")
    codes = scene.question.all(Kind.CERTIFICATION)
    known = [c for c in said.value if c.other.code in codes]
    values = {"correspondences": known or said.value, "codes": codes}
    previous = [p for p in scene.fiche.previous_fiches.value or () if p.code in codes]
    if codes and not known:
        if previous:
            return Composed("previous", values | {"previous": previous[0]}, (scene.fiche.previous_fiches.section,))
        return Composed("unknown_code", values, (said.section,))
    numbers = scene.question.all(Kind.BLOC)
    blocs = [b for b in scene.blocs if str(b.number) in numbers]
    if len(blocs) == 1 and not _concerns(said.value, blocs[0].code):
        return Composed("bloc_outside", values | {"bloc": blocs[0]}, (said.section,))
    if scene.question.closed and "parti" in scene.question.folded:
        return Composed("is_partial", values, (said.section,))
    if scene.question.closed and scene.question.says(scene.question.vocabulary.data.whole):
        return Composed("not_whole", values, (said.section,))
    return Composed("stated", values, (said.section,))


def _concerns(correspondences: tuple[Correspondence, ...], code: str) -> bool:
    return any(code == bloc.code for c in correspondences for bloc in c.blocs)
