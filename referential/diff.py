"""Say in French what changed from one fiche to another.

The walk is generic: it follows the model, so a field added to the model is compared without a word here. Only
names of plain fields and of items of lists are written down.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel

from referential.french_dates import french_date
from referential.model import (
    AccessRoute,
    Acronym,
    Bloc,
    Certifier,
    Coded,
    Competency,
    Correspondence,
    Fact,
    Fiche,
    LegalText,
    State,
    Structure,
    YearStatistics,
)


def diff(old: Fiche, new: Fiche) -> list[str]:
    """Return one sentence a change, in the order of the fiche; nothing when the facts are the same."""
    # The headings of a table stand on each of its rows: a renamed one is said once.
    return list(dict.fromkeys(_changed_model("", old, new)))


_NAMES = {
    "abbreviation": "sigle du titre",
    "acronym": "sigle",
    "blocs": "blocs concernés",
    "blocs_operator": "combinaison des blocs",
    "blocs_required": "nombre de blocs exigés",
    "code": "code",
    "expansion": "signification",
    "file": "fichier",
    "id": "identifiant",
    "key": "voie",
    "label": "intitulé",
    "legal_name": "nom légal",
    "licence": "licence",
    "name": "nom",
    "number": "numéro",
    "open": "ouverture",
    "other": "titre reconnu",
    "other_blocs": "blocs reconnus",
    "other_blocs_operator": "combinaison des blocs reconnus",
    "published": "date de publication",
    "publisher": "éditeur",
    "quote": "passage cité",
    "reference": "référence",
    "retrieved": "date de la copie",
    "source": "source",
    "structures": "structures",
    "text": "texte",
    "title": "intitulé",
    "wording": "libellé",
    "year": "année",
}
"""Plain fields. A :class:`Fact` goes by its heading instead, unless it is named here."""
_SKIPPED = {"format", "sha256"}
"""They say nothing of the title."""


@dataclass(frozen=True)
class _Kind:
    """How items of a list are named and recognised from one fiche to the other."""

    name: Callable[[Any], str]
    keys: tuple[Callable[[Any], object], ...]
    """Tried in turn: what the first does not pair, the next may."""
    added: str = "ajouté"
    removed: str = "retiré"
    detail: Callable[[Any], str] | None = None
    article: str | None = None
    """With its verb the item is said within its owner: « Bloc 2 : la compétence … est ajoutée »."""


_KINDS: Mapping[type, _Kind] = {
    Bloc: _Kind(lambda b: f"Bloc {b.number}", (lambda b: b.number,), detail=lambda b: b.title),
    # By wording first: one more competency at the top shifts all the identifiers that follow.
    Competency: _Kind(
        lambda c: f"compétence {c.id}",
        (lambda c: c.wording, lambda c: c.id),
        "ajoutée",
        "retirée",
        lambda c: c.wording,
        article="la ",
    ),
    YearStatistics: _Kind(lambda s: f"Statistiques {s.year}", (lambda s: s.year,), "ajoutées", "retirées"),
    AccessRoute: _Kind(lambda r: f"Voie « {r.label} »", (lambda r: r.key,), "ajoutée", "retirée"),
    Certifier: _Kind(lambda c: f"Certificateur {c.legal_name}", (lambda c: c.legal_name,)),
    Acronym: _Kind(lambda a: f"Sigle {a.acronym}", (lambda a: a.acronym,)),
    Correspondence: _Kind(
        lambda c: f"Correspondance avec {c.other.code}",
        (lambda c: (c.other.code, tuple(b.code for b in c.blocs)), lambda c: c.other.code),
        "ajoutée",
        "retirée",
        lambda c: c.other.label,
    ),
    Coded: _Kind(lambda c: c.code, (lambda c: c.code,), detail=lambda c: c.label, article=""),
    Structure: _Kind(lambda s: f"structure « {s.name} »", (lambda s: s.name,), "ajoutée", "retirée", article="la "),
    LegalText: _Kind(lambda t: f"texte « {t.reference} »", (lambda t: t.reference,), article="le "),
}
_OTHER_KIND = _Kind(lambda item: _said(item), (lambda item: item,), article="")  # noqa: PLW0108  defined below
"""Plain texts, and items of a type that the table does not know."""


def _changed_model(prefix: str, old: BaseModel, new: BaseModel) -> Iterator[str]:
    for field in type(old).model_fields:
        if field not in _SKIPPED:
            yield from _changed(prefix, field, getattr(old, field), getattr(new, field))


def _changed(prefix: str, field: str, old: Any, new: Any) -> Iterator[str]:
    """Yield the changes of one field."""
    if old == new:
        return
    if isinstance(old, Fact):
        yield from _changed_fact(prefix, _NAMES.get(field) if prefix else None, old, new)
        return
    yield from _changed_value(_joined(prefix, _NAMES.get(field, field)), prefix, old, new)


def _changed_fact(prefix: str, name: str | None, old: Fact[Any], new: Fact[Any]) -> Iterator[str]:
    label = _joined(prefix, name or new.section)
    if old.section != new.section:
        renamed = f"{label}, rubrique" if name else "Rubrique"
        yield f"{renamed} « {old.section} » : s'appelle maintenant « {new.section} »"
    if old.state is not new.state:
        yield f"{label} : {_before(old)}, {_after(new)}"
    elif old.value != new.value:
        yield from _changed_value(label, prefix, old.value, new.value)


def _changed_value(label: str, owner: str, old: Any, new: Any) -> Iterator[str]:
    if isinstance(old, tuple) and isinstance(new, tuple):
        yield from _changed_items(label, owner, old, new)
    elif isinstance(old, BaseModel) and isinstance(new, BaseModel):
        yield from _changed_model(label, old, new)
    else:
        yield f"{_capitalised(label)} : {_said(old)} devient {_said(new)}"


def _changed_items(label: str, owner: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[str]:
    """Yield the items changed, removed, added, and a change in their order.

    Args:
        label: name of the list.
        owner: name of what holds it, for the items that are named without their list (« Bloc 2 »).
        old: items before.
        new: items after.
    """
    kind = _KINDS.get(type((*old, *new)[0]), _OTHER_KIND)
    # A competency is said of its bloc, a bloc of nothing; a code is said of its list.
    prefix = owner if kind.article is None or kind is _KINDS[Competency] else label
    pairs = _paired(kind, old, new)
    for before, after in pairs:
        if isinstance(before, BaseModel) and before != after:
            yield from _changed_model(_joined(prefix, kind.name(before)), before, after)
    kept_old, kept_new = [before for before, _ in pairs], [after for _, after in pairs]
    for item in _left(old, kept_old):
        yield _came_or_went(kind, prefix, item, kind.removed)
    for item in _left(new, kept_new):
        yield _came_or_went(kind, prefix, item, kind.added)
    ranks = [next(i for i, item in enumerate(new) if item is after) for after in kept_new]
    if ranks != sorted(ranks):
        yield f"{_capitalised(label)} : l'ordre change"


def _paired(kind: _Kind, old: Sequence[Any], new: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Return the items of both sides that are the same one, in the order of the old side."""
    matches: dict[int, Any] = {}
    for key in kind.keys:
        free = [item for item in new if not any(item is taken for taken in matches.values())]
        for rank, item in enumerate(old):
            match = next((other for other in free if key(other) == key(item)), None)
            if rank not in matches and match is not None:
                matches[rank] = match
                free = [other for other in free if other is not match]
    return [(old[rank], matches[rank]) for rank in sorted(matches)]


