"""Find the competency that a sentence speaks of, by its words.

The index holds, for each competency, its official wording and the everyday phrasings of
``competency_phrasings.yml``. Words weigh by how few competencies use them (BM25).
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
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


class PhrasedCompetency(Frozen):
    """Everyday phrasings of one competency."""

    official_start: str
    phrasings: tuple[str, ...] = Field(min_length=1)
    scenes: tuple[str, ...] = ()
    """Phrasings that tell competencies apart by meaning; they do not show that one is asked for."""


class PhrasingsFile(Frozen):
    """Shape of ``competency_phrasings.yml``."""

    fiche: str
    blocs: dict[str, tuple[str, ...]]
    """Roots of the words by which people mean a bloc, by the end of its code."""
    competencies: dict[str, PhrasedCompetency]


_stemmer = snowballstemmer.stemmer("french")


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    """Return the stem of a word, found once: the phrasings repeat their words four times over."""
    return str(_stemmer.stemWord(word))


def _phrasings_file(path: Path) -> PhrasingsFile:
    """Read the phrasings, once a version of the file: three parts of the program need them when it starts."""
    return _read_phrasings(path, path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(maxsize=4)
def _read_phrasings(path: Path, _version: int) -> PhrasingsFile:
    return load_model(path, PhrasingsFile)


def stems(text: str, empty: frozenset[str]) -> list[str]:
    """Return the stems of the words that carry meaning, the empty ones left out."""
    kept = [w for w in fold(text).replace("'", " ").replace("-", " ").split() if w.strip('.,;:!?()«»"')]
    bare = [w.strip('.,;:!?()«»"…') for w in kept]
    return [_stem(w) for w in bare if w and w not in empty and len(w) > 1]


class SearchLimits(Frozen):
    """What counts as near, in ``_common.yml``; chosen on evaluation/tuning."""

    words: float
    """Weight of a point of score by words beside the logarithm of a probability by meaning."""
    least_words: float
    """Score by words from which something is near: about one distinctive word."""
    least_meaning: float
    """Probability by meaning from which something is near, in percent."""
    heard: float
    """Probability of a question on competencies from which a message put aside is one, in percent."""
    heard_unknown: float
    """The same for a message that no topic claims, in percent."""
    doubt: float
    """Probability of the best under which all that may be offered is offered, in percent."""
    close: float
    """Share of the best probability from which another is offered beside it."""
    offered: int
    """Competencies at most."""


@dataclass(frozen=True)
class CompetencyIndex:
    """BM25 over the competencies of a fiche."""

    ids: tuple[str, ...]
    counts: tuple[Counter[str], ...]
    lengths: tuple[float, ...]
    rarity: dict[str, float]
    empty: frozenset[str]
    limits: SearchLimits

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

    def search(self, text: str, ranking: Sequence[tuple[str, float]] = ()) -> list[str]:
        """Return the competencies near a text, the best first; none when nothing is near.

        Args:
            text: what was asked.
            ranking: competencies with their probability by meaning, the best first; none when it is not known.
        """
        by_words, limits = self.scores(text), self.limits
        if not by_words:
            return []
        likely = dict(ranking)
        least = min(likely.values(), default=1.0) / 2
        evidence = {c: math.log(max(likely.get(c, least), 1e-9)) + limits.words * score for c, score in by_words}
        total = sum(math.exp(e) for e in evidence.values())
        ranked = sorted(((math.exp(e) / total, c) for c, e in evidence.items()), key=lambda pair: -pair[0])
        near = by_words[0][1] >= limits.least_words or (ranking and 100 * ranking[0][1] >= limits.least_meaning)
        if not near:
            return []
        best = ranked[0][0]
        return [c for p, c in ranked[: limits.offered] if 100 * best < limits.doubt or p >= best * limits.close]


def wording_clauses(wording: str) -> list[str]:
    """Return an official wording, whole and cut at its commas and semicolons: people name one thing at a time."""
    clauses = [clause.strip(" .") for clause in re.split(r"[,;]| afin d[e'’]| en vue d[e'’]", wording)]
    return list(dict.fromkeys([wording, *(clause for clause in clauses if len(clause.split()) > 2)]))


def load_phrasings(fiche: Fiche, path: Path, *, scenes: bool = True) -> dict[str, tuple[str, ...]]:
    """Return the everyday phrasings of each competency of a fiche; none when the file is about another fiche.

    Args:
        fiche: whose competencies they are.
        path: the file.
        scenes: whether the scenes are phrasings too.

    Raises:
        DataError: the phrasings speak of a competency that the fiche does not have, or of another wording.
    """
    data = _phrasings_file(path)
    if data.fiche != fiche.code:
        return {}
    known = {c.id: c for bloc in fiche.blocs.value or () for c in bloc.competencies}
    problems = []
    for competency_id, phrased in data.competencies.items():
        competency = known.get(competency_id)
        if competency is None:
            problems.append(f"{path}: {competency_id} : compétence absente de la fiche {fiche.code}")
        elif not fold(competency.wording).startswith(fold(phrased.official_start).rstrip(". …")):
            problems.append(f"{path}: {competency_id} : la fiche ne commence pas par « {phrased.official_start} »")
    if problems:
        raise DataError(problems)
    return {
        competency_id: phrased.phrasings + (phrased.scenes if scenes else ())
        for competency_id, phrased in data.competencies.items()
    }


def load_bloc_words(fiche: Fiche, path: Path) -> dict[int, tuple[str, ...]]:
    """Return the words by which people mean each bloc; none when the file is about another fiche."""
    data = _phrasings_file(path)
    return (
        {b.number: data.blocs.get(b.code[-4:], ()) for b in fiche.blocs.value or ()} if data.fiche == fiche.code else {}
    )


def load_competency_index(fiche: Fiche, path: Path, empty: frozenset[str], limits: SearchLimits) -> CompetencyIndex:
    """Build the index.

    Raises:
        DataError: see :func:`load_phrasings`.
    """
    everyday = load_phrasings(fiche, path, scenes=False)
    known = {c.id: c for bloc in fiche.blocs.value or () for c in bloc.competencies}
    counts, lengths = [], []
    for competency_id, competency in known.items():
        count = Counter({stem: n * _OFFICIAL for stem, n in Counter(stems(competency.wording, empty)).items()})
        for phrasing in everyday.get(competency_id, ()):
            count.update(stems(phrasing, empty))
        counts.append(count)
        lengths.append(float(sum(count.values())))
    spread = Counter(stem for count in counts for stem in count)
    total = len(counts)
    rarity = {stem: math.log(1 + (total - n + 0.5) / (n + 0.5)) for stem, n in spread.items()}
    return CompetencyIndex(tuple(known), tuple(counts), tuple(lengths), rarity, empty, limits)
