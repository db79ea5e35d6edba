"""The published layer of concentrations."""

from __future__ import annotations

import pandas as pd

from tests.areas.towns import Town
from twentegeo.areas.getis_ord import HotspotParams, hotspots
from twentegeo.areas.hotspot_layer import hotspot_layer
from twentegeo.areas.smoothing import cell_need
from twentegeo.tables.contract import conform
from twentegeo.tables.hotspots import HOTSPOT

DAY = pd.Timestamp("2026-11-08")


def test_each_band_that_found_it_gives_a_shape(town: Town) -> None:
    cells = cell_need(town.dwellings)
    found = hotspots(cells, HotspotParams(trekkingen=19_999), seed=1)
    layer = hotspot_layer(cells, found, "energie", DAY)
    conform(HOTSPOT, layer)
    high = layer[layer["teken"] == "hoog"]
    assert set(high["band_m"]) >= {200, 250}
    assert (high["gi_z"] > 3).all()
    assert (high["overschot"] > 5).all()
    assert (high["q_waarde"] <= 0.05).all()
    assert (layer.area == 10_000 * layer["n_cellen"]).all()
    assert layer["n_woningen"].max() <= 25 * layer["n_cellen"].max()


def test_nothing_found_is_an_empty_layer(town: Town) -> None:
    cells = cell_need(town.dwellings[:100])
    layer = hotspot_layer(cells, hotspots(cells, HotspotParams(), seed=1), "energie", DAY)
    assert len(conform(HOTSPOT, layer)) == 0
