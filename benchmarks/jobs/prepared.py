"""Tables that were made once, before any clock ran."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from twentegeo.tables.bag import Bag

if TYPE_CHECKING:
    from pathlib import Path


def bag_tables(folder: Path) -> Bag:
    return Bag(
        pand=gpd.read_parquet(folder / "pand.parquet"),
        verblijfsobject=gpd.read_parquet(folder / "verblijfsobject.parquet"),
        vbo_pand=pd.read_parquet(folder / "vbo_pand.parquet"),
        adres=pd.read_parquet(folder / "adres.parquet"),
        plaats=gpd.read_parquet(folder / "plaats.parquet"),
    )


def dwelling_ids(folder: Path) -> pd.DataFrame:
    return pd.read_parquet(folder / "woningen.parquet", columns=["vbo_id"])


def standing(folder: Path) -> gpd.GeoDataFrame:
    return gpd.read_parquet(folder / "panden.parquet", columns=["pand_id", "geometry"])


def parcels(folder: Path) -> gpd.GeoDataFrame:
    return gpd.read_parquet(folder / "perceel.parquet", columns=["perceel_id", "geometry"])
