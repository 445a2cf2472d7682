"""Names that the words around them show to be places, beyond what is recognised by itself.

Names in the names of bodies ("Athens Police Department"), of members' seats ("D-Hardy"), short
forms ("W.Va."), names in capitals before a dash, and further mentions of a place.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.language import dateline_end
from geomap.toponyms.spans import Candidate, words_beside

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["shown_names"]

# What bodies that are named after their place are called: "Athens Police Department".
_BODIES = {
    "university", "college", "school", "schools", "hospital", "police", "council", "court",
    "department", "airport", "church", "club", "district", "county", "sheriff", "city", "town",
    "village", "fire", "health", "board", "commission", "committee", "authority", "association",
    "society", "museum", "library", "center", "centre", "park", "parks", "chamber", "bank",
    "academy", "institute", "service", "services", "agency", "bureau", "office", "ministry",
    "parliament", "assembly", "senate", "legislature", "government", "jail", "prison",
    "courthouse", "festival", "fair", "marathon", "symphony", "orchestra", "theatre", "theater",
    "times", "post", "herald", "tribune", "gazette", "journal", "daily", "telegraph", "mayor",
    "governor", "gov.", "councilman", "councilwoman", "alderman", "superintendent", "coroner",
    "elks", "rotary", "patrol", "guard", "army", "hall", "stadium", "arena", "mall", "hotel",
    "inn", "resort", "medical", "middle", "high", "elementary", "public", "regional", "memorial",
    "municipal", "federation", "company", "co.", "corp.", "inc.", "reservoir", "river", "zoo",
    "water", "transit", "port", "task", "football", "united", "rovers", "wanderers", "athletic",
    "chief", "organization", "organisation", "alliance", "coalition", "programme", "republican",
    "democratic", "senior",
}  # fmt: skip
_BODIES_OF = _BODIES | {"archdiocese", "diocese"}
# What towns have, in small letters: "an Alexandria detective".
_OF_TOWNS = {
    "police", "official", "officials", "officer", "officers", "resident", "residents",
    "firefighters", "detective", "detectives", "council", "councillors", "councilman", "mayor",
    "native", "man", "woman", "men", "women", "couple", "taxpayers", "voters", "authorities",
    "area", "suburb", "teenager", "teen", "student", "students", "school", "schools", "business",
    "businesses", "parents", "crews", "office", "government", "court", "courts", "lawyer",
    "attorney", "lawmakers", "club", "neighborhood", "neighbourhood", "home", "hospital",
    "airport", "hotel", "church", "campus", "store", "restaurant", "headquarters", "market",
    "teacher", "doctor", "farmer", "driver", "mother", "father", "boy", "girl", "local",
    "community", "communities", "commissioners", "sheriff", "prosecutors", "judge", "jail",
    "high", "middle", "elementary",
}  # fmt: skip
_BEFORE = {
    "the", "east", "west", "north", "south", "northeast", "northwest", "southeast", "southwest",
    "northern", "southern", "eastern", "western", "central", "downtown", "uptown", "midtown",
    "historic", "greater", "inner", "metro", "upper", "lower", "old",
}  # fmt: skip
_NO_NAMES = _BODIES | _BEFORE | {"the city", "federal", "interior", "union", "swat"}
_PARTIES = {"D", "R", "I", "DFL", "LD"}
_DASHES = {"-", "--", "---", "–", "—"}
_DIVISIONS = {"county", "parish", "province", "governorate", "oblast"}
_JOINED = {"and", "&", "'s", "’s"}
_PLACES = {"GPE", "LOC"}
_REACH = 6
_TOWN, _LARGE_TOWN = 5_000, 100_000
_HEAD = 120
_LONG = 3


@dataclass(frozen=True, slots=True)
class _Seen:
    """A candidate with what the rules ask of it."""

    doc: "Doc"
    candidate: Candidate
    before: str
    after: str
    known: frozenset[str]
    headed: int

    @property
    def how(self) -> set[str]:
        """In which ways its places have the name."""
        return {option.how for option in self.candidate.options}

    def has(self, least: int) -> bool:
        """Return whether a division, a country or a place as large as this has the name."""
        return any(
            option.entry.population >= least or option.entry.kind in ("division", "country")
            for option in self.candidate.options
            if option.how != "bare"
        )

    def free(self) -> bool:
        """Return whether no other name runs into it: "North", "the" and the like apart."""
        before = self.before
        if not before or before.isspace() or self.doc[self.candidate.first - 1].is_stop:
            return True
        return before.lower() in _BEFORE or not before[0].isupper() and before != "&"

    def alone(self) -> bool:
        """Return whether it is no part of a longer entity."""
        entity, own = self.candidate.entity, self.candidate
        rest = () if entity is None else (t for t in entity if not own.first <= t.i < own.last)
        return all(t.is_punct or t.is_space or t.lower_ in {"the", *_JOINED} for t in rest)

    def leads(self) -> bool:
        """Return whether it is the first word of its entity, and that no person's name."""
        entity, own = self.candidate.entity, self.candidate
        if entity is None:
            return True
        if own.label == "PERSON" and entity.end > own.last:
            if not any(token.lower_ in _BODIES for token in entity):
                return False
        front = (token for token in entity if token.i < own.first)
        return all(token.lower_ in _BEFORE or token.is_punct for token in front)


