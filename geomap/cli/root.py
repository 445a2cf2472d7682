"""The group of commands, the options that they share, and what else they share."""

import dataclasses
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from geomap._version import __version__
from geomap.config import Config, load_config
from geomap.terminal import error_line, set_up_log

__all__ = [
    "DONE",
    "FAILED",
    "PATH",
    "SOME_REFUSED",
    "USAGE",
    "Common",
    "cli",
    "open_gazetteer",
    "open_pipeline",
    "reading_options",
    "tell",
    "with_options",
]

DONE, FAILED, USAGE, SOME_REFUSED = 0, 1, 2, 3
_HELP = {"help_option_names": ["-h", "--help"]}


@click.group(context_settings=_HELP)
@click.version_option(__version__, message="geomap %(version)s")
def cli() -> None:
    """News articles in, a map of what happened where out."""


@dataclasses.dataclass(frozen=True, slots=True)
class Common:
    """The common options of one call."""

    config: Config
    quiet: bool


def with_options(
    command: Callable[..., int], more: tuple[Callable[..., Any], ...] = ()
) -> Callable[..., int]:
    """Add the common options, and more of the configuration, as one value."""
    names = _CONFIGURED if not more else (*_CONFIGURED, "country")

    @functools.wraps(command)
    def wrapped(**given: Any) -> int:
        quiet = given.pop("quiet")
        set_up_log(given.pop("verbose"), quiet=quiet)
        file = given.pop("config")
        config = load_config(file) if file else Config()
        options = {name: given.pop(name) for name in names}
        config = dataclasses.replace(config, **{k: v for k, v in options.items() if v is not None})
        return command(Common(config, quiet), **given)

    for option in reversed((*_OPTIONS, *more)):
        wrapped = option(wrapped)
    return wrapped


def reading_options(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options of a command that reads articles."""
    return with_options(command, (_COUNTRY,))


PATH = click.Path(path_type=Path)
_OPTIONS = (
    click.option("--gazetteer", type=PATH, metavar="FILE", help="A gazetteer file."),
    click.option("--model", metavar="NAME", help="An installed spaCy pipeline."),
    click.option("--config", type=PATH, metavar="FILE", help="A geomap.toml."),
    click.option("--published", metavar="DATE", help="Date of inputs that carry none."),
    click.option("--toponyms", metavar="HOW", help="How place names are read: rules or trained."),
    click.option("--tiles", metavar="NAME", help="Online tiles under the map (xyzservices)."),
    click.option("--workers", type=int, metavar="N", help="How many processes read the articles."),
    click.option("--engine", metavar="WHO", help="Who reads: local, or dask (with --scheduler)."),
    click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler: tcp://host:8786."),
    click.option("-v", "--verbose", count=True, help="Say more; twice for every choice."),
    click.option("-q", "--quiet", is_flag=True, help="Say errors only."),
)
_COUNTRY = click.option(
    "--country", metavar="CC", help="Country the articles are about, as AF: likelier, not alone."
)
_CONFIGURED = (
    "gazetteer",
    "model",
    "published",
    "toponyms",
    "workers",
    "engine",
    "scheduler",
    "tiles",
)


def open_pipeline(config: Config) -> Any:
    """Return the stages, with model and gazetteer at hand."""
    from geomap.pipeline import Pipeline

    return Pipeline(config)


def open_gazetteer(common: Common) -> Any:
    """Return the gazetteer that is configured."""
    from geomap.gazetteer import Gazetteer

    return Gazetteer.open(common.config.gazetteer)


def tell(line: str, common: Common) -> None:
    """Say something on standard error, unless quiet."""
    if not common.quiet:
        error_line(line)
