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

from twentegeo.tables.boxes import meeting
from twentegeo.tables.keys import unique

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from twentegeo.stock.surveyed import Surveyed
    from twentegeo.stock.touching import Pairs

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

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


def remember(pand: Surveyed, perceel: Surveyed, pairs: Pairs, part: Floats) -> dict[str, pd.DataFrame]:
    """
    Take down what the next night can use.

    Parameters
    ----------
    pand, perceel
        What was laid over each other.
    pairs
        All touching pairs.
    part
        Shared area of the same pairs in m² as far as it was measured for the built area; NaN elsewhere.

    Returns
    -------
    memory
        The tables :data:`TABLES`; ``paren`` names panden and parcels by their row in the two others.
    """
    rows, columns, area = pairs
    return {
        "paren": pd.DataFrame({"pand": rows, "perceel": columns, "area": area, "part": part}),
        "panden": pand.table(),
        "percelen": perceel.table().assign(**dict(zip(BOUNDS, perceel.bounds.T, strict=True))),
    }


def known(memory: Mapping[str, pd.DataFrame] | None, pand: Surveyed, perceel: Surveyed) -> Known | None:
    """
    Find out what still holds.

    Parameters
    ----------
    memory
        What :func:`remember` gave in an earlier night, or None.
    pand, perceel
        Tonight's, surveyed with the tables ``panden`` and ``percelen`` of that memory.

    Returns
    -------
    known
        None where there is no memory, or where parcels cannot be told apart by their id.
    """
    if memory is None or not all(unique(table, (perceel.key,)) for table in (perceel.mapped.rows, memory["percelen"])):
        return None
    panden, percelen = _now_at(pand, memory["panden"]), _now_at(perceel, memory["percelen"])
    # ground that is new, other or gone: whatever lies there is measured again
    gone = memory["percelen"].loc[percelen < 0, BOUNDS].to_numpy()
    moved = np.concatenate([perceel.bounds[perceel.was < 0], gone])
    settled = (pand.was >= 0) & ~meeting(pand.bounds, moved)
    paren = memory["paren"]
    row = panden[paren["pand"].to_numpy()]
    good = np.flatnonzero(row >= 0)
    good = good[settled[row[good]]]
    return Known(
        settled,
        row[good],
        percelen[paren["perceel"].to_numpy()[good]],
        paren["area"].to_numpy()[good],
        paren["part"].to_numpy()[good],
    )


def _now_at(objects: Surveyed, before: pd.DataFrame) -> Ints:
    """Give tonight's row of each object of an earlier night; -1 where it is gone or has another outline."""
    at = np.full(len(before), -1)
    stayed = np.flatnonzero(objects.was >= 0)
    at[objects.was[stayed]] = stayed
    return at
