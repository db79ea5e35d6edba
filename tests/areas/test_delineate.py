"""Areas on a grid that fits in the head."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.areas.cells import clusters, corners, squares
from twentegeo.areas.delineate import AreaParams, area_ids, hot_cells, municipalities, outlines
from twentegeo.areas.wording import names, reasons

PARAMS = AreaParams(drempel_score=60, min_woningen_cel=5, min_woningen_gebied=30)


def cells(*rows: tuple[str, int, float]) -> pd.DataFrame:
    ids = pd.Index([row[0] for row in rows], dtype="str", name="cel_id")
    return pd.DataFrame(
        {"n_woningen": [row[1] for row in rows], "score_prioriteit": [row[2] for row in rows]}, index=ids
    )


def test_a_code_gives_its_south_western_corner() -> None:
    square = squares(pd.Series(["E2545N4720"], dtype="str")).iloc[0]
    assert square.bounds == (254500, 472000, 254600, 472100)


def test_cells_that_touch_at_a_corner_are_one_area_and_a_gap_parts_them() -> None:
    found = clusters(pd.Series(["E0001N3001", "E0002N3002", "E0004N3002"], dtype="str"))
    assert found[0] == found[1] != found[2]


@pytest.mark.parametrize(
    ("row", "kept"),
    [(("E2500N4700", 30, 60.0), True), (("E2500N4700", 30, 59.9), False), (("E2500N4700", 29, 90.0), False)],
)
def test_an_area_needs_a_high_score_and_enough_dwellings(row: tuple[str, int, float], kept: bool) -> None:  # noqa: FBT001
    assert (len(hot_cells(cells(row), PARAMS)) == 1) is kept


def test_a_cell_with_few_dwellings_says_too_little() -> None:
    assert hot_cells(cells(("E2500N4700", 30, 80.0), ("E2501N4700", 4, 80.0)), PARAMS).index.tolist() == ["E2500N4700"]


def test_an_area_is_named_after_its_first_cell_and_drawn_as_one() -> None:
    cluster = hot_cells(cells(("E2501N4700", 20, 80.0), ("E2500N4700", 20, 80.0)), PARAMS)
    ids = area_ids(cluster)
    assert set(ids) == {"PG-E2500N4700"}
    shape = outlines(ids).loc["PG-E2500N4700"]
    assert shape.bounds == (250000, 470000, 250200, 470100)
    assert shape.area == 20_000


@given(st.sets(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=40), st.randoms())
def test_areas_do_not_depend_on_the_order_of_cells(grid: set[tuple[int, int]], random: object) -> None:
    ids = [f"E{2500 + x:04d}N{4700 + y:04d}" for x, y in sorted(grid)]
    rows = [(cell, 40, 80.0) for cell in ids]
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first = area_ids(hot_cells(cells(*rows), PARAMS)).sort_index()
    second = area_ids(hot_cells(cells(*shuffled), PARAMS)).sort_index()
    pd.testing.assert_series_equal(first, second)
    column, row = corners(pd.Series(ids, dtype="str"))
    assert outlines(first).area.sum() == 10_000 * len(column) == 10_000 * len(row)


def inside(counts: dict[tuple[str, str], int]) -> pd.DataFrame:
    rows = [
        {"gebied_id": "PG-1", "buurt_naam": quarter, "gemeente_naam": town}
        for (quarter, town), count in counts.items()
        for _ in range(count)
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(("other", "crosses"), [(9, False), (10, True)])
def test_a_tenth_of_the_dwellings_makes_a_border_crossing(other: int, crosses: bool) -> None:  # noqa: FBT001
    place = municipalities(inside({("x", "Almelo"): 100 - other, ("y", "Wierden"): other}), PARAMS).loc["PG-1"]
    assert place["gemeenten"] == "Almelo, Wierden"
    assert bool(place["grensoverschrijdend"]) is crosses


def test_an_area_is_called_after_where_most_dwellings_are() -> None:
    called = names(inside({("Noord", "Almelo"): 3, ("Zuid", "Almelo"): 5, ("Oost", "Wierden"): 1}))
    assert called.loc["PG-1"] == "Zuid en Noord (Almelo)"


def test_reasons_are_sentences_with_numbers() -> None:
    area = pd.DataFrame(
        {
            "n_woningen": [120],
            "score_prioriteit": [78.4],
            "gemiddeld_bouwjaar": [1953.6],
            "label_dekking": [40.0],
            "aandeel_efg": [75.0],
            "aandeel_geschat": [60.0],
            "gemeenten": ["Almelo, Wierden"],
            "grensoverschrijdend": [True],
        },
        index=pd.Index(["PG-1"], name="gebied_id"),
    )
    assert reasons(area).loc["PG-1"] == (
        "120 woningen met een gemiddelde prioriteitsscore van 78 van 100. Gemiddeld bouwjaar 1954. Van de woningen"
        " heeft 40% een geldig energielabel; daarvan is 75% label E, F of G. Voor 60% is de energiescore geschat uit"
        " de bouwperiode. Het gebied ligt in meer gemeenten: Almelo, Wierden."
    )
