"""Documents become tables: one row a cluster, one a mention, one a toponym, one an article.

This is the one bridge from :mod:`geomap.model` to GeoPandas; every export starts here. A cluster's
row is its best-known record: the place of the mention that knows it most precisely (with that
mention's sentence and trigger), the date of the mention that dates it best, and the status that
says most. Participants that contradict each other are not merged: the actors are those of one
mention, with hosts, chairs and mediators from the others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geomap.columns import COLUMNS, EXTRA_COLUMNS
from geomap.copies import Copies, Sentence
from geomap.corrections import UNREVIEWED, Corrections, replay
from geomap.doubt import confidence_parts
from geomap.drawing import REJECTED, area_id, drawn, line, table_only
from geomap.model import Actor, Document, Event, EventDate, EventPlace
from geomap.shapes import area_of

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

__all__ = (
    "counts_line documents_frame drawn_clusters header_line lines_and_areas mentions_frame "
    "places_frame events_frame"
).split()

CRS = "EPSG:4326"
TARGET_ROLES = ("target", "victim", "previous_holder")
SHARED_ROLES = ("host", "chair", "mediator")
STATUS_PREFERENCE = (
    "reported",
    "ongoing",
    "claimed",
    "cancelled",
    "postponed",
    "denied",
    "negated",
    "past_reference",
    "planned",
    "proposed",
    "threatened",
    "conditional",
)
_VAGUE_CODES = ("CONT", "RGN", "RGNE", "OCN", "SEA")
_MONTHS = (
    "January February March April May June July August September October November December"
).split()


@dataclass(frozen=True, slots=True)
class _Mention:
    """An event with the article it stands in."""

    event: Event
    document: Document


def events_frame(
    documents: Iterable[Document], corrections: Corrections | None = None
) -> "GeoDataFrame":
    """Make the table of events: one row a cluster, its best-known record.

    Parameters
    ----------
    documents
        Documents with their events.
    corrections
        What analysts changed by hand, as ``Corrections.read("outputs")`` gives it.

    Returns
    -------
    geopandas.GeoDataFrame
        In EPSG:4326, with the columns of ``events.geojson``, ``geometry`` (a point for place
        precision 1 and 2, else None), and further columns for the map. Whatever is not known is
        None. ``attrs["header"]`` says in one line what the table is, ``attrs["corrections"]``
        what became of the corrections, if there are any.
    """
    documents = list(documents)
    rows = [_row(mentions) for mentions in _clusters(documents)]
    outcome = replay(rows, corrections) if corrections else None
    frame = _geo([row | _drawn(row) for row in rows], [*COLUMNS, *EXTRA_COLUMNS])
    frame.attrs["header"] = header_line(documents, frame)
    if outcome:
        frame.attrs["corrections"] = outcome.described()
    return frame


def mentions_frame(documents: Iterable[Document]) -> "DataFrame":
    """Make the table of mentions: one row an event, with the offsets of what was found."""
    rows = [_mention_row(_Mention(e, d)) for d in documents for e in d.events]
    return _table(rows, _MENTION_COLUMNS)


def places_frame(documents: Iterable[Document]) -> "GeoDataFrame":
    """Make the table of resolved toponyms, with a point where one can be drawn honestly."""
    rows = []
    for document in documents:
        for toponym in document.toponyms:
            place = toponym.place
            if place is None:
                continue
            code = place.feature_code or ""
            drawable = (
                toponym.kind in ("place", "embedded")
                and place.feature_class != "A"
                and not code.startswith(("PCL", "ADM"))
                and code not in _VAGUE_CODES
            )
            rows.append(
                {column: getattr(place, column) for column in _PLACE_COLUMNS}
                | {
                    "document_id": document.id,
                    "start": toponym.start,
                    "end": toponym.end,
                    "text": toponym.text,
                    "kind": toponym.kind,
                    "score": toponym.score,
                    "geometry": _point(place.longitude, place.latitude) if drawable else None,
                }
            )
    columns = ["document_id", "start", "end", "text", "kind", *_PLACE_COLUMNS, "score", "geometry"]
    return _geo(rows, columns)


def documents_frame(documents: Iterable[Document]) -> "DataFrame":
    """Make the table of articles, without their text."""
    rows = [
        {
            "document_id": d.id,
            "title": d.title,
            "published": d.published,
            "published_basis": d.published_basis,
            "source": d.source,
            "url": d.url,
            "language": d.language,
            "characters": len(d.text),
            "toponyms": len(d.toponyms),
            "events": len(d.events),
            "warnings": list(d.warnings),
        }
        for d in documents
    ]
    return _table(rows, _DOCUMENT_COLUMNS)


def lines_and_areas(frame: "GeoDataFrame") -> tuple["GeoDataFrame", "GeoDataFrame"]:
    """Return the clusters drawn as a line (a border) and those drawn as an area.

    Parameters
    ----------
    frame
        The table that :func:`events_frame` makes.

    Returns
    -------
    tuple of geopandas.GeoDataFrame
        Lines and areas, with the columns of ``events.geojson``; areas are divisions and countries.
    """
    rows: dict[str, list[dict[str, Any]]] = {"line": [], "area": []}
    for row in frame.to_dict("records"):
        kind = row["drawn"]
        if kind in rows:
            shape = line(row) if kind == "line" else area_of(row["area_id"])
            rows[kind].append(row | {"geometry": shape})
    columns = [*COLUMNS, "geometry"]
    return _geo(rows["line"], columns), _geo(rows["area"], columns)


def header_line(documents: Sequence[Document], frame: "DataFrame") -> str:
    """Say in one line what the map is.

    Parameters
    ----------
    documents
        The articles.
    frame
        Their table of events, with the columns ``event_class``, ``status``, ``review_status`` and
        ``drawn``.
    """
    kept = map(table_only, frame["event_class"], frame["status"], frame["review_status"])
    drawn = int(frame["drawn"].notna().sum())
    reviews = list(frame["review_status"])
    parts = [counts_line(len(documents), len(frame), drawn, sum(kept), reviews)]
    assumed = [d for d in documents if d.published_basis == "assumed" and d.published]
    if assumed and len(documents) == 1:
        parts.append(f"publication date estimated {_long_date(assumed[0].published or '')}")
    elif assumed:
        dates = "date" if len(assumed) == 1 else "dates"
        parts.append(f"publication {dates} of {_plural(len(assumed), 'article')} estimated")
    return "; ".join(parts)


def counts_line(
    articles: int, events: int, drawn: int, table_only: int, reviews: Sequence[str | None]
) -> str:
    """Say how many events a map has, and where they are to be found.

    Parameters
    ----------
    articles, events
        How many of each.
    drawn
        How many events the map draws, in any of its layers: as a point, line or area.
    table_only
        How many stand in the table alone: statements, what did not happen, what was rejected. The
        others are listed as events without a place that can be drawn.
    reviews
        The ``review_status`` of each event.
    """
    reviewed = sum(review not in (None, UNREVIEWED) for review in reviews)
    told = f"{reviewed:,} of {events:,} reviewed" if reviewed else "not reviewed"
    rejected = sum(review == REJECTED for review in reviews)
    return (
        f"{_plural(events, 'event')} from {_plural(articles, 'article')}, {drawn:,} drawn, "
        f"{events - drawn - table_only:,} listed without a place"
        + (f", {table_only:,} in the table only" if table_only else "")
        + f"; machine-coded, {told}"
        + (f", {rejected:,} of these rejected" if rejected else "")
    )


def drawn_clusters(document: Document) -> int:
    """Count the clusters of one document that a map of it alone would draw."""
    return sum(_drawn(_row(m))["drawn"] is not None for m in _clusters([document]))


# --- one row a cluster -----------------------------------------------------------------------


def _clusters(documents: Sequence[Document]) -> list[list[_Mention]]:
    groups: dict[str, list[_Mention]] = {}
    for document in documents:
        for event in document.events:
            groups.setdefault(event.cluster_id, []).append(_Mention(event, document))
    return list(groups.values())


def _row(mentions: list[_Mention]) -> dict[str, Any]:
    """Compose the best-known record of a cluster."""
    record = min(mentions, key=lambda m: _place_rank(m.event.place))
    event, document = record.event, record.document
    events = [m.event for m in mentions]
    dated = min(events, key=lambda e: _date_rank(e.date))
    row: dict[str, Any] = dict.fromkeys([*COLUMNS, *EXTRA_COLUMNS])
    row |= {name: getattr(event, name) for name in _EVENT_COLUMNS}
    row |= _place_columns(event.place) | _date_columns(dated.date) | _people_columns(events)
    row |= _number_columns(events)
    row |= {name: getattr(document, name) for name in ("title", "source", "url", "published")}
    row |= {
        "status": min((e.status for e in events), key=STATUS_PREFERENCE.index),
        "sentence": event.sentence.text,
        "trigger": event.trigger.text,
        "document_id": document.id,
        "confidence": max(e.confidence for e in events),
        "confidence_parts": confidence_parts(event, document) | _date_confidence(dated, mentions),
        "disputed": any(e.disputed for e in events),
        "claimed_by": next((e.claimed_by for e in events if e.claimed_by), None),
        "aggregate": event.aggregate,
        "report_count": _reports(mentions),
        "mention_count": len({(m.document.id, m.event.sentence.start) for m in mentions}),
        "review_status": UNREVIEWED,
        "mentions": [_mention(m) for m in mentions],
        "reasons": list(event.reasons),
        "border_pair": event.border_pair,
        "border_line": event.border_line,
        "geometry": _event_point(event.place),
    }
    return row


def _drawn(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return how the map draws a row, and which outline it shades."""
    kind = drawn(row)
    return {"drawn": kind, "area_id": area_id(row) if kind == "area" else None}


