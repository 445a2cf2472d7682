"""GeoNames' files as rows of a gazetteer: places, alternate names, codes, hierarchy.

The format of each file is told from its columns, not its name
(https://download.geonames.org/export/dump/readme.txt). A row that is wrong is passed over and
noted with its line number; the others are kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from geomap.gazetteer.builder import MAX_ID, Builder, PlaceRow
from geomap.gazetteer.own import usable
from geomap.gazetteer.record import KINDS, Kind
from geomap.gazetteer.store import SCALE
from geomap.gazetteer.textfiles import Rejected, Text, control

__all__ = ["Reader", "Role", "role_of"]

Role = Literal["places", "names", "admin1", "admin2", "countries", "hierarchy"]

_COLUMNS = 19
_MAX_NAME = 200
_COUNTRY = re.compile(r"(?:[A-Z]{2})?", re.ASCII)
_CODE = re.compile(r"[A-Z0-9]{0,10}", re.ASCII)
_ADMIN = re.compile(r"[^\x00-\x1f\x7f]{0,80}")
_POINT_OF_T = {
    "CAPE", "CLF", "CONE", "HLL", "MT", "MTU", "PASS", "PK", "PT", "RK", "GAP", "VLC", "MESA",
    "ISL", "ISLET", "RDGB", "SDL", "CRTR", "CNYN",
}  # fmt: skip
_NO_NAMES = {"link", "post", "wkdt", "unlc", "iata", "icao", "faac", "tcid", "phon", "piny"}
_CITY, _COUNTRY_KIND, _DIVISION = (KINDS.index(kind) for kind in ("city", "country", "division"))


def role_of(text: Text) -> Role | None:
    """Tell what a file holds from its first line; None for what a gazetteer has no use for."""
    fields = text.first_line().split("\t")
    numbers = [field.isascii() and field.isdigit() for field in fields]
    if len(fields) == _COLUMNS and (numbers[0] or not text.stem.startswith("countryInfo")):
        return "countries" if _COUNTRY.fullmatch(fields[0]) and fields[0] else "places"
    if len(fields) in (8, 10) and numbers[0] and numbers[1]:
        return "names"
    if len(fields) in (2, 3) and numbers[0] and numbers[1]:
        return "hierarchy"
    if len(fields) == 4 and numbers[3] and "." in fields[0]:
        return "admin2" if fields[0].count(".") >= 2 else "admin1"
    if len(fields) in (18, 19) and len(fields[0]) == 2 and len(fields[1]) == 3:
        return "countries"
    return "places" if len(fields) > 12 and "readme" not in text.stem.lower() else None


@dataclass(slots=True)
class Reader:
    """Reads GeoNames' files into a gazetteer in the making.

    Attributes
    ----------
    builder
        Takes the rows.
    sources
        The bit of GeoNames among the sources.
    named
        ISO codes of the countries whose alternate names come in files of their own; None for
        all. Of these the column of alternate names, which repeats them, is not read.
    rejected
        Notes the rows that are wrong.
    newest
        The latest modification date of a place.
    """

    builder: Builder
    sources: int
    named: frozenset[str] | None
    rejected: Rejected
    newest: str = ""

    def places(self, text: Text, rank: int) -> Iterator[int]:
        """Read a file of places; yield how many were read, block by block."""
        for lines in self._blocks(text):
            rows: list[PlaceRow] = []
            names: list[tuple[str, int, int]] = []
            for at, line in lines:
                try:
                    rows.append(self._place(line.split("\t"), rank, names))
                except ValueError as error:
                    self.rejected.add(text.name, at, str(error))
            self.builder.add_rows(rows, names)
            yield len(rows)

    def _place(self, f: list[str], rank: int, names: list[tuple[str, int, int]]) -> PlaceRow:
        """Return the row of a place, and add its names."""
        if len(f) != _COLUMNS:
            raise ValueError(f"{len(f)} columns, not {_COLUMNS}")
        n, name, ascii_name = _id(f[0]), f[1].strip(), f[2]
        latitude, longitude = _degrees(f[4], 90, "latitude"), _degrees(f[5], 180, "longitude")
        klass, code, country = f[6], f[7], f[8]
        _check_name(name)
        if not (_COUNTRY.fullmatch(country) and _CODE.fullmatch(code) and _CODE.fullmatch(klass)):
            raise ValueError("a country, feature class or feature code that is none")
        if not (_ADMIN.fullmatch(f[10]) and _ADMIN.fullmatch(f[11])):
            raise ValueError("a code of a division that is none")
        population = int(f[14]) if f[14].isascii() and f[14].isdigit() and len(f[14]) < 12 else 0
        names.append((name, n, 2))
        if ascii_name and ascii_name != name and not control(ascii_name):
            names.append((ascii_name[:_MAX_NAME], n, 1))
        count = 1
        if f[3]:
            others = f[3].split(",")
            count += len(others)
            if self.named is not None and country not in self.named:
                names.extend((o, n, 0) for o in others if usable(o) and not control(o))
        if f[18] > self.newest and len(f[18]) == 10:
            self.newest = f[18]
        return (
            n, rank, name, latitude, longitude, klass or None, code or None, country or None,
            f[10] if f[10] != "00" and f[10] else None, f[11] or None, population, count,
            _kind(klass, code), self.sources, None,
        )  # fmt: skip

    def names(self, text: Text) -> Iterator[int]:
        """Read a file of alternate names of places that were read before."""
        known = self.builder.known
        for lines in self._blocks(text):
            names: list[tuple[str, int, int]] = []
            for at, line in lines:
                f = line.split("\t")
                try:
                    if len(f) not in (8, 10):
                        raise ValueError(f"{len(f)} columns, not 10")
                    n = _id(f[1])
                    if f[2] in _NO_NAMES or not known.get(n):
                        continue
                    known.add(n)
                    _check_name(f[3])
                except ValueError as error:
                    self.rejected.add(text.name, at, str(error))
                    continue
                if usable(f[3]):
                    names.append((f[3], n, int(f[2] == "en" and f[4] == "1")))
            self.builder.add_names(names)
            yield len(names)

    def divisions(self, text: Text, rank: int) -> Iterator[int]:
        """Read a file of codes of divisions: their names, and places without a point."""
        for lines in self._blocks(text):
            rows: list[PlaceRow] = []
            names: list[tuple[str, int, int]] = []
            for at, line in lines:
                try:
                    code, name, ascii_name, n = _division(line.split("\t"))
                except ValueError as error:
                    self.rejected.add(text.name, at, str(error))
                    continue
                self.builder.add_division(code, name, n)
                parts = [*code.split(".", 2), None][:3]
                names += [(name, n, 2), (ascii_name, n, 1)]
                feature = "ADM1" if parts[2] is None else "ADM2"
                rows.append(
                    (n, rank, name, None, None, "A", feature, *parts, 0, 1, _DIVISION,
                     self.sources, None)
                )  # fmt: skip
            self.builder.add_rows(rows, names)
            yield len(rows)

    def hierarchy(self, text: Text) -> Iterator[int]:
        """Read the file of what lies in what."""
        for lines in self._blocks(text):
            pairs = []
            for at, line in lines:
                f = line.split("\t")
                try:
                    pairs.append((_id(f[1] if len(f) > 1 else ""), _id(f[0])))
                except ValueError as error:
                    self.rejected.add(text.name, at, str(error))
            self.builder.add_parents(pairs)
            yield len(pairs)

    def _blocks(self, text: Text) -> Iterator[list[tuple[int, str]]]:
        """Yield the rows of a file, block by block, with their line numbers."""
        for number, lines in text.lines(self.rejected):
            numbered = enumerate(lines, number)
            yield [(at, line) for at, line in numbered if line and not line.startswith("#")]


def _id(cell: str) -> int:
    if not (cell.isascii() and cell.isdigit() and len(cell) < 13 and 0 < int(cell) <= MAX_ID):
        raise ValueError(f"{cell[:20]!r} is no geonameid")
    return int(cell)


def _degrees(cell: str, limit: int, what: str) -> int:
    try:
        value = float(cell) if cell.isascii() and "_" not in cell else float("nan")
    except ValueError:
        value = float("nan")
    if not -limit <= value <= limit:
        raise ValueError(f"the {what} {cell[:20]!r} is not within ±{limit}")
    return round(value * SCALE)


def _check_name(name: str) -> None:
    if not name:
        raise ValueError("no name")
    if len(name) > _MAX_NAME:
        raise ValueError(f"a name of {len(name)} characters; {_MAX_NAME} at the most")
    if control(name):
        raise ValueError("control characters in a name")


def _division(f: list[str]) -> tuple[str, str, str, int]:
    if len(f) != 4:
        raise ValueError(f"{len(f)} columns, not 4")
    code, name, ascii_name = f[0], f[1].strip(), f[2].strip()
    parts = code.split(".")
    if len(parts) < 2 or not all(_ADMIN.fullmatch(part) and part for part in parts):
        raise ValueError(f"{code[:30]!r} is no code of a division")
    _check_name(name)
    if control(ascii_name) or len(ascii_name) > _MAX_NAME:
        raise ValueError("control characters in a name")
    return code, name, ascii_name or name, _id(f[3])


def _kind(klass: str, code: str) -> int:
    """Return the number of the kind of a place with a feature class and code."""
    kind: Kind = "site"
    if klass == "P":
        return _CITY
    if klass == "A":
        return _COUNTRY_KIND if code.startswith("PCL") else _DIVISION
    if klass in ("L", "H", "U", "V") or (klass == "T" and code not in _POINT_OF_T):
        kind = "region"
    return KINDS.index(kind)
