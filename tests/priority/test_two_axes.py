"""Two axes, their blend, and its laws."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from twentegeo.priority.normalise import Norms
from twentegeo.priority.two_axes import (
    PARTIES,
    AxesParams,
    PartyWeights,
    PillarWeights,
    Thresholds,
    geometric,
    quadrant,
    two_axes,
)

FIGURES = Path(__file__).resolve().parents[2] / "config" / "reference"
NORMS = Norms(pd.read_csv(FIGURES / "normering.csv"))
CLASS_SCORES = pd.read_csv(FIGURES / "energieklassen.csv").sort_values("rang")["score"].to_numpy()

score = st.floats(0, 100)
weight = st.floats(0.01, 10)


def equal(**more: Any) -> AxesParams:
    same = PillarWeights(energie=1, levensloop=1, vergrijzing=1)
    return AxesParams(gewichten=PartyWeights(**dict.fromkeys(PARTIES, same)), **more)


def axes(energie: list[Any], levensloop: list[Any], params: AxesParams | None = None) -> pd.DataFrame:
    frame = pd.DataFrame({"score_energie": energie, "score_levensloop": levensloop}, dtype="float64")
    return two_axes(frame, "woning", NORMS, params or equal()).scores


def test_a_blend_by_hand() -> None:
    found = axes([90], [40]).iloc[0]
    assert found["score_prioriteit"] == pytest.approx((100 * 50) ** 0.5 - 10)
    assert found["score_rekenkundig"] == pytest.approx(65)
    assert found["kwadrant"] == "vooral energie"


def test_only_double_failure_tops() -> None:
    found = axes([100, 100, 0, 60], [100, 0, 100, 60])["score_prioriteit"]
    assert found[0] == pytest.approx(100)
    assert found[3] > found[1] == pytest.approx(found[2])


@pytest.mark.parametrize(
    ("energie", "levensloop", "name"),
    [
        (70, 60, "beide urgent"),
        (70, 59.9, "vooral energie"),
        (69.9, 60, "vooral levensloop"),
        (0, 0, "op orde"),
        (np.nan, 90, "onbekend"),
        (90, np.nan, "onbekend"),
    ],
)
def test_quadrants(energie: float, levensloop: float, name: str) -> None:
    bounds = Thresholds(energie=70, levensloop=60)
    assert quadrant(np.array([energie]), np.array([levensloop]), bounds).tolist() == [name]


def test_unknown_is_not_fine() -> None:
    found = axes([90, np.nan], [np.nan, 50])
    assert found[["score_prioriteit", "score_rekenkundig", "percentiel_prioriteit"]].isna().all().all()


def test_an_axis_that_the_region_lacks_is_left_out_for_all() -> None:
    found = two_axes(pd.DataFrame({"score_energie": [40.0, 80.0]}), "woning", NORMS, equal())
    assert found.scores["score_prioriteit"].tolist() == pytest.approx([40, 80])
    assert set(found.scores["kwadrant"]) == {"onbekend"}
    assert "pijler levensloop: weggelaten, geen enkele indicator" in found.left_out


def test_with_nothing_known_there_is_no_score() -> None:
    found = two_axes(pd.DataFrame({"iets": [1.0]}), "woning", NORMS, equal())
    assert found.scores["score_prioriteit"].isna().all()


def test_an_area_without_figures_of_people_is_scored_on_its_homes() -> None:
    frame = pd.DataFrame(
        {"score_energie": [60.0, 60.0], "score_levensloop": [60.0, 60.0], "aandeel_65plus": [90.0, np.nan]}
    )
    found = two_axes(frame, "gebied", NORMS, AxesParams())
    assert list(found.pillars) == ["energie", "levensloop", "vergrijzing"]
    first, second = found.scores["score_prioriteit"]
    assert np.isnan(found.pillars["vergrijzing"].iloc[1])
    assert first > second > 0
    assert any(line.startswith("aandeel_65plus: leeg bij 1 van 2") for line in found.left_out)


@pytest.mark.parametrize("party", PARTIES)
def test_each_party_weighs_the_pillars(party: str) -> None:
    axes = AxesParams()
    weights = axes.gewichten.array(party, ["energie", "levensloop"])
    cold, hard = geometric(np.array([[90.0, 10.0], [10.0, 90.0]]), weights, axes.verschuiving)
    assert (cold > hard) == (weights[0] > weights[1])
    if party == "corporatie":
        assert cold > hard, "the housing corporation puts energy first"


@given(st.lists(score, min_size=2, max_size=3), st.lists(weight, min_size=3, max_size=3), st.floats(0, 50))
def test_the_geometric_mean_never_exceeds_the_arithmetic(values: list[float], weights: list[float], shift: float):
    part = np.array(weights[: len(values)])
    part = part / part.sum()
    found = geometric(np.array(values), part, shift)
    assert min(values) - 1e-6 <= found <= part @ np.array(values) + 1e-6


@given(st.lists(st.tuples(score, score), min_size=1, max_size=8), weight, weight, st.floats(0.01, 1000))
@settings(max_examples=40, deadline=None)
def test_only_the_ratio_of_weights_counts(rows: list[tuple[float, float]], one: float, two: float, factor: float):
    found = [
        axes(
            *map(list, zip(*rows, strict=True)),
            AxesParams(
                gewichten=PartyWeights(gemeente=PillarWeights(energie=a, levensloop=b, vergrijzing=0)),
            ),
        )["score_prioriteit"]
        for a, b in ((one, two), (one * factor, two * factor))
    ]
    assert found[0].to_numpy() == pytest.approx(found[1].to_numpy())
    assert found[0].round(6).rank().tolist() == found[1].round(6).rank().tolist()


@given(st.integers(0, len(CLASS_SCORES) - 1), st.integers(0, len(CLASS_SCORES) - 1), score, weight, weight)
@settings(max_examples=40, deadline=None)
def test_a_worse_class_never_lowers_the_urgency(one: int, two: int, levensloop: float, first: float, second: float):
    better, worse = sorted((one, two))
    params = AxesParams(gewichten=PartyWeights(gemeente=PillarWeights(energie=first, levensloop=second, vergrijzing=0)))
    found = axes([CLASS_SCORES[better], CLASS_SCORES[worse]], [levensloop] * 2, params)
    assert found["score_prioriteit"].iloc[1] >= found["score_prioriteit"].iloc[0] - 1e-9
    assert found["score_rekenkundig"].iloc[1] >= found["score_rekenkundig"].iloc[0] - 1e-9


@given(st.floats(60, 100), st.floats(0, 40))
@settings(max_examples=40, deadline=None)
def test_failing_on_both_scores_above_failing_on_one(bad: float, good: float) -> None:
    found = axes([bad, bad, good], [bad, good, bad])["score_prioriteit"]
    assert found[0] > found[1]
    assert found[0] > found[2]


@given(st.lists(st.tuples(score, score), min_size=2, max_size=8), st.randoms())
@settings(max_examples=40, deadline=None)
def test_the_order_of_rows_does_not_count(rows: list[tuple[float, float]], random: Any) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)
    energie, levensloop = map(list, zip(*rows, strict=True))
    found = axes(energie, levensloop)
    again = axes([energie[row] for row in order], [levensloop[row] for row in order])
    pd.testing.assert_frame_equal(again, found.iloc[order].reset_index(drop=True))


@pytest.mark.parametrize(
    "wrong",
    [{"leidend": "burger"}, {"gewichten": {"gemeente": {"energie": 0, "levensloop": 0, "vergrijzing": 1}}}],
)
def test_impossible_settings_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AxesParams.model_validate(wrong)
