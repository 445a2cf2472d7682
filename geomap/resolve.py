"""What both ways of resolving place names say alike."""

from dataclasses import replace

from geomap.model import Toponym

__all__ = ["because_given"]

GIVEN = "in the country given with --country"


def because_given(toponym: Toponym, country: str) -> Toponym:
    """Return a toponym with the reason that its country was given, if it lies there."""
    if toponym.place is None or toponym.place.country != country:
        return toponym
    return replace(toponym, reasons=(*toponym.reasons, GIVEN))
