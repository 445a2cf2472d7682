"""Several in one phrase: two states behind one office, persons named beside it, who leads them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from geomap.events.nouns import CONTAINERS, DIGNITARIES, OFFICES, ORGANS
from geomap.events.syntax import adpositions, conjuncts, lemma
from geomap.model import Actor, Toponym

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

__all__ = [
    "colleagues",
    "strayed",
    "covered",
    "is_state",
    "names_beside",
    "several_states",
    "taken_apart",
]

Places = Mapping[int, Toponym]
"""The toponym that a token, by its index, belongs to."""

_BODIES = {"committee", "commission", "council", "team", "delegation", "consulate"}
_TEAMS = {"delegation", "team", "mission", "side", "group", "party", "contingent"}


def covered(doc: "Doc", toponyms: Iterable[Toponym]) -> dict[int, Toponym]:
    """Return which toponym each token belongs to: both words of "South Korea"."""
    found: dict[int, Toponym] = {}
    for toponym in toponyms:
        span = doc.char_span(toponym.start, toponym.end, alignment_mode="expand")
        for token in span or ():
            found[token.i] = toponym
    return found


def is_state(places: Places, token: "Token") -> bool:
    """Return whether a token belongs to the name of a state."""
    toponym = places.get(token.i)
    place = toponym.place if toponym is not None else None
    return place is not None and (place.feature_code or "").startswith("PCL")


def taken_apart(
    heads: Sequence["Token"], role: str, toponyms: Mapping[int, Toponym]
) -> list[Actor]:
    """Return the actors of "Kyrgyz and Tajik guards" where the parse makes three of it."""
    last, adjectives = heads[-1], heads[:-1]
    sector = ORGANS.get(lemma(last))
    people = [toponyms.get(token.idx) for token in adjectives]
    if sector is None or len(people) < 2 or adjectives[-1].i != last.i - 1:
        return []
    if not all(toponym and toponym.kind == "demonym" for toponym in people):
        return []
    return [
        Actor(f"{t.text} {last.text}", role, t.place.country, sector, None, t.start, t.end)
        for t in people
        if t is not None and t.place is not None
    ]


def several_states(head: "Token", phrase: "Span", role: str, places: Places) -> list[Actor]:
    """Return one actor a state of "Armenian and Azerbaijani troops", "ministers of A and B"."""
    word = lemma(head)
    sector = ORGANS.get(word) or ("government" if word in _BODIES else None)
    peoples = [
        (token, toponym)
        for token in phrase
        if (sector is not None or word in OFFICES - CONTAINERS)
        and (toponym := places.get(token.i)) is not None
        and toponym.kind == "demonym"
        and toponym.place is not None
    ]
    last = max((token.i for token, _ in peoples), default=head.i)
    before = [t.text for t in head.doc[last + 1 : head.i] if t.dep_ in {"compound", "amod"}]
    what = " ".join([*before, head.text.lower()])  # "security chiefs"
    named = [(f"{token.text} {what}", toponym) for token, toponym in peoples]
    if not named and (sector or word in OFFICES) and word not in CONTAINERS - _BODIES:
        named = list(_from_states(head, places))
    if len({t.place.country for _, t in named if t.place}) < 2:
        return []
    return [
        Actor(name, role, t.place.country if t.place else None, sector, None, t.start, t.end)
        for name, t in named
    ]


def _from_states(head: "Token", places: Places) -> Iterator[tuple[str, Toponym]]:
    """Yield the states that people are of or from: "the presidents of Chad and Niger"."""
    for preposition, first in adpositions(head):
        for noun in conjuncts(first) if preposition in {"of", "from"} else ():
            if is_state(places, noun):
                toponym = places[noun.i]
                yield f"{head.text.lower()} {preposition} {toponym.text}", toponym


def names_beside(head: "Token", places: Places) -> list["Token"]:
    """Return the names of those who hold an office or lead a team, where they stand beside it.

    "The envoy, A", "the negotiators, A and B", "the delegations, led by A and B".
    """
    word = lemma(head)
    if head.pos_ == "PROPN" or word not in OFFICES | DIGNITARIES and word not in ORGANS:
        return []
    behind = [noun for _, noun in adpositions(head) if noun.i > head.i]
    for child in (*head.children, *(c for noun in behind for c in noun.children)):
        if child.i < head.i:
            continue
        if child.head.i != head.i and not _named_after(child):
            continue
        if _is_beside(child, head) and _a_person(child, places):
            names = (*conjuncts(child), *strayed(child))
            return [name for name in names if name.pos_ == "PROPN"]
        leads = child.dep_ == "acl" and lemma(child) in {"lead", "head"}
        if leads and word in _TEAMS and not any(t.ent_type_ for t in head.lefts):
            by = [noun for preposition, noun in adpositions(child) if preposition == "by"]
            return [n for first in by for n in conjuncts(first) if _a_person(n, places)]
    return []


def strayed(name: "Token") -> list["Token"]:
    """Return persons that the parse joins to where another is from: "A of B and C of D met"."""
    if name.ent_type_ != "PERSON":
        return []
    origins = [noun for of, noun in adpositions(name) if of in {"of", "from"}]
    return [t for noun in origins for t in conjuncts(noun)[1:] if t.ent_type_ == "PERSON"]


def colleagues(head: "Token") -> list["Token"]:
    """Return the offices coordinated with a name beside one: "the minister, A, and his host, B"."""
    names = [c for c in head.children if c.dep_ == "appos" and c.i > head.i]
    joined = (noun for name in names for noun in conjuncts(name)[1:])
    return [n for n in joined if n.pos_ == "NOUN" and (lemma(n) in OFFICES or lemma(n) in ORGANS)]


def _named_after(name: "Token") -> bool:
    """Return whether a person's name in commas stands behind a place: "envoy for Libya, A, met"."""
    first = name.left_edge.i
    comma = name.doc[first - 1].text == ","
    return comma and name.dep_ == "appos" and name.ent_type_ == "PERSON"


def _is_beside(name: "Token", head: "Token") -> bool:
    """Return whether a name stands in apposition: right after a comma, with no "and" before it."""
    if name.dep_ == "appos":
        return True
    first = name.left_edge.i
    between = head.doc[head.i + 1 : first]
    return name.dep_ == "conj" and [t.text for t in between] == [","]


def _a_person(name: "Token", places: Places) -> bool:
    """Return whether a name may be a person's: several words, and no place's."""
    if name.pos_ != "PROPN":
        return False
    if name.ent_type_ == "PERSON":
        return True
    toponym = places.get(name.i)
    if toponym is not None and toponym.place is not None:
        return False
    return any(c.dep_ == "compound" and c.pos_ == "PROPN" for c in name.children)
