"""The grammar of dates: news phrases and the days they mean, from Friday 10 July 2020."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.events.dates import find_dates, precision_of

FRIDAY = datetime.date(2020, 7, 10)

CASES = [
    ("on Thursday", False, "2020-07-09", "2020-07-09", 1),
    ("Friday morning", False, "2020-07-10", "2020-07-10", 1),
    ("on Wednesday night", False, "2020-07-08", "2020-07-08", 1),
    ("last Tuesday", False, "2020-07-07", "2020-07-07", 1),
    ("last Friday", False, "2020-07-03", "2020-07-03", 1),
    ("next Tuesday", True, "2020-07-14", "2020-07-14", 1),
    ("on Tuesday", True, "2020-07-14", "2020-07-14", 1),
    ("this Monday", False, "2020-07-06", "2020-07-06", 1),
    ("early July", False, "2020-07-01", "2020-07-10", 4),
    ("late June", False, "2020-06-21", "2020-06-30", 4),
    ("mid-May", False, "2020-05-11", "2020-05-20", 4),
    ("July 8-9", False, "2020-07-08", "2020-07-09", 2),
    ("8-9 July", False, "2020-07-08", "2020-07-09", 2),
    ("8–9 July 2019", False, "2019-07-08", "2019-07-09", 2),
    ("from July 8 to July 9", False, "2020-07-08", "2020-07-09", 2),
    ("between June 30 and July 2", False, "2020-06-30", "2020-07-02", 2),
    ("June 30-July 2", False, "2020-06-30", "2020-07-02", 2),
    ("on 3 March", False, "2020-03-03", "2020-03-03", 1),
    ("on December 20", False, "2019-12-20", "2019-12-20", 1),
    ("on August 2", True, "2020-08-02", "2020-08-02", 1),
    ("March 5, 2018", False, "2018-03-05", "2018-03-05", 1),
    ("in May", False, "2020-05-01", "2020-05-31", 4),
    ("in November", False, "2019-11-01", "2019-11-30", 4),
    ("since February", False, "2020-02-01", "2020-07-10", 5),
    ("in 1998", False, "1998-01-01", "1998-12-31", 5),
    ("the 1990s", False, "1990-01-01", "1999-12-31", 5),
    ("yesterday", False, "2020-07-09", "2020-07-09", 1),
    ("overnight", False, "2020-07-09", "2020-07-10", 2),
    ("last week", False, "2020-06-29", "2020-07-05", 3),
    ("this week", False, "2020-07-06", "2020-07-10", 2),
    ("last month", False, "2020-06-01", "2020-06-30", 4),
    ("next month", True, "2020-08-01", "2020-08-31", 4),
    ("three days ago", False, "2020-07-07", "2020-07-07", 1),
    ("two years ago", False, "2018-01-01", "2018-12-31", 5),
    ("2020-02-29", False, "2020-02-29", "2020-02-29", 1),
]


@pytest.mark.parametrize(("phrase", "future", "start", "end", "precision"), CASES)
def test_phrase(phrase: str, future: bool, start: str, end: str, precision: int) -> None:
    (found,) = find_dates(f"They met {phrase}.")
    interval = found.resolve(FRIDAY, future)
    assert interval is not None
    assert (interval.start.isoformat(), interval.end.isoformat()) == (start, end)
    assert interval.precision == precision


@pytest.mark.parametrize("phrase", ["on Thursday", "early July", "yesterday", "last week"])
def test_without_a_publication_date_relative_phrases_stay_open(phrase: str) -> None:
    (found,) = find_dates(f"They met {phrase}.")
    assert found.resolve(None, False) is None


@pytest.mark.parametrize(
    "text",
    [
        "The party may march on the town.",
        "They sat down with 2,500 people.",
        "Mr May said the sun rose.",
        "He walked 8-9 km.",
        "on February 30",
    ],
)
def test_no_date(text: str) -> None:
    assert all(found.resolve(FRIDAY, False) is None for found in find_dates(text))


def test_offsets_are_those_of_the_document() -> None:
    (found,) = find_dates("on Monday", offset=100)
    assert (found.start, found.end, found.text) == (103, 109, "Monday")


@pytest.mark.parametrize(
    ("days", "precision"), [(1, 1), (2, 2), (6, 2), (7, 3), (8, 4), (31, 4), (32, 5)]
)
def test_precision(days: int, precision: int) -> None:
    assert precision_of(FRIDAY, FRIDAY + datetime.timedelta(days=days - 1)) == precision


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789 -–,MayJuneonTuesdaylastweekago", max_size=60))
def test_any_text_gives_intervals_or_nothing(text: str) -> None:
    for found in find_dates(text):
        interval = found.resolve(FRIDAY, False)
        assert interval is None or interval.start <= interval.end
