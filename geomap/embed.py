"""Pieces of code that put the map of a run into other pages: what ``geomap embed`` prints.

The texts of the picture come from articles; each piece escapes them for the language it is in.
"""

import html
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit

from geomap.errors import ConfigError, InputError
from geomap.export.figure import FILES as FIGURES
from geomap.export.page import FILES as PAGES
from geomap.export.wording import words_of
from geomap.report.web import plain

__all__ = ["KINDS", "Embedded", "described", "snippet"]

KINDS = ("picture", "iframe", "sandbox", "srcdoc", "markdown", "quarto", "wordpress")
"""What :func:`snippet` makes; the first survives every system that takes pictures."""
_MAP, _SMALL = PAGES
_SCREEN_DPI = 96
_SANDBOX = 'sandbox="allow-scripts allow-popups"'


@dataclass(frozen=True, slots=True)
class Embedded:
    """What a page shows of a run.

    Parameters
    ----------
    folder
        The outputs of ``geomap map``.
    base
        The address at which they will lie, with a slash at its end; ``""`` for beside the page.
    title, alt
        Of the picture: what it is, and a text in place of it.
    width, height
        Of the picture at its true size, in CSS pixels.
    """

    folder: Path
    base: str
    title: str
    alt: str
    width: int
    height: int

    @classmethod
    def of(cls, folder: str | Path, url: str | None = None) -> "Embedded":
        """Read a folder of outputs.

        Parameters
        ----------
        folder
            The outputs of ``geomap map``.
        url
            The address of the web at which they will lie; None for beside the page.

        Raises
        ------
        InputError
            If the folder lacks the map or the picture.
        ConfigError
            If the address is none of the web.
        """
        from PIL import Image, UnidentifiedImageError

        folder = Path(folder)
        for name in (*PAGES, FIGURES["png"]):
            if not (folder / name).is_file():
                raise InputError(f"{folder}: has no {name}; give the folder that geomap map wrote")
        try:
            with Image.open(folder / FIGURES["png"]) as picture:
                told, (width, height) = picture.info, picture.size
        except (OSError, UnidentifiedImageError):
            raise InputError(f"{folder / FIGURES['png']}: is no picture; make it again") from None
        scale = _SCREEN_DPI / float(told.get("dpi", (_SCREEN_DPI,))[0])
        title, alt = (" ".join(str(told.get(key, "")).split()) for key in ("Title", "Description"))
        size = (round(width * scale), round(height * scale))
        return cls(folder, _base(url), title, alt or title, *size)

    def address(self, name: str) -> str:
        """Return the address of a file of the run."""
        return self.base + quote(name)


def snippet(shown: Embedded, kind: str, *, height: int = 560) -> str:
    """Return a piece of code that shows a run.

    Parameters
    ----------
    shown
        What it shows.
    kind
        One of :data:`KINDS`.
    height
        Of a frame, in CSS pixels.

    Raises
    ------
    ConfigError
        If the kind does not exist.
    """
    makers = {
        "picture": _picture,
        "iframe": lambda s: _linked(s, height),
        "sandbox": lambda s: _linked(s, height, f" {_SANDBOX}"),
        "srcdoc": lambda s: _srcdoc(s, height),
        "markdown": _markdown,
        "quarto": lambda s: _quarto(s, height),
        "wordpress": _wordpress,
    }
    if kind not in makers:
        raise ConfigError(f"kind: {kind!r} is not known; allowed: {', '.join(KINDS)}")
    return makers[kind](shown)


def described(shown: Embedded, kind: str) -> str:
    """Return what a piece of code is for, in a line."""
    size = f"{(shown.folder / _SMALL).stat().st_size / 1e6:.1f} MB"
    # For a shell, and inside a comment of HTML: '-->' and '--''>' are one word to the shell.
    folder = shlex.quote(str(shown.folder)).replace(">", "''>")
    return str(_words()[kind]).format(size=size, folder=folder)


