"""The ladder: what gives an event its place where its own clause names none.

Short, and each step recorded in ``place_source``: ``clause``; ``host``, the country that hosted a
meeting; ``sentence``, a border or country for a sum of events; ``previous sentence``, where a
visit follows on a located meeting; ``name``, "the Abu Dhabi meeting" once one was told of there.
A step below the clause never makes a point out of a country.
"""

import re
from dataclasses import replace

from geomap.events.candidates import Candidate
from geomap.events.coding import is_aggregate
from geomap.events.precision import event_place
from geomap.events.status import FACTUAL
from geomap.events.triggers import Trigger
from geomap.events.where import PlaceReader, host_country
from geomap.model import Document, Event, EventPlace, Status

__all__ = ["follow_on", "place_of"]

_COUNTRY_WIDE = {"territory_change", "withdrawal", "armed_clash", "border_clash", "shelling"}
_PLANNED: frozenset[Status] = frozenset({"planned", "proposed", "postponed", "cancelled"})
_NEAR = 900  # characters: about four sentences


def place_of(
    trigger: Trigger,
    places: PlaceReader,
    document: Document,
    found: tuple[Candidate | None, str],
    status: Status,
) -> EventPlace | None:
    """Return the place by the ladder's steps within the sentence, or None."""
    text = document.text
    candidate, why = found
    if candidate is not None:
        return event_place(candidate, text, "clause", f"the text says {why!r}", why)
    if trigger.event_class.name == "diplomatic_meeting" and status in FACTUAL | _PLANNED:
        host = host_country(trigger, places, document)
        if host is not None:
            return event_place(host, text, "host", f"{host.text} hosted it; no town is named")
    if trigger.event_class.name in _COUNTRY_WIDE and status in FACTUAL:
        return _around(trigger, places, text)
    return None


def _around(trigger: Trigger, places: PlaceReader, text: str) -> EventPlace | None:
    """Return the border or country that the sentence names elsewhere, never as a point."""
    named = places.candidates(trigger.token.sent)
    border = next((c for c in named if c.kind == "border"), None)
    if border is not None and (trigger.event_class.name == "territory_change"):
        return event_place(border, text, "sentence", f"the sentence names the {border.text}")
    if not is_aggregate(trigger):
        return None
    countries = [c for c in named if c.place and (c.place.feature_code or "").startswith("PCL")]
    if len({c.place.id for c in countries if c.place}) == 1:
        why = f"a sum of events; the sentence names {countries[0].text}"
        return event_place(countries[0], text, "sentence", why)
    return None


def follow_on(events: list[Event], document: Document) -> list[Event]:
    """Give diplomacy told of without a place that of the diplomacy it follows on.

    "A delegation met in Doha. ... During his visit, the envoy will discuss ...": the visit is to
    Doha. "The Abu Dhabi meeting was chaired by ...": the one told of in Abu Dhabi.
    """
    result: list[Event] = []
    last: Event | None = None
    for event in _called_off(events, document.text):
        if event.event_class in {"visit", "diplomatic_meeting"} and event.place is None:
            place = _followed(event, last, result, document)
            event = replace(event, place=place) if place is not None else event
        if event.layer == "diplomatic_venues" and event.status in FACTUAL:
            located = event.place is not None and (event.place.precision or 9) <= 2
            if located:
                last = event
            elif event.event_class != "visit":
                last = None
        result.append(event)
    return result


def _called_off(events: list[Event], text: str) -> list[Event]:
    """Carry "but the meeting was called off" over to the plan told of right before."""
    result = list(events)
    for index, event in enumerate(events):
        if event.status not in {"cancelled", "postponed"} or event.place is not None or not index:
            continue
        plan = result[index - 1]
        near = event.sentence.start - plan.sentence.end < 2
        if re.search(r"\b[Aa]n?\s(?:[\w-]+\s)*$", text[event.sentence.start : event.trigger.start]):
            continue  # "a meeting of ministers was called off": another
        if (
            plan.event_class == event.event_class
            and plan.status in {"planned", "proposed"}
            and near
        ):
            result[index - 1] = replace(plan, status=event.status, status_cue=event.status_cue)
    return result


def _followed(
    event: Event, last: Event | None, before: list[Event], document: Document
) -> EventPlace | None:
    """Return the place of the diplomacy that an event follows on, or None."""
    if event.status not in FACTUAL | {"planned"} or event.subclass is not None:
        return None
    named = _named_earlier(event, before, document)
    if named is not None:
        return named
    if last is None or last.place is None:
        return None
    if event.event_class == "visit" and event.sentence.start - last.sentence.end < _NEAR:
        why = f"the visit follows on what happened in {last.place.name}: {last.sentence.text}"
        return _moved(last.place, "previous sentence", why)
    during = last.event_class == "visit" and last.sentence.start == event.sentence.start
    if during and event.status in FACTUAL:
        return _moved(last.place, "sentence", f"it was during the visit to {last.place.name}")
    return None


def _named_earlier(event: Event, before: list[Event], document: Document) -> EventPlace | None:
    """Return the place of "the Abu Dhabi meeting" where a meeting was told of there before."""
    if event.status not in FACTUAL:
        return None
    phrase = document.text[event.sentence.start : event.trigger.start]
    name = re.search(r"\b[Tt]he ((?:[A-Z][\w'’-]*\s)+)(?:peace\s)?$", phrase)
    if name is None:
        return None
    for other in before:
        place = other.place
        held = other.event_class == event.event_class and other.status in FACTUAL
        if held and place is not None and place.name == name.group(1).strip():
            return _moved(place, "name", f"it is called after {place.name}, told of before")
    return None


def _moved(place: EventPlace, source: str, why: str) -> EventPlace:
    """Return a place as told elsewhere: without a span of its own."""
    return replace(place, start=None, end=None, text=None, place_source=source, why=why)
