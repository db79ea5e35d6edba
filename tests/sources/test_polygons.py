"""Repair gives valid area or nothing."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.sources.polygons import repair


def made(*wkt: str | None) -> np.ndarray:
    return np.array([None if text is None else shapely.from_wkt(text) for text in wkt], dtype=object)


def test_valid_stays_and_bow_tie_becomes_two_triangles():
    square, tie = "POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))", "POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))"
    sound, repaired = repair(made(square, tie))
    assert repaired.tolist() == [False, True]
    assert sound[0].equals(shapely.from_wkt(square))
    assert sound[1].geom_type == "MultiPolygon"
    assert sound[1].area == 2


def test_lines_and_nothing_leave_no_area():
    spike = "POLYGON ((0 0, 5 0, 0 0, 0 0))"
    sound, repaired = repair(made(spike, "LINESTRING (0 0, 1 1)", None, "POLYGON EMPTY"))
    assert sound.tolist() == [None] * 4
    assert repaired.tolist() == [True, False, False, False]


def test_area_of_a_collection_is_kept_in_its_own_row():
    mixed = "GEOMETRYCOLLECTION (POINT (9 9), POLYGON ((0 0, 1 0, 1 1, 0 0)), MULTIPOLYGON (((5 5, 6 5, 6 6, 5 5))))"
    sound, _ = repair(made("LINESTRING (0 0, 1 1)", mixed, "POLYGON ((0 0, 4 0, 4 4, 0 0))"))
    assert [None if shape is None else shape.area for shape in sound] == [None, 1.0, 8.0]


def test_height_is_dropped_and_the_given_array_is_left_alone():
    given_ = made("POLYGON Z ((0 0 1, 2 0 1, 2 2 1, 0 0 1))")
    sound, _ = repair(given_)
    assert not sound[0].has_z
    assert given_[0].has_z


coordinate = st.tuples(st.integers(0, 6), st.integers(0, 6))


@given(st.lists(st.lists(coordinate, min_size=3, max_size=9), min_size=1, max_size=6))
def test_whatever_comes_out_is_valid_area(rings: list[list[tuple[int, int]]]):
    sound, _ = repair(np.array([shapely.Polygon(ring) for ring in rings], dtype=object))
    for shape in sound:
        assert shape is None or (shape.is_valid and shape.area > 0 and shape.geom_type in ("Polygon", "MultiPolygon"))
