"""Which panden stand, and how many dwellings each of them has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
import pandas as pd

from twentegeo.tables.columns import building
from twentegeo.tables.keys import in_order, is_among, positions
from twentegeo.tables.losses import Reason, account, gather

if TYPE_CHECKING:
    import numpy.typing as npt

FrameT = TypeVar("FrameT", bound=pd.DataFrame)

GEBOUWD: Final = "pand in voorraad"

_NIET_GEBOUWD: Final = {
    "Bouwvergunning verleend": "Geen actie nodig; het pand komt in de laag zodra het in gebruik is.",
    "Bouw gestart": "Geen actie nodig; het pand komt in de laag zodra het in gebruik is.",
    "Niet gerealiseerd pand": "Geen actie nodig; het pand is er nooit gekomen.",
    "Pand gesloopt": "Geen actie nodig; het pand is er niet meer.",
    "Pand ten onrechte opgevoerd": "Geen actie nodig; de gemeente heeft het pand als fout gemerkt.",
}

REASONS: Final = {
    status: Reason(GEBOUWD, "pand", f"staat er niet: {status[0].lower()}{status[1:]}", advice)
    for status, advice in _NIET_GEBOUWD.items()
}
"""Why a pand is not in the stock, by its status."""


@dataclass(frozen=True, slots=True)
class Buildings:
    """
    The buildings of a region.

    Attributes
    ----------
    panden
        One row per pand that stands, the columns of ``bag.PAND`` with ``n_woningen`` and ``heeft_woning``,
        sorted on ``pand_id``; with outlines where they were given.
    losses, accounts
        Every current pand that does not stand, by its status, and the sum.
    """

    panden: pd.DataFrame
    losses: pd.DataFrame
    accounts: pd.DataFrame


def stands(pand: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """
    Tell which panden stand.

    Parameters
    ----------
    pand
        Panden with ``status``.

    Returns
    -------
    standing
        One flag per row: a status in ``building.PAND_GEBOUWD``.
    """
    return np.asarray(pand["status"].isin(building.PAND_GEBOUWD).to_numpy(dtype=bool))


def built(pand: FrameT) -> FrameT:
    """
    Keep the panden that stand.

    Parameters
    ----------
    pand
        Panden by ``bag.PAND``, with or without their outlines.

    Returns
    -------
    standing
        Those that stand, sorted on ``pand_id``, with a fresh index.
    """
    return in_order(pand[stands(pand)], ("pand_id",))


def per_pand(pand: pd.DataFrame, woningen: pd.DataFrame, vbo_pand: pd.DataFrame) -> Buildings:
    """
    Count the dwellings of each building that stands.

    A dwelling that is part of several panden is *counted* once, at its main pand, so that ``n_woningen`` sums
    to the number of dwellings in standing buildings; it makes *each* of its panden one that ``heeft_woning``,
    because someone lives there. A pand may therefore have a dwelling and a count of zero: a wing or an
    annex of a home whose count stands on the main building.

    Parameters
    ----------
    pand
        Every current pand, by ``bag.PAND``, with or without its outline.
    woningen
        Dwellings with ``vbo_id`` and their main ``pand_id``.
    vbo_pand
        The n:m relation, by ``bag.VBO_PAND``.

    Returns
    -------
    buildings
        Standing panden with their counts; every other pand in the losses.
    """
    standing = built(pand)
    main = positions(woningen["pand_id"], standing["pand_id"])
    of_dwelling = is_among(vbo_pand["vbo_id"], woningen["vbo_id"])
    lived_in = positions(vbo_pand["pand_id"][of_dwelling], standing["pand_id"])
    panden = standing.assign(
        n_woningen=pd.array(np.bincount(main[main >= 0], minlength=len(standing)), dtype="Int64"),
        heeft_woning=np.bincount(lived_in[lived_in >= 0], minlength=len(standing)) > 0,
    )
    losses = [reason.rows(pand.loc[pand["status"] == status, "pand_id"]) for status, reason in REASONS.items()]
    total = account(
        GEBOUWD,
        "Actuele panden die een staand gebouw zijn.",
        left=len(pand),
        right=len(standing),
        matched=len(standing),
    )
    return Buildings(panden, gather(losses), total)
