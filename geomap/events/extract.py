"""Extract events: every trigger of every sentence with its status, actors, place, date, source."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from geomap.events.actors import ActorReader
from geomap.events.border import BorderEvidence, border_evidence
from geomap.events.candidates import Candidate
from geomap.events.coding import acled_code, clause_text, is_aggregate, meeting_kind, plover_code
from geomap.events.figures import figurative, is_sporting
from geomap.events.ladder import follow_on, place_of
from geomap.events.numbers import read_numbers
from geomap.events.ontology import EventClass, Ontology, load_ontology
from geomap.events.private import Standing
from geomap.events.sides import at_home
from geomap.events.sources import attributions, disputed, of_oneself, party
from geomap.events.status import FACTUAL, Reading, read_status
from geomap.events.story import points_back, told_before
from geomap.events.syntax import clause_of
from geomap.events.triggers import Trigger, find_triggers
from geomap.events.when import Calendar
from geomap.events.where import PlaceReader
from geomap.gazetteer import Gazetteer
from geomap.model import Actor, Attribution, Document, Event, EventPlace, Layer, Span, Status

__all__ = ["extract_events"]

_BETWEEN = 6  # words from a verb to the noun of its frame
_VIOLENT = {"armed_clash", "shelling", "air_strike", "explosion", "attack_on_civilians"}
_SEVERAL = _VIOLENT | {
    "territory_change",
    "protest",
    "visit",
}  # "clashes at A and B" are two events


@dataclass(frozen=True, slots=True)
class _Readers:
    document: Document
    actors: ActorReader
    places: PlaceReader
    calendar: Calendar
    gazetteer: Gazetteer
    ontology: Ontology


@dataclass(frozen=True, slots=True)
class _Mention:
    """A trigger with what was read of it so far; ``order`` counts the places of one trigger."""

    trigger: Trigger
    reading: Reading
    found: tuple[Candidate | None, str]
    order: int
    owns_numbers: bool
    others: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Said:
    """Status, and who says so."""

    status: Status
    sources: tuple[Attribution, ...]
    claimed_by: str | None
    cue: str | None


def extract_events(document: Document, gazetteer: Gazetteer) -> Document:
    """Return the document with its events, one a mention, not yet linked to each other."""
    readers = _Readers(
        document,
        ActorReader(document, gazetteer),
        PlaceReader(document, gazetteer),
        Calendar.of(document),
        gazetteer,
        load_ontology(),
    )
    sporting = is_sporting(document.analysis)
    standing = Standing(document.analysis)
    sentences = [
        [
            trigger
            for trigger in find_triggers(sentence, readers.ontology)
            if not figurative(trigger, sporting) and not standing.private(trigger)
        ]
        for sentence in document.analysis.sents
    ]
    readers.places.weigh([trigger for triggers in sentences for trigger in triggers])
    mentions = [m for triggers in sentences for m in _mentions(triggers, readers)]
    events = [_event(mention, readers) for mention in mentions]
    denied = disputed(document.analysis, [event.sentence for event in events])
    events = [
        replace(event, disputed=True) if i in denied and _can_be_disputed(event) else event
        for i, event in enumerate(events)
    ]
    events = follow_on(events, document)
    back = [points_back(mention.trigger) for mention in mentions]
    there = [readers.places.there(mention.trigger) for mention in mentions]
    events = told_before(events, back, there, document)
    return replace(document, events=tuple(events))


def _can_be_disputed(event: Event) -> bool:
    """Return whether somebody says that an event of fighting or of a border happened."""
    told = event.status in FACTUAL and event.layer in {"conflict", "border_clashes"}
    return told and bool(event.attributed_to or event.claimed_by)


def _mentions(triggers: Sequence[Trigger], readers: _Readers) -> Iterator[_Mention]:
    """Yield the mentions of a sentence's triggers: one a trigger, or one a place of it."""
    violent = [t for t in triggers if t.event_class.name in _VIOLENT]
    for trigger in triggers:
        reading = read_status(trigger)
        if reading is None or (reading.tenseless and not trigger.definite):
            continue
        if trigger.event_class.name == "statement" and reading.status not in {
            "reported",
            "ongoing",
        }:
            continue
        others = frozenset(t.predicate.i for t in triggers if t is not trigger)
        owns = trigger not in violent or trigger is violent[0]
        for order, found in enumerate(_spots(trigger, readers)):
            yield _Mention(trigger, reading, found, order, owns and order == 0, others)


