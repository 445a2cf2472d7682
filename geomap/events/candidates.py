"""Which places a sentence names: towns, "the Qatari capital", borders, roads between towns.

Each hangs by one token, from which :mod:`geomap.events.where` looks for the event's own words.
"""

import functools
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geomap.events.syntax import is_verb, lemma
from geomap.gazetteer import Gazetteer
from geomap.language import datelines
from geomap.model import Document, Place, Toponym
from geomap.names import fold
from geomap.tables import read_table

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

__all__ = ["DOUBTFUL", "Candidate", "CandidateReader"]

DOUBTFUL = frozenset({"metonym", "name"})
"""Kinds of candidates that are places only where an event's words make them one."""

_JOINTS = {"-", "–", "'", "’", "‘", "`"}
_CALENDAR = {
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january",
    "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december", "ramadan", "christmas", "easter", "gmt", "am", "pm", "jan.", "feb.",
    "aug.", "sept.", "oct.", "nov.", "dec.",
}  # fmt: skip
_PLACING = {"in", "at", "near", "around", "outside", "inside", "through", "across", "on", "to",
            "into", "from", "toward", "towards", "along", "off", "over", "including", "between",
            "surrounding", "within", "past", "via"}  # fmt: skip
_PLACE_NOUNS = {
    "city", "town", "village", "province", "district", "region", "area", "suburb", "neighborhood",
    "neighbourhood", "capital", "port", "outskirt", "outskirts", "hamlet", "countryside", "north",
    "south", "east", "west", "settlement", "base", "hill", "hilltop", "island", "valley",
    "streets", "street", "part", "camp", "quarter", "governorate", "municipality", "locality",
    "county", "control", "center", "centre", "edge", "crossing", "stronghold", "airport", "km",
    "kilometer", "kilometre", "mile", "northeast", "northwest", "southeast", "southwest",
    "township", "farm",
}  # fmt: skip
_BUILT = {
    "hospital", "university", "river", "hills", "island", "mosque", "school", "square", "park",
    "station", "bridge", "dam", "hotel", "commune", "subdistrict", "plain", "market",
}  # fmt: skip
_POSTS = {"post", "crossing", "checkpoint", "sector", "gate", "airport", "airbase"}
_BORDER_WORDS = {"border", "frontier", "boundary"}
_OF_BORDERS = re.compile("border|frontier|boundar", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a sentence names, and the token it hangs by."""

    start: int
    end: int
    text: str
    place: Place | None
    head: "Token"
    kind: str  # place, embedded, border, capital, road, soil, metonym, name
    pair: str | None = None
    line: str | None = None
    toponym: Toponym | None = None
    own_name: bool = False
    doubt: str | None = None
    area: bool = False


_DIVISION = re.compile(
    r"\s(?:local government area|municipality|province|district|region|governorate|oblast|county|"
    r"state|department|prefecture|canton|territory)\b",
    re.IGNORECASE,
)
_DIVISION_OF = re.compile(
    r"\b(?:province|governorate|oblast|department|prefecture|canton|state)\s(?:of|de)\s$",
    re.IGNORECASE,
)
_ONE_OF_MANY = {"city", "crossing"}  # kinds of places that share their names with others
_WELL_KNOWN = 100_000  # inhabitants: such a town is meant even where nothing else speaks for it
_AREA = re.compile(
    r"\s(?:local government area|municipality|province|district|region|governorate|oblast|county|"
    r"state|department|prefecture|canton|territory|valley|hills|plateau|mountains?|desert|plains?|peninsula|delta|basin|highlands|"
    r"coast|forest)\b",
    re.IGNORECASE,
)
# What is written as part of a name: "Latakia Governorate".
_KIND = re.compile(
    r" (?:District|Province|Governorate|County|State|Region|Valley|Heights|Straits?|Department|"
    r"Peninsula|Plains?|Prefecture|Oblast|Canton)\b(?! [A-Z])"
)
_ROAD = re.compile(r"\s(?P<road>road|highway|motorway|route)\b")
_ROAD_TO = re.compile(
    r"(?P<road>road|highway|motorway|route)\s(?:that\s)?(?:between|from|linking|links|connecting)\s$"
)


@functools.cache
def _beside(country: str) -> frozenset[str]:
    """Return the countries that have a border with one."""
    pairs = ({row["country_a"], row["country_b"]} for row in read_table("borders"))
    return frozenset(code for pair in pairs if country in pair for code in pair)


def _road(one: Toponym, other: Toponym) -> Place | None:
    """Return the road between two towns as a place without a point; None if one is unknown."""
    if one.place is None or other.place is None:
        return None
    ids = "-".join(place.id.rpartition(":")[2] for place in (one.place, other.place))
    country = one.place.country if one.place.country == other.place.country else None
    name = f"{one.text}–{other.text} road"
    return Place(f"geomap:road/{ids}", None, name, None, None, "R", "RD", country)


def name_runs(sentence: "Span") -> Iterator["Span"]:
    """Yield the capitalised names of a sentence that stand where a place may."""
    doc, at = sentence.doc, sentence.start
    while at < sentence.end:
        place = doc[at].ent_type_ == "GPE" and doc[at].text[:1].isupper() and doc[at].pos_ != "ADJ"
        if doc[at].pos_ != "PROPN" and not place:
            at += 1
            continue
        end = at + 1
        while end < sentence.end:
            if doc[end].pos_ == "PROPN":
                end += 1
            elif (
                end + 1 < sentence.end
                and doc[end + 1].pos_ == "PROPN"
                and (doc[end].text in _JOINTS or doc[end].lower_ in {"al", "el", "de", "la", "ez"})
            ):
                end += 2
            else:
                break
        span = doc[at:end]
        at = end
        if _may_be_place(span):
            yield span


def _may_be_place(span: "Span") -> bool:
    """Return whether a name stands where a place may: "at A", "the town of A", "captured A"."""
    root = span.root
    if root.ent_type_ in {"DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "ORDINAL", "LANGUAGE"}:
        return False
    if root.lower_ in _CALENDAR or not any(char.isalpha() for char in span.text):
        return False
    if root.dep_ == "pobj":
        word, above = root.head.lower_, root.head.head
        return word in _PLACING or (word == "of" and lemma(above) in _PLACE_NOUNS)
    if root.dep_ == "dobj":
        return root.ent_type_ != "PERSON" and root.ent_type_ != "NORP"
    if root.dep_ == "compound" and root.i + 1 == root.head.i:
        return (
            lemma(root.head) in _POSTS | _BUILT | _PLACE_NOUNS
        )  # "the Nemba post", "Huleh village"
    head = root
    while head.dep_ in {"appos", "conj"} and head.head.i != head.i:
        head = head.head  # "the towns of A, B and C"
    if head is not root:
        of_place = head.head.lower_ == "of" and lemma(head.head.head) in _PLACE_NOUNS
        placed = head.dep_ == "pobj" and (head.head.lower_ in _PLACING or of_place)
        return placed or lemma(head) in _PLACE_NOUNS
    return root.dep_ == "npadvmod" or root.ent_type_ in {"GPE", "LOC", "FAC"}


class CandidateReader:
    """Reads the places that one document's sentences name."""

    def __init__(self, document: Document, gazetteer: Gazetteer) -> None:
        self._document = document
        self._doc: Doc = document.analysis
        self._gazetteer = gazetteer
        self._datelines = datelines(document.text)
        self._lines = {row["id"]: row for row in read_table("lines")}
        self._cache: dict[int, list[Candidate]] = {}
        self._doubtful: dict[int, list[Candidate]] = {}

    def candidates(self, sentence: "Span") -> list[Candidate]:
        """Return the places of a sentence, borders and capitals before the names inside them."""
        if sentence.start not in self._cache:
            found = [
                *self._borders(sentence),
                *self._capitals(sentence),
                *self._roads(sentence),
            ]
            used = {i for c in found for i in range(c.start, c.end)}
            for toponym in self._document.toponyms:
                inside = sentence.start_char <= toponym.start < sentence.end_char
                if not inside or self._in_dateline(toponym.start) or toponym.start in used:
                    continue
                if toponym.kind in {"metonym", "demonym"}:
                    continue
                misread = self._misread(toponym)
                place = self._division(toponym) if misread else toponym.place
                after = self._document.text[toponym.end : toponym.end + 30]
                entry = self._gazetteer.get(place.id) if place else None
                kind = _KIND.match(self._document.text, toponym.end)
                end = kind.end() if kind else toponym.end
                found.append(
                    Candidate(
                        toponym.start,
                        end,
                        self._document.text[toponym.start : end],
                        place,
                        self._token(toponym),
                        toponym.kind,
                        line=self._line_name(toponym),
                        toponym=toponym,
                        area=place is None and _AREA.search(toponym.text + after) is not None,
                        own_name=entry is not None and entry.own_name,
                    )
                )
            self._cache[sentence.start] = sorted(found, key=lambda c: c.start)
        return self._cache[sentence.start]

    def doubtful(self, sentence: "Span") -> list[Candidate]:
        """Return what may be a place only if an event's words make it one.

        Names that stand for a government elsewhere ("in Tehran, said"), and capitalised names that
        no gazetteer knows, where a place would stand: "clashed at Qasr Oba".
        """
        if sentence.start not in self._doubtful:
            own = self.candidates(sentence)
            taken = {i for c in own for i in range(c.start, c.end)}
            found = []
            for toponym in self._document.toponyms:
                inside = sentence.start_char <= toponym.start < sentence.end_char
                opens = self._in_dateline(toponym.start)
                if inside and toponym.kind == "metonym" and not opens:
                    head = self._token(toponym)
                    found.append(Candidate(toponym.start, toponym.end, toponym.text, toponym.place,
                                           head, "metonym", toponym=toponym))  # fmt: skip
                    taken.update(range(toponym.start, toponym.end))
            for span in name_runs(sentence):
                free = taken.isdisjoint(range(span.start_char, span.end_char))
                if free and not self._in_dateline(span.start_char):
                    text = self._document.text[span.start_char : span.end_char]
                    found.append(
                        Candidate(span.start_char, span.end_char, text, None, span.root, "name")
                    )
            self._doubtful[sentence.start] = found
        return self._doubtful[sentence.start]

    def _in_dateline(self, start: int) -> bool:
        """Return whether a position in the text is in a dateline."""
        return any(first <= start < end for first, end in self._datelines)

    def dateline(self) -> Candidate | None:
        """Return the place that the dateline names: where "here" is."""
        for toponym in self._document.toponyms:
            if self._in_dateline(toponym.start) and toponym.place is not None:
                head = self._token(toponym)
                return Candidate(toponym.start, toponym.end, toponym.text, toponym.place, head,
                                 "place", toponym=toponym)  # fmt: skip
        return None

    def pair_in(self, sentence: "Span") -> str | None:
        """Return the border ("AF-IR") that a sentence names."""
        return next((c.pair for c in self.candidates(sentence) if c.pair), None)

    def _token(self, toponym: Toponym) -> "Token":
        """Return the syntactic head of a toponym's words."""
        span = self._doc.char_span(toponym.start, toponym.end, alignment_mode="expand")
        if span is None:
            return self._doc[0]
        placed = (t for t in span if t.dep_ == "pobj" and t.head.i < span.start)
        return next(placed, span.root)  # the parse takes "in Foz do Iguaçu" apart

    def trusted(self, candidate: Candidate) -> Candidate:
        """Return a candidate, without its place where that is a namesake far from the story.

        A small town in a country that the document does not speak of, nor of a neighbour of it,
        while it speaks of others: people fight where the story is.
        """
        toponym, place = candidate.toponym, candidate.place
        if toponym is None or place is None:
            return candidate
        entry = self._gazetteer.get(place.id)
        if entry is None or entry.kind not in _ONE_OF_MANY:
            return candidate
        main = fold(place.name) == fold(toponym.text)  # and not a name beside another
        if entry.population >= _WELL_KNOWN and main:
            return candidate
        named = {
            other.place.country
            for other in self._document.toponyms
            if other.place and other.place.country and other.text != toponym.text
        }
        near = named | {code for country in named if main for code in _beside(country)}
        if not named or place.country in near:
            return candidate
        doubt = f"the one known of this name is in {place.country}, which the text does not name"
        return replace(candidate, place=None, doubt=doubt)

    def looked_up(self, candidate: Candidate) -> Candidate:
        """Return an unknown name with its town, where the story's countries have just one.

        A whole name of a town in a country that the document speaks of, and only one such.
        """
        if candidate.place is not None or candidate.kind not in {"name", "place"}:
            return candidate
        named = {t.place.country for t in self._document.toponyms if t.place and t.place.country}
        entries = {
            match.entry.place.id: match.entry
            for match in self._gazetteer.lookup(candidate.text)
            if match.entry.place.country in named and match.entry.place.feature_class == "P"
        }
        if candidate.kind == "place":  # an unknown one that the story names the state of
            entries = {i: e for i, e in entries.items() if e.place.feature_code == "PPLC"}
        if len(entries) != 1:
            return candidate
        (entry,) = entries.values()
        return replace(candidate, place=entry.place, own_name=entry.own_name)

    def _misread(self, toponym: Toponym) -> bool:
        """Return whether the text calls a division what was resolved to a town."""
        after = self._document.text[toponym.end : toponym.end + 30]
        before = self._document.text[max(0, toponym.start - 20) : toponym.start]
        division = _DIVISION.match(after) or _DIVISION_OF.search(before)
        town = toponym.place is not None and toponym.place.feature_class in {None, "P"}
        return division is not None and town

    def _division(self, toponym: Toponym) -> Place | None:
        """Return the division of a name in the country of the town that it was taken for."""
        country = toponym.place.country if toponym.place else None
        found = [
            match.entry.place
            for match in self._gazetteer.lookup(toponym.text)
            if match.entry.kind == "division" and match.entry.place.country == country
        ]
        first = [place for place in found if place.feature_code == "ADM1"]
        return next(iter(first or found), None)

    def before(self, token: "Token") -> Candidate | None:
        """Return the place named last before a word: in its sentence, else in the one before.

        No country: "there" is somewhere in it.
        """
        sentence = token.sent
        first = self._doc[sentence.start - 1].sent if sentence.start else sentence
        for span in (sentence, first):
            named = [
                c
                for c in [*self.candidates(span), *self.doubtful(span)]
                if c.kind not in {"border", "road", "metonym"} and c.end <= token.idx
                and not (c.place and (c.place.feature_code or "").startswith("PCL"))
            ]  # fmt: skip
            if named:
                return max(named, key=lambda c: c.start)
        return None

    def _line_name(self, toponym: Toponym) -> str | None:
        """Return the name of a border line, if a toponym is one."""
        row = self._lines.get(toponym.place.id) if toponym.place else None
        return row["name"] if row else None

    def soils(self, sentence: "Span") -> Iterator[Candidate]:
        """Yield "Iranian soil", "Iraqi territory" as the country."""
        for toponym in self._document.toponyms:
            inside = sentence.start_char <= toponym.start < sentence.end_char
            if toponym.kind != "demonym" or not inside:
                continue
            noun = self._token(toponym).head
            if noun.lower_ in {"soil", "territory", "side"}:
                end = noun.idx + len(noun.text)
                text = self._document.text[toponym.start : end]
                yield Candidate(toponym.start, end, text, toponym.place, noun, "soil")

    def _borders(self, sentence: "Span") -> Iterator[Candidate]:
        """Yield the borders between two states that a sentence names."""
        if not _OF_BORDERS.search(self._document.text, sentence.start_char, sentence.end_char):
            return
        for token in sentence:
            if lemma(token) not in _BORDER_WORDS or token.dep_ == "compound":
                continue
            codes: list[str] = []
            first, last = token.i, token.i
            for toponym in self._document.toponyms:
                if not sentence.start_char <= toponym.start < sentence.end_char:
                    continue
                head = self._token(toponym)
                if toponym.place and toponym.place.country and self._at_border(head, token):
                    if toponym.place.country not in codes:
                        codes.append(toponym.place.country)
                        first, last = min(first, head.i), max(last, head.i)
            if len(codes) == 1:
                codes += self._neighbour(codes[0])
            if codes:
                yield self._border(token, codes, self._doc[first : last + 1])

    def _neighbour(self, code: str) -> list[str]:
        """Return the only other country of the document that borders on one: "the Iraqi border"."""
        named = {t.place.country for t in self._document.toponyms if t.place}
        pairs = (row["pair"].split("-") for row in read_table("borders"))
        found = {other for pair in pairs if code in pair for other in pair} & named - {code}
        return [str(other) for other in found] if len(found) == 1 else []

    def _border(self, token: "Token", codes: list[str], words: "Span") -> Candidate:
        """Return the border between two states as a place."""
        names = [self._gazetteer.country(code) for code in codes]
        name = "–".join(entry.place.name for entry in names if entry) + " border"
        pair = "-".join(sorted(codes)) if len(codes) == 2 else None
        place = Place(f"geomap:border/{pair}", None, name, None, None, "L", None) if pair else None
        text = self._document.text[words.start_char : words.end_char]
        return Candidate(words.start_char, words.end_char, text, place, token, "border", pair, name)

    def _at_border(self, head: "Token", border: "Token") -> bool:
        """Return whether a name says which border: "the A-B border", "border between A and B"."""
        for token in [head, *head.ancestors]:
            if token.i == border.i:
                return True
            if is_verb(token):
                return False
            if token.dep_ == "pobj" and token.head.lower_ not in {"between", "with", "of", "and"}:
                return False
        return False

    def _roads(self, sentence: "Span") -> Iterator[Candidate]:
        """Yield "the road between A and B", "the A-B highway", as a line that nobody drew."""
        text = self._document.text
        towns = [
            t
            for t in self._document.toponyms
            if t.kind == "place" and sentence.start_char <= t.start < sentence.end_char
        ]
        for one, other in itertools.pairwise(towns):
            gap = text[one.end : other.start]
            after = _ROAD.match(text[other.end :]) if gap in {"-", "–", " – ", "—"} else None
            road = after
            if gap in {" and ", " to ", " with "}:
                road = _ROAD_TO.search(text[: one.start])
            if road is None:
                continue
            shift = other.end if after else 0
            spot = shift + road.start("road")
            token = next((t for t in sentence if t.idx == spot), None)
            if token is None:
                continue
            start, end = min(one.start, spot), max(other.end, spot + len(token.text))
            yield Candidate(start, end, text[start:end], _road(one, other), token, "road")
        for town in towns:  # "the Gao road": no point in Gao
            after = _ROAD.match(text[town.end :])
            spot = town.end + after.start("road") if after else -1
            token = next((t for t in sentence if t.idx == spot), None)
            if after is not None and token is not None:
                beside = re.search(r"[\w'’]+\s?[-–]\s?$", text[: town.start])
                start, end = (
                    town.start - len(beside[0]) if beside else town.start,
                    spot + len(token.text),
                )
                yield Candidate(start, end, text[start:end], None, token, "road")

    def _capitals(self, sentence: "Span") -> Iterator[Candidate]:
        """Yield "the Qatari capital", "the capital of Qatar", as the city meant."""
        for token in sentence:
            if token.lower_ != "capital" or token.pos_ not in {"NOUN", "ADJ", "PROPN"}:
                continue
            for toponym in self._document.toponyms:
                if not sentence.start_char <= toponym.start < sentence.end_char:
                    continue
                gap = self._document.text[toponym.end : token.idx]
                behind = self._document.text[token.idx + len(token.text) : toponym.start]
                joined = toponym.end <= token.idx and gap in {" ", "'s ", "’s "}
                after = toponym.start > token.idx and behind in {" of ", " of the "}
                if not (joined or after) or not toponym.place or not toponym.place.country:
                    continue
                if not (toponym.place.feature_code or "").startswith("PCL"):
                    continue  # "the capital of Balochistan": a division's is not the country's
                entry = self._gazetteer.capital_of(toponym.place.country)
                named = any(
                    t.place
                    and entry
                    and t.place.id == entry.place.id
                    and abs(t.start - token.idx) < 40
                    for t in self._document.toponyms
                )
                if entry is None or named:
                    continue
                start = min(toponym.start, token.idx)
                end = max(toponym.end, token.idx + len(token.text))
                yield Candidate(start, end, self._document.text[start:end], entry.place, token,
                                "capital")  # fmt: skip
