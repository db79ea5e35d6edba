"""
A mark of countryside: lanes around it, fields in slanting strips, farmyards along the lane and a few inland.

Lanes take the edge of the cell; what remains is noded into fields and yards in one go, so that both tile it and a
yard away from the lane leaves a hole in its field.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from twentegeo.sample.kinds import DETACHED
from twentegeo.sample.town import Built, nothing

if TYPE_CHECKING:
    import numpy.typing as npt

    from twentegeo.sample.streets import Columns

    Floats = npt.NDArray[np.float64]

LANE = 4.5
"""Half the width of a country lane, metres."""

YARD_SPACING = 95.0
"""Least distance along the lane between yards, metres."""


@dataclass(frozen=True)
class Mark:
    """What to fill: the ground, how many homes, and how wide its fields are."""

    ground: shapely.Polygon
    homes: int
    field: float


def build_countryside(task: Mark, rng: np.random.Generator) -> Built:
    """
    Divide one mark and build its farms.

    Parameters
    ----------
    task
        What to fill.
    rng
        Source of chance, of this mark alone.

    Returns
    -------
    built
        Yards as plots; fields and lanes as public ground; farmhouses as mains, barns and sheds.
    """
    inside = shapely.set_precision(task.ground.buffer(-LANE, join_style="mitre"), 0.001)
    inside = max(shapely.get_parts(inside), key=lambda part: part.area, default=None)
    if inside is None or inside.area < 3000:
        return nothing(task.ground)
    yards, frames = _yards(task, inside, rng)
    faces = _fields(task, inside, yards, rng)
    seats = shapely.point_on_surface(faces)
    owner = np.full(len(faces), -1)
    if len(yards):
        face, yard = shapely.STRtree(yards).query(seats, predicate="within")
        owner[face] = yard
    # a yard that the noding cut in two keeps its largest piece as plot
    area = shapely.area(faces)
    order = np.lexsort([-area, owner])
    first = np.concatenate([[True], owner[order][1:] != owner[order][:-1]]) & (owner[order] >= 0)
    main_faces = order[first]
    plots = faces[main_faces]
    rest = np.delete(faces, main_faces)
    lane = shapely.get_parts(shapely.difference(task.ground, shapely.union_all(faces)))
    public = np.concatenate([rest, lane[shapely.area(lane) > 0]])
    frames = {name: column[owner[main_faces]] for name, column in frames.items()}
    mains, sheds = _farms(plots, frames, rng)
    return Built(plots, public, mains, sheds)


def _yards(task: Mark, inside: shapely.Polygon, rng: np.random.Generator) -> tuple[npt.NDArray[np.object_], Columns]:
    """Rectangular yards, most of them along the lane, none overlapping another."""
    ring = inside.exterior
    n_lane = min(round(task.homes * 0.8), int(ring.length // YARD_SPACING))
    n_inland = task.homes - n_lane
    slot = ring.length / max(n_lane, 1)
    at = (np.arange(n_lane) + rng.uniform(0.15, 0.85, n_lane)) * slot
    spot = shapely.get_coordinates(shapely.line_interpolate_point(ring, at))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(ring, (at + 6) % ring.length))
    turn = np.arctan2(*(ahead - spot).T[::-1]) if n_lane else np.empty(0)
    inward = turn + np.pi / 2 if ring.is_ccw else turn - np.pi / 2
    low, high = np.array(inside.bounds[:2]), np.array(inside.bounds[2:])
    loose = rng.uniform(low, high, (max(n_inland, 0) * 3, 2))
    loose = loose[shapely.contains_xy(inside, loose[:, 0], loose[:, 1])][: max(n_inland, 0)]
    spot = np.vstack([spot, loose]) if n_lane else loose
    inward = np.concatenate([inward, rng.uniform(0, 2 * np.pi, len(loose))])
    n = len(spot)
    farm = rng.random(n) < 0.62
    frames = {
            "x": spot[:, 0], "y": spot[:, 1], "turn": inward - np.pi / 2 + rng.normal(0, 0.05, n), "farm": farm,
            "width": np.where(farm, rng.uniform(58, 82, n), rng.uniform(28, 42, n)),
            "deep": np.where(farm, rng.uniform(72, 96, n), rng.uniform(38, 52, n)),
            "along": np.concatenate([at, np.full(len(loose), ring.length)]),
        }  # fmt: skip
    back = np.where(np.arange(n) < n_lane, -6.0, 0.0)
    half = frames["width"][:, None] / 2 * np.array([[-1, 1, 1, -1]])
    deep = np.stack([back, back, frames["deep"], frames["deep"]], axis=1)
    yards = shapely.polygons(_place(frames, half, deep))
    whole = shapely.area(shapely.intersection(yards, inside)) > 0.72 * shapely.area(yards)
    yards, frames = yards[whole], {name: column[whole] for name, column in frames.items()}
    left, right = shapely.STRtree(yards).query(shapely.buffer(yards, 4.0), predicate="intersects")
    clash = np.unique(left[left > right])
    return np.delete(yards, clash), {name: np.delete(column, clash) for name, column in frames.items()}


def _place(frames: Columns, across: Floats, deep: Floats) -> Floats:
    """Metres across and into a yard, to RD in millimetres."""
    turn = frames["turn"][:, None]
    x = frames["x"][:, None] + across * np.cos(turn) - deep * np.sin(turn)
    y = frames["y"][:, None] + across * np.sin(turn) + deep * np.cos(turn)
    xy: Floats = np.stack([x, y], axis=-1)
    return xy.round(3)


def _fields(
    task: Mark, inside: shapely.Polygon, yards: npt.NDArray[np.object_], rng: np.random.Generator
) -> npt.NDArray[np.object_]:
    """Faces that tile the inside: strips at a slant, cut across at uneven places, and the yards."""
    centre = np.array(inside.centroid.coords[0])
    reach = float(np.hypot(*(shapely.get_coordinates(inside) - centre).T).max())
    turn = rng.uniform(0, np.pi)
    step = task.field
    v = -reach + np.cumsum(rng.uniform(0.6, 1.5, int(2 * reach / step) + 1) * step)
    u = np.linspace(-reach, reach, 13)
    sway = rng.uniform(0.05, 0.22) * step * np.sin(u / reach * rng.uniform(1.5, 4) + rng.uniform(0, 6))
    rows = np.stack([np.broadcast_to(u, (len(v), len(u))), v[:, None] + sway], axis=-1)
    n_cut = max(int(2 * reach / (2.3 * step)), 1)
    at = np.sort(rng.uniform(-reach, reach, (len(v), n_cut)), axis=1).ravel()
    lower = np.repeat(np.concatenate([[-reach], v[:-1]]), n_cut) - 0.25 * step
    upper = np.repeat(v, n_cut) + 0.25 * step
    lean = rng.normal(0, 0.12, len(at)) * step
    cuts = np.stack([np.column_stack([at, lower]), np.column_stack([at + lean, upper])], axis=1)
    rotate = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    lines = np.concatenate([shapely.linestrings(rows @ rotate + centre), shapely.linestrings(cuts @ rotate + centre)])
    lines = shapely.intersection(lines, inside)
    if len(yards):
        free = shapely.union_all(yards)
        lines = shapely.difference(lines, free)
        edges = shapely.intersection(shapely.boundary(yards), inside)
        lines = np.concatenate([lines, edges])
    net = shapely.union_all(np.append(lines, shapely.boundary(inside)), grid_size=0.001)
    faces: npt.NDArray[np.object_] = shapely.get_parts(shapely.polygonize(shapely.get_parts(net)))
    return faces


def _farms(plots: npt.NDArray[np.object_], frames: Columns, rng: np.random.Generator) -> tuple[Columns, Columns]:
    """Put a house on each yard, barns and sheds behind it; whatever does not fit its plot is left out."""
    n = len(frames["x"])
    farm = frames["farm"]
    half_w = np.where(farm, rng.uniform(5, 7.5, n), rng.uniform(4, 6.5, n))
    depth = np.where(farm, rng.uniform(14, 24, n), rng.uniform(8, 13, n))
    shift = rng.uniform(-4, 4, n)
    front = rng.uniform(7, 12, n)
    sign = np.array([[-1, 1, 1, -1]])
    rect = _place(
        frames, shift[:, None] + half_w[:, None] * sign, np.stack([front, front, front + depth, front + depth], 1)
    )
    house = shapely.polygons(rect)
    fits = shapely.contains_properly(plots, house)
    kept = np.flatnonzero(fits)
    number = np.cumsum(fits) - 1
    centre = rect.mean(axis=1)
    half = (rect[:, 1] + rect[:, 2]) / 2 - centre
    year = np.where(rng.random(n) < 0.55, rng.integers(1840, 1945, n), rng.integers(1946, 2025, n))
    mains = {
        "geometry": house, "plot": np.arange(n), "kind": np.full(n, DETACHED), "year": year,
        "street": (frames["along"] // 1900).astype(np.int64), "side": np.zeros(n, dtype=np.int64),
        "along": frames["along"], "block": np.arange(n), "storeys": np.where(rng.random(n) < 0.3, 2, 1),
        "x": centre[:, 0], "y": centre[:, 1], "dx": half[:, 0], "dy": half[:, 1], "floor": 2 * half_w * depth,
    }  # fmt: skip
    mains = {name: column[kept] for name, column in mains.items()}
    barns, parents = [], []
    for column, row in ((-1, 0), (1, 0), (-1, 1), (1, 1)):
        size = np.where(farm, rng.uniform(0.6, 1.0, n), 0.33)
        across = frames["width"] * (0.25 * column) + rng.uniform(-1.5, 1.5, n)
        w = frames["width"] * 0.19 * size
        t0 = front + depth + 5 + row * np.where(farm, 24.0, 9.0) + rng.uniform(0, 3, n)
        t1 = t0 + np.where(farm, 20.0, 6.0) * size
        barn = shapely.polygons(_place(frames, across[:, None] + w[:, None] * sign, np.stack([t0, t0, t1, t1], 1)))
        there = fits & (rng.random(n) < np.where(farm, 0.62, 0.42)) & shapely.contains_properly(plots, barn)
        barns.append(barn[there])
        parents.append(number[there])
    return mains, {"geometry": np.concatenate(barns), "main": np.concatenate(parents)}
