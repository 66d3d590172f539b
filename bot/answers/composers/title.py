"""Topics of the title itself: what it is, level, nomenclatures, mission, activities."""

import re

from bot.answers.composers.scene import Composed, Scene, absent
from bot.answers.mentions import Kind
from bot.text.folding import words
from referential.model import Coded, Fact, State


def fact(scene: Scene) -> Composed:
    """Say one fact of the fiche as it is."""
    name = scene.topic.entry.fact
    if name is None:
        return Composed("stated")
    said: Fact[object] = getattr(scene.fiche, name)
    count = len(said.value) if isinstance(said.value, tuple) else None
    return absent(said) or Composed("stated", {"value": said.value}, (said.section,), count=count)


def title_overview(scene: Scene) -> Composed:
    """Say in a few lines what the title is."""
    fiche = scene.fiche
    known = [f for f in (fiche.level, fiche.certifiers, fiche.blocs, fiche.objectives) if f.stated]
    return Composed("stated", {}, tuple(f.section for f in known))


def level(scene: Scene) -> Composed:
    """Say the level; confirm or correct the one that the question supposes."""
    said = scene.fiche.level
    if (missing := absent(said)) or said.value is None:
        return missing or Composed("not_given")
    supposed = scene.question.first(Kind.LEVEL)
    values = {"level": said.value, "supposed": supposed}
    if supposed is not None and scene.question.closed:
        return Composed("confirmed" if int(supposed) == said.value.number else "corrected", values, (said.section,))
    about_school = scene.question.says(scene.question.vocabulary.data.school_levels)
    return Composed("without_school_level" if about_school else "stated", values, (said.section,))


def coded(scene: Scene) -> Composed:
    """Say the codes of a nomenclature (NSF, Formacode, ROME, earlier fiches)."""
    said: Fact[tuple[Coded, ...]] = getattr(scene.fiche, scene.topic.entry.fact or "")
    codes = tuple(c.code for c in said.value or ())
    return absent(said) or Composed("stated", {"codes": said.value}, (said.section,), codes=codes)


def framework_document(scene: Scene) -> Composed:
    """Say whether the fiche links to a description or to the whole framework."""
    link, document = scene.fiche.description_link, scene.fiche.framework_document
    given = [f for f in (link, document) if f.stated]
    if State.UNREADABLE in (link.state, document.state) and not given:
        unread = link if link.state is State.UNREADABLE else document
        return Composed("unreadable", {"section": unread.section}, (unread.section,))
    if not given:
        return Composed("not_given", {"sections": [link.section, document.section]}, (link.section, document.section))
    return Composed("stated", {"links": [f.value for f in given]}, tuple(f.section for f in given))


def certifier(scene: Scene) -> Composed:
    """Say who delivers the title; confirm or deny the body that a closed question names."""
    said = scene.fiche.certifiers
    if (missing := absent(said)) or said.value is None:
        return missing or Composed("not_given")
    values = {"certifiers": said.value}
    if scene.question.closed:
        own = {w for c in said.value for w in words(c.legal_name) if len(w) > 3}
        shared = own & set(words(scene.question.folded))
        if len(shared) * 2 >= len(own):
            return Composed("confirmed", values, (said.section,))
        if scene.question.vocabulary.other_bodies.search(scene.question.folded):
            return Composed("corrected", values, (said.section,))
    return Composed("stated", values, (said.section,))


def title_code(scene: Scene) -> Composed:
    """Say the code of the fiche; confirm it when a closed question gives it."""
    given = re.findall(r"\d{4,5}", scene.question.folded)
    if scene.question.closed and given:
        right = scene.fiche.code.removeprefix("RNCP") in given
        return Composed("checked", {"right": right})
    return Composed("stated")


def previous_fiche(scene: Scene) -> Composed:
    """Say which fiche this one replaces; confirm or deny the code that a closed question gives."""
    said = scene.fiche.previous_fiches
    if (missing := absent(said)) or said.value is None:
        return missing or Composed("not_given")
    given = scene.question.all(Kind.CERTIFICATION)
    if scene.question.closed and given:
        right = bool({c.code for c in said.value} & set(given))
        return Composed("checked", {"codes": said.value, "right": right}, (said.section,))
    return Composed("stated", {"codes": said.value}, (said.section,))


def certifier_siret(scene: Scene) -> Composed:
    """Say the SIRET of each certifier."""
    return _by_certifier(scene, "siret")


def certifier_website(scene: Scene) -> Composed:
    """Say the web site and the trade name of each certifier, or that the cells are empty."""
    certifiers = scene.fiche.certifiers
    if (missing := absent(certifiers)) or certifiers.value is None:
        return missing or Composed("not_given")
    first = certifiers.value[0]
    sections = (first.website.section, first.trade_name.section)
    if all(c.website.state is State.NOT_GIVEN and c.trade_name.state is State.NOT_GIVEN for c in certifiers.value):
        return Composed("empty", {"certifiers": certifiers.value}, sections)
    return Composed("stated", {"certifiers": certifiers.value}, sections)


def _by_certifier(scene: Scene, name: str) -> Composed:
    certifiers = scene.fiche.certifiers
    if (missing := absent(certifiers)) or certifiers.value is None:
        return missing or Composed("not_given")
    first: Fact[object] = getattr(certifiers.value[0], name)
    codes = tuple(str(getattr(c, name).value) for c in certifiers.value)
    return absent(first) or Composed("stated", {"certifiers": certifiers.value}, (first.section,), codes=codes)
