"""From what was given on the command line to files, in order, each with a name for its articles."""

import glob
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from geomap.reading.formats import SUFFIXES, suffix_of

__all__ = ["Place", "find_files"]

Place = tuple[str, Path | str | None]
"""The name of an input, and its file; None for standard input; a text says why it is refused."""


def find_files(inputs: Iterable[str | Path]) -> Iterator[Place]:
    """Yield the files of inputs: files, folders, patterns such as ``news/**/*.html``, ``-``."""
    stdin_used = False
    for given in inputs:
        text = str(given)
        if text == "-":
            again = "it holds one text and was read already"
            yield "stdin.txt", again if stdin_used else None
            stdin_used = True
        elif not text.strip():
            yield "''", "it is no file name"
        elif glob.has_magic(text) and not _is(os.path.lexists, text):
            yield from _matches(text)
        else:
            path = Path(given)
            yield from _input(path.name or text, path)


def _input(name: str, path: Path) -> Iterator[Place]:
    """Yield a file, or the files of a folder."""
    if _is(os.path.isdir, path):
        yield from _folder(name, path)
    else:
        yield name, _check_file(path)


def _is(test: Callable[[str | Path], bool], path: str | Path) -> bool:
    try:
        return test(path)
    except (OSError, ValueError):
        return False


def _check_file(path: Path) -> Path | str:
    try:
        exists = path.exists()
    except (OSError, ValueError):
        return "it is no usable file name"
    if not exists:
        return "there is no such file"
    if not path.is_file():
        return "it is not a regular file"
    if suffix_of(path.name) is None:
        return f"its kind is not known; allowed: {', '.join(SUFFIXES)}, a folder, -"
    return path


def _matches(pattern: str) -> Iterator[Place]:
    """Yield the files that match a pattern, named from the folder above its first wildcard."""
    parts = Path(pattern).parts
    fixed = next(i for i, part in enumerate(parts) if glob.has_magic(part))
    root, wanted = Path(*parts[:fixed]), [*parts[fixed:]]
    if wanted[-1] == "**":
        wanted.append("*")
    inside = root.resolve()
    hidden = any(part.startswith(".") for part in wanted)
    empty = True
    for path in _sorted_matches(root, "/".join(wanted)):
        name = path.relative_to(root).as_posix()
        if not hidden and any(part.startswith(".") for part in name.split("/")):
            continue
        empty = False
        if not path.resolve().is_relative_to(inside):
            yield name, _LEADS_OUT
        elif not path.is_dir():
            yield name, _check_file(path)
        elif "**" not in wanted:
            yield from _folder(name, path, f"{name}/")
    if empty:
        yield pattern, "no file matches it"


def _sorted_matches(root: Path, pattern: str) -> list[Path]:
    try:
        return sorted(root.glob(pattern), key=lambda path: path.relative_to(root).as_posix())
    except (OSError, ValueError, NotImplementedError):
        return []


_LEADS_OUT = "it is a link that leads out of the folder"


def _folder(name: str, root: Path, prefix: str = "") -> Iterator[Place]:
    """Yield the articles' files of a folder in the order of their names; links are not followed."""
    inside = root.resolve()
    empty = True
    for relative in _walk(root, ""):
        empty = False
        path = root / relative
        if not path.resolve().is_relative_to(inside):
            yield prefix + relative, _LEADS_OUT
        else:
            yield prefix + relative, _check_file(path)
    if empty:
        yield name, f"the folder holds no article ({', '.join(SUFFIXES)})"


def _walk(folder: Path, prefix: str) -> Iterator[str]:
    """Yield paths below a folder in the order of whole paths, one folder's list at a time."""
    try:
        with os.scandir(folder) as found:
            entries = [(e.name, e.is_dir(follow_symlinks=False), e.is_dir()) for e in found]
    except OSError:
        return
    for name, is_folder, leads_to_folder in sorted(entries, key=lambda e: e[0] + "/" * e[1]):
        if name.startswith("."):
            continue
        if is_folder:
            if not _is_output(folder / name):
                yield from _walk(folder / name, f"{prefix}{name}/")
        elif not leads_to_folder and _is_article(name):
            yield prefix + name


def _is_article(name: str) -> bool:
    aside = name.split(".")[0].upper() in ("README", "LICENSE")
    return suffix_of(name) is not None and not aside


def _is_output(folder: Path) -> bool:
    return (folder / "run.json").is_file() and (folder / "documents.jsonl").is_file()
