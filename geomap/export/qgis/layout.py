"""The print layout of the project: a sheet of A4 with map, title, legend, scale and credits."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from geomap.export.basemap import PAINT
from geomap.export.qgis.xml import Element, channels, node
from geomap.export.wording import words_of

__all__ = ["MAP_MM", "Sheet", "layout"]

MAP_MM = (202.0, 166.0)
"""Width and height of the map on the sheet."""
_LABEL, _LEGEND, _SCALE, _MAP, _PAGE, _PICTURE = 65641, 65642, 65646, 65639, 65638, 65640
_MARGIN, _TOP = 10.0, 24.0
_ROOMY = 14
"""A legend of more lines is set smaller, in two columns."""
_SPACE = uuid.UUID("0f5f4f0a-5a3c-4a54-9b5b-6f3f0c2a9d11")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a layout shows.

    Parameters
    ----------
    title, subtitle, credits
        Texts; they are words, never evaluated.
    extent
        West, south, east, north in metres of the project's projection.
    srs
        That projection, as QGIS writes it.
    legend
        Id and name of the layers in the legend, from the top.
    entries
        How many lines the legend has about.
    kilometres
        The length of one part of the scale bar; None for the world, which has no one scale.
    marks
        Pictures of marks, with what their outlines mean.
    """

    title: str
    subtitle: str
    credits: str
    extent: tuple[float, float, float, float]
    srs: Element
    legend: Sequence[tuple[str, str]]
    entries: int
    kilometres: float | None
    marks: Sequence[tuple[str, str]]


def layout(sheet: Sheet) -> Element:
    """Return the layout as an element of the project."""
    width, height = MAP_MM
    page = _item(_PAGE, "page", (0, 0, 297, 210), 0, {}, [])
    right = _MARGIN + width + 4
    items = [
        *_key(sheet.marks, right, _TOP + height - 16),
        _label(sheet.title, "title", (_MARGIN, 7, 277, 8), 16, 75),
        _label(sheet.subtitle, "subtitle", (_MARGIN, 16, 277, 6), 8.5),
        _map(sheet, (_MARGIN, _TOP, width, height)),
        _legend(sheet, (right, _TOP, 297 - _MARGIN - right, 120)),
        *_scale(sheet, (right, _TOP + height - 10, 55, 10)),
        _label(sheet.credits, "credits", (_MARGIN, _TOP + height + 2, 277, 14), 7),
    ]
    pages = node("PageCollection", {}, [page, node("GuideCollection", {"visible": 1})])
    name = words_of()["gis"]["layout"]
    attributes = {"name": name, "printResolution": 300, "units": "mm", "worldFileMap": _id("map")}
    return node("Layouts", {}, [node("Layout", attributes, [pages, *reversed(items)])])


def _id(name: str) -> str:
    return "{" + str(uuid.uuid5(_SPACE, name)) + "}"


def _item(
    kind: int, name: str, box: tuple[float, float, float, float], level: int,
    attributes: dict[str, Any], children: Sequence[Element],
) -> Element:  # fmt: skip
    x, y, width, height = box
    common = {
        "type": kind, "uuid": _id(name), "templateUuid": _id(name), "id": name,
        "position": f"{x:g},{y:g},mm", "positionOnPage": f"{x:g},{y:g},mm",
        "size": f"{width:g},{height:g},mm", "referencePoint": 0, "itemRotation": 0,
        "zValue": level, "visibility": 1, "opacity": 1, "blendMode": 0, "positionLock": "false",
        "groupUuid": "", "excludeFromExports": 0, "frame": "false", "background": "false",
        "frameJoinStyle": "miter", "outlineWidthM": "0.2,mm",
    }  # fmt: skip
    frame = node("FrameColor", {**channels(PAINT["edge"]), "alpha": 255})
    ground = node("BackgroundColor", {"red": 255, "green": 255, "blue": 255, "alpha": 255})
    return node("LayoutItem", {**common, **attributes}, [frame, ground, *children])


def _words(value: str) -> str:
    """Return a text that no layout evaluates: ``[%`` would begin an expression."""
    return value.replace("[%", "[ %")


def _style(size: float, tag: str = "LabelFont", weight: int = 50) -> list[Element]:
    """Return how a text looks: as QGIS reads it before 3.24, and since."""
    font = f"Sans,{size:g},-1,5,{weight},0,0,0,0,0"
    since = {"fontSize": size, "fontSizeUnit": "Point", "textColor": "32,38,43,255",
             "fontWeight": weight, "textOpacity": 1, "multilineHeight": 1}  # fmt: skip
    return [node(tag, {"description": font, "style": ""}), node("text-style", since)]


