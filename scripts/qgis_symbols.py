"""Compare the marks that QGIS draws with those of the interactive map, class by class.

Needs the ``test`` extra, Chromium with its driver, and QGIS::

    python scripts/qgis_symbols.py docs/images/qgis-symbols.png

Prints a table: for each class the share of pixels that differ, for its five outlines. The picture
shows them side by side: on the left the map's, on the right those of QGIS. Exit status 1 if a mark
differs by more than a twentieth.
"""

import argparse
import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
from picture import browser
from PIL import Image

from geomap.export import write
from geomap.export.facets import kinds as kinds_of
from geomap.export.layer import ASSETS
from geomap.model import Document, Event, EventPlace, Span
from geomap.style import INTERNAL, Style

PYTHON = "/usr/bin/python3"
STATUSES = {"solid": "reported", "hollow": "planned", "dashed": "claimed", "struck": "postponed",
            "grey": "past_reference"}  # fmt: skip
SIZE, STEP, MOST = 112, 48, 0.05
HALF = "border_clash, half"
"""The mark of fighting within one country at its border post: a row of its own."""


def rows(style: Style) -> dict[str, str]:
    """Return the class of each row."""
    names = {name: name for name in style.classes if name != "statement"}
    return {HALF: HALF.partition(",")[0]} | names


def document(style: Style) -> Document:
    """Return a made-up article with an event of each class and outline."""
    point = EventPlace(0, 4, "Alfa", "made:1", None, "Alfa", 30.0, 40.0, precision=1)
    text = "Alfa is a place that was made up."
    events = tuple(
        Event(f"{key}-{outline}", f"{key}-{outline}", name, INTERNAL if key == HALF else None,
              style.classes[name].layer, status, None, False, False, None, None, Span(5, 7, "is"),
              Span(0, len(text), text), place=point)
        for key, name in rows(style).items()
        for outline, status in STATUSES.items()
    )  # fmt: skip
    return Document(id="made-up", text=text, events=events)


def of_map(style: Style, names: dict[str, str]) -> dict[str, Image.Image]:
    """Return the marks as the script of the map draws them."""
    parts = "\n".join((ASSETS / name).read_text(encoding="utf-8")
                      for name in ("dom.js", "symbols.js"))  # fmt: skip
    classes = list(names.values())
    internal = [INTERNAL if key == HALF else None for key in names]
    layers = [style.classes[name].layer for name in classes]
    kinds, _ = kinds_of(classes, internal, layers, list(STATUSES), style)
    script = f"""{parts}
    document.body.style.margin = 0;
    for (const {{ marks }} of {json.dumps(kinds)}) {{
      const row = el("div", {{ style: "height: {SIZE}px; white-space: nowrap; font-size: 0" }});
      row.append(...Object.values(marks).map((paths) => symbol(paths, {SIZE})));
      document.body.append(row);
    }}"""
    opened = browser(SIZE * len(STATUSES) + 40, SIZE * len(names) + 200)
    try:
        opened.get("data:text/html,<!doctype html><body></body>")
        opened.execute_script(script)
        page = Image.open(io.BytesIO(opened.get_screenshot_as_png())).convert("RGB")
    finally:
        opened.quit()
    return {
        f"{name}-{outline}": page.crop((x * SIZE, y * SIZE, (x + 1) * SIZE, (y + 1) * SIZE))
        for y, name in enumerate(names)
        for x, outline in enumerate(STATUSES)
    }


def of_qgis(style: Style, keys: list[str]) -> dict[str, Image.Image]:
    """Return the marks as QGIS draws them."""
    with tempfile.TemporaryDirectory() as folder:
        write([document(style)], folder, formats=["gpkg", "qgz"])
        probe = Path(__file__).with_name("qgis_open.py")
        command = [PYTHON, str(probe), folder, "--marks", folder]
        environment = {"PATH": "/usr/bin:/bin", "HOME": folder}
        subprocess.run(command, env=environment, check=True, capture_output=True, timeout=300)
        found = {}
        for key in keys:
            mark = Image.open(Path(folder) / f"{key}.png").convert("RGBA")
            ground = Image.new("RGBA", mark.size, "white")
            found[key] = Image.alpha_composite(ground, mark).convert("RGB").resize((SIZE, SIZE))
    return found


def difference(one: Image.Image, other: Image.Image) -> float:
    """Return the share of pixels that differ by more than smooth edges do."""
    apart = numpy.abs(numpy.asarray(one, dtype=float) - numpy.asarray(other, dtype=float))
    return float((apart.max(axis=2) > 96).mean())


def side_by_side(
    names: list[str], left: dict[str, Image.Image], right: dict[str, Image.Image]
) -> Image.Image:
    """Return a picture of all marks, a row a class."""
    count = len(STATUSES)
    sheet = Image.new("RGB", (STEP * (2 * count + 1), STEP * len(names)), "white")
    for y, name in enumerate(names):
        for x, outline in enumerate(STATUSES):
            for marks, shift in ((left, 0), (right, count + 1)):
                small = marks[f"{name}-{outline}"].resize((STEP - 6, STEP - 6))
                sheet.paste(small, ((x + shift) * STEP + 3, y * STEP + 3))
    return sheet


def main() -> None:
    """Read the arguments, print the table and write the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("picture", type=Path, help="the PNG to write")
    options = parser.parse_args()
    style = Style.default()
    names = rows(style)
    left = of_map(style, names)
    right = of_qgis(style, list(left))
    side_by_side(list(names), left, right).quantize(96).save(options.picture, optimize=True)
    print("| class | " + " | ".join(STATUSES) + " |")
    print("|---" * (len(STATUSES) + 1) + "|")
    worst = 0.0
    for name, class_ in names.items():
        shares = [difference(left[f"{name}-{o}"], right[f"{name}-{o}"]) for o in STATUSES]
        worst = max(worst, *shares)
        label = style.subclasses[INTERNAL] if name == HALF else style.classes[class_].label
        print(f"| {label} | " + " | ".join(f"{s:.1%}" for s in shares) + " |")
    print(f"largest difference: {worst:.1%}")
    sys.exit(worst > MOST)


if __name__ == "__main__":
    main()
