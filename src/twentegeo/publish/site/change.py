"""What changed since the release before, as the page tells it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from twentegeo.publish.site.areas import PRIORITY, as_columns

if TYPE_CHECKING:
    from pathlib import Path

COMPARED: Final = ("n_woningen", "score_prioriteit", "score_energie", "score_levensloop", "label_dekking", "rang")
LEVELS: Final = ("gemeente", "wijk", "buurt")


def changes(now: dict[str, Any], before: dict[str, Any], told: pd.DataFrame) -> dict[str, Any]:
    """
    Compare the areas of two releases.

    Parameters
    ----------
    now, before
        Areas as :func:`twentegeo.publish.site.areas.area_rows` gives them.
    told
        The table ``wijziging`` of this release, or no rows where it has none.

    Returns
    -------
    changes
        By layer the areas with a difference, column by column (new minus old); the priority areas that are new or
        gone; and the number of changes of dwellings by kind and cause, where the release tells.
    """
    found: dict[str, Any] = {}
    for level in LEVELS:
        if level in now and level in before:
            rows = _differences(_frame(now[level]), _frame(before[level]))
            found[level] = as_columns(rows)
    areas, earlier = _frame(now.get(PRIORITY)), _frame(before.get(PRIORITY))
    found["nieuw"] = _names(areas, earlier)
    found["vervallen"] = _names(earlier, areas)
    found["oorzaken"] = _causes(told)
    return found


def read_before(site: Path | None) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """
    Read what the page of the release before said.

    Parameters
    ----------
    site
        Its folder, or None.

    Returns
    -------
    facts, areas
        Of that page; None where there is none or it is of a kind that this code does not know.
    """
    if site is None:
        return None
    try:
        facts = json.loads((site / "data" / "site.json").read_text(encoding="utf-8"))
        areas = json.loads((site / "data" / "gebieden.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    known = isinstance(facts, dict) and isinstance(areas, dict) and "run_id" in facts
    return (facts, areas) if known else None


def _frame(table: dict[str, Any] | None) -> pd.DataFrame:
    if not table:
        return pd.DataFrame()
    return pd.DataFrame(table["rijen"], columns=table["kolommen"])


def _differences(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    shared = [name for name in COMPARED if name in now and name in before]
    both = now.merge(before[["code", *shared]], on="code", suffixes=("", "_eerder"))
    made = both[["code", "naam"]].copy()
    for name in shared:
        new, old = (pd.to_numeric(both[column]) for column in (name, f"{name}_eerder"))
        made[name] = (new - old).round(2)
    moved = made[shared].fillna(0).ne(0).any(axis=1)
    return made[moved]


def _names(these: pd.DataFrame, those: pd.DataFrame) -> list[dict[str, Any]]:
    if these.empty:
        return []
    known = set(those["gebied_id"]) if not those.empty else set()
    chosen = these[~these["gebied_id"].isin(known)]
    return [{"gebied_id": row.gebied_id, "naam": row.naam} for row in chosen.itertuples()]


def _causes(told: pd.DataFrame) -> list[dict[str, Any]]:
    keys = [name for name in ("wat", "oorzaak") if name in told]
    if told.empty or not keys:
        return []
    counted = told.groupby(keys, dropna=False).size().sort_values(ascending=False).head(20)
    frame = counted.rename("aantal").reset_index()
    known = frame.astype("object").where(frame.notna(), None)
    return [dict(zip(known.columns, row, strict=True)) for row in known.itertuples(index=False, name=None)]
