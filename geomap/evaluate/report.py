"""Running the geoparser over a gold corpus, and what came of it as tables."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from geomap.evaluate.corpora import GoldDocument, GoldToponym, is_demonym
from geomap.evaluate.mistakes import lines, mistakes
from geomap.evaluate.score import Scores, bootstrap, score
from geomap.gazetteer import Gazetteer
from geomap.model import Document, Place, Toponym
from geomap.pipeline import Pipeline

__all__ = ["evaluate", "tables", "truth_of"]

_RECOGNITION = ("precision", "recall", "f1", "overlap_precision", "overlap_recall", "overlap_f1")
_COLUMNS = {
    "end_to_end": ("end to end", ""),
    "without_demonyms": ("end to end", "no demonyms"),
    "gold_spans": ("gold spans", ""),
    "gold_spans_without_demonyms": ("gold spans", "no demonyms"),
    "population": ("population", ""),
    "population_without_demonyms": ("population", "no demonyms"),
}
"""The parts of a report, and what they are called above the table."""
_MEASURES = (
    ("precision", "recognition, precision"),
    ("recall", "recognition, recall"),
    ("f1", "recognition, F1"),
    ("overlap_precision", "overlapping spans, precision"),
    ("overlap_recall", "overlapping spans, recall"),
    ("overlap_f1", "overlapping spans, F1"),
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
        ``end_to_end``, ``gold_spans`` (resolution alone) and ``population`` (gold spans, the most
        populous place of each name), each also without words for people, with the measures and
        their 95 % intervals (None: cannot be told); and ``errors``, all of them by kind.
    """
    gazetteer = pipeline.gazetteer
    texts = [Document(id=gold.id, text=gold.text, source=gold.source) for gold in corpus]
    if any(gold.source for gold in corpus):  # what the outlets' other documents speak of
        for _ in pipeline.toponyms(texts):
            pass
    found = list(pipeline.toponyms(texts))
    resolved = list(pipeline.toponyms(_with_gold(gold, gazetteer) for gold in corpus))
    populous = [_populous(document, gazetteer) for document in resolved]
    truth = truth_of(corpus, gazetteer)

    def without(toponym: GoldToponym) -> bool:
        return _demonym(toponym, gazetteer)

    parts = {}
    for name, answers in (
        ("end_to_end", found),
        ("gold_spans", resolved),
        ("population", populous),
    ):
        pairs = list(zip(corpus, answers, strict=True))
        parts[name] = [score(g, d.toponyms, truth) for g, d in pairs]
        short = "" if name == "end_to_end" else f"{name}_"
        parts[f"{short}without_demonyms"] = [
            score(g, d.toponyms, truth, leave_out=without) for g, d in pairs
        ]
    report: dict[str, Any] = {
        "documents": len(corpus),
        "toponyms": sum(len(gold.toponyms) for gold in corpus),
        "linked": sum(t.linked for gold in corpus for t in gold.toponyms),
        "identified": sum(t.geonameid is not None for gold in corpus for t in gold.toponyms),
        "samples": samples,
    }
    for name in _COLUMNS:
        report[name] = _part(parts[name], samples, recognised=_COLUMNS[name][0] == "end to end")
    report["errors"] = mistakes(zip(corpus, found, strict=True), truth, gazetteer)
    return report


def _part(scores: Sequence[Scores], samples: int, *, recognised: bool) -> dict[str, Any]:
    """Return the measures and intervals; those of recognition only where spans were recognised."""
    figures = _rounded(sum(scores, Scores()).figures())
    intervals = bootstrap(scores, samples)
    if not recognised:
        figures |= dict.fromkeys(_RECOGNITION)
        intervals = {k: v for k, v in intervals.items() if k not in _RECOGNITION}
    ends = ("low", "high")
    return {
        "figures": figures,
        "interval": {k: _rounded(dict(zip(ends, v, strict=True))) for k, v in intervals.items()},
    }


def tables(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield a report as lines of text."""
    yield (
        f"{report['documents']} documents, {report['toponyms']} toponyms, "
        f"{report['linked']} with a place, {report['identified']} with its id; "
        f"± of 95 %, {report['samples']:,} draws of documents"
    )
    for row in zip(*_COLUMNS.values(), strict=True):
        yield f"{'':28}" + "".join(f"{head:>15}" for head in row)
    for key, label in _MEASURES:
        cells = (_cell(report[name], key) for name in _COLUMNS)
        yield f"{label:28}" + "".join(f"{cell:>15}" for cell in cells)
    yield from lines(report["errors"])


def _cell(part: Mapping[str, Any], key: str) -> str:
    """Return a measure with half the width of its interval."""
    value, interval = part["figures"][key], part["interval"].get(key)
    if value is None:
        return "-"
    digits = 0 if key.endswith("_km") else 3
    shown = f"{value:,.{digits}f}"
    if interval:
        shown += f" ±{(interval['high'] - interval['low']) / 2:,.{digits}f}"
    return shown


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


def truth_of(corpus: Iterable[GoldDocument], gazetteer: Gazetteer) -> dict[int, Place]:
    """Return what is known of the gold's geonameids.

    Of a place that the gazetteer lacks that is the country and the division that hold its point.
    """
    found: dict[int, Place] = {}
    for gold in corpus:
        for toponym in gold.toponyms:
            number = toponym.geonameid
            if number is None or number in found:
                continue
            entry = gazetteer.get(f"geonames:{number}")
            if entry is not None:
                found[number] = entry.place
            elif toponym.latitude is not None and toponym.longitude is not None:
                found[number] = _lacking(toponym, number, gazetteer)
    return found


def _lacking(gold: GoldToponym, number: int, gazetteer: Gazetteer) -> Place:
    """Return a place that the gazetteer lacks, as far as its point tells it."""
    latitude, longitude = gold.latitude or 0.0, gold.longitude or 0.0
    holders = [entry.place for entry in gazetteer.divisions_at(latitude, longitude)]
    country = next((place.country for place in holders), None)
    admin1 = next((place.name for place in holders if place.feature_code == "ADM1"), None)
    identity = f"geonames:{number}"
    return Place(identity, number, gold.text, latitude, longitude, country=country, admin1=admin1)


def _demonym(toponym: GoldToponym, gazetteer: Gazetteer) -> bool:
    told = is_demonym(toponym.kind)
    if told is not None:
        return told
    return bool(gazetteer.demonym(toponym.text)) and toponym.text not in ("U.S.", "US", "UK")


def _rounded(values: Mapping[str, float]) -> dict[str, float | None]:
    return {k: None if math.isnan(v) else round(v, 4) for k, v in values.items()}
