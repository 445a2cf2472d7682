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
from geomap.events.syntax import before_noun, clause_of, is_verb, subjects, topic
from geomap.events.ties import (
    at_hand,
    beside_it,
    contains_another,
    here,
    home_of,
    left_behind,
    may_be_on,
    named_after,
    of_another_clause,
    preposition_of,
    same_size,
    set_for,
    size,
    the_town,
    told_of,
    toll,
)
from geomap.events.triggers import Trigger
from geomap.gazetteer import Gazetteer
from geomap.model import Document, PlaceRole
from geomap.trees import load_trees

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

__all__ = ["PlaceReader", "Weighed", "host_country"]

KEPT = 0.1
"""How likely a place must be that the rules tie to an event."""
KEPT_NAME = 0.05
"""How likely a name must be that no gazetteer knows, where the rules would tie it."""
FOUND = 0.5
"""How likely one must be that they do not tie."""
FOUND_NAME = 0.4
"""How likely a capitalised name must be that no gazetteer knows."""
_BY_TREES = {"conflict", "border_clashes", "unrest"}
"""Layers whose places trees help to read; they have seen no diplomacy, aid or flight."""
_COUNTRY = 6
_MADE = {"border", "road", "capital", "soil", "embedded"}

_LOCATIVE = {
    "in", "at", "near", "around", "outside", "inside", "along", "across", "on", "off", "within",
    "throughout", "over", "through", "close", "beside",
}  # fmt: skip
_ABOUT = {"over", "through", "throughout", "across", "off"}
_ORIGIN = {"from"}
_DESTINATION = {"to", "into", "toward", "towards", "for"}


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate with the rules' tie to an event, and the probability that the trees give it."""

    candidate: Candidate
    tie: tuple[int, str] | None
    probability: float
    barred: bool = False
    named: bool = False
    """Whether the event is called after it, or the rules would tie an unknown name."""

    @property
    def holds(self) -> bool:
        """Whether it counts as the event's place."""
        if self.candidate.kind in _MADE:
            return self.tie is not None  # borders, roads, capitals: of more words than a name
        if self.tie is not None:
            return self.named or self.probability >= KEPT
        least = FOUND_NAME if self.candidate.kind in DOUBTFUL else FOUND
        least = KEPT_NAME if self.named else least
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

    def there(self, trigger: Trigger) -> Candidate | None:
        """Return what "there", "in the town" beside a trigger stands for: the place named last.

        "Here" is the place of the dateline.
        """
        if here(trigger):
            return self._named.dateline()
        near = [*trigger.token.children, *trigger.predicate.children]
        word = next((c for c in near if c.lower_ == "there" and c.dep_ == "advmod"), None)
        if word is not None:
            return self._named.before(word)
        noun = the_town(trigger)
        found = self._named.before(noun) if noun is not None else None
        town = found and (found.place is None or found.place.feature_class in {None, "P"})
        return found if town else None

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
                Weighed(
                    candidate,
                    tie,
                    next(answers),
                    self._barred(candidate, trigger, near),
                    named_after(candidate, trigger)
                    or (candidate.kind == "name" and self._tie(candidate, trigger) is not None),
                )
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
        if trigger.event_class.name == "border_incursion":  # "crossed the A river into B province"
            inside = [w for w in weighed if w.holds and w.tie and w.tie[1].startswith("into ")]
            weighed = [w for w in inside if size(w.candidate) < _COUNTRY] or weighed
        best = [
            (size(w.candidate), w.tie[0] if w.tie else 8 if w.named else 9, w)
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
            if joined and same_size(first.candidate, other.candidate):
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
        if contains_another(candidate) or any(self._movement(candidate, t) for t in beside):
            return True  # where somebody goes or comes from
        if candidate.head.head.lower_ in {"toward", "towards"}:
            return True
        if home_of(candidate, trigger) or beside_it(candidate, trigger):
            return True
        line = [candidate.head, *candidate.head.ancestors]
        if any(topic(t) and t.i != trigger.token.i for t in line):
            return True
        return of_another_clause(candidate, trigger)

    # -- ties ----------------------------------------------------------------------------------

    def _tie(self, candidate: Candidate, trigger: Trigger) -> tuple[int, str] | None:
        """Return how closely a candidate is tied to an event as its place, and by which words."""
        if contains_another(candidate) or beside_it(candidate, trigger):
            return None
        if told_of(candidate, trigger):
            return 3, f"{candidate.text}, where"
        if named_after(candidate, trigger):
            return 1, f"{candidate.text} {trigger.token.text}"
        slots = trigger.group.place_slots
        goals = {trigger.token.i, trigger.predicate.i, *(w.i for w in trigger.words)}
        goals |= toll(trigger)
        preposition: str | None = None
        steps = 0
        current = candidate.head
        while current.head.i != current.i and steps < 9:
            head = current.head
            steps += 1
            if current.dep_ == "pobj" and preposition is None:
                preposition = preposition_of(head)
            if current.dep_ in {"nsubj", "nsubjpass"} and preposition is None:
                allowed = "subject" in slots or (current.dep_ == "nsubjpass" and "object" in slots)
                shut = trigger.event_class.name == "border_closure"
                if head.i in goals and allowed and (shut or candidate.kind != "embedded"):
                    return steps, f"{candidate.text} is what it happened to"
                return None
            if current.dep_ in {"nsubj", "csubj"} and head.i in goals and not at_hand(trigger):
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
        if not is_verb(head) or before_noun(head):
            return True
        own = {trigger.token.i, trigger.predicate.i}
        # The trigger's own relative clause: "the clashes that erupted at A", "a summit that B
        # wants to hold in A".
        while head.dep_ == "xcomp" and is_verb(head.head) and head.i not in own:
            head = head.head
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
        if trigger.event_class.name == "displacement":
            if preposition in {"in", "on", "at"}:
                return None  # "took refuge in Iran": where they went
            if left_behind(candidate, trigger):
                return None  # "fled villages around A": where they came from
        if preposition in {"toward", "towards"}:
            return None  # "marched towards Delhi": where they have not come
        if preposition in slots or (preposition == "for" and set_for(candidate)):
            return steps, f"{preposition} {candidate.text}"
        if preposition not in _LOCATIVE:
            return None
        if trigger.event_class.layer == "diplomatic_venues" and preposition in _ABOUT:
            return None  # "talks over the Essequibo"
        if preposition == "on" and candidate.kind not in {"border", "road"}:
            frame = {w.lower_ for w in trigger.words}
            if "on" not in frame and not may_be_on(candidate, trigger):
                return None
        return steps, f"{preposition} {candidate.text}"

    def _coordinated(self, one: Candidate, other: Candidate) -> bool:
        """Return whether two places are joined by "and"."""
        between = self._document.text[min(one.end, other.end) : max(one.start, other.start)]
        if self._document.text[: min(one.start, other.start)].endswith("between "):
            return False  # one place, between the two
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
            close = head.i in goals or head.head.i in goals
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


def host_country(trigger: Trigger, reader: PlaceReader, document: Document) -> Candidate | None:
    """Return the country or city that hosted a meeting, as its place: "Iran hosted talks"."""
    if trigger.support_role != "host" and trigger.group.roles.get("subject") != "host":
        return None
    verb = trigger.support if trigger.support is not None else trigger.token
    for subject in subjects(verb):
        for toponym in document.toponyms:
            if toponym.start <= subject.idx < toponym.end and toponym.place:
                if toponym.place.feature_class in {None, "P"} or (
                    toponym.place.feature_code or ""
                ).startswith("PCL"):
                    return Candidate(toponym.start, toponym.end, toponym.text, toponym.place,
                                     subject, "place", None, None, toponym)  # fmt: skip
    return None
