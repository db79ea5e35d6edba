"""
Layers of a copied package, brought up to date row by row.

From one night to the next few rows of a register change; in which rows a layer differs from what it has to become is
told by :mod:`twentegeo.publish.difference`, and what to ask for by :mod:`twentegeo.publish.renewal`.

The process that writes the package calls these functions; see :mod:`twentegeo.publish.package_worker`.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pyogrio

from twentegeo.publish.copied import opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa


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
    parts
        Columns, and how many of the rows that come along get another value in these and no others.
    """

    layer: str
    key: str
    title: str
    description: str
    moment: str
    constants: Mapping[str, Any]
    at_edge: bool
    parts: Sequence[tuple[Sequence[str], int]]


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
    with opened(path) as connection:
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
        Its key and columns in which some rows have another value, of those rows, part by part.

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
    with opened(path) as connection, _unwatched(connection, layer):
        _set_throughout(connection, layer, target.constants)
        found = _update(connection, layer, target.key, rows, target.parts)
        connection.execute(
            "UPDATE gpkg_contents SET identifier = ?, description = ?, last_change = ? WHERE table_name = ?",
            (target.title, target.description, target.moment, layer),
        )
    if target.at_edge:
        _fit_extent(path, layer)
    return found == len(rows)


def set_throughout(path: Path, layer: str, constants: Mapping[str, Any]) -> None:
    """
    Give columns of a layer of a copy one value throughout.

    Parameters
    ----------
    path
        The copy.
    layer
        Its name.
    constants
        The values, as SQLite has them, by column.

    Raises
    ------
    sqlite3.Error
        The file could not be written.
    """
    with opened(path) as connection, _unwatched(connection, layer):
        _set_throughout(connection, layer, constants)


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
    with opened(path) as connection, _unwatched(connection, layer):
        found = _update(connection, layer, key, rows, [((column,), len(rows))])
    if found != len(rows):
        raise sqlite3.DataError(f"{column} van {layer}: {found} van {len(rows)} rijen gevonden")


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


def _reaches_edge(connection: sqlite3.Connection, layer: str, key: str, keys: Sequence[str]) -> bool:
    edge = "SELECT min_x, max_x, min_y, max_y, column_name FROM gpkg_contents NATURAL JOIN gpkg_geometry_columns"
    *box, shape = connection.execute(f"{edge} WHERE table_name = ?", (layer,)).fetchone()
    # the index holds boxes in single precision, rounded outwards: one that reaches the edge does so here too
    outermost = f"""
        SELECT 1 FROM "{layer}" JOIN "rtree_{layer}_{shape}" ON id = fid
        WHERE "{key}" = ? AND (minx <= ? OR maxx >= ? OR miny <= ? OR maxy >= ?)"""  # noqa: S608 - names of our own
    return any(connection.execute(outermost, (one, *box)).fetchone() for one in keys)


def _update(
    connection: sqlite3.Connection, layer: str, key: str, rows: pa.Table, parts: Sequence[tuple[Sequence[str], int]]
) -> int:
    """Give features other values, by their key and part by part; count those that were there."""
    found = start = 0
    for names, count in parts:
        part, start = rows.slice(start, count), start + count
        columns = [map(_as_sqlite, part[name].to_pylist()) for name in (*names, key)]
        set_to = ", ".join(f'"{name}" = ?' for name in names)
        statement = f'UPDATE "{layer}" SET {set_to} WHERE "{key}" = ?'  # noqa: S608 - names of our own
        found += connection.executemany(statement, zip(*columns, strict=True)).rowcount
    return found


def _set_throughout(connection: sqlite3.Connection, layer: str, constants: Mapping[str, Any]) -> None:
    for name, value in constants.items():
        connection.execute(f'UPDATE "{layer}" SET "{name}" = ?', (value,))  # noqa: S608 - names of our own


def _as_sqlite(value: Any) -> Any:
    """Write a day as GeoPackage does; numbers and texts are what they are."""
    return value.isoformat() if isinstance(value, date) else value


def _fit_extent(path: Path, layer: str) -> None:
    """State the extent: GDAL lets it grow with what is added, and not shrink with what goes."""
    import shapely  # noqa: PLC0415 - few nights something at the edge goes

    about, held = pyogrio.read_arrow(path, layer=layer, columns=[])
    box = shapely.total_bounds(shapely.from_wkb(held[about["geometry_name"]].to_numpy()))
    with opened(path) as connection:
        connection.execute(
            "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE table_name = ?",
            (*box.tolist(), layer),
        )
