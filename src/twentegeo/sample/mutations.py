"""
A second delivery of the same region: a share of the homes changed, and it is known how.

Every kind of change that the registers show from night to night occurs, on homes of which the first delivery speaks
plainly, so that the truth of each is beyond doubt: one label row, found by its own identifier.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from twentegeo.sample.homes import BEST_PLAIN, CLASSES
from twentegeo.sample.label_columns import NTA
from twentegeo.sample.label_rows import addresses_of
from twentegeo.sample.registers import GONE_VBO, STOCK_VBO
from twentegeo.sample.seeds import generator

if TYPE_CHECKING:
    from datetime import date

    import numpy.typing as npt

    from twentegeo.sample.labels import Labels
    from twentegeo.sample.registers import Registers
    from twentegeo.sample.settle import Region

    Ints = npt.NDArray[np.int64]

SHARES: Final = {
    "nieuw label": 0.30,
    "label vervangen": 0.20,
    "label verlopen": 0.15,
    "label ingetrokken": 0.05,
    "woning gewijzigd": 0.15,
    "woning vervallen": 0.07,
    "nieuwe woning": 0.08,
}
"""How the changed homes divide over what can happen to them; each happens at least once."""

VBO_ID: Final = "BAGVerblijfsobjectID"
_LARGER_M2: Final = 9
_VALID_DAYS: Final = 3652


@dataclass(frozen=True)
class Delivery:
    """
    What a delivery tells.

    Attributes
    ----------
    registers, labels
        The BAG, and the rows of the label register.
    homes
        The homes by their state in this delivery.
    areas
        Which cell lies in which buurt.
    changed
        Per cause, the ids of the homes that it touches, sorted; empty for a first delivery.
    """

    registers: Registers
    labels: Labels
    homes: pd.DataFrame
    areas: pd.DataFrame
    changed: dict[str, list[str]]


def second(first: Delivery, region: Region, day: date, share: float, seed: int, only: str | None = None) -> Delivery:
    """
    Change a share of the homes.

    Parameters
    ----------
    first
        The first delivery.
    region
        The made-up ground.
    day
        Reference date of both deliveries.
    share
        Share of the homes to change, 0 to 1.
    seed
        The sample's seed.
    only
        Code of the one municipality in which something changes, and no boundary does; None for all of them.

    Returns
    -------
    second
        The later delivery, with the truth of what changed.
    """
    rng = generator(seed, 71)
    chosen = _choose(first, day, share, only, rng)
    registers, homes = _rebuilt(first, chosen)
    labels = _relabelled(first, chosen, day, rng)
    areas, moved = (first.areas, _none()) if only else _new_boundaries(first, region)
    stays = np.isin(moved, np.concatenate([chosen["woning vervallen"], chosen["nieuwe woning"]]), invert=True)
    ids = first.homes["vbo_id"]
    changed = {
        name: sorted(ids[ids.index.isin(rows)]) for name, rows in {**chosen, "grenzen gewijzigd": moved[stays]}.items()
    }
    return Delivery(registers, labels, homes, areas, changed)


def labelled_in(delivery: Delivery, first: Delivery) -> int:
    """
    Count the homes that have a label row of their own.

    Parameters
    ----------
    delivery, first
        A delivery, and the first one.

    Returns
    -------
    count
        Homes in stock or planned.
    """
    ids = set(first.homes["vbo_id"][first.labels.labelled])
    for kind in ("label ingetrokken", "woning vervallen"):
        ids -= set(delivery.changed.get(kind, ()))
    return len(ids | set(delivery.changed.get("nieuw label", ())))


def _choose(first: Delivery, day: date, share: float, only: str | None, rng: np.random.Generator) -> dict[str, Ints]:
    """Choose homes for each kind of change; no home for two kinds."""
    homes, vbos = first.homes, first.registers.vbos
    here = homes["gemeente"] == only if only else pd.Series(data=True, index=homes.index)
    plain = here & homes["stock"] & ~homes["future"]
    row = vbos.loc[homes.index]
    plain &= (row["status"] == STOCK_VBO[0]) & ~row["ahead"].astype(bool) & (row["area"] == row["size"])
    spoken = _spoken_of(first, day)
    labelled, silent = plain & (spoken == "valid"), plain & (spoken == "")
    # a planned home comes into use with everything in its building
    planned = here & ~homes["stock"] & ~homes["future"] & ~row["ahead"].astype(bool)
    total = share * int(plain.sum())
    result: dict[str, Ints] = {}
    taken = np.zeros(len(homes), dtype=bool)
    for kind, part in SHARES.items():
        among = {"nieuw label": silent, "nieuwe woning": planned, "woning gewijzigd": plain, "woning vervallen": plain}
        free = np.flatnonzero(among.get(kind, labelled).to_numpy() & ~taken)
        picked = rng.permutation(free)[: max(1, round(part * total))]
        taken[picked] = True
        result[kind] = np.sort(homes.index.to_numpy()[picked])
    new = homes["pand_id"].isin(homes.loc[result["nieuwe woning"], "pand_id"]) & planned
    return {**result, "nieuwe woning": homes.index.to_numpy()[new.to_numpy()]}


def _spoken_of(first: Delivery, day: date) -> pd.Series[str]:
    """Per home: "valid" where one plain valid row speaks of it, nothing where no row can, "unclear" otherwise."""
    homes, rows = first.homes, first.labels.rows
    address = addresses_of(first.registers, homes.index.to_numpy())
    key = (address["postcode"] + " " + address["number"]).to_numpy(dtype=object)
    bare = rows["Postcode"].str.strip("'") + " " + rows["Huisnummer"].str.strip("'")
    by_address = set(bare[rows[VBO_ID].str.len() != 16]) | set(bare[rows[VBO_ID] == "0" * 16])
    count = homes["vbo_id"].map(rows[VBO_ID].value_counts()).fillna(0).to_numpy()
    good = rows["Energieklasse"].isin(CLASSES) & rows["Status"].isin(["Bestaand", "Oplevering"])
    good &= (rows["Detailaanduiding"] == "") & (rows["GeldigTot"] > _text(day, 0))
    valid = homes["vbo_id"].isin(rows.loc[good, VBO_ID]).to_numpy() & (count == 1)
    doubtful = np.isin(key, list(by_address)) | (address["postcode"] == "").to_numpy()
    state = np.where(doubtful, "unclear", np.where(valid, "valid", np.where(count == 0, "", "unclear")))
    return pd.Series(state, index=homes.index, dtype="str")


def _rebuilt(first: Delivery, chosen: dict[str, Ints]) -> tuple[Registers, pd.DataFrame]:
    """Change the BAG: homes go, come into use, or turn out larger."""
    registers = first.registers
    vbos, panden, nums = registers.vbos.copy(), registers.panden.copy(), registers.nums.copy()
    gone, new, larger = (chosen[kind] for kind in ("woning vervallen", "nieuwe woning", "woning gewijzigd"))
    vbos.loc[gone, "status"] = GONE_VBO[1]
    nums.loc[nums["vbo"].isin(gone), "status"] = "Naamgeving ingetrokken"
    vbos.loc[new, "status"] = STOCK_VBO[0]
    panden.loc[panden["pand_id"].isin(vbos.loc[new, "pand_id"]), "status"] = "Pand in gebruik"
    vbos.loc[larger, ["area", "size"]] += _LARGER_M2
    homes = first.homes.copy()
    homes.loc[new, "stock"] = True
    homes.loc[larger, "size"] += _LARGER_M2
    return replace(registers, vbos=vbos, panden=panden, nums=nums), homes[~homes.index.isin(gone)]


def _relabelled(first: Delivery, chosen: dict[str, Ints], day: date, rng: np.random.Generator) -> Labels:
    """Change the label register: rows come, go, expire, or make place for a newer one."""
    homes, rows = first.homes, first.labels.rows.copy()
    ids = {kind: homes.loc[index, "vbo_id"] for kind, index in chosen.items()}
    row_of = pd.Series(rows.index, index=rows[VBO_ID])
    fresh = {
        "Opnamedatum": _text(day, -20), "Registratiedatum": _text(day, -12), "GeldigTot": _text(day, _VALID_DAYS - 20),
        "Berekeningstype": NTA[-1],
    }  # fmt: skip
    replaced = row_of.loc[ids["label vervangen"]].to_numpy()
    at = rows.loc[replaced, "Energieklasse"].map(CLASSES.index).to_numpy()
    # a renovation: two or three classes better, and A after B or better
    better = np.maximum(at - rng.integers(2, 4, len(at)), BEST_PLAIN - 1)
    better = np.where(better == at, at - 1, better)
    rows.loc[replaced, list(fresh)] = list(fresh.values())
    rows.loc[replaced, "Energieklasse"] = np.array(CLASSES, dtype=object)[better]
    lapsed = row_of.loc[ids["label verlopen"]].to_numpy()
    ended = {
        "Opnamedatum": _text(day, -3 - _VALID_DAYS), "Registratiedatum": _text(day, 4 - _VALID_DAYS),
        "GeldigTot": _text(day, -3),
    }  # fmt: skip
    rows.loc[lapsed, list(ended)] = list(ended.values())
    added = _new_rows(first, rows, chosen["nieuw label"], rng).assign(**fresh)
    rows = rows[~rows[VBO_ID].isin(ids["label ingetrokken"])]
    return replace(first.labels, rows=pd.concat([rows, added], ignore_index=True))


def _new_rows(first: Delivery, rows: pd.DataFrame, index: Ints, rng: np.random.Generator) -> pd.DataFrame:
    """Write a row for homes that had none, with their true class and otherwise like rows that there are."""
    homes = first.homes.loc[index]
    like = rows[(rows["Berekeningstype"] == NTA[-1]) & (rows["Status"] == "Bestaand") & (rows["Projectnaam"] == "")]
    made = like.iloc[rng.integers(0, len(like), len(homes))].reset_index(drop=True)
    address = addresses_of(first.registers, index)
    return made.assign(
        Postcode=address["postcode"], Huisnummer=address["number"], Huisletter=address["letter"],
        Huisnummertoevoeging=address["extra"], Detailaanduiding="", BAGLigplaatsID="", BAGStandplaatsID="",
        BAGVerblijfsobjectID=homes["vbo_id"].to_numpy(), BAGPandIDs=homes["pand_id"].to_numpy(),
        Bouwjaar=homes["built"].astype(str).to_numpy(),
        Energieklasse=np.array(CLASSES, dtype=object)[homes["label"].to_numpy()],
    )  # fmt: skip


def _new_boundaries(first: Delivery, region: Region) -> tuple[pd.DataFrame, Ints]:
    """Give one lived-in cell to the next buurt of its wijk, as CBS does from year to year."""
    areas, homes = first.areas, first.homes
    lived_in = homes[homes["stock"] & ~homes["future"]]["cell"].value_counts()
    dry = areas["water"] == "NEE"
    size = areas[dry].groupby("buurt").size()
    for cell in lived_in.index:
        mine = areas.loc[cell]
        shape = region.cells["geometry"][cell]
        others = areas[dry & (areas["wijk"] == mine["wijk"]) & (areas["buurt"] != mine["buurt"])]
        beside = [other for other in others.index if region.cells["geometry"][other].touches(shape)]
        if beside and size[mine["buurt"]] > 1:
            moved = areas.copy()
            moved.loc[cell, ["buurt", "buurtnaam"]] = areas.loc[beside[0], ["buurt", "buurtnaam"]].to_numpy()
            stock = homes["stock"] & ~homes["future"] & (homes["cell"] == cell)
            return moved, homes.index.to_numpy()[stock.to_numpy()]
    return areas, _none()


def _none() -> Ints:
    return np.empty(0, dtype=np.int64)


def _text(day: date, later: int) -> str:
    """Write a day as the label register does."""
    return str(np.datetime64(day) + np.timedelta64(later, "D")).replace("-", "")
