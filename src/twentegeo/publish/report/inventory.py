"""
What the layers of a release hold, counted for the report: per municipality, per label status, per priority area.

Kept in the manifest too, so that the next night can tell what changed without opening this night's layers.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from twentegeo.tables import layers as contracts

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY: Final = "inventaris"
"""Where the manifest keeps it."""

HOMES: Final = "verblijfsobject"
_VALID: Final = "geldig"


@dataclass(frozen=True, slots=True)
class Municipality:
    """
    One municipality.

    Attributes
    ----------
    code, name
        CBS code and name.
    homes
        Existing dwellings.
    statuses
        Dwellings by label status, in the order of the contract.
    parcel, neighbourhood, year, area
        Share of the dwellings (%) with a parcel, a neighbourhood, a known year and a known floor area; None where
        the layer does not say.
    """

    code: str
    name: str
    homes: int
    statuses: Mapping[str, int]
    parcel: float | None = None
    neighbourhood: float | None = None
    year: float | None = None
    area: float | None = None

    def share(self, status: str) -> float:
        """
        Tell the share of a label status.

        Parameters
        ----------
        status
            One of ``statuses``.

        Returns
        -------
        share
            0-100; NaN without dwellings.
        """
        return 100 * self.statuses.get(status, 0) / self.homes if self.homes else float("nan")

    @property
    def coverage(self) -> float:
        """Share of the dwellings with a valid registered label (%); NaN without dwellings."""
        return self.share(_VALID)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A priority area: name and rank."""

    name: str
    rank: int


@dataclass(frozen=True, slots=True)
class Inventory:
    """
    What the layers hold.

    Attributes
    ----------
    total
        The region as a whole, as a municipality without a code.
    municipalities
        In alphabetical order.
    areas
        Priority areas by ``gebied_id``.
    labels
        Dwellings by valid registered class.
    """

    total: Municipality
    municipalities: tuple[Municipality, ...]
    areas: Mapping[str, Ranked]
    labels: Mapping[str, int]

    def facts(self) -> dict[str, Any]:
        """Put it in JSON, for the manifest."""
        return asdict(self)


def take(layers: Mapping[str, pd.DataFrame]) -> Inventory:
    """
    Count what the layers hold.

    Parameters
    ----------
    layers
        Frames by layer name; used are ``verblijfsobject``, ``gemeente`` and ``prioriteitsgebied``. Columns that a
        layer lacks are left out of the count.

    Returns
    -------
    inventory
        Empty where there are no dwellings.
    """
    homes = layers.get(HOMES, pd.DataFrame())
    towns = layers.get("gemeente", pd.DataFrame({"code": [], "naam": []}))
    names = dict(zip(towns["code"].astype(str), towns["naam"].astype(str), strict=True))
    codes = homes["gemeente_code"].astype("str") if "gemeente_code" in homes else pd.Series([], dtype="str")
    every = pd.Series(0, index=codes.index)
    return Inventory(
        total=_counted(homes, every, {0: "hele regio"}, {0: ""})[0] if len(homes) else Municipality("", "", 0, {}),
        municipalities=tuple(
            sorted(_counted(homes, codes, names, {code: code for code in names}), key=lambda one: one.name)
        ),
        areas=_ranked(layers.get("prioriteitsgebied")),
        labels=_classes(homes),
    )


def inventory_of(facts: Mapping[str, Any]) -> Inventory | None:
    """
    Read the inventory from a manifest.

    Parameters
    ----------
    facts
        The manifest.

    Returns
    -------
    inventory
        None where the manifest is older than the report.
    """
    kept = facts.get(KEY)
    if not kept:
        return None
    return Inventory(
        total=Municipality(**kept["total"]),
        municipalities=tuple(Municipality(**one) for one in kept["municipalities"]),
        areas={key: Ranked(**one) for key, one in kept["areas"].items()},
        labels=kept["labels"],
    )


def _counted(
    homes: pd.DataFrame, by: pd.Series[Any], names: Mapping[Any, str], codes: Mapping[Any, str]
) -> list[Municipality]:
    """Count dwellings and what is known of them, per group; a group that `names` lacks keeps its code as name."""
    keys, groups = pd.factorize(by, sort=True)
    size = np.bincount(keys, minlength=len(groups))
    statuses = _statuses(homes, keys, len(groups))
    shares = {
        name: 100 * np.bincount(keys, weights=homes[column].notna(), minlength=len(groups)) / size
        for name, column in (
            ("parcel", "perceel_id"),
            ("neighbourhood", "buurt_code"),
            ("year", "bouwjaar"),
            ("area", "oppervlakte_m2"),
        )
        if column in homes
    }
    return [
        Municipality(
            code=codes.get(group, str(group)),
            name=names.get(group, str(group)),
            homes=int(size[place]),
            statuses={status: int(counts[place]) for status, counts in statuses.items()},
            **{name: float(values[place]) for name, values in shares.items()},
        )
        for place, group in enumerate(groups)
    ]


def _statuses(homes: pd.DataFrame, keys: np.ndarray[Any, Any], n_groups: int) -> dict[str, np.ndarray[Any, Any]]:
    column = next((one for one in contracts.VERBLIJFSOBJECT.columns if one.name == "label_status"), None)
    if column is None or "label_status" not in homes:
        return {}
    found = homes["label_status"].to_numpy(dtype=object)
    return {status: np.bincount(keys[found == status], minlength=n_groups) for status in column.options}


def _ranked(areas: pd.DataFrame | None) -> dict[str, Ranked]:
    if areas is None or areas.empty:
        return {}
    ordered = areas.sort_values("rang")
    return {
        str(key): Ranked(str(name), int(rank))
        for key, name, rank in zip(ordered["gebied_id"], ordered["naam"], ordered["rang"], strict=True)
    }


def _classes(homes: pd.DataFrame) -> dict[str, int]:
    if "energielabel" not in homes:
        return {}
    counts = homes["energielabel"].dropna().value_counts()
    return {str(label): int(counts[label]) for label in sorted(counts.index, key=lambda name: (name[0], -len(name)))}