def _base(url: str | None) -> str:
    if not url:
        return ""
    parts = _split(url)
    if parts is None:
        shown = re.sub("//[^/]*@", "//...@", url)
        raise ConfigError(
            f"url: {shown!r} is no address of a folder on the web, without name, password, query "
            "and #; give one such as https://host/maps/"
        )
    address = quote(f"{parts.scheme}://{parts.netloc}{parts.path}", safe="/:@%+,;=~[]")
    return address if address.endswith("/") else address + "/"


def _split(url: str) -> SplitResult | None:
    """Return the parts of an address that may stand for all to see before the name of a file."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    good = parts.scheme in ("http", "https") and parts.hostname and not parts.path.endswith(".html")
    return parts if good and not (parts.query or parts.fragment or "@" in parts.netloc) else None


def _words() -> dict[str, Any]:
    return dict(words_of("en")["embed"])


def _caption(shown: Embedded) -> str:
    return f"{shown.title}. {_words()['credit']}" if shown.title else str(_words()["credit"])


def _told(shown: Embedded, text: str, link: str) -> str:
    """Return a text as HTML, and behind it a link to the map, in the words of that name."""
    return f'{html.escape(text)} <a href="{shown.address(_MAP)}">{html.escape(_words()[link])}</a>'


def _image(shown: Embedded, more: str = "") -> str:
    return (
        f'<img src="{shown.address(FIGURES["png"])}" alt="{html.escape(shown.alt)}" '
        f'width="{shown.width}" height="{shown.height}"{more}>'
    )


def _picture(shown: Embedded) -> str:
    image = _image(shown, ' style="max-width:100%;height:auto"')
    link = shown.address(_MAP)
    return (
        f'<figure>\n<a href="{link}">{image}</a>\n'
        f"<figcaption>{_told(shown, _caption(shown), 'open')}</figcaption>\n</figure>"
    )


def _linked(shown: Embedded, height: int, more: str = "") -> str:
    """Return a frame that shows the file of the map, with the credit below."""
    frame = _frame(shown, f'src="{shown.address(_SMALL)}"{more}', height)
    return f"{frame}\n<p>{_told(shown, _words()['credit'], 'whole')}</p>"


def _srcdoc(shown: Embedded, height: int) -> str:
    page = (shown.folder / _SMALL).read_text(encoding="utf-8")
    return _frame(shown, f'srcdoc="{html.escape(page)}" {_SANDBOX}', height)


def _frame(shown: Embedded, source: str, height: int) -> str:
    title = html.escape(shown.title or _words()["open"])
    style = f"width:100%;height:{height}px;border:0"
    return f'<iframe {source} title="{title}" style="{style}" loading="lazy"></iframe>'


def _markdown(shown: Embedded) -> str:
    link, words = shown.address(_MAP), _words()
    return (
        f"[![{plain(shown.alt)}](<{shown.address(FIGURES['png'])}>)](<{link}>)\n\n"
        f"*{plain(_caption(shown))}* [{plain(words['open'])}](<{link}>)"
    )


def _quarto(shown: Embedded, height: int) -> str:
    """Return the frame for pages, and the picture as lines for paper."""
    alt = shown.alt.replace("\\", "\\\\").replace('"', '\\"')
    picture = f'![{plain(_caption(shown))}](<{shown.address(FIGURES["svg"])}>){{fig-alt="{alt}"}}'
    return (
        '::: {.content-visible when-format="html"}\n\n```{=html}\n'
        f"{_linked(shown, height)}\n```\n\n:::\n\n"
        f'::: {{.content-visible unless-format="html"}}\n\n{picture}\n\n:::'
    )


def _wordpress(shown: Embedded) -> str:
    """Return an image block: WordPress takes frames from whoever is no administrator."""
    link = shown.address(_MAP)
    return (
        '<!-- wp:image {"linkDestination":"custom"} -->\n<figure class="wp-block-image">'
        f'<a href="{link}">{_image(shown)}</a><figcaption class="wp-element-caption">'
        f"{_told(shown, _caption(shown), 'open')}</figcaption></figure>\n<!-- /wp:image -->"
    )
