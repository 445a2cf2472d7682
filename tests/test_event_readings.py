"""Whether, when, who: cancelled, remembered, disputed, dated, told apart. All is invented."""

from collections.abc import Callable

import pytest

from geomap.config import Config
from geomap.model import Document, Event
from geomap.pipeline import Pipeline

pytestmark = pytest.mark.model

Read = Callable[..., tuple[Event, ...]]


@pytest.fixture(scope="module")
def read() -> Read:
    """Return a function that reads a text published on Wednesday 15 May 2024."""
    pipeline = Pipeline(Config())

    def reader(text: str, published: str = "2024-05-15") -> tuple[Event, ...]:
        document = Document("test", text, published=published, published_basis="stated")
        (result,) = pipeline.run([document])
        return result.events

    return reader


def statuses(events: tuple[Event, ...]) -> list[tuple[str, str]]:
    return [(e.event_class, e.status) for e in events if e.event_class != "statement"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The protest in Minsk was called off.", [("protest", "cancelled")]),
        ("A planned summit in Istanbul was cancelled.", [("diplomatic_meeting", "cancelled")]),
        ("A planned summit in Istanbul was postponed.", [("diplomatic_meeting", "postponed")]),
        ("A planned visit to Washington was cancelled.", [("visit", "cancelled")]),
        ("The talks in Doha were delayed until June.", [("diplomatic_meeting", "postponed")]),
        (
            "The envoys had planned to meet in Tunis, but the meeting was called off.",
            [("diplomatic_meeting", "cancelled"), ("diplomatic_meeting", "cancelled")],
        ),
        (
            "Negotiators failed to reach a deal after two days of talks in Vienna.",
            [("agreement", "negated"), ("diplomatic_meeting", "reported")],
        ),
        ("The bombing of Guernica was remembered in Madrid.", [("explosion", "past_reference")]),
        (
            "The trial over the bombing of a market in Kabul began.",
            [("explosion", "past_reference")],
        ),
        ("Talks in Doha have not been cancelled.", []),
        ("The next round of talks is to be held in Oslo.", [("diplomatic_meeting", "planned")]),
        (
            "Kenya was due to chair the summit in Kampala on Friday but it was postponed.",
            [("diplomatic_meeting", "postponed")],
        ),
        (
            "Moscow rejected a proposal to hold talks in Istanbul.",
            [("diplomatic_meeting", "negated")],
        ),
        ("A protest planned in Zinder was banned.", [("protest", "cancelled")]),
        ("Talks in Astana broke down.", [("diplomatic_meeting", "reported")]),
        ("Protesters in London demanded an end to the shelling of Gaza.", []),
        (
            "The envoys mourned the victims of the attack on Beirut.",
            [("armed_clash", "past_reference")],
        ),
        ("Ten years after the bombing of Madrid, all is calm.", [("explosion", "past_reference")]),
        ("The attack in Nice was remembered on Sunday.", [("armed_clash", "past_reference")]),
        (
            "The attack on Nabatieh recalled the bombing of Qana in 1996.",
            [("armed_clash", "reported"), ("explosion", "past_reference")],
        ),
        (
            "The envoys will hold talks in Reykjavik and had last met in Helsinki in 2018.",
            [("diplomatic_meeting", "planned"), ("diplomatic_meeting", "past_reference")],
        ),
        (
            "Police arrested a man suspected of having planned the bombing.",
            [("arrest", "reported"), ("explosion", "reported")],
        ),
        ("Police arrested a man accused of planning a bombing.", [("arrest", "reported")]),
        ("The secretary of state is expected in Amman on Sunday.", [("visit", "planned")]),
        ("The envoy is due in Amman on Sunday.", [("visit", "planned")]),
        ("He will then travel to Jakarta for a regional meeting.", [("visit", "planned")]),
    ],
)
def test_status(read: Read, text: str, wanted: list[tuple[str, str]]) -> None:
    assert statuses(read(text)) == wanted


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Clashes erupted in Goma in June.", ("2023-06-01", "2023-06-30")),
        ("Clashes erupted in Goma in April.", ("2024-04-01", "2024-04-30")),
        ("Last month rebels attacked an army base in Goma.", ("2024-04-01", "2024-04-30")),
        ("The attack on Beirut was remembered on Sunday.", None),
        ("The envoys agreed on Sunday to meet in Ohrid.", None),
        ("The envoys agreed to meet in Ohrid on Friday.", ("2024-05-17", "2024-05-17")),
        ("Police arrested a man over the attacks of 2015.", None),
    ],
)
def test_date(read: Read, text: str, days: tuple[str, str] | None) -> None:
    date = read(text)[0].date
    assert (date and (date.start, date.end)) == days