def _date_confidence(dated: Event, mentions: list[_Mention]) -> dict[str, float]:
    """Return how sure the date is that the record takes from one of its mentions."""
    document = next(m.document for m in mentions if m.event is dated)
    return {n: v for n, v in confidence_parts(dated, document).items() if n == "date"}


def _reports(mentions: list[_Mention]) -> int:
    """Count the documents that tell of a cluster in sentences of their own.

    A document is set aside if another one has copies of all its sentences on the cluster; of two
    documents that copy each other one counts.
    """
    sentences: dict[str, dict[str, Sentence]] = {}
    for mention in mentions:
        text = mention.event.sentence.text
        sentences.setdefault(mention.document.id, {})[text] = Sentence.of(text)
    known: Copies[str] = Copies()
    kept = 0
    # Longest first: a shortened copy is contained in what it shortens.
    for name, own in sorted(sentences.items(), key=lambda item: -len(item[1])):
        found = [set(known.find(sentence)) for sentence in own.values()]
        if not set.intersection(*found):
            kept += 1
            for sentence in own.values():
                known.add(sentence, name)
    return kept


_EVENT_COLUMNS = ("event_id cluster_id event_class subclass layer plover acled_like").split()
_PLACE_COLUMNS = ("id geonameid name country admin1 admin2 feature_class feature_code").split()
_DOCUMENT_COLUMNS = (
    "document_id title published published_basis source url language characters toponyms events "
    "warnings"
).split()


