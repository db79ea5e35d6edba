"""Voorkomens of every object of the extract, one row each, with what is to be written of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from twentegeo.sample import bag_xml
from twentegeo.sample.gazetteer import VILLAGES
from twentegeo.sample.history import days, occurrences
from twentegeo.sample.registers import GONE_VBO, STOCK_VBO
from twentegeo.sample.seeds import Lots

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    import numpy.typing as npt

    from twentegeo.sample.registers import Registers
    from twentegeo.sample.settle import Region

    Ints = npt.NDArray[np.int64]
    Texts = npt.NDArray[np.object_]

TYPES: Final = ("LIG", "NUM", "OPR", "PND", "STA", "VBO", "WPL")


def _day_number(day: date) -> int:
    return int(np.datetime64(day).astype(int))


def _numbers(ids: Texts) -> Ints:
    return ids.astype(np.int64)


def _first_days(ids: Ints, built: Ints, future: npt.NDArray[np.bool_], reference: int, lots: Lots) -> Ints:
    """Day on which an object began: in its year of construction, or when the register was filled."""
    year_start = np.clip(built, 1900, 2100).astype(str).astype("datetime64[Y]").astype("datetime64[D]").astype(int)
    day = year_start + lots.whole(20, 330, ids, 0)
    filled = (built < 2010) & (lots.share(ids, 1) < 0.5)
    day = np.where(filled, 14_245 + lots.whole(0, 500, ids, 2), day)
    day = np.minimum(day, reference - 15 - lots.whole(0, 240, ids, 3))
    return np.where(future, reference + lots.whole(4, 90, ids, 4), day)


def _timeline(kind: str, frame: pd.DataFrame, name: str, least: Ints, day: date, seed: int) -> pd.DataFrame:
    """Voorkomens of the objects of a frame, with the facts that every object has; ``name`` is the column of ids."""
    place = TYPES.index(kind)
    reference, ids = _day_number(day), _numbers(frame[name].to_numpy(dtype=object))
    future = frame["future"].to_numpy(dtype=bool)
    first = _first_days(ids, frame["built"].to_numpy(), future, reference, Lots(seed, (20, place)))
    lives = pd.DataFrame({"ids": ids, "first": first, "least": least, "ahead": frame["ahead"].to_numpy(dtype=bool)})
    rows = occurrences(kind, lives, reference, Lots(seed, (21, place)))
    lots, mark = Lots(seed, (22, place)), rows["mark"].to_numpy()
    rows["found"] = np.where(lots.share(mark, 0) < 0.02, "J", "N")
    year = pd.Series(days(rows["begin"].to_numpy())).str.slice(0, 4)
    rows["document"] = year + "/" + pd.Series(lots.whole(100, 99_999, mark, 1)).astype(str)
    # a third of the objects are otherwise than the others, in ways that the callers say
    rows["third"] = lots.share(ids, 2)[rows["object"].to_numpy()] < 1 / 3
    return rows


def _status(
    frame: pd.DataFrame, rows: pd.DataFrame, ladders: dict[str, tuple[str, ...]], coming: dict[str, str]
) -> Texts:
    """
    Status of each voorkomen: the present one on the voorkomen that counts, earlier rungs before it.

    ``ladders`` gives, per present status, what came before it (nearest first); ``coming`` what is to follow.
    """
    obj = rows["object"].to_numpy()
    now = frame["status"].to_numpy(dtype=object)[obj]
    ahead = frame["ahead"].to_numpy(dtype=bool)[obj]
    back = rows["back"].to_numpy() - ahead
    status = now.copy()
    built = frame["built"].to_numpy()[obj]
    for name, before in ladders.items():
        fresh = (built >= 2011) | (name != next(iter(ladders)))
        for step in range(1, 5):
            mine = (now == name) & (back == step) & fresh
            status[mine] = before[min(step, len(before)) - 1]
    for name, then in coming.items():
        status[(now == name) & (back < 0) & rows["third"].to_numpy()] = then
    return np.asarray(status)


PAND_LADDERS: Final = {
    "Pand in gebruik": ("Pand in gebruik (niet ingemeten)", "Bouw gestart", "Bouwvergunning verleend"),
    "Pand gesloopt": ("Sloopvergunning verleend", "Pand in gebruik"),
    "Pand in gebruik (niet ingemeten)": ("Bouw gestart", "Bouwvergunning verleend"),
    "Bouw gestart": ("Bouwvergunning verleend",),
    "Sloopvergunning verleend": ("Pand in gebruik",),
    "Verbouwing pand": ("Pand in gebruik",),
    "Pand buiten gebruik": ("Pand in gebruik",),
    "Niet gerealiseerd pand": ("Bouwvergunning verleend",),
    "Pand ten onrechte opgevoerd": ("Pand in gebruik",),
}
VBO_LADDERS: Final = {
    STOCK_VBO[0]: ("Verblijfsobject in gebruik (niet ingemeten)", "Verblijfsobject gevormd"),
    GONE_VBO[1]: (STOCK_VBO[0],),
    STOCK_VBO[1]: ("Verblijfsobject gevormd",),
    STOCK_VBO[2]: (STOCK_VBO[0],),
    STOCK_VBO[3]: (STOCK_VBO[0],),
    GONE_VBO[0]: ("Verblijfsobject gevormd",),
    GONE_VBO[2]: (STOCK_VBO[0],),
}


def _pand_rows(registers: Registers, day: date, seed: int) -> pd.DataFrame:
    panden = registers.panden.sort_values("pand_id", ignore_index=True)
    least = np.where(panden["status"] == "Pand gesloopt", 2, 1)
    rows = _timeline("PND", panden, "pand_id", least, day, seed)
    obj = rows["object"].to_numpy()
    rows["status"] = _status(panden, rows, PAND_LADDERS, {"Pand in gebruik": "Sloopvergunning verleend"})
    rows["id"] = bag_xml.repeated(panden, "pand_id", obj)
    rows["year"] = panden["year"].to_numpy()[obj]
    # as in the register: of the 12,583 exterior rings of two real municipalities each runs counter-clockwise
    geometry = shapely.orient_polygons(panden["geometry"].to_numpy(dtype=object))[obj]
    # an earlier survey lay a little off
    older = np.flatnonzero(rows["back"].to_numpy() > panden["ahead"].to_numpy()[obj])
    n_points = shapely.get_num_coordinates(geometry[older])
    lots = Lots(seed, (23,))
    shift = np.repeat(lots.whole(-9, 10, rows["mark"].to_numpy()[older], 0) * 0.013, n_points)
    geometry[older] = shapely.transform(geometry[older], lambda xy: np.round(xy + shift[:, None], 3))
    rows["geometry"] = geometry
    return rows


def _vbo_rows(registers: Registers, day: date, seed: int) -> pd.DataFrame:
    vbos = registers.vbos.sort_values("vbo_id", ignore_index=True)
    least = np.where(vbos["status"] == GONE_VBO[1], 2, 1)
    rows = _timeline("VBO", vbos, "vbo_id", least, day, seed)
    obj = rows["object"].to_numpy()
    rows["status"] = _status(vbos, rows, VBO_LADDERS, {STOCK_VBO[0]: GONE_VBO[1]})
    for name in ("vbo_id", "num_id", "also_num_id", "pand_id", "second_pand_id", "purposes"):
        rows[name] = bag_xml.repeated(vbos, name, obj)
    for name in ("x", "y", "area", "surface"):
        rows[name] = vbos[name].to_numpy()[obj]
    earlier = (rows["back"].to_numpy() > 0) & (rows["number"].to_numpy() == 1) & (rows["area"] < 90_000)
    rows["area"] = np.where(earlier & rows["third"], np.maximum(rows["area"] - 7, 9), rows["area"])
    return rows


def _num_rows(registers: Registers, day: date, seed: int) -> pd.DataFrame:
    nums = registers.nums.sort_values("num_id", ignore_index=True)
    vbo = nums["vbo"].to_numpy()
    built = np.where(vbo >= 0, registers.vbos["built"].to_numpy()[np.maximum(vbo, 0)], 2004)
    nums = nums.assign(built=np.maximum(built, 1975))
    least = np.where(nums["status"] == "Naamgeving ingetrokken", 2, 1)
    rows = _timeline("NUM", nums, "num_id", least, day, seed)
    obj = rows["object"].to_numpy()
    given = "Naamgeving uitgegeven"
    rows["status"] = _status(nums, rows, {given: (given,), "Naamgeving ingetrokken": (given,)}, {})
    for name in ("num_id", "huisnummer", "huisletter", "toevoeging", "postcode", "target", "woonplaats", "opr_id"):
        rows[name] = bag_xml.repeated(nums, name, obj)
    return rows


def _opr_rows(registers: Registers, day: date, seed: int) -> pd.DataFrame:
    streets = registers.streets.sort_values("opr_id", ignore_index=True)
    streets = streets.assign(ahead=False, future=False, built=1996)
    rows = _timeline("OPR", streets, "opr_id", np.ones(len(streets), dtype=np.int64), day, seed)
    for name in ("opr_id", "naam", "woonplaats"):
        rows[name] = bag_xml.repeated(streets, name, rows["object"].to_numpy())
    return rows.assign(status="Naamgeving uitgegeven")


def _place_rows(registers: Registers, kind: str, day: date, seed: int) -> pd.DataFrame:
    places = registers.places
    mine = places[places["kind"] == kind].sort_values("id", ignore_index=True) if len(places) else places
    if not len(mine):
        return pd.DataFrame({"object": []})
    rows = _plain(_numbers(mine["id"].to_numpy(dtype=object)), "NUM", 1998, day, seed)
    obj = rows["object"].to_numpy()
    rows["found"], rows["document"] = "N", "2011/104"
    for name in ("id", "num_id", "kind", "geometry", "status"):
        rows[name] = bag_xml.repeated(mine, name, obj)
    return rows


def _plain(ids: Ints, kind: str, built: int, day: date, seed: int) -> pd.DataFrame:
    """Voorkomens of objects of which nothing lies ahead, as many as another type has."""
    none = np.zeros(len(ids), dtype=bool)
    first = _first_days(ids, np.full(len(ids), built), none, _day_number(day), Lots(seed, (24,)))
    lives = pd.DataFrame({"ids": ids, "first": first, "least": 1, "ahead": none})
    return occurrences(kind, lives, _day_number(day), Lots(seed, (25,)))


def _wpl_rows(region: Region, day: date) -> pd.DataFrame:
    cells = region.cells
    names = {v.woonplaats: v.name for v in reversed(VILLAGES)}
    groups = cells.groupby("woonplaats", sort=True)["geometry"]
    codes = [str(code) for code in groups.groups]
    shapes = [shapely.coverage_union_all(part.to_numpy()) for _, part in groups]
    rows = _plain(_numbers(np.array(codes, dtype=object)), "OPR", 2009, day, 0)
    obj = rows["object"].to_numpy()
    rows["found"], rows["document"], rows["status"] = "N", "2010/77", "Woonplaats aangewezen"
    rows["id"] = np.array(codes, dtype="O")[obj]
    rows["naam"] = np.array([names[c] for c in codes], dtype=object)[obj]
    rows["geometry"] = np.array(shapes, dtype=object)[obj]
    return rows


def row_makers(region: Region, registers: Registers, day: date, seed: int) -> dict[str, Callable[[], pd.DataFrame]]:
    """
    Offer the voorkomens of each object type, to be made one type at a time.

    Parameters
    ----------
    region, registers
        What the extract is to hold.
    day
        Technical date of the delivery.
    seed
        The sample's seed.

    Returns
    -------
    makers
        Object type → function that gives its voorkomens in file order, one row each.
    """
    return {
        "PND": partial(_pand_rows, registers, day, seed),
        "VBO": partial(_vbo_rows, registers, day, seed),
        "NUM": partial(_num_rows, registers, day, seed),
        "OPR": partial(_opr_rows, registers, day, seed),
        "LIG": partial(_place_rows, registers, "Ligplaats", day, seed),
        "STA": partial(_place_rows, registers, "Standplaats", day, seed),
        "WPL": partial(_wpl_rows, region, day),
    }
