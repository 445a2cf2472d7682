"""Marks as the paths of an SVG picture, for the page and for QGIS.

The shape is that of the layer, colour and sign are those of the class, the outline is that of the
status.
"""

from geomap.style import HALF, STROKE, ClassStyle, Style

__all__ = ["mark_paths"]

_INNER = "translate(12 12) scale(.83) translate(-12 -12)"
_DASHES = "3.4 2.4"
Path = dict[str, str]


def mark_paths(
    style: Style, class_: ClassStyle, outline: str, shape: str, centre: str, *,
    internal: bool = False,
) -> list[Path]:  # fmt: skip
    """Return the attributes of the paths of a mark, in a box of 24, the lowest first.

    Parameters
    ----------
    style
        Its ink, paper and grey.
    class_, outline
        The class, which may have an empty sign, and one of :data:`geomap.style.OUTLINES`.
    shape, centre
        The path of the layer, and where signs stand in it.
    internal
        Whether it is the half mark of fighting within one country.
    """
    fill = style.grey if outline == "grey" else class_.colour
    hollow = outline in ("hollow", "struck")
    plain = hollow or internal
    parts = [_line(shape, style.paper, 4.6), _path(shape, style.paper if plain else fill)]
    if internal:
        parts.append(_path(HALF, fill))
    if hollow:
        parts.append(_line(shape, fill, 3) | {"transform": _INNER})
    if outline == "dashed":
        parts.append(_line(shape, style.paper, 3))
        parts.append(_line(shape, style.ink, 2.4) | {"stroke-dasharray": _DASHES})
    else:
        parts.append(_line(shape, style.ink, 1.3))
    if class_.sign and not internal:
        on_it = style.paper if outline == "grey" else style.sign_colour(fill)
        sign = _line(class_.sign, style.ink if plain else on_it, 2)
        parts.append(sign | {"stroke-linecap": "round", "transform": f"translate({centre})"})
    if outline == "struck":
        parts.append(_line(STROKE, style.ink, 2.4))
    return parts


def _path(path: str, fill: str = "none") -> Path:
    return {"d": path, "fill": fill}


def _line(path: str, colour: str, width: float) -> Path:
    look = {"stroke": colour, "stroke-width": f"{width:g}", "stroke-linejoin": "round"}
    return _path(path) | look
