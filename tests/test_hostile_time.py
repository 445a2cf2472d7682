"""Texts made to be slow: time grows with the length, not with its square."""

import time

import pytest

from geomap.config import Config
from geomap.model import Document
from geomap.pipeline import Pipeline

pytestmark = pytest.mark.model
SHORT, LONG = 2_000, 8_000
TIMES = 10
"""How much longer four times the length may take; its square would be 16."""


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    made = Pipeline(Config())
    list(made.run([Document(id="a", text="Clashes erupted in Herat.")]))
    return made


def seconds(pipeline: Pipeline, text: str) -> float:
    """Return the processor time that a text takes."""
    started = time.process_time()
    list(pipeline.run([Document(id="a", text=text, published="2021-07-18")]))
    return time.process_time() - started


@pytest.mark.parametrize(
    "unit",
    [
        "Kabul, ",
        "Talks between Iran and Iraq, ",
        "Iran and Iraq and Syria met and ",
        "Clashes; talks; protests; ",
        "\u0643\u0627\u0628\u0644 ",
    ],
)
def test_time_grows_with_the_length(unit: str, pipeline: Pipeline) -> None:
    short, long = (seconds(pipeline, (unit * length)[:length]) for length in (SHORT, LONG))
    assert long < TIMES * max(short, 0.1)
