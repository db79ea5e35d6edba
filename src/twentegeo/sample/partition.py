"""
The ground as one tiling of cells: neighbourhoods of towns, strips at their edge, marks of countryside.

A Voronoi diagram around jittered seeds, its edges bent, gives cells that share their borders vertex by vertex;
municipalities, places, CBS areas and parcels are all made from whole cells, so that each of them tiles the ground.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from twentegeo.sample.gazetteer import MUNICIPALITIES, OUTLINE, TWIN, TWIN_PARTNER, VILLAGES
from twentegeo.sample.seeds import bend, generator

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

TOWN_SPACING = 262.0
"""Metres between the seeds of neighbourhoods; a neighbourhood is about six hectares."""

DWELLINGS_PER_CELL = 161.0
"""Dwellings that an average neighbourhood yields; found by counting, and checked by a test of the totals."""

SMALLEST_VILLAGE = 14.0
"""A village with fewer dwellings at this scale is left out, and its dwellings go to the municipality's largest."""


def plan(seed: int, scale: float) -> pd.DataFrame:
    """
    Lay out the region.

    Parameters
    ----------
    seed, scale
        As for the whole sample.

    Returns
    -------
    cells
        One row per cell, in a fixed order: geometry (polygon, RD, millimetres), village (index of
        :data:`VILLAGES`, the nearest one of its municipality), gemeente (code), woonplaats (code), town (bool),
        rank (0 centre to 1 edge of its town, 0 in the country), dwellings (how many are wanted), x, y of its seed.
    """
    wanted = _dwellings(scale)
    towns = _town_seeds(wanted, seed)
    fringe, country = _country_seeds(towns, seed, scale)
    outside = np.vstack([fringe, country])
    seeds = pd.concat(
        [
            towns,
            pd.DataFrame({"x": outside[:, 0], "y": outside[:, 1], "fringe": np.arange(len(outside)) < len(fringe)}),
        ],
        ignore_index=True,
    )
    seeds["town"] = seeds["village"].notna()
    seeds["fringe"] = seeds["fringe"].fillna(value=False).astype(bool)
    seeds = _belong(seeds)
    polygons = _tiles(seeds[["x", "y"]].to_numpy(), seed)
    seeds["geometry"] = polygons
    seeds[["x", "y"]] = bend(seeds[["x", "y"]].to_numpy(), seed)
    seeds = seeds[seeds["geometry"].notna()].reset_index(drop=True)
    return _spread_countryside(seeds, scale)


def _dwellings(scale: float) -> Floats:
    """Dwellings wanted per village, those of villages too small at this scale moved to the largest one."""
    table = pd.DataFrame(VILLAGES)
    wanted = table["dwellings"].to_numpy(float) * scale
    small = (wanted < SMALLEST_VILLAGE) & (table["name"] != TWIN).to_numpy()
    main = table.groupby("gemeente")["dwellings"].transform("idxmax").to_numpy()
    small[np.unique(main)] = False
    np.add.at(wanted, main[small], wanted[small])
    wanted[small] = 0.0
    twin = int(np.flatnonzero(table["name"] == TWIN)[0])
    # both halves of the twin must hold enough for a cluster across the border
    wanted[twin] = max(wanted[twin], 90.0 if scale >= 0.01 else 36.0)
    return wanted


def _town_seeds(wanted: Floats, seed: int) -> pd.DataFrame:
    """Choose the seeds of each town from one jittered grid, the nearest first, small places before large ones."""
    rng = generator(seed, 2)
    x0, y0, x1, y1 = _outline().bounds
    step = np.array([TOWN_SPACING, TOWN_SPACING * np.sqrt(3) / 2])
    ix, iy = np.meshgrid(np.arange(int((x1 - x0) / step[0])), np.arange(int((y1 - y0) / step[1])))
    grid = np.column_stack([x0 + (ix.ravel() + 0.5 * (iy.ravel() % 2)) * step[0], y0 + iy.ravel() * step[1]])
    grid += rng.uniform(-0.26, 0.26, grid.shape) * TOWN_SPACING
    grid = grid[shapely.contains_xy(_outline().buffer(-400), grid[:, 0], grid[:, 1])]
    free = np.ones(len(grid), dtype=bool)
    parts = []
    for v in np.argsort(wanted, kind="stable"):
        if wanted[v] <= 0:
            continue
        village = VILLAGES[v]
        centre = np.array([village.x, village.y]) * 100.0
        offset = grid - centre
        distance = np.hypot(*offset.T)
        angle = np.arctan2(offset[:, 1], offset[:, 0])
        # towns grow along their roads: three to six lobes, stronger in small places
        phases = rng.uniform(0, 2 * np.pi, 2)
        lobes = rng.integers(2, 6, 2)
        shape = 1 + 0.16 * np.cos(lobes[0] * angle + phases[0]) + 0.10 * np.cos(lobes[1] * angle + phases[1])
        score = np.where(free, distance * shape, np.inf)
        need = wanted[v] / DWELLINGS_PER_CELL
        count = max(int(np.ceil(need)), 2 if village.name == TWIN else 1)
        chosen = np.argpartition(score, count)[:count]
        chosen = chosen[np.argsort(score[chosen], kind="stable")]
        free[chosen] = False
        share = np.full(count, wanted[v] / count)
        parts.append(
            pd.DataFrame(
                {
                    "x": grid[chosen, 0],
                    "y": grid[chosen, 1],
                    "village": float(v),
                    "rank": (np.arange(count) + 0.5) / count,
                    "dwellings": np.where(count > 2, np.inf, share),
                }
            )
        )
    towns = pd.concat(parts, ignore_index=True)
    towns.attrs["free"] = grid[free]
    return towns


