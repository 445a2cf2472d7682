"""What can go wrong, as one tree.

::

    GeomapError
    ├── ConfigError (ValueError)        an option or a configuration file is wrong
    ├── InputError (ValueError)         an article cannot be read; the others go on
    ├── ModelNotFound (OSError)         the spaCy pipeline is not installed
    ├── GazetteerError (ValueError)     a gazetteer file or table is damaged or wrong
    └── ExportError (OSError)           an output cannot be written

A message says what is wrong, which value, what is allowed and what to do. "No such place" is
``None``, never an exception. Only :mod:`geomap.cli` turns an error into an exit status.
"""

__all__ = [
    "ConfigError",
    "ExportError",
    "GazetteerError",
    "GeomapError",
    "InputError",
    "ModelNotFound",
]


class GeomapError(Exception):
    """The root of all errors that geomap raises on purpose."""


class ConfigError(GeomapError, ValueError):
    """An option or a configuration file has a value that is not allowed."""


class InputError(GeomapError, ValueError):
    """An input cannot be read as an article."""


class ModelNotFound(GeomapError, OSError):
    """The named spaCy pipeline is not installed."""


class GazetteerError(GeomapError, ValueError):
    """A gazetteer file or one of the project's tables is damaged or wrong."""


class ExportError(GeomapError, OSError):
    """An output cannot be written."""
