"""Which buildings share a wall, and how long it is, by comparing the edges of their outlines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]
    Geometries = npt.NDArray[np.object_]

_CHUNK: Final = 40_000
"""Pairs compared at a time; bounds the memory that the comparison takes."""


class Walls(NamedTuple):
    """
    Shared walls.

    Attributes
    ----------
    first, second
        Row positions of two buildings, `first` below `second`; each pair once, sorted.
    length
        Length of the wall they share in metres.
    """

    first: Ints
    second: Ints
    length: Floats


class _Edges(NamedTuple):
    """Edges of all outlines: begin and end (m, 2), and per building where its edges start and how many there are."""

    begin: Floats
    end: Floats
    start: Ints
    number: Ints


def shared_walls(buildings: Geometries, tolerance: float, minimum: float) -> Walls:
    """
    Measure the walls that buildings share.

    Two stretches of outline are one wall where they run side by side within `tolerance`. Only straight pieces are
    compared, as outlines of the BAG have no curves.

    Parameters
    ----------
    buildings
        Polygons or multipolygons in RD New.
    tolerance
        Greatest distance in metres between two sides of one wall.
    minimum
        Least length in metres from which two buildings count as attached.

    Returns
    -------
    walls
        Each attached pair once, in order of row.
    """
    tree = shapely.STRtree(buildings)
    first, second = tree.query(buildings, predicate="dwithin", distance=tolerance)
    once = first < second
    first, second = first[once], second[once]
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    edges = _edges(buildings)
    boxes = shapely.bounds(buildings)
    parts = [
        _lengths(edges, boxes, first[at : at + _CHUNK], second[at : at + _CHUNK], tolerance)
        for at in range(0, len(first), _CHUNK)
    ]
    length = np.concatenate([np.empty(0), *parts])
    attached = length >= minimum
    return Walls(first[attached], second[attached], length[attached])


def _edges(buildings: Geometries) -> _Edges:
    parts, owner = shapely.get_parts(buildings, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    joined = ring[1:] == ring[:-1]
    of_building = owner[part[ring[:-1][joined]]]
    count = np.bincount(of_building, minlength=len(buildings))
    return _Edges(points[:-1][joined], points[1:][joined], np.cumsum(count) - count, count)


def _near(edges: _Edges, boxes: Floats, buildings: Ints, others: Ints, tolerance: float) -> tuple[Ints, Ints]:
    """List (pair, edge of the building) for edges whose box touches the box of the pair's other building."""
    pair, edge = _spread(edges.start[buildings], edges.number[buildings])
    box = boxes[others[pair]]
    begin, end = edges.begin[edge], edges.end[edge]
    low, high = np.minimum(begin, end), np.maximum(begin, end)
    touches = ((high >= box[:, :2] - tolerance) & (low <= box[:, 2:] + tolerance)).all(axis=1)
    return pair[touches], edge[touches]


def _spread(start: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Write out runs: for row r the numbers start[r] … start[r] + count[r] - 1, with r beside them."""
    row = np.repeat(np.arange(len(start)), count)
    within = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    return row, start[row] + within


def _lengths(edges: _Edges, boxes: Floats, first: Ints, second: Ints, tolerance: float) -> Floats:
    """Length of the shared wall of each pair."""
    pair_a, edge_a = _near(edges, boxes, first, second, tolerance)
    pair_b, edge_b = _near(edges, boxes, second, first, tolerance)
    # each edge of the first against each edge of the second of the same pair
    many = np.bincount(pair_b, minlength=len(first))
    start = np.cumsum(many) - many
    row, position = _spread(start[pair_a], many[pair_a])
    overlap = _overlap(edges, edge_a[row], edge_b[position], tolerance)
    length: Floats = np.bincount(pair_a[row], weights=overlap, minlength=len(first)).astype("float64")
    return length


def _overlap(edges: _Edges, a: Ints, b: Ints, tolerance: float) -> Floats:
    """Length over which edge b runs along edge a: b is projected on a, and cut where it leaves a's ends."""
    origin, along = edges.begin[a], edges.end[a] - edges.begin[a]
    length = np.hypot(along[:, 0], along[:, 1])
    unit = along / np.where(length > 0, length, 1.0)[:, None]
    to_begin, to_end = edges.begin[b] - origin, edges.end[b] - origin
    t0 = (to_begin * unit).sum(axis=1)
    t1 = (to_end * unit).sum(axis=1)
    off0 = to_begin[:, 0] * unit[:, 1] - to_begin[:, 1] * unit[:, 0]
    off1 = to_end[:, 0] * unit[:, 1] - to_end[:, 1] * unit[:, 0]
    low = np.maximum(np.minimum(t0, t1), 0.0)
    high = np.minimum(np.maximum(t0, t1), length)
    run = t1 - t0
    slope = (off1 - off0) / np.where(np.abs(run) > 0, run, 1.0)
    beside = (np.abs(off0 + slope * (low - t0)) <= tolerance) & (np.abs(off0 + slope * (high - t0)) <= tolerance)
    return np.where(beside & (run != 0), np.maximum(high - low, 0.0), 0.0)
