"""The styles inside a GeoPackage: the table in which QGIS looks for them, and the last touch to the file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from twentegeo.tables.shapes import GEOM

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from twentegeo.publish.edition import Edition
    from twentegeo.publish.styles.look import NamedStyle

STYLES: Final = "layer_styles"
"""The table in which QGIS looks for the styles of a layer."""

_CREATE_STYLES: Final = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
  styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30),
  ui TEXT(30), update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
)"""

_REGISTER_STYLES: Final = """
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)
VALUES (?, 'attributes', ?, ?, ?, 0)"""

_INSERT_STYLE: Final = """
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,
  styleQML, styleSLD, useAsDefault, description, owner, ui, update_time)
VALUES ('', '', ?, ?, ?, ?, '', ?, ?, '', NULL, ?)"""


def finish(path: Path, styles: Sequence[NamedStyle], edition: Edition) -> None:
    """
    Add styles to a GeoPackage, and leave one file that needs no write-ahead log to be read.

    Parameters
    ----------
    path
        The file; nobody else has it open.
    styles
        Of layers that are in it; the default one of each layer opens with it in QGIS.
    edition
        Names the release in titles and descriptions.

    Raises
    ------
    sqlite3.Error
        The file could not be written.
    """
    with closing(sqlite3.connect(path)) as connection:
        if styles:
            notice = edition.title("Stijlen voor QGIS")
            moment = edition.timestamp
            connection.execute(_CREATE_STYLES)
            connection.execute(_REGISTER_STYLES, (STYLES, notice, notice, moment))
            rows = [
                (one.layer, GEOM, one.name, one.qml, int(one.default), edition.marked(one.description), moment)
                for one in styles
            ]
            connection.executemany(_INSERT_STYLE, rows)
            connection.commit()
        connection.execute("PRAGMA journal_mode=DELETE")
