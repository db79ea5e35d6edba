"""Summing dwellings up: four homes, two areas, one home nowhere."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.priority.summary import rank, summarise

HOMES = pd.DataFrame(
    {
        "buurt": pd.Series(["B", "A", "A", "A", None], dtype="str"),
        "energielabel": pd.Series([None, "F", "B", None, "G"], dtype="str"),
        "label_status": ["geschat", "geldig", "geldig", "verlopen", "geldig"],
        "score_bron": ["geschat", "geregistreerd", "geregistreerd", "verlopen", "geregistreerd"],
        "bouwjaar": pd.Series([None, 1950, 1970, None, 1900], dtype="Int64"),
        "score_energie": [np.nan, 90.0, 40.0, 50.0, 100.0],
        "p_efg": [np.nan, 100.0, 0.0, 50.0, 100.0],
    }
)


def test_an_area_counts_its_own_dwellings() -> None:
    area = summarise(HOMES, "buurt").loc["A"]
    assert (area["n_woningen"], area["n_labels"]) == (3, 2)
    assert area["label_dekking"] == 200 / 3
    assert area["aandeel_efg"] == 50
    assert area["gemiddeld_bouwjaar"] == 1960
    assert (area["score_energie"], area["aandeel_efg_verwacht"]) == (60, 50)
    assert (area["label_slechtste"], area["label_beste"]) == ("F", "B")


def test_an_area_without_labels_says_nothing_of_them() -> None:
    area = summarise(HOMES, "buurt").loc["B"]
    assert (area["n_woningen"], area["label_dekking"], area["aandeel_geschat"]) == (1, 0, 100)
    assert np.isnan(area["aandeel_efg"])
    assert np.isnan(area["score_energie"])
    assert pd.isna(area["label_slechtste"])


def test_a_dwelling_nowhere_counts_nowhere() -> None:
    assert summarise(HOMES, "buurt")["n_woningen"].sum() == 4


def test_no_dwellings_give_no_areas() -> None:
    assert summarise(HOMES.iloc[:0], "buurt").empty


def test_equal_scores_share_a_rank_and_unknown_has_none() -> None:
    assert rank(pd.Series([10.0, 30.0, 30.0, np.nan])).tolist() == [3, 1, 1, pd.NA]


@given(st.permutations(range(len(HOMES))))
def test_the_order_of_dwellings_does_not_matter(order: list[int]) -> None:
    pd.testing.assert_frame_equal(summarise(HOMES.iloc[order], "buurt"), summarise(HOMES, "buurt"))


def test_an_unknown_class_is_neither_best_nor_worst() -> None:
    homes = HOMES.assign(energielabel=pd.Series([None, "A0", "B", None, "G"], dtype="str"))
    area = summarise(homes, "buurt").loc["A"]
    assert (area["label_slechtste"], area["label_beste"], area["n_labels"]) == ("B", "B", 2)
