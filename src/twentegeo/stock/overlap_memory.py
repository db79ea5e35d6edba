"""
What last night's overlap can still be used for: everything about panden that stayed, on ground that stayed.

The parcels of a pand depend on its own outline and on the parcels around it, so a night in which a few objects changed
measures those only. What is taken over is what would be measured again, to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd
import shapely

from twentegeo.tables.keys import positions, unique

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

TABLES: Final = ("paren", "panden", "percelen")
BOUNDS: Final = ["minx", "miny", "maxx", "maxy"]


class Prints(NamedTuple):
    """Of the outlines of the panden and of the parcels, in order of row; see :func:`twentegeo.tables.shapes.prints`."""

    pand: Ints
    perceel: Ints


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
    pand: gpd.GeoDataFrame,
    perceel: gpd.GeoDataFrame,
    marks: Prints,
    pairs: tuple[Ints, Ints, Floats],
    part: Floats,
) -> dict[str, pd.DataFrame]:
    """
    Take down what the next night can use.

    Parameters
    ----------
    pand, perceel
        The tables that were laid over each other.
    marks
        Of their outlines.
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
    return {
        "paren": pd.DataFrame(
            {
                "pand_id": pand["pand_id"].array[rows],
                "perceel_id": perceel["perceel_id"].array[columns],
                "area": area,
                "part": part,
            }
        ),
        "panden": pd.DataFrame({"pand_id": pand["pand_id"].array, "print": marks.pand}),
        "percelen": pd.DataFrame(shapely.bounds(perceel.geometry.to_numpy()), columns=BOUNDS).assign(
            perceel_id=perceel["perceel_id"].array, print=marks.perceel
        ),
    }


def known(
    memory: Mapping[str, pd.DataFrame] | None, pand: gpd.GeoDataFrame, perceel: gpd.GeoDataFrame, marks: Prints
) -> Known | None:
    """
    Find out what still holds.

    Parameters
    ----------
    memory
        What :func:`remember` gave in an earlier night, or None.
    pand, perceel
        Tonight's tables.
    marks
        Of their outlines.

    Returns
    -------
    known
        None where there is no memory, or where parcels cannot be told apart by their id.
    """
    if memory is None or not all(unique(table, ("perceel_id",)) for table in (perceel, memory["percelen"])):
        return None
    outlines, ground = pand.geometry.to_numpy(), perceel.geometry.to_numpy()
    same_pand, _ = _same(memory["panden"], "pand_id", pand["pand_id"], marks.pand)
    same_ground, gone = _same(memory["percelen"], "perceel_id", perceel["perceel_id"], marks.perceel)
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


def _same(before: pd.DataFrame, key: str, ids: pd.Series[str], now: Ints) -> tuple[Flags, Flags]:
    """Tell which of tonight's objects are what they were, and which of before are gone or other."""
    row = positions(ids, before[key])
    there = row >= 0
    same = np.zeros(len(ids), dtype=bool)
    same[there] = before["print"].to_numpy()[row[there]] == now[there]
    gone = np.ones(len(before), dtype=bool)
    gone[row[same]] = False
    return same, gone
