"""Extract events: every trigger of every sentence with its status, actors, place, date, source."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geomap.events.actors import ActorReader
from geomap.events.border import BorderEvidence, border_evidence
from geomap.events.numbers import read_numbers
from geomap.events.ontology import EventClass, Ontology, load_ontology
from geomap.events.sources import attributions, party
from geomap.events.status import FACTUAL, Reading, read_status
from geomap.events.syntax import is_verb
from geomap.events.triggers import Trigger, find_triggers
from geomap.events.when import Calendar
from geomap.events.where import Candidate, PlaceReader, event_place, host_country
from geomap.gazetteer import Gazetteer
from geomap.model import Actor, Document, Event, EventPlace, Span, Status

if TYPE_CHECKING:
    from spacy.tokens import Span as Sentence

__all__ = ["extract_events"]

_PHONE = re.compile(r"\b(?:phone|telephone|phoned|by phone|call)\b", re.IGNORECASE)
_VIRTUAL = re.compile(
    r"\b(?:virtual|virtually|online|by video|video ?link|video ?conference|via zoom|remotely)\b",
    re.IGNORECASE,
)
_AGGREGATE = re.compile(
    r"\b(?:dozens|scores|hundreds|a string|a series|a spate|a wave|several|multiple|repeated|"
    r"at least (?:two|three|four|five|six|seven|eight|nine|ten|\d+)(?! (?:people|soldiers|civilians|"
    r"fighters|guards|members|troops|police|others|villagers|militants|men|women|officers)))\b",
    re.IGNORECASE,
)
_VIOLENT = {"armed_clash", "shelling", "air_strike", "explosion", "attack_on_civilians"}
_COUNTRY_WIDE = {"territory_change", "withdrawal", "armed_clash", "border_clash", "shelling"}
_PLANNED: frozenset[Status] = frozenset({"planned", "proposed", "postponed", "cancelled"})


@dataclass(frozen=True, slots=True)
class _Readers:
    document: Document
    actors: ActorReader
    places: PlaceReader
    calendar: Calendar
    gazetteer: Gazetteer
    ontology: Ontology


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
    events: list[Event] = []
    for sentence in document.analysis.sents:
        events.extend(_sentence_events(sentence, readers))
    return replace(document, events=tuple(_inherit_places(events)))


def _sentence_events(sentence: "Sentence", readers: _Readers) -> list[Event]:
    """Return the events of one sentence."""
    triggers = find_triggers(sentence, readers.ontology)
    result: list[Event] = []
    for trigger in triggers:
        reading = read_status(trigger, readers.document.published)
        if reading is None or (reading.tenseless and not trigger.definite):
            continue
        if trigger.event_class.name == "statement" and reading.status != "reported":
            continue
        rivals = [t for t in triggers if t.event_class.name in _VIOLENT]
        only = trigger.event_class.name not in _VIOLENT or rivals[0] is trigger
        result.extend(_events_of(trigger, reading, readers, only))
    return result


def _events_of(
    trigger: Trigger, reading: Reading, readers: _Readers, only: bool
) -> Iterable[Event]:
    """Return one event a place of the trigger; one without a place if there is none."""
    spots = readers.places.placed(trigger)
    if trigger.event_class.name not in _VIOLENT | {"territory_change", "protest", "explosion"}:
        spots = spots[:1]
    placeless = _meeting_kind(trigger) is not None or trigger.event_class.name == "statement"
    if placeless:
        spots = []
    options: list[tuple[Candidate | None, str]] = [*spots] or [(None, "")]
    for order, (candidate, why) in enumerate(options):
        yield _event(trigger, reading, readers, candidate, why, order, only)


def _event(
    trigger: Trigger,
    reading: Reading,
    readers: _Readers,
    candidate: Candidate | None,
    why: str,
    order: int,
    only: bool,
) -> Event:
    """Put one event together."""
    document, text = readers.document, readers.document.text
    event_class = trigger.event_class
    subclass = _meeting_kind(trigger)
    actors = readers.actors.actors(trigger)
    sources = attributions(trigger, readers.actors)
    status = reading.status
    claimed_by: str | None = None
    if status in {"reported", "ongoing"} and event_class.layer in {"conflict", "border_clashes"}:
        sources, claimed_by = party(sources, actors, readers.actors)
        status = "claimed" if claimed_by else status
    place = _place(trigger, readers, candidate, why, status, subclass)
    evidence = _border(trigger, readers, actors, candidate)
    if evidence is not None and evidence.enough and event_class.name == "armed_clash":
        event_class = readers.ontology.classes["border_clash"]
        subclass = evidence.subclass
    reasons = [f"{event_class.label}: {trigger.reason}"]
    if reading.cue:
        reasons.append(f"{reading.status}: {reading.cue!r}")
    if evidence is not None and event_class.layer == "border_clashes":
        reasons += evidence.reasons
    span = _trigger_span(trigger, text)
    event_id = _event_id(document.id, span, order)
    date = readers.calendar.date(trigger, status)
    return Event(
        event_id=event_id,
        cluster_id=event_id,
        event_class=event_class.name,
        subclass=subclass,
        layer=event_class.layer,
        status=status,
        status_cue=reading.cue,
        aggregate=_is_aggregate(trigger),
        disputed=False,
        plover=_plover(event_class, trigger, status, subclass),
        acled_like=event_class.acled,
        trigger=span,
        sentence=_sentence_span(trigger, text),
        actors=actors,
        attributed_to=sources,
        claimed_by=claimed_by,
        place=place,
        places=readers.places.roles(trigger, candidate),
        date=date,
        numbers=read_numbers(trigger, event_class.name, only and order == 0),
        border_pair=evidence.pair if evidence and event_class.layer == "border_clashes" else _pair(candidate),
        border_line=evidence.line if evidence and event_class.layer == "border_clashes" else None,
        confidence=_confidence(trigger, place, candidate, bool(actors), date is not None),
        reasons=tuple(reasons),
    )  # fmt: skip


def _pair(candidate: Candidate | None) -> str | None:
    """Return the border that a candidate is."""
    return candidate.pair if candidate is not None else None


def _place(
    trigger: Trigger,
    readers: _Readers,
    candidate: Candidate | None,
    why: str,
    status: Status,
    subclass: str | None,
) -> EventPlace | None:
    """Return the place by the ladder: clause, host, the sentence's country for a sum; or none."""
    text = readers.document.text
    if subclass in {"phone", "virtual"} or trigger.event_class.name == "statement":
        return None
    if candidate is not None:
        return event_place(candidate, text, "clause", f"the text says {why!r}")
    if trigger.event_class.name == "diplomatic_meeting" and status not in _PLANNED:
        host = host_country(trigger, readers.places, readers.document)
        if host is not None and status in FACTUAL:
            return event_place(host, text, "host", f"{host.text} hosted it; no town is named")
    if trigger.event_class.name in _COUNTRY_WIDE and status in FACTUAL:
        if _is_aggregate(trigger) or trigger.event_class.name == "territory_change":
            return _around(trigger, readers)
    return None


