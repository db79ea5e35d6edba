"""Outlines that are passed on undecoded are the same outlines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.crs import RD_NEW_TEXT
from twentegeo.pipeline import kept
from twentegeo.tables import wkb
from twentegeo.tables.keys import grouped
from twentegeo.tables.shapes import Mapped
from twentegeo.tables.wkb import differing, multipolygons, prints, wkb_of

if TYPE_CHECKING:
    from pathlib import Path

CLOCKWISE = shapely.Polygon([(0, 0, 5), (0, 10, 5), (10, 10, 5), (10, 0, 5)])
TWO = shapely.multipolygons([shapely.box(20, 0, 30, 10), shapely.box(40, 0, 50, 10)])
FAR = shapely.box(500, 500, 510, 510)


@pytest.fixture
def frame() -> gpd.GeoDataFrame:
    rows = {"pand_id": pd.Series(["a", "b", "c"], dtype="str"), "bouwjaar": pd.array([1900, None, 2000], dtype="Int64")}
    return gpd.GeoDataFrame(rows, geometry=[CLOCKWISE, TWO, FAR], crs=RD_NEW_TEXT)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=12), st.integers(1, 4))
def test_shapes_differ_where_their_bytes_do(pairs: list[tuple[int, int]], at_once: int):
    """Whether they stand one after the other or not, in however many pieces; null is like nothing."""
    kinds = pa.array([b"a", b"b", b"bb", None], pa.binary())
    one = pa.chunked_array([kinds.take(pa.array([first])) for first, _ in pairs], pa.binary())
    rows = np.arange(len(pairs))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wkb, "_AT_ONCE", at_once)
        found = differing(one, rows, kinds, np.array([second for _, second in pairs], dtype=np.int64))

    assert found.tolist() == [first != second or first == 3 for first, second in pairs]


def test_they_are_flat_and_counter_clockwise(frame: gpd.GeoDataFrame):
    shapes = Mapped.of(frame).frame.geometry.to_numpy()

    assert not shapely.has_z(shapes).any()
    assert shapely.is_ccw(shapely.get_exterior_ring(shapely.get_parts(shapes))).all()
    assert shapely.equals(shapes, shapely.force_2d(frame.geometry.to_numpy())).all()


def test_as_a_layer_they_all_have_parts(frame: gpd.GeoDataFrame):
    mapped = Mapped.of(frame)
    layer = shapely.from_wkb(multipolygons(mapped.wkb).to_numpy(zero_copy_only=False))

    assert shapely.get_type_id(layer).tolist() == [shapely.GeometryType.MULTIPOLYGON] * 3
    assert shapely.equals(layer, mapped.frame.geometry.to_numpy()).all()
    assert str(pd.Series(mapped.layer_column()).dtype) == "binary[pyarrow]"


def test_some_of_them_are_found_by_where_they_lie(frame: gpd.GeoDataFrame):
    mapped = Mapped.of(frame)

    assert mapped.near(np.array([shapely.box(5, 5, 6, 6), shapely.box(45, 0, 46, 1)])).tolist() == [0, 1]
    assert mapped.near(np.array([shapely.box(35, 0, 36, 1)])).tolist() == [1]
    assert mapped.near(np.array([], dtype=object)).tolist() == []


def test_some_of_them_are_decoded(frame: gpd.GeoDataFrame):
    mapped = Mapped.of(frame)

    taken = mapped.taken(np.array([2, 0]))
    assert taken["pand_id"].tolist() == ["c", "a"]
    assert shapely.equals(taken.geometry.to_numpy(), [FAR, shapely.force_2d(CLOCKWISE)]).all()
    fewer = mapped.where(np.array([False, True, True])).only("pand_id")
    assert fewer.frame["pand_id"].tolist() == ["b", "c"]
    assert fewer.near(np.array([FAR])).tolist() == [1]


def test_what_is_decoded_is_passed_on_and_let_go_of(frame: gpd.GeoDataFrame, monkeypatch: pytest.MonkeyPatch):
    mapped = Mapped.of(frame.iloc[[2, 0, 1]].reset_index(drop=True))
    shapes = mapped.shapes
    kept = np.array([True, False, True])
    undecoded = Mapped(mapped.rows, mapped.wkb, mapped.bounds).where(kept).sorted_on("pand_id")
    expected = undecoded.frame
    with monkeypatch.context() as patch:
        patch.delattr(shapely, "from_wkb")
        passed = mapped.where(kept).sorted_on("pand_id")
        assert passed.shapes.tolist() == [shapes[2], shapes[0]]
        assert mapped.shapes_of(np.array([1])).tolist() == [shapes[1]]
    assert shapely.equals_identical(passed.shapes, expected.geometry.to_numpy()).all()
    passed.let_go()
    assert passed.shapes[0] is not shapes[2]
    assert mapped.shapes is shapes


def test_they_come_back_from_disk_as_they_were(frame: gpd.GeoDataFrame, tmp_path: Path):
    mapped = Mapped.of(frame)
    kept.keep(tmp_path / "stage", {"tables/panden": mapped}, {}, {})

    read = kept.read_mapped(tmp_path / "stage" / "tables" / "panden.parquet")
    pd.testing.assert_frame_equal(read.rows, mapped.rows)
    assert read.wkb.equals(mapped.wkb)
    assert read.bounds.tolist() == mapped.bounds.tolist()
    # the file is GeoParquet, which others can read
    whole = gpd.read_parquet(tmp_path / "stage" / "tables" / "panden.parquet")
    assert shapely.equals(whole.geometry.to_numpy(), mapped.frame.geometry.to_numpy()).all()


@given(st.lists(st.one_of(st.none(), st.sampled_from(["", "Z", "a", "é", "bb", "10", "9"]))))
def test_numbering_values_is_what_pandas_says(values: list[str | None]):
    column = pd.Series(values, dtype="str", name="buurt")

    codes, names = grouped(column)
    expected, uniques = pd.factorize(column, sort=True)
    assert codes.tolist() == expected.tolist()
    assert names.tolist() == list(uniques)
    assert names.name == "buurt"


def test_prints_tell_outlines_apart() -> None:
    hole = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(1, 1), (2, 1), (2, 2)]])
    shapes = np.array(
        [
            shapely.box(0, 0, 1, 1),
            shapely.box(0, 0, 1, 1.001),
            shapely.reverse(shapely.box(0, 0, 1, 1)),
            hole,
            shapely.MultiPolygon([shapely.box(0, 0, 1, 1)]),
            shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(5, 5, 6, 6)]),
            shapely.MultiPolygon([shapely.box(5, 5, 6, 6), shapely.box(0, 0, 1, 1)]),
            shapely.Polygon(),
        ],
        dtype=object,
    )
    taken = prints(wkb_of(shapes))
    assert len(set(taken.tolist())) == len(shapes)
    np.testing.assert_array_equal(prints(wkb_of(shapes[::-1].copy())), taken[::-1])
    assert len(prints(wkb_of(np.empty(0, dtype=object)))) == 0
    # kept on disk, so the same in every process
    assert prints(wkb_of(shapes[:1]))[0] == 6207903982619421768
