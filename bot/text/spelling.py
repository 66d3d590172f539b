"""Plain French behind what people type: abbreviations, spelling by ear, missing accents, glued words.

The rules know sounds and shapes; the words themselves come from data (``referential/spelling.yml``,
a lexicon, the sentences that the assistant was taught).
"""

import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import field_validator

from bot.text.folding import fold
from referential.model import Frozen
from referential.yaml_files import load_model

_WORD = re.compile(r"(?<![/\w])[^\W_]+")
"""A word; what follows a slash (« /back ») is a command and not French."""
_VOWEL = re.compile("[aeiouy]")
_SPACES = re.compile(r"\s+")
_GLUED = re.compile(r"(?:jusqu|lorsqu|puisqu|qu|[jlmtdnsc])(?=[aeiouyh])")
"""An elided word whose apostrophe was left out: « dinsertion », « lenregistrement »."""

_SHORT = 4
"""Letters under which an unknown word is left as it is: too many words sound like it."""

# Sounds of French by their spellings, applied in order. Capitals and digits stand for sounds of several letters.
_SOUNDS = tuple(
    (re.compile(spelling), sound)
    for spelling, sound in (
        (r"[^a-z]", ""),
        (r"ph", "f"),
        (r"x|cc(?=[eiy])", "ks"),
        (r"sch|ch", "S"),
        (r"gn", "N"),
        (r"eau|aux?|ault|ot$", "o"),
        (r"qu|ck|q|c(?![eiyh])", "k"),
        (r"ge(?=[ao])|g(?=[eiy])", "j"),
        (r"gu(?=[eiy])", "g"),
        (r"ss|sc(?=[eiy])|c(?=[eiy])|t(?=i(?:on|el|al|eu))|z", "s"),
        (r"oin|oein", "w1"),
        (r"oi[estx]?|oy", "wa"),
        (r"ien", "i1"),
        (r"(?:ain|ein|in|im|yn|ym|un|um)(?![aeiouynm])", "1"),
        (r"(?:an|am|en|em|aon)(?![aeiouynm])", "2"),
        (r"(?:on|om)(?![aeiouynm])", "3"),
        (r"s[iy]3", "s3"),
        (r"ou|w(?!a|1)", "u"),
        (r"oeu|eu", "E"),
        (r"(?:er|ez|ees?|es|et|ait|ais|aient|ai|ei|ay|ey)$", "e"),
        (r"ai|ei|ay|ey", "e"),
        (r"y", "i"),
        (r"h", ""),
        (r"(.)\1+", r"\1"),
        (r"[tdspx]+$", ""),
        (r"e$", ""),
        (r"[tdsp]+$", ""),
    )
)


def sound(word: str) -> str:
    """Return how a folded French word sounds, roughly: « bezoin » and « besoin » give the same."""
    for spelling, heard in _SOUNDS:
        word = spelling.sub(heard, word)
    return word


@dataclass(frozen=True)
class Spelling:
    """Rewrites a message in plain French, word by word; what it does not know stays as it was typed."""

    phrases: Mapping[str, str]
    """What an expression of several words stands for, and the regular expression of its variants, lower-cased."""
    variants: Mapping[str, str]
    """Lower-cased words as people write them, and what they stand for."""
    lexicon: Container[str]
    """Folded French words: these are never corrected."""
    usual: Mapping[str, str]
    """Folded words of the trade, with their usual accents."""
    by_sound: Mapping[str, str]
    """The same words by their sound."""

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        return tuple((re.compile(rf"(?<!\w)(?:{said})(?!\w)"), f" {means} ") for means, said in self.phrases.items())

    def plain(self, text: str) -> str:
        """Return the text in plain French, lower-cased; punctuation that ends sentences is kept."""
        lowered = text.lower().replace("’", "'")
        for said, means in self._patterns:
            lowered = said.sub(means, lowered)
        return _SPACES.sub(" ", _WORD.sub(lambda typed: self.word(typed[0]), lowered)).strip()

    def word(self, typed: str) -> str:
        """Return the plain form of one lower-cased word."""
        if known := self.variants.get(typed):
            return known
        folded = fold(typed)
        if (accented := self.usual.get(folded)) is not None:
            return accented if folded == typed else typed
        if known := self.variants.get(folded):
            return known
        if len(folded) < _SHORT or not folded.isalpha() or folded in self.lexicon:
            return typed
        return self._guessed(folded) or self._unglued(folded) or typed

    def _guessed(self, folded: str) -> str | None:
        heard = sound(folded)
        return self.by_sound.get(heard) if len(heard) > 2 and _VOWEL.search(folded) else None

    def _unglued(self, folded: str) -> str | None:
        """Return « d' » and « insertion » for « dinsertion »."""
        if not (glued := _GLUED.match(folded)):
            return None
        rest = folded[glued.end() :]
        word = self.usual.get(rest) or (rest if rest in self.lexicon else self._guessed(rest))
        return f"{glued[0]}'{word}" if word and len(rest) > 2 else None


def usual_words(
    lexicon: Container[str], texts: Iterable[str], left_out: Container[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the words of the texts that are French, by folded form and by sound, the most frequent first."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(token for token in _WORD.findall(text.lower()) if token.isalpha() and token not in left_out)
    usual: dict[str, str] = {}
    by_sound: dict[str, str] = {}
    for word, count in counts.most_common():
        folded = fold(word)
        if folded not in lexicon:
            continue
        usual.setdefault(folded, word)
        heard = sound(folded)
        if len(folded) >= _SHORT and len(heard) > 2 and count > 1:
            by_sound.setdefault(heard, word)
    return usual, by_sound


class SpellingFile(Frozen):
    """Shape of ``spelling.yml``."""

    phrases: dict[str, str]
    words: dict[str, tuple[str, ...]]

    @field_validator("phrases")
    @classmethod
    def _patterns_compile(cls, phrases: dict[str, str]) -> dict[str, str]:
        for means, said in phrases.items():
            try:
                re.compile(said)
            except re.error as error:
                raise ValueError(f"expression « {means} » : {error}") from None
        return phrases

    @field_validator("words")
    @classmethod
    def _one_meaning_each(cls, words: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        owners: dict[str, str] = {}
        for word, variants in words.items():
            for variant in variants:
                if owners.setdefault(variant, word) != word:
                    raise ValueError(f"« {variant} » est écrit deux fois : {owners[variant]}, {word}")
        return words


def load_spelling(path: Path, lexicon: Container[str], texts: Iterable[str]) -> Spelling:
    """Read the data file, and learn from texts which words are usual.

    Raises:
        DataError: the file is wrong; the message gives file and line.
    """
    data = load_model(path, SpellingFile)
    variants = {variant.lower(): word for word, said in data.words.items() for variant in said}
    return Spelling(data.phrases, variants, lexicon, *usual_words(lexicon, texts, variants))