def test_the_day_of_the_asking_is_not_the_day_of_the_meeting(read: Read) -> None:
    text = "The minister spoke by phone with both sides on Sunday and urged them to meet in Manaus."
    meeting = read(text)[-1]
    assert (meeting.status, meeting.date) == ("proposed", None)


def test_a_past_year_belongs_to_what_is_recalled(read: Read) -> None:
    now, then = read("The attack on Nabatieh recalled the bombing of Qana in 1996.")
    assert now.date is None
    assert then.date is not None
    assert then.date.start == "1996-01-01"


def test_a_dateline_is_neither_actor_nor_date(read: Read) -> None:
    text = (
        "Caracas, Nov 3 (Sur Press) - Colombian and Venezuelan troops exchanged fire on Saturday."
    )
    (event,) = read(text, "2024-11-03")
    assert [(a.country, a.role) for a in event.actors] == [("CO", "side_a"), ("VE", "side_b")]
    assert event.date is not None
    assert event.date.start == "2024-11-02"


def test_what_the_other_side_denies_is_disputed(read: Read) -> None:
    (event,) = read(
        "Myanmar's military carried out air strikes on the town of Demoso, the Karenni "
        "Nationalities Defence Force said. A junta spokesman denied the claim."
    )
    assert (event.status, event.claimed_by, event.disputed) == ("reported", None, True)
    assert [s.name for s in event.attributed_to] == ["Karenni Nationalities Defence Force"]


def test_an_army_is_no_group_called_an_army(read: Read) -> None:
    (event,) = read("The ELN attacked a police station in Tame on Tuesday, the army said.")
    assert (event.status, event.claimed_by) == ("reported", None)


def test_a_day_behind_another_verb_is_its_own(read: Read) -> None:
    text = "The president was in Nairobi for a summit and will return home on Wednesday."
    assert read(text)[0].date is None