def _country_seeds(towns: pd.DataFrame, seed: int, scale: float) -> tuple[Floats, Floats]:
    """Seeds of the strip around each town, and of the marks of the countryside, coarser in a smaller sample."""
    rng = generator(seed, 3)
    free = towns.attrs["free"]
    taken = shapely.STRtree(shapely.points(towns[["x", "y"]].to_numpy()))
    near = np.unique(taken.query(shapely.points(free), predicate="dwithin", distance=1.5 * TOWN_SPACING)[0])
    fringe = free[near]
    spacing = 1150.0 / max(scale, 1e-3) ** 0.27
    x0, y0, x1, y1 = _outline().bounds
    ix, iy = np.meshgrid(np.arange(-1, int((x1 - x0) / spacing) + 2), np.arange(-1, int((y1 - y0) / spacing) + 2))
    grid = np.column_stack([x0 + (ix.ravel() + 0.5 * (iy.ravel() % 2)) * spacing, y0 + iy.ravel() * spacing])
    grid += rng.uniform(-0.36, 0.36, grid.shape) * spacing
    grid = grid[shapely.contains_xy(_outline().buffer(-80), grid[:, 0], grid[:, 1])]
    built = shapely.STRtree(shapely.points(np.vstack([towns[["x", "y"]].to_numpy(), fringe])))
    close = np.unique(built.query(shapely.points(grid), predicate="dwithin", distance=0.55 * spacing)[0])
    return fringe, np.delete(grid, close, axis=0)


def _belong(seeds: pd.DataFrame) -> pd.DataFrame:
    """Give each seed its village, municipality and woonplaats; large towns reach further than small ones."""
    table = pd.DataFrame(VILLAGES)
    centres = table[["x", "y"]].to_numpy(float) * 100.0
    reach = np.sqrt(table["dwellings"].to_numpy(float) * 330.0 / np.pi)
    points = seeds[["x", "y"]].to_numpy()
    distance = np.hypot(points[:, None, 0] - centres[None, :, 0], points[:, None, 1] - centres[None, :, 1]) - reach
    village = np.where(seeds["town"], seeds["village"].fillna(0), distance.argmin(axis=1)).astype(int)
    seeds["village"] = village
    seeds["gemeente"] = table["gemeente"].to_numpy()[village]
    seeds["woonplaats"] = table["woonplaats"].to_numpy()[village]
    twin = int(np.flatnonzero(table["name"] == TWIN)[0])
    mine = village == twin
    built = mine & seeds["town"].to_numpy()
    # the border runs through the middle of what is built there
    middle = points[built].mean(axis=0)
    axis = points[built][-1] - points[built][0]
    axis = axis / np.hypot(*axis)
    if axis @ (np.array([2420.0, 4855.0]) * 100 - middle) < 0:
        axis = -axis
    south = mine & ((points - middle) @ axis > 0)
    seeds.loc[south, "gemeente"], seeds.loc[south, "woonplaats"] = TWIN_PARTNER
    seeds["rank"] = seeds["rank"].fillna(0.0)
    return seeds


def _tiles(points: Floats, seed: int) -> npt.NDArray[np.object_]:
    """Voronoi cells of the seeds inside the outline, with bent borders; None where a seed lost its cell."""
    outline = _outline()
    edges = shapely.voronoi_polygons(shapely.multipoints(points), extend_to=outline.buffer(5000), only_edges=True)
    inside = shapely.intersection(edges, outline)
    lines = shapely.union_all([inside, outline.exterior], grid_size=0.001)
    lines = shapely.segmentize(shapely.line_merge(lines), 42.0)
    bent = shapely.transform(lines, lambda xy: bend(xy, seed))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(bent)))
    seat = shapely.STRtree(faces).query(shapely.points(bend(points, seed)), predicate="intersects")
    tiles = np.full(len(points), None, dtype=object)
    tiles[seat[0][::-1]] = faces[seat[1][::-1]]
    return tiles


def _spread_countryside(cells: pd.DataFrame, scale: float) -> pd.DataFrame:
    """Divide each municipality's countryside dwellings over its country cells by area."""
    area = shapely.area(cells["geometry"].to_numpy())
    rural = ~cells["town"].to_numpy()
    total = pd.Series({m.code: m.rural * scale for m in MUNICIPALITIES})
    land = pd.Series(np.where(rural, area, 0.0)).groupby(cells["gemeente"].to_numpy()).sum()
    share = cells["gemeente"].map(total / land).to_numpy(float) * area
    cells["dwellings"] = np.where(rural, share, cells["dwellings"])
    return cells


def _outline() -> shapely.Polygon:
    return shapely.Polygon(np.array(OUTLINE, dtype=float) * 100.0)
