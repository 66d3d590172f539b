"""Find the competency that a sentence speaks of, by its words.

The index holds, for each competency, its official wording and the everyday phrasings of
``competency_phrasings.yml``. Words weigh by how few competencies use them (BM25).
"""

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import snowballstemmer
from pydantic import Field

from bot.text.folding import fold
from referential.model import Fiche, Frozen
from referential.yaml_files import DataError, load_model

_OFFICIAL = 3
"""A word of the official wording counts for so many phrasings."""
_K1 = 1.2
_B = 0.6
_OFFERED = 3
_CLOSE = 0.75
"""A competency is offered beside the best when its score reaches this share of it."""
_LEAST = 2.2
"""Score under which nothing is near (about one distinctive word)."""


class PhrasedCompetency(Frozen):
    """Everyday phrasings of one competency."""

    official_start: str
    phrasings: tuple[str, ...] = Field(min_length=1)


class PhrasingsFile(Frozen):
    """Shape of ``competency_phrasings.yml``."""

    fiche: str
    competencies: dict[str, PhrasedCompetency]


_stemmer = snowballstemmer.stemmer("french")


def stems(text: str, empty: frozenset[str]) -> list[str]:
    """Return the stems of the words that carry meaning, the empty ones left out."""
    kept = [w for w in fold(text).replace("'", " ").replace("-", " ").split() if w.strip('.,;:!?()«»"')]
    bare = [w.strip('.,;:!?()«»"…') for w in kept]
    return [_stemmer.stemWord(w) for w in bare if w and w not in empty and len(w) > 1]


@dataclass(frozen=True)
class CompetencyIndex:
    """BM25 over the competencies of a fiche."""

    ids: tuple[str, ...]
    counts: tuple[Counter[str], ...]
    lengths: tuple[float, ...]
    rarity: dict[str, float]
    empty: frozenset[str]

    def scores(self, text: str) -> list[tuple[str, float]]:
        """Return each competency with its score, the best first."""
        asked = list(dict.fromkeys(self._known(stem) for stem in stems(text, self.empty)))
        mean = sum(self.lengths) / max(len(self.lengths), 1)
        ranked = []
        for competency, count, length in zip(self.ids, self.counts, self.lengths, strict=True):
            norm = _K1 * (1 - _B + _B * length / mean)
            score = sum(self.rarity[s] * count[s] * (_K1 + 1) / (count[s] + norm) for s in asked if count[s])
            ranked.append((competency, score))
        return sorted(ranked, key=lambda pair: -pair[1])

    def _known(self, stem: str) -> str:
        """Return a stem that the index holds, its glued article dropped: « laccueil », « dequipe »."""
        return stem[1:] if stem not in self.rarity and stem[:1] in "ld" and stem[1:] in self.rarity else stem

    def shares_words(self, text: str, wording: str) -> bool:
        """Whether a text uses a telling word of an official wording."""
        return bool({self._known(stem) for stem in stems(text, self.empty)} & set(stems(wording, self.empty)))

    def search(self, text: str) -> list[str]:
        """Return up to three competencies near the text, the best first; none when nothing is near."""
        ranked = self.scores(text)
        best = ranked[0][1] if ranked else 0.0
        if best < _LEAST:
            return []
        return [competency for competency, score in ranked[:_OFFERED] if score >= best * _CLOSE]


def load_competency_index(fiche: Fiche, path: Path, empty: frozenset[str]) -> CompetencyIndex:
    """Build the index.

    Raises:
        DataError: the phrasings speak of a competency that the fiche does not have, or of another wording.
    """
    data = load_model(path, PhrasingsFile)
    known = {c.id: c for bloc in fiche.blocs.value or () for c in bloc.competencies}
    problems = []
    for competency_id, phrased in data.competencies.items():
        competency = known.get(competency_id)
        if data.fiche == fiche.code and competency is None:
            problems.append(f"{path}: {competency_id} : compétence absente de la fiche {fiche.code}")
        elif (
            data.fiche == fiche.code
            and competency
            and not fold(competency.wording).startswith(fold(phrased.official_start).rstrip(". …"))
        ):
            problems.append(f"{path}: {competency_id} : la fiche ne commence pas par « {phrased.official_start} »")
    if problems:
        raise DataError(problems)
    counts, lengths = [], []
    for competency_id, competency in known.items():
        everyday = data.competencies.get(competency_id) if data.fiche == fiche.code else None
        count = Counter({stem: n * _OFFICIAL for stem, n in Counter(stems(competency.wording, empty)).items()})
        for phrasing in everyday.phrasings if everyday else ():
            count.update(stems(phrasing, empty))
        counts.append(count)
        lengths.append(float(sum(count.values())))
    spread = Counter(stem for count in counts for stem in count)
    total = len(counts)
    rarity = {stem: math.log(1 + (total - n + 0.5) / (n + 0.5)) for stem, n in spread.items()}
    return CompetencyIndex(tuple(known), tuple(counts), tuple(lengths), rarity, empty)
