"""``events.gpkg``: a GeoPackage 1.2 with typed columns; the same rows give the same bytes."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.export.results import Results, records
from geomap.frame import COLUMNS, DATE_COLUMNS, INTEGER_COLUMNS, documents_frame

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["FILES", "write"]

FILES = ("events.gpkg",)
_FIXED_TIME = "2000-01-01T00:00:00.000Z"
_REAL_COLUMNS = ("radius_km", "confidence", "latitude", "longitude", "score")
_BOOLEAN_COLUMNS = ("aggregate", "disputed")
_PLAIN = [*COLUMNS, "geometry"]


def write(results: Results, folder: Path) -> list[str]:
    """Write the layers: events (points), lines, areas, unlocated, mentions, places, documents."""
    events = results.events
    placed = set(results.lines["event_id"]) | set(results.areas["event_id"])
    points = events[events["drawn"] == "point"]
    unlocated = events[(events["drawn"] != "point") & ~events["event_id"].isin(list(placed))]
    layers: list[tuple[str, DataFrame, str | None]] = [
        ("events", points[_PLAIN], "Point"),
        ("lines", results.lines, "MultiLineString"),
        ("areas", results.areas, "MultiPolygon"),
        ("unlocated", unlocated[COLUMNS], None),
        ("mentions", results.mentions, None),
        ("places", results.places, "Point"),
        ("documents", documents_frame(results.documents), None),
    ]
    path = folder / FILES[0]
    with _fixed_time():
        for number, (layer, frame, kind) in enumerate(layers):
            _write_layer(path, layer, frame, kind, append=number > 0)
    return list(FILES)


def _write_layer(
    path: Path, layer: str, frame: "DataFrame", kind: str | None, *, append: bool
) -> None:
    import numpy
    from pyogrio.raw import write as write_raw

    rows = records(frame)
    fields = [name for name in frame.columns if name != "geometry"]
    columns = [_column(name, [row[name] for row in rows]) for name in fields]
    shapes = [_wkb(row["geometry"], kind) for row in rows] if kind else None
    write_raw(
        path,
        None if shapes is None else numpy.array(shapes, dtype=object),
        [values for values, _ in columns],
        fields,
        field_mask=[mask for _, mask in columns],
        layer=layer,
        driver="GPKG",
        geometry_type=kind,
        crs="EPSG:4326" if kind else None,
        append=append,
        dataset_options=None if append else {"VERSION": "1.2"},
    )


def _column(name: str, values: list[Any]) -> tuple[Any, Any]:
    """Return a column as a typed array, and where it is null."""
    import numpy

    null = numpy.array([value is None for value in values], dtype=bool)
    if name in DATE_COLUMNS:
        days = ["1970-01-01" if value is None else value for value in values]
        return numpy.array(days, dtype="datetime64[D]"), null
    if name in _BOOLEAN_COLUMNS:
        return numpy.array([bool(value) for value in values], dtype=bool), null
    for names, kind in ((INTEGER_COLUMNS, "int64"), (_REAL_COLUMNS, "float64")):
        if name in names:
            return numpy.array([0 if value is None else value for value in values], kind), null
    texts = [None if v is None else str(v).encode("utf-8", "replace").decode() for v in values]
    return numpy.array(texts, dtype=object), null


def _wkb(shape: Any, kind: str | None) -> bytes | None:
    import shapely

    if shape is None or shape.is_empty:
        return None
    if kind == "MultiLineString" and shape.geom_type == "LineString":
        shape = shapely.MultiLineString([shape])
    elif kind == "MultiPolygon" and shape.geom_type == "Polygon":
        shape = shapely.MultiPolygon([shape])
    wkb: bytes = shapely.to_wkb(shapely.force_2d(shape), byte_order=1)
    return wkb


@contextlib.contextmanager
def _fixed_time() -> Iterator[None]:
    """Let GDAL write one fixed time instead of the clock's into the file."""
    import pyogrio

    option = "OGR_CURRENT_DATE"
    before = pyogrio.get_gdal_config_option(option)
    pyogrio.set_gdal_config_options({option: _FIXED_TIME})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({option: before})
