"""The gazetteer: which places there are, under which names.

:meth:`Gazetteer.open` gives the default one, or one of a file; :func:`build_from_tables` makes a
small one from rows alone.
"""

from geomap.gazetteer.builder import build
from geomap.gazetteer.default import build_from_tables
from geomap.gazetteer.lookup import Gazetteer, distance_km
from geomap.gazetteer.own import City
from geomap.gazetteer.record import Entry, Match, Record, Source
from geomap.gazetteer.store import SCHEMA_VERSION

__all__ = [
    "SCHEMA_VERSION",
    "City",
    "Entry",
    "Gazetteer",
    "Match",
    "Record",
    "Source",
    "build",
    "build_from_tables",
    "distance_km",
]
