"""Downloading: a good mirror, bad ones, broken connections, and files that are traps."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from mirror import AF, COMMON, DATE, Mirror, assert_refused, assert_whole, country, names
from traps import TRAPS

import geomap
from geomap.errors import GazetteerError
from geomap.gazetteer.download import DEFAULT_MIRROR, LICENCE, download

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("GEOMAP_SHARED") or ROOT.parent / "shared") / "geonames"
Get = Callable[..., Path]


class TestRequest:
    def test_cities_and_countries(self, mirror: Mirror, get: Get) -> None:
        folder = get("cities500", "qa", "TJ", "QA")
        countries = {"QA.zip", "TJ.zip", "alternatenames/QA.zip", "alternatenames/TJ.zip"}
        assert_whole(folder, mirror, {*COMMON, "cities500.zip", *countries})
        assert len(mirror.log) == 9
        assert get("TJ", "QA", "CITIES500") == folder

    def test_all_holds_the_others(self, mirror: Mirror, get: Get) -> None:
        world = {*COMMON, "allCountries.zip", "alternateNamesV2.zip"}
        assert_whole(get("all", "AF", "cities15000"), mirror, world)

    def test_what_is_asked(self, mirror: Mirror, get: Get) -> None:
        get()
        for request in mirror.log:
            assert request.headers["User-Agent"] == f"geomap/{geomap.__version__}"
            assert request.headers["Accept-Encoding"] == "identity"
            assert "Range" not in request.headers
            assert "If-None-Match" not in request.headers

    def test_dates_and_progress(self, get: Get, capfd: pytest.CaptureFixture[str]) -> None:
        folder = get()
        assert {int((folder / name).stat().st_mtime) for name in AF} == {1_795_489_200}
        assert capfd.readouterr() == ("", "")

    def test_the_default_folder(self, mirror: Mirror, get: Get, tmp_path: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("platformdirs.user_cache_dir", lambda name: str(tmp_path / name))
            folder = get(folder=None)
        assert folder.is_relative_to(tmp_path / "geomap/geonames" / f"127.0.0.1_{mirror.port}")

    def test_a_mirror_without_the_final_slash(self, mirror: Mirror, get: Get) -> None:
        assert_whole(get(mirror=mirror.url.rstrip("/")), mirror)

    def test_licence(self) -> None:
        assert DEFAULT_MIRROR == "https://download.geonames.org/export/dump/"
        assert "GeoNames" in LICENCE
        assert "CC BY 4.0" in LICENCE
        assert "\n" not in LICENCE

    @pytest.mark.parametrize("word", ["XX", "AFG", "cities", "cities500.zip", "", "../AF", "Iran"])
    def test_other_words(self, mirror: Mirror, get: Get, word: str) -> None:
        with pytest.raises(GazetteerError, match=r"cities500, .*, all, .*ISO") as error:
            get("AF", word)
        assert repr(word) in str(error.value)
        assert mirror.log == []

    def test_no_word(self, tmp_path: Path) -> None:
        with pytest.raises(GazetteerError, match="name cities500, AF or all"):
            download([], folder=tmp_path)

    @pytest.mark.parametrize(
        "address",
        ["", "geonames", "file:///etc/", "ftp://127.0.0.1/", "http://", "http:///dump", "http://[/",
         "http://127.0.0.1:99999/", "http://127.0.0.1/?dump=", "http://127.0.0.1/#dump"],
    )  # fmt: skip
    def test_other_addresses(self, get: Get, address: str) -> None:
        with pytest.raises(GazetteerError, match="allowed is http:// or https://"):
            get(mirror=address)

    def test_a_folder_that_cannot_be_written(self, get: Get, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        with pytest.raises(GazetteerError, match="choose another folder"):
            get(folder=tmp_path / "file")


class TestCache:
    def test_only_what_changed_is_sent_again(self, mirror: Mirror, get: Get) -> None:
        first = get()
        old = mirror.files["AF.zip"]
        assert get() == first
        assert [request.status for request in mirror.log[len(AF) :]] == [304] * len(AF)
        mirror.files["AF.zip"] = country("AF", 10)
        second = get()
        sent = [request.name for request in mirror.log[2 * len(AF) :] if request.status == 200]
        assert sent == ["AF.zip"]
        assert_whole(second, mirror)
        assert (first / "AF.zip").read_bytes() == old

    def test_by_date_alone(self, mirror: Mirror, get: Get) -> None:
        mirror.tags["AF.zip"] = None
        get()
        get()
        assert mirror.asked("AF.zip")[1].headers["If-Modified-Since"] == DATE
        assert [request.status for request in mirror.asked("AF.zip")] == [200, 304]

    def test_a_server_that_knows_no_conditions(self, mirror: Mirror, get: Get) -> None:
        mirror.always = dict.fromkeys(AF, "whole")
        assert get() == get()
        assert len(mirror.log) == 2 * len(AF)

    @pytest.mark.parametrize("tag", ["no quotes", '"a\x01b"', '"' + 300 * "a" + '"'])
    def test_a_tag_that_cannot_be_sent_back(self, mirror: Mirror, get: Get, tag: str) -> None:
        mirror.tags["AF.zip"], mirror.dates["AF.zip"] = tag, None
        assert get() == get()
        assert [request.status for request in mirror.asked("AF.zip")] == [200, 200]

    @pytest.mark.parametrize("damage", ["file", "note", "both", "lost"])
    def test_a_damaged_file_is_fetched_again(
        self, mirror: Mirror, get: Get, tmp_path: Path, damage: str
    ) -> None:
        folder = get()
        file = tmp_path / "cache/files/AF.zip"
        if damage in ("file", "both"):  # also that of the set: both are one
            with file.open("rb+") as opened:
                opened.seek(1000)
                opened.write(b"damage")
        if damage in ("note", "both"):
            file.with_name("AF.zip.json").write_bytes(b'{"url": 3, \xff')
        if damage == "lost":
            file.unlink()
        assert_whole(get(), mirror)
        assert get() == folder
        assert [request.status for request in mirror.asked("AF.zip")] == [200, 200, 304]

    def test_another_mirror_does_not_use_it(self, mirror: Mirror, get: Get) -> None:
        get()
        with Mirror() as other:
            assert_whole(get(mirror=other.url), other)
            assert {request.status for request in other.log} == {200}

    @pytest.mark.parametrize("failure", ["stopped", "busy", "cut"])
    def test_without_the_server(
        self, mirror: Mirror, get: Get, caplog: pytest.LogCaptureFixture, failure: str
    ) -> None:
        caplog.set_level(logging.WARNING, "geomap")
        folder = get()
        if failure == "stopped":
            mirror.stop()
        else:
            mode = {"busy": "status 503", "cut": "cut"}[failure]
            mirror.always = dict.fromkeys(AF, mode)
        assert get() == folder
        assert_whole(folder, mirror)
        assert len(caplog.records) == len(AF)
        assert "is used" in caplog.text
        if failure == "busy":  # it is not asked again and again once that failed
            assert len(mirror.log) == len(AF) + 3 + len(AF) - 1

    def test_without_the_server_and_the_file(self, mirror: Mirror, get: Get) -> None:
        get()
        mirror.stop()
        with pytest.raises(GazetteerError, match=r"QA\.zip: not downloaded .*refused") as error:
            get("QA")
        assert str(error.value).isprintable()

    def test_old_sets_go(self, mirror: Mirror, get: Get) -> None:
        old, recent = get("AF"), get("QA")
        os.utime(old, (0, 0))
        assert set(old.parent.iterdir()) == {old, recent}
        get("TJ")
        assert not old.exists()
        assert_whole(get("AF"), mirror)

    def test_a_set_that_was_changed_is_made_again(self, mirror: Mirror, get: Get) -> None:
        folder = get()
        (folder / "extra.txt").write_text("not asked for")
        (folder / "AF.zip").unlink()
        assert get() == folder
        assert_whole(folder, mirror)


@pytest.mark.parametrize("trap", TRAPS)
def test_traps(mirror: Mirror, get: Get, tmp_path: Path, trap: str) -> None:
    good = mirror.files["AF.zip"]
    mirror.files["AF.zip"], message = TRAPS[trap]
    with pytest.raises(GazetteerError, match=message) as error:
        get()
    assert_refused(error, tmp_path / "cache")
    assert names(tmp_path / "cache") <= {
        "lock", *(f"files/{name}{end}" for name in COMMON for end in ("", ".json"))
    }  # fmt: skip
    mirror.files["AF.zip"] = good
    assert_whole(get(), mirror)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the GeoNames test extract is not here")
def test_real_files(get: Get, mirror: Mirror) -> None:
    wanted = {"cities500.zip", *COMMON}
    wanted |= {f"{prefix}{code}.zip" for code in ("QA", "TJ") for prefix in ("", "alternatenames/")}
    mirror.files = {name: (SHARED / name).read_bytes() for name in wanted}
    mirror.next["cities500.zip"] = ["cut"]
    assert_whole(get("cities500", "QA", "TJ", timeout=5), mirror, wanted)
    assert [request.status for request in mirror.asked("cities500.zip")] == [200, 206]
