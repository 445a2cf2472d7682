"""The grammar of dates in the news: a phrase becomes an interval of days with a precision.

An anchor is the day of publication. Relative phrases ("on Thursday", "last week") mean days
around it: the latest such day up to and including the anchor, or the earliest from it on where
the clause looks ahead. Without an anchor they stay unresolved.
"""

import calendar
import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["DatePhrase", "Interval", "find_dates", "precision_of", "whole_year"]

Day = datetime.date
_ONE = datetime.timedelta(days=1)
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_MONTHS["sept"] = 9
_WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_MONTH = (
    r"(?P<month>(?:January|February|March|April|May(?! [A-Z][a-z])|June|July|August|September|"
    r"October|November|December)\b|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_MONTH2 = _MONTH.replace("month", "month2")
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_DAY2 = r"(?P<day2>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s(?P<year>(?:1[89]|20)\d\d))?"
_TO = r"\s?(?:-|–|—|to|and|until|through)\s?"
_WEEKDAY = r"(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
           "seven": 7, "eight": 8, "nine": 9, "ten": 10, "several": 3, "few": 3}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Interval:
    """Days from ``start`` to ``end``, both included; ``relative`` to the day of publication."""

    start: Day
    end: Day
    precision: int
    rule: str
    relative: bool = False
    weekday: int | None = None


_Resolver = Callable[[re.Match[str], Day | None, bool], Interval | None]


@dataclass(frozen=True, slots=True)
class DatePhrase:
    """A phrase of time in a text, still to be resolved against an anchor."""

    start: int
    end: int
    text: str
    match: re.Match[str]
    resolver: _Resolver

    def resolve(self, anchor: Day | None, future: bool) -> Interval | None:
        """Return the interval, or None where it needs an anchor that is not there.

        Parameters
        ----------
        anchor
            The day of publication.
        future
            Whether the clause looks ahead ("will meet on Thursday").
        """
        try:
            return self.resolver(self.match, anchor, future)
        except (ValueError, OverflowError):
            return None


def precision_of(start: Day, end: Day) -> int:
    """Return the precision code of an interval by its length in days."""
    days = (end - start).days + 1
    if days <= 1:
        return 1
    if days <= 6:
        return 2
    if days == 7:
        return 3
    return 4 if days <= 31 else 5


def _year_for(
    match: re.Match[str], month: int, day: int, anchor: Day | None, future: bool
) -> int | None:
    """Return the stated year, else that of the nearest such day before (or after) the anchor."""
    stated = match.groupdict().get("year")
    if stated:
        return int(stated)
    if anchor is None:
        return None
    year = anchor.year
    if future:
        ahead = (month, day) >= (anchor.month, anchor.day) or anchor.month - month < 6
        return year if ahead else year + 1
    if not match.groupdict().get("day"):  # a bare month: the latest that has begun
        return year if month <= anchor.month else year - 1
    if (month, day) <= (anchor.month, anchor.day):
        return year
    # A day soon after publication looks ahead, whatever the verb says: nothing is guessed.
    return None if Day(year, month, day) - anchor < _ONE * 32 else year - 1


def _span(start: Day, end: Day, rule: str, **more: object) -> Interval | None:
    if end < start:
        return None
    return Interval(start, end, precision_of(start, end), rule, bool(more.get("relative")))


def _days(match: re.Match[str], anchor: Day | None, future: bool) -> Interval | None:
    """Resolve "July 8-9", "8–9 July", "June 30-July 2"."""
    groups = match.groupdict()
    month = _MONTHS[groups["month"].lower().rstrip(".")]
    month2 = _MONTHS[groups["month2"].lower().rstrip(".")] if groups.get("month2") else month
    first, last = int(groups["day"]), int(groups.get("day2") or groups["day"])
    year = _year_for(match, month, first, anchor, future)
    if year is None:
        return None
    end_year = year + 1 if month2 < month else year
    rule = "day and month" + ("" if groups.get("year") else ", year of the publication date")
    return _span(Day(year, month, first), Day(end_year, month2, last), rule)


def _iso(match: re.Match[str], anchor: Day | None, future: bool) -> Interval | None:
    day = Day.fromisoformat(match.group())
    return _span(day, day, "written out")


def _since(match: re.Match[str], anchor: Day | None, future: bool) -> Interval | None:
    """Resolve "since February", "since 2019": up to the day of publication."""
    if anchor is None:
        return None
    if match.groupdict().get("month"):
        found = _part_of_month(match, anchor, False)
    else:
        found = whole_year(match, anchor, False)
    if found is None or found.start > anchor:
        return None
    return Interval(found.start, anchor, max(4, precision_of(found.start, anchor)), "since then")


