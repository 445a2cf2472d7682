"""The layers in a PostGIS database, so that a team shares them in QGIS.

Every export is one transaction. It replaces what it knows better: the rows of its own articles, and
those of its own events wherever they were. All else stays, and so does what people wrote into the
review columns.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from geomap.config import Config
from geomap.corrections import Corrections
from geomap.errors import ExportError
from geomap.export.layers import EVENT_LAYERS, Column, Layer, base_layers
from geomap.export.qgis.looks import looks_of, qml
from geomap.export.results import Results
from geomap.extras import needed
from geomap.model import Document
from geomap.style import Style
from geomap.visible import REPLACEMENT

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData, Table

__all__ = ["PREFIX", "SCHEMA", "to_postgis"]

PREFIX = "postgresql://"
SCHEMA = "geomap"
"""The schema of the tables; made if it is not there."""
_REVIEW = ("review_status", "reviewer", "note")
_UNREVIEWED = "unreviewed"
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('geomap'))"
_STYLES = """
CREATE TABLE IF NOT EXISTS public.layer_styles (
  id serial PRIMARY KEY, f_table_catalog varchar, f_table_schema varchar, f_table_name varchar,
  f_geometry_column varchar, stylename text, styleqml xml, stylesld xml, useasdefault boolean,
  description text, owner varchar(63) DEFAULT CURRENT_USER, ui xml,
  update_time timestamp DEFAULT CURRENT_TIMESTAMP, type varchar)
"""
_STYLE = """
INSERT INTO public.layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,
  stylename, styleqml, useasdefault, description)
VALUES (current_database(), :schema, :name, :geometry, :style, CAST(:qml AS xml), :first, '')
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
    results = Results.of(documents, config, corrections)
    layers = [*results.layers, *base_layers()]
    try:
        address = alchemy.make_url(url).set(drivername="postgresql+psycopg")
        engine = alchemy.create_engine(address)
        try:
            with engine.begin() as connection:
                _write(connection, layers, results.config.style or Style.default())
        finally:
            engine.dispose()
    except alchemy.exc.SQLAlchemyError as error:
        raise ExportError(f"{_shown(url)}: {_reason(error)}") from None
    return [f"{SCHEMA}.{layer.name}" for layer in layers]


def _write(connection: "Connection", layers: Sequence[Layer], style: Style) -> None:
    from sqlalchemy import MetaData, insert, text
    from sqlalchemy.schema import CreateSchema

    connection.execute(text(_LOCK))
    _need_postgis(connection)
    connection.execute(CreateSchema(SCHEMA, if_not_exists=True))
    known = MetaData(schema=SCHEMA)
    tables = {layer.name: _table(layer, known) for layer in layers}
    known.create_all(connection)
    _add_columns(connection, known)
    reviews = _reviews(connection, tables)
    _remove(connection, tables, layers)
    for layer in layers:
        rows = list(_rows(layer, reviews if layer.name in EVENT_LAYERS else {}))
        if rows:
            connection.execute(insert(tables[layer.name]), rows)
    _add_styles(connection, layers, style)


def _need_postgis(connection: "Connection") -> None:
    from sqlalchemy import exc, text

    if connection.scalar(text("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")):
        return
    try:
        connection.execute(text("CREATE EXTENSION postgis"))
    except exc.SQLAlchemyError:
        raise ExportError(
            f"database {connection.engine.url.database}: PostGIS is not set up there, and this "
            "user may not do it; let its owner run: CREATE EXTENSION postgis"
        ) from None


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
    """Add the columns that tables made by an earlier version lack."""
    from sqlalchemy import inspect, text
    from sqlalchemy.schema import CreateColumn

    there = inspect(connection)
    for table in known.tables.values():
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
        touched = or_(c.review_status != _UNREVIEWED, c.reviewer.is_not(None), c.note.is_not(None))
        asked = select(c.event_id, *(c[column] for column in _REVIEW)).where(touched)
        for event_id, *values in connection.execute(asked):
            found[event_id] = dict(zip(_REVIEW, values, strict=True))
    return found


def _remove(
    connection: "Connection", tables: Mapping[str, "Table"], layers: Sequence[Layer]
) -> None:
    """Remove what the run knows better: its articles' rows, its events' rows, and the base map."""
    from sqlalchemy import ARRAY, Text, any_, delete, literal

    rows = {layer.name: layer.rows for layer in layers}
    known = {
        "document_id": [_safe(row["document_id"]) for row in rows["articles"]],
        "event_id": [row["event_id"] for name in EVENT_LAYERS for row in rows[name]],
    }
    for table in tables.values():
        keys = [name for name in known if name in table.c]
        for name in keys:
            ids = literal(known[name], ARRAY(Text))
            connection.execute(delete(table).where(table.c[name] == any_(ids)))
        if not keys:
            connection.execute(delete(table))


def _rows(layer: Layer, reviews: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    from geoalchemy2.shape import from_shape

    for row in layer.rows:
        values = {column.name: _safe(row[column.name]) for column in layer.columns}
        if layer.geometry:
            shape = row["geometry"]
            values["geom"] = None if shape is None else from_shape(shape, srid=4326)
        if values.get("review_status") == _UNREVIEWED:
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
            connection.execute(text(_STYLES))
            old = "DELETE FROM public.layer_styles WHERE f_table_schema = :schema"
            connection.execute(text(old), {"schema": SCHEMA})
            for layer in layers:
                for number, look in enumerate(looks_of(layer.name, layer.columns, style)):
                    row = {"schema": SCHEMA, "name": layer.name, "style": look.name,
                           "geometry": "geom" if layer.geometry else None,
                           "qml": qml(look).decode(), "first": number == 0}  # fmt: skip
                    connection.execute(text(_STYLE), row)
    except exc.SQLAlchemyError as error:
        log.warning("the layers have no styles in the database: %s", _reason(error))


def _shown(url: str) -> str:
    """Return an address without its password."""
    from sqlalchemy import exc, make_url

    try:
        return make_url(url).render_as_string(hide_password=True)
    except exc.ArgumentError:
        return PREFIX + "..."


def _reason(error: Exception) -> str:
    told = str(getattr(error, "orig", None) or error).strip().splitlines()
    return told[0] if told else type(error).__name__
