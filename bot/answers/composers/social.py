"""Silent topics, small talk, and what to say when nothing was understood."""

from bot.answers.composers.scene import Composed, Scene
from bot.answers.mentions import Kind


def silent(scene: Scene) -> Composed:
    """Say that the fiche is silent, what the team adds, and whom to ask."""
    return Composed("stated", {"certifiers": scene.fiche.certifiers.value or ()}, complement_of=scene.topic.name)


def plain(scene: Scene) -> Composed:
    """Say the topic's only text."""
    return Composed("stated")


def other_title(scene: Scene) -> Composed:
    """Say that other titles are not known here."""
    codes = scene.question.all(Kind.CERTIFICATION)
    return Composed("unknown_code" if codes else "stated", {"codes": codes})


def distress(scene: Scene) -> Composed:
    """Give the help line that fits what was said; all of them when it is unclear."""
    for kind, pattern in scene.question.vocabulary.distress.items():
        if pattern.search(scene.question.folded):
            return Composed(kind)
    return Composed("unclear")


def privacy(scene: Scene) -> Composed:
    """Say what is kept of what people write: it depends on the settings of the server."""
    return Composed("kept_for_review", {"days": scene.review_days}) if scene.review_days else Composed("nothing_kept")


def help_menu(scene: Scene) -> Composed:
    """Say what the assistant can do."""
    return Composed("stated", {"blocs": scene.blocs})
