"""How precise a place is, and a place as an event has it, with the reason in words."""

import re

from geomap.events.candidates import Candidate
from geomap.model import EventPlace, Place

__all__ = ["event_place", "precision_of_place"]

_POINTS_OF_LAND = {"PK", "HLL", "PASS", "CAPE", "GAP", "PT", "RK", "CLF", "SDL"}
_NEAR = {"near", "around", "outside", "off", "close", "over"}
_DISTANCE = re.compile(
    r"(?P<km>\d+(?:\.\d+)?)\s?(?P<unit>km|kilomet(?:er|re)s?|miles?)\s"
    r"(?:(?:north|south|east|west)\S*\s)?(?:of|from|outside)\s(?:the\s)?(?:\w+\sof\s)?$",
    re.IGNORECASE,
)
_WIDE = re.compile(
    r"\s(?:valley|hills|plateau|mountains|desert|plains?|delta|basin|highlands|forest)$",
    re.IGNORECASE,
)
_SITE = re.compile(r"\s(?:international\s)?(?:airport|air\s?base|airfield|dam|refinery)\b", re.I)
_UNKNOWN = "the gazetteer has no such place"
_RADIUS = {1: 5.0, 2: 25.0}


def precision_of_place(candidate: Candidate, text: str, why: str) -> tuple[int, float | None]:
    """Return the precision of a place and its radius in kilometres.

    Parameters
    ----------
    candidate
        The place.
    text
        The document's text.
    why
        The words that tie it to the event, the preposition first.
    """
    place = candidate.place
    code = place.feature_code if place else None
    if candidate.kind == "border" or candidate.line is not None:
        return 5, None
    if code and code.startswith("PCL"):
        return 6, None
    if code == "ADM1":
        return 4, None
    if place is not None and place.feature_class == "A":
        return 3, None
    if code in {"SEA", "GULF", "STRT", "OCN", "BAY", "CHN"}:
        return 7, None
    if code == "ISL" or place is not None and place.feature_class in {"L", "H", "V", "R"}:
        return 5, None
    if place is not None and place.feature_class == "T" and code not in _POINTS_OF_LAND:
        return 5, None
    if (
        place is not None
        and place.feature_class not in {None, "P"}
        and _WIDE.search(candidate.text)
    ):
        return 5, None  # a post called after a valley is told of by the valley's name
    if candidate.kind == "embedded" or _SITE.match(text[candidate.end :]):
        return 2, _RADIUS[2]  # a site called after a town, not the town
    before = text[max(0, candidate.start - 45) : candidate.start]
    distance = _DISTANCE.search(before)
    if distance:
        factor = 1.609 if distance["unit"].lower().startswith("mile") else 1.0
        return 2, round(float(distance["km"]) * factor, 1)
    word = re.search(r"(\w+)\s(?:the\s(?:\w+\s)?)?$", before)
    words = {why.split(" ")[0].lower(), word.group(1).lower() if word else ""}
    near = bool(words & _NEAR)
    outskirts = re.search(r"(?:outskirts|suburbs|vicinity)\sof\s(?:the\s)?$", before)
    precision = 2 if near or outskirts else 1
    return precision, _RADIUS[precision]


def event_place(
    candidate: Candidate, text: str, source: str, why: str, words: str = ""
) -> EventPlace:
    """Make an event's place of a candidate."""
    place = candidate.place
    alternatives = candidate.toponym.alternatives if candidate.toponym else ()
    if place is None:
        return EventPlace(
            candidate.start, candidate.end, candidate.text, None, None, None, None, None,
            why=f"{why}; {candidate.doubt or _UNKNOWN}, so it is listed and not drawn",
        )  # fmt: skip
    precision, radius = precision_of_place(candidate, text, words)
    point = precision <= 2
    reasons = candidate.toponym.reasons if candidate.toponym else ()
    detail = "; ".join(reason for reason in reasons if reason)
    return EventPlace(
        start=candidate.start,
        end=candidate.end,
        text=candidate.text,
        id=place.id,
        geonameid=place.geonameid,
        name=_shown_name(candidate, place),
        latitude=place.latitude if point else None,
        longitude=place.longitude if point else None,
        country=place.country,
        admin1=place.admin1,
        feature_code=place.feature_code,
        precision=precision,
        radius_km=radius,
        place_source=source,
        why=f"{why}; {detail}" if detail else why,
        alternatives=alternatives,
    )


def _shown_name(candidate: Candidate, place: Place) -> str:
    """Return the project's own name for a place, else the text's spelling."""
    ours = candidate.own_name or candidate.toponym is None
    return place.name if ours or candidate.text.isupper() else candidate.text
