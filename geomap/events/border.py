"""The two-evidence rule: when fighting is a border clash, and between whom.

At least two of: words of a border in the clause; sides of two states, or border units; a place at
a border (a crossing or post of the tables, or a named line). One alone is right about one time in
seven (measured on CASE-2021 snippets, Hürriyetoğlu et al. 2021). Fighting within one country at
its border post is never a clash between the neighbours.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from geomap.events.candidates import Candidate
from geomap.events.nouns import STATE_FORCES
from geomap.gazetteer import Gazetteer
from geomap.model import Actor, Place
from geomap.shapes import line_of
from geomap.tables import read_table

__all__ = ["BorderEvidence", "border_evidence"]

_WORDS = re.compile(
    r"\b(?:border|borders|frontier|customs|crossing|crossings|line of control|buffer zone|"
    r"demilitari[sz]ed zone|line of actual control|border post)\b",
    re.IGNORECASE,
)
_RIVER = re.compile(r"\bacross the (?:[A-Z][\w'’-]* )+[Rr]iver\b")
_NEAR_KM = 25.0
_UNITS = re.compile(
    r"\bborder (?:guards?|police|troops|forces|patrols?|officers?)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class BorderEvidence:
    """What speaks for a border clash: reasons, the pair of states, the line, the subclass."""

    reasons: tuple[str, ...]
    pair: str | None
    line: str | None
    subclass: str | None

    @property
    def enough(self) -> bool:
        """Whether two pieces of evidence agree."""
        return len(self.reasons) >= 2


def border_evidence(
    clause: str,
    actors: Sequence[Actor],
    place: Candidate | None,
    pair_named: str | None,
    gazetteer: Gazetteer,
) -> BorderEvidence:
    """Collect the evidence for one clash.

    Parameters
    ----------
    clause
        The words of the event's sentence.
    actors
        Its sides.
    place
        Where it happened.
    pair_named
        A border that the sentence names ("AF-IR").
    gazetteer
        Knows border posts.
    """
    reasons: list[str] = []
    pair = pair_named if place is None or place.kind == "border" else None
    line = place.line if place is not None else None
    word = _WORDS.search(clause)
    if word:
        reasons.append(f"border words: {word.group()!r}")
    states = sorted({a.country for a in actors if a.country and a.sector in STATE_FORCES})
    if len(states) >= 2:
        reasons.append(f"sides of two states: {' and '.join(states[:2])}")
        pair = pair or "-".join(states[:2])
    elif _UNITS.search(clause):
        reasons.append("border units")
    if len(states) >= 2 and _RIVER.search(clause) and _neighbours(states[0], states[1]):
        reasons.append("across a river, between neighbours")
    entry = gazetteer.get(place.place.id) if place is not None and place.place else None
    if place is not None and place.line is not None and not word:
        reasons.append(f"border words: {place.text!r}")
    if place is not None and place.kind == "border":
        reasons.append(f"on the {place.text}")
        pair = place.pair or pair
    elif entry is not None and entry.detail.get("border_with"):
        country = entry.place.country or ""
        other = entry.detail["border_with"]
        pair = entry.detail.get("line") or "-".join(sorted((country, other)))
        reasons.append(f"{entry.place.name} is a post on the border with {other}")
    elif entry is not None and entry.kind == "line":
        pair = pair or entry.detail.get("pair") or None
        reasons.append(f"on the {entry.place.name}")
    elif place is not None and place.place is not None:
        near = _nearest(place.place, pair)
        if near is not None:
            pair = near[0]
            reasons.append(f"{near[1]:.0f} km from the border {pair}")
    return BorderEvidence(tuple(reasons), pair, line, _subclass(actors, states, place))


def _neighbours(one: str, other: str) -> bool:
    """Return whether two states have a border."""
    return any(
        {row["country_a"], row["country_b"]} == {one, other} for row in read_table("borders")
    )


def _nearest(place: Place, pair: str | None) -> tuple[str, float] | None:
    """Return the border within 25 km of a point and how far it is, in kilometres.

    Of a pair of states that is known only their border counts, else any of the place's country.
    """
    if place.latitude is None or place.longitude is None or place.feature_class == "A":
        return None
    best: tuple[str, float] | None = None
    for row in read_table("borders"):
        codes = (row["country_a"], row["country_b"])
        if row["pair"] != pair if pair else place.country not in codes:
            continue
        km = _distance_km(row["pair"], place.latitude, place.longitude)
        if km <= _NEAR_KM and (best is None or km < best[1]):
            best = (row["pair"], km)
    return best


def _distance_km(pair: str, latitude: float, longitude: float) -> float:
    """Return the distance of a point from a border, in kilometres."""
    from geopy.distance import great_circle
    from shapely import Point
    from shapely.ops import nearest_points

    line = line_of(pair)
    if line is None:
        return float("inf")
    closest, _ = nearest_points(line, Point(longitude, latitude))
    return float(great_circle((latitude, longitude), (closest.y, closest.x)).km)


def _subclass(
    actors: Sequence[Actor], states: Sequence[str], place: Candidate | None
) -> str | None:
    """Say whether two states fight, one crosses, or a country fights within itself."""
    if len(states) >= 2:
        return "interstate"
    on_line = place is not None and (place.kind == "border" or place.line is not None)
    if len(states) == 1 and on_line and not any(actor.group_id for actor in actors):
        return "cross_border"  # a state's forces and somebody unnamed, on the line itself
    return "internal_at_border"
