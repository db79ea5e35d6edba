"""
Metadata inside the GeoPackage: ``gpkg_metadata`` and what each row of it is about.

Written with sqlite3: these are plain tables, without the triggers of a layer. The extent of a layer is what the
GeoPackage itself says of it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from twentegeo.crs import degrees
from twentegeo.errors import ReleaseError, problem
from twentegeo.publish.metadata import iso, qgis

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from twentegeo.publish.metadata.about import About, Box, Resource

_CREATE: Final = """
CREATE TABLE gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT ''
);
CREATE TABLE gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id)
);
INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition, scope) VALUES
  ('gpkg_metadata', NULL, 'gpkg_metadata', 'http://www.geopackage.org/spec130/#extension_metadata', 'read-write'),
  ('gpkg_metadata_reference', NULL, 'gpkg_metadata', 'http://www.geopackage.org/spec130/#extension_metadata',
   'read-write');
"""
_EXTENTS: Final = "SELECT table_name, min_x, min_y, max_x, max_y FROM gpkg_contents WHERE data_type = ?"
_RECORD: Final = "INSERT INTO gpkg_metadata (id, md_scope, md_standard_uri, metadata) VALUES (?, 'dataset', ?, ?)"
_REFERENCE: Final = """
INSERT INTO gpkg_metadata_reference (reference_scope, table_name, timestamp, md_file_id, md_parent_id)
VALUES (?, ?, ?, ?, ?)"""


def extents_of(path: Path) -> dict[str, tuple[Box, Box] | None]:
    """
    Tell what a GeoPackage holds, and where.

    Parameters
    ----------
    path
        An existing GeoPackage.

    Returns
    -------
    extents
        Name to bounds in RD New and in degrees; None for a table without geometry.
    """
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        layers = connection.execute(_EXTENTS, ("features",)).fetchall()
        tables = connection.execute(_EXTENTS, ("attributes",)).fetchall()
    boxes: dict[str, Box] = {name: (west, south, east, north) for name, west, south, east, north in layers}
    return {name: (box, degrees(box)) for name, box in boxes.items()} | {row[0]: None for row in tables}


def embed(path: Path, about: About, timestamp: str, *, url: str | None = None) -> None:
    """
    Put the metadata in a GeoPackage that has none yet.

    Parameters
    ----------
    path
        The GeoPackage of a release in the making.
    about
        What is known of it.
    timestamp
        Moment of the run, as GeoPackage writes it.
    url
        Where the file can be fetched; None where that is not known.

    Raises
    ------
    ReleaseError
        The file refused.
    """
    try:
        with closing(sqlite3.connect(path)) as connection:
            # no need to wait for the disk: the release is flushed as a whole before it is put in place
            connection.execute("PRAGMA synchronous=OFF")
            connection.executescript(_CREATE)
            for number, (resource, standard, text) in enumerate(_records(about, url), start=1):
                whole = resource is about.dataset
                connection.execute(_RECORD, (number, standard, text.decode()))
                about_what = ("geopackage", None) if whole else ("table", resource.name)
                connection.execute(_REFERENCE, (*about_what, timestamp, number, None if whole else 1))
            connection.commit()
    except sqlite3.Error as error:
        raise ReleaseError(
            problem(path, f"metadata schrijven mislukt: {error}", "Controleer schijfruimte en rechten")
        ) from error


def _records(about: About, url: str | None) -> Iterator[tuple[Resource, str, bytes]]:
    """List the records: the release first, as the parent of all others."""
    yield about.dataset, iso.STANDARD, iso.iso_xml(about, about.dataset, url=url)
    for layer in about.layers:
        yield layer, iso.STANDARD, iso.iso_xml(about, layer, url=url)
        yield layer, qgis.STANDARD, qgis.qgis_xml(about, layer)
