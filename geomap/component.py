"""The spaCy component: ``nlp.add_pipe("geomap")`` gives every text its place names.

``doc._.toponyms`` is a tuple of :class:`geomap.model.Toponym`, read by the stage that the pipeline
uses. spaCy finds the component by the entry point ``geomap`` of this package.
"""

import os
from pathlib import Path

import msgspec
from spacy.language import Language
from spacy.tokens import Doc

from geomap.config import Config
from geomap.errors import ModelNotFound
from geomap.gazetteer import Gazetteer
from geomap.model import Document, Toponym
from geomap.pipeline import Stage, reading

__all__ = ["Component", "make_component"]

_KEY = "geomap_toponyms"
_NEEDED = {"TAG": "tagger", "POS": "attribute_ruler", "LEMMA": "lemmatizer", "DEP": "parser",
           "ENT_IOB": "ner"}  # fmt: skip
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(tuple[Toponym, ...])


class Component:
    """Sets ``doc._.toponyms``.

    Parameters
    ----------
    config
        The options; ``gazetteer``, ``toponyms`` and ``country`` are used.
    name
        What the component is called in its pipeline.

    Raises
    ------
    GazetteerError
        If the gazetteer cannot be used.
    ConfigError
        If the gazetteer knows no such country.
    """

    def __init__(self, config: Config, name: str) -> None:
        self._config = config
        self._name = name
        self._process, self._read = os.getpid(), self._stage()

    def __call__(self, doc: Doc) -> Doc:
        """Set the place names of a text.

        Raises
        ------
        ModelNotFound
            If a tagger, a parser or another component that it needs did not come before it.
        """
        missing = [part for mark, part in _NEEDED.items() if not doc.has_annotation(mark)]
        if len(doc) and missing:
            raise ModelNotFound(
                f"{self._name}: no {' and no '.join(missing)} before it in the pipeline; it needs "
                f"{', '.join(_NEEDED.values())}: add it after them"
            )
        if self._process != os.getpid():  # each process opens the gazetteer's file for itself
            self._process, self._read = os.getpid(), self._stage()
        (document,) = self._read([Document(id="", text=doc.text, analysis=doc)])
        doc._.toponyms = document.toponyms
        return doc

    def _stage(self) -> Stage:
        return reading(self._config, Gazetteer.open(self._config.gazetteer))


def _toponyms(doc: Doc) -> tuple[Toponym, ...]:
    """Return the place names of a text; none before they are read."""
    stored = doc.user_data.get(_KEY)
    return _DECODER.decode(stored) if stored else ()


def _set_toponyms(doc: Doc, toponyms: tuple[Toponym, ...]) -> None:
    """Keep place names as bytes, which spaCy can store and send to other processes."""
    doc.user_data[_KEY] = _ENCODER.encode(toponyms)


@Language.factory(
    "geomap",
    default_config={"gazetteer": None, "toponyms": Config().toponyms, "country": None},
    assigns=["doc._.toponyms"],
    requires=["token.tag", "token.pos", "token.lemma", "token.dep", "doc.ents"],
)
def make_component(
    nlp: Language, name: str, gazetteer: str | None, toponyms: str, country: str | None
) -> Component:
    """Make the component.

    Parameters
    ----------
    nlp
        The pipeline.
    name
        What the component is called in it.
    gazetteer
        The path of a gazetteer file; None for the default one.
    toponyms
        How place names are read: ``trained`` or ``rules``.
    country
        The country that the texts are about, as ``AF``; None where it is not known.
    """
    path = Path(gazetteer) if gazetteer is not None else None
    return Component(Config(gazetteer=path, toponyms=toponyms, country=country), name)


Doc.set_extension("toponyms", getter=_toponyms, setter=_set_toponyms)
