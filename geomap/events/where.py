"""Where: the place of an event, with its precision and the reason, or none.

Candidates are the places of the sentence, "the Qatari capital", and borders ("along the Iran–
Afghanistan border"). One counts where a locative preposition ties it to the event's own words. A
speaker's seat, a dateline, an origin, a destination or a participant's capital never does.
"""

import re
from typing import TYPE_CHECKING

from geomap.events.candidates import Candidate, CandidateReader
from geomap.events.syntax import clause_of, head_noun, is_verb, lemma, subjects, topic
from geomap.events.triggers import Trigger
from geomap.gazetteer import Gazetteer
from geomap.model import Document, EventPlace, Place, PlaceRole

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

__all__ = ["PlaceReader", "event_place", "host_country"]

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
_POINTS_OF_LAND = {"PK", "HLL", "PASS", "CAPE", "GAP", "PT", "RK", "CLF", "SDL"}
_NEAR = {"near", "around", "outside", "off", "close", "over"}
_ORIGIN = {"from"}
_DESTINATION = {"to", "into", "toward", "towards", "for"}
_DISTANCE = re.compile(
    r"(?P<km>\d+(?:\.\d+)?)\s?(?P<unit>km|kilomet(?:er|re)s?|miles?)\s"
    r"(?:(?:north|south|east|west)\S*\s)?(?:of|from|outside)\s(?:the\s)?(?:\w+\sof\s)?$",
    re.IGNORECASE,
)
_WIDE = re.compile(
    r"\s(?:valley|hills|plateau|mountains|desert|plains?|delta|basin|highlands|forest)$",
    re.IGNORECASE,
)
_SITE = re.compile(r"\s(?:international\s)?(?:airport|air\s?base|airfield|dam|refinery)\b", re.I)
_UNKNOWN = "the gazetteer has no such place"
_RADIUS = {1: 5.0, 2: 25.0}


class PlaceReader:
    """Reads the places of one document's events."""

    def __init__(self, document: Document, gazetteer: Gazetteer) -> None:
        self._document = document
        self._doc: Doc = document.analysis
        self._named = CandidateReader(document, gazetteer)

    def candidates(self, sentence: "Span") -> list[Candidate]:
        """Return the places of a sentence."""
        return self._named.candidates(sentence)

    def pair_in(self, sentence: "Span") -> str | None:
        """Return the border ("AF-IR") that a sentence names."""
        return self._named.pair_in(sentence)

    def placed(self, trigger: Trigger) -> list[tuple[Candidate, str]]:
        """Return where a trigger's event happened: candidates with the words that say so.

        Several only where they are coordinated ("at A and B").
        """
        best: list[tuple[int, Candidate, str]] = []
        for candidate in self.candidates(trigger.token.sent):
            if candidate.kind == "border" and candidate.place is None:
                continue  # "the border with Cameroon": whose other side is not known
            tie = self._tie(candidate, trigger)
            if tie is not None:
                best.append((tie[0], candidate, tie[1]))
        if not best:
            return []
        best.sort(key=lambda item: (_size(item[1]), item[0], item[1].start))
        first = best[0]
        result = [(first[1], first[2])]
        for _, candidate, why in best[1:]:
            if self._coordinated(first[1], candidate) and _same_size(first[1], candidate):
                result.append((candidate, why))
        if trigger.event_class.layer in {"conflict", "border_clashes", "unrest"}:
            result = [(self._named.trusted(candidate), why) for candidate, why in result]
        return sorted(result, key=lambda item: item[0].start)

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
                if head.i in goals and allowed and candidate.kind != "embedded":
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
        if preposition in slots:
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
    if clause.dep_ != "relcl" or not any(child.lower_ == "where" for child in clause.children):
        return False
    noun = clause.head
    inner = [t for t in noun.subtree if t.dep_ == "pobj" and t.head.head.i == noun.i]
    names = {noun.i, *(t.i for t in inner if t.head.lower_ == "of")}
    return candidate.head.i in names


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


def precision_of_place(candidate: Candidate, text: str, why: str) -> tuple[int, float | None]:
    """Return the precision of a place and its radius in kilometres.

    Parameters
    ----------
    candidate
        The place.
    text
        The document's text.
    why
        The words that tie it to the event, the preposition first.
    """
    place = candidate.place
    code = place.feature_code if place else None
    if candidate.kind == "border" or candidate.line is not None:
        return 5, None
    if code and code.startswith("PCL"):
        return 6, None
    if code == "ADM1":
        return 4, None
    if place is not None and place.feature_class == "A":
        return 3, None
    if code in {"SEA", "GULF", "STRT", "OCN", "BAY", "CHN"}:
        return 7, None
    if code == "ISL" or place is not None and place.feature_class in {"L", "H", "V", "R"}:
        return 5, None
    if place is not None and place.feature_class == "T" and code not in _POINTS_OF_LAND:
        return 5, None
    if (
        place is not None
        and place.feature_class not in {None, "P"}
        and _WIDE.search(candidate.text)
    ):
        return 5, None  # a post called after a valley is told of by the valley's name
    if candidate.kind == "embedded" or _SITE.match(text[candidate.end :]):
        return 2, _RADIUS[2]  # a site called after a town, not the town
    before = text[max(0, candidate.start - 45) : candidate.start]
    distance = _DISTANCE.search(before)
    if distance:
        factor = 1.609 if distance["unit"].lower().startswith("mile") else 1.0
        return 2, round(float(distance["km"]) * factor, 1)
    word = re.search(r"(\w+)\s(?:the\s(?:\w+\s)?)?$", before)
    words = {why.split(" ")[0].lower(), word.group(1).lower() if word else ""}
    near = bool(words & _NEAR)
    outskirts = re.search(r"(?:outskirts|suburbs|vicinity)\sof\s(?:the\s)?$", before)
    precision = 2 if near or outskirts else 1
    return precision, _RADIUS[precision]


def event_place(
    candidate: Candidate, text: str, source: str, why: str, words: str = ""
) -> EventPlace:
    """Make an event's place of a candidate."""
    place = candidate.place
    alternatives = candidate.toponym.alternatives if candidate.toponym else ()
    if place is None:
        return EventPlace(
            candidate.start, candidate.end, candidate.text, None, None, None, None, None,
            why=f"{why}; {candidate.doubt or _UNKNOWN}, so it is listed and not drawn",
        )  # fmt: skip
    precision, radius = precision_of_place(candidate, text, words)
    point = precision <= 2
    reasons = candidate.toponym.reasons if candidate.toponym else ()
    detail = "; ".join(reason for reason in reasons if reason)
    return EventPlace(
        start=candidate.start,
        end=candidate.end,
        text=candidate.text,
        id=place.id,
        geonameid=place.geonameid,
        name=_shown_name(candidate, place),
        latitude=place.latitude if point else None,
        longitude=place.longitude if point else None,
        country=place.country,
        admin1=place.admin1,
        feature_code=place.feature_code,
        precision=precision,
        radius_km=radius,
        place_source=source,
        why=f"{why}; {detail}" if detail else why,
        alternatives=alternatives,
    )


def _shown_name(candidate: Candidate, place: Place) -> str:
    """Return the project's own name for a place, else the text's spelling."""
    ours = candidate.own_name or candidate.toponym is None
    return place.name if ours or candidate.text.isupper() else candidate.text


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
