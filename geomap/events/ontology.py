"""The table of event classes, ``classes.toml``, as typed values."""

import functools
import itertools
import tomllib
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from geomap.errors import GazetteerError
from geomap.model import Layer

__all__ = ["Code", "EventClass", "Ontology", "Support", "TriggerGroup", "load_ontology"]

_TABLE = Path(__file__).with_name("classes.toml")


@dataclass(frozen=True, slots=True)
class TriggerGroup:
    """Words that announce an event, and what must stand beside them.

    ``frames`` are by their verb.
    """

    verbs: frozenset[str] = frozenset()
    frames: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    nouns: frozenset[str] = frozenset()
    nominals: frozenset[str] = frozenset()
    happenings: frozenset[str] = frozenset()
    roles: Mapping[str, str] = field(default_factory=dict)
    place_slots: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    not_objects: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    not_near: frozenset[str] = frozenset()
    not_in: frozenset[str] = frozenset()
    plover: str | None = None
    agent: bool = False
    acled: str | None = None

    @property
    def names(self) -> frozenset[str]:
        """All nouns that announce it."""
        return self.nouns | self.nominals | self.happenings

    @property
    def phrases(self) -> tuple[tuple[str, ...], ...]:
        """All frames."""
        return tuple(frame for frames in self.frames.values() for frame in frames)

    @property
    def conditions(self) -> int:
        """How many kinds of words must stand beside it: the more, the surer its class."""
        return bool(self.subjects) + bool(self.objects) + bool(self.near)


@dataclass(frozen=True, slots=True)
class Code:
    """A finer ACLED sub-type of a class, and the words of the sentence that say so."""

    acled: str
    near: frozenset[str] = frozenset()
    not_near: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class EventClass:
    """One class of events: a row of the table."""

    name: str
    label: str
    layer: Layer
    plover: str
    plover_planned: str
    acled: str | None
    drawn: bool
    groups: tuple[TriggerGroup, ...]
    codes: tuple[Code, ...]
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Support:
    """Verbs and prepositions that make an event noun happen."""

    roles: Mapping[str, str]  # verb -> role of its subject
    happens: frozenset[str]
    within: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ontology:
    """All classes, by name, the supporting words, and what each word may announce.

    ``verbs`` gives for a verb's lemma, ``nouns`` for the word that a noun hangs by, the classes and
    groups that it may belong to, in the order of the table; ``frames`` for a verb's lemma also the
    words of each frame.
    """

    classes: Mapping[str, EventClass]
    support: Support
    verbs: Mapping[str, tuple[tuple[EventClass, TriggerGroup], ...]]
    nouns: Mapping[str, tuple[tuple[EventClass, TriggerGroup], ...]]
    frames: Mapping[str, tuple[tuple[tuple[str, ...], EventClass, TriggerGroup], ...]]


@functools.cache
def load_ontology() -> Ontology:
    """Read the table.

    Raises
    ------
    GazetteerError
        If a key is unknown or missing.
    """
    data = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    sets = {f"@{name}": tuple(words) for name, words in data["words"].items()}
    classes = {row["name"]: _event_class(row, sets) for row in data["class"]}
    if len(classes) != len(data["class"]):
        raise GazetteerError(f"{_TABLE.name}: a class stands twice")
    support = data["support"]
    roles = {
        verb: role
        for role in ("participant", "host", "chair", "mediator")
        for verb in support[role]
    }
    return Ontology(
        classes,
        Support(roles, frozenset(support["happens"]), frozenset(support["within"])),
        _index(classes, lambda group: group.verbs),
        _index(classes, _last_words),
        _by_frame(classes),
    )


def _index(
    classes: Mapping[str, EventClass], words: Callable[[TriggerGroup], Set[str]]
) -> Mapping[str, tuple[tuple[EventClass, TriggerGroup], ...]]:
    """Return which groups a word may announce."""
    found: dict[str, list[tuple[EventClass, TriggerGroup]]] = {}
    for event_class in classes.values():
        for group in event_class.groups:
            for word in words(group):
                found.setdefault(word, []).append((event_class, group))
    return {word: tuple(groups) for word, groups in found.items()}


def _by_frame(
    classes: Mapping[str, EventClass],
) -> Mapping[str, tuple[tuple[tuple[str, ...], EventClass, TriggerGroup], ...]]:
    """Return the frames of all groups by their verb."""
    found: dict[str, list[tuple[tuple[str, ...], EventClass, TriggerGroup]]] = {}
    for event_class in classes.values():
        for group in event_class.groups:
            for verb, frames in group.frames.items():
                found.setdefault(verb, []).extend((f, event_class, group) for f in frames)
    return {verb: tuple(frames) for verb, frames in found.items()}


def _last_words(group: TriggerGroup) -> set[str]:
    """Return the words that nouns hang by: "exchange of fire" by its first, others by the last."""
    return {name.split(" of ")[0].split()[-1] for name in group.names}


def _event_class(row: dict[str, Any], sets: Mapping[str, tuple[str, ...]]) -> EventClass:
    """Turn a table of the file into a class."""
    known = {
        "name", "label", "layer", "plover", "plover_planned", "acled", "drawn", "derived",
        "trigger", "code", "examples", "counter_examples",
    }  # fmt: skip
    if unknown := set(row) - known:
        raise GazetteerError(f"{_TABLE.name}: class {row.get('name')!r}: unknown key {unknown}")
    return EventClass(
        name=row["name"],
        label=row["label"],
        layer=cast(Layer, row["layer"]),
        plover=row["plover"],
        plover_planned=row["plover_planned"],
        acled=row["acled"] or None,
        drawn=row.get("drawn", True),
        groups=tuple(_group(row["name"], group, sets) for group in row.get("trigger", ())),
        codes=tuple(
            Code(
                code["acled"],
                *(frozenset(code.get(key, ())) for key in ("near", "not_near", "subjects")),
            )
            for code in row.get("code", ())
        ),
        examples=tuple(row["examples"]),
        counter_examples=tuple(row["counter_examples"]),
    )


def _group(name: str, row: dict[str, Any], sets: Mapping[str, tuple[str, ...]]) -> TriggerGroup:
    """Turn one ``[[class.trigger]]`` into a group."""
    known = set(TriggerGroup.__dataclass_fields__)
    if unknown := set(row) - known:
        raise GazetteerError(f"{_TABLE.name}: trigger of {name!r}: unknown key {unknown}")
    kinds = {
        key: frozenset(word for item in row.get(key, ()) for word in sets.get(item, (item,)))
        for key in ("verbs", "nouns", "nominals", "happenings", "place_slots", "subjects",
                    "objects", "near", "not_near", "not_in", "not_objects")
    }  # fmt: skip
    return TriggerGroup(
        frames=_frames(row.get("frames", ()), sets),
        roles=row.get("roles", {}),
        plover=row.get("plover"),
        agent=row.get("agent", False),
        acled=row.get("acled"),
        **kinds,
    )


def _frames(
    rows: Iterable[str], sets: Mapping[str, tuple[str, ...]]
) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Return frames by their verb: "hold|stage sit-in" is two, "sign @pacts" one for each."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for row in rows:
        choices = [
            [one for part in word.split("|") for one in sets.get(part, (part,))]
            for word in row.split()
        ]
        for frame in itertools.product(*choices):
            found.setdefault(frame[0], []).append(frame)
    return {verb: tuple(dict.fromkeys(frames)) for verb, frames in found.items()}
