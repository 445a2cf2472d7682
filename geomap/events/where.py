"""Where: the place of an event, with its precision and the reason, or none.

Candidates are the places of the sentence, "the Qatari capital", and borders ("along the Iran–
Afghanistan border"). One counts where a locative preposition ties it to the event's own words. A
speaker's seat, a dateline, an origin, a destination or a participant's capital never does.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geomap.events.candidates import DOUBTFUL, Candidate, CandidateReader
from geomap.events.ranking import rows_of, subject_of
from geomap.events.syntax import clause_of, head_noun, is_verb, lemma, subjects, topic
from geomap.events.triggers import Trigger
from geomap.gazetteer import Gazetteer
from geomap.model import Document, PlaceRole
from geomap.trees import load_trees

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

__all__ = ["PlaceReader", "Weighed", "host_country"]

KEPT = 0.1
"""How likely a place must be that the rules tie to an event."""
FOUND = 0.5
"""How likely one must be that they do not tie."""
FOUND_NAME = 0.4
"""How likely a capitalised name must be that no gazetteer knows."""
_BY_TREES = {"conflict", "border_clashes", "unrest"}
"""Layers whose places trees help to read; they have seen no diplomacy, aid or flight."""
_MADE = {"border", "road", "capital", "soil", "embedded"}

_LOCATIVE = {
    "in", "at", "near", "around", "outside", "inside", "along", "across", "on", "off", "within",
    "throughout", "over", "through", "close", "beside",
}  # fmt: skip
_DIRECTIONS = {
    "north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest",
    "km", "kilometre", "kilometer", "mile",
}  # fmt: skip
_PARTS = {
    "city", "town", "village", "port", "province", "region", "district", "state", "outskirt",
    "outskirts", "suburb", "centre", "center", "edge", "vicinity", "area", "part", "side",
    "capital", "island", "valley", "municipality", "governorate", "oblast", "county", "camp",
}  # fmt: skip
# Places that have others inside them: "the Anbar town of Hit", "a Kunduz village".
_SETTLEMENTS = {"city", "town", "village", "port", "suburb", "settlement", "hamlet", "township",
                "island"}  # fmt: skip
# Who does these things is where they happen; who does others may sit far away.
_ON_THE_SPOT = {
    "protest", "arrest", "armed_clash", "border_clash", "attack_on_civilians", "abduction",
    "explosion",
}  # fmt: skip
_HELD_ON = {"PSTB", "BDG", "CSTM", "PRT", "ISL", "ISLS", "PEN", "PLAT", "LK", "STM", "MT", "MTS"}
_LAND = {"river", "island", "islands", "plateau", "peninsula", "mountain", "lake", "heights",
         "bridge"}  # fmt: skip
_ORIGIN = {"from"}
_DESTINATION = {"to", "into", "toward", "towards", "for"}


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate with the rules' tie to an event, and the probability that the trees give it."""

    candidate: Candidate
    tie: tuple[int, str] | None
    probability: float
    barred: bool = False

    @property
    def holds(self) -> bool:
        """Whether it counts as the event's place."""
        if self.candidate.kind in _MADE:
            return self.tie is not None  # borders, roads, capitals: of more words than a name
        if self.tie is not None:
            return self.probability >= KEPT
        least = FOUND_NAME if self.candidate.kind in DOUBTFUL else FOUND
        return not self.barred and self.probability >= least

    @property
    def words(self) -> str:
        """The words that say so."""
        if self.tie is not None:
            return self.tie[1]
        head = self.candidate.head
        return (
            f"{head.head.text} {self.candidate.text}"
            if head.dep_ == "pobj"
            else (f"{self.candidate.text} beside {head.head.text}")
        )


