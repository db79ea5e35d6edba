"""
Why an area has priority, in plain words with numbers.

The strongest reasons are those in which the area differs most from the region, measured in the spread between the
neighbourhoods of the region, so that a share of flats and a share of labels can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from pydantic import Field

from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt


class ReasonParams(Parameters):
    """What steers the choice of words."""

    aantal: int = Field(
        default=3, ge=1, le=6, description="Redenen die genoemd worden (aantal); drie onthoudt een lezer."
    )
    min_verschil: float = Field(
        default=0.5,
        ge=0,
        description=(
            "Verschil met de regio vanaf waar iets een reden is (standaardafwijkingen tussen buurten); een half is waar"
            " een verschil op een kaart zichtbaar wordt."
        ),
    )


@dataclass(frozen=True, slots=True)
class Motive:
    """
    Something that can be a reason.

    Attributes
    ----------
    code
        Short name, for the published list of reasons.
    column
        Column of the area that it rests on.
    nl, en
        A sentence with ``{value}`` and ``{region}``.
    worse
        +1 where a higher value is worse, -1 where a lower one is.
    """

    code: str
    column: str
    nl: str
    en: str
    worse: int = 1


MOTIVES: Final = (
    Motive(
        "SLECHT_LABEL",
        "tekort",
        "Naar schatting {value}% van de woningen heeft label E, F of G; in de regio is dat {region}%.",
        "An estimated {value}% of the dwellings have label E, F or G; in the region this is {region}%.",
    ),
    Motive(
        "SLECHTER_DAN_BOUWJAAR",
        "overschot",
        "Label E, F of G komt {value} procentpunt vaker voor dan soort en bouwjaar van de woningen doen verwachten.",
        "Labels E, F and G are {value} percentage points more frequent than kind and age lead one to expect.",
    ),
    Motive(
        "OUD",
        "gemiddeld_bouwjaar",
        "De woningen zijn gemiddeld van {value}; in de regio van {region}.",
        "The dwellings date from {value} on average; in the region from {region}.",
        worse=-1,
    ),
    Motive(
        "MOEILIJK_AANPASBAAR",
        "aandeel_moeilijk",
        "Van de woningen is {value}% moeilijk aan te passen voor ouderen; in de regio {region}%.",
        "Of the dwellings, {value}% are hard to adapt for older people; in the region {region}%.",
    ),
    Motive(
        "OUDERE_BEWONERS",
        "aandeel_65plus",
        "Van de bewoners van deze buurten is {value}% 65 jaar of ouder; in de regio {region}%.",
        "Of the residents of these neighbourhoods, {value}% are 65 or older; in the region {region}%.",
    ),
    Motive(
        "ALLEENWONEND",
        "aandeel_eenpersoons",
        "Van de huishoudens in deze buurten bestaat {value}% uit een persoon; in de regio {region}%.",
        "Of the households in these neighbourhoods, {value}% are of one person; in the region {region}%.",
    ),
    Motive(
        "ONBEKEND_LABEL",
        "aandeel_geschat",
        "Van {value}% van de woningen is geen label geregistreerd; in de regio van {region}%.",
        "No label is registered for {value}% of the dwellings; in the region for {region}%.",
    ),
)
"""What may be a reason, in the order in which equals are told."""


def region_figures(neighbourhoods: pd.DataFrame, motives: Sequence[Motive] = MOTIVES) -> pd.DataFrame:
    """
    Say what is ordinary in the region.

    Parameters
    ----------
    neighbourhoods
        One row per buurt: ``n_woningen`` and the columns of `motives`, as far as they are known.
    motives
        What may be a reason.

    Returns
    -------
    figures
        Index: column; ``gemiddelde`` and ``spreiding`` (standard deviation), both weighted by dwellings; columns that
        are absent or do not vary are left out.
    """
    columns = [motive.column for motive in motives if motive.column in neighbourhoods]
    values = neighbourhoods[columns].astype("float64")
    weight = neighbourhoods["n_woningen"].astype("float64").to_numpy()[:, None] * values.notna()
    total = weight.sum().replace(0, np.nan)
    mean = (values.fillna(0) * weight).sum() / total
    spread = np.sqrt(((values - mean).fillna(0) ** 2 * weight).sum() / total)
    figures = pd.DataFrame({"gemiddelde": mean, "spreiding": spread})
    return figures[figures["spreiding"] > 0]


def explain(
    areas: pd.DataFrame, figures: pd.DataFrame, parameters: ReasonParams, motives: Sequence[Motive] = MOTIVES
) -> pd.DataFrame:
    """
    Say why each area has priority.

    Parameters
    ----------
    areas
        Index ``gebied_id``; ``n_woningen``, ``gemeenten``, ``grensoverschrijdend`` and the columns of `motives` as far
        as they are known (a column that is absent, or NaN for an area, is no reason).
    figures
        As :func:`region_figures` gives.
    parameters
        How many reasons, and how large a difference must be.
    motives
        What may be a reason.

    Returns
    -------
    words
        Index of `areas`; ``toelichting``, ``toelichting_en`` and ``redenen`` (codes, strongest first, separated by
        commas).
    """
    usable = [motive for motive in motives if motive.column in areas and motive.column in figures.index]
    strength = _strength(areas, figures, usable)
    order = np.argsort(-strength, axis=1, kind="stable")[:, : parameters.aantal]
    count = _number(areas["n_woningen"])
    border = areas["grensoverschrijdend"].to_numpy(dtype=bool)
    places = areas["gemeenten"].to_numpy(dtype=object)
    nl = count + " woningen." + np.where(border, " Het gebied ligt in meer gemeenten: " + places + ".", "")
    en = count + " dwellings." + np.where(border, " The area lies in several municipalities: " + places + ".", "")
    codes = np.full(len(areas), "", dtype=object)
    for place in range(order.shape[1]):
        chosen = order[:, place]
        told = np.take_along_axis(strength, chosen[:, None], axis=1)[:, 0] >= parameters.min_verschil
        nl = nl + np.where(told, " " + _pick(_sentences(areas, figures, [m.nl for m in usable], usable), chosen), "")
        en = en + np.where(told, " " + _pick(_sentences(areas, figures, [m.en for m in usable], usable), chosen), "")
        code = np.array([motive.code for motive in usable], dtype=object)[chosen]
        codes = codes + np.where(told, ("," if place else "") + code, "")
    return pd.DataFrame({"toelichting": nl, "toelichting_en": en, "redenen": codes}, index=areas.index, dtype="str")


def _strength(areas: pd.DataFrame, figures: pd.DataFrame, motives: Sequence[Motive]) -> npt.NDArray[np.float64]:
    columns = [motive.column for motive in motives]
    values = areas[columns].to_numpy(dtype="float64")
    mean, spread = figures.loc[columns, "gemiddelde"].to_numpy(), figures.loc[columns, "spreiding"].to_numpy()
    strength = (values - mean) / spread * np.array([motive.worse for motive in motives])
    return np.where(np.isnan(strength), -np.inf, strength)


def _sentences(
    areas: pd.DataFrame, figures: pd.DataFrame, templates: Sequence[str], motives: Sequence[Motive]
) -> npt.NDArray[np.object_]:
    """(areas, motives) every sentence filled in; only those chosen are told."""
    filled = []
    for motive, template in zip(motives, templates, strict=True):
        value, region = _number(areas[motive.column]), f"{float(figures['gemiddelde'][motive.column]):.0f}"
        before, after = template.replace("{region}", region).split("{value}")
        filled.append(before + value + after)
    return np.stack(filled, axis=1) if filled else np.empty((len(areas), 0), dtype=object)


def _pick(sentences: npt.NDArray[np.object_], chosen: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    return np.asarray(np.take_along_axis(sentences, chosen[:, None], axis=1)[:, 0])


def _number(values: pd.Series[float]) -> npt.NDArray[np.object_]:
    rounded = values.astype("float64").round().astype("Int64").astype("str").fillna("")
    return np.asarray(rounded.to_numpy(dtype=object))
