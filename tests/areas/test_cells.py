"""The grid of hectares."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.areas.cells import clusters, corners, squares


def test_a_code_gives_its_south_western_corner() -> None:
    square = squares(pd.Series(["E2545N4720"], dtype="str")).iloc[0]
    assert square.bounds == (254500, 472000, 254600, 472100)


def test_cells_that_touch_at_a_corner_are_one_group_and_a_gap_parts_them() -> None:
    found = clusters(pd.Series(["E0001N3001", "E0002N3002", "E0004N3002"], dtype="str"))
    assert found[0] == found[1] != found[2]


@given(st.sets(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=40), st.randoms())
def test_groups_do_not_depend_on_the_order_of_cells(grid: set[tuple[int, int]], random: object) -> None:
    ids = [f"E{2500 + x:04d}N{4700 + y:04d}" for x, y in sorted(grid)]
    shuffled = list(ids)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first = pd.Series(clusters(pd.Series(ids, dtype="str")), index=ids)
    second = pd.Series(clusters(pd.Series(shuffled, dtype="str")), index=shuffled)
    assert first.to_dict() == second.reindex(ids).to_dict()
    column, row = corners(pd.Series(ids, dtype="str"))
    assert set(zip(column - 2500, row - 4700, strict=True)) == grid
