"""Reading: what becomes a document, what is refused, and that no good article is lost."""

import io
import json
import sys
from pathlib import Path

import pytest

from geomap.model import Document
from geomap.reading import MAX_CHARACTERS, Reader, Refused, read

PERSIAN = "\u0627\u06cc\u0631\u0627\u0646 \u0645\u06cc\u200c\u06af\u0648\u06cc\u062f"


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def one(path: Path, **options: str) -> Document:
    (item,) = read([path], **options)
    assert isinstance(item, Document), item
    return item


def reason(path: Path) -> str:
    (item,) = read([path])
    assert isinstance(item, Refused), item
    assert item.name.startswith(path.name)
    return item.reason


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"  Kabul \r\n\r\n said. \n", "  Kabul \r\n\r\n said. \n"),
        (b"\xef\xbb\xbfKabul", "Kabul"),
        ("Kabul".encode("utf-16"), "Kabul"),
        (b"\xfe\xff" + "Kabul".encode("utf-16-be"), "Kabul"),
        (PERSIAN.encode(), PERSIAN),
        ("\U0001f600 Kabul".encode(), "\U0001f600 Kabul"),
    ],
)
def test_text_is_unchanged_but_for_the_byte_order_mark(
    tmp_path: Path, content: bytes, text: str
) -> None:
    document = one(put(tmp_path, "a.txt", content))
    assert document.text == text
    assert document.id == "a"
    assert document.warnings == ()
    assert (document.published, document.published_basis) == (None, None)


def test_another_encoding_is_guessed_and_said(tmp_path: Path) -> None:
    text = "The minister said: \u201cThe border stays closed.\u201d \u2013 It was his third visit."
    document = one(put(tmp_path, "a.txt", text.encode("cp1252")))
    assert document.text == text
    assert "guess" in document.warnings[0]


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t", "empty"),
        ("a.txt", b"\xef\xbb\xbf", "empty"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        ("a.txt", bytes(range(1, 32)) * 9, "binary"),
        ("a.txt", b"ab\0cd", "binary"),
        ("a.txt", b"\xff\xfea", "UTF-16"),
        ("a.txt", b"x" * (MAX_CHARACTERS + 1), "limit"),
        ("a.pdf", b"%PDF", ".jsonl"),
        ("a.csv", b"title,body\nx,y\n", "'text'"),
        ("a.csv", b"text\n", "no rows"),
        ("a.html", b"<html><body></body></html>", "no article text"),
        ("a.jsonl", b"[1]\n", "an array"),
        ("a.jsonl", b'{"text": 5}\n', "not a string"),
        ("a.jsonl", b'{"text": " "}\n', "empty"),
        ("a.jsonl", b'{"title": "x"}\n', "missing"),
        ("a.jsonl", b'{"text": "a\\u0000b"}\n', "NUL"),
        ("a.jsonl", b"[" * 100_000, "JSON"),
    ],
)
def test_what_is_no_article_is_refused_by_name(
    tmp_path: Path, name: str, content: bytes, word: str
) -> None:
    assert word in reason(put(tmp_path, name, content))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "no such file" in reason(tmp_path / "missing.txt")


@pytest.mark.parametrize("given", ["", "a\0b", "x" * 5000])
def test_a_name_that_is_none_is_refused(given: str) -> None:
    (item,) = read([given])
    assert isinstance(item, Refused)


def test_a_single_name_is_no_list_of_letters(tmp_path: Path) -> None:
    path = put(tmp_path, "a.txt", "Kabul")
    assert [item.text for item in read(str(path)) if isinstance(item, Document)] == ["Kabul"]


def test_a_broken_line_loses_no_good_one(tmp_path: Path) -> None:
    lines = ['{"text": "one"}', "{broken", "", '{"text": "three", "id": 7}', '"text"']
    items = list(read([put(tmp_path, "a.jsonl", "\r\n".join(lines))]))
    assert [i.text for i in items if isinstance(i, Document)] == ["one", "three"]
    assert [i.id for i in items if isinstance(i, Document)] == ["a:1", "7"]
    assert [i.name for i in items if isinstance(i, Refused)] == [
        "a.jsonl, line 2",
        "a.jsonl, line 5",
    ]


