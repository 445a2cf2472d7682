"""Libraries that only some outputs need, and how to get them."""

import importlib
from typing import Any

from geomap.errors import ExportError

__all__ = ["needed"]


def needed(module: str, extra: str) -> Any:
    """Return a module that comes with one of geomap's extras.

    Raises
    ------
    ExportError
        If it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        package = module.partition(".")[0]
        raise ExportError(
            f"{extra}: needs {package}, which is not installed; run: pip install 'geomap[{extra}]'"
        ) from None
