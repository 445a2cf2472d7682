"""Feeds, RSS and Atom: an article an entry; its content is a page of HTML."""

import html
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from html.entities import html5
from typing import TYPE_CHECKING, Any

from geomap.reading.decoding import decode
from geomap.reading.opening import Source, read_at_most
from geomap.reading.page import MAX_PAGE_BYTES, page_of
from geomap.reading.values import Page, Piece, RefusalError, Refused

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["read_feed"]

_MAX_ID = 500
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,100}?\bencoding\s*=\s*["']([\w.:-]+)""")
_ROOT = re.compile(r"<(?:\w{1,20}:)?(?:rss|RDF|feed)[\s>/]")
# A parser of XML knows five entities by name, and drops an ampersand that begins none ("AT&T").
_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#x[0-9a-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)(\w{1,31};)?")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")

_ATOM = ("{http://www.w3.org/2005/Atom}", "{http://purl.org/atom/ns#}")
_RSS = ("", "{http://purl.org/rss/1.0/}", "{http://my.netscape.com/rdf/simple/0.9/}")
_DC = "{http://purl.org/dc/elements/1.1/}"
_ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
_ENTRIES = [f"{space}entry" for space in _ATOM] + [f"{space}item" for space in _RSS]


def _in(spaces: tuple[str, ...], *names: str) -> tuple[str, ...]:
    return tuple(space + name for name in names for space in spaces)


_CONTENT = (_ENCODED, *_in(_ATOM, "content"), *_in(_RSS, "description"), *_in(_ATOM, "summary"))
_TITLE = _in((*_RSS, *_ATOM), "title")
_ID = _in((*_RSS, *_ATOM), "guid", "id")
_PUBLISHED = (*_in(_RSS, "pubDate"), *_in(_ATOM, "published", "issued"), f"{_DC}date")
_UPDATED = _in(_ATOM, "updated", "modified")
_LINK = _in((*_RSS, *_ATOM), "link")


def read_feed(source: Source) -> Iterator[Piece[Page | Refused]]:
    """Yield the entries of a feed as pages."""
    too_long = f"it is longer than the limit of {MAX_PAGE_BYTES:,} bytes for a feed"
    data = read_at_most(source.open(), MAX_PAGE_BYTES, too_long)
    if not data.strip():
        raise RefusalError("it is empty")
    root, warnings = _parsed(data)
    outlet = next((_plain(title) for title in root.iter(*_TITLE)), None)
    number = 0
    for number, entry in enumerate(root.iter(*_ENTRIES), start=1):
        where = f"{source.name}, entry {number}"
        content = _content(entry)
        if content is None:
            yield Piece(where, Refused(where, "it has no text"))
            continue
        values = {**_known(entry), "source": outlet}
        page = page_of(f"{source.stem}:{number}", content, values, warnings=warnings)
        yield Piece(where, page, shared=warnings)
    if not number:
        raise RefusalError("it is a feed without entries")


def _parsed(data: bytes) -> tuple["_Element", tuple[str, ...]]:
    """Parse what can be parsed, and say if that is not all.

    What stands before the first element is left out: no entity that a file defines counts.
    """
    from lxml import etree

    said = _DECLARED.match(data[:400])
    text, warnings = decode(data, said and said.group(1).decode("ascii"))
    start = _ROOT.search(text)
    if start is None:
        raise RefusalError("it is no RSS or Atom feed; its first element is none of them")
    text = _AMPERSAND.sub(_for_xml, text[start.start() :])
    parser = etree.XMLParser(
        encoding="utf-8", recover=True, resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    root = etree.fromstring(text.encode("utf-8"), parser)
    if root is None:
        raise RefusalError("it is no RSS or Atom feed; nothing of it can be read as XML")
    if len(parser.error_log):
        warnings = (*warnings, "the feed is broken XML; what could be read of it is used")
    return root, warnings


def _for_xml(found: re.Match[str]) -> str:
    """Write an entity of HTML by its characters' numbers, and an ampersand that begins none."""
    name = found[1]
    if name in html5:
        return "".join(f"&#{ord(character)};" for character in html5[name])
    return f"&amp;{name or ''}"


def _first(entry: "_Element", names: tuple[str, ...]) -> "_Element | None":
    """Return the first child that has one of the names, in the order of the names."""
    for name in names:
        found = entry.find(name)
        if found is not None and (len(found) or (found.text and found.text.strip())):
            return found
    return None


def _content(entry: "_Element") -> str | None:
    """Return the longest content of an entry, as HTML."""
    from lxml import etree

    found = _first(entry, _CONTENT)
    if found is None:
        return None
    tags = [child for child in found if isinstance(child.tag, str)]
    if not tags:
        text = "".join(found.itertext())
        return html.escape(text) if found.get("type") in ("text", "text/plain") else text
    inner: str = etree.tostring(found, encoding="unicode", method="html", with_tail=False)
    return inner


def _known(entry: "_Element") -> dict[str, Any]:
    """Return what an entry says of itself beside its text."""
    title, own, day = _first(entry, _TITLE), _first(entry, _ID), _first(entry, _PUBLISHED)
    known: dict[str, Any] = {"title": None if title is None else _plain(title), "url": _link(entry)}
    if own is not None and 0 < len(name := _plain(own)) <= _MAX_ID:
        known["id"] = name
    if day is not None:
        known["published"] = _day(_plain(day))
    elif (changed := _first(entry, _UPDATED)) is not None:
        known |= {"published": _day(_plain(changed)), "published_basis": "assumed"}
    return known


def _link(entry: "_Element") -> str | None:
    """Return the address of the article: a link's text in RSS, in Atom its reference."""
    for link in entry.iterchildren(*_LINK):
        if link.get("rel", "alternate") == "alternate":
            address = link.get("href") or "".join(link.itertext())
            if address.strip():
                return address.strip()
    return None


def _plain(element: "_Element") -> str:
    """Return text in one line, of plain text or of HTML."""
    text = html.unescape("".join(element.itertext()))
    return " ".join(html.unescape(_TAG.sub("", text)).split())


def _day(text: str) -> str:
    """Return a day of RFC 822 in ISO 8601; other text as it is."""
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, IndexError, OverflowError, TypeError):
        return text
