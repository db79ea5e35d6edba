"""Panden, verblijfsobjecten, nummeraanduidingen and openbare ruimten of the made-up region, as things now stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from twentegeo.sample.addresses import name_streets, number_houses
from twentegeo.sample.gazetteer import MUNICIPALITIES
from twentegeo.sample.kinds import DETACHED, FLAT, INDUSTRY, SCHOOL, SHOP
from twentegeo.sample.panden import GONE_PAND, make_panden
from twentegeo.sample.seeds import generator, some

if TYPE_CHECKING:
    import numpy.typing as npt

    from twentegeo.sample.settle import Region

    Ints = npt.NDArray[np.int64]
    Texts = npt.NDArray[np.object_]

GONE_VBO = (
    "Niet gerealiseerd verblijfsobject",
    "Verblijfsobject ingetrokken",
    "Verblijfsobject ten onrechte opgevoerd",
)
STOCK_VBO = (
    "Verblijfsobject in gebruik",
    "Verblijfsobject in gebruik (niet ingemeten)",
    "Verblijfsobject buiten gebruik",
    "Verbouwing verblijfsobject",
)
LIVING = "woonfunctie"


@dataclass(frozen=True)
class Registers:
    """
    What the BAG holds of the region.

    Attributes
    ----------
    panden
        pand_id, geometry, year (as registered: 1005 and 9999 are dummies), built (the true year), status, cell,
        main (row of the region's mains, -1 for none), shed (bool), ahead (newest voorkomen after the reference date),
        future (all of it after the reference date).
    vbos
        vbo_id, num_id, panden (tuple of ids, the first is the one it stands in), main, x, y, purposes (";"-list),
        area (as registered), size (true), status, surface (bool: registered as an area), ahead, future, cell, kind.
    nums
        num_id, key (street), huisnummer, huisletter, toevoeging, postcode, woonplaats (override or ""), status,
        target (Verblijfsobject, Ligplaats, Standplaats), vbo (row, -1), secondary (bool), ahead, future, cell.
    streets
        opr_id, key, naam, woonplaats, gemeente, cell.
    places
        Ligplaatsen and standplaatsen: id, num_id, kind, geometry, status, cell.
    """

    panden: pd.DataFrame
    vbos: pd.DataFrame
    nums: pd.DataFrame
    streets: pd.DataFrame
    places: pd.DataFrame


def register(region: Region, seed: int) -> Registers:
    """
    Enter the region into the BAG.

    Parameters
    ----------
    region
        The settled ground; ``mains`` may carry a column ``year`` that clusters changed.
    seed
        The sample's seed.

    Returns
    -------
    registers
        Everything that the extract has to tell.
    """
    rng = generator(seed, 6)
    mains = region.mains.assign(village=region.cells["village"].to_numpy()[region.mains["cell"]])
    panden = make_panden(region, rng)
    vbos = _vbos(mains, panden, rng)
    addresses = number_houses(vbos, mains, seed)
    vbos, nums = _extra_addresses(vbos, addresses, panden, rng)
    places, place_nums = _places(region, nums, rng)
    nums = pd.concat([nums, place_nums], ignore_index=True)
    streets = name_streets(region, np.unique(nums["key"].to_numpy()), seed)
    return _identify(Registers(panden, vbos, nums, streets, places), region, rng)


def _vbos(mains: pd.DataFrame, panden: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Verblijfsobjecten of the main buildings, and the withdrawn ones of demolished buildings."""
    kind = mains["kind"].to_numpy()
    n = len(mains)
    length = 2 * np.hypot(mains["dx"].to_numpy(), mains["dy"].to_numpy())
    storeys = mains["storeys"].to_numpy()
    count = np.ones(n, dtype=np.int64)
    flat = kind == FLAT
    count[flat] = np.maximum(np.round(length[flat] / rng.uniform(7.4, 10.5, int(flat.sum()))), 1) * storeys[flat]
    shop = kind == SHOP
    count[shop] = rng.choice([1, 2, 3], int(shop.sum()), p=[0.5, 0.35, 0.15])
    works = kind == INDUSTRY
    count[works] = rng.choice([0, 1, 2, 4], int(works.sum()), p=[0.12, 0.62, 0.18, 0.08])
    split = (kind < FLAT) & (rng.random(n) < 0.008)
    count[split] = 2
    main = np.repeat(np.arange(n), count)
    turn = np.arange(len(main)) - (np.cumsum(count) - count)[main]
    part = (turn % np.maximum(count[main] // np.maximum(storeys[main], 1), 1) + 0.5) / np.maximum(
        count[main] / np.where(flat, storeys, 1)[main], 1
    )
    part = np.where(flat[main], part, (turn + 0.5) / count[main])
    slide = np.clip(2 * part - 1, -0.85, 0.85)
    lift = rng.uniform(-0.12, 0.12, len(main))
    x = mains["x"].to_numpy()[main] + slide * mains["dx"].to_numpy()[main] - lift * mains["dy"].to_numpy()[main]
    y = mains["y"].to_numpy()[main] + slide * mains["dy"].to_numpy()[main] + lift * mains["dx"].to_numpy()[main]
    whole = mains["floor"].to_numpy() * np.where((kind < FLAT) & (storeys == 1), 1.35, storeys) * 0.84
    size = np.maximum(np.round(whole[main] / count[main] * rng.uniform(0.93, 1.07, len(main))), 14).astype(np.int64)
    vbos = pd.DataFrame(
        {
            "main": main, "turn": turn, "x": np.round(x, 3), "y": np.round(y, 3), "size": size, "kind": kind[main],
            "cell": mains["cell"].to_numpy()[main], "built": mains["year"].to_numpy()[main],
            "storeys": storeys[main], "old": False,
        }
    )  # fmt: skip
    vbos["purposes"] = _purposes(vbos, count[main], rng)
    pand_status = panden["status"].to_numpy(dtype=object)[:n][main]
    vbos["status"] = _vbo_status(pand_status, rng)
    vbos["pand"] = main
    used = (vbos["status"] == STOCK_VBO[0]).to_numpy()
    vbos["ahead"] = some(rng, used, 0.0022)
    vbos["future"] = panden["future"].to_numpy()[:n][main]
    gone = np.flatnonzero(panden["old"] & (rng.random(len(panden)) < 0.8))
    before = vbos.drop_duplicates("main").set_index("main", drop=False).reindex(panden["main"].to_numpy()[gone])
    before = before[before["turn"].notna()].assign(old=True, ahead=False, future=False, status=GONE_VBO[1])
    before["pand"] = gone[np.isin(panden["main"].to_numpy()[gone], before["main"])]
    before["built"] = panden["built"].to_numpy()[before["pand"]]
    vbos = pd.concat([vbos, before.reset_index(drop=True)], ignore_index=True)
    return _registered_area(
        vbos.astype(dict.fromkeys(("main", "turn", "pand", "size", "kind", "cell", "built", "storeys"), int)), rng
    )


def _registered_area(vbos: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    area = vbos["size"].to_numpy().copy()
    plain = (vbos["status"] == STOCK_VBO[0]).to_numpy()
    area[some(rng, plain, 0.0014)] = 1
    area[some(rng, plain & (area > 1), 0.0007)] = 999_999
    return vbos.assign(area=area, surface=some(rng, plain, 0.003))


def _purposes(vbos: pd.DataFrame, count: Ints, rng: np.random.Generator) -> Texts:
    kind, turn = vbos["kind"].to_numpy(), vbos["turn"].to_numpy()
    n = len(vbos)
    purpose = np.full(n, LIVING, dtype=object)
    trade = np.array(["winkelfunctie", "bijeenkomstfunctie", "kantoorfunctie", "gezondheidszorgfunctie"], dtype=object)
    ground = (kind == SHOP) & (turn == 0) & ((count > 1) | (rng.random(n) < 0.25))
    purpose[ground] = trade[rng.choice(4, int(ground.sum()), p=[0.62, 0.18, 0.14, 0.06])]
    both = ground & (rng.random(n) < 0.08)
    purpose[both] = LIVING + ";winkelfunctie"
    works = kind == INDUSTRY
    use = np.array(
        ["industriefunctie", "kantoorfunctie", "industriefunctie;kantoorfunctie", "winkelfunctie"], dtype=object
    )
    purpose[works] = use[rng.choice(4, int(works.sum()), p=[0.68, 0.15, 0.12, 0.05])]
    company_home = works & (rng.random(n) < 0.05)
    purpose[company_home] = LIVING
    school = np.array(
        ["onderwijsfunctie", "sportfunctie", "gezondheidszorgfunctie", "overige gebruiksfunctie"], dtype=object
    )
    rows = kind == SCHOOL
    purpose[rows] = school[rng.integers(0, 4, int(rows.sum()))]
    at_home = (kind == DETACHED) & (rng.random(n) < 0.04)
    purpose[at_home] = rng.choice(
        np.array([LIVING + ";kantoorfunctie", LIVING + ";logiesfunctie"], dtype=object), int(at_home.sum())
    )
    holiday = (kind == DETACHED) & (rng.random(n) < 0.008)
    purpose[holiday] = "logiesfunctie"
    return purpose


def _vbo_status(pand: Texts, rng: np.random.Generator) -> Texts:
    status = np.full(len(pand), STOCK_VBO[0], dtype=object)
    for share, name in ((0.0018, STOCK_VBO[2]), (0.0006, GONE_VBO[2]), (0.0010, GONE_VBO[1])):
        status[some(rng, status == STOCK_VBO[0], share)] = name
    status[pand == "Pand in gebruik (niet ingemeten)"] = STOCK_VBO[1]
    status[pand == "Verbouwing pand"] = STOCK_VBO[3]
    status[pand == "Pand buiten gebruik"] = STOCK_VBO[2]
    status[np.isin(pand, ("Bouw gestart", "Bouwvergunning verleend"))] = "Verblijfsobject gevormd"
    status[pand == "Niet gerealiseerd pand"] = GONE_VBO[0]
    return status


def _extra_addresses(
    vbos: pd.DataFrame, addresses: pd.DataFrame, panden: pd.DataFrame, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Nummeraanduidingen: one per verblijfsobject, a secondary one for some; and a second pand for a few."""
    n = len(vbos)
    status = np.where(vbos["status"].isin(GONE_VBO), "Naamgeving ingetrokken", "Naamgeving uitgegeven")
    nums = addresses.assign(
        status=status, target="Verblijfsobject", vbo=np.arange(n), secondary=False, woonplaats="",
        ahead=vbos["ahead"] & (rng.random(n) < 0.3), future=vbos["future"], cell=vbos["cell"],
    )  # fmt: skip
    # a demolished home had the address of the one that replaced it
    old = vbos["old"].to_numpy()
    nums.loc[old, "huisletter"] = "Z"
    second = np.flatnonzero(some(rng, ~old, 0.008))
    side = nums.iloc[second].assign(secondary=True)
    side["huisnummer"] += 400
    nums = pd.concat([nums, side], ignore_index=True)
    sheds = panden.index[panden["shed"] & ~panden["status"].isin(GONE_PAND)]
    shed_of = pd.Series(sheds, index=panden["main"].to_numpy()[sheds]).groupby(level=0).first()
    with_shed = shed_of.reindex(vbos["main"]).to_numpy()
    two = some(rng, ~old & ~np.isnan(with_shed), 0.008)
    extra = np.where(two, np.nan_to_num(with_shed, nan=-1), -1).astype(np.int64)
    return vbos.assign(second_pand=extra), nums


def _places(region: Region, nums: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Place a few moorings and sites for caravans at the edge of towns, each with an address on a nearby street."""
    cells = region.cells
    centre = region.mains.groupby("cell")["geometry"].count()
    edge = [c for c in np.flatnonzero(cells["fringe"]) if c in centre.index]
    n_sites = max(2, round(len(edge) / 28))
    chosen = rng.choice(np.array(edge), min(n_sites, len(edge)), replace=False)
    rows, addresses = [], []
    taken = shapely.STRtree(region.mains["geometry"].to_numpy())
    streets = nums.drop_duplicates("cell").set_index("cell")
    for i, cell in enumerate(chosen):
        if cell not in streets.index:
            continue
        corner = np.array(cells["geometry"][cell].point_on_surface().coords[0])
        kind = "Ligplaats" if i % 5 == 0 else "Standplaats"
        size = np.array([[0, 0], [17, 0], [17, 9], [0, 9], [0, 0]], dtype=float)
        count = int(rng.integers(3, 8))
        boxes = [shapely.Polygon(np.round(corner + size + [0, 12 * k], 3)) for k in range(count)]
        free = [b for b in boxes if b.within(cells["geometry"][cell]) and not len(taken.query(b))]
        for k, box in enumerate(free):
            rows.append({"kind": kind, "geometry": box, "status": "Plaats aangewezen", "cell": cell})
            base = streets.loc[cell]
            addresses.append(
                {
                    "key": base["key"], "huisnummer": 601 + 2 * k, "huisletter": "", "toevoeging": "",
                    "postcode": base["postcode"], "status": "Naamgeving uitgegeven", "target": kind, "vbo": -1,
                    "secondary": False, "woonplaats": "", "ahead": False, "future": False, "cell": cell,
                }
            )  # fmt: skip
    return pd.DataFrame(rows), pd.DataFrame(addresses)


def _identify(registers: Registers, region: Region, rng: np.random.Generator) -> Registers:
    """Give everything its identifier; in merged municipalities some keep the code of a predecessor."""
    gemeente = region.cells["gemeente"].to_numpy(dtype=object)
    former = {m.code: m.former for m in MUNICIPALITIES}
    prefix = gemeente.copy()
    for cell, code in enumerate(gemeente):
        if former[code] and rng.random() < 0.45:
            prefix[cell] = former[code][int(rng.integers(len(former[code])))]
    panden, vbos, nums, streets, places = (
        registers.panden, registers.vbos, registers.nums, registers.streets, registers.places,
    )  # fmt: skip
    panden = panden.assign(pand_id=_ids(prefix[panden["cell"]], "10", rng))
    vbos = vbos.assign(vbo_id=_ids(prefix[vbos["cell"]], "01", rng))
    nums = nums.assign(num_id=_ids(prefix[nums["cell"]], "20", rng))
    streets = streets.assign(opr_id=_ids(prefix[streets["cell"]], "30", rng))
    if len(places):
        code = np.where(places["kind"] == "Ligplaats", "02", "03")
        places = places.assign(id=_ids(prefix[places["cell"]], code, rng))
        places["num_id"] = nums["num_id"].to_numpy()[nums["target"] != "Verblijfsobject"]
    ids = panden["pand_id"].to_numpy(dtype=object)
    vbos["pand_id"] = ids[vbos["pand"]]
    vbos["second_pand_id"] = np.where(vbos["second_pand"] >= 0, ids[vbos["second_pand"]], "")
    first = ~nums["secondary"] & (nums["vbo"] >= 0)
    vbos["num_id"] = nums.loc[first].set_index("vbo")["num_id"].reindex(np.arange(len(vbos))).to_numpy()
    also = nums.loc[nums["secondary"]].set_index("vbo")["num_id"].reindex(np.arange(len(vbos)))
    vbos["also_num_id"] = also.fillna("").to_numpy(dtype=object)
    nums["opr_id"] = streets.set_index("key")["opr_id"].loc[nums["key"]].to_numpy()
    nums["gemeente"] = gemeente[nums["cell"]]
    places_of = pd.Series(region.cells["woonplaats"].to_numpy(dtype=object))
    home = places_of.to_numpy()[nums["cell"]]
    wide = region.cells.groupby("gemeente")["woonplaats"].agg(lambda s: sorted(set(s)))
    override = rng.random(len(nums)) < 0.004
    other = np.array(
        [wide[g][int(k * len(wide[g]))] for g, k in zip(nums["gemeente"], rng.random(len(nums)), strict=True)],
        dtype=object,
    )
    nums["woonplaats"] = np.where(override & (other != home), other, "")
    return Registers(panden, vbos, nums, streets, places)


def _ids(prefix: Texts, code: str | Texts, rng: np.random.Generator) -> Texts:
    """Make identifiers of 16 digits: municipality, kind, and a number that grows with gaps."""
    number = 12_000 + np.cumsum(rng.integers(1, 4, len(prefix)))
    text = np.char.zfill(number.astype(str), 10).astype(object)
    return np.asarray(prefix + code + text)
