"""GDAL's own program, two at once: PND beside VBO and then NUM, each to a GeoPackage without forced syncing."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from benchmarks.jobs.job import found, job, stop

SHARES = (("PND",), ("VBO", "NUM"))


def main() -> None:
    told = job()
    scratch = Path(told["scratch"])

    def convert(kinds: tuple[str, ...]) -> None:
        for kind in kinds:
            path = next(Path(told["unpacked"]).glob(f"*{kind}*.zip"))
            target = str(scratch / f"{kind}.gpkg")
            options = ["-nln", kind.lower(), "--config", "OGR_SQLITE_SYNCHRONOUS", "OFF"]
            subprocess.run([told["ogr2ogr"], "-f", "GPKG", target, f"/vsizip/{path}", *options], check=True)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(convert, SHARES))
    stop()
    import polars as pl  # noqa: PLC0415 - for the check only
    import pyogrio  # noqa: PLC0415

    from benchmarks.jobs.rule import current, summary  # noqa: PLC0415

    counts = {}
    for kind in ("PND", "VBO", "NUM"):
        rows = pl.from_arrow(pyogrio.raw.read_arrow(scratch / f"{kind}.gpkg", read_geometry=False)[1])
        counts[kind] = summary(current(pl.DataFrame(rows), date.fromisoformat(told["day"]))["identificatie"])
    found(told, counts)


if __name__ == "__main__":
    main()
