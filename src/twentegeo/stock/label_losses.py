"""
Why a registration does not count, in words, and the sums of the label joins.

There are two joins. ``label op woning`` asks whether a registration is about a dwelling at all; its losses are
the registrations that are not. ``label per woning via <key>`` asks, per key that placed them, which of the
registrations about a dwelling counts; its losses are those that gave way. A registration is lost once at most.
"""

from __future__ import annotations

from typing import Final

import pandas as pd
import polars as pl

from twentegeo.stock import registrations
from twentegeo.tables.columns.label import SLEUTELS
from twentegeo.tables.losses import Reason, account, gather

OP_WONING: Final = "label op woning"
PER_WONING: Final = "label per woning via "


def _reason(reden: str, advies: str) -> Reason:
    return Reason(OP_WONING, "label", reden, advies)


_NONE_NEEDED: Final = "Geen actie nodig."
_REASONS: Final = {
    "zonder_klasse": _reason(
        "registratie zonder energieklasse", "Geen actie nodig; deelregistraties van een complex hebben geen klasse."
    ),
    "toekomst": _reason(
        "opname in de toekomst",
        "De opnamedatum ligt ver na de peildatum; controleer de peildatum of meld de fout bij RVO.",
    ),
    "zonder_datum": _reason(
        "registratie zonder opnamedatum en einddatum", "Niet te zeggen of het label geldt; meld het bij RVO."
    ),
    registrations.ZONDER_WOONFUNCTIE: _reason(
        "verblijfsobject zonder woonfunctie", "Geen actie nodig; het label hoort bij een bedrijf of voorziening."
    ),
    registrations.GEPLAND: _reason(
        "verblijfsobject gepland of buiten voorraad",
        "Geen actie nodig; het label telt mee zodra de woning in gebruik is.",
    ),
    registrations.PLAATS: _reason(
        "ligplaats of standplaats", "Geen actie nodig; woonboten en woonwagens staan niet in de woningvoorraad."
    ),
    "dubbelzinnig": _reason(
        "adres dubbelzinnig",
        "Meer dan een object heeft dit adres; laat de registratie het verblijfsobject-ID noemen.",
    ),
    "onbekend_vbo": _reason(
        "onbekend verblijfsobject (niet in de BAG van vandaag)",
        "Het ID is vervallen of hoort bij een andere gemeente, en ook het adres gaf geen object;"
        " alleen op te lossen door herregistratie.",
    ),
    "onbekende_plaats": _reason(
        "onbekende ligplaats of standplaats (niet in de BAG van vandaag)",
        "Het ID is vervallen of hoort bij een andere gemeente; alleen op te lossen door herregistratie.",
    ),
    "adres": _reason(
        "adres niet gevonden",
        "Postcode, huisnummer, letter en toevoeging samen staan niet in de BAG; controleer de schrijfwijze.",
    ),
    "gebouw_uit": _reason(
        "label van een heel gebouw", "Zet building_labels aan om het voor de woningen in het pand te laten gelden."
    ),
    "gebouw": _reason(
        "pand zonder woning of niet in de BAG", "Geen actie nodig; het label hoort bij een ander soort gebouw."
    ),
    "geen_sleutel": _reason(
        "geen bruikbare sleutel", "De registratie noemt geen object, volledig adres of pand; meld het bij RVO."
    ),
}
"""Why a registration is about no dwelling, in the order in which reasons are tried after the first three."""

_CHOICE: Final = {
    "deel": ("deel van een adres: label van het hele adres gekozen", _NONE_NEEDED),
    "eigen": ("label van een heel gebouw: eigen label van de woning gekozen", _NONE_NEEDED),
    "verlopen": ("verlopen: geldig label gekozen", _NONE_NEEDED),
    "ouder": ("dubbel: nieuwere opname gekozen", _NONE_NEEDED),
    "gelijk": ("dubbel: zelfde opname, andere registratie gekozen", _NONE_NEEDED),
}
"""Why a registration about a dwelling does not count for it: reason and advice."""

_COMPARED: Final = ("trap", "geldig", "opnamedatum")


