"""Gi*, its chances, and what is found where something was planted and where nothing was."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.areas.towns import Town
from twentegeo.areas.getis_ord import HotspotParams, gi_star, hotspots
from twentegeo.areas.lattice import Lattice, disc
from twentegeo.areas.permutation import draw_sums, false_discovery, sum_moments
from twentegeo.areas.smoothing import cell_need

FEW = HotspotParams(trekkingen=19_999)


def block(values: np.ndarray, gaps: np.ndarray | None = None) -> pd.Series:
    rows, columns = np.nonzero(np.ones_like(values, dtype=bool) if gaps is None else ~gaps)
    ids = [f"E{2500 + x:04d}N{4700 + y:04d}" for y, x in zip(rows, columns, strict=True)]
    return pd.Series(values[rows, columns], index=pd.Index(ids, dtype="str", name="cel_id"))


@pytest.mark.parametrize(("band", "cells"), [(100, 5), (200, 13), (250, 21), (300, 29)])
def test_a_band_holds_the_cells_whose_middle_is_within_it(band: int, cells: int) -> None:
    assert disc(band).sum() == cells
    assert disc(band, itself=False).sum() == cells - 1


def test_a_single_high_cell_by_hand() -> None:
    """Of nine cells one is 9 and the rest 0: mean 1, spread sqrt(8); the middle sums itself and four neighbours."""
    values = np.zeros((3, 3))
    values[1, 1] = 9
    local = gi_star(block(values), 100)
    expected = (9 - 5 * 1) / (np.sqrt(8) * np.sqrt((9 * 5 - 25) / 8))
    assert local.loc["E2501N4701", "gi_z"] == pytest.approx(expected)
    assert local["n_buren"].tolist() == [3, 4, 3, 4, 5, 4, 3, 4, 3]


@pytest.mark.parametrize("band", [100, 200, 250, 300])
def test_gi_star_equals_esda(band: int) -> None:
    esda = pytest.importorskip("esda")
    weights = pytest.importorskip("libpysal").weights
    rng = np.random.default_rng(1)
    values = block(rng.gamma(2.0, size=(12, 15)), gaps=rng.random((12, 15)) < 0.2)
    lattice = Lattice.of(values.index)
    points = np.column_stack([lattice.column, lattice.row]) * 100.0
    w = weights.DistanceBand(points, band + 1e-6, binary=True, silence_warnings=True)
    theirs = esda.G_Local(values.to_numpy(), w, transform="B", star=True, permutations=0)
    np.testing.assert_allclose(gi_star(values, band)["gi_z"], theirs.Zs, atol=1e-12)


def test_false_discovery_equals_scipy_and_the_hand() -> None:
    p = np.array([0.01, np.nan, 0.04, 0.03, 0.5])
    q = false_discovery(p)
    np.testing.assert_allclose(q[[0, 2, 3, 4]], stats.false_discovery_control([0.01, 0.04, 0.03, 0.5]))
    np.testing.assert_allclose(q, [0.04, np.nan, 0.16 / 3, 0.16 / 3, 0.5])


@given(st.lists(st.floats(0, 1) | st.sampled_from([0.0, 0.01, 0.05, 1.0, np.nan]), max_size=60))
def test_false_discovery_is_that_of_scipy_also_with_ties(listed: list[float]) -> None:
    p = np.array(listed, dtype="float64")
    tested = ~np.isnan(p)
    expected = np.full(len(p), np.nan)
    expected[tested] = stats.false_discovery_control(p[tested]) if tested.any() else []
    np.testing.assert_allclose(false_discovery(p), expected, rtol=1e-12)


def test_draws_agree_with_shuffling_cell_by_cell() -> None:
    """The table of draws against 4,000 shuffles of all cells, summed on the lattice itself."""
    rng = np.random.default_rng(2)
    values = block(rng.gamma(1.0, size=(9, 9)))
    local = gi_star(values, 200)
    draws = draw_sums(values.to_numpy(), local["n_buren"].to_numpy(), 20_000, seed=3)
    p = draws.at_least(local["gi_z"].to_numpy(), local["n_buren"].to_numpy())
    shuffled = np.stack([rng.permutation(values.to_numpy()) for _ in range(4000)])
    lattice = Lattice.of(values.index)
    observed = lattice.around(values.to_numpy(), 200, itself=True)
    sums = np.stack([lattice.around(each, 200, itself=True) for each in shuffled])
    np.testing.assert_allclose(p, (sums >= observed).mean(axis=0), atol=0.04)


def test_moments_of_draws_are_those_of_all_choices() -> None:
    values = np.array([1.0, 2.0, 4.0, 9.0])
    pairs = [a + b for i, a in enumerate(values) for b in values[i + 1 :]]
    mean, spread = sum_moments(values, np.array([2]))
    assert mean[0] == pytest.approx(np.mean(pairs))
    assert spread[0] == pytest.approx(np.std(pairs))


def test_the_planted_place_is_found_and_lies_where_it_was_planted(town: Town) -> None:
    found = hotspots(cell_need(town.dwellings), FEW, seed=1)
    hot = found.cells.index[found.cells["gi_teken"] == "hoog"]
    in_hot = town.dwellings["cel_id"].isin(hot).to_numpy()
    # a band of 13 cells blurs a circle of 7; the outline sharpens it again
    assert town.planted[in_hot].mean() > 0.3
    assert in_hot[town.planted].mean() > 0.9
    assert found.note == ""
    assert found.cells.loc[hot, "gi_q"].max() <= FEW.q_max
    assert (found.cells.loc[hot, "n_banden"] >= 2).all()


def test_the_reverse_is_a_cold_spot(town: Town) -> None:
    mirrored = town.dwellings.assign(tekort=100 - town.dwellings["tekort"], verwacht=80.0)
    found = hotspots(cell_need(mirrored), FEW, seed=1)
    straight = hotspots(cell_need(town.dwellings), FEW, seed=1)
    assert (found.cells["gi_teken"] == "laag").sum() == pytest.approx(
        (straight.cells["gi_teken"] == "hoog").sum(), abs=3
    )
    assert not (found.cells["gi_teken"] == "hoog").any()


@pytest.mark.slow
def test_where_nothing_is_planted_nothing_is_found(quiet_towns: list[Town]) -> None:
    """At most one in twenty; the towns are 20."""
    reports = [
        (hotspots(cell_need(each.dwellings), FEW, seed=1).cells["gi_teken"] == "hoog").any() for each in quiet_towns
    ]
    assert sum(reports) <= 1


def patchy(seed: int) -> pd.DataFrame:
    """Rows of 20 homes along a street share one fate, good or bad; three cells in five hold such rows."""
    rng = np.random.default_rng(seed)
    side = np.arange(10.0, 3000.0, 20.0)
    x, y = (part.ravel() for part in np.meshgrid(250_000 + side, 470_000 + side))
    row = (np.arange(len(x)) // 20).astype("int64")
    fate = np.clip(rng.normal(0.25, 0.25, row.max() + 1), 0.02, 0.98)[row]
    cel = (
        "E"
        + pd.Series(x // 100).astype("int64").astype("str")
        + "N"
        + pd.Series(y // 100).astype("int64").astype("str")
    )
    return pd.DataFrame(
        {
            "cel_id": cel,
            "blok_id": row,
            "tekort": 100.0 * (rng.random(len(x)) < fate),
            "verwacht": 100 * np.clip(rng.normal(0.25, 0.25, 100_000), 0.02, 0.98).mean(),
        }
    )


@pytest.mark.slow
def test_rows_that_are_alike_are_no_concentration() -> None:
    """Ordinary patchiness fools shuffled cells; what is published must not be fooled."""
    reports = [(hotspots(cell_need(patchy(seed)), FEW, seed=1).cells["gi_teken"] == "hoog").any() for seed in range(20)]
    assert sum(reports) <= 1


def test_order_of_dwellings_and_cells_plays_no_part(town: Town) -> None:
    shuffled = town.dwellings.sample(frac=1, random_state=5)
    first, second = (hotspots(cell_need(each), FEW, seed=1) for each in (town.dwellings, shuffled))
    pd.testing.assert_frame_equal(first.cells, second.cells)
    backwards = hotspots(cell_need(town.dwellings).iloc[::-1], FEW, seed=1)
    pd.testing.assert_frame_equal(backwards.cells.sort_index(), first.cells)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.1, 100), st.floats(-50, 50))
def test_gi_star_does_not_depend_on_unit_or_origin(scale: float, shift: float) -> None:
    values = block(np.random.default_rng(7).normal(size=(8, 8)))
    np.testing.assert_allclose(gi_star(values * scale + shift, 200)["gi_z"], gi_star(values, 200)["gi_z"], atol=1e-7)


@pytest.mark.parametrize("kept", [0, 1, 20])
def test_a_region_too_small_to_test_says_so(town: Town, kept: int) -> None:
    ids = sorted(town.dwellings["cel_id"].unique())[:kept]
    few = town.dwellings[town.dwellings["cel_id"].isin(ids)]
    found = hotspots(cell_need(few), FEW, seed=1)
    assert set(found.cells["gi_teken"]) <= {"onbekend"}
    assert "te weinig" in found.note


def test_a_small_region_is_tested_and_says_that_the_test_is_weak(town: Town) -> None:
    ids = sorted(town.dwellings["cel_id"].unique())[:60]
    few = town.dwellings[town.dwellings["cel_id"].isin(ids)]
    found = hotspots(cell_need(few), FEW, seed=1)
    assert set(found.cells["gi_teken"]) <= {"hoog", "laag", "geen"}
    assert "zwak, want van 60 hectarecellen" in found.note


def test_cells_that_do_not_differ_are_not_tested(town: Town) -> None:
    alike = town.dwellings.assign(tekort=20.0)
    assert not (hotspots(cell_need(alike), FEW, seed=1).cells["gi_teken"] == "hoog").any()
