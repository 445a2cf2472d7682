"""The errors of the geoparser on a gold corpus, by kind, each with the words around it to read."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from geomap.evaluate.corpora import GoldDocument, GoldToponym
from geomap.evaluate.score import NEAR_KM, Row, rows_of
from geomap.gazetteer import Gazetteer
from geomap.model import Document, Place, Toponym

__all__ = ["lines", "mistakes"]

_AROUND = 40
_SHOWN = 12


def mistakes(
    pairs: Iterable[tuple[GoldDocument, Document]],
    truth: Mapping[int, Place],
    gazetteer: Gazetteer,
) -> dict[str, list[dict[str, Any]]]:
    """Return the errors by kind, the commonest kind first.

    Parameters
    ----------
    pairs
        The texts with their gold, and what was found in them.
    truth
        What is known of the gold's geonameids.
    gazetteer
        Tells which names and places could have been found.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for gold, document in pairs:
        for kind, error in _of(gold, document.toponyms, truth, gazetteer):
            found.setdefault(kind, []).append(error)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def lines(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[str]:
    """Yield errors as lines to read: of each kind the commonest."""
    for kind, errors in found.items():
        yield ""
        yield f"{kind}: {len(errors)}"
        alike: Counter[tuple[str, str, str]] = Counter()
        first: dict[tuple[str, str, str], Mapping[str, Any]] = {}
        for error in errors:
            key = (error["text"], _named(error["given"]), _named(error["wanted"]))
            alike[key] += 1
            first.setdefault(key, error)
        for key, count in alike.most_common(_SHOWN):
            text, given, wanted = key
            error = first[key]
            km = error["km"]
            off = f", {km:,.0f} km off" if km is not None else ""
            times = f" ({count} times)" if count > 1 else ""
            yield f"  {text!r}{times}: {given}, wanted {wanted}{off}"
            yield f"      {error['document']}: {error['context']}"


def _of(
    gold: GoldDocument,
    answers: Sequence[Toponym],
    truth: Mapping[int, Place],
    gazetteer: Gazetteer,
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the errors of a document with their kinds, in the order of the text."""
    errors: list[tuple[str, dict[str, Any]]] = []
    for row in rows_of(gold.toponyms, answers, truth):
        if not row.right:
            wanted = _wanted(row.gold, truth)
            pointed = row.place is not None and row.place.latitude is not None
            km = round(row.km, 1) if pointed else None
            errors.append(
                (
                    _kind(row, truth, answers, gazetteer),
                    _told(gold, row.gold, row.place, wanted, km),
                )
            )
    spans = {(t.start, t.end) for t in answers}
    for toponym in gold.toponyms:
        if not toponym.linked and (toponym.start, toponym.end) not in spans:
            kind = "another span" if _touched(toponym, answers) else "not recognised, no gold place"
            errors.append((kind, _told(gold, toponym, None, None, None)))
    for answer in answers:
        if not _touched(answer, gold.toponyms):
            error = _told(gold, answer, answer.place, None, None)
            errors.append(("no toponym of the gold", error))
    yield from sorted(errors, key=lambda item: item[1]["start"])


def _kind(
    row: Row, truth: Mapping[int, Place], answers: Sequence[Toponym], gazetteer: Gazetteer
) -> str:
    """Say in words what went wrong with a gold toponym."""
    gold, place = row.gold, row.place
    if not row.found:
        if _touched(gold, answers):
            return "another span"
        return "not recognised" if gazetteer.lookup(gold.text) else "not recognised, no such name"
    number = gold.geonameid or 0
    if gold.geonameid is not None and gazetteer.get(f"geonames:{number}") is None:
        return "the gazetteer lacks the place"
    if place is None:
        return "recognised, not resolved"
    if gold.geonameid is None:
        return f"more than {NEAR_KM:.0f} km off"
    wanted = truth[number]
    if row.km <= NEAR_KM and place.name == wanted.name:
        return "another record of the same place"
    return "another place in the country" if row.country else "another country"


def _touched(
    span: GoldToponym | Toponym, others: Iterable[GoldToponym] | Iterable[Toponym]
) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


def _wanted(gold: GoldToponym, truth: Mapping[int, Place]) -> dict[str, Any]:
    """Tell what the gold says of a place."""
    number = gold.geonameid
    if number is not None and number in truth:
        return _place(truth[number])
    identity = f"geonames:{number}" if number is not None else None
    point = {"latitude": gold.latitude, "longitude": gold.longitude}
    return {"id": identity, "name": None, "country": None} | point


def _place(place: Place) -> dict[str, Any]:
    return {name: getattr(place, name) for name in ("id", "name", "country", "latitude",
                                                    "longitude")}  # fmt: skip


def _told(
    document: GoldDocument,
    span: GoldToponym | Toponym,
    given: Place | None,
    wanted: dict[str, Any] | None,
    km: float | None,
) -> dict[str, Any]:
    """Return an error as plain values."""
    around = document.text[max(0, span.start - _AROUND) : span.end + _AROUND]
    return {
        "document": document.id,
        "start": span.start,
        "end": span.end,
        "text": span.text,
        "context": " ".join(around.split()),
        "given": _place(given) if given is not None else None,
        "wanted": wanted,
        "km": km,
    }


def _named(place: Mapping[str, Any] | None) -> str:
    """Name a place in a line."""
    if place is None:
        return "nothing"
    if place["name"] is not None:
        return f"{place['name']} ({place['country'] or '-'}, {place['id']})"
    return place["id"] or f"{place['latitude']:.2f} {place['longitude']:.2f}"
