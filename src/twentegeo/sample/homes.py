"""The homes among the verblijfsobjecten: who owns them, and how well they keep their warmth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from twentegeo.sample.gazetteer import MUNICIPALITIES
from twentegeo.sample.kinds import DETACHED, FLAT, ROW_END, ROW_MIDDLE, SEMI, SHOP
from twentegeo.sample.registers import LIVING, STOCK_VBO
from twentegeo.sample.seeds import generator

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from twentegeo.sample.registers import Registers
    from twentegeo.sample.settle import Region

CLASSES: Final = ("A+++++", "A++++", "A+++", "A++", "A+", "A", "B", "C", "D", "E", "F", "G")
BEST_PLAIN: Final = 5
"""Position of plain A among the classes."""

TYPES: Final = ("vrijstaand", "twee_onder_een_kap", "rij_hoek", "rij_tussen", "meergezins")

PRIOR: Final = (
    ((7, 6, 32, 16, 24, 14, 0), (7, 9, 29, 24, 19, 10, 1), (16, 17, 56, 10, 1, 0, 0), (46, 33, 20, 1, 0, 0, 0)),
    ((4, 5, 20, 30, 24, 17, 0), (2, 2, 53, 38, 4, 0, 0), (14, 25, 55, 3, 2, 0, 0), (50, 39, 10, 1, 0, 0, 0)),
    ((4, 1, 21, 27, 31, 16, 0), (0, 5, 35, 37, 17, 6, 1), (14, 28, 55, 2, 1, 0, 0), (0, 77, 23, 0, 0, 0, 0)),
    ((5, 0, 35, 42, 18, 0, 0), (0, 0, 52, 35, 8, 1, 3), (7, 42, 51, 0, 0, 0, 0), (34, 53, 12, 0, 0, 0, 0)),
    ((0, 0, 33, 24, 23, 15, 5), (0, 0, 15, 13, 20, 24, 27), (0, 54, 25, 11, 4, 6, 1), (64, 36, 0, 0, 0, 0, 0)),
)  # fmt: skip
"""Share of classes A to G by type and period (to 1945, 1974, 1995, 2020): Hestia's table, WoON survey."""

OWNERS: Final = (
    ("Woonstichting Voorbeeld-Oost", ("0153", "0168", "0173", "1774")),
    ("Stichting Fictief Wonen", ("0164", "0147", "0158", "1735")),
    ("Voorbeeldwoningen Regge", ("0141", "0183", "0189", "0163", "1700", "1742")),
)
"""Fictitious corporations and where they own homes."""


def homes(region: Region, registers: Registers, seed: int) -> pd.DataFrame:
    """
    Describe every home.

    Parameters
    ----------
    region, registers
        The made-up ground and its BAG.
    seed
        The sample's seed.

    Returns
    -------
    homes
        One row per verblijfsobject with woonfunctie that counts now or is planned; index = row of the
        verblijfsobjecten. Columns: vbo_id, pand_id, cell, gemeente, block, cluster, kind, type (0 to 4 of
        :data:`TYPES`), built, size, x, y, stock (bool; else planned), owner (0 none, 1 … corporation), rented (bool),
        label (0 to 11 of :data:`CLASSES`, the true class).
    """
    rng = generator(seed, 8)
    vbos = registers.vbos
    living = np.array([LIVING in p for p in vbos["purposes"]])
    stock = vbos["status"].isin(STOCK_VBO).to_numpy() & ~vbos["future"].to_numpy(dtype=bool)
    planned = (vbos["status"] == "Verblijfsobject gevormd").to_numpy()
    rows = np.flatnonzero(living & (stock | planned) & ~vbos["old"].to_numpy(dtype=bool))
    table = vbos.iloc[rows][["vbo_id", "pand_id", "cell", "kind", "built", "size", "x", "y", "main"]].copy()
    mains = region.mains
    main = table["main"].to_numpy()
    table["block"] = mains["block"].to_numpy()[main]
    table["cluster"] = mains["cluster"].to_numpy()[main]
    table["gemeente"] = region.cells["gemeente"].to_numpy(dtype=object)[table["cell"]]
    table["stock"] = stock[rows]
    table["future"] = vbos["future"].to_numpy(dtype=bool)[rows]
    order = {DETACHED: 0, SEMI: 1, ROW_END: 2, ROW_MIDDLE: 3, FLAT: 4, SHOP: 4}
    table["type"] = table["kind"].map(order).fillna(0).astype(int)
    table = _tenure(table, rng)
    return table.assign(label=_labels(table, _likeness(table, rng, seed), rng))


