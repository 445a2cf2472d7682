"""Recognise and resolve with trained models: which spans are place names, and which places.

Four passes of boosted trees over a document's candidates: is this span a place name, which of the
places it may mean is it, and both again with the first answers for the rest of the document and
for other documents of the same outlet.
"""

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from geomap.gazetteer import Entry, Gazetteer
from geomap.model import Document, Toponym
from geomap.names import fold
from geomap.toponyms import ranking, senses, spans
from geomap.toponyms.features import features
from geomap.toponyms.home import because_given, leaning, told
from geomap.toponyms.outlets import Outlets
from geomap.toponyms.places import options
from geomap.toponyms.ranking import Numbers
from geomap.toponyms.senses import best_of
from geomap.toponyms.spans import Candidate
from geomap.toponyms.wording import toponym
from geomap.trees import load_trees

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["SURE", "Choice", "Draft", "answers", "apart", "chances", "finish", "choices", "named",
           "place_rows", "second_rows", "set_probabilities", "span_rows_again", "sure_rows",
           "with_given"]  # fmt: skip

POSSIBLE = 0.15
"""How likely a span must be a place name to be heard as a witness for others."""
LEAST = 0.33
"""How likely a span with its place must be to be given, if the sentence does not show it."""
_SHOWN_PLACE = 0.6
"""How likely a name is a place's at least where the sentence shows it."""
SURE = 0.25
"""How likely a place must be right to be given."""
_UNPLACED = 0.5
_HIGHEST = 50.0
_NEAR = 8
_SAME = 100
"""How many of one name on either side are heard."""
_OF_BEST = ("country_share", "division_share", "nearest", "near50", "weight", "less", "kind",
            "parent_behind")  # fmt: skip

Choice = list[float]
"""The probabilities of a candidate's options."""


@dataclass(slots=True)
class Draft:
    """A document with the first answers for its names.

    Attributes
    ----------
    document
        The document.
    found, rows
        The candidate spans, and their numbers.
    places, first
        The numbers of their options, and the first answers.
    """

    document: Document
    found: list[Candidate]
    rows: list[Numbers]
    places: list[list[Numbers]]
    first: list[Choice]


def named(document: Document, gazetteer: Gazetteer) -> tuple[list[Candidate], list[Numbers]]:
    """Return the candidate spans of a document, with how likely they are, and their numbers."""
    doc: Doc = document.analysis
    found = spans.candidates(doc, gazetteer)
    rows = features(doc, found, gazetteer)
    set_probabilities(found, load_trees("spans").probabilities(rows))
    if document.toponyms:
        found = with_given(doc, found, list(document.toponyms), gazetteer)
    return found, rows


def choices(_: Sequence[Candidate], places: Sequence[list[Numbers]]) -> list[Choice]:
    """Return the first answers for the names."""
    return chances(load_trees("places"), places)


def finish(
    draft: Draft, gazetteer: Gazetteer, outlets: Outlets, home: Candidate | None = None
) -> Document:
    """Return a document with its toponyms, after what the outlets have learned of others."""
    document, found, first = draft.document, draft.found, draft.first
    doc: Doc = document.analysis
    given = {(t.start, t.end) for t in document.toponyms}
    if not given:
        rows = span_rows_again(found, draft.rows, draft.places, first)
        set_probabilities(found, load_trees("spans_again").probabilities(rows))
    again = second_rows(doc, found, first, outlets, document, home=home)
    second = leaning(found, chances(load_trees("places_again"), again), again, home)
    second = senses.fitted(doc, found, again, second)
    chosen = (
        [i for i, c in enumerate(found) if (c.start, c.end) in given]
        if given
        else apart(found, second)
    )
    sure = load_trees("sure").probabilities(sure_rows(found, second))
    least = 0.0 if given else SURE
    toponyms = [
        toponym(document, doc, found[i], (second[i], sure[i]), least, gazetteer) for i in chosen
    ]
    if home is not None:
        bare = _without_home(doc, found, outlets, document)
        toponyms = [
            because_given(read, home) if best_of(second[i]) != best_of(bare[i]) else read
            for i, read in zip(chosen, toponyms, strict=True)
        ]
    return replace(document, toponyms=tuple(sorted(toponyms, key=lambda t: t.start)))


def _without_home(
    doc: "Doc", found: Sequence[Candidate], outlets: Outlets, document: Document
) -> list[Choice]:
    """Return the probabilities of the options as they are if no country is given."""
    first = choices(found, place_rows(doc, found))
    again = second_rows(doc, found, first, outlets, document)
    return senses.fitted(doc, found, again, chances(load_trees("places_again"), again))


