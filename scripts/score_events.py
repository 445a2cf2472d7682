"""Score events: on the project's gold set, or on a third-party corpus of snippets.

    python scripts/score_events.py tests/gold/development [--errors]
    python scripts/score_events.py event_location_dev.jsonl.zip --format location
    python scripts/score_events.py case2021_task2_dev.tsv --format case
    python scripts/score_events.py plv_train.tsv --format plv

--errors lists what went wrong, by kind, for reading; --json gives the figures as JSON. Corpora are
read where they lie. The set kept for the score alone (tests/gold/final) has no list of errors.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from geomap.config import Config
from geomap.evaluate.events import lines, score_goldset
from geomap.evaluate.goldset import read_goldset
from geomap.evaluate.snippets import SNIPPETS, read_snippets, score_snippets
from geomap.model import Document
from geomap.pipeline import Pipeline


def found(texts: Sequence[Document], arguments: argparse.Namespace, apart: bool) -> list[Document]:
    """Return documents with their events; linked to each other, unless they stand for themselves.

    Parameters
    ----------
    texts
        The documents.
    arguments
        Gazetteer and the way to read place names.
    apart
        Whether each document is one of its own.
    """
    pipeline = Pipeline(Config(gazetteer=arguments.gazetteer, toponyms=arguments.toponyms))
    return list(pipeline.run(texts))


def main() -> None:
    """Read, extract, score, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--format", choices=("gold", *SNIPPETS), default="gold")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--gazetteer", type=Path)
    parser.add_argument("--toponyms", default=Config().toponyms)
    arguments = parser.parse_args()
    if arguments.errors and "final" in arguments.corpus.resolve().parts:
        parser.error("tests/gold/final is kept for the score alone: no list of its errors")
    if arguments.format == "gold":
        articles = read_goldset(arguments.corpus)
        documents = found([article.document for article in articles], arguments, False)
        figures, errors = score_goldset(articles, documents)
    else:
        snippets = read_snippets(arguments.corpus, arguments.format)
        texts = [Document(s.id, s.text, published="2020-01-01") for s in snippets]
        documents = found(texts, arguments, True)
        figures, errors = score_snippets(arguments.format, snippets, documents)
    print(json.dumps(figures, indent=1) if arguments.json else "\n".join(lines(figures)))
    if arguments.errors:
        for kind, listed in errors.items():
            print(f"\n{kind}: {len(listed)}", *listed, sep="\n  ")


if __name__ == "__main__":
    main()
