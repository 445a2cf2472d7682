"""The layers for a GIS or a database: every cluster once, every value of its kind."""

import datetime
from dataclasses import replace
from typing import Any

import pytest
from samples import make_document, make_event, make_place

from geomap.columns import COLUMNS
from geomap.export import Results
from geomap.export.layers import DETAIL_COLUMNS, Layer, base_layers, event_layers
from geomap.model import Number

pytestmark = pytest.mark.usefixtures("few_shapes")
KINDS: dict[str, type | tuple[type, ...]] = {
    "text": str,
    "integer": int,
    "real": float,
    "boolean": bool,
    "date": datetime.date,
    "json": (list, dict),
}


@pytest.fixture
def layers() -> dict[str, Layer]:
    """Make the layers of an article with an event of every kind of place."""
    document = make_document(
        make_event("point", numbers=(Number("killed", 1, 2, None, 0, 1),)),
        make_event("line", place=make_place(5), border_pair="XA-XB"),
        make_event("area", place=make_place(6)),
        make_event("none", place=None, date=None),
        make_event("said", event_class="statement", layer="other"),
        make_event("cancelled", status="cancelled"),
        warnings=("a warning",),
    )
    return {layer.name: layer for layer in event_layers(Results.of([document]))}


def ids(layer: Layer) -> list[Any]:
    return [row["event_id"] for row in layer.rows]


def test_every_event_is_in_one_layer(layers: dict[str, Layer]) -> None:
    assert ids(layers["events"]) == ["point"]
    assert ids(layers["lines"]) == ["line"]
    assert ids(layers["areas"]) == ["area"]
    assert ids(layers["unlocated"]) == ["none", "said", "cancelled"]


def test_events_have_the_columns_of_the_interface_first(layers: dict[str, Layer]) -> None:
    for name in ("events", "lines", "areas", "unlocated"):
        assert [c.name for c in layers[name].columns] == [*COLUMNS, *DETAIL_COLUMNS]


def test_values_are_of_their_kind(layers: dict[str, Layer]) -> None:
    for layer in layers.values():
        for row in layer.rows:
            for column in layer.columns:
                value = row[column.name]
                assert value is None or isinstance(value, KINDS[column.kind]), column.name
    (point,) = layers["events"].rows
    assert point["date_start"] == datetime.date(2020, 5, 3)
    assert (point["killed_min"], point["wounded_min"]) == (1, None)
    assert point["reasons"] == ["the verb"]
    assert layers["articles"].rows[0]["warnings"] == ["a warning"]


def test_shapes_are_of_the_kind_of_their_layer(layers: dict[str, Layer]) -> None:
    for layer in (*layers.values(), *base_layers()):
        for row in layer.rows:
            shape = row.get("geometry")
            assert shape is None or shape.geom_type == layer.geometry


def test_keys_tell_rows_apart(layers: dict[str, Layer]) -> None:
    for layer in layers.values():
        keys = [tuple(row[name] for name in layer.key) for row in layer.rows]
        assert len(set(keys)) == len(keys)


def test_every_column_has_a_name_of_its_own_in_its_table(layers: dict[str, Layer]) -> None:
    for layer in layers.values():
        titles = [column.title for column in layer.columns]
        assert sorted(set(titles)) == sorted(titles)


def test_a_lone_surrogate_does_not_stay() -> None:
    event = make_event()
    document = make_document(replace(event, actors=()), title="a\ud800b")
    layers = event_layers(Results.of([document]))
    assert layers[0].rows[0]["title"] == "a\ufffdb"
