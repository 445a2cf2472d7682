"""Measure the map: sizes, build, load, one step of the brush; against two other pages.

The lean page is hand-written Leaflet on the same data: columns of JSON, clusters by a grid of the
screen, popups; no areas, no filters, no table. It is measured bare, without a map under its marks,
and with the same outlines under them as Leaflet's own polygons. The plain page is Folium's
``Marker`` with a ``Popup``, with Leaflet inside instead of Folium's links (and three lines in
jQuery's place), so that no page waits for a network.

All are opened by the same headless Chromium, in turn; each time is the shortest of its rounds,
which other work on the machine disturbs least. A page is ready when its marks are drawn and its
controls answer, as its script says by an attribute at its end; the first frame after that is told
too. This map's ground and names follow in the next frame; it is all there when every sentence has
been read. The build is measured in seconds of a processor. Needs the ``test`` extra (selenium),
Chromium and its driver::

    python scripts/bench_map.py             # 500, 10,000 and 50,000 events
    python scripts/bench_map.py --folium    # and plain Folium at 10,000
    python scripts/bench_map.py --random    # with sentences of random words, which pack badly
"""

import argparse
import json
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import folium
import geopandas
from made_up_events import made_up
from picture import browser

from geomap.export import basemap, inline
from geomap.export.html import write_map
from geomap.export.values import clean

ROUNDS = 15
STEPS = 24
WATCH = """
    new MutationObserver((_, observer) => {
      if (!(%s)) return;
      observer.disconnect();
      const ready = performance.now();
      requestAnimationFrame(() => { window.readyAt = [ready, performance.now()]; });
    }).observe(document, { attributeFilter: ["data-ready", "data-complete"], subtree: true });
"""
OURS = "document.querySelector('.gm-app[data-ready]')"
ALL_THERE = "document.querySelector('.gm-app[data-complete]')"
LEAN = "document.documentElement.dataset.ready"
BRUSH = """
    const done = arguments[arguments.length - 1], steps = arguments[0];
    const { time, model, filter } = event_layer_events.geomap;
    const [first, last] = model.axis, width = Math.round((last - first) / 3), times = [];
    (async () => {
      for (let step = 0; step < steps; step++) {
        const from = first + 1 + Math.round(((last - first - width - 2) * step) / steps);
        const before = performance.now();
        time.set([from, from + width]);
        document.body.offsetHeight;
        times.push(performance.now() - before);
        await new Promise((next) => setTimeout(next, 30));
      }
      done([times, filter.visible.length, document.querySelectorAll('.gm-mark').length]);
    })();
"""
PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>lean</title>
<style>html,body,#map{height:100%%;margin:0}</style>%s%s
<script type="application/json" id="data">%s</script>
<script type="application/json" id="base">%s</script></head><body><div id="map"></div><script>
const data = JSON.parse(document.getElementById("data").textContent);
const map = L.map("map").setView([28, 45], 4), layer = L.layerGroup().addTo(map), cell = 52;
function popup(i) {
  const node = document.createElement("div");
  for (const name of ["title", "date", "place", "why", "sentence", "url"]) {
    const line = document.createElement("p");
    line.textContent = data[name][i];
    node.append(line);
  }
  return node;
}
function draw() {
  layer.clearLayers();
  const cells = new Map(), bounds = map.getBounds().pad(0.2);
  for (let i = 0; i < data.lat.length; i++) {
    if (data.lat[i] === null || !bounds.contains([data.lat[i], data.lng[i]])) continue;
    const { x, y } = map.project([data.lat[i], data.lng[i]]);
    const key = `${Math.floor(x / cell)} ${Math.floor(y / cell)}`;
    if (cells.has(key)) cells.get(key).push(i);
    else cells.set(key, [i]);
  }
  for (const list of cells.values()) {
    const text = document.createElement("b");
    text.textContent = list.length;
    L.marker([data.lat[list[0]], data.lng[list[0]]], { icon: L.divIcon({ html: text }) })
      .bindPopup(() => popup(list[0])).addTo(layer);
  }
}
const base = JSON.parse(document.getElementById("base").textContent);
if (base) {
  let n = 0;
  const arcs = base.sizes.map((size) => {
    let x = 0, y = 0;
    return Array.from({ length: size }, () => {
      x += base.steps[n++];
      y += base.steps[n++];
      return map.unproject([(x / base.grid) * 256, (y / base.grid) * 256], 0);
    });
  });
  const ring = (list) => list.flatMap((n) => (n < 0 ? arcs[~n].slice().reverse() : arcs[n]));
  for (const area of base.countries) {
    L.polygon(area.polygons.map((part) => part.map(ring)), { weight: 1 }).addTo(map);
  }
}
draw();
map.on("moveend", draw);
document.documentElement.dataset.ready = "true";
</script></body></html>
"""


def lean(events: geopandas.GeoDataFrame, path: Path, base: str = "null") -> None:
    """Write the lean page of the same data."""
    points = events.geometry.tolist()
    data = {
        "lat": [point and point.y for point in points],
        "lng": [point and point.x for point in points],
        "date": clean(events["date_start"].tolist()),
        "place": clean(events["place_name"].tolist()),
        **{name: clean(events[name].tolist()) for name in ("title", "why", "sentence", "url")},
    }
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    page = PAGE % (inline.leaflet_css(), inline.leaflet_js(), text, base)
    path.write_text(page, encoding="utf-8")


def plain(events: geopandas.GeoDataFrame, path: Path) -> int:
    """Write plain Folium's page, its texts made harmless; return the number of markers."""
    found = folium.Map(location=[28, 45], zoom_start=4, tiles=None)
    drawn = events[events.geometry.notna()]
    for row, point in zip(drawn.to_dict("records"), drawn.geometry, strict=True):
        text = "<br>".join(str(row[name]) for name in ("title", "date_start", "why", "sentence"))
        folium.Marker([point.y, point.x], popup=folium.Popup(text)).add_to(found)
    page = re.sub(
        r"<(script|link)[^>]*(src|href)=\"http[^>]*>(</script>)?", "", found.get_root().render()
    )
    stub = "<script>const $ = (text) => { const node = document.createElement('div');" + (
        " node.innerHTML = text; return [node.firstElementChild]; };</script>"
    )
    head = inline.leaflet_css() + inline.leaflet_js() + stub
    end = "<script>document.documentElement.dataset.ready = 'true';</script></html>"
    page = page.replace("<head>", "<head>" + head, 1).replace("</html>", end)
    path.write_text(page, encoding="utf-8")
    return len(drawn)


