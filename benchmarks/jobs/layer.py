"""The pand layer, from a frame in memory to a GeoPackage with R-tree: ours, and geopandas.to_file twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import geopandas as gpd

from benchmarks.jobs.job import found, job, start, stop
from twentegeo.publish.edition import Edition
from twentegeo.publish.geopackage import write_geopackage

LAYER = "pand"


def main() -> None:
    told = job()
    frame = gpd.read_parquet(Path(told["prepared"]) / "layer_pand.parquet")
    path = Path(told["scratch"]) / "layer.gpkg"
    start()
    if told["way"] == "ours":
        edition = Edition("Twente", date.fromisoformat(told["day"]), "20000101T000000Z", None)
        write_geopackage(path, {LAYER: frame}, edition=edition)
    else:
        frame.to_file(path, layer=LAYER, driver="GPKG", use_arrow=told["way"] == "arrow")
    stop()
    with closing(sqlite3.connect(path)) as connection:
        index = connection.execute("SELECT name FROM sqlite_master WHERE name LIKE 'rtree_pand_geom%'").fetchone()
        index = index or connection.execute("SELECT name FROM sqlite_master WHERE name LIKE 'rtree_pand%'").fetchone()
        found(
            told,
            {
                "rows": connection.execute(f"SELECT count(*) FROM {LAYER}").fetchone()[0],
                "indexed": connection.execute(f"SELECT count(*) FROM {index[0]}").fetchone()[0],
                "MB": round(path.stat().st_size / 1e6),
            },
        )


if __name__ == "__main__":
    main()
