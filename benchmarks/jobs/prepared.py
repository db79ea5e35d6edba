"""Tables that were made once, before any clock ran."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from twentegeo.pipeline import kept
from twentegeo.tables.bag import PLAATS, VERBLIJFSOBJECT, Unmapped

if TYPE_CHECKING:
    from pathlib import Path

    from twentegeo.tables.shapes import Mapped


def addressed(folder: Path) -> Unmapped:
    return Unmapped(
        verblijfsobject=pd.read_parquet(folder / "verblijfsobject.parquet", columns=list(VERBLIJFSOBJECT.names)),
        vbo_pand=pd.read_parquet(folder / "vbo_pand.parquet"),
        adres=pd.read_parquet(folder / "adres.parquet"),
        plaats=pd.read_parquet(folder / "plaats.parquet", columns=list(PLAATS.names)),
    )


def pand_ids(folder: Path) -> pd.Series[str]:
    return pd.read_parquet(folder / "pand.parquet", columns=["pand_id"])["pand_id"]


def dwelling_ids(folder: Path) -> pd.DataFrame:
    return pd.read_parquet(folder / "woningen.parquet", columns=["vbo_id"])


def standing(folder: Path) -> gpd.GeoDataFrame:
    return gpd.read_parquet(folder / "panden.parquet", columns=["pand_id", "geometry"])


def parcels(folder: Path) -> gpd.GeoDataFrame:
    return gpd.read_parquet(folder / "perceel.parquet", columns=["perceel_id", "geometry"])


def mapped(folder: Path) -> tuple[Mapped, Mapped]:
    """The panden that stand and the parcels as a night has them, but decoded as the frames of others are."""
    both = kept.read_mapped(folder / "panden.parquet"), kept.read_mapped(folder / "perceel.parquet")
    for one in both:
        one.shapes  # noqa: B018 - decodes them
    return both
