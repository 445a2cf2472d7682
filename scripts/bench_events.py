"""How much reading costs on top of the language model, in one run over the same articles.

    python scripts/bench_events.py tests/gold/development [--toponyms trained] [--times 3]

Prints the seconds of the model as spaCy loads it, with all its components, and as shares of them
those of the model as geomap runs it (``geomap/quick.py``), of place names, events and links: the
least of several rounds, for other programs on the machine only ever add to a time. The second
share is of processor time, which they hardly touch. Stops if the two models differ in an answer.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from geomap.config import Config
from geomap.evaluate.goldset import read_goldset
from geomap.events.extract import extract_events
from geomap.groups import grouped
from geomap.language import load_model, parse
from geomap.link import Linker
from geomap.pipeline import Pipeline, reading

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


def as_shipped(model: str) -> Language:
    """Load the language model as spaCy does, with geomap's tokens and starts of sentences."""
    nlp = spacy.load(model)
    nlp.add_pipe("geomap_boundaries", first=True)
    nlp.tokenizer = load_model(model).tokenizer
    return nlp


def compare(plain: list[Doc], quick: list[Doc]) -> None:
    """Stop if a word has another head, tag, lemma, name or sentence in one than in the other."""
    for one, other in zip(plain, quick, strict=True):
        for a, b in zip(one, other, strict=True):
            said = [
                (t.head.i, t.dep_, t.tag_, t.pos_, t.lemma_, t.ent_type_, t.ent_iob_)
                for t in (a, b)
            ]
            if said[0] != said[1]:
                raise SystemExit(f"{a.text!r}: {said[0]} as shipped, {said[1]} here")


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
    names = reading(pipeline.config, pipeline.gazetteer)
    events = partial(extract_events, gazetteer=pipeline.gazetteer)
    texts = [article.document for article in read_goldset(arguments.articles)]
    list(pipeline.run(texts[:5]))  # everything loaded
    spent: Spent = {}
    model = pipeline.config.model
    shipped = as_shipped(model)
    list(shipped.pipe(t.text for t in texts[:5]))
    for _ in range(arguments.times):
        plain = timed(lambda: list(shipped.pipe(t.text for t in texts)), spent, "shipped")
        docs = timed(lambda: list(parse((t.text for t in texts), model)), spent, "model")
        compare(plain, docs)
        parsed = [replace(t, analysis=d) for t, d in zip(texts, docs, strict=True)]
        named = timed(lambda p=parsed: list(grouped(p, names)), spent, "place names")
        found = timed(lambda n=named: list(map(events, n)), spent, "events")
        timed(lambda f=found: list(Linker().link(f)), spent, "links")
    base = spent.pop("shipped")
    spent["all"] = (sum(t for t, _ in spent.values()), sum(t for _, t in spent.values()))
    print(
        f"model as shipped {base[0]:.2f} s, {base[1]:.2f} s of the processor, "
        f"for {len(texts)} articles"
    )
    for name, (clock, processor) in spent.items():
        shares = f"{clock / base[0]:6.1%} {processor / base[1]:6.1%}"
        print(f"{name:12} {clock:.2f} s {processor:.2f} s  {shares}")


if __name__ == "__main__":
    main()
