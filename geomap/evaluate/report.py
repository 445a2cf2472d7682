"""Running the geoparser over a gold corpus, and what came of it as tables."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from geomap.evaluate.corpora import GoldDocument, GoldToponym, is_demonym
from geomap.evaluate.score import NEAR_KM, Scores, bootstrap, rows_of, score
from geomap.gazetteer import Gazetteer
from geomap.model import Document, Place, Toponym
from geomap.pipeline import Pipeline

__all__ = ["evaluate", "tables"]

_SHOWN = 12
_MEASURES = (
    ("precision", "recognition, precision"),
    ("recall", "recognition, recall"),
    ("f1", "recognition, F1"),
    ("overlap_f1", "recognition, F1 of overlapping spans"),
    ("exact", "exact place"),
    ("country", "right country"),
    ("admin1", "right first-order division"),
    ("at_161", "within 161 km"),
    ("mean_km", "mean error, km"),
    ("median_km", "median error, km"),
    ("auc", "AUC of the error"),
    ("output_precision", "precision of what is given"),
)


def evaluate(
    corpus: Sequence[GoldDocument], pipeline: Pipeline, *, samples: int = 1000
) -> dict[str, Any]:
    """Score the geoparser on a corpus.

    Parameters
    ----------
    corpus
        Texts with gold.
    pipeline
        Its model, gazetteer and stages are used.
    samples
        How many times documents are drawn for the intervals.

    Returns
    -------
    dict
        ``end_to_end``, ``without_demonyms``, ``gold_spans`` and ``population`` (gold spans, the
        most populous place of each name), each with the measures and their 95 % intervals; and
        ``errors`` by kind, with examples.
    """
    gazetteer = pipeline.gazetteer
    texts = [Document(id=gold.id, text=gold.text, source=gold.source) for gold in corpus]
    if any(gold.source for gold in corpus):  # what the outlets' other documents speak of
        for _ in pipeline.toponyms(texts):
            pass
    found = list(pipeline.toponyms(texts))
    resolved = list(pipeline.toponyms(_with_gold(gold, gazetteer) for gold in corpus))
    populous = [_populous(document, gazetteer) for document in resolved]
    truth = _truth(corpus, gazetteer)

    def without(toponym: GoldToponym) -> bool:
        return _demonym(toponym, gazetteer)

    parts = {
        "end_to_end": [score(g, d.toponyms, truth) for g, d in _pairs(corpus, found)],
        "without_demonyms": [
            score(g, d.toponyms, truth, leave_out=without) for g, d in _pairs(corpus, found)
        ],
        "gold_spans": [score(g, d.toponyms, truth) for g, d in _pairs(corpus, resolved)],
        "population": [score(g, d.toponyms, truth) for g, d in _pairs(corpus, populous)],
    }
    report: dict[str, Any] = {
        "documents": len(corpus),
        "toponyms": sum(len(gold.toponyms) for gold in corpus),
        "linked": sum(t.linked for gold in corpus for t in gold.toponyms),
    }
    for name, scores in parts.items():
        total = sum(scores, Scores())
        report[name] = {
            "figures": _rounded(total.figures()),
            "interval": {k: _rounded(dict(zip(("low", "high"), v, strict=True)))
                         for k, v in bootstrap(scores, samples).items()},
        }  # fmt: skip
    report["errors"] = _errors(corpus, found, truth, gazetteer)
    return report


def tables(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield a report as lines of text."""
    yield (
        f"{report['documents']} documents, {report['toponyms']} toponyms, "
        f"{report['linked']} with a place"
    )
    names = ("end_to_end", "without_demonyms", "gold_spans", "population")
    yield f"{'':38}" + "".join(f"{name:>18}" for name in names)
    for key, label in _MEASURES:
        cells = []
        for name in names:
            value = report[name]["figures"][key]
            interval = report[name]["interval"].get(key)
            shown = f"{value:.3f}" if abs(value) < 10 else f"{value:.0f}"
            if interval and key in ("f1", "exact", "at_161"):
                shown += f" ±{(interval['high'] - interval['low']) / 2:.3f}"
            cells.append(f"{shown:>18}")
        yield f"{label:38}" + "".join(cells)
    for kind, errors in report["errors"].items():
        yield ""
        yield f"{kind}: {errors['count']}"
        yield from (f"  {example}" for example in errors["examples"])


