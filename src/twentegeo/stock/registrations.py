"""
Which object an energy-label registration is about.

By the rules of sources.md 4.5, in order: the id of a verblijfsobject, of a ligplaats, of a standplaats; the
full address; and, for a registration of a whole building that gives neither id nor address, its panden. An
id that the BAG of today does not know (merged, renumbered, withdrawn) falls through to the address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from twentegeo.stock.addresses import ADDRESS, resolve
from twentegeo.stock.dwellings import is_existing, is_home
from twentegeo.tables.columns import building

if TYPE_CHECKING:
    import pandas as pd

    from twentegeo.tables.bag import Addressed

ID_KEYS: Final = ("vbo_id", "ligplaats_id", "standplaats_id")

WONING: Final = "woning"
GEPLAND: Final = "gepland"
ZONDER_WOONFUNCTIE: Final = "zonder_woonfunctie"
PLAATS: Final = "plaats"
"""What an object of today can be."""

_SCHEMA: Final = pl.Schema(
    {"label_rij": pl.Int64, "object_id": pl.String, "sleutel": pl.String, "dubbelzinnig": pl.Boolean}
)


def objects(bag: Addressed) -> pl.DataFrame:
    """
    List the addressable objects of today, and what each one is.

    Parameters
    ----------
    bag
        The BAG of the region; withdrawn objects in it are passed over.

    Returns
    -------
    objects
        ``object_id`` and ``soort``: a dwelling, a planned one, something without a woonfunctie, or a berth or
        pitch.
    """
    vbo = bag.verblijfsobject
    live = vbo["vbo_status"].isin((*building.VBO_VOORRAAD, *building.VBO_GEPLAND))
    of_vbo = pl.DataFrame(
        {
            "object_id": pl.from_pandas(vbo["vbo_id"]),
            "dwelling": is_existing(vbo),
            "home": is_home(vbo),
        }
    ).filter(pl.Series(live.to_numpy()))
    kind = (
        pl.when("dwelling")
        .then(pl.lit(WONING))
        .when("home")
        .then(pl.lit(GEPLAND))
        .otherwise(pl.lit(ZONDER_WOONFUNCTIE))
    )
    used = bag.plaats.loc[bag.plaats["plaats_status"] == "Plaats aangewezen", "plaats_id"]
    of_plaats = pl.DataFrame({"object_id": pl.from_pandas(used)}, schema={"object_id": pl.String})
    return pl.concat(
        [
            of_vbo.select("object_id", kind.alias("soort")),
            of_plaats.with_columns(pl.lit(PLAATS).alias("soort")),
        ]
    )


def place(rows: pl.DataFrame, today: pl.DataFrame, adres: pd.DataFrame, in_pand: pl.DataFrame) -> pl.DataFrame:
    """
    Place each registration on an object of today.

    Parameters
    ----------
    rows
        Registrations: ``label_rij``, the ids, ``pand_ids`` and the address columns.
    today
        The objects, by :func:`objects`.
    adres
        Addresses by ``bag.ADRES``; those of objects that are gone are passed over.
    in_pand
        ``pand_id`` and ``object_id`` of each dwelling in each of its panden.

    Returns
    -------
    placed
        ``label_rij``, ``object_id`` (null where the address is ambiguous), ``sleutel``, ``dubbelzinnig`` and
        ``soort``. One row per registration that found something, except that a registration of a building
        has one per dwelling in it; the others are left out.
    """
    left, found = rows, [_SCHEMA.to_frame()]
    for key in ID_KEYS:
        hits = left.join(today.select("object_id"), left_on=key, right_on="object_id", how="semi")
        found.append(
            hits.select(
                "label_rij",
                pl.col(key).alias("object_id"),
                pl.lit(key).alias("sleutel"),
                pl.lit(value=False).alias("dubbelzinnig"),
            )
        )
        left = left.join(hits, on="label_rij", how="anti")
    book = pl.from_pandas(adres[["object_id", "is_hoofdadres", *ADDRESS]]).join(today, on="object_id", how="semi")
    found.append(resolve(left.select("label_rij", *ADDRESS), book, "label_rij"))
    found.append(_by_building(left, in_pand))
    return pl.concat(found).join(today, on="object_id", how="left")


def about_building() -> pl.Expr:
    """
    Tell whether a registration is about a whole building.

    Returns
    -------
    expression
        True where it names panden and gives neither the id of an object nor an address.
    """
    silent = pl.all_horizontal(pl.col(name).is_null() for name in (*ID_KEYS, "postcode", "huisnummer"))
    return silent & pl.col("pand_ids").is_not_null()


def _by_building(left: pl.DataFrame, in_pand: pl.DataFrame) -> pl.DataFrame:
    named = left.filter(about_building()).select("label_rij", pl.col("pand_ids").str.split(",").alias("pand_id"))
    pairs = named.explode("pand_id").with_columns(pl.col("pand_id").str.strip_chars())
    return (
        pairs.join(in_pand, on="pand_id", how="inner")
        .select(
            "label_rij",
            "object_id",
            pl.lit("pand_id").alias("sleutel"),
            pl.lit(value=False).alias("dubbelzinnig"),
        )
        .unique()
    )
