"""Write the BAG extract: a zip of zips, ten thousand voorkomens a file."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from twentegeo.sample import bag_xml
from twentegeo.sample.gazetteer import VILLAGES
from twentegeo.sample.history import days, history_xml, occurrences
from twentegeo.sample.registers import GONE_VBO, STOCK_VBO
from twentegeo.sample.seeds import generator
from twentegeo.sample.zips import Member, deflated, stored, zipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date
    from pathlib import Path

    import numpy.typing as npt

    from twentegeo.sample.registers import Registers
    from twentegeo.sample.settle import Region

    Ints = npt.NDArray[np.int64]
    Texts = npt.NDArray[np.object_]

A_FILE: Final = 10_000
MANY: Final = 40_000
"""From this many panden on, a second process helps more than it costs."""

TYPES: Final = ("LIG", "NUM", "OPR", "PND", "STA", "VBO", "WPL")


@dataclass(frozen=True)
class Job:
    """One file of one object type: its voorkomens, with everything that is to be written of them."""

    kind: str
    name: str
    day: date
    rows: pd.DataFrame


@dataclass(frozen=True)
class Extract:
    """How many voorkomens and objects the extract holds, by object type."""

    voorkomens: dict[str, int]
    objects: dict[str, int]


def write_extract(path: Path, region: Region, registers: Registers, day: date, seed: int) -> Extract:
    """
    Write ``lvbag-extract-nl.zip``.

    Parameters
    ----------
    path
        Where to.
    region, registers
        What to write.
    day
        Technical date of the delivery.
    seed
        The sample's seed.

    Returns
    -------
    extract
        Counts of what was written.
    """
    stamp = day.strftime("%d%m%Y")
    makers = {
        "PND": partial(_pand_rows, registers, day, seed), "VBO": partial(_vbo_rows, registers, day, seed),
        "NUM": partial(_num_rows, registers, day, seed), "OPR": partial(_opr_rows, registers, day, seed),
        "LIG": partial(_place_rows, registers, "Ligplaats", day, seed),
        "STA": partial(_place_rows, registers, "Standplaats", day, seed), "WPL": partial(_wpl_rows, region, day),
    }  # fmt: skip
    files: dict[str, list[Member]] = {}
    counts = Extract({}, {})
    with _workers(len(registers.panden)) as run:
        for kind, make in makers.items():
            # one type at a time: the voorkomens of all of them together are more than a small machine holds
            rows = make()
            counts.voorkomens[kind], counts.objects[kind] = len(rows), rows["object"].nunique()
            starts = range(0, max(len(rows), 1), A_FILE)
            name = f"9999{kind}{stamp}"
            jobs = (Job(kind, f"{name}-{1 + i // A_FILE:06d}.xml", day, rows.iloc[i : i + A_FILE]) for i in starts)
            files[kind] = run(jobs)
            del rows
    relation = deflated(f"GEM-WPL-RELATIE-{stamp}-000001.xml", _relations(region, day).encode())
    outer = [stored(f"9999{name}{stamp}.zip", _aside(code, day, stamp)) for name, code in _ASIDE.items()]
    outer += [stored(f"9999{kind}{stamp}.zip", zipped(files[kind], day)) for kind in TYPES]
    outer.append(stored(f"GEM-WPL-RELATIE-{stamp}.zip", zipped([relation], day)))
    delivery = bag_xml.DELIVERY.replace("{day}", day.isoformat())
    outer.append(deflated("Leveringsdocument-BAG-Extract.xml", delivery.encode()))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zipped(outer, day))
    return counts


_ASIDE: Final = {"InOnderzoek": "IO", "Inactief": "IA", "NietBag": "NB"}


@contextmanager
def _workers(panden: int) -> Iterator[Callable[[Iterable[Job]], list[Member]]]:
    """Something that writes files: two processes for a large extract, none beside this one for a small one."""
    if panden < MANY:
        yield lambda jobs: list(map(_write, jobs))
        return
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield lambda jobs: list(pool.map(_write, jobs))


def _write(job: Job) -> Member:
    objects = _FORMS[job.kind](job.rows) if len(job.rows) else []
    text = "".join([bag_xml.head(job.kind, job.day), *objects, bag_xml.TAIL])
    return deflated(job.name, text.encode())


def _aside(code: str, day: date, stamp: str) -> bytes:
    """The zips of what is under investigation or removed: there, with nothing in them."""
    inner = [
        stored(
            f"9999{code}{kind}{stamp}.zip",
            zipped(
                [deflated(f"9999{code}{kind}{stamp}-000001.xml", (bag_xml.head(kind, day) + bag_xml.TAIL).encode())],
                day,
            ),
        )
        for kind in TYPES
    ]
    return zipped(inner, day)


def _day_number(day: date) -> int:
    return int(np.datetime64(day).astype(int))


def _first_days(built: Ints, future: npt.NDArray[np.bool_], reference: int, rng: np.random.Generator) -> Ints:
    """Day on which an object began: in its year of construction, or when the register was filled."""
    n = len(built)
    year_start = np.clip(built, 1900, 2100).astype(str).astype("datetime64[Y]").astype("datetime64[D]").astype(int)
    day = year_start + rng.integers(20, 330, n)
    filled = (built < 2010) & (rng.random(n) < 0.5)
    day = np.where(filled, 14_245 + rng.integers(0, 500, n), day)
    day = np.minimum(day, reference - 15 - rng.integers(0, 240, n))
    return np.where(future, reference + rng.integers(4, 90, n), day)


def _timeline(kind: str, frame: pd.DataFrame, built: Ints, least: Ints, day: date, seed: int) -> pd.DataFrame:
    """Voorkomens of the objects of a frame, with the facts that every object has."""
    rng = generator(seed, 20, TYPES.index(kind))
    reference = _day_number(day)
    future = frame["future"].to_numpy(dtype=bool)
    first = _first_days(built, future, reference, rng)
    rows = occurrences(kind, first, least, frame["ahead"].to_numpy(dtype=bool), reference, rng)
    n = len(rows)
    serial = rng.integers(100, 99_999, n)
    rows["found"] = np.where(rng.random(n) < 0.02, "J", "N")
    rows["document"] = (
        days(rows["begin"].to_numpy()).astype(str).astype(object) + np.full(n, "/", dtype=object)
    ) + serial.astype(str)
    rows["document"] = rows["document"].str.slice(0, 4) + "/" + rows["document"].str.rsplit("/", n=1).str[1]
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
        status[(now == name) & (back < 0) & (rows["object"] % 3 == 0)] = then
    return status


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
    rows = _timeline("PND", panden, panden["built"].to_numpy(), least, day, seed)
    obj = rows["object"].to_numpy()
    rows["status"] = _status(panden, rows, PAND_LADDERS, {"Pand in gebruik": "Sloopvergunning verleend"})
    rows["id"] = bag_xml.repeated(panden, "pand_id", obj)
    rows["year"] = panden["year"].to_numpy()[obj]
    geometry = panden["geometry"].to_numpy(dtype=object)[obj]
    # an earlier survey lay a little off
    older = np.flatnonzero(rows["back"].to_numpy() > panden["ahead"].to_numpy()[obj])
    n_points = shapely.get_num_coordinates(geometry[older])
    shift = np.repeat(((rows["number"].to_numpy()[older] * 37 + obj[older] * 11) % 19 - 9) * 0.013, n_points)
    geometry[older] = shapely.transform(geometry[older], lambda xy: np.round(xy + shift[:, None], 3))
    rows["geometry"] = geometry
    return rows


def _vbo_rows(registers: Registers, day: date, seed: int) -> pd.DataFrame:
    vbos = registers.vbos.sort_values("vbo_id", ignore_index=True)
    least = np.where(vbos["status"] == GONE_VBO[1], 2, 1)
    rows = _timeline("VBO", vbos, vbos["built"].to_numpy(), least, day, seed)
    obj = rows["object"].to_numpy()
    rows["status"] = _status(vbos, rows, VBO_LADDERS, {STOCK_VBO[0]: GONE_VBO[1]})
    for name in ("vbo_id", "num_id", "also_num_id", "pand_id", "second_pand_id", "purposes"):
        rows[name] = bag_xml.repeated(vbos, name, obj)
    for name in ("x", "y", "area", "surface"):
        rows[name] = vbos[name].to_numpy()[obj]
    earlier = (rows["back"].to_numpy() > 0) & (rows["number"].to_numpy() == 1) & (rows["area"] < 90_000)
    rows["area"] = np.where(earlier & (obj % 3 == 0), np.maximum(rows["area"] - 7, 9), rows["area"])
    return rows


def _num_rows(registers: Registers, day: date, seed: int) -> pd.DataFrame:
    nums = registers.nums.sort_values("num_id", ignore_index=True)
    vbo = nums["vbo"].to_numpy()
    built = np.where(vbo >= 0, registers.vbos["built"].to_numpy()[np.maximum(vbo, 0)], 2004)
    nums = nums.assign(built=np.maximum(built, 1975))
    least = np.where(nums["status"] == "Naamgeving ingetrokken", 2, 1)
    rows = _timeline("NUM", nums, nums["built"].to_numpy(), least, day, seed)
    obj = rows["object"].to_numpy()
    given = "Naamgeving uitgegeven"
    rows["status"] = _status(nums, rows, {given: (given,), "Naamgeving ingetrokken": (given,)}, {})
    for name in ("num_id", "huisnummer", "huisletter", "toevoeging", "postcode", "target", "woonplaats", "opr_id"):
        rows[name] = bag_xml.repeated(nums, name, obj)
    return rows


def _opr_rows(registers: Registers, day: date, seed: int) -> pd.DataFrame:
    streets = registers.streets.sort_values("opr_id", ignore_index=True)
    n = len(streets)
    streets = streets.assign(ahead=False, future=False, built=1996)
    rows = _timeline("OPR", streets, np.full(n, 1996), np.ones(n, dtype=np.int64), day, seed)
    for name in ("opr_id", "naam", "woonplaats"):
        rows[name] = bag_xml.repeated(streets, name, rows["object"].to_numpy())
    return rows.assign(status="Naamgeving uitgegeven")


def _place_rows(registers: Registers, kind: str, day: date, seed: int) -> pd.DataFrame:
    places = registers.places
    mine = places[places["kind"] == kind].sort_values("id", ignore_index=True) if len(places) else places
    if not len(mine):
        return pd.DataFrame({"object": []})
    mine = mine.assign(ahead=False, future=False)
    reference = _day_number(day)
    rng = generator(seed, 21, TYPES.index("LIG" if kind == "Ligplaats" else "STA"))
    first = _first_days(np.full(len(mine), 1998), np.zeros(len(mine), dtype=bool), reference, rng)
    rows = occurrences(
        "NUM", first, np.ones(len(mine), dtype=np.int64), np.zeros(len(mine), dtype=bool), reference, rng
    )
    obj = rows["object"].to_numpy()
    rows["found"], rows["document"] = "N", "2011/104"
    for name in ("id", "num_id", "kind", "geometry", "status"):
        rows[name] = bag_xml.repeated(mine, name, obj)
    return rows


def _wpl_rows(region: Region, day: date) -> pd.DataFrame:
    cells = region.cells
    names = {v.woonplaats: v.name for v in reversed(VILLAGES)}
    groups = cells.groupby("woonplaats", sort=True)["geometry"]
    codes = list(groups.groups)
    shapes = [shapely.coverage_union_all(part.to_numpy()) for _, part in groups]
    reference = _day_number(day)
    rng = generator(0, 22)
    first = np.full(len(codes), 14_600)
    rows = occurrences(
        "OPR", first, np.ones(len(codes), dtype=np.int64), np.zeros(len(codes), dtype=bool), reference, rng
    )
    obj = rows["object"].to_numpy()
    rows["found"], rows["document"], rows["status"] = "N", "2010/77", "Woonplaats aangewezen"
    rows["id"] = np.array(codes, dtype=object)[obj]
    rows["naam"] = np.array([names[c] for c in codes], dtype=object)[obj]
    rows["geometry"] = np.array(shapes, dtype=object)[obj]
    return rows


def _facts(rows: pd.DataFrame) -> tuple[list[str], ...]:
    dates = days(rows["begin"].to_numpy())
    return rows["status"].to_list(), rows["found"].to_list(), dates.tolist(), rows["document"].to_list()


def _marks(rows: pd.DataFrame, column: str = "id") -> Texts:
    return np.asarray(rows[column].to_numpy(dtype=object) + "_" + rows["number"].astype(str).to_numpy(dtype=object))


def _pand_form(rows: pd.DataFrame) -> list[str]:
    outlines = bag_xml.rings(rows["geometry"].to_numpy(dtype=object), height=True)
    years = [f"{year:04d}" for year in rows["year"].to_list()]
    parts = zip(rows["id"], _marks(rows), outlines, years, *_facts(rows), history_xml(rows), strict=True)
    return list(map(bag_xml.PAND.__mod__, parts))


def _vbo_form(rows: pd.DataFrame) -> list[str]:
    marks = _marks(rows, "vbo_id")
    x, y = rows["x"].to_numpy(), rows["y"].to_numpy()
    geometry = np.array(list(map(bag_xml.POINT.__mod__, zip(marks, x.tolist(), y.tolist(), strict=True))), dtype=object)
    flat = np.flatnonzero(rows["surface"].to_numpy(dtype=bool))
    if len(flat):
        box = shapely.box(x[flat] - 1.5, y[flat] - 1.5, x[flat] + 1.5, y[flat] + 1.5)
        outlines = bag_xml.rings(box, height=True)
        geometry[flat] = list(map(bag_xml.SURFACE.__mod__, zip(marks[flat], outlines, strict=True)))
    purposes = ["".join(map(bag_xml.PURPOSE.__mod__, p.split(";"))) for p in rows["purposes"].to_list()]
    panden = np.array(list(map(bag_xml.PAND_REF.__mod__, rows["pand_id"].to_list())), dtype=object)
    panden = panden + bag_xml.optional(bag_xml.PAND_REF, rows["second_pand_id"].to_numpy(dtype=object))
    also = bag_xml.optional(bag_xml.ALSO, rows["also_num_id"].to_numpy(dtype=object))
    parts = zip(
        rows["num_id"], history_xml(rows), also, rows["vbo_id"], geometry, purposes, rows["area"].to_list(),
        *_facts(rows), panden, strict=True,
    )  # fmt: skip
    return list(map(bag_xml.VBO.__mod__, parts))


def _num_form(rows: pd.DataFrame) -> list[str]:
    def maybe(name: str, column: str) -> Texts:
        return bag_xml.optional(f"<Objecten:{name}>%s</Objecten:{name}>", rows[column].to_numpy(dtype=object))

    override = bag_xml.optional(bag_xml.IN_PLACE, rows["woonplaats"].to_numpy(dtype=object))
    parts = zip(
        rows["num_id"], rows["huisnummer"].to_list(), maybe("huisletter", "huisletter"),
        maybe("huisnummertoevoeging", "toevoeging"), maybe("postcode", "postcode"), rows["target"], *_facts(rows),
        override, history_xml(rows), rows["opr_id"], strict=True,
    )  # fmt: skip
    return list(map(bag_xml.NUM.__mod__, parts))


def _opr_form(rows: pd.DataFrame) -> list[str]:
    parts = zip(rows["opr_id"], rows["naam"], *_facts(rows), rows["woonplaats"], history_xml(rows), strict=True)
    return list(map(bag_xml.OPR.__mod__, parts))


def _place_form(rows: pd.DataFrame) -> list[str]:
    marks = _marks(rows)
    outlines = bag_xml.rings(rows["geometry"].to_numpy(dtype=object), height=False)
    code = np.where(rows["kind"] == "Ligplaats", "LIG_", "STA_").astype(object)
    kind = rows["kind"].to_list()
    status, *facts = _facts(rows)
    parts = zip(
        kind, rows["num_id"], history_xml(rows), kind, rows["id"], status, code + marks, outlines, *facts, kind,
        strict=True,
    )  # fmt: skip
    return list(map(bag_xml.PLACE.__mod__, parts))


def _wpl_form(rows: pd.DataFrame) -> list[str]:
    geometry = [_area_xml(shape, f"WPL_{mark}") for shape, mark in zip(rows["geometry"], _marks(rows), strict=True)]
    parts = zip(rows["id"], rows["naam"], geometry, *_facts(rows), history_xml(rows), strict=True)
    return list(map(bag_xml.WPL.__mod__, parts))


def _area_xml(shape: shapely.Geometry, mark: str) -> str:
    """A woonplaats as ``vlak``, or as ``multivlak`` where it lies in pieces."""
    parts = shapely.get_parts(shape)
    crs = 'srsName="urn:ogc:def:crs:EPSG::28992" srsDimension="2"'
    outlines = bag_xml.rings(parts, height=False)
    if len(parts) == 1:
        return f'<Objecten:vlak><gml:Polygon {crs} gml:id="{mark}">{outlines[0]}</gml:Polygon></Objecten:vlak>'
    members = "".join(
        f'<gml:surfaceMember><gml:Polygon {crs} gml:id="{mark}_{i}">{o}</gml:Polygon></gml:surfaceMember>'
        for i, o in enumerate(outlines)
    )
    return (
        f'<Objecten:multivlak><gml:MultiSurface {crs} gml:id="{mark}">{members}</gml:MultiSurface></Objecten:multivlak>'
    )


_FORMS: Final[dict[str, Callable[[pd.DataFrame], list[str]]]] = {
    "PND": _pand_form, "VBO": _vbo_form, "NUM": _num_form, "OPR": _opr_form, "LIG": _place_form, "STA": _place_form,
    "WPL": _wpl_form,
}  # fmt: skip


def _relations(region: Region, day: date) -> str:
    """Woonplaats to municipality; with a provisional and an ended relation among them, as in the real file."""
    pairs = sorted(set(zip(region.cells["woonplaats"], region.cells["gemeente"], strict=True)))
    rows = [bag_xml.RELATION % ("2010-11-01", "", place, code, "definitief") for place, code in pairs]
    ended = "<bagtypes:einddatumTijdvakGeldigheid>2014-01-01</bagtypes:einddatumTijdvakGeldigheid>"
    place = pairs[0][0]
    rows.insert(0, bag_xml.RELATION % ("2009-03-01", ended, place, "0173", "definitief"))
    rows.append(bag_xml.RELATION % ("2012-05-01", "", place, "0164", "voorlopig"))
    return bag_xml.RELATION_HEAD.replace("{day}", day.isoformat()) + "".join(rows) + bag_xml.RELATION_TAIL
