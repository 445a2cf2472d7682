"""The layers in a PostGIS database, so that a team shares them in QGIS.

Every export is one transaction. It replaces what it knows better: the rows of its own articles, and
those of its own events wherever they were. All else stays, and so does what people wrote into the
review columns, and into columns of their own.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from geomap.config import Config
from geomap.corrections import REVIEW, UNREVIEWED, Corrections
from geomap.errors import ExportError
from geomap.export.layers import EVENT_LAYERS, Column, Layer, base_layers
from geomap.export.qgis.looks import looks_of, qml
from geomap.export.results import Results
from geomap.extras import needed
from geomap.model import Document
from geomap.style import Style
from geomap.visible import REPLACEMENT

if TYPE_CHECKING:
    from sqlalchemy import URL, ColumnElement, Connection, MetaData, Table
    from sqlalchemy.dialects.postgresql import Insert

__all__ = ["PREFIX", "SCHEMA", "to_postgis"]

PREFIX = "postgresql://"
SCHEMA = "geomap"
"""The schema of the tables; made if it is not there."""
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('geomap'))"
_STYLES = """
CREATE TABLE public.layer_styles (
  id serial PRIMARY KEY, f_table_catalog varchar, f_table_schema varchar, f_table_name varchar,
  f_geometry_column varchar, stylename text, styleqml xml, stylesld xml, useasdefault boolean,
  description text, owner varchar(63) DEFAULT CURRENT_USER, ui xml,
  update_time timestamp DEFAULT CURRENT_TIMESTAMP, type varchar)
"""
_STYLE = """
INSERT INTO public.layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,
  stylename, styleqml, useasdefault, description)
SELECT current_database(), CAST(:schema AS varchar), CAST(:name AS varchar), :geometry, :style,
  CAST(:qml AS xml), :first AND NOT EXISTS (SELECT 1 FROM public.layer_styles
    WHERE f_table_schema = :schema AND f_table_name = :name AND useasdefault), :made
"""
_MADE = "Made by geomap: an export replaces it. Save yours under another name."
_POSTGIS = """
SELECT nspname FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace
WHERE extname = 'postgis'
"""
_PATH = """
SELECT set_config('search_path',
  concat_ws(', ', nullif(current_setting('search_path'), ''), quote_ident(:schema)), true)
