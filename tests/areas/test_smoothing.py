"""Need per cell, held against what its housing leads one to expect."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.areas.smoothing import SmoothingParams, cell_need, expected_need, shrink


def homes(rows: list[tuple[str, str, float]], **more: object) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["cel_id", "pand_id", "tekort"])
    return frame.assign(verwacht=50.0, **more)


def test_shrinking_by_hand() -> None:
    """Two cells of 4 and 1 with excess +0.5 and -1, one dwelling varying by 0.1; mean 0.2."""
    smooth, standard = shrink(np.array([0.5, -1.0, np.nan]), np.array([4.0, 1.0, 0.0]), np.array([0.1, 0.1, 0.1]))
    squares = 4 * 0.3**2 + 1 * 1.2**2
    between = (squares - 0.1 * (1 / 5 + 4 / 5)) / (5 - 17 / 5)
    np.testing.assert_allclose(smooth[0], 0.2 + between / (between + 0.025) * 0.3)
    np.testing.assert_allclose(smooth[1], 0.2 - between / (between + 0.1) * 1.2)
    np.testing.assert_allclose(standard[0], 0.3 / np.sqrt(between + 0.025))
    assert np.isnan(smooth[2])
    assert np.isnan(standard[2])


@given(st.lists(st.tuples(st.floats(-1, 1), st.integers(1, 200)), min_size=2, max_size=30))
def test_a_smoothed_excess_lies_between_its_own_and_that_of_all(cells: list[tuple[float, int]]) -> None:
    excess, count = np.array([each[0] for each in cells]), np.array([float(each[1]) for each in cells])
    smooth, _ = shrink(excess, count, np.full(len(cells), 0.2))
    mean = (excess * count).sum() / count.sum()
    low, high = np.minimum(excess, mean), np.maximum(excess, mean)
    assert (smooth >= low - 1e-9).all()
    assert (smooth <= high + 1e-9).all()


def test_more_dwellings_are_believed_more() -> None:
    smooth, _ = shrink(np.array([0.5, 0.5, -0.5]), np.array([2.0, 50.0, 52.0]), np.full(3, 0.2))
    assert smooth[0] < smooth[1] < 0.5


def test_a_cell_counts_its_dwellings_once_and_its_evidence_apart() -> None:
    cells = cell_need(
        homes([("E1N1", "a", 100), ("E1N1", "b", 0), ("E1N1", "b", np.nan), ("E2N1", "c", 100)], is_bewijs=[1, 1, 1, 0])
    )
    assert cells["n_woningen"].tolist() == [3, 1]
    assert cells["n_bekend"].tolist() == [2, 0]
    assert cells.loc["E1N1", "tekort"] == 50
    assert cells.loc["E2N1", ["tekort", "overschot", "overschot_glad", "overschot_z"]].isna().all()


def test_homes_built_together_are_believed_less() -> None:
    """The same homes, once each in a building of its own and once forty to a flat, all of one mind."""
    rng = np.random.default_rng(3)
    flat = np.repeat(np.arange(60), 40)
    bad = 100.0 * (rng.random(60) < 0.5)[flat]
    cell = [f"E{2500 + number // 4:04d}N4700" for number in flat]
    together = pd.DataFrame({"cel_id": cell, "pand_id": flat, "tekort": bad, "verwacht": 50.0})
    apart = together.assign(pand_id=np.arange(len(flat)))
    spread = [cell_need(each)["overschot_glad"].std() for each in (together, apart)]
    assert spread[0] < 0.6 * spread[1]


def test_expectation_by_kind_leaves_age_out_and_by_region_leaves_it_in() -> None:
    rows = pd.DataFrame({"bouwperiode": ["oud"] * 4 + ["nieuw"] * 4, "tekort": [100, 100, 100, 0, 0, 0, 0, 0]})
    by_kind = expected_need(rows, ["bouwperiode"], SmoothingParams(steun_groep=0))
    assert by_kind.tolist() == [75] * 4 + [0] * 4
    assert expected_need(rows, ["bouwperiode"], SmoothingParams(vergelijking="regio")).tolist() == [37.5] * 8
    steadied = expected_need(rows, ["bouwperiode"], SmoothingParams(steun_groep=4))
    assert steadied.iloc[0] == pytest.approx((300 + 4 * 37.5) / 8)


def test_an_estimate_is_no_evidence_of_what_is_ordinary() -> None:
    rows = pd.DataFrame({"soort": ["een"] * 3, "tekort": [100.0, 0.0, 10.0], "is_bewijs": [True, True, False]})
    assert expected_need(rows, ["soort"], SmoothingParams()).tolist() == [50, 50, 50]


def test_nothing_known_is_nothing_expected() -> None:
    rows = pd.DataFrame({"cel_id": ["E1N1"], "pand_id": ["a"], "soort": [None], "tekort": [np.nan]})
    rows["verwacht"] = expected_need(rows, ["soort"], SmoothingParams())
    assert rows["verwacht"].isna().all()
    assert cell_need(rows)["n_bekend"].tolist() == [0]
