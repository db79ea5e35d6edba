"""
Two axes and their blend: energy and life-course side by side, and one score in which only double failure tops.

Between pillars the mean is geometric, which limits how far a good pillar makes up for a bad one; the arithmetic mean is
published beside it (methods.md 5.8).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Self

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from twentegeo.priority.normalise import Level, Norms, percentile, pillars
from twentegeo.tables.assessments import TWEE_ASSEN
from twentegeo.tables.columns.ranking import KWADRANTEN
from twentegeo.tables.contract import conform
from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

AXES: Final = ("energie", "levensloop")
"""The pillars that a score cannot do without, where the region has them at all."""

Party = Literal["gemeente", "corporatie", "provincie", "bewoner"]
PARTIES: Final[tuple[Party, ...]] = ("gemeente", "corporatie", "provincie", "bewoner")
"""In the order of ``PARTIJEN``."""


class PillarWeights(Parameters):
    """Weight of each pillar for one party; only their ratio counts."""

    energie: float = Field(ge=0, description="Gewicht van de pijler energie (verhouding, geen eenheid).")
    levensloop: float = Field(ge=0, description="Gewicht van de pijler levensloop (verhouding, geen eenheid).")
    vergrijzing: float = Field(
        ge=0, description="Gewicht van de pijler vergrijzing (verhouding, geen eenheid); alleen op gebieden."
    )

    @model_validator(mode="after")
    def _axis_counts(self) -> Self:
        if self.energie + self.levensloop <= 0:
            message = "energie en levensloop wegen beide nul; geef er ten minste een een gewicht boven nul"
            raise ValueError(message)
        return self


class PartyWeights(Parameters):
    """A weight set per party, each with its reason."""

    gemeente: PillarWeights = Field(
        default=PillarWeights(energie=0.40, levensloop=0.35, vergrijzing=0.25),
        description=(
            "Gewichten van de gemeente (verhouding): beide assen van de woonvisie vrijwel gelijk, en vergrijzing, want"
            " de gemeente betaalt woningaanpassingen (Wmo). Keuze van het project tot de regio haar vaststelt."
        ),
    )
    corporatie: PillarWeights = Field(
        default=PillarWeights(energie=0.55, levensloop=0.30, vergrijzing=0.15),
        description=(
            "Gewichten van de corporatie (verhouding): energie eerst, want E, F en G moeten in 2028 weg (nationale"
            " prestatieafspraken). Keuze van het project tot de regio haar vaststelt."
        ),
    )
    provincie: PillarWeights = Field(
        default=PillarWeights(energie=0.45, levensloop=0.25, vergrijzing=0.30),
        description=(
            "Gewichten van de provincie (verhouding): energietransitie en krimp, dus vergrijzing zwaarder dan de woning"
            " zelf. Keuze van het project tot de regio haar vaststelt."
        ),
    )
    bewoner: PillarWeights = Field(
        default=PillarWeights(energie=0.45, levensloop=0.45, vergrijzing=0.10),
        description=(
            "Gewichten van de bewoner (verhouding): de energierekening en in het eigen huis oud kunnen worden. Keuze"
            " van het project tot de regio haar vaststelt."
        ),
    )

    def array(self, party: Party, names: Sequence[str]) -> Floats:
        """Give the weights of the named pillars, scaled to add to 1."""
        chosen = getattr(self, party)
        weights = np.array([getattr(chosen, name) for name in names], dtype="float64")
        total = weights.sum()
        return weights / total if total > 0 else np.full(len(names), 1 / max(len(names), 1))


class Thresholds(Parameters):
    """From where a need is urgent."""

    energie: float = Field(ge=0, le=100, description="Score energie vanaf waar de opgave urgent is (0-100).")
    levensloop: float = Field(ge=0, le=100, description="Score levensloop vanaf waar de opgave urgent is (0-100).")


class AxesParams(Parameters):
    """What steers the blend."""

    verschuiving: float = Field(
        default=10.0,
        ge=0,
        le=100,
        description=(
            "Verschuiving binnen het meetkundig gemiddelde (punten): 0 maakt elke score nul zodra een pijler nul is,"
            " waarna zulke gebieden niet meer te ordenen zijn; groter laat meer compensatie toe. Keuze van het project."
        ),
    )
    leidend: Party = Field(
        default="gemeente", description="Partij wier gewichten de gepubliceerde score geven (geen eenheid)."
    )
    gewichten: PartyWeights = Field(default_factory=PartyWeights, description="Gewichten per partij (verhouding).")
    drempel_woning: Thresholds = Field(
        default=Thresholds(energie=72.0, levensloop=60.0),
        description=(
            "Drempels op een woning (0-100): energie tussen klasse D (67,1) en E (77,6); levensloop boven aanpasbaar"
            " (50) met de onzekerheid erbij."
        ),
    )
    drempel_gebied: Thresholds = Field(
        default=Thresholds(energie=58.0, levensloop=60.0),
        description=(
            "Drempels op een gebied (0-100, gemiddelde van de woningen): energie boven klasse C (54,7), want een gebied"
            " mengt goed en slecht; levensloop als op een woning. Keuze van het project."
        ),
    )


@dataclass(frozen=True, slots=True)
class Axes:
    """
    What the blend gives.

    Attributes
    ----------
    scores
        Table by ``TWEE_ASSEN``, rows in the order of the input.
    pillars
        The pillars that it rests on, 0-100, same rows.
    left_out
        In Dutch, what was missing.
    """

    scores: pd.DataFrame
    pillars: pd.DataFrame
    left_out: list[str]


def two_axes(frame: pd.DataFrame, level: Level, norms: Norms, parameters: AxesParams) -> Axes:
    """
    Blend the pillars of dwellings or areas.

    A row without one of the two axes has no score, because unknown is not the same as fine; an axis that the whole
    region lacks is left out, for every row alike. A row that lacks only ``vergrijzing`` is scored on the others.

    Parameters
    ----------
    frame
        ``score_energie`` and ``score_levensloop`` (0-100), and on areas the indicators of ``vergrijzing`` where they
        are known.
    level
        Whether rows are dwellings or areas.
    norms
        Frozen limits.
    parameters
        Weights, shift and thresholds.

    Returns
    -------
    axes
        Scores, the pillars, and what was left out.
    """
    found = pillars(frame, level, norms)
    score, arithmetic = blend(found.table, parameters)
    thresholds = parameters.drempel_woning if level == "woning" else parameters.drempel_gebied
    rows = pd.DataFrame(
        {
            "score_prioriteit": score,
            "score_rekenkundig": arithmetic,
            "percentiel_prioriteit": percentile(score),
            "kwadrant": quadrant(_axis(frame, "score_energie"), _axis(frame, "score_levensloop"), thresholds),
        }
    )
    return Axes(conform(TWEE_ASSEN, rows), found.table, found.left_out)


def blend(table: pd.DataFrame, parameters: AxesParams) -> tuple[Floats, Floats]:
    """
    Blend pillars into one score.

    Parameters
    ----------
    table
        One column per pillar that the region has, 0-100; NaN where unknown.
    parameters
        Weights and shift.

    Returns
    -------
    geometric, arithmetic
        0-100 per row; NaN where one of :data:`AXES` is unknown. A row that lacks another pillar is scored on the rest.
    """
    names = list(table.columns)
    values = table.to_numpy(dtype="float64")
    weights = parameters.gewichten.array(parameters.leidend, names)
    required = [name in AXES for name in names]
    lacking = np.isnan(values[:, required]).any(axis=1) if any(required) else np.ones(len(table), dtype=bool)
    row_weights = np.where(np.isnan(values), 0.0, weights)
    row_weights = row_weights / np.maximum(row_weights.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    filled = np.nan_to_num(values)
    score = np.where(lacking, np.nan, geometric(filled, row_weights, parameters.verschuiving))
    return score, np.where(lacking, np.nan, np.clip((filled * row_weights).sum(axis=1), 0, 100))


def geometric(values: Floats, weights: Floats, shift: float) -> Floats:
    """
    Take the weighted geometric mean of shifted values.

    Parameters
    ----------
    values
        Pillars, 0-100, along the last axis.
    weights
        Adding to 1 along the last axis; broadcast against `values`.
    shift
        Added before and taken off after (points). The mean never exceeds the arithmetic one.

    Returns
    -------
    mean
        0-100, one axis less.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        # a weight of zero on log(0) is nothing, not NaN
        logs = np.where(weights > 0, weights * np.log(values + shift), 0.0)
    mean: Floats = np.clip(np.exp(logs.sum(axis=-1)) - shift, 0, 100)
    return mean


def quadrant(energy: Floats, lifecourse: Floats, thresholds: Thresholds) -> npt.NDArray[np.object_]:
    """
    Name the quadrant of each row.

    Parameters
    ----------
    energy, lifecourse
        Scores 0-100; NaN where unknown.
    thresholds
        From where a need is urgent.

    Returns
    -------
    kwadrant
        One of ``KWADRANTEN``; ``onbekend`` where either score is.
    """
    unknown = np.isnan(energy) | np.isnan(lifecourse)
    with np.errstate(invalid="ignore"):
        one, two = energy >= thresholds.energie, lifecourse >= thresholds.levensloop
    place = np.select([unknown, one & two, one, two], [4, 0, 1, 2], 3)
    named: npt.NDArray[np.object_] = np.array(KWADRANTEN, dtype=object)[place]
    return named


def _axis(frame: pd.DataFrame, name: str) -> Floats:
    if name not in frame:
        return np.full(len(frame), np.nan)
    values: Floats = frame[name].to_numpy(dtype="float64", na_value=np.nan)
    return values
