"""What the linker remembers of earlier documents: clusters, and the sentences of their mentions.

It lies in a temporary SQLite file that the system removes, so that memory stays flat over millions
of documents. Clusters are found by class, place and time, sentences by their names and numbers:
nothing is compared with all the rest.
"""

import datetime
import hashlib
import pickle
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from geomap.copies import Sentence
from geomap.model import Event, EventDate

__all__ = ["Cluster", "Happenings", "Hosts", "Printed", "Spot"]

_SHORT = 31
"""Up to so many days an interval is looked for by its start; longer ones lie apart."""
_CACHE_KIB = 32_000


class Spot(NamedTuple):
    """Where a mention is, as far as linking asks."""

    id: str | None
    text: str | None
    name: str | None
    country: str | None
    admin1: str | None
    precision: int | None


class Hosts(NamedTuple):
    """The hosts that a mention names, the countries of these, and that of its place."""

    names: tuple[str, ...]
    countries: tuple[str, ...]
    place: str | None


@dataclass(slots=True, eq=False)
class Cluster:
    """What is known of one happening: of each thing that its mentions say, the different values.

    Attributes
    ----------
    first
        The first mention, whose id is the cluster's.
    number
        Under which it is remembered; 0 before it is.
    kinds
        Subclasses.
    spots, hosts, people
        Where mentions are, who hosts, who takes part.
    dates
        The intervals that mentions state or assume.
    latest_start, earliest_end
        Of the days that are stated. They overlap, each with each, so that another interval overlaps
        them all if it overlaps these two.
    """

    first: Event
    number: int = 0
    kinds: set[str | None] = field(default_factory=set)
    spots: list[Spot] = field(default_factory=list)
    hosts: list[Hosts] = field(default_factory=list)
    people: list[set[str]] = field(default_factory=list)
    dates: set[tuple[str, str]] = field(default_factory=set)
    latest_start: str = ""
    earliest_end: str = "9999-12-31"


@dataclass(slots=True)
class Printed:
    """A mention in an earlier document, with what tells whether a sentence is its copy.

    Attributes
    ----------
    cluster
        The number of its cluster.
    offset
        Where in the sentence the trigger begins.
    """

    cluster: int
    document_id: str
    published: str | None
    offset: int
    spot: Spot | None
    date: EventDate | None


class Happenings:
    """Clusters and printed sentences of all documents so far."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.executescript(
            f"""
            PRAGMA journal_mode = OFF;
            PRAGMA cache_size = -{_CACHE_KIB};
            CREATE TABLE cluster (number INTEGER PRIMARY KEY, packed BLOB);
            CREATE TABLE at (block BLOB, start INTEGER, end INTEGER, cluster INTEGER,
                PRIMARY KEY (block, start, end, cluster)) WITHOUT ROWID;
            CREATE TABLE printed (block BLOB, number INTEGER, words TEXT, packed BLOB,
                PRIMARY KEY (block, number)) WITHOUT ROWID;
            """
        )
        self._count = 0

    def cluster(self, number: int) -> Cluster:
        """Return a cluster that is remembered."""
        query = "SELECT packed FROM cluster WHERE number = ?"
        (packed,) = self._database.execute(query, (number,)).fetchone()
        cluster: Cluster = pickle.loads(packed)
        return cluster

    def remember(self, cluster: Cluster) -> None:
        """Remember a cluster as it is now; a new one gets its number."""
        cluster.number = cluster.number or self._next()
        row = (cluster.number, pickle.dumps(cluster))
        self._database.execute("INSERT OR REPLACE INTO cluster VALUES (?, ?)", row)

    def put(self, cluster: Cluster, family: str, place: str, date: EventDate) -> None:
        """Let a cluster be found by a mention's class, place and days."""
        start, end = _days(date)
        row = (_block(family, place, end - start > _SHORT), start, end, cluster.number)
        self._database.execute("INSERT OR IGNORE INTO at VALUES (?, ?, ?, ?)", row)

    def near(self, family: str, place: str, date: EventDate) -> list[int]:
        """Return the numbers of clusters with a mention of a class, at a place, in some days."""
        start, end = _days(date)
        query = """
            SELECT cluster FROM at
            WHERE block = ? AND start BETWEEN ? AND ? AND end >= ?
            UNION SELECT cluster FROM at WHERE block = ? AND start <= ? AND end >= ?
            ORDER BY cluster
        """
        short, long = (_block(family, place, far) for far in (False, True))
        values = (short, start - _SHORT, end, start, long, end, start)
        return [number for (number,) in self._database.execute(query, values)]

    def print(self, sentence: Sentence, kind: object, printed: Printed) -> None:
        """Remember a mention under its sentence."""
        row = (_printed_block(sentence, kind), self._next(), " ".join(sentence.words))
        packed = pickle.dumps(printed)
        self._database.execute("INSERT INTO printed VALUES (?, ?, ?, ?)", (*row, packed))

    def copied(self, sentence: Sentence, kind: object) -> Iterator[Printed]:
        """Yield the mentions under copies of a sentence: equal ones first, then in their order."""
        query = "SELECT words, packed FROM printed WHERE block = ? ORDER BY words <> ?, number"
        own = " ".join(sentence.words)
        rows = self._database.execute(query, (_printed_block(sentence, kind), own)).fetchall()
        alike: dict[str, bool] = {own: True}
        for words, packed in rows:
            if words not in alike:
                other = Sentence(tuple(words.split(" ")), sentence.telling)
                alike[words] = sentence.copies(other)
            if alike[words]:
                yield pickle.loads(packed)

    def _next(self) -> int:
        self._count += 1
        return self._count


def _days(date: EventDate) -> tuple[int, int]:
    """Return the first and the last day as numbers."""
    start, end = (datetime.date.fromisoformat(day).toordinal() for day in (date.start, date.end))
    return start, end


def _block(family: str, place: str, far: bool) -> bytes:
    return _hash(f"{family}\n{place}\n{far}")


def _printed_block(sentence: Sentence, kind: object) -> bytes:
    return _hash(f"{sorted(sentence.telling)}\n{kind}")


def _hash(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).digest()
