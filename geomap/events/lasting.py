"""How long: "two days of talks ended on Sunday", a night until dawn, the end of a siege."""

import datetime
import re
from dataclasses import replace

from geomap.events.dates import Interval, precision_of
from geomap.events.syntax import is_verb, lemma
from geomap.events.triggers import Trigger

__all__ = ["LENGTHS", "lasting"]

LENGTHS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
           "ten": 10}  # fmt: skip
_DAYS_OF = re.compile(
    r"\b(?P<count>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)(?:-day\s(?:\w+\s){0,2}|"
    r"\sdays\sof\s(?:\w+\s){0,2})$",
    re.IGNORECASE,
)
_LASTING = {"siege", "standoff", "stand-off", "blockade", "occupation"}
_TILL_MORNING = re.compile(
    r"\b[Nn]ight\b.*\b(?:until|till|to)\s(?:the\s)?(?:next\s)?"
    r"(?:dawn|sunrise|daybreak|morning|first light)\b"
)


def lasting(interval: Interval, trigger: Trigger, text: str) -> Interval:
    """Return the days of "two days of talks ended on Sunday", "opened a two-day meeting"."""
    if interval.start != interval.end:
        return interval
    if _TILL_MORNING.search(text):
        return replace(interval, end=interval.end + datetime.timedelta(1), precision=2,
                       rule=f"{interval.rule}; until the next morning")  # fmt: skip
    if is_verb(trigger.token):
        return interval
    if lemma(trigger.token) in _LASTING and lemma(trigger.predicate) in {"end", "lift", "break"}:
        return replace(interval, precision=2, rule=f"{interval.rule}; the day it ended")
    words = trigger.token.doc[trigger.token.sent.start : trigger.token.i].text + " "
    match = _DAYS_OF.search(words)
    if match is None:
        return interval
    word = match["count"].lower()
    more = datetime.timedelta((int(word) if word.isdigit() else LENGTHS[word]) - 1)
    verb = lemma(trigger.predicate)
    near = {verb, *(lemma(t) for t in trigger.token.ancestors)}
    if near & {"end", "conclude", "wind", "finish", "close", "sign", "agree", "wrap", "complete"}:
        start, end = interval.start - more, interval.end
    elif near & {"open", "begin", "start", "kick"}:
        start, end = interval.start, interval.end + more
    else:
        return interval
    return replace(
        interval, start=start, end=end, precision=precision_of(start, end),
        rule=f"{interval.rule}; {match.group().strip()}",
    )  # fmt: skip
