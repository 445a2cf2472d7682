"""What analysts changed by hand comes back: taken from an edited file, replayed on every run.

``corrections.csv`` is a list that only grows: one line a changed value, the last one of an event
and field holds. :func:`taken` compares an edited file with what the run had written;
:func:`replay` puts the list onto the rows of the table of events.
"""

from geomap.corrections.compare import Taken, taken, untaken
from geomap.corrections.fields import FIELDS, REVIEW, UNREVIEWED
from geomap.corrections.record import FILE, Correction, Corrections, append
from geomap.corrections.replay import Outcome, replay
from geomap.corrections.written import EDITABLE, Written

__all__ = [
    "EDITABLE",
    "FIELDS",
    "FILE",
    "REVIEW",
    "UNREVIEWED",
    "Correction",
    "Corrections",
    "Outcome",
    "Taken",
    "Written",
    "append",
    "replay",
    "taken",
    "untaken",
]
