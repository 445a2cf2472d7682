"""The project's gold set of events: articles as TOML files (``tests/gold/README.md``).

A trigger or a place is written as its words; here it gets the offsets at which it stands.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geomap.errors import InputError
from geomap.model import Document

__all__ = ["GoldArticle", "GoldEvent", "read_goldset"]

Offsets = tuple[int, int]

_KEYS = {
    "sentence", "trigger", "class", "subclass", "status", "place", "country", "near", "precision",
    "date", "actors", "venue", "numbers", "claimed_by", "attributed_to", "aggregate", "places",
    "cluster", "optional",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """One event as a reader marked it; lists hold what a careful reader may choose, best first."""

    sentence: Offsets
    triggers: tuple[Offsets, ...]
    classes: tuple[str, ...]
    subclass: str | None
    statuses: tuple[str, ...]
    place: Offsets | None
    place_text: str
    country: str | None
    near: tuple[float, float] | None
    precisions: tuple[int, ...]
    date: tuple[str, str] | None
    actors: tuple[tuple[str, str], ...]
    venue: bool
    numbers: tuple[tuple[str, int, int], ...]
    claimed_by: str | None
    attributed_to: str | None
    aggregate: bool
    places: tuple[tuple[str, str], ...]
    cluster: str | None
    optional: bool


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article with its events, and words that no event's trigger may overlap."""

    document: Document
    topic: str
    nothing: tuple[Offsets, ...]
    events: tuple[GoldEvent, ...]


def read_goldset(folder: Path) -> list[GoldArticle]:
    """Read a folder of articles, in the order of their names.

    Raises
    ------
    InputError
        If the folder has none, or an article is not in the format.
    """
    paths = sorted(folder.rglob("*.toml"))
    if not paths:
        raise InputError(f"{folder}: no articles (*.toml) of a gold set in it")
    return [_article(path) for path in paths]


def _article(path: Path) -> GoldArticle:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        text = data["text"]
        published = data.get("published")
        document = Document(
            data.get("id", path.stem),
            text,
            title=data.get("title"),
            published=str(published) if published else None,
            published_basis="stated" if published else None,
            source=data.get("source"),
        )
        nothing = tuple(place for words in data.get("nothing", ()) for place in _all(words, text))
        events = tuple(_event(row, text) for row in data.get("event", ()))
        return GoldArticle(document, data.get("topic", ""), nothing, events)
    except (tomllib.TOMLDecodeError, KeyError, ValueError, TypeError) as error:
        raise InputError(f"{path}: not an article of a gold set ({error})") from error


def _event(row: dict[str, Any], text: str) -> GoldEvent:
    if unknown := set(row) - _KEYS:
        raise ValueError(f"unknown key {unknown}")
    start = text.find(row["sentence"])
    if start < 0 or text.find(row["sentence"], start + 1) >= 0:
        raise ValueError(f"sentence {row['sentence']!r} stands {text.count(row['sentence'])} times")
    sentence = (start, start + len(row["sentence"]))
    triggers = tuple(
        (start + at, start + end)
        for words in _list(row["trigger"])
        for at, end in _all(words, row["sentence"])
    )
    if not triggers:
        raise ValueError(f"no trigger {row['trigger']!r} in {row['sentence']!r}")
    date = row.get("date") or ()
    near = row.get("near") or None
    return GoldEvent(
        sentence,
        triggers,
        tuple(_list(row["class"])),
        row.get("subclass"),
        tuple(_list(row["status"])),
        _place(row.get("place", ""), sentence, text),
        row.get("place", ""),
        row.get("country"),
        (near[0], near[1]) if near else None,
        tuple(row.get("precision", ())),
        (str(date[0]), str(date[1])) if date else None,
        tuple((role, name) for role, name in row.get("actors", ())),
        row.get("venue", False),
        tuple((kind, low, high) for kind, low, high in row.get("numbers", ())),
        row.get("claimed_by") or None,
        row.get("attributed_to") or None,
        row.get("aggregate", False),
        tuple((role, name) for role, name in row.get("places", ())),
        row.get("cluster"),
        row.get("optional", False),
    )


def _place(words: str, sentence: Offsets, text: str) -> Offsets | None:
    """Return where the place's name stands: in the sentence, else nearest before, else behind."""
    spans = list(_all(words, text)) if words else []
    if not spans:
        if words:
            raise ValueError(f"no place {words!r} in the text")
        return None
    inside = [s for s in spans if sentence[0] <= s[0] < sentence[1]]
    before = [s for s in spans if s[0] < sentence[0]]
    return inside[0] if inside else before[-1] if before else spans[0]


def _all(words: str, text: str) -> Iterator[Offsets]:
    """Yield every place at which words stand in a text."""
    at = text.find(words)
    while at >= 0:
        yield at, at + len(words)
        at = text.find(words, at + 1)


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
