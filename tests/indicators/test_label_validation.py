"""The hold-out on worlds whose truth is drawn here."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.indicators.label_world import Home, reference, tables
from twentegeo.indicators.label_evidence import gather_evidence
from twentegeo.indicators.label_model import LabelModelParams
from twentegeo.indicators.label_validation import (
    BY_YEAR,
    FLAT,
    MODEL,
    HoldOut,
    calibration,
    hold_out,
    scores,
    validation_tables,
)
from twentegeo.tables.columns.estimate import LABELKLASSEN

PARAMETERS = LabelModelParams()


def held(homes: list[Home], parameters: LabelModelParams = PARAMETERS) -> HoldOut:
    woningen, pand_type, woning_label = tables(homes)
    evidence = gather_evidence(woningen, pand_type, woning_label, reference(), parameters.vormfactor_grenzen)
    return hold_out(evidence, woningen["buurt_code"], reference(), parameters)


def drawn(n: int = 3000, seed: int = 3) -> list[Home]:
    """Draw a region in which the class follows from type and year, with chance."""
    rng = np.random.default_rng(seed)
    figures = reference().prior
    figures = figures[figures["woningsoort"].isin(["vrijstaand", "rij tussen", "meergezins"])]
    figures = figures[figures["vanaf"].isin([1946, 1975, 2006])]
    shares = figures[list(LABELKLASSEN)].to_numpy(dtype=float)[:, ::-1]  # not what the prior says
    shares = 0.8 * shares / shares.sum(axis=1, keepdims=True) + 0.2 / 8
    row = rng.integers(len(figures), size=n)
    position = (np.cumsum(shares, axis=1)[row] < rng.random(n)[:, None]).sum(axis=1)
    letters = np.array(["A+", *LABELKLASSEN[1:]])[position]
    buurt = rng.integers(30, size=n)
    kinds = figures["woningsoort"].replace("meergezins", "meergezins laag").to_numpy()[row]
    years = figures["vanaf"].to_numpy()[row] + 4
    return [
        Home(letter=str(letters[i]), year=int(years[i]), kind=str(kinds[i]), buurt=f"BU0153{buurt[i]:04d}")
        for i in range(n)
    ]


@pytest.fixture(scope="module")
def region() -> HoldOut:
    return held(drawn())


def test_the_estimate_beats_both_baselines_and_is_honest_about_itself(region: HoldOut) -> None:
    table = scores(region).set_index("schatter")
    assert table.loc[MODEL, "logscore"] > table.loc[BY_YEAR, "logscore"] > table.loc[FLAT, "logscore"]
    assert 88 <= table.loc[MODEL, "dekking_90"] <= 93
    assert abs(table.loc[MODEL, "verwacht_efg"] - table.loc[MODEL, "aandeel_efg"]) < 1.5
    found, slope = calibration(region)
    assert 0.85 < slope < 1.15
    assert found["n"].sum() == 3000
    assert np.abs(found["verwacht"] - found["gevonden"]).max() < 9


def test_every_label_is_held_out_once_with_its_whole_neighbourhood(region: HoldOut) -> None:
    assert region.rows["vbo_id"].is_unique
    assert len(region.rows) == 3000
    woningen = tables(drawn())[0].set_index("vbo_id")
    parts = region.rows.groupby(woningen.loc[region.rows["vbo_id"], "buurt_code"].to_numpy())["proefdeel"].nunique()
    assert parts.eq(1).all()
    assert region.rows["proefdeel"].nunique() == PARAMETERS.proefdelen


def test_what_is_held_out_is_not_seen() -> None:
    # the only G's lie in one neighbourhood, each in its series; had they been seen, they would be expected
    elsewhere = [Home(letter="B", buurt=f"BU0153{i:04d}") for i in range(1, 9)] * 5
    own = [Home(letter="G", buurt="BU01530000", series="0153100000000009")] * 8
    found = held([*own, *elsewhere])
    assert (found.chances[MODEL][found.rows["klasse"] == 7][:, 7] < 0.1).all()


def test_the_report_has_every_split(region: HoldOut) -> None:
    tables = validation_tables(region)
    assert list(tables) == ["totaal", "methode", "woningtype", "labelperiode", "kalibratie"]
    assert tables["woningtype"].query("schatter == @MODEL")["n"].sum() == 3000
    assert tables["kalibratie"].groupby("schatter").size().tolist() == [10, 10, 10]


def test_scores_by_hand() -> None:
    chances = np.zeros((2, 8))
    chances[0, [2, 3]] = 0.5
    chances[1, [5, 6]] = [0.9, 0.1]
    rows = pd.DataFrame({"klasse": [3, 7], "woningtype": ["x", "y"]})
    both = dict.fromkeys((MODEL, BY_YEAR, FLAT), chances)
    table = scores(HoldOut(rows, both, dict.fromkeys(both, np.array([0.1, 0.1])))).set_index("schatter").loc[MODEL]
    assert (table["n"], table["mae"], table["bias"], table["sd"]) == (2, 1.5, -1.5, 0.5)
    assert table["logscore"] == pytest.approx((np.log(0.5) + np.log(1e-4)) / 2)
    assert table["dekking_90"] == 50
    assert (table["aandeel_efg"], table["verwacht_efg"]) == (50, 50)


def test_calibration_slope_tells_outspoken_from_timid() -> None:
    rng = np.random.default_rng(1)
    odds = rng.normal(-1, 1, 4000)
    bad = rng.random(4000) < 1 / (1 + np.exp(-odds))
    rows = pd.DataFrame({"klasse": np.where(bad, 5, 1)})
    slopes = []
    for stretch in (1.0, 2.0, 0.5):
        chance = 1 / (1 + np.exp(-stretch * odds))
        chances = np.zeros((4000, 8))
        chances[:, 5], chances[:, 1] = chance, 1 - chance
        slopes.append(calibration(HoldOut(rows, {MODEL: chances}, {}))[1])
    assert slopes == pytest.approx([slopes[0], slopes[0] / 2, slopes[0] * 2], rel=1e-3)
    assert slopes[0] == pytest.approx(1, abs=0.1)


def test_order_does_not_matter_and_the_seed_does() -> None:
    homes = drawn(400)
    first, turned = scores(held(homes)), scores(held(homes[::-1]))
    pd.testing.assert_frame_equal(first, turned, check_exact=False)
    other = scores(held(homes, LabelModelParams(seed=8)))
    assert not np.allclose(first["logscore"], other["logscore"])


@pytest.mark.parametrize("homes", [[Home(letter="C")] * 5, [Home()] * 5, []])
def test_one_neighbourhood_or_no_label_cannot_be_validated(homes: list[Home]) -> None:
    found = held(homes)
    assert found.rows.empty
    assert scores(found).empty
    table, slope = calibration(found)
    assert table.empty
    assert np.isnan(slope)
