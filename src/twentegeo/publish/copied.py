"""
A package that starts as a copy of the last one, of which only the large layers stay.

A package is copied in a second, and writing the same rows anew takes ten times as long. The copy is only made of a file
that still has the checksum of its release; what is done about its layers stands in :mod:`twentegeo.publish.carried`.

The process that writes the package calls these functions; see :mod:`twentegeo.publish.package_worker`.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

from twentegeo.publish.sums import copied

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_METADATA: Final = ("gpkg_metadata", "gpkg_metadata_reference")
"""Tables of a GeoPackage that say something of a release as a whole."""

_TABLES: Final = r"""
SELECT name FROM sqlite_master WHERE type = 'table'
AND name NOT LIKE 'gpkg\_%' ESCAPE '\' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name NOT LIKE 'rtree\_%' ESCAPE '\'
"""
"""Layers and tables, those that ``gpkg_contents`` does not list too: GDAL takes one such for a sign that none is."""

_REGISTERS: Final = (
    "gpkg_contents",
    "gpkg_ogr_contents",
    "gpkg_geometry_columns",
    "gpkg_data_columns",
    "gpkg_extensions",
)
"""Tables of a GeoPackage that speak of its layers by ``table_name``."""

_SHAPE_FUNCTIONS: Final = ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY")


def take_over(base: Path, crc32: int, path: Path, layers: Sequence[str]) -> list[str]:
    """
    Start a package as a copy of another, of which only some layers stay.

    Parameters
    ----------
    base
        The package of a release.
    crc32
        Its checksum when it was released.
    path
        File to make.
    layers
        Names of the layers to keep.

    Returns
    -------
    kept
        Those that are there; none when the file cannot be read or is no longer what was released: then nothing is
        made, and all is to be written anew.
    """
    try:
        if copied(base, path) == crc32 and (kept := _stripped(path, layers)):
            return kept
    except (OSError, sqlite3.Error):
        pass  # a disk that is full says so again at the first layer
    path.unlink(missing_ok=True)
    return []


def drop(path: Path, layers: Sequence[str]) -> None:
    """
    Remove layers from a copy.

    Parameters
    ----------
    path
        The copy.
    layers
        Their names.

    Raises
    ------
    sqlite3.Error
        The file could not be written.
    """
    with opened(path) as connection:
        _drop(connection, layers)


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """
    Open a package in the making, which is thrown away when anything goes wrong: no need of a journal.

    Parameters
    ----------
    path
        The package.

    Yields
    ------
    connection
        Changes are written when it is left.
    """
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA journal_mode=OFF")
        # SQLite wants to know the functions of a trigger, though none is called when neither number nor shape changes
        for name in _SHAPE_FUNCTIONS:
            connection.create_function(name, 1, lambda _: None)
        yield connection
        connection.commit()


def _stripped(path: Path, layers: Sequence[str]) -> list[str]:
    """Leave nothing in a copy but some layers; give their names."""
    with opened(path) as connection:
        there = [str(row[0]) for row in connection.execute(_TABLES)]
        _drop(connection, [name for name in (*there, *_METADATA) if name not in layers])
    return [name for name in there if name in layers]


def _drop(connection: sqlite3.Connection, layers: Sequence[str]) -> None:
    indexed = dict(connection.execute("SELECT table_name, column_name FROM gpkg_geometry_columns"))
    for layer in layers:
        if layer in indexed:
            connection.execute(f'DROP TABLE IF EXISTS "rtree_{layer}_{indexed[layer]}"')
        connection.execute(f'DROP TABLE IF EXISTS "{layer}"')
        for register in _REGISTERS:
            connection.execute(f"DELETE FROM {register} WHERE table_name = ?", (layer,))  # noqa: S608 - from a constant