def _spots(trigger: Trigger, readers: _Readers) -> list[tuple[Candidate | None, str]]:
    """Return the places of a trigger with the words that say so; one without if there is none."""
    if meeting_kind(trigger) is not None or trigger.event_class.name == "statement":
        return [(None, "")]
    spots: list[tuple[Candidate | None, str]] = [*readers.places.placed(trigger)]
    if trigger.event_class.name not in _SEVERAL:
        spots = spots[:1]
    return spots or [(None, "")]


def _said(
    mention: _Mention,
    readers: _Readers,
    actors: tuple[Actor, ...],
    evidence: BorderEvidence | None,
) -> _Said:
    """Return who says so; what a party to the fighting says is claimed."""
    trigger, status = mention.trigger, mention.reading.status
    sources = attributions(trigger, readers.actors)
    claimed_by: str | None = None
    if trigger.event_class.name == "statement":  # who makes it is not who tells of it
        own = {actor.start for actor in actors if actor.role == "initiator"}
        sources = tuple(source for source in sources if source.start not in own)
    fighting = trigger.event_class.layer in {"conflict", "border_clashes", "unrest"}
    if fighting and status in {"reported", "ongoing"}:
        crossed = trigger.event_class.name == "border_incursion" and evidence and evidence.pair
        states = frozenset(crossed.split("-")) if crossed else frozenset[str]()
        sources, claimed_by = party(sources, actors, readers.actors, states)
        if claimed_by is None and sources and sources[0].kind != "outlet" and of_oneself(trigger):
            claimed_by, sources = sources[0].name, ()
    status = "claimed" if claimed_by else status
    return _Said(status, sources, claimed_by, mention.reading.cue)


def _event(mention: _Mention, readers: _Readers) -> Event:
    """Put one event together."""
    trigger, document = mention.trigger, readers.document
    actors = readers.actors.actors(trigger)
    evidence = _border(trigger, readers, actors, mention.found[0])
    said = _said(mention, readers, actors, evidence)
    place = None
    subclass = meeting_kind(trigger)
    if subclass is None and trigger.event_class.name != "statement":
        place = place_of(trigger, readers.places, document, mention.found, said.status)
    actors = at_home(trigger, actors, place)
    event_class = _class(trigger, evidence, readers.ontology)
    border = evidence if event_class.layer == "border_clashes" else None
    if border is not None and event_class.name == "border_clash":
        subclass = border.subclass
    span = _trigger_span(trigger, document.text)
    event_id = _event_id(document.id, span, mention.order)
    date = readers.calendar.date(trigger, said.status, mention.others)
    if date is not None and said.status in FACTUAL and readers.calendar.long_past(date):
        said = replace(said, status="past_reference", cue=date.text)
    candidate = mention.found[0]
    return Event(
        event_id=event_id,
        cluster_id=event_id,
        event_class=event_class.name,
        subclass=subclass,
        layer=_layer(event_class, evidence),
        status=said.status,
        status_cue=said.cue,
        aggregate=is_aggregate(trigger),
        disputed=False,
        plover=plover_code(event_class, trigger, said.status, subclass, said.cue),
        acled_like=acled_code(event_class, trigger),
        trigger=span,
        sentence=_sentence_span(trigger, document.text),
        actors=actors,
        attributed_to=said.sources,
        claimed_by=said.claimed_by,
        place=place,
        places=readers.places.roles(trigger, candidate),
        date=date,
        numbers=read_numbers(trigger, event_class.name, mention.owns_numbers),
        border_pair=border.pair if border else _pair(place),
        border_line=border.line if border else None,
        confidence=_confidence(trigger, place, candidate, bool(actors), date is not None),
        reasons=_reasons(mention, event_class, border, said),
    )


