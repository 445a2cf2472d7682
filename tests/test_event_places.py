"""Where: names of several words, containers, seats, roads, areas. All happenings are invented."""

from collections.abc import Callable

import pytest

from geomap.config import Config
from geomap.model import Document, Event
from geomap.pipeline import Pipeline

pytestmark = pytest.mark.model

Run = Callable[[str], Document]


@pytest.fixture(scope="module")
def run() -> Run:
    """Return a function that reads a text published on Wednesday 15 May 2024."""
    pipeline = Pipeline(Config())

    def reader(text: str) -> Document:
        document = Document("test", text, published="2024-05-15", published_basis="stated")
        (result,) = pipeline.run([document])
        return result

    return reader


def points(document: Document) -> list[str]:
    """Return what would be drawn as a dot: places of events and of toponyms."""
    places = [e.place.name for e in document.events if e.place and e.place.latitude is not None]
    return [name or "" for name in places]


def one(document: Document) -> Event:
    (event,) = document.events
    return event


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Soldiers clashed with rebels in the Swat Valley on Monday.", "Swat Valley"),
        ("Warplanes bombed targets in the Bekaa Valley on Monday.", "Bekaa Valley"),
        ("Both armies pulled back troops from the Galwan Valley.", "Galwan Valley"),
        ("Shelling hit the Hill Country on Monday.", "Hill Country"),
        ("Insurgents attacked a base in the Jos Plateau.", "Jos Plateau"),
        ("Rebels clashed with soldiers on the Kosi river bank.", "Kosi river"),
        ("Rebels clashed with soldiers near the Arauca river.", "Arauca river"),
        ("Fighting broke out in the Bakhmut district on Monday.", "Bakhmut"),
        ("Soldiers clashed with rebels at Lake Victoria.", "Lake Victoria"),
        ("Turkish jets bombed the Qandil Mountains on Monday.", "Qandil Mountains"),
        ("Residents said shells fell on the Thai side of the Moei river.", "Moei river"),
        (
            "Venezuela closed the Simon Bolivar International Bridge.",
            "Bolivar International Bridge",
        ),
    ],
)
def test_a_long_name_is_not_placed_by_its_parts(run: Run, text: str, name: str) -> None:
    document = run(text)
    place = one(document).place
    assert place is not None
    if place.id is None:  # else a gazetteer knows the whole name
        assert name in (place.text or "")
        assert [t.text for t in document.toponyms if t.place and t.kind == "place"] == []
    else:
        assert (name in (place.name or ""), place.latitude) == (True, None)


@pytest.mark.parametrize(
    ("text", "name", "precision"),
    [
        ("Kyrgyz and Tajik guards clashed in the Fergana Valley.", "Fergana Valley", 5),
        ("Troops clashed with gunmen in the Nuba Mountains.", "Nuba Mountains", 5),
        ("Warplanes bombed the Sinai Peninsula.", "Sinai Peninsula", 5),
        ("The army shelled villages in Herat province on Monday.", "Herat", 4),
        ("Pyongyang fired a ballistic missile into the Sea of Japan.", "Sea of Japan", 7),
        ("A ship was attacked in the Red Sea off Qwzhamar.", "Red Sea", 7),
    ],
)
def test_a_known_area_has_no_point(run: Run, text: str, name: str, precision: int) -> None:
    place = one(run(text)).place
    assert place is not None
    assert (place.name, place.precision, place.latitude) == (name, precision, None)


def test_a_town_that_is_called_like_a_valley_is_found(run: Run) -> None:
    assert points(run("Protesters marched in Castle Hill on Monday.")) == ["Castle Hill"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Rebels captured the Idlib town of Saraqib.", "Saraqib"),
        ("Militants attacked the Anbar town of Hit on Sunday.", "Hit"),
        ("Rebels seized the Kivu town of Rutshuru on Friday.", "Rutshuru"),
        ("Soldiers shelled the Black Sea port of Odesa.", "Odesa"),
    ],
)
def test_what_contains_a_town_is_not_the_place(run: Run, text: str, place: str) -> None:
    assert points(run(text)) == [place]


def test_an_unnamed_village_is_not_the_town_beside_it(run: Run) -> None:
    assert points(run("Rebels attacked a Kunduz village on Friday.")) == []
    assert points(run("Rebels attacked Kunduz city on Friday.")) == ["Kunduz"]


def test_plateau_is_no_town_in_front_of_a_village(run: Run) -> None:
    document = run("Gunmen killed 12 villagers in an attack on the Plateau village of Barkin.")
    assert points(document) == []
    assert "Plateau" not in [t.text for t in document.toponyms]


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Aid groups in Chiang Mai sent aid and blankets.", []),
        ("Aid groups in Amman sent aid to Homs.", ["Homs"]),
        ("Militants in Damascus fired rockets at the port of Haifa.", ["Haifa"]),
        ("Officials in Baghdad held talks with Iran.", []),
        ("Rebels in Goma attacked an army base.", ["Goma"]),
        ("Police in Medellin arrested a man.", ["Medellin"]),
    ],
)
def test_the_seat_of_who_acts_from_afar_is_no_place(run: Run, text: str, drawn: list[str]) -> None:
    assert points(run(text)) == drawn


