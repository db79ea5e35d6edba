"""
Yesterday's BAG on top of last month's.

The file comes once a month and holds everything; the services are renewed daily and hold less. What exists is what the
services say; what only the file tells (secondary addresses, and with the WFS the further panden of a verblijfsobject)
is kept for the objects that still exist.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pandas as pd

from twentegeo.tables.bag import ADRES, VBO_PAND
from twentegeo.tables.contract import conform
from twentegeo.tables.keys import in_order, is_among, positions

if TYPE_CHECKING:
    from twentegeo.sources.bag import BagTables, Listed


def top_up(base: Listed, daily: BagTables) -> BagTables:
    """
    Bring a month's tables up to date.

    Parameters
    ----------
    base
        Of the extract or bag-light; where its objects lie plays no part.
    daily
        Of the services, for the same region and a later day.

    Returns
    -------
    tables
        Objects, pairs, main addresses and reference date of `daily`; secondary addresses of `base` for objects that
        still exist. Losses and counts of `daily`, the counts with what was kept, came and went.
    """
    adres = _addresses(base.adres, daily.adres)
    pairs = _pairs(base.vbo_pand, daily.vbo_pand, daily.panden.rows["pand_id"])
    counts = {
        **daily.counts,
        "nevenadressen_uit_bestand": len(adres) - len(daily.adres),
        "paren_uit_bestand": len(pairs) - len(daily.vbo_pand),
    }
    then = {"pand": base.pand["pand_id"], "verblijfsobject": base.verblijfsobject["vbo_id"]}
    now = {"pand": daily.panden.rows["pand_id"], "verblijfsobject": daily.verblijfsobject["vbo_id"]}
    for name, old in then.items():
        new = now[name]
        stayed = int(is_among(new, old).sum())
        counts[f"{name}_bijgekomen"] = len(new) - stayed
        counts[f"{name}_vervallen"] = len(old) - stayed
    return replace(daily, adres=adres, vbo_pand=pairs, counts=dict(sorted(counts.items())))


def _addresses(base: pd.DataFrame, daily: pd.DataFrame) -> pd.DataFrame:
    secondary = base[~base["is_hoofdadres"].to_numpy(dtype=bool)]
    secondary = secondary[is_among(secondary["object_id"], daily["object_id"])]
    alike = daily[is_among(daily["nummeraanduiding_id"], secondary["nummeraanduiding_id"])]
    kept = secondary[~is_among(_joined(secondary, ADRES.key), _joined(alike, ADRES.key))]
    return conform(ADRES, in_order(pd.concat([daily, kept], ignore_index=True), ADRES.key))


def _pairs(base: pd.DataFrame, daily: pd.DataFrame, panden: pd.Series[str]) -> pd.DataFrame:
    """Keep the file's list of panden of a verblijfsobject where the service's one is part of it."""
    # only a list of several can be longer than the service's, and few are
    several = base[is_among(base["vbo_id"], base.loc[base["volgorde"] > 0, "vbo_id"])]
    standing = several[is_among(several["pand_id"], panden) & is_among(several["vbo_id"], daily["vbo_id"])]
    theirs = daily[is_among(daily["vbo_id"], standing["vbo_id"])]
    strange = theirs.loc[~is_among(_joined(theirs, VBO_PAND.key), _joined(standing, VBO_PAND.key)), "vbo_id"]
    listed, told = (pairs["vbo_id"].value_counts(sort=False) for pairs in (standing, theirs))
    vbo = pd.Index(listed.index, dtype="str")
    more = listed.to_numpy() > told.to_numpy()[positions(vbo, pd.Index(told.index, dtype="str"))]
    longer = vbo[more & ~is_among(vbo, strange)]
    kept = standing[is_among(standing["vbo_id"], longer)].sort_values(["vbo_id", "volgorde"])
    # a pand of the list may be gone: count on without a gap
    kept["volgorde"] = kept.groupby("vbo_id").cumcount()
    together = pd.concat([daily[~is_among(daily["vbo_id"], longer)], kept], ignore_index=True)
    return conform(VBO_PAND, in_order(together, VBO_PAND.key))


def _joined(table: pd.DataFrame, key: tuple[str, ...]) -> pd.Series[str]:
    """Write the two ids of a key as one text."""
    first, second = key
    return cast("pd.Series[str]", table[first].astype("str") + "/" + table[second].astype("str"))
