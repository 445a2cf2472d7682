"""The figure finds room: marks do not lie over each other, names are next to their own mark."""

import itertools
import math
from typing import Any

import numpy
from matplotlib.patches import FancyBboxPatch, Wedge
from test_figure import NAIROBI, row, table, texts

import geomap
from geomap.export.figure.labels import Box, Room, around

KINDS = ("protest", "coup", "armed_clash", "shelling", "visit", "aid")


def rings(figure: Any) -> dict[tuple[float, float], float]:
    """Return the radius of each ring by its middle, in millimetres."""
    found: dict[tuple[float, float], float] = {}
    for axes in figure.axes:
        for child in axes.get_children():
            if isinstance(child, Wedge):
                at = (round(child.center[0], 3), round(child.center[1], 3))
                found[at] = max(found.get(at, 0.0), child.r)
    return found


def test_rings_that_grew_do_not_lie_over_others() -> None:
    dice = numpy.random.default_rng(4)
    spots = dice.uniform((36, -2), (38, 0), (60, 2))
    crowd = [
        row(f"town {i}", x, y, event_class=kind)
        for i, (x, y) in enumerate(spots)
        for kind in KINDS[: 2 + i % 5]
    ]
    found = rings(geomap.to_figure(table(*crowd), width_mm=120, extent="KE", labels=False))
    assert len(found) > 2
    for (one, first), (other, second) in itertools.combinations(found.items(), 2):
        assert math.dist(one, other) > 0.9 * (first + second)


def test_no_event_is_lost_when_marks_join() -> None:
    places = [(36 + 0.3 * n, -1.0) for n in range(12)]
    crowd = [row(f"t{n}", x, y, event_class=k) for n, (x, y) in enumerate(places) for k in KINDS]
    written = texts(geomap.to_figure(table(*crowd), width_mm=85, extent="KE", labels=False))
    assert sum(int(text) for text in written if text.isdigit()) == len(crowd)


def test_a_world_on_a_given_sheet_is_as_wide_as_it_can_be() -> None:
    far = [row("Tokyo", 139.7, 35.7), row("Santiago", -70.6, -33.4), NAIROBI]
    figure = geomap.to_figure(table(*far), width_mm=420, height_mm=297)
    widest = max(axes.get_position().width for axes in figure.axes[1:])
    assert widest > 0.95


def test_a_name_keeps_clear_of_marks_that_are_not_its_own() -> None:
    mine, other = Box(50, 50, 6, 6), Box(74.5, 50, 6, 6)
    room = Room(100, 100)
    room.take(mine, other)
    asked = around(50, 50, 4, 16, 4)
    assert room.copy().first_free(asked) == asked[0]
    assert room.first_clear(asked, (mine,), 2.0) == asked[1]
    # What was found is taken.
    assert room.first_free([asked[1]]) is None


def test_four_maps_are_two_by_two() -> None:
    months = [row("Nairobi", 36.8, -1.3, date_start=f"2031-0{n}-01") for n in range(1, 5)]
    figure = geomap.to_figure(table(*months), panels="month", extent="KE")
    maps = [axes.get_position() for axes in figure.axes[1:]]
    assert len({round(box.x0, 3) for box in maps}) == 2
    assert len({round(box.y0, 3) for box in maps}) == 2


def test_no_name_lies_over_the_number_at_a_mark() -> None:
    # A long name with marks on its right, so that it goes to the left, where the number is.
    rows = [row("Long Named", -62, 17, event_class=kind) for kind in ("coup", "coup", "protest")]
    rows += [row(f"t{n}", -50 + 9 * n, 17, event_class="aid") for n in range(3)]
    figure = geomap.to_figure(table(*rows), extent="world")
    figure.draw_without_rendering()
    parts = [child for axes in figure.axes for child in axes.get_children()]
    numbers = [p.get_window_extent() for p in parts if isinstance(p, FancyBboxPatch)]
    names = [t.get_window_extent() for axes in figure.axes for t in axes.texts
             if t.get_text() == "Long Named"]  # fmt: skip
    assert len(names) == 1
    assert numbers
    assert not any(names[0].overlaps(number) for number in numbers)
