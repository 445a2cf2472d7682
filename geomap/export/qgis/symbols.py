"""Marks, lines and areas as QGIS draws them: the same paths and colours as the interactive map's.

A mark is an SVG picture inside the style. QGIS composes it for each event by an expression, so
that it follows what an analyst changes: the shape is that of the layer, the outline that of the
status.
"""

import base64
from collections.abc import Mapping
from typing import Any

from geomap.export.marks import mark_paths
from geomap.export.qgis import expressions as ex
from geomap.export.qgis.xml import Element, colour, data_defined, node, option
from geomap.style import INTERNAL, Style

__all__ = [
    "MARK_MM",
    "area_symbol",
    "layer_of",
    "line_symbol",
    "mark_svg",
    "mark_symbol",
    "near_symbol",
    "svg_name",
    "symbol",
]

MARK_MM = 6.0
_SHAPE, _CENTRE = "@shape", "@centre"
_KM_PER_DEGREE = 111.2


def mark_svg(
    style: Style, name: str, outline: str = "solid", *, layer: str | None = None,
    internal: bool = False,
) -> str:  # fmt: skip
    """Return the mark of a class as SVG.

    Parameters
    ----------
    style
        Colours and paths.
    name, outline
        The class, and one of :data:`geomap.style.OUTLINES`.
    layer
        Whose shape it has; None for that of the class.
    internal
        Whether it is the half mark of fighting within one country.
    """
    shape = style.layers[layer or style.classes[name].layer]
    centre = " ".join(f"{value:g}" for value in shape.centre)
    drawn = _svg(style, name, outline, internal=internal)
    return drawn.replace(_SHAPE, shape.shape).replace(_CENTRE, centre)


def svg_name(svg: str) -> str:
    """Return a picture as the name under which QGIS finds it."""
    return "base64:" + base64.b64encode(svg.encode()).decode()


def _svg(style: Style, name: str, outline: str, *, internal: bool) -> str:
    """Return a mark whose shape and centre are left open."""
    paths = mark_paths(style, style.classes[name], outline, _SHAPE, _CENTRE, internal=internal)
    drawn = (" ".join(f"{key}='{value}'" for key, value in path.items()) for path in paths)
    head = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='-2 -2 28 28' width='28' height='28'>"
    return head + "".join(f"<path {look}/>" for look in drawn) + "</svg>"


# --- what the outline of an event is ---------------------------------------------------------


def outlines(style: Style, *, disputed: bool) -> list[tuple[str, str]]:
    """Return the outlines other than solid, each with the condition for it."""
    found = []
    for outline in ("hollow", "struck", "grey", "dashed"):
        names = [name for name, status in style.statuses.items() if status.outline == outline]
        condition = ex.any_of("status", names) if names else "false"
        if outline == "dashed" and disputed:
            condition = f"({condition} OR {ex.field('disputed')})"
        found.append((outline, condition))
    return found


def layer_of(style: Style, name: str) -> str:
    """Return an expression for the layer whose shape a mark of a class has."""
    known = f"{ex.any_of('layer', style.layers)}"
    return f"if({known}, {ex.field('layer')}, {ex.text(style.classes[name].layer)})"


def _composed(style: Style, name: str, *, disputed: bool) -> str:
    """Return the expression that composes the mark of an event of a class."""

    def one(outline: str, *, internal: bool = False) -> str:
        return ex.text(_svg(style, name, outline, internal=internal))

    parts = outlines(style, disputed=disputed)
    svg = ex.case([(condition, one(outline)) for outline, condition in parts], one("solid"))
    if style.classes[name].layer == "border_clashes":
        half = [(condition, one(outline, internal=True)) for outline, condition in parts]
        is_half = f"{ex.field('subclass')} = {ex.text(INTERNAL)}"
        svg = ex.case([(is_half, ex.case(half, one("solid", internal=True)))], svg)
    own = style.layers[style.classes[name].layer]
    shapes = {layer: ex.text(found.shape) for layer, found in style.layers.items()}
    centres = {layer: ex.text(f"{found.centre[0]:g} {found.centre[1]:g}")
               for layer, found in style.layers.items()}  # fmt: skip
    shape = ex.named("layer", shapes, ex.text(own.shape))
    centre = ex.named("layer", centres, ex.text(f"{own.centre[0]:g} {own.centre[1]:g}"))
    filled = f"replace(replace({svg}, '{_SHAPE}', {shape}), '{_CENTRE}', {centre})"
    return f"'base64:' || to_base64({filled})"


