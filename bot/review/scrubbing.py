"""Replace what could identify somebody in a message. Pure: the words and the patterns are data.

Scrubbing prefers to hide too much: a hidden word costs a reviewer a moment, a name kept costs somebody more.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator, Field, model_validator

from bot.text.folding import fold_aligned, without_control_characters
from bot.text.spelling import sound
from referential.library import FOLDER
from referential.model import Frozen
from referential.yaml_files import load_model

SCRUBBING_FILE = FOLDER / "scrubbing.yml"

WORD = re.compile(r"[^\W\d_]+")
"""A word of a folded text."""
_BETWEEN = re.compile(r"[ '.’\-]{1,3}|, ")
"""What may stand between the words of one name, or of one place."""
_DIGITS = re.compile(r"[._]?[^\W\d_]{0,3}\d+\w*")
_DRESSING = re.compile(r"[\ufe00-\ufe0f\u20dd-\u20e4]")
"""What makes an emoji of a digit."""
_FRAGMENT = re.compile(r"<<(\w+)>>")
_GLUED = re.compile(r"(?:jusqu|lorsqu|qu|[jlmtdnsck])(?=\w{4})")
"""An elided word whose apostrophe was left out: « linfo », « jferai »."""
_SOUNDED = 4
"""Letters under which a word is too short to be recognised by its sound."""
_HEARD = 3
"""Sounds under which too many words sound the same."""
_ACRONYM = 4
"""Most letters of an acronym: « DELF », « AES »."""
_NAME_WORDS = 4
"""Most words of a name that are hidden from where it starts."""
_MASK = "\0"


class Kind(StrEnum):
    """What a piece of text tells. When two overlap, the first in this order names the whole."""

    MAIL = "mail"
    LINK = "link"
    HANDLE = "handle"
    BIRTH = "birth"
    ADDRESS = "address"
    PHONE = "phone"
    NUMBER = "number"
    NAME = "name"
    PLACE = "place"
    SCRIPT = "script"


_PRECEDENCE = {kind: rank for rank, kind in enumerate(Kind)}


class Span(NamedTuple):
    """A piece of a text, by its offsets."""

    start: int
    end: int
    kind: Kind


EntityFinder = Callable[[str], Iterable[Span]]
"""Finds names and places in a cleaned text."""


# --- Data -----------------------------------------------------------------------------------------


def _words(value: object) -> object:
    return value.split() if isinstance(value, str) else value


Words = Annotated[frozenset[str], BeforeValidator(_words)]
"""Folded words, written one after the other."""


class _Rule(Frozen):
    kind: Kind
    said: tuple[str, ...] = Field(min_length=1)
    on: Literal["folded", "written"] = "folded"


class PatternRule(_Rule):
    """Expressions that are hidden."""

    lead: int = Field(0, ge=0)
    tail: int = Field(0, ge=0)
    needs_tail: bool = False
    spares_kept: bool = False


class CueRule(_Rule):
    """Expressions after which a name or a place comes."""

    takes: Literal["first", "uncommon", "capital"]


class ScrubbingFile(Frozen):
    """Shape of ``scrubbing.yml``."""

    placeholders: dict[Kind, str]
    fragments: dict[str, str]
    kept: tuple[str, ...]
    patterns: tuple[PatternRule, ...]
    cues: tuple[CueRule, ...]
    kept_words: Words
    particles: Words
    first_names: Words
    ambiguous_first_names: Words
    family_names: Words
    ambiguous_family_names: Words
    towns: Words
    common_words: Words

    @model_validator(mode="after")
    def _complete(self) -> "ScrubbingFile":
        if missing := [kind.value for kind in Kind if kind not in self.placeholders]:
            raise ValueError(f"placeholders : il manque {', '.join(missing)}")
        for said in (*self.kept, *(said for rule in (*self.patterns, *self.cues) for said in rule.said)):
            try:
                self.compiled([said])
            except KeyError as error:
                raise ValueError(f"expression « {said} » : fragment inconnu {error}") from None
            except re.error as error:
                raise ValueError(f"expression « {said} » : {error}") from None
        return self

    def compiled(self, said: Sequence[str]) -> re.Pattern[str]:
        """Compile expressions into one that matches any of them, from a word's start to a word's end."""
        whole = "|".join(_FRAGMENT.sub(lambda name: f"(?:{self.fragments[name[1]]})", one) for one in said)
        return re.compile(rf"(?<![^\W_])(?:{whole})(?![^\W_])")


# --- Scrubbing ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Text:
    """A cleaned text, with what the rules look at."""

    written: str
    folded: str
    masked: str
    """The folded text without what is kept."""
    words: tuple[tuple[int, int], ...]

    def word(self, rank: int) -> str:
        return self.folded[slice(*self.words[rank])]

    def has_capital(self, rank: int) -> bool:
        """Whether a word has a capital that says something: in a message all in capitals none does."""
        return self.written[self.words[rank][0]].isupper() and not self.written.isupper()

    def joined(self, rank: int) -> bool:
        """Whether a word follows the one before it closely enough to belong to the same name."""
        return bool(_BETWEEN.fullmatch(self.written, self.words[rank - 1][1], self.words[rank][0]))

    def first_from(self, offset: int) -> int:
        """Return the rank of the first word that starts at an offset or after it."""
        return next((rank for rank, (start, _) in enumerate(self.words) if start >= offset), len(self.words))


@dataclass(frozen=True)
class Scrubber:
    """The rules of a data file, compiled."""

    data: ScrubbingFile

    def scrub(self, text: str, entities: EntityFinder | None = None) -> str:
        """Return a text in which nothing should identify anybody any more.

        Args:
            text: what somebody wrote.
            entities: finds names and places that the rules do not know; None for the rules alone.
        """
        read = self._read(cleaned(text))
        found = _merged(read.written, [*self._by_pattern(read), *self._by_cue(read), *self._by_name(read)])
        if entities is not None:
            found = _merged(read.written, [*found, *_named_after(found, self._trimmed(read, entities(read.written)))])
        return self._replaced(read.written, found)

    def is_ordinary(self, word: str) -> bool:
        """Whether a folded word is no name by itself: known here, or sounding like one that is."""
        if word in self.data.kept_words:
            return True
        if word in self.known:
            return False
        if self._is_common(word):
            return True
        glued = _GLUED.match(word)
        return glued is not None and self._is_common(word[glued.end() :])

    def has_words(self, scrubbed: str) -> bool:
        """Whether a scrubbed text still says something besides what was replaced."""
        return bool(WORD.search(self._placeholder.sub("", scrubbed)))

    def _is_common(self, word: str) -> bool:
        if word in self.data.common_words:
            return True
        return len(word) >= _SOUNDED and len(heard := sound(word)) >= _HEARD and heard in self._common_sounds

    @cached_property
    def known(self) -> frozenset[str]:
        """Folded names of persons and towns that mean nothing else."""
        return self.data.first_names | self.data.family_names | self.data.towns

    @cached_property
    def _common_sounds(self) -> frozenset[str]:
        return frozenset(sound(word) for word in self.data.common_words if len(word) >= _SOUNDED)

    @cached_property
    def _kept(self) -> re.Pattern[str]:
        return self.data.compiled(self.data.kept)

    @cached_property
    def _patterns(self) -> Sequence[tuple[PatternRule, Sequence[re.Pattern[str]]]]:
        # One by one: joined in one expression, the first that matches would hide a longer one.
        return [(rule, [self.data.compiled([said]) for said in rule.said]) for rule in self.data.patterns]

    @cached_property
    def _cues(self) -> Sequence[tuple[CueRule, Sequence[re.Pattern[str]]]]:
        return [(rule, [self.data.compiled([said]) for said in rule.said]) for rule in self.data.cues]

    @cached_property
    def _placeholder(self) -> re.Pattern[str]:
        return re.compile("|".join(re.escape(shown) for shown in self.data.placeholders.values()))

    @cached_property
    def _name_words(self) -> frozenset[str]:
        data = self.data
        return data.first_names | data.ambiguous_first_names | data.family_names | data.ambiguous_family_names

    def _read(self, text: str) -> _Text:
        folded = fold_aligned(text)
        masked = self._kept.sub(lambda kept: _MASK * len(kept[0]), folded)
        return _Text(text, folded, masked, tuple(word.span() for word in WORD.finditer(folded)))

    def _by_pattern(self, text: _Text) -> Iterator[Span]:
        for rule, patterns in self._patterns:
            searched = text.written if rule.on == "written" else text.masked if rule.spares_kept else text.folded
            for match in (match for pattern in patterns for match in pattern.finditer(searched)):
                start, end = match.span(match.re.groups)
                lead, tail = self._before(text, start, rule.lead), self._after(text, end, rule.tail)
                if tail > end or not rule.needs_tail:
                    yield Span(lead, tail, rule.kind)

    def _by_cue(self, text: _Text) -> Iterator[Span]:
        for rule, patterns in self._cues:
            searched = text.written if rule.on == "written" else text.folded
            for match in (match for pattern in patterns for match in pattern.finditer(searched)):
                first = text.first_from(match.end())
                if first == len(text.words) or not _follows(text.written, match.end(), text.words[first][0]):
                    continue
                if rule.takes == "capital" and not text.has_capital(first):
                    continue
                start, end = text.words[first][0], self._after(text, match.end(), _NAME_WORDS)
                if rule.takes == "first":
                    end = max(self._name_end(text, first), end)
                if end > start:
                    yield Span(start, end, rule.kind)

    def _by_name(self, text: _Text) -> Iterator[Span]:
        for rank, (start, end) in enumerate(text.words):
            word = text.word(rank)
            if word in self.data.towns:
                yield Span(start, end, Kind.PLACE)
            elif word in self.known or self._is_double(text, rank):
                yield Span(self._before(text, start, 2), self._name_end(text, rank), Kind.NAME)

    def _is_double(self, text: _Text, rank: int) -> bool:
        """Whether two names that are also words make one: « Jean-Pierre », « Claire Fontaine »."""
        if rank + 1 >= len(text.words) or not self._name_words.issuperset((text.word(rank), text.word(rank + 1))):
            return False
        hyphen = text.written[text.words[rank][1] : text.words[rank + 1][0]] == "-"
        return hyphen or (text.joined(rank + 1) and text.has_capital(rank) and text.has_capital(rank + 1))

    def _name_end(self, text: _Text, rank: int) -> int:
        """Return where a name ends that starts with a word."""
        return self._after(text, text.words[rank][1], _NAME_WORDS - 1, in_name=True)

    def _after(self, text: _Text, offset: int, most: int, *, in_name: bool = False) -> int:
        """Return the end of the words after an offset that may belong to a name, a particle between them or not."""
        end, taken = offset, 0
        rank = text.first_from(offset)
        near = rank < len(text.words) and _follows(text.written, offset, text.words[rank][0])
        while near and taken < most:
            if self._may_be_name(text, rank, in_name=in_name or taken > 0):
                end, taken = text.words[rank][1], taken + 1
            elif text.word(rank) not in self.data.particles:
                break
            rank += 1
            near = rank < len(text.words) and text.joined(rank)
        return _with_digits(text.written, end) if taken or in_name else offset

    def _before(self, text: _Text, offset: int, most: int) -> int:
        """Return the start of the words just before an offset that may belong to the same name."""
        start, rank = offset, text.first_from(offset)
        while most and rank > 0 and _BETWEEN.fullmatch(text.written, text.words[rank - 1][1], start):
            rank -= 1
            if self.is_ordinary(text.word(rank)) and text.word(rank) not in self._name_words:
                break
            start, most = text.words[rank][0], most - 1
        return start

    def _may_be_name(self, text: _Text, rank: int, *, in_name: bool) -> bool:
        word = text.word(rank)
        if word in self.data.kept_words or self._is_acronym(text, rank):
            return False
        if in_name and (word in self._name_words or text.has_capital(rank)):
            return True
        # A capital tells more than a likeness by the sound.
        ordinary = word in self.data.common_words if text.has_capital(rank) else self.is_ordinary(word)
        return not ordinary and len(word) > 1

    def _trimmed(self, text: _Text, entities: Iterable[Span]) -> Iterator[Span]:
        """Take the ordinary words off both ends of each entity: one made of nothing else is none."""
        for entity in entities:
            ranks = [r for r, (start, end) in enumerate(text.words) if start < entity.end and end > entity.start]
            meant = [r for r in ranks if not self._stays(text, r)]
            if meant:
                start, end = text.words[meant[0]][0], text.words[meant[-1]][1]
                yield Span(start, self._after(text, end, 1) if entity.kind is Kind.NAME else end, entity.kind)

    def _stays(self, text: _Text, rank: int) -> bool:
        word = text.word(rank)
        if word in self.data.particles or word in self.data.kept_words or self._is_acronym(text, rank):
            return True
        return self.is_ordinary(word) and not (text.has_capital(rank) and word in self._name_words)

    def _is_acronym(self, text: _Text, rank: int) -> bool:
        written = text.written[slice(*text.words[rank])]
        short = 1 < len(written) <= _ACRONYM and written.isupper() and text.has_capital(rank)
        return short and text.word(rank) not in self._name_words

    def _replaced(self, text: str, spans: Iterable[Span]) -> str:
        pieces, position = [], 0
        for start, end, kind in spans:
            pieces += [text[position:start], self.data.placeholders[kind]]
            position = end
        return "".join([*pieces, text[position:]])


def cleaned(text: str) -> str:
    """Return a text on one line, its accents composed, without invisible characters."""
    one_line = " ".join(unicodedata.normalize("NFC", text).split())
    return " ".join(_DRESSING.sub("", without_control_characters(one_line)).split())


def _merged(text: str, spans: Iterable[Span]) -> list[Span]:
    """Join the pieces that overlap, and those of one kind that follow each other."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and (span.start < merged[-1].end or _continues(text, merged[-1], span)):
            last = merged.pop()
            kind = min(last.kind, span.kind, key=_PRECEDENCE.__getitem__)
            merged.append(Span(last.start, max(last.end, span.end), kind))
        else:
            merged.append(span)
    return merged


