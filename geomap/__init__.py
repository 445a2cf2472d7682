"""News articles in, a map of what happened where out.

>>> import geomap
>>> documents = list(geomap.extract(["seeds/"]))  # doctest: +SKIP
>>> events = geomap.to_frame(documents)  # doctest: +SKIP
>>> paths = geomap.write(documents, "outputs/")  # doctest: +SKIP

Every name below is loaded when it is first used, so ``import geomap`` stays light.
"""

import importlib
from typing import TYPE_CHECKING, Any

from geomap._version import __version__

if TYPE_CHECKING:
    from geomap.api import extract
    from geomap.config import Config, load_config
    from geomap.corrections import Corrections
    from geomap.errors import (
        ConfigError,
        ExportError,
        GazetteerError,
        GeomapError,
        InputError,
        ModelNotFound,
    )
    from geomap.export import write
    from geomap.export.figure.sheet import to_figure
    from geomap.export.html import to_map
    from geomap.export.notebook import to_frame
    from geomap.export.postgis import to_postgis
    from geomap.figure_options import FigureOptions
    from geomap.gazetteer import Gazetteer
    from geomap.geocode import LocalGeocoder
    from geomap.model import Document, Event, Place, Toponym

__all__ = [
    "Config",
    "ConfigError",
    "Corrections",
    "Document",
    "Event",
    "ExportError",
    "FigureOptions",
    "Gazetteer",
    "GazetteerError",
    "GeomapError",
    "InputError",
    "LocalGeocoder",
    "ModelNotFound",
    "Place",
    "Toponym",
    "__version__",
    "extract",
    "load_config",
    "to_figure",
    "to_frame",
    "to_map",
    "to_postgis",
    "write",
]

_ERRORS = (
    "ConfigError",
    "ExportError",
    "GazetteerError",
    "GeomapError",
    "InputError",
    "ModelNotFound",
)
_HOME = dict.fromkeys(_ERRORS, "geomap.errors") | {
    "Config": "geomap.config",
    "Corrections": "geomap.corrections",
    "Document": "geomap.model",
    "Event": "geomap.model",
    "FigureOptions": "geomap.figure_options",
    "Gazetteer": "geomap.gazetteer",
    "LocalGeocoder": "geomap.geocode",
    "Place": "geomap.model",
    "Toponym": "geomap.model",
    "extract": "geomap.api",
    "load_config": "geomap.config",
    "to_figure": "geomap.export.figure.sheet",
    "to_frame": "geomap.export.notebook",
    "to_map": "geomap.export.html",
    "to_postgis": "geomap.export.postgis",
    "write": "geomap.export",
}


def __getattr__(name: str) -> Any:
    """Load a public name from the module that owns it (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