def randomised(events: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Return the events with sentences of random words, without highlights."""
    dice = random.Random(5)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(dice.choices(letters, k=dice.randint(2, 9))) for _ in range(4000)]
    events["mentions"] = [
        [said | {"sentence": " ".join(dice.choices(words, k=28))} for said in mentions]
        for mentions in events["mentions"]
    ]
    events["sentence"] = [mentions[0]["sentence"] for mentions in events["mentions"]]
    return events


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds of a processor that a call takes, and its value."""
    started = time.process_time()
    value = run()
    return time.process_time() - started, value


def opened(driver: Any, path: Path, ready: str, limit: float = 120.0) -> tuple[float, float]:
    """Open a page; return the milliseconds until it is ready, and until the frame after that."""
    driver.get("about:blank")
    code = driver.execute_cdp_cmd(
        "Page.addScriptToEvaluateOnNewDocument", {"source": WATCH % ready}
    )
    driver.get(path.as_uri())
    end = time.monotonic() + limit
    while (value := driver.execute_script("return window.readyAt")) is None:
        if time.monotonic() > end:
            raise SystemExit(f"{path.name}: not ready after {limit} s")
        time.sleep(0.05)
    driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", code)
    return float(value[0]), float(value[1])


def measure(driver: Any, events: geopandas.GeoDataFrame, folder: Path) -> None:
    """Measure one size and print a line."""
    count = len(events)
    ours, other, outlined = (folder / f"{n}-{count}.html" for n in ("ours", "lean", "outlined"))
    write_map(events.iloc[:10], ours)  # what is read once is read
    built = min(timed(lambda: write_map(events, ours))[0] for _ in range(3))
    lean(events, other)
    lean(events, outlined, basemap.topology())
    pages = ((ours, OURS), (ours, ALL_THERE), (other, LEAN), (outlined, LEAN))
    rounds = [[opened(driver, page, ready) for page, ready in pages] for _ in range(ROUNDS)]
    (mine, frame), (whole, _), (theirs, their_frame), (both, both_frame) = (
        tuple(map(min, zip(*values, strict=True))) for values in zip(*rounds, strict=True)
    )
    opened(driver, ours, ALL_THERE)
    times, _, marks = driver.execute_async_script(BRUSH, STEPS)
    sizes = [page.stat().st_size / 1e6 for page in (ours, other, outlined)]
    print(
        f"{count:6,} events: {sizes[0]:.2f} MB, built in {built:.2f} s; ready {mine:.0f} ms "
        f"(frame {frame:.0f}), all there {whole:.0f} ms; lean bare {theirs:.0f} ms (frame "
        f"{their_frame:.0f}), {sizes[1]:.2f} MB: {mine / theirs:.2f} times "
        f"({frame / their_frame:.2f}); lean with outlines {both:.0f} ms (frame {both_frame:.0f}), "
        f"{sizes[2]:.2f} MB: {mine / both:.2f} times ({frame / both_frame:.2f}); "
        f"brush step median {statistics.median(times):.1f} ms, longest {max(times):.1f} ms, "
        f"{marks} marks",
        flush=True,
    )


def against_folium(driver: Any, count: int, folder: Path) -> None:
    """Measure plain Folium's markers against this map."""
    events = made_up(count)
    ours, other = folder / "ours.html", folder / "folium.html"
    build, number = timed(lambda: plain(events, other))
    mine, _ = timed(lambda: write_map(events, ours))
    load = opened(driver, other, LEAN, 600)[0] / 1000
    marks = driver.execute_script("return document.querySelectorAll('.leaflet-marker-icon').length")
    if marks != number:
        raise SystemExit(f"plain Folium drew {marks} of {number} markers")
    own = opened(driver, ours, OURS)[0] / 1000
    print(
        f"plain Folium, {number:,} markers with popups: built in {build:.1f} s, loaded in "
        f"{load:.1f} s, {other.stat().st_size / 1e6:.1f} MB; this map: {mine:.2f} s "
        f"({build / mine:.0f} times faster), {own:.2f} s ({load / own:.0f} times faster)"
    )


def main() -> None:
    """Read the arguments and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folium", action="store_true", help="plain Folium at 10,000 too")
    parser.add_argument("--random", action="store_true", help="sentences of random words")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        driver = browser(1300, 900)
        driver.set_page_load_timeout(900)
        driver.set_script_timeout(120)
        try:
            for count in (500, 10_000, 50_000):
                events = made_up(count)
                measure(driver, randomised(events) if options.random else events, Path(name))
            if options.folium:
                against_folium(driver, 10_000, Path(name))
        finally:
            driver.quit()


if __name__ == "__main__":
    main()
