"""Rows of the energy label register, with everything that is awkward about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from twentegeo.sample.homes import CLASSES
from twentegeo.sample.kinds import FLAT, INDUSTRY, SCHOOL
from twentegeo.sample.label_columns import as_columns
from twentegeo.sample.label_quirks import spoil, strange_rows
from twentegeo.sample.label_rows import addresses_of, dated, plain_rows
from twentegeo.sample.seeds import generator, some

if TYPE_CHECKING:
    from datetime import date

    import numpy.typing as npt

    from twentegeo.sample.registers import Registers


COVERAGE: Final = 0.60
"""Share of homes that have a label of their own, whatever its age."""


@dataclass(frozen=True)
class Labels:
    """Rows as columns of text by the register's own names, and how many rows carry each quirk."""

    rows: pd.DataFrame
    quirks: dict[str, int]
    labelled: npt.NDArray[np.bool_]


def register_labels(homes: pd.DataFrame, registers: Registers, day: date, seed: int) -> Labels:
    """
    Draw who has a label and what the register says of it.

    Parameters
    ----------
    homes
        As :func:`twentegeo.sample.homes.homes` gives.
    registers
        The BAG, for addresses, other objects and stale identifiers.
    day
        Reference date.
    seed
        The sample's seed.

    Returns
    -------
    labels
        The register's rows in file order.
    """
    rng = generator(seed, 9)
    today = int(np.datetime64(day).astype(int))
    labelled = _who(homes, rng)
    base = _own(homes, registers, labelled, today, rng)
    parts = [base, _older(base, rng), *_others(homes, registers, today, rng)]
    parts += strange_rows(base, registers, rng)
    rows = pd.concat(parts, ignore_index=True)
    rows = spoil(rows, rng)
    rows = rows.sample(frac=1.0, random_state=int(rng.integers(2**31))).reset_index(drop=True)
    quirks = {name: int(rows[name].sum()) for name in rows.columns if name.startswith("q_")}
    quirks["q_expired"] = int((rows["valid"] < today).sum())
    quirks["q_row_without_vbo_id"] = int((rows["vbo"] == "").sum())
    return Labels(as_columns(rows), {k.removeprefix("q_"): v for k, v in quirks.items()}, labelled)


