"""The two-evidence rule: when is fighting a border clash, and between whom?

At least two of: words of a border in the clause; sides of two states, or border units; a place at
a border (a crossing or post of the tables, or a named line). One alone is right about one time in
seven (measured on CASE-2021 snippets, Hürriyetoğlu et al. 2021). Fighting within one country at
its border post is never a clash between the neighbours.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from geomap.events.actors import STATE_FORCES
from geomap.events.where import Candidate
from geomap.gazetteer import Gazetteer
from geomap.model import Actor

__all__ = ["BorderEvidence", "border_evidence"]

_WORDS = re.compile(
    r"\b(?:border|borders|frontier|customs|crossing|crossings|line of control|buffer zone|"
    r"demilitari[sz]ed zone|line of actual control|border post)\b",
    re.IGNORECASE,
)
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
    entry = gazetteer.get(place.place.id) if place is not None and place.place else None
    if place is not None and place.kind == "border":
        reasons.append(f"on the {place.text}")
        pair = place.pair
    elif entry is not None and entry.detail.get("border_with"):
        country = entry.place.country or ""
        other = entry.detail["border_with"]
        pair = entry.detail.get("line") or "-".join(sorted((country, other)))
        reasons.append(f"{entry.place.name} is a post on the border with {other}")
    elif entry is not None and entry.kind == "line":
        pair = pair or entry.detail.get("pair") or None
        reasons.append(f"on the {entry.place.name}")
    return BorderEvidence(tuple(reasons), pair, line, _subclass(actors, states, pair))


def _subclass(actors: Sequence[Actor], states: Sequence[str], pair: str | None) -> str | None:
    """Say whether two states fight, one crosses, or a country fights within itself."""
    first = {a.country for a in actors if a.role == "side_a" and a.country}
    second = {a.country for a in actors if a.role == "side_b" and a.country}
    if len(states) >= 2 and (not first or not second or first != second):
        return "interstate"
    if actors and all(a.country is None for a in actors):
        return "internal_at_border"
    if len(states) == 1:
        return "internal_at_border"
    return "internal_at_border" if pair is None or not actors else None
