"""Link: mentions of one happening share a cluster, within and across documents.

Two mentions are one happening if their classes belong together, neither place, date, status nor
participants contradict, and something positive ties them: the same place, participants, date, or
"the talks" pointing back; or if their sentences are copies of one text. Nothing is merged or
dropped; each mention keeps what it says.
"""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from geomap.copies import Sentence
from geomap.events.status import FACTUAL
from geomap.events.when import bound_by_story
from geomap.happenings import Cluster, Happenings, Hosts, Printed, Spot
from geomap.model import Actor, Document, Event, EventDate, EventPlace, Relation, Span

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


class Linker:
    """Gives every event its cluster, in the order of the documents.

    A cluster's id is the id of its first mention, so a stream of documents can be linked as it
    passes by. Clusters of earlier documents are looked up by class, place and time, and copies of
    earlier sentences by their words.
    """

    def __init__(self) -> None:
        self._known = Happenings()

    def link(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Yield the documents with the clusters and relations of their events."""
        for document in documents:
            linked = replace(document, events=tuple(_Story(document, self._known).placed()))
            events = bound_by_story(linked, _virtual(linked.events))
            yield replace(linked, events=_relate(_disputes(events)))


class _Story:
    """A document on its way into the clusters."""

    def __init__(self, document: Document, known: Happenings) -> None:
        self._document = document
        self._known = known
        self._here: list[Cluster] = []
        self._earlier: dict[int, Cluster] = {}
        self._used: set[tuple[int, str]] = set()

    def placed(self) -> Iterator[Event]:
        """Yield the events, each with its cluster; then remember them for documents to come."""
        new: list[tuple[Event, Cluster]] = []
        for event in self._document.events:
            copied = self._copied(event)
            chosen = self._cluster(copied.cluster) if copied else self._likeliest(event)
            chosen = chosen or Cluster(_slim(event))
            linked = replace(event, cluster_id=chosen.first.event_id)
            if copied:
                # A copy says nothing of the happening that is not known already.
                why = f"its sentence is a copy of one in {copied.document_id!r}"
                linked = replace(linked, reasons=(*event.reasons, why))
            else:
                _add(event, chosen)
                new.append((event, chosen))
            if chosen not in self._here:
                self._here.append(chosen)
            self._used.add((event.trigger.start, chosen.first.event_id))
            yield linked
        for cluster in self._here:
            self._known.remember(cluster)
        for event, cluster in new:
            self._remember(event, cluster)

    def _cluster(self, number: int) -> Cluster:
        """Return an earlier document's cluster, the same one each time."""
        if number not in self._earlier:
            self._earlier[number] = self._known.cluster(number)
        return self._earlier[number]

    def _fresh(self, event: Event, cluster: Cluster) -> bool:
        """Return whether no event of the same trigger is in a cluster: these are two happenings."""
        return (event.trigger.start, cluster.first.event_id) not in self._used

    def _copied(self, event: Event) -> Printed | None:
        """Return the mention in an earlier document that an event's sentence copies."""
        sentence = _sentence(event)
        if event.place is None and len(sentence.words) < _FEWEST_WORDS:
            return None
        start = event.trigger.start - event.sentence.start
        best: tuple[int, Printed] | None = None
        for known in self._known.copied(sentence, _kind(event)):
            moved = abs(known.offset - start)
            if (best is None or moved < best[0]) and _reprinted(event, self._document, known):
                if self._fresh(event, self._cluster(known.cluster)):
                    best = (moved, known)
        return best[1] if best else None

    def _likeliest(self, event: Event) -> Cluster | None:
        """Return the cluster that an event is most alike, of its own and of earlier documents."""
        key = _key(event)
        there = self._known.near(*key) if key else []
        scored = [(_here(event, cluster, self._document), cluster) for cluster in self._here]
        for cluster in map(self._cluster, there):
            scored.append((_across(event, cluster), cluster))
        best: tuple[float, Cluster] | None = None
        for score, cluster in scored:
            if score is not None and self._fresh(event, cluster):
                if best is None or score >= best[0]:
                    best = (score, cluster)
        return best[1] if best else None

    def _remember(self, event: Event, cluster: Cluster) -> None:
        """Let a mention be found by documents to come."""
        if key := _key(event):
            self._known.put(cluster, *key)
        document = self._document
        offset = event.trigger.start - event.sentence.start
        printed = Printed(
            cluster.number, document.id, document.published, offset, _spot(event.place), event.date
        )
        self._known.print(_sentence(event), _kind(event), printed)


def _slim(event: Event) -> Event:
    """Return an event with what linking asks of it."""
    nowhere = Span(0, 0, "")
    return replace(
        event, sentence=nowhere, trigger=nowhere, attributed_to=(), numbers=(), reasons=()
    )


def _add(event: Event, cluster: Cluster) -> None:
    """Add what a mention says to what is known of a happening."""
    cluster.kinds.add(event.subclass)
    spot, hosts, people = _spot(event.place), _hosts(event), _people(event)
    if spot and spot not in cluster.spots:
        cluster.spots.append(spot)
    if hosts not in cluster.hosts:
        cluster.hosts.append(hosts)
    if people and people not in cluster.people:
        cluster.people.append(people)
    if event.date:
        cluster.dates.add((event.date.start, event.date.end))
        if event.date.precision != 9:
            cluster.latest_start = max(cluster.latest_start, event.date.start)
            cluster.earliest_end = min(cluster.earliest_end, event.date.end)


def _spot(place: EventPlace | None) -> Spot | None:
    if place is None:
        return None
    return Spot(place.id, place.text, place.name, place.country, place.admin1, place.precision)


def _hosts(event: Event) -> Hosts:
    hosts = [actor for actor in event.actors if actor.role == "host"]
    return Hosts(
        tuple(sorted({actor.country or actor.name for actor in hosts})),
        tuple(sorted({actor.country for actor in hosts if actor.country})),
        event.place.country if event.place else None,
    )


def _key(event: Event) -> tuple[str, str, EventDate] | None:
    """Return class, place and days, by which mentions in other documents are looked up."""
    if event.place is None or event.place.id is None or event.date is None:
        return None
    return _family(event), event.place.id, event.date


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


def _reprinted(event: Event, document: Document, known: Printed) -> bool:
    """Return whether place and time allow that an event's sentence is a copy of one known.

    The same words a month later tell of another happening.
    """
    if _place_likeness(_spot(event.place), known.spot) < 0:
        return False
    if _dates_contradict(event.date, known.date):
        return False
    dates = [date for date in (event.date, known.date) if date and date.precision <= 3]
    if len(dates) == 2 or not document.published or not known.published:
        return True
    day, other = map(datetime.date.fromisoformat, (document.published, known.published))
    return abs(day - other) <= _REPRINTED_WITHIN


def _contradict(event: Event, cluster: Cluster) -> bool:
    """Return whether class, status, place, date or host exclude that both are one happening."""
    first = cluster.first
    spot = _spot(event.place)
    return (
        _family(event) != _family(first)
        or event.aggregate != first.aggregate
        or not _statuses_agree(event, first)
        or not _kinds_agree(event, cluster)
        or any(_hosts_differ(event, other) for other in cluster.hosts)
        or any(_place_likeness(spot, other) < 0 for other in cluster.spots)
        or _days_contradict(event.date, cluster)
    )


def _likeness(event: Event, cluster: Cluster) -> tuple[float, float, bool]:
    """Return how alike places and participants are at most, and whether some days overlap."""
    spot, people, date = _spot(event.place), _people(event), event.date
    place = max((_place_likeness(spot, other) for other in cluster.spots), default=0.0)
    shared = max((min(2, len(people & other)) for other in cluster.people), default=0)
    dated = date is not None and any(
        date.start <= end and start <= date.end for start, end in cluster.dates
    )
    return place, float(shared), dated


def _across(event: Event, cluster: Cluster) -> float | None:
    """Return how alike an event and an earlier document's cluster are, or None.

    Only the same place, an overlapping date and shared participants tie two documents.
    """
    if _contradict(event, cluster):
        return None
    place, people, dated = _likeness(event, cluster)
    return place + people + 1 if place >= 2 and dated and people > 0 else None


def _here(event: Event, cluster: Cluster, document: Document) -> float | None:
    """Return how alike an event and a cluster of its own document are, or None."""
    if _contradict(event, cluster):
        return None
    place, people, dated = _likeness(event, cluster)
    back = _points_back(event, document)
    if not _tied(event, cluster, place, people, back):
        return None
    return place + people + (1.0 if dated else 0.0) + (0.5 if back else 0.0)


def _tied(event: Event, cluster: Cluster, place: float, people: float, back: bool) -> bool:
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


def _kinds_agree(event: Event, cluster: Cluster) -> bool:
    """Return whether phone, virtual and held meetings are told apart."""
    if event.event_class != "diplomatic_meeting":
        return True
    if event.subclass == "phone" or "phone" in cluster.kinds:
        return cluster.kinds == {"phone"} and event.subclass == "phone"
    return True


def _place_likeness(one: Spot | None, other: Spot | None) -> float:
    """Return 2 for the same place, 1 for one inside the other, 0 for unknown, -1 for another."""
    if one is None or other is None or one.id is None or other.id is None:
        return 2.0 if one and other and one.text and one.text == other.text else 0.0
    if one.id == other.id:
        return 2.0
    small, large = sorted((one, other), key=lambda spot: spot.precision or 9)
    if large.precision == 6 and large.country == small.country:
        return 1.0
    if large.precision == 4 and large.name == small.admin1 and large.country == small.country:
        return 1.0
    return -1.0


def _dates_contradict(one: EventDate | None, other: EventDate | None) -> bool:
    """Return whether two stated dates exclude each other."""
    if not one or not other or 9 in {one.precision, other.precision}:
        return False
    return one.start > other.end or other.start > one.end


def _days_contradict(date: EventDate | None, cluster: Cluster) -> bool:
    """Return whether a stated date and one of a cluster's exclude each other."""
    if not date or date.precision == 9:
        return False
    return date.start > cluster.earliest_end or cluster.latest_start > date.end


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


def _hosts_differ(event: Event, other: Hosts) -> bool:
    """Return whether two mentions name different hosts."""
    own = _hosts(event)
    if own.names and other.names and not set(own.names) & set(other.names):
        if event.status not in _PLANNED:
            return True
    places = {place for place in (own.place, other.place) if place}
    hosts = {*own.countries, *other.countries}
    return bool(hosts and places and not hosts & places)


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
