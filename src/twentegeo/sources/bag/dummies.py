"""Values that stand for "unknown" in the BAG: emptied, and flagged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    import numpy.typing as npt


class BagParameters(Parameters):
    """What counts as a filler value in the BAG."""

    filler_areas: tuple[int, ...] = Field(
        default=(1, 9999, 99999, 999999),
        description="Oppervlakten in m² die gemeenten invullen als de oppervlakte onbekend is.",
    )
    filler_years: tuple[int, ...] = Field(
        default=(1005, 9999),
        description="Bouwjaren die gemeenten invullen als het bouwjaar onbekend is (1005 in Amsterdam).",
    )
    first_year: int = Field(
        default=1001,
        description="Vroegste bouwjaar dat geloofd wordt; de oudste huizen van Nederland zijn van na 1000.",
    )
    last_year: int = Field(
        default=2040,
        description="Laatste bouwjaar dat geloofd wordt; latere jaren zijn tikfouten.",
    )
    sliver_area_m2: float = Field(
        default=0.01,
        ge=0,
        description="Deelvlakken kleiner dan dit aantal m² vervallen bij herstel; dat is onder de meetprecisie.",
    )


def mask_years(
    years: npt.NDArray[np.float64], rules: BagParameters
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """
    Empty the construction years that mean "unknown".

    Parameters
    ----------
    years
        Years as registered, NaN where none.
    rules
        What counts as filler.

    Returns
    -------
    years, filler
        Years with NaN for fillers, and where those were.
    """
    filler = (
        np.isin(years, np.asarray(rules.filler_years, dtype=float))
        | (years < rules.first_year)
        | (years > rules.last_year)
    )
    return np.where(filler, np.nan, years), filler


def mask_areas(
    areas: npt.NDArray[np.float64], rules: BagParameters
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """
    Empty the floor areas that mean "unknown".

    Parameters
    ----------
    areas
        Areas as registered in m², NaN where none.
    rules
        What counts as filler.

    Returns
    -------
    areas, filler
        Areas with NaN for fillers, and where those were.
    """
    filler = np.isin(areas, np.asarray(rules.filler_areas, dtype=float)) | (areas < 1)
    return np.where(filler, np.nan, areas), filler
