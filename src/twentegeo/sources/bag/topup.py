"""
Yesterday's BAG on top of last month's.

The file comes once a month and holds everything; the services are renewed daily and hold less. What exists is what the
services say; what only the file tells (secondary addresses, and with the WFS the further panden of a verblijfsobject)
is kept for the objects that still exist.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from twentegeo.tables.bag import ADRES, VBO_PAND
from twentegeo.tables.contract import conform

if TYPE_CHECKING:
    from twentegeo.sources.bag import BagTables


def top_up(base: BagTables, daily: BagTables) -> BagTables:
    """
    Bring a month's tables up to date.

    Parameters
    ----------
    base
        Of the extract or bag-light.
    daily
        Of the services, for the same region and a later day.

    Returns
    -------
    tables
        Objects, pairs, main addresses and reference date of `daily`; secondary addresses of `base` for objects that
        still exist. Losses and counts of `daily`, the counts with what was kept, came and went.
    """
    adres = _addresses(base.adres, daily.adres)
    pairs = _pairs(base.vbo_pand, daily.vbo_pand, set(daily.pand["pand_id"]))
    objects = {name: (set(getattr(base, name)[key]), set(getattr(daily, name)[key])) for name, key in _KEYS.items()}
    counts = {
        **daily.counts,
        "nevenadressen_uit_bestand": len(adres) - len(daily.adres),
        "paren_uit_bestand": len(pairs) - len(daily.vbo_pand),
        **{f"{name}_bijgekomen": len(new - old) for name, (old, new) in objects.items()},
        **{f"{name}_vervallen": len(old - new) for name, (old, new) in objects.items()},
    }
    return replace(daily, adres=adres, vbo_pand=pairs, counts=dict(sorted(counts.items())))


_KEYS = {"pand": "pand_id", "verblijfsobject": "vbo_id"}


def _addresses(base: pd.DataFrame, daily: pd.DataFrame) -> pd.DataFrame:
    secondary = base[~base["is_hoofdadres"].astype(bool) & base["object_id"].isin(daily["object_id"])]
    taken = pd.MultiIndex.from_frame(daily[["nummeraanduiding_id", "object_id"]])
    kept = secondary[~pd.MultiIndex.from_frame(secondary[["nummeraanduiding_id", "object_id"]]).isin(taken)]
    together = pd.concat([daily, kept], ignore_index=True)
    return conform(ADRES, together.sort_values(list(ADRES.key), ignore_index=True))


def _pairs(base: pd.DataFrame, daily: pd.DataFrame, panden: set[str]) -> pd.DataFrame:
    """Keep the file's list of panden of a verblijfsobject where the service's one is part of it."""
    standing = base[base["pand_id"].isin(panden) & base["vbo_id"].isin(daily["vbo_id"])]
    known = pd.MultiIndex.from_frame(standing[["vbo_id", "pand_id"]])
    strange = daily.loc[~pd.MultiIndex.from_frame(daily[["vbo_id", "pand_id"]]).isin(known), "vbo_id"]
    listed, told = (pairs.groupby("vbo_id").size() for pairs in (standing, daily))
    longer = listed.index[listed > told.reindex(listed.index)].difference(pd.Index(strange))
    together = pd.concat([daily[~daily["vbo_id"].isin(longer)], standing[standing["vbo_id"].isin(longer)]])
    together = together.sort_values(["vbo_id", "volgorde"], ignore_index=True)
    # a pand of the list may be gone: count on without a gap
    together["volgorde"] = together.groupby("vbo_id").cumcount()
    return conform(VBO_PAND, together.sort_values(list(VBO_PAND.key), ignore_index=True))
