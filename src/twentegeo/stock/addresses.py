"""
Address keys, and what object an address belongs to.

The key is ``POSTCODE|huisnummer|HUISLETTER|TOEVOEGING``, upper-cased and trimmed. Older files put the letter
in the addition or the other way round; a second key therefore joins the two, so that ``12 A-1``, ``12 -A1``
and ``12A 1`` meet. Postcode and house number alone are a key only where neither side has more.
"""

from __future__ import annotations

from typing import Final

import polars as pl

ADDRESS: Final = ("postcode", "huisnummer", "huisletter", "toevoeging")
"""The columns that make an address key."""

_EXACT: Final = "adres_sleutel"
_JOINED: Final = "adres_samen"

_STAGES: Final = (
    (True, _EXACT, "adres"),
    (True, _JOINED, "adres_andere_splitsing"),
    (False, _EXACT, "nevenadres"),
    (False, _JOINED, "nevenadres"),
)
"""Main address?, which key, and what the match is called; in order of preference."""


def with_keys(rows: pl.DataFrame) -> pl.DataFrame:
    """
    Add both address keys.

    Parameters
    ----------
    rows
        Frame with the columns of :data:`ADDRESS`.

    Returns
    -------
    keyed
        The same with ``adres_sleutel`` and ``adres_samen``; both are null without postcode or house number.
    """
    letter, addition = _text("huisletter"), _text("toevoeging")
    postcode = pl.col("postcode").str.to_uppercase().str.replace_all(" ", "", literal=True)
    start = pl.concat_str(postcode, pl.col("huisnummer").cast(pl.String), separator="|")
    joined = (letter + addition).str.replace_all(r"[^\p{L}\p{N}]", "")
    return rows.with_columns(
        pl.concat_str(start, letter, addition, separator="|").alias(_EXACT),
        pl.concat_str(start, joined, separator="|").alias(_JOINED),
    )


def resolve(wanted: pl.DataFrame, book: pl.DataFrame, row: str) -> pl.DataFrame:
    """
    Find the object that each address belongs to.

    Tried in order: main addresses by the full key, main addresses with letter and addition joined, secondary
    addresses by the full key, then joined. The first key that exists decides; where it belongs to several
    objects the answer is that it is ambiguous.

    Parameters
    ----------
    wanted
        Addresses to look up: column `row` and those of :data:`ADDRESS`.
    book
        Addresses of today: ``object_id``, ``is_hoofdadres`` and those of :data:`ADDRESS`.
    row
        Name of the column that identifies a row of `wanted`.

    Returns
    -------
    found
        For every address found: `row`, ``object_id`` (null where ambiguous), ``sleutel`` and
        ``dubbelzinnig``. Addresses that are not found are left out.
    """
    left, keyed = with_keys(wanted), with_keys(book)
    found = []
    for main, key, name in _STAGES:
        entries = keyed.filter(pl.col("is_hoofdadres") == main).join(left, on=key, how="semi")
        objects = entries.group_by(key).agg(
            pl.col("object_id").min(), (pl.col("object_id").n_unique() > 1).alias("dubbelzinnig")
        )
        hits = left.join(objects, on=key, how="inner")
        found.append(
            hits.select(
                row,
                pl.when(~pl.col("dubbelzinnig")).then("object_id").alias("object_id"),
                pl.lit(name).alias("sleutel"),
                "dubbelzinnig",
            )
        )
        left = left.join(objects, on=key, how="anti")
    return pl.concat(found)


def _text(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String).str.strip_chars().str.to_uppercase().fill_null("")
