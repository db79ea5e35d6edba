"""Read a GeoPackage afresh: what it really holds, whatever was meant to be written."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
import pyogrio
import shapely

from twentegeo.errors import ReleaseError, problem
from twentegeo.publish.layer_styles import STYLES
from twentegeo.tables.shapes import GEOM

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """
    What a layer in a file turns out to hold.

    Attributes
    ----------
    rows
        Number of rows, counted.
    columns
        Type by column name, as SQLite declares it; ``fid`` and the geometry are left out.
    crs
        ``EPSG:28992``, or None for a plain table.
    geometry
        ``Point``, ``MultiPolygon`` or None.
    bounds
        xmin, ymin, xmax, ymax in metres, or None.
    null_geometries
        Rows without a geometry.
    rtree
        True where a spatial index stands that holds as many entries as there are rows.
    """

    rows: int
    columns: dict[str, str]
    crs: str | None
    geometry: str | None
    bounds: tuple[float, float, float, float] | None
    null_geometries: int
    rtree: bool


def read_back(path: Path) -> dict[str, LayerFacts]:
    """
    Open a GeoPackage afresh and tell what it holds.

    Parameters
    ----------
    path
        An existing GeoPackage.

    Returns
    -------
    facts
        By layer or table name, in the file's order; ``layer_styles`` is left out.

    Raises
    ------
    ReleaseError
        The file cannot be read.
    """
    try:
        names = [str(name) for name in pyogrio.list_layers(path)[:, 0] if name != STYLES]
        infos = {name: pyogrio.read_info(path, layer=name, force_total_bounds=True) for name in names}
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return {name: _facts(connection, name, infos[name]) for name in names}
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, sqlite3.Error) as error:
        raise ReleaseError(problem(path, f"niet te lezen: {error}", "Maak de release opnieuw")) from error


def columns_of(path: Path, name: str) -> list[str]:
    """
    List the columns of a layer.

    Parameters
    ----------
    path
        An existing GeoPackage.
    name
        Name of the layer.

    Returns
    -------
    columns
        Without ``fid`` and geometry; none where there is no such layer.

    Raises
    ------
    ReleaseError
        The file cannot be read.
    """
    try:
        if name not in pyogrio.list_layers(path)[:, 0]:
            return []
        return [str(column) for column in pyogrio.read_info(path, layer=name)["fields"]]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise ReleaseError(problem(path, f"niet te lezen: {error}", "Maak de release opnieuw")) from error


def read_layer(path: Path, name: str, columns: Sequence[str]) -> gpd.GeoDataFrame | None:
    """
    Read some columns of a layer, with its geometry.

    Parameters
    ----------
    path
        An existing GeoPackage.
    name
        Name of the layer.
    columns
        The columns to read.

    Returns
    -------
    rows
        In RD New, as the file has them; None where the layer was left out because it would have been empty.

    Raises
    ------
    ReleaseError
        The file cannot be read or lacks a column.
    """
    try:
        if name not in pyogrio.list_layers(path)[:, 0]:
            return None
        found: gpd.GeoDataFrame = pyogrio.read_dataframe(path, layer=name, columns=list(columns), use_arrow=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise ReleaseError(problem(path, f"niet te lezen: {error}", "Maak de release opnieuw")) from error
    lacking = [column for column in columns if column not in found]
    if lacking:
        raise ReleaseError(problem(path, f"laag {name} mist kolom {', '.join(lacking)}", "Maak de release opnieuw"))
    return found


def read_places(path: Path, name: str, columns: Sequence[str]) -> pd.DataFrame | None:
    """
    Read some columns of a layer of points, and where these lie.

    Parameters
    ----------
    path, name, columns
        As for :func:`read_layer`.

    Returns
    -------
    rows
        With ``x`` and ``y`` in RD New, metres, in place of the geometry; None where the layer was left out.

    Raises
    ------
    ReleaseError
        As :func:`read_layer`.
    """
    found = read_layer(path, name, columns)
    if found is None:
        return None
    place = shapely.get_coordinates(found.geometry.to_numpy())
    return pd.DataFrame(found[list(columns)]).assign(x=place[:, 0], y=place[:, 1])


def _facts(connection: sqlite3.Connection, name: str, info: dict[str, object]) -> LayerFacts:
    rows = _scalar(connection, f'SELECT count(*) FROM "{name}"')  # noqa: S608 - name comes from the file's own list
    columns = {
        str(row[1]): str(row[2])
        for row in connection.execute(f'PRAGMA table_info("{name}")')
        if row[1] not in ("fid", GEOM)
    }
    if info["geometry_type"] is None:
        return LayerFacts(rows, columns, None, None, None, 0, rtree=False)
    index = f"rtree_{name}_{GEOM}"
    has_index = _scalar(connection, "SELECT count(*) FROM sqlite_master WHERE name = ?", index)
    entries = _scalar(connection, f'SELECT count(*) FROM "{index}"') if has_index else -1  # noqa: S608
    return LayerFacts(
        rows=rows,
        columns=columns,
        crs=str(info["crs"]),
        geometry=str(info["geometry_type"]),
        bounds=info["total_bounds"],  # type: ignore[arg-type]
        null_geometries=_scalar(connection, f'SELECT count(*) FROM "{name}" WHERE "{GEOM}" IS NULL'),  # noqa: S608
        rtree=entries == rows,
    )


def _scalar(connection: sqlite3.Connection, query: str, *values: str) -> int:
    return int(connection.execute(query, values).fetchone()[0])