def test_a_line_that_is_not_utf8_is_refused_alone(tmp_path: Path) -> None:
    items = list(read([put(tmp_path, "a.jsonl", b'{"text": "\xff"}\n{"text": "good"}\n')]))
    assert isinstance(items[0], Refused)
    assert isinstance(items[1], Document)


def test_a_lone_surrogate_keeps_the_offsets(tmp_path: Path) -> None:
    document = one(put(tmp_path, "a.jsonl", '{"text": "a\\ud800b", "title": "\\udc00"}'))
    assert document.text == "a\ufffdb"
    assert document.title == "\ufffd"
    assert len(document.warnings) == 1


@pytest.mark.parametrize(
    ("value", "published", "warned"),
    [
        ('"2021-07-18"', "2021-07-18", False),
        ('"2021-07-18T23:30:00+04:30"', "2021-07-18", False),
        ('"2021-07-18T10:00:00Z"', "2021-07-18", False),
        ('""', None, False),
        ("null", None, False),
        ('"yesterday"', None, True),
        ('"2021-02-30"', None, True),
        ("20210718", None, True),
        ("[]", None, True),
    ],
)
def test_published(tmp_path: Path, value: str, published: str | None, warned: bool) -> None:
    document = one(put(tmp_path, "a.jsonl", f'{{"text": "x", "published": {value}}}'))
    assert document.published == published
    assert document.published_basis == ("stated" if published else None)
    assert bool(document.warnings) == warned


def test_the_given_date_fills_in_where_none_is_stated(tmp_path: Path) -> None:
    rows = '{"text": "x", "published": "2020-01-01"}\n{"text": "y"}'
    items = list(read([put(tmp_path, "a.jsonl", rows)], published="2021-02-03"))
    assert [(d.published, d.published_basis) for d in items if isinstance(d, Document)] == [
        ("2020-01-01", "stated"),
        ("2021-02-03", "given"),
    ]


def test_a_wrong_value_beside_the_text_is_left_out_and_said(tmp_path: Path) -> None:
    row = {"text": "x", "title": 5, "url": ["u"], "id": {"a": 1}, "source": None}
    document = one(put(tmp_path, "a.jsonl", json.dumps(row)))
    assert (document.title, document.url, document.id) == (None, None, "a:1")
    assert len(document.warnings) == 3


def test_a_sidecar_adds_what_is_known(tmp_path: Path) -> None:
    path = put(tmp_path, "a.txt", "Kabul")
    put(
        tmp_path,
        "a.toml",
        'id = "x1"\npublished = 2021-07-18\npublished_basis = "assumed"\nlicence = "CC"\n'
        'text = "not this"\ntitle = "T"\n',
    )
    document = one(path)
    assert (document.id, document.text, document.title) == ("x1", "Kabul", "T")
    assert (document.published, document.published_basis) == ("2021-07-18", "assumed")
    assert document.warnings == ()


def test_a_broken_sidecar_loses_no_article(tmp_path: Path) -> None:
    path = put(tmp_path, "a.txt", "Kabul")
    put(tmp_path, "a.toml", "title = ")
    assert "a.toml" in one(path).warnings[0]


def test_csv(tmp_path: Path) -> None:
    long = "word " * 40_000
    rows = f'id, text,published\n9,"a, ""b""\r\nc",2020-01-02\n,{long},\nx,y,z,too many\n'
    items = list(read([put(tmp_path, "a.csv", "\ufeff" + rows)]))
    first, second, third = items
    assert isinstance(first, Document)
    assert (first.id, first.text, first.published) == ("9", 'a, "b"\r\nc', "2020-01-02")
    assert isinstance(second, Document)
    assert (second.id, second.text) == ("a:2", long)
    assert isinstance(third, Refused)
    assert third.name == "a.csv, line 5"


