"""Whether a document that is read back keeps the rules of the interface.

Documents may be corrected by hand or by another program before the outputs are written again. The
types are checked where they are decoded; here are the ranges, the vocabularies and the spans.
"""

import itertools
import re
from collections.abc import Iterator
from typing import TypeAlias

from geomap.days import iso_day
from geomap.model import (
    EVENT_CLASSES,
    PLOVER_ROOTS,
    Actor,
    Document,
    Event,
    EventDate,
    EventPlace,
    Number,
    Place,
)

__all__ = ["problems"]

ROLES = (
    "side_a side_b initiator target victim host chair mediator participant visitor displaced "
    "new_holder previous_holder"
).split()
SOURCES = ("outlet", "party", "official", "anonymous")
PLACE_ROLES = ("venue", "origin", "destination", "via")
COUNTED = ("killed", "wounded", "detained", "displaced", "crowd")
RELATIONS = ("part_of", "same_process", "talks_about")
PLACE_PRECISIONS = (1, 2, 3, 4, 5, 6, 7)
DATE_PRECISIONS = (1, 2, 3, 4, 5, 9)
_COUNTRY = re.compile(r"[A-Z]{2}")
_PLOVER = re.compile(r"([A-Z]+)(?:-.+)?")

Problems: TypeAlias = Iterator[str]


def problems(document: Document) -> Problems:
    """Yield what is wrong in a document: where, which value, and what is allowed.

    Parameters
    ----------
    document
        A document that was decoded.
    """
    if document.published is not None:
        yield from _day("published", document.published)
    for number, toponym in enumerate(document.toponyms):
        where = f"toponyms[{number}]"
        yield from _span(where, document, toponym.start, toponym.end, toponym.text)
        yield from _share(f"{where}.score", toponym.score)
        for place in (toponym.place,) if toponym.place else ():
            yield from _point(f"{where}.place", place)
    spans = sorted((t.start, t.end, t.text) for t in document.toponyms)
    for (_, end, name), (start, _, other) in itertools.pairwise(spans):
        if start < end:
            yield f"toponyms: {name!r} and {other!r} overlap; allowed: spans that do not"
    for number, event in enumerate(document.events):
        yield from _event(f"events[{number}]", document, event)


def _event(where: str, document: Document, event: Event) -> Problems:
    """Check one event."""
    yield from _one_of(f"{where}.event_class", event.event_class, EVENT_CLASSES)
    code = _PLOVER.fullmatch(event.plover) if event.plover is not None else None
    if event.plover is not None and (code is None or code[1] not in PLOVER_ROOTS):
        yield _wrong(f"{where}.plover", event.plover, f"a root of {', '.join(PLOVER_ROOTS)}")
    for name, span in (("sentence", event.sentence), ("trigger", event.trigger)):
        yield from _span(f"{where}.{name}", document, span.start, span.end, span.text)
    if not event.sentence.start <= event.trigger.start <= event.trigger.end <= event.sentence.end:
        yield _wrong(f"{where}.trigger", event.trigger.text, "a span within the event's sentence")
    yield from _share(f"{where}.confidence", event.confidence)
    for number, relation in enumerate(event.related):
        yield from _one_of(f"{where}.related[{number}].relation", relation.relation, RELATIONS)
    for number, role in enumerate(event.places):
        yield from _one_of(f"{where}.places[{number}].role", role.role, PLACE_ROLES)
        yield from _span(f"{where}.places[{number}]", document, role.start, role.end, role.text)
    if event.place is not None:
        yield from _event_place(f"{where}.place", document, event.place)
    if event.date is not None:
        yield from _date(f"{where}.date", event.date)
    yield from _people(where, document, event)


