"""Text of articles and gazetteers is data: every place where it reaches the page, in a browser.

The payloads are those that run in plain Folium popups, tooltips, layer names, icons, attributions
and GeoJSON fields, and harmless texts that blank its maps.
"""

import html
import json
import re
from pathlib import Path
from typing import Any

import folium
import pytest
from browser import CONTEXT, ERIS, Page, event, mention, table

from geomap.export.html import to_map, write_map
from geomap.style import Style

PAYLOADS = {
    "image": "<img src=x onerror=\"window.pwned='image'\">",
    "script": "</script><script>window.pwned='script'</script>",
    "comment": "<!--<script>window.pwned='comment'",
    "backtick": "`;window.pwned='backtick';`",
    "template": "${window.pwned='template'}",
    "quote": "'\"></title><svg onload=\"window.pwned='quote'\">",
    "jinja": "{{ 7 * 7 }}{% for x in y %}{# #}",
    "address": "javascript:window.pwned='address'",
    "style": "</style><style>body{display:none}</style>",
    "frame": "<iframe srcdoc=\"<script>top.pwned='frame'</script>\"></iframe>",
    "entity": "&lt;img src=x onerror=&quot;window.pwned='entity'&quot;&gt;",
    "prototype": "__proto__",
    "constructor": "constructor",
    "markup": "<b>bold</b> &lt;i&gt; & <unknown>",
    "amount": "cost ${amount}",
    "path": "C:\\new\\users\\x41",
    "ticks": "a `quoted` word",
    "separators": "a\u2028b\u2029c",
    "surrogate": "half \ud800 a letter",
    "nul": "a\x00b\x1bc",
    "letters": "\U0001f30d مرحبا naïve `quoted`",
}
COLUMNS = (
    "place_name place_text admin1 country attributed_to numbers_text why note subclass "
    "reviewer review_status claimed_by place_id plover source title document_id date_text"
).split()


def shown(text: str) -> str:
    return text.replace("\ud800", "\ufffd")


def hostile(text: str, **other: Any) -> dict[str, Any]:
    """Make a row that has a text wherever a text can be."""
    said = mention(f"attack {text} here", "attack", text, url=text, title=text, source=text)
    row = event("drawn", ERIS) | dict.fromkeys(COLUMNS, text)
    return row | {
        "mentions": [said, said | {"status": text, "date_text": text, "published": text}],
        "confidence_parts": {text: text, "class": text},
        **{name: [text] for name in ("alternatives_text", "reasons")},
        "actors_roles": [f"{text}: {text}", text],
        **other,
    }


