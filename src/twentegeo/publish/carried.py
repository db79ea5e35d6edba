"""
What of the last package can stand in the next one: its large layers, brought up to date row by row.

From one night to the next few rows of a register change. A package is copied in a second, and writing the same rows
anew takes ten times as long. The copy is only made of a file that still has the checksum of its release. Then either
every row and every shape of it is compared with what it has to be, or, where a digest of the keys and shapes says that
these are the same as then, every value of the columns whose digest differs.

The process that writes the package calls these functions; see :mod:`twentegeo.publish.package_worker`.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing, contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyogrio

from twentegeo.publish.difference import Difference, Target, difference_of, differs, positions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt


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


def bring_up_to_date(path: Path, target: Target, rows: pa.Table) -> bool:
    """
    Make a layer of a copy hold what it has to.

    Parameters
    ----------
    path
        The copy.
    target
        What the layer is called and how it is described.
    rows
        What it has to hold, as :func:`twentegeo.publish.arrow.published` made it. Without shapes where keys and shapes
        are known to be what they were; then columns that are what they were may be left out too.

    Returns
    -------
    done
        False where too many of the rows differ (:mod:`twentegeo.publish.difference`), or other rows than were said to
        be there are: the layer is gone, and is to be written anew. Where it is done, new rows stand after the others,
        whatever their key.

    Raises
    ------
    OSError, sqlite3.Error
        The file could not be written.
    """
    difference = difference_of(path, target, rows)
    if difference is None:
        with _opened(path) as connection:
            _drop(connection, [target.layer])
        return False
    with _opened(path) as connection:
        shrinks = _reaches_edge(connection, target, difference.gone)
        _apply(connection, target, difference, rows)
    if difference.fresh.any():
        pyogrio.write_arrow(rows.filter(pa.array(difference.fresh)), path, append=True, **target.wanted)
    if shrinks:
        with _opened(path) as connection:
            _fit_extent(connection, target, rows)
    return True


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


def fill_in(path: Path, layer: str, rows: pa.Table, *, numbered: bool) -> None:
    """
    Make a column of a layer hold what it has to.

    Parameters
    ----------
    path
        A package, closed.
    layer
        Name of the layer.
    rows
        Its key and the column, in that order; all rows of the layer.
    numbered
        Whether the features have their numbers from 1 in the order of the rows, and nothing in the column yet, as in a
        layer that was just written; else they are looked up.

    Raises
    ------
    sqlite3.Error
        A row is not there, or the file could not be written.
    """
    key, column = rows.column_names
    if numbered:
        there = rows[column].is_valid().to_numpy().nonzero()[0]
        with _opened(path) as connection:
            _update(connection, layer, {column: rows[column].take(pa.array(there))}, pa.array(there + 1))
        return
    _, held = pyogrio.read_arrow(path, layer=layer, columns=[key, column], read_geometry=False, return_fids=True)
    at = positions(rows[key], held[key])
    if (at < 0).any():
        raise sqlite3.DataError(f"{column} van {layer}: {int((at >= 0).sum())} van {len(at)} rijen gevonden")
    changed = differs(rows[column], held[column].take(pa.array(at))).nonzero()[0]
    values = rows[column].take(pa.array(changed))
    fids = held["fid"].take(pa.array(at[changed]))
    with _opened(path) as connection:
        _update(connection, layer, {column: values}, fids)


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


# -- what is done about it -----------------------------------------------------------------------------------


def _reaches_edge(connection: sqlite3.Connection, target: Target, gone: npt.NDArray[np.int64]) -> bool:
    """Tell whether one of the features that go reaches the edge of the layer, so that its extent may become smaller."""
    if not len(gone):
        return False
    edge = "SELECT min_x, max_x, min_y, max_y FROM gpkg_contents WHERE table_name = ?"
    west, east, south, north = connection.execute(edge, (target.layer,)).fetchone()
    # the index holds boxes in single precision, rounded outwards: one that reaches the edge does so here too
    outermost = f"""
        SELECT 1 FROM "rtree_{target.layer}_{target.shape}"
        WHERE id = ? AND (minx <= ? OR maxx >= ? OR miny <= ? OR maxy >= ?)"""  # noqa: S608 - a name of our own
    found = (connection.execute(outermost, (number, west, east, south, north)).fetchone() for number in gone.tolist())
    return any(found)


def _apply(connection: sqlite3.Connection, target: Target, difference: Difference, rows: pa.Table) -> None:
    layer = target.layer
    numbers = ((number,) for number in difference.gone.tolist())
    connection.executemany(f'DELETE FROM "{layer}" WHERE fid = ?', numbers)  # noqa: S608 - a name of our own
    for name, value in difference.constants.items():
        connection.execute(f'UPDATE "{layer}" SET "{name}" = ?', (_as_sqlite(value),))  # noqa: S608 - as above
    if difference.columns:
        changed = rows.select(difference.columns).filter(pa.array(difference.changed))
        fids = pa.array(difference.fids[difference.changed])
        _update(connection, layer, {name: changed[name] for name in difference.columns}, fids)
    options = target.wanted["layer_options"]
    connection.execute(
        "UPDATE gpkg_contents SET identifier = ?, description = ?, last_change = ? WHERE table_name = ?",
        (options["IDENTIFIER"], options["DESCRIPTION"], target.moment, layer),
    )


def _update(
    connection: sqlite3.Connection, layer: str, columns: Mapping[str, pa.ChunkedArray], fids: pa.ChunkedArray
) -> None:
    """Give features other values, by their numbers."""
    values = zip(*(map(_as_sqlite, column.to_pylist()) for column in columns.values()), fids.to_pylist(), strict=True)
    set_to = ", ".join(f'"{name}" = ?' for name in columns)
    written = connection.executemany(f'UPDATE "{layer}" SET {set_to} WHERE fid = ?', values).rowcount  # noqa: S608
    if len(fids) and written != len(fids):
        raise sqlite3.DataError(f"{', '.join(columns)} van {layer}: {written} van {len(fids)} rijen gevonden")


def _as_sqlite(value: Any) -> Any:
    """Write a day as GeoPackage does; numbers and texts are what they are."""
    return value.isoformat() if isinstance(value, date) else value


def _fit_extent(connection: sqlite3.Connection, target: Target, rows: pa.Table) -> None:
    """State the extent: GDAL lets it grow with what is added, and not shrink with what goes."""
    import shapely  # noqa: PLC0415 - few nights something at the edge goes

    box = shapely.total_bounds(shapely.from_wkb(rows[target.shape].to_numpy()))
    connection.execute(
        "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE table_name = ?",
        (*box.tolist(), target.layer),
    )
