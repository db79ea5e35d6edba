"""
A neighbourhood of a town: bent streets, back-to-back plots, houses that touch where they should.

Streets are arcs around a pole far away (or the middle of the town, near the centre). Between two streets lie two
strips of plots with a footpath between their backs; a strip is cut into blocks of one kind of home. All of it is
worked out in polar coordinates, where neighbours share their corners exactly, and only then laid on the ground.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from twentegeo.sample.kinds import (
    BLOCKS,
    DETACHED,
    FLAT,
    INDUSTRY,
    MIXES,
    ROW,
    ROW_END,
    ROW_MIDDLE,
    SCHOOL,
    SEMI,
    SHOP,
    YEARS,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


BACK_PATH = 1.7
STREET = 10.5
VERGE = 4.5
"""Widths in metres: footpath behind the plots, street, and the half of the main road at a neighbourhood's edge."""


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
    frame = _Frame(task, rng)
    plots = _character(task, _plots(task, frame, rng), rng)
    plots["whole"], shapes = _fit(frame, plots, inside)
    keep = np.array([shape is not None for shape in shapes])
    keep &= _within_limit(task, plots, frame.outline(plots), keep)
    plots, shapes = {name: column[keep] for name, column in plots.items()}, shapes[keep]
    if not len(shapes):
        return nothing(task.ground)
    mains, sheds = _buildings(frame, plots, rng)
    there = shapely.contains_properly(shapes[sheds["main"]], sheds["geometry"])
    sheds = {name: column[there] for name, column in sheds.items()}
    left = shapely.difference(task.ground, shapely.union_all(shapes))
    public = shapely.get_parts(left)
    return Built(shapes, public[shapely.area(public) > 0], mains, sheds)


def _fit(
    frame: _Frame, plots: Columns, inside: shapely.Geometry
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.object_]]:
    """Plots that lie inside, and those that lose only a piece of garden to the road; None for the others."""
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


class _Frame:
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


def _plots(task: Neighbourhood, frame: _Frame, rng: np.random.Generator) -> Columns:
    """One row per plot: pair of strips, back strip or front, a and b along the strip, block, kind, first and last."""
    mix = _mix(task)
    least = min(BLOCKS[k].plot_depth[0] for k in np.flatnonzero(mix))
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


def _buildings(frame: _Frame, plots: Columns, rng: np.random.Generator) -> tuple[Columns, Columns]:
    """Main buildings and outbuildings of the plots."""
    kind = plots["kind"]
    a, b = plots["a"], plots["b"]
    width = b - a
    left, right = _margins(plots, width, rng)
    s0, s1 = a + left, b - right
    t0 = plots["setback"]
    t1 = t0 + plots["depth"]
    room = frame.depth[plots["pair"]] - 4.2
    t1 = np.minimum(t1, room)
    pair, back = plots["pair"], plots["back"]
    rect = frame.place(pair, back, np.column_stack([s0, s1, s1, s0]), np.column_stack([t0, t0, t1, t1]))
    geometry = shapely.polygons(rect)
    extra = np.clip(room - t1, 0, None)
    grown = np.isin(kind, (ROW, SEMI, DETACHED, SHOP)) & (rng.random(len(kind)) < 0.34) & (extra > 2.0) & plots["whole"]
    reach = t1 + np.minimum(extra, rng.uniform(2.0, 4.5, len(kind)))
    cut = s0 + (s1 - s0) * rng.uniform(0.45, 0.75, len(kind))
    six = frame.place(
        pair, back, np.column_stack([s0, s1, s1, cut, cut, s0]), np.column_stack([t0, t0, t1, t1, reach, reach])
    )
    geometry[grown] = shapely.polygons(six[grown])
    centre = rect.mean(axis=1)
    half = (rect[:, 1] + rect[:, 2]) / 2 - centre
    floor = (s1 - s0) * (t1 - t0) + np.where(grown, (cut - s0) * (reach - t1), 0.0)
    mains = {
        "geometry": geometry, "plot": np.arange(len(kind)), "kind": _row_kinds(plots), "year": plots["year"],
        "street": plots["street"], "side": back.astype(np.int64), "along": (a + b) / 2, "block": plots["block"],
        "storeys": plots["storeys"], "x": centre[:, 0], "y": centre[:, 1], "dx": half[:, 0], "dy": half[:, 1],
        "floor": floor,
    }  # fmt: skip
    return mains, _sheds(frame, plots, (s0, s1, np.where(grown, reach, t1)), rng)


