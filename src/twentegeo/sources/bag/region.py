"""
Which rows of a member belong to the region.

The region follows the register: verblijfsobject → nummeraanduiding → openbare ruimte → woonplaats → municipality.
The digits of an id say where an object was made, not where it is. Panden without verblijfsobject are placed by a
point in them. Each rule turns voorkomens of one type into the rows that go back to the main process.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from twentegeo.sources.bag import geometry
from twentegeo.sources.bag.handover import NONE, OUTSIDE, load_ids, load_outlines, look_up, within, write
from twentegeo.sources.bag.recall import SIDES, beside
from twentegeo.sources.bag.rows import rows_where
from twentegeo.sources.bag.shapes import first_points, points, surfaces, valid
from twentegeo.tables.wkb import oriented, wkb_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from twentegeo.sources.bag.members import Task
    from twentegeo.sources.bag.rows import Picked

HALO: Final = 2000.0
"""Metres around the region in which neighbours' verblijfsobjecten are looked at for the panden they are in."""


def numbers(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Read a column of digits; -1 where it is empty."""
    return np.asarray(pc.fill_null(column.cast(pa.int64()), NONE).to_numpy(), dtype=np.int64)


def _base(table: pa.Table) -> dict[str, Any]:
    return {
        "id": table["id"],
        "rank": table["rank"],
        "voorkomen": table["voorkomen"].cast(pa.int64()),
        "registratie": table["registratie"],
        "status": table["status"],
        "plaats": table["plaats"],
    }


def _woonplaatsen(table: pa.Table, task: Task, counts: dict[str, int]) -> pa.Table:
    wanted, _ = look_up(load_ids(task.region, "wanted"), table["id"].to_numpy())
    table = table.filter(pa.array(wanted))
    shapes, _ = surfaces(table, task, counts)
    return pa.table({**_base(table), "naam": table["naam"], "wkb": wkb_of(shapes)})


def _openbare_ruimten(table: pa.Table, task: Task, _: dict[str, int]) -> pa.Table:
    woonplaats = numbers(table["woonplaats"])
    inside, _values = look_up(load_ids(task.region, "WPL"), woonplaats)
    rows = pa.table({**_base(table), "naam": table["naam"], "woonplaats": pa.array(woonplaats)})
    # an address that says its own woonplaats may lie along a street of another
    write(rows.filter(pa.array(~inside)).drop_columns("plaats"), Path(task.target).with_suffix(OUTSIDE))
    return rows.filter(pa.array(inside))


def _nummeraanduidingen(table: pa.Table, task: Task, _: dict[str, int]) -> pa.Table:
    street = numbers(table["openbare_ruimte"])
    _found, woonplaats = look_up(load_ids(task.region, "OPR"), street)
    own = numbers(table["woonplaats"])
    woonplaats = np.where(own != NONE, own, woonplaats)
    inside, _values = look_up(load_ids(task.region, "WPL"), woonplaats)
    # asked for only when a verblijfsobject in the region has an address that is not
    write(table.select(["id"]).filter(pa.array(~inside)), Path(task.target).with_suffix(OUTSIDE))
    rows = rows_where(table, inside)
    made = pa.table(
        {
            **_base(rows),
            "openbare_ruimte": pa.array(street[inside]),
            "woonplaats": pa.array(woonplaats[inside]),
            "huisnummer": pa.array(numbers(rows["huisnummer"])),
            "huisletter": rows["huisletter"],
            "toevoeging": rows["toevoeging"],
            "postcode": rows["postcode"],
        }
    )
    return beside(made, rows)


def _verblijfsobjecten(table: pa.Table, task: Task, _: dict[str, int]) -> pa.Table:
    address = numbers(table["nummeraanduiding"])
    inside, woonplaats = look_up(load_ids(task.region, "NUM"), address)
    outlines = load_outlines(task.region)
    xy = points(table, task)
    # neighbours are kept too: they tell which panden near the border are theirs
    near = within(xy, outlines.bounds, HALO)
    keep = inside | near
    where = np.full(len(keep), NONE, dtype=np.int64)
    strangers = near & ~inside
    where[strangers] = outlines.locate(xy[strangers])
    rows = rows_where(table, keep)
    made = pa.table(
        {
            **_base(rows),
            "nummeraanduiding": pa.array(address[keep]),
            "woonplaats": pa.array(woonplaats[keep]),
            "ligging": pa.array(where[keep]),
            "x": pa.array(xy[keep, 0]),
            "y": pa.array(xy[keep, 1]),
            "doelen": rows["doelen"],
            "oppervlakte": pa.array(numbers(rows["oppervlakte"])),
            "pand": pa.array(numbers(rows["pand"])),
            "panden": rows["panden"],
            "neven": rows["neven"],
        }
    )
    return beside(made, rows)


def _plaatsen(table: pa.Table, task: Task, counts: dict[str, int]) -> pa.Table:
    address = numbers(table["nummeraanduiding"])
    inside, woonplaats = look_up(load_ids(task.region, "NUM"), address)
    rows = rows_where(table, inside)
    shapes, _ = surfaces(rows, task, counts)
    return pa.table(
        {
            **_base(rows),
            "nummeraanduiding": pa.array(address[inside]),
            "woonplaats": pa.array(woonplaats[inside]),
            "neven": rows["neven"],
            "wkb": wkb_of(shapes),
        }
    )


def _panden(table: pa.Table, task: Task, _: dict[str, int]) -> pa.Table:
    used, _values = look_up(load_ids(task.region, "PND"), table["id"].to_numpy())
    outlines = load_outlines(task.region)
    keep = used | valid(table["hersteld"])
    loose = np.flatnonzero(~keep)
    keep[loose] = within(first_points(table.take(pa.array(loose)), task), outlines.bounds, HALO)
    rows, used = rows_where(table, keep), used[keep]
    outlined = _outlined(rows, ~used, task)
    where = np.full(len(used), NONE, dtype=np.int64)
    xy = np.column_stack([outlined[axis].to_numpy() for axis in ("x", "y")])
    alone = np.flatnonzero(~used & valid(outlined["wkb"]))
    where[alone] = outlines.locate(xy[alone])
    mine = used | (where != NONE)
    rows, outlined = rows_where(rows, mine), rows_where(outlined, mine)
    made = pa.table(
        {
            **_base(rows),
            "woonplaats": pa.array(where[mine]),
            "bouwjaar": pa.array(numbers(rows["bouwjaar"])),
            **{name: outlined[name] for name in outlined.column_names},
        }
    )
    return beside(made, rows)


def _outlined(rows: pa.Table, alone: npt.NDArray[np.bool_], task: Task) -> pa.Table:
    """
    Give outlines in the form in which they are published: as they are recalled, or made.

    Columns ``wkb``, its box (NaN where there is none), ``hersteld``, and ``x`` and ``y`` of a point in those that stand
    alone.
    """
    fresh = ~valid(rows["hersteld"])
    wkb, repaired = rows["wkb"], np.zeros(len(fresh), dtype=bool)
    repaired[~fresh] = rows["hersteld"].drop_null().to_numpy()
    box = np.column_stack([rows[side].to_numpy() for side in SIDES])
    xy = np.column_stack([rows[axis].to_numpy() for axis in ("x", "y")])
    if fresh.any():
        shapes, repaired[fresh] = surfaces(rows.filter(pa.array(fresh)), task, {})
        shapes = oriented(shapes)
        wkb = pc.replace_with_mask(wkb.combine_chunks(), pa.array(fresh), wkb_of(shapes))
        box[fresh] = shapely.bounds(shapes)
    unplaced = np.flatnonzero(alone & np.isnan(xy[:, 0]) & valid(wkb))
    shapes = shapely.from_wkb(wkb.take(pa.array(unplaced)).to_numpy(zero_copy_only=False))
    xy[unplaced] = shapely.get_coordinates(geometry.inner_points(shapes))
    sides = dict(zip(SIDES, box.T, strict=True))
    return pa.table({"wkb": wkb, "hersteld": repaired, **sides, "x": xy[:, 0], "y": xy[:, 1]})


KEEP: Final[dict[str, Callable[[pa.Table, Task, dict[str, int]], pa.Table]]] = {
    "WPL": _woonplaatsen,
    "OPR": _openbare_ruimten,
    "NUM": _nummeraanduidingen,
    "VBO": _verblijfsobjecten,
    "LIG": _plaatsen,
    "STA": _plaatsen,
    "PND": _panden,
}
"""The rule of each type."""


def counted(kind: str, rows: Picked) -> dict[str, int]:
    """Count what rows of all members together say: repaired outlines, verblijfsobjecten without a place."""
    if kind == "PND":
        return {"hersteld": int(rows.array("hersteld").sum())}
    if kind == "VBO":
        return {"zonder_geometrie": int((np.isnan(rows.array("x")) & (rows.array("woonplaats") != NONE)).sum())}
    return {}
