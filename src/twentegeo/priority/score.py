"""The priority score of a dwelling: a weighted mean of its pillars, each 0-100 with 100 most urgent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np
from pydantic import Field, model_validator

from twentegeo.tables.contract import conform
from twentegeo.tables.parameters import Parameters
from twentegeo.tables.stock import SCORE

if TYPE_CHECKING:
    import pandas as pd


class Weights(Parameters):
    """Weight of each pillar; only their ratio counts."""

    energie: float = Field(
        default=0.7,
        ge=0,
        description=(
            "Gewicht van de energiescore (verhouding, geen eenheid). Zwaarder dan de bouwperiode, omdat het"
            " label de woning zelf beschrijft; keuze van het project tot de regio gewichten vaststelt."
        ),
    )
    ouderdom: float = Field(
        default=0.3,
        ge=0,
        description=(
            "Gewicht van de bouwperiode (verhouding, geen eenheid): onderhoud, indeling en toegankelijkheid"
            " hangen met de bouwperiode samen, ook waar het label al goed is."
        ),
    )

    @model_validator(mode="after")
    def _not_all_zero(self) -> Self:
        if self.energie + self.ouderdom <= 0:
            message = "alle gewichten zijn nul; geef er ten minste een een gewicht boven nul"
            raise ValueError(message)
        return self


class PriorityParams(Parameters):
    """What steers the priority score."""

    gewichten: Weights = Field(default_factory=Weights, description="Gewicht van elke pijler (verhouding).")


def prioritise(judged: pd.DataFrame, parameters: PriorityParams) -> pd.DataFrame:
    """
    Combine the pillars of every dwelling.

    A dwelling without a construction year is scored on energy alone; one whose energy need is unknown has no
    score, because unknown is not the same as fine.

    Parameters
    ----------
    judged
        What :func:`twentegeo.indicators.energy.energy` gives.
    parameters
        The weights.

    Returns
    -------
    scores
        A table that keeps to ``SCORE``, in the order of `judged`.
    """
    weights = parameters.gewichten
    energie = judged["score_energie"].to_numpy(dtype="float64")
    ouderdom = judged["score_ouderdom"].to_numpy(dtype="float64")
    weight_age = np.where(np.isnan(ouderdom), 0.0, weights.ouderdom)
    total = weights.energie + weight_age
    with np.errstate(invalid="ignore"):
        mean = (weights.energie * energie + weight_age * np.nan_to_num(ouderdom)) / np.where(total, total, np.nan)
    return conform(SCORE, judged.assign(score_prioriteit=np.clip(mean, 0, 100)))