def answers(found: Sequence[Candidate], choices: Sequence[Choice]) -> Iterator[tuple[Entry, float]]:
    """Yield the likeliest place of each likely name, with its probability."""
    for candidate, choice in zip(found, choices, strict=True):
        if choice and candidate.probability >= 0.5:
            best = best_of(choice)
            yield candidate.options[best].entry, candidate.probability * choice[best]


def set_probabilities(found: Sequence[Candidate], values: Sequence[float]) -> None:
    """Give candidates how likely they are place names."""
    for candidate, value in zip(found, values, strict=True):
        candidate.probability = max(value, _SHOWN_PLACE) if candidate.shown else value


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
    lists: dict[int, list[Candidate]] = {}
    for i, candidate in enumerate(found):
        by_key.setdefault(candidate.key, []).append(i)
        lists.setdefault(candidate.top, []).append(candidate)
    top = sorted(sure)[-20:]
    mean = sum(top) / len(top) if top else 0.0
    result = []
    for i, (candidate, beside) in enumerate(zip(found, spans.windows(found, _NEAR), strict=True)):
        over, near, over_best = _around(i, beside, found, sure, bests)
        at = bisect_left(by_key[candidate.key], i)
        same = [sure[k] for k in by_key[candidate.key][max(0, at - _SAME) : at + _SAME] if k != i]
        listed = spans.siblings(candidate, lists[candidate.top])
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
                "list_p": max((c.probability for c in listed), default=-1.0),
                "best": bests[i],
                "best_share": bests[i] / (sum(first[i]) or 1.0) if first[i] else 0.0,
            }
            | {f"best_{name}": place.get(name, -3.0) for name in _OF_BEST}
        )
    return result


def _around(
    at: int,
    beside: range,
    found: Sequence[Candidate],
    sure: Sequence[float],
    bests: Sequence[float],
) -> tuple[float, float, float]:
    """Return the surest overlapping span, the surest near one, and the surest place overlapping."""
    own = found[at]
    over = near = over_best = 0.0
    for i in beside:
        other = found[i]
        if i == at:
            continue
        if other.first < own.last and own.first < other.last:
            over, over_best = max(over, sure[i]), max(over_best, bests[i])
        elif abs(other.first - own.first) < _NEAR:
            near = max(near, sure[i])
    return over, near, over_best


def place_rows(
    doc: "Doc",
    found: Sequence[Candidate],
    choices: Sequence[Choice] | None = None,
    *,
    home: Candidate | None = None,
) -> list[list[Numbers]]:
    """Return the rows of numbers of every candidate's options; none for an unlikely candidate.

    ``home`` is heard as one more name of the document, but by no name whose country or division
    stands beside it.
    """
    witnesses = [i for i, c in enumerate(found) if c.probability > POSSIBLE]
    scores = None if choices is None else [_shares(choices[i]) for i in witnesses]
    names = [found[i] for i in witnesses]
    scene = ranking.scene_of(names, scores)
    by_span = {(c.first, c.last): c for c in found}
    beside = [spans.beside(doc, c, by_span) if _counts(c) else None for c in found]
    pairs = list(zip(found, beside, strict=True))
    rows = [ranking.rank_features(c, scene, *b) if b else [] for c, b in pairs]
    if home is not None:
        scores = None if scores is None else [*scores, [1.0]]
        scene = ranking.scene_of([*names, home], scores)
        for at, (c, b) in enumerate(pairs):
            if b and not told(rows[at]):
                rows[at] = ranking.rank_features(c, scene, *b)
    return rows


def second_rows(
    doc: "Doc",
    found: Sequence[Candidate],
    first: Sequence[Choice],
    outlets: Outlets,
    document: Document,
    *,
    home: Candidate | None = None,
) -> list[list[Numbers]]:
    """Return the rows again, with the first answers for the names, and the outlet's for others."""
    rows = place_rows(doc, found, first, home=home)
    own_shares = [_shares(choice) for choice in first]
    elsewhere = _best_elsewhere(found, own_shares)
    for i, candidate in enumerate(found):
        own = own_shares[i]
        others = elsewhere.get((candidate.key, len(rows[i])))
        entries = [option.entry for option in candidate.options[: len(rows[i])]]
        heard = outlets.numbers(document.source, document.id, entries)
        for at, row in enumerate(rows[i]):
            row |= heard[at]
            row["first"] = own[at] if own else 0.0
            row["first_elsewhere"] = others[at].without(i) if others else -1.0
    return rows


