"""Make the tables that rows start from: one night of ours, with what it read and assembled kept as Parquet."""

from __future__ import annotations

import sys
from pathlib import Path

import geopandas as gpd
import shapely

from twentegeo.crs import RD_NEW_TEXT
from twentegeo.figures import load_reference
from twentegeo.pipeline import night, registers
from twentegeo.pipeline.stages import Stages
from twentegeo.settings import config_folder, load
from twentegeo.store import Store
from twentegeo.tables.shapes import GEOM

LAYER = "pand"


class Silent:
    """Tells nobody."""

    def say(self, text: str) -> None:
        """Say nothing."""

    def count(self, stage: str, done: int, total: int) -> None:
        """Count nothing."""


def main() -> None:
    folder = Path(sys.argv[1])
    prepared = folder / "prepared"
    if (prepared / f"layer_{LAYER}.parquet").is_file():
        return
    prepared.mkdir(parents=True, exist_ok=True)
    chosen, progress = load(folder / "prepare.yaml"), Silent()
    reference, store = load_reference(config_folder()), Store(chosen.outputs)
    snapshots = night.fetch(chosen, progress)
    with Stages(store, progress) as stages:
        read = registers.read(chosen, snapshots, stages, store, progress)
        built = night.build(chosen, reference, night.ReadIn(read, snapshots), stages)
        stages.settle()
    for kept in store.tables.glob("*/*/tables/*.parquet"):
        kept.replace(prepared / kept.name)
    layer = built.layers[LAYER]
    # a night passes outlines on as WKB; the contenders start from the same frame with geometry
    shapes = shapely.from_wkb(layer[GEOM].to_numpy())
    drawn = gpd.GeoDataFrame(layer.drop(columns=GEOM), geometry=shapes, crs=RD_NEW_TEXT)
    drawn.to_parquet(prepared / f"layer_{LAYER}.parquet")


if __name__ == "__main__":
    main()
