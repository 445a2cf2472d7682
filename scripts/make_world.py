"""Make a folder of GeoNames' format as large as the world, by recombining real names.

    python scripts/make_world.py FROM TO --places 12000000 --names 25000000

FROM is a folder of GeoNames files; the places of TO are no real ones. The same arguments give the
same files.
"""

import argparse
import random
import sys
import zipfile
from pathlib import Path

BLOCK = 200_000


def words_of(folder: Path) -> tuple[list[str], list[str]]:
    """Return the first and the last words of the names of a folder."""
    heads: set[str] = set()
    tails: set[str] = set()
    for path in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                with archive.open(member) as file:
                    for raw in file:
                        cells = raw.decode("utf-8").split("\t")
                        if len(cells) == 19:
                            parts = cells[1].split()
                            heads.add(parts[0])
                            tails.add(parts[-1])
    return sorted(heads), sorted(tails)


def main() -> None:
    """Write allCountries.txt and alternateNamesV2.txt."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--places", type=int, default=12_000_000)
    parser.add_argument("--names", type=int, default=25_000_000)
    arguments = parser.parse_args()
    heads, tails = words_of(arguments.source)
    chance = random.Random(1)
    arguments.target.mkdir(parents=True, exist_ok=True)
    countries = ["AF", "IR", "PK", "US", "RU", "CN", "IN", "BR", "FR", "ID", "NG", "MX"]

    def name() -> str:
        if chance.random() < 0.55:
            return chance.choice(heads)
        return f"{chance.choice(heads)} {chance.choice(tails)}"

    with (arguments.target / "allCountries.txt").open("w", encoding="utf-8") as file:
        for start in range(0, arguments.places, BLOCK):
            rows = []
            for n in range(start + 1, min(start + BLOCK, arguments.places) + 1):
                country = chance.choice(countries)
                point = f"{chance.uniform(-60, 70):.5f}\t{chance.uniform(-180, 180):.5f}"
                admin = f"{chance.randrange(1, 40):02d}\t{chance.randrange(1, 900)}"
                people = chance.randrange(50, 90_000) if chance.random() < 0.1 else 0
                text = name()
                rows.append(
                    f"{n}\t{text}\t{text}\t\t{point}\tP\tPPL\t{country}\t\t{admin}\t\t\t{people}"
                    "\t\t\tEtc/UTC\t2026-01-01\n"
                )
            file.writelines(rows)
            print(f"\r{start + len(rows):,} places", end="", file=sys.stderr)
    with (arguments.target / "alternateNamesV2.txt").open("w", encoding="utf-8") as file:
        for start in range(0, arguments.names, BLOCK):
            file.writelines(
                f"{i}\t{chance.randrange(1, arguments.places + 1)}\t\t{name()}\t\t\t\t\t\t\n"
                for i in range(start + 1, min(start + BLOCK, arguments.names) + 1)
            )
            print(f"\r{start + BLOCK:,} names ", end="", file=sys.stderr)
    print(file=sys.stderr)


if __name__ == "__main__":
    main()
