"""Measures and walls of outlines: what stayed is taken over, and the answer is that of a whole measurement."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.indicators import outlines
from twentegeo.indicators.outlines import Outlines, measured, outlines_of, rules
from twentegeo.tables.shapes import Mapped
from twentegeo.tables.wkb import wkb_of

BY = (0.15, 2.0)

HOUSES = st.dictionaries(
    st.integers(0, 11),
    st.tuples(st.sampled_from([6.0, 5.9, 5.0, 12.0]), st.sampled_from([10.0, 1.0, 8.0]), st.integers(0, 2)),
    max_size=12,
)
"""By place in a block of three rows of four: width, depth, and number of dwellings."""


def block(houses: dict[int, tuple[float, float, int]]) -> Mapped:
    places = sorted(houses)
    shapes = [
        shapely.box(250000 + 6 * (i % 4), 470000 + 10 * (i // 4), 250000 + 6 * (i % 4) + w, 470000 + 10 * (i // 4) + d)
        for i in places
        for w, d, _ in [houses[i]]
    ]
    rows = {
        "pand_id": pd.Series([f"01531000000000{i:02d}" for i in places], dtype="str"),
        "n_woningen": pd.array([houses[i][2] for i in places], dtype="Int64"),
        "bouwjaar": pd.array([1960] * len(places), dtype="Int64"),
    }
    return Mapped.of(gpd.GeoDataFrame(rows, geometry=shapes, crs=28992))


def kept(found: Outlines) -> dict[str, pd.DataFrame]:
    return {**found.tables(), "regels": rules(*BY)}


def same(one: Outlines, other: Outlines) -> None:
    for name, table in one.tables().items():
        pd.testing.assert_frame_equal(table, other.tables()[name], check_exact=True)


def test_a_turned_house_has_its_sides() -> None:
    house = shapely.affinity.rotate(shapely.box(0, 0, 5.4, 9), 30)
    line = shapely.Polygon([(0, 0), (10, 0), (20, 0), (0, 0)])
    found = measured(wkb_of(np.array([house, line], dtype=object)))
    assert found["kort_m"].tolist() == pytest.approx([5.4, 0])
    assert found["lang_m"].tolist() == pytest.approx([9, 0])
    assert found["oppervlakte_m2"].tolist() == pytest.approx([48.6, 0])
    assert found["omtrek_m"].tolist() == pytest.approx([28.8, 40])


def test_only_dwellings_have_walls() -> None:
    found = outlines_of(block({0: (6, 10, 1), 1: (6, 10, 0), 2: (6, 10, 1), 3: (6, 10, 2)}), *BY)
    assert found.panden["pand_id"].str[-1].tolist() == ["0", "2", "3"]
    walls = found.walls
    assert list(zip(walls.first, walls.second, walls.length, strict=True)) == [(1, 2, 10.0)]


@given(before=HOUSES, tonight=HOUSES)
def test_what_stayed_is_taken_over_and_the_answer_is_that_of_a_whole_measurement(
    before: dict[int, tuple[float, float, int]], tonight: dict[int, tuple[float, float, int]]
) -> None:
    earlier = kept(outlines_of(block(before), *BY))
    same(outlines_of(block(tonight), *BY, earlier), outlines_of(block(tonight), *BY))


def test_a_house_that_grew_is_all_that_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    street = dict.fromkeys(range(12), (6.0, 10.0, 1))
    earlier = kept(outlines_of(block(street), *BY))
    decoded: list[int] = []
    decode = outlines._decoded
    monkeypatch.setattr(outlines, "_decoded", lambda wkb, rows: decoded.append(len(rows)) or decode(wkb, rows))

    found = outlines_of(block({**street, 0: (5.9, 10.0, 1)}), *BY, earlier)

    # its measures; then its walls, with the three houses around it
    assert decoded == [1, 4]
    same(found, outlines_of(block({**street, 0: (5.9, 10.0, 1)}), *BY))


def test_by_other_rules_walls_are_others() -> None:
    street = block({0: (5.9, 10, 1), 1: (6, 10, 1)})
    earlier = kept(outlines_of(street, *BY))
    strict = outlines_of(street, 0.01, 2.0, earlier)
    assert len(outlines_of(street, *BY).walls.first) == 1
    assert len(strict.walls.first) == 0


def test_it_is_read_as_it_was_kept() -> None:
    found = outlines_of(block({0: (6, 10, 1), 1: (6, 10, 2), 4: (6, 10, 1)}), *BY)
    same(Outlines.read(panden=found.tables()["omtrek"], muren=found.tables()["muren"]), found)