def _pairs(
    corpus: Sequence[GoldDocument], found: Sequence[Document]
) -> Iterable[tuple[GoldDocument, Document]]:
    return zip(corpus, found, strict=True)


def _with_gold(gold: GoldDocument, gazetteer: Gazetteer) -> Document:
    """Return a document whose toponyms are the gold's, for resolving alone."""
    toponyms = tuple(
        Toponym(t.start, t.end, t.text, "demonym" if gazetteer.demonym(t.text) else "place")
        for t in gold.toponyms
        if t.linked
    )
    return Document(id=gold.id, text=gold.text, source=gold.source, toponyms=toponyms)


def _populous(document: Document, gazetteer: Gazetteer) -> Document:
    """Return the document with the most populous place of each name."""
    toponyms = []
    for toponym in document.toponyms:
        entries = [match.entry for match in gazetteer.lookup(toponym.text)]
        best = max(entries, key=lambda entry: entry.population, default=None)
        toponyms.append(replace(toponym, place=best.place if best else None))
    return replace(document, toponyms=tuple(toponyms))


def _truth(corpus: Iterable[GoldDocument], gazetteer: Gazetteer) -> dict[int, Place]:
    numbers = {t.geonameid for gold in corpus for t in gold.toponyms if t.geonameid is not None}
    entries = ((number, gazetteer.get(f"geonames:{number}")) for number in sorted(numbers))
    return {number: entry.place for number, entry in entries if entry is not None}


def _demonym(toponym: GoldToponym, gazetteer: Gazetteer) -> bool:
    told = is_demonym(toponym.kind)
    if told is not None:
        return told
    return bool(gazetteer.demonym(toponym.text)) and toponym.text not in ("U.S.", "US", "UK")


def _errors(
    corpus: Sequence[GoldDocument],
    found: Sequence[Document],
    truth: Mapping[int, Place],
    gazetteer: Gazetteer,
) -> dict[str, Any]:
    """Return the errors by kind, the commonest kind first, with examples of each."""
    counts: Counter[str] = Counter()
    examples: dict[str, Counter[str]] = {}
    for gold, document in _pairs(corpus, found):
        spans = document.toponyms
        for row in rows_of(gold.toponyms, spans, truth):
            if row.exact:
                continue
            wanted = truth.get(row.gold.geonameid or 0)
            kind = _kind_of_error(row.gold, row.found, row.place, wanted, row.km, spans, gazetteer)
            counts[kind] += 1
            given = row.place.name + f" ({row.place.country})" if row.place else "nothing"
            want = f"{wanted.name} ({wanted.country})" if wanted else f"id {row.gold.geonameid}"
            line = f"{row.gold.text!r} in {gold.id}: {given}, wanted {want}"
            examples.setdefault(kind, Counter())[line] += 1
        spurious = {(t.start, t.end) for t in gold.toponyms}
        for toponym in spans:
            if (toponym.start, toponym.end) not in spurious:
                counts["no toponym of the gold"] += 1
                line = f"{toponym.text!r} in {gold.id}"
                examples.setdefault("no toponym of the gold", Counter())[line] += 1
    return {
        kind: {"count": count, "examples": [line for line, _ in examples[kind].most_common(_SHOWN)]}
        for kind, count in counts.most_common()
    }


def _kind_of_error(
    gold: GoldToponym,
    found: bool,
    place: Place | None,
    wanted: Place | None,
    km: float,
    spans: Sequence[Toponym],
    gazetteer: Gazetteer,
) -> str:
    """Say in words what went wrong with a gold toponym."""
    if not found:
        if any(t.start < gold.end and gold.start < t.end for t in spans):
            return "another span"
        return "not recognised" if gazetteer.lookup(gold.text) else "not recognised, no such name"
    if gold.geonameid is not None and wanted is None:
        return "the gazetteer lacks the place"
    if place is None:
        return "recognised, not resolved"
    if wanted is not None:
        if km <= NEAR_KM and place.name == wanted.name:
            return "another record of the same place"
        if place.country == wanted.country:
            return "another place in the country"
    return "another country"


def _rounded(values: Mapping[str, float]) -> dict[str, float | None]:
    return {k: None if math.isnan(v) else round(v, 4) for k, v in values.items()}
