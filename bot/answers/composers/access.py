"""Topics of access: prerequisites, ways of access, juries, overseas territories."""

from dataclasses import replace

from bot.answers.composers.scene import Composed, Scene, absent
from bot.answers.mentions import Kind
from bot.messages import Choice
from referential.model import AccessRoute, Fact, Route, State


def _routes(scene: Scene) -> tuple[AccessRoute, ...]:
    return scene.fiche.access_routes.value or ()


def _named(scene: Scene) -> list[AccessRoute]:
    named = [scene.fiche.route(Route(value)) for value in scene.question.all(Kind.ROUTE)]
    return [route for route in named if route is not None]


def prerequisites(scene: Scene) -> Composed:
    """Say the three kinds of prerequisites together."""
    fiche = scene.fiche
    three = (fiche.entry_prerequisites, fiche.validation_prerequisites, fiche.bloc_prerequisites)
    silent = all(f.state is State.NOT_GIVEN for f in three[:2])
    values = {"entry": three[0], "validation": three[1], "blocs": three[2]}
    return Composed("silent" if silent else "stated", values, tuple(f.section for f in three))


def bloc_prerequisites(scene: Scene) -> Composed:
    """Say whether blocs have prerequisites of their own."""
    said = scene.fiche.bloc_prerequisites
    return Composed(str(said.state), {"value": said.value, "section": said.section}, (said.section,))


def access_routes(scene: Scene) -> Composed:
    """List the ways of access, open and closed."""
    if missing := absent(scene.fiche.access_routes):
        return missing
    if _named(scene):
        composed = access_route(scene)
        return replace(composed, topic="access_route")
    values = {
        "open": [r for r in _routes(scene) if r.open.stated],
        "closed": [r for r in _routes(scene) if r.open.state is State.STATED_NO],
        "unknown": [r for r in _routes(scene) if r.open.state not in (State.STATED, State.STATED_NO)],
    }
    choices = (Choice("Le jury", "jury"), Choice("Par expérience (VAE)", "access_route", ((Kind.ROUTE, Route.VAE),)))
    return Composed("stated", values, (scene.fiche.access_routes.section,), choices, count=len(values["open"]))


def access_route(scene: Scene) -> Composed:
    """Say whether one way of access is open."""
    if missing := absent(scene.fiche.access_routes):
        return missing
    named = _named(scene)
    if not named:
        composed = access_routes(scene)
        return replace(composed, topic="access_routes")
    return _about(scene, named)


def vae(scene: Scene) -> Composed:
    """Say whether the title can be had by experience."""
    route = scene.fiche.route(Route.VAE)
    if (missing := absent(scene.fiche.access_routes)) or route is None:
        return missing or Composed("not_given", {"section": scene.fiche.access_routes.section})
    return _about(scene, [route])


def _about(scene: Scene, named: list[AccessRoute]) -> Composed:
    section = scene.fiche.access_routes.section
    if len(named) > 1:
        return Composed("several", {"routes": named}, (section,), topic="access_route")
    route = named[0]
    values = {"route": route, "jury": route.jury.value or ()}
    variant = {State.STATED: "open", State.STATED_NO: "closed"}.get(route.open.state, "unknown_route")
    return Composed(variant, values, (section,), topic="access_route")


def jury(scene: Scene) -> Composed:
    """Say who sits on the jury, for one way of access or for all those that are open."""
    named = _named(scene) or [r for r in _routes(scene) if r.jury.stated]
    if missing := absent(scene.fiche.access_routes):
        return missing
    with_jury = [r for r in named if r.jury.stated]
    section = (named[0] if named else _routes(scene)[0]).jury.section
    if not with_jury:
        return Composed("none", {"routes": named, "state": (named or list(_routes(scene)))[0].jury.state}, (section,))
    compositions = {r.jury.value for r in with_jury}
    values = {
        "routes": with_jury,
        "members": with_jury[0].jury.value,
        "closed": [r for r in named if not r.jury.stated],
    }
    same = len(compositions) == 1
    count = len(with_jury[0].jury.value or ()) if same else None
    return Composed("same" if same else "by_route", values, (section,), count=count)


def jury_date(scene: Scene) -> Composed:
    """Say when the ways of access were last modified."""
    if missing := absent(scene.fiche.access_routes):
        return missing
    named = _named(scene) or list(_routes(scene))
    dated = [r for r in named if r.last_modified.stated]
    section = named[0].last_modified.section
    if not dated:
        return Composed("none", {"routes": named, "state": named[0].last_modified.state}, (section,))
    days = {r.last_modified.value for r in dated}
    values = {"routes": dated, "day": dated[0].last_modified.value}
    if len(days) > 1:
        return Composed("by_route", values, (section,))
    return Composed("same", values, (section,), day=dated[0].last_modified.value)


def overseas(scene: Scene) -> Composed:
    """Say what is known of Nouvelle-Calédonie and Polynésie française."""
    both: tuple[Fact[bool], ...] = (scene.fiche.new_caledonia, scene.fiche.french_polynesia)
    if "caledonie" in scene.question.folded and "polynesie" not in scene.question.folded:
        both = both[:1]
    elif "polynesie" in scene.question.folded and "caledonie" not in scene.question.folded:
        both = both[1:]
    sections = tuple(f.section for f in both)
    if all(f.state is State.UNREADABLE for f in both):
        return Composed("unreadable", {"sections": sections}, sections)
    return Composed("stated", {"facts": both}, sections)
