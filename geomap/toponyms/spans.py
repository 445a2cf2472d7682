"""Candidate spans: every stretch of the text that may be a place name.

The union of what the language model marks and what the gazetteer knows; deciding is left to the
trained classifier.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geomap.compounds import whole_names
from geomap.gazetteer import Gazetteer
from geomap.names import fold
from geomap.recognise import may_be_name, near_a_person
from geomap.toponyms.places import Option, options

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

__all__ = ["AT_TOWNS", "LABELS", "Candidate", "beside", "candidates", "siblings",
           "trimmed", "windows", "words_beside"]  # fmt: skip

LABELS = ("GPE", "LOC", "FAC", "NORP", "ORG", "PERSON", "other", "none")
_PLACE_LABELS = {"GPE", "LOC", "FAC", "NORP"}
_INSIDE = {"of", "de", "la", "the", "and", "al", "el", "del", "du", "des", "le", "les", "los",
           "las", "da", "do", "on", "upon", "i", "e", "y", "in", "&", "an", "ul", "ez", "am",
           "-", "–", "’s", "'s", "'", "’", "."}  # fmt: skip
_MOST = 8
_PARTY = re.compile(r"(?:D|R|I|DFL)-(?=[A-Z])")
_JOINED = re.compile(r"(?:-[a-z]+|[-–—]+)$")  # "U.S.-led", "Calif.--"
_INITIALS = re.compile(r"[A-Z]\.[A-Z]$")
_LIST = 100
_WALK = 40
_LISTED = {",", "and", "or", "&"}
_PLURALS = {"counties": "county", "parishes": "parish", "provinces": "province",
            "districts": "district", "governorates": "governorate", "oblasts": "oblast",
            "regions": "region", "states": "state", "townships": "township"}  # fmt: skip
AT_TOWNS = {"airport", "airbase", "port", "base", "crossing"}


@dataclass(slots=True)
class Candidate:
    """A stretch of tokens that may be a place name.

    Attributes
    ----------
    first, last
        Tokens, the last exclusive.
    start, end, text
        The characters.
    key
        The folded name.
    options
        The places it may mean, the most prominent first.
    label, entity
        The model's label and entity over it.
    whole
        Whether it is a name with the noun it is a name of: "the Swat Valley".
    top
        The token that heads the list it stands in: "A, B and C".
    shown
        Why it can be nothing but a place, if the sentence says so.
    called
        Which word beside it rules some of its places out, if one does.
    """

    first: int
    last: int
    start: int
    end: int
    text: str
    key: str
    options: tuple[Option, ...]
    label: str = "none"
    entity: "Span | None" = field(default=None, repr=False)
    whole: bool = False
    top: int = -1
    shown: str | None = None
    called: str | None = None
    probability: float = 0.0


def candidates(doc: "Doc", gazetteer: Gazetteer) -> list[Candidate]:
    """Return the candidate spans of a document, in order."""
    found: dict[tuple[int, int], Candidate] = {}
    entity_at: dict[int, Span] = {t.i: e for e in doc.ents for t in e}
    known: dict[str, tuple[Option, ...]] = {}
    whole = doc.text  # put together anew each time it is asked for

    def add(first: int, last: int, *, always: bool) -> None:
        if (first, last) in found or first >= last:
            return
        if last == first + 1 and not may_be_name(doc[first]):
            return
        text = whole[doc[first].idx : doc[last - 1].idx + len(doc[last - 1])]
        text, front = _bare(text)
        if _INITIALS.search(text) and whole[doc[first].idx + front + len(text) :][:1] == ".":
            text += "."  # "across U.S.."
        if text not in known:
            known[text] = options(text, gazetteer)
        if not (known[text] or always):
            return
        entity = entity_at.get(first) or entity_at.get(last - 1)
        label = entity.label_ if entity is not None else "none"
        label = label if label in LABELS else "other"
        start = doc[first].idx + front
        found[first, last] = Candidate(
            first, last, start, start + len(text), text, fold(text), known[text], label, entity
        )

    for entity in doc.ents:
        first, last = trimmed(entity)
        if doc[last - 1].lower_ in AT_TOWNS and options(doc[first : last - 1].text, gazetteer):
            continue  # "Kabul Airport": Kabul is found, and something happened near it
        always = entity.label_ in _PLACE_LABELS | {"ORG"} or near_a_person(entity, doc)
        add(first, last, always=always)
    for first, last in _runs(doc, gazetteer):
        add(first, last, always=False)
    for first, last in whole_names(doc, gazetteer):
        add(first, last, always=True)
        inside = [at for at in found if first <= at[0] and at[1] <= last and at != (first, last)]
        for at in inside:  # "the Swat Valley" is no town called Valley
            del found[at]
        found[first, last].whole = True
    return sorted(found.values(), key=lambda c: (c.first, c.last))


def _bare(text: str) -> tuple[str, int]:
    """Return a name without what a token holds beside it, and how much goes in front of it."""
    front = _PARTY.match(text)
    name = text[front.end() :] if front else text
    return _JOINED.sub("", name) or text, front.end() if front else 0


def trimmed(entity: "Span") -> tuple[int, int]:
    """Return an entity's tokens without "the" and "'s"."""
    doc, first, last = entity.doc, entity.start, entity.end
    while first < last and (doc[first].lower_ == "the" or not doc[first].text[0].isalnum()):
        first += 1
    while last > first and (doc[last - 1].text in ("'s", "’s", "'", "’") or doc[last - 1].is_punct):
        last -= 1
    return first, last


