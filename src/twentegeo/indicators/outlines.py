"""
What follows from the outlines of buildings alone: area, perimeter, sides, and the walls that they share.

An outline that stayed as it was is not even decoded: what was measured of it in an earlier night still holds, and so do
the walls between two buildings that both stayed.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from twentegeo.indicators.party_walls import Walls, shared_walls
from twentegeo.tables.boxes import meeting
from twentegeo.tables.keys import positions
from twentegeo.tables.numbers import number_positions
from twentegeo.tables.wkb import prints

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    import pyarrow as pa

    from twentegeo.tables.shapes import Mapped

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]
    Geometries = npt.NDArray[np.object_]

MEASURES: Final = ["oppervlakte_m2", "omtrek_m", "kort_m", "lang_m"]
RULES: Final = ["muur_tolerantie_m", "muur_minimum_m"]

_THREADS: Final = 2
_CORNERS: Final = 4
_WORTHWHILE: Final = 0.5
"""Where a smaller share of the outlines stayed, all walls are measured: looking up neighbours would cost as much."""


@dataclass(frozen=True)
class Outlines:
    """
    Buildings with dwellings as far as their outlines tell.

    Attributes
    ----------
    panden
        ``pand_id``, ``n_woningen``, ``bouwjaar`` and the columns of :func:`measured`; sorted on ``pand_id``.
    walls
        Walls that they share; positions are rows of `panden`.
    """

    panden: pd.DataFrame
    walls: Walls

    @classmethod
    def read(cls, panden: pd.DataFrame, muren: pd.DataFrame) -> Outlines:
        """Take up what :meth:`tables` gave."""
        first, second = (positions(muren[name], panden["pand_id"]) for name in ("pand_id", "buur_id"))
        return cls(panden, Walls(first, second, muren["lengte_m"].to_numpy(dtype="float64")))

    def tables(self) -> dict[str, pd.DataFrame]:
        """Write it as tables: ``omtrek``, and ``muren`` with ``pand_id``, ``buur_id`` and ``lengte_m``."""
        ids = self.panden["pand_id"].array
        pairs = {"pand_id": ids[self.walls.first], "buur_id": ids[self.walls.second], "lengte_m": self.walls.length}
        return {"omtrek": self.panden, "muren": pd.DataFrame(pairs)}


def outlines_of(
    panden: Mapped, tolerance: float, minimum: float, before: Mapping[str, pd.DataFrame] | None = None
) -> Outlines:
    """
    Measure the buildings that hold dwellings.

    Parameters
    ----------
    panden
        Standing panden with ``pand_id``, ``n_woningen`` and ``bouwjaar``, in any order; those without a dwelling are
        left out.
    tolerance, minimum
        Of the walls in metres; see :func:`twentegeo.indicators.party_walls.shared_walls`.
    before
        ``omtrek`` and ``muren`` of an earlier night, and ``regels`` of :func:`rules`; None measures everything. What is
        given changes the work and not the answer.

    Returns
    -------
    outlines
        Of each pand with a dwelling.
    """
    lived_in = panden.where(panden.rows["n_woningen"].fillna(0).to_numpy(dtype="int64") > 0)
    lived_in = lived_in.sorted_on("pand_id")
    known = measured(lived_in.wkb, before["omtrek"] if before else None)
    rows = lived_in.rows[["pand_id", "n_woningen", "bouwjaar"]].join(known)
    if before is None or not rules(tolerance, minimum).equals(before["regels"]):
        return Outlines(rows, _walls(lived_in, np.arange(len(rows)), tolerance, minimum))
    return Outlines(rows, _renewed(lived_in, rows, before, (tolerance, minimum)))


def rules(tolerance: float, minimum: float) -> pd.DataFrame:
    """Write down by which rules walls were measured, in metres: by others they are others."""
    return pd.DataFrame([[float(tolerance), float(minimum)]], columns=RULES)


def measured(wkb: pa.Array, before: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Measure outlines.

    Parameters
    ----------
    wkb
        (n,) polygons or multipolygons in RD New, little-endian.
    before
        What this gave for other outlines; rows with the same ``print`` are taken over.

    Returns
    -------
    measures
        Index 0 to n - 1: ``print``, ``oppervlakte_m2``, ``omtrek_m``, and ``kort_m`` and ``lang_m``, the sides of the
        smallest rectangle around it; both 0 for what has no width.
    """
    marks = prints(wkb)
    table = pd.DataFrame({"print": marks, **dict.fromkeys(MEASURES, np.nan)})
    at = np.full(len(marks), -1) if before is None else number_positions(marks, before["print"].to_numpy())
    values = np.full((len(marks), len(MEASURES)), np.nan)
    if before is not None:
        values[at >= 0] = before[MEASURES].to_numpy(dtype="float64")[at[at >= 0]]
    new = np.flatnonzero(at < 0)
    shapes = _decoded(wkb, new)
    values[new] = np.column_stack([shapely.area(shapes), shapely.length(shapes), *_sides(shapes)])
    table[MEASURES] = values
    return table


