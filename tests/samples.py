"""Small documents and events that several tests make, and a pipeline without a model."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import geopandas
import pandas

from geomap.config import Config
from geomap.model import Actor, Document, Event, EventDate, EventPlace, Place, Span, Toponym

TEXT = "Border guards clashed in Alfa on 3 May 2020. The Alfa clash killed two."


def make_place(precision: int | None = 1, **changes: Any) -> EventPlace:
    """Make the place of an event; a point only where the precision allows one."""
    exact = precision in (1, 2)
    place = EventPlace(
        start=25,
        end=29,
        text="Alfa",
        id="test:1",
        geonameid=1,
        name="Alfa",
        latitude=10.1234567 if exact else None,
        longitude=20.5 if exact else None,
        country="XA",
        precision=precision,
        radius_km=5.0 if exact else None,
        place_source="clause",
        why="named in the clause",
    )
    return replace(place, **changes)


def make_event(event_id: str = "e1", **changes: Any) -> Event:
    """Make an event of the first sentence of TEXT."""
    event = Event(
        event_id=event_id,
        cluster_id=event_id,
        event_class="border_clash",
        subclass="interstate",
        layer="border_clashes",
        status="reported",
        status_cue=None,
        aggregate=False,
        disputed=False,
        plover="ASSAULT",
        acled_like="Battles: Armed clash",
        trigger=Span(14, 21, "clashed"),
        sentence=Span(0, 44, TEXT[:44]),
        actors=(Actor("Border guards", "side_a"),),
        place=make_place(),
        date=EventDate("2020-05-03", "2020-05-03", 1, "3 May 2020", "clause", "day"),
        confidence=0.9,
        reasons=("the verb",),
    )
    return replace(event, **changes)


def make_document(*events: Event, **changes: Any) -> Document:
    """Make an article with events and one toponym."""
    place = Place("test:1", 1, "Alfa", 10.1234567, 20.5, "P", "PPL", "XA")
    document = Document(
        id="doc",
        text=TEXT,
        published="2020-05-04",
        published_basis="stated",
        toponyms=(Toponym(25, 29, "Alfa", "place", place, 0.9),),
        events=events,
    )
    return replace(document, **changes)


class FakePipeline:
    """Stands for the pipeline: one event in every article, no model, no gazetteer."""

    def __init__(self, config: Config) -> None:
        self.config = config

    def run(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Add an event to each article."""
        yield from self.read(documents)

    def read(self, group: Iterable[Document], clock: object = None) -> list[Document]:
        """Add an event to each article of a group."""
        read = []
        for document in group:
            text = document.text
            event = make_event(
                f"{document.id}#1",
                sentence=Span(0, len(text), text),
                trigger=Span(0, 3, text[:3]),
                place=make_place(start=None, end=None),
            )
            read.append(replace(document, events=(event,)))
        return read

    def identity(self) -> dict[str, Any]:
        """Return fixed identities."""
        return {"model": {"name": self.config.model}, "gazetteer": {"hash": "0"}}


def geo_table(rows: Iterable[dict[str, Any]]) -> geopandas.GeoDataFrame:
    """Make a table of events as geomap does: of objects, for text may be no Unicode."""
    plain = pandas.DataFrame(list(rows), dtype=object)
    return geopandas.GeoDataFrame(plain, geometry="geometry", crs="EPSG:4326")


def read_cases(cases: Iterable[dict[str, Any]]) -> list[Document]:
    """Read every ``text`` of a table of cases with the real pipeline, in one go."""
    from geomap.pipeline import Pipeline

    texts = [
        Document(str(number), case["text"], published="2024-05-15", published_basis="stated")
        for number, case in enumerate(cases)
    ]
    return list(Pipeline(Config()).run(texts))
