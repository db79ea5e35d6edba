"""How a join tells what it lost: rows for `koppelverlies`, and one line for `koppeling`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from twentegeo.tables.contract import conform, empty
from twentegeo.tables.stock import KOPPELING, KOPPELVERLIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Reason:
    """
    Why rows were lost, and what to do about it.

    Attributes
    ----------
    koppeling
        Name of the join, for example ``label op woning``.
    zijde
        Which side was lost, for example ``label``.
    reden
        Why, in a few Dutch words; rows with the same words are counted together.
    advies
        What the reader can do about it, one Dutch sentence.
    """

    koppeling: str
    zijde: str
    reden: str
    advies: str

    def rows(self, ids: Iterable[object]) -> pd.DataFrame:
        """
        List the lost rows.

        Parameters
        ----------
        ids
            Identifier or row number of each lost row.

        Returns
        -------
        losses
            A table that keeps to ``KOPPELVERLIES``, one row per id.
        """
        lost = pd.Series(ids).astype("str")
        return pd.DataFrame(
            {
                "koppeling": self.koppeling,
                "zijde": self.zijde,
                "verlies_id": lost,
                "reden": self.reden,
                "advies": self.advies,
            }
        )


def gather(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """
    Put the losses of several joins in one table.

    Parameters
    ----------
    parts
        Tables made by :meth:`Reason.rows`; any of them may be empty.

    Returns
    -------
    losses
        A table that keeps to ``KOPPELVERLIES``, sorted so that equal input gives equal order.
    """
    filled = [part for part in parts if len(part)]
    if not filled:
        return empty(KOPPELVERLIES)
    together = pd.concat(filled, ignore_index=True)
    return conform(KOPPELVERLIES, together.sort_values(KOPPELVERLIES.names, kind="stable"))


def account(koppeling: str, omschrijving: str, *, left: int, right: int, matched: int) -> pd.DataFrame:
    """
    Sum up one join.

    Parameters
    ----------
    koppeling, omschrijving
        Name of the join and what it joins, in Dutch.
    left, right
        Rows on either side.
    matched
        Left rows that found a match.

    Returns
    -------
    summary
        One row that keeps to ``KOPPELING``; the share is empty where there was nothing to match.
    """
    return conform(
        KOPPELING,
        pd.DataFrame(
            {
                "koppeling": [koppeling],
                "n_links": [left],
                "n_rechts": [right],
                "n_gekoppeld": [matched],
                "dekking": [100 * matched / left if left else float("nan")],
                "omschrijving": [omschrijving],
            }
        ),
    )
