"""
QGIS styles in the database: ``layer_styles``, the table that QGIS looks in when it loads a layer.

It belongs to everyone who saves a style there. Only rows that this program made are replaced, and a default that
somebody chose stays the default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import psycopg

from twentegeo.tables.shapes import GEOM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twentegeo.publish.packaged import Layer

# as QGIS itself makes it
_CREATE: Final = """
CREATE TABLE IF NOT EXISTS public.layer_styles (
  id SERIAL PRIMARY KEY, f_table_catalog varchar, f_table_schema varchar, f_table_name varchar,
  f_geometry_column varchar, styleName text, styleQML xml, styleSLD xml, useAsDefault boolean, description text,
  owner varchar(63) DEFAULT CURRENT_USER, ui xml, update_time timestamp DEFAULT CURRENT_TIMESTAMP, type varchar
)"""
_DELETE: Final = """
DELETE FROM layer_styles WHERE f_table_catalog = current_database() AND f_table_schema = %(schema)s
  AND f_table_name = %(layer)s AND description LIKE %(mark)s"""
_INSERT: Final = """
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML,
  useAsDefault, description)
SELECT current_database(), %(schema)s::varchar, %(layer)s::varchar, %(geom)s, %(name)s, XMLPARSE(DOCUMENT %(qml)s),
  %(default)s AND NOT EXISTS (
    SELECT 1 FROM layer_styles WHERE f_table_catalog = current_database() AND f_table_schema = %(schema)s::varchar
      AND f_table_name = %(layer)s::varchar AND useAsDefault),
  %(description)s"""
_MARK: Final = "twentegeo: "


def put_styles(connection: psycopg.Connection, views: str, layers: Sequence[Layer]) -> bool:
    """
    Give the views their styles.

    Parameters
    ----------
    connection
        Within a transaction.
    views
        Schema of the views.
    layers
        Layers with their styles; those without any are left alone.

    Returns
    -------
    done
        False where the database does not let us make or write the table; nothing else suffers from that.
    """
    try:
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('layer_styles')")
            if cursor.fetchone() == (None,):
                cursor.execute(_CREATE)
            for layer in layers:
                _put(cursor, views, layer)
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedColumn):
        return False
    return True


def _put(cursor: psycopg.Cursor, views: str, layer: Layer) -> None:
    where = {"schema": views, "layer": layer.name, "geom": GEOM, "mark": f"{_MARK}%"}
    cursor.execute(_DELETE, where)
    # the default first, so that it is there before others are judged
    for style in sorted(layer.styles, key=lambda one: not one.default):
        cursor.execute(
            _INSERT,
            {
                **where,
                "name": style.name,
                "qml": style.qml,
                "default": style.default,
                "description": f"{_MARK}{style.description}",
            },
        )