def unplaced(rows: pl.DataFrame, placed: pl.DataFrame, *, building_labels: bool) -> pl.DataFrame:
    """
    Say of each registration that is about no dwelling why not.

    Parameters
    ----------
    rows
        All registrations; ``reden`` where one is unusable by itself.
    placed
        What :func:`twentegeo.stock.registrations.place` gave for the others.
    building_labels
        Whether registrations of whole buildings count.

    Returns
    -------
    unplaced
        ``label_rij`` and the code of the reason, in ``reden``.
    """
    of_row = placed.group_by("label_rij").agg(
        pl.col("soort").first(), pl.col("dubbelzinnig").any().alias("dubbelzinnig")
    )
    rest = rows.join(of_row, on="label_rij", how="left").filter(
        pl.col("soort").is_null() | (pl.col("soort") != registrations.WONING)
    )
    building = "gebouw" if building_labels else "gebouw_uit"
    reason = (
        pl.when(pl.col("reden").is_not_null())
        .then("reden")
        .when(pl.col("soort").is_not_null())
        .then("soort")
        .when("dubbelzinnig")
        .then(pl.lit("dubbelzinnig"))
        .when(pl.col("vbo_id").is_not_null())
        .then(pl.lit("onbekend_vbo"))
        .when(pl.col("ligplaats_id").is_not_null() | pl.col("standplaats_id").is_not_null())
        .then(pl.lit("onbekende_plaats"))
        .when(registrations.about_building())
        .then(pl.lit(building))
        .when(pl.col("postcode").is_not_null() & pl.col("huisnummer").is_not_null())
        .then(pl.lit("adres"))
        .otherwise(pl.lit("geen_sleutel"))
    )
    return rest.select("label_rij", reason.alias("reden"))


def unchosen(ranked: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """
    Say of each registration about a dwelling that does not count what went before it, once.

    Parameters
    ----------
    ranked
        Registrations of each dwelling in order, with ``trap`` (whole address, part, building) and ``geldig``.
    chosen
        The first of each dwelling.

    Returns
    -------
    unchosen
        ``label_rij``, ``sleutel`` and the code of the reason, in ``reden``.
    """
    winner = chosen.select("vbo_id", *(pl.col(name).name.suffix("_gekozen") for name in _COMPARED))
    lost = ranked.join(chosen, on="label_rij", how="anti").unique("label_rij", keep="first", maintain_order=True)
    reason = (
        pl.when(pl.col("trap") > pl.col("trap_gekozen"))
        .then(pl.when(pl.col("trap") == 1).then(pl.lit("deel")).otherwise(pl.lit("eigen")))
        .when(~pl.col("geldig") & pl.col("geldig_gekozen"))
        .then(pl.lit("verlopen"))
        .when(pl.col("opnamedatum").eq_missing(pl.col("opnamedatum_gekozen")))
        .then(pl.lit("gelijk"))
        .otherwise(pl.lit("ouder"))
    )
    return lost.join(winner, on="vbo_id").select("label_rij", "sleutel", reason.alias("reden"))


def losses(unplaced: pl.DataFrame, unchosen: pl.DataFrame) -> pd.DataFrame:
    """
    Word the losses.

    Parameters
    ----------
    unplaced, unchosen
        By the functions of those names.

    Returns
    -------
    losses
        One row per registration, by ``KOPPELVERLIES``.
    """
    parts = [
        _REASONS[code].rows(rows["label_rij"].to_list())
        for (code,), rows in unplaced.partition_by("reden", as_dict=True).items()
    ]
    parts += [
        Reason(f"{PER_WONING}{key}", "label", *_CHOICE[code]).rows(rows["label_rij"].to_list())
        for (key, code), rows in unchosen.partition_by("sleutel", "reden", as_dict=True).items()
    ]
    return gather(parts)


def accounts(ranked: pl.DataFrame, chosen: pl.DataFrame, n_rows: int, n_dwellings: int) -> pd.DataFrame:
    """
    Sum up both steps: registrations about a dwelling, and per key those that count.

    Parameters
    ----------
    ranked, chosen
        As for :func:`unchosen`.
    n_rows, n_dwellings
        Registrations and dwellings in all.

    Returns
    -------
    accounts
        By ``KOPPELING``: the whole, then one row per key that placed anything.
    """
    parts = [
        account(
            OP_WONING,
            "Registraties die over een bestaande woning gaan.",
            left=n_rows,
            right=n_dwellings,
            matched=ranked["label_rij"].n_unique(),
        )
    ]
    for key in SLEUTELS:
        of_key = ranked.filter(pl.col("sleutel") == key)
        if of_key.is_empty():
            continue
        parts.append(
            account(
                f"{PER_WONING}{key}",
                f"Registraties die op sleutel {key} bij een woning horen, en die daarvan gelden.",
                left=of_key["label_rij"].n_unique(),
                right=of_key["vbo_id"].n_unique(),
                matched=chosen.filter(pl.col("sleutel") == key)["label_rij"].n_unique(),
            )
        )
    return pd.concat(parts, ignore_index=True)