def _tenure(table: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Whole blocks belong to a corporation or do not; some are let by others, sold ones lie scattered among them."""
    built = table["built"].to_numpy()
    kind = table["kind"].to_numpy()
    period = np.digitize(built, (1946, 1975, 1992))
    row = np.isin(kind, (ROW_END, ROW_MIDDLE))
    chance = np.select(
        [kind == FLAT, row, kind == SEMI],
        [0.62, np.array([0.30, 0.62, 0.50, 0.28])[period], np.array([0.06, 0.16, 0.12, 0.06])[period]],
        0.006,
    )
    draw = rng.random(int(table["block"].max()) + 1)[table["block"]]
    owned = draw < chance
    sold = owned & (kind != FLAT) & (rng.random(len(table)) < 0.13)
    owned &= ~sold
    by_code = {code: i + 1 for i, (_, codes) in enumerate(OWNERS) for code in codes}
    owner = np.where(owned, table["gemeente"].map(by_code).to_numpy(), 0)
    let = ~owned & (rng.random(len(table)) < np.where(kind == FLAT, 0.5, 0.08))
    return table.assign(owner=owner, rented=owned | let)


def _likeness(table: pd.DataFrame, rng: np.random.Generator, seed: int) -> npt.NDArray[np.float64]:
    """
    Draw what homes share that were built together: those of one block and one year.

    A street of shops grew house by house; were its homes alike for being neighbours, there would be concentrations that
    nobody planted.
    """
    block, built = table["block"].to_numpy(), table["built"].to_numpy()
    shared = rng.normal(size=int(block.max()) + 1)[block]
    first = table["built"].groupby(block).transform("first").to_numpy()
    later = table.groupby([block, built]).ngroup().to_numpy()
    return np.where(built == first, shared, generator(seed, 14).normal(size=int(later.max()) + 1)[later])


def _labels(table: pd.DataFrame, shared: npt.NDArray[np.float64], rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Draw the class of each home, alike where built together, from type and period; poor within a cluster."""
    n = len(table)
    period = np.digitize(table["built"], (1946, 1975, 1996))
    prior = np.array(PRIOR, dtype=float)[table["type"], period]
    prior /= prior.sum(axis=1, keepdims=True)
    z = np.sqrt(0.55) * shared + np.sqrt(0.45) * rng.normal(size=n)
    u = 1 / (1 + np.exp(-1.702 * z))
    label = BEST_PLAIN + np.minimum((np.cumsum(prior, axis=1) < u[:, None] - 1e-12).sum(axis=1), 6)
    built = table["built"].to_numpy()
    draw = rng.random(n)
    better = np.where(built >= 2021, np.digitize(draw, (0.10, 0.35, 0.68, 0.93)), np.digitize(draw, (0.55, 0.85, 0.96)))
    fresh = (built >= 2015) & (label == BEST_PLAIN) | (built >= 2021)
    label = np.where(fresh, BEST_PLAIN - better, label)
    renovated = (built < 1992) & (rng.random(n) < np.where(table["owner"] > 0, 0.13, 0.05))
    label = np.where(renovated, rng.integers(BEST_PLAIN - 1, BEST_PLAIN + 2, n), label)
    poor = (table["cluster"] >= 0).to_numpy()
    return np.where(poor & (rng.random(n) < 0.9), np.where(rng.random(n) < 0.55, 11, 10), label).astype(np.int64)


assert {code for _, codes in OWNERS for code in codes} == {m.code for m in MUNICIPALITIES}  # noqa: S101
