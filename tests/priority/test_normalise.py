"""Frozen limits, percentiles and the mean within a pillar."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from twentegeo.priority.normalise import Norms, freeze, normalise, percentile, pillar_sigma, pillars

FIGURES = Path(__file__).resolve().parents[2] / "config" / "reference"


def norms(*rows: tuple[str, str, float, float, float]) -> Norms:
    return Norms(
        pd.DataFrame(rows, columns=["pijler", "indicator", "gewicht", "onder", "boven"]).assign(niveau="gebied")
    )


TWO = norms(("vergrijzing", "oud", 3, 10, 30), ("vergrijzing", "alleen", 1, 0, 100), ("energie", "score", 1, 0, 100))


def test_limits_become_0_and_100_and_beyond_is_cut_off() -> None:
    assert normalise(np.array([0.0, 10, 20, 30, 99, np.nan]), 10, 30) == pytest.approx(
        [0, 0, 50, 100, 100, np.nan], nan_ok=True
    )


def test_equal_values_share_a_percentile() -> None:
    assert percentile(np.array([1.0, 1, 5, np.nan])) == pytest.approx([100 / 3, 100 / 3, 250 / 3, np.nan], nan_ok=True)


@given(arrays("float64", st.integers(1, 30), elements=st.integers(0, 9).map(float)))
def test_percentiles_average_to_the_middle(values: Any) -> None:
    place = percentile(values)
    assert place.mean() == pytest.approx(50)
    assert 0 < place.min() <= place.max() < 100


def test_a_frozen_vintage_leaves_a_fortieth_at_either_side() -> None:
    assert freeze(np.append(np.arange(1001.0), np.nan)) == pytest.approx((25, 975))


def test_within_a_pillar_the_mean_is_arithmetic() -> None:
    frame = pd.DataFrame({"oud": [20.0], "alleen": [90.0], "score": [40.0]}, index=["BU01530001"])
    found = pillars(frame, "gebied", TWO)
    assert found.table.loc["BU01530001"].to_dict() == pytest.approx({"vergrijzing": (3 * 50 + 90) / 4, "energie": 40})
    assert found.left_out == []


def test_what_is_missing_is_told_and_the_rest_speaks() -> None:
    frame = pd.DataFrame({"oud": [20.0, np.nan, 20], "alleen": [90.0, 90, np.nan]})
    found = pillars(frame, "gebied", TWO)
    assert found.table["vergrijzing"].tolist() == pytest.approx([60, 90, 50])
    assert list(found.table) == ["vergrijzing"]
    assert found.left_out == [
        "oud: leeg bij 1 van 3 rijen in pijler vergrijzing",
        "alleen: leeg bij 1 van 3 rijen in pijler vergrijzing",
        "score: ontbreekt, telt niet mee in pijler energie",
        "pijler energie: weggelaten, geen enkele indicator",
    ]


def test_a_row_without_any_indicator_has_no_pillar() -> None:
    found = pillars(pd.DataFrame({"oud": [20.0, np.nan]}), "gebied", TWO)
    assert found.table["vergrijzing"].tolist() == pytest.approx([50, np.nan], nan_ok=True)


def test_standard_errors_follow_the_weights() -> None:
    """Of `oud` 2 points on a range of 20 are 10 on 100, for three quarters; of `alleen` 4 for one quarter."""
    found = pillar_sigma(pd.DataFrame({"oud": [2.0, np.nan], "alleen": [4.0, 4.0]}), "gebied", TWO)
    assert found["vergrijzing"].tolist() == pytest.approx([np.hypot(7.5, 1), 1])
    assert list(found) == ["vergrijzing"]


def test_limits_are_found_by_name() -> None:
    assert TWO.limits("gebied", "oud") == (10, 30)


def test_tonight_does_not_move_a_score_because_a_neighbour_did() -> None:
    one = pillars(pd.DataFrame({"oud": [20.0, 12.0]}), "gebied", TWO).table["vergrijzing"].iloc[0]
    other = pillars(pd.DataFrame({"oud": [20.0, 29.0]}), "gebied", TWO).table["vergrijzing"].iloc[0]
    assert one == other


@pytest.mark.parametrize("row", [("p", "i", 1, 30, 10), ("p", "i", 0, 10, 30), ("p", "i", 1, 10, 10)])
def test_impossible_limits_are_refused(row: Any) -> None:
    with pytest.raises(ValueError, match="indicator i"):
        norms(row)


def test_the_shipped_limits_are_sound_and_sourced() -> None:
    table = pd.read_csv(FIGURES / "normering.csv")
    Norms(table)
    assert table[["eenheid", "jaargang", "bron"]].notna().all().all()
    assert not table.duplicated(["niveau", "indicator"]).any()


def test_the_limits_of_ageing_are_those_of_the_vintage(shared_data: Path) -> None:
    """CBS 2021, the neighbourhoods of Twente with at least 200 inhabitants."""
    from twentegeo.sources.cbs.columns import find  # noqa: PLC0415

    gpd = pytest.importorskip("geopandas")
    path = shared_data / "cbs" / "twente-2021" / "buurten.shp"
    if not path.exists():
        pytest.skip("de buurten van Twente 2021 staan niet in ../shared/data")
    table = gpd.read_file(path, ignore_geometry=True)
    names = find(list(table.columns))
    large = table[table[names["aantal_inwoners"]] >= 200]
    limits = pd.read_csv(FIGURES / "normering.csv").set_index(["niveau", "indicator"]).loc["gebied"]
    for indicator in ("aandeel_65plus", "aandeel_eenpersoons"):
        values = large[names[indicator]].astype("float64")
        found = freeze(values.where(values >= 0).to_numpy())
        assert limits.loc[indicator, ["onder", "boven"]].astype("float64").tolist() == pytest.approx(found, abs=0.1)