@pytest.mark.parametrize("text", PAYLOADS.values(), ids=PAYLOADS)
def test_no_text_runs_and_every_text_is_shown(
    text: str, tmp_path: Path, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    if len(text) % 2:  # every other one in a packed page
        monkeypatch.setattr("geomap.export.layer.PLAIN_LIMIT", 0)
    strange = {"event_class": text, "status": text, "layer": text}
    rows = [
        hostile(text),
        hostile(text, cluster_id="listed", geometry=None, precision=None, **strange),
        hostile(text, cluster_id=text, event_id=text),
        hostile(text, cluster_id="area", geometry=None, precision=4, area_id="geonames:1140025"),
    ]
    events = table(*rows, header=text)
    events.attrs["warnings"] = [text]
    write_map(events, tmp_path / "map.html")
    page.load(tmp_path / "map.html")
    # Legend and filters, popup, list of one place, table with its cards, list without places.
    assert shown(text).replace("_", " ") in " ".join(page.texts(".gm-legend label"))
    page.open_mark("2 events")
    page.run("document.querySelectorAll('.gm-popup details').forEach((node) => node.open = true)")
    said = page.wait("return [...document.querySelectorAll('.leaflet-popup blockquote')]"
                     ".map((node) => node.textContent)")  # fmt: skip
    assert set(said) == {f"attack {shown(text)} here"}
    assert set(page.texts(".leaflet-popup mark.gm-place")) == {shown(text)}
    page.tab("table")
    page.run("document.querySelectorAll('.gm-open').forEach((node) => node.click())")
    page.tab("unplaced")
    page.run("document.querySelectorAll('#gm-unplaced details').forEach((n) => n.open = true)")
    assert shown(text) in " ".join(page.texts("#gm-unplaced article"))
    page.run("document.querySelectorAll('.gm-mark').forEach((node) => node.focus())")
    # Search, link, title, header, warnings, names on the map.
    page.run(f"{CONTEXT}.panel.search.value = arguments[0]; {CONTEXT}.search()", shown(text))
    page.wait(f"return {CONTEXT}.filter.query !== ''")
    assert page.texts("#gm-line") == page.texts("#gm-warnings li") == [shown(text)]
    assert page.texts("a[target]") == []
    assert page.run("return document.querySelectorAll('img, iframe, script[src], b b').length") == 0
    assert page.run("return window.pwned ?? null") is None
    assert page.run("return getComputedStyle(document.body).display") == "block"
    assert page.logs() == []


@pytest.mark.parametrize("text", [PAYLOADS["image"], PAYLOADS["template"], PAYLOADS["quote"]])
def test_labels_of_a_style_and_links_are_texts_too(text: str, tmp_path: Path, page: Page) -> None:
    style = Style.default().changed(
        {"classes": {"armed_clash": {"label": text}}, "layers": {"conflict": {"label": text}},
         "statuses": {"reported": {"label": text}}}
    )  # fmt: skip
    write_map(table(event("x", ERIS)), tmp_path / "map.html", style=style)
    page.load(tmp_path / "map.html", f"#q={text}&e={text}&k={text}&v={text}&t={text}")
    assert text in " ".join(page.texts(".gm-legend"))
    assert page.run("return window.pwned ?? null") is None
    assert page.logs() == []


@pytest.mark.parametrize("text", [PAYLOADS["script"], PAYLOADS["template"], PAYLOADS["jinja"]])
def test_the_code_of_a_notebook_holds_no_text_that_runs(
    text: str, tmp_path: Path, page: Page
) -> None:
    code = to_map(table(hostile(text), header=text))._repr_html_()
    path = tmp_path / "notebook.html"
    path.write_text(f"<body>{code}</body>", "utf-8")
    page.driver.get(path.as_uri())
    page.driver.switch_to.frame(0)
    page.wait("return document.querySelector('.gm-app[data-ready]') !== null")
    assert page.run("return window.pwned ?? top.pwned ?? null") is None
    page.driver.switch_to.default_content()


def test_the_policy_of_the_page_forbids_every_request(tmp_path: Path, page: Page) -> None:
    write_map(table(event("x", ERIS)), tmp_path / "map.html")
    text = (tmp_path / "map.html").read_text("utf-8")
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1])  # type: ignore[index]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    assert all(source.startswith("'sha256-") for source in rules["script-src"].split())
    page.load(tmp_path / "map.html")
    tried = page.driver.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "fetch('https://example.org/').then(() => done('went out'), () => done('stopped'))"
    )
    assert tried == "stopped"
    page.run("const s = document.createElement('script'); s.textContent = 'window.pwned = 1';"
             "document.body.append(s)")  # fmt: skip
    assert page.run("return window.pwned ?? null") is None
    page.logs()


def test_folium_renders_texts_as_templates_and_we_do_not() -> None:
    """Why the texts go past Folium's templates: branca renders what a template gives once more."""
    own = folium.Map(tiles=None)
    folium.Marker([0, 0], popup="{{ 7 * 7 }}").add_to(own)
    assert ">49<" in own.get_root().render()
    text = to_map(table(event("x", ERIS, why="{{ 7 * 7 }}"), header="{{ 7 * 7 }}"))
    assert text.get_root().render().count("{{ 7 * 7 }}") == 4
    data = re.search(r'id="geomap-data">(.*?)</script>', text.get_root().render(), re.DOTALL)
    assert data is not None
    assert json.loads(data[1])["header"] == "{{ 7 * 7 }}"


def test_no_part_of_the_script_writes_html() -> None:
    folder = Path(__import__("geomap").__file__).parent / "export" / "assets"
    sinks = r"innerHTML|outerHTML|insertAdjacent|document\.write|DOMParser|createContextualFragment"
    for path in folder.glob("*.js"):
        text = path.read_text("utf-8")
        assert re.findall(rf"{sinks}|\beval\(|new Function|srcdoc|setHTML", text) == [], path.name
