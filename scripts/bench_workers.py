"""How much faster several worker processes are than one process, on the same articles.

    python scripts/bench_workers.py tests/gold/development [--articles 600] [--workers 2]

Makes articles of 400 words, and runs ``geomap extract`` over them with one process and with
several, in turn, start included. Prints the least seconds of each: other programs on the machine
only ever add to a time. Stops if the two do not give the same bytes.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from made_up_articles import write_articles

WORDS = 400


def seconds(corpus: Path, out: Path, workers: int) -> float:
    """Run the command and return how long it took."""
    command = [sys.executable, "-m", "geomap", "extract", str(corpus), "-o", str(out), "-q"]
    started = time.perf_counter()
    subprocess.run([*command, "--workers", str(workers)], check=True)
    return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    least = {1: float("inf"), given.workers: float("inf")}
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.jsonl"
        write_articles(corpus, given.gold, given.articles, words=WORDS)
        for _ in range(given.times):
            outputs = []
            for workers in least:
                out = Path(folder) / f"{workers}.jsonl"
                took = seconds(corpus, out, workers)
                least[workers] = min(least[workers], took)
                outputs.append(out.read_bytes())
                print(f"{workers} workers: {took:.1f} s", flush=True)
            if len(set(outputs)) > 1:
                raise SystemExit("the outputs differ")
    one, several = least.values()
    print(
        f"{given.articles} articles of {WORDS} words: {given.articles / one:.1f} a second with one "
        f"process, {given.articles / several:.1f} with {given.workers}: {one / several:.2f} times"
    )


if __name__ == "__main__":
    main()
