"""
In which building a dwelling is, where it may be part of several.

One that stands goes before one that does not, then the one that contains the dwelling's point, then the first
in the BAG's own order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from twentegeo.tables.columns import building
from twentegeo.tables.keys import positions
from twentegeo.tables.losses import Reason

if TYPE_CHECKING:
    import geopandas as gpd

    from twentegeo.tables.bag import Bag

OP_PAND: Final = "woning op pand"

GEEN_PAND: Final = Reason(
    OP_PAND,
    "woning",
    "geen pand vermeld bij het verblijfsobject",
    "Meld het bij de gemeente (bronhouder van de BAG) als het pand wel bestaat.",
)
PAND_ONBEKEND: Final = Reason(
    OP_PAND,
    "woning",
    "vermeld pand staat niet in de levering",
    "Controleer of de BAG-levering volledig is; een pand net over de regiogrens kan ontbreken.",
)
PAND_NIET_GEBOUWD: Final = Reason(
    OP_PAND,
    "woning",
    "pand heeft geen status van een staand gebouw",
    "De statussen van woning en pand spreken elkaar tegen; meld het bij de gemeente (bronhouder van de BAG).",
)

REASONS: Final = (GEEN_PAND, PAND_ONBEKEND, PAND_NIET_GEBOUWD)
"""What can be wrong with a dwelling's building. A dwelling in one that does not stand keeps its id and year."""


def choose(bag: Bag, existing: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Choose the main building of each dwelling.

    Parameters
    ----------
    bag
        The BAG of the region.
    existing
        The dwellings: ``vbo_id`` and their point in RD New.

    Returns
    -------
    main
        Aligned with the dwellings: ``vbo_id``, ``pand_id``, ``bouwjaar`` and ``bouwjaar_dummy`` of the main
        building, ``n_panden`` (all that the BAG names) and ``reden``: what is wrong with it, or empty.
    """
    relation, panden = bag.vbo_pand, bag.pand.rows
    home = positions(relation["vbo_id"], existing["vbo_id"])
    pand = positions(relation["pand_id"], panden["pand_id"])
    of_home = home >= 0
    n_panden = np.bincount(home[of_home], minlength=len(existing))
    known = of_home & (pand >= 0)
    home, pand, order = home[known], pand[known], relation["volgorde"].to_numpy(dtype=np.int64)[known]
    stands = panden["status"].isin(building.PAND_GEBOUWD).to_numpy(dtype=bool)
    # the point decides only where there is something to choose: few outlines need be decoded
    contains = np.zeros(len(home), dtype=bool)
    choice = (n_panden > 1)[home]
    contains[choice] = shapely.intersects(bag.pand.shapes_of(pand[choice]), existing.geometry.to_numpy()[home[choice]])
    ranked = np.lexsort((pand, order, ~contains, ~stands[pand], home))
    first = ranked[np.unique(home[ranked], return_index=True)[1]]
    chosen = np.full(len(existing), -1)
    chosen[home[first]] = pand[first]

    has = chosen >= 0
    of_pand = panden[["pand_id", "bouwjaar", "bouwjaar_dummy"]].take(chosen[has])
    main: pd.DataFrame = of_pand.set_axis(existing.index[has]).reindex(existing.index)
    main["bouwjaar_dummy"] = main["bouwjaar_dummy"].eq(other=True).fillna(value=False).astype(bool)
    main["vbo_id"] = existing["vbo_id"]
    main["n_panden"] = n_panden
    main["reden"] = pd.Series(np.nan, index=main.index, dtype="str")
    main.loc[~has, "reden"] = PAND_ONBEKEND.reden
    main.loc[n_panden == 0, "reden"] = GEEN_PAND.reden
    main.loc[existing.index[has][~stands[chosen[has]]], "reden"] = PAND_NIET_GEBOUWD.reden
    return main