def _label(
    value: str, name: str, box: tuple[float, float, float, float], size: float, weight: int = 50
) -> Element:
    attributes = {"labelText": _words(value), "htmlState": 0, "halign": 1, "valign": 32,
                  "marginX": 0, "marginY": 0}  # fmt: skip
    return _item(_LABEL, name, box, 3, attributes, _style(size, weight=weight))


def _key(marks: Sequence[tuple[str, str]], x: float, bottom: float) -> list[Element]:
    """Return what outlines mean, one under the other, down to a height."""
    made = []
    for number, (picture, words) in enumerate(marks):
        y = bottom - 9.5 * (len(marks) - number)
        look = {"file": picture, "resizeMode": 0, "anchorPoint": 0, "mode": 1, "mapUuid": ""}
        made.append(_item(_PICTURE, f"mark {number}", (x, y + 0.5, 6, 6), 5, look, []))
        made.append(_label(words, f"outline {number}", (x + 7.5, y, 50, 9), 7.5))
    return made


def _map(sheet: Sheet, box: tuple[float, float, float, float]) -> Element:
    west, south, east, north = sheet.extent
    attributes = {"frame": "true", "background": "true", "keepLayerSet": "false", "mapRotation": 0,
                  "followPreset": "false", "drawCanvasItems": "false", "isTemporal": 0,
                  "mapFlags": 0, "labelMargin": "0,mm"}  # fmt: skip
    extent = node("Extent", {"xmin": west, "ymin": south, "xmax": east, "ymax": north})
    crs = node("crs", {}, [sheet.srs])
    made = _item(_MAP, "map", box, 1, attributes, [extent, crs, node("LayerSet")])
    ground = made.find("BackgroundColor")
    if ground is not None:
        ground.attrib.update({part: str(n) for part, n in channels(PAINT["sea"]).items()})
    return made


def _legend(sheet: Sheet, box: tuple[float, float, float, float]) -> Element:
    tree = [node("layer-tree-layer", {"id": key, "name": name, "providerKey": "ogr",
                                      "checked": "Qt::Checked", "expanded": 1})
            for key, name in sheet.legend]  # fmt: skip
    # All classes fit on the sheet, if they have to.
    size, gap, columns = (8.0, 1.2, 1) if sheet.entries <= _ROOMY else (6.0, 0.4, 2)
    styles = [
        node("style", {"name": name, "alignment": 1, "marginTop": top, "indent": 0,
                       "marginLeft": 2 if name == "symbolLabel" else 0},
             _style(points, "styleFont"))
        for name, points, top in (("title", 11, 0), ("group", 9, 2), ("subgroup", 8.5, 2.5),
                                ("symbol", size, gap), ("symbolLabel", size, gap))
    ]  # fmt: skip
    attributes = {
        "title": "", "map_uuid": _id("map"), "legendFilterByAtlas": 0, "resizeToContents": 1,
        "columnCount": columns, "splitLayer": int(columns > 1), "columnSpace": 2, "lineSpacing": 1,
        "symbolWidth": 6, "symbolHeight": 4, "boxSpace": 0, "wrapChar": "", "symbolAlignment": 1,
        "titleAlignment": 1,
    }  # fmt: skip
    return _item(_LEGEND, "legend", box, 2, attributes, [
        node("styles", {}, styles), node("layer-tree-group", {}, tree)])  # fmt: skip


def _scale(sheet: Sheet, box: tuple[float, float, float, float]) -> list[Element]:
    if sheet.kilometres is None:
        return []
    attributes = {
        "mapUuid": _id("map"), "style": "Single Box", "unitType": "km", "unitLabel": "km",
        "numUnitsPerSegment": sheet.kilometres, "numMapUnitsPerScaleBarUnit": 1,
        "numSegments": 2, "numSegmentsLeft": 0, "numSubdivisions": 1, "segmentSizeMode": 0,
        "height": 1.6, "labelBarSpace": 1, "boxContentSpace": 0, "alignment": 0,
        "segmentMillimeters": 20, "minBarWidth": 20, "maxBarWidth": 80, "labelVerticalPlacement": 0,
        "labelHorizontalPlacement": 0, "outlineWidth": 0.2,
    }  # fmt: skip
    return [_item(_SCALE, "scale", box, 4, attributes, _style(7.5, "scaleBarFont"))]
