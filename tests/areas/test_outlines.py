"""From cells to areas that follow the buildings."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from tests.areas.towns import Town
from twentegeo.areas.blocks import follow_buildings
from twentegeo.areas.getis_ord import HotspotParams, hotspots
from twentegeo.areas.outlines import Drawn, OutlineParams, draw_areas
from twentegeo.areas.smoothing import cell_need
from twentegeo.tables.shapes import Mapped

PARAMS = OutlineParams()


@pytest.fixture(scope="module")
def hot(town: Town) -> pd.Index:
    found = hotspots(cell_need(town.dwellings), HotspotParams(trekkingen=19_999), seed=1)
    return found.cells.index[found.cells["gi_teken"] == "hoog"]


@pytest.fixture(scope="module")
def drawn(town: Town, hot: pd.Index) -> Drawn:
    return draw_areas(town.dwellings, Mapped.of(town.panden), hot, PARAMS)


def overlap(first: np.ndarray, second: np.ndarray) -> float:
    return float((first & second).sum() / (first | second).sum())


def test_the_planted_circle_is_recovered(town: Town, drawn: Drawn) -> None:
    inside = (drawn.member == 0).to_numpy()
    circle = shapely.buffer(shapely.Point(250_815, 471_130), 150)
    shape = drawn.areas.geometry.iloc[0]
    assert len(drawn.areas) == 1
    assert overlap(inside, town.planted) >= 0.8
    assert shape.intersection(circle).area / shape.union(circle).area >= 0.7


def test_a_municipal_border_does_not_cut_it(town: Town, drawn: Drawn) -> None:
    inside = town.dwellings[drawn.member >= 0]
    assert inside["gemeente_code"].value_counts().min() > 30


def test_areas_are_valid_and_cut_no_building(town: Town, drawn: Drawn) -> None:
    shape = drawn.areas.geometry.iloc[0]
    assert shape.is_valid
    assert shape.geom_type in {"Polygon", "MultiPolygon"}
    share = shapely.area(shapely.intersection(town.panden.geometry.to_numpy(), shape)) / town.panden.area.to_numpy()
    assert ((share < 0.01) | (share > 0.99)).all()
    assert ((share > 0.5) == (drawn.member.to_numpy() == 0)).all()


def test_every_dwelling_counts_once(drawn: Drawn) -> None:
    assert drawn.areas["n_woningen"].tolist() == [int((drawn.member == 0).sum())]


def test_order_plays_no_part(town: Town, hot: pd.Index, drawn: Drawn) -> None:
    again = draw_areas(
        town.dwellings.sample(frac=1, random_state=1),
        Mapped.of(town.panden.sample(frac=1, random_state=2)),
        hot[::-1],
        PARAMS,
    )
    pd.testing.assert_series_equal(again.member.sort_index(), drawn.member)
    assert shapely.equals_exact(
        shapely.normalize(again.areas.geometry.iloc[0]), shapely.normalize(drawn.areas.geometry.iloc[0]), 0.011
    )


@pytest.mark.parametrize(
    "stricter",
    [{"min_woningen": 1000}, {"min_tekort": 99.0}, {"min_overschot": 79.0}],
    ids=lambda value: next(iter(value)),
)
def test_an_area_too_small_or_too_ordinary_is_left_out(town: Town, hot: pd.Index, stricter: dict[str, float]) -> None:
    drawn = draw_areas(town.dwellings, Mapped.of(town.panden), hot, OutlineParams(**stricter))
    assert len(drawn.areas) == 0
    assert (drawn.member == -1).all()


def test_without_significant_cells_there_are_no_areas(town: Town) -> None:
    drawn = draw_areas(town.dwellings, Mapped.of(town.panden), pd.Index([], dtype="str"), PARAMS)
    assert len(drawn.areas) == 0
    assert drawn.areas.crs == "EPSG:28992"


def test_a_road_between_two_halves_makes_one_area() -> None:
    town = Town(seed=4, centre=(250_815.0, 471_130.0))
    road = town.dwellings.geometry.x.between(250_780, 250_850).to_numpy()
    dwellings = town.dwellings[~road].reset_index(drop=True)
    hot = pd.Index(dwellings["cel_id"][town.planted[~road]].unique())
    assert len(draw_areas(dwellings, Mapped.of(town.panden[~road]), hot, PARAMS).areas) == 1
    apart = draw_areas(dwellings, Mapped.of(town.panden[~road]), hot, OutlineParams(samen_m=0, sluiten_m=20))
    assert len(apart.areas) == 2


def test_a_building_mostly_inside_is_taken_in_and_one_mostly_outside_left_out() -> None:
    panden = gpd.GeoDataFrame(
        {"pand_id": ["in", "out", "far"]},
        geometry=[shapely.box(4, 0, 12, 4), shapely.box(8, 6, 18, 10), shapely.box(50, 0, 60, 9)],
        crs="EPSG:28992",
    )
    homes = gpd.GeoDataFrame(
        {"pand_id": ["in", "out", "far", None, None]},
        geometry=shapely.points([(11, 2), (9, 8), (55, 5), (1, 1), (20, 20)]),
        crs="EPSG:28992",
    )
    shapes, inside = follow_buildings([shapely.box(0, 0, 10, 10)], homes, Mapped.of(panden))
    assert inside.tolist() == [0, -1, -1, 0, -1]
    assert shapes[0].area == 100 + 2 * 4 - 2 * 4