def test_a_quote_left_open_takes_in_no_row_unseen(tmp_path: Path) -> None:
    rows = 'text,id\n"one",1\n"two is open,2\nthree,3\n'
    good, bad = read([put(tmp_path, "a.csv", rows)])
    assert isinstance(good, Document)
    assert (good.id, good.text) == ("1", "one")
    assert isinstance(bad, Refused)
    assert bad.name == "a.csv, line 3"
    assert "all after it" in bad.reason
    rows = 'text,id\n"one is open,1\n"two, three",2\n'
    assert "all after it" in reason(put(tmp_path, "b.csv", rows))


def test_a_broken_row_loses_no_good_one(tmp_path: Path) -> None:
    rows = 'text,id\none,1\n\n"two" goes on,2\n"a\nb",3\n'
    first, bad, last = read([put(tmp_path, "a.csv", rows)])
    assert isinstance(bad, Refused)
    assert bad.name == "a.csv, line 4"
    assert isinstance(first, Document)
    assert isinstance(last, Document)
    assert (first.text, last.text) == ("one", "a\nb")


@pytest.mark.parametrize("key", ["text", "id", "published"])
def test_a_column_that_is_there_twice_is_named(tmp_path: Path, key: str) -> None:
    header = f"text,{key}" + (f",{key}" if key != "text" else "")
    path = put(tmp_path, "a.csv", f"{header}\nx,y,z\n")
    assert f"{key!r} is there twice" in reason(path)


def test_columns_without_meaning_may_be_there_twice(tmp_path: Path) -> None:
    assert one(put(tmp_path, "a.csv", "text,,\nKabul,x,y\n")).text == "Kabul"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>Clashes erupted in Herat.", "Clashes erupted in Herat."),
        ("Clashes <b>erupted</b> in Herat &amp; Kunduz.", "Clashes erupted in Herat & Kunduz."),
        ("<body><p>Clashes erupted in Herat.</p></body>", "Clashes erupted in Herat."),
        ("<div><div>Troops met.</div></div><script>x()</script>", "Troops met."),
    ],
)
def test_a_short_page_or_a_piece_of_one_is_an_article(tmp_path: Path, page: str, text: str) -> None:
    assert one(put(tmp_path, "a.html", page)).text.strip() == text


@pytest.mark.parametrize(
    ("basis", "kept", "warned"),
    [
        ("stated", "stated", False),
        ("given", "given", False),
        ("assumed", "assumed", False),
        ("", "stated", False),
        (None, "stated", False),
        ("guess", "assumed", True),
        (["stated"], "assumed", True),
        (True, "assumed", True),
    ],
)
def test_a_basis_that_is_not_known_is_no_certain_one(
    tmp_path: Path, basis: object, kept: str, warned: bool
) -> None:
    row = {"text": "x", "published": "2021-07-18", "published_basis": basis}
    document = one(put(tmp_path, "a.jsonl", json.dumps(row)))
    assert document.published_basis == kept
    assert bool(document.warnings) == warned
    assert all("stated, given, assumed" in warning for warning in document.warnings)


def test_warnings_are_logged_with_file_and_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path, "a.txt", "Kabul")
    put(tmp_path, "a.toml", "title = ")
    rows = "text,id,published\n\xabx\xbb,1,\n\xaby\xbb,1,yesterday\n"
    put(tmp_path, "b.csv", rows.encode("cp1252"))
    put(tmp_path, "c.jsonl", '{"text": "x"}\n{"text": "y", "title": 5}\n')
    list(Reader([tmp_path]).documents())
    lines = [record.getMessage() for record in caplog.records]
    assert [line.partition(": ")[0] for line in lines] == [
        "a.txt", "b.csv", "b.csv, line 3", "b.csv, line 3", "c.jsonl, line 2",
    ]  # fmt: skip
    words = ("left aside", "a guess", "yesterday", "used before", "title")
    assert all(word in line for word, line in zip(words, lines, strict=True))


