"""
Statements that make a release in PostGIS: tables, keys, indexes, comments, views.

Every name is quoted by the driver and every text is a literal of the driver; nothing is pasted together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
from psycopg import sql

from twentegeo.publish.postgis.copying import SRID
from twentegeo.tables import layers as contracts
from twentegeo.tables.shapes import GEOM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg.sql import Composed

    from twentegeo.publish.packaged import Field, Layer

ROW: Final = "rij"
"""Key of a table whose rows nothing identifies."""


def create_table(schema: str, layer: Layer, postgis: str) -> Composed:
    """
    Make a table.

    Parameters
    ----------
    schema
        Schema of the release.
    layer
        What the table holds.
    postgis
        Schema in which the extension lives.

    Returns
    -------
    statement
        Columns as in the GeoPackage; a table without a key gets a row number.
    """
    columns = [_column(field) for field in layer.fields]
    if not layer.key:
        columns.insert(0, sql.SQL("{} bigint GENERATED ALWAYS AS IDENTITY").format(sql.Identifier(ROW)))
    if layer.geometry:
        columns.append(
            sql.SQL("{} {}.geometry({}, {}) NOT NULL").format(
                sql.Identifier(GEOM), sql.Identifier(postgis), sql.SQL(layer.geometry), sql.Literal(SRID)
            )
        )
    return sql.SQL("CREATE TABLE {} ({})").format(_table(schema, layer), sql.SQL(", ").join(columns))


def copy_into(schema: str, layer: Layer) -> Composed:
    """
    Load a table.

    Parameters
    ----------
    schema, layer
        Which.

    Returns
    -------
    statement
        ``COPY`` that reads what :func:`twentegeo.publish.postgis.copying.as_csv` writes. Rows are frozen: they are
        visible to all once the transaction ends, and need no second pass.
    """
    names = [field.name for field in layer.fields] + ([GEOM] if layer.geometry else [])
    return sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv, FREEZE)").format(
        _table(schema, layer), sql.SQL(", ").join(map(sql.Identifier, names))
    )


def finish(schema: str, layer: Layer) -> Iterator[Composed]:
    """
    Make a loaded table ready for use.

    Parameters
    ----------
    schema, layer
        Which.

    Yields
    ------
    statement
        Primary key, spatial index, indexes on what refers to other layers, comments, statistics.
    """
    table = _table(schema, layer)
    key = sql.SQL(", ").join(map(sql.Identifier, layer.key or (ROW,)))
    yield sql.SQL("ALTER TABLE {} ADD PRIMARY KEY ({})").format(table, key)
    if layer.geometry:
        yield sql.SQL("CREATE INDEX ON {} USING gist ({})").format(table, sql.Identifier(GEOM))
    for name in _references(layer):
        yield sql.SQL("CREATE INDEX ON {} ({})").format(table, sql.Identifier(name))
    yield from comments(schema, layer, "TABLE")
    yield sql.SQL("ANALYZE {}").format(table)


def comments(schema: str, layer: Layer, kind: str) -> Iterator[Composed]:
    """
    Say what a table or view and its columns mean.

    Parameters
    ----------
    schema, layer
        Which.
    kind
        ``TABLE`` or ``VIEW``.

    Yields
    ------
    statement
        One for the whole and one per column that has a meaning.
    """
    table = _table(schema, layer)
    yield sql.SQL("COMMENT ON {} {} IS {}").format(
        sql.SQL(kind), table, sql.Literal(f"{layer.title}. {layer.description}")
    )
    for field in layer.fields:
        yield sql.SQL("COMMENT ON COLUMN {}.{} IS {}").format(
            table, sql.Identifier(field.name), sql.Literal(f"{field.caption}: {field.description}")
        )


def create_view(views: str, schema: str, layer: Layer) -> Composed:
    """
    Show a table under the name that stays.

    Parameters
    ----------
    views
        Schema of the views.
    schema, layer
        The table.

    Returns
    -------
    statement
        Replaces a view with the same columns, or fewer at the end; what depends on it and who may read it stay.
    """
    return sql.SQL("CREATE OR REPLACE VIEW {} AS SELECT {} FROM {}").format(
        _table(views, layer), sql.SQL(", ").join(map(sql.Identifier, view_columns(layer))), _table(schema, layer)
    )


def view_columns(layer: Layer) -> list[str]:
    """
    Order the columns of a view: the key first, since QGIS offers the first column as the one that identifies a row.

    Parameters
    ----------
    layer
        The layer.

    Returns
    -------
    names
        Key, geometry, and the rest in the layer's order.
    """
    key = list(layer.key) or [ROW]
    rest = [field.name for field in layer.fields if field.name not in key]
    return [*key, *([GEOM] if layer.geometry else []), *rest]


def _column(field: Field) -> Composed:
    required = sql.SQL("") if field.nullable else sql.SQL(" NOT NULL")
    return sql.SQL("{} {}{}").format(sql.Identifier(field.name), _type(field), required)


def _type(field: Field) -> Composed | sql.SQL:
    kind = field.kind
    if pa.types.is_integer(kind):
        return sql.SQL("bigint")
    if pa.types.is_floating(kind):
        return sql.SQL("double precision")
    if pa.types.is_boolean(kind):
        return sql.SQL("boolean")
    if pa.types.is_date(kind):
        return sql.SQL("date")
    if pa.types.is_timestamp(kind):
        return sql.SQL("timestamp with time zone")
    return sql.SQL("varchar({})").format(sql.Literal(field.width)) if field.width else sql.SQL("text")


def _references(layer: Layer) -> list[str]:
    """Find columns that hold the key of another layer, under its own name or with the layer's name before it."""
    keys = {table.key[0] for table in contracts.MAP_LAYERS if len(table.key) == 1} - {"code"}
    keys |= {f"{table.name}_code" for table in contracts.MAP_LAYERS if table.key == ("code",)}
    return [field.name for field in layer.fields if field.name in keys and (field.name,) != layer.key]


def _table(schema: str, layer: Layer) -> Composed:
    return sql.SQL("{}.{}").format(sql.Identifier(schema), sql.Identifier(layer.name))
