"""Text into a page: the one place where Python writes data and scripts into HTML.

Text of articles is hostile. It enters the page as JSON in a data block, where no text can end the
block, and is shown by ``textContent`` only (``assets/dom.js``). It never passes through a Jinja
template, because branca renders what a macro returns a second time: a ``{{ }}`` in a text would run
as an expression. :class:`Raw` keeps it out of that.
"""

import base64
import functools
import hashlib
import importlib
import re
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from branca.element import Element

from geomap.export.values import clean

__all__ = [
    "Raw",
    "data_block",
    "dump",
    "leaflet_css",
    "leaflet_js",
    "packed",
    "script",
    "with_policy",
]

PLAIN_LIMIT = 300_000
"""Characters of data that stay readable in the file; longer data is packed."""
_ENDS = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


class Raw(Element):
    """Text that goes into the page as it is, past every template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **kwargs: Any) -> str:
        """Return the text."""
        return self.text


def dump(value: Any) -> str:
    """Return a value as compact JSON; what JSON does not know is mended first."""
    try:
        return msgspec.json.encode(value).decode("utf-8")
    except (TypeError, ValueError):  # a lone surrogate, an array, a date
        return msgspec.json.encode(clean(value)).decode("utf-8")


def data_block(name: str, text: str, *, pack: bool = False) -> str:
    """Return JSON text as a data block that no text in it can leave."""
    kind = "application/json" if not pack else "application/gzip"
    content = packed(text) if pack else text.translate(_ENDS)
    return f'<script type="{kind}" id="{name}">{content}</script>'


def packed(text: str, level: int = 5) -> str:
    """Return text as gzip in base64, the same for the same text; browsers unpack it themselves."""
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)  # 31: gzip, with an empty header
    return base64.b64encode(packer.compress(text.encode("utf-8")) + packer.flush()).decode("ascii")


def script(text: str) -> str:
    """Return a script that no text in it can leave."""
    text = text.replace("\r\n", "\n").replace("</script", "<\\/script")
    return f"<script>{text}</script>"


@functools.cache
def leaflet_css() -> str:
    """Return Leaflet's style with its images inside."""
    css = (_leaflet() / "leaflet.css").read_text(encoding="utf-8")
    css = re.sub(r"url\(images/([\w.-]+)\)", lambda found: f"url({_image(found[1])})", css)
    return f"<style>{css}</style>"


@functools.cache
def leaflet_js() -> str:
    """Return Leaflet with its marker images inside, so that Folium's plain markers work too."""
    text = (_leaflet() / "leaflet.js").read_text(encoding="utf-8")
    text = re.sub(r"\n//# sourceMappingURL=.*", "", text)
    images = {
        "iconUrl": _image("marker-icon.png"),
        "iconRetinaUrl": _image("marker-icon-2x.png"),
        "shadowUrl": _image("marker-shadow.png"),
    }
    icons = f'L.Icon.Default.imagePath = "";\nL.Icon.Default.mergeOptions({dump(images)});'
    return script(text + "\n" + icons)


def _leaflet() -> Path:
    return Path(importlib.import_module("xstatic.pkg.leaflet").BASE_DIR)


def _image(name: str) -> str:
    content = (_leaflet() / "images" / name).read_bytes()
    return "data:image/png;base64," + base64.b64encode(content).decode("ascii")


def with_policy(page: str, images: Iterable[str] = ()) -> str:
    """Return the page with a content security policy: its own scripts, and no request.

    Parameters
    ----------
    page
        The page; its first ``meta`` is the one that names the encoding.
    images
        Origins that images may come from: those of tiles that were asked for.
    """
    hashes = sorted(
        {
            base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
            for text in re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
        }
    )
    sources = " ".join(f"'sha256-{digest}'" for digest in hashes)
    policy = (
        f"default-src 'none'; img-src {' '.join(['data:', *images])}; style-src 'unsafe-inline'; "
        f"script-src {sources}; base-uri 'none'; form-action 'none'"
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}" />'
    return page.replace('<meta charset="utf-8" />', f'<meta charset="utf-8" />\n{meta}', 1)
