"""GeoJSON (RFC 7946): two dimensions, six decimals, no ``crs``, dates as text or null."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.columns import COLUMNS
from geomap.export.layers import column_of
from geomap.export.qgis.looks import looks_of, qml
from geomap.export.results import Results, records
from geomap.style import Style

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

__all__ = ["FILES", "STYLES", "collection", "write"]

FILES = ("events.geojson", "events_lines.geojson", "events_areas.geojson", "places.geojson")
STYLES = ("events.qml", "events_lines.qml", "events_areas.qml", "places.qml")
"""The styles of these files: QGIS finds them by their names."""
DECIMALS = 6


def write(results: Results, folder: Path) -> list[str]:
    """Write the events and places; lines and areas only when there are any."""
    events, lines, areas, places = FILES
    frames = {events: results.events[[*COLUMNS, "geometry"]]}
    if len(results.lines):
        frames[lines] = results.lines
    if len(results.areas):
        frames[areas] = results.areas
    frames[places] = results.places
    for name, frame in frames.items():
        (folder / name).write_bytes(collection(frame, name.removesuffix(".geojson")))
    return [*frames, *_write_styles(frames, results, folder)]


def _write_styles(
    frames: Mapping[str, "GeoDataFrame"], results: Results, folder: Path
) -> list[str]:
    """Write the style that QGIS gives each file when it loads it."""
    style = results.config.style or Style.default()
    written = []
    for name, style_file in zip(FILES, STYLES, strict=True):
        if name in frames:
            layer = name.removesuffix(".geojson").removeprefix("events_")
            columns = [column_of(c) for c in frames[name].columns if c != "geometry"]
            (folder / style_file).write_bytes(qml(looks_of(layer, columns, style)[0]))
            written.append(style_file)
    return written


def collection(frame: "GeoDataFrame", name: str) -> bytes:
    """Return a table as a feature collection, one feature a line."""
    features = []
    for row in records(frame):
        geometry = _geometry(row.pop("geometry"))
        features.append(_json({"type": "Feature", "properties": row, "geometry": geometry}))
    body = ",\n".join(features)
    text = f'{{"type":"FeatureCollection","name":{_json(name)},"features":[\n{body}\n]}}\n'
    # A lone surrogate becomes a JSON escape, which is what backslashreplace writes.
    return text.encode("utf-8", errors="backslashreplace")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _geometry(shape: Any) -> dict[str, Any] | None:
    """Return a geometry object with right-hand rings, or None."""
    import shapely

    if shape is None or shape.is_empty:
        return None
    rounded = shapely.transform(shapely.force_2d(shape), lambda xy: xy.round(DECIMALS))
    geometry: dict[str, Any] = shapely.geometry.mapping(shapely.orient_polygons(rounded))
    return geometry
