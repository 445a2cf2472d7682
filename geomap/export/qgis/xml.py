"""XML as QGIS writes it: elements, its typed options, its colours. Everything is escaped here."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

__all__ = ["DOCTYPE", "Element", "channels", "colour", "data_defined", "encode", "node", "option"]

if TYPE_CHECKING:
    Element: TypeAlias = ET.Element[str]
else:
    Element = ET.Element
DOCTYPE = b"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def node(
    tag: str,
    attributes: Mapping[str, Any] | None = None,
    children: Iterable[Element] = (),
    text: str | None = None,
) -> Element:
    """Return an element; attributes may be numbers, and truth is 1 or 0."""
    made = ET.Element(tag, {key: _text(value) for key, value in (attributes or {}).items()})
    made.text = None if text is None else _text(text)
    made.extend(children)
    return made


def option(value: Any, name: str | None = None) -> Element:
    """Return a value as an ``Option``: of a type, a list, or a map."""
    named = {} if name is None else {"name": name}
    if isinstance(value, Mapping):
        inner = [option(item, key) for key, item in value.items()]
        return node("Option", {**named, "type": "Map"}, inner)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return node("Option", {**named, "type": "List"}, [option(item) for item in value])
    kinds = {bool: "bool", int: "int", float: "double"}
    shown = str(value).lower() if isinstance(value, bool) else value
    return node("Option", {**named, "type": kinds.get(type(value), "QString"), "value": shown})


def data_defined(expressions: Mapping[str, str]) -> dict[str, Any]:
    """Return properties that follow expressions, for :func:`option`."""
    found = {
        name: {"active": True, "expression": expression, "type": 3}
        for name, expression in expressions.items()
    }
    return {"name": "", "properties": found, "type": "collection"}


def channels(value: str) -> dict[str, int]:
    """Return the parts of a colour (``#d55e00``) by their names, 0 to 255."""
    return dict(zip(("red", "green", "blue"), bytes.fromhex(value[1:]), strict=True))


def colour(value: str, opacity: float = 1) -> str:
    """Return a colour (``#d55e00``) as QGIS writes it.

    Examples
    --------
    >>> colour("#d55e00", 0.2)
    '213,94,0,51'
    """
    return ",".join(map(str, [*channels(value).values(), round(opacity * 255)]))


def encode(root: Element) -> bytes:
    """Return a document as bytes, indented."""
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8")
    return DOCTYPE + body + b"\n"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return _NOT_XML.sub("\ufffd", str(value))
