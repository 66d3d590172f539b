"""Find in a message what it names: bloc, year, way of access, figure, certification, structure, acronym.

Each mention is resolved to the fiche: its value is the one that the domain logic uses.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from bot.answers.vocabulary import Vocabulary, alternatives
from bot.text.dates import partial_dates, years
from bot.text.folding import fold, fold_aligned, words
from referential.model import Fiche

_TITLE_PREFIX = 4
"""Letters by which a word of a bloc title is recognised: « encadrer », « encadrement »."""

_SHORT_ACRONYM = 2
"""Letters up to which an acronym counts only in capitals: « ai », « ei », « bo » are words too."""


class Kind(StrEnum):
    """What a mention names. The values are the entity names of the Rasa domain."""

    BLOC = "bloc"
    YEAR = "year"
    DAY = "day"
    ROUTE = "route"
    MEASURE = "measure"
    COMPARISON = "comparison"
    CERTIFICATION = "certification"
    LEVEL = "level"
    COUNT = "count"
    STRUCTURE = "structure"
    OTHER_STRUCTURE = "other_structure"
    OTHER_TITLE = "other_title_named"
    ACRONYM = "acronym"
    COMPETENCY = "competency"
    PAGE = "page"
    ACT = "act"
    """What a button of the self-positioning does: never found in a text."""


_DESCRIBED = re.compile(
    r"(?<!quel )(?<!quelle )(?<!kel )(?<![a-z])"
    r"(?:bl[ao]u?(?:c|k|que|q)|(?:la|cette|le|ce)\s(?:partie|module)|cel(?:ui|le)(?=.*blo))[\s:«\"]+"
    r"(?:(?:qui|ou|sur|de|du|d|des|concernant|consacre|pour|a propos|lie|avec|la|le|les|l)(?![a-z])[\s'«\"]*)*"
    r"([a-z][a-z' -]{3,60})"
)
"""What describes a bloc: « le bloc qui parle de… », « celui sur… »."""

_CARRIED = {Kind.BLOC, Kind.YEAR, Kind.ROUTE, Kind.MEASURE, Kind.STRUCTURE, Kind.OTHER_STRUCTURE, Kind.ACRONYM}
"""Kinds that a follow-up may carry alone."""


@dataclass(frozen=True)
class Mention:
    """One thing that a message names."""

    kind: Kind
    value: str
    start: int
    end: int


class MentionFinder:
    """Finds mentions; built once for a fiche and its vocabulary."""

    def __init__(
        self,
        fiche: Fiche,
        vocabulary: Vocabulary,
        glossary: tuple[str, ...] = (),
        bloc_words: Mapping[int, tuple[str, ...]] | None = None,
    ) -> None:
        self._bloc_words = {n: re.compile(f"(?<![a-z])(?:{'|'.join(w)})") for n, w in (bloc_words or {}).items()}
        self._fiche = fiche
        self._vocabulary = vocabulary
        self._acronyms = {a.acronym.lower(): a.acronym for a in fiche.acronyms.value or ()} | {
            acronym.lower(): acronym for acronym in glossary
        }

    @cached_property
    def _number(self) -> str:
        return rf"\d{{1,2}}|{_either(self._vocabulary.cardinals)}"

    @cached_property
    def _bloc_patterns(self) -> tuple[re.Pattern[str], ...]:
        number = self._number
        several = (
            rf"(?:{number})(?:(?:\s*(?:,|et|ou|&|/|-)\s*(?:(?:le|bloc|bc)\s*)*(?:{number})|\s+\d{{1,2}})(?![a-z0-9]))*"
        )
        bloc = r"blo(?:c|k|que|q)"
        label = rf"(?<![a-z]){bloc}s?\s*(?:de competences?\s*)?(?:n\s*[°o]?\.?|numero)?\s*"
        return (
            re.compile(rf"{label}(?!un par un)({several})(?![a-z0-9])"),
            re.compile(rf"(?<![a-z0-9])({_either(self._vocabulary.ordinals)})\s*{bloc}(?![a-z])"),
            re.compile(r"(?<![a-z])bc\s*0*(\d{1,2})(?!\d)"),
        )

    @cached_property
    def _structures(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """Names of the structures by their first two words: « régie(s) de quartier », « entreprise d'insertion »."""
        found = []
        for structure in self._fiche.sectors.value.structures if self._fiche.sectors.value else ():
            telling = [w for w in words(structure.name) if len(w) > 3][:2]
            between = r"[\s']*(?:(?:des?|d|et|du|l)[\s']*)*"
            names = [between.join(re.escape(w.rstrip("s")) + "s?" for w in telling)]
            if structure.acronym and len(structure.acronym) > _SHORT_ACRONYM:
                names.append(re.escape(structure.acronym.lower()) + "s?")
            found.append((structure.name, alternatives(names)))
        return tuple(found)

    @cached_property
    def _title_words(self) -> dict[str, set[int]]:
        owners: dict[str, set[int]] = {}
        for bloc in self._fiche.blocs.value or ():
            for word in words(bloc.title):
                if len(word) >= _TITLE_PREFIX:
                    owners.setdefault(word[:_TITLE_PREFIX], set()).add(bloc.number)
        return owners

    def find(self, text: str) -> tuple[Mention, ...]:
        """Return every mention of the text, in order; two mentions may overlap if their kinds differ."""
        folded = fold_aligned(text)
        certifications = list(self._certifications(folded))
        taken = [(m.start, m.end) for m in certifications]
        free = folded
        for start, end in taken:
            free = free[:start] + " " * (end - start) + free[end:]
        found = [
            *certifications,
            *self._blocs(free),
            *self._years(free),
            *self._routes(free),
            *self._figures(free),
            *self._counts(free),
            *self._structures_named(text, free),
            *self._acronyms_named(text, free),
        ]
        return tuple(sorted(dict.fromkeys(found), key=lambda m: (m.start, m.kind)))

    def number(self, said: str) -> int:
        """Return the value of a number in digits or letters."""
        if said.isdigit():
            return int(said)
        return self._vocabulary.cardinals.get(said) or self._vocabulary.ordinals[said]

    def is_elliptical(self, text: str, mentions: tuple[Mention, ...]) -> bool:
        """Whether a message says nothing but mentions: « et pour le bloc 3 ? »."""
        if not any(m.kind in _CARRIED for m in mentions):
            return False
        rest = fold_aligned(text)
        for mention in mentions:
            rest = rest[: mention.start] + " " * (mention.end - mention.start) + rest[mention.end :]
        return all(word in self._vocabulary.data.linking_words for word in words(rest))

    def bare_number(self, text: str) -> int | None:
        """Return the only number of a text, in digits or letters: « et le 4 ? »; None when there is none or several."""
        found = re.findall(
            rf"(?<![a-z0-9])(?:\d{{1,2}}|{_either(self._vocabulary.cardinals)}|{_either(self._vocabulary.ordinals)})(?![a-z0-9])",
            fold(text),
        )
        telling = [n for n in found if n not in ("un", "une")] or found
        return self.number(telling[0]) if len(telling) == 1 else None

    def _certifications(self, folded: str) -> Iterator[Mention]:
        own = self._fiche.code.removeprefix("RNCP")
        found: list[tuple[int, int]] = []
        for match in re.finditer(
            r"(?<![a-z])(?:rncp|fiche)\s*(?:n\s*[°o]?|:)?\s*(?:rncp)?\s*(\d{4,5})(?:\s*bc\s*0*(\d{1,2}))?(?!\d)", folded
        ):
            if match[1] != own:
                found.append(match.span())
                yield Mention(Kind.CERTIFICATION, f"RNCP{match[1]}", match.start(), match.end())
        for match in re.finditer(r"(?<![\d.,])(\d{5})(?:\s*bc\s*0*\d{1,2})?(?![\d.,])", folded):
            if any(start <= match.start() < end for start, end in found):
                continue
            if match[1] != own and match[1] in self._known_codes:
                yield Mention(Kind.CERTIFICATION, f"RNCP{match[1]}", match.start(), match.end())

        for code, pattern in self._known_labels:
            if named := pattern.search(folded):
                yield Mention(Kind.CERTIFICATION, code, named.start(), named.end())

    @cached_property
    def _known_labels(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """Other titles of the fiche by the first two telling words of their name: « moniteur d'atelier »."""
        return tuple(
            (c.other.code, re.compile(_label_pattern(c.other.label))) for c in self._fiche.correspondences.value or ()
        )

    @cached_property
    def _known_codes(self) -> set[str]:
        codes = [c.other.code for c in self._fiche.correspondences.value or ()]
        codes += [previous.code for previous in self._fiche.previous_fiches.value or ()]
        return {code.removeprefix("RNCP") for code in codes}

    def _blocs(self, folded: str) -> Iterator[Mention]:
        found = False
        for pattern in self._bloc_patterns:
            for match in pattern.finditer(folded):
                for number in re.findall(rf"{self._number}|{_either(self._vocabulary.ordinals)}", match[1]):
                    found = True
                    yield Mention(Kind.BLOC, str(self.number(number)), match.start(), match.end())
        blocs = self._fiche.blocs.value or ()
        if (last := re.search(r"dernier bloc", folded)) and blocs:
            found = True
            yield Mention(Kind.BLOC, str(max(b.number for b in blocs)), last.start(), last.end())
        if not found and (named := _DESCRIBED.search(folded)):
            number_named = self._bloc_by_title(named[1]) or self._bloc_by_description(named[1])
            if number_named is not None:
                yield Mention(Kind.BLOC, str(number_named), named.start(), named.end())

    def _bloc_by_description(self, described: str) -> int | None:
        """Return the bloc that « où on forme » or « production » describes."""
        counts = {number: len(set(roots.findall(described))) for number, roots in self._bloc_words.items()}
        best = sorted(counts.items(), key=lambda item: -item[1])
        return best[0][0] if best and best[0][1] and (len(best) == 1 or best[0][1] > best[1][1]) else None

    def _bloc_by_title(self, folded: str) -> int | None:
        scores: dict[int, float] = {}
        for word in dict.fromkeys(words(folded)):
            owners = self._title_words.get(word[:_TITLE_PREFIX], set()) if len(word) >= _TITLE_PREFIX else set()
            for number in owners:
                scores[number] = scores.get(number, 0) + 1 / len(owners)
        best = sorted(scores.items(), key=lambda item: -item[1])
        if not best or best[0][1] < 1 or (len(best) > 1 and best[0][1] == best[1][1]):
            return None
        return best[0][0]

    def _years(self, folded: str) -> Iterator[Mention]:
        for year, start, end in years(folded):
            yield Mention(Kind.YEAR, str(year), start, end)
        for day, start, end in partial_dates(folded):
            yield Mention(Kind.DAY, day.iso, start, end)

    def _routes(self, folded: str) -> Iterator[Mention]:
        for route, pattern in self._vocabulary.routes.items():
            for match in pattern.finditer(folded):
                yield Mention(Kind.ROUTE, route.value, match.start(), match.end())
        for pattern, routes in self._vocabulary.route_groups.items():
            for match in pattern.finditer(folded):
                for route in routes:
                    yield Mention(Kind.ROUTE, route.value, match.start(), match.end())

    def _figures(self, folded: str) -> Iterator[Mention]:
        for kind, patterns in (
            (Kind.MEASURE, self._vocabulary.measures),
            (Kind.COMPARISON, self._vocabulary.comparisons),
        ):
            for name, pattern in patterns.items():
                if match := pattern.search(folded):
                    yield Mention(kind, name, match.start(), match.end())

    def _counts(self, folded: str) -> Iterator[Mention]:
        counted = "|".join(self._vocabulary.data.counted)
        for match in re.finditer(rf"(?<![a-z0-9])({self._number})\s+(?:autres? )?(?:{counted})(?![a-z])", folded):
            yield Mention(Kind.COUNT, str(self.number(match[1])), match.start(), match.end())
        for match in re.finditer(rf"(?<![a-z])ni(?:veau|vo|v)\s*({self._number})(?![a-z0-9])", folded):
            yield Mention(Kind.LEVEL, str(self.number(match[1])), match.start(), match.end())

    def _structures_named(self, text: str, folded: str) -> Iterator[Mention]:
        for structure in self._fiche.sectors.value.structures if self._fiche.sectors.value else ():
            if structure.acronym and (match := re.search(rf"(?<!\w){re.escape(structure.acronym)}(?!\w)", text)):
                yield Mention(Kind.STRUCTURE, structure.name, match.start(), match.end())
        for name, pattern in self._structures:
            if match := pattern.search(folded):
                yield Mention(Kind.STRUCTURE, name, match.start(), match.end())
        for match in self._vocabulary.other_structures.finditer(folded):
            yield Mention(Kind.OTHER_STRUCTURE, match[0], match.start(), match.end())
        for match in self._vocabulary.other_titles.finditer(folded):
            if not self._vocabulary.owned_title.search(folded[: match.start()].rstrip()):
                yield Mention(Kind.OTHER_TITLE, match[0], match.start(), match.end())

    def _acronyms_named(self, text: str, folded: str) -> Iterator[Mention]:
        for match in re.finditer(r"(?<![a-z0-9])[a-z]{2,6}(?![a-z0-9])", folded):
            known = self._acronyms.get(match[0])
            written = text[match.start() : match.end()]
            # A short word is an acronym only in capitals: « ai » and « bo » are words too.
            if known and (len(match[0]) > _SHORT_ACRONYM or written.isupper()):
                yield Mention(Kind.ACRONYM, known, match.start(), match.end())
            elif not known and written.isupper() and len(written) > 2:
                yield Mention(Kind.ACRONYM, written, match.start(), match.end())


def _either(said: Iterable[str]) -> str:
    return "|".join(sorted(said, key=len, reverse=True))


def _label_pattern(label: str) -> str:
    telling = [re.escape(word) for word in words(label) if len(word) > 3][:2]
    return r"(?<![a-z])" + r"s?\s*(?:des?\s+|d['\s]?\s*)?".join(telling) + r"s?(?![a-z])"
