"""The day that a paragraph begins with: "24 August 2021: Algiers breaks off relations".

In chronologies and diaries it is the day of all that the paragraph tells without a day of its own;
in live pages an hour ("18:40 Police ...") makes it the day of publication.
"""

import re

from geomap.events.dates import DatePhrase, find_dates, whole_year

__all__ = ["lead_of"]

_MARK = re.compile(r"\s*(?:[:–—]|-\s|\.\s(?=[A-Z]))")
_BULLET = re.compile(r"[\s•*·▪-]*(?:on|by|around|about)?\s*", re.IGNORECASE)
_HOUR = re.compile(r"[\s•*·▪-]*(?:[01]?\d|2[0-3])[:.h][0-5]\d\b")
_DAY = re.compile(
    r"\d|(?:the )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|"
    r"Sat|Sun|Yesterday|Today|Early|Mid|Late|early|mid|late|Spring|Summer|Autumn|Winter|Over)"
)
_YEAR = re.compile(r"(?P<year>(?:1[89]|20)\d\d)\b(?!-)")
_LONGEST = 48


def lead_of(text: str, start: int) -> DatePhrase | str | None:
    """Return the phrase of time that the paragraph of an offset begins with.

    Returns
    -------
    DatePhrase or str or None
        The phrase, or the hour of a live page as text.
    """
    first = text.rfind("\n", 0, start) + 1
    hour = _HOUR.match(text, first)
    if hour is not None:
        return hour.group().strip(" •*·▪-")
    begin = _BULLET.match(text, first)
    at = begin.end() if begin is not None else first
    if not _DAY.match(text, at):
        return None
    head = text[at : at + _LONGEST]
    found = next((p for p in find_dates(head, at) if p.start == at), None) or _year(head, at)
    if found is None or not _MARK.match(text, found.end):
        return None
    return found


def _year(text: str, offset: int) -> DatePhrase | None:
    """Return the year that a text begins with: "1976: ..."."""
    match = _YEAR.match(text)
    return DatePhrase(offset, offset + 4, match.group(), match, whole_year) if match else None
