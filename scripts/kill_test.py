"""Kill a run at random moments, finish it, and compare the files with those of a run left alone.

    python scripts/kill_test.py tests/gold/development [--kills 30] [--articles 60] [--workers 2]

Makes articles, runs ``geomap map`` on them once undisturbed, and then as often as there are kills:
starts the command in a new folder, kills it (SIGKILL) at a random moment of the time that the
undisturbed run took, gives the same command again, and compares all files but ``timings.json``
byte for byte. Stops at the first difference.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from made_up_articles import write_articles

from geomap.engine.kept import FOLDER


def files(folder: Path) -> dict[str, bytes]:
    """Return the bytes of the files of a run."""
    return {
        path.name: path.read_bytes()
        for path in sorted(folder.iterdir())
        if path.name not in {"timings.json", FOLDER}
    }


def main() -> None:
    """Run, kill, compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    draw = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        corpus = top / "corpus.jsonl"
        write_articles(corpus, given.gold, given.articles)

        def run(folder: Path) -> subprocess.Popen[bytes]:
            command = [sys.executable, "-m", "geomap", "map", str(corpus), "-o", str(folder)]
            command += ["--workers", str(given.workers), "-q"]
            return subprocess.Popen(command, stdout=subprocess.DEVNULL)

        started = time.perf_counter()
        if run(top / "alone").wait():
            raise SystemExit("the run left alone failed")
        took = time.perf_counter() - started
        wanted = files(top / "alone")
        print(f"left alone: {took:.1f} s, {len(wanted)} files", flush=True)
        for number in range(1, given.kills + 1):
            folder = top / f"killed-{number}"
            moment = draw.uniform(0, took)
            process = run(folder)
            time.sleep(moment)
            process.kill()
            killed = process.wait() < 0
            left = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
            started = time.perf_counter()
            if run(folder).wait():
                raise SystemExit(f"kill {number}: the run after it failed")
            again = time.perf_counter() - started
            if files(folder) != wanted:
                raise SystemExit(f"kill {number} after {moment:.2f} s: the files differ")
            print(
                f"kill {number} after {moment:.2f} s{'' if killed else ' (it had ended)'}: "
                f"{len(left)} files were there; the same again in {again:.1f} s",
                flush=True,
            )
    print(f"{given.kills} kills, {given.kills} identical results")


if __name__ == "__main__":
    main()
