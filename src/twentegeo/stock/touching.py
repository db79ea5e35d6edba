"""Which pand touches which parcel, and how much of it lies there: as few intersections as the answer takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]
    Geometries = npt.NDArray[np.object_]

MAJORITY: Final = 0.5 + 1e-9
"""Parcels do not overlap, so one that holds more than half of a pand has the largest part of it."""


class Pairs(NamedTuple):
    """
    Which pand touches which parcel.

    Attributes
    ----------
    pand, perceel
        Row positions in the two tables, sorted on pand.
    area
        Shared area in m², NaN where it was not needed for the largest overlap.
    """

    pand: Ints
    perceel: Ints
    area: Floats


NOTHING: Final = Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float64))
"""No pairs at all."""


def measured(buildings: Geometries, parcels: Geometries, tree: shapely.STRtree) -> Pairs:
    """
    List the pairs of some panden, with as many areas as it takes to know the largest.

    Parameters
    ----------
    buildings
        Footprints.
    parcels, tree
        All parcels that they may touch, and the tree over them.

    Returns
    -------
    pairs
        Sorted on pand, then on parcel.
    """
    inside = _covered(buildings, parcels, tree)
    left = np.flatnonzero(np.bincount(inside.pand, minlength=len(buildings)) == 0)
    across = _shared(buildings[left], parcels, tree)
    pand, perceel, area = (
        np.concatenate(part) for part in zip(inside, (left[across.pand], across.perceel, across.area), strict=True)
    )
    order = np.lexsort((perceel, pand))
    return Pairs(pand[order], perceel[order], area[order])


def _covered(buildings: Geometries, parcels: Geometries, tree: shapely.STRtree) -> Pairs:
    """List the panden that lie within one parcel: most of them, and the cheapest to tell."""
    pand, perceel = tree.query(buildings)
    middle = shapely.centroid(buildings)
    own, row = _own(parcels, perceel)
    holds = np.flatnonzero(shapely.intersects_xy(own[row], shapely.get_x(middle)[pand], shapely.get_y(middle)[pand]))
    holds = holds[shapely.covers(own[row[holds]], buildings[pand[holds]])]
    return Pairs(pand[holds], perceel[holds], shapely.area(buildings[pand[holds]]))


def _shared(buildings: Geometries, parcels: Geometries, tree: shapely.STRtree) -> Pairs:
    """List the touching pairs of panden that lie within no single parcel."""
    pand, perceel = tree.query(buildings, predicate="intersects")
    own, row = _own(parcels, perceel)
    size = shapely.area(buildings)
    area = np.full(len(pand), np.nan)
    middle = shapely.centroid(buildings)
    holds = shapely.intersects_xy(own[row], shapely.get_x(middle)[pand], shapely.get_y(middle)[pand])
    first = np.flatnonzero(holds)
    area[first] = shared_area(buildings[pand[first]], own[row[first]])
    settled = np.zeros(len(buildings), dtype=bool)
    settled[pand[np.nan_to_num(area) > MAJORITY * size[pand]]] = True
    rest = np.flatnonzero(np.isnan(area) & ~settled[pand])
    area[rest] = shared_area(buildings[pand[rest]], own[row[rest]])
    return Pairs(pand, perceel, area)


def _own(parcels: Geometries, rows: Ints) -> tuple[Geometries, Ints]:
    """
    Copy and prepare the parcels that one thread asks about.

    GEOS completes a prepared geometry when it is first asked something, without a lock: two threads that ask the
    same parcel crash the process. Copies make every prepared parcel the property of one thread.
    """
    asked, row = np.unique(rows, return_inverse=True)
    own: Geometries = shapely.force_2d(parcels[asked])
    shapely.prepare(own)
    return own, row


def shared_area(buildings: Geometries, parcels: Geometries) -> Floats:
    """
    Measure what a pand and a parcel share.

    Parameters
    ----------
    buildings, parcels
        Pair by pair.

    Returns
    -------
    shared
        m².
    """
    shared: Floats = shapely.area(shapely.intersection(buildings, parcels))
    return shared
