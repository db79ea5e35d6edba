from __future__ import annotations

import re
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import shapely

from twentegeo.publish.report.drawing import charts, maps
from twentegeo.publish.report.inventory import Ranked

if TYPE_CHECKING:
    from twentegeo.publish.classes import ClassTables


def traced(path: str) -> list[list[tuple[int, int]]]:
    """Follow an SVG path as a browser does: a move, then steps from where one is."""
    rings = []
    for start_x, start_y, steps in re.findall(r"M(-?\d+),(-?\d+)l([^z]*)z", path):
        x, y = int(start_x), int(start_y)
        ring = [(x, y)]
        for step in steps.split():
            dx, dy = (int(one) for one in step.split(","))
            x, y = x + dx, y + dy
            ring.append((x, y))
        rings.append(ring)
    return rings


def frame(*shapes: shapely.Geometry) -> gpd.GeoDataFrame:
    codes = [f"B{place}" for place in range(len(shapes))]
    return gpd.GeoDataFrame({"code": codes, "naam": codes}, geometry=list(shapes), crs="EPSG:28992")


def test_a_square_stays_a_square_with_north_up():
    square = frame(shapely.box(250_000, 470_000, 251_000, 471_000))
    canvas = maps.canvas(square)
    assert canvas is not None
    (shape,) = maps.shapes(square, canvas, key="code", name="naam", prefix="v")

    (ring,) = traced(shape.path)
    side = round(1000 / canvas.unit)
    assert len(ring) == 4
    assert shapely.Polygon(ring).area == pytest.approx(side**2, rel=0.01)
    top = min(y for _, y in ring)
    assert top == pytest.approx(20 / canvas.unit, abs=1), "a margin of a fiftieth above"
    assert shape.key == "vB0"


def test_a_hole_is_a_ring_of_its_own_and_parts_stay_together():
    whole = shapely.box(0, 0, 1000, 1000)
    holed = shapely.difference(whole, shapely.box(400, 400, 600, 600))
    parts = shapely.union(holed, shapely.box(1200, 0, 1400, 1000))
    areas = frame(parts)
    canvas = maps.canvas(areas)
    assert canvas is not None

    (path,) = maps.outlines(areas, canvas)
    assert len(traced(path)) == 3


def test_neighbours_keep_their_common_border():
    wiggle = [(1000, y) if y % 200 else (1003, y) for y in range(0, 1001, 100)]
    west = shapely.Polygon([(0, 0), *wiggle, (0, 1000)])
    east = shapely.Polygon([(2000, 0), *wiggle, (2000, 1000)])
    areas = frame(west, east)
    canvas = maps.canvas(areas)
    assert canvas is not None
    one, other = (
        set(traced(shape.path)[0]) for shape in maps.shapes(areas, canvas, key="code", name="naam", prefix="")
    )

    assert len(one & other) >= 2


def test_what_is_too_small_to_see_is_not_drawn():
    areas = frame(shapely.box(0, 0, 10_000, 10_000), shapely.box(20_000, 0, 20_001, 1))
    canvas = maps.canvas(areas)
    assert canvas is not None

    assert [bool(path) for path in maps.outlines(areas, canvas)] == [True, False]
    assert [shape.key for shape in maps.shapes(areas, canvas, key="code", name="naam", prefix="v")] == ["vB0"]


def test_nothing_to_draw_has_no_canvas():
    assert maps.canvas(frame()) is None


def test_a_histogram_counts_every_dwelling_once_in_the_colour_of_its_class(classes: ClassTables):
    scores = np.array([0.0, 4.99, 5.0, 47.0, 100.0, np.nan])
    drawn = charts.histogram(scores, classes["prioriteit"])

    counts = [int(re.search(r": ([\d.]+) woningen", one.text).group(1)) for one in drawn.columns]  # type: ignore[union-attr]
    assert (counts[0], counts[1], counts[9], counts[19]) == (2, 1, 1, 1)
    assert sum(counts) + drawn.unknown == len(scores)
    assert drawn.columns[0].height == pytest.approx(2 * drawn.columns[1].height, abs=0.2)
    assert drawn.columns[9].colour == "#feac76"


def test_a_histogram_of_nothing_is_flat(classes: ClassTables):
    drawn = charts.histogram(np.array([np.nan]), classes["prioriteit"])

    assert {one.height for one in drawn.columns} == {0.0}
    assert drawn.unknown == 1


@pytest.mark.parametrize("highest", [3, 20, 47, 400])
def test_the_axis_of_ranks_holds_every_range(highest: int):
    drawn = charts.ranges([(Ranked("Nijverheid", 1), 1, 2, highest, None)])
    (row,) = drawn.rows

    assert drawn.frame.left <= row.low <= row.median <= row.high <= drawn.frame.right
    assert all(drawn.frame.left <= tick.at <= drawn.frame.right for tick in drawn.ticks)
    assert 2 <= len(drawn.ticks) <= 12
