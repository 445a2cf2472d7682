"""What the map page needs of the events, as columns: small ones at once, texts in chunks.

Values are text, numbers, lists and None only. Texts of the page's first view (classes, places, ...)
are stored once each, with a number a row. What a popup tells, and what is searched, lies in chunks
of rows, which the page reads one after the other.
"""

import datetime
import functools
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import geopandas
import shapely

from geomap.drawing import line, table_only
from geomap.export import facets
from geomap.export.basemap import area_ids, on_grid
from geomap.export.values import clean, safe_url
from geomap.export.wording import date_words
from geomap.frame import counts_line
from geomap.shapes import holder_of
from geomap.style import OUTLINES, Style

__all__ = ["CHUNK", "payload"]

CHUNK = 2000
"""Rows a chunk of details."""
FINE_GRID = 2**22
"""Steps around the world for lines and areas that are none of the base map's: some ten metres."""
Frame: TypeAlias = geopandas.GeoDataFrame
Column: TypeAlias = list[Any]

KIND = ("event_class", "subclass", "layer")
CODED = (*KIND, "status", "country", "admin1")
"""Columns of few different texts, which the first view needs."""
NUMBERS = ("precision", "radius_km", "report_count", "date_precision")
DETAILS = (
    "event_id cluster_id plover acled_like date_text place_text place_id place_source why actors "
    "targets killed_min killed_max wounded_min wounded_max attributed_to confidence mention_count "
    "review_status reviewer note claimed_by numbers_text alternatives_text reasons "
    "confidence_parts actors_roles"
).split()
OFFSETS = ("trigger_start", "trigger_end", "place_start", "place_end")
MENTION = "status date_text title source url published document_id".split()
_SHAPES = frozenset(("LineString", "MultiLineString", "Polygon", "MultiPolygon"))
DRAWN = {None: 0, "point": 1, "line": 2, "area": 3}
_EPOCH = datetime.date(1970, 1, 1).toordinal()
_PLAIN = frozenset((str, int, float, bool, list, dict, type(None)))
"""Types that are taken as they are; what is wrong inside is mended when it is written."""