def _place_rank(place: EventPlace | None) -> int:
    """Order places from the most precise to none at all."""
    if place is None:
        return 10
    return 9 if place.precision is None else place.precision


def _date_rank(date: EventDate | None) -> int:
    return 10 if date is None else date.precision


def _place_columns(place: EventPlace | None) -> dict[str, Any]:
    if place is None:
        return {"alternatives_text": []}
    same = ("country", "admin1", "precision", "radius_km", "place_source")
    return {name: getattr(place, name) for name in same} | {
        "place_name": place.name,
        "place_text": place.text,
        "place_id": place.id,
        "why": place.why or None,
        "alternatives_text": [f"{a.name} ({a.score:.2f})" for a in place.alternatives],
    }


def _date_columns(date: EventDate | None) -> dict[str, Any]:
    if date is None:
        return {}
    return {
        "date_start": date.start,
        "date_end": date.end,
        "date_precision": date.precision,
        "date_text": date.text or None,
    }


def _people_columns(events: list[Event]) -> dict[str, Any]:
    """Take the actors of the mention with most roles; of the others hosts, chairs, mediators."""
    fullest = max(events, key=lambda e: (len({a.role for a in e.actors}), len(e.actors)))
    actors = list(fullest.actors)
    actors += [a for e in events if e is not fullest for a in e.actors if a.role in SHARED_ROLES]
    sources = [a.name for e in events for a in e.attributed_to]
    return _actor_columns(actors) | {
        "attributed_to": _joined(sources),
        "actors_roles": list(dict.fromkeys(f"{a.role}: {a.name}" for a in actors)),
    }


def _actor_columns(actors: Sequence[Actor]) -> dict[str, Any]:
    return {
        "actors": _joined(a.name for a in actors if a.role not in TARGET_ROLES),
        "targets": _joined(a.name for a in actors if a.role in TARGET_ROLES),
    }


