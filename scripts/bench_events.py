"""How much reading costs on top of the language model, in one run over the same articles.

    python scripts/bench_events.py tests/gold/development [--toponyms trained] [--times 3]

Prints the seconds of the model, and of place names, events and links as shares of them: the least
of several rounds, for other programs on the machine only ever add to a time.
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


def timed(work: Callable[[], list[Any]], spent: dict[str, float], name: str) -> list[Any]:
    """Do some work and keep the least time that it took."""
    start = time.perf_counter()
    result = work()
    spent[name] = min(spent.get(name, float("inf")), time.perf_counter() - start)
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
    spent: dict[str, float] = {}
    model = pipeline.config.model
    for _ in range(arguments.times):
        docs = timed(lambda: list(parse((t.text for t in texts), model)), spent, "model")
        parsed = [replace(t, analysis=d) for t, d in zip(texts, docs, strict=True)]
        named = timed(lambda p=parsed: list(names(p)), spent, "place names")
        found = timed(lambda n=named: list(events(n)), spent, "events")
        timed(lambda f=found: list(Linker().link(f)), spent, "links")
    base = spent.pop("model")
    print(f"model {base:.2f} s for {len(texts)} articles")
    for name, seconds in spent.items():
        print(f"{name:12} {seconds:.2f} s  {seconds / base:6.1%}")
    print(f"{'all':12} {sum(spent.values()):.2f} s  {sum(spent.values()) / base:6.1%}")


if __name__ == "__main__":
    main()
