"""
The same area keeps its name from release to release.

An area is the same as one of the previous release when they share at least half of what they cover together
(intersection over union); what was split, merged, new or gone is written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from pydantic import Field

from twentegeo.tables.contract import conform, empty
from twentegeo.tables.hotspots import GEBIED_HERKOMST
from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt


class IdentityParams(Parameters):
    """What steers the recognition of areas."""

    min_iou: float = Field(
        default=0.5,
        ge=0.5,
        le=1,
        description=(
            "Overlap gedeeld door vereniging vanaf waar een gebied hetzelfde is (aandeel); boven de helft kan een"
            " gebied maar een opvolger hebben."
        ),
    )
    min_deel: float = Field(
        default=0.2,
        gt=0,
        le=1,
        description=(
            "Deel van het kleinste van twee gebieden dat zij ten minste delen om familie te heten (aandeel); minder is"
            " een rand die verschoof."
        ),
    )


@dataclass(frozen=True)
class Identified:
    """
    Ids of the areas, and where they come from.

    Attributes
    ----------
    gebied_id
        Index of the areas as given.
    herkomst
        A table that keeps to ``GEBIED_HERKOMST``.
    """

    gebied_id: pd.Series[str]
    herkomst: pd.DataFrame


def identify(
    areas: gpd.GeoDataFrame, anchor: pd.Series[str], previous: gpd.GeoDataFrame, parameters: IdentityParams
) -> Identified:
    """
    Give every area an id: the previous one where it is the same area, a new one else.

    Parameters
    ----------
    areas
        Polygons in RD New.
    anchor
        Index of `areas`: ``cel_id`` of the cell that holds most of its dwellings; a new area is named after it.
    previous
        Areas of the previous release: ``gebied_id`` and polygons in RD New; no rows at the first release.
    parameters
        What counts as the same.

    Returns
    -------
    identified
        Ids, unique, and the history. The order of either table plays no part, and an id of the previous release is
        never given to another area.
    """
    old_ids = previous["gebied_id"].to_numpy(dtype="str")
    pairs = _pairs(areas.geometry.to_numpy(), previous.geometry.to_numpy(), parameters)
    pairs["old_id"] = old_ids[pairs["old"]]
    pairs["x"] = shapely.bounds(areas.geometry.to_numpy())[pairs["new"], 0]
    same = pairs[pairs["iou"] >= parameters.min_iou].sort_values(["iou", "old_id", "x"], ascending=[False, True, True])
    same = same[~same["new"].duplicated() & ~same["old"].duplicated()]
    given = pd.Series(pd.NA, index=range(len(areas)), dtype="str")
    given.loc[same["new"]] = same["old_id"].to_numpy()
    fresh = given.isna().to_numpy()
    given[fresh] = _new_ids(anchor.to_numpy(dtype="str")[fresh], set(old_ids))
    herkomst = _history(pairs, given.to_numpy(dtype="str"), old_ids, parameters)
    return Identified(pd.Series(given.to_numpy(), index=areas.index, name="gebied_id", dtype="str"), herkomst)


def _pairs(new: npt.NDArray[np.object_], old: npt.NDArray[np.object_], parameters: IdentityParams) -> pd.DataFrame:
    """Pairs of areas that share a considerable part: positions, iou and the part of each that is shared."""
    if not len(new) or not len(old):
        return pd.DataFrame({"new": [], "old": [], "iou": []}).astype({"new": "int64", "old": "int64"})
    there, here = shapely.STRtree(old).query(new, predicate="intersects")[::-1]
    shared = shapely.area(shapely.intersection(new[here], old[there]))
    size_new, size_old = shapely.area(new[here]), shapely.area(old[there])
    # areas of a shared shape are rounded apart: 1.0000000000000002 is the same area
    pairs = pd.DataFrame({"new": here, "old": there, "iou": np.minimum(shared / (size_new + size_old - shared), 1)})
    kept = shared / np.minimum(size_new, size_old) >= parameters.min_deel
    family: pd.DataFrame = pairs[kept].reset_index(drop=True)
    return family


def _new_ids(anchor: npt.NDArray[np.str_], taken: set[str]) -> list[str]:
    """Name after the cell with most dwellings; a letter is added where that name was given before."""
    ids: list[str] = []
    for cell in anchor.tolist():
        names = (f"PG-{cell}{suffix}" for suffix in ("", *(f"-{number}" for number in range(2, 1000))))
        chosen = next(name for name in names if name not in taken)
        taken.add(chosen)
        ids.append(chosen)
    return ids


def _history(
    pairs: pd.DataFrame, given: npt.NDArray[np.str_], old_ids: npt.NDArray[np.str_], parameters: IdentityParams
) -> pd.DataFrame:
    heirs = pairs.groupby("old")["new"].transform("size")
    parents = pairs.groupby("new")["old"].transform("size")
    new_id = pd.Series(given[pairs["new"]], index=pairs.index)
    kind = np.select(
        [
            (heirs > 1) & (parents > 1),
            heirs > 1,
            parents > 1,
            (pairs["iou"] >= parameters.min_iou) & (new_id == pairs["old_id"]),
        ],
        ["herschikt", "gesplitst", "samengevoegd", "voortgezet"],
        "vervangen",
    )
    known = pd.DataFrame(
        {"gebied_id": new_id, "vorige_gebied_id": pairs["old_id"], "relatie": kind, "iou": pairs["iou"]}
    )
    orphans = np.setdiff1d(np.arange(len(given)), pairs["new"])
    ends = np.setdiff1d(np.arange(len(old_ids)), pairs["old"])
    rows = [
        known,
        pd.DataFrame({"gebied_id": given[orphans], "vorige_gebied_id": None, "relatie": "nieuw", "iou": 0.0}),
        pd.DataFrame({"gebied_id": None, "vorige_gebied_id": old_ids[ends], "relatie": "vervallen", "iou": 0.0}),
    ]
    filled = [part.astype({"gebied_id": "str", "vorige_gebied_id": "str"}) for part in rows if len(part)]
    if not filled:
        return empty(GEBIED_HERKOMST)
    together = pd.concat(filled, ignore_index=True).sort_values(["gebied_id", "vorige_gebied_id"])
    return conform(GEBIED_HERKOMST, together)
