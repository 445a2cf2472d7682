"""Armed groups, organisations and news outlets, by name.

They act and speak, and a capitalised word may be one of them instead of a place.
"""

import functools
import re
from dataclasses import dataclass

from geomap.names import fold
from geomap.tables import read_table, split_list

__all__ = ["Body", "begins_body", "body", "outlet"]


@dataclass(frozen=True, slots=True)
class Body:
    """An armed group or an organisation of the tables."""

    group_id: str
    name: str
    sector: str  # armed_group or organisation


def body(name: str) -> Body | None:
    """Return the armed group or organisation of a name, or None."""
    found = _bodies().get(_key(name))
    # A short name counts only in capitals: "AU", "SDF", not "Au".
    return None if found is not None and len(name) <= 3 and not name.isupper() else found


def begins_body(word: str) -> bool:
    """Return whether the name of an armed group or an organisation may begin with a word."""
    return fold(word).split(" ")[0] in _first_words()


@functools.cache
def _first_words() -> frozenset[str]:
    return frozenset(key.split(" ")[0] for key in _bodies())


def outlet(name: str) -> str | None:
    """Return the main name of a news outlet, or None."""
    return _outlets().get(_key(name))


@functools.cache
def _bodies() -> dict[str, Body]:
    found: dict[str, Body] = {}
    for table, sector in (("organisations", "organisation"), ("armed_groups", "armed_group")):
        for row in read_table(table):
            made = Body(row["group_id"], row["name"], sector)
            for name in (row["name"], *split_list(row["alternate_names"])):
                found[_key(name)] = made
    return found


@functools.cache
def _outlets() -> dict[str, str]:
    return {
        _key(name): row["name"]
        for row in read_table("outlets")
        for name in (row["name"], *split_list(row["alternate_names"]))
    }


def _key(name: str) -> str:
    return fold(re.sub(r"^[Tt]he ", "", name))
