"""Corporation property to dwellings: by VBO id, else by full address, else by pand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from twentegeo.tables.contract import empty
from twentegeo.tables.keys import is_among
from twentegeo.tables.losses import Reason, account, gather
from twentegeo.tables.stock import KOPPELING

KEYS: Final = ("vbo_id", "adres", "pand_id")
"""Keys in order of preference."""

_KEY: Final = ["postcode", "huisnummer", "staart"]
_ROW: Final = ["bestand", "bezit_rij"]
_UNMATCHED: Final = Reason(
    "bezit op woning",
    "bezit",
    "niet in de BAG gevonden",
    "Controleer de BAG-id of het adres; het object kan gesloopt of samengevoegd zijn.",
)
_CONTESTED: Final = Reason(
    "bezit op woning",
    "bezit",
    "woning heeft volgens een andere regel een andere eigenaar",
    "Laat de corporaties uitmaken van wie de woning is; de sterkste sleutel en de jongste peildatum telt.",
)


@dataclass(frozen=True, slots=True)
class Owned:
    """
    Property as matched.

    Attributes
    ----------
    owned
        Columns `vbo_id`, `eigenaar` and `sleutel` (one of :data:`KEYS`), one row per VBO, sorted. Where rows
        disagree the stronger key counts, then the later reference date, then the earlier file and line.
    losses
        Rows by ``KOPPELVERLIES``: property that was not found, and rows that lost to another owner.
    accounts
        Rows by ``KOPPELING``, one per file.
    """

    owned: pd.DataFrame
    losses: pd.DataFrame
    accounts: pd.DataFrame


def match(bezit: pd.DataFrame, verblijfsobject: pd.DataFrame, vbo_pand: pd.DataFrame, adres: pd.DataFrame) -> Owned:
    """
    Find the dwellings that each row of property means.

    Each row is matched on the first key that finds something: its VBO id; its full address (postcode, number,
    letter and addition; main or secondary address; letter and addition written together or apart), if that
    means one verblijfsobject; its pand id, which means all verblijfsobjecten in it.

    Parameters
    ----------
    bezit
        Table by ``BEZIT``.
    verblijfsobject, vbo_pand, adres
        Tables by ``VERBLIJFSOBJECT``, ``VBO_PAND`` and ``ADRES``.

    Returns
    -------
    owned
        What each VBO's owner is, and how each file fared; see :class:`Owned`.
    """
    rows = bezit.reset_index(drop=True).rename_axis("rij").reset_index()
    stock = verblijfsobject["vbo_id"]
    by_id = rows.loc[is_among(rows["vbo_id"], stock), ["rij", "vbo_id"]].assign(sleutel="vbo_id")
    rest = rows[~rows["rij"].isin(by_id["rij"])]
    by_address = _by_address(rest, adres[is_among(adres["object_id"], stock)])
    rest = rest[~rest["rij"].isin(by_address["rij"])]
    in_pand = vbo_pand.loc[is_among(vbo_pand["vbo_id"], stock), ["pand_id", "vbo_id"]]
    held = rest.loc[rest["pand_id"].notna(), ["rij", "pand_id"]]
    by_pand = held.merge(in_pand, on="pand_id")[["rij", "vbo_id"]].assign(sleutel="pand_id")
    pairs = pd.concat([by_id, by_address, by_pand], ignore_index=True)
    lost = rest[~rest["rij"].isin(by_pand["rij"])]
    owned, contested = _decide(pairs.merge(rows[["rij", *_ROW, "eigenaar", "peildatum"]], on="rij"))
    losses = gather([_UNMATCHED.rows(_names(lost)), _CONTESTED.rows(_names(contested))])
    matched = rows["rij"].isin(pairs["rij"])
    return Owned(owned, losses, _accounts(rows.assign(gekoppeld=matched), len(verblijfsobject)))


def _names(rows: pd.DataFrame) -> pd.Series:
    return rows["bestand"] + ":" + rows["bezit_rij"].astype("str")


def _by_address(rows: pd.DataFrame, adres: pd.DataFrame) -> pd.DataFrame:
    complete = rows[rows["postcode"].notna() & rows["huisnummer"].notna()]
    wanted = _address(complete).assign(rij=complete["rij"])
    near = adres[is_among(adres["postcode"], complete["postcode"])]
    held = _address(near).assign(vbo_id=near["object_id"]).drop_duplicates()
    single = held[~held.duplicated(_KEY, keep=False)]
    return wanted.merge(single, on=_KEY)[["rij", "vbo_id"]].assign(sleutel="adres")


def _address(rows: pd.DataFrame) -> pd.DataFrame:
    """Join letter and addition, so that `A` + `1` and `A1` are one; spaces and hyphens mean nothing."""
    tail = rows["huisletter"].fillna("") + rows["toevoeging"].fillna("")
    plain = tail.str.upper().str.replace(" ", "", regex=False).str.replace("-", "", regex=False)
    return pd.DataFrame({"postcode": rows["postcode"], "huisnummer": rows["huisnummer"], "staart": plain})


def _decide(pairs: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    strength = pairs["sleutel"].map({key: place for place, key in enumerate(KEYS)})
    ordered = pairs.assign(strength=strength).sort_values(
        ["vbo_id", "strength", "peildatum", *_ROW], ascending=[True, True, False, True, True], na_position="last"
    )
    first = ordered.drop_duplicates("vbo_id")
    winner = ordered["vbo_id"].map(first.set_index("vbo_id")["eigenaar"])
    contested = ordered[ordered["eigenaar"] != winner].drop_duplicates("rij")
    return first[["vbo_id", "eigenaar", "sleutel"]].reset_index(drop=True), contested


def _accounts(rows: pd.DataFrame, n_objects: int) -> pd.DataFrame:
    matched = rows.groupby("bestand")["gekoppeld"].agg(["size", "sum"])
    parts = [
        account(
            f"bezit op woning: {name}"[:60],
            f"Regels van {name} die een verblijfsobject in de BAG vonden.",
            left=int(counted["size"]),
            right=n_objects,
            matched=int(counted["sum"]),
        )
        for name, counted in matched.iterrows()
    ]
    return pd.concat(parts, ignore_index=True) if parts else empty(KOPPELING)