"""

log = logging.getLogger(__name__)


def to_postgis(
    documents: Iterable[Document],
    url: str,
    *,
    config: Config | None = None,
    corrections: Corrections | None = None,
) -> list[str]:
    """Write the layers of a run into a PostGIS database.

    Parameters
    ----------
    documents
        Documents with their events.
    url
        ``postgresql://USER@HOST:PORT/DATABASE``. What it leaves out, the password above all, comes
        from where PostgreSQL's own programs take it: ``PGHOST``, ``PGPASSWORD``, ``~/.pgpass``.
    config
        The options; its style says how QGIS draws the layers.
    corrections
        What analysts changed by hand.

    Returns
    -------
    list of str
        The tables, in EPSG:4326, one a layer, in the schema :data:`SCHEMA`.

    Raises
    ------
    ExportError
        If the libraries for it are not installed, the database cannot be reached, has no PostGIS
        and may not get it, or refuses a table.

    Notes
    -----
    A second export of the same documents leaves the same rows. Events of an exported article that
    are not found any more are removed; articles that this run does not have stay.
    """
    alchemy = needed("sqlalchemy", "postgis")
    for module in ("geoalchemy2", "psycopg"):
        needed(module, "postgis")
    address = _address(url)
    try:
        engine = alchemy.create_engine(address, connect_args={"client_encoding": "utf8"})
        try:
            with engine.begin() as connection:
                results = Results.of(documents, config, corrections)
                layers = [*results.layers, *base_layers()]
                _write(connection, layers, results.config.style or Style.default())
        finally:
            engine.dispose()
    except alchemy.exc.SQLAlchemyError as error:
        shown = address.set(drivername="postgresql", query={})
        raise ExportError(f"{shown.render_as_string()}: {_reason(error)}") from None
    return [f"{SCHEMA}.{layer.name}" for layer in layers]


def _address(url: str) -> "URL":
    """Return the address of a database; one that cannot be read is not repeated.

    Parts of a password may stand anywhere in it.
    """
    from sqlalchemy import exc, make_url

    try:
        address = make_url(url)
    except (exc.ArgumentError, ValueError):
        address = None
    if address is None or "@" in f"{address.host}{address.database}":
        raise ExportError(
            f"{PREFIX}...: the address cannot be read; give {PREFIX}USER@HOST:PORT/NAME, and the "
            "password in PGPASSWORD or ~/.pgpass, or with %40 for an @ in it"
        )
    return address.set(drivername="postgresql+psycopg")


def _write(connection: "Connection", layers: Sequence[Layer], style: Style) -> None:
    from sqlalchemy import MetaData, inspect, text
    from sqlalchemy.schema import CreateSchema

    connection.execute(text(_LOCK))
    _need_postgis(connection)
    if not inspect(connection).has_schema(SCHEMA):
        connection.execute(CreateSchema(SCHEMA))
    known = MetaData(schema=SCHEMA)
    tables = {layer.name: _table(layer, known) for layer in layers}
    known.create_all(connection)
    _add_columns(connection, known)
    reviews = _reviews(connection, tables)
    lost = sorted(_remove(connection, tables, layers) & reviews.keys())
    if lost:
        told = ", ".join(lost)
        log.warning("reviewed events that their articles tell no more were removed: %s", told)
    for layer in layers:
        rows = list(_rows(layer, reviews if layer.name in EVENT_LAYERS else {}))
        if rows:
            connection.execute(_upsert(tables[layer.name]), rows)
    _add_styles(connection, layers, style)


def _need_postgis(connection: "Connection") -> None:
    from sqlalchemy import exc, text

    if connection.scalar(text(_POSTGIS)) is None:
        try:
            connection.execute(text("CREATE EXTENSION postgis"))
        except exc.SQLAlchemyError:
            raise ExportError(
                f"database {connection.engine.url.database}: PostGIS is not set up there, and this "
                "user may not do it; let its owner run: CREATE EXTENSION postgis"
            ) from None
    # It may lie where the search path of this user does not lead.
    connection.execute(text(_PATH), {"schema": connection.scalar(text(_POSTGIS))})


def _table(layer: Layer, known: "MetaData") -> "Table":
    """Return a layer as a table: typed, with its key, and told what its columns hold."""
    from geoalchemy2 import Geometry
    from sqlalchemy import BigInteger, Boolean, Date, Double, Identity, Text
    from sqlalchemy import Column as Made
    from sqlalchemy import Table as Table_
    from sqlalchemy.dialects.postgresql import JSONB

    kinds: dict[str, Any] = {
        "text": Text, "integer": BigInteger, "real": Double, "boolean": Boolean, "date": Date,
        "json": JSONB(none_as_null=True),
    }  # fmt: skip
    made: list[Made[Any]] = [
        Made(c.name, kinds[c.kind], primary_key=c.name in layer.key, comment=_told(c))
        for c in layer.columns
    ]
    if not layer.key:  # QGIS asks for one.
        made.insert(0, Made("fid", BigInteger, Identity(always=True), primary_key=True))
    if layer.geometry:
        made.append(Made("geom", Geometry(layer.geometry, srid=4326)))
    return Table_(layer.name, known, *made, comment=f"{layer.title}. {layer.about}")


def _told(column: Column) -> str:
    return f"{column.title}. {column.about}" if column.about else column.title


def _add_columns(connection: "Connection", known: "MetaData") -> None:
    """Add the columns that tables made by an earlier version lack; refuse tables of others."""
    from sqlalchemy import inspect, text
    from sqlalchemy.schema import CreateColumn

    there = inspect(connection)
    for table in known.tables.values():
        keys = [column.name for column in table.primary_key]
        if there.get_pk_constraint(table.name, schema=SCHEMA)["constrained_columns"] != keys:
            raise ExportError(
                f"{table.fullname}: has not the primary key ({', '.join(keys)}), so it is no table "
                "of geomap's or was changed; give it that key, or another name"
            )
        names = {column["name"] for column in there.get_columns(table.name, schema=SCHEMA)}
        for column in table.columns:
            if column.name not in names:
                made = CreateColumn(column).compile(dialect=connection.dialect)
                connection.execute(text(f"ALTER TABLE {table.fullname} ADD COLUMN {made}"))


def _reviews(connection: "Connection", tables: Mapping[str, "Table"]) -> dict[str, dict[str, Any]]:
    """Return what people wrote into the review columns, by event."""
    from sqlalchemy import or_, select

    found = {}
    for name in EVENT_LAYERS:
        c = tables[name].c
        touched = or_(c.review_status != UNREVIEWED, c.reviewer.is_not(None), c.note.is_not(None))
        asked = select(c.event_id, *(c[column] for column in REVIEW)).where(touched)
        for event_id, *values in connection.execute(asked):
            found[event_id] = dict(zip(REVIEW, values, strict=True))
    return found


def _remove(
    connection: "Connection", tables: Mapping[str, "Table"], layers: Sequence[Layer]
) -> set[str]:
    """Remove the rows of the run's articles and events that it does not write again.

    Returns the ids of the events that are gone for good. The base map is removed whole.
    """
    from sqlalchemy import delete

    rows = {layer.name: layer.rows for layer in layers}
    events = {row["event_id"] for name in EVENT_LAYERS for row in rows[name]}
    known = {
        "document_id": [_safe(row["document_id"]) for row in rows["articles"]],
        "event_id": sorted(events),
    }
    gone: set[str] = set()
    for layer in layers:
        table = tables[layer.name]
        names = [name for name in known if name in table.c]
        for name in names:
            old = delete(table).where(_among(table.c[name], known[name]))
            if len(layer.key) == 1:
                key = layer.key[0]
                kept = [_safe(row[key]) for row in layer.rows]
                old = old.where(~_among(table.c[key], kept))
            if layer.name in EVENT_LAYERS:
                gone.update(connection.scalars(old.returning(table.c.event_id)))
            else:
                connection.execute(old)
        if not names:
            connection.execute(delete(table))
    return gone - events


def _among(column: "ColumnElement[str]", values: Sequence[str]) -> "ColumnElement[bool]":
    """Return the condition that a column has one of very many values."""
    from sqlalchemy import ARRAY, Text, exists, func, literal

    one = func.unnest(literal(values, ARRAY(Text))).column_valued("one")
    return exists().where(one == column)


def _upsert(table: "Table") -> "Insert":
    """Return what adds a row, or renews it: columns that people added to the table stay."""
    from sqlalchemy.dialects.postgresql import insert

    made = insert(table)
    keys = [column.name for column in table.primary_key]
    new = {name: made.excluded[name] for name in table.c.keys() if name not in keys}  # noqa: SIM118
    return made.on_conflict_do_update(index_elements=keys, set_=new)


def _rows(layer: Layer, reviews: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    from geoalchemy2.shape import from_shape

    for row in layer.rows:
        values = {column.name: _safe(row[column.name]) for column in layer.columns}
        if layer.geometry:
            shape = row["geometry"]
            values["geom"] = None if shape is None else from_shape(shape, srid=4326)
        if values.get("review_status") == UNREVIEWED:
            values |= reviews.get(row["event_id"], {})
        yield values


def _safe(value: Any) -> Any:
    """Return a value without the one character that PostgreSQL's text cannot hold."""
    if isinstance(value, str):
        return value.replace("\0", REPLACEMENT)
    if isinstance(value, list):
        return [_safe(item) for item in value]
    if isinstance(value, dict):
        return {_safe(key): _safe(item) for key, item in value.items()}
    return value


def _add_styles(connection: "Connection", layers: Sequence[Layer], style: Style) -> None:
    """Write the styles where QGIS looks for them, if this user may."""
    from sqlalchemy import exc, text

    try:
        with connection.begin_nested():
            if connection.scalar(text("SELECT to_regclass('public.layer_styles')")) is None:
                connection.execute(text(_STYLES))
            old = (
                "DELETE FROM public.layer_styles "
                "WHERE f_table_schema = :schema AND description = :made"
            )
            connection.execute(text(old), {"schema": SCHEMA, "made": _MADE})
            for layer in layers:
                for number, look in enumerate(looks_of(layer.name, layer.columns, style)):
                    row = {"schema": SCHEMA, "name": layer.name, "style": look.name,
                           "geometry": "geom" if layer.geometry else None,
                           "qml": qml(look).decode(), "first": number == 0,
                           "made": _MADE}  # fmt: skip
                    connection.execute(text(_STYLE), row)
    except exc.SQLAlchemyError as error:
        log.warning("the layers' styles were not written into the database: %s", _reason(error))


def _reason(error: Exception) -> str:
    told = str(getattr(error, "orig", None) or error).strip().splitlines()
    return told[0] if told else type(error).__name__
