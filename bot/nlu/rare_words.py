"""The mean of the word vectors of a sentence in which the words that everybody uses count for little.

What sets a paraphrase apart is in its few telling words; in a plain mean « est-ce que j'apprendrai à » drowns them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np
from spacy.language import Language

from bot.nlu.linear_text import Floats
from bot.nlu.spacy_french import french_tokens, load_vectors


class RareWords:
    """Weights of words, learnt from sentences: a / (a + how often a word comes)."""

    def __init__(self, model: str, weights: Mapping[str, float]) -> None:
        """Keep the weights; a word that has none counts in full."""
        self._nlp: Language = load_vectors(model)
        self.weights = weights

    @classmethod
    def of(cls, model: str, texts: Sequence[str], halved: float) -> Self:
        """Learn how often words come.

        Args:
            model: spaCy model that has the vectors.
            texts: in plain French.
            halved: frequency at which a word counts for half.
        """
        nlp = load_vectors(model)
        counts = Counter(token for text in texts for token in set(french_tokens(nlp, text)))
        total = sum(counts.values())
        return cls(model, {token: halved / (halved + count / total) for token, count in counts.items()})

    def vector(self, text: str) -> Floats:
        """Return the weighted sum of the unit vectors of the words that have one."""
        mean = np.zeros(self._nlp.vocab.vectors_length, dtype=np.float32)
        for token in french_tokens(self._nlp, text):
            vector = self._nlp.vocab.get_vector(token)
            norm = float(np.linalg.norm(vector))
            if norm:
                mean += vector * np.float32(self.weights.get(token, 1.0) / norm)
        return mean
