"""The layers in a real PostGIS database, on loopback, and in QGIS from there. All is invented."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from click.testing import CliRunner
from gis import in_qgis
from samples import make_document, make_event, make_place
from sqlalchemy import text

import geomap
from geomap.cli import cli
from geomap.export.jsonl import encode

HOSTILE = "'); DROP TABLE geomap.events; --\0 \ud800 %s :x"
TABLES = {
    f"geomap.{name}" for name in ("events lines areas unlocated mentions places articles countries "
                                  "boundaries").split()
}  # fmt: skip


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, if PostGIS is there too."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        version = folder.parent.name
        extension = Path(f"/usr/share/postgresql/{version}/extension/postgis.control")
        if (folder / "initdb").exists() and extension.exists():
            return folder
    return None


@dataclass
class Server:
    """A server of the test's own, listening on loopback."""

    port: int

    def url(self, database: str = "team", user: str = "owner") -> str:
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def run(self, command: str, database: str = "team") -> list[Any]:
        address = self.url(database).replace("postgresql:", "postgresql+psycopg:")
        engine = sqlalchemy.create_engine(address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            done = connection.execute(text(command))
            rows = [tuple(row) for row in done] if done.returns_rows else []
        engine.dispose()
        return rows


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Start a server; in CI it has to be there."""
    folder = programs()
    if folder is None:
        if os.environ.get("CI"):
            pytest.fail("PostGIS is missing (Debian: postgresql-15-postgis-3)")
        pytest.skip("PostgreSQL with PostGIS is not installed (Debian: postgresql-15-postgis-3)")
    data = Path(tempfile.mkdtemp(prefix="geomap-postgis-"))
    user = {}
    if os.geteuid() == 0:  # The server refuses to be root.
        owner = pwd.getpwnam("postgres")
        os.chown(data, owner.pw_uid, owner.pw_gid)
        user = {"user": owner.pw_uid, "group": owner.pw_gid}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    calm = {**user, "cwd": data, "check": True, "stdout": subprocess.DEVNULL}
    create = ["initdb", "-D", str(data / "db"), "-U", "owner", "-A", "trust", "-E", "UTF8", "-N"]
    subprocess.run([folder / create[0], *create[1:]], **calm)
    options = f"-h 127.0.0.1 -p {port} -k {data} -c fsync=off"
    control = [folder / "pg_ctl", "-D", data / "db", "-w"]
    subprocess.run([*control, "-o", options, "-l", data / "log", "start"], **calm)
    try:
        made = Server(port)
        made.run("CREATE DATABASE team", "postgres")
        yield made
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **calm)
        shutil.rmtree(data)


@pytest.fixture
def team(server: Server) -> Server:
    """Give the server with an empty database."""
    server.run("DROP DATABASE IF EXISTS team WITH (FORCE)", "postgres")
    server.run("CREATE DATABASE team", "postgres")
    return server


def article(*events: geomap.Event, **kept: Any) -> geomap.Document:
    return make_document(*events, **({"title": HOSTILE, "source": HOSTILE} | kept))


def events() -> list[geomap.Event]:
    return [
        make_event("point"),
        make_event("line", place=make_place(5), border_pair="AF-IR"),
        make_event("area", place=make_place(6, country="TM", name="Turkmenistan")),
        make_event("none", place=None, date=None),
    ]


def everything(team: Server) -> dict[str, list[Any]]:
    return {name: team.run(f"SELECT * FROM {name} ORDER BY 1") for name in sorted(TABLES)}


def test_an_export_makes_typed_layers_with_their_shapes(team: Server) -> None:
    assert set(geomap.to_postgis([article(*events())], team.url())) == TABLES
    ((day, killed, shape, title),) = team.run(
        "SELECT date_start, killed_min, ST_AsText(geom), title FROM geomap.events"
    )
    assert (day.isoformat(), killed) == ("2020-05-03", None)
    assert shape.startswith("POINT(")
    assert title == HOSTILE.replace("\0", "\ufffd").replace("\ud800", "\ufffd")
    for name, kind in (("lines", "ST_MultiLineString"), ("areas", "ST_MultiPolygon")):
        assert team.run(f"SELECT ST_GeometryType(geom), ST_SRID(geom) FROM geomap.{name}") == [
            (kind, 4326)
        ]
    assert team.run("SELECT reasons->>0 FROM geomap.events") == [("the verb",)]
    comments = "SELECT obj_description('geomap.events'::regclass)"
    assert "Machine-coded" in team.run(comments)[0][0]


def test_a_second_export_changes_nothing(team: Server) -> None:
    geomap.to_postgis([article(*events())], team.url())
    before = everything(team)
    geomap.to_postgis([article(*events())], team.url())
    after = everything(team)
    boundaries = "geomap.boundaries"
    assert [row[1:] for row in before.pop(boundaries)] == [row[1:] for row in after.pop(boundaries)]
    assert before == after


def test_an_event_moves_between_layers_and_an_old_one_goes(team: Server) -> None:
    other = article(make_event("elsewhere"), id="other")
    geomap.to_postgis([article(*events()), other], team.url())
    better = [make_event("line"), make_event("area", place=make_place(6, country="TM"))]
    geomap.to_postgis([article(*better)], team.url())
    assert team.run("SELECT event_id FROM geomap.events ORDER BY 1") == [("elsewhere",), ("line",)]
    assert team.run("SELECT event_id FROM geomap.lines") == []
    assert team.run("SELECT event_id FROM geomap.unlocated") == []
    assert len(team.run("SELECT * FROM geomap.articles")) == 2


def test_what_people_wrote_stays(team: Server) -> None:
    geomap.to_postgis([article(*events())], team.url())
    team.run("UPDATE geomap.lines SET review_status = 'confirmed', note = 'seen'")
    team.run("UPDATE geomap.events SET reviewer = 'A. Reviewer'")
    better = [make_event("point"), make_event("line")]
    geomap.to_postgis([article(*better)], team.url())
    found = "SELECT event_id, review_status, reviewer, note FROM geomap.events ORDER BY 1"
    assert team.run(found) == [
        ("line", "confirmed", None, "seen"),
        ("point", "unreviewed", "A. Reviewer", None),
    ]


def test_columns_that_an_older_table_lacks_are_added(team: Server) -> None:
    geomap.to_postgis([article(*events())], team.url())
    team.run("ALTER TABLE geomap.events DROP COLUMN reasons, DROP COLUMN date_end")
    geomap.to_postgis([article(*events())], team.url())
    assert team.run("SELECT reasons->>0, date_end IS NULL FROM geomap.events") == [
        ("the verb", False)
    ]


def test_a_failure_leaves_the_database_as_it_was(team: Server) -> None:
    geomap.to_postgis([article(*events())], team.url())
    team.run("ALTER TABLE geomap.areas ALTER COLUMN plover TYPE integer USING 1")
    before = everything(team)
    with pytest.raises(geomap.ExportError, match="plover"):
        geomap.to_postgis([article(make_event("new"), *events())], team.url())
    assert everything(team) == before


def test_what_a_team_adds_stays(team: Server) -> None:
    geomap.to_postgis([article(*events())], team.url())
    team.run("ALTER TABLE geomap.events ADD COLUMN team text")
    team.run("UPDATE geomap.events SET team = 'north'")
    team.run("CREATE TABLE geomap.follow (event_id text REFERENCES geomap.events)")
    team.run("INSERT INTO geomap.follow SELECT event_id FROM geomap.events")
    team.run("UPDATE layer_styles SET useasdefault = false WHERE f_table_name = 'events'")
    team.run(
        "INSERT INTO layer_styles (f_table_schema, f_table_name, stylename, useasdefault) "
        "VALUES ('geomap', 'events', 'ours', true)"
    )
    geomap.to_postgis([article(*events())], team.url())
    assert team.run("SELECT team FROM geomap.events") == [("north",)]
    default = "SELECT stylename FROM layer_styles WHERE f_table_name = 'events' AND useasdefault"
    assert team.run(default) == [("ours",)]


def test_a_reviewed_event_that_goes_is_told(team: Server, caplog: pytest.LogCaptureFixture) -> None:
    geomap.to_postgis([article(*events())], team.url())
    team.run("UPDATE geomap.events SET review_status = 'confirmed'")
    geomap.to_postgis([article(make_event("new"))], team.url())
    assert caplog.messages == [
        "reviewed events that their articles tell no more were removed: point"
    ]


def test_a_table_of_others_is_left_alone(team: Server) -> None:
    team.run("CREATE SCHEMA geomap")
    team.run("CREATE TABLE geomap.events (id integer)")
    with pytest.raises(geomap.ExportError, match=r"geomap\.events: has not the primary key"):
        geomap.to_postgis([article(*events())], team.url())
    assert team.run("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'geomap'"
                    ) == [(1,)]  # fmt: skip


def test_errors_name_the_database_and_keep_the_password(team: Server) -> None:
    nowhere = team.url("nowhere").replace("owner@", "owner:secret@")
    with pytest.raises(geomap.ExportError, match="nowhere") as caught:
        geomap.to_postgis([], nowhere)
    assert "secret" not in str(caught.value)
    with pytest.raises(geomap.ExportError):
        geomap.to_postgis([], "postgresql://owner@127.0.0.1:1/team")


@pytest.mark.parametrize(
    "rest",
    [
        "owner:secret@host:port/team", "owner:se/cret@secret@127.0.0.1:1/team",
        "owner:se@secret/x@127.0.0.1/team", "owner:secret@[::1/team",
        "owner@127.0.0.1:1/team?password=secret",
    ],
)  # fmt: skip
def test_no_part_of_a_password_is_told(rest: str) -> None:
    with pytest.raises(geomap.ExportError, match="postgresql://") as caught:
        geomap.to_postgis([], "postgresql://" + rest)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_of_another_encoding(server: Server, encoding: str) -> None:
    server.run("DROP DATABASE IF EXISTS old", "postgres")
    made = f"CREATE DATABASE old ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"
    server.run(made, "postgres")
    if encoding == "SQL_ASCII":
        geomap.to_postgis([article(*events())], server.url("old"))
        geomap.to_postgis([article(*events())], server.url("old"))
    else:
        with pytest.raises(geomap.ExportError, match="LATIN1"):
            geomap.to_postgis([article(*events())], server.url("old"))


def test_postgis_may_lie_in_a_schema_of_its_own(team: Server) -> None:
    team.run("CREATE SCHEMA gis")
    team.run("CREATE EXTENSION postgis SCHEMA gis")
    geomap.to_postgis([article(*events())], team.url())
    assert team.run("SELECT gis.ST_SRID(geom) FROM geomap.events") == [(4326,)]


@pytest.fixture
def analyst(team: Server) -> Iterator[str]:
    """Give the address of a user of the database who owns nothing."""
    team.run("CREATE ROLE analyst LOGIN")
    yield team.url(user="analyst")
    team.run("DROP OWNED BY analyst CASCADE")
    team.run("DROP ROLE analyst")


def test_a_user_without_rights_is_told_what_to_ask_for(team: Server, analyst: str) -> None:
    team.run("GRANT CREATE ON DATABASE team TO analyst")
    with pytest.raises(geomap.ExportError, match="CREATE EXTENSION postgis"):
        geomap.to_postgis([article()], analyst)
    team.run("CREATE EXTENSION postgis")
    geomap.to_postgis([article(*events())], analyst)
    assert team.run("SELECT count(*) FROM geomap.events") == [(1,)]


def test_a_user_with_rights_to_the_tables_alone_fills_them(team: Server, analyst: str) -> None:
    geomap.to_postgis([article(*events())], team.url())
    team.run("GRANT USAGE ON SCHEMA geomap TO analyst")
    team.run("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA geomap TO analyst")
    geomap.to_postgis([article(make_event("new"))], analyst)
    assert team.run("SELECT event_id FROM geomap.events") == [("new",)]


def test_the_command(team: Server, tmp_path: Path) -> None:
    source = tmp_path / "documents.jsonl"
    source.write_bytes(encode(article(*events())) + b"\n")
    done = CliRunner().invoke(cli, ["export", str(source), "-o", team.url(), "--to", "postgis"])
    assert done.exit_code == 0, done.output
    assert set(done.output.split()) == TABLES
    for arguments in (["-o", str(tmp_path), "--to", "postgis"], ["-o", team.url(), "--to", "csv"]):
        assert CliRunner().invoke(cli, ["export", str(source), *arguments]).exit_code == 2


def test_qgis_opens_the_layer_with_its_style(team: Server, tmp_path: Path) -> None:
    geomap.to_postgis([article(*events())], team.url())
    script = tmp_path / "open_layer.py"
    script.write_text(f"""
from qgis.core import QgsApplication, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
source = ("host=127.0.0.1 port={team.port} dbname=team user=owner sslmode=disable key='event_id' "
          "srid=4326 type=Point table=\\"geomap\\".\\"events\\" (geom)")
layer = QgsVectorLayer(source, "events", "postgres")
date = layer.fields().field("date_start")
print(layer.isValid(), layer.featureCount(), layer.renderer().type(), date.typeName())
""", "utf-8")  # fmt: skip
    assert in_qgis(script).split() == ["True", "1", "categorizedSymbol", "date"]
