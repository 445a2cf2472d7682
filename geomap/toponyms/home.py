"""The country that the articles are about, where somebody gave it: likelier, never the only one.

It is heard as one more name of the document, and the odds of its places are higher; a name whose
country or division stands beside it ("Paris, Texas") hears nothing of it.
"""

from collections.abc import Sequence
from dataclasses import replace

from geomap.gazetteer import Gazetteer
from geomap.model import Toponym
from geomap.toponyms.places import Option
from geomap.toponyms.ranking import Numbers
from geomap.toponyms.spans import Candidate

__all__ = ["because_given", "home_of", "leaning", "told"]

_LEANING = 4.0
"""How many times the odds of a place are higher in the country that is given."""
_GIVEN = "in the country given with --country"


def told(rows: Sequence[Numbers]) -> bool:
    """Return whether the country or division of a name, or a part of it, stands beside it."""
    return any(row["parent_behind"] > 0 or row["part_before"] > 0 for row in rows)


def leaning(
    found: Sequence[Candidate],
    choices: Sequence[list[float]],
    rows: Sequence[Sequence[Numbers]],
    home: Candidate | None,
) -> list[list[float]]:
    """Return the probabilities of the options, higher in the country that is given."""
    if home is None:
        return list(choices)
    country = _country(home)
    return [
        choice if told(own) else _leaned(candidate, choice, country)
        for candidate, choice, own in zip(found, choices, rows, strict=True)
    ]


def _leaned(candidate: Candidate, choice: list[float], country: str | None) -> list[float]:
    here = [o.entry.place.country == country for o in candidate.options[: len(choice)]]
    total = 1.0 + (_LEANING - 1) * sum(
        p for p, is_here in zip(choice, here, strict=True) if is_here
    )
    return [
        p * (_LEANING if is_here else 1.0) / total for p, is_here in zip(choice, here, strict=True)
    ]


def home_of(country: str | None, gazetteer: Gazetteer) -> Candidate | None:
    """Return a country as a name that stands nowhere in the document."""
    entry = gazetteer.country(country) if country is not None else None
    if entry is None:
        return None
    option = Option(entry, "name", primary=True, weight=8.0)
    return Candidate(-1, -1, -1, -1, entry.place.name, "", (option,), probability=1.0)


def because_given(toponym: Toponym, home: Candidate) -> Toponym:
    """Return a toponym with the reason that its country was given, if it lies there."""
    if toponym.place is None or toponym.place.country != _country(home):
        return toponym
    return replace(toponym, reasons=(*toponym.reasons, _GIVEN))


def _country(home: Candidate) -> str | None:
    return home.options[0].entry.place.country
