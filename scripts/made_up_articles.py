"""Make a corpus of any size by recombining the sentences of articles.

    python scripts/made_up_articles.py tests/gold/development corpus.jsonl --articles 10000

Each article is six to fourteen sentences of the gold articles, some hundred to two hundred and
fifty words, and one with four names that are made up too (so that words never seen before keep
coming, as they do in news), with a source and a day: the same ones for the same number and seed.
Nothing in them happened, and nobody in them is somebody.
"""

import argparse
import datetime
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from geomap.evaluate.goldset import read_goldset

FIRST = datetime.date(2031, 1, 1)
WITH_NAMES = "{} {} of {}, and {} with them, had nothing to say."
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


def articles(folder: Path, count: int, seed: int = 0, words: int = 0) -> Iterator[dict[str, str]]:
    """Yield articles with the keys of a JSON Lines input.

    Parameters
    ----------
    folder
        Gold articles.
    count
        How many to make.
    seed
        Another one makes other articles.
    words
        How long an article is at least; 0 for six to fourteen sentences.
    """
    texts = [article.document.text for article in read_goldset(folder)]
    sentences = [s.strip() for text in texts for s in SENTENCE.split(text) if len(s) > 20]
    draw = random.Random(seed)
    for number in range(count):
        wanted = draw.randint(6, 14)
        chosen = []
        while len(chosen) < wanted or sum(len(s.split()) for s in chosen) < words:
            chosen.append(draw.choice(sentences))
        day = FIRST + datetime.timedelta(days=draw.randrange(365))
        yield {
            "id": f"made-up-{number}",
            "text": " ".join([*chosen, WITH_NAMES.format(*(name(draw) for _ in range(4)))]),
            "source": f"Example Post {draw.randrange(200)}",
            "published": day.isoformat(),
        }


def write_articles(path: Path, folder: Path, count: int, seed: int = 0, words: int = 0) -> None:
    """Write articles as JSON Lines; the rest as :func:`articles` has it."""
    with path.open("w", encoding="utf-8") as file:
        for article in articles(folder, count, seed, words):
            file.write(json.dumps(article) + "\n")


def name(draw: random.Random) -> str:
    """Return a name that nobody has."""
    return "".join(draw.choice("bdfgklmnprstvz") + draw.choice("aeiou") for _ in range(4)).title()


def main() -> None:
    """Write the corpus."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--words", type=int, default=0)
    given = parser.parse_args()
    write_articles(given.out, given.gold, given.articles, given.seed, given.words)


if __name__ == "__main__":
    main()
