"""Which energy-label registration counts for a dwelling, and why each of the others does not."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl
from pydantic import Field

from twentegeo.stock import label_losses, registrations
from twentegeo.stock.addresses import ADDRESS
from twentegeo.tables.contract import conform
from twentegeo.tables.parameters import Parameters
from twentegeo.tables.stock import WONING_LABEL

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from twentegeo.tables.bag import Addressed

logger = logging.getLogger(__name__)


class LabelParams(Parameters):
    """What steers the choice of a label."""

    survey_slack_days: int = Field(
        62,
        ge=0,
        description="Days. A survey may be this much younger than the reference date, because BAG and EP-Online"
        " are delivered at different moments; one that is younger still is taken for a typing error.",
    )
    validity_years: int = Field(
        10,
        ge=1,
        description="Years. A label is valid this long after its survey where the file gives no end date"
        " (Besluit energieprestatie gebouwen: ten years).",
    )
    building_labels: bool = Field(
        default=True,
        description="Whether a registration of a whole building, without id or address of a dwelling, counts"
        " for those of its dwellings that have no registration of their own.",
    )


@dataclass(frozen=True, slots=True)
class Labelled:
    """
    The labels of the dwellings.

    Attributes
    ----------
    woning_label
        One row per dwelling with a registration that counts, valid or expired, by ``stock.WONING_LABEL``,
        sorted on ``vbo_id``.
    losses
        Every registration that counts for no dwelling, once, with its reason, by ``KOPPELVERLIES``.
    accounts
        By ``KOPPELING``: how many registrations are about a dwelling, and per key how many of those count.
    """

    woning_label: pd.DataFrame
    losses: pd.DataFrame
    accounts: pd.DataFrame


_NEEDED: Final = (
    "label_rij",
    *registrations.ID_KEYS,
    "pand_ids",
    *ADDRESS,
    "detailaanduiding",
    "energielabel",
    "opnamedatum",
    "registratiedatum",
    "label_geldig_tot",
    "opname_status",
    "label_methode",
)

_ORDER: Final = (
    # column, descending; the last one makes the order total
    ("vbo_id", False),
    ("trap", False),
    ("geldig", True),
    ("opnamedatum", True),
    ("registratiedatum", True),
    ("vergunning", False),
    ("nta8800", True),
    ("label_rij", True),
)


def match(labels: pd.DataFrame, bag: Addressed, reference_date: date, params: LabelParams) -> Labelled:
    """
    Give each dwelling the registration that counts for it.

    Each registration is placed on an object by :mod:`twentegeo.stock.registrations`. Of those on one dwelling
    the first counts, ordered by: registrations of the whole address before those of a part of it (with a
    ``detailaanduiding``) before those of a whole building; valid on the reference date before expired; the
    latest survey; the latest registration; completed or existing before a permit; NTA 8800 before older
    regimes; and last the highest row number, so that the answer never depends on the order of the rows.
    Where that one has expired its class stands apart, in ``label_verlopen``.

    Parameters
    ----------
    labels
        Registrations by ``registers.ENERGIELABEL``.
    bag
        The BAG of the region; its existing dwellings are those that get a label.
    reference_date
        The day on which a label must be valid, last day included.
    params
        What steers the choice.

    Returns
    -------
    labelled
        The labels, with each registration either among them or once in the losses.
    """
    rows = _prepared(labels, reference_date, params)
    today = registrations.objects(bag)
    placed = _placed(rows.filter(pl.col("reden").is_null()), bag, today, params)
    pairs = placed.filter(pl.col("soort") == registrations.WONING).rename({"object_id": "vbo_id"})
    ranked = _ranked(pairs.join(rows, on="label_rij", suffix="_label"))
    chosen = ranked.unique("vbo_id", keep="first", maintain_order=True)
    unplaced = label_losses.unplaced(rows, placed, building_labels=params.building_labels)
    unchosen = label_losses.unchosen(ranked, chosen)
    logger.info(
        "%d registrations: %d count for a dwelling, %d are about none, %d give way to another",
        *(len(rows), chosen["label_rij"].n_unique(), len(unplaced), len(unchosen)),
    )
    return Labelled(
        _labels_of(chosen),
        label_losses.losses(unplaced, unchosen),
        label_losses.accounts(ranked, chosen, len(rows), int((today["soort"] == registrations.WONING).sum())),
    )


def _prepared(labels: pd.DataFrame, reference_date: date, params: LabelParams) -> pl.DataFrame:
    """Take the columns that matter and say of each row whether it is usable at all, and valid."""
    rows = pl.from_pandas(labels[list(_NEEDED)]).with_columns(
        pl.col("opnamedatum", "registratiedatum", "label_geldig_tot").cast(pl.Date)
    )
    today = pl.lit(reference_date)
    known_since = pl.coalesce("opnamedatum", "registratiedatum")
    until = pl.coalesce("label_geldig_tot", pl.col("opnamedatum").dt.offset_by(f"{params.validity_years}y"))
    status = pl.col("opname_status").str.to_lowercase()
    unusable = (
        pl.when(pl.col("energielabel").is_null())
        .then(pl.lit("zonder_klasse"))
        .when(known_since > today.dt.offset_by(f"{params.survey_slack_days}d"))
        .then(pl.lit("toekomst"))
        .when(until.is_null())
        .then(pl.lit("zonder_datum"))
    )
    return rows.with_columns(
        unusable.alias("reden"),
        until.alias("label_geldig_tot"),
        (until >= today).alias("geldig"),
        pl.when(status.is_in(["bestaand", "oplevering"]))
        .then(0)
        .when(status == "vergunningsaanvraag")
        .then(2)
        .otherwise(1)
        .alias("vergunning"),
        (pl.col("label_methode") == "nta8800").alias("nta8800"),
    )


def _placed(rows: pl.DataFrame, bag: Addressed, today: pl.DataFrame, params: LabelParams) -> pl.DataFrame:
    in_pand = pl.from_pandas(bag.vbo_pand[["pand_id", "vbo_id"]]).rename({"vbo_id": "object_id"})
    dwelling = today.filter(pl.col("soort") == registrations.WONING)
    in_pand = in_pand.join(dwelling, on="object_id", how="semi")
    return registrations.place(rows, today, bag.adres, in_pand if params.building_labels else in_pand.clear())


def _ranked(pairs: pl.DataFrame) -> pl.DataFrame:
    """Put the registrations of each dwelling in order, the one that counts first."""
    step = (
        pl.when(pl.col("sleutel") == "pand_id")
        .then(2)
        .when(pl.col("detailaanduiding").is_not_null())
        .then(1)
        .otherwise(0)
    )
    names, descending = zip(*_ORDER, strict=True)
    return pairs.with_columns(step.alias("trap")).sort(names, descending=descending, nulls_last=True)


def _labels_of(chosen: pl.DataFrame) -> pd.DataFrame:
    table = chosen.select(
        "vbo_id",
        pl.when("geldig").then("energielabel").alias("energielabel"),
        pl.when(~pl.col("geldig")).then("energielabel").alias("label_verlopen"),
        "label_geldig_tot",
        "opnamedatum",
        "label_methode",
        pl.col("sleutel").alias("label_sleutel"),
        "label_rij",
    )
    return conform(WONING_LABEL, table.to_pandas())
