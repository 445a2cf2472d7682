"""Link: mentions of one happening share a cluster, within and across documents.

Two mentions are one happening if their classes belong together, neither place, date, status nor
participants contradict, and something positive ties them: the same place, participants, date, or
"the talks" pointing back; or if their sentences are copies of one text. Nothing is merged or
dropped; each mention keeps what it says.
"""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from geomap.copies import Copies, Sentence
from geomap.events.status import FACTUAL
from geomap.events.when import bound_by_story
from geomap.model import Actor, Document, Event, Relation

__all__ = ["Linker"]

_FAMILY = {"border_clash": "armed_clash"}
_PLANNED = {"planned", "proposed", "conditional", "postponed", "cancelled", "threatened"}
_POINTS_BACK = re.compile(r"\b(?:the|this|these|that|those)\s(?:\w+\s){0,2}$", re.IGNORECASE)
_DIPLOMACY = {"diplomatic_meeting", "mediation", "visit"}
_FEWEST_WORDS = 8  # of a sentence without a place, for its copy to tell of the same happening
_REPRINTED_WITHIN = datetime.timedelta(days=7)
_GENERIC = {"forces", "troops", "soldiers", "officials", "people", "group", "side", "sides",
            "two", "parties", "countries", "neighbours", "neighbors", "nations", "states",
            "delegations", "ministers"}  # fmt: skip


@dataclass(slots=True, eq=False)
class _Cluster:
    """The mentions of one happening so far."""

    first: Event
    events: list[Event] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Printed:
    """A mention in an earlier document, with that document's id and day, and its cluster."""

    event: Event
    document_id: str
    published: str | None
    cluster: _Cluster


