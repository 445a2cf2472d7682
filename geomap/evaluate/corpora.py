"""Gold corpora of place names: LGL, TR-News, GeoWebNews and GeoVirus, in their XML formats.

The formats and their traps: LGL and TR-News have ``<toponym>`` with a ``<gaztag geonameid>``, and
offsets that are off by up to ten characters in TR-News; GeoWebNews has typed annotations, some of
which are no toponyms; GeoVirus counts offsets from 1 and has points but no GeoNames ids.
"""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from geomap.errors import InputError

__all__ = ["FORMATS", "Format", "GoldDocument", "GoldToponym", "read_corpus"]

Format = Literal["lgl", "trnews", "gwn", "geovirus"]

_NO_TOPONYMS = {"Non_Toponym", "Literal_Expression", "Non_Lit_Expression"}
_DEMONYMS = {"Non_Literal_Modifier", "Demonym", "Language"}
_NEAR = 12
_MAX_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class GoldToponym:
    """A place name as an annotator marked it.

    ``geonameid`` and the point are None where the annotator gave none; ``kind`` is the corpus's
    own word for the sense of the name, where it has one.
    """

    start: int
    end: int
    text: str
    geonameid: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    kind: str | None = None

    @property
    def linked(self) -> bool:
        """Whether it has a place."""
        return self.geonameid is not None or self.latitude is not None


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A text with its gold. ``source`` is the outlet, where the corpus names it."""

    id: str
    text: str
    toponyms: tuple[GoldToponym, ...]
    source: str | None = None


def read_corpus(path: Path, form: Format) -> list[GoldDocument]:
    """Read a corpus.

    Parameters
    ----------
    path
        The XML file.
    form
        Its format: ``lgl``, ``trnews``, ``gwn`` or ``geovirus``.

    Returns
    -------
    list of GoldDocument
        In the order of the file; a toponym whose phrase is not in its text is left out.

    Raises
    ------
    InputError
        If the file cannot be read, or is not of this format.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
        if len(data) > _MAX_BYTES:
            raise InputError(f"{path.name}: it is longer than the limit of {_MAX_BYTES:,} bytes")
        root = ET.fromstring(data)
    except (OSError, ET.ParseError, ValueError, LookupError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path.name}: cannot be read as XML ({error})") from None
    read = FORMATS[form]
    documents = []
    for at, article in enumerate(root.iter("article")):
        text = article.findtext("text") or ""
        try:
            found = tuple(sorted(read(article, text), key=lambda t: (t.start, t.end)))
        except (TypeError, ValueError, AttributeError) as error:
            raise InputError(
                f"{path.name}: article {at + 1} is not of the format {form} ({error})"
            ) from None
        name = article.get("docid") or article.get("file") or str(at)
        source = article.findtext("domain") or None
        documents.append(GoldDocument(name, text, found, source.strip() if source else None))
    if not any(document.toponyms for document in documents):
        raise InputError(f"{path.name}: no toponyms of the format {form} in it")
    return documents


def _tagged(article: ET.Element, text: str) -> Iterator[GoldToponym]:
    """Yield the toponyms of LGL and TR-News."""
    for node in article.iter("toponym"):
        phrase = node.findtext("phrase") or ""
        start = _located(text, phrase, int(node.findtext("start") or -1))
        if start is None:
            continue
        tag = node.find("gaztag")
        number = tag.get("geonameid") if tag is not None else None
        latitude, longitude = _point(tag, "lat", "lon")
        yield GoldToponym(
            start,
            start + len(phrase),
            phrase,
            int(number) if number else None,
            latitude,
            longitude,
        )


def _typed(article: ET.Element, text: str) -> Iterator[GoldToponym]:
    """Yield the toponyms of GeoWebNews, one for each span."""
    spans: dict[tuple[int, int], GoldToponym] = {}
    for node in article.iter("toponym"):
        kind = node.findtext("type")
        if kind in _NO_TOPONYMS:
            continue
        phrase = node.findtext("extractedName") or ""
        start = _located(text, phrase, int(node.findtext("start") or -1))
        if start is None:
            continue
        number = node.findtext("geonamesID")
        latitude, longitude = _point(node, "latitude", "longitude")
        found = GoldToponym(
            start,
            start + len(phrase),
            phrase,
            int(number) if number and number.isdigit() else None,
            latitude,
            longitude,
            kind,
        )
        known = spans.get((found.start, found.end))
        if known is None or (found.linked and not known.linked):
            spans[found.start, found.end] = found
    yield from spans.values()


def _located_only(article: ET.Element, text: str) -> Iterator[GoldToponym]:
    """Yield the locations of GeoVirus: offsets from 1, points without ids."""
    for node in article.iter("location"):
        phrase = node.findtext("name") or ""
        start = _located(text, phrase, int(node.findtext("start") or 0) - 1)
        if start is not None:
            latitude, longitude = _point(node, "lat", "lon")
            yield GoldToponym(start, start + len(phrase), phrase, None, latitude, longitude)


FORMATS: dict[Format, Callable[[ET.Element, str], Iterator[GoldToponym]]] = {
    "lgl": _tagged,
    "trnews": _tagged,
    "gwn": _typed,
    "geovirus": _located_only,
}


def is_demonym(kind: str | None) -> bool | None:
    """Whether a corpus's own word says that a name is one for people; None if it does not say."""
    return None if kind is None else kind in _DEMONYMS


def _located(text: str, phrase: str, start: int) -> int | None:
    """Return where a phrase stands: at its offset, else nearest to it, else None."""
    if not phrase or start < -1:
        return None
    if start >= 0 and text.startswith(phrase, start):
        return start
    low = max(0, start - _NEAR)
    places = []
    at = text.find(phrase, low)
    while 0 <= at <= start + _NEAR:
        places.append(at)
        at = text.find(phrase, at + 1)
    return min(places, key=lambda at: abs(at - start), default=None)


def _point(node: ET.Element | None, *names: str) -> tuple[float | None, float | None]:
    if node is None:
        return None, None
    values = [node.findtext(name) for name in names]
    if not all(values):
        return None, None
    latitude, longitude = (float(value or "nan") for value in values)
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None, None
    return latitude, longitude
