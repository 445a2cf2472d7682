"""What a reader sees of one event: names of columns, value maps, map tip, form, action."""

from collections.abc import Mapping, Sequence
from typing import Any

from geomap.corrections import FIELDS
from geomap.export.layers import Column
from geomap.export.qgis import expressions as ex
from geomap.export.qgis.xml import Element, node, option
from geomap.export.wording import words_of
from geomap.style import Style

__all__ = ["actions", "event_title", "field_elements", "map_tip"]

_LONG = ("sentence", "why", "note", "warnings")


def field_elements(columns: Sequence[Column], style: Style) -> list[Element]:
    """Return the parts of a style that tell of the columns of a layer."""
    values = _values(style)
    widgets = [_widget(column, values.get(column.name)) for column in columns]
    titles = [{"index": number, "field": column.name, "name": column.title}
              for number, column in enumerate(columns, 1)]  # fmt: skip
    # What comes back by geomap corrections: of tables of events alone, and no evidence.
    own = FIELDS if any(column.name == "review_status" for column in columns) else ()
    editable = [node("field", {"name": c.name, "editable": int(c.name in own)}) for c in columns]
    return [
        node("fieldConfiguration", {}, widgets),
        node("aliases", {}, [node("alias", title) for title in titles]),
        node("editable", {}, editable),
    ]


def map_tip() -> Element:
    """Return what the pointer shows on an event: what, when, where, and the sentence."""
    address = ex.web_address("url")
    opened = ex.text(f'">{words_of()["gis"]["open"]}</a>')
    link = f"if({address} = '', '', concat('<br/><a href=\"', {ex.html(address)}, {opened}))"
    parts = 'array("source", "title", format_date("published", \'yyyy-MM-dd\'))'
    source = f"array_to_string(array_filter({parts}, @element IS NOT NULL), ', ')"
    title, status = ex.html(event_title()), ex.html('represent_value("status")')
    sentence = ex.html(ex.field("sentence"))
    text = (
        f"<b>[% {title} %]</b><br/>[% {status} %]<p>[% {sentence} %]</p>"
        f"<i>[% {ex.html(source)} %]</i>[% {link} %]"
    )
    return node("mapTip", {}, text=text)


def event_title() -> str:
    """Return an expression for what an event is: class, place and date."""
    words = words_of()
    place = f'coalesce("place_name", "place_text", {ex.text(words["no_place"])})'
    day = f'coalesce("date_text", {ex.text(words["date_none"])})'
    return f"""concat(represent_value("event_class"), ', ', {place}, ', ', {day})"""


def actions() -> Element:
    """Return the action that opens the article of an event, if its address is one of the web."""
    settings = {
        "id": "{6a1f2f5e-9d0c-4d55-8a57-0c9b6f3f1a01}", "type": 5, "icon": "", "capture": 0,
        "name": words_of()["gis"]["open"], "shortTitle": words_of()["gis"]["open"],
        "action": f"[% {ex.web_address('url')} %]", "notificationMessage": "",
        "isEnabledOnlyWhenEditable": 0,
    }  # fmt: skip
    scopes = [node("actionScope", {"id": name}) for name in ("Canvas", "Feature", "Field")]
    default = node("defaultAction", {"key": "Canvas", "value": settings["id"]})
    return node("attributeactions", {}, [default, node("actionsetting", settings, scopes)])


def _values(style: Style) -> dict[str, Mapping[str, str]]:
    """Return what the values of some columns are called."""
    words = words_of()
    return {
        "event_class": {name: found.label for name, found in style.classes.items()},
        "layer": {name: found.label for name, found in style.layers.items()},
        "status": {name: found.label for name, found in style.statuses.items()},
        "subclass": style.subclasses,
        "precision": {str(n): words[f"precision_{n}"] for n in range(1, 8)},
        "date_precision": words["gis"]["date_precisions"],
        "review_status": words["reviews"],
    }


def _widget(column: Column, values: Mapping[str, str] | None) -> Element:
    """Return how a column is shown and edited; a value map shows labels and keeps codes."""
    kind, config = _config(column, values)
    inner = [option(config)] if config else []
    widget = node("editWidget", {"type": kind}, [node("config", {}, inner)])
    return node("field", {"name": column.name, "configurationFlags": "None"}, [widget])


def _config(column: Column, values: Mapping[str, str] | None) -> tuple[str, dict[str, Any]]:
    if values is not None:
        return "ValueMap", {"map": [{label: value} for value, label in values.items()]}
    if column.kind == "date":
        form = "yyyy-MM-dd"
        return "DateTime", {"allow_null": True, "calendar_popup": True, "display_format": form,
                            "field_format": form, "field_iso_format": False}  # fmt: skip
    if column.kind == "text":
        return "TextEdit", {"IsMultiline": column.name in _LONG, "UseHtml": False}
    return "", {}
