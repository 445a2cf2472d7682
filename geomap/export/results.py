"""What the writers start from: the documents and the tables made of them, once."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from geomap.config import Config
from geomap.corrections import Corrections
from geomap.frame import events_frame, lines_and_areas, mentions_frame, places_frame
from geomap.model import Document

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from geomap.export.layers import Layer

__all__ = ["Results", "records"]


@dataclass(frozen=True, eq=False)
class Results:
    """The documents of a run and their tables."""

    documents: tuple[Document, ...]
    events: "GeoDataFrame"
    lines: "GeoDataFrame"
    areas: "GeoDataFrame"
    places: "GeoDataFrame"
    mentions: "DataFrame"
    config: Config = field(default_factory=Config)

    @functools.cached_property
    def layers(self) -> "tuple[Layer, ...]":
        """The layers of :func:`geomap.export.layers.event_layers`, made once for all files."""
        from geomap.export.layers import event_layers

        return event_layers(self)

    @classmethod
    def of(
        cls,
        documents: Iterable[Document],
        config: Config | None = None,
        corrections: Corrections | None = None,
    ) -> "Results":
        """Make the tables of some documents; the options say how the outputs look."""
        documents = tuple(documents)
        events = events_frame(documents, corrections)
        lines, areas = lines_and_areas(events)
        return cls(
            documents,
            events,
            lines,
            areas,
            places_frame(documents),
            mentions_frame(documents),
            config or Config(),
        )


def records(frame: "DataFrame") -> list[dict[str, Any]]:
    """Return the rows of a table as dicts, with None for whatever is missing."""
    rows: list[dict[str, Any]] = frame.to_dict("records")
    return [{key: None if value != value else value for key, value in row.items()} for row in rows]
