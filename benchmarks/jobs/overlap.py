"""The parcel that holds the largest part of each pand: ours, and two ways of geopandas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from benchmarks.jobs import prepared
from benchmarks.jobs.job import found, job, start, stop
from twentegeo.stock.parcels import largest_overlap
from twentegeo.stock.surveyed import Surveyed

if TYPE_CHECKING:
    from collections.abc import Callable

    from twentegeo.tables.shapes import Mapped

T = TypeVar("T")

TIE_M2 = 1e-4


def ours(pand: Mapped, perceel: Mapped) -> pd.DataFrame:
    laid = Surveyed.of(pand, "pand_id"), Surveyed.of(perceel, "perceel_id")
    pairs: pd.DataFrame = largest_overlap(*laid).pand_perceel[["pand_id", "perceel_id"]]
    return pairs


def overlay(pand: gpd.GeoDataFrame, perceel: gpd.GeoDataFrame) -> pd.DataFrame:
    parts = gpd.overlay(pand, perceel, how="intersection", keep_geom_type=True)
    best = parts.geometry.area.groupby(parts["pand_id"]).idxmax()
    pairs: pd.DataFrame = parts.loc[best, ["pand_id", "perceel_id"]]
    return pairs


def sjoin(pand: gpd.GeoDataFrame, perceel: gpd.GeoDataFrame) -> pd.DataFrame:
    pairs = gpd.sjoin(pand, perceel, predicate="intersects").reset_index(drop=True)
    other = perceel.geometry.to_numpy()[pairs["index_right"]]
    area = pd.Series(shapely.area(shapely.intersection(pairs.geometry.to_numpy(), other)))
    best = area[area > 0].groupby(pairs["pand_id"]).idxmax()
    return pd.DataFrame(pairs.loc[best, ["pand_id", "perceel_id"]])


WAYS: dict[str, Callable[[gpd.GeoDataFrame, gpd.GeoDataFrame], pd.DataFrame]] = {
    "overlay": overlay,
    "sjoin": sjoin,
}


def differing(pand: gpd.GeoDataFrame, perceel: gpd.GeoDataFrame, one: pd.DataFrame, two: pd.DataFrame) -> int:
    """Count panden that two ways give another parcel, unless both parcels hold an equal part of it."""
    both = one.merge(two, on="pand_id", how="outer", suffixes=("_one", "_two"))
    both = both[both["perceel_id_one"].fillna("") != both["perceel_id_two"].fillna("")]
    missing = both["perceel_id_one"].isna() | both["perceel_id_two"].isna()
    shapes, parcels = pand.set_index("pand_id").geometry, perceel.set_index("perceel_id").geometry
    rest = both[~missing]
    areas = [
        shapely.area(shapely.intersection(shapes.loc[rest["pand_id"]].to_numpy(), parcels.loc[rest[name]].to_numpy()))
        for name in ("perceel_id_one", "perceel_id_two")
    ]
    return int(missing.sum() + (np.abs(areas[0] - areas[1]) > TIE_M2).sum())


def drawn(folder: Path) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    return prepared.standing(folder), prepared.parcels(folder)


def timed(way: Callable[[T, T], pd.DataFrame], tables: tuple[T, T]) -> pd.DataFrame:
    start()
    given = way(*tables)
    stop()
    return given


def main() -> None:
    told = job()
    folder = Path(told["prepared"])
    given = timed(ours, prepared.mapped(folder)) if told["way"] == "ours" else timed(WAYS[told["way"]], drawn(folder))
    kept = Path(told["scratch"]).parent / "overlap_ours.parquet"
    if told["way"] == "ours":
        given.to_parquet(kept)
    counts: dict[str, object] = {"panden": len(given)}
    if kept.is_file():
        counts["differing"] = differing(*drawn(folder), pd.read_parquet(kept), given)
    found(told, counts)


if __name__ == "__main__":
    main()