class PlaceReader:
    """Reads the places of one document's events."""

    def __init__(self, document: Document, gazetteer: Gazetteer) -> None:
        self._document = document
        self._doc: Doc = document.analysis
        self._named = CandidateReader(document, gazetteer)
        self._weighed: dict[int, list[Weighed]] = {}

    def candidates(self, sentence: "Span") -> list[Candidate]:
        """Return the places of a sentence."""
        return self._named.candidates(sentence)

    def all_candidates(self, sentence: "Span") -> list[Candidate]:
        """Return the places of a sentence, with those that only an event's words make one."""
        found = [*self._named.candidates(sentence), *self._named.doubtful(sentence)]
        return sorted(found, key=lambda c: (c.start, c.end))

    def tie(self, candidate: Candidate, trigger: Trigger) -> tuple[int, str] | None:
        """Return how closely the rules tie a candidate to an event, and by which words."""
        return None if candidate.kind in DOUBTFUL else self._tie(candidate, trigger)

    def pair_in(self, sentence: "Span") -> str | None:
        """Return the border ("AF-IR") that a sentence names."""
        return self._named.pair_in(sentence)

    def weigh(self, triggers: Sequence[Trigger]) -> None:
        """Ask the trees about all triggers of the document at once."""
        kept, rows = [], []
        beside: dict[int, list[Trigger]] = {}
        for trigger in triggers:
            beside.setdefault(trigger.token.sent.start, []).append(trigger)
        for trigger in triggers:
            if trigger.event_class.layer not in _BY_TREES:
                continue
            candidates = self.all_candidates(trigger.token.sent)
            ties = [self.tie(candidate, trigger) for candidate in candidates]
            kept.append((trigger, candidates, ties))
            rows += rows_of(subject_of(trigger), candidates, ties)
        answers = iter(load_trees("places", "geomap.events").probabilities(rows))
        for trigger, candidates, ties in kept:
            near = beside[trigger.token.sent.start]
            self._weighed[trigger.token.i] = [
                Weighed(candidate, tie, next(answers), self._barred(candidate, trigger, near))
                for candidate, tie in zip(candidates, ties, strict=True)
            ]

    def placed(self, trigger: Trigger) -> list[tuple[Candidate, str]]:
        """Return where a trigger's event happened: candidates with the words that say so.

        Several only where they are coordinated ("at A and B").
        """
        weighed = self._weighed.get(trigger.token.i)
        if weighed is None:
            weighed = [
                Weighed(candidate, tie, 1.0)
                for candidate in self.candidates(trigger.token.sent)
                if (tie := self.tie(candidate, trigger)) is not None
            ]
        best = [
            (_size(w.candidate), w.tie[0] if w.tie else 9, w)
            for w in weighed
            if w.holds and not (w.candidate.kind == "border" and w.candidate.place is None)
        ]  # of "the border with Cameroon" the other side is not known
        if not best:
            return []
        best.sort(key=lambda item: (item[0], item[1], item[2].candidate.start))
        first = best[0][2]
        result = [first]
        for _, _, other in best[1:]:
            joined = self._coordinated(first.candidate, other.candidate)
            if joined and _same_size(first.candidate, other.candidate):
                result.append(other)
        if trigger.event_class.layer in {"conflict", "border_clashes", "unrest"}:
            result = [
                replace(w, candidate=self._named.looked_up(self._named.trusted(w.candidate)))
                for w in result
            ]
        result.sort(key=lambda w: w.candidate.start)
        return [(w.candidate, w.words) for w in result]

    def roles(self, trigger: Trigger, place: Candidate | None) -> tuple[PlaceRole, ...]:
        """Return origins and destinations beside the event."""
        found: list[PlaceRole] = []
        sentence = trigger.token.sent
        for candidate in [*self.candidates(sentence), *self._named.soils(sentence)]:
            if place is not None and candidate.start == place.start:
                continue
            role = self._movement(candidate, trigger)
            if role:
                place_id = candidate.place.id if candidate.place else None
                found.append(
                    PlaceRole(role, candidate.text, place_id, candidate.start, candidate.end)
                )
        return tuple(found)

    def _barred(self, candidate: Candidate, trigger: Trigger, triggers: Sequence[Trigger]) -> bool:
        """Return whether a candidate cannot be an event's place, however near it stands."""
        beside = [t for t in triggers if t.token.sent.start == trigger.token.sent.start]
        if _contains_another(candidate) or any(self._movement(candidate, t) for t in beside):
            return True  # where somebody goes or comes from
        line = [candidate.head, *candidate.head.ancestors]
        return any(topic(t) and t.i != trigger.token.i for t in line)

    # -- ties ----------------------------------------------------------------------------------

    def _tie(self, candidate: Candidate, trigger: Trigger) -> tuple[int, str] | None:
        """Return how closely a candidate is tied to an event as its place, and by which words."""
        if _contains_another(candidate):
            return None
        if _told_of(candidate, trigger):
            return 3, f"{candidate.text}, where"
        slots = trigger.group.place_slots
        goals = {trigger.token.i, trigger.predicate.i, *(w.i for w in trigger.words)}
        goals |= _toll(trigger)
        preposition: str | None = None
        steps = 0
        current = candidate.head
        while current.head.i != current.i and steps < 9:
            head = current.head
            steps += 1
            if current.dep_ == "pobj" and preposition is None:
                preposition = _preposition(head)
            if current.dep_ in {"nsubj", "nsubjpass"} and preposition is None:
                allowed = "subject" in slots or (current.dep_ == "nsubjpass" and "object" in slots)
                shut = trigger.event_class.name == "border_closure"
                if head.i in goals and allowed and (shut or candidate.kind != "embedded"):
                    return steps, f"{candidate.text} is what it happened to"
                return None
            if current.dep_ in {"nsubj", "csubj"} and head.i in goals and not _at_hand(trigger):
                if current.i not in goals:
                    return None  # "aid groups in Chiang Mai sent rice": the actor's seat
                steps += 1
            if current.dep_ == "dobj" and preposition is None:
                struck = head.i == trigger.predicate.i != trigger.token.i and "struck" in slots
                if head.i in goals and ("object" in slots or struck):
                    return steps, f"{candidate.text} is what it was done to"
                return None
            if current.dep_ == "poss" and preposition is None and not slots & {"object", "on"}:
                return None
            if head.i in goals or is_verb(head) and self._shares(current, head, trigger):
                return self._verdict(candidate, trigger, preposition, steps)
            if topic(head) or not self._passable(current, head, trigger):
                return None
            current = head
        return None

    def _passable(self, current: "Token", head: "Token", trigger: Trigger) -> bool:
        """Return whether the way up from a place may cross a word."""
        if not is_verb(head):
            return True
        # The trigger's own relative clause: "the clashes that erupted at A".
        if head.dep_ in {"relcl", "acl"} and not is_verb(trigger.token):
            if head.head.i == trigger.token.i or head.head in trigger.token.subtree:
                return True
        # The verb that the trigger's noun hangs on: "fled on Friday after an attack", not beyond.
        return trigger.token in head.subtree and not is_verb(trigger.token) and current.dep_ in {
            "prep", "npadvmod", "advmod",
        } and trigger.token.dep_ in {"nsubj", "nsubjpass", "dobj"}  # fmt: skip

    def _shares(self, current: "Token", verb: "Token", trigger: Trigger) -> bool:
        """Return whether what opens a sentence holds for a later verb: "In A, X did and did"."""
        fronted = current.dep_ == "prep" and current.i < verb.i and not any(
            child.i < current.i for child in verb.children if child.dep_ in {"nsubj", "nsubjpass"}
        )  # fmt: skip
        other = trigger.predicate
        if not is_verb(other):
            other = clause_of(other)
        while other.dep_ == "conj" and is_verb(other) and other.i != verb.i:
            other = other.head
        return fronted and other.i == verb.i

    def _verdict(
        self, candidate: Candidate, trigger: Trigger, preposition: str | None, steps: int
    ) -> tuple[int, str] | None:
        """Judge a candidate by the preposition that ties it to the event."""
        slots = trigger.group.place_slots
        if preposition is None:
            return None
        if trigger.event_class.name == "displacement" and preposition in {"in", "on", "at"}:
            return None  # "took refuge in Iran": where they went
        if preposition in slots or (preposition == "for" and _set_for(candidate)):
            return steps, f"{preposition} {candidate.text}"
        if preposition not in _LOCATIVE:
            return None
        if preposition == "on" and candidate.kind not in {"border", "road"}:
            frame = {w.lower_ for w in trigger.words}
            if "on" not in frame and not _may_be_on(candidate, trigger):
                return None
        return steps, f"{preposition} {candidate.text}"

    def _coordinated(self, one: Candidate, other: Candidate) -> bool:
        """Return whether two places are joined by "and"."""
        between = self._document.text[min(one.end, other.end) : max(one.start, other.start)]
        joined = re.fullmatch(
            r"(?:\s[a-z]+){0,3}?(?:,|,?\s(?:and|or))(?:\s(?:in|at|near|the|around))*\s", between
        )
        listed = re.fullmatch(
            r"(?:,\s(?:[A-Z][\w'’-]*\s?){1,3})+,?\s(?:and|or)\s(?:the\s)?", between
        )
        if between == ", ":  # "A, B and C", but not "Uri, Kashmir"
            rest = self._document.text[max(one.end, other.end) :][:40]
            return bool(re.match(r",?\s(?:and|or)\s[A-Z]|,\s[A-Z][\w'’-]+,?\s(?:and|or)\s", rest))
        return bool(joined or listed)

    def _movement(self, candidate: Candidate, trigger: Trigger) -> str | None:
        """Return "origin" or "destination" where a preposition of movement says so."""
        goals = {trigger.token.i, trigger.predicate.i, *(w.i for w in trigger.words)}
        preposition: str | None = None
        current = candidate.head
        for _ in range(8):
            head = current.head
            if head.i == current.i:
                return None
            if current.dep_ == "pobj" and preposition is None:
                preposition = head.lower_
            close = head.i in goals or any(
                head.i == g.i for t in goals for g in self._doc[t].children
            )
            if close and preposition is not None:
                if preposition in _ORIGIN:
                    return "origin"
                moving = trigger.event_class.name in {
                    "displacement",
                    "visit",
                    "withdrawal",
                    "border_incursion",
                }
                if moving and preposition in _DESTINATION | {"in", "on"}:
                    if trigger.event_class.name == "displacement" or preposition in _DESTINATION:
                        return "destination"
                return None
            if is_verb(head) and head.i not in goals:
                return None
            current = head
        return None


