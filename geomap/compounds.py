"""Names of several words: when a name that the gazetteer knows is but a part of a longer one.

"The Swat Valley" is no town called Valley, "the Arauca river" no town called Arauca, "Milan
Jovicic" no Milan. The gazetteer knows such a name as a whole or not at all.
"""

from typing import TYPE_CHECKING

from geomap.bodies import body, outlet
from geomap.gazetteer import Gazetteer
from geomap.names import fold

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

__all__ = ["longer_names", "part_of_name", "stands_alone", "whole_names"]

# What a name in front of it is a name of: "the Swat Valley" is no town called Valley.
_NATURE = {
    "valley", "hill", "hills", "plateau", "mountain", "mountains", "desert", "plain", "plains",
    "river", "lake", "strait", "pass", "peninsula", "island", "islands", "delta", "basin",
    "highlands", "heights", "gorge", "canal", "coast", "forest", "marshes", "glacier", "steppe",
    "creek", "stream", "oasis", "bay", "gulf", "sea", "corridor", "ridge", "range", "massif",
}  # fmt: skip
_NATURE_IN_CAPITALS = {"country", "cape", "falls", "fields", "point", "bridge", "dam", "tunnel"}
_DIVISIONS = {
    "province", "district", "region", "governorate", "oblast", "county", "state", "division",
    "prefecture", "canton", "department", "municipality", "voblast", "raion", "territory",
}  # fmt: skip
_SITES = {
    "airport", "bridge", "crossing", "station", "university", "hospital", "palace", "square",
    "castle", "fort", "base", "camp", "market", "street", "road", "park", "tower", "hotel",
    "school", "stadium", "church", "mosque", "temple", "gate", "tunnel", "dam", "port", "harbour",
    "harbor", "prison", "embassy", "barracks", "cemetery",
}  # fmt: skip
_LINKS = {"-", "al", "el", "ul", "az", "ash", "as", "ad", "ar", "de", "del", "la"}
# Named in honour of anything: "Freedom Square" lies in no town called Freedom.
_CALLED_AFTER = {
    "square", "street", "avenue", "boulevard", "road", "park", "memorial", "monument", "bridge",
    "gate", "palace", "tower", "hotel", "hall", "theatre", "theater", "mosque", "church",
    "cathedral", "fort", "house", "plaza", "garden", "gardens", "center", "centre", "building",
}  # fmt: skip
_BEFORE_NAMES = {"lake", "mount", "mt", "mt.", "river", "cape", "wadi", "jebel", "jabal"}
_BESIDE_TOWNS = _DIVISIONS | {
    "city", "town", "village", "port", "airport", "bridge", "crossing", "gate", "camp", "border",
    "north", "south", "east", "west", "northern", "southern", "eastern", "western", "central",
    "greater", "old", "new", "upper", "lower",
}  # fmt: skip


def longer_names(doc: "Doc", gazetteer: Gazetteer) -> list[tuple[int, int, str]]:
    """Return names with the noun they are a name of: "the Swat Valley", "the Arauca river".

    Each is first token, last token (exclusive) and why. A division's or region's own name keeps
    its sense: "Herat province", "the Donbas region".
    """
    result: list[tuple[int, int, str]] = []
    for noun in doc:
        if noun.pos_ not in {"NOUN", "PROPN", "ADJ"}:
            continue
        large = noun.text[:1].isupper()
        if large and noun.lower_ in _BEFORE_NAMES and not noun.text.isupper():
            last = noun.i + 1
            while last < len(doc) and _name_word(doc[last]):
                last += 1
            known = (end for end in range(last, noun.i + 1, -1)
                     if gazetteer.contains(fold(doc[noun.i : end].text)))  # fmt: skip
            last = next(known, last)  # "Mount Pleasant High School" lies in a town
            if last > noun.i + 1:
                result.append((noun.i, last, f"a name with {noun.text!r}"))
                continue
        division = noun.lower_ in _DIVISIONS
        if not division and noun.lower_ not in _NATURE | (_NATURE_IN_CAPITALS if large else set()):
            continue
        first = _first_word(noun)
        while not large and first < noun.i and gazetteer.demonym(doc[first].text):
            first += 1  # "the Iraqi desert"
        if not large and first and doc[first - 1].lower_ in {"a", "an"}:
            continue  # "a Muskoka lake" is no lake's name
        if first < noun.i and not _keeps_sense(doc[first : noun.i], noun, gazetteer):
            result.append((first, noun.i + 1, f"a name with {noun.text!r}"))
    return result


