"""What ties a place to an event's words, and what says that it is another's.

The questions that :mod:`geomap.events.where` asks of a place and a trigger, one by one.
"""

from typing import TYPE_CHECKING

from geomap.events.candidates import Candidate
from geomap.events.nouns import CIVIL, OFFICES, ORGANS, REBELS
from geomap.events.sources import SPEECH
from geomap.events.syntax import (
    adpositions,
    clause_of,
    head_noun,
    is_verb,
    lemma,
    remembered_by,
    subjects,
)
from geomap.events.triggers import Trigger

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = [
    "at_hand",
    "beside_it",
    "contains_another",
    "here",
    "left_behind",
    "named_after",
    "may_be_on",
    "of_another_clause",
    "home_of",
    "preposition_of",
    "same_size",
    "set_for",
    "size",
    "told_of",
    "the_town",
    "toll",
]

_DIRECTIONS = {
    "north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest",
    "km", "kilometre", "kilometer", "mile",
}  # fmt: skip
_PARTS = {
    "city", "town", "village", "port", "province", "region", "district", "state", "outskirt",
    "outskirts", "suburb", "centre", "center", "edge", "vicinity", "area", "part", "side",
    "capital", "island", "valley", "municipality", "governorate", "oblast", "county", "camp",
    "post", "crossing", "checkpoint", "resort", "base", "enclave", "quarter", "neighbourhood",
}  # fmt: skip
# Places that have others inside them: "the Anbar town of Hit", "a Kunduz village".
_SETTLEMENTS = {"city", "town", "village", "port", "suburb", "settlement", "hamlet", "township",
                "island"}  # fmt: skip
# Who does these things is where they happen; who does others may sit far away.
_ON_THE_SPOT = {
    "protest", "arrest", "armed_clash", "border_clash", "attack_on_civilians", "abduction",
    "explosion",
}  # fmt: skip
_TOWNS = {"town", "village", "city", "port", "settlement"}
_EDGES = {"edge", "outskirt", "outskirts", "centre", "center", "gate", "middle", "heart"}
# What tells of somebody or something before it came: "fired from A", "a man born in B".
_CAME = {"base", "bear", "bind", "come", "educate", "fire", "fly", "hail", "head", "launch", "live",
         "return", "sail", "schedule", "station", "study", "train", "travel", "raise",
         "register"}  # fmt: skip
_GATHERINGS = {
    "meeting", "conference", "summit", "session", "forum", "congress", "talk", "workshop",
    "exhibition", "trial", "funeral",
}  # fmt: skip
_AT = {"in", "at", "near", "outside", "inside", "on", "around"}
_HELD_ON = {"PSTB", "BDG", "CSTM", "PRT", "ISL", "ISLS", "PEN", "PLAT", "LK", "STM", "MT", "MTS"}
_SIZES = {"PCLI": 6, "ADM1": 4, "ADM2": 3, "CONT": 8, "RGN": 5}
_LAND = {"river", "island", "islands", "plateau", "peninsula", "mountain", "lake", "heights",
         "bridge"}  # fmt: skip


def told_of(candidate: Candidate, trigger: Trigger) -> bool:
    """Return whether a clause with "where" tells of a place: "in A, where clashes erupted"."""
    clause = clause_of(trigger.predicate)
    while clause.dep_ == "xcomp" and is_verb(clause.head):
        clause = clause.head  # "A, where he is to meet B"
    if clause.dep_ != "relcl" or not any(child.lower_ == "where" for child in clause.children):
        return False
    noun = clause.head
    if noun.ent_type_ in {"DATE", "TIME"} and noun.dep_ == "pobj":
        # "will go to A on Saturday, where he is to meet B": the parse hangs it on the day
        beside = candidate.head.head
        return (
            candidate.head.dep_ == "pobj"
            and beside.head.i == noun.head.head.i
            and (candidate.head.i < noun.i)
        )
    inner = [t for t in noun.subtree if t.dep_ == "pobj" and t.head.head.i == noun.i]
    names = {noun.i, *(t.i for t in inner if t.head.lower_ == "of")}
    return candidate.head.i in names


