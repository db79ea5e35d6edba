"""How firm a rank is: against drawing every dwelling, against formulas, and its laws."""

from __future__ import annotations

import itertools
import time
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twentegeo.priority.draws import Errors, StabilityParams, draw_scores, draw_weights
from twentegeo.priority.posterior import Grouping, Posterior, of_classes, of_values
from twentegeo.priority.stability import stability
from twentegeo.priority.tally import class_chance
from twentegeo.priority.two_axes import PARTIES, AxesParams, PartyWeights, PillarWeights, geometric

CLASS_SCORE = np.array([6.2, 22.4, 43.5, 54.7, 67.1, 77.6, 88.8, 100.0])
"""Eight classes, A++ or better to G."""


def seeded(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def some_chances(rows: int, seed: int = 3) -> Any:
    return seeded(seed).dirichlet(np.full(8, 0.7), size=rows)


def one_set(energie: float = 1, levensloop: float = 1, **more: Any) -> AxesParams:
    weights = PillarWeights(energie=energie, levensloop=levensloop, vergrijzing=0)
    return AxesParams(gewichten=PartyWeights(**dict.fromkeys(PARTIES, weights)), **more)


FIRM = {
    "concentratie": 1e9,
    **dict.fromkeys(("gedeelde_fout", "gebiedsfout", "gedeelde_fout_levensloop", "gebiedsfout_levensloop"), 0.0),
}
"""Switches every source of error off but the dwellings' own."""


def names(count: int) -> list[str]:
    return [f"BU0153{row:04d}" for row in range(count)]


# the posterior of an area's mean


def test_a_mean_and_its_variance_by_hand() -> None:
    """Two dwellings: one registered as G, one even between the best class and G."""
    chances = np.zeros((2, 8))
    chances[0, 7] = 1
    chances[1, [0, 7]] = 0.5
    found = of_classes("energie", chances, CLASS_SCORE, Grouping(np.array([0, 0]), 1), np.array([True, False]))
    assert found.mean == pytest.approx([(100 + 53.1) / 2])
    assert found.own_variance == pytest.approx([46.9**2 / 4])
    # one class worse: half a chance of going from 6.2 to 22.4, and G cannot be worse; the registered one stays
    assert found.up == pytest.approx([0.5 * 16.2 / 2])
    assert found.down == pytest.approx([0.5 * 11.2 / 2])


def test_dwellings_without_chances_or_area_count_nowhere() -> None:
    chances = np.vstack([some_chances(2), np.full((1, 8), np.nan)])
    found = of_classes("energie", chances, CLASS_SCORE, Grouping(np.array([0, -1, 0]), 2))
    assert found.mean == pytest.approx([chances[0] @ CLASS_SCORE, np.nan], nan_ok=True)


def test_errors_shared_within_a_building_do_not_average_out() -> None:
    chances = np.repeat(some_chances(1), 16, axis=0)
    apart = of_classes("levensloop", chances, CLASS_SCORE, Grouping(np.zeros(16, int), 1))
    together = of_classes("levensloop", chances, CLASS_SCORE, Grouping(np.zeros(16, int), 1, np.zeros(16, int)))
    assert together.own_variance == pytest.approx(16 * apart.own_variance)


def test_no_dwellings_at_all() -> None:
    found = of_classes("energie", np.zeros((0, 8)), CLASS_SCORE, Grouping(np.zeros(0, int), 2))
    assert np.isnan(found.mean).all()


# against drawing every dwelling


def test_the_approximation_agrees_with_drawing_every_dwelling() -> None:
    """40 areas of 35 dwellings, some registered; the one source of error is the class of each dwelling."""
    areas, each, draws = 40, 35, 2000
    chances = some_chances(areas * each)
    registered = seeded(4).random(areas * each) < 0.3
    chances[registered] = np.eye(8)[chances[registered].argmax(axis=1)]
    area = np.repeat(np.arange(areas), each)
    params = StabilityParams(trekkingen=draws, top=10, **FIRM)
    energy = of_classes("energie", chances, CLASS_SCORE, Grouping(area, areas), registered)
    found = stability(names(areas), [energy], one_set(verschuiving=0), params, seeded()).areas

    threshold = chances.cumsum(axis=1)
    random, top, sums = seeded(9), np.zeros(areas), []
    for _ in range(draws):
        drawn = CLASS_SCORE[np.minimum((random.random((len(chances), 1)) > threshold).sum(axis=1), 7)]
        mean = np.bincount(area, weights=drawn) / each
        top += (-mean).argsort().argsort() < 10
        sums.append(mean)
    assert found["sigma"].to_numpy() == pytest.approx(np.std(sums, axis=0), rel=0.08)
    # two shares of 2000 draws differ by less than 0.06 in all but one of ten thousand cases
    assert np.abs(found["kans_top20"].to_numpy() / 100 - top / draws).max() < 0.06


# against formulas


def test_sigma_follows_from_the_derivatives() -> None:
    """Small errors: the variance of the log is the sum of the squared weighted relative errors."""
    mean, sd = np.array([40.0, 70.0]), np.array([1.0, 2.0])
    parts = [of_values("energie", mean, sd), of_values("levensloop", mean[::-1], sd)]
    params = StabilityParams(trekkingen=10_000, **FIRM)
    found = stability(["a", "b"], parts, one_set(), params, seeded()).areas
    shown = np.sqrt((mean + 10) * (mean[::-1] + 10))
    expected = shown / 2 * np.sqrt((sd / (mean + 10)) ** 2 + (sd / (mean[::-1] + 10)) ** 2)
    assert found["sigma"].to_numpy() == pytest.approx(expected, rel=0.04)


def test_the_chance_of_a_class_agrees_with_ten_thousand_draws() -> None:
    mean, sd = np.array([38.0, 50.0, 61.0, 83.0]), np.array([2.0, 6.0, 3.0, 4.0])
    draws = 10_000
    errors = Errors(np.zeros((draws, 1)), np.zeros((draws, 1, 4)), seeded().standard_normal((draws, 1, 4)))
    scores = draw_scores(
        [of_values("energie", mean, sd)], np.ones((draws, 1)), errors, one_set(), StabilityParams(**FIRM)
    )
    bounds = (20.0, 40.0, 60.0, 80.0)
    counted = 100 * (np.digitize(scores, bounds) == np.digitize(mean, bounds)).mean(axis=0)
    assert class_chance(mean, sd, bounds) == pytest.approx(counted, abs=1.5)


def test_without_spread_the_class_is_sure() -> None:
    assert class_chance(np.array([40.0, 40.0]), np.array([0.0, 1e-12]), (40.0,)).tolist() == [100.0, 50.0]


def test_weights_keep_to_their_set() -> None:
    drawn = draw_weights(np.tile(np.array([0.5, 0.3, 0.2, 0.0]) * 50, (20_000, 1)), seeded())
    assert drawn.sum(axis=1) == pytest.approx(1)
    assert drawn.mean(axis=0) == pytest.approx([0.5, 0.3, 0.2, 0], abs=0.005)
    assert drawn[:, 0].std() == pytest.approx(np.sqrt(0.25 / 51), rel=0.05)
    assert (drawn[:, 3] == 0).all()


# shared errors


def region(areas: int, seed: int = 5) -> Posterior:
    chances = some_chances(areas * 40, seed)
    return of_classes("energie", chances, CLASS_SCORE, Grouping(np.repeat(np.arange(areas), 40), areas))


def test_an_error_that_all_share_does_not_shrink_with_their_number() -> None:
    """The mean of the region moves as much as each area does; errors per area average out."""
    part = region(100)
    size = float(np.mean([part.up.mean(), part.down.mean()]))
    random, draws = seeded(), 4000
    shared = Errors(random.standard_normal((draws, 1)), np.zeros((draws, 1, 100)), np.zeros((draws, 1, 100)))
    apart = Errors(np.zeros((draws, 1)), random.standard_normal((draws, 1, 100)), np.zeros((draws, 1, 100)))
    params = StabilityParams(gedeelde_fout=0.2, gebiedsfout=0.2)
    spread = [
        draw_scores([part], np.ones((draws, 1)), errors, one_set(), params).mean(axis=1).std()
        for errors in (shared, apart)
    ]
    assert spread[0] == pytest.approx(0.2 * size, rel=0.1)
    assert spread[1] == pytest.approx(0.2 * size / 10, rel=0.1)


def test_sigma_widens_as_the_shared_error_grows() -> None:
    sigmas = [
        stability(
            names(30), [region(30)], one_set(), StabilityParams(**{**FIRM, "gedeelde_fout": error}), seeded()
        ).areas["sigma"]
        for error in (0.0, 0.2, 0.5, 1.0)
    ]
    for smaller, larger in itertools.pairwise(sigmas):
        assert (larger > smaller).all()


def test_a_shared_error_moves_ranks_less_than_the_same_error_per_area() -> None:
    widths = []
    for source in ("gedeelde_fout", "gebiedsfout"):
        params = StabilityParams(**{**FIRM, source: 0.5})
        found = stability(names(40), [region(40)], one_set(), params, seeded()).areas
        widths.append((found["rang_p90"] - found["rang_p10"]).mean())
    assert widths[0] < widths[1]


# what is reported


def full(areas: int = 30) -> list[Posterior]:
    random = seeded(8)
    return [
        region(areas),
        of_values("levensloop", random.uniform(20, 90, areas), random.uniform(1, 4, areas), (15, 92.5)),
        of_values("vergrijzing", random.uniform(0, 100, areas), np.full(areas, np.nan)),
    ]


def test_ranks_and_chances_hang_together() -> None:
    found = stability(names(30), full(), AxesParams(), StabilityParams(top=5), seeded())
    areas = found.areas
    assert (areas["rang_p10"] <= areas["rang_mediaan"]).all()
    assert (areas["rang_mediaan"] <= areas["rang_p90"]).all()
    assert areas["kans_top20"].sum() == pytest.approx(500)
    assert ((areas["stabiel"] == "ja") == (areas["p_klasse"] > 90)).all()
    assert list(found.parties) == list(PARTIES)
    # the draws are divided equally among the parties
    assert found.parties.mean(axis=1).to_numpy() == pytest.approx(areas["kans_top20"].to_numpy())
    assert found.left_out == []


def test_few_areas_are_all_in_the_top() -> None:
    found = stability(names(3), [part.take(np.arange(3)) for part in full()], AxesParams(), StabilityParams(), seeded())
    assert found.areas["kans_top20"].tolist() == [100] * 3


def test_an_area_that_lacks_a_pillar_is_left_out_and_told() -> None:
    parts = [of_values("energie", np.array([50.0, np.nan, 70.0]), np.ones(3))]
    found = stability(["c", "b", "a"], parts, one_set(), StabilityParams(), seeded())
    assert found.areas["gebied"].tolist() == ["a", "c"]
    assert found.left_out == ["rang: 1 gebieden missen een pijler en krijgen geen rang"]


def test_no_areas_at_all() -> None:
    parts = [of_values("energie", np.zeros(0), np.zeros(0))]
    assert stability([], parts, one_set(), StabilityParams(), seeded()).areas.empty


def test_the_pillar_that_lifts_an_area() -> None:
    parts = [
        of_values("energie", np.array([90.0, 50, 50]), np.zeros(3)),
        of_values("levensloop", np.array([50.0, 90, 50]), np.zeros(3)),
    ]
    found = stability(["a", "b", "c"], parts, one_set(), StabilityParams(), seeded()).areas
    assert found["bepalende_pijler"].tolist()[:2] == ["energie", "levensloop"]


@pytest.mark.parametrize(
    ("changed", "factor"),
    [
        ({}, "geen"),
        ({"concentratie": 5.0}, "gewichten"),
        ({"gedeelde_fout": 0.5}, "gedeelde modelfout"),
        ({"gebiedsfout": 0.5}, "energie"),
    ],
)
def test_the_factor_that_spreads_the_score(changed: dict[str, float], factor: str) -> None:
    """A region of one large area: the dwellings' own errors have averaged out but for the one switched on."""
    part = region(5)
    sure = Posterior(part.name, part.mean, np.zeros(5), part.up, part.down, part.bare_variance, part.bare_slope)
    parts = [sure, of_values("levensloop", np.full(5, 95.0), np.zeros(5))]
    found = stability(names(5), parts, one_set(), StabilityParams(**{**FIRM, **changed}), seeded()).areas
    assert set(found["bepalende_factor"]) == {factor}


def test_registered_dwellings_make_an_area_checkable() -> None:
    chances = np.repeat(some_chances(3), 40, axis=0)
    area = np.repeat(np.arange(3), 40)
    # nothing, half and everything registered
    registered = np.concatenate([np.zeros(40, bool), np.arange(40) < 20, np.ones(40, bool)])
    chances[registered] = np.eye(8)[5]
    part = of_classes("energie", chances, CLASS_SCORE, Grouping(area, 3), registered)
    found = stability(names(3), [part], one_set(), StabilityParams(), seeded()).areas["controleerbaarheid"]
    assert found[0] < found[1] < found[2] == pytest.approx(100)


# laws


def test_the_same_seed_gives_the_same_outcome_and_another_one_does_not() -> None:
    one, same, other = (
        stability(names(30), full(), AxesParams(), StabilityParams(), seeded(seed)).areas for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(one, same)
    assert not one["sigma"].equals(other["sigma"])


@given(st.permutations(list(range(12))))
@settings(max_examples=10, deadline=None)
def test_the_order_of_areas_does_not_count(order: list[int]) -> None:
    params = StabilityParams(trekkingen=100, top=4)
    parts = [part.take(np.arange(12)) for part in full()]
    one = stability(names(12), parts, AxesParams(), params, seeded()).areas
    shuffled = [part.take(np.array(order)) for part in parts]
    again = stability([names(12)[row] for row in order], shuffled, AxesParams(), params, seeded()).areas
    pd.testing.assert_frame_equal(one, again)


@given(st.floats(0.01, 100))
@settings(max_examples=10, deadline=None)
def test_ranks_do_not_change_when_all_weights_are_scaled(factor: float) -> None:
    params = StabilityParams(trekkingen=100, top=4)
    found = [
        stability(names(30), full()[:2], one_set(0.3 * scale, 0.7 * scale), params, seeded()).areas
        for scale in (1, factor)
    ]
    ranks = ["rang_p10", "rang_mediaan", "rang_p90", "kans_top20"]
    pd.testing.assert_frame_equal(found[0][ranks], found[1][ranks])


@given(st.integers(0, 11), st.integers(0, 50))
@settings(max_examples=10, deadline=None)
def test_areas_alike_in_everything_get_the_same_outcome(place: int, seed: int) -> None:
    twins = [part.take(np.append(np.arange(12), place)) for part in full()]
    found = stability(names(13), twins, AxesParams(), StabilityParams(trekkingen=80, top=4), seeded(seed)).areas
    first, second = found.iloc[place].drop("gebied"), found.iloc[12].drop("gebied")
    pd.testing.assert_series_equal(first, second, check_names=False)


def test_the_score_shown_is_the_score_without_errors() -> None:
    parts = full()
    axes = AxesParams()
    weights = axes.gewichten.array("gemeente", [part.name for part in parts])[None, :]
    none = Errors(np.zeros((1, 3)), np.zeros((1, 3, 30)), np.zeros((1, 3, 30)))
    scores = draw_scores(parts, weights, none, axes, StabilityParams())[0]
    levels = np.column_stack(
        [np.clip(100 * (part.mean - part.limits[0]) / (part.limits[1] - part.limits[0]), 0, 100) for part in parts]
    )
    assert scores == pytest.approx(geometric(levels, weights[0], axes.verschuiving))


@pytest.mark.slow
def test_twente_takes_seconds() -> None:
    """290,000 dwellings, 600 areas, 1,000 draws."""
    size, areas = 290_000, 600
    chances = some_chances(size)
    area = seeded().integers(0, areas, size)
    building = seeded().integers(0, size // 3, size)
    started = time.perf_counter()
    parts = [
        of_classes("energie", chances, CLASS_SCORE, Grouping(area, areas)),
        of_classes(
            "levensloop",
            chances[:, :3] / chances[:, :3].sum(axis=1, keepdims=True),
            np.array([0, 50, 100.0]),
            Grouping(area, areas, building),
        ),
        of_values("vergrijzing", seeded().uniform(0, 100, areas), np.ones(areas)),
    ]
    stability(names(areas), parts, AxesParams(), StabilityParams(), seeded())
    assert time.perf_counter() - started < 20
