"""Houses, extensions and sheds on the plots of a neighbourhood."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from twentegeo.sample.kinds import DETACHED, FLAT, INDUSTRY, ROW, ROW_END, ROW_MIDDLE, SCHOOL, SEMI, SHOP

if TYPE_CHECKING:
    import numpy.typing as npt

    from twentegeo.sample.streets import Columns, Frame

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


def build_houses(frame: Frame, plots: Columns, rng: np.random.Generator) -> tuple[Columns, Columns]:
    """
    Build on every plot.

    Parameters
    ----------
    frame
        Strips of the neighbourhood.
    plots
        Plots with kind, year, setback, depth, storeys, and whether they are whole.
    rng
        Source of chance.

    Returns
    -------
    mains, sheds
        As :class:`twentegeo.sample.town.Built` describes them.
    """
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


def _sheds(frame: Frame, plots: Columns, house: tuple[Floats, Floats, Floats], rng: np.random.Generator) -> Columns:
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