def _number_columns(events: list[Event]) -> dict[str, Any]:
    """Give each kind of number as the range over all mentions."""
    row: dict[str, Any] = {}
    texts = []
    numbers = [n for e in events for n in e.numbers]
    for kind in dict.fromkeys(n.kind for n in numbers):
        low = min(n.min for n in numbers if n.kind == kind)
        high = max(n.max for n in numbers if n.kind == kind)
        who = list(dict.fromkeys(n.who for n in numbers if n.kind == kind and n.who))
        amount = f"{low:,}" if low == high else f"{low:,}\N{EN DASH}{high:,}"
        counted = f"crowd of {amount}" if kind == "crowd" else f"{amount} {kind}"
        texts.append(counted + (f" ({', '.join(who)})" if who else ""))
        if kind in ("killed", "wounded"):
            row |= {f"{kind}_min": low, f"{kind}_max": high}
    return row | {"numbers_text": "; ".join(texts) or None}


def _mention(mention: _Mention) -> dict[str, Any]:
    """Describe a mention for the map's panel; offsets are within its sentence."""
    event, document = mention.event, mention.document
    start, length = event.sentence.start, event.sentence.end - event.sentence.start
    place = event.place

    def within(offset: int | None) -> int | None:
        inside = offset is not None and 0 <= offset - start <= length
        return offset - start if offset is not None and inside else None

    ends = (within(place.start), within(place.end)) if place else (None, None)
    return {
        "event_id": event.event_id,
        "sentence": event.sentence.text,
        "trigger_start": within(event.trigger.start),
        "trigger_end": within(event.trigger.end),
        "place_start": None if None in ends else ends[0],
        "place_end": None if None in ends else ends[1],
        "status": event.status,
        "date_text": event.date.text if event.date else None,
        "document_id": document.id,
        "title": document.title,
        "source": document.source,
        "url": document.url,
        "published": document.published,
    }


# --- one row a mention -----------------------------------------------------------------------

_MENTION_COLUMNS = (
    "event_id cluster_id document_id event_class subclass layer status status_cue aggregate "
    "disputed plover acled_like date_start date_end date_precision date_text place_name place_text "
    "place_id country admin1 precision radius_km place_source why latitude longitude actors "
    "targets attributed_to claimed_by numbers related border_pair border_line confidence reasons "
    "trigger trigger_start trigger_end sentence sentence_start sentence_end"
).split()


def _mention_row(mention: _Mention) -> dict[str, Any]:
    event, place = mention.event, mention.event.place
    same = (*_EVENT_COLUMNS, "status", "status_cue", "aggregate", "disputed", "claimed_by")
    row = {name: getattr(event, name) for name in same}
    row |= _place_columns(place) | _date_columns(event.date) | _actor_columns(event.actors)
    return row | {
        "document_id": mention.document.id,
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "attributed_to": _joined(a.name for a in event.attributed_to),
        "numbers": _number_columns([event])["numbers_text"],
        "related": [{"event_id": r.event_id, "relation": r.relation} for r in event.related],
        "border_pair": event.border_pair,
        "border_line": event.border_line,
        "confidence": event.confidence,
        "reasons": list(event.reasons),
        "trigger": event.trigger.text,
        "trigger_start": event.trigger.start,
        "trigger_end": event.trigger.end,
        "sentence": event.sentence.text,
        "sentence_start": event.sentence.start,
        "sentence_end": event.sentence.end,
    }


# --- geometry and text -----------------------------------------------------------------------


def _geo(rows: list[dict[str, Any]], columns: list[str]) -> "GeoDataFrame":
    """Build a table that keeps None as None and numbers as numbers."""
    import geopandas

    return geopandas.GeoDataFrame(_table(rows, columns), geometry="geometry", crs=CRS)


def _table(rows: list[dict[str, Any]], columns: list[str]) -> "DataFrame":
    import pandas

    full = [[row.get(column) for column in columns] for row in rows]
    return pandas.DataFrame(full, columns=columns, dtype=object)


def _event_point(place: EventPlace | None) -> Any:
    if place is None or place.precision not in (1, 2):
        return None
    return _point(place.longitude, place.latitude)


def _point(longitude: float | None, latitude: float | None) -> Any:
    from shapely import Point

    if longitude is None or latitude is None:
        return None
    return Point(round(longitude, 6), round(latitude, 6))


def _joined(items: Iterable[str]) -> str | None:
    return "; ".join(dict.fromkeys(item for item in items if item)) or None


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _long_date(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{int(day)} {_MONTHS[int(month) - 1]} {year}"