@dataclass(slots=True)
class _Best:
    """The highest of some values, which of them it is, and the next."""

    value: float = -1.0
    at: int = -1
    next: float = -1.0

    def add(self, value: float, at: int) -> None:
        """Take in a value."""
        if value > self.value:
            self.value, self.at, self.next = value, at, self.value
        else:
            self.next = max(self.next, value)

    def without(self, at: int) -> float:
        """Return the highest value but one."""
        return self.next if at == self.at else self.value


def _best_elsewhere(
    found: Sequence[Candidate], shares: Sequence[Choice]
) -> dict[tuple[str, int], list[_Best]]:
    """Return, for a name and its number of options, the best share of each in all its places."""
    best: dict[tuple[str, int], list[_Best]] = {}
    for i, candidate in enumerate(found):
        key = (candidate.key, len(shares[i]))
        there = best.setdefault(key, [_Best() for _ in shares[i]])
        for known, share in zip(there, shares[i], strict=True):
            known.add(share, i)
    return best


def sure_rows(found: Sequence[Candidate], choices: Sequence[Choice]) -> list[Numbers]:
    """Return what tells how likely the place of each candidate is right; zeros without a place."""
    rows = []
    for candidate, choice in zip(found, choices, strict=True):
        ranked = sorted(enumerate(choice), key=lambda item: -item[1])
        total = sum(choice) or 1.0
        best, at = (ranked[0][1], ranked[0][0]) if ranked else (0.0, -1)
        option = candidate.options[at] if ranked else None
        rows.append(
            {
                "span": candidate.probability,
                "best": best,
                "share": best / total,
                "next": ranked[1][1] if len(ranked) > 1 else 0.0,
                "both": candidate.probability * best,
                "options": len(choice),
                "weight": option.weight if option else -2.0,
                "shown": candidate.shown is not None,
                "people": option is not None and option.how == "people",
                "country": option is not None and option.entry.kind == "country",
                "division": option is not None and option.entry.kind == "division",
            }
        )
    return rows


def _counts(candidate: Candidate) -> bool:
    return bool(candidate.options) and candidate.probability > POSSIBLE


def _shares(choice: Choice) -> Choice:
    total = sum(choice) or 1.0
    return [value / total for value in choice]


class Scored(Protocol):
    """What scores rows: trees, or a model in training."""

    def scores(self, rows: Sequence[Numbers], /) -> list[float]:
        """Return the score of each row."""


def chances(model: Scored, rows: Sequence[list[Numbers]]) -> list[Choice]:
    """Return how likely each option of each candidate is meant; what lacks to 1 is for none."""
    flat = iter(model.scores([row for own in rows for row in own]))
    result = []
    for own in rows:
        powers = [math.exp(min(next(flat), _HIGHEST)) for _ in own]
        total = 1.0 + sum(powers)
        result.append([power / total for power in powers])
    return result


def with_given(
    doc: "Doc", found: list[Candidate], given: Sequence[Toponym], gazetteer: Gazetteer
) -> list[Candidate]:
    """Return the candidates with those of given spans, which are sure."""
    known = {(c.start, c.end): c for c in found}
    for name in given:
        candidate = known.get((name.start, name.end))
        if candidate is None:
            span = doc.char_span(name.start, name.end, alignment_mode="expand")
            if span is None:
                continue
            places = options(name.text, gazetteer)
            candidate = Candidate(
                span.start, span.end, name.start, name.end, name.text, fold(name.text), places,
            )  # fmt: skip
            found.append(candidate)
        candidate.probability = 1.0
    return sorted(found, key=lambda c: (c.first, c.last))


def apart(found: Sequence[Candidate], choices: Sequence[Choice]) -> list[int]:
    """Return the likeliest candidates that do not overlap.

    How likely a candidate is hangs on both, that it is a place name and that its place is right.
    """
    likely = []
    for candidate, choice in zip(found, choices, strict=True):
        place = math.sqrt(max(choice, default=0.0))
        likely.append(candidate.probability * max(place, _UNPLACED))
    taken: set[int] = set()
    chosen = []
    for i in sorted(range(len(found)), key=lambda i: (-likely[i], i)):
        tokens = range(found[i].first, found[i].last)
        sure = likely[i] >= LEAST or found[i].shown is not None
        if sure and not taken.intersection(tokens):
            taken.update(tokens)
            chosen.append(i)
    return chosen
