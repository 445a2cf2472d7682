"""A list of places of one's own: CSV or GeoJSON, with a column mapping.

A unit's list of villages, a newsroom's venues. Columns that bear the names of :data:`COLUMNS` are
taken as they are; others are named by a mapping, given or in a sidecar ``NAME.toml``::

    title = "Villages surveyed in 2020"
    licence = "CC BY 4.0"
    priority = 50          # the project's tables have 100, GeoNames has 0
    [columns]
    name = "Village"
    latitude = "Y"
    longitude = "X"
    [defaults]
    country = "AF"
"""

import csv
import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geomap.errors import GazetteerError
from geomap.gazetteer.builder import MAX_ID
from geomap.gazetteer.record import Kind, Record
from geomap.gazetteer.textfiles import Rejected, control

__all__ = ["COLUMNS", "PlaceList", "open_list", "records"]

COLUMNS = (
    "id", "geonameid", "name", "alternate_names", "latitude", "longitude", "feature_class",
    "feature_code", "country", "admin1", "admin2", "population",
)  # fmt: skip
ENDINGS = (".csv", ".geojson", ".json")
_KEYS = ("title", "licence", "url", "date", "priority", "columns", "defaults")
_MAX_BYTES = 1 << 29
_MAX_NAME = 200
_MOST_PEOPLE = 10_000_000_000


@dataclass(frozen=True, slots=True)
class PlaceList:
    """A file of places with what is known of it."""

    path: Path
    title: str
    licence: str | None = None
    url: str | None = None
    date: str | None = None
    priority: int = 50
    columns: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)


def open_list(path: Path, columns: Mapping[str, str] | None = None) -> PlaceList:
    """Return a list with its sidecar.

    Parameters
    ----------
    path
        A ``.csv``, ``.geojson`` or ``.json`` file.
    columns
        A mapping of ours to its columns; it goes before that of the sidecar.

    Raises
    ------
    GazetteerError
        If it is no such file, or the mapping names a column that does not exist.
    """
    if path.suffix.lower() not in ENDINGS:
        raise GazetteerError(f"{path.name}: not a list of places; allowed are {', '.join(ENDINGS)}")
    sidecar = path.with_suffix(".toml")
    values: dict[str, Any] = {}
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise GazetteerError(f"{path.name}: over {_MAX_BYTES >> 20} MiB; split it")
        if sidecar.is_file():
            values = tomllib.loads(sidecar.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GazetteerError(f"{path.name}: cannot be read ({error})") from error
    if unknown := set(values) - set(_KEYS):
        raise GazetteerError(
            f"{sidecar.name}: unknown key {min(unknown)!r}; known are {', '.join(_KEYS)}"
        )
    for name in ("columns", "defaults"):
        values[name] = _texts(sidecar.name, name, values.get(name, {}))
    for name in ("title", "licence", "url", "date"):
        if values.get(name) is not None:
            values[name] = str(values[name])  # a date of TOML, too
    mapping = {**values.pop("columns"), **(columns or {})}
    for name in (*mapping, *values["defaults"]):
        if name not in COLUMNS:
            raise GazetteerError(f"{name!r} is no column of ours; those are {', '.join(COLUMNS)}")
    priority = values.get("priority", 50)
    if type(priority) is not int or not 0 <= priority <= 100:
        raise GazetteerError(f"{sidecar.name}: priority {priority!r} is not between 0 and 100")
    title = values.pop("title", path.stem)
    return PlaceList(path, columns=mapping, title=title, **values)


def _texts(file: str, name: str, table: object) -> dict[str, str]:
    """Return a table of a sidecar whose values are texts or numbers."""
    if not isinstance(table, dict):
        raise GazetteerError(f"{file}: {name} is no table; write it as [{name}]")
    for key, value in table.items():
        if not isinstance(value, str | int | float) or isinstance(value, bool):
            raise GazetteerError(f"{file}: {name}.{key} is {value!r}; give a text or a number")
    return {key: str(value) for key, value in table.items()}


def records(places: PlaceList, rejected: Rejected) -> Iterator[tuple[int, Record]]:
    """Yield the places of a list with their lines; a row that is wrong is noted and passed over.

    Raises
    ------
    GazetteerError
        If the file cannot be read, or has no column for the name.
    """
    read = _csv_rows if places.path.suffix.lower() == ".csv" else _geojson_rows
    try:
        for line, cells in read(places):
            row = {**places.defaults, **{k: v for k, v in cells.items() if v}}
            try:
                record = _record(row, places)
            except ValueError as error:
                rejected.add(places.path.name, line, str(error))
                continue
            yield line, record
    except (OSError, UnicodeDecodeError, csv.Error, ValueError, RecursionError) as error:
        if isinstance(error, GazetteerError):
            raise
        raise GazetteerError(f"{places.path.name}: cannot be read ({error})") from error


def _csv_rows(places: PlaceList) -> Iterator[tuple[int, dict[str, str]]]:
    with places.path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        header = reader.fieldnames or ()
        columns = _columns(places, header)
        for row in reader:
            yield reader.line_num, {k: row[c].strip() for k, c in columns.items() if row.get(c)}


def _geojson_rows(places: PlaceList) -> Iterator[tuple[int, dict[str, str]]]:
    data = json.loads(places.path.read_text(encoding="utf-8-sig"))
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list):
        raise GazetteerError(f"{places.path.name}: not a GeoJSON FeatureCollection")
    known = {name: None for feature in features for name in _properties(feature)}
    columns = _columns(places, tuple(known))
    for at, feature in enumerate(features, 1):
        properties = _properties(feature)
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        row = {
            ours: "|".join(map(str, value)) if isinstance(value, list) else str(value)
            for ours, theirs in columns.items()
            if (value := properties.get(theirs)) is not None
        }
        if isinstance(geometry, dict) and geometry.get("type") == "Point":
            point = geometry.get("coordinates")
            if isinstance(point, list) and len(point) >= 2:
                row["longitude"], row["latitude"] = str(point[0]), str(point[1])
        yield at, row