def _around(trigger: Trigger, readers: _Readers) -> EventPlace | None:
    """Return the border or country that the sentence names elsewhere, never as a point."""
    text = readers.document.text
    named = readers.places.candidates(trigger.token.sent)
    border = next((c for c in named if c.kind == "border"), None)
    if border is not None and "border" in " ".join(t.lower_ for t in trigger.token.subtree):
        return event_place(border, text, "sentence", f"the sentence names the {border.text}")
    countries = [c for c in named if c.place and (c.place.feature_code or "").startswith("PCL")]
    if len({c.place.id for c in countries if c.place}) == 1 and _is_aggregate(trigger):
        why = f"a sum of events; the sentence names {countries[0].text}"
        return event_place(countries[0], text, "sentence", why)
    return None


def _border(
    trigger: Trigger, readers: _Readers, actors: tuple[Actor, ...], candidate: Candidate | None
) -> BorderEvidence | None:
    """Return the border evidence of a clash, or of an event of a border class."""
    if trigger.event_class.name != "armed_clash" and trigger.event_class.layer != "border_clashes":
        return None
    clause = _clause_text(trigger)
    pair = readers.places.pair_in(trigger.token.sent)
    return border_evidence(clause, actors, candidate, pair, readers.gazetteer)


def _clause_text(trigger: Trigger) -> str:
    """Return the words that hang on the trigger or on what supports it."""
    tokens = {t.i: t.text_with_ws for t in trigger.token.subtree}
    if is_verb(trigger.predicate):
        tokens |= {t.i: t.text_with_ws for t in trigger.predicate.subtree}
    return "".join(tokens[i] for i in sorted(tokens))


