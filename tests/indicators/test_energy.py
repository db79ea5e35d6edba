"""Energy need of a handful of dwellings whose answer fits in the head."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.indicators.energy import EnergyParams, EnergyReference, construction_periods, energy
from twentegeo.settings import config_folder, load_reference

REFERENCE = EnergyReference(
    class_score=pd.Series({"A": 20.0, "C": 50.0, "F": 90.0}),
    periods=pd.DataFrame({"bouwperiode": ["oud", "nieuw"], "vanaf": [np.nan, 1975.0], "score": [80.0, 10.0]}),
    distribution=pd.DataFrame(
        {
            "woningsoort": ["eengezins", "eengezins", "meergezins"],
            "vanaf": [np.nan, 1975.0, np.nan],
            "A": [0.0, 100.0, 0.0],
            "C": [50.0, 0.0, 0.0],
            "F": [50.0, 0.0, 100.0],
        }
    ),
)


def dwellings(*years: int | None, pand: list[str] | None = None) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "vbo_id": pd.Series([f"015301000000000{row}" for row in range(len(years))], dtype="str"),
            "pand_id": pd.Series(pand or [f"015310000000000{row}" for row in range(len(years))], dtype="str"),
            "bouwjaar": pd.Series(list(years), dtype="Int64"),
        },
        geometry=[shapely.Point(250000 + row, 470000) for row in range(len(years))],
        crs="EPSG:28992",
    )


def labels(**letters: tuple[str | None, str | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "vbo_id": pd.Series([f"015301000000000{row[1:]}" for row in letters], dtype="str"),
            "energielabel": pd.Series([valid for valid, _ in letters.values()], dtype="str"),
            "label_verlopen": pd.Series([expired for _, expired in letters.values()], dtype="str"),
        }
    )


def test_a_registered_label_speaks_for_itself() -> None:
    judged = energy(dwellings(1930), labels(r0=("F", None)), REFERENCE, EnergyParams()).iloc[0]
    assert (judged["score_energie"], judged["p_efg"]) == (90.0, 100.0)
    assert (judged["label_status"], judged["score_bron"]) == ("geldig", "geregistreerd")


def test_without_a_label_the_period_speaks_and_says_so() -> None:
    judged = energy(dwellings(1930), labels(), REFERENCE, EnergyParams()).iloc[0]
    assert (judged["score_energie"], judged["p_efg"]) == (70.0, 50.0)
    assert (judged["label_status"], judged["score_bron"]) == ("geschat", "geschat")


def test_two_homes_in_one_pand_are_multi_family() -> None:
    judged = energy(dwellings(1930, 1930, pand=["0153100000000009"] * 2), labels(), REFERENCE, EnergyParams())
    assert judged["score_energie"].tolist() == [90.0, 90.0]


def test_an_unknown_year_without_label_stays_unknown() -> None:
    judged = energy(dwellings(None), labels(), REFERENCE, EnergyParams()).iloc[0]
    assert np.isnan(judged["score_energie"])
    assert np.isnan(judged["score_ouderdom"])
    assert (judged["label_status"], judged["score_bron"], judged["bouwperiode"]) == ("geen", "onbekend", "onbekend")


@pytest.mark.parametrize(
    ("choice", "score", "source"), [("gebruiken", 90.0, "verlopen"), ("schatten", 20.0, "geschat")]
)
def test_what_an_expired_label_counts_for_is_a_setting(choice: str, score: float, source: str) -> None:
    params = EnergyParams.model_validate({"verlopen_label": choice})
    judged = energy(dwellings(1980), labels(r0=(None, "F")), REFERENCE, params).iloc[0]
    assert (judged["score_energie"], judged["score_bron"], judged["label_status"]) == (score, source, "verlopen")


def test_a_class_that_the_table_does_not_know_is_not_guessed_at() -> None:
    judged = energy(dwellings(1930), labels(r0=("A0", None)), REFERENCE, EnergyParams()).iloc[0]
    assert (judged["label_status"], judged["score_bron"], judged["score_energie"]) == ("geldig", "geschat", 70.0)


@pytest.mark.parametrize(("year", "period"), [(1200, "oud"), (1974, "oud"), (1975, "nieuw"), (2030, "nieuw")])
def test_periods_begin_in_their_first_year(year: int, period: str) -> None:
    assert construction_periods(pd.Series([year], dtype="Int64"), REFERENCE).tolist() == [period]


@given(st.lists(st.one_of(st.none(), st.integers(1001, 2100)), min_size=1, max_size=9))
def test_real_figures_give_a_score_exactly_where_something_is_known(years: list[int | None]) -> None:
    judged = energy(dwellings(*years), labels(), load_reference(config_folder()).energy, EnergyParams())
    known = [year is not None for year in years]
    assert judged["score_energie"].between(0, 100).tolist() == known
    assert judged["p_efg"].between(0, 100).tolist() == known


def test_worse_classes_score_higher_in_the_real_figures() -> None:
    scores = load_reference(config_folder()).energy.class_score
    assert scores.loc["A++++":].is_monotonic_increasing
    assert scores["G"] == 100
