"""The panden of the made-up region: what stands, is planned, or is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from twentegeo.sample.seeds import some

if TYPE_CHECKING:
    import numpy.typing as npt

    from twentegeo.sample.settle import Region

GONE_PAND = ("Niet gerealiseerd pand", "Pand gesloopt", "Bouwvergunning verleend", "Pand ten onrechte opgevoerd")


def make_panden(region: Region, rng: np.random.Generator) -> pd.DataFrame:
    """
    Enter main buildings, outbuildings, and those that were demolished or entered by mistake.

    Parameters
    ----------
    region
        The settled ground.
    rng
        Source of chance.

    Returns
    -------
    panden
        As :class:`twentegeo.sample.registers.Registers` describes them, without identifiers; the main buildings come
        first, in the order of the region's mains.
    """
    mains, sheds = region.mains, region.sheds
    year = mains["year"].to_numpy()
    n = len(mains)
    status = np.full(n, "Pand in gebruik", dtype=object)
    for share, name in (
        (0.0035, "Pand in gebruik (niet ingemeten)"),
        (0.0025, "Verbouwing pand"),
        (0.0015, "Sloopvergunning verleend"),
        (0.0015, "Pand buiten gebruik"),
    ):
        status[some(rng, status == "Pand in gebruik", share)] = name
    block = _strata(mains, rng)
    new = year >= 2024
    for limit, name in (
        (0.62, "Pand in gebruik (niet ingemeten)"),
        (0.45, "Bouw gestart"),
        (0.25, "Bouwvergunning verleend"),
        (0.03, "Niet gerealiseerd pand"),
    ):
        status[new & (block < limit)] = name
    future = some(rng, status == "Bouwvergunning verleend", 0.1)
    own = pd.DataFrame(
        {
            "geometry": mains["geometry"], "built": year, "status": status, "cell": mains["cell"], "main": np.arange(n),
            "shed": False, "old": False,
        }
    )  # fmt: skip
    parent = sheds["main"].to_numpy()
    side = pd.DataFrame(
        {
            "geometry": sheds["geometry"],
            "built": np.minimum(year[parent] + rng.integers(0, 30, len(sheds)) * (rng.random(len(sheds)) < 0.4), 2026),
            "status": np.where(np.isin(status[parent], GONE_PAND), status[parent], "Pand in gebruik"),
            "cell": sheds["cell"], "main": parent, "shed": True, "old": False,
        }
    )  # fmt: skip
    side.loc[some(rng, side["status"].to_numpy() == "Pand in gebruik", 0.004), "status"] = "Pand gesloopt"
    side.loc[some(rng, side["status"].to_numpy() == "Pand in gebruik", 0.004), "status"] = "Pand ten onrechte opgevoerd"
    before = _demolished(mains, rng)
    panden = pd.concat([own, side, before], ignore_index=True)
    panden["year"] = panden["built"]
    used = (panden["status"] == "Pand in gebruik").to_numpy()
    panden.loc[some(rng, used & ~panden["shed"].to_numpy(), 0.0012), "year"] = 1005
    panden.loc[some(rng, used, 0.0005), "year"] = 9999
    panden["ahead"] = some(rng, used, 0.002)
    panden["future"] = future[panden["main"].to_numpy()] & ~panden["old"].to_numpy()
    return _dirty(panden, rng)


def _strata(mains: pd.DataFrame, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Draw a number between 0 and 1 for each block, spread evenly over the newest ones so that every stage occurs."""
    block = mains["block"].to_numpy()
    value = rng.random(int(block.max()) + 1)
    newest = rng.permutation(np.unique(block[(mains["year"] >= 2024).to_numpy()]))
    value[newest] = (np.arange(len(newest)) + 0.5) / max(len(newest), 1)
    return np.asarray(value[block])


def _demolished(mains: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Add buildings that made way for a newer one on the same plot."""
    rows = np.flatnonzero((mains["year"] >= 1996) & (rng.random(len(mains)) < 0.075))
    moved = shapely.transform(
        mains["geometry"].to_numpy()[rows], lambda xy: np.round(xy + rng.normal(0, 0.9, xy.shape[1]), 3)
    )
    n = len(rows)
    return pd.DataFrame(
        {
            "geometry": moved, "built": rng.integers(1905, 1972, n), "status": "Pand gesloopt",
            "cell": mains["cell"].to_numpy()[rows], "main": rows, "shed": False, "old": True,
        }
    )  # fmt: skip


def _dirty(panden: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Courtyards in some, a boundary that touches or crosses itself in a few."""
    geometry = panden["geometry"].to_numpy(dtype=object).copy()
    count = shapely.get_num_coordinates(geometry)
    box = np.flatnonzero(count == 5)
    big = box[shapely.area(geometry[box]) > 260]
    rows = big[rng.random(len(big)) < 0.09]
    ring = shapely.get_coordinates(geometry[rows]).reshape(-1, 5, 2)
    middle = ring[:, :4].mean(axis=1, keepdims=True)
    hole = np.round(middle + (ring[:, ::-1] - middle) * 0.34, 3)
    geometry[rows] = [shapely.Polygon(o, [h]) for o, h in zip(ring, hole, strict=True)]
    plain = np.setdiff1d(np.flatnonzero((count == 5) & panden["shed"].to_numpy()), rows)
    rows = plain[rng.random(len(plain)) < 0.0016]
    if len(plain) and not len(rows):
        rows = plain[:1]
    ring = shapely.get_coordinates(geometry[rows]).reshape(-1, 5, 2)
    geometry[rows] = shapely.polygons(ring[:, [0, 2, 1, 3, 0]])
    return panden.assign(geometry=geometry, crossed=np.isin(np.arange(len(panden)), rows))
