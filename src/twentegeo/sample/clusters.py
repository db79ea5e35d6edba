"""Planted clusters of poor homes: where they lie, so that a method can be held to finding them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from twentegeo.sample.gazetteer import TWIN, VILLAGES
from twentegeo.sample.kinds import FLAT, INDUSTRY
from twentegeo.sample.seeds import generator
from twentegeo.sample.settle import Region

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

BUILT = (1946, 1963)
"""First and last construction year of homes in a cluster, where they were newer than that."""


@dataclass(frozen=True)
class Cluster:
    """A planted cluster: its number, name and circle (centre and radius in metres RD)."""

    number: int
    name: str
    x: float
    y: float
    radius: float


def nothing_planted(region: Region) -> tuple[Region, list[Cluster]]:
    """
    Leave the region as it is, for a sample in which no method may find anything.

    Parameters
    ----------
    region
        The settled ground.

    Returns
    -------
    region, clusters
        The same, ``mains`` with a column ``cluster`` that is -1 everywhere; no clusters.
    """
    mains = region.mains
    year = mains["year"].to_numpy().copy()
    _newest(mains, year, np.zeros(len(mains), dtype=bool))
    return Region(region.cells, region.parcels, mains.assign(year=year, cluster=-1), region.sheds), []


def plant(region: Region, seed: int, scale: float) -> tuple[Region, list[Cluster]]:
    """
    Choose places for the clusters and make their homes old.

    Parameters
    ----------
    region
        The settled ground.
    seed, scale
        As for the whole sample. A smaller sample has smaller clusters.

    Returns
    -------
    region
        The same, ``mains`` with a column ``cluster`` (-1 outside) and older years inside.
    clusters
        The first lies across a municipal border.
    """
    rng = generator(seed, 7)
    mains = region.mains
    radius = 150.0 * min(max(scale, 0.001), 1.0) ** 0.1
    xy = mains[["x", "y"]].to_numpy()
    crossing, gap = _across_border(region)
    spots = [crossing]
    spots += _inside_towns(region, rng, 6 if scale < 0.2 else 11, 2.6 * radius, spots[0])
    clusters = [
        Cluster(i, name, round(x, 1), round(y, 1), round(max(1.5 * radius, gap / 2 + 70) if i == 0 else radius, 1))
        for i, (name, x, y) in enumerate(spots)
    ]
    member = np.full(len(mains), -1)
    for c in clusters:
        near = np.hypot(xy[:, 0] - c.x, xy[:, 1] - c.y) <= c.radius
        member[near & (mains["kind"].to_numpy() < INDUSTRY)] = c.number
    inside = member >= 0
    year = mains["year"].to_numpy().copy()
    blocks = rng.integers(BUILT[0], BUILT[1] + 1, int(mains["block"].max()) + 1)[mains["block"]]
    newer = inside & (year > BUILT[1])
    year[newer] = blocks[newer]
    _newest(mains, year, inside)
    return Region(region.cells, region.parcels, mains.assign(year=year, cluster=member), region.sheds), clusters


def _newest(mains: pd.DataFrame, year: npt.NDArray[np.int64], inside: npt.NDArray[np.bool_]) -> None:
    """Let the six newest rows of homes be of these years, so that even a small sample is building somewhere."""
    rows = np.flatnonzero((mains["kind"].to_numpy() < FLAT) & ~inside)
    blocks = pd.Series(year[rows], index=mains["block"].to_numpy()[rows]).groupby(level=0).agg(["max", "size"])
    chosen = blocks[blocks["size"].between(3, 9)].sort_values("max", kind="stable").index[-6:]
    mine = rows[np.isin(mains["block"].to_numpy()[rows], chosen)]
    year[mine] = np.maximum(year[mine], 2025)


def _across_border(region: Region) -> tuple[tuple[str, float, float], float]:
    """Find the place in the twin village from which both sides are nearest, and how far they are apart."""
    cells = region.cells
    twin = [v.name for v in VILLAGES].index(TWIN)
    mine = cells.index[(cells["village"] == twin) & cells["town"]]
    homes = region.mains[region.mains["cell"].isin(mine)]
    side = cells["gemeente"].to_numpy()[homes["cell"]]
    xy = homes[["x", "y"]].to_numpy()
    first = side == side[0]
    a, b = xy[first], xy[~first]
    gap = np.hypot(a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1])
    i, j = np.unravel_index(gap.argmin(), gap.shape)
    middle = (a[i] + b[j]) / 2
    return (TWIN, float(middle[0]), float(middle[1])), float(gap[i, j])


def _inside_towns(
    region: Region, rng: np.random.Generator, count: int, apart: float, first: tuple[str, float, float]
) -> list[tuple[str, float, float]]:
    """Neighbourhoods from before 1975 with enough homes, spread over towns and well apart."""
    cells = region.cells
    homes = region.mains.groupby("cell").agg(n=("x", "size"), x=("x", "mean"), y=("y", "mean"))
    homes["village"] = cells["village"].to_numpy()[homes.index]
    old = cells["town"] & (cells["character"] == "woon") & cells["ring"].isin([1, 2, 3])
    homes = homes[old.to_numpy()[homes.index]]
    homes = homes.assign(draw=rng.random(len(homes)))
    homes = homes.sort_values(["n", "draw"], ascending=False).head(max(count * 12, len(homes) // 2))
    # a town's first neighbourhood before any town's second
    homes["turn"] = homes.sort_values("draw").groupby("village").cumcount()
    spots = [first]
    homes = homes.sort_values(["turn", "draw"])
    for x, y, village in zip(homes["x"].tolist(), homes["y"].tolist(), homes["village"].tolist(), strict=True):
        if len(spots) > count:
            break
        if all(np.hypot(x - a, y - b) > apart for _, a, b in spots):
            spots.append((VILLAGES[village].name, x, y))
    return spots[1:]


def outlines(clusters: list[Cluster], points: pd.DataFrame) -> list[shapely.Polygon]:
    """
    Draw the clusters around their homes.

    Parameters
    ----------
    clusters
        As planted.
    points
        Homes: x, y, cluster.

    Returns
    -------
    polygons
        Convex hull of each cluster's homes, 15 m wider.
    """
    result = []
    for c in clusters:
        mine = points[points["cluster"] == c.number]
        hull = shapely.convex_hull(shapely.multipoints(mine[["x", "y"]].to_numpy()))
        result.append(shapely.set_precision(shapely.buffer(hull, 15.0, quad_segs=4), 0.1))
    return result
