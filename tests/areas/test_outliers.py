"""Local Moran: who differs from the neighbours."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from twentegeo.areas.getis_ord import HotspotParams
from twentegeo.areas.lattice import Lattice
from twentegeo.areas.outliers import local_moran, outliers

PARAMS = HotspotParams(trekkingen=9_999)


def field(values: np.ndarray) -> pd.DataFrame:
    rows, columns = np.indices(values.shape)
    ids = [f"E{2500 + x:04d}N{4700 + y:04d}" for y, x in zip(rows.ravel(), columns.ravel(), strict=True)]
    return pd.DataFrame({"overschot_z": values.ravel()}, index=pd.Index(ids, dtype="str", name="cel_id"))


def test_a_good_cell_in_a_bad_area_is_told_from_its_surroundings() -> None:
    values = np.random.default_rng(1).normal(scale=0.3, size=(30, 30))
    values[10:17, 10:17] += 3
    values[13, 13] = -3
    judged = outliers(field(values), 200, PARAMS, seed=1)
    assert judged.loc["E2513N4713", "moran_soort"] == "laag-hoog"
    assert judged.loc["E2512N4712", "moran_soort"] == "hoog-hoog"
    assert judged.loc["E2513N4713", "moran_i"] < 0 < judged.loc["E2512N4712", "moran_i"]
    assert (judged["moran_soort"] == "laag-hoog").sum() < 15


def test_chance_alone_gives_hardly_any() -> None:
    values = np.random.default_rng(2).normal(size=(40, 40))
    assert (outliers(field(values), 200, PARAMS, seed=1)["moran_soort"] != "geen").sum() <= 3


def test_local_moran_equals_esda() -> None:
    esda = pytest.importorskip("esda")
    weights = pytest.importorskip("libpysal").weights
    values = field(np.random.default_rng(3).gamma(2.0, size=(10, 11)))["overschot_z"]
    lattice = Lattice.of(values.index)
    w = weights.DistanceBand(np.column_stack([lattice.column, lattice.row]) * 100.0, 200.001, silence_warnings=True)
    theirs = esda.Moran_Local(values.to_numpy(), w, transformation="r", permutations=0)
    ours = local_moran(values, 200)
    np.testing.assert_allclose(ours["moran_i"], theirs.Is, atol=1e-12)
    kinds = np.array(["", "hoog-hoog", "laag-hoog", "laag-laag", "hoog-laag"])
    assert (ours["moran_soort"].to_numpy() == kinds[theirs.q]).all()


@pytest.mark.parametrize("values", [np.zeros((10, 10)), np.ones((3, 3)) * np.nan, np.arange(9.0).reshape(3, 3)])
def test_what_cannot_be_tested_is_unknown(values: np.ndarray) -> None:
    assert set(outliers(field(values), 200, PARAMS, seed=1)["moran_soort"]) == {"onbekend"}