def _continues(text: str, span: Span, following: Span) -> bool:
    return span.kind is following.kind and bool(_BETWEEN.fullmatch(text, span.end, following.start))


def _named_after(rules: Sequence[Span], entities: Iterable[Span]) -> Iterator[Span]:
    """Give entities the kind of what the rules found at the same place: the rules are surer of it."""
    for start, end, kind in entities:
        yield Span(start, end, next((rule.kind for rule in rules if rule.start < end and rule.end > start), kind))


def _follows(text: str, start: int, end: int) -> bool:
    """Whether nothing but a little punctuation stands between two offsets."""
    return end - start <= 3 and not re.search(r"[\w\[\]?!]", text[start:end])


def _with_digits(text: str, end: int) -> int:
    """Take the digits glued to a name: « karim92 », « sarah.k75 »."""
    digits = _DIGITS.match(text, end)
    return digits.end() if digits else end


def load_scrubber(path: Path = SCRUBBING_FILE) -> Scrubber:
    """Read and check the data file.

    Raises:
        DataError: the file is wrong; the message gives file and line.
    """
    return Scrubber(load_model(path, ScrubbingFile))


@lru_cache(maxsize=1)
def default_scrubber() -> Scrubber:
    """Return the scrubber of the project's own file, compiled once."""
    return load_scrubber()


def scrub(text: str, entities: EntityFinder | None = None) -> str:
    """Replace what could identify somebody (see ``Scrubber.scrub``)."""
    return default_scrubber().scrub(text, entities)
