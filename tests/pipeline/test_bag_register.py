"""What a night takes up of the month's BAG before it lays the services' on top."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from twentegeo.pipeline import bag_register, kept
from twentegeo.pipeline.outcome import Computed
from twentegeo.pipeline.progress import LogProgress
from twentegeo.pipeline.stages import Stages
from twentegeo.store import Store

TABLES = {
    "pand": gpd.GeoDataFrame({"pand_id": ["1", "2"], "status": "x"}, geometry=[shapely.box(0, 0, 1, 1)] * 2, crs=28992),
    "verblijfsobject": gpd.GeoDataFrame(
        {"vbo_id": ["3"], "vbo_status": "x"}, geometry=[shapely.Point(0, 0)], crs=28992
    ),
    "vbo_pand": pd.DataFrame({"vbo_id": ["3"], "pand_id": ["1"], "volgorde": [0]}),
    "adres": pd.DataFrame({"nummeraanduiding_id": ["4"], "object_id": ["3"]}),
    "plaats": gpd.GeoDataFrame({"plaats_id": ["5"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=28992),
}


def listed(store: Store) -> tuple[bool, object]:
    with Stages(store, LogProgress()) as stages:
        outcome = stages.run("bag", (), ("crs.py",), lambda: Computed(TABLES), seldom=bag_register._SELDOM)
        stages.settle()
        return outcome.reused, bag_register._listed(outcome)


def test_the_outlines_of_the_month_are_not_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    assert not listed(store)[0]
    whole = kept.read

    def read(path: Path) -> pd.DataFrame:
        assert path.stem not in bag_register._SELDOM
        return whole(path)

    monkeypatch.setattr(kept, "read", read)
    reused, found = listed(store)
    assert reused
    assert found.pand.equals(pd.DataFrame({"pand_id": ["1", "2"]}))  # type: ignore[attr-defined]
    assert found.verblijfsobject.equals(pd.DataFrame({"vbo_id": ["3"]}))  # type: ignore[attr-defined]
    assert found.vbo_pand.equals(TABLES["vbo_pand"])  # type: ignore[attr-defined]
    assert found.adres.equals(TABLES["adres"])  # type: ignore[attr-defined]