@pytest.mark.parametrize(
    "text",
    [
        "A convoy was attacked on the road between Bamako and Segou on Monday.",
        "Convoy attacked on the road between Bamako and Segou.",
        "Gunmen attacked a convoy on the Bamako-Segou highway.",
    ],
)
def test_a_road_between_towns_is_a_line(run: Run, text: str) -> None:
    place = one(run(text)).place
    assert place is not None
    assert (place.name, place.precision, place.latitude) == ("Bamako–Segou road", 5, None)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("A blast hit Quetta on Monday.", ["Quetta"]),
        ("An air strike hit Idlib on Monday.", ["Idlib"]),
        ("Clashes rocked Goma on Monday.", ["Goma"]),
        ("The army had shot down two drones over Irbid.", ["Irbid"]),
        ("The mayor spoke in the town of Goma, where rebels killed six villagers.", ["Goma"]),
        ("In Lima, protesters blocked a road and clashed with police.", ["Lima", "Lima"]),
        ("The agreement collapsed after shelling in Avdiivka on Friday.", ["Avdiivka"]),
        ("Belgian police arrested a man over the Paris attacks of 2015.", []),
        ("Police arrested a suspect over the bombing in Kampala.", ["Kampala"]),
        ("Rebels attacked a station in the town of Tame, in the Arauca department.", ["Tame"]),
        ("The attack was the worst since the bombing of a school in Kampala.", ["Kampala"]),
        ("Two soldiers were killed near Diffa on Sunday in clashes with rebels.", ["Diffa"]),
    ],
)
def test_ties(run: Run, text: str, drawn: list[str]) -> None:
    assert points(run(text)) == drawn


def test_a_far_namesake_is_listed(run: Run) -> None:
    place = one(run("Malian soldiers killed dozens of civilians in Moura on Monday.")).place
    assert place is not None
    assert (place.text, place.id) == ("Moura", None)
    assert "PT" in place.why
    assert points(run("Israeli jets bombed the town of Aley on Monday.")) == ["Aley"]
    assert points(run("Envoys of Serbia and Kosovo met in Ohrid.")) == ["Ohrid"]


def test_over_a_town_is_near_it(run: Run) -> None:
    place = one(run("The army shot down two drones over Irbid.")).place
    assert place is not None
    assert place.precision == 2


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("A bomb killed three people in Quetta, the capital of Balochistan province.", ["Quetta"]),
        ("Rebels clashed with soldiers in the Arauca department on Monday.", []),
        ("Rebels clashed with soldiers in the Deir al-Zor province on Monday.", []),
        ("Protests erupted in the capital of Sudan on Monday.", ["Khartoum"]),
    ],
)
def test_divisions_and_capitals(run: Run, text: str, drawn: list[str]) -> None:
    assert points(run(text)) == drawn


def test_a_site_called_after_a_town_is_near_it(run: Run) -> None:
    document = run("Police arrested a suspect at Kabul Airport.")
    place = one(document).place
    assert place is not None
    assert (place.name, place.precision) == ("Kabul", 2)
    assert "Airport" not in [t.text for t in document.toponyms]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("JERUSALEM, June 8 - Rebels attacked an army base in Gao.", "June"),
        ("ADDIS ABABA (Horn Daily) - Rebels attacked an army base in Gao.", "Horn"),
        ("Caracas, Nov 3 (Sur Press) - Rebels attacked an army base in Gao.", "Sur"),
        ("The negotiator for Belgrade, Milan Jovicic, met envoys in Ohrid.", "Milan"),
        ("Police arrested the activist Chad Boston in Nairobi.", "Boston"),
        ("Protests erupted in Tbilisi's Freedom Square on Sunday.", "Freedom"),
        ("Police arrested a man on Lincoln Avenue in Nairobi.", "Lincoln"),
        ("Residents of Puerto Jordan fled to Fortul.", "Jordan"),
        ("Troops clashed near Paju after the South resumed broadcasts.", "South"),
        ("Turkey's Erdem Yilmaz met Iran's foreign minister in Ankara.", "Erdem"),
    ],
)
def test_no_toponym(run: Run, text: str, wrong: str) -> None:
    assert wrong not in [t.text for t in run(text).toponyms]


def test_a_pipeline_stands_near_a_place_not_a_person(run: Run) -> None:
    place = one(run("Guerrillas bombed a pipeline near Cano Limon.")).place
    assert place is not None
    assert (place.text, place.latitude) == ("Cano Limon", None)
