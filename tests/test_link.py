"""Copies of one text are one happening and one report; other texts are not."""

import time
from collections.abc import Sequence
from dataclasses import replace

import pytest
from samples import make_document, make_event, make_place

from geomap.copies import Sentence
from geomap.frame import events_frame
from geomap.link import Linker
from geomap.model import Document, EventDate, EventPlace, Span

pytestmark = pytest.mark.usefixtures("few_shapes")
WIRE = "Clashes erupted in Alfa on 3 May 2020, killing three soldiers at an army post."
DAY = EventDate("2020-05-03", "2020-05-03", 1, "3 May 2020", "clause", "day")


def article(
    name: str,
    sentence: str = WIRE,
    place: EventPlace | None = None,
    *,
    published: str | None = "2020-05-04",
    date: EventDate | None = DAY,
    trigger: str = "Clashes",
) -> Document:
    """Make an article of one sentence, with an event of nobody in particular."""
    start = sentence.index(trigger)
    event = make_event(
        f"{name}#{start}",
        event_class="armed_clash",
        actors=(),
        place=place,
        date=date,
        trigger=Span(start, start + len(trigger), trigger),
        sentence=Span(0, len(sentence), sentence),
    )
    return make_document(event, id=name, text=sentence, published=published, toponyms=())


def counts(documents: Sequence[Document]) -> list[tuple[int, int]]:
    """Return reports and mentions of each cluster."""
    frame = events_frame(list(Linker().link(documents)))
    return list(zip(frame["report_count"], frame["mention_count"], strict=True))


@pytest.mark.parametrize("place", [make_place(), None], ids=["placed", "unplaced"])
@pytest.mark.parametrize(
    "copy",
    [
        WIRE,
        "  ".join(WIRE.split()).replace(",", ""),
        WIRE.replace("an army post", "the army post"),
        WIRE.replace("post.", "post, two officials in the province said."),
        WIRE.replace("killing", "reportedly killing"),
    ],
)
def test_a_copy_is_the_same_happening_and_no_second_report(
    copy: str, place: EventPlace | None
) -> None:
    documents = [article("a", place=place), article("b", copy, place), article("c", WIRE, place)]
    assert counts(documents) == [(1, 3)]


def test_a_copy_says_what_it_is_a_copy_of() -> None:
    first, second = Linker().link([article("a"), article("b")])
    assert first.events[0].reasons == ("the verb",)
    assert second.events[0].reasons == ("the verb", "its sentence is a copy of one in 'a'")


@pytest.mark.parametrize(
    "other",
    [
        WIRE.replace("three", "five"),
        WIRE.replace("3 May", "4 May"),
        WIRE.replace("Alfa", "Beta"),
        WIRE.replace("an army", "a police").replace("soldiers", "officers"),
        "Clashes between two clans went on for hours at the edge of the old market town.",
    ],
)
def test_another_text_is_another_happening(other: str) -> None:
    assert counts([article("a", date=None), article("b", other, date=None)]) == [(1, 1), (1, 1)]


def test_a_short_sentence_without_a_place_is_too_common() -> None:
    short = "Clashes erupted on Monday."
    documents = [article(name, short, date=None) for name in "ab"]
    assert counts(documents) == [(1, 1), (1, 1)]


def test_the_same_words_a_month_later_are_another_happening() -> None:
    words = "Clashes erupted again in the hills of the province, killing three soldiers."
    later = article("b", words, make_place(), published="2020-06-10", date=None)
    first = article("a", words, make_place(), date=None)
    assert counts([first, later]) == [(1, 1), (1, 1)]
    next_day = replace(later, published="2020-05-05")
    assert counts([first, next_day]) == [(1, 2)]


def test_two_events_of_one_sentence_stay_two_in_a_copy() -> None:
    text = "Rebels attacked the northern post, then rebels attacked the post in the south."
    documents = []
    for name in "ab":
        events = [
            replace(
                article(f"{name}{start}", text, date=None, trigger="attacked").events[0],
                trigger=Span(start, start + 8, "attacked"),
            )
            for start in (7, text.rindex("attacked"))
        ]
        documents.append(make_document(*events, id=name, text=text, toponyms=()))
    assert counts(documents) == [(1, 2), (1, 2)]


def test_a_report_in_other_words_counts() -> None:
    told = (
        Document("a", WIRE, events=article("a").events),
        Document("b", WIRE, events=(replace(article("b").events[0], cluster_id="a#0"),)),
        Document(
            "c",
            "x",
            events=(
                replace(
                    article("c", "Three soldiers died in Clashes.").events[0], cluster_id="a#0"
                ),
            ),
        ),
    )
    (row,) = events_frame(told).to_dict("records")
    assert (row["report_count"], row["mention_count"]) == (2, 3)


def test_linking_copies_takes_time_in_proportion() -> None:
    """Eight times the documents may take twenty times as long; the square would be 64."""

    def seconds(count: int) -> float:
        documents = [article(str(n), place=make_place()) for n in range(count)]
        start = time.process_time()
        list(Linker().link(documents))
        return time.process_time() - start

    assert seconds(3200) < 20 * min(seconds(400) for _ in range(3))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The U.N. centre was hit.", "The UN centre was hit", True),
        ("Troops shelled the old city centre.", "Troops shelled the old city center.", True),
        ("Police shot a man near the old market.", "Police shot a woman near the old market.",
         False),
        ("Guards fired north of the river.", "Guards fired south of the river.", False),
        ("The guards met.", "Guards met.", True),
        ("Guards met.", "Guards met again.", False),
        ("It is quiet there, Reuters reported on Monday.", "It is quiet there, AFP said.", True),
    ],
)  # fmt: skip
def test_what_a_copy_is(one: str, other: str, same: bool) -> None:
    assert Sentence.of(one).copies(Sentence.of(other)) is same


@pytest.mark.parametrize(
    ("first", "second", "clusters"),
    [
        (("2020-05-03", "2020-05-03"), ("2020-05-03", "2020-05-03"), 1),
        (("2020-05-03", "2020-05-03"), ("2020-05-04", "2020-05-04"), 2),
        (("2020-05-01", "2020-05-31"), ("2020-05-31", "2020-05-31"), 1),
        (("2020-01-01", "2020-12-31"), ("2020-08-01", "2020-08-01"), 1),
        (("2020-08-01", "2020-08-01"), ("2020-01-01", "2020-12-31"), 1),
        (("2019-12-31", "2020-12-31"), ("2020-01-01", "2021-12-31"), 1),
        (("2020-01-01", "2020-12-31"), ("2021-08-01", "2021-08-01"), 2),
    ],
)
def test_a_happening_is_found_by_place_and_days(
    first: tuple[str, str], second: tuple[str, str], clusters: int
) -> None:
    documents = []
    for name, (start, end) in (("a", first), ("b", second)):
        date = EventDate(start, end, 1, "", "clause", "day")
        event = make_event(f"{name}#0", place=make_place(), date=date)
        text = Span(0, 9, f"Of {name} alone")
        documents.append(make_document(replace(event, sentence=text), id=name))
    found = {event.cluster_id for d in Linker().link(documents) for event in d.events}
    assert len(found) == clusters
