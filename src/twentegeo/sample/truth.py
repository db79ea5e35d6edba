"""What is so: counts and planted clusters, for tests and reports to be held against."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from twentegeo.sample.clusters import outlines
from twentegeo.sample.gazetteer import MUNICIPALITIES, NOTICE
from twentegeo.sample.homes import BEST_PLAIN, CLASSES
from twentegeo.sample.panden import GONE_PAND
from twentegeo.sample.registers import GONE_VBO
from twentegeo.store import code_fingerprint

if TYPE_CHECKING:
    import pandas as pd

    from twentegeo.sample.clusters import Cluster
    from twentegeo.sample.registers import Registers

UNBUILT = (*GONE_PAND, "Bouw gestart")


def counts(registers: Registers, homes: pd.DataFrame) -> dict[str, int]:
    """
    Count what the register holds on the reference date.

    Parameters
    ----------
    registers, homes
        The BAG and its homes.

    Returns
    -------
    counts
        panden and verblijfsobjecten: with a current voorkomen, existing, built, with a dwelling; dwellings in stock
        and planned.
    """
    panden, vbos = registers.panden, registers.vbos
    now = ~panden["future"].to_numpy(dtype=bool)
    exists = now & ~panden["status"].isin(GONE_PAND).to_numpy()
    built = now & ~panden["status"].isin(UNBUILT).to_numpy()
    stock = homes[homes["stock"] & ~homes["future"]]
    rows = registers.vbos.loc[stock.index]
    hosts = set(rows["pand_id"]) | (set(rows["second_pand_id"]) - {""})
    current = ~vbos["future"].to_numpy(dtype=bool)
    alive = current & ~vbos["status"].isin(GONE_VBO).to_numpy()
    used = set(vbos["pand_id"]) | set(vbos["second_pand_id"])
    return {
        "pand": int(now.sum()), "pand_existing": int(exists.sum()), "pand_built": int(built.sum()),
        "pand_built_with_dwelling": int((built & panden["pand_id"].isin(hosts).to_numpy()).sum()),
        "pand_without_vbo": int((built & ~panden["pand_id"].isin(used).to_numpy()).sum()),
        "pand_crossed": int(panden["crossed"].sum()),
        "vbo": int(current.sum()), "vbo_existing": int(alive.sum()),
        "vbo_multi_pand": int((vbos["second_pand"] >= 0).sum()),
        "dwellings_in_stock": len(stock), "dwellings_planned": int((~homes["stock"] & ~homes["future"]).sum()),
        "num": int((~registers.nums["future"].astype(bool)).sum()), "opr": len(registers.streets),
        "num_secondary": int(registers.nums["secondary"].sum()),
        "num_other_woonplaats": int((registers.nums["woonplaats"] != "").sum()),
        "ligplaatsen": int((registers.places["kind"] == "Ligplaats").sum()) if len(registers.places) else 0,
        "standplaatsen": int((registers.places["kind"] == "Standplaats").sum()) if len(registers.places) else 0,
        "objects_only_in_future": int(panden["future"].sum() + vbos["future"].sum()),
        "changes_ahead": int(panden["ahead"].sum() + vbos["ahead"].sum()),
    }  # fmt: skip


def planted(clusters: list[Cluster], homes: pd.DataFrame, labelled: np.ndarray[Any, Any]) -> list[dict[str, Any]]:
    """
    Describe the planted clusters.

    Parameters
    ----------
    clusters, homes
        As planted, and the homes with their true class.
    labelled
        (n,) homes that have a row in the label register.

    Returns
    -------
    description
        Per cluster: nummer, naam, n_woningen, gemeenten, aandeel_fg (true, percent), n_met_label, wkt (RD New).
    """
    homes = homes.assign(labelled=labelled)
    stock = homes[homes["stock"] & ~homes["future"]]
    result = []
    for c, shape in zip(clusters, outlines(clusters, stock), strict=True):
        mine = stock[stock["cluster"] == c.number]
        poor = (mine["label"] >= BEST_PLAIN + 5).mean() if len(mine) else 0.0
        result.append(
            {
                "nummer": c.number, "naam": c.name, "n_woningen": len(mine),
                "gemeenten": sorted(set(mine["gemeente"])), "aandeel_fg": round(100 * float(poor), 1),
                "n_met_label": int(mine["labelled"].sum()),
                "n_corporatie": int((mine["owner"] > 0).sum()), "wkt": shape.wkt,
            }
        )  # fmt: skip
    return result


def by_municipality(homes: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """
    Count homes and true classes per municipality.

    Parameters
    ----------
    homes
        The homes with their true class.

    Returns
    -------
    counts
        Code → naam, dwellings_in_stock, and the true number of homes per class.
    """
    stock = homes[homes["stock"] & ~homes["future"]]
    result = {}
    for m in MUNICIPALITIES:
        mine = stock[stock["gemeente"] == m.code]
        classes = np.bincount(mine["label"], minlength=len(CLASSES)).tolist()
        result[m.code] = {
            "naam": m.name,
            "dwellings_in_stock": len(mine),
            "klassen": dict(zip(CLASSES, classes, strict=True)),
        }
    return result


def generator() -> str:
    """
    Identify the generator: another one makes another world, of which no second delivery can follow.

    Returns
    -------
    mark
        32 hexadecimal digits.
    """
    return code_fingerprint([Path(__file__).parent])


def write_truth(path: Path, facts: dict[str, Any]) -> None:
    """
    Write ``truth.json``.

    Parameters
    ----------
    path
        Where to.
    facts
        What is so.
    """
    path.write_text(json.dumps({"melding": NOTICE, **facts}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