def test_a_denial_that_is_denied_disputes_nothing(read: Read) -> None:
    (event,) = read("Rebels captured Kidal, Reuters reported. The army did not deny the report.")
    assert not event.disputed


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Gunmen stormed a market in Gambela, killing 14 people.", "attack_on_civilians"),
        ("Rebels attacked an army base in Goma, killing 14 people.", "armed_clash"),
        ("Serbs clashed with police in Mitrovica, who fired tear gas.", "protest"),
        ("Rebels clashed with police in Goma.", "armed_clash"),
        ("Pyongyang fired a ballistic missile into the Sea of Japan.", "weapons_test"),
        ("Tehran fired a ballistic missile at Erbil.", "shelling"),
        ("NATO sent additional troops to the Jarinje border crossing.", "border_buildup"),
        ("Uzbekistan closed the Friendship Bridge on Monday.", "border_closure"),
        ("Colombian and Venezuelan troops exchanged fire across the Arauca river.", "border_clash"),
    ],
)
def test_class(read: Read, text: str, wanted: str) -> None:
    assert [event.event_class for event in read(text)] == [wanted]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("About 100 people died in fighting around Batken.", [("victim", "About 100 people")]),
        ("Hundreds of people fled after clashes in Goma.", [("displaced", "people")]),
        ("A raid on Akobo left nine dead.", []),
        (
            "Kyrgyz and Tajik guards clashed in the Fergana Valley.",
            [("side_a", "Kyrgyz guards"), ("side_b", "Tajik guards")],
        ),
        (
            "The Kenyan president hosted the leaders of Somalia and Ethiopia in Nairobi.",
            [("host", "Kenyan president"), ("participant", "Somalia"), ("participant", "Ethiopia")],
        ),
        ("A convoy was attacked on the road to Gao.", []),
        (
            "Turkey's Erdem Yilmaz met envoys in Ankara.",
            [("participant", "Erdem Yilmaz"), ("participant", "envoys")],
        ),
        (
            "Negotiators from Serbia and Kosovo met in Ohrid.",
            [("participant", "Serbia"), ("participant", "Kosovo")],
        ),
        (
            "The US secretary of state, Laura Whitfield, is expected in Amman on Sunday.",
            [("visitor", "Laura Whitfield")],
        ),
        (
            "The foreign ministers of Peru, Chile and South Korea met in Lima.",
            [("participant", n) for n in ("ministers of Peru", "ministers of Chile",
                                          "ministers of South Korea")],
        ),
        (
            "A Houthi negotiator, Salim al-Qadi, flew to Muscat on Sunday.",
            [("visitor", "Salim al-Qadi")],
        ),
        (
            "The delegations, led by Omar Haidari and Karim Noori, arrived in Doha on Friday.",
            [("visitor", "Omar Haidari"), ("visitor", "Karim Noori")],
        ),
        (
            "The envoy met the army commander and, separately, the leaders of four parties.",
            [("participant", n) for n in ("envoy", "army commander", "leaders of four parties")],
        ),
        ("The two will meet in Mashhad next month.", [("participant", "the two")]),
        (
            "Officials of both sides met in Osh.",
            [("participant", "Officials of both sides")],
        ),
        (
            "The government and the rebels agreed to free men after ten days of talks in Bern.",
            [("participant", "government"), ("participant", "rebels"),
             ("initiator", "government"), ("initiator", "rebels"), ("target", "men"),
             ("participant", "government"), ("participant", "rebels")],
        ),
        (
            "The negotiators, Anna Vrell and Karl Osten, were brought together by Norway in Rome.",
            [("participant", "Anna Vrell"), ("participant", "Karl Osten"), ("mediator", "Norway")],
        ),
        (
            "Envoys of Chad and Niger met in Rome on Monday, with Italy as mediator.",
            [("participant", "Chad"), ("participant", "Niger"), ("mediator", "Italy")],
        ),
        (
            "Indonesia proposed a meeting of foreign ministers in Jakarta.",
            [("host", "Indonesia"), ("participant", "foreign ministers")],
        ),
        ("Drones struck Rabak on Saturday.", []),
        (
            "Rebels and government troops fought with artillery near Goma.",
            [("side_a", "Rebels"), ("side_b", "government troops")],
        ),
        (
            "Soldiers crossed into Sudan on Monday.",
            [("initiator", "Soldiers"), ("target", "Sudan")],
        ),
    ],
)  # fmt: skip
def test_actors(read: Read, text: str, wanted: list[tuple[str, str]]) -> None:
    assert [(a.role, a.name) for event in read(text) for a in event.actors] == wanted


def test_the_core_case(read: Read) -> None:
    (event,) = read(
        "Two Tajik border guards and one Kyrgyz serviceman were killed on Thursday in an exchange "
        "of fire near the village of Vorukh, the Tajik interior ministry said."
    )
    assert (event.event_class, event.subclass, event.border_pair) == (
        "border_clash", "interstate", "KG-TJ",
    )  # fmt: skip
    assert event.place is not None
    assert (event.place.text, event.place.precision) == ("Vorukh", 2)
    assert [(a.country, a.role) for a in event.actors] == [("TJ", "side_a"), ("KG", "side_b")]
    assert sorted(n.min for n in event.numbers) == [1, 2]


