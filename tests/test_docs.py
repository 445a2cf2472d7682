"""What the README says: its Python runs, its commands print what it shows, its links exist."""

import doctest
import re
import shlex
import shutil
from pathlib import Path

import pytest

from geomap.cli import main

TOP = Path(__file__).resolve().parent.parent
README = (TOP / "README.md").read_text(encoding="utf-8")
PICTURE_LIMIT = 400_000


def blocks(language: str) -> list[str]:
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```", README)


@pytest.fixture
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder that has the seeds and nothing else."""
    shutil.copytree(TOP / "seeds", tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.model
def test_python_of_the_readme(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = blocks("python")
    assert len(found) >= 4
    names: dict[str, object] = {}
    for number, block in enumerate(found):
        exec(compile(block, f"README.md, Python block {number + 1}", "exec"), names)
    assert (seeds / "outputs" / "map.html").is_file()
    printed = capsys.readouterr().out
    assert "diplomatic_meeting reported Tehran" in printed
    assert "exact" in printed


@pytest.mark.model
def test_commands_of_the_readme(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    calls = [call for block in blocks("console") for call in re.split(r"(?m)^\$ ", block)[1:]]
    assert len(calls) >= 3
    for call in calls:
        command, _, expected = call.partition("\n")
        name, *arguments = shlex.split(command)
        assert name == "geomap"
        assert main(arguments) == 0, command
        printed = capsys.readouterr().out
        checker = doctest.OutputChecker()
        assert checker.check_output(expected, printed, doctest.ELLIPSIS), printed


def test_the_first_two_bash_blocks_are_the_quick_start() -> None:
    first, second = blocks("bash")[:2]
    assert README.index("## Quick start") < README.index(first) < README.index(second)
    assert "geomap map seeds -o outputs" in first
    assert "python -m pytest" in second


@pytest.mark.parametrize("page", sorted(TOP.glob("*.md")) + sorted(TOP.glob("docs/*.md")))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (page.parent / target).exists(), target


def test_files_that_the_architecture_names_exist() -> None:
    text = (TOP / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:geomap|gazetteer|tests|scripts)/[\w./*-]+)`", text)
    assert len(named) > 15
    assert [name for name in named if not any(TOP.glob(name))] == []


def test_pictures_are_small() -> None:
    pictures = list((TOP / "docs" / "images").glob("*.png"))
    assert len(pictures) >= 2
    assert all(path.stat().st_size < PICTURE_LIMIT for path in pictures)