# --- symbols ---------------------------------------------------------------------------------


def symbol(kind: str, layers: list[Element], name: str = "", opacity: float = 1) -> Element:
    """Return a symbol (``marker``, ``line`` or ``fill``) of some layers, the lowest first."""
    return node("symbol", {"name": name, "type": kind, "alpha": opacity, "clip_to_extent": 1,
                           "force_rhr": 0}, layers)  # fmt: skip


def symbol_layer(
    kind: str,
    properties: Mapping[str, Any],
    follows: Mapping[str, str] | None = None,
    inner: Element | None = None,
    level: int = 0,
) -> Element:
    """Return a layer of a symbol; what ``follows`` names is data-defined by an expression."""
    texts = {key: str(value) for key, value in properties.items()}
    children = [option(texts)]
    if follows:
        children.append(node("data_defined_properties", {}, [option(data_defined(follows))]))
    if inner is not None:
        children.append(inner)
    return node("layer", {"class": kind, "enabled": 1, "locked": 0, "pass": level}, children)


def mark_symbol(style: Style, name: str, number: int, *, disputed: bool) -> Element:
    """Return the symbol of a class: under the mark the circle of what is only near."""
    looks = {"name": svg_name(mark_svg(style, name)), "size": MARK_MM, "size_unit": "MM",
             "scale_method": "diameter", "outline_width": 0}  # fmt: skip
    mark = symbol_layer(
        "SvgMarker", looks, {"name": _composed(style, name, disputed=disputed)}, level=1
    )
    return symbol("marker", [_near(style.classes[name].colour, number), mark], str(number))


def _near(shade: str, number: int, more: Mapping[str, str] | None = None) -> Element:
    """Return the circle within which an event was, true in metres in any projection.

    It is an ellipse in degrees, which is a circle on the ground.
    """
    degrees = f"{ex.field('radius_km')} / {_KM_PER_DEGREE}"
    circle = f"make_ellipse($geometry, {degrees} / cos(radians($y)), {degrees}, 90, 72)"
    shown = f"if({ex.field('precision')} = 2 AND {ex.field('radius_km')} > 0, {circle}, NULL)"
    properties = {"SymbolType": "Fill", "geometryModifier": shown, "units": "MapUnit"}
    return symbol_layer(
        "GeometryGenerator",
        properties,
        inner=symbol("fill", [_circle(shade, more)], f"@{number}@0"),
    )


def near_symbol(style: Style) -> Element:
    """Return the circle alone, in the colour of the class of each event."""
    names = {name: ex.text(colour(found.colour)) for name, found in style.classes.items()}
    paint = ex.named("event_class", names, ex.text(colour(style.ink)))
    tints = {name: ex.text(colour(found.colour, 0.1)) for name, found in style.classes.items()}
    tint = ex.named("event_class", tints, ex.text(colour(style.ink, 0.1)))
    return symbol("marker", [_near(style.ink, 0, {"outlineColor": paint, "fillColor": tint})], "0")


def _circle(shade: str, follows: Mapping[str, str] | None) -> Element:
    """Return how the circle of what is only near looks.

    Without ``follows`` it is that of a mark: in a legend of classes it is not seen.
    """
    near = "coalesce(attribute('precision') = 2, false)"
    follows = follows or {
        "fillStyle": f"if({near}, 'solid', 'no')",
        "outlineStyle": f"if({near}, 'dash', 'no')",
    }
    return symbol_layer("SimpleFill", {
        "color": colour(shade, 0.1), "style": "solid", "joinstyle": "round",
        "outline_color": colour(shade), "outline_width": 0.35, "outline_width_unit": "MM",
        "outline_style": "dash",
    }, follows)  # fmt: skip


def shade(style: Style, *, mixed: str) -> str:
    """Return an expression for the colour of a line or area: of its class, or ink if mixed."""
    grey = [name for name, status in style.statuses.items() if status.outline == "grey"]
    ink = ex.text(colour(style.ink))
    classes = {name: ex.text(colour(_towards(style.ink, found.colour)))
               for name, found in style.classes.items()}  # fmt: skip
    of_class = ex.named("event_class", classes, ink)
    return ex.case([(mixed, ink), (ex.any_of("status", grey), ex.text(colour(style.grey)))],
                   of_class)  # fmt: skip