def _part_of_month(match: re.Match[str], anchor: Day | None, future: bool) -> Interval | None:
    """Resolve "early July", "mid-May", "late June", "in July", "July 2021"."""
    month = _MONTHS[match["month"].lower().rstrip(".")]
    year = _year_for(match, month, 1, anchor, future)
    if year is None:
        return None
    last = calendar.monthrange(year, month)[1]
    part = (match.groupdict().get("part") or "").lower()
    first_day, last_day = {
        "early": (1, 10), "the beginning of": (1, 10), "the start of": (1, 10),
        "mid": (11, 20), "the middle of": (11, 20),
        "late": (21, last), "the end of": (21, last),
    }.get(part, (1, last))  # fmt: skip
    start, end = Day(year, month, first_day), Day(year, month, last_day)
    return Interval(start, end, 4, f"{part + ' ' if part else ''}month")


def _weekday(match: re.Match[str], anchor: Day | None, future: bool) -> Interval | None:
    """Resolve "on Thursday", "last Tuesday", "next Monday", "Wednesday night"."""
    if anchor is None:
        return None
    wanted = _WEEKDAYS[match["weekday"].lower()]
    which = (match.groupdict().get("which") or "").lower()
    back = (anchor.weekday() - wanted) % 7
    ahead = (wanted - anchor.weekday()) % 7
    if which == "last":
        day, rule = anchor - _ONE * (back or 7), "the last such weekday before the publication date"
    elif which in {"next", "coming"} or future:
        step = (ahead or 7) if which == "next" else ahead
        day, rule = anchor + _ONE * step, "the next such weekday from the publication date on"
    else:
        day, rule = anchor - _ONE * back, "the latest such weekday up to the publication date"
    return Interval(day, day, 1, rule, relative=True, weekday=wanted)


def _weekdays(match: re.Match[str], anchor: Day | None, future: bool) -> Interval | None:
    """Resolve "Friday and Saturday", "from Saturday to Monday", "Saturday night to Sunday"."""
    if anchor is None:
        return None
    first, last = (_WEEKDAYS[match[name].lower()] for name in ("weekday", "weekday2"))
    days = (last - first) % 7
    if future:
        start = anchor + _ONE * ((first - anchor.weekday()) % 7)
        return Interval(start, start + _ONE * days, precision_of(start, start + _ONE * days),
                        "the next such weekdays", True)  # fmt: skip
    end = anchor - _ONE * ((anchor.weekday() - last) % 7)
    start = end - _ONE * days
    return Interval(start, end, precision_of(start, end), "the latest such weekdays", True)


def _overnight_to(match: re.Match[str], anchor: Day | None, future: bool) -> Interval | None:
    """Resolve "overnight to Sunday", "overnight into Sunday"."""
    found = _weekday(match, anchor, future)
    if found is None:
        return None
    return Interval(found.start - _ONE, found.end, 2, "the night before that weekday", True)


def _weekend(match: re.Match[str], anchor: Day | None, future: bool) -> Interval | None:
    """Resolve "the weekend", "last weekend", "next weekend": Saturday and Sunday."""
    if anchor is None:
        return None
    which = (match.groupdict().get("which") or "").lower()
    saturday = anchor - _ONE * ((anchor.weekday() - 5) % 7)
    if which in {"next", "coming"} or (future and which != "last" and anchor.weekday() < 5):
        saturday += _ONE * 7
    elif which == "last" and anchor.weekday() >= 5:
        saturday -= _ONE * 7
    return Interval(saturday, saturday + _ONE, 2, "Saturday and Sunday", True)


def _since_day(match: re.Match[str], anchor: Day | None, future: bool) -> Interval | None:
    """Resolve "since 4 January", "since Friday", "since early May": up to publication."""
    if anchor is None:
        return None
    groups = match.groupdict()
    if groups.get("weekday"):
        found = _weekday(match, anchor, False)
    elif groups.get("day"):
        found = _days(match, anchor, False)
    else:
        found = _part_of_month(match, anchor, False)
    if found is None or found.start > anchor:
        return None
    return Interval(found.start, anchor, precision_of(found.start, anchor), "since then", True)


