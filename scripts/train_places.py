"""Train the trees that say which place an event's words speak of, and score them.

    python scripts/train_places.py event_location_dev.jsonl.zip [--out geomap/events/weights]

The corpus (ahalterman/event_location) marks the places of a verb's event, none for many. Cross-
validated by sentence, five folds, seeds fixed; the noisiest sources are left out of training. Needs
lightgbm. With --out the model trained on all sentences is written as plain JSON; nothing of a text
goes into it.
"""

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from boosted import Model

from geomap.config import Config
from geomap.evaluate.events import prf
from geomap.evaluate.snippets import Snippet, read_snippets
from geomap.events.candidates import Candidate
from geomap.events.ontology import load_ontology
from geomap.events.ranking import Numbers, Subject, chosen, rows_of, subject_of
from geomap.events.triggers import find_triggers
from geomap.events.where import PlaceReader
from geomap.gazetteer import Gazetteer
from geomap.language import parse
from geomap.model import Document
from geomap.pipeline import reading

FOLDS = 5
SETTINGS = {"learning_rate": 0.07, "num_leaves": 24, "feature_fraction": 0.5, "lambda_l2": 3.0}
ROUNDS = 250
NOISY = {"Masdar_RA", "wiki"}
"""Sources whose sentences mostly state a place and have none marked."""


@dataclass(slots=True)
class Case:
    """A verb with the places of its sentence, their numbers, and which are right."""

    snippet: Snippet
    known: bool
    candidates: list[Candidate]
    rows: list[Numbers]
    right: list[float]
    answers: list[float]


def case(snippet: Snippet, document: Document, gazetteer: Gazetteer) -> Case:
    """Read one sentence."""
    doc, verb = document.analysis, snippet.verb
    assert verb is not None
    token = doc.char_span(*verb, alignment_mode="expand").root
    own = [t for t in find_triggers(token.sent, load_ontology())
           if token.i in {t.token.i, *(w.i for w in t.words)}]  # fmt: skip
    reader = PlaceReader(document, gazetteer)
    candidates = reader.all_candidates(token.sent)
    ties = [reader.tie(c, own[0]) if own else None for c in candidates]
    subject = subject_of(own[0]) if own else Subject(token, token, frozenset({token.i}))
    right = [float((c.start, c.end) in snippet.places) for c in candidates]
    rows = rows_of(subject, candidates, ties)
    return Case(snippet, bool(own), candidates, rows, right, [])


def train(cases: Sequence[Case]) -> Model:
    """Train on the cases of all but the noisy sources."""
    kept = [c for c in cases if c.snippet.label not in NOISY]
    rows = [row for c in kept for row in c.rows]
    return Model(rows, [mark for c in kept for mark in c.right], ROUNDS, **SETTINGS)


def cross_validate(cases: Sequence[Case]) -> None:
    """Give each case the answers of a model that has not seen its sentence."""
    texts = sorted({c.snippet.text.strip() for c in cases})
    random.Random(1).shuffle(texts)
    fold = {text: number % FOLDS for number, text in enumerate(texts)}
    for number in range(FOLDS):
        model = train([c for c in cases if fold[c.snippet.text.strip()] != number])
        for c in cases:
            if fold[c.snippet.text.strip()] == number:
                c.answers = model.probabilities(c.rows)


def report(cases: Sequence[Case], title: str) -> None:
    """Print scores at several thresholds."""
    print(title, len(cases))
    for least in (0.3, 0.4, 0.45, 0.5, 0.55, 0.6):
        right = given = wanted = none = rightly = 0
        for c in cases:
            found = {(o.start, o.end) for o in chosen(c.candidates, c.answers, least)}
            right += len(found & set(c.snippet.places))
            given, wanted = given + len(found), wanted + len(c.snippet.places)
            none += not c.snippet.places
            rightly += not c.snippet.places and not found
        figures = prf(right, given, wanted)
        print(f"  at {least:.2f}: P {figures['precision']:.3f} R {figures['recall']:.3f} "
              f"F1 {figures['f1']:.3f}   rightly none {rightly / none:.3f}")  # fmt: skip


def main() -> None:
    """Read, cross-validate, train and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--gazetteer", type=Path)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    config = Config(gazetteer=arguments.gazetteer)
    gazetteer = Gazetteer.open(config.gazetteer)
    named = reading(config, gazetteer)
    snippets = read_snippets(arguments.corpus, "location")
    cases = []
    docs = parse((snippet.text for snippet in snippets), config.model)
    for snippet, doc in zip(snippets, docs, strict=True):
        (document,) = named([Document(snippet.id, snippet.text, analysis=doc)])
        cases.append(case(snippet, document, gazetteer))
    cross_validate(cases)
    report(cases, "cross-validation, all sentences")
    report([c for c in cases if c.snippet.label not in NOISY], "without the noisy sources")
    report([c for c in cases if c.snippet.label == "APW_RA"], "of one agency")
    if arguments.out:
        arguments.out.mkdir(parents=True, exist_ok=True)
        path = arguments.out / "places.json"
        plain = json.dumps(train(cases).plain(), separators=(",", ":"))
        path.write_text(plain + "\n", encoding="utf-8")
        print(path, path.stat().st_size // 1024, "kB")


if __name__ == "__main__":
    main()