def _runs(doc: "Doc", gazetteer: Gazetteer) -> Iterator[tuple[int, int]]:
    """Yield runs of tokens that begin and end like names."""
    texts = [token.text for token in doc]
    name = [t[0].isupper() or (t[0].isalpha() and not t[0].isascii()) for t in texts]
    inside = [n or t.lower() in _INSIDE or t[0].isdigit() for n, t in zip(name, texts, strict=True)]
    for first, is_name in enumerate(name):
        if not is_name:
            continue
        for last in range(first + 1, min(len(texts), first + _MOST) + 1):
            if not inside[last - 1]:
                break
            if name[last - 1] or (texts[last - 1] == "." and last - first > 1):
                yield first, last


def windows(found: Sequence[Candidate], reach: int = 0) -> Iterator[range]:
    """Yield which candidates may overlap each, or begin less than some tokens from it.

    Parameters
    ----------
    found
        The candidates, in order.
    reach
        How many tokens.
    """
    firsts = [c.first for c in found]
    longest = max((c.last - c.first for c in found), default=0)
    for candidate in found:
        low = bisect_left(firsts, candidate.first - max(longest, reach))
        yield range(low, bisect_left(firsts, max(candidate.last, candidate.first + reach + 1)))


def siblings(candidate: Candidate, same_top: list[Candidate]) -> list[Candidate]:
    """Return the other names of the list that a name stands in; of a long list those nearby."""
    at = bisect_left(same_top, candidate.first, key=lambda c: c.first)
    near = same_top[max(0, at - _LIST) : at + _LIST]
    return [c for c in near if c.last <= candidate.first or candidate.last <= c.first]


def beside(
    doc: "Doc", candidate: Candidate, by_span: dict[tuple[int, int], Candidate]
) -> tuple[Candidate | None, Candidate | None, tuple[str, str]]:
    """Return the names behind and before a comma; the next word and the one before an "of"."""
    behind = before = None
    first, last = candidate.first, candidate.last
    if last + 1 < len(doc) and doc[last].text in (",", "("):
        near = (by_span.get((last + 1, last + 1 + size)) for size in (3, 2, 1))
        behind = next((other for other in near if other and other.options), None)
    if first > 1 and doc[first - 1].text in (",", "("):
        near = (by_span.get((first - 1 - size, first - 1)) for size in (3, 2, 1))
        before = next((other for other in near if other and other.options), None)
    following = _noun_behind(doc, last)
    of = doc[first - 2].lower_ if first > 1 and doc[first - 1].lower_ == "of" else ""
    return behind, before, (following, of)


def _noun_behind(doc: "Doc", last: int) -> str:
    """Return the word behind a name; "county" for each of "Hall, Clay and Cook counties"."""
    for token in doc[last : last + _WALK]:
        if token.lower_ in _PLURALS:
            return _PLURALS[token.lower_]
        if not (token.text[0].isupper() or token.lower_ in _LISTED):
            break
    return doc[last].lower_ if last < len(doc) else ""


def words_beside(doc: "Doc", candidate: Candidate) -> tuple[str, str, str]:
    """Return the words right before and behind a name, and the one before an "of" before it."""
    first, last = candidate.first, candidate.last
    before = doc[first - 1].lower_ if first else ""
    behind = _noun_behind(doc, last)
    the = 1 if before == "the" and first > 1 else 0
    of = first > 1 + the and doc[first - 1 - the].lower_ == "of"
    return before, behind, doc[first - 2 - the].lower_ if of else ""
