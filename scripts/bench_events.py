"""How much reading costs on top of the language model, in one run over the same articles.

    python scripts/bench_events.py tests/gold/development [--toponyms trained] [--times 3]

Prints the seconds of the model, and of place names, events and links as shares of them: the least
of several rounds, for other programs on the machine only ever add to a time. The second share is
of processor time, which they hardly touch.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from geomap.config import Config
from geomap.evaluate.goldset import read_goldset
from geomap.language import parse
from geomap.link import Linker
from geomap.pipeline import Pipeline

Spent = dict[str, tuple[float, float]]
"""The least seconds by the clock, and of the processor, by what was done."""


def timed(work: Callable[[], list[Any]], spent: Spent, name: str) -> list[Any]:
    """Do some work and keep the least time that it took."""
    start, used = time.perf_counter(), time.process_time()
    result = work()
    clock, processor = time.perf_counter() - start, time.process_time() - used
    least = spent.get(name, (clock, processor))
    spent[name] = (min(least[0], clock), min(least[1], processor))
    return result


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("articles", type=Path)
    parser.add_argument("--toponyms", default=Config().toponyms)
    parser.add_argument("--times", type=int, default=3)
    arguments = parser.parse_args()
    pipeline = Pipeline(Config(toponyms=arguments.toponyms))
    names, events = pipeline.stages
    texts = [article.document for article in read_goldset(arguments.articles)]
    list(pipeline.run(texts[:5]))  # everything loaded
    spent: Spent = {}
    model = pipeline.config.model
    for _ in range(arguments.times):
        docs = timed(lambda: list(parse((t.text for t in texts), model)), spent, "model")
        parsed = [replace(t, analysis=d) for t, d in zip(texts, docs, strict=True)]
        named = timed(lambda p=parsed: list(names(p)), spent, "place names")
        found = timed(lambda n=named: list(events(n)), spent, "events")
        timed(lambda f=found: list(Linker().link(f)), spent, "links")
    base = spent.pop("model")
    spent["all"] = (sum(t for t, _ in spent.values()), sum(t for _, t in spent.values()))
    print(f"model {base[0]:.2f} s, {base[1]:.2f} s of the processor, for {len(texts)} articles")
    for name, (clock, processor) in spent.items():
        shares = f"{clock / base[0]:6.1%} {processor / base[1]:6.1%}"
        print(f"{name:12} {clock:.2f} s {processor:.2f} s  {shares}")


if __name__ == "__main__":
    main()
