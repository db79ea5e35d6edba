"""Ours: the extract of a region as tables, in memory, ready to join."""

from __future__ import annotations

from pathlib import Path

from benchmarks.jobs.job import found, job, stop
from twentegeo.sources import bag


def main() -> None:
    told = job()
    scope = bag.BagScope(municipalities=tuple(told["municipalities"]))
    read = bag.read(bag.fetch(Path(told["bag"])), scope, bag.Means(Path(told["scratch"]) / "work", told["workers"]))
    stop()
    import polars as pl  # noqa: PLC0415 - for the check only

    from benchmarks.jobs.rule import summary  # noqa: PLC0415

    found(
        told,
        {
            "PND": summary(pl.Series(read.pand["pand_id"])),
            "VBO": summary(pl.Series(read.verblijfsobject["vbo_id"])),
            "NUM": summary(pl.Series(read.adres["nummeraanduiding_id"]).unique()),
        },
    )


if __name__ == "__main__":
    main()
