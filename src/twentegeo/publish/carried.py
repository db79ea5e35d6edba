"""
What of the last package can stand in the next one: its large layers, brought up to date row by row.

From one night to the next few rows of a register change. A package is copied in a second, and writing the same rows
anew takes ten times as long. The copy is only made of a file that still has the checksum of its release; in which rows
that differs from what it has to become is told by :mod:`twentegeo.publish.difference`.

The process that writes the package calls these functions; see :mod:`twentegeo.publish.package_worker`.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pyogrio

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa


_PIECE_BYTES: Final = 8 * 2**20
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


@dataclass(frozen=True, slots=True)
class Target:
    """
    A layer as it has to become, but for its rows.

    Attributes
    ----------
    layer, key
        Its name, and the column that names its rows.
    title, description, moment
        What ``gpkg_contents`` says of it, the moment of the release as GeoPackage writes it.
    constants
        Values of columns that hold one value throughout, where that became another, as SQLite has them.
    at_edge
        Whether its extent may be smaller than is stated.
    """

    layer: str
    key: str
    title: str
    description: str
    moment: str
    constants: Mapping[str, Any]
    at_edge: bool


_SHAPE_FUNCTIONS: Final = ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY")


def take_over(base: Path, sha256: str, path: Path, layers: Sequence[str]) -> list[str]:
    """
    Start a package as a copy of another, of which only some layers stay.

    Parameters
    ----------
    base
        The package of a release.
    sha256
        Its checksum when it was released.
    path
        File to make.
    layers
        Names of the layers to keep.

    Returns
    -------
    kept
        Those that are there. None when the file cannot be read or is no longer what was released: then nothing is
        made, and all is to be written anew.
    """
    try:
        if _copied(base, path) == sha256 and (kept := _stripped(path, layers)):
            return kept
    except (OSError, sqlite3.Error):
        pass  # a disk that is full says so again at the first layer
    path.unlink(missing_ok=True)
    return []


def remove(path: Path, layer: str, key: str, keys: Sequence[str]) -> bool | None:
    """
    Remove features from a layer of a copy.

    Parameters
    ----------
    path
        The copy.
    layer, key
        Name of the layer, and of the column that names its rows.
    keys
        Of the features.

    Returns
    -------
    at_edge
        Whether one of them reached the edge of the layer, so that its extent may be smaller now. None where one was
        not there: the layer is not what it was thought to be.

    Raises
    ------
    sqlite3.Error
        The file could not be written.
    """
    with _opened(path) as connection:
        at_edge = _reaches_edge(connection, layer, key, keys)
        gone = ((one,) for one in keys)
        statement = f'DELETE FROM "{layer}" WHERE "{key}" = ?'  # noqa: S608 - names of our own
        found = connection.executemany(statement, gone).rowcount
    return at_edge if found == len(keys) else None


def bring_up_to_date(path: Path, target: Target, rows: pa.Table) -> bool:
    """
    Make a layer of a copy say what it has to; features that go or come are removed and written apart.

    Parameters
    ----------
    path
        The copy.
    target
        What the layer is called and how it is described.
    rows
        Its key and columns in which some rows have another value, of those rows.

    Returns
    -------
    done
        False where one was not there: the layer is not what it was thought to be.

    Raises
    ------
    sqlite3.Error
        The file could not be written.
    """
    layer = target.layer
    with _opened(path) as connection, _unwatched(connection, layer):
        for name, value in target.constants.items():
            connection.execute(f'UPDATE "{layer}" SET "{name}" = ?', (value,))  # noqa: S608 - as above
        found = _update(connection, layer, target.key, rows)
        connection.execute(
            "UPDATE gpkg_contents SET identifier = ?, description = ?, last_change = ? WHERE table_name = ?",
            (target.title, target.description, target.moment, layer),
        )
    if target.at_edge:
        _fit_extent(path, layer)
    return found == len(rows)


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
    with _opened(path) as connection:
        _drop(connection, layers)


def fill_in(path: Path, layer: str, rows: pa.Table) -> None:
    """
    Make a column of a layer hold what it has to.

    Parameters
    ----------
    path
        A package, closed.
    layer
        Name of the layer.
    rows
        Its key and the column, in that order; of the rows that hold something else.

    Raises
    ------
    sqlite3.Error
        A row is not there, or the file could not be written.
    """
    key, column = rows.column_names
    with _opened(path) as connection, _unwatched(connection, layer):
        found = _update(connection, layer, key, rows)
    if found != len(rows):
        raise sqlite3.DataError(f"{column} van {layer}: {found} van {len(rows)} rijen gevonden")


# -- the copy ------------------------------------------------------------------------------------------------


def _copied(base: Path, path: Path) -> str:
    """Copy a file and take its checksum on the way."""
    digest = hashlib.sha256()
    with base.open("rb") as source, path.open("xb") as target:
        while piece := source.read(_PIECE_BYTES):
            digest.update(piece)
            target.write(piece)
    return digest.hexdigest()


def _stripped(path: Path, layers: Sequence[str]) -> list[str]:
    """Leave nothing in a copy but some layers; give their names."""
    with _opened(path) as connection:
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


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a package in the making, which is thrown away when anything goes wrong: no need of a journal."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA journal_mode=OFF")
        # SQLite wants to know the functions of a trigger, though none is called when neither number nor shape changes
        for name in _SHAPE_FUNCTIONS:
            connection.create_function(name, 1, lambda _: None)
        yield connection
        connection.commit()


@contextmanager
def _unwatched(connection: sqlite3.Connection, layer: str) -> Iterator[None]:
    """
    Do without the triggers that look at the number and the shape of every feature that has another value.

    Neither changes here, and looking takes a third of the time.
    """
    chosen = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ? AND name LIKE 'rtree%update%'"
    triggers = connection.execute(chosen, (layer,)).fetchall()
    for name, _ in triggers:
        connection.execute(f'DROP TRIGGER "{name}"')
    yield
    for _, text in triggers:
        connection.execute(text)


# -- what is done about it -----------------------------------------------------------------------------------


def _reaches_edge(connection: sqlite3.Connection, layer: str, key: str, keys: Sequence[str]) -> bool:
    edge = "SELECT min_x, max_x, min_y, max_y, column_name FROM gpkg_contents NATURAL JOIN gpkg_geometry_columns"
    *box, shape = connection.execute(f"{edge} WHERE table_name = ?", (layer,)).fetchone()
    # the index holds boxes in single precision, rounded outwards: one that reaches the edge does so here too
    outermost = f"""
        SELECT 1 FROM "{layer}" JOIN "rtree_{layer}_{shape}" ON id = fid
        WHERE "{key}" = ? AND (minx <= ? OR maxx >= ? OR miny <= ? OR maxy >= ?)"""  # noqa: S608 - names of our own
    return any(connection.execute(outermost, (one, *box)).fetchone() for one in keys)


def _update(connection: sqlite3.Connection, layer: str, key: str, rows: pa.Table) -> int:
    """Give features other values, by their key; count those that were there."""
    names = [name for name in rows.column_names if name != key]
    if not names or not len(rows):
        return len(rows)
    columns = [map(_as_sqlite, rows[name].to_pylist()) for name in (*names, key)]
    set_to = ", ".join(f'"{name}" = ?' for name in names)
    statement = f'UPDATE "{layer}" SET {set_to} WHERE "{key}" = ?'  # noqa: S608 - names of our own
    return connection.executemany(statement, zip(*columns, strict=True)).rowcount


def _as_sqlite(value: Any) -> Any:
    """Write a day as GeoPackage does; numbers and texts are what they are."""
    return value.isoformat() if isinstance(value, date) else value


def _fit_extent(path: Path, layer: str) -> None:
    """State the extent: GDAL lets it grow with what is added, and not shrink with what goes."""
    import shapely  # noqa: PLC0415 - few nights something at the edge goes

    about, held = pyogrio.read_arrow(path, layer=layer, columns=[])
    box = shapely.total_bounds(shapely.from_wkb(held[about["geometry_name"]].to_numpy()))
    with _opened(path) as connection:
        connection.execute(
            "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE table_name = ?",
            (*box.tolist(), layer),
        )
