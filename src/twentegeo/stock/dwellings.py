"""Which verblijfsobjecten are dwellings, in which building each one is, and on which parcel."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from twentegeo.crs import RD_NEW_TEXT
from twentegeo.stock import main_building
from twentegeo.tables.columns import building
from twentegeo.tables.contract import conform, empty
from twentegeo.tables.keys import positions
from twentegeo.tables.losses import Reason, account, gather
from twentegeo.tables.stock import KOPPELING, KOPPELVERLIES, WONING

if TYPE_CHECKING:
    import numpy.typing as npt

    from twentegeo.tables.bag import Bag

logger = logging.getLogger(__name__)

ONBEKEND: Final = "onbekend"
"""Text of an address or settlement that the delivery does not hold."""

VOORRAAD: Final = "verblijfsobject in voorraad"
OP_ADRES: Final = "woning op adres"
OP_PERCEEL: Final = "woning op perceel"

_BAG_TIP: Final = "Meld het bij de gemeente (bronhouder van de BAG) als het object wel bestaat."

GEPLAND: Final = Reason(
    VOORRAAD,
    "verblijfsobject",
    "gepland: gevormd, nog niet in gebruik",
    "Geen actie nodig; de woning telt mee als gepland en komt in de voorraad zodra de gemeente haar gereedmeldt.",
)
VERDWENEN: Final = Reason(
    VOORRAAD,
    "verblijfsobject",
    "ingetrokken, niet gerealiseerd of ten onrechte opgevoerd",
    _BAG_TIP,
)
GEEN_ADRES: Final = Reason(OP_ADRES, "woning", "hoofdadres ontbreekt in de levering", _BAG_TIP)
GEEN_PERCEEL: Final = Reason(
    OP_PERCEEL,
    "woning",
    "woning heeft geen pand",
    "Zie koppeling 'woning op pand'; zonder pand is er geen perceel te bepalen.",
)
PAND_ZONDER_PERCEEL: Final = Reason(
    OP_PERCEEL,
    "woning",
    "pand van de woning ligt op geen perceel",
    "Zie koppeling 'pand op perceel' voor de oorzaak per pand.",
)


@dataclass(frozen=True, slots=True)
class Dwellings:
    """
    The dwellings of a region.

    Attributes
    ----------
    woningen
        One row per existing dwelling by ``stock.WONING``, sorted on ``vbo_id``; ``perceel_id`` is still empty.
    planned
        One row per planned dwelling: ``vbo_id``, ``gemeente_code`` and its point in RD New.
    losses, accounts
        What the joins lost, by ``KOPPELVERLIES``, and their sums, by ``KOPPELING``.
    """

    woningen: gpd.GeoDataFrame
    planned: gpd.GeoDataFrame
    losses: pd.DataFrame
    accounts: pd.DataFrame


def is_home(verblijfsobject: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """
    Tell which verblijfsobjecten have a woonfunctie, alone or beside other uses.

    Parameters
    ----------
    verblijfsobject
        Frame with ``gebruiksdoel``: uses separated by commas.

    Returns
    -------
    homes
        One flag per row.
    """
    uses = verblijfsobject["gebruiksdoel"]
    with_home = [
        use for use in uses.dropna().unique() if building.WOONFUNCTIE in {part.strip() for part in str(use).split(",")}
    ]
    return uses.isin(with_home).to_numpy(dtype=bool)


def is_existing(verblijfsobject: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """
    Tell which verblijfsobjecten are existing dwellings.

    Parameters
    ----------
    verblijfsobject
        Frame with ``gebruiksdoel`` and ``vbo_status``.

    Returns
    -------
    existing
        One flag per row: a woonfunctie, and a status that CBS counts as stock.
    """
    in_stock = verblijfsobject["vbo_status"].isin(building.VBO_VOORRAAD).to_numpy(dtype=bool)
    existing: npt.NDArray[np.bool_] = in_stock & is_home(verblijfsobject)
    return existing


def cell_ids(points: npt.NDArray[np.object_]) -> pd.Series[str]:
    """
    Name the CBS square of 100 by 100 metres that holds each point.

    Parameters
    ----------
    points
        Points in RD New.

    Returns
    -------
    codes
        ``E<x/100>N<y/100>`` of the lower left corner, four digits each; a point on an edge belongs to the
        square above or to the right of it.
    """
    east = np.floor(shapely.get_x(points) / 100).astype(np.int64)
    north = np.floor(shapely.get_y(points) / 100).astype(np.int64)
    # a region has far fewer cells than dwellings: write each name once
    code, cells = pd.factorize(east * 10_000 + north)
    names = np.array([f"E{cell // 10_000:04d}N{cell % 10_000:04d}" for cell in cells.tolist()], dtype=object)
    return pd.Series(names[code] if len(names) else [], dtype="str")


def assemble(bag: Bag, location: pd.DataFrame) -> Dwellings:
    """
    Make one row of each existing dwelling.

    A dwelling is a verblijfsobject with a woonfunctie (other uses may stand beside it) and a status that CBS
    counts as stock. It stays whatever its joins lose. Its main building is, among the panden that it is part
    of: one that stands before one that does not, then the one that contains its point, then the first in the
    BAG's own order. The construction year is that building's.

    Parameters
    ----------
    bag
        The BAG of the region.
    location
        ``buurt_code`` and ``wijk_code`` indexed by ``vbo_id``; dwellings that it lacks get neither.

    Returns
    -------
    dwellings
        Existing and planned dwellings, with what the joins lost. In each account the losses of that name are
        the difference between left and matched.
    """
    homes = bag.verblijfsobject[is_home(bag.verblijfsobject)]
    status = homes["vbo_status"]
    existing = homes[is_existing(homes)].sort_values("vbo_id", ignore_index=True)
    planned = homes[status.isin(building.VBO_GEPLAND)].sort_values("vbo_id", ignore_index=True)
    gone = homes.loc[~status.isin((*building.VBO_VOORRAAD, *building.VBO_GEPLAND)), "vbo_id"]

    main = main_building.choose(bag, existing)
    addresses = _addresses(bag.adres, existing)
    at = positions(existing["vbo_id"], location.index.astype("str"))
    woningen = conform(
        WONING,
        gpd.GeoDataFrame(
            {
                **{name: existing[name] for name in _OF_VBO},
                **{name: main[name] for name in ("pand_id", "n_panden", "bouwjaar", "bouwjaar_dummy")},
                **{name: addresses[name] for name in ("adres", "postcode", "woonplaats")},
                **{name: location[name].array.take(at, allow_fill=True) for name in ("wijk_code", "buurt_code")},
                "perceel_id": pd.Series(np.nan, index=existing.index, dtype="str"),
                "cel_id": cell_ids(existing.geometry.to_numpy()),
            },
            geometry=existing.geometry.to_numpy(),
            crs=RD_NEW_TEXT,
        ),
    )
    losses = [GEPLAND.rows(planned["vbo_id"]), VERDWENEN.rows(gone)]
    losses += [reason.rows(main.loc[main["reden"] == reason.reden, "vbo_id"]) for reason in main_building.REASONS]
    losses.append(GEEN_ADRES.rows(addresses.loc[addresses["adres"] == ONBEKEND, "vbo_id"]))
    logger.info("%d existing dwellings, %d planned", len(woningen), len(planned))
    return Dwellings(
        woningen,
        gpd.GeoDataFrame(planned[["vbo_id", "gemeente_code", "geometry"]], crs=RD_NEW_TEXT),
        gather(losses),
        pd.concat(
            [
                account(
                    VOORRAAD,
                    "Verblijfsobjecten met woonfunctie die een bestaande woning zijn.",
                    left=len(homes),
                    right=len(existing),
                    matched=len(existing),
                ),
                account(
                    main_building.OP_PAND,
                    "Woningen op het staande pand waar ze in zitten.",
                    left=len(existing),
                    right=len(bag.pand),
                    matched=int(main["reden"].isna().sum()),
                ),
                account(
                    OP_ADRES,
                    "Woningen op hun hoofdadres.",
                    left=len(existing),
                    right=len(bag.adres),
                    matched=int((addresses["adres"] != ONBEKEND).sum()),
                ),
            ],
            ignore_index=True,
        ),
    )


_OF_VBO: Final = ("vbo_id", "vbo_status", "gebruiksdoel", "oppervlakte_m2", "oppervlakte_dummy", "gemeente_code")


def _addresses(adres: pd.DataFrame, existing: pd.DataFrame) -> pd.DataFrame:
    """Write the main address of each dwelling as ``Straat 12A-1``, aligned with the dwellings."""
    # an object has each of its addresses once, so one row at most is the main one of a dwelling
    home = positions(adres["object_id"], existing["vbo_id"])
    of_home = np.flatnonzero(home >= 0)
    wanted = existing["nummeraanduiding_id"].array[home[of_home]]
    main = np.asarray(adres["nummeraanduiding_id"].array[of_home] == wanted)
    row = np.full(len(existing), -1)
    row[home[of_home][main]] = of_home[main]
    found = adres.reset_index(drop=True).reindex(row).reset_index(drop=True).assign(vbo_id=existing["vbo_id"].array)
    addition = found["toevoeging"].fillna("")
    text = (
        found["straat"]
        + " "
        + found["huisnummer"].astype("str")
        + found["huisletter"].fillna("")
        + ("-" + addition).where(addition != "", "")
    )
    found["adres"] = text.where(found["straat"].notna(), ONBEKEND)
    found["woonplaats"] = found["woonplaats"].fillna(ONBEKEND)
    return found


def on_parcel(
    woningen: gpd.GeoDataFrame, pand_perceel: pd.DataFrame | None
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, pd.DataFrame]:
    """
    Give each dwelling the parcel of its main building.

    Parameters
    ----------
    woningen
        Dwellings by ``stock.WONING``.
    pand_perceel
        The parcel of each building, by ``stock.PAND_PERCEEL``; None in a region without parcels.

    Returns
    -------
    woningen, losses, account
        The dwellings with ``perceel_id`` filled, those without by reason, and the sum. Where there are no parcels
        nothing was joined, so nothing was lost and there is no sum.
    """
    if pand_perceel is None:
        nowhere = pd.Series(None, index=woningen.index, dtype="str")
        unplaced = cast("gpd.GeoDataFrame", woningen.assign(perceel_id=nowhere))
        return unplaced, empty(KOPPELVERLIES), empty(KOPPELING)
    at = positions(woningen["pand_id"], pand_perceel["pand_id"])
    perceel_id = pd.Series(
        pand_perceel["perceel_id"].astype("str").array.take(at, allow_fill=True), index=woningen.index
    )
    filled = cast("gpd.GeoDataFrame", woningen.assign(perceel_id=perceel_id))
    lost, without = perceel_id.isna(), woningen["pand_id"].isna()
    losses = gather(
        [
            GEEN_PERCEEL.rows(woningen.loc[lost & without, "vbo_id"]),
            PAND_ZONDER_PERCEEL.rows(woningen.loc[lost & ~without, "vbo_id"]),
        ]
    )
    total = account(
        OP_PERCEEL,
        "Woningen op het perceel van hun pand.",
        left=len(woningen),
        right=len(pand_perceel),
        matched=int((~lost).sum()),
    )
    return filled, losses, total
