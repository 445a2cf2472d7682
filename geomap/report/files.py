"""One report as one kind of file: the kind that its name ends in."""

from collections.abc import Callable
from pathlib import Path

from geomap.errors import ConfigError, ExportError
from geomap.export.figure import encoded
from geomap.report import pdf, web, word
from geomap.report.content import Report

__all__ = ["FORMATS", "write_report"]

_WRITERS: dict[str, Callable[[Report], bytes]] = {
    ".docx": word.word,
    ".pdf": pdf.pdf,
    ".html": lambda report: web.page(report).encode("utf-8"),
}
FORMATS = (*_WRITERS, ".md")


def write_report(report: Report, path: Path) -> list[Path]:
    """Write a report as the kind of file that the name ends in; Markdown has its figure beside it.

    Raises
    ------
    ConfigError
        If the name ends in none of :data:`FORMATS`.
    ExportError
        If a file cannot be written.
    """
    kind = path.suffix.lower()
    if kind not in FORMATS:
        raise ConfigError(
            f"{path.name}: the name ends in no known format; allowed: {' '.join(FORMATS)}"
        )
    files: dict[Path, bytes] = {}
    if kind == ".md":
        picture = path.with_name(f"{path.stem}-figure.png")
        files[picture] = encoded(report.figure, "png")
        files[path] = web.markdown(report, picture.name).encode("utf-8")
    else:
        files[path] = _WRITERS[kind](report)
    try:
        for name, data in files.items():
            name.write_bytes(data)
    except OSError as error:
        raise ExportError(f"{path}: cannot be written ({error.strerror})") from None
    return list(files)
