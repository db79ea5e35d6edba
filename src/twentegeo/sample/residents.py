"""
Who lives in the homes: households by kind, and people by age, as expected numbers per home.

Every level of CBS areas sums these same numbers, so that buurten, wijken and gemeenten agree with each other and with
the homes. The numbers are made up to look like Twente: about a fifth of the people is 65 or older, a third of the
households is one person, flats hold the smallest households and young estates the families.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from twentegeo.sample.seeds import generator

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

AGES: Final = ("0_tot_15", "15_tot_25", "25_tot_45", "45_tot_65", "65_en_ouder")
"""Groups in which CBS counts people; the upper end is not in the group."""

LIVED_IN: Final = 0.97
"""Share of the homes in which somebody lives."""

_PEOPLE: Final = np.array(
    [
        (0.00, 0.20, 0.55, 0.25, 0.00),
        (0.00, 0.00, 0.00, 0.10, 0.90),
        (0.00, 0.20, 0.70, 1.10, 0.00),
        (0.00, 0.00, 0.00, 0.20, 1.80),
        (0.00, 0.00, 1.20, 0.80, 0.00),
    ]
)
"""Grown-ups by age in a household: alone, alone and old, a couple, an old couple, with children."""

_CHILDREN: Final = 1.7
"""Children in a household with children; some of them are 15 or older and still at home."""

_TEENS: Final = (0.3, 0.35)
"""Share of the children who are 15 or older, and how far buurten lie apart in it (as for :data:`_SPREAD`)."""

_KINDS: Final = np.array(
    [
        (0.04, 0.12, 0.24, 0.26, 0.34),
        (0.06, 0.13, 0.24, 0.22, 0.35),
        (0.13, 0.16, 0.22, 0.16, 0.33),
        (0.16, 0.16, 0.22, 0.13, 0.33),
        (0.33, 0.30, 0.20, 0.11, 0.06),
    ]
)
"""Share of those kinds of household by type of home (detached, semi, end, middle, flat)."""

_BY_PERIOD: Final = np.array(
    [(1.0, 1.0, 1.0, 1.0, 1.0), (0.9, 1.25, 0.9, 1.35, 0.9), (1.0, 1.0, 1.0, 1.0, 1.0), (0.9, 0.5, 1.0, 0.5, 1.5)]
)
"""How the kinds lean by period (to 1964, to 1989, to 1999, from 2000): first residents grow old with their estate."""

_SPREAD: Final = (0.15, 0.30, 0.10, 0.30, 0.15)
"""How far buurten lie apart in each kind, standard deviation of the logarithm."""


def residents(homes: pd.DataFrame, buurt: npt.NDArray[np.object_], seed: int) -> pd.DataFrame:
    """
    Give each home its expected households and people.

    Parameters
    ----------
    homes
        Homes in stock, with ``type`` (0 to 4) and ``built``.
    buurt
        (n,) code of the buurt of each.
    seed
        The sample's seed.

    Returns
    -------
    living
        Same index; columns ``huishoudens``, ``alleen`` and ``met_kinderen`` (households), and the people of each of
        :data:`AGES`. Sums over any area are what lives there.
    """
    code, place = np.unique(buurt.astype(str), return_inverse=True)
    rng = generator(seed, 42)
    lean = np.exp(rng.normal(size=(len(code), len(_SPREAD))) * np.array(_SPREAD))
    teens = np.clip(_TEENS[0] * np.exp(_TEENS[1] * rng.normal(size=len(code))), 0.05, 0.9)[place]
    period = np.digitize(homes["built"].to_numpy(), (1965, 1990, 2000))
    kinds: Floats = _KINDS[homes["type"].to_numpy()] * _BY_PERIOD[period] * lean[place]
    kinds *= LIVED_IN / kinds.sum(axis=1, keepdims=True)
    people = kinds @ _PEOPLE
    people[:, 0] += _CHILDREN * kinds[:, 4] * (1 - teens)
    people[:, 1] += _CHILDREN * kinds[:, 4] * teens
    return pd.DataFrame(
        {
            "huishoudens": kinds.sum(axis=1),
            "alleen": kinds[:, :2].sum(axis=1),
            "met_kinderen": kinds[:, 4],
            **dict(zip(AGES, people.T, strict=True)),
        },
        index=homes.index,
    )
