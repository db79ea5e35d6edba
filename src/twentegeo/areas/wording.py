"""Names and reasons of priority areas, in plain Dutch with numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

_MAX_NAMES = 2


def names(dwellings: pd.DataFrame) -> pd.Series[str]:
    """
    Name every area after the neighbourhoods that most of its dwellings lie in.

    Parameters
    ----------
    dwellings
        One row per dwelling in an area: ``gebied_id``, ``buurt_naam`` (NaN outside any neighbourhood),
        ``gemeente_naam``.

    Returns
    -------
    naam
        Index ``gebied_id``; one or two neighbourhoods and the municipality of the first. Areas that would share a
        name get a number.
    """
    known = dwellings.assign(buurt_naam=dwellings["buurt_naam"].fillna("buitengebied"))
    counts = known.groupby(["gebied_id", "buurt_naam", "gemeente_naam"]).size().rename("n").reset_index()
    counts = counts.sort_values(["gebied_id", "n", "buurt_naam"], ascending=[True, False, True])
    shown = counts[counts.groupby("gebied_id").cumcount() < _MAX_NAMES]
    quarters = shown.groupby("gebied_id")["buurt_naam"].agg(_together)
    municipality = shown.groupby("gebied_id")["gemeente_naam"].first()
    naam = quarters + " (" + municipality + ")"
    number = naam.groupby(naam).cumcount() + 1
    repeated = naam.duplicated(keep=False)
    return naam.where(~repeated, naam + " " + number.astype("str")).rename("naam")


def reasons(areas: pd.DataFrame) -> pd.Series[str]:
    """
    Say in words why an area has priority.

    Parameters
    ----------
    areas
        Index ``gebied_id``: ``n_woningen``, ``aandeel_efg``, ``label_dekking``, ``aandeel_geschat`` (%),
        ``gemiddeld_bouwjaar``, ``score_prioriteit``, ``gemeenten``, ``grensoverschrijdend``.

    Returns
    -------
    toelichting
        Index ``gebied_id``; a few Dutch sentences.
    """
    size = _number(areas["n_woningen"]) + " woningen met een gemiddelde prioriteitsscore van "
    size = size + _number(areas["score_prioriteit"]) + " van 100."
    year = np.where(
        areas["gemiddeld_bouwjaar"].notna(),
        " Gemiddeld bouwjaar " + _number(areas["gemiddeld_bouwjaar"]) + ".",
        " Bouwjaren onbekend.",
    )
    labels = np.where(
        areas["aandeel_efg"].notna(),
        " Van de woningen heeft "
        + _number(areas["label_dekking"])
        + "% een geldig energielabel; daarvan is "
        + _number(areas["aandeel_efg"])
        + "% label E, F of G.",
        " Geen van de woningen heeft een geldig energielabel.",
    )
    estimated = np.where(
        areas["aandeel_geschat"] > 0,
        " Voor " + _number(areas["aandeel_geschat"]) + "% is de energiescore geschat uit de bouwperiode.",
        "",
    )
    border = np.where(
        areas["grensoverschrijdend"], " Het gebied ligt in meer gemeenten: " + areas["gemeenten"] + ".", ""
    )
    text = _text(size) + _text(year) + _text(labels) + _text(estimated) + _text(border)
    return pd.Series(text, index=areas.index, dtype="str", name="toelichting")


def _together(quarters: pd.Series[str]) -> str:
    return " en ".join(quarters)


def _number(values: pd.Series[float]) -> pd.Series[str]:
    return values.astype("float64").round().astype("Int64").astype("str")


def _text(values: object) -> npt.NDArray[np.object_]:
    return np.asarray(values, dtype=object)
