"""The plain way: lxml.iterparse over each member, fields and coordinates of current objects kept; two processes."""

from __future__ import annotations

import zipfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from lxml import etree

from benchmarks.jobs.job import found, job, stop

SHARES = (("PND",), ("VBO", "NUM"))
TYPES = {"PND": "Pand", "VBO": "Verblijfsobject", "NUM": "Nummeraanduiding"}
INACTIVE = ("tijdstipInactief", "tijdstipInactiefLV", "tijdstipNietBagLV")
SUPERSEDED = ("eindRegistratie", "tijdstipEindRegistratieLV")

Row = dict[str, Any]


def read(share: tuple[tuple[str, ...], str, str]) -> dict[str, list[Row]]:
    kinds, unpacked, day = share
    return {kind: current(next(Path(unpacked).glob(f"*{kind}*.zip")), TYPES[kind], day) for kind in kinds}


def current(path: Path, name: str, day: str) -> list[Row]:
    best: dict[str, Row] = {}
    with zipfile.ZipFile(path) as inner:
        for member in inner.namelist():
            with inner.open(member) as stream:
                for _, element in etree.iterparse(stream, tag="{*}" + name):
                    row = fields(element)
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]
                    if holds(row, day) and better(row, best.get(row["identificatie"])):
                        best[row["identificatie"]] = row
    return list(best.values())


def fields(element: Any) -> Row:
    row: Row = {"coordinates": []}
    for leaf in element.iter():
        text = leaf.text
        if not text or text.isspace():
            continue
        name = leaf.tag.rpartition("}")[2]
        if name in ("posList", "pos"):
            row["coordinates"].append(np.array(text.split(), dtype=float).reshape(-1, 3))
        elif name in row:
            row[name] += f",{text}"
        else:
            row[name] = text
    return row


def holds(row: Row, day: str) -> bool:
    begun, ended = row["beginGeldigheid"] <= day, row.get("eindGeldigheid", "9") <= day
    return begun and not ended and not any(name in row for name in INACTIVE)


def better(row: Row, other: Row | None) -> bool:
    return other is None or rank(row) > rank(other)


def rank(row: Row) -> tuple[bool, int, str]:
    superseded = any(name in row for name in SUPERSEDED)
    return not superseded, int(row["voorkomenidentificatie"]), row["tijdstipRegistratie"]


def main() -> None:
    told = job()
    shares = [(kinds, told["unpacked"], told["day"]) for kinds in SHARES]
    with ProcessPoolExecutor(2) as pool:
        tables = {kind: rows for share in pool.map(read, shares) for kind, rows in share.items()}
    for row in tables["PND"]:
        row["geometry"] = shapely.Polygon(row["coordinates"][0], row["coordinates"][1:])
    stop()
    import polars as pl  # noqa: PLC0415 - for the check only

    from benchmarks.jobs.rule import GONE, summary  # noqa: PLC0415

    kept = {kind: [row["identificatie"] for row in rows if row["status"] not in GONE] for kind, rows in tables.items()}
    found(told, {kind: summary(pl.Series(ids)) for kind, ids in kept.items()})


if __name__ == "__main__":
    main()
