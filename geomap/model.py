"""The nouns: what flows through geomap. Frozen dataclasses, no input or output.

A :class:`Document` enters with its text alone; each stage returns a copy with one more field
filled: ``toponyms`` (recognise), their ``place`` (resolve), ``events`` (events). Field names and
their order are those of the JSON Lines that ``geomap extract`` writes.

All offsets count Unicode code points of ``Document.text``, end exclusive. Coordinates are decimal
degrees in WGS 84 (EPSG:4326).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

__all__ = [
    "EVENT_CLASSES",
    "PLOVER_ROOTS",
    "Actor",
    "Alternative",
    "Attribution",
    "Document",
    "Event",
    "EventDate",
    "EventPlace",
    "Number",
    "Origin",
    "Place",
    "PlaceRole",
    "Relation",
    "Span",
    "Toponym",
]

Basis = Literal["stated", "given", "assumed"]
ToponymKind = Literal["place", "demonym", "metonym", "embedded"]
Status = Literal[
    "reported",
    "ongoing",
    "planned",
    "proposed",
    "threatened",
    "conditional",
    "claimed",
    "denied",
    "negated",
    "cancelled",
    "postponed",
    "past_reference",
]
Layer = Literal["border_clashes", "diplomatic_venues", "conflict", "unrest", "other"]
EVENT_CLASSES = (
    "border_clash border_incursion border_buildup border_closure armed_clash shelling air_strike "
    "explosion attack_on_civilians abduction arrest territory_change ceasefire withdrawal "
    "weapons_test protest coup diplomatic_meeting visit mediation agreement relations_down "
    "relations_up statement aid displacement"
).split()
PLOVER_ROOTS = (
    "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST "
    "SANCTION MOBILIZE COERCE ASSAULT"
).split()


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the document's text."""

    start: int
    end: int
    text: str


class Place(msgspec.Struct, frozen=True, gc=False):
    """A place of the gazetteer. What the source does not give is None, never guessed.

    A struct and no dataclass: a look-up makes many, and these are made in a tenth of the time.
    """

    id: str
    geonameid: int | None
    name: str
    latitude: float | None
    longitude: float | None
    feature_class: str | None = None
    feature_code: str | None = None
    country: str | None = None
    admin1: str | None = None
    admin2: str | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another place that had a chance, with its score (0 to 1)."""

    id: str
    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Toponym:
    """A place name in the text, and the place it was resolved to (None: none, see ``reasons``)."""

    start: int
    end: int
    text: str
    kind: ToponymKind
    place: Place | None = None
    score: float = 0.0
    reasons: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who took part, in which role. ``country`` only for states and their organs."""

    name: str
    role: str
    country: str | None = None
    sector: str | None = None
    group_id: str | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says so. ``kind``: outlet, party, official or anonymous."""

    name: str
    kind: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class EventPlace:
    """Where an event happened.

    ``precision``: 1 exact place, 2 near it, 3 second-order division, 4 first-order division,
    5 line or vague region, 6 country, 7 sea or air space. ``latitude`` and ``longitude`` are None
    from 3 on. A place that the text states and the gazetteer lacks has its span and ``why`` only.
    """

    start: int | None
    end: int | None
    text: str | None
    id: str | None
    geonameid: int | None
    name: str | None
    latitude: float | None
    longitude: float | None
    country: str | None = None
    admin1: str | None = None
    feature_code: str | None = None
    precision: int | None = None
    radius_km: float | None = None
    place_source: str | None = None
    why: str = ""
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceRole:
    """Another place that belongs to the event: venue, origin, destination or via."""

    role: str
    text: str
    id: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class EventDate:
    """When: an interval of days (ISO 8601, both ends included) with its precision.

    ``precision``: 1 day, 2 two to six days, 3 a week, 4 eight days to a month, 5 longer,
    9 assumed from the day of publication or of the report. ``source`` says which.
    """

    start: str
    end: str
    precision: int
    text: str
    source: str
    rule: str


@dataclass(frozen=True, slots=True)
class Number:
    """How many: killed, wounded, detained, displaced or crowd; smallest and largest."""

    kind: str
    min: int
    max: int
    who: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Relation:
    """A link to an event that is not the same: part_of, same_process or talks_about."""

    event_id: str
    relation: str


@dataclass(frozen=True, slots=True)
class Event:
    """One mention: a trigger in a sentence. Mentions of one happening share ``cluster_id``."""

    event_id: str
    cluster_id: str
    event_class: str
    subclass: str | None
    layer: Layer
    status: Status
    status_cue: str | None
    aggregate: bool
    disputed: bool
    plover: str | None
    acled_like: str | None
    trigger: Span
    sentence: Span
    actors: tuple[Actor, ...] = ()
    attributed_to: tuple[Attribution, ...] = ()
    claimed_by: str | None = None
    place: EventPlace | None = None
    places: tuple[PlaceRole, ...] = ()
    date: EventDate | None = None
    numbers: tuple[Number, ...] = ()
    related: tuple[Relation, ...] = ()
    border_pair: str | None = None
    border_line: str | None = None
    confidence: float = 0.0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document comes from: its file, and with what it was made (for ``run.json``)."""

    name: str
    sha256: str
    options: Mapping[str, Any] | None = None
    identity: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Document:
    """One article and what was found in it.

    ``analysis`` holds the parsed text between the stages (a ``spacy.tokens.Doc``), ``origin`` the
    file the document was read from; both are no part of its value and never written with it.
    """

    id: str
    text: str
    title: str | None = None
    published: str | None = None
    published_basis: Basis | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None
    toponyms: tuple[Toponym, ...] = ()
    events: tuple[Event, ...] = ()
    warnings: tuple[str, ...] = ()
    analysis: Any = field(default=None, compare=False, repr=False)
    origin: Origin | None = field(default=None, compare=False, repr=False)
