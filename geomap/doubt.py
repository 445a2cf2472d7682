"""How sure an event's class, place and date are, each for itself.

The numbers (0 to 1) order what a text says outright before what was inferred; they are no
probabilities. Readers are told them in words: high, medium, low.
"""

from geomap.model import Document, Event, EventDate, EventPlace

__all__ = ["confidence_parts"]

_BY_PLACE_SOURCE = {"clause": 1.0, "name": 0.85}
_BY_DATE_SOURCE = {"clause": 0.9, "anaphora": 0.7, "story": 0.6, "report": 0.4}
_INFERRED_PLACE = 0.7
_UNSCORED = 0.8
_ESTIMATE = "is an estimate"


def confidence_parts(event: Event, document: Document) -> dict[str, float]:
    """Return the confidence of ``class``, ``place`` and ``date``; what is not known is left out."""
    parts = {"class": _of_class(event)}
    if event.place is not None and event.place.id is not None:
        parts["place"] = _of_place(event.place, document)
    if event.date is not None:
        parts["date"] = _of_date(event.date)
    return {name: round(value, 2) for name, value in parts.items()}


def _of_class(event: Event) -> float:
    """Weigh a class: it is surer where the text names who took part."""
    value = 0.65 + 0.2 * bool(event.actors) + 0.1 * (" " in event.trigger.text.strip())
    return value - 0.1 * event.aggregate


def _of_place(place: EventPlace, document: Document) -> float:
    """Weigh a place: as its name was resolved, less where no word ties it to the event."""
    score = _UNSCORED
    if place.start is not None and place.end is not None:
        inside = [t.score for t in document.toponyms if t.start < place.end and place.start < t.end]
        score = min((value for value in inside if value), default=_UNSCORED)
    return score * _BY_PLACE_SOURCE.get(place.place_source or "", _INFERRED_PLACE)


def _of_date(date: EventDate) -> float:
    """Weigh a date: it is surest where the event's own clause has it."""
    if date.precision == 9:
        return _BY_DATE_SOURCE["report"]
    value = _BY_DATE_SOURCE.get(date.source, _INFERRED_PLACE)
    return value - 0.2 * (_ESTIMATE in date.rule)
