"""Fill every cell of the plan and gather what was built into one made-up region."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from twentegeo.sample.countryside import Mark, build_countryside
from twentegeo.sample.gazetteer import TWIN, VILLAGES
from twentegeo.sample.kinds import RING_LIMITS
from twentegeo.sample.seeds import generator
from twentegeo.sample.streets import Neighbourhood
from twentegeo.sample.town import Built, build_neighbourhood, nothing

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from twentegeo.sample.streets import Columns

MANY = 900
"""From this many cells on, a second process helps more than it costs."""


@dataclass(frozen=True)
class Region:
    """
    The made-up ground and everything on it.

    Attributes
    ----------
    cells
        As :func:`twentegeo.sample.partition.plan` gives, with character and ring; index = cell.
    parcels
        geometry, cell, built (bool); they tile the ground.
    mains
        One row per main building; plot and block count through the region, cell tells where.
    sheds
        geometry, main, cell.
    """

    cells: pd.DataFrame
    parcels: pd.DataFrame
    mains: pd.DataFrame
    sheds: pd.DataFrame


def settle(cells: pd.DataFrame, seed: int, scale: float) -> Region:
    """
    Build up the whole plan.

    Parameters
    ----------
    cells
        The plan.
    seed, scale
        As for the whole sample; each cell has its own source of chance, so that the order of work does not matter.

    Returns
    -------
    region
        The ground with its parcels and buildings.
    """
    cells = _describe(cells, seed)
    table = pd.DataFrame(VILLAGES)
    middles = table[["x", "y"]].to_numpy(float) * 100.0
    twin = int(np.flatnonzero(table["name"] == TWIN)[0])
    both = cells[cells["town"] & (cells["village"] == twin)]
    # the twin grows toward the border that runs through it
    middles[twin] = both[["x", "y"]].to_numpy().mean(axis=0)
    urban = np.clip(np.log(table["dwellings"] / 300) / np.log(70000 / 300), 0, 1).to_numpy()
    field = 105.0 * max(scale, 1e-3) ** -0.45
    tasks = [
        (i, Neighbourhood(g, ring, character, tuple(middles[v]), urban[v], want))
        if town
        else (i, (Mark(g, homes, field) if character == "land" else g))
        for i, (g, ring, character, v, want, town, homes) in enumerate(
            zip(
                cells["geometry"], cells["ring"], cells["character"], cells["village"], cells["dwellings"],
                cells["town"], cells["homes"], strict=True,
            )
        )
    ]  # fmt: skip
    return _gather(cells, _build_all(tasks, seed))


def _build_all(tasks: Sequence[tuple[int, object]], seed: int) -> list[Built]:
    work = partial(_build, seed=seed)
    if len(tasks) < MANY:
        return [work(task) for task in tasks]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        return list(pool.map(work, tasks, chunksize=64))


def _build(task: tuple[int, object], seed: int) -> Built:
    cell, what = task
    rng = generator(seed, 5, cell)
    if isinstance(what, Neighbourhood):
        return build_neighbourhood(what, rng)
    if isinstance(what, Mark):
        return build_countryside(what, rng)
    assert isinstance(what, shapely.Polygon)  # noqa: S101
    return nothing(what)


def _describe(cells: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Give each cell its character (woon, industry, park, land, water), its ring and its country homes."""
    rng = generator(seed, 4)
    n = len(cells)
    town = cells["town"].to_numpy()
    villages = pd.DataFrame(VILLAGES)
    village = cells["village"].to_numpy()
    size = np.bincount(village[town], minlength=len(villages))[village]
    angle = np.arctan2(
        cells["y"] - villages["y"].to_numpy()[village] * 100, cells["x"] - villages["x"].to_numpy()[village] * 100
    )
    works = rng.uniform(-np.pi, np.pi, len(villages))[village]
    turned = np.abs((angle - works + np.pi) % (2 * np.pi) - np.pi)
    rank = cells["rank"].to_numpy()
    ring = np.searchsorted(RING_LIMITS, np.clip(rank + rng.normal(0, 0.05, n), 0, 0.999))
    # a village of one or two cells mixes its periods by cell
    ring = np.where((size <= 2) & town, rng.choice([1, 2, 2, 3, 4, 4, 5, 6], n), ring)
    character = np.full(n, "land", dtype=object)
    character[town] = "woon"
    draw = rng.random(n)
    character[town & (size >= 8) & (rank > 0.5) & (turned < 0.42)] = "industry"
    character[town & (size >= 12) & (draw < 0.035) & (rank > 0.06)] = "park"
    twin = town & (village == int(np.flatnonzero(villages["name"] == TWIN)[0]))
    ring[twin] = 2
    if not (character == "industry").any():
        edge = np.flatnonzero(town & ~twin & (size == size[town & ~twin].max()))
        character[edge[rank[edge].argmax()]] = "industry"
    character[twin] = "woon"
    lakes = np.flatnonzero(~town & ~cells["fringe"].to_numpy())
    character[rng.choice(lakes, min(3, len(lakes)), replace=False)] = "water"
    homes = rng.poisson(np.where(town | (character == "water"), 0, cells["dwellings"]))
    return cells.assign(ring=ring, character=character, homes=homes)


def _gather(cells: pd.DataFrame, built: list[Built]) -> Region:
    """Count plots, blocks and main buildings through the region."""
    n_plots = np.array([len(b.plots) for b in built])
    n_mains = np.array([len(b.mains.get("geometry", ())) for b in built])
    n_sheds = np.array([len(b.sheds.get("geometry", ())) for b in built])
    n_public = np.array([len(b.public) for b in built])
    cell = np.arange(len(built))
    mains = _stack([b.mains for b in built if len(b.mains)])
    mains["cell"] = np.repeat(cell, n_mains)
    mains["plot"] += np.repeat(np.cumsum(n_plots) - n_plots, n_mains)
    mains["block"] = pd.factorize(mains["cell"] * 100_000 + mains["block"])[0]
    sheds = _stack([b.sheds for b in built if len(b.sheds)])
    sheds["main"] += np.repeat(np.cumsum(n_mains) - n_mains, n_sheds)
    sheds["cell"] = np.repeat(cell, n_sheds)
    plots: npt.NDArray[np.object_] = np.concatenate([b.plots for b in built])
    public: npt.NDArray[np.object_] = np.concatenate([b.public for b in built])
    parcels = pd.DataFrame(
        {
            "geometry": np.concatenate([plots, public]),
            "cell": np.concatenate([np.repeat(cell, n_plots), np.repeat(cell, n_public)]),
            "built": np.arange(len(plots) + len(public)) < len(plots),
        }
    )
    return Region(cells, parcels, pd.DataFrame(mains), pd.DataFrame(sheds))


def _stack(parts: list[Columns]) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