def _meeting_kind(trigger: Trigger) -> str | None:
    """Return "phone" or "virtual" for a meeting that nobody travelled to."""
    if trigger.event_class.name != "diplomatic_meeting":
        return None
    own = " ".join(t.text for t in trigger.token.subtree if abs(t.i - trigger.token.i) <= 6)
    near = f"{own} {' '.join(c.text for c in trigger.predicate.children)}"
    before = trigger.token.doc[trigger.token.sent.start : trigger.token.i + 1].text
    fronted = re.match(
        r"(?:In|During) (?:the|a|their) (?:phone|telephone) (?:call|talks|conversation)", before
    )
    if fronted or _PHONE.search(near) and not re.search(r"\bcalled?\b", trigger.token.text):
        return "phone"
    clause = _clause_text(trigger)
    return "virtual" if _VIRTUAL.search(clause) else None


def _is_aggregate(trigger: Trigger) -> bool:
    """Return whether a trigger sums up several happenings: "a string of gains"."""
    first = max(trigger.token.sent.start, min(trigger.token.left_edge.i, trigger.token.i - 4))
    phrase = trigger.token.doc[first : trigger.token.i + 1].text
    if _AGGREGATE.search(phrase):
        return True
    if is_verb(trigger.token):
        # what it is done to, with what hangs on it: "control of at least two crossings"
        for child in trigger.token.children:
            if child.dep_ in {"dobj", "nsubjpass", "prep"}:
                part = trigger.token.doc[child.left_edge.i : child.right_edge.i + 1][:10].text
                if _AGGREGATE.search(part):
                    return True
        attacked = trigger.event_class.name == "armed_clash"
        for token in trigger.token.subtree:
            if (
                attacked
                and token.lower_ in {"borders", "positions"}
                and token.i - trigger.token.i < 14
            ):
                preposition = any(t.lower_ in {"along", "across"} for t in trigger.token.subtree)
                if preposition:
                    return True
    return False


def _plover(event_class: EventClass, trigger: Trigger, status: Status, subclass: str | None) -> str:
    """Return the PLOVER code, which follows the status: a promise is AGREE."""
    if status in {"planned", "proposed", "conditional"}:
        return event_class.plover_planned
    if status == "threatened":
        return "THREATEN"
    if status in {"denied", "negated", "cancelled"}:
        return "REJECT"
    if subclass == "phone":
        return "CONSULT-phone"
    if trigger.group.plover:
        return trigger.group.plover
    if trigger.support_role == "host":
        return "CONSULT-third-party"
    return event_class.plover


def _trigger_span(trigger: Trigger, text: str) -> Span:
    """Return the trigger's words as a span: neighbouring words of one frame together."""
    words = sorted(trigger.words, key=lambda token: token.i)
    first = last = trigger.token
    for word in words:
        if word.i == last.i + 1:
            last = word
        elif word.i == first.i - 1:
            first = word
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
    value = 0.55 + 0.1 * actors + 0.1 * dated + 0.05 * (len(trigger.words) > 1)
    if place is not None and place.id is not None:
        resolved = candidate.toponym.score if candidate and candidate.toponym else 0.8
        value += 0.15 * resolved
    return round(min(value, 0.95), 3)


def _inherit_places(events: list[Event]) -> list[Event]:
    """Give a visit told of without a place that of the diplomacy told of just before it.

    "A delegation met in Doha. ... During his visit, the envoy will discuss ...": the visit is to
    Doha. Only within a few sentences, and marked as such.
    """
    result: list[Event] = []
    last: Event | None = None
    sentences = 0
    seen = -1
    for event in events:
        if event.sentence.start != seen:
            seen = event.sentence.start
            sentences += 1
        if event.event_class == "visit" and event.place is None and last is not None:
            near = event.sentence.start - last.sentence.end < 900
            if (
                near
                and last.place is not None
                and event.status in {"ongoing", "reported", "planned"}
            ):
                why = (
                    f"the visit follows on what happened in {last.place.name}: {last.sentence.text}"
                )
                place = replace(
                    last.place, start=None, end=None, text=None,
                    place_source="previous sentence", why=why,
                )  # fmt: skip
                event = replace(
                    event,
                    place=place,
                    status="ongoing" if event.status == "reported" else event.status,
                )
        if event.layer == "diplomatic_venues" and event.status in FACTUAL and event.place:
            if (event.place.precision or 9) <= 2:
                last = event
        elif event.layer == "diplomatic_venues" and event.status in FACTUAL and event.place is None:
            last = last if event.event_class in {"visit", "statement"} else None
        result.append(event)
    return result
