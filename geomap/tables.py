"""The project's own tables: CSV files of the top-level ``gazetteer/`` folder, with their sources.

In a wheel the folder travels as ``geomap/_gazetteer``; in a checkout it is the sibling folder.
"""

import csv
import functools
import tomllib
from pathlib import Path
from typing import Any

from geomap.errors import GazetteerError

__all__ = ["folder", "read_table", "sources", "split_list"]

Row = dict[str, str]


@functools.cache
def folder() -> Path:
    """Return the folder that holds the tables.

    Raises
    ------
    GazetteerError
        If the installation lacks it.
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / "_gazetteer", package.parent / "gazetteer"):
        if (candidate / "sources.toml").is_file():
            return candidate
    raise GazetteerError("the tables of geomap are missing; install geomap again")


@functools.cache
def read_table(name: str) -> tuple[Row, ...]:
    """Return the rows of ``gazetteer/NAME.csv``; every value is text, empty where unknown.

    Raises
    ------
    GazetteerError
        If the table is missing, or a row has too few or too many columns.
    """
    path = folder() / f"{name}.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            rows = []
            for row in reader:
                if None in row or None in row.values():
                    raise GazetteerError(
                        f"{path.name}, line {reader.line_num}: "
                        f"not {len(reader.fieldnames or ())} columns"
                    )
                rows.append(row)
            return tuple(rows)
    except (OSError, csv.Error, UnicodeDecodeError) as error:
        raise GazetteerError(f"{path.name}: cannot be read ({error})") from error


def split_list(cell: str) -> tuple[str, ...]:
    """Return the items of a cell that holds a list, separated by ``|``."""
    return tuple(item.strip() for item in cell.split("|") if item.strip())


@functools.cache
def sources() -> tuple[dict[str, Any], ...]:
    """Return the ``[[source]]`` entries of ``gazetteer/sources.toml``."""
    path = folder() / "sources.toml"
    try:
        entries: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["source"]
    except (OSError, KeyError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GazetteerError(f"{path.name}: cannot be read ({error})") from error
    return tuple(entries)