def shown_names(doc: "Doc", found: Sequence[Candidate]) -> Iterator[tuple[Candidate, str]]:
    """Yield the candidates that the words around them show to be places, and why.

    Parameters
    ----------
    doc
        The analysis.
    found
        The candidates; those that are sure already have a probability.
    """
    persons = {t.text for e in doc.ents if e.label_ == "PERSON" and len(e) > 1 for t in e}
    known = frozenset(
        c.key for c in found
        if c.probability and c.options and not (c.shown or "").startswith("inside")
        and c.text not in persons
    )  # fmt: skip
    headed = dateline_end(doc.text)
    for candidate in found:
        if not candidate.options or candidate.probability or candidate.text.lower() in _NO_NAMES:
            continue
        if candidate.label == "PERSON" and candidate.text in persons:
            continue
        before = doc[candidate.first - 1].text if candidate.first else ""
        after = doc[candidate.last].text if candidate.last < len(doc) else ""
        seen = _Seen(doc, candidate, before, after, known, headed)
        if "short" in seen.how:
            why = _short(seen)
        elif doc[candidate.last - 1].is_punct:
            why = None
        else:
            why = next((why for rule in _RULES if (why := rule(seen))), None)
        if why:
            yield candidate, why


def _short(seen: _Seen) -> str | None:
    """Find short forms and words for people: "W.Va.", "NSW", "Dagestani"."""
    text, label = seen.candidate.text, seen.candidate.label
    if text.endswith("."):
        return None if seen.before[-1:].isdigit() else "a short form"  # "250 B.C."
    if text.isupper() or "&" in text:
        placed = label in _PLACES or seen.before == ","
        return "a short form" if placed or (len(text) >= _LONG and label == "ORG") else None
    return "a word for the people of a place" if text[0].isupper() else None


def _people(seen: _Seen) -> str | None:
    """Find words for a country's people that the model does not call so."""
    fits = "people" in seen.how and seen.candidate.label in ("NORP", "none") and seen.alone()
    return "the word for a country's people" if fits else None


def _division(seen: _Seen) -> str | None:
    """Find a division with its word: "Guernsey County Courthouse"."""
    own = seen.candidate
    word = seen.doc[own.last - 1]
    if own.last - own.first < 2 or word.lower_ not in _DIVISIONS or own.label == "PERSON":
        return None
    named = "bare" in seen.how or any(o.entry.kind == "division" for o in own.options)
    return f"called a {word.lower_}" if named and word.text[0].isupper() else None


def _seat(seen: _Seen) -> str | None:
    """Find the seat of a member of a parliament: "Brent Boggs, D-Braxton"."""
    first = seen.candidate.first
    party = first > 1 and seen.before in _DASHES and seen.doc[first - 2].text in _PARTIES
    return "the seat of a member" if party else None


def _heading(seen: _Seen) -> str | None:
    """Find a name in capitals before a dash: "MANSFIELD -- The mayor"."""
    own = seen.candidate
    if not own.text.isupper() or len(own.text) <= _LONG or seen.after not in _DASHES:
        return None
    begins = seen.doc[own.first].is_sent_start or not seen.before[-1:].isalpha()
    return "in the dateline" if begins and own.first < _HEAD else None


def _in_body(seen: _Seen) -> str | None:
    """Find the place in the name of a body: "Athens Police Department"."""
    if not (seen.has(_TOWN) and seen.free() and seen.leads()):
        return None
    if seen.candidate.end <= seen.headed:
        return None  # "ADDIS ABABA (Horn Daily) -"
    last = seen.candidate.last
    for token in seen.doc[last : last + _REACH]:
        if token.is_sent_start or token.is_space:
            return None
        if token.text[0].isupper() and token.lower_ in _BODIES:
            return f"in the name of a body ({token.text})"
        if not token.text[0].isupper() and (token.i == last or token.lower_ not in _JOINED):
            return None
    return None


def _of_town(seen: _Seen) -> str | None:
    """Find a town by what it has: "a Mansfield resident"."""
    proper = seen.doc[seen.candidate.last - 1].pos_ == "PROPN" and seen.free()
    return f"its {seen.after}" if proper and seen.has(_TOWN) and seen.after in _OF_TOWNS else None


def _behind_of(seen: _Seen) -> str | None:
    """Find a name behind "of": "University of Manitoba", "29, of Columbia, are charged"."""
    first = seen.candidate.first
    if seen.before != "of" or seen.after[:1].isupper() or first < _LONG:
        return None
    doc, body = seen.doc, words_beside(seen.doc, seen.candidate)[2]
    if body in _BODIES_OF and doc[first - 2].text[0].isupper() and seen.has(_LARGE_TOWN):
        return "behind 'of' in the name of a body"
    aged = doc[first - 2].text == "," and doc[first - 3].text.isdigit()
    return "where somebody is from" if aged and seen.has(_TOWN) else None


def _again(seen: _Seen) -> str | None:
    """Find a further mention of a place."""
    own = seen.candidate
    if own.key not in seen.known or own.label == "PERSON" or seen.after[:1].isupper():
        return None
    fits = seen.has(_TOWN) and seen.alone() and seen.free()
    return "a place elsewhere in the document" if fits else None


_RULES: tuple[Callable[[_Seen], str | None], ...] = (
    _people, _division, _seat, _heading, _in_body, _of_town, _behind_of, _again,
)  # fmt: skip
