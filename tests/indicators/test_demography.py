"""Figures about people, and the intervals that CBS's rounding leaves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twentegeo.indicators.ageing import people
from twentegeo.indicators.demography import AGES, DemographyParams, intervals
from twentegeo.indicators.household_prognosis import household_change

PARAMS = DemographyParams()


def buurt(number: int) -> str:
    return f"BU0153{number:04d}"


def figures(*rows: tuple[int, str, float | None, str | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "buurt_code": pd.Series([buurt(row[0]) for row in rows], dtype="str"),
            "indicator": pd.Series([row[1] for row in rows], dtype="str"),
            "waarde": pd.Series([row[2] for row in rows], dtype="float64"),
            "niveau": pd.Series([row[3] for row in rows], dtype="str"),
        }
    )


def bounds(table: pd.DataFrame, row: int = 0) -> tuple[float, float]:
    return tuple(table.loc[row, ["waarde_laag", "waarde_hoog"]].astype("float64"))


@pytest.mark.parametrize(
    ("name", "value", "low", "high", "sigma"),
    [
        ("aantal_inwoners", 40, 37.5, 42.5, 1.4434),
        ("aantal_inwoners", 0, 0, 2.5, 1.4434),
        ("aandeel_65plus", 20, 19.5, 20.5, 0.28868),
        ("aandeel_65plus", 100, 99.5, 100, 0.28868),
        ("huishoudensgrootte", 2.1, 2.05, 2.15, 0.028868),
    ],
)
def test_a_rounded_figure_has_half_a_step_either_way(name: str, value: float, low: float, high: float, sigma: float):
    table, _ = intervals(figures((1, name, value, "buurt")), {}, PARAMS)
    assert bounds(table) == pytest.approx((low, high))
    assert table["sigma_waarde"].tolist() == pytest.approx([sigma], rel=1e-3)


def test_a_withheld_count_is_an_interval_and_no_number() -> None:
    table, told = intervals(
        figures((1, "aantal_huishoudens", None, None), (2, "aantal_huishoudens", 100.0, "buurt")), {}, PARAMS
    )
    assert bounds(table) == (0, 9)
    assert table["waarde"].isna().tolist() == [True, False]
    assert np.isnan(table["sigma_waarde"].iloc[0])
    assert "aandeel_75plus" in told
    assert "aantal_huishoudens" not in told


def test_a_share_that_no_level_gives_has_no_bounds_and_a_column_never_given_is_told() -> None:
    table, told = intervals(
        figures(
            (1, "aandeel_65plus", None, None),
            (2, "aandeel_65plus", 20.0, "buurt"),
            (1, "aandeel_eenpersoons", None, None),
            (2, "gasverbruik_m3", 1200.0, "buurt"),
        ),
        {},
        PARAMS,
    )
    assert np.isnan(bounds(table)).all()
    assert set(table["indicator"]) == {"aandeel_65plus"}
    assert "aandeel_eenpersoons" in told


def levels(apart: list[float]) -> dict[str, pd.DataFrame]:
    return {
        "buurt": pd.DataFrame({"wijk_code": "WK015300", "aandeel_65plus": [20 + step for step in apart]}),
        "wijk": pd.DataFrame({"wijk_code": ["WK015300"], "aandeel_65plus": [20.0]}),
    }


def test_a_stand_in_is_as_wide_as_neighbourhoods_lie_apart() -> None:
    given_ = figures((1, "aandeel_65plus", 20.0, "wijk"))
    table, _ = intervals(given_, levels([-5, 5] * 4), PARAMS)
    sigma = np.sqrt(1 / 12 + 25)
    assert table["sigma_waarde"].tolist() == pytest.approx([sigma])
    assert bounds(table) == pytest.approx((20 - 1.96 * sigma, 20 + 1.96 * sigma))
    assert table["niveau"].tolist() == ["wijk"]


def test_too_few_neighbourhoods_leave_the_whole_range() -> None:
    table, _ = intervals(figures((1, "aandeel_65plus", 20.0, "wijk")), levels([-5, 5]), PARAMS)
    assert bounds(table) == (0, 100)
    assert np.isnan(table["sigma_waarde"].iloc[0])


@given(st.floats(0, 100), st.sampled_from(["aandeel_65plus", "aantal_inwoners", "huishoudensgrootte"]))
@settings(max_examples=30, deadline=None)
def test_the_value_lies_within_its_bounds(value: float, name: str) -> None:
    table, _ = intervals(figures((1, name, value, "buurt")), {}, PARAMS)
    low, high = bounds(table)
    assert low <= value <= high


# derived figures

PLACES = pd.DataFrame({"buurt_code": [buurt(2), buurt(1)], "gemeente_code": ["GM0153", "GM0153"]})
HOMES = pd.DataFrame(
    {
        "buurt_code": [buurt(1)] * 4,
        "oppervlakte_m2": pd.array([140, 120, 60, None], dtype="Int64"),
    }
)


def bounded(**values: float) -> pd.DataFrame:
    return intervals(figures(*((1, name, value, "buurt") for name, value in values.items())), {}, PARAMS)[0]


def test_mismatch_needs_large_dwellings_and_small_ageing_households() -> None:
    found = people(bounded(aandeel_65plus=30, aandeel_eenpersoons=40, huishoudensgrootte=2.0), PLACES, HOMES, PARAMS)
    row, other = found.buurten.iloc[0], found.buurten.iloc[1]
    assert row["aandeel_groot"] == pytest.approx(200 / 3)
    assert row["woonruimte_m2_pp"] == pytest.approx(320 / 3 / 2)
    assert row["mismatch"] == pytest.approx((200 / 3 * 30 * 40) ** (1 / 3))
    assert row["mismatch_laag"] < row["mismatch"] < row["mismatch_hoog"]
    assert other.drop("buurt_code").isna().all()
    assert any("leeg in 1 van 2 buurten" in line for line in found.left_out)
    ages = "aandeel_15_24, aandeel_25_44, aandeel_45_64"
    assert f"grijze_druk: niet te berekenen zonder {ages}" in found.left_out
    assert any(line.startswith("hh_prognose") for line in found.left_out)


def test_without_people_only_dwellings_remain() -> None:
    found = people(bounded(), PLACES, HOMES, PARAMS)
    assert found.buurten["mismatch"].isna().all()
    assert {line.split(":")[0] for line in found.left_out} >= {"grijze_druk", "mismatch", "woonruimte_m2_pp"}


def test_grijze_druk_lies_between_all_and_none_of_the_youths() -> None:
    ages = dict(zip(AGES, (10, 25, 30), strict=True))
    row = people(bounded(aandeel_65plus=20, **ages), PLACES, HOMES, PARAMS).buurten.iloc[0]
    assert row["grijze_druk"] == pytest.approx(100 * 20 / 60)
    assert row["grijze_druk_laag"] == pytest.approx(100 * 19.5 / 66.5)
    assert row["grijze_druk_hoog"] == pytest.approx(100 * 20.5 / 54)
    assert row["grijze_druk_niveau"] == "buurt"


def test_the_level_of_a_derived_figure_is_that_of_its_furthest_ingredient() -> None:
    values = {"aandeel_65plus": 20.0, "aandeel_eenpersoons": 40.0, **dict(zip(AGES, (10.0, 25.0, 30.0), strict=True))}
    level = {"aandeel_eenpersoons": "gemeente", "aandeel_25_44": "wijk"}
    rows = figures(*((1, name, value, level.get(name, "buurt")) for name, value in values.items()))
    found = people(intervals(rows, {}, PARAMS)[0], PLACES, HOMES, PARAMS).buurten
    assert found["grijze_druk_niveau"].fillna("-").tolist() == ["wijk", "-"]
    assert found["mismatch_niveau"].fillna("-").tolist() == ["gemeente", "-"]


def prognosis(years: dict[int, tuple[float | None, float | None, float | None]], code: str = "GM0153") -> pd.DataFrame:
    rows: list[dict[str, Any]] = [
        {"gemeente_code": code, "variant": variant, "jaar": year, "huishoudens": number}
        for year, numbers in years.items()
        for variant, number in zip(("laag", "midden", "hoog"), numbers, strict=True)
        if number is not None
    ]
    return pd.DataFrame(rows)


YEARS: dict[int, tuple[float | None, float | None, float | None]] = {
    2020: (50, 50, 50),
    2025: (100, 100, 100),
    2040: (95, 102, 110),
    2050: (200, 200, 200),
}


def test_the_prognosis_stops_at_its_horizon_and_stays_a_municipal_scenario() -> None:
    found = people(bounded(), PLACES, HOMES, PARAMS, prognosis(YEARS), peiljaar=2026).buurten
    assert found["hh_prognose_laag"].tolist() == pytest.approx([-5, -5])
    assert found["hh_prognose_midden"].tolist() == pytest.approx([2, 2])
    assert found["hh_prognose_hoog"].tolist() == pytest.approx([10, 10])
    assert found["prognose_vanaf"].tolist() == [2025, 2025]
    assert found["prognose_horizon"].tolist() == [2040, 2040]


@pytest.mark.parametrize(("peiljaar", "begin"), [(None, 2020), (2010, 2020), (2024, 2020), (2025, 2025)])
def test_the_prognosis_counts_from_the_year_of_the_data(peiljaar: int | None, begin: int) -> None:
    change, told = household_change(prognosis(YEARS), PARAMS, peiljaar)
    assert (change["prognose_vanaf"].tolist(), told) == ([begin], [])


def test_variants_speak_of_the_same_years() -> None:
    ragged = YEARS | {2035: (90, 101, None), 2040: (95, None, 110)}
    change, _ = household_change(prognosis(ragged), PARAMS)
    assert change[["prognose_vanaf", "prognose_horizon"]].to_numpy().tolist() == [[2020, 2025]]
    only = prognosis({2020: (None, 50, None), 2040: (None, 75, None)})
    change, _ = household_change(only, PARAMS)
    assert change["hh_prognose_midden"].tolist() == [50]
    assert change[["hh_prognose_laag", "hh_prognose_hoog"]].isna().all().all()


@pytest.mark.parametrize("years", [{2025: (1, 1, 1)}, {2025: (1, 1, 1), 2041: (2, 2, 2)}, {2041: (1, 1, 1)}])
def test_one_year_is_no_change_and_is_told(years: dict[int, Any]) -> None:
    whole = prognosis(YEARS, "GM0164")
    found = people(bounded(), PLACES, HOMES, PARAMS, pd.concat([whole, prognosis(years)]), peiljaar=2026)
    assert found.buurten[["hh_prognose_midden", "prognose_vanaf"]].isna().all().all()
    assert "hh_prognose: voor GM0153 geen twee jaren tot en met 2040" in found.left_out
