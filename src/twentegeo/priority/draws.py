"""One draw of everything that is uncertain: weights, the errors that areas share, and their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from pydantic import Field

from twentegeo.priority.normalise import normalise
from twentegeo.priority.two_axes import PARTIES, AxesParams, geometric
from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from twentegeo.priority.posterior import Posterior

    Floats = npt.NDArray[np.float64]


class StabilityParams(Parameters):
    """What steers the draws."""

    trekkingen: int = Field(
        default=1000,
        ge=len(PARTIES),
        description=(
            "Aantal trekkingen (aantal), gelijk over de partijen verdeeld; 1000 geeft een kans op ten hoogste 1,6"
            " procentpunt nauwkeurig."
        ),
    )
    startgetal: int = Field(
        default=7, ge=0, description="Startgetal van het toeval (geen eenheid); gelijk getal, gelijke uitkomst."
    )
    concentratie: float = Field(
        default=50.0,
        gt=0,
        description=(
            "Concentratie van de gewichten om de set (Dirichlet, geen eenheid): bij 50 wijkt een gewicht van 0,5 in"
            " 95 % van de trekkingen minder dan 28 % af, zoals de gangbare proef van ±25 % (Chen e.a. 2009)."
        ),
    )
    gedeelde_fout: float = Field(
        default=0.2,
        ge=0,
        description=(
            "Standaardafwijking van de modelfout die alle gebieden delen (klassen): de toegestane systematische"
            " afwijking van de labelschatting (methods.md 5.13)."
        ),
    )
    gebiedsfout: float = Field(
        default=0.3,
        ge=0,
        description=(
            "Standaardafwijking van de modelfout van een heel gebied (klassen), los van andere gebieden: een buurt kan"
            " als geheel beter of slechter zijn dan haar bouwtype; te ijken op de proef per buurt."
        ),
    )
    gedeelde_fout_levensloop: float = Field(
        default=0.2,
        ge=0,
        description=(
            "Als gedeelde_fout, voor de levensloopklasse (klassen): regels over nultreden en aanpasbaar kunnen overal"
            " te streng of te soepel zijn. Niet te ijken, want niemand registreert toegankelijkheid; keuze van het"
            " project."
        ),
    )
    gebiedsfout_levensloop: float = Field(
        default=0.1,
        ge=0,
        description=(
            "Als gebiedsfout, voor de levensloopklasse (klassen): kleiner dan bij labels, want de regels kijken naar de"
            " maten van het pand zelf; wat overblijft is de indeling van een bouwserie. Keuze van het project."
        ),
    )
    top: int = Field(default=20, ge=1, description="Tot welke rang een gebied tot de top telt (aantal gebieden).")
    klassegrenzen: tuple[float, ...] = Field(
        default=(20.0, 40.0, 60.0, 80.0),
        description=(
            "Grenzen tussen de scoreklassen (punten): vijf gelijke klassen, vast over de runs; ruimer dan de legenda,"
            " waarvan de klassen smaller zijn dan wat de gegevens kunnen onderscheiden."
        ),
    )
    stabiel_vanaf: float = Field(
        default=90.0, ge=0, le=100, description="Kans op de getoonde klasse waarboven zij stabiel heet (%)."
    )

    def model_errors(self, pillar: str) -> tuple[float, float]:
        """Give the shared error and that of an area for a pillar, in classes."""
        if pillar == "levensloop":
            return self.gedeelde_fout_levensloop, self.gebiedsfout_levensloop
        return self.gedeelde_fout, self.gebiedsfout


class Errors(NamedTuple):
    """Standard normal numbers: `shared` draws by pillars; `area` and `own` draws by pillars by areas."""

    shared: Floats
    area: Floats
    own: Floats


def draw_scores(
    posteriors: Sequence[Posterior], weights: Floats, errors: Errors, axes: AxesParams, parameters: StabilityParams
) -> Floats:
    """
    Compute the scores that a set of draws gives.

    Parameters
    ----------
    posteriors
        One per pillar.
    weights
        Draws by pillars, rows adding to 1.
    errors
        Standard normal numbers; zeros switch a source of error off.
    axes, parameters
        Shift, and sizes of errors.

    Returns
    -------
    scores
        Draws by areas, 0-100.
    """
    values = np.stack(
        [_drawn(part, errors, place, parameters) for place, part in enumerate(posteriors)],
        axis=-1,
    )
    return geometric(values, weights[:, None, :], axes.verschuiving)


def _drawn(part: Posterior, errors: Errors, place: int, parameters: StabilityParams) -> Floats:
    together, apart = parameters.model_errors(part.name)
    off = together * errors.shared[:, place, None] + apart * errors.area[:, place]
    moved = np.where(off > 0, off * part.up, off * part.down)
    drawn = np.clip(part.mean + moved + np.sqrt(part.own_variance) * errors.own[:, place], 0, 100)
    return normalise(drawn, *part.limits)


def draw_errors(draws: int, parts: Sequence[Posterior], random: np.random.Generator) -> Errors:
    """
    Draw the errors.

    Parameters
    ----------
    draws
        How many.
    parts
        The pillars.
    random
        Seeded.

    Returns
    -------
    errors
        Standard normal numbers.
    """
    shape = (draws, len(parts), len(parts[0].mean) if parts else 0)
    return Errors(random.standard_normal(shape[:2]), random.standard_normal(shape), random.standard_normal(shape))


def draw_weights(concentration: Floats, random: np.random.Generator) -> Floats:
    """
    Draw weights from a Dirichlet distribution.

    Parameters
    ----------
    concentration
        Draws by pillars: the weights wanted on average times how close the draws keep to them.
    random
        Seeded.

    Returns
    -------
    weights
        Same shape, rows adding to 1; a weight of zero stays zero.
    """
    parts = random.standard_gamma(concentration)
    drawn: Floats = parts / np.maximum(parts.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    return drawn
