"""Copies: whether two sentences are one text, printed twice.

A wire story is printed by many outlets, word for word or with small changes: a comma, a spelling, a
few words more or less, another "officials said" at the end. Such a copy tells of the same happening
and is no second report of it. A sentence made of the same words with another name, number or
direction is no copy.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

__all__ = ["Copies", "Sentence"]

T = TypeVar("T")
_SPELLING = 80.0  # "centre" and "center" are one word; "killed" and "wounded" are two
_FEWEST_WORDS = 5  # shorter sentences are copies only when they are equal
_MOST_WORDS = 1_000  # longer ones too: comparing them takes memory by the square of their length
_CHANGED = 5  # one word of so many may be other, more or fewer
_WORD = re.compile(r"\w+")
_MARKS_IN_WORDS = re.compile(r"(?<=\w)['’.](?=\w)")
_SOURCE = re.compile(
    r",\s(?:according\sto\s[^,]{3,80}|[^,]{3,80}\s(?:said|says|reported|reports|added)(?:\s[^,]{1,60})?)"
    r"[.\s]*$",
    re.IGNORECASE,
)
_ARTICLES = frozenset(("a", "an", "the"))
_TELLING = frozenset(
    "no not one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty "
    "ninety hundred hundreds thousand thousands million dozen dozens several many first second "
    "third north south east west northern southern eastern western northeast northwest southeast "
    "southwest man woman men women".split()
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of a sentence, without articles, case and marks.

    ``telling`` are its names, numbers and directions: copies have the same ones.
    """

    words: tuple[str, ...]
    telling: frozenset[str]

    @classmethod
    def of(cls, text: str, keep: int = 0) -> "Sentence":
        """Take a sentence apart.

        Parameters
        ----------
        text
            The sentence.
        keep
            Up to here nothing is taken for the source at the end ("..., officials said").
        """
        source = _SOURCE.search(text)
        if source and source.start() >= keep:
            text = text[: source.start()]
        found = _WORD.findall(_MARKS_IN_WORDS.sub("", text))
        found = [word for word in found if word.casefold() not in _ARTICLES]
        words = tuple(word.casefold() for word in found)
        names = {
            word.casefold()
            for number, word in enumerate(found)
            if (number and word[0].isupper()) or any(character.isdigit() for character in word)
        }
        return cls(words, frozenset(names | (_TELLING & set(words))))

    def copies(self, other: "Sentence") -> bool:
        """Return whether both are one text, but for small changes."""
        if self.words == other.words:
            return True
        shorter, longer = sorted((len(self.words), len(other.words)))
        changes = longer // _CHANGED
        if (
            self.telling != other.telling
            or shorter < _FEWEST_WORDS
            or longer > _MOST_WORDS
            or longer - shorter > changes
        ):
            return False
        if Levenshtein.distance(self.words, other.words, score_cutoff=changes) > changes:
            return False
        return all(
            fuzz.ratio(self.words[change.src_pos], other.words[change.dest_pos]) >= _SPELLING
            for change in Levenshtein.editops(self.words, other.words)
            if change.tag == "replace"
        )


class Copies(Generic[T]):
    """Values under their sentences, found again by copies of these."""

    def __init__(self) -> None:
        self._blocks: dict[tuple[frozenset[str], object], dict[tuple[str, ...], list[T]]] = {}

    def add(self, sentence: Sentence, value: T, block: object = None) -> None:
        """Put a value under a sentence; only sentences of one block are compared."""
        known = self._blocks.setdefault((sentence.telling, block), {})
        known.setdefault(sentence.words, []).append(value)

    def find(self, sentence: Sentence, block: object = None) -> Iterator[T]:
        """Yield the values under copies of a sentence: equal ones first, then in their order."""
        known = self._blocks.get((sentence.telling, block), {})
        yield from known.get(sentence.words, ())
        for words, values in known.items():
            if words != sentence.words and sentence.copies(Sentence(words, sentence.telling)):
                yield from values