def _decoded(wkb: pa.Array, rows: npt.NDArray[np.int64]) -> Geometries:
    shapes: Geometries = np.asarray(shapely.from_wkb(wkb.take(rows).to_numpy(zero_copy_only=False)), dtype=object)
    return shapes


def _sides(shapes: Geometries) -> tuple[Floats, Floats]:
    """Short and long side in metres of the smallest rectangle around each shape."""
    # GEOS lets go of the interpreter while it computes
    with ThreadPoolExecutor(_THREADS) as pool:
        boxes = np.concatenate(list(pool.map(shapely.oriented_envelope, np.array_split(shapes, _THREADS))))
    xy, owner = shapely.get_coordinates(boxes, return_index=True)
    count = np.bincount(owner, minlength=len(shapes))
    # what has no width collapses to a line of two corners
    flat = count < _CORNERS
    first = np.where(flat, 0, np.cumsum(count) - count)
    if not len(xy):
        return np.zeros(len(shapes)), np.zeros(len(shapes))
    one = np.where(flat, 0.0, np.hypot(*(xy[first + 1] - xy[first]).T))
    two = np.where(flat, 0.0, np.hypot(*(xy[first + 2] - xy[first + 1]).T))
    return np.minimum(one, two), np.maximum(one, two)


def _walls(panden: Mapped, rows: npt.NDArray[np.int64], tolerance: float, minimum: float) -> Walls:
    """Measure the walls among some rows, ascending."""
    found = shared_walls(_decoded(panden.wkb, rows), tolerance, minimum)
    return Walls(rows[found.first], rows[found.second], found.length)


def _renewed(panden: Mapped, rows: pd.DataFrame, before: Mapping[str, pd.DataFrame], by: tuple[float, float]) -> Walls:
    """Take over walls between buildings that both stayed, and measure those of the others."""
    was = positions(rows["pand_id"], before["omtrek"]["pand_id"])
    stayed = was >= 0
    stayed[stayed] = before["omtrek"]["print"].to_numpy()[was[stayed]] == rows["print"].to_numpy()[stayed]
    if stayed.sum() <= _WORTHWHILE * len(stayed):
        return _walls(panden, np.arange(len(rows)), *by)
    new = _walls(panden, np.flatnonzero(~stayed | _near(panden.bounds, ~stayed, by[0])), *by)
    fresh = ~(stayed[new.first] & stayed[new.second])
    old = Outlines.read(rows, before["muren"]).walls
    holds = (old.first >= 0) & (old.second >= 0) & stayed[old.first] & stayed[old.second]
    first, second, length = (np.concatenate([kept[holds], made[fresh]]) for kept, made in zip(old, new, strict=True))
    order = np.lexsort((second, first))
    return Walls(first[order], second[order], length[order])


def _near(bounds: Floats, those: Flags, distance: float) -> Flags:
    """Tell whose box lies within a distance of the box of one of those."""
    return meeting(bounds, bounds[those] + np.array([-distance, -distance, distance, distance]))
