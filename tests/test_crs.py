"""RD New, and refusing the rest."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely

from twentegeo.crs import BOUNDS, is_rd_new, require_inside, require_rd_new, to_web
from twentegeo.errors import SourceChanged

ESRI_RD = (
    'PROJCS["RD_New",GEOGCS["GCS_Amersfoort",DATUM["D_Amersfoort",SPHEROID["Bessel_1841",6377397.155,299.1528128]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Double_Stereographic"],'
    'PARAMETER["False_Easting",155000.0],PARAMETER["False_Northing",463000.0],'
    'PARAMETER["Central_Meridian",5.38763888888889],PARAMETER["Scale_Factor",0.9999079],'
    'PARAMETER["Latitude_Of_Origin",52.15616055555555],UNIT["Meter",1.0]]'
)


@pytest.mark.parametrize("crs", ["EPSG:28992", 7415, ESRI_RD])
def test_rd_new_is_known_by_every_name(crs: object) -> None:
    assert is_rd_new(crs)


@pytest.mark.parametrize("crs", [None, "EPSG:4326", "EPSG:31370", "EPSG:3857"])
def test_nothing_else_is_rd_new(crs: object) -> None:
    assert not is_rd_new(crs)


def test_a_layer_in_degrees_is_refused_with_its_name() -> None:
    layer = gpd.GeoDataFrame(geometry=[shapely.Point(6.9, 52.2)], crs="EPSG:4326")
    with pytest.raises(SourceChanged, match=r"p\.gpkg: laag 'buurten' staat in EPSG:4326"):
        require_rd_new(layer, "p.gpkg", "buurten")


def test_degrees_that_claim_to_be_metres_are_refused() -> None:
    with pytest.raises(SourceChanged, match="buiten Nederland"):
        require_inside((6.0, 52.0, 7.0, 53.0), "p.gpkg", "buurten")


PYRDNAP = {
    (155_000, 463_000): (52.155172887, 5.387203650),
    (257_000, 471_000): (52.217638216, 6.879851374),
    (13_000, 380_000): (51.391284592, 3.346862685),
    (275_000, 610_000): (53.462644724, 7.194026254),
    (190_000, 315_000): (50.823798746, 5.883890466),
}
"""RD New to latitude and longitude (ETRS89) by PyRDNAP 26.8.18, variant 1, certified; an independent program."""


def test_the_way_to_the_web_is_rdnaptrans() -> None:
    points = np.array([shapely.Point(*place) for place in PYRDNAP])
    found = shapely.get_coordinates(to_web(points))

    expected = np.array(list(PYRDNAP.values()))[:, ::-1]
    metres = (found - expected) * [68_000, 111_000]
    assert np.abs(metres).max() < 0.001


def test_the_whole_country_can_go_to_the_web_and_nothing_beyond() -> None:
    west, south, east, north = BOUNDS
    corners = np.array([shapely.Point(x, y) for x in (west, east) for y in (south, north)])
    assert np.isfinite(shapely.get_coordinates(to_web(corners))).all()

    with pytest.raises(pyproj.exceptions.ProjError):
        to_web(np.array([shapely.Point(2_000_000, 463_000)]))


def test_shapes_keep_their_kind_and_what_is_absent_stays_absent() -> None:
    moved = to_web(np.array([shapely.box(200_000, 470_000, 200_010, 470_010), None], dtype=object))

    assert moved[0].geom_type == "Polygon"
    assert 6.0 < moved[0].centroid.x < 6.1
    assert moved[1] is None
