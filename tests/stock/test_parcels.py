from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import village
from tests.village import pand_id, parcel_id
from twentegeo.stock import buildings, parcels
from twentegeo.stock.surveyed import Surveyed
from twentegeo.tables.contract import conform
from twentegeo.tables.shapes import Mapped
from twentegeo.tables.stock import PAND_PERCEEL

if TYPE_CHECKING:
    from collections.abc import Mapping

World = tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]
"""Panden and parcels."""

SMALL = parcels.OverlapParams(chunk_size=3, threads=2)


def surveyed(
    pand: gpd.GeoDataFrame, perceel: gpd.GeoDataFrame, before: Mapping[str, pd.DataFrame] | None = None
) -> tuple[Surveyed, Surveyed]:
    panden, percelen = (before["panden"], before["percelen"]) if before else (None, None)
    drawn = [Mapped.of(gpd.GeoDataFrame(table.reset_index(drop=True))) for table in (pand, perceel)]
    return Surveyed.of(drawn[0], "pand_id", panden), Surveyed.of(drawn[1], "perceel_id", percelen)


@pytest.fixture
def world() -> World:
    drawn = village.build()
    return buildings.built(drawn.bag.pand.frame), drawn.perceel


def test_the_village(world: World):
    found = parcels.largest_overlap(*surveyed(*world), SMALL)
    conform(PAND_PERCEEL, found.pand_perceel)
    placed = found.pand_perceel.set_index("pand_id")
    expected = {1: 1, 2: 2, 3: 3, 4: 5, 5: 6, 6: 6, 7: 7, 8: 7, 10: 8}
    assert placed["perceel_id"].to_dict() == {pand_id(p): parcel_id(q) for p, q in expected.items()}
    assert placed["aandeel_overlap"].round(6).to_dict() == {
        pand_id(p): {4: 75.0, 10: 50.0}.get(p, 100.0) for p in expected
    }


def test_a_pand_without_a_parcel_is_lost_and_counted(world: World):
    found = parcels.largest_overlap(*surveyed(*world), SMALL)
    assert found.losses[["verlies_id", "reden"]].to_numpy().tolist() == [[pand_id(11), "geen perceel op deze plaats"]]
    assert found.accounts[["n_links", "n_rechts", "n_gekoppeld"]].to_numpy().tolist() == [[10, 9, 9]]


def test_touching_a_border_is_not_lying_on_a_parcel(world: World):
    pand, perceel = world
    far = perceel[perceel["perceel_id"] == parcel_id(4)]
    found = parcels.largest_overlap(*surveyed(pand[pand["pand_id"] == pand_id(3)], far), SMALL)
    # pand 3 ends where parcel 4 begins
    assert found.losses["reden"].tolist() == ["raakt alleen de grens van een perceel"]
    assert len(found.pand_perceel) == 0


def test_a_pand_that_sticks_out_over_nothing_keeps_its_true_share(world: World):
    pand, perceel = world
    only = perceel[perceel["perceel_id"] == parcel_id(5)]
    found = parcels.largest_overlap(*surveyed(pand[pand["pand_id"] == pand_id(4)], only), SMALL)
    assert found.pand_perceel["aandeel_overlap"].tolist() == [pytest.approx(75.0)]


def test_copies_of_a_parcel_give_the_lowest_id(world: World):
    pand, perceel = world
    copies = pd.concat(
        [perceel.assign(perceel_id=perceel["perceel_id"].str.replace("00000000000", "00000000100")), perceel]
    )
    found = parcels.largest_overlap(*surveyed(pand, copies), SMALL)
    assert found.pand_perceel.equals(parcels.largest_overlap(*surveyed(pand, perceel), SMALL).pand_perceel)


def test_nothing_to_place(world: World):
    pand, perceel = world
    assert len(parcels.largest_overlap(*surveyed(pand.iloc[:0], perceel)).pand_perceel) == 0
    nowhere = surveyed(pand, perceel.iloc[:0])
    found = parcels.largest_overlap(*nowhere)
    assert len(found.losses) == len(pand)
    assert len(parcels.built_area(*nowhere, found)[0]) == 0


def test_built_area_counts_every_pand_that_lies_on_the_parcel(world: World):
    laid = surveyed(*world)
    found = parcels.largest_overlap(*laid, SMALL)
    area = parcels.built_area(*laid, found, params=SMALL)[0].set_index("perceel_id")["bebouwd_m2"]
    expected = {1: 100, 2: 100, 3: 100, 4: 20, 5: 60, 6: 500, 7: 225, 8: 100, 9: 100}
    assert area.round(6).to_dict() == {parcel_id(n): float(m2) for n, m2 in expected.items()}
    some, _ = parcels.built_area(*laid, found, pd.Series([parcel_id(4), parcel_id(4)]), SMALL)
    assert some["perceel_id"].tolist() == [parcel_id(4)]


def test_panden_over_each_other_do_not_cover_more_than_the_parcel(world: World):
    pand, perceel = world
    whole = pand.iloc[:2].assign(geometry=[perceel.geometry.iloc[0]] * 2)
    laid = surveyed(whole, perceel)
    found = parcels.largest_overlap(*laid, SMALL)
    assert parcels.built_area(*laid, found)[0].set_index("perceel_id").loc[parcel_id(1), "bebouwd_m2"] == 500