def _towards(ink: str, other: str, share: float = 0.6) -> str:
    """Return a colour with some ink in it."""
    pairs = [(int(ink[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def line_symbol(style: Style, *, paint: str, dashed: str, alpha: str) -> Element:
    """Return a thick line; colour, dashes and opacity follow expressions."""
    common = {"capstyle": "round", "joinstyle": "round", "line_width_unit": "MM"}
    halo = symbol_layer("SimpleLine", {**common, "line_color": colour(style.paper, 0.8),
                                       "line_width": 1.9})  # fmt: skip
    look = {**common, "line_color": colour(style.ink), "line_width": 1.2}
    pen = f"if({dashed}, 'dash', 'solid')"
    line = symbol_layer("SimpleLine", look, {"outlineColor": paint, "outlineStyle": pen})
    return _transparent(symbol("line", [halo, line], "0"), alpha)


def area_symbol(style: Style, *, paint: str, dashed: str, alpha: str) -> Element:
    """Return a hatched area; colour, dashes of its edge and opacity follow expressions."""
    tint = f"set_color_part({paint}, 'alpha', 36)"
    look = {"color": colour(style.ink, 0.14), "style": "solid", "joinstyle": "round",
            "outline_color": colour(style.ink), "outline_width": 0.4, "outline_width_unit": "MM",
            "outline_style": "solid"}  # fmt: skip
    edge = {"fillColor": tint, "outlineColor": paint,
            "outlineStyle": f"if({dashed}, 'dash', 'solid')"}  # fmt: skip
    stripe = {"line_color": colour(style.ink), "line_width": 0.5, "line_width_unit": "MM"}
    line = symbol_layer("SimpleLine", stripe, {"outlineColor": paint})
    pattern = {"angle": 45, "distance": 2.1, "distance_unit": "MM", "line_width": 0.5,
               "color": colour(style.ink)}  # fmt: skip
    hatch = symbol_layer("LinePatternFill", pattern, inner=symbol("line", [line], "@0@1"))
    return _transparent(symbol("fill", [symbol_layer("SimpleFill", look, edge), hatch], "0"), alpha)


def _transparent(made: Element, alpha: str) -> Element:
    made.append(node("data_defined_properties", {}, [option(data_defined({"alpha": alpha}))]))
    return made


def plain_line(shade: str, width: float, *, dashed: bool = False) -> Element:
    """Return a line of the base map."""
    look = {"line_color": colour(shade), "line_width": width, "line_width_unit": "MM",
            "capstyle": "round", "joinstyle": "round", "use_custom_dash": int(dashed),
            "customdash": "1.6;1.1", "customdash_unit": "MM"}  # fmt: skip
    return symbol("line", [symbol_layer("SimpleLine", look)], "0")


def plain_fill(shade: str) -> Element:
    """Return a fill of the base map; a hair of an edge closes the seams between neighbours."""
    look = {"color": colour(shade), "style": "solid", "outline_color": colour(shade),
            "outline_width": 0.1, "outline_width_unit": "MM", "outline_style": "solid"}  # fmt: skip
    return symbol("fill", [symbol_layer("SimpleFill", look)], "0")


def dot(shade: str, size: float, edge: str) -> Element:
    """Return a small round mark."""
    look = {"name": "circle", "color": colour(shade), "outline_color": colour(edge),
            "outline_width": 0.2, "size": size, "size_unit": "MM"}  # fmt: skip
    return symbol("marker", [symbol_layer("SimpleMarker", look)], "0")


def count_symbol(style: Style) -> Element:
    """Return the mark of several events: a ring with their number in it."""
    size = "8 + 2 * log10(@cluster_size)"
    ring = symbol_layer(
        "SimpleMarker",
        {"name": "circle", "color": colour(style.paper), "outline_color": colour(style.ink),
         "outline_width": 0.7, "size": 8, "size_unit": "MM"},
        {"size": size},
    )  # fmt: skip
    number = symbol_layer(
        "FontMarker",
        {"chr": "9", "color": colour(style.ink), "size": 4, "size_unit": "MM", "font_style": "Bold",
         "outline_width": 0, "horizontal_anchor_point": 1, "vertical_anchor_point": 1},
        {"char": "@cluster_size"},
    )  # fmt: skip
    return symbol("marker", [ring, number], "centerSymbol")
