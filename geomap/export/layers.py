"""The layers that a GIS or a database gets: tables of typed columns, each told what it holds.

:func:`event_layers` gives what was found, :func:`base_layers` the outlines under it. What tables
and columns are called stands in ``columns.toml``.
"""

import datetime
import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from geomap.columns import COLUMNS
from geomap.export import basemap
from geomap.export.results import Results, records
from geomap.export.values import clean
from geomap.frame import documents_frame
from geomap.shapes import area_of

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = [
    "DETAIL_COLUMNS",
    "EVENT_LAYERS",
    "Column",
    "Geometry",
    "Layer",
    "base_layers",
    "column_of",
    "event_layers",
]

Kind = Literal["text", "integer", "real", "boolean", "date", "json"]
Geometry = Literal["Point", "MultiLineString", "MultiPolygon"]

DETAIL_COLUMNS = (
    "disputed aggregate claimed_by border_pair border_line numbers_text actors_roles "
    "alternatives_text reasons confidence_parts"
).split()
"""What the tables of events have beyond the columns of ``events.geojson``, after these."""
EVENT_LAYERS = ("events", "lines", "areas", "unlocated")
"""The layers that hold each cluster once; they share their columns."""
_TABLE = Path(__file__).with_name("columns.toml")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, the kind of its values, what a reader calls it, what it holds."""

    name: str
    kind: Kind
    title: str
    about: str


@dataclass(frozen=True, slots=True)
class Layer:
    """A table with its rows.

    Parameters
    ----------
    name, title, about
        Its name in a file, what a reader calls it, and what it holds.
    key
        The columns that tell its rows apart.
    columns
        In their order, without the geometry.
    geometry
        What kind of shapes it has, in EPSG:4326 and two dimensions; None for a plain table.
    rows
        One dict a row, with ``geometry`` (a shape or None) in the layers that have one. Dates are
        :class:`datetime.date`, lists and objects those of Python; what is not known is None.
    """

    name: str
    title: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    geometry: Geometry | None
    rows: tuple[dict[str, Any], ...]


def event_layers(results: Results) -> tuple[Layer, ...]:
    """Return what was found, as layers.

    Parameters
    ----------
    results
        The documents of a run and their tables.

    Returns
    -------
    tuple of Layer
        ``events`` (points), ``lines``, ``areas``, ``unlocated``, ``mentions``, ``places``,
        ``articles``. The first four share their columns and hold each cluster once.
    """
    events = results.events
    drawn = {
        row["event_id"]: row["geometry"]
        for frame in (results.lines, results.areas)
        for row in records(frame)
    }
    full = [row | {"geometry": drawn.get(row["event_id"], row["geometry"])}
            for row in records(events)]  # fmt: skip
    of = {kind: [r for r in full if r["drawn"] == kind] for kind in ("point", "line", "area")}
    rest = [row for row in full if row["drawn"] not in of]
    names = [*COLUMNS, *DETAIL_COLUMNS]
    return (
        _layer("events", ("event_id",), names, of["point"], "Point"),
        _layer("lines", ("event_id",), names, of["line"], "MultiLineString"),
        _layer("areas", ("event_id",), names, of["area"], "MultiPolygon"),
        _layer("unlocated", ("event_id",), names, rest),
        _of_frame("mentions", ("event_id",), results.mentions),
        _of_frame("places", ("document_id", "start", "end"), results.places, "Point"),
        _of_frame("articles", ("document_id",), documents_frame(results.documents)),
    )


@functools.cache
def base_layers() -> tuple[Layer, ...]:
    """Return the base map: ``countries``, and ``boundaries`` of the kinds of ``basemap.LINES``."""
    countries = [
        {"country": code, "name": name, "geometry": area_of(code)}
        for code, name in basemap.countries()
    ]
    lines = [
        {"kind": kind, "geometry": line} for kind in basemap.LINES for line in basemap.lines(kind)
    ]
    return (
        _layer("countries", ("country",), ["country", "name"], countries, "MultiPolygon"),
        _layer("boundaries", (), ["kind"], lines, "MultiLineString"),
    )


def _of_frame(
    name: str, key: tuple[str, ...], frame: "DataFrame", geometry: Geometry | None = None
) -> Layer:
    columns = [column for column in frame.columns if column != "geometry"]
    return _layer(name, key, columns, records(frame), geometry)


def _layer(
    name: str,
    key: tuple[str, ...],
    names: list[str],
    rows: list[dict[str, Any]],
    geometry: Geometry | None = None,
) -> Layer:
    told = _told()
    columns = tuple(column_of(column) for column in names)
    typed = tuple(_typed(row, columns, geometry) for row in rows)
    about = told["tables"][name]
    return Layer(name, about["title"], about["about"], key, columns, geometry, typed)


@functools.cache
def _told() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


@functools.cache
def column_of(name: str) -> Column:
    """Return a column by its name, as ``columns.toml`` tells of it."""
    told = _told()["columns"][name]
    return Column(name, told.get("kind", "text"), told["title"], told.get("about", ""))


def _typed(
    row: dict[str, Any], columns: tuple[Column, ...], geometry: Geometry | None
) -> dict[str, Any]:
    values = {column.name: _value(row.get(column.name), column.kind) for column in columns}
    return values | ({"geometry": _shape(row.get("geometry"), geometry)} if geometry else {})


def _value(value: Any, kind: Kind) -> Any:
    """Return a value of a kind, or None."""
    value = clean(value)
    if value is None or value == []:
        return None
    if kind == "date":
        return datetime.date.fromisoformat(value)
    if kind == "json":
        return value
    of: dict[Kind, Any] = {"text": str, "integer": int, "real": float, "boolean": bool}
    return of[kind](value)


def _shape(shape: Any, geometry: Geometry) -> Any:
    """Return a shape in two dimensions, as one of several parts where the layer asks for it."""
    import shapely

    if shape is None or shape.is_empty:
        return None
    flat = shapely.force_2d(shape)
    if geometry == "Point" or flat.geom_type == geometry:
        return flat
    make = shapely.MultiLineString if geometry == "MultiLineString" else shapely.MultiPolygon
    return make([flat])