def of_another_clause(candidate: Candidate, trigger: Trigger) -> bool:
    """Return whether a place stands in a condition, or in a clause coordinated with the event's.

    "Will be released if the court in A agrees"; "two were shot outside A and eleven were held".
    """
    own = clause_of(trigger.predicate)
    clause = clause_of(candidate.head)
    if clause.i != own.i and _of_speaker(candidate, clause, own):
        return True
    if clause.i == own.i or own in clause.subtree and own.dep_ != "conj":
        return False
    if clause.dep_ == "advcl" and any(c.lower_ in {"if", "unless"} for c in clause.children):
        return own in clause.ancestors
    if clause.dep_ == "ccomp" and clause.head.i == own.i:
        between = clause.doc[clause.i + 1 : own.i]
        return any(t.text == ";" for t in between)  # "shot two in A; one was found later"
    beside = own.dep_ == "conj" and own.head.i == clause.i
    if beside and any(c.lower_ in {"later", "afterwards"} for c in own.children):
        return True  # "overran A and blew up a bridge four days later"
    both = all(any(c.dep_ in {"nsubj", "nsubjpass"} for c in v.children) for v in (own, clause))
    return beside and both and candidate.head.i > clause.i


def _of_speaker(candidate: Candidate, clause: "Token", own: "Token") -> bool:
    """Return whether a place is where somebody speaks of it: "told a reporter in A that ..."."""
    if lemma(clause) not in SPEECH or not any(t.i == clause.i for t in own.ancestors):
        return False
    speaker = min((s.left_edge.i for s in subjects(clause)), default=clause.i)
    return candidate.head.i > speaker  # "In A, police said": may be where it was


def home_of(candidate: Candidate, trigger: Trigger) -> bool:
    """Return whether a place tells where those who do it are from: "brokered by elders of A".

    Or what they did before: "a ship that had sailed from A was seized".
    """
    goals = {trigger.token.i, trigger.predicate.i}
    current = candidate.head
    while current.head.i != current.i and current.i not in goals:
        head = current.head
        if current.dep_ == "prep" and current.lower_ in {"of", "from"} and _someone(head):
            by = head.dep_ == "pobj" and head.head.dep_ in {"agent", "prep"}
            if head.dep_ == "nsubj" or by and head.head.lower_ == "by":
                return True
        if current.dep_ in {"acl", "relcl"} and lemma(current) in _CAME and is_verb(current):
            return trigger.token not in current.subtree
        current = head
    return False


def beside_it(candidate: Candidate, trigger: Trigger) -> bool:
    """Return whether a place belongs to another happening, or to what is done about this one.

    "Agreed at a meeting in A", "the battle was remembered in B".
    """
    goals = {trigger.token.i, trigger.predicate.i}
    talks = trigger.event_class.layer == "diplomatic_venues"  # met "at a conference in A": there
    for noun in candidate.head.ancestors:
        if noun.i in goals or talks:
            break
        if lemma(noun) in _GATHERINGS and noun.pos_ == "NOUN":
            return trigger.token not in noun.subtree
    if is_verb(trigger.token):
        return False
    verb = remembered_by(trigger.token)
    return verb is not None and candidate.head not in trigger.token.subtree


def left_behind(candidate: Candidate, trigger: Trigger) -> bool:
    """Return whether a place tells of what people fled: "fled villages around A"."""
    line = [candidate.head, *candidate.head.ancestors]
    return any(t.dep_ == "dobj" and t.head.i == trigger.predicate.i for t in line)


def set_for(candidate: Candidate) -> bool:
    """Return whether something is planned for a place: "once planned for A"."""
    return any(lemma(t) in {"plan", "set", "schedule", "slate", "earmark"} for t in (
        candidate.head.head.head, candidate.head.head
    ))  # fmt: skip


def toll(trigger: Trigger) -> set[int]:
    """Return the verb of a toll, whose place is the event's: "killed near A in a clash"."""
    noun = head_noun(trigger.token)
    verb = noun.head.head
    dead = {"kill", "wound", "injure", "die", "hurt"}
    inside = noun.dep_ == "pobj" and noun.head.lower_ in {"in", "during", "by"}
    return {verb.i} if inside and trigger.support is None and lemma(verb) in dead else set()


def may_be_on(candidate: Candidate, trigger: Trigger) -> bool:
    """Return whether something can happen "on" a place: at a post, on an island or a river."""
    if candidate.place is not None:
        return candidate.place.feature_code in _HELD_ON
    last = candidate.text.lower().split()[-1]
    return trigger.event_class.layer != "diplomatic_venues" and last in _LAND


def at_hand(trigger: Trigger) -> bool:
    """Return whether who does it must be where it happens."""
    return trigger.event_class.name in _ON_THE_SPOT


