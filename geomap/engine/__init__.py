"""How articles are read by one process or many, and what of it is kept.

An :class:`~geomap.engine.extraction.Extraction` sends the articles of some inputs, in groups, to
:class:`~geomap.engine.workers.Workers`: this process or several. It puts the answers in order,
links the events and counts what was refused.
"""

from geomap.engine.extraction import Extraction

__all__ = ["Extraction"]