def _told_of(candidate: Candidate, trigger: Trigger) -> bool:
    """Return whether a clause with "where" tells of a place: "in A, where clashes erupted"."""
    clause = clause_of(trigger.predicate)
    while clause.dep_ == "xcomp" and is_verb(clause.head):
        clause = clause.head  # "A, where he is to meet B"
    if clause.dep_ != "relcl" or not any(child.lower_ == "where" for child in clause.children):
        return False
    noun = clause.head
    if noun.ent_type_ in {"DATE", "TIME"}:  # "to A on Saturday, where": parsed on the day
        verb = noun.head.head if noun.dep_ == "pobj" else noun.head
        return candidate.head.dep_ == "pobj" and candidate.head.head.head.i == verb.i
    inner = [t for t in noun.subtree if t.dep_ == "pobj" and t.head.head.i == noun.i]
    names = {noun.i, *(t.i for t in inner if t.head.lower_ == "of")}
    return candidate.head.i in names


def _set_for(candidate: Candidate) -> bool:
    """Return whether something is planned for a place: "once planned for A"."""
    return any(lemma(t) in {"plan", "set", "schedule", "slate", "earmark"} for t in (
        candidate.head.head.head, candidate.head.head
    ))  # fmt: skip


def _toll(trigger: Trigger) -> set[int]:
    """Return the verb of a toll, whose place is the event's: "killed near A in a clash"."""
    noun = head_noun(trigger.token)
    verb = noun.head.head
    dead = {"kill", "wound", "injure", "die", "hurt"}
    inside = noun.dep_ == "pobj" and noun.head.lower_ in {"in", "during", "by"}
    return {verb.i} if inside and trigger.support is None and lemma(verb) in dead else set()


