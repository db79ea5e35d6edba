"""Bent streets and back-to-back plots of a neighbourhood, in polar coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from twentegeo.sample.kinds import BLOCKS, DETACHED, FLAT, INDUSTRY, MIXES, ROW, SEMI, SHOP

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

BACK_PATH = 1.7
STREET = 10.5
Columns = dict[str, "npt.NDArray[Any]"]
"""A table as plain arrays by name; a cell is too small for anything heavier."""


@dataclass(frozen=True)
class Neighbourhood:
    """What to build: the ground, the ring of the town, the character, and how many dwellings at most."""

    ground: shapely.Polygon
    ring: int
    character: str
    middle: tuple[float, float]
    urban: float
    limit: float


class Frame:
    """Polar coordinates of a neighbourhood: strips of plots between arcs."""

    def __init__(self, task: Neighbourhood, rng: np.random.Generator) -> None:
        corners = shapely.get_coordinates(task.ground)
        seat = np.array(task.ground.centroid.coords[0])
        self.reach = float(np.hypot(*(corners - seat).T).max())
        to_middle = np.array(task.middle) - seat
        distance = float(np.hypot(*to_middle))
        wide = task.character == "industry"
        least = 420.0 if wide else max(205.0, self.reach + 40)
        if least < distance < 900 and rng.random() < 0.55:
            radius, turn = distance, np.arctan2(*to_middle[::-1])
        else:
            radius = least + float(rng.gamma(1.6, 500.0))
            turn = _across(task.ground) + rng.normal(0, 0.12) + rng.choice([0.0, np.pi])
        self.pole = seat + radius * np.array([np.cos(turn), np.sin(turn)])
        self.turn = turn + np.pi
        self.radius = radius
        self.path = 4.0 if wide else BACK_PATH

    def strips(self, depth: Floats, street: Floats, start: float) -> None:
        """Lay pairs of strips outward from a first street."""
        inner = self.radius - self.reach + start + np.cumsum(2 * depth + self.path + street) - 2 * depth - self.path
        self.inner, self.depth = inner, depth
        self.outer = inner + 2 * depth + self.path
        self.middle = (self.inner + self.outer) / 2

    def place(self, pair: Ints, back: npt.NDArray[np.bool_], along: Floats, deep: Floats) -> Floats:
        """Metres along a strip and metres from its street, to RD: (..., 2), in millimetres."""
        shape = (len(pair),) + (1,) * (along.ndim - 1)
        inner, outer, middle = (a[pair].reshape(shape) for a in (self.inner, self.outer, self.middle))
        r = np.where(back.reshape(shape), outer - deep, inner + deep)
        angle = self.turn + along / middle
        xy = np.stack([self.pole[0] + r * np.cos(angle), self.pole[1] + r * np.sin(angle)], axis=-1)
        return np.round(xy, 3)

    def outline(self, plots: Columns, deep: Floats | None = None) -> Floats:
        """Corners of plots, (n, 4, 2); of their first metres only where ``deep`` says so."""
        a, b = plots["a"][:, None], plots["b"][:, None]
        depth = (self.depth[plots["pair"]] if deep is None else deep)[:, None]
        zero = np.zeros_like(a)
        return self.place(
            plots["pair"],
            plots["back"],
            np.hstack([a, b, b, a]),
            np.hstack([zero, zero, depth, depth]),
        )


def _across(ground: shapely.Polygon) -> float:
    """Direction square to the ground's long side, so that streets run along it."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(ground))
    sides = np.diff(corners[:3], axis=0)
    short = sides[np.hypot(*sides.T).argmin()]
    return float(np.arctan2(short[1], short[0]))


def _mix(task: Neighbourhood) -> Floats:
    if task.character == "industry":
        mix = np.zeros(8)
        mix[INDUSTRY] = 1.0
        return mix
    mix = np.array(MIXES[task.ring])
    # a city stacks and joins its homes, a village keeps them apart
    mix[[FLAT, SHOP]] *= 0.35 + 1.1 * task.urban
    mix[ROW] *= 0.6 + 0.6 * task.urban
    mix[[DETACHED, SEMI]] *= 1.9 - 1.2 * task.urban
    return np.asarray(mix / mix.sum())


def lay_plots(task: Neighbourhood, frame: Frame, rng: np.random.Generator) -> Columns:
    """One row per plot: pair of strips, back strip or front, a and b along the strip, block, kind, first and last."""
    mix = _mix(task)
    least = min(BLOCKS[int(k)].plot_depth[0] for k in np.flatnonzero(mix))
    n_pairs = int(np.ceil(2 * frame.reach / (2 * least + STREET))) + 1
    main = rng.choice(8, n_pairs, p=mix)
    bounds = np.array([BLOCKS[k].plot_depth if k in BLOCKS else (0.0, 0.0) for k in range(8)])
    frame.strips(
        rng.uniform(*bounds[main].T), rng.uniform(STREET - 1.5, STREET + 2.5, n_pairs), rng.uniform(-25.0, 0.0)
    )
    n_blocks = int(np.ceil(2.4 * frame.reach / 42)) + 1
    kind = np.where(rng.random((n_pairs, n_blocks)) < 0.72, main[:, None], rng.choice(8, (n_pairs, n_blocks), p=mix))
    flat = kind.ravel()
    measure = {
        k: np.array([getattr(BLOCKS.get(i, BLOCKS[ROW]), k) for i in range(8)]) for k in ("width", "plots", "gap")
    }
    count = rng.integers(measure["plots"][flat, 0], measure["plots"][flat, 1] + 1)
    count += (flat == SEMI) & (count % 2 == 1)
    width = rng.uniform(*measure["width"][flat].T)
    gap = rng.uniform(*measure["gap"][flat].T)
    block = np.repeat(np.arange(len(flat)), count)
    within = np.arange(len(block)) - np.repeat(np.cumsum(count) - count, count)
    wide = width[block].copy()
    loose = np.isin(flat[block], (DETACHED, SHOP, INDUSTRY))
    wide[loose] *= rng.uniform(0.8, 1.25, loose.sum())
    edge = ((within == 0) | (within == count[block] - 1)) & (flat[block] == ROW)
    wide[edge] += 3.2
    ends = np.cumsum(wide)
    length = np.add.reduceat(wide, np.cumsum(count) - count)
    offset = (
        np.cumsum((length + gap).reshape(n_pairs, n_blocks), axis=1) - (length + gap).reshape(n_pairs, n_blocks)
    ).ravel()
    offset += np.repeat(-frame.reach - rng.uniform(0, 60, n_pairs), n_blocks)
    b = offset[block] + ends - (np.cumsum(length) - length)[block]
    # a plot begins at the very number where its neighbour ends, so that they share their corners
    a = np.where(within == 0, offset[block], np.concatenate([[0.0], b[:-1]]))
    near = (a < frame.reach * 1.05) & (b > -frame.reach * 1.05)
    side = {
        "pair": block[near] // n_blocks, "block": block[near], "kind": flat[block][near], "a": a[near], "b": b[near],
        "first": within[near] == 0, "last": (within == count[block] - 1)[near], "odd": (within % 2)[near],
    }  # fmt: skip
    # the strip behind the footpath mirrors the one before it
    plots = {name: np.concatenate([column, column]) for name, column in side.items()}
    plots["back"] = np.arange(2 * int(near.sum())) >= near.sum()
    plots["block"] = plots["block"] * 2 + plots["back"]
    plots["street"] = plots["pair"] + plots["back"]
    return plots
