"""Energy need of a handful of dwellings whose answer fits in the head."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.figures import load_reference
from twentegeo.indicators.energy import EnergyParams, EnergyReference, construction_periods, energy
from twentegeo.settings import config_folder
from twentegeo.tables.columns.estimate import KANS_KOLOMMEN, LABELKLASSEN

REFERENCE = EnergyReference(
    class_score=pd.Series({"A+": 10.0, "A": 20.0, "B": 30.0, "C": 50.0, "D": 60.0, "E": 70.0, "F": 90.0, "G": 100.0}),
    periods=pd.DataFrame({"bouwperiode": ["oud", "nieuw"], "vanaf": [np.nan, 1975.0], "score": [80.0, 10.0]}),
)


def chances(*rows: dict[str, float] | None) -> pd.DataFrame:
    """Chances in percent by class; None for a dwelling of which nothing is known."""
    table = pd.DataFrame(np.nan, index=range(len(rows)), columns=list(KANS_KOLOMMEN))
    for number, row in enumerate(rows):
        if row is not None:
            table.loc[number] = [100 * row.get(name, 0.0) for name in LABELKLASSEN]
    return table


HALF_C_HALF_F = {"C": 0.5, "F": 0.5}


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
    judged = energy(dwellings(1930), labels(r0=("F", None)), chances({"A": 1.0}), REFERENCE, EnergyParams()).iloc[0]
    assert judged["score_energie"] == 90.0
    assert (judged["label_status"], judged["score_bron"]) == ("geldig", "geregistreerd")


def test_without_a_label_the_chances_speak_and_say_so() -> None:
    judged = energy(dwellings(1930), labels(), chances(HALF_C_HALF_F), REFERENCE, EnergyParams()).iloc[0]
    assert judged["score_energie"] == 70.0
    assert (judged["label_status"], judged["score_bron"]) == ("geschat", "geschat")


def test_the_pooled_class_scores_as_its_worst_member() -> None:
    judged = energy(dwellings(2022), labels(), chances({"A+ en beter": 1.0}), REFERENCE, EnergyParams()).iloc[0]
    assert judged["score_energie"] == 10.0


def test_a_dwelling_of_which_nothing_is_known_stays_unknown() -> None:
    judged = energy(dwellings(None), labels(), chances(None), REFERENCE, EnergyParams()).iloc[0]
    assert np.isnan(judged["score_energie"])
    assert (judged["label_status"], judged["score_bron"], judged["bouwperiode"]) == ("geen", "onbekend", "onbekend")


@pytest.mark.parametrize(
    ("choice", "score", "source"), [("gebruiken", 90.0, "verlopen"), ("schatten", 70.0, "geschat")]
)
def test_what_an_expired_label_counts_for_is_a_setting(choice: str, score: float, source: str) -> None:
    params = EnergyParams.model_validate({"verlopen_label": choice})
    judged = energy(dwellings(1980), labels(r0=(None, "F")), chances(HALF_C_HALF_F), REFERENCE, params).iloc[0]
    assert (judged["score_energie"], judged["score_bron"], judged["label_status"]) == (score, source, "verlopen")


def test_a_class_that_the_table_does_not_know_is_not_guessed_at() -> None:
    judged = energy(dwellings(1930), labels(r0=("A0", None)), chances(HALF_C_HALF_F), REFERENCE, EnergyParams()).iloc[0]
    assert (judged["label_status"], judged["score_bron"], judged["score_energie"]) == ("geldig", "geschat", 70.0)


@pytest.mark.parametrize(("year", "period"), [(1200, "oud"), (1974, "oud"), (1975, "nieuw"), (2030, "nieuw")])
def test_periods_begin_in_their_first_year(year: int, period: str) -> None:
    assert construction_periods(pd.Series([year], dtype="Int64"), REFERENCE).tolist() == [period]


@given(st.lists(st.tuples(*[st.floats(0.01, 1)] * 8), min_size=1, max_size=9))
def test_an_estimate_lies_between_the_best_and_the_worst_class(rows: list[tuple[float, ...]]) -> None:
    shares = [dict(zip(LABELKLASSEN, np.array(row) / sum(row), strict=True)) for row in rows]
    reference = load_reference(config_folder()).energy
    judged = energy(dwellings(*[1950] * len(rows)), labels(), chances(*shares), reference, EnergyParams())
    scores = reference.pooled_score
    assert judged["score_energie"].between(scores.min() - 1e-9, scores.max() + 1e-9).all()


def test_worse_classes_score_higher_in_the_real_figures() -> None:
    scores = load_reference(config_folder()).energy.class_score
    assert scores.loc["A++++":].is_monotonic_increasing
    assert scores["G"] == 100
