"""Which voorkomen is current: the rule of the BAG, written down anew for the peers and for checking them."""

from __future__ import annotations

import hashlib
import re
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

GONE = (
    "Niet gerealiseerd pand",
    "Pand gesloopt",
    "Pand ten onrechte opgevoerd",
    "Niet gerealiseerd verblijfsobject",
    "Verblijfsobject ingetrokken",
    "Verblijfsobject ten onrechte opgevoerd",
    "Naamgeving ingetrokken",
)
INACTIVE = ("tijdstipInactief", "tijdstipInactiefLV", "tijdstipNietBagLV")
SUPERSEDED = ("eindRegistratie", "tijdstipEindRegistratieLV")


def delivery_day(extract: Path) -> date:
    """Read StandTechnischeDatum from a delivery."""
    with zipfile.ZipFile(extract) as outer:
        name = next(name for name in outer.namelist() if name.startswith("Leveringsdocument"))
        stated = re.search(rb"StandTechnischeDatum>([0-9-]{10})<", outer.read(name))
    if stated is None:
        raise ValueError(f"{extract}: no StandTechnischeDatum")
    return date.fromisoformat(stated[1].decode())


def current(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """Take of each object the voorkomen that holds, in the names of GDAL's LVBAG driver; gone ones are left out."""
    holds = (
        (pl.col("beginGeldigheid") <= day)
        & (pl.col("eindGeldigheid").is_null() | (pl.col("eindGeldigheid") > day))
        & pl.all_horizontal(pl.col(INACTIVE).is_null())
    )
    superseded = pl.any_horizontal(pl.col(SUPERSEDED).is_not_null())
    ranked = rows.filter(holds).with_columns(superseded.alias("superseded"))
    order = ["identificatie", "superseded", "voorkomenIdentificatie", "tijdstipRegistratie"]
    ranked = ranked.sort(order, descending=[False, False, True, True])
    return ranked.unique("identificatie", keep="first", maintain_order=True).filter(~pl.col("status").is_in(GONE))


def summary(ids: pl.Series) -> str:
    """Count ids and identify the set: what two ways must agree on."""
    bare = sorted(text.rsplit(".", 1)[-1] for text in ids.to_list())
    return f"{len(bare)} ({hashlib.sha256(' '.join(bare).encode()).hexdigest()[:6]})"
