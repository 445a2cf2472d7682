"""The country of the articles, given beforehand: it tips the scales, the text comes first."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from geomap.cli import main
from geomap.config import Config, load_config
from geomap.errors import ConfigError
from geomap.model import Document, Toponym
from geomap.pipeline import Pipeline

WAYS = ("rules", "trained")
REASON = "in the country given with --country"

Read = Callable[[str, str | None, str], dict[str, Toponym]]


@pytest.fixture(scope="module")
def read() -> Read:
    """Return what reads a text with a country, in one of the ways."""

    @cache
    def pipeline(way: str, country: str | None) -> Pipeline:
        return Pipeline(Config(toponyms=way, country=country))

    def found(way: str, country: str | None, text: str) -> dict[str, Toponym]:
        (document,) = pipeline(way, country).toponyms([Document("test", text)])
        return {toponym.text: toponym for toponym in document.toponyms}

    return found


@pytest.mark.model
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("text", "name", "usual", "given"),
    [
        ("Police in Tripoli arrested four men on Sunday.", "Tripoli", "LY", "LB"),
        ("Floods hit Hyderabad on Monday.", "Hyderabad", "IN", "PK"),
        ("The mayor of London spoke on Monday.", "London", "GB", "CA"),
    ],
)
def test_a_namesake_goes_to_the_country(
    read: Read, way: str, text: str, name: str, usual: str, given: str
) -> None:
    before, after = read(way, None, text)[name], read(way, given, text)[name]
    assert before.place is not None
    assert after.place is not None
    assert (before.place.country, after.place.country) == (usual, given)
    assert REASON not in before.reasons
    assert REASON in after.reasons


DRAWN_AWAY = pytest.mark.xfail(reason="Victoria in Canada draws London to Ontario", strict=True)


@pytest.mark.model
@pytest.mark.parametrize("way", ["rules", pytest.param("trained", marks=DRAWN_AWAY)])
def test_a_name_beside_it_does_not_move_the_largest(read: Read, way: str) -> None:
    text = "The mayor of London spoke in Victoria."
    countries = [read(way, given, text)["London"].place for given in (None, "CA")]
    assert [place and place.country for place in countries] == ["GB", "CA"]


@pytest.mark.model
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("text", "name", "country", "given"),
    [
        ("A fire broke out in Paris, Texas.", "Paris", "US", "FR"),
        ("A fire broke out in Paris, Texas.", "Texas", "US", "FR"),
        ("Four men were arrested in Tripoli, Libya.", "Tripoli", "LY", "LB"),
        ("Shells fell on Peshawar and Kabul.", "Kabul", "AF", "PK"),
        ("Officials in Doha spoke on Monday.", "Doha", "QA", "AF"),
        ("Trucks reached Herat on Monday.", "Herat", "AF", "AF"),
        ("Floods hit Herat province in the west.", "Herat", "AF", "AF"),
        ("Floods hit the province of Kandahar.", "Kandahar", "AF", "AF"),
    ],
)
def test_what_the_text_says_comes_first(
    read: Read, way: str, text: str, name: str, country: str, given: str
) -> None:
    toponym = read(way, given, text)[name]
    assert toponym.place is not None
    assert toponym.place.country == country
    assert REASON not in toponym.reasons, "it did not decide"


@pytest.mark.model
@pytest.mark.parametrize("way", WAYS)
def test_the_other_names_of_the_document_are_heard(read: Read, way: str) -> None:
    text = "Libyan militias fought in Tripoli. Roads to Benghazi and Misrata in Libya were closed."
    place = read(way, "LB", text)["Tripoli"].place
    assert place is not None
    assert place.country == "LY"


@pytest.mark.model
@pytest.mark.parametrize("way", WAYS)
def test_the_file_of_the_run_tells_it(
    tmp_path: Path, way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    article = tmp_path / "a.txt"
    article.write_text("Gunmen attacked a bus in Tripoli on Sunday.", encoding="utf-8")
    out = tmp_path / "out"
    asked = ["--toponyms", way, "--country", "lb", "-q"]
    assert main(["map", str(article), "-o", str(out), *asked]) == 0
    assert json.loads((out / "run.json").read_text())["options"]["country"] == "LB"
    places = json.loads((out / "places.geojson").read_text())["features"]
    assert [place["properties"]["country"] for place in places] == ["LB"]
    capsys.readouterr()
    assert main(["explain", "--file", str(article), *asked]) == 0
    assert f"because: {REASON}" in capsys.readouterr().out
    settings = tmp_path / "geomap.toml"
    settings.write_text(f'country = "Lb"\ntoponyms = "{way}"', encoding="utf-8")
    assert main(["extract", str(article), "--config", str(settings)]) == 0
    (toponym,) = json.loads(capsys.readouterr().out)["toponyms"]
    assert toponym["place"]["country"] == "LB"


def test_a_code_is_kept_in_capitals() -> None:
    assert Config(country=" af").country == "AF"
    assert Config().country is None
    assert Config(country="af").described()["country"] == "AF"


@pytest.mark.parametrize("value", ["Afghanistan", "AFG", "A", "", "Ä1", "12"])
def test_what_is_no_code_is_an_error(value: str) -> None:
    with pytest.raises(ConfigError, match=f"country: '{value}' is no code of a country"):
        Config(country=value)


def test_a_code_in_a_file_is_text(tmp_path: Path) -> None:
    file = tmp_path / "geomap.toml"
    file.write_text("country = true")
    with pytest.raises(ConfigError, match=r"geomap\.toml: country: 'True' is no code"):
        load_config(file)


@pytest.mark.parametrize("command", ["map", "extract", "explain", "evaluate"])
def test_a_country_that_is_not_is_one_line(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = {
        "map": ["seeds", "-o", str(tmp_path / "out")],
        "extract": ["seeds"],
        "explain": ["A text."],
        "evaluate": [__file__, "--format", "lgl"],
    }
    assert main([command, *arguments[command], "--country", "zz"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "country: 'ZZ' is no code of a country; give the two letters of ISO 3166" in line


def test_the_country_of_a_lookup_is_another_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gazetteer", "lookup", "Tehran", "--country", "ir", "--limit", "1"]) == 0
    assert main(["gazetteer", "lookup", "Tehran", "--country", "zz"]) == 1
    assert "country: 'zz' is no code of a country" in capsys.readouterr().err