def exhaustive(pand: gpd.GeoDataFrame, perceel: gpd.GeoDataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Measure every pair, and take the largest of each pand."""
    area = shapely.area(shapely.intersection(pand.geometry.to_numpy()[:, None], perceel.geometry.to_numpy()[None, :]))
    order = np.argsort(perceel["perceel_id"].to_numpy(dtype=object))
    best = order[np.argmax(area.round(6)[:, order], axis=1)]
    share = 100 * area[np.arange(len(pand)), best] / shapely.area(pand.geometry.to_numpy())
    table = pd.DataFrame(
        {"pand_id": pand["pand_id"], "perceel_id": perceel["perceel_id"].to_numpy()[best], "share": share}
    )
    covered = pd.Series(area.sum(axis=0), index=perceel["perceel_id"].to_numpy())
    return table[area.max(axis=1).round(6) > 0].sort_values("pand_id", ignore_index=True), covered.sort_index()


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw turned rectangles on a chequered ground with parcels missing, in any order."""
    edges = st.lists(st.integers(1, 39), min_size=1, max_size=5, unique=True).map(lambda inner: [0, *sorted(inner), 40])
    xs, ys = draw(edges), draw(edges)
    cells = [village.box(x0, y0, x1, y1) for x0, x1 in pairwise(xs) for y0, y1 in pairwise(ys)]
    kept = draw(st.permutations(cells)) if len(cells) < 30 else cells
    kept = kept[: draw(st.integers(1, len(kept)))]
    corner, size, angle = st.integers(-5, 40), st.integers(1, 20), st.sampled_from([0, 0, 30, 45, 71])
    drawn = draw(st.lists(st.tuples(corner, corner, size, size, angle), min_size=1, max_size=12))
    shapes = gpd.GeoSeries([village.box(x, y, x + w, y + h) for x, y, w, h, _ in drawn], crs=28992)
    turned = [gpd.GeoSeries([s]).rotate(a).iloc[0] for s, (*_, a) in zip(shapes, drawn, strict=True)]
    pand = gpd.GeoDataFrame({"pand_id": [pand_id(n) for n in range(len(turned))]}, geometry=turned, crs=28992)
    perceel = gpd.GeoDataFrame({"perceel_id": [parcel_id(n) for n in range(len(kept))]}, geometry=kept, crs=28992)
    return pand.astype({"pand_id": "str"}), perceel.astype({"perceel_id": "str"})


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_the_shortcuts_equal_the_exhaustive_answer(drawn: World):
    pand, perceel = drawn
    laid = surveyed(pand, perceel)
    found = parcels.largest_overlap(*laid, SMALL)
    truth, covered = exhaustive(pand, perceel)
    assert found.pand_perceel["pand_id"].tolist() == truth["pand_id"].tolist()
    assert found.pand_perceel["perceel_id"].tolist() == truth["perceel_id"].tolist()
    np.testing.assert_allclose(found.pand_perceel["aandeel_overlap"], truth["share"], atol=1e-6)
    assert set(found.losses["verlies_id"]) == set(pand["pand_id"]) - set(truth["pand_id"])
    exact = parcels.OverlapParams(chunk_size=3, negligible_m2=0)
    built, _ = parcels.built_area(*laid, found, params=exact)
    limit = np.minimum(covered.to_numpy(), perceel.sort_values("perceel_id").area.to_numpy())
    np.testing.assert_allclose(built["bebouwd_m2"], limit, atol=1e-5)
    mixed = perceel.sample(frac=1, random_state=1, ignore_index=True)
    assert parcels.largest_overlap(*surveyed(pand, mixed), SMALL).pand_perceel.equals(found.pand_perceel)


CROWD = """
import geopandas as gpd, numpy as np, pandas as pd, shapely
from twentegeo.stock import parcels
from twentegeo.stock.surveyed import Surveyed
from twentegeo.tables.shapes import Mapped

corner = np.linspace(0, 2 * np.pi, 4_000, endpoint=False)
round_ = shapely.polygons(np.column_stack([200_000 + 900 * np.cos(corner), 450_000 + 900 * np.sin(corner)]))
perceel = gpd.GeoDataFrame({"perceel_id": pd.Series(["84920229870000"], dtype="str")}, geometry=[round_], crs=28992)
x, y = np.divmod(np.arange(4_000), 64)
boxes = shapely.box(199_500 + x * 16, 449_500 + y * 16, 199_510 + x * 16, 449_510 + y * 16)
ids = pd.Series([f"01531{row:011d}" for row in range(4_000)], dtype="str")
pand = gpd.GeoDataFrame({"pand_id": ids}, geometry=boxes, crs=28992)
laid = Surveyed.of(Mapped.of(pand), "pand_id"), Surveyed.of(Mapped.of(perceel), "perceel_id")
for _ in range(3):
    found = parcels.largest_overlap(*laid, parcels.OverlapParams(chunk_size=100, threads=4))
    assert len(found.pand_perceel) == 4_000
"""


def test_threads_that_ask_the_same_parcel_do_not_crash_the_process():
    """GEOS completes a prepared geometry without a lock; sharing one killed the night with signal 11."""
    ended = subprocess.run([sys.executable, "-c", CROWD], check=False, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
