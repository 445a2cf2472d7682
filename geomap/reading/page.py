"""HTML: the main text of a page, and its title, date and source from what it says of itself."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from geomap.model import Document
from geomap.reading.decoding import decode
from geomap.reading.keys import document_of, id_of
from geomap.reading.opening import Source, read_at_most
from geomap.reading.sidecar import read_sidecar
from geomap.reading.values import Page, Piece, RefusalError

__all__ = ["MAX_PAGE_BYTES", "document_of_page", "page_of", "read_page"]

MAX_PAGE_BYTES = 20_000_000
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_FRAME = re.compile(r"<html\b", re.I)
_LANGUAGE = re.compile(r"""<html[^>]{0,500}?\blang\s*=\s*["']?([A-Za-z]{2,3})\b""", re.I)
_MAX_PLAIN_PAGE = 2_000


def read_page(source: Source) -> Iterator[Piece[Page]]:
    """Yield the one page of a file, with what its sidecar says."""
    too_long = f"it is longer than the limit of {MAX_PAGE_BYTES:,} bytes for a page"
    html = read_at_most(source.open(), MAX_PAGE_BYTES, too_long)
    if not html.strip():
        raise RefusalError("it is empty")
    values, warnings = read_sidecar(source.sidecar)
    yield Piece(source.name, page_of(source.stem, html, values, warnings=warnings))


def page_of(
    default_id: str,
    html: bytes | str,
    values: Mapping[str, Any],
    *,
    charset: str | None = None,
    warnings: tuple[str, ...] = (),
    fetched: str | None = None,
) -> Page:
    """Make a page of what is known of it; its id is settled, all else waits."""
    noted = list(warnings)
    own = id_of(values, default_id, noted)
    others = {key: value for key, value in values.items() if key != "id"}
    return Page(own, html, charset, others, tuple(noted), fetched)


def document_of_page(page: Page) -> Document:
    """Take the article out of a page.

    Raises
    ------
    RefusalError
        If there is none in it.
    """
    html, warnings = page.html, page.warnings
    if isinstance(html, bytes):
        declared = _CHARSET.search(html[:4096])
        charset = page.charset or (declared and declared.group(1).decode("ascii", "replace"))
        html, guessed = decode(html, charset)
        warnings = (*guessed, *warnings)
    # A fragment is a page whose frame was left out; without one no text is looked for.
    framed = html if _FRAME.search(html) else f"<html><body>{html}</body></html>"
    values = _main_text(html) or _main_text(framed)
    if values is None:
        values = {"text": _plain_text(framed)}
        warnings = (*warnings, "no main text was found; the whole text of the page is used")
    if page.fetched and not (values.get("published") or page.values.get("published")):
        warnings = (
            *warnings,
            f"no date of publication was found in it; it was fetched on {page.fetched}",
        )
    language = _LANGUAGE.search(html[:4096])
    values["language"] = language.group(1).lower() if language else None
    return document_of(page.id, values | dict(page.values), warnings)


def _plain_text(html: str) -> str:
    import trafilatura

    plain: str = trafilatura.html2txt(html)
    if not plain.strip() or len(plain) > _MAX_PLAIN_PAGE:
        raise RefusalError("no article text was found in the page")
    return plain


def _main_text(html: str) -> dict[str, Any] | None:
    """Return the main text of a page and what its metadata say, or None."""
    import trafilatura

    found = trafilatura.bare_extraction(
        html,
        with_metadata=True,
        include_comments=False,
        date_extraction_params={
            "original_date": True,
            "extensive_search": False,
            "max_date": "2100-01-01",
        },
    )
    if found is None or isinstance(found, dict) or not found.text or not found.text.strip():
        return None
    return {
        "text": found.text,
        "title": found.title,
        "published": found.date,
        "source": found.sitename,
        "url": found.url,
    }
