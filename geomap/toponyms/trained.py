"""Recognise and resolve with trained models: which spans are place names, and which places.

Four passes of boosted trees over a document's candidates: is this span a place name, which of the
places it may mean is it, and both again with the first answers for the rest of the document and
for other documents of the same outlet.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from geomap.gazetteer import Entry, Gazetteer
from geomap.model import Alternative, Document, Toponym, ToponymKind
from geomap.names import fold
from geomap.recognise import sense_of
from geomap.toponyms import ranking, spans
from geomap.toponyms.outlets import Outlets
from geomap.toponyms.places import Option, options
from geomap.toponyms.ranking import Numbers
from geomap.toponyms.spans import Candidate
from geomap.trees import load_trees

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["Choice", "answers", "apart", "find_toponyms", "place_rows", "second_rows",
           "span_rows_again"]  # fmt: skip

POSSIBLE = 0.15
"""How likely a span must be a place name to be heard as a witness for others."""
LEAST = 0.27
"""How likely a span with its place must be to be given."""
_UNPLACED = 0.5
_SHOWN = 4
_NEAR = 8
_OF_BEST = ("country_share", "division_share", "nearest", "near50", "weight", "less", "kind",
            "parent_behind")  # fmt: skip

Choice = list[float]
"""The probabilities of a candidate's options."""


def find_toponyms(
    document: Document, gazetteer: Gazetteer, outlets: Outlets | None = None
) -> Document:
    """Return the document with its toponyms, resolved.

    Parameters
    ----------
    document
        With its ``analysis``; toponyms that it has already are resolved, no others recognised.
    gazetteer
        Which places there are.
    outlets
        What other documents of the same source speak of; it learns of this one.
    """
    doc: Doc = document.analysis
    outlets = Outlets() if outlets is None else outlets
    found = spans.candidates(doc, gazetteer)
    rows = spans.features(doc, found)
    _set_probabilities("spans", found, rows)
    given = {(t.start, t.end) for t in document.toponyms}
    if given:
        found = _given(doc, found, list(document.toponyms), gazetteer)
    places = place_rows(doc, found)
    first = _ranked("places", found, places)
    outlets.learn(document.source, document.id, answers(found, first))
    if not given:
        _set_probabilities("spans_again", found, span_rows_again(found, rows, places, first))
    again = second_rows(doc, found, first, outlets, document)
    second = _ranked("places_again", found, again)
    chosen = (
        [i for i, c in enumerate(found) if (c.start, c.end) in given]
        if given
        else apart(found, second)
    )
    toponyms = [_toponym(document, doc, found[i], second[i], gazetteer) for i in chosen]
    return replace(document, toponyms=tuple(sorted(toponyms, key=lambda t: t.start)))


def answers(found: Sequence[Candidate], choices: Sequence[Choice]) -> Iterator[tuple[Entry, float]]:
    """Yield the likeliest place of each likely name, with its probability."""
    for candidate, choice in zip(found, choices, strict=True):
        if choice and candidate.probability >= 0.5:
            best = max(range(len(choice)), key=choice.__getitem__)
            yield candidate.options[best].entry, candidate.probability * choice[best]


def _set_probabilities(name: str, found: Sequence[Candidate], rows: Sequence[Numbers]) -> None:
    for candidate, value in zip(found, load_trees(name).probabilities(rows), strict=True):
        candidate.probability = value


def span_rows_again(
    found: Sequence[Candidate],
    rows: Sequence[Numbers],
    places: Sequence[list[Numbers]],
    first: Sequence[Choice],
) -> list[Numbers]:
    """Return the numbers of the spans with the first answers for them and for those around."""
    sure = [candidate.probability for candidate in found]
    bests = [max(choice, default=0.0) for choice in first]
    by_key: dict[str, list[int]] = {}
    for i, candidate in enumerate(found):
        by_key.setdefault(candidate.key, []).append(i)
    top = sorted(sure)[-20:]
    mean = sum(top) / len(top) if top else 0.0
    result = []
    for i, candidate in enumerate(found):
        over, near, over_best = _around(i, found, sure, bests)
        same = [sure[k] for k in by_key[candidate.key] if k != i]
        best = first[i].index(bests[i]) if first[i] else -1
        place = places[i][best] if first[i] else {}
        result.append(
            rows[i]
            | {
                "p": sure[i],
                "over": over,
                "near": near,
                "over_best": over_best,
                "same_mean": sum(same) / len(same) if same else -1.0,
                "same_max": max(same, default=-1.0),
                "document_mean": mean,
                "ahead": sure[i] - over,
                "best": bests[i],
                "best_share": bests[i] / (sum(first[i]) or 1.0) if first[i] else 0.0,
            }
            | {f"best_{name}": place.get(name, -3.0) for name in _OF_BEST}
        )
    return result


def _around(
    at: int, found: Sequence[Candidate], sure: Sequence[float], bests: Sequence[float]
) -> tuple[float, float, float]:
    """Return the surest overlapping span, the surest near one, and the surest place overlapping."""
    own = found[at]
    over = near = over_best = 0.0
    for i, other in enumerate(found):
        if i == at:
            continue
        if other.first < own.last and own.first < other.last:
            over, over_best = max(over, sure[i]), max(over_best, bests[i])
        elif abs(other.first - own.first) < _NEAR:
            near = max(near, sure[i])
    return over, near, over_best


