"""Libraries that only some inputs and outputs need, and how to get them."""

import importlib
from typing import Any

from geomap.errors import ExportError

__all__ = ["needed"]


def needed(module: str, extra: str, error: type[Exception] = ExportError) -> Any:
    """Return a module that comes with one of geomap's extras.

    Parameters
    ----------
    module
        Its dotted name.
    extra
        The extra that brings it.
    error
        What to raise where it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        package = module.partition(".")[0]
        raise error(
            f"{extra}: needs {package}, which is not installed; run: pip install 'geomap[{extra}]'"
        ) from None