def _layer(event_class: EventClass, evidence: BorderEvidence | None) -> Layer:
    """Return the layer: a build-up with nothing of a border about it is none of a border."""
    at_border = evidence is not None and bool(evidence.reasons)
    return (
        "conflict" if event_class.name == "border_buildup" and not at_border else event_class.layer
    )


def _class(trigger: Trigger, evidence: BorderEvidence | None, ontology: Ontology) -> EventClass:
    """Return the class: a clash with two pieces of border evidence is a border clash."""
    clash = trigger.event_class.name == "armed_clash"
    if clash and evidence is not None and evidence.enough:
        return ontology.classes["border_clash"]
    return trigger.event_class


def _reasons(
    mention: _Mention, event_class: EventClass, border: BorderEvidence | None, said: _Said
) -> tuple[str, ...]:
    """Say why it is an event of this class and status."""
    reasons = [f"{event_class.label}: {mention.trigger.reason}"]
    if said.cue:
        reasons.append(f"{said.status}: {said.cue!r}")
    return (*reasons, *(border.reasons if border else ()))


def _pair(place: EventPlace | None) -> str | None:
    """Return the pair of states of a place that is a border."""
    if place is None or place.id is None or not place.id.startswith("geomap:border/"):
        return None
    return place.id.removeprefix("geomap:border/")


def _border(
    trigger: Trigger, readers: _Readers, actors: tuple[Actor, ...], candidate: Candidate | None
) -> BorderEvidence | None:
    """Return the border evidence of a clash, or of an event of a border class."""
    if trigger.event_class.name != "armed_clash" and trigger.event_class.layer != "border_clashes":
        return None
    pair = readers.places.pair_in(trigger.token.sent)
    return border_evidence(clause_text(trigger), actors, candidate, pair, readers.gazetteer)


def _trigger_span(trigger: Trigger, text: str) -> Span:
    """Return the trigger's words as a span, with the few that may stand between them.

    "Gave the army an ultimatum"; a preposition at the end is no part of it.
    """
    words = [w for w in trigger.words if w.dep_ not in {"prep", "agent"}]
    near = [w for w in words if abs(w.i - trigger.token.i) <= _BETWEEN]
    first = min([trigger.token, *near], key=lambda token: token.i)
    last = max([trigger.token, *near], key=lambda token: token.i)
    start, end = first.idx, last.idx + len(last.text)
    return Span(start, end, text[start:end])


def _sentence_span(trigger: Trigger, text: str) -> Span:
    """Return the sentence, trimmed of white space."""
    sentence = trigger.token.sent
    raw = text[sentence.start_char : sentence.end_char]
    start = sentence.start_char + len(raw) - len(raw.lstrip())
    end = start + len(raw.strip())
    return Span(start, end, text[start:end])


def _event_id(document_id: str, span: Span, order: int) -> str:
    """Return an id made of the document's id, the trigger's span and the order of the place."""
    key = f"{document_id}\0{span.start}\0{span.end}\0{order}"
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:16]


def _confidence(
    trigger: Trigger,
    place: EventPlace | None,
    candidate: Candidate | None,
    actors: bool,
    dated: bool,
) -> float:
    """Return how far an event can be trusted, by what the text says outright (0 to 1)."""
    value = 0.5 + 0.1 * actors + 0.1 * dated + 0.05 * (len(trigger.words) > 1)
    value += 0.1 * (clause_of(trigger.predicate).dep_ == "ROOT")  # told outright, not in passing
    if place is not None and place.id is not None:
        resolved = candidate.toponym.score if candidate and candidate.toponym else 0.8
        value += 0.15 * resolved
    return round(min(value, 0.95), 3)
