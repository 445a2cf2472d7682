"""Sixty phrases of time as news writes them, from Wednesday 13 March 2024.

Each sentence has one event. The days were written down from reading, before any program ran. None
may get an exact day that its words do not give.
"""

import pytest

from geomap.config import Config
from geomap.model import Document
from geomap.pipeline import Pipeline

pytestmark = pytest.mark.model

NONE = None
CASES: list[tuple[str, tuple[str, str] | None]] = [
    ("Rebels clashed with soldiers in Goma on Tuesday.", ("2024-03-12", "2024-03-12")),
    ("Rebels clashed with soldiers in Goma on Wednesday.", ("2024-03-13", "2024-03-13")),
    ("Rebels clashed with soldiers in Goma on Thursday night.", ("2024-03-07", "2024-03-07")),
    ("Rebels clashed with soldiers in Goma last Wednesday.", ("2024-03-06", "2024-03-06")),
    ("Rebels clashed with soldiers in Goma early on Monday.", ("2024-03-11", "2024-03-11")),
    ("Rebels clashed with soldiers in Goma yesterday.", ("2024-03-12", "2024-03-12")),
    ("Rebels clashed with soldiers in Goma today.", ("2024-03-13", "2024-03-13")),
    ("Rebels clashed with soldiers in Goma overnight.", ("2024-03-12", "2024-03-13")),
    ("Rebels clashed with soldiers in Goma overnight to Sunday.", ("2024-03-09", "2024-03-10")),
    ("Rebels clashed with soldiers in Goma on Friday and Saturday.", ("2024-03-08", "2024-03-09")),
    ("Rebels clashed with soldiers in Goma on Monday and Tuesday.", ("2024-03-11", "2024-03-12")),
    (
        "Rebels clashed with soldiers in Goma between Sunday and Monday.",
        ("2024-03-10", "2024-03-11"),
    ),
    ("Rebels clashed with soldiers in Goma over the weekend.", ("2024-03-09", "2024-03-10")),
    ("Rebels clashed with soldiers in Goma last weekend.", ("2024-03-09", "2024-03-10")),
    ("Rebels clashed with soldiers in Goma last week.", ("2024-03-04", "2024-03-10")),
    ("Rebels clashed with soldiers in Goma this week.", ("2024-03-11", "2024-03-13")),
    ("Rebels clashed with soldiers in Goma this month.", ("2024-03-01", "2024-03-13")),
    ("Rebels clashed with soldiers in Goma last month.", ("2024-02-01", "2024-02-29")),
    ("Rebels clashed with soldiers in Goma last year.", ("2023-01-01", "2023-12-31")),
    ("Rebels clashed with soldiers in Goma in February.", ("2024-02-01", "2024-02-29")),
    ("Rebels clashed with soldiers in Goma in November.", ("2023-11-01", "2023-11-30")),
    ("Rebels clashed with soldiers in Goma in early February.", ("2024-02-01", "2024-02-10")),
    ("Rebels clashed with soldiers in Goma in mid-January.", ("2024-01-11", "2024-01-20")),
    ("Rebels clashed with soldiers in Goma in late December.", ("2023-12-21", "2023-12-31")),
    (
        "Rebels clashed with soldiers in Goma in the first week of March.",
        ("2024-03-01", "2024-03-07"),
    ),
    (
        "Rebels clashed with soldiers in Goma in the last week of February.",
        ("2024-02-23", "2024-02-29"),
    ),
    ("Rebels clashed with soldiers in Goma on March 4.", ("2024-03-04", "2024-03-04")),
    ("Rebels clashed with soldiers in Goma on 4 March.", ("2024-03-04", "2024-03-04")),
    ("Rebels clashed with soldiers in Goma on the 4th of March.", ("2024-03-04", "2024-03-04")),
    ("Rebels clashed with soldiers in Goma on 28 December.", ("2023-12-28", "2023-12-28")),
    ("Rebels clashed with soldiers in Goma on March 4-6.", ("2024-03-04", "2024-03-06")),
    ("Rebels clashed with soldiers in Goma on 4-6 March.", ("2024-03-04", "2024-03-06")),
    (
        "Rebels clashed with soldiers in Goma from March 4 to March 6.",
        ("2024-03-04", "2024-03-06"),
    ),
    (
        "Rebels clashed with soldiers in Goma between 29 February and 2 March.",
        ("2024-02-29", "2024-03-02"),
    ),
    ("Rebels clashed with soldiers in Goma on 4 March 2023.", ("2023-03-04", "2023-03-04")),
    ("Rebels clashed with soldiers in Goma on March 4, 2023.", ("2023-03-04", "2023-03-04")),
    ("Rebels clashed with soldiers in Goma in May 2021.", ("2021-05-01", "2021-05-31")),
    ("Rebels clashed with soldiers in Goma in 2012.", ("2012-01-01", "2012-12-31")),
    ("Rebels clashed with soldiers in Goma in the 1990s.", ("1990-01-01", "1999-12-31")),
    ("Rebels clashed with soldiers in Goma in the summer of 2022.", ("2022-06-01", "2022-08-31")),
    ("Rebels clashed with soldiers in Goma last summer.", ("2023-06-01", "2023-08-31")),
    ("Rebels clashed with soldiers in Goma in late 2021.", ("2021-09-01", "2021-12-31")),
    ("Rebels clashed with soldiers in Goma three days ago.", ("2024-03-10", "2024-03-10")),
    ("Rebels clashed with soldiers in Goma two years ago.", ("2022-01-01", "2022-12-31")),
    ("Rebels have clashed with soldiers in Goma since Friday.", ("2024-03-08", "2024-03-13")),
    ("Rebels have clashed with soldiers in Goma since 2 March.", ("2024-03-02", "2024-03-13")),
    ("Rebels have clashed with soldiers in Goma since February.", ("2024-02-01", "2024-03-13")),
    (
        "Rebels clashed with soldiers in Goma in the past three days.",
        ("2024-03-10", "2024-03-13"),
    ),
    ("Rebels clashed with soldiers in Goma on Christmas Eve.", ("2023-12-24", "2023-12-24")),
    ("Rebels clashed with soldiers in Goma, the army said on Tuesday.", NONE),
    ("Rebels clashed with soldiers in Goma.", NONE),
    ("The envoys will meet in Doha on Friday.", ("2024-03-15", "2024-03-15")),
    ("The envoys will meet in Doha next Wednesday.", ("2024-03-20", "2024-03-20")),
    ("The envoys will meet in Doha next week.", ("2024-03-18", "2024-03-24")),
    ("The envoys will meet in Doha tomorrow.", ("2024-03-14", "2024-03-14")),
    ("The envoys will meet in Doha on 2 April.", ("2024-04-02", "2024-04-02")),
    ("The envoys will meet in Doha next month.", ("2024-04-01", "2024-04-30")),
    ("The envoys agreed on Monday to meet in Doha on Friday.", ("2024-03-15", "2024-03-15")),
    ("Envoys ended two days of talks in Doha on Tuesday.", ("2024-03-11", "2024-03-12")),
    ("Envoys opened a three-day summit in Doha on Monday.", ("2024-03-11", "2024-03-13")),
    ("The army will leave the town of Goma by Sunday.", NONE),
]
"""A sentence and the first and last day of its event; none where none is stated."""


@pytest.fixture(scope="module")
def found() -> dict[str, list[tuple[str, str] | None]]:
    """The days found in each sentence; those of the report alone count as none."""
    documents = [
        Document(str(number), sentence, published="2024-03-13", published_basis="stated")
        for number, (sentence, _) in enumerate(CASES)
    ]
    days: dict[str, list[tuple[str, str] | None]] = {}
    for document in Pipeline(Config()).run(documents):
        dates = [e.date for e in document.events if e.event_class not in {"statement"}]
        days[document.text] = [
            (d.start, d.end) if d is not None and d.precision != 9 else None for d in dates
        ]
    return days


def test_at_least_95_percent_are_exact(found: dict[str, list[tuple[str, str] | None]]) -> None:
    wrong = [(text, found[text]) for text, days in CASES if days not in found[text]]
    assert len(CASES) >= 60
    assert len(wrong) <= 0.05 * len(CASES), wrong


def test_no_exact_day_is_invented(found: dict[str, list[tuple[str, str] | None]]) -> None:
    for text, wanted in CASES:
        for days in found[text]:
            exact = days is not None and days[0] == days[1]
            assert not exact or days == wanted, (text, days)
