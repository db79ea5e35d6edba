"""GDAL's LVBAG driver through pyogrio as Arrow, two processes; the tables stay where they were read."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import pyogrio

from benchmarks.jobs.job import found, job, stop

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

SHARES = (("PND",), ("VBO", "NUM"))


def read(kinds: tuple[str, ...], unpacked: str, day: date, pipe: Connection) -> None:
    tables = {}
    for kind in kinds:
        path = next(Path(unpacked).glob(f"*{kind}*.zip"))
        tables[kind] = pyogrio.raw.read_arrow(f"/vsizip/{path}")[1]
    pipe.send("read")
    pipe.recv()
    import polars as pl  # noqa: PLC0415 - for the check only

    from benchmarks.jobs.rule import current, summary  # noqa: PLC0415

    counts: dict[str, str] = {}
    for kind, table in tables.items():
        rows = pl.from_arrow(table.drop_columns([name for name in table.column_names if "geom" in name]))
        counts[kind] = summary(current(pl.DataFrame(rows), day)["identificatie"])
    pipe.send(counts)


def main() -> None:
    told = job()
    context, pipes = get_context("spawn"), []
    day = date.fromisoformat(told["day"])
    for kinds in SHARES:
        here, there = context.Pipe()
        context.Process(target=read, args=(kinds, told["unpacked"], day, there)).start()
        pipes.append(here)
    with ThreadPoolExecutor() as threads:
        list(threads.map(lambda pipe: pipe.recv(), pipes))
    stop()
    counts: dict[str, str] = {}
    for pipe in pipes:
        pipe.send("count")
        counts |= pipe.recv()
    found(told, counts)


if __name__ == "__main__":
    main()
