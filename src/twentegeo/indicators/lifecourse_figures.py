"""Figures of life-course suitability: sizes that steer the rules, and chances and scores from the reference files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from pydantic import Field

from twentegeo.tables.columns.lifecourse import LEVENSLOOP_KLASSEN
from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Floats = npt.NDArray[np.float64]

_COLUMNS: Final = ("nultreden", "aanpasbaar", "moeilijk")


class LifecourseParams(Parameters):
    """Sizes and widths from which something fits."""

    netto_deel: float = Field(
        default=85.0,
        gt=0,
        le=100,
        description=(
            "Gebruiksoppervlakte van een bouwlaag als deel van het grondvlak (%): muren en schachten eraf; inschatting"
            " van het project, gangbaar 80-90."
        ),
    )
    een_laag_tot: float = Field(
        default=1.1,
        gt=0,
        description=(
            "Woonoppervlak gedeeld door grondvlak tot waar een huis één laag heet (m²/m²): Geroscoop neemt ongeveer 1;"
            " twee lagen geven ten minste 1,5."
        ),
    )
    een_laag_vanaf: float = Field(
        default=0.65,
        ge=0,
        description=(
            "Woonoppervlak gedeeld door grondvlak vanaf waar een huis één laag heet (m²/m²): daaronder hoort een schuur"
            " of stal bij het grondvlak en zegt de verhouding niets over lagen; inschatting van het project."
        ),
    )
    begane_grond_m2: float = Field(
        default=60.0,
        ge=0,
        description=(
            "Vloeroppervlak van de begane grond vanaf waar slapen en baden erbij past (m²): woonkamer en keuken 35, hal"
            " en toilet 8, slaapkamer 12, badkamer 5; inschatting van het project."
        ),
    )
    beukmaat_m: float = Field(
        default=5.1,
        ge=0,
        description=(
            "Breedte van de woning vanaf waar slaapkamer en gang naast elkaar passen (m): 5,1 tot 5,4 m is de gangbare"
            " beukmaat (methods.md 5.6)."
        ),
    )
    uitbouw_m2: float = Field(
        default=20.0,
        ge=0,
        description=(
            "Ruimte voor een uitbouw met slaapkamer (12), badkamer (5) en doorgang en muren (3), in m²; inschatting van"
            " het project."
        ),
    )
    kans_uitbouw: float = Field(
        default=50.0,
        ge=0,
        le=100,
        description=(
            "Kans dat een uitbouw past waar het perceel onbekend is (%): geen kennis, dus half; de klasse blijft dan"
            " 'onbekend'."
        ),
    )
    minimum_m2: float = Field(
        default=60.0,
        ge=0,
        description=(
            "Kleinste woonoppervlak van een nultredenwoning boven de begane grond (m²): draaicirkels van een rolstoel"
            " in elke kamer; inschatting van het project."
        ),
    )
    minimum_begane_grond_m2: float = Field(
        default=40.0,
        ge=0,
        description=(
            "Kleinste woonoppervlak van een nultredenwoning op de begane grond (m²): 20 m² minder, zoals Geroscoop"
            " (methods.md 5.6)."
        ),
    )
    meerlaags_vanaf: float = Field(
        default=1.15,
        ge=1,
        description=(
            "Woonoppervlak gedeeld door een hele bouwlaag vanaf waar een gestapelde woning zelf meer lagen heeft"
            " (m²/m²): wat niet op een laag past; 15 % speling voor muren en uitkragingen."
        ),
    )
    lift_vanaf: float = Field(
        default=50.0,
        ge=0,
        le=100,
        description="Kans op een lift vanaf waar hij waarschijnlijk heet (%): waarschijnlijker wel dan niet.",
    )


@dataclass(frozen=True)
class LifecourseReference:
    """
    Figures from `config/reference/`.

    Attributes
    ----------
    chances
        Index the reason codes; columns ``nultreden``, ``aanpasbaar``, ``moeilijk`` (%), each row adding to 100.
    scores
        Score 0-100 by class, unknown left out; a worse class never scores lower.
    lift
        Columns ``bouwlagen_vanaf``, ``bouwjaar_vanaf`` (NaN for open) and ``kans`` (%).
    brackets
        Columns ``vanaf_m2`` and ``deel`` (%), for :func:`twentegeo.indicators.footprint.measure`.

    Raises
    ------
    ValueError
        Chances that do not add to 100, or scores that fall as the class gets worse.
    """

    chances: pd.DataFrame
    scores: pd.Series[float]
    lift: pd.DataFrame
    brackets: pd.DataFrame

    def __post_init__(self) -> None:
        """Refuse figures that contradict themselves."""
        if not np.allclose(self.chances[list(_COLUMNS)].sum(axis=1), 100):
            raise ValueError("levensloop_kansen.csv: de kansen van een reden tellen niet op tot 100")
        if (np.diff(self.class_score) < 0).any():
            raise ValueError("levensloop_scores.csv: een slechtere klasse heeft een lagere score")

    @property
    def class_score(self) -> Floats:
        """Scores of step-free, adaptable and hard, in that order."""
        return np.asarray(self.scores.reindex(list(LEVENSLOOP_KLASSEN[:3])), dtype=np.float64)

    def chance(self, reason: str) -> Floats:
        """Chances (0-1) of the three classes for a reason."""
        return np.asarray(self.chances.loc[reason, list(_COLUMNS)], dtype=np.float64) / 100
