"""What is known of each dwelling before its class is estimated: its label, and the cells in which it has likenesses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from twentegeo.tables.columns.estimate import LABELKLASSEN, WONINGTYPEN
from twentegeo.tables.keys import positions

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Bools = npt.NDArray[np.bool_]
    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

LEVELS: Final = ("periode", "type", "vormfactor", "gemeente", "wijk", "buurt", "blok")
"""
Levels from wide to narrow: the region's dwellings of one period, those of one type among them, and so on. Below
`vormfactor` a cell is an area's dwellings of one type and period, whatever their form: an area has few labels, and its
dwellings of one type and period are mostly of one form anyway.
"""

MULTI_FAMILY: Final = "meergezins"
"""Row of the prior for low, middle and high alike: the survey does not tell them apart."""

_POOLED: Final = dict.fromkeys(("A+++++", "A++++", "A+++", "A++", "A+"), 0) | {
    letter: position for position, letter in enumerate(LABELKLASSEN) if position
}


@dataclass(frozen=True)
class LabelReference:
    """
    Figures from `config/reference/`.

    Attributes
    ----------
    prior
        `labelprior.csv`: ``woningsoort``, ``vanaf`` (first year; NaN for open) and one column per class with its
        share; oldest first per kind.
    confusion
        `labelverwarring.csv`: ``klasse`` and one column per class; row the class by NTA 8800, column the class by
        an older method.
    periods
        `labelperioden.csv`: ``labelperiode``, ``vanaf``, ``standaardklasse``; oldest first.
    """

    prior: pd.DataFrame
    confusion: pd.DataFrame
    periods: pd.DataFrame

    def confusion_matrix(self) -> Floats:
        """
        Give the chance of each older class (columns) for each class by NTA 8800 (rows).

        Returns
        -------
        matrix
            (8, 8), rows add up to 1.
        """
        table = self.confusion.set_index("klasse").loc[list(LABELKLASSEN), list(LABELKLASSEN)]
        shares = table.to_numpy(dtype="float64")
        matrix: Floats = shares / shares.sum(axis=1, keepdims=True)
        return matrix

    def period_of(self, years: Floats) -> Ints:
        """
        Find the row of the period of each year.

        Parameters
        ----------
        years
            Construction years, NaN where unknown.

        Returns
        -------
        rows
            Row of :attr:`periods`, -1 where unknown; the first period is open to the past.
        """
        return np.where(np.isnan(years), -1, _since(years, self.periods["vanaf"]))


@dataclass(frozen=True)
class Evidence:
    """
    Dwellings as arrays, one element a dwelling.

    Attributes
    ----------
    vbo_id
        Identifiers, in the order of the dwellings.
    kind, period
        Row of ``WONINGTYPEN`` and of the reference's periods, -1 where unknown.
    prior
        (n, 8) national shares of type and period, adding up to 1; NaN where type or year is unknown.
    cells
        One array per level of :data:`LEVELS`: number of the cell, -1 where the dwelling has none.
    letter
        Position in ``LABELKLASSEN`` of the registered class, -1 without one.
    modern
        Whether that class was computed by NTA 8800.
    """

    vbo_id: npt.NDArray[np.object_]
    kind: Ints
    period: Ints
    prior: Floats
    cells: tuple[Ints, ...]
    letter: Ints
    modern: Bools

    @property
    def registered(self) -> Bools:
        """Dwellings with a registered class."""
        return self.letter >= 0


def pooled_class(letters: pd.Series[str]) -> Ints:
    """
    Place register classes among the eight of the estimate.

    Parameters
    ----------
    letters
        Classes as registered, missing where there is none.

    Returns
    -------
    positions
        Position in ``LABELKLASSEN``; -1 where missing or a class that the table does not know.
    """
    return np.asarray(letters.map(_POOLED).fillna(-1), dtype="int64")


def gather_evidence(
    woningen: pd.DataFrame,
    pand_type: pd.DataFrame,
    woning_label: pd.DataFrame,
    reference: LabelReference,
    form_limits: Sequence[float],
) -> Evidence:
    """
    Put together what is known of each dwelling.

    A valid label counts before an expired one; an expired one is evidence as an older method's is, whatever its
    method, since the dwelling may have been improved in the meantime.

    Parameters
    ----------
    woningen
        Dwellings by ``WONING``, any index.
    pand_type
        Types by ``PAND_TYPE``.
    woning_label
        Registered labels by ``WONING_LABEL``, at most one row per dwelling.
    reference
        Prior shares and periods.
    form_limits
        Form factors that part one band from the next, rising.

    Returns
    -------
    evidence
        In the order of `woningen`.
    """
    at_pand = positions(woningen["pand_id"], pand_type["pand_id"])
    types = pand_type.take(np.maximum(at_pand, 0)) if len(pand_type) else pand_type.reindex(range(len(woningen)))
    kind = np.where(at_pand >= 0, positions(types["woningtype"], pd.Index(WONINGTYPEN)), -1)
    period = reference.period_of(woningen["bouwjaar"].to_numpy(dtype="float64", na_value=np.nan))
    form = np.where(at_pand >= 0, types["vormfactor"].to_numpy(dtype="float64"), np.nan)
    band = np.where(np.isnan(form), -1, np.digitize(form, form_limits))
    stratum = np.where((kind >= 0) & (period >= 0), kind * len(reference.periods) + period, -1)
    series = pd.factorize(types["reeks_id"])[0]
    areas = (pd.factorize(woningen[name])[0] for name in ("gemeente_code", "wijk_code", "buurt_code"))
    cells = (
        np.where(stratum >= 0, period, -1),
        stratum,
        _crossed(stratum, band),
        *(_crossed(stratum, np.asarray(area)) for area in areas),
        _crossed(np.where(stratum >= 0, period, -1), np.where(at_pand >= 0, series, -1)),
    )
    letter, modern = _letters(woningen["vbo_id"], woning_label)
    return Evidence(
        vbo_id=woningen["vbo_id"].to_numpy(dtype=object),
        kind=kind,
        period=period,
        prior=_prior_of(kind, period, reference),
        cells=cells,
        letter=letter,
        modern=modern,
    )


def _letters(vbo_id: pd.Series[str], woning_label: pd.DataFrame) -> tuple[Ints, Bools]:
    valid = pooled_class(woning_label["energielabel"])
    expired = pooled_class(woning_label["label_verlopen"])
    by_nta = (woning_label["label_methode"] == "nta8800").to_numpy() & (valid >= 0)
    letter = np.append(np.where(valid >= 0, valid, expired), -1)
    row = positions(vbo_id, woning_label["vbo_id"])
    return letter[row], np.append(by_nta, values=False)[row]


def _crossed(first: Ints, second: Ints) -> Ints:
    """Give each pair that occurs a number, -1 where either is unknown."""
    known = (first >= 0) & (second >= 0)
    pair = np.where(known, first * (int(second.max(initial=0)) + 1) + second, -1)
    cell = np.full(len(first), -1)
    cell[known] = pd.factorize(pair[known])[0]
    return cell


def _prior_of(kind: Ints, period: Ints, reference: LabelReference) -> Floats:
    """Give each dwelling the national shares of its type and period."""
    starts = reference.periods["vanaf"].to_numpy(dtype="float64")
    first_year = np.where(np.isnan(starts), -np.inf, starts)
    table = np.full((len(WONINGTYPEN) + 1, len(first_year) + 1, len(LABELKLASSEN)), np.nan)
    for position, name in enumerate(WONINGTYPEN):
        source = MULTI_FAMILY if name.startswith(MULTI_FAMILY) else name
        rows = reference.prior[reference.prior["woningsoort"] == source]
        shares = rows[list(LABELKLASSEN)].to_numpy(dtype="float64")
        shares = shares / shares.sum(axis=1, keepdims=True)
        table[position, :-1] = shares[_since(first_year, rows["vanaf"])]
    prior: Floats = table[kind, period]
    return prior


def _since(years: Floats, first_years: pd.Series[float]) -> Ints:
    """Row of the period that each year falls in; the first period is open to the past."""
    starts = first_years.to_numpy(dtype="float64")[1:]
    return np.searchsorted(starts, np.nan_to_num(years), side="right").astype("int64")