def payload(
    events: Frame,
    lines: Frame | None = None,
    areas: Frame | None = None,
    style: Style | None = None,
    language: str = "en",
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what the page needs at once, and the chunks of details; rows in time order.

    Parameters
    ----------
    events
        One row a cluster.
    lines, areas
        Rows with ``cluster_id`` and a geometry, for events whose line or area is none of the
        project's own.
    style
        How events look and what they are called; None for the project's own style.
    language
        Of the dates in words.
    """
    style = style or Style.default()
    table = {str(name): _column(events[name]) for name in events.columns if name != "geometry"}
    count = len(events)
    order = _time_order(table, count)
    table = {name: list(map(values.__getitem__, order)) for name, values in table.items()}
    rows = _Rows(table, count)
    view, shapes = _geometry(rows, _points(events, order), _outlines(lines), _outlines(areas))
    columns: dict[str, Any] = {name: _coded(rows[name]) for name in CODED}
    columns |= {name: rows[name] for name in NUMBERS} | view
    columns["place"] = _coded(
        [name or text for name, text in zip(rows["place_name"], rows["place_text"], strict=True)]
    )
    dates = list(zip(rows["date_start"], rows["date_end"], rows["date_precision"], strict=True))
    columns["date"] = _coded([date_words(*date, language) for date in dates])
    columns["start"] = [_day_number(start) for start, _, _ in dates]
    columns["end"] = [_day_number(end or start) for start, end, _ in dates]
    columns["disputed"] = [int(bool(value)) for value in rows["disputed"]]
    columns["aggregate"] = [int(bool(value)) for value in rows["aggregate"]]
    columns["table_only"] = list(
        map(int, map(table_only, rows["event_class"], rows["status"], rows["review_status"]))
    )
    head = {
        "count": count,
        "header": clean(events.attrs.get("header")) or _header(rows, columns),
        "warnings": [clean(text) for text in events.attrs.get("warnings") or ()],
        "columns": columns,
        "shapes": shapes,
        "chunk": CHUNK,
        **_facets(rows, columns, style),
    }
    return head, [_details(rows, start) for start in range(0, max(count, 1), CHUNK)]


def _facets(rows: "_Rows", columns: dict[str, Column], style: Style) -> dict[str, Any]:
    """Return the kinds of events, the marks of the legend and the days; and number the kinds."""
    known = {s.outline for name, s in style.statuses.items() if name in set(rows["status"])}
    if any(columns["disputed"]):
        known.add("dashed")
    outlines = [outline for outline in OUTLINES if outline in known or outline == "solid"]
    classes, subclasses, layers = (rows[name] for name in KIND)
    kinds, columns["kind"] = facets.kinds(classes, subclasses, layers, outlines, style)
    days, outside = facets.axis(
        columns["start"], columns["end"], rows["date_precision"], rows["status"]
    )
    legend = facets.legend(style, [*outlines, "grey"])
    return {"kinds": kinds, "legend": legend, "axis": days, "outside": outside}


class _Rows:
    """The columns by name; one that the table lacks has None in every row."""

    def __init__(self, table: dict[str, Column], count: int) -> None:
        self.table = table
        self.count = count

    def __getitem__(self, name: str) -> Column:
        if name not in self.table:
            self.table[name] = [None] * self.count
        return self.table[name]


def _column(series: Any) -> Column:
    """Return a column's values; what is missing is None."""
    values: Column = series.tolist()
    missing = series.isna()
    if missing.any():
        values = [None if no else v for v, no in zip(values, missing.tolist(), strict=True)]
    if set(map(type, values)) <= _PLAIN:
        return values
    return [value if type(value) in _PLAIN else clean(value) for value in values]


def _time_order(table: Mapping[str, Column], count: int) -> list[int]:
    starts, ends = (table.get(name, [None] * count) for name in ("date_start", "date_end"))
    keys = [(start or "9999", end or "9999") for start, end in zip(starts, ends, strict=True)]
    return sorted(range(count), key=keys.__getitem__)


def _coded(values: Column) -> dict[str, Any]:
    """Return the different values as they come, and for each row the number of its own."""
    numbers: dict[Any, int] = {}
    rows = [-1 if v is None or v == "" else numbers.setdefault(v, len(numbers)) for v in values]
    return {"values": list(numbers), "rows": rows}


@functools.lru_cache(maxsize=100_000)
def _day_number(day: Any) -> int | None:
    try:
        return datetime.date.fromisoformat(day).toordinal() - _EPOCH
    except (TypeError, ValueError):
        return None


def _points(events: Frame, order: Sequence[int]) -> list[tuple[float, float] | None]:
    """Return latitude and longitude of each row, to about a metre."""
    if "geometry" not in events.columns:
        return [None] * len(order)
    shapes = events["geometry"].tolist()
    return [
        (round(shape.y, 5), round(shape.x, 5))
        if isinstance(shape, shapely.Point) and abs(shape.x) <= 180 and abs(shape.y) <= 90
        else None
        for shape in (shapes[i] for i in order)
    ]


def _outlines(frame: Frame | None) -> dict[str, Any]:
    """Return the lines and polygons of a table by the ids of their clusters."""
    if frame is None or not len(frame):
        return {}
    name = "cluster_id" if "cluster_id" in frame.columns else "event_id"
    return {
        str(cluster): shape
        for cluster, shape in zip(frame[name].tolist(), frame["geometry"].tolist(), strict=True)
        if shape is not None and shape.geom_type in _SHAPES and not shape.is_empty
    }


def _geometry(
    rows: _Rows, points: list[tuple[float, float] | None], lines: dict[str, Any],
    areas: dict[str, Any],
) -> tuple[dict[str, Any], dict[str, Any]]:  # fmt: skip
    """Return how and where each row is drawn, and the shapes that the base map lacks."""
    shapes = _Shapes()
    kinds, latitudes, longitudes, outlines = [], [], [], []
    names = (
        "event_class status precision cluster_id event_id area_id place_id country admin1 "
        "border_pair review_status"
    )
    columns = [rows[name] for name in names.split()]
    for point, *values in zip(points, *columns, strict=True):
        kind, class_, cluster = None, values[0], str(values[3] or values[4])
        outline: str | int | None = None
        if table_only(class_, values[1], values[10]):
            pass
        elif point is not None and values[2] in (1, 2):
            kind = "point"
        elif values[2] == 5:
            shape = lines[cluster] if cluster in lines else _own_line(values[6], values[9])
            outline = shapes.number(shape)
            kind = None if outline is None else "line"
        elif values[2] in (3, 4, 6):
            outline = _area(values[2], tuple(values[5:9])) or shapes.number(areas.get(cluster))
            kind = None if outline is None else "area"
        kinds.append(DRAWN[kind])
        known = point if values[2] in (1, 2) else None
        latitudes.append(known and known[0])
        longitudes.append(known and known[1])
        outlines.append(outline)
    view = {"drawn": kinds, "lat": latitudes, "lng": longitudes, "outline": _coded(outlines)}
    return view, shapes.packed()


class _Shapes:
    """Geometries that the base map lacks, each once."""

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {}

    def number(self, shape: Any) -> int | None:
        """Return the number of a geometry, or None for none."""
        return None if shape is None else self.numbers.setdefault(shape, len(self.numbers))

    def packed(self) -> dict[str, Any]:
        """Return them as the page reads outlines: lines on its grid, and which each is made of."""
        lines: list[Any] = []
        outlines = []
        for shape in self.numbers:
            rings = [ring for part in shapely.get_parts(shape) for ring in _rings(part)]
            numbers = range(len(lines), len(lines) + len(rings))
            is_open = shape.geom_type.endswith("LineString")
            outlines.append({"open": is_open, "polygons": [[[number] for number in numbers]]})
            lines += [ring.coords for ring in rings]
        return on_grid(lines, FINE_GRID) | {"outlines": outlines}


def _rings(part: Any) -> list[Any]:
    """Return the rings of a polygon, or a line as it is."""
    return [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]


@functools.lru_cache(maxsize=10_000)
def _own_line(place_id: str | None, pair: str | None) -> Any:
    return line({"place_id": place_id, "border_pair": pair})


@functools.lru_cache(maxsize=100_000)
def _area(precision: int, names: tuple[str | None, ...]) -> str | None:
    """Return the outline of the base map for a place: its own, or that which holds it."""
    area, place, country, admin1 = names
    own = area or (country if precision == 6 else place)
    if own not in area_ids() and precision != 6:
        own = holder_of(country, admin1)
    return own if own in area_ids() else None


def _header(rows: _Rows, columns: Mapping[str, Column]) -> str:
    """Return the header of a table that comes without one."""
    articles, shown = len(set(rows["document_id"]) - {None}), sum(map(bool, columns["drawn"]))
    kept, reviews = sum(columns["table_only"]), rows["review_status"]
    return counts_line(articles, rows.count, shown, kept, reviews)


def _details(rows: _Rows, start: int) -> dict[str, Any]:
    """Return the details of some rows; a column without a value is left out."""
    stop = min(start + CHUNK, rows.count)
    columns = {name: rows[name][start:stop] for name in DETAILS}
    chunk: dict[str, Any] = {
        n: v for n, v in columns.items() if any(x is not None and x != [] for x in v)
    }
    if chunk.get("cluster_id") == chunk.get("event_id"):
        chunk.pop("cluster_id", None)
    told = zip(rows["event_id"][start:stop], rows["mentions"][start:stop], strict=True)
    groups = [_mentions(rows, own, found, start + i) for i, (own, found) in enumerate(told)]
    chunk["mentions"] = [len(group) for group in groups]
    chunk["mention"] = _mention_columns([mention for group in groups for mention in group])
    return chunk


def _mentions(rows: _Rows, own: Any, told: Any, i: int) -> list[Mapping[str, Any]]:
    """Return the mentions of a row, its own first."""
    items = told if isinstance(told, list) else []
    found: list[Mapping[str, Any]] = [item for item in items if isinstance(item, dict)]
    if len(found) > 1 and found[0].get("event_id") != own:
        found.sort(key=lambda item: item.get("event_id") != own)
    return found or [_own_mention(rows, i)]


def _mention_columns(mentions: list[Mapping[str, Any]]) -> dict[str, Column]:
    """Return mentions as columns; offsets are those of JavaScript, in units of UTF-16."""
    columns: dict[str, Column] = {
        name: [mention.get(name) for mention in mentions]
        for name in ("sentence", *OFFSETS, *MENTION)
    }
    columns["url"] = [safe_url(url) for url in columns["url"]]
    for i, sentence in enumerate(columns["sentence"]):
        if not isinstance(sentence, str):
            columns["sentence"][i] = sentence = str(clean(sentence) or "")
        wide = not sentence.isascii() and len(sentence.encode("utf-16", "replace")) > (
            2 * len(sentence) + 2
        )
        for pair in (OFFSETS[:2], OFFSETS[2:]):
            start, end = columns[pair[0]][i], columns[pair[1]][i]
            if start is None or end is None or not 0 <= start < end <= len(sentence):
                columns[pair[0]][i] = columns[pair[1]][i] = None
            elif wide:
                columns[pair[0]][i] = _units(sentence, int(start))
                columns[pair[1]][i] = _units(sentence, int(end))
    return columns


def _own_mention(rows: _Rows, i: int) -> dict[str, Any]:
    """Return the record's own sentence as a mention, for a table without the mentions."""
    sentence = str(rows["sentence"][i] or "")
    mention = {name: rows[name][i] for name in MENTION} | {"sentence": sentence}
    for name, column in (("trigger", "trigger"), ("place", "place_text")):
        text = rows[column][i]
        start = sentence.find(str(text)) if text else -1
        if start >= 0:
            mention[f"{name}_start"], mention[f"{name}_end"] = start, start + len(str(text))
    return mention


def _units(sentence: str, offset: int) -> int:
    """Return an offset in code points as JavaScript counts it, in units of UTF-16."""
    return offset + sum(letter > "\uffff" for letter in sentence[:offset])