def whole_names(doc: "Doc", gazetteer: Gazetteer) -> list[tuple[int, int]]:
    """Return the longer names that no part stands for, as first and last token.

    Names of nature ("the Swat Valley"), but none in front of another word of a name ("Glacier
    Ridge High School").
    """
    nature = _NATURE | _NATURE_IN_CAPITALS
    found = []
    for first, last, _ in longer_names(doc, gazetteer):
        noun = doc[last - 1]
        of_nature = noun.lower_ in nature or doc[first].lower_ in _BEFORE_NAMES
        goes_on = last < len(doc) and doc[last].text[:1].isupper()
        body_of = doc[first].ent_type_ == "ORG" and noun.ent_type_ != "ORG"
        if of_nature and not goes_on and not body_of:
            found.append((first, last))
    return found


def _first_word(noun: "Token") -> int:
    """Return where the name before a noun begins: "Deir al-Zor province"."""
    first = noun.i
    while first > 0:
        before = first - 1
        while before > 0 and first < noun.i and noun.doc[before].lower_ in _LINKS:
            before -= 1
        if not _name_word(noun.doc[before]):
            break
        first = before
    return first


def _name_word(token: "Token") -> bool:
    """Return whether a token can stand in a name before or behind its noun."""
    large = token.text[:1].isupper() and token.text[:1].isalpha()
    return large and token.pos_ in {"PROPN", "ADJ", "NOUN"} and not token.is_stop


def _keeps_sense(name: "Span", noun: "Token", gazetteer: Gazetteer) -> bool:
    """Return whether a name means the same without the noun behind it, or is no place's."""
    whole = name.doc[name.start : noun.i + 1].text
    if gazetteer.contains(fold(whole)):
        return not noun.text[:1].islower()  # the longest known name is found in any case
    if body(whole) or outlet(whole) or name[-1].ent_type_ == "PERSON":
        return True
    if not any(token.pos_ == "PROPN" for token in name):
        return True
    apart = name[0].ent_type_ in {"DATE", "ORG"} and noun.ent_type_ != name[0].ent_type_
    if apart or gazetteer.demonym(name.text):
        return True
    kinds = {match.entry.kind for match in gazetteer.lookup(name.text)}
    if noun.lower_ in _DIVISIONS:
        return bool(kinds & {"division", "region", "country"})
    return "region" in kinds or (noun.lower_ == "coast" and bool(kinds & {"country", "division"}))


def part_of_name(span: "Span", label: str, entity: "Span | None", gazetteer: Gazetteer) -> bool:
    """Return whether a known name is but a part of a longer proper name: "Milan Jovicic"."""
    if entity is not None and (entity.start, entity.end) == (span.start, span.end):
        return False
    if label not in {"", "GPE", "LOC", "PERSON"}:
        # Inside an organisation's or a building's name it is embedded: "Aleppo University".
        return entity is not None and entity[-1].lower_ in _CALLED_AFTER
    doc = span.doc
    beside = [doc[i] for i in (span.start - 1, span.end) if 0 <= i < len(doc)]
    for token in beside:
        joined = token.head in span or any(t.head == token for t in span)
        named = token.pos_ == "PROPN" and token.text[:1].isupper() and joined
        if not named or token.dep_ not in {"compound", "flat"} and not _compounds(span, token):
            continue
        if token.lower_ not in _BESIDE_TOWNS and not gazetteer.demonym(token.text):
            return True
    return False


def _compounds(span: "Span", token: "Token") -> bool:
    """Return whether a span is the first part of a compound that ends in a token."""
    return any(t.dep_ in {"compound", "flat"} and t.head == token for t in span)


def stands_alone(token: "Token") -> bool:
    """Return whether a word such as "Valley" is a name by itself: "in Valley, Alabama"."""
    if token.lower_ not in _NATURE | _NATURE_IN_CAPITALS | _DIVISIONS | _SITES:
        return True
    after = token.doc[token.i + 1 : token.i + 3].text
    return after.startswith(", ") and after[2:3].isupper() or after.split(" ")[0] in _DIVISIONS