def _season(match: re.Match[str], anchor: Day | None, future: bool) -> Interval | None:
    """Resolve "the summer of 2022", "last winter", "in the spring": northern seasons."""
    first = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}[
        match["season"].lower()
    ]
    year = int(match["year"]) if match.groupdict().get("year") else None
    if year is None:
        if anchor is None:
            return None
        year = anchor.year
        if not future and Day(year, first, 1) > anchor:
            year -= 1
        if future and Day(year, min(first + 2, 12), 28) < anchor:
            year += 1
    last_month, last_year = (first + 2, year) if first < 12 else (2, year + 1)
    end = Day(last_year, last_month, calendar.monthrange(last_year, last_month)[1])
    return Interval(Day(year, first, 1), end, 5, match["season"].lower())


def _part_of_year(match: re.Match[str], anchor: Day | None, future: bool) -> Interval | None:
    """Resolve "late 2019", "the first half of 2020", "before the end of the year"."""
    groups = match.groupdict()
    part = (groups.get("part") or "").lower()
    if groups.get("year"):
        year = int(match["year"])
    elif anchor is not None:
        return Interval(anchor, Day(anchor.year, 12, 31), 5, "the rest of the year", True)
    else:
        return None
    first, last = {"early": (1, 4), "mid": (5, 8), "late": (9, 12), "first half of": (1, 6),
                   "second half of": (7, 12)}[part]  # fmt: skip
    end = Day(year, last, calendar.monthrange(year, last)[1])
    return Interval(Day(year, first, 1), end, 5, f"{part} of the year")


def _week_of_month(match: re.Match[str], anchor: Day | None, future: bool) -> Interval | None:
    """Resolve "the first week of July", "the second half of June"."""
    month = _MONTHS[match["month"].lower().rstrip(".")]
    year = _year_for(match, month, 1, anchor, future)
    if year is None:
        return None
    last = calendar.monthrange(year, month)[1]
    start, end = {
        "first week": (1, 7), "second week": (8, 14), "third week": (15, 21),
        "last week": (last - 6, last), "first half": (1, 15), "second half": (16, last),
    }[match["which"].lower()]  # fmt: skip
    return _span(Day(year, month, start), Day(year, month, end), f"{match['which']} of the month")


def _feast(match: re.Match[str], anchor: Day | None, future: bool) -> Interval | None:
    """Resolve feasts that have a day: "Christmas Eve"."""
    if anchor is None:
        return None
    month, day = {"christmas eve": (12, 24), "christmas day": (12, 25), "boxing day": (12, 26),
                  "new year's eve": (12, 31), "new year's day": (1, 1),
                  "may day": (5, 1)}[match["feast"].lower().replace("’", "'")]  # fmt: skip
    found = Day(anchor.year, month, day)
    if not future and found > anchor:
        found = Day(anchor.year - 1, month, day)
    if future and found < anchor:
        found = Day(anchor.year + 1, month, day)
    return Interval(found, found, 1, "feast", True)