def _row_kinds(plots: Columns) -> Ints:
    """End and middle houses; also where the edge of the neighbourhood cut a row short."""
    kind = plots["kind"].copy()
    order = np.lexsort([plots["a"], plots["block"]])
    block, a, b = (plots[c][order] for c in ("block", "a", "b"))
    joined = (block[1:] == block[:-1]) & (a[1:] == b[:-1])
    middle = np.zeros(len(kind), dtype=bool)
    middle[order] = np.concatenate([[False], joined]) & np.concatenate([joined, [False]])
    kind[(kind == ROW) & middle] = ROW_MIDDLE
    kind[(plots["kind"] == ROW) & ~middle] = ROW_END
    return kind


def _margins(plots: Columns, width: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Free metres left and right of the main building on its plot; none where it touches its neighbour."""
    kind = plots["kind"]
    n = len(kind)
    free = np.maximum(width - rng.uniform(5.8, 7.4, n), 2.6)
    left = np.zeros(n)
    right = np.zeros(n)
    semi = kind == SEMI
    odd = plots["odd"] == 1
    left[semi & ~odd], right[semi & odd] = free[semi & ~odd], free[semi & odd]
    row = kind == ROW
    left[row & plots["first"]] = 3.2
    right[row & plots["last"]] = 3.2
    lone = np.isin(kind, (DETACHED, INDUSTRY, FLAT, SCHOOL))
    size = np.select(
        [kind == DETACHED, kind == INDUSTRY], [rng.uniform(0.45, 0.62, n), rng.uniform(0.55, 0.85, n)], 0.88
    )
    spare = width * (1 - size)
    part = rng.uniform(0.25, 0.5, n)
    left[lone] = (spare * part)[lone]
    right[lone] = (spare * (1 - part))[lone]
    return left, right


def _sheds(frame: _Frame, plots: Columns, house: tuple[Floats, Floats, Floats], rng: np.random.Generator) -> Columns:
    """Outbuildings at the back of gardens; a second, garage-like one on wide plots."""
    kind = plots["kind"]
    n = len(kind)
    depth = frame.depth[plots["pair"]]
    a, b = plots["a"], plots["b"]
    chance = np.select(
        [kind == ROW, kind == SEMI, kind == DETACHED, kind == SHOP, kind == FLAT], [0.68, 0.80, 0.72, 0.35, 0.4], 0.1
    )
    deep = np.select([kind == DETACHED, kind == FLAT, kind == INDUSTRY], [6.0, 3.6, 12.0], 3.2) * rng.uniform(
        0.8, 1.15, n
    )
    wide = np.select([kind == DETACHED, kind == FLAT, kind == INDUSTRY], [4.2, 16.0, 14.0], 2.7) * rng.uniform(
        0.85, 1.15, n
    )
    at_right = plots["odd"] == 0
    s = np.where(at_right, b - 0.35 - wide, a + 0.35)
    t = depth - 0.4 - deep
    fits = (rng.random(n) < chance) & (t > house[2] + 0.6) & (s > a + 0.2) & (s + wide < b - 0.2)
    rows = np.flatnonzero(fits)
    rect = frame.place(
        plots["pair"][rows],
        plots["back"][rows],
        np.column_stack([s, s + wide, s + wide, s])[rows],
        np.column_stack([t, t, t + deep, t + deep])[rows],
    )
    return {"geometry": shapely.polygons(rect), "main": rows}