class Linker:
    """Gives every event its cluster, in the order of the documents.

    A cluster's id is the id of its first mention, so a stream of documents can be linked as it
    passes by. Clusters of earlier documents are looked up by class and place, and copies of earlier
    sentences by their words.
    """

    def __init__(self) -> None:
        self._elsewhere: dict[tuple[str, str], list[_Cluster]] = {}
        self._printed: Copies[_Printed] = Copies()

    def link(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Yield the documents with the clusters and relations of their events."""
        for document in documents:
            linked = replace(document, events=tuple(self._place(document)))
            events = bound_by_story(linked, _virtual(linked.events))
            yield replace(linked, events=_relate(_disputes(events)))

    def _place(self, document: Document) -> Iterator[Event]:
        """Yield a document's events, each with its cluster."""
        here: list[_Cluster] = []
        used: set[tuple[int, str]] = set()
        new: list[_Printed] = []
        for event in document.events:
            copied = self._copied(event, document, used)
            chosen = copied.cluster if copied else self._likeliest(event, document, here, used)
            chosen = chosen or _Cluster(event)
            linked = replace(event, cluster_id=chosen.first.event_id)
            if copied:
                # A copy says nothing of the happening that is not known already.
                why = f"its sentence is a copy of one in {copied.document_id!r}"
                linked = replace(linked, reasons=(*event.reasons, why))
            else:
                chosen.events.append(linked)
                new.append(_Printed(linked, document.id, document.published, chosen))
            if chosen not in here:
                here.append(chosen)
            used.add((event.trigger.start, chosen.first.event_id))
            yield linked
        self._remember(here, new)

    def _copied(
        self, event: Event, document: Document, used: set[tuple[int, str]]
    ) -> _Printed | None:
        """Return the mention in an earlier document that an event's sentence copies."""
        sentence = _sentence(event)
        if event.place is None and len(sentence.words) < _FEWEST_WORDS:
            return None
        start = event.trigger.start - event.sentence.start
        best: tuple[int, _Printed] | None = None
        for known in self._printed.find(sentence, _kind(event)):
            fresh = (event.trigger.start, known.cluster.first.event_id) not in used
            moved = abs(known.event.trigger.start - known.event.sentence.start - start)
            if fresh and _reprinted(event, document.published, known):
                if best is None or moved < best[0]:
                    best = (moved, known)
        return best[1] if best else None

    def _likeliest(
        self, event: Event, document: Document, here: list[_Cluster], used: set[tuple[int, str]]
    ) -> _Cluster | None:
        """Return the cluster that an event is most alike, of its own and of earlier documents."""
        there = self._elsewhere.get(_block(event), [])
        scored = [(_here(event, cluster, document), cluster) for cluster in here]
        scored += [(_across(event, cluster), cluster) for cluster in there]
        best: tuple[float, _Cluster] | None = None
        for score, cluster in scored:
            # Two events of one trigger are two happenings.
            fresh = (event.trigger.start, cluster.first.event_id) not in used
            if score is not None and fresh and (best is None or score >= best[0]):
                best = (score, cluster)
        return best[1] if best else None

    def _remember(self, clusters: list[_Cluster], mentions: list[_Printed]) -> None:
        """Keep a document's clusters and mentions for the documents to come."""
        for mention in mentions:
            self._printed.add(_sentence(mention.event), mention, _kind(mention.event))
        for cluster in clusters:
            for block in {_block(event) for event in cluster.events}:
                known = self._elsewhere.setdefault(block, [])
                if block[1] and cluster not in known:
                    known.append(cluster)


def _sentence(event: Event) -> Sentence:
    """Return the words of an event's sentence; its trigger is never taken for the source."""
    return Sentence.of(event.sentence.text, keep=event.trigger.end - event.sentence.start)


def _kind(event: Event) -> tuple[object, ...]:
    """Return what a mention and its copy have in common beside their words."""
    return (
        event.event_class,
        event.subclass == "phone",
        event.status,
        event.aggregate,
        event.trigger.text.casefold(),
    )


def _reprinted(event: Event, published: str | None, known: _Printed) -> bool:
    """Return whether place and time allow that an event's sentence is a copy of one known.

    The same words a month later tell of another happening.
    """
    if _place_likeness(event, known.event) < 0 or _dates_contradict(event, known.event):
        return False
    dates = [date for date in (event.date, known.event.date) if date and date.precision <= 3]
    if len(dates) == 2 or not published or not known.published:
        return True
    day, other = map(datetime.date.fromisoformat, (published, known.published))
    return abs(day - other) <= _REPRINTED_WITHIN


def _block(event: Event) -> tuple[str, str]:
    """Return class and place, under which mentions in other documents are looked up."""
    return _family(event), (event.place.id if event.place else None) or ""


def _contradict(event: Event, cluster: _Cluster) -> bool:
    """Return whether class, status, place, date or host exclude that both are one happening."""
    first = cluster.first
    return (
        _family(event) != _family(first)
        or event.aggregate != first.aggregate
        or not _statuses_agree(event, first)
        or not _kinds_agree(event, cluster)
        or _hosts_differ(event, cluster)
        or any(_place_likeness(event, other) < 0 for other in cluster.events)
        or any(_dates_contradict(event, other) for other in cluster.events)
    )


def _across(event: Event, cluster: _Cluster) -> float | None:
    """Return how alike an event and an earlier document's cluster are, or None.

    Only the same place, an overlapping stated date and shared participants tie two documents.
    """
    if _contradict(event, cluster):
        return None
    place = max(_place_likeness(event, other) for other in cluster.events)
    people = max(_people_likeness(event, other) for other in cluster.events)
    dated = any(_dates_overlap(event, other) for other in cluster.events)
    return place + people + 1 if place >= 2 and dated and people > 0 else None


def _here(event: Event, cluster: _Cluster, document: Document) -> float | None:
    """Return how alike an event and a cluster of its own document are, or None."""
    if _contradict(event, cluster):
        return None
    place = max(_place_likeness(event, other) for other in cluster.events)
    people = max(_people_likeness(event, other) for other in cluster.events)
    back = _points_back(event, document)
    if not _tied(event, cluster, place, people, back):
        return None
    dated = any(_dates_overlap(event, other) for other in cluster.events)
    return place + people + (1.0 if dated else 0.0) + (0.5 if back else 0.0)


def _tied(event: Event, cluster: _Cluster, place: float, people: float, back: bool) -> bool:
    """Return whether something positive ties an event to a cluster of its document."""
    first = cluster.first
    if event.event_class in _DIPLOMACY:
        nobody = not _people(event) or not _people(first)
        return back or people > 0 or (place > 0 and nobody)
    if event.event_class == "displacement":
        return people > 0 or (event.status in _PLANNED and _same_ways(event, first))
    if event.event_class == "statement":
        return people >= 2
    if event.place is None and first.place is not None:
        return False
    return place >= 2 or (people >= 1 and (place > 0 or event.place is None))


def _family(event: Event) -> str:
    return _FAMILY.get(event.event_class, event.event_class)


def _statuses_agree(one: Event, other: Event) -> bool:
    """Return whether two statuses can be of one happening."""
    if one.status == "past_reference" or other.status == "past_reference":
        return one.status == other.status
    if one.status in _PLANNED or other.status in _PLANNED:
        return one.status in _PLANNED and other.status in _PLANNED
    if one.event_class in _DIPLOMACY:
        return (one.status == "ongoing") == (other.status == "ongoing")
    return True


def _kinds_agree(event: Event, cluster: _Cluster) -> bool:
    """Return whether phone, virtual and held meetings are told apart."""
    if event.event_class != "diplomatic_meeting":
        return True
    kinds = {other.subclass for other in cluster.events}
    if event.subclass == "phone" or "phone" in kinds:
        return kinds == {"phone"} and event.subclass == "phone"
    return True


def _place_likeness(one: Event, other: Event) -> float:
    """Return 2 for the same place, 1 for one inside the other, 0 for unknown, -1 for another."""
    if one.place is None or other.place is None or one.place.id is None or other.place.id is None:
        if one.place and other.place and one.place.text and one.place.text == other.place.text:
            return 2.0
        return 0.0
    if one.place.id == other.place.id:
        return 2.0
    small, large = sorted((one.place, other.place), key=lambda place: place.precision or 9)
    if large.precision == 6 and large.country == small.country:
        return 1.0
    if large.precision == 4 and large.name == small.admin1 and large.country == small.country:
        return 1.0
    return -1.0


def _dates_overlap(one: Event, other: Event) -> bool:
    return bool(
        one.date
        and other.date
        and one.date.start <= other.date.end
        and other.date.start <= one.date.end
    )


def _dates_contradict(one: Event, other: Event) -> bool:
    """Return whether two stated dates exclude each other."""
    if not one.date or not other.date or 9 in {one.date.precision, other.date.precision}:
        return False
    return not _dates_overlap(one, other)


def _people(event: Event) -> set[str]:
    """Return keys of who took part: state, group, or the last word of a name."""
    keys: set[str] = set()
    for actor in event.actors:
        if actor.role in {"host", "chair"}:
            continue
        if actor.group_id:
            keys.add(actor.group_id)
        elif actor.country:
            keys.add(actor.country)
        word = actor.name.split()[-1].casefold() if actor.name.split() else ""
        if actor.group_id is None and word and word not in _GENERIC:
            keys.add(word)
    return keys


def _nameless(actor: Actor) -> bool:
    """Return whether an actor is nobody in particular: "the two sides"."""
    last = actor.name.split()[-1].casefold() if actor.name.split() else ""
    return not actor.group_id and not actor.country and last in _GENERIC


def _people_likeness(one: Event, other: Event) -> float:
    """Return how many participants two mentions share, at most 2."""
    return float(min(2, len(_people(one) & _people(other))))


def _hosts_differ(event: Event, cluster: _Cluster) -> bool:
    """Return whether two mentions name different hosts."""
    own = {a.country or a.name for a in event.actors if a.role == "host"}
    for other in cluster.events:
        theirs = {a.country or a.name for a in other.actors if a.role == "host"}
        if own and theirs and not own & theirs and event.status not in _PLANNED:
            return True
        places = {e.place.country for e in (event, other) if e.place and e.place.country}
        hosts = {
            a.country for e in (event, other) for a in e.actors if a.role == "host" and a.country
        }
        if hosts and places and not hosts & places:
            return True
    return False


def _points_back(event: Event, document: Document) -> bool:
    """Return whether "the" or "this" stands before a diplomatic noun that adds nothing new."""
    if (
        event.event_class not in _DIPLOMACY
        or event.place is not None
        and (event.place.precision or 9) <= 2
    ):
        return False
    before = document.text[event.sentence.start : event.trigger.start]
    new = any(a.role == "participant" and not _nameless(a) for a in event.actors)
    return bool(_POINTS_BACK.search(before)) and (event.status in _PLANNED or not new)


def _same_ways(one: Event, other: Event) -> bool:
    """Return whether two movements have a destination in common."""
    mine = {place.id for place in one.places if place.role == "destination"}
    theirs = {place.id for place in other.places if place.role == "destination"}
    return bool(mine & theirs)


def _virtual(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Let all mentions of a meeting held virtually say so, and take no place."""
    virtual = {event.cluster_id for event in events if event.subclass == "virtual"}
    return tuple(
        replace(event, subclass="virtual", place=None) if event.cluster_id in virtual else event
        for event in events
    )


def _disputes(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Mark clusters that some report and others deny."""
    denied = {event.cluster_id for event in events if event.status == "denied"}
    said = {event.cluster_id for event in events if event.status in FACTUAL}
    return tuple(
        replace(event, disputed=True) if event.cluster_id in denied & said else event
        for event in events
    )


def _relate(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Relate diplomacy at one place, and parts to the sum that a mention gives of them."""
    result = []
    for event in events:
        found: dict[str, Relation] = {}
        for other in events:
            if other.cluster_id == event.cluster_id or other.cluster_id in found:
                continue
            kind = _relation(event, other)
            if kind:
                found[other.cluster_id] = Relation(other.event_id, kind)
        result.append(replace(event, related=tuple(found.values())))
    return tuple(result)


def _relation(event: Event, other: Event) -> str | None:
    """Return how an event is related to one of another cluster, or None."""
    if event.event_class in _DIPLOMACY and other.event_class in _DIPLOMACY:
        same = event.place and other.place and event.place.id == other.place.id
        current = event.status in FACTUAL | {"planned"} and other.status in FACTUAL | {"planned"}
        return "same_process" if same and current and event.place and event.place.id else None
    if _family(event) == _family(other) and other.aggregate and not event.aggregate:
        same_border = event.border_pair and event.border_pair == other.border_pair
        country = event.place and other.place and event.place.country == other.place.country
        known = event.place and event.place.country
        if event.status in FACTUAL and (same_border or (country and known)):
            return "part_of"
    return None