def contains_another(candidate: Candidate) -> bool:
    """Return whether a name only says in what a nameless or another place lies.

    "The Anbar town of Hit": the place is Hit. "A Kunduz village": no point in Kunduz.
    """
    head = candidate.head.head
    town = candidate.place is not None and candidate.place.feature_class in {None, "P"}
    if candidate.head.dep_ == "appos" and town and _unknown_name(head, candidate):
        return True  # "near Ber (Timbuktu)": where nobody knows Ber
    if head.lower_ == "in" and town and _of_journey(head):
        return True  # "on the way to Sabon Birni, in Sokoto"
    if head.lower_ == "between" and any(_someone(t) for t in candidate.head.conjuncts):
        return True  # "between Bamako and the armed movements": its government
    while candidate.head.dep_ == "compound" and head.dep_ == "compound":
        head = head.head  # "the Mediterranean resort city of Antalya"
    if candidate.head.dep_ not in {"compound", "amod", "nmod", "poss"}:
        return False
    if lemma(head) not in _SETTLEMENTS or head.i < candidate.head.i:
        return False
    named = any(
        child.lower_ == "of" and any(noun.pos_ == "PROPN" for noun in child.children)
        for child in head.children
    )
    some = any(child.lower_ in {"a", "an", "another", "several", "two"} for child in head.children)
    area = candidate.place is not None and candidate.place.feature_class in {"A", "L", "T"}
    return named or (some and not area)


def _of_journey(preposition: "Token") -> bool:
    """Return whether "in" stands behind where somebody comes from or goes: "to A, in B"."""
    doc, at = preposition.doc, preposition.i
    if at < 3 or doc[at - 1].text != "," or doc[at - 2].pos_ != "PROPN":
        return False
    name = doc[at - 2]
    return name.dep_ == "pobj" and name.head.lower_ in {"to", "from", "towards", "toward"}


def _someone(noun: "Token") -> bool:
    """Return whether a noun stands for people, an office or a force."""
    word = lemma(noun)
    return word in CIVIL or word in REBELS or word in ORGANS or word in OFFICES | {"movement"}


def _unknown_name(name: "Token", candidate: Candidate) -> bool:
    """Return whether a name that a place stands beside, in brackets or commas, is a place's too."""
    between = name.doc.text[name.idx + len(name.text) : candidate.start]
    beside = between in {" (", ", ", ", in "}
    placed = name.dep_ == "pobj" and name.head.lower_ in _AT | {"to"}
    return beside and placed and name.pos_ == "PROPN" and name.i < candidate.head.i


def preposition_of(token: "Token") -> str | None:
    """Return what a preposition says of place; None where the noun above it says it.

    "20 km north of X" is near X; "in the town of X" is in X.
    """
    above = lemma(token.head)
    if token.lower_ in {"of", "from"} and above in _DIRECTIONS:
        return "near"
    if token.lower_ == "of" and above in _PARTS:
        return None
    return token.lower_


def size(candidate: Candidate) -> int:
    """Order places by size: the most specific of a chain comes first."""
    place = candidate.place
    if place is None:
        return 4 if candidate.area else 2 if candidate.kind == "road" else 1
    if candidate.kind in {"border", "road"} or candidate.line is not None:
        return 2
    return _SIZES.get(place.feature_code or "", 1)


def same_size(one: Candidate, other: Candidate) -> bool:
    """Return whether two places are both points, or both wider."""
    return (size(one) >= 2) == (size(other) >= 2)


def named_after(candidate: Candidate, trigger: Trigger) -> bool:
    """Return whether an event is called after the town it was in: "the Turbat blast"."""
    place, head = candidate.place, candidate.head
    town = place is not None and place.feature_class in {None, "P"}
    violent = trigger.event_class.layer in {"conflict", "border_clashes", "unrest"}
    return town and violent and head.dep_ in {"compound", "nmod"} and head.head == trigger.token


def here(trigger: Trigger) -> bool:
    """Return whether an event's clause says "here", where the report was written."""
    clause = clause_of(trigger.predicate)
    sentence = trigger.token.sent
    for word in sentence:
        if word.lower_ == "here" and word.dep_ == "advmod":
            quoted = sum(t.text in {'"', "“", "”"} for t in sentence.doc[sentence.start : word.i])
            return quoted % 2 == 0 and clause_of(word.head).i == clause.i
    return False


def the_town(trigger: Trigger) -> "Token | None":
    """Return "the town" of "at the edge of the town": one that has no name here."""
    words = {trigger.token.i: trigger.token, trigger.predicate.i: trigger.predicate}
    for word in words.values():
        for preposition, noun in adpositions(word):
            inner = [n for of, n in adpositions(noun) if of == "of"]
            if lemma(noun) in _EDGES and inner:
                noun = inner[0]
            if preposition in _AT and _only_the_town(noun):
                return noun
    return None


def _only_the_town(noun: "Token") -> bool:
    bare = all(c.dep_ in {"det", "punct"} for c in noun.children)
    return bare and lemma(noun) in _TOWNS and any(c.lower_ == "the" for c in noun.children)