def _people(where: str, document: Document, event: Event) -> Problems:
    """Check who took part, who says so, and how many."""
    for number, actor in enumerate(event.actors):
        own = f"{where}.actors[{number}]"
        yield from _one_of(f"{own}.role", actor.role, ROLES)
        yield from _country(own, actor)
        yield from _span(own, document, actor.start, actor.end)
    for number, source in enumerate(event.attributed_to):
        own = f"{where}.attributed_to[{number}]"
        yield from _one_of(f"{own}.kind", source.kind, SOURCES)
        yield from _span(own, document, source.start, source.end)
    for number, count in enumerate(event.numbers):
        own = f"{where}.numbers[{number}]"
        yield from _one_of(f"{own}.kind", count.kind, COUNTED)
        yield from _amount(own, count)
        yield from _span(own, document, count.start, count.end)


def _event_place(where: str, document: Document, place: EventPlace) -> Problems:
    """Check where an event happened; only an exact or near place has a point."""
    yield from _span(where, document, place.start, place.end, place.text)
    yield from _point(where, place)
    if place.precision is not None:
        yield from _one_of(f"{where}.precision", place.precision, PLACE_PRECISIONS)
    if place.precision not in (1, 2) and (place.latitude, place.longitude) != (None, None):
        yield _wrong(f"{where}.latitude", place.latitude, "null, but for precision 1 and 2")
    if place.radius_km is not None and not 0 <= place.radius_km <= 20_100:
        yield _wrong(f"{where}.radius_km", place.radius_km, "0 to 20100")


def _point(where: str, place: Place | EventPlace) -> Problems:
    """Check coordinates and country."""
    for name, limit in (("latitude", 90), ("longitude", 180)):
        value = getattr(place, name)
        if value is not None and not -limit <= value <= limit:
            yield _wrong(f"{where}.{name}", value, f"-{limit} to {limit}")
    if (place.latitude is None) != (place.longitude is None):
        yield _wrong(f"{where}.longitude", place.longitude, "both coordinates, or neither")
    yield from _country(where, place)


def _country(where: str, value: Place | EventPlace | Actor) -> Problems:
    if value.country is not None and not _COUNTRY.fullmatch(value.country):
        yield _wrong(f"{where}.country", value.country, "a code of two capitals, as IR")


def _date(where: str, date: EventDate) -> Problems:
    """Check an interval of days."""
    wrong = [*_day(f"{where}.start", date.start), *_day(f"{where}.end", date.end)]
    yield from wrong
    if not wrong and date.end < date.start:
        yield _wrong(f"{where}.end", date.end, f"{date.start} or later")
    yield from _one_of(f"{where}.precision", date.precision, DATE_PRECISIONS)


def _day(where: str, value: str) -> Problems:
    try:
        valid = iso_day(value) == value
    except ValueError:
        valid = False
    if not valid:
        yield _wrong(where, value, "a day as YYYY-MM-DD")


def _amount(where: str, number: Number) -> Problems:
    if not 0 <= number.min <= number.max < 2**63:
        yield _wrong(f"{where}.min", f"{number.min} to {number.max}", "0 or more, min up to max")


def _share(where: str, value: float) -> Problems:
    if not 0 <= value <= 1:
        yield _wrong(where, value, "0 to 1")


def _span(
    where: str, document: Document, start: int | None, end: int | None, text: str | None = None
) -> Problems:
    """Check that a span lies in the text, and that its words stand there."""
    if start is None and end is None:
        return
    length = len(document.text)
    if start is None or end is None or not 0 <= start <= end <= length:
        yield _wrong(f"{where}.start", f"{start} to {end}", f"a span of the text, 0 to {length}")
    elif text is not None and document.text[start:end] != text:
        words = document.text[start:end]
        yield _wrong(f"{where}.text", text[:60], f"what the text has there, {words[:60]!r}")


def _one_of(where: str, value: object, allowed: "tuple[object, ...] | list[str]") -> Problems:
    if value not in allowed:
        yield _wrong(where, value, ", ".join(map(str, allowed)))


def _wrong(where: str, value: object, allowed: str) -> str:
    return f"{where}: {value!r} is not allowed; allowed: {allowed}"
