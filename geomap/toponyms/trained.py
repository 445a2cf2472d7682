"""Recognise and resolve with trained models: which spans are place names, and which places.

Three passes of boosted trees over a document's candidates: is this span a place name, which of the
places it may mean is it, and that again with the first answers for the rest of the document.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from geomap.gazetteer import Gazetteer
from geomap.model import Alternative, Document, Toponym, ToponymKind
from geomap.names import fold
from geomap.recognise import sense_of
from geomap.toponyms import ranking, spans
from geomap.toponyms.places import Option, options
from geomap.toponyms.ranking import Numbers
from geomap.toponyms.spans import Candidate
from geomap.toponyms.trees import load_trees

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["Choice", "apart", "choose_places", "find_toponyms", "place_rows", "second_rows"]

POSSIBLE = 0.15
"""How likely a span must be a place name to be heard as a witness for others."""
LEAST = 0.4
"""How likely a span must be a place name to be given."""
_SHOWN = 4

Choice = list[float]
"""The probabilities of a candidate's options."""


def find_toponyms(document: Document, gazetteer: Gazetteer) -> Document:
    """Return the document with its toponyms, resolved.

    Parameters
    ----------
    document
        With its ``analysis``; toponyms that it has already are resolved, no others recognised.
    gazetteer
        Which places there are.
    """
    doc: Doc = document.analysis
    found = spans.candidates(doc, gazetteer)
    rows = spans.features(doc, found)
    for candidate, probability in zip(found, load_trees("spans").probabilities(rows), strict=True):
        candidate.probability = probability
    given = {(t.start, t.end): t for t in document.toponyms}
    if given:
        found = _given(doc, found, list(document.toponyms), gazetteer)
    choices = choose_places(doc, found)
    chosen = (
        [i for i, c in enumerate(found) if (c.start, c.end) in given] if given else apart(found)
    )
    toponyms = [_toponym(document, doc, found[i], choices[i], gazetteer) for i in chosen]
    return replace(document, toponyms=tuple(sorted(toponyms, key=lambda t: t.start)))


def choose_places(doc: "Doc", found: Sequence[Candidate]) -> list[Choice]:
    """Return the probabilities of every candidate's options."""
    first = _ranked("places", found, place_rows(doc, found))
    return _ranked("places_again", found, second_rows(doc, found, first))


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
    doc: "Doc", found: Sequence[Candidate], first: Sequence[Choice]
) -> list[list[Numbers]]:
    """Return the rows again, with the first answers for this and the document's other names."""
    rows = place_rows(doc, found, first)
    by_key: dict[str, list[int]] = {}
    for i, candidate in enumerate(found):
        by_key.setdefault(candidate.key, []).append(i)
    for i, candidate in enumerate(found):
        own = _shares(first[i])
        same = [_shares(first[k]) for k in by_key[candidate.key] if k != i and first[k]]
        same = [shares for shares in same if len(shares) == len(rows[i])]
        for at, row in enumerate(rows[i]):
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


def apart(found: Sequence[Candidate]) -> list[int]:
    """Return the likeliest candidates that do not overlap."""
    taken: set[int] = set()
    chosen = []
    for i in sorted(range(len(found)), key=lambda i: (-found[i].probability, i)):
        candidate = found[i]
        tokens = range(candidate.first, candidate.last)
        if candidate.probability >= LEAST and not taken.intersection(tokens):
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
