"""The words of the interface, from the one translation file; dates in words.

Classes, layers and statuses have their labels in ``geomap/style.toml``; a language may override
these too, in a table ``style`` of its own.
"""

import datetime
import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geomap.errors import ConfigError

__all__ = ["date_words", "words_of"]

_FILE = Path(__file__).parent / "assets" / "words.toml"
Words = Mapping[str, Any]


@functools.cache
def words_of(language: str = "en") -> Words:
    """Return the words of a language; what it lacks is English.

    Raises
    ------
    ConfigError
        If the file has no such language.
    """
    languages = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    if language not in languages:
        raise ConfigError(f"language: {language!r} is not there; known: {', '.join(languages)}")
    found: Words = languages["en"] | languages[language]
    return found


@functools.lru_cache(maxsize=100_000)
def date_words(start: Any, end: Any, precision: Any, language: str = "en") -> str:
    """Return an interval of days as a reader would say it.

    Examples
    --------
    >>> date_words("2021-07-08", "2021-07-09", 2)
    '8–9 July 2021'
    >>> date_words("2021-07-01", "2021-07-10", 4)
    'early July 2021'
    >>> date_words("2021-07-17", "2021-07-17", 9)
    'reported on 17 July 2021; day of the event not stated'
    """
    words = words_of(language)
    try:
        first = datetime.date.fromisoformat(start)
        last = datetime.date.fromisoformat(end or start)
    except (TypeError, ValueError):
        return str(words["date_none"])
    if precision == 9:
        return str(words["date_reported"].format(span=_span(first, last, words)))
    if precision == 3:
        return str(words["date_week"].format(span=_span(first, last, words)))
    if precision in (4, 5):
        period = _period(first, last, words)
        between = words["date_between"].format(first=_day(first, words), last=_day(last, words))
        return str(period or between)
    return _span(first, last, words)


def _day(day: datetime.date, words: Words) -> str:
    return f"{day.day} {words['months'][day.month - 1]} {day.year}"


def _span(first: datetime.date, last: datetime.date, words: Words) -> str:
    if first == last:
        return _day(first, words)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{_day(last, words)}"
    if first.year == last.year:
        return f"{first.day} {words['months'][first.month - 1]} – {_day(last, words)}"
    return f"{_day(first, words)} – {_day(last, words)}"


def _period(first: datetime.date, last: datetime.date, words: Words) -> str | None:
    """Return the name of a part of a month, a month or a year, if the interval is one."""
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return f"{first.year}" if first.year == last.year else f"{first.year}–{last.year}"
    if (first.year, first.month) != (last.year, last.month):
        return None
    month = f"{words['months'][first.month - 1]} {first.year}"
    month_ends = (last + datetime.timedelta(days=1)).day == 1
    if first.day in (20, 21) and month_ends:
        return str(words["date_late"].format(month=month))
    if first.day == 1 and month_ends:
        return month
    part = {(1, 10): "date_early", (11, 20): "date_mid", (10, 20): "date_mid"}.get(
        (first.day, last.day)
    )
    return None if part is None else str(words[part].format(month=month))
