"""The CBS grid of 100 by 100 metres in RD New: its codes, its squares, and which squares touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import scipy
import shapely

from twentegeo.crs import RD_NEW_TEXT

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

CELL_M = 100
"""Side of a CBS square, metres (CBS vierkantstatistieken; origin at multiples of 100)."""


def corners(cel_id: pd.Series[str]) -> tuple[npt.NDArray[np.integer], npt.NDArray[np.integer]]:
    """
    Read the position of a square from its code.

    Parameters
    ----------
    cel_id
        CBS codes such as ``E2545N4720``.

    Returns
    -------
    column, row
        South-west corner in units of 100 m.
    """
    return (
        cel_id.str.slice(1, 5).astype("int64").to_numpy(),
        cel_id.str.slice(6, 10).astype("int64").to_numpy(),
    )


def squares(cel_id: pd.Series[str]) -> gpd.GeoSeries:
    """
    Draw the squares.

    Parameters
    ----------
    cel_id
        CBS codes; any index.

    Returns
    -------
    squares
        Polygons in RD New with the index of `cel_id`.
    """
    column, row = corners(cel_id)
    west, south = column * CELL_M, row * CELL_M
    boxes = shapely.box(west, south, west + CELL_M, south + CELL_M)
    return gpd.GeoSeries(boxes, index=cel_id.index, crs=RD_NEW_TEXT)


def clusters(cel_id: pd.Series[str]) -> npt.NDArray[np.int64]:
    """
    Group the squares that touch, corners included.

    Parameters
    ----------
    cel_id
        CBS codes, at least one, no code twice.

    Returns
    -------
    cluster
        A number from 0 per square; the numbering follows the grid, not the order of the input.
    """
    column, row = corners(cel_id)
    grid = np.zeros((row.max() - row.min() + 1, column.max() - column.min() + 1), dtype=bool)
    grid[row - row.min(), column - column.min()] = True
    numbered, _ = scipy.ndimage.label(grid, structure=np.ones((3, 3), dtype=int))
    found: npt.NDArray[np.int64] = numbered[row - row.min(), column - column.min()].astype("int64") - 1
    return found
