"""The one table of colours, shapes and labels."""

import itertools
from pathlib import Path
from typing import Any, get_args

import pytest

from geomap.config import load_config
from geomap.errors import ConfigError
from geomap.events.ontology import load_ontology
from geomap.model import Layer, Status
from geomap.style import Style

STYLE = Style.default()
# Matrices of full colour blindness of each kind (Machado and others 2009), for linear RGB.
BLIND = {
    "protan": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deutan": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "tritan": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}


def linear(colour: str) -> tuple[float, ...]:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    return tuple(p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)


def lab(rgb: tuple[float, ...]) -> tuple[float, float, float]:
    r, g, b = (min(1.0, max(0.0, part)) for part in rgb)
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def luminance(colour: str) -> float:
    r, g, b = linear(colour)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def seen(colour: str, kind: str | None) -> tuple[float, float, float]:
    rgb = linear(colour)
    if kind:
        rgb = tuple(sum(a * b for a, b in zip(row, rgb, strict=True)) for row in BLIND[kind])
    return lab(rgb)


def test_every_class_layer_and_status_of_the_interface_has_its_style() -> None:
    classes = load_ontology().classes
    assert set(STYLE.classes) == set(classes)
    assert set(STYLE.layers) == set(get_args(Layer))
    assert set(STYLE.statuses) == set(get_args(Status))
    for name, style in STYLE.classes.items():
        assert style.layer == classes[name].layer
        assert style.label == classes[name].label


def test_shape_alone_tells_the_class() -> None:
    marks = [(item.layer, item.sign) for item in STYLE.classes.values()]
    assert len(set(marks)) == len(marks)
    assert len({layer.shape for layer in STYLE.layers.values()}) == len(STYLE.layers)


@pytest.mark.parametrize("kind", [None, *BLIND])
@pytest.mark.parametrize("layer", STYLE.layers)
def test_colour_alone_tells_the_class_within_its_layer(layer: str, kind: str | None) -> None:
    colours = {n: s.colour for n, s in STYLE.classes.items() if s.layer == layer}
    for (one, a), (other, b) in itertools.combinations(colours.items(), 2):
        apart = sum((x - y) ** 2 for x, y in zip(seen(a, kind), seen(b, kind), strict=True)) ** 0.5
        assert apart > 10, (one, other, apart)


@pytest.mark.parametrize("name", STYLE.classes)
def test_the_sign_stands_out_from_its_colour(name: str) -> None:
    colour = STYLE.classes[name].colour
    low, high = sorted(map(luminance, (colour, STYLE.sign_colour(colour))))
    assert (high + 0.05) / (low + 0.05) >= 3


def test_a_newsroom_changes_it_in_its_configuration(tmp_path: Path) -> None:
    path = tmp_path / "geomap.toml"
    path.write_text('[style.classes.protest]\nlabel = "Demo"\ncolour = "#AA4499"\n', "utf-8")
    config = load_config(path)
    assert config.style is not None
    changed = config.style.classes["protest"]
    assert (changed.label, changed.colour) == ("Demo", "#aa4499")
    assert changed.sign == STYLE.classes["protest"].sign
    assert config.described()["style"]["classes"]["protest"]["label"] == "Demo"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"classes": {"protests": {}}}, "did you mean 'protest'"),
        ({"classes": {"protest": {"colour": "red"}}}, "'red' is not a colour"),
        ({"classes": {"protest": {"sign": "<script>"}}}, "not an SVG path"),
        ({"classes": {"protest": {"layer": "sea"}}}, "'sea' is not allowed"),
        ({"classes": {"protest": {"label": 1}}}, "'1' is not a text"),
        ({"classes": {"protest": "red"}}, "is not a table"),
        ({"statuses": {"planned": {"outline": "bold"}}}, "give solid, hollow"),
        ({"layers": {"unrest": {"centre": [1]}}}, "not a pair"),
        ({"ink": "#fff"}, "style.ink"),
    ],
)
def test_a_wrong_value_is_named(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        STYLE.changed(changes)
