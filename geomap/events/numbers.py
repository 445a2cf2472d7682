"""How many: killed, wounded, detained, displaced, and crowds; smallest and largest."""

import re
from typing import TYPE_CHECKING

from geomap.events.triggers import Trigger
from geomap.model import Number

if TYPE_CHECKING:
    from spacy.tokens import Span

__all__ = ["read_numbers"]

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_N = r"(?:\d{1,3}(?:,\d{3})+|\d+|" + "|".join(_WORDS) + r")"
_COUNT = rf"(?P<low>{_N})(?:\s?(?:-|–|to|or|and)\s?(?P<high>{_N}))?"
_ONE = rf"(?P<low>{_N}|an?|another)(?:\s?(?:-|–|to|or|and)\s?(?P<high>{_N}))?"
_ABOUT_MANY = r"(?:at least\s|about\s|some\s|more than\s|up to\s|as many as\s|between\s)?"
_WHO = r"(?:\s(?:other\s|more\s)?(?P<who>(?!others\b)(?:[A-Za-z-]+\s){0,2}?[A-Za-z-]+))??"
_ABOUT = r"(?:at least\s|about\s|some\s|more than\s|up to\s)?"
_AFTER = r"(?:\s(?P<who>(?:[a-z]+\s)?(?:[a-z]+s|people)))?"
_PATTERNS = (
    (
        "killed",
        rf"\b{_COUNT}\s(?P<who>(?:[A-Za-z-]+\s){{0,3}}?[A-Za-z-]+)\sand\s{_N}\s"
        r"(?:[A-Za-z-]+\s){1,4}?(?:were|have been|had been)\s(?:killed|dead)\b",
    ),
    ("killed", rf"\b{_COUNT}{_WHO}\s(?:(?:were|was|have been|had been)\s)?(?:killed|dead|died)\b"),
    ("killed", rf"\b(?:kill(?:ed|ing|s)|left)\s{_ABOUT}{_COUNT}{_AFTER}"),
    (
        "killed",
        r"\b(?:kill(?:ed|ing)|behead(?:ed|ing)|execut(?:ed|ing)|shot dead)\s"
        rf"{_ABOUT_MANY}{_ONE}\b"
        r"(?!\s(?:hour|hours|days|minutes)\b)",
    ),
    ("killed", rf"\bleav(?:ing|es)\s{_ABOUT_MANY}{_COUNT}\s(?:[A-Za-z-]+\s){{0,3}}?dead\b"),
    ("killed", rf"\b{_COUNT}{_WHO}(?:,\s[^,.;]{{3,40}},)?\slost\stheir\slives\b"),
    ("wounded", rf"\b{_COUNT}{_WHO}\s(?:(?:were|was)\s)?(?:wounded|injured|hurt)\b"),
    (
        "wounded",
        rf"\b(?:wound(?:ed|ing)|injur(?:ed|ing)|maim(?:ed|ing))\s{_ABOUT_MANY}{_ONE}\b"
        r"(?!\s(?:hour|hours|days|minutes)\b)",
    ),
    (
        "wounded",
        rf"\b(?:left|leaving)\s{_ABOUT_MANY}{_COUNT}\s(?:[A-Za-z-]+\s){{0,3}}?"
        r"(?:wounded|injured|hurt)\b",
    ),
    ("wounded", rf"\b(?:wound(?:ed|ing|s)|injur(?:ed|ing|es))\s{_ABOUT}{_COUNT}{_AFTER}"),
    ("detained", rf"\b(?:arrested|detained|rounded up)\s{_ABOUT}{_COUNT}{_AFTER}"),
    ("detained", rf"\b(?:arrested|detained)\s{_ABOUT_MANY}(?P<low>an?)\s(?P<who>[a-z]+)\b"),
    (
        "detained",
        rf"\b{_COUNT}{_WHO}\s(?:were|was|had been|have been|are)\s(?:being\s)?"
        r"(?:arrested|detained|rounded up|held|taken|in custody)\b",
    ),
    ("detained", rf"\b(?:took|taken)\s{_COUNT}{_WHO}\s(?:captive|prisoner|hostage|into custody)\b"),
    (
        "displaced",
        rf"\b{_COUNT}{_WHO}\s(?:(?:have\s|had\s)?(?:fled|left|walked)|were displaced|"
        r"driven from|took refuge)\b",
    ),
    ("displaced", rf"\bsending\s{_ABOUT_MANY}{_COUNT}{_AFTER}"),
    ("displaced", rf"\b{_COUNT}{_WHO}\scrossed into\b"),
    (
        "crowd",
        rf"\b{_COUNT}{_WHO}\s(?:had\s|have\s)?"
        r"(?:protested|marched|rallied|demonstrated|gathered)\b",
    ),
)
_CLASSES = {
    "killed": {"armed_clash", "border_clash", "shelling", "air_strike", "explosion",
               "attack_on_civilians", "protest"},
    "wounded": {"armed_clash", "border_clash", "shelling", "air_strike", "explosion",
                "attack_on_civilians", "protest"},
    "detained": {"arrest", "protest", "abduction"},
    "displaced": {"displacement"},
    "crowd": {"protest"},
}  # fmt: skip
_RULES = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _PATTERNS)


def _value(text: str) -> int:
    word = text.lower().replace(",", "")
    if word in {"a", "an", "another"}:
        return 1
    return _WORDS[word] if word in _WORDS else int(word)


def read_numbers(trigger: Trigger, event_class: str, only: bool) -> tuple[Number, ...]:
    """Return the numbers of a trigger's sentence that belong to its class.

    Parameters
    ----------
    trigger
        The event's trigger.
    event_class
        Its class.
    only
        Whether it is the only event of the sentence that could own them.
    """
    if not only:
        return ()
    sentence: Span = trigger.token.sent
    found: dict[tuple[str, int], Number] = {}
    kinds = {kind for kind, classes in _CLASSES.items() if event_class in classes}
    text = sentence.text if kinds else ""
    for kind, pattern in _RULES:
        if kind not in kinds:
            continue
        for match in pattern.finditer(text):
            parts = match.groupdict()
            low = _value(match["low"])
            high = _value(parts["high"]) if parts.get("high") else low
            if low > 10_000_000 or re.fullmatch(r"(?:19|20)\d\d", match["low"]):
                continue
            start = sentence.start_char + match.start("low")
            end = sentence.start_char + match.end("high" if parts.get("high") else "low")
            who = parts.get("who") or None
            number = Number(kind, min(low, high), max(low, high), who, start, end)
            found.setdefault((kind, start), number)
    return tuple(found[key] for key in sorted(found, key=lambda key: (key[1], key[0])))