def place_rows(
    doc: "Doc", found: Sequence[Candidate], choices: Sequence[Choice] | None = None
) -> list[list[Numbers]]:
    """Return the rows of numbers of every candidate's options; none for an unlikely candidate."""
    witnesses = [i for i, c in enumerate(found) if c.probability > POSSIBLE]
    scores = None if choices is None else [_shares(choices[i]) for i in witnesses]
    scene = ranking.scene_of([found[i] for i in witnesses], scores)
    by_span = {(c.first, c.last): c for c in found}
    return [
        ranking.rank_features(c, scene, *spans.beside(doc, c, by_span)) if _counts(c) else []
        for c in found
    ]


def second_rows(
    doc: "Doc",
    found: Sequence[Candidate],
    first: Sequence[Choice],
    outlets: Outlets,
    document: Document,
) -> list[list[Numbers]]:
    """Return the rows again, with the first answers for the names, and the outlet's for others."""
    rows = place_rows(doc, found, first)
    by_key: dict[str, list[int]] = {}
    for i, candidate in enumerate(found):
        by_key.setdefault(candidate.key, []).append(i)
    for i, candidate in enumerate(found):
        own = _shares(first[i])
        same = [_shares(first[k]) for k in by_key[candidate.key] if k != i and first[k]]
        same = [shares for shares in same if len(shares) == len(rows[i])]
        entries = [option.entry for option in candidate.options[: len(rows[i])]]
        heard = outlets.numbers(document.source, document.id, entries)
        for at, row in enumerate(rows[i]):
            row |= heard[at]
            row["first"] = own[at] if own else 0.0
            row["first_elsewhere"] = max((shares[at] for shares in same), default=-1.0)
    return rows


def _counts(candidate: Candidate) -> bool:
    return bool(candidate.options) and candidate.probability > POSSIBLE


def _shares(choice: Choice) -> Choice:
    total = sum(choice) or 1.0
    return [value / total for value in choice]


def _ranked(name: str, found: Sequence[Candidate], rows: Sequence[list[Numbers]]) -> list[Choice]:
    """Return what a model says of the rows of each candidate."""
    flat = iter(load_trees(name).probabilities([row for own in rows for row in own]))
    return [[next(flat) for _ in own] for own in rows]


def _given(
    doc: "Doc", found: list[Candidate], given: Sequence[Toponym], gazetteer: Gazetteer
) -> list[Candidate]:
    """Return the candidates with those of given spans, which are sure."""
    known = {(c.start, c.end): c for c in found}
    for toponym in given:
        candidate = known.get((toponym.start, toponym.end))
        if candidate is None:
            span = doc.char_span(toponym.start, toponym.end, alignment_mode="expand")
            if span is None:
                continue
            places = options(toponym.text, gazetteer)
            candidate = Candidate(
                span.start, span.end, toponym.start, toponym.end, toponym.text,
                fold(toponym.text), places,
            )  # fmt: skip
            found.append(candidate)
        candidate.probability = 1.0
    return sorted(found, key=lambda c: (c.first, c.last))


def apart(found: Sequence[Candidate], choices: Sequence[Choice]) -> list[int]:
    """Return the likeliest candidates that do not overlap.

    How likely a candidate is hangs on both, that it is a place name and that its place is right.
    """
    likely = [
        candidate.probability * (math.sqrt(max(choice)) if choice else _UNPLACED)
        for candidate, choice in zip(found, choices, strict=True)
    ]
    taken: set[int] = set()
    chosen = []
    for i in sorted(range(len(found)), key=lambda i: (-likely[i], i)):
        tokens = range(found[i].first, found[i].last)
        if likely[i] >= LEAST and not taken.intersection(tokens):
            taken.update(tokens)
            chosen.append(i)
    return chosen


def _toponym(
    document: Document, doc: "Doc", candidate: Candidate, choice: Choice, gazetteer: Gazetteer
) -> Toponym:
    """Return a candidate as a toponym, with its place and the reasons."""
    text = document.text[candidate.start : candidate.end]
    how = f"read as a place name ({round(100 * candidate.probability)} %)"
    kind: ToponymKind = "place"
    ranked = sorted(zip(choice, candidate.options, strict=False), key=lambda item: -item[0])
    if ranked and ranked[0][1].how == "people":
        kind = "demonym"
    else:
        kind, why = sense_of(document.text, doc[candidate.first : candidate.last], gazetteer)
        how = f"{how}; {why}" if why else how
    toponym = Toponym(candidate.start, candidate.end, text, kind, reasons=(how,))
    if not ranked:
        return replace(toponym, reasons=(how, "no such name in the gazetteer"))
    total = sum(choice) or 1.0
    best, option = ranked[0]
    score = round(candidate.probability * min(best, best / total), 3)
    others = tuple(
        Alternative(o.entry.place.id, o.entry.description, round(value / total, 3))
        for value, o in ranked[1 : 1 + _SHOWN]
        if value / total >= 0.005
    )
    reasons = (how, *_reasons(option, len(ranked), best))
    return replace(
        toponym, place=option.entry.place, score=score, reasons=reasons, alternatives=others
    )


def _reasons(option: Option, among: int, probability: float) -> tuple[str, ...]:
    """Say in words why a place was chosen."""
    how = {
        "name": "its main name" if option.primary else "one of its names",
        "people": f"the people of {option.entry.place.name}",
        "short": f"short for {option.entry.place.name}",
        "division": "the name without the word for the division",
        "bare": "the name with a word for its kind",
        "spelled": "another spelling of its name",
    }[option.how]
    rivals = f"likeliest of {among} places" if among > 1 else "the only place of this name"
    return how, f"{rivals} in this document ({round(100 * probability)} %)"
