"""Two grounds on which an area is found."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from tests.areas.towns import Town
from twentegeo.areas.concentrations import AreaParams, Concentrations, find_concentrations
from twentegeo.areas.getis_ord import HotspotParams
from twentegeo.tables.shapes import Mapped

TEST = HotspotParams(trekkingen=19_999)
OLD_QUARTER = shapely.buffer(shapely.Point(250_400, 471_500), 150)


def dwellings(town: Town) -> gpd.GeoDataFrame:
    """The town's homes of one kind and period, but for an old quarter in the north-west where all are bad."""
    old = shapely.contains_xy(OLD_QUARTER, *shapely.get_coordinates(town.dwellings.geometry.to_numpy()).T)
    return town.dwellings.drop(columns="verwacht").assign(
        woningtype="rij tussen",
        bouwperiode=np.where(old, "t/m 1929", "1975-1991"),
        tekort=np.where(old, 100.0, town.dwellings["tekort"]),
        is_bewijs=True,
        blok_id=town.dwellings["pand_id"],
        old=old,
    )


@pytest.fixture(scope="module")
def homes(town: Town) -> gpd.GeoDataFrame:
    return dwellings(town)


@pytest.fixture(scope="module")
def found(town: Town, homes: gpd.GeoDataFrame) -> Concentrations:
    return find_concentrations(homes, Mapped.of(town.panden), AreaParams(toets=TEST))


def iou(first: np.ndarray, second: np.ndarray) -> float:
    return float((first & second).sum() / (first | second).sum())


def test_what_age_explains_is_found_on_its_own_ground(
    town: Town, homes: gpd.GeoDataFrame, found: Concentrations
) -> None:
    grounds = {}
    for number, ground in enumerate(found.areas["aanleiding"]):
        inside = (found.member == number).to_numpy()
        grounds[ground] = (iou(inside, town.planted), iou(inside, homes["old"].to_numpy()))
    assert set(grounds) == {"beide", "veel opgave"}
    assert grounds["beide"][0] >= 0.7
    assert grounds["veel opgave"][1] >= 0.7


def test_the_cells_tell_the_stricter_question_only(homes: gpd.GeoDataFrame, found: Concentrations) -> None:
    hot = found.cells.index[found.cells["gi_teken"] == "hoog"]
    assert len(hot)
    assert not homes.loc[homes["cel_id"].isin(hot), "old"].any()


def test_areas_do_not_overlap_and_hold_their_own_dwellings(homes: gpd.GeoDataFrame, found: Concentrations) -> None:
    shapes = found.areas.geometry.to_numpy()
    assert shapely.area(shapely.intersection(shapes[0], shapes[1])) < 1
    assert found.areas["n_woningen"].tolist() == np.bincount(found.member[found.member >= 0]).tolist()
    for number, shape in enumerate(shapes):
        assert shapely.covers(shape, homes.geometry.to_numpy()[(found.member == number).to_numpy()]).all()
    means = homes["tekort"].groupby(found.member.to_numpy()).mean()
    assert found.areas["tekort"].tolist() == pytest.approx(means.loc[0:].tolist())


def test_a_region_may_ask_one_question_only(town: Town, homes: gpd.GeoDataFrame) -> None:
    strict = find_concentrations(homes, Mapped.of(town.panden), AreaParams(toets=TEST, gronden=("boven verwachting",)))
    assert strict.areas["aanleiding"].tolist() == ["boven verwachting"]
    plain = find_concentrations(homes, Mapped.of(town.panden), AreaParams(toets=TEST, gronden=("veel opgave",)))
    assert set(plain.areas["aanleiding"]) == {"veel opgave"}
    assert len(plain.areas) == 2


def test_order_plays_no_part(town: Town, homes: gpd.GeoDataFrame, found: Concentrations) -> None:
    again = find_concentrations(
        homes.sample(frac=1, random_state=1),
        Mapped.of(town.panden.sample(frac=1, random_state=2)),
        AreaParams(toets=TEST),
    )
    pd.testing.assert_series_equal(again.member.sort_index(), found.member)
    pd.testing.assert_frame_equal(again.cells, found.cells)
    assert again.areas["aanleiding"].tolist() == found.areas["aanleiding"].tolist()


def test_too_small_a_region_says_that_nothing_was_tested(town: Town, homes: gpd.GeoDataFrame) -> None:
    corner = homes[homes["cel_id"].isin(sorted(homes["cel_id"].unique())[:20])]
    few = find_concentrations(corner, Mapped.of(town.panden), AreaParams(toets=TEST))
    assert len(few.areas) == 0
    assert (few.member == -1).all()
    assert "te weinig" in few.left_out[0]
