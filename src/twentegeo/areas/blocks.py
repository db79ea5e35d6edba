"""Lay the edge of an area along the buildings: a pand is in or out, never cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from twentegeo.tables.keys import is_among, positions

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt
    import pandas as pd

    from twentegeo.tables.shapes import Mapped

_GRID_M = 0.01
"""Coordinates are kept to the centimetre; finer than any register states them."""

_HALF = 0.5


def follow_buildings(
    shapes: list[shapely.Polygon], dwellings: gpd.GeoDataFrame, panden: Mapped
) -> tuple[list[shapely.Geometry], npt.NDArray[np.int64]]:
    """
    Take in what lies mostly inside, cut out what lies mostly outside, and say who is in.

    Parameters
    ----------
    shapes
        Rough areas in RD New that do not overlap.
    dwellings
        Points in RD New, with ``pand_id``.
    panden
        Buildings, with ``pand_id``.

    Returns
    -------
    shapes
        The areas, valid, to the centimetre.
    inside
        (n,) number of the area that each dwelling lies in, -1 outside: where its pand lies, or, without a known pand,
        where its point does.
    """
    if not shapes:
        return [], np.full(len(dwellings), -1, dtype="int64")
    rough = np.array(shapes, dtype=object)
    beside = panden.taken(panden.near(rough))
    footprints = beside.geometry.to_numpy()
    owner = np.full(len(footprints), -1, dtype="int64")
    area, pand = shapely.STRtree(footprints).query(rough, predicate="intersects")
    share = shapely.area(shapely.intersection(rough[area], footprints[pand])) / shapely.area(footprints[pand])
    within = share > _HALF
    owner[pand[within]] = area[within]
    cut = share < 1
    result = []
    for number, shape in enumerate(rough):
        mine = (area == number) & cut
        taken_in = in_order(footprints[pand[mine & within]])
        left_out = in_order(footprints[pand[mine & (owner[pand] != number)]])
        whole = shapely.union_all(np.append(taken_in, shape), grid_size=_GRID_M)
        result.append(_polygons(shapely.difference(whole, shapely.union_all(left_out), grid_size=_GRID_M)))
    owned = owner >= 0
    return result, _inside(result, (beside["pand_id"][owned], owner[owned]), dwellings, panden.rows["pand_id"])


def in_order(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """
    Sort shapes by where they lie, because what GEOS makes of a union depends a hair on the order of its parts.

    Parameters
    ----------
    shapes
        (n,) shapes in RD New.

    Returns
    -------
    shapes
        The same, from west to east and south to north.
    """
    return shapes[np.lexsort(shapely.bounds(shapes).T[::-1])] if len(shapes) else shapes


def leave_out(shapes: npt.NDArray[np.object_], others: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """
    Take other areas out of areas.

    Parameters
    ----------
    shapes
        (n,) areas in RD New.
    others
        (m,) areas that cut no building.

    Returns
    -------
    shapes
        (n,) valid, to the centimetre; what the others cover is gone.
    """
    left = np.array(shapes, dtype=object)
    if len(left) and len(others):
        touched = np.unique(shapely.STRtree(others).query(left, predicate="intersects")[0])
        gone = shapely.union_all(others, grid_size=_GRID_M)
        left[touched] = [_polygons(shapely.difference(shape, gone, grid_size=_GRID_M)) for shape in left[touched]]
    return left


def _inside(
    shapes: list[shapely.Geometry],
    owned: tuple[pd.Series[str], npt.NDArray[np.int64]],
    dwellings: gpd.GeoDataFrame,
    pand_id: pd.Series[str],
) -> npt.NDArray[np.int64]:
    """Tell the area of each dwelling from that of its pand; ``owned`` are the panden in one and its number."""
    pand, area = owned
    inside: npt.NDArray[np.int64] = np.append(area, -1)[positions(dwellings["pand_id"], pand)]
    # a dwelling without a known building goes by its point
    point, within = shapely.STRtree(shapes).query(dwellings.geometry.to_numpy(), predicate="within")
    loose = (inside[point] < 0) & ~is_among(dwellings["pand_id"].iloc[point], pand_id)
    inside[point[loose]] = within[loose]
    return inside


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    """Keep the surfaces of a shape; what differencing leaves of lines and points is nothing."""
    parts = shapely.get_parts(shapely.make_valid(shape))
    surfaces = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return surfaces[0] if len(surfaces) == 1 else shapely.multipolygons(surfaces)
