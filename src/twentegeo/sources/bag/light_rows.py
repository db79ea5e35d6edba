"""Rows of bag-light in the form in which the extract's come, so that both are assembled by the same code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from twentegeo.crs import require_inside
from twentegeo.sources.bag.handover import NONE

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt


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


def raw_wkb(table: pa.Table) -> npt.NDArray[Any]:
    """Hand the geometry to numpy, as bytes."""
    return np.asarray(table["wkb"].to_numpy())


def one_per_id(table: pa.Table) -> pa.Table:
    """Make one row of a verblijfsobject that is repeated for each pand; its panden become one list."""
    ids = read_ids(table["identificatie"])
    order = np.argsort(ids, kind="stable")
    table, ids = table.take(pa.array(order)), ids[order]
    first = np.flatnonzero(np.r_[True, np.diff(ids) != 0]) if len(ids) else np.zeros(0, dtype=np.int64)
    lists = pc.fill_null(table["pand_identificatie"], "").combine_chunks()
    offsets = np.r_[first, len(ids)].astype(np.int32)
    joined = pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets), lists), ",")
    rows = table.take(pa.array(first))
    return rows.set_column(rows.column_names.index("pand_identificatie"), "pand_identificatie", joined)


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
    shapes = shapely.from_wkb(raw_wkb(table))
    xy = np.column_stack([shapely.get_x(shapes), shapely.get_y(shapes)])
    require_inside(bounds_of(shapes), path, "verblijfsobject")
    blocks = pc.replace_substring_regex(table["pand_identificatie"], r"NL\.IMBAG\.[A-Za-z]*\.", "")
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
            "pand": pa.array(np.full(n, NONE)),
            # the form in which references of the extract come
            "panden": pc.replace_substring_regex(blocks, r"[^0-9]+", "</><>"),
            "neven": pa.nulls(n, pa.string()),
        }
    )


def bounds_of(shapes: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Bound shapes; NaN where there are none."""
    return np.asarray(shapely.total_bounds(shapes)) if len(shapes) else np.full(4, np.nan)
