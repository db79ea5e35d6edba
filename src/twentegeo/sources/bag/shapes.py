"""
Geometry for the voorkomens that are wanted, whichever way they were parsed.

The fast way leaves posLists as text, which are read in bulk here; the slow way leaves WKB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from twentegeo.crs import require_inside
from twentegeo.errors import SourceChanged
from twentegeo.sources.bag import geometry

if TYPE_CHECKING:
    import numpy.typing as npt

    from twentegeo.sources.bag.archive import Member
    from twentegeo.sources.bag.members import Task


def surfaces(table: pa.Table, task: Task, counts: dict[str, int]) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
    """
    Make the surfaces of a table of voorkomens.

    Parameters
    ----------
    table
        With ``ring``, ``holes`` and ``dim`` from the fast way, or ``wkb`` from the slow way.
    task
        For messages and the size of slivers.
    counts
        ``hersteld`` is added to.

    Returns
    -------
    shapes
        Valid polygons and multipolygons; None where there is none.
    repaired
        Where the registered geometry was invalid.
    """
    shapes = np.full(table.num_rows, None, dtype=object)
    if not len(shapes):
        return shapes, np.zeros(0, dtype=bool)
    known = valid(table["ring"]) if "ring" in table.column_names else np.zeros(len(shapes), dtype=bool)
    if known.any():
        shapes[known] = _polygons(table.filter(pa.array(known)), task.member)
    _fill_from_wkb(shapes, table)
    require_inside(shapely.total_bounds(shapes), task.member.delivery, task.member.name)
    shapes, repaired = geometry.repair(shapes, task.sliver_area)
    counts["hersteld"] = counts.get("hersteld", 0) + int(repaired.sum())
    return shapes, repaired


def points(table: pa.Table, task: Task) -> npt.NDArray[np.float64]:
    """
    Make the points of a table of verblijfsobjecten; a surface gives a point in it.

    Parameters
    ----------
    table
        With ``pos`` and ``dim`` from the fast way, ``wkb`` from the slow way, or ``x`` and ``y`` where recalled.
    task
        For messages.

    Returns
    -------
    xy
        Shape (n, 2), metres in RD New; NaN where there is no geometry.
    """
    xy = np.column_stack([table[axis].to_numpy() for axis in ("x", "y")])
    known = valid(table["pos"])
    if known.any():
        part = table.filter(pa.array(known))
        found, owner = _coordinates(part["pos"], _dimension(part), task.member)
        xy[np.flatnonzero(known)[owner]] = found
    shapes = np.full(table.num_rows, None, dtype=object)
    _fill_from_wkb(shapes, table)
    rest = ~shapely.is_missing(shapes)
    if rest.any():
        surface, _ = geometry.repair(shapes[rest], task.sliver_area)
        xy[rest] = shapely.get_coordinates(geometry.inner_points(surface))
    return _inside(xy, task.member)


def first_points(table: pa.Table, task: Task) -> npt.NDArray[np.float64]:
    """
    Give one corner of each surface, without making the surfaces.

    Parameters
    ----------
    table
        As for :func:`surfaces`.
    task
        For messages.

    Returns
    -------
    xy
        Shape (n, 2); NaN where there is no geometry.
    """
    xy = np.full((table.num_rows, 2), np.nan)
    known = valid(table["ring"])
    if known.any():
        start = pc.ascii_split_whitespace(
            pc.ascii_ltrim_whitespace(table["ring"].filter(pa.array(known))), max_splits=2
        ).combine_chunks()
        flat = start.flatten()
        at = start.offsets.to_numpy()[:-1] - start.offsets.to_numpy()[0]
        xy[known] = np.column_stack([flat.take(pa.array(at + step)).cast(pa.float64()).to_numpy() for step in (0, 1)])
    shapes = np.full(table.num_rows, None, dtype=object)
    _fill_from_wkb(shapes, table)
    rest = ~shapely.is_missing(shapes)
    if rest.any():
        xy[rest] = shapely.bounds(shapes[rest])[:, :2]
    return _inside(xy, task.member)


def _inside(xy: npt.NDArray[np.float64], member: Member) -> npt.NDArray[np.float64]:
    known = xy[~np.isnan(xy[:, 0])]
    if len(known):
        require_inside([*known.min(axis=0), *known.max(axis=0)], member.delivery, member.name)
    return xy


def _polygons(table: pa.Table, member: Member) -> npt.NDArray[Any]:
    blocks = table["holes"]
    pierced = np.flatnonzero(np.asarray(pc.greater(pc.binary_length(blocks), 0).to_numpy(zero_copy_only=False)))
    # each block holds whole posLists and nothing else with text
    pieces = pc.split_pattern_regex(blocks.take(pa.array(pierced)).combine_chunks(), r"<[^>]*>")
    texts = pc.ascii_trim_whitespace(pieces.flatten())
    owner = np.repeat(pierced, np.diff(pieces.offsets.to_numpy()))
    filled = np.asarray(pc.greater(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False), dtype=bool)
    try:
        return geometry.polygons(
            table["ring"].combine_chunks(), _dimension(table), texts.filter(pa.array(filled)), owner[filled]
        )
    except (ValueError, pa.ArrowInvalid) as error:
        raise _bad_numbers(member) from error


def _coordinates(
    lists: pa.ChunkedArray, dimension: npt.NDArray[np.int64], member: Member
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    try:
        return geometry.coordinates(lists.combine_chunks(), dimension)
    except (ValueError, pa.ArrowInvalid) as error:
        raise _bad_numbers(member) from error


def _bad_numbers(member: Member) -> SourceChanged:
    return SourceChanged(
        member.complaint("heeft coördinaten die niet te lezen zijn", "Haal de levering opnieuw op bij PDOK")
    )


def _dimension(table: pa.Table) -> npt.NDArray[np.int64]:
    return np.where(pc.equal(table["dim"], "3").to_numpy(zero_copy_only=False), 3, 2).astype(np.int64)


def valid(column: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """Tell where a column says something, shape (n,)."""
    return np.asarray(pc.is_valid(column).to_numpy(zero_copy_only=False), dtype=bool)


def _fill_from_wkb(shapes: npt.NDArray[Any], table: pa.Table) -> None:
    column = table["wkb"]
    if column.null_count < len(column):
        known = valid(column)
        shapes[known] = shapely.from_wkb(column.filter(pa.array(known)).to_numpy(zero_copy_only=False))