def test_html_gives_the_main_text_and_metadata(tmp_path: Path) -> None:
    paragraph = "Delegations met in the capital to talk about the border, officials said. " * 6
    page = (
        '<html lang="en-GB"><head><meta charset="windows-1252"><title>Talks held</title>'
        '<meta property="article:published_time" content="2020-03-04T10:00:00Z">'
        '<meta property="og:site_name" content="The Paper"></head><body>'
        "<nav><a href='/'>Home</a></nav><article><h1>Talks held</h1>"
        f"<p>Caf\xe9. {paragraph}</p><p>{paragraph}</p></article>"
        "<script>alert(1)</script></body></html>"
    )
    document = one(put(tmp_path, "a.html", page.encode("cp1252")))
    assert "Caf\xe9. Delegations met" in document.text
    assert "alert" not in document.text
    assert document.title == "Talks held"
    assert document.published == "2020-03-04"
    assert document.source == "The Paper"
    assert document.language == "en"


def test_a_folder_is_read_in_order_without_what_lies_beside(tmp_path: Path) -> None:
    names = ["b.txt", "a/z.txt", "a/c.md", "README.md", "LICENSE.fa.txt", ".hidden.txt", "b.toml"]
    names.append("a/license-dispute.txt")
    for name in [*names, ".git/x.txt", "a/picture.png"]:
        put(tmp_path, name, "title = 'x'")
    for name in ("out/run.json", "out/documents.jsonl"):
        put(tmp_path, name, '{"text": "old"}')
    items = list(read([tmp_path]))
    assert [i.id for i in items if isinstance(i, Document)] == [
        "a/c",
        "a/license-dispute",
        "a/z",
        "b",
    ]
    assert len(items) == 4


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert "no article" in reason(tmp_path)


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    secret = put(tmp_path, "secret.txt", "secret")
    folder = tmp_path / "in"
    put(folder, "a.txt", "good")
    try:
        (folder / "b.txt").symlink_to(secret)
        (folder / "up").symlink_to(tmp_path)
    except OSError:
        pytest.skip("no links here")
    good, bad = read([folder])
    assert isinstance(good, Document)
    assert isinstance(bad, Refused)
    assert "link" in bad.reason


def test_a_link_as_sidecar_is_left_aside(tmp_path: Path) -> None:
    secret = put(tmp_path, "secret.toml", "title = 'secret'")
    path = put(tmp_path / "in", "a.txt", "good")
    try:
        path.with_suffix(".toml").symlink_to(secret)
    except OSError:
        pytest.skip("no links here")
    assert one(path).title is None


def test_standard_input_is_one_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Kabul\n")))
    document, again = read(["-", "-"])
    assert isinstance(document, Document)
    assert (document.id, document.text) == ("stdin", "Kabul\n")
    assert isinstance(again, Refused)


def test_ids_are_unique_in_a_run(tmp_path: Path) -> None:
    rows = "\n".join(f'{{"text": "{i}", "id": "{i}"}}' for i in ("x", "x", "x~2"))
    items = [i for i in read([put(tmp_path, "a.jsonl", rows)]) if isinstance(i, Document)]
    assert [i.id for i in items] == ["x", "x~2", "x~2~2"]
    assert [bool(i.warnings) for i in items] == [False, True, True]


def test_the_reader_keeps_a_record(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "Kabul")
    put(tmp_path, "b.txt", "")
    reader = Reader([tmp_path])
    assert len(list(reader.documents())) == 1
    assert reader.accepted == 1
    assert [f.name for f in reader.files] == ["a.txt", "b.txt"]
    assert len(reader.files[0].sha256) == 64
    assert reader.summary() == "b.txt: it is empty"
    assert str(tmp_path) not in reader.summary()


def test_a_file_name_that_is_no_unicode_gives_an_id_that_is(tmp_path: Path) -> None:
    try:
        path = put(tmp_path, "a\udcff.txt", "Kabul")
    except (OSError, UnicodeEncodeError):
        pytest.skip("no such names here")
    assert one(path).id == "a\ufffd"
