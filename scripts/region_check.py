"""Score recognition on the news of one region: the Groningen Meaning Bank, Afghanistan and around.

    python scripts/region_check.py gmb_ner_dataset.csv.zip [--toponyms trained] [--gazetteer FILE]

The first 1,000 sentences, in the order of the file, that name Afghanistan, Iran, Pakistan, a state
of Central Asia or one of their large cities; the tags geo and gpe are the gold, demonyms counted,
spans exact.
"""

import argparse
import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from geomap.config import Config
from geomap.model import Document
from geomap.pipeline import Pipeline

WORDS = re.compile(
    r"\b(?:Afghan\w*|Iran\w*|Pakistan\w*|Tajik\w*|Uzbek\w*|Turkmen\w*|Kyrgyz\w*|Kazakh\w*|Kabul|Herat"
    r"|Kandahar|Mazar-i-Sharif|Jalalabad|Kunduz|Tehran|Isfahan|Mashhad|Tabriz|Shiraz|Islamabad"
    r"|Karachi|Lahore|Peshawar|Quetta|Rawalpindi|Dushanbe|Tashkent|Samarkand|Andijan|Ashgabat"
    r"|Bishkek|Osh|Astana|Almaty)\b"
)
MOST = 1000


def sentences(path: Path) -> Iterator[list[tuple[str, str]]]:
    """Yield the sentences as words with tags."""
    with zipfile.ZipFile(path) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".csv"))
        with archive.open(name) as file:
            sentence: list[tuple[str, str]] = []
            for row in csv.DictReader(io.TextIOWrapper(file, encoding="latin-1")):
                if row["Sentence #"] and sentence:
                    yield sentence
                    sentence = []
                sentence.append((row["Word"], row["Tag"]))
            yield sentence


def joined(sentence: list[tuple[str, str]]) -> tuple[str, set[tuple[int, int]]]:
    """Return a sentence as text, and the spans of its places."""
    text, spans, start, kind = "", set(), None, ""
    for word, tag in sentence:
        mark, _, label = tag.partition("-")
        if start is not None and not (mark == "I" and label == kind):
            spans.add((start, len(text)))
            start = None
        glued = word in {".", ",", "'s", "'", ";", ":", "?", "!", ")"} or text.endswith("(")
        text += "" if glued or not text else " "
        if label in {"geo", "gpe"} and (mark == "B" or start is None):
            start, kind = len(text), label
        text += word
    if start is not None:
        spans.add((start, len(text)))
    return text, spans


def main() -> None:
    """Score."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--toponyms", default="rules")
    parser.add_argument("--gazetteer", type=Path)
    arguments = parser.parse_args()
    cases = []
    for sentence in sentences(arguments.corpus):
        text, spans = joined(sentence)
        if WORDS.search(text):
            cases.append((text, spans))
        if len(cases) == MOST:
            break
    config = Config(gazetteer=arguments.gazetteer, toponyms=arguments.toponyms)
    documents = Pipeline(config).toponyms(Document(str(i), c[0]) for i, c in enumerate(cases))
    right = given = gold = 0
    for (_, spans), document in zip(cases, documents, strict=True):
        found = {(t.start, t.end) for t in document.toponyms}
        right, given, gold = right + len(found & spans), given + len(found), gold + len(spans)
    precision, recall = right / given, right / gold
    print(f"{len(cases)} sentences, {gold} places: P {precision:.3f} R {recall:.3f} "
          f"F1 {2 * precision * recall / (precision + recall):.3f}")  # fmt: skip


if __name__ == "__main__":
    main()
