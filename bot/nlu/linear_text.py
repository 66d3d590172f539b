"""Linear one-against-all scores of a text: sentence vectors, character n-grams and words together.

Rasa's ``LogisticRegressionClassifier`` rebuilds sparse matrices token by token for each message;
this one counts n-grams itself, once, and reads only the rows of the matrix that the message has.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from bot.text.folding import fold

Floats = NDArray[np.float32]

_FAMILIES: Mapping[str, Mapping[str, Any]] = {
    "characters": {"analyzer": "char_wb", "ngram_range": (2, 5), "min_df": 2},
    "words": {"token_pattern": r"[a-z0-9]+", "ngram_range": (1, 2)},
}


def _vectorizer(family: str) -> TfidfVectorizer:
    return TfidfVectorizer(preprocessor=fold, sublinear_tf=True, dtype=np.float32, **_FAMILIES[family])


@dataclass(frozen=True)
class FittedTerms:
    """What a fitted vectorizer knows."""

    analyze: Callable[[str], list[str]]
    columns: Mapping[str, int]
    idf: Floats
    weight: np.float32

    @classmethod
    def of(cls, family: str, terms: Sequence[str], idf: Floats, weight: float) -> Self:
        """Put together the terms of a family, in the order of their columns, with their weights."""
        columns = {term: i for i, term in enumerate(terms)}
        return cls(_vectorizer(family).build_analyzer(), columns, idf.astype(np.float32), np.float32(weight))

    def count(self, text: str) -> tuple[NDArray[np.int64], Floats]:
        """Return what the vectorizer would, as columns and values: its checks take four times as long."""
        counts = Counter(column for term in self.analyze(text) if (column := self.columns.get(term)) is not None)
        columns = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        values = (np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts))) + 1) * self.idf[columns]
        norm = float(np.linalg.norm(values)) or 1.0
        return columns, (values * (self.weight / np.float32(norm))).astype(np.float32)


@dataclass(frozen=True)
class LinearText:
    """A trained model."""

    labels: tuple[str, ...]
    coefficients: Floats
    """One row a feature, so that the rows of the n-grams of a message lie together in memory."""
    intercepts: Floats
    families: tuple[FittedTerms, ...]

    @classmethod
    def fit(
        cls, dense: Floats, texts: Sequence[str], labels: Sequence[str], weights: Mapping[str, float], c: float
    ) -> Self:
        """Learn.

        Args:
            dense: one row a text, already weighted.
            texts: in plain French.
            labels: one a text.
            weights: of the families ``characters`` and ``words``.
            c: inverse of the regularisation.
        """
        vectorizers = {family: _vectorizer(family) for family in _FAMILIES}
        counted = [vectorizer.fit_transform(texts) * weights[family] for family, vectorizer in vectorizers.items()]
        features = hstack([csr_matrix(dense), *counted]).tocsr()
        model = LinearSVC(C=c, class_weight="balanced", random_state=0).fit(features, labels)
        families = tuple(
            FittedTerms.of(
                family,
                sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__),
                vectorizer.idf_,
                weights[family],
            )
            for family, vectorizer in vectorizers.items()
        )
        coefficients = np.ascontiguousarray(model.coef_.T, dtype=np.float32)
        return cls(tuple(map(str, model.classes_)), coefficients, model.intercept_.astype(np.float32), families)

    def save(self, folder: Path) -> None:
        """Write the model as arrays and JSON: nothing that runs code when it is read."""
        described = {
            "labels": self.labels,
            "families": [
                {"terms": list(terms.columns), "weight": float(terms.weight), "family": family}
                for family, terms in zip(_FAMILIES, self.families, strict=True)
            ],
        }
        (folder / "described.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
        idf = {family: terms.idf for family, terms in zip(_FAMILIES, self.families, strict=True)}
        np.savez(folder / "arrays.npz", coefficients=self.coefficients, intercepts=self.intercepts, **idf)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a model."""
        described = json.loads((folder / "described.json").read_text(encoding="utf-8"))
        with np.load(folder / "arrays.npz") as arrays:
            families = tuple(
                FittedTerms.of(f["family"], f["terms"], arrays[f["family"]], f["weight"]) for f in described["families"]
            )
            return cls(tuple(described["labels"]), arrays["coefficients"], arrays["intercepts"], families)

    def knows(self, text: str) -> bool:
        """Whether a text holds a word of the training texts: nothing can be said of « zxcvb qwrtp »."""
        return any(word in self.families[-1].columns for word in self.families[-1].analyze(text))

    def scores(self, dense: Floats, text: str) -> Floats:
        """Return the margin of each label."""
        start = dense.size
        scores: Floats = dense @ self.coefficients[:start] + self.intercepts
        for terms in self.families:
            columns, values = terms.count(text)
            scores = scores + values @ self.coefficients[start + columns]
            start += len(terms.columns)
        return scores


def probabilities(scores: Floats, temperature: float) -> Floats:
    """Turn margins into probabilities; the lower the temperature, the surer."""
    exponentials: Floats = np.exp((scores - scores.max()) / temperature)
    return exponentials / exponentials.sum()