def _who(homes: pd.DataFrame, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Let, new and recently sold homes have labels more often; in a planted cluster everyone equally."""
    owner, rented, built = (homes[c].to_numpy() for c in ("owner", "rented", "built"))
    chance = np.select([owner > 0, rented], [0.94, 0.74], 0.46)
    chance = np.where(built >= 2008, np.maximum(chance, 0.9), chance)
    chance = np.where((built >= 1992) & (built < 2008), chance + 0.1, chance)
    chance = np.where(homes["cluster"] >= 0, COVERAGE, chance)
    chance = np.where(homes["stock"], chance, 0.0)
    for _ in range(4):
        chance = np.clip(chance * COVERAGE * homes["stock"].sum() / chance.sum(), 0, 0.99)
    return np.asarray(rng.random(len(homes)) < chance)


def _own(
    homes: pd.DataFrame, registers: Registers, labelled: npt.NDArray[np.bool_], today: int, rng: np.random.Generator
) -> pd.DataFrame:
    """One row for each labelled home: the newest one."""
    mine = homes[labelled]
    n = len(mine)
    age = np.where(rng.random(n) < 0.10, rng.integers(3653, 6200, n), (rng.beta(1.0, 1.6, n) * 3600).astype(int) + 5)
    opened = np.maximum(today - age, 14_000)
    born = (mine["built"].to_numpy() - 1970) * 365.25
    new = born > 14_600
    opened = np.where(new, np.maximum(np.minimum(born + rng.integers(-60, 260, n), today - 9), 14_000), opened).astype(
        int
    )
    rows = addresses_of(registers, mine.index.to_numpy())
    rows = rows.assign(
        vbo=mine["vbo_id"].to_numpy(dtype=object), pand=mine["pand_id"].to_numpy(dtype=object),
        label=np.array(CLASSES, dtype=object)[mine["label"]], rank=mine["label"].to_numpy(), opened=opened,
        type=mine["type"].to_numpy(), built=mine["built"].to_numpy(), size=mine["size"].to_numpy(),
        owner=mine["owner"].to_numpy(), group="W", status="Bestaand", stacked=(mine["kind"] == FLAT).to_numpy(),
    )  # fmt: skip
    rows.loc[new & (rng.random(n) < 0.7), "status"] = "Oplevering"
    return dated(rows, rng)


def _older(base: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Earlier labels of the same homes, often a class worse."""
    chosen = base[rng.random(len(base)) < 0.08].copy()
    n = len(chosen)
    rank = np.minimum(chosen["rank"].to_numpy() + rng.choice([0, 1, 2], n, p=[0.4, 0.45, 0.15]), 11)
    chosen["rank"], chosen["label"] = rank, np.array(CLASSES, dtype=object)[rank]
    chosen["opened"] = np.maximum(chosen["opened"] - rng.integers(200, 3400, n), 13_900)
    chosen["status"] = "Bestaand"
    return dated(chosen, rng).assign(q_older=True)


def _others(homes: pd.DataFrame, registers: Registers, today: int, rng: np.random.Generator) -> list[pd.DataFrame]:
    """Add utility buildings, moorings and sites, and permit applications."""
    vbos = registers.vbos
    works = vbos.index[
        vbos["kind"].isin((INDUSTRY, SCHOOL)) | vbos["purposes"].str.startswith(("winkel", "kantoor", "bijeenkomst"))
    ]
    chosen = works.to_numpy()[some(rng, ~vbos["future"].to_numpy(dtype=bool)[works], 0.45)]
    utility = plain_rows(registers, chosen, today, rng).assign(group="U", q_utility=True)
    utility["with_pand"] = True
    whole = some(rng, np.ones(len(utility), dtype=bool), 0.5)
    utility.loc[whole, "vbo"] = ""
    utility["q_utility_pand_only"] = whole
    planned = homes.index[~homes["stock"] & ~homes["future"]].to_numpy()
    permits = plain_rows(registers, planned[some(rng, np.ones(len(planned), dtype=bool), 0.5)], today, rng)
    permits = permits.assign(
        status="Vergunningsaanvraag", project="Nieuwbouw Voorbeeldhof", q_permit=True, label="A++", rank=3
    )
    early = homes.index[homes["stock"] & (homes["built"] >= 2019)].to_numpy()
    permits_old = plain_rows(registers, early[rng.random(len(early)) < 0.25], today, rng)
    permits_old = permits_old.assign(
        status="Vergunningsaanvraag", project="Plan Fictief", q_permit=True, label="A+++", rank=2
    )
    permits_old["opened"] = np.minimum(
        permits_old["opened"], ((permits_old["built"] - 1970) * 365.25).astype(int) - 200
    )
    return [utility, permits, dated(permits_old, rng), _floating(registers, today, rng)]


def _floating(registers: Registers, today: int, rng: np.random.Generator) -> pd.DataFrame:
    places = registers.places
    if not len(places):
        return pd.DataFrame()
    mine = places[some(rng, np.ones(len(places), dtype=bool), 0.5)]
    nums = registers.nums.set_index("num_id").loc[mine["num_id"]]
    n = len(mine)
    rank = rng.integers(7, 12, n)
    boat = (mine["kind"] == "Ligplaats").to_numpy()
    ids = mine["id"].to_numpy(dtype=object)
    rows = pd.DataFrame(
        {
            "postcode": nums["postcode"].to_numpy(dtype=object),
            "number": nums["huisnummer"].astype(str).to_numpy(dtype=object),
            "letter": "", "extra": "", "part": "", "lig": np.where(boat, ids, ""), "sta": np.where(boat, "", ids),
            "project": "", "vbo": "", "pand": "", "rank": rank, "label": np.array(CLASSES, dtype=object)[rank],
            "opened": today - rng.integers(10, 3500, n), "type": np.where(boat, 5, 6), "built": 1998, "size": 80,
            "owner": 0, "group": "W", "status": "Bestaand", "stacked": False, "q_place": True,
        }
    )  # fmt: skip
    return dated(rows, rng)
