"""How much memory a run takes as it goes on: it must stay flat.

    python scripts/bench_memory.py tests/gold/development [--articles 10000] [--workers 2]
    python scripts/bench_memory.py tests/gold/development --link 100000

The first makes articles, runs ``geomap extract`` over them, and prints the memory of all its
processes together (their proportional share of the pages, so that none counts twice) beside the
number of articles done, at every tenth of the way; needs Linux. The second sends documents through
the linker alone, the only part that remembers earlier ones: a thousand made-up articles are read,
and come again and again with other ids, days and places.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from made_up_articles import articles, write_articles

from geomap.link import Linker
from geomap.model import Document, Event
from geomap.pipeline import Pipeline

MIB = 1024
READ = 1000


def tree(process: int) -> Iterator[int]:
    """Yield a process and all that it started."""
    yield process
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from tree(int(child))


def memory(process: int) -> float:
    """Return the memory of a process and all that it started, in MiB."""
    whole = 0
    for one in tree(process):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        whole += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return whole / MIB


def whole_run(gold: Path, count: int, workers: int) -> None:
    """Run the command, and print memory by articles done."""
    with tempfile.TemporaryDirectory() as folder:
        corpus, out = Path(folder) / "corpus.jsonl", Path(folder) / "out.jsonl"
        write_articles(corpus, gold, count)
        command = [sys.executable, "-m", "geomap", "extract", str(corpus), "-o", str(out), "-q"]
        process = subprocess.Popen([*command, "--workers", str(workers)])
        part, most, done, said = out.with_name(f".{out.name}.part"), 0.0, 0, 0
        started = time.monotonic()
        with part_lines(part, process) as lines:
            while process.poll() is None:
                time.sleep(1)
                done += lines()
                most = max(most, memory(process.pid))
                if done >= said + count // 10:
                    said = done
                    took = time.monotonic() - started
                    print(f"{done:7} articles, {took:6.0f} s: {most:6.0f} MiB", flush=True)
                    most = 0.0
        if process.returncode:
            raise SystemExit("the run failed")


class part_lines:  # noqa: N801
    """Counts the lines that were added to a file since it was asked last."""

    def __init__(self, path: Path, process: "subprocess.Popen[bytes]") -> None:
        while not path.exists() and process.poll() is None:
            time.sleep(0.1)
        self._file = path.open("rb")

    def __enter__(self) -> "part_lines":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __call__(self) -> int:
        """Return how many lines were added."""
        count = 0
        while block := self._file.read(1 << 20):
            count += block.count(b"\n")
        return count


def again(document: Document, turn: int) -> Document:
    """Return a document as another one of another day and place."""
    days = timedelta(days=7 * turn)

    def moved(event: Event) -> Event:
        when = event.date and replace(
            event.date,
            start=(date.fromisoformat(event.date.start) + days).isoformat(),
            end=(date.fromisoformat(event.date.end) + days).isoformat(),
        )
        place = event.place and replace(
            event.place, id=event.place.id and f"{event.place.id}~{turn}"
        )
        return replace(event, event_id=f"{event.event_id}~{turn}", date=when, place=place)

    published = document.published and date.fromisoformat(document.published) + days
    return replace(
        document,
        id=f"{document.id}~{turn}",
        published=published and published.isoformat(),
        events=tuple(map(moved, document.events)),
        toponyms=(),
    )


def linker_alone(gold: Path, count: int) -> None:
    """Link documents, and print memory by documents done."""
    given = [Document(**article, published_basis="stated") for article in articles(gold, READ)]
    documents = list(Pipeline().run(given))
    mentions = sum(len(document.events) for document in documents)
    print(f"{READ} articles with {mentions} mentions, again and again", flush=True)
    stream = (again(document, turn) for turn in range(count // READ) for document in documents)
    own = Path("/proc/self").resolve().name
    started = time.monotonic()
    for done, _ in enumerate(Linker().link(stream), 1):
        if done % (count // 10) == 0 or done == READ:
            took = time.monotonic() - started
            print(f"{done:7} articles, {took:6.0f} s: {memory(int(own)):6.0f} MiB", flush=True)


def main() -> None:
    """Measure one or the other."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--link", type=int)
    given = parser.parse_args()
    if given.link:
        linker_alone(given.gold, given.link)
    else:
        whole_run(given.gold, given.articles, given.workers)


if __name__ == "__main__":
    main()
