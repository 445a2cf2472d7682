"""Explain: one document in words, so that one can see why each dot stands where it stands."""

from collections.abc import Iterator

from geomap.model import Actor, Document, Event, EventDate, EventPlace, Place, Toponym

__all__ = ["explain"]

_PRECISION = {
    1: "exact place",
    2: "near it",
    3: "second-order division",
    4: "first-order division",
    5: "line or vague region",
    6: "country",
    7: "sea or air space",
}
_DATE_PRECISION = {
    1: "the day",
    2: "two to six days",
    3: "a week",
    4: "up to a month",
    5: "longer than a month",
    9: "the day of the report; the event's own day is not stated",
}


def explain(document: Document) -> str:
    """Return the toponyms with their candidates, and the events with their reasons, as text.

    Parameters
    ----------
    document
        After the pipeline.
    """
    return "\n".join(_lines(document))


def _lines(document: Document) -> Iterator[str]:
    """Yield the lines of an explanation."""
    published = document.published or "not known: relative dates stay unresolved"
    basis = f" ({document.published_basis})" if document.published_basis else ""
    yield f"Document {document.id}, published {published}{basis}"
    for warning in document.warnings:
        yield f"  warning: {warning}"
    yield ""
    yield f"Toponyms: {len(document.toponyms)}"
    for toponym in document.toponyms:
        yield from _toponym(toponym)
    yield ""
    clusters = {event.cluster_id for event in document.events}
    yield f"Events: {len(clusters)} in {len(document.events)} mentions"
    for event in document.events:
        yield ""
        yield from _event(event)


def _toponym(toponym: Toponym) -> Iterator[str]:
    """Yield a toponym, the chosen place, the alternatives and the reasons."""
    span = f"{toponym.start}-{toponym.end}"
    chosen = _place_name(toponym.place) if toponym.place else "no place"
    yield f"  {toponym.text!r} [{span}] {toponym.kind} -> {chosen}, score {toponym.score:.2f}"
    for reason in toponym.reasons:
        yield f"      because: {reason}"
    for other in toponym.alternatives:
        yield f"      or: {other.name} ({other.id}), score {other.score:.2f}"


def _place_name(place: Place) -> str:
    """Name a place with its division, country, id and point."""
    parts = [place.name, place.admin1, place.country]
    name = ", ".join(part for part in parts if part)
    if place.latitude is None or place.longitude is None:
        return f"{name} ({place.id})"
    return f"{name} ({place.id}; {place.latitude:.4f}, {place.longitude:.4f})"


def _event(event: Event) -> Iterator[str]:
    """Yield an event with all that was read of it."""
    subclass = f" ({event.subclass})" if event.subclass else ""
    more = " a sum of several," if event.aggregate else ""
    yield (
        f"  {event.event_class}{subclass},{more} {event.status}: {event.trigger.text!r} "
        f"[{event.event_id}, cluster {event.cluster_id}]"
    )
    yield f"      in: {event.sentence.text}"
    for reason in event.reasons:
        yield f"      because: {reason}"
    yield f"      where: {_where(event.place)}"
    for place in event.places:
        yield f"      {place.role}: {place.text}"
    yield f"      when: {_when(event.date)}"
    if event.actors:
        yield f"      who: {'; '.join(_who(actor) for actor in event.actors)}"
    for source in event.attributed_to:
        yield f"      says: {source.name} ({source.kind})"
    if event.claimed_by:
        yield f"      claimed by: {event.claimed_by}"
    for number in event.numbers:
        amount = str(number.min) if number.min == number.max else f"{number.min}-{number.max}"
        yield f"      {number.kind}: {amount} {number.who or ''}".rstrip()
    for relation in event.related:
        yield f"      {relation.relation}: {relation.event_id}"
    yield f"      coded as: {event.plover or '-'}; {event.acled_like or '-'}"
    yield f"      confidence: {event.confidence:.2f}"


def _where(place: EventPlace | None) -> str:
    """Say where, how precisely, and why."""
    if place is None:
        return "no place: the text states none, or the event has none; listed, not drawn"
    if place.id is None:
        return f"{place.text}: {place.why}"
    precision = _PRECISION.get(place.precision or 0, "?")
    return f"{place.name} ({precision}, from the {place.place_source}); {place.why}"


def _when(date: EventDate | None) -> str:
    """Say when, how precisely, and by which rule."""
    if date is None:
        return "no date stated"
    days = date.start if date.start == date.end else f"{date.start} to {date.end}"
    return f"{days} ({_DATE_PRECISION[date.precision]}); {date.text!r}: {date.rule}"


def _who(actor: Actor) -> str:
    """Name an actor with role and state."""
    return f"{actor.role} {actor.name}" + (f" ({actor.country})" if actor.country else "")