def _properties(feature: object) -> dict[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return properties if isinstance(properties, dict) else {}


def _columns(places: PlaceList, header: Sequence[str]) -> dict[str, str]:
    """Return which column of the file holds which of ours."""
    columns = {name: name for name in COLUMNS if name in header} | dict(places.columns)
    for ours, theirs in columns.items():
        if theirs not in header:
            raise GazetteerError(
                f"{places.path.name}: has no column {theirs!r} for {ours}; it has "
                f"{', '.join(map(repr, header))}"
            )
    if "name" not in columns:
        raise GazetteerError(
            f"{places.path.name}: no column is the name; map one with --columns name=COLUMN"
        )
    return columns


def _record(row: Mapping[str, str], places: PlaceList) -> Record:
    name = row.get("name", "")
    others = tuple(o.strip() for o in row.get("alternate_names", "").split("|") if o.strip())
    for text in (name, *others):
        if not text or len(text) > _MAX_NAME or control(text):
            raise ValueError("a name that is empty, over 200 characters, or no text")
    number = row.get("geonameid")
    digits = number is not None and number.isascii() and number.isdigit() and len(number) < 13
    if number and not (digits and 0 < int(number) <= MAX_ID):
        raise ValueError(f"{number[:20]!r} is no geonameid")
    country = row.get("country") or None
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise ValueError(f"the country {country[:20]!r} is no code of two letters")
    kind: Kind = "site" if row.get("feature_class", "P") != "P" else "city"
    return Record(
        id=f"geonames:{int(number)}" if number else _own_id(row, places),
        geonameid=int(number) if number else None,
        main_names=(name,),
        other_names=others,
        latitude=_degrees(row, "latitude", 90),
        longitude=_degrees(row, "longitude", 180),
        feature_class=row.get("feature_class") or "P",
        feature_code=row.get("feature_code") or None,
        country=country.upper() if country else None,
        admin1_code=row.get("admin1") or None,
        admin2_code=row.get("admin2") or None,
        population=_population(row.get("population") or "0"),
        kind=kind,
    )


def _own_id(row: Mapping[str, str], places: PlaceList) -> str:
    """Return the id of a row: its own, or one made of its name and point."""
    given = row.get("id")
    if not given:
        point = f"{row['name']} {row.get('latitude')} {row.get('longitude')}"
        given = hashlib.sha256(point.encode()).hexdigest()[:12]
    return f"{places.path.stem}:{given}"


def _population(cell: str) -> int:
    value = float(cell)
    if not 0 <= value <= _MOST_PEOPLE:
        raise ValueError(f"the population {cell[:20]!r} is not within 0 and {_MOST_PEOPLE}")
    return int(value)


def _degrees(row: Mapping[str, str], column: str, limit: int) -> float:
    try:
        value = float(row.get(column, ""))
    except ValueError:
        raise ValueError(f"the {column} {row.get(column, '')[:20]!r} is no number") from None
    if not -limit <= value <= limit:
        raise ValueError(f"the {column} {value} is not within ±{limit}")
    return value
