"""
What last night's overlap can still be used for: everything about panden that stayed, on ground that stayed.

The parcels of a pand depend on its own outline and on the parcels around it, so a night in which a few objects changed
measures those only. What is taken over is what would be measured again, to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from twentegeo.tables.keys import positions

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]
    Geometries = npt.NDArray[np.object_]

TABLES: Final = ("paren", "panden", "percelen")
BOUNDS: Final = ["minx", "miny", "maxx", "maxy"]


@dataclass(frozen=True, slots=True)
class Known:
    """
    What need not be measured.

    Attributes
    ----------
    settled
        Per pand, whether all its pairs are known.
    pand, perceel
        Row positions of the known pairs in tonight's tables.
    area, part
        Shared area in m² as needed for the largest overlap, and as needed for the built area; NaN where not needed.
    """

    settled: Flags
    pand: Ints
    perceel: Ints
    area: Floats
    part: Floats


def remember(
    pand: gpd.GeoDataFrame, perceel: gpd.GeoDataFrame, pairs: tuple[Ints, Ints, Floats], part: Floats
) -> dict[str, pd.DataFrame]:
    """
    Take down what the next night can use.

    Parameters
    ----------
    pand, perceel
        The tables that were laid over each other.
    pairs
        Row positions of pand and parcel, and shared area in m².
    part
        Shared area of the same pairs as far as it was measured for the built area; NaN elsewhere.

    Returns
    -------
    memory
        The tables :data:`TABLES`.
    """
    rows, columns, area = pairs
    outlines = perceel.geometry.to_numpy()
    return {
        "paren": pd.DataFrame(
            {
                "pand_id": pand["pand_id"].array[rows],
                "perceel_id": perceel["perceel_id"].array[columns],
                "area": area,
                "part": part,
            }
        ),
        "panden": pd.DataFrame({"pand_id": pand["pand_id"].array, "print": prints(pand.geometry.to_numpy())}),
        "percelen": pd.DataFrame(shapely.bounds(outlines), columns=BOUNDS).assign(
            perceel_id=perceel["perceel_id"].array, print=prints(outlines)
        ),
    }


def known(memory: Mapping[str, pd.DataFrame] | None, pand: gpd.GeoDataFrame, perceel: gpd.GeoDataFrame) -> Known | None:
    """
    Find out what still holds.

    Parameters
    ----------
    memory
        What :func:`remember` gave in an earlier night, or None.
    pand, perceel
        Tonight's tables.

    Returns
    -------
    known
        None where there is no memory, or where parcels cannot be told apart by their id.
    """
    if memory is None or not perceel["perceel_id"].is_unique or not memory["percelen"]["perceel_id"].is_unique:
        return None
    outlines, ground = pand.geometry.to_numpy(), perceel.geometry.to_numpy()
    same_pand, _ = _same(memory["panden"], "pand_id", pand["pand_id"], prints(outlines))
    same_ground, gone = _same(memory["percelen"], "perceel_id", perceel["perceel_id"], prints(ground))
    # ground that is new, other or gone: whatever lies there is measured again
    moved = np.concatenate([shapely.bounds(ground[~same_ground]), memory["percelen"].loc[gone, BOUNDS].to_numpy()])
    settled = same_pand
    if len(moved):
        touched = np.unique(shapely.STRtree(outlines).query(shapely.box(*moved.T))[1])
        settled[touched] = False
    paren = memory["paren"]
    row = positions(paren["pand_id"], pand["pand_id"])
    good = row >= 0
    good[good] = settled[row[good]]
    column = positions(paren["perceel_id"][good], perceel["perceel_id"])
    return Known(
        settled,
        row[good],
        column,
        paren["area"].to_numpy(dtype="float64")[good],
        paren["part"].to_numpy(dtype="float64")[good],
    )


def prints(shapes: Geometries) -> Ints:
    """
    Take a print of each outline.

    Parameters
    ----------
    shapes
        Polygons and multipolygons; a third dimension does not count.

    Returns
    -------
    prints
        64 bits each: equal for equal coordinates in equal order, and different otherwise but for one in 10^19. Which
        ring of a multipolygon is a hole does not count; as valid outlines the same coordinates leave no choice.
    """
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    count = np.bincount(owner, minlength=len(shapes))
    turn = np.arange(len(points)) - (np.cumsum(count) - count)[owner]
    x, y = (np.ascontiguousarray(points[:, axis]).view("uint64") for axis in (0, 1))
    with np.errstate(over="ignore"):
        mixed = _mix(x + _mix(y + _mix(turn.astype("uint64"))))
        total = np.zeros(len(shapes), dtype="uint64")
        starts = (np.cumsum(count) - count)[count > 0]
        if len(starts):
            total[count > 0] = np.add.reduceat(mixed, starts)
        rings = shapely.get_num_geometries(shapes).astype("uint64") << np.uint64(32)
        rings += np.maximum(shapely.get_num_interior_rings(shapes), 0).astype("uint64")
        rings += shapely.get_type_id(shapes).astype("uint64") << np.uint64(56)
        return np.asarray(_mix(total + rings).view("int64"))


def _mix(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Spread the bits of whole numbers (the finaliser of splitmix64, Steele, Lea and Flood 2014)."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _same(before: pd.DataFrame, key: str, ids: pd.Series[str], now: Ints) -> tuple[Flags, Flags]:
    """Tell which of tonight's objects are what they were, and which of before are gone or other."""
    row = positions(ids, before[key])
    there = row >= 0
    same = np.zeros(len(ids), dtype=bool)
    same[there] = before["print"].to_numpy()[row[there]] == now[there]
    gone = np.ones(len(before), dtype=bool)
    gone[row[same]] = False
    return same, gone
