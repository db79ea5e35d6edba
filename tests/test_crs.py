"""RD New, and refusing the rest."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from twentegeo.crs import is_rd_new, require_inside, require_rd_new
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
