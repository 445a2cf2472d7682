"""The options: from a file, from the command line, refused in one clear line."""

from pathlib import Path

import pytest

from geomap.config import Config, load_config
from geomap.errors import ConfigError


def load(folder: Path, text: str) -> Config:
    path = folder / "geomap.toml"
    path.write_text(text, encoding="utf-8")
    return load_config(path)


@pytest.mark.parametrize(
    "value",
    ["2024-05-01", '"2024-05-01"', '"20240501"', "2024-05-01T10:00:00+02:00", '"2024-W18-3"'],
)
def test_a_date_of_any_iso_form_becomes_one_form(tmp_path: Path, value: str) -> None:
    assert load(tmp_path, f"published = {value}").published == "2024-05-01"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("published = 20240501", "'20240501' is not a date"),
        ("published = [1]", "YYYY-MM-DD"),
        ("published = 10:00:00", "'10:00:00' is not a date"),
        ("workers = true", "1 or more"),
        ("workers = 2024-05-01", "workers: 2024-05-01"),
        ("gazetteer = 5", "gazetteer: '5' is not a file name"),
        ("model = 5", "model: '5'"),
        ("modle = 'x'", "did you mean 'model'"),
        ("x", "not valid TOML"),
    ],
)
def test_a_wrong_value_is_one_line_without_python(tmp_path: Path, line: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, line)
    message = str(caught.value)
    assert words in message
    assert "geomap.toml" in message
    assert "\n" not in message
    assert "datetime" not in message


def test_a_file_of_the_configuration_lies_beside_it(tmp_path: Path) -> None:
    config = load(tmp_path, 'gazetteer = "world.sqlite"')
    assert config.gazetteer == (tmp_path / "world.sqlite").resolve()
    assert config.described()["gazetteer"] == "world.sqlite"