def _last_days(match: re.Match[str], anchor: Day | None, future: bool) -> Interval | None:
    """Resolve "in the past ten days", "over the last two weeks"."""
    if anchor is None:
        return None
    word = match["count"].lower()
    count = int(word) if word.isdigit() else _COUNTS[word]
    if match["unit"].lower() == "day":
        start = anchor - _ONE * count
    elif match["unit"].lower() == "week":
        start = anchor - _ONE * 7 * count
    else:
        months = anchor.year * 12 + anchor.month - 1 - count
        start = Day(months // 12, months % 12 + 1, min(anchor.day, 28))
    return _span(start, anchor, "up to the publication date", relative=True)


def _fixed(first: int, last: int, rule: str) -> _Resolver:
    """Make a resolver for "yesterday", "overnight", "today": days from the anchor."""

    def resolve(match: re.Match[str], anchor: Day | None, future: bool) -> Interval | None:
        if anchor is None:
            return None
        return _span(anchor + _ONE * first, anchor + _ONE * last, rule, relative=True)

    return resolve


def _ago(match: re.Match[str], anchor: Day | None, future: bool) -> Interval | None:
    """Resolve "three days ago", "two weeks ago"."""
    if anchor is None:
        return None
    word = match["count"].lower()
    count = int(word) if word.isdigit() else _COUNTS[word]
    unit = match["unit"].lower()
    if unit == "day":
        day = anchor - _ONE * count
        return _span(day, day, "days before the publication date", relative=True)
    if unit == "week":
        middle = anchor - _ONE * 7 * count
        return _span(middle - 3 * _ONE, middle + 3 * _ONE, "weeks before", relative=True)
    if unit == "month":
        months = anchor.year * 12 + anchor.month - 1 - count
        start = Day(months // 12, months % 12 + 1, 1)
        end = Day(start.year, start.month, calendar.monthrange(start.year, start.month)[1])
        return Interval(start, end, 4, "months before the publication date", True)
    year = anchor.year - count
    return Interval(Day(year, 1, 1), Day(year, 12, 31), 5, "years before", True)


def _unit(match: re.Match[str], anchor: Day | None, future: bool) -> Interval | None:
    """Resolve "last week", "this month", "next year", "earlier this month"."""
    if anchor is None:
        return None
    which, unit = match["which"].lower(), match["unit"].lower()
    shift = {"last": -1, "past": -1, "this": 0, "the": 0, "next": 1, "coming": 1}[which]
    if unit == "week":
        monday = anchor - _ONE * anchor.weekday() + _ONE * 7 * shift
        start, end = monday, monday + 6 * _ONE
    elif unit == "month":
        months = anchor.year * 12 + anchor.month - 1 + shift
        start = Day(months // 12, months % 12 + 1, 1)
        end = Day(start.year, start.month, calendar.monthrange(start.year, start.month)[1])
    else:
        start, end = Day(anchor.year + shift, 1, 1), Day(anchor.year + shift, 12, 31)
    if shift == 0 and not future:
        end = min(end, anchor)
    return _span(start, end, f"{which} {unit}", relative=True)


def whole_year(match: re.Match[str], anchor: Day | None, future: bool) -> Interval | None:
    """Resolve "in 2019"."""
    year = int(match["year"])
    return Interval(Day(year, 1, 1), Day(year, 12, 31), 5, "year")


def _decade(match: re.Match[str], anchor: Day | None, future: bool) -> Interval | None:
    year = int(match["year"][:4])
    return Interval(Day(year, 1, 1), Day(year + 9, 12, 31), 5, "decade")


_RULES: tuple[tuple[re.Pattern[str], _Resolver], ...] = tuple(
    (re.compile(pattern), resolver)
    for pattern, resolver in (
        (r"\b(?:1[89]|20)\d\d-[01]\d-[0-3]\d\b", _iso),
        (
            rf"\b{_WEEKDAY}(?:\s(?:night|morning|afternoon|evening))?(?:\s?[-–]\s?|\s(?:and|to|until|"
            rf"through)\s)(?:again\s)?(?:on\s)?{_WEEKDAY.replace('weekday', 'weekday2')}\b",
            _weekdays,
        ),
        (rf"\b[Oo]vernight\s(?:in)?to\s{_WEEKDAY}\b", _overnight_to),
        (rf"\b[Ss]ince\s{_MONTH}\s{_DAY}(?!\d){_YEAR}", _since_day),
        (rf"\b[Ss]ince\s{_DAY}\s{_MONTH}{_YEAR}", _since_day),
        (rf"\b[Ss]ince\s(?:(?P<which>[Ll]ast)\s)?{_WEEKDAY}\b", _since_day),
        (rf"\b[Ss]ince\s(?P<part>early|mid|late)[\s-]{_MONTH}{_YEAR}", _since_day),
        (
            rf"\b(?P<which>[Ff]irst week|[Ss]econd week|[Tt]hird week|[Ll]ast week|[Ff]irst half|"
            rf"[Ss]econd half)\sof\s{_MONTH}{_YEAR}",
            _week_of_month,
        ),
        (rf"\b{_MONTH}\s{_DAY}{_TO}{_MONTH2}\s{_DAY2}{_YEAR}\b", _days),
        (rf"\b{_DAY}\s{_MONTH}{_TO}{_DAY2}\s{_MONTH2}{_YEAR}\b", _days),
        (rf"\b{_MONTH}\s{_DAY}{_TO}{_DAY2}(?!\d){_YEAR}", _days),
        (rf"\b{_DAY}{_TO}{_DAY2}\s{_MONTH}{_YEAR}", _days),
        (rf"\b{_MONTH}\s{_DAY}(?!\d){_YEAR}", _days),
        (rf"\b{_DAY}\s(?:of\s)?{_MONTH}{_YEAR}", _days),
        (
            rf"\b(?P<part>[Ee]arly|[Ll]ate|[Mm]id|the beginning of|the start of|the middle of|"
            rf"the end of)[\s-]{_MONTH}{_YEAR}",
            _part_of_month,
        ),
        (rf"\b[Ss]ince\s{_MONTH}{_YEAR}", _since),
        (r"\b[Ss]ince\s(?P<year>(?:1[89]|20)\d\d)\b", _since),
        (rf"\b(?:[Ii]n|[Dd]uring|[Tt]hroughout|of|[Ll]ast)\s{_MONTH}{_YEAR}", _part_of_month),
        (rf"\b{_MONTH}\s(?P<year>(?:1[89]|20)\d\d)\b", _part_of_month),
        (rf"\b(?:(?P<which>[Ll]ast|[Nn]ext|[Tt]his|coming)\s)?{_WEEKDAY}\b", _weekday),
        (
            r"\b(?:(?P<which>[Ll]ast|[Nn]ext|[Tt]his|coming)|the|[Oo]ver the|[Tt]hrough the)\s"
            r"weekend\b",
            _weekend,
        ),
        (
            r"\b(?:[Ii]n|of|the|last|next|this|by)\s(?P<season>spring|summer|autumn|winter)"
            r"(?:\sof)?\s(?P<year>(?:1[89]|20)\d\d)\b",
            _season,
        ),
        (
            r"\b(?:last|this|next|the)\s(?P<season>spring|summer|autumn|winter)\b(?!\s\w+s\b)",
            _season,
        ),
        (
            r"\b(?P<part>[Ee]arly|[Mm]id|[Ll]ate|[Ff]irst half of|[Ss]econd half of)[\s-]"
            r"(?P<year>(?:1[89]|20)\d\d)\b",
            _part_of_year,
        ),
        (r"\bbefore the end of the year\b", _part_of_year),
        (
            r"\b(?P<feast>Christmas Eve|Christmas Day|Boxing Day|New Year['’]s Eve|"
            r"New Year['’]s Day|May Day)\b",
            _feast,
        ),
        (
            r"\b(?:past|last|previous)\s(?P<count>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)"
            r"\s(?P<unit>day|week|month)s\b",
            _last_days,
        ),
        (r"\b[Yy]esterday\b", _fixed(-1, -1, "the day before the publication date")),
        (r"\b[Oo]vernight\b", _fixed(-1, 0, "the night before the publication date")),
        (
            r"\b(?:[Tt]oday|[Tt]onight|[Tt]his (?:morning|afternoon|evening|noon|lunchtime))\b",
            _fixed(0, 0, "the publication date"),
        ),
        (r"\b[Ll]ast (?:night|evening)\b", _fixed(-1, -1, "the evening before publication")),
        (
            r"\b[Ss]ince the (?:start|beginning) of (?P<which>the) (?P<unit>week|month|year)\b",
            _unit,
        ),
        (r"\b[Tt]omorrow\b", _fixed(1, 1, "the day after the publication date")),
        (
            r"\b(?:the )?(?:past|last) (?:few|several) days\b",
            _fixed(-3, 0, "the days before the publication date"),
        ),
        (
            r"\b(?P<count>\d{1,2}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|several|few)"
            r"\s(?P<unit>day|week|month|year)s?\sago\b",
            _ago,
        ),
        (r"\b(?P<which>[Ll]ast|[Tt]his|[Nn]ext|coming|past)\s(?P<unit>week|month|year)\b", _unit),
        (r"\b(?:the\s)?(?P<year>(?:1[89]|20)\d0s)\b", _decade),
        (
            r"\b(?:[Ii]n|[Ss]ince|[Oo]f|[Dd]uring|[Uu]ntil)\s(?P<year>(?:1[89]|20)\d\d)\b",
            whole_year,
        ),
        (r"\b(?:[Tt]he|[Dd]uring the)\s(?P<year>(?:1[89]|20)\d\d)(?=\s[a-zA-Z])", whole_year),
    )
)


def find_dates(text: str, offset: int = 0) -> list[DatePhrase]:
    """Return the phrases of time in a text, left to right, the longest where they overlap.

    Parameters
    ----------
    text
        A sentence.
    offset
        Where it begins in the document.
    """
    found: list[DatePhrase] = []
    taken: list[tuple[int, int]] = []
    for pattern, resolver in _RULES:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < last and end > first for first, last in taken):
                continue
            if "month" in match.groupdict() and match["month"] == "May" and not match.re.groups:
                continue
            taken.append((start, end))
            found.append(DatePhrase(offset + start, offset + end, text[start:end], match, resolver))
    return sorted(found, key=lambda phrase: phrase.start)
