"""The lines and areas of the project's own tables: borders, divisions and countries."""

import functools
from typing import Any

from geomap import tables
from geomap.errors import GazetteerError
from geomap.names import fold

__all__ = ["area_of", "areas_at", "holder_of", "line_of", "named_line"]


def line_of(pair: str | None) -> Any:
    """Return the border line of two countries (``AF-IR``, either order), or None."""
    return None if pair is None else _borders().get(_key(pair))


def named_line(line_id: str | None) -> Any:
    """Return the geometry of a row of ``lines.csv`` (by its id), or None.

    It is the row's own line where it has one, else the border of its pair: of a zone or corridor
    without a line the border it lies by.
    """
    row = None if line_id is None else _lines().get(line_id)
    if row is None:
        return None
    own, pair = row
    return own if own is not None else line_of(pair or None)


def area_of(place_id: str | None) -> Any:
    """Return the outline of a division (by its id) or of a country (by its code), or None."""
    return None if place_id is None else _outlines().get(place_id)


def holder_of(country: str | None, admin1: str | None) -> str | None:
    """Return the id of a first-order division by its country and one of its names, or None."""
    return _divisions().get((country, fold(admin1))) if country and admin1 else None


def areas_at(latitude: float, longitude: float) -> tuple[str, ...]:
    """Return the keys of the outlines that hold a point: the country's code, then divisions."""
    import shapely

    keys, tree = _tree()
    at = tree.query(shapely.Point(longitude, latitude), predicate="intersects")
    return tuple(sorted((keys[i] for i in at), key=lambda key: (len(key), key)))


def _key(pair: str) -> tuple[str, ...]:
    return tuple(sorted(pair.split("-")))


@functools.cache
def _borders() -> dict[tuple[str, ...], Any]:
    import shapely

    parts: dict[tuple[str, ...], list[Any]] = {}
    for row in tables.read_table("borders"):
        parts.setdefault(_key(row["pair"]), []).append(shapely.from_wkt(row["wkt"]))
    return {pair: shapely.union_all(lines) for pair, lines in parts.items()}


@functools.cache
def _tree() -> tuple[tuple[str, ...], Any]:
    import shapely

    outlines = _outlines()
    return tuple(outlines), shapely.STRtree(list(outlines.values()))


@functools.cache
def _lines() -> dict[str, tuple[Any, str]]:
    import shapely

    return {
        row["id"]: (shapely.from_wkt(row["wkt"]) if row.get("wkt") else None, row["pair"])
        for row in tables.read_table("lines")
    }


@functools.cache
def _divisions() -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for row in tables.read_table("divisions"):
        for name in (row["name"], *tables.split_list(row["alternate_names"])):
            found.setdefault((row["country"], fold(name)), row["id"])
    return found


@functools.cache
def _outlines() -> dict[str, Any]:
    import geopandas

    path = tables.folder() / "outlines.topojson"
    shapes: dict[str, Any] = {}
    try:
        for layer in ("divisions", "countries"):
            frame = geopandas.read_file(path, layer=layer)
            # Rounding the outlines to a grid can make a ring touch itself.
            valid = frame.geometry.make_valid(method="structure", keep_collapsed=False)
            shapes |= dict(zip(frame["id"], valid, strict=True))
    except (OSError, KeyError, RuntimeError) as error:
        raise GazetteerError(f"{path.name}: cannot be read ({error})") from error
    return {key: shape for key, shape in shapes.items() if shape is not None}
