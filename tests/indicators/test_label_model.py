"""The posterior against conjugate calculations done by hand, and the laws that it keeps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.indicators.label_world import Home, chances, exact, judge, reference
from twentegeo.indicators.label_model import LabelModelParams
from twentegeo.tables.columns.estimate import LABELKLASSEN

NEVER = 1e12
"""Concentration at which a level takes everything from the wider one."""
ONE_LEVEL = LabelModelParams(
    gewicht_landelijk=15,
    menging_landelijk=0.001,
    gewicht_periode=NEVER,
    gewicht_type=NEVER,
    gewicht_vormfactor=NEVER,
    gewicht_gemeente=NEVER,
    gewicht_wijk=NEVER,
    gewicht_buurt=NEVER,
    reeks_samenhang=0,
)
PRIOR = [0.0, 10.0, 20.0, 40.0, 20.0, 10.0, 0.0, 0.0]

LETTERS = st.sampled_from(LABELKLASSEN[1:])
HOMES = st.builds(
    Home,
    letter=st.one_of(st.none(), LETTERS),
    method=st.sampled_from(["nta8800", "vereenvoudigd"]),
    expired=st.booleans(),
    year=st.one_of(st.none(), st.sampled_from([1935, 1960, 1962, 1990, 2016])),
    kind=st.sampled_from([None, "rij tussen", "rij hoek", "vrijstaand", "meergezins laag"]),
    form=st.one_of(st.none(), st.floats(0.5, 4)),
    series=st.sampled_from([None, "0153100000000001", "0153100000000002"]),
    buurt=st.sampled_from([None, "BU01530001", "BU01530002", "BU01530101", "BU01640001"]),
)
WORLDS = st.lists(HOMES, min_size=1, max_size=14)


def test_one_level_is_the_conjugate_calculation() -> None:
    letters = ["C", "C", "C", "D", "F"]
    found = judge([Home(), *(Home(letter=letter) for letter in letters)], exact(prior=PRIOR), ONE_LEVEL)
    prior = 0.999 * np.array(PRIOR) / 100 + 0.001 / 8
    counts = np.array([0, 0, 0, 3, 1, 0, 1, 0])
    assert found.chances[0] == pytest.approx((15 * prior + counts) / (15 + 5), abs=1e-6)


def test_each_level_starts_from_the_wider_one() -> None:
    # two C's in another buurt of the same wijk, one F in the own buurt
    homes = [Home(), Home(letter="F"), *[Home(letter="C", buurt="BU01530002")] * 2]
    steps = ONE_LEVEL.model_copy(update={"gewicht_wijk": 4.0})  # the wijk counts for four labels in the buurt
    prior = 0.999 * np.array(PRIOR) / 100 + 0.001 / 8
    wide = (15 * prior + np.array([0, 0, 0, 2, 0, 0, 1, 0])) / 18
    narrow = (4 * wide + np.array([0, 0, 0, 0, 0, 0, 1, 0])) / 5
    assert judge(homes, exact(prior=PRIOR), steps).chances[0] == pytest.approx(narrow, abs=1e-6)


def test_labels_of_one_series_count_for_fewer_outside_it() -> None:
    homes = [Home(), *[Home(letter="F", series="0153100000000009")] * 3]
    half = ONE_LEVEL.model_copy(update={"reeks_samenhang": 0.5})
    prior = 0.999 * np.array(PRIOR) / 100 + 0.001 / 8
    three = 3 / (1 + 2 * 0.5)
    expected = (15 * prior + three * np.eye(8)[6]) / (15 + three)
    assert judge(homes, exact(prior=PRIOR), half).chances[0] == pytest.approx(expected, abs=1e-6)


def test_an_older_label_is_bayes_with_the_confusion() -> None:
    confusion = reference().confusion_matrix()
    found = judge([Home(letter="D", method="vereenvoudigd")], reference(), LabelModelParams())
    figures = reference().prior
    row = figures[(figures["woningsoort"] == "rij tussen") & (figures["vanaf"] == 1946)].iloc[0]
    shares = row[list(LABELKLASSEN)].to_numpy(dtype=float)
    prior = 0.95 * shares / shares.sum() + 0.05 / 8
    expected = prior * confusion[:, 4]
    assert found.chances[0] == pytest.approx(expected / expected.sum(), abs=1e-6)


def test_the_confusion_is_the_published_one() -> None:
    matrix = reference().confusion_matrix()
    assert matrix.sum(axis=1) == pytest.approx(np.ones(8))
    assert matrix[4] == pytest.approx([0, 0, 0.045, 0.19, 0.53, 0.19, 0.045, 0])
    assert matrix[7] == pytest.approx(np.array([0, 0, 0, 0, 0, 0.045, 0.19, 0.53]) / 0.765, abs=1e-4)


def test_every_figure_has_a_source_and_every_type_a_prior_from_the_first_year_on() -> None:
    figures = reference()
    for table in (figures.prior, figures.confusion, figures.periods):
        assert table["bron"].str.len().min() > 3
    for _, rows in figures.prior.groupby("woningsoort"):
        assert np.isnan(rows["vanaf"].iloc[0])
        assert rows["vanaf"].iloc[1:].is_monotonic_increasing
        assert rows[list(LABELKLASSEN)].sum(axis=1).to_numpy() == pytest.approx(100, abs=0.05)
        # a period of the estimate lies within one of the survey
        assert set(rows["vanaf"].iloc[1:]) <= set(figures.periods["vanaf"])
    assert figures.prior["woningsoort"].nunique() == 5


def test_a_series_weighs_more_than_the_rest_of_the_neighbourhood() -> None:
    others = [Home(letter="A")] * 20
    own = [Home(letter="F", series="0153100000000009")] * 6
    found = judge([Home(series="0153100000000009"), Home(), *others, *own])
    assert found.table["label_verwacht"].iloc[0] == "F"
    assert found.table["label_verwacht"].iloc[1] == "A"


@settings(max_examples=40, deadline=None)
@given(WORLDS)
def test_chances_add_up_exactly_where_something_is_known(homes: list[Home]) -> None:
    found = chances(homes)
    known = np.array([bool(home.letter) or (home.year is not None and home.kind is not None) for home in homes])
    assert found[known].sum(axis=1) == pytest.approx(np.ones(known.sum()))
    assert np.isnan(found[~known]).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(HOMES, min_size=2, max_size=10), st.data())
def test_the_order_of_rows_does_not_matter(homes: list[Home], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(homes))))
    assert chances([homes[i] for i in order]) == pytest.approx(chances(homes)[order], nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(WORLDS, LETTERS, st.data())
def test_a_worse_registered_class_never_lowers_urgency(homes: list[Home], letter: str, data: st.DataObject) -> None:
    worse = data.draw(st.sampled_from(LABELKLASSEN[LABELKLASSEN.index(letter) :]))
    before = chances([homes[0].but(letter=letter), *homes[1:]])[0]
    after = chances([homes[0].but(letter=worse), *homes[1:]])[0]
    # the chances shift as a whole, so that any score that rises with the class rises, the chance of E, F or G too
    assert (np.cumsum(after) <= np.cumsum(before) + 1e-9).all()


@settings(max_examples=60, deadline=None)
@given(WORLDS, LETTERS, st.data())
def test_a_worse_class_next_door_never_makes_a_home_look_better(
    homes: list[Home], letter: str, data: st.DataObject
) -> None:
    worse = data.draw(st.sampled_from(LABELKLASSEN[LABELKLASSEN.index(letter) :]))
    modern = [home.but(method="nta8800", expired=False) for home in homes]
    before = chances([Home(), Home(letter=letter), *modern])[0]
    after = chances([Home(), Home(letter=worse), *modern])[0]
    assert (np.cumsum(after) <= np.cumsum(before) + 1e-9).all()
