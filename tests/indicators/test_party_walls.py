"""Walls that buildings share, measured on boxes, and held against GEOS."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from twentegeo.indicators.party_walls import shared_walls


def walls(*shapes: shapely.Geometry, tolerance: float = 0.15, minimum: float = 2.0) -> list[tuple[int, int, float]]:
    found = shared_walls(np.array(shapes, dtype=object), tolerance, minimum)
    return [
        (int(a), int(b), round(float(c), 6)) for a, b, c in zip(found.first, found.second, found.length, strict=True)
    ]


def test_neighbours_share_the_part_where_they_run_side_by_side() -> None:
    assert walls(shapely.box(0, 0, 6, 10), shapely.box(6, 4, 12, 14)) == [(0, 1, 6.0)]


def test_a_corner_is_no_wall() -> None:
    assert walls(shapely.box(0, 0, 6, 10), shapely.box(6, 10, 12, 20)) == []


@pytest.mark.parametrize(("gap", "attached"), [(0.0, True), (0.1, True), (0.2, False), (-0.1, True)])
def test_a_sliver_or_overlap_within_the_tolerance_is_still_one_wall(gap: float, attached: bool) -> None:  # noqa: FBT001
    assert bool(walls(shapely.box(0, 0, 6, 10), shapely.box(6 + gap, 0, 12, 10))) is attached


def test_a_wall_in_two_pieces_is_added_up() -> None:
    comb = shapely.Polygon([(6, 0), (12, 0), (12, 10), (6, 10), (6, 7), (8, 7), (8, 3), (6, 3)])
    assert walls(shapely.box(0, 0, 6, 10), comb) == [(0, 1, 6.0)]


def test_walls_around_a_courtyard_and_of_parts_count() -> None:
    ring = shapely.Polygon(shapely.box(0, 0, 30, 30).exterior, [shapely.box(10, 10, 20, 20).exterior])
    two = shapely.MultiPolygon([shapely.box(10, 10, 15, 15), shapely.box(100, 0, 110, 10)])
    assert walls(ring, two) == [(0, 1, 10.0)]


def test_walls_that_face_one_another_at_an_angle_do_not_touch_along_their_length() -> None:
    wedge = shapely.Polygon([(6, 0), (12, 0), (12, 10), (9, 10)])
    assert walls(shapely.box(0, 0, 6, 10), wedge) == []


def test_nothing_gives_nothing() -> None:
    assert walls() == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(1, 6), st.integers(1, 6)),
        min_size=2,
        max_size=12,
    )
)
def test_of_boxes_that_do_not_overlap_geos_says_the_same(boxes: list[tuple[int, int, int, int]]) -> None:
    shapes: list[shapely.Polygon] = []
    for x, y, w, h in boxes:
        box = shapely.box(x, y, x + w, y + h)
        if all(shapely.area(shapely.intersection(box, other)) == 0 for other in shapes):
            shapes.append(box)
    expected = [
        (i, j, shapely.length(shapely.intersection(shapes[i].exterior, shapes[j].exterior)))
        for i in range(len(shapes))
        for j in range(i + 1, len(shapes))
    ]
    assert walls(*shapes, tolerance=0.01, minimum=0.5) == [row for row in expected if row[2] > 0.5]