def test_talks_and_who_mediates_them(read: Read) -> None:
    text = "In Cairo, envoys of Hamas and Israel ended a day of indirect talks mediated by Qatar."
    meeting, mediation = read(text)
    assert (meeting.event_class, mediation.event_class) == ("diplomatic_meeting", "mediation")
    assert meeting.place is not None
    assert meeting.place.name == "Cairo"
    assert [a.name for a in mediation.actors] == ["Qatar"]


def test_he_is_the_subject_of_the_sentence_before(read: Read) -> None:
    events = read(
        "Foreign minister Ahmad Firdaus will meet General Tin Oo in Yangon. "
        "He will then travel to Jakarta for a meeting."
    )
    assert [a.name for a in events[-1].actors] == ["Ahmad Firdaus"]


def test_they_are_the_subject_of_the_sentence_before(read: Read) -> None:
    events = read("The ministers met in Graz on Monday. They urged all armed groups to withdraw.")
    assert [a.name for a in events[1].actors if a.role == "initiator"] == ["ministers"]


def test_with_whom_he_held_talks(read: Read) -> None:
    events = read(
        "Foreign minister Ahmad Firdaus arrived in Asmara on Monday. "
        "He met his Eritrean colleague, with whom he held talks on fishing."
    )
    assert [a.name for a in events[-1].actors] == ["Ahmad Firdaus", "his Eritrean colleague"]


def test_where_he_is_to_meet_somebody(read: Read) -> None:
    text = "Envoy Lena Horvat will travel to Graz on Friday, where she is to meet Karl Osten."
    visit, meeting = read(text)
    assert visit.place is not None
    assert meeting.place is not None
    assert (visit.place.name, meeting.place.name) == ("Graz", "Graz")
    assert [a.name for a in meeting.actors] == ["Lena Horvat", "Karl Osten"]


@pytest.mark.parametrize(
    "text",
    [
        "Foreign ministers met in Aktau on Friday. On the sidelines the Iraqi and Turkish "
        "delegations met separately.",
        "After six days of talks at a hotel, the government and the rebels signed a deal in Aktau.",
        "Envoys gathered in Baku to prepare a summit that Kazakhstan wants to hold in Aktau.",
        "Their envoys said so after meeting in Aktau on Saturday. The envoys, Anna Vrell and Karl "
        "Osten, met the governor.",
    ],
)
def test_the_venue_is_read_from_what_the_meeting_hangs_on(read: Read, text: str) -> None:
    places = [e.place.name for e in read(text) if e.place and e.event_class != "agreement"]
    assert places[-1] == "Aktau"


def test_a_journey_to_two_towns_is_two_visits(read: Read) -> None:
    events = read("The emir sent his envoy, Salim al-Qadi, to Riyadh and Doha on Monday.")
    assert [(e.event_class, e.place and e.place.name) for e in events] == [
        ("visit", "Riyadh"),
        ("visit", "Doha"),
    ]


@pytest.mark.parametrize(
    ("text", "claimed", "sources"),
    [
        ("The army also claimed to have recaptured Kidal on Saturday.", "army", []),
        ("Khartoum said an Ethiopian force had crossed into Sudan.", "Sudan", ["Khartoum"]),
        (
            "Talks will be held in Oslo, Nepal's government said, after Chad accused Niger of "
            "spying.",
            None,
            ["Nepal's government"],
        ),
        ("Two men were killed by a drone strike in Homs, a rights group said.", None,
         ["rights group"]),
    ],
)  # fmt: skip
def test_who_says_so(read: Read, text: str, claimed: str | None, sources: list[str]) -> None:
    event = read(text)[0]
    assert event.claimed_by == claimed
    assert [source.name for source in event.attributed_to] == sources


def test_a_sentence_below_a_dateline_is_whole(read: Read) -> None:
    for head in ("", "Commanders meet at the line\n\n"):
        events = read(f"{head}LEH, India - Indian and Chinese commanders met in Leh on Sunday.")
        assert [a.country for a in events[-1].actors] == ["IN", "CN"]
