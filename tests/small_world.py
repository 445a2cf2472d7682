"""A small gazetteer: the tables and towns of it, and what its file answers."""

from geomap.gazetteer import City, Gazetteer, own

TABLES: dict[str, list[dict[str, str]]] = {
    "words": [
        {"word": "Tex.", "kind": "abbreviation", "geonameid": "4736286", "name": "Texas",
         "country": "US"},
    ],
    "names": [
        {"geonameid": "112931", "name": "Tehran", "alternate_names": "Tihran", "country": "IR"},
        {"geonameid": "77", "name": "Nowhere", "alternate_names": "", "country": "IR"},
    ],
    "countries": [
        dict(zip(own.TABLES["countries"].split(), row, strict=True))
        for row in (
            ("geonames:1149361", "1149361", "Afghanistan", "AF", "AFG", "Kabul", "1138958",
             "33", "66", "37172386", "Afghan|Afghani", "Islamic Republic of Afghanistan"),
            ("geonames:130758", "130758", "Iran", "IR", "IRN", "Tehran", "112931",
             "32", "53", "81800269", "Iranian", "Islamic Republic of Iran|Persia"),
            ("geonames:6252001", "6252001", "United States", "US", "USA", "Washington", "4140963",
             "39.76", "-98.5", "327167434", "American", "US|USA|U.S.|United States of America"),
            ("geonames:203312", "203312", "Democratic Republic of the Congo", "CD", "COD",
             "Kinshasa", "2314302", "-2.5", "23.5", "84068091", "Congolese", "DR Congo"),
            ("geonames:2260494", "2260494", "Republic of the Congo", "CG", "COG", "Brazzaville",
             "2260535", "-1", "15.5", "5244363", "Congolese", "Congo-Brazzaville"),
        )
    ],
    "divisions": [
        dict(zip(own.TABLES["divisions"].split(), row, strict=True))
        for row in (
            ("geonames:1140025", "1140025", "Herat", "AF", "11", "ADM1", "34.5", "62",
             "Herat Province|HER"),
            ("geonames:1138335", "1138335", "Kandahar", "AF", "23", "ADM1", "31", "65.8",
             "Kandahar Province"),
            ("geonames:4736286", "4736286", "Texas", "US", "TX", "ADM1", "31.25", "-99.25", ""),
        )
    ],
    "regions": [
        dict(zip(own.TABLES["regions"].split(), row, strict=True))
        for row in (
            ("geonames:6255147", "6255147", "Asia", "CONT", "29.8", "89.3", ""),
            ("geonames:2963597", "2963597", "Persian Gulf", "GULF", "27", "51", "the Gulf"),
        )
    ],
    "crossings": [
        dict(zip(own.TABLES["crossings"].split(), row, strict=True))
        for row in (
            ("geomap:crossing/islam-qala", "1138336", "Islam Qala", "Eslam Qala", "34.6590",
             "61.0610", "AF", "Herat", "customs", "IR", "geomap:crossing/dogharoun",
             "Afghan-Iranian border"),
            ("geomap:crossing/dogharoun", "", "Dogharoun", "Dogharun", "34.66", "61.02", "IR", "",
             "post", "AF", "geomap:crossing/islam-qala", ""),
        )
    ],
    "lines": [
        {"id": "geomap:line/durand", "name": "Durand Line", "alternate_names": "", "pair": "AF-PK",
         "kind": "border"},
    ],
    "venues": [
        {"id": "geomap:venue/arg", "name": "Arg", "alternate_names": "Presidential Palace in Kabul",
         "latitude": "34.5247", "longitude": "69.1784", "country": "AF", "city": "Kabul",
         "city_geonameid": "1138958", "kind": "palace", "host": "AF"},
    ],
}  # fmt: skip
CITIES = (
    City(1138958, "Kabul", 34.52813, 69.17233, "AF", 4434550, "13", ["KBL", "kabul", "Caboul"]),
    City(1140026, "Herāt", 34.348, 62.2, "AF", 574300, "11", ["HEA", "Herat", "hrat", "هرا"]),
    City(1138336, "Kandahār", 31.61332, 65.71013, "AF", 614118, "23", ["Eslam Qaleh", "Kandahar"]),
    City(112931, "Tehran", 35.69439, 51.42151, "IR", 7153309, "26", ["THR", "Teheran", "تهران"]),
    City(2988507, "Paris", 48.85341, 2.3488, "FR", 2138551, "11", ["Lutetia"]),
    City(4717560, "Paris", 33.66094, -95.55551, "US", 24782, "TX", ["Pin Hook"]),
    City(1, "Å", 67.88, 12.98, "NO", 600, "09", ["A", "http://example.org/x", "12", "The Å"]),
)  # fmt: skip


def ids(gazetteer: Gazetteer, name: str, country: str | None = None) -> list[str]:
    return [match.entry.place.id for match in gazetteer.lookup(name, country=country)]
