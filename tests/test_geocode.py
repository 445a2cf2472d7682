"""The geocoder with geopy's protocol."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import geopandas.tools
import pytest
from geopy.extra.rate_limiter import RateLimiter
from geopy.location import Location
from geopy.point import Point

from geomap.errors import GazetteerError
from geomap.gazetteer import City, Gazetteer, build_from_tables
from geomap.geocode import LocalGeocoder


def rows(columns: str, *values: str) -> list[dict[str, str]]:
    return [dict(zip(columns.split(","), v.split(","), strict=True)) for v in values]


TABLES = {
    "countries": rows(
        "id,geonameid,name,iso2,iso3,capital,capital_geonameid,latitude,longitude,population,"
        "demonyms,alternate_names",
        "geonames:1149361,1149361,Afghanistan,AF,AFG,Kabul,1138958,33,66,37172386,Afghan,",
        "geonames:6252001,6252001,United States,US,USA,Washington,4140963,39.8,-98.5,327167434,"
        "American,US|USA|U.S.",
        "geonames:3017382,3017382,France,FR,FRA,Paris,2988507,46,2,66987244,French,",
    ),
    "divisions": rows(
        "id,geonameid,name,country,admin1_code,feature_code,latitude,longitude,alternate_names",
        "geonames:1140025,1140025,Herat,AF,11,ADM1,34.5,62,Herat Province",
        "geonames:1138335,1138335,Kandahar,AF,23,ADM1,31,65.8,",
        "geonames:4736286,4736286,Texas,US,TX,ADM1,31.25,-99.25,",
    ),
    "lines": rows("id,name,alternate_names,pair,kind", "geomap:line/durand,Durand Line,,AF-PK,x"),
}
CITIES = (
    City(1140026, "Herat", 34.34817, 62.19967, "AF", 574300, "11", []),
    City(1142170, "Islam Qala", 34.659, 61.061, "AF", 18086, "11", []),
    City(9000001, "Islam Qala", 32.1, 66.1, "AF", 900, "23", []),
    City(1138336, "Kandahar", 31.61332, 65.71013, "AF", 614118, "23", []),
    City(2988507, "Paris", 48.85341, 2.3488, "FR", 2138551, "11", ["Lutetia"]),
    City(4717560, "Paris", 33.66094, -95.55551, "US", 24782, "TX", []),
    City(4647963, "Paris", 36.302, -88.32671, "US", 10150, "TN", []),
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("geocode") / "small.sqlite"
    build_from_tables(path, TABLES, CITIES)
    return path


@pytest.fixture(scope="module")
def geocoder(file: Path) -> Iterator[LocalGeocoder]:
    with Gazetteer.open(file) as gazetteer:
        yield LocalGeocoder(gazetteer)


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("Islam Qala", 1142170),
        ("islam-qala", 1142170),
        ("Islam Qala, Herat", 1142170),
        ("Islam Qala, Herat, Afghanistan", 1142170),
        ("Islam Qala, Kandahar province", 9000001),
        ("Herat, Afghanistan", 1140026),
        ("Herat Afghanistan", 1140026),
        ("Herat province", 1140025),
        ("Province of Kandahar", 1138335),
        ("Kandahar province, Afghanistan", 1138335),
        ("Kandahar", 1138336),
        ("Paris", 2988507),
        ("Paris, TX", 4717560),
        ("Paris, Texas, USA", 4717560),
        ("Paris TX", 4717560),
        ("Paris, U.S.", 4717560),
        ("Paris, TN, US", 4647963),
        ("Paris city", 2988507),
        ("Afghanistan", 1149361),
        ("U.S.", 6252001),
    ],
)
def test_a_query_gives_the_place_it_names(geocoder: LocalGeocoder, query: str, place: int) -> None:
    location = geocoder.geocode(query)
    assert isinstance(location, Location)
    assert location.raw["geonameid"] == place


@pytest.mark.parametrize(
    "query",
    ["", " , ", "Atlantis", "Herat, France", "Paris, Herat province", "Durand Line", "\ud800", ","],
)
def test_a_query_that_names_no_point_gives_none(geocoder: LocalGeocoder, query: str) -> None:
    assert geocoder.geocode(query) is None
    assert geocoder.geocode(query, exactly_one=False) is None


@pytest.mark.parametrize("query", [None, float("nan"), b"Herat", 5, "x" * 100_000])
def test_what_is_no_name_gives_none(geocoder: LocalGeocoder, query: object) -> None:
    assert geocoder.geocode(query) is None  # type: ignore[arg-type]


def test_missing_values_of_a_column_stay_missing(file: Path) -> None:
    frame = geopandas.tools.geocode(
        ["Herat", None, float("nan"), ""], provider=LocalGeocoder, gazetteer=file
    )
    assert list(frame.geometry.is_empty) == [False, True, True, True]


def test_a_location_has_the_address_and_the_place_of_the_contract(geocoder: LocalGeocoder) -> None:
    location = geocoder.geocode("Islam Qala, Herat", timeout=5)
    assert isinstance(location, Location)
    assert location.address == "Islam Qala, Herat, Afghanistan"
    assert (location.latitude, location.longitude) == (34.659, 61.061)
    assert location.raw == {
        "id": "geonames:1142170", "geonameid": 1142170, "name": "Islam Qala",
        "latitude": 34.659, "longitude": 61.061, "feature_class": "P", "feature_code": None,
        "country": "AF", "admin1": "Herat", "admin2": None, "match": "exact", "score": 1.0,
        "distance": 0,
    }  # fmt: skip


def test_addresses_name_nothing_twice(geocoder: LocalGeocoder) -> None:
    for query, address in [
        ("Herat", "Herat, Afghanistan"),
        ("Herat province", "Herat, Afghanistan"),
        ("Afghanistan", "Afghanistan"),
        ("Paris, TX", "Paris, Texas, United States"),
    ]:
        location = geocoder.geocode(query)
        assert isinstance(location, Location)
        assert location.address == address


def test_all_places_come_with_falling_scores(geocoder: LocalGeocoder) -> None:
    found = geocoder.geocode("Paris", exactly_one=False)
    assert isinstance(found, list)
    assert [location.raw["country"] for location in found] == ["FR", "US", "US"]
    scores = [location.raw["score"] for location in found]
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) == pytest.approx(1, abs=0.01)


def test_a_part_that_is_unknown_costs_half_the_score(geocoder: LocalGeocoder) -> None:
    location = geocoder.geocode("Islam Qala, Old Customs Road, Herat")
    assert isinstance(location, Location)
    assert (location.raw["geonameid"], location.raw["score"]) == (1142170, 0.5)
    alternate = geocoder.geocode("Lutetia")
    assert isinstance(alternate, Location)
    assert alternate.raw["match"] == "exact"


@pytest.mark.parametrize("query", [(34.66, 61.07), "34.66, 61.07", Point(34.66, 61.07)])
def test_reverse_gives_the_nearest_populated_place(
    geocoder: LocalGeocoder, query: tuple[float, float] | str | Point
) -> None:
    location = geocoder.reverse(query)
    assert isinstance(location, Location)
    assert location.address == "Islam Qala, Herat, Afghanistan"
    assert location.raw["match"] == "nearest"
    assert location.raw["score"] > 0.97


def test_reverse_where_nothing_is_near(geocoder: LocalGeocoder) -> None:
    assert geocoder.reverse((0, 0)) is None
    assert geocoder.reverse((0, 0), exactly_one=False) is None
    found = geocoder.reverse((34.3, 62.2), exactly_one=False)
    assert isinstance(found, list)
    assert [location.raw["name"] for location in found] == ["Herat"]
    with pytest.raises(ValueError, match="finite"):
        geocoder.reverse((float("nan"), 0))


def test_it_serves_geopandas_and_the_rate_limiter(file: Path, geocoder: LocalGeocoder) -> None:
    frame = geopandas.tools.geocode(
        ["Islam Qala", "Atlantis"], provider=LocalGeocoder, gazetteer=file
    )
    assert list(frame["address"])[0] == "Islam Qala, Herat, Afghanistan"
    assert frame.geometry.iloc[0].x == 61.061
    assert frame.geometry.iloc[1].is_empty
    back = geopandas.tools.reverse_geocode(
        frame.geometry.iloc[:1], provider=partial(LocalGeocoder, file)
    )
    assert list(back["address"]) == ["Islam Qala, Herat, Afghanistan"]
    limited = RateLimiter(geocoder.geocode, min_delay_seconds=0)
    assert limited("Paris").raw["country"] == "FR"


def test_a_missing_gazetteer_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GazetteerError, match="no such gazetteer file"):
        LocalGeocoder(tmp_path / "none.sqlite")