def _may_be_on(candidate: Candidate, trigger: Trigger) -> bool:
    """Return whether something can happen "on" a place: at a post, on an island or a river."""
    if candidate.place is not None:
        return candidate.place.feature_code in _HELD_ON
    last = candidate.text.lower().split()[-1]
    return trigger.event_class.layer != "diplomatic_venues" and last in _LAND


def _at_hand(trigger: Trigger) -> bool:
    """Return whether who does it must be where it happens."""
    return trigger.event_class.name in _ON_THE_SPOT


def _contains_another(candidate: Candidate) -> bool:
    """Return whether a name only says in what a nameless or another place lies.

    "The Anbar town of Hit": the place is Hit. "A Kunduz village": no point in Kunduz.
    """
    head = candidate.head.head
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


def _preposition(token: "Token") -> str | None:
    """Return what a preposition says of place; None where the noun above it says it.

    "20 km north of X" is near X; "in the town of X" is in X.
    """
    above = lemma(token.head)
    if token.lower_ in {"of", "from"} and above in _DIRECTIONS:
        return "near"
    if token.lower_ == "of" and above in _PARTS:
        return None
    return token.lower_


def _size(candidate: Candidate) -> int:
    """Order places by size: the most specific of a chain comes first."""
    place = candidate.place
    if place is None:
        return 4 if candidate.area else 1
    if candidate.kind in {"border", "road"} or candidate.line is not None:
        return 2
    return {"PCLI": 6, "ADM1": 4, "ADM2": 3, "CONT": 8, "RGN": 5}.get(place.feature_code or "", 1)


def _same_size(one: Candidate, other: Candidate) -> bool:
    return (_size(one) >= 2) == (_size(other) >= 2)


def host_country(trigger: Trigger, reader: PlaceReader, document: Document) -> Candidate | None:
    """Return the country that hosted a meeting, as its place: "Iran hosted talks"."""
    if trigger.support_role != "host" and trigger.group.roles.get("subject") != "host":
        return None
    verb = trigger.support if trigger.support is not None else trigger.token
    for subject in subjects(verb):
        for toponym in document.toponyms:
            if toponym.start <= subject.idx < toponym.end and toponym.place:
                if (toponym.place.feature_code or "").startswith("PCL"):
                    return Candidate(toponym.start, toponym.end, toponym.text, toponym.place,
                                     subject, "place", None, None, toponym)  # fmt: skip
    return None
