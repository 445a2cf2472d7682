"""Feeds: an entry becomes an article; broken XML loses no good one, and no entity is followed."""

import time
from pathlib import Path

import pytest
from test_read import put, reason

from geomap.model import Document
from geomap.reading import Reader, Refused, read

LONG = "Delegations met in Doha on Tuesday and agreed to open the border crossing next week. " * 4
RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>Example &amp; News</title><link>https://example.org/</link>
<item><title>Talks &lt;b&gt;held&lt;/b&gt; in A&amp;amp;B</title><link>https://example.org/1</link>
<guid>https://example.org/?p=1</guid><pubDate>Sun, 18 Jul 2021 23:30:00 +0430</pubDate>
<media:content url="x.jpg"/><description>A short one.</description>
<content:encoded><![CDATA[<p>{LONG}</p><script>alert(1)</script><p>AT&T said so.</p>]]>
</content:encoded></item>
<item><title>Second</title><description>Clashes &amp;lt;&nbsp;in Herat</description>
<pubDate>some day</pubDate></item>
<item><title>No text</title></item>
</channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Example Wire</title>
<entry><title type="html">One &amp;amp; two</title><id>urn:1</id>
<updated>2021-07-20T10:00:00Z</updated><published>2021-07-18T10:00:00Z</published><link rel="self" href="https://example.org/self"/>
<link href="https://example.org/1"/><content type="xhtml">
<div xmlns="http://www.w3.org/1999/xhtml"><p>{LONG}</p></div></content></entry>
<entry><title>Two</title><id>urn:2</id><updated>2021-07-20T10:00:00Z</updated>
<summary type="text">5 &lt; 6 in Kabul</summary></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Old</title></channel>
<item><title>One</title><description>Clashes in Herat.</description><dc:date>2003-01-02</dc:date>
</item></rdf:RDF>"""


def documents(path: Path) -> list[Document]:
    return [item for item in read([path]) if isinstance(item, Document)]


def test_rss(tmp_path: Path) -> None:
    first, second, bad = read([put(tmp_path, "a.rss", RSS)])
    assert isinstance(first, Document)
    assert first.id == "https://example.org/?p=1"
    assert (first.title, first.source) == ("Talks held in A&B", "Example & News")
    assert first.url == "https://example.org/1"
    assert (first.published, first.published_basis) == ("2021-07-18", "stated")
    assert "Delegations met in Doha" in first.text
    assert "AT&T said so." in first.text
    assert "alert" not in first.text
    assert isinstance(second, Document)
    assert second.id == "a:2"
    assert " ".join(second.text.split()) == "Clashes < in Herat"
    assert second.published is None
    assert any("published" in warning for warning in second.warnings)
    assert isinstance(bad, Refused)
    assert (bad.name, bad.reason) == ("a.rss, entry 3", "it has no text")


def test_atom(tmp_path: Path) -> None:
    first, second = documents(put(tmp_path, "a.atom", ATOM))
    assert (first.id, first.title, first.source) == ("urn:1", "One & two", "Example Wire")
    assert (first.url, first.published) == ("https://example.org/1", "2021-07-18")
    assert "Delegations met" in first.text
    assert second.text.strip() == "5 < 6 in Kabul"
    assert (second.published, second.published_basis) == ("2021-07-20", "assumed")


def test_rdf(tmp_path: Path) -> None:
    (document,) = documents(put(tmp_path, "a.xml", RDF))
    assert document.text.strip() == "Clashes in Herat."
    assert (document.source, document.published) == ("Old", "2003-01-02")


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "windows-1251"])
def test_encodings(tmp_path: Path, codec: str) -> None:
    feed = RSS.replace("UTF-8", codec if codec == "windows-1251" else "UTF-8")
    feed = feed.replace("A short one.", "").replace("Delegations", "\u041a\u0438\u0435\u0432")
    first = documents(put(tmp_path, "a.rss", feed.encode(codec)))[0]
    assert "\u041a\u0438\u0435\u0432 met in Doha" in first.text


@pytest.mark.parametrize(
    "broken",
    [
        RSS.replace("</item>", "", 1),
        RSS[: RSS.index("</channel>")],
        RSS.replace("<title>Second", "<title>Sec\x00\x0b<ond"),
        RSS.replace("<item><title>No", "<item <title>No"),
    ],
)
def test_broken_xml_loses_no_good_entry(tmp_path: Path, broken: str) -> None:
    found = documents(put(tmp_path, "a.rss", broken.replace("\x00", "\ufffe")))
    assert any("Delegations met" in document.text for document in found)
    assert any("Herat" in document.text for document in found)
    assert "broken XML" in found[0].warnings[0]


def test_a_warning_of_the_whole_feed_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    list(Reader([put(tmp_path, "a.rss", RSS[: RSS.index("</channel>")])]))
    assert sum("broken XML" in record.message for record in caplog.records) == 1


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("", "empty"),
        ("Kabul", "none of them"),
        ("<p>Kabul</p>", "none of them"),
        ("<html><body>x</body></html>", "none of them"),
        ("<rss><channel/></rss>", "without entries"),
        ("\x89PNG\r\n\x1a\n\0\0", "binary"),
        ("<rss>" + "x" * 20_000_000, "limit"),
    ],
)
def test_what_is_no_feed_is_refused(tmp_path: Path, content: str, word: str) -> None:
    assert word in reason(put(tmp_path, "a.xml", content.encode("latin-1")))


def doctype(entities: str) -> str:
    return RSS.replace("<rss ", f"<!DOCTYPE rss [{entities}]><rss ", 1)


def test_no_file_is_read_that_an_entity_names(tmp_path: Path) -> None:
    secret = put(tmp_path, "secret.txt", "a secret")
    feed = doctype(f'<!ENTITY x SYSTEM "{secret.as_uri()}">').replace("A short", "&x; A short")
    feed = feed.replace("Clashes", "Clashes &x;")
    texts = " ".join(document.text for document in documents(put(tmp_path, "a.rss", feed)))
    assert "Herat" in texts
    assert "a secret" not in texts


def test_entities_that_grow_are_left_alone(tmp_path: Path) -> None:
    grown = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)
    )
    path = put(tmp_path, "a.rss", doctype(grown).replace("A short", "&a11; A short"))
    started = time.perf_counter()
    found = documents(path)
    assert time.perf_counter() - started < 5
    assert any("Delegations met" in document.text for document in found)
    assert all(len(document.text) < 10_000 for document in found)


@pytest.mark.parametrize(
    "deep", ["<a>" * 500_000, "<item>" * 200_000, "<![CDATA[" * 100_000, "&" * 1_000_000]
)
def test_what_is_deep_takes_no_time(tmp_path: Path, deep: str) -> None:
    path = put(tmp_path, "a.rss", RSS.replace("</channel>", deep))
    started = time.perf_counter()
    found = documents(path)
    assert time.perf_counter() - started < 10
    assert any("Delegations met" in document.text for document in found)
