"""A street before and after: dwellings and areas small enough to keep in the head."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from twentegeo.programme.causes import COLUMNS, pair
from twentegeo.programme.changes import AreaFigures, Comparison
from twentegeo.programme.split import World

HOME: dict[str, Any] = {
    "adres": "Dorpsstraat 1",
    "postcode": "7511AB",
    "pand_id": "0153100000000001",
    "vbo_status": "Verblijfsobject in gebruik",
    "gebruiksdoel": "woonfunctie",
    "oppervlakte_m2": 90,
    "bouwjaar": 1961,
    "n_panden": 1,
    "label_status": "geschat",
    "energielabel": None,
    "label_verlopen": None,
    "label_geldig_tot": None,
    "label_methode": None,
    "buurt_code": "BU01530001",
    "wijk_code": "WK015300",
    "gemeente_code": "GM0153",
    "score_energie": 60.0,
    "score_levensloop": 50.0,
    "x": 257000.0,
    "y": 471000.0,
}
LABEL: dict[str, Any] = {
    "label_status": "geldig",
    "energielabel": "D",
    "label_geldig_tot": "2030-01-01",
    "label_methode": "nta8800",
}


def blend(energy: Any, life: Any) -> Any:
    """A score that is no sum: the geometric mean of both axes, in hundredths."""
    return np.sqrt(np.asarray(energy, dtype=float) * np.asarray(life, dtype=float))


def homes(*rows: dict[str, Any]) -> pd.DataFrame:
    """One dwelling per dict; what is not said is as in HOME. The score follows from the axes unless it is given."""
    table = pd.DataFrame([HOME | {"vbo_id": f"{number:016d}"} | row for number, row in enumerate(rows, 1)])
    table["label_geldig_tot"] = pd.to_datetime(table["label_geldig_tot"])
    for name in ("energielabel", "label_verlopen", "label_methode", "buurt_code", "wijk_code"):
        table[name] = table[name].astype("str")
    if "score_prioriteit" not in table:
        table["score_prioriteit"] = np.nan
    own = np.round(blend(table["score_energie"], table["score_levensloop"]), 2)
    table["score_prioriteit"] = table["score_prioriteit"].astype(float).fillna(pd.Series(own, index=table.index))
    return table[[*COLUMNS, "x", "y"]]


def areas(level: str, rows: pd.DataFrame, extra: float = 0.0) -> pd.DataFrame:
    """Areas as published: the blend of the means, moved by something else that counts."""
    groups = rows.groupby(f"{level}_code")
    means = groups[["score_energie", "score_levensloop"]].mean()
    return pd.DataFrame(
        {
            "naam": [f"Gebied {code}" for code in means.index],
            "n_woningen": groups.size(),
            "score_prioriteit": np.round(blend(means["score_energie"], means["score_levensloop"]) + extra, 2),
        },
        index=means.index.rename("code"),
    )


def comparison(
    old: pd.DataFrame,
    new: pd.DataFrame,
    *,
    under_old: pd.DataFrame | None = None,
    new_method: bool = False,
    extra: float = 0.0,
) -> Comparison:
    """Lay a street before and after side by side; `under_old` is tonight under the old settings."""
    both = pair(old, new)
    world = (new if under_old is None else under_old).set_index("vbo_id").reindex(both.new.index)
    figures = {}
    for level in ("buurt", "wijk", "gemeente"):
        then, now = areas(level, old), areas(level, new, extra)
        under = now if under_old is None else areas(level, under_old, extra)
        codes = then.index.union(now.index)
        figures[level] = AreaFigures(
            old=then,
            new=now,
            under_old=under["score_prioriteit"],
            blend=blend,
            same=pd.Series(extra == 0, index=codes),
        )
    axes = tuple(world[name].to_numpy(dtype=float) for name in ("score_energie", "score_levensloop"))
    return Comparison(
        both=both,
        world=World((axes[0], axes[1]), world["score_prioriteit"].to_numpy(dtype=float)),
        blend=blend,
        areas=figures,
        new_method=new_method,
    )
