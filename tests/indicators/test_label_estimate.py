"""What is published of an estimate: grades, bounds, areas, and what a registered label is worth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.indicators.label_world import Home, exact, judge
from tests.indicators.test_label_model import WORLDS
from twentegeo.indicators.label_areas import label_areas
from twentegeo.indicators.label_estimate import chance_table, class_at, content, tail_for
from twentegeo.indicators.label_evidence import pooled_class
from twentegeo.indicators.label_model import LabelModelParams
from twentegeo.tables.columns.estimate import KANS_KOLOMMEN, LABELKLASSEN

CHANCES = st.lists(st.lists(st.floats(0.001, 1), min_size=8, max_size=8), min_size=1, max_size=9).map(
    lambda rows: np.array(rows) / np.sum(rows, axis=1, keepdims=True)
)


def test_a_label_by_nta_8800_is_certain() -> None:
    row = judge([Home(letter="G"), *[Home(letter="A")] * 30]).table.iloc[0]
    assert row["bewijsgraad"] == "A_geregistreerd_nta8800"
    assert [row[name] for name in ("label_verwacht", "label_p10", "label_p90", "p_efg")] == ["G", "G", "G", 100.0]
    assert pd.isna(row["schatting_niveau"])
    assert pd.isna(row["n_bewijs"])


@pytest.mark.parametrize(
    "home",
    [
        Home(letter="G", method="vereenvoudigd"),
        Home(letter="G", method="nader_voorschrift", expired=True),
        Home(letter="G", method="nta8800", expired=True),
    ],
)
def test_an_older_or_expired_label_keeps_its_letter_but_is_less_sure(home: Home) -> None:
    row = judge([home, *[Home(letter="E")] * 30]).table.iloc[0]
    assert (row["bewijsgraad"], row["label_verwacht"], row["label_p90"]) == ("B_geregistreerd_ouder", "G", "G")
    assert row["label_p10"] == "E"
    assert row["p_efg"] > 90


def test_better_than_a_is_one_class_and_an_unknown_class_is_none() -> None:
    letters = pd.Series(["A++++", "A+", "A", "G", "A0", None], dtype="str")
    assert pooled_class(letters).tolist() == [0, 0, 1, 7, -1, -1]
    assert judge([Home(letter="A0"), Home(letter="A+++")]).table["bewijsgraad"].tolist() == [
        "E_geschat_type_periode",
        "A_geregistreerd_nta8800",
    ]


def test_the_grade_tells_where_the_labels_lie() -> None:
    series, elsewhere = "0153100000000009", "BU01530002"
    near, far = [Home(letter="D")] * 3, [Home(letter="D", buurt=elsewhere)] * 3
    own = [Home(letter="D", series=series)] * 2
    grade = {
        name: tuple(judge(homes).table[["bewijsgraad", "schatting_niveau"]].iloc[0])
        for name, homes in {
            "blok": [Home(series=series), *own],
            "buurt": [Home(), *near],
            "wijk": [Home(), *far],
            "gemeente": [Home(), *(home.but(buurt="BU01530101") for home in far)],
            "regio": [Home(), *(home.but(buurt="BU01640001") for home in far)],
            "landelijk": [Home(), *(home.but(kind="vrijstaand") for home in near)],
        }.items()
    }
    assert grade == {
        "blok": ("C_geschat_blok", "blok"),
        "buurt": ("D_geschat_buurt", "buurt"),
        "wijk": ("E_geschat_type_periode", "wijk"),
        "gemeente": ("E_geschat_type_periode", "gemeente"),
        "regio": ("E_geschat_type_periode", "regio"),
        "landelijk": ("E_geschat_type_periode", "landelijk"),
    }


def test_a_neighbourhood_without_labels_says_what_its_district_says() -> None:
    elsewhere = [Home(letter="F", buurt="BU01530002")] * 9
    silent, beside = judge([Home(buurt="BU01530001"), Home(buurt="BU01530003"), *elsewhere]).chances[:2]
    assert silent == pytest.approx(beside)


@pytest.mark.parametrize("home", [Home(year=None), Home(kind=None)])
def test_without_year_or_type_nothing_is_guessed(home: Home) -> None:
    row = judge([home, *[Home(letter="D")] * 5]).table.iloc[0]
    assert row["bewijsgraad"] == "X_onbekend"
    assert row[["label_verwacht", "p_efg", "label_p10", "label_p90", "schatting_niveau", "n_bewijs"]].isna().all()


def test_without_a_floor_area_type_and_year_still_speak() -> None:
    row = judge([Home(form=None), *[Home(letter="D")] * 5]).table.iloc[0]
    assert (row["bewijsgraad"], row["label_verwacht"]) == ("D_geschat_buurt", "D")


def test_no_label_in_the_whole_region() -> None:
    table = judge([Home(), Home(year=1800), Home(year=2024, kind="meergezins hoog")]).table
    assert table["bewijsgraad"].tolist() == ["E_geschat_type_periode"] * 3
    assert table["label_verwacht"].iloc[2] == "A+ en beter"


def test_an_empty_region() -> None:
    assert judge([]).table.empty


@settings(max_examples=30, deadline=None)
@given(WORLDS)
def test_an_estimate_never_replaces_a_registered_label_and_bounds_hold_the_class(homes: list[Home]) -> None:
    table = judge(homes).table
    place = {name: position for position, name in enumerate(LABELKLASSEN)}
    for home, row in zip(homes, table.to_dict("records"), strict=True):
        if home.letter:
            assert row["label_verwacht"] == home.letter
            assert row["bewijsgraad"][0] in "AB"
        else:
            assert row["bewijsgraad"][0] in "CDEX"
        if row["bewijsgraad"] != "X_onbekend":
            assert place[row["label_p10"]] <= place[row["label_verwacht"]] <= place[row["label_p90"]]


def test_classes_at_a_part_of_the_chance() -> None:
    chances = np.array([[0.1, 0.2, 0.3, 0.4, 0, 0, 0, 0]])
    assert [int(class_at(chances, part)[0]) for part in (0.05, 0.1, 0.101, 0.5, 0.6, 0.95, 1)] == [0, 0, 1, 2, 2, 3, 3]
    assert content(chances, 0.1).tolist() == pytest.approx([1.0])
    assert content(chances, 0.11).tolist() == pytest.approx([0.9])


@given(CHANCES, st.floats(0.5, 0.98))
def test_bounds_hold_what_they_promise_on_average(chances: np.ndarray, interval: float) -> None:
    tail = tail_for(chances, interval)
    assert (1 - interval) / 2 <= tail <= 1 - interval
    assert content(chances, tail).mean() >= interval - 1e-6


def test_areas_count_all_dwellings_not_only_the_registered() -> None:
    # old homes without labels beside new ones with: the register looks better than the stock
    homes = [*[Home(letter="A", year=1990)] * 6, *[Home(letter="F", year=1960)] * 2, *[Home(year=1960)] * 4]
    found = judge(homes, exact(), LabelModelParams(gewicht_landelijk=0.001, gewicht_periode=0.001))
    area = pd.Series(["BU01530001"] * 12, dtype="str")
    row = label_areas(found, area, pd.Series([True] * 8 + [False] * 4)).iloc[0]
    assert row["n_woningen"] == 12
    assert row["label_dekking"] == pytest.approx(100 * 8 / 12)
    assert row["aandeel_efg_verwacht"] == pytest.approx(50, abs=1)
    assert row["registratie_bias"] == pytest.approx(25 - 50, abs=1)


def test_areas_without_labels_have_no_bias_and_without_knowledge_no_share() -> None:
    found = judge([Home(), Home(year=None)])
    areas = label_areas(found, pd.Series(["BU01530001", "BU01530002"], dtype="str"), pd.Series([False, False]))
    assert areas["registratie_bias"].isna().all()
    assert areas["aandeel_efg_verwacht"].isna().tolist() == [False, True]


def test_dwellings_outside_every_area_are_passed_over() -> None:
    found = judge([Home(), Home(buurt=None)])
    areas = label_areas(found, pd.Series(["BU01530001", None], dtype="str"), pd.Series([False, False]))
    assert areas["n_woningen"].tolist() == [1]


def test_the_chances_as_a_table() -> None:
    found = judge([Home(letter="C"), Home(), Home(year=None)])
    table = chance_table(found)
    assert table[list(KANS_KOLOMMEN)].sum(axis=1, min_count=1).tolist() == pytest.approx(
        [100, 100, np.nan], nan_ok=True
    )
