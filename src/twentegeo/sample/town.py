"""
A neighbourhood of a town: bent streets, back-to-back plots, houses that touch where they should.

Streets are arcs around a pole far away (or the middle of the town, near the centre). Between two streets lie two
strips of plots with a footpath between their backs; a strip is cut into blocks of one kind of home. All of it is
worked out in polar coordinates, where neighbours share their corners exactly, and only then laid on the ground.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from twentegeo.sample.footprints import build_houses
from twentegeo.sample.kinds import BLOCKS, DETACHED, FLAT, INDUSTRY, ROW, SCHOOL, SEMI, SHOP, YEARS
from twentegeo.sample.streets import Columns, Frame, Neighbourhood, lay_plots

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


VERGE = 4.5
"""Half the width in metres of the main road at a neighbourhood's edge."""


@dataclass
class Built:
    """
    What stands on a cell.

    Attributes
    ----------
    plots
        Parcels with something on them, polygons.
    public
        The rest of the cell: streets, green, fields, water; polygons that tile it together with the plots.
    mains
        Columns, one value per main building: geometry, plot, kind, year, street, side, along, block, storeys,
        x, y (a point in it), dx, dy (from there to the middle of its right wall), floor (m² of footprint).
    sheds
        Columns, one value per outbuilding: geometry, main (row of mains).
    """

    plots: npt.NDArray[np.object_]
    public: npt.NDArray[np.object_]
    mains: Columns
    sheds: Columns


def build_neighbourhood(task: Neighbourhood, rng: np.random.Generator) -> Built:
    """
    Lay out and build one neighbourhood.

    Parameters
    ----------
    task
        What to build.
    rng
        Source of chance, of this neighbourhood alone.

    Returns
    -------
    built
        Plots, public ground and buildings; all within the ground, buildings within their plots.
    """
    if task.character == "park":
        return nothing(task.ground)
    inside = task.ground.buffer(-VERGE)
    if inside.is_empty:
        return nothing(task.ground)
    shapely.prepare(inside)
    frame = Frame(task, rng)
    plots = _character(task, lay_plots(task, frame, rng), rng)
    plots["whole"], shapes = _fit(frame, plots, inside)
    keep = np.array([shape is not None for shape in shapes])
    keep &= _within_limit(task, plots, frame.outline(plots), keep)
    plots, shapes = {name: column[keep] for name, column in plots.items()}, shapes[keep]
    if not len(shapes):
        return nothing(task.ground)
    mains, sheds = build_houses(frame, plots, rng)
    there = shapely.contains_properly(shapes[sheds["main"]], sheds["geometry"])
    sheds = {name: column[there] for name, column in sheds.items()}
    left = shapely.difference(task.ground, shapely.union_all(shapes))
    public = shapely.get_parts(left)
    return Built(shapes, public[shapely.area(public) > 0], mains, sheds)


def _fit(
    frame: Frame, plots: Columns, inside: shapely.Geometry
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.object_]]:
    """Keep plots that lie inside, and those that lose only a piece of garden to the road; None for the others."""
    shapes = shapely.polygons(frame.outline(plots))
    whole = shapely.contains_properly(inside, shapes)
    small = ~whole & np.isin(plots["kind"], (DETACHED, SEMI, ROW, SHOP))
    house = np.minimum(plots["setback"] + plots["depth"] + 0.6, frame.depth[plots["pair"]])
    cut = np.flatnonzero(small & shapely.contains_properly(inside, shapely.polygons(frame.outline(plots, house))))
    shapes[cut] = shapely.intersection(shapes[cut], inside, grid_size=0.001)
    cut = cut[shapely.get_type_id(shapes[cut]) == shapely.GeometryType.POLYGON]
    shapes[~whole & ~np.isin(np.arange(len(shapes)), cut)] = None
    return whole, shapes


def nothing(ground: shapely.Polygon) -> Built:
    """
    Leave a cell as it is.

    Parameters
    ----------
    ground
        Its polygon.

    Returns
    -------
    built
        One piece of public ground and no building.
    """
    return Built(np.empty(0, dtype=object), np.array([ground], dtype=object), {}, {})


def _within_limit(
    task: Neighbourhood, plots: Columns, corners: Floats, keep: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Keep the plots nearest to the middle of the place until the wanted number of dwellings is reached."""
    if not np.isfinite(task.limit):
        return np.ones(len(keep), dtype=bool)
    centre = np.array(task.ground.centroid.coords[0])
    toward = 0.5 * (np.array(task.middle) - centre)
    distance = np.hypot(*(corners.mean(axis=1) - centre - toward).T)
    distance[~keep] = np.inf
    weight = np.select([plots["kind"] == FLAT, plots["kind"] == SHOP, plots["kind"] == SCHOOL], [15.0, 1.2, 0.0], 1.0)
    order = np.argsort(distance, kind="stable")
    total = np.empty(len(order))
    total[order] = np.cumsum(np.where(keep, weight, 0)[order]) - np.where(keep, weight, 0)[order]
    return np.asarray(total < task.limit)


def _character(task: Neighbourhood, plots: Columns, rng: np.random.Generator) -> Columns:
    """Give each plot its construction year, setback, depth and storeys; alike within a block of row houses."""
    n = len(plots["kind"])
    low, high = YEARS[task.ring]
    top = int(plots["block"].max()) + 1
    mine = np.isin(plots["kind"], (DETACHED, SHOP, INDUSTRY, SCHOOL))
    drawn = np.where(mine, rng.random(n), rng.random(top)[plots["block"]])
    year = np.floor(low + drawn * (high + 1 - low)).astype(int)
    if task.character == "industry":
        year = rng.integers(1952, 2024, n)
    # here and there a later house on an old plot
    infill = mine & (rng.random(n) < 0.07)
    year[infill] = rng.integers(year[infill], 2027)
    measures = {
        name: np.array([getattr(BLOCKS.get(i, BLOCKS[ROW]), name) for i in range(8)]) for name in ("setback", "depth")
    }
    result = {**plots, "year": year}
    for name, table in measures.items():
        part = np.where(mine, rng.random(n), rng.random(top)[plots["block"]])
        bounds = table[plots["kind"]]
        result[name] = bounds[:, 0] + part * (bounds[:, 1] - bounds[:, 0])
    tall = np.select([(year >= 1965) & (year < 1978), year >= 2000], [9, 7], 4)
    flats = 3 + np.floor(rng.random(top)[plots["block"]] * (tall - 2)).astype(int)
    if task.urban < 0.35:
        flats = np.minimum(flats, 3)
    house = np.where((plots["kind"] == DETACHED) & (rng.random(n) < 0.35), 1, 2)
    result["storeys"] = np.select(
        [plots["kind"] == FLAT, plots["kind"] == SHOP, np.isin(plots["kind"], (INDUSTRY, SCHOOL))], [flats, 3, 1], house
    )
    return result