def _left(items: Sequence[Any], paired: Sequence[Any]) -> list[Any]:
    return [item for item in items if not any(item is one for one in paired)]


def _came_or_went(kind: _Kind, prefix: str, item: Any, what: str) -> str:
    detail = f" : « {kind.detail(item)} »" if kind.detail else ""
    if kind.article is None:
        return f"{_joined(prefix, kind.name(item))} : {what}{detail}"
    return f"{_capitalised(prefix)} : {kind.article}{kind.name(item)} est {what}{detail}"


# --- Words ----------------------------------------------------------------------------------------


def _before(fact: Fact[Any]) -> str:
    return {
        State.STATED: f"était {_said(fact.value)}",
        State.STATED_NO: "était « non »",
        State.NOT_GIVEN: "n'était pas donné",
        State.UNREADABLE: "était illisible",
    }[fact.state]


def _after(fact: Fact[Any]) -> str:
    return {
        State.STATED: f"est maintenant {_said(fact.value)}",
        State.STATED_NO: "est maintenant « non »",
        State.NOT_GIVEN: "n'est plus donné",
        State.UNREADABLE: "est maintenant illisible",
    }[fact.state]


def _said(value: Any) -> str:
    """Say a value in French."""
    if value is None:
        return "rien"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return french_date(value)
    if isinstance(value, tuple):
        return " ; ".join(_said(item) for item in value) or "une liste vide"
    if isinstance(value, Fact):
        return _said(value.value)
    if isinstance(value, Coded):
        return f"« {value.code} - {value.label} »"
    if type(value) in _KINDS:
        return _KINDS[type(value)].name(value)
    if isinstance(value, BaseModel):
        return ", ".join(_said(getattr(value, field)) for field in type(value).model_fields)
    return f"« {value} »" if isinstance(value, str) else str(value)


def _joined(prefix: str, name: str) -> str:
    return f"{prefix}, {name}" if prefix else _capitalised(name)


def _capitalised(label: str) -> str:
    return label[:1].upper() + label[1:]
