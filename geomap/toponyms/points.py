"""Points for the places that a name may mean, set by hand: how the rules choose.

What speaks for a place is the evidence that the trained ranker weighs
(:mod:`geomap.toponyms.ranking`); how much each thing counts is written here, and nothing is fitted.
A point is worth about as much as ten times the inhabitants.
"""

import math
from collections.abc import Iterator, Sequence

from geomap.toponyms.places import Option
from geomap.toponyms.ranking import Numbers

__all__ = ["choice_of", "reasons_for"]

Choice = list[float]
Point = tuple[float, str]
"""How much something counts, and what it is in words ("": nothing worth telling)."""

_MAIN_NAME, _AS_WRITTEN, _LARGEST = 1.0, 1.0, 0.5
_WITHOUT_ITS_WORD, _WITH_A_WORD = -0.5, -1.5
"""A division without the word for it ("Orange" for Orange County), a town with one."""
_COUNTRY, _DIVISION, _SECOND = 3.0, 5.0, 6.0
"""What the document speaks of: the root of the share of its names that may lie there."""
_DIVISION_NAMED, _NEAR, _ELSEWHERE = 1.5, 1.0, 2.0
_PARENT = {3.0: 5.0, 2.0: 4.0, -1.0: -2.0}
"""The name behind the comma: its division, its country, or a place that it does not lie in."""
_PART = {2.0: 4.0, 1.0: 2.0}
_PART_BEHIND = 2.0
_CALLED, _CALLED_OTHERWISE = 3.0, -2.0
_OUTLET = {"country": 1.0, "division": 2.0, "second": 2.0, "place": 2.0}
"""What the outlet's other documents speak of: the root of their share."""
_TOLD = 0.5
_REASONS = 2


def choice_of(options: Sequence[Option], rows: Sequence[Numbers]) -> Choice:
    """Return how likely each place is meant; together they are 1.

    Parameters
    ----------
    options
        The places that a name may mean.
    rows
        The numbers of each; none: nothing is said.
    """
    sums = [
        sum(points for points, _ in _points(option, row))
        for option, row in zip(options, rows, strict=False)
    ]
    top = max(sums, default=0.0)
    powers = [math.exp(value - top) for value in sums]
    total = sum(powers)
    return [power / total for power in powers]


def reasons_for(option: Option, row: Numbers) -> tuple[str, ...]:
    """Return in words what of the document speaks most for a place."""
    told = [(points, words) for points, words in _points(option, row) if words and points > _TOLD]
    return tuple(words for _, words in sorted(told, reverse=True)[:_REASONS])


def _points(option: Option, row: Numbers) -> Iterator[Point]:
    yield from _of_name(option, row)
    yield from _of_document(option, row)
    yield from _beside(row)
    for name, points in _OUTLET.items():
        share = row.get(f"outlet_{name}", 0.0)
        yield points * math.sqrt(share), "other articles of the outlet speak of it or its region"


def _of_name(option: Option, row: Numbers) -> Iterator[Point]:
    """Yield what speaks for a place by its name alone."""
    yield row["weight"], ""
    yield _MAIN_NAME * row["primary"], ""
    yield _AS_WRITTEN * row["same_spelling"], ""
    yield _LARGEST * row["most"], ""
    yield {"division": _WITHOUT_ITS_WORD, "bare": _WITH_A_WORD}.get(option.how, 0.0), ""


def _of_document(option: Option, row: Numbers) -> Iterator[Point]:
    """Yield what the other names of the document say of a place."""
    if option.entry.kind != "country":
        share = row["country_share"]
        words = f"the document speaks of its country ({round(100 * share)} %)"
        yield _COUNTRY * math.sqrt(share), words
    share = row["division_share"]
    words = f"other names lie in its division ({round(100 * share)} %)"
    yield _DIVISION * math.sqrt(share), words
    yield _SECOND * math.sqrt(row["second_share"]), "other names lie in its district"
    yield _DIVISION_NAMED * min(row["division_named"], 1.0), "its division is named"
    yield _NEAR * min(row["near50"], 2.0), "other places named lie near"
    yield _ELSEWHERE * max(0.0, row.get("first_elsewhere", 0.0)), ""


def _beside(row: Numbers) -> Iterator[Point]:
    """Yield what the words right beside a name say of a place."""
    yield _PARENT.get(row["parent_behind"], 0.0), "its country or division is named right behind"
    yield _PART.get(row["part_before"], 0.0), "a place in it is named right before"
    yield _PART_BEHIND * (row["behind_part"] >= 2), "it lies in what is named right before"
    cue = row["cue"]
    yield (_CALLED if cue > 0 else _CALLED_OTHERWISE if cue < 0 else 0.0), "called what it is"
