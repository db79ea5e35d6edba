"""From the texts of EP-Online to typed values; what cannot be read becomes missing."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from twentegeo.tables.columns.label import KLASSEN

_WRAPPING: Final = " \t\r'\"\u00a0"
"""Spaces, and the quotes and apostrophes in which some editions wrap values."""

_ID_LENGTH: Final = 16
_EARLIEST: Final = date(1900, 1, 1)
_LATEST: Final = date(2261, 12, 31)
"""Last whole year of the clock that tables use; a label 'without end' (9999) ends here."""

_LAST_HOUSE_NUMBER: Final = 99_999

_METHODS: Final = (
    (r"(?i)^NTA ?8800", "nta8800"),
    (r"(?i)rekenmethodiek definitief energielabel|vereenvoudigd", "vereenvoudigd"),
    (r"(?i)nader voorschrift|ISSO ?(82|75)\.3", "nader_voorschrift"),
)
"""Calculation regimes by what `Berekeningstype` says (sources.md 4.4)."""


def clean_keys(rows: pl.DataFrame) -> pl.DataFrame:
    """
    Clean what labels are matched on.

    Parameters
    ----------
    rows
        Texts as read, named as in :data:`~twentegeo.sources.ep_online.columns.ALIASES`.

    Returns
    -------
    rows
        Ids of 16 digits and postcodes of 6 characters, or missing; the flag `opvul_id` tells where an object
        id was all zeros.
    """
    ids = ("vbo_id", "ligplaats_id", "standplaats_id")
    trimmed = rows.with_columns(pl.col(*ids, "pand_ids", "postcode").str.strip_chars(_WRAPPING))
    postcode = pl.col("postcode").str.to_uppercase().str.replace_all(r"\s", "")
    return trimmed.with_columns(
        pl.any_horizontal(pl.col(*ids).str.contains(r"^0+$")).fill_null(value=False).alias("opvul_id"),
        *(_bag_id(pl.col(name)) for name in ids),
        pl.col("pand_ids")
        .str.split(",")
        .list.eval(_bag_id(pl.element().str.strip_chars(_WRAPPING)).drop_nulls())
        .list.join(",")
        .replace("", None),
        pl.when(postcode.str.contains(r"^[1-9]\d{3}[A-Z]{2}$")).then(postcode).alias("postcode"),
    )


def _bag_id(text: pl.Expr) -> pl.Expr:
    plain = text.str.replace(r"^NL\.IMBAG\.\w+\.", "")
    sound = plain.str.contains(r"^\d{1,16}$") & ~plain.str.contains(r"^0+$")
    return pl.when(sound).then(plain.str.zfill(_ID_LENGTH))


def typed(rows: pl.DataFrame) -> pl.DataFrame:
    """
    Type the other values.

    Parameters
    ----------
    rows
        As :func:`clean_keys` gives them, with `label_rij`.

    Returns
    -------
    rows
        Columns of ``ENERGIELABEL``; `opvul_id` and `datum_fout` (a date was given that is none) beside them.
    """
    texts = ("status", "berekeningstype", "gebouwklasse", "gebouwtype", "huisletter", "toevoeging", "detailaanduiding")
    dates = ("registratiedatum", "opnamedatum", "geldig_tot")
    numbers = ("oppervlakte", "energie_index", "primaire_fossiele_energie", "bouwjaar", "huisnummer")
    stripped = rows.with_columns(
        pl.col(*texts, "energieklasse", *dates, *numbers).str.strip_chars(_WRAPPING).replace("", None)
    ).with_columns(*(_date(pl.col(name)).alias(f"{name}_d") for name in dates))
    spoilt = pl.any_horizontal(pl.col(name).is_not_null() & pl.col(f"{name}_d").is_null() for name in dates)
    house = _number(pl.col("huisnummer"))
    year = _number(pl.col("bouwjaar"))
    return stripped.select(
        "label_rij",
        "vbo_id",
        "ligplaats_id",
        "standplaats_id",
        "pand_ids",
        "postcode",
        pl.when(house.is_between(1, _LAST_HOUSE_NUMBER) & (house == house.floor()))
        .then(house)
        .cast(pl.Int64)
        .alias("huisnummer"),
        pl.col("huisletter").str.to_uppercase(),
        "toevoeging",
        "detailaanduiding",
        *_label_class(),
        pl.col("opnamedatum_d").alias("opnamedatum"),
        pl.col("registratiedatum_d").alias("registratiedatum"),
        pl.col("geldig_tot_d").alias("label_geldig_tot"),
        pl.col("status").alias("opname_status"),
        "berekeningstype",
        _method().alias("label_methode"),
        "gebouwklasse",
        "gebouwtype",
        pl.when(year.is_between(1, 9999)).then(year).cast(pl.Int64).alias("label_bouwjaar"),
        _number(pl.col("oppervlakte")).alias("label_oppervlakte_m2"),
        _number(pl.col("energie_index")).alias("energie_index"),
        _number(pl.col("primaire_fossiele_energie")).alias("primaire_fossiele_energie_kwh_m2"),
        "opvul_id",
        spoilt.alias("datum_fout"),
    )


def _label_class() -> tuple[pl.Expr, pl.Expr]:
    upper = pl.col("energieklasse").str.to_uppercase()
    known = upper.is_in(list(KLASSEN))
    return (
        pl.when(known).then(upper).otherwise(pl.col("energieklasse")).alias("energielabel"),
        (known | pl.col("energieklasse").is_null()).fill_null(value=True).alias("klasse_bekend"),
    )


def _method() -> pl.Expr:
    said = pl.col("berekeningstype")
    chosen = pl.lit("onbekend")
    for pattern, method in reversed(_METHODS):
        chosen = pl.when(said.str.contains(pattern)).then(pl.lit(method)).otherwise(chosen)
    return chosen


def _number(text: pl.Expr) -> pl.Expr:
    return text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False).replace([float("nan")], None)


def _date(text: pl.Expr) -> pl.Expr:
    """Read YYYYMMDD (CSV), YYYY-MM-DD with or without a time (XML), and DD-MM-YYYY."""
    digits = (
        text.str.replace(r"^(\d{4})-(\d{2})-(\d{2}).*$", "$1$2$3")
        .str.replace(r"^(\d{2})-(\d{2})-(\d{4})$", "$3$2$1")
        .str.extract(r"^(\d{8})$")
    )
    day = digits.str.to_date("%Y%m%d", strict=False)
    return pl.when(day >= _EARLIEST).then(pl.min_horizontal(day, pl.lit(_LATEST)))
