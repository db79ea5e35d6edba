"""Which boxes meet: enough to tell that two shapes cannot, and far cheaper than looking at the shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

_FEW: Final = 40
"""Up to as many boxes, comparing each with all others is the quickest."""

_CELLS: Final = 512
"""Cells along each side of the raster; a region of 60 km has cells of about 100 m."""


def meeting(boxes: Floats, others: Floats) -> Flags:
    """
    Tell which boxes meet one of some others.

    Parameters
    ----------
    boxes
        (n, 4) xmin, ymin, xmax, ymax. A box with NaN, of an empty shape, meets nothing.
    others
        (m, 4) likewise, in the same unit.

    Returns
    -------
    meeting
        (n,) booleans; touching is meeting.
    """
    others = others[~np.isnan(others).any(axis=1)]
    found = np.zeros(len(boxes), dtype=bool)
    if len(others) <= _FEW:
        west, south, east, north = np.ascontiguousarray(boxes.T)
        for xmin, ymin, xmax, ymax in others:
            found |= (east >= xmin) & (west <= xmax) & (north >= ymin) & (south <= ymax)
        return found
    # a tree over all boxes would take longer than all else: the raster leaves few of them
    near = np.flatnonzero(_may_meet(boxes, others))
    tree = shapely.STRtree(shapely.box(*others.T))
    found[near[tree.query(shapely.box(*boxes[near].T))[0]]] = True
    return found


def around(boxes: Floats) -> Floats:
    """
    Bound boxes together.

    Parameters
    ----------
    boxes
        (n, 4) as for :func:`meeting`.

    Returns
    -------
    extent
        (4,) xmin, ymin, xmax, ymax; NaN where there is no box.
    """
    known = boxes[~np.isnan(boxes[:, 0])]
    if not len(known):
        return np.full(4, np.nan)
    return np.concatenate([known[:, :2].min(axis=0), known[:, 2:].max(axis=0)])


def _may_meet(boxes: Floats, others: Floats) -> Flags:
    """Tell whose cells of a raster over the others hold a cell of one of these; all that meet one are among them."""
    corner = others[:, :2].min(axis=0)
    size = (others[:, 2:].max(axis=0) - corner) / _CELLS
    raster = np.tile(corner, 2)[:, None], np.tile(np.where(size > 0, size, 1.0), 2)[:, None]
    # how many of the others cover each cell, from where along both axes one begins and ends
    x0, y0, x1, y1 = _cells(others.T, *raster)
    edges = np.zeros((_CELLS + 1, _CELLS + 1), dtype=np.int32)
    for x, y, change in ((x0, y0, 1), (x1 + 1, y1 + 1, 1), (x0, y1 + 1, -1), (x1 + 1, y0, -1)):
        np.add.at(edges, (x, y), change)
    covered = edges.cumsum(axis=0).cumsum(axis=1)[:-1, :-1] > 0
    # how many cells to the south-west of each corner are covered, from which those in any box follow
    below = np.zeros_like(edges)
    below[1:, 1:] = covered.cumsum(axis=0).cumsum(axis=1)
    x0, y0, x1, y1 = _cells(boxes.T, *raster)
    held: Flags = below[x1 + 1, y1 + 1] - below[x0, y1 + 1] - below[x1 + 1, y0] + below[x0, y0] > 0
    return held


def _cells(sides: Floats, corner: Floats, size: Floats) -> npt.NDArray[np.int32]:
    """Give the first and last column and row of each box, (4, n); what lies beside the raster is at its edge."""
    at = np.floor((sides - corner) / size)
    # what has no place gets one: the tree finds out
    return np.fmin(np.fmax(at, 0), _CELLS - 1).astype(np.int32)
