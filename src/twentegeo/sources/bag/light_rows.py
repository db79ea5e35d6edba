"""Rows of bag-light in the form in which the extract's come, so that both are assembled by the same code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from twentegeo.crs import require_inside
from twentegeo.sources.bag.handover import NONE

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

POINT: Final = np.dtype([("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])
"""WKB of a point, little-endian and without height."""

_AT_ONCE: Final = 50_000
"""Shapes that are decoded at a time."""

PLANE: Final = 2
"""Numbers of a coordinate without height or measure."""


def read_ids(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Read ids, with or without the prefix NL.IMBAG; -1 where there is none."""
    if pc.all(pc.ascii_is_decimal(column), min_count=0).as_py():
        return np.asarray(pc.fill_null(column.cast(pa.int64()), NONE).to_numpy(), dtype=np.int64)
    bare = pc.replace_substring_regex(pc.utf8_trim_whitespace(column), r"^NL\.IMBAG\.[A-Za-z]*\.", "")
    filled = pc.if_else(pc.match_substring_regex(bare, "^[0-9]+$"), bare, str(NONE))
    return np.asarray(pc.fill_null(filled, str(NONE)).cast(pa.int64()).to_numpy(), dtype=np.int64)


def four_digits(column: pa.ChunkedArray) -> list[str]:
    """Write municipality codes with their leading zeros."""
    return [str(code) for code in pc.utf8_lpad(column, 4, "0").to_pylist()]


def whole(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Read whole numbers; -1 where there is none."""
    return pc.fill_null(column.cast(pa.int64()), NONE)


def decoded(column: pa.ChunkedArray | pa.Array) -> npt.NDArray[Any]:
    """Decode WKB in two dimensions, some at a time: as bytes of Python all of it would be in memory once more."""
    pieces = [column.slice(start, _AT_ONCE) for start in range(0, len(column), _AT_ONCE)]
    parts = [shapely.from_wkb(piece.to_numpy(zero_copy_only=False)) for piece in pieces]
    shapes = np.concatenate([np.zeros(0, dtype=object), *parts])
    # a copy without heights costs as much as decoding, so only of those that have them
    more = shapely.get_coordinate_dimension(shapes) > PLANE
    shapes[more] = shapely.force_2d(shapes[more])
    return shapes


def one_per_id(table: pa.Table) -> pa.Table:
    """Make one row of a verblijfsobject that is repeated for each pand; its panden become one list."""
    at = table.column_names.index("pand_identificatie")
    listed = pc.fill_null(table["pand_identificatie"], "")
    ids = read_ids(table["identificatie"])
    if (np.diff(ids) > 0).all():
        return table.set_column(at, "pand_identificatie", listed)
    order = np.argsort(ids, kind="stable")
    first = np.flatnonzero(np.r_[True, np.diff(ids[order]) != 0])
    offsets = np.r_[first, len(ids)].astype(np.int32)
    lists = pa.ListArray.from_arrays(pa.array(offsets), listed.take(pa.array(order)).combine_chunks())
    rows = table.take(pa.array(order[first]))
    return rows.set_column(at, "pand_identificatie", pc.binary_join(lists, ","))


def address(table: pa.Table) -> pa.Table:
    """Draw the address from rows of verblijfsobject, ligplaats or standplaats."""
    return pa.table(
        {
            "id": pa.array(read_ids(table["nummeraanduiding_hoofdadres_identificatie"])),
            "openbare_ruimte": pa.array(read_ids(table["openbare_ruimte_identificatie"])),
            "naam": pc.fill_null(table["openbare_ruimte_naam"], ""),
            "woonplaats": pa.array(read_ids(table["woonplaats_identificatie"])),
            "huisnummer": whole(table["huisnummer"]),
            "huisletter": table["huisletter"],
            "toevoeging": table["toevoeging"],
            "postcode": table["postcode"],
        }
    )


def first_of_each(table: pa.Table, by: str, columns: dict[str, str]) -> pa.Table:
    """Take the first row of each id, sorted."""
    _, rows = np.unique(table[by].to_numpy(), return_index=True)
    return pa.table({name: table[column].take(pa.array(rows)) for name, column in columns.items()})


def verblijfsobjecten(table: pa.Table, path: Path) -> pa.Table:
    """Make rows of verblijfsobject as the extract gives them."""
    xy = points(table["wkb"], path)
    pand, panden = _listed(table["pand_identificatie"])
    n = table.num_rows
    return pa.table(
        {
            "id": pa.array(read_ids(table["identificatie"])),
            "status": table["status"],
            "nummeraanduiding": pa.array(read_ids(table["nummeraanduiding_hoofdadres_identificatie"])),
            "woonplaats": pa.array(read_ids(table["woonplaats_identificatie"])),
            "ligging": pa.array(np.full(n, NONE)),
            "x": pa.array(xy[:, 0]),
            "y": pa.array(xy[:, 1]),
            "doelen": table["gebruiksdoel"],
            "oppervlakte": whole(table["oppervlakte"]),
            "pand": pand,
            "panden": panden,
            "neven": pa.nulls(n, pa.string()),
        }
    )


def points(column: pa.ChunkedArray, path: Path) -> npt.NDArray[np.float64]:
    """Read points, shape (n, 2); NaN where there is none."""
    xy = _plain_points(column)
    if xy is None:
        shapes = decoded(column)
        # asking an empty point for its x is an error
        shapes[shapely.is_empty(shapes)] = None
        require_inside(bounds_of(shapes), path, "verblijfsobject")
        return np.column_stack([shapely.get_x(shapes), shapely.get_y(shapes)])
    known = xy[~np.isnan(xy[:, 0])]
    if len(known):
        require_inside([*known.min(axis=0), *known.max(axis=0)], path, "verblijfsobject")
    return xy


def _plain_points(column: pa.ChunkedArray) -> npt.NDArray[np.float64] | None:
    """Read points off their WKB, in which they lie at fixed places; None unless all are little-endian and flat."""
    if column.null_count:
        return None
    try:
        equally_long = [chunk.cast(pa.binary(POINT.itemsize)) for chunk in column.chunks]
    except pa.ArrowInvalid:
        return None
    parts = [np.frombuffer(one.buffers()[1], POINT, len(one), one.offset * POINT.itemsize) for one in equally_long]
    rows = np.concatenate([np.zeros(0, POINT), *parts])
    if not ((rows["order"] == 1) & (rows["kind"] == 1)).all():
        return None
    return np.column_stack([rows["x"], rows["y"]])


def _listed(blocks: pa.ChunkedArray) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """Read references to panden as the extract has them: the only one as a number, several as text between tags."""
    alone = pc.ascii_is_decimal(blocks)
    first = pc.fill_null(pc.if_else(alone, blocks, pa.scalar(None, pa.string())).cast(pa.int64()), NONE)
    several = pc.if_else(alone, pa.scalar(None, pa.string()), blocks)
    bare = pc.replace_substring_regex(several, r"NL\.IMBAG\.[A-Za-z]*\.", "")
    return first, pc.replace_substring_regex(bare, r"[^0-9]+", "</><>")


def bounds_of(shapes: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Bound shapes; NaN where there are none."""
    return np.asarray(shapely.total_bounds(shapes)) if len(shapes) else np.full(4, np.nan)
