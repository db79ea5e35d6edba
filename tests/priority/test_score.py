"""Weighing two pillars."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from twentegeo.priority.score import PriorityParams, Weights, prioritise

score = st.floats(0, 100)
weight = st.floats(0.01, 10)


def judged(energie: float, ouderdom: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "vbo_id": ["0153010000000001"],
            "bouwperiode": ["1946-1964"],
            "label_status": ["geldig"],
            "score_bron": ["geregistreerd"],
            "p_efg": [100.0],
            "score_energie": [energie],
            "score_ouderdom": [ouderdom],
        }
    )


def priority(energie: float, ouderdom: float, weights: Weights) -> float:
    return float(prioritise(judged(energie, ouderdom), PriorityParams(gewichten=weights))["score_prioriteit"].iloc[0])


def test_the_weights_are_a_ratio() -> None:
    assert priority(100, 0, Weights(energie=3, ouderdom=1)) == 75
    assert priority(100, 0, Weights(energie=0.3, ouderdom=0.1)) == pytest.approx(75)


def test_without_a_year_energy_stands_alone() -> None:
    assert priority(60, np.nan, Weights(energie=1, ouderdom=9)) == 60


def test_unknown_energy_is_not_fine() -> None:
    assert np.isnan(priority(np.nan, 80, Weights()))


@given(score, score, weight, weight)
def test_the_mean_lies_between_its_parts(energie: float, ouderdom: float, first: float, second: float) -> None:
    found = priority(energie, ouderdom, Weights(energie=first, ouderdom=second))
    assert min(energie, ouderdom) - 1e-9 <= found <= max(energie, ouderdom) + 1e-9


@pytest.mark.parametrize("wrong", [{"energie": -1}, {"energie": 0, "ouderdom": 0}, {"energy": 1}])
def test_impossible_weights_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Weights.model_validate(wrong)
