"""Values of a table as JSON knows them, and addresses that may be links."""

import datetime
import functools
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import pandas

from geomap.visible import REPLACEMENT, SURROGATE

__all__ = ["clean", "safe_url"]


def clean(value: Any) -> Any:
    """Return a value of a table as JSON knows it: missing is None, lone surrogates are replaced."""
    if isinstance(value, str):
        return SURROGATE.sub(REPLACEMENT, value)
    if isinstance(value, Mapping):
        return {str(clean(key)): clean(item) for key, item in value.items()}
    if value is None or value is pandas.NA:
        return None
    if isinstance(value, bool | int):
        return value
    if type(value) is float:
        return value if abs(value) < float("inf") else None
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()[:10] if value == value else None
    if hasattr(value, "tolist"):
        return clean(value.tolist())
    if isinstance(value, Iterable):
        return [clean(item) for item in value]
    if not isinstance(value, float):
        return clean(str(value))
    return float(value) if abs(value) < float("inf") else None


@functools.lru_cache(maxsize=100_000)
def _web_address(url: str) -> str | None:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else None


def safe_url(url: Any) -> str | None:
    """Return the address if it is one of the web, else None."""
    return _web_address(url) if isinstance(url, str) else None
