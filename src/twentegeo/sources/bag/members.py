"""
The voorkomens of one member as columns, and geometry for those that are wanted.

Both ways of parsing end here in the same table; stands are counted, and judged on the reference date. Geometry is
made on request, after the caller has filtered.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from twentegeo.crs import require_inside
from twentegeo.errors import SourceChanged
from twentegeo.sources.bag import fast, geometry, slow
from twentegeo.sources.bag.archive import Member
from twentegeo.sources.bag.current import Day, standing

if TYPE_CHECKING:
    import numpy.typing as npt

HISTORY: Final = ("voorkomen", "begin", "registratie", *slow.HISTORY.values())
PLACE: Final = ("id", "nummeraanduiding", "neven", "status", "dim", "ring", "holes")
FIELDS: Final = {
    "WPL": ("id", "naam", "status"),
    "OPR": ("id", "naam", "status", "woonplaats"),
    "NUM": (
        *("id", "huisnummer", "huisletter", "toevoeging", "postcode"),
        *("status", "openbare_ruimte", "woonplaats"),
    ),
    "VBO": (
        *("id", "nummeraanduiding", "neven", "dim", "pos", "doelen"),
        *("oppervlakte", "status", "pand", "panden"),
    ),
    "LIG": PLACE,
    "STA": PLACE,
    "PND": ("id", "dim", "ring", "holes", "bouwjaar", "status"),
}


@dataclass(frozen=True, slots=True)
class Task:
    """
    One member to read, and what of it is wanted.

    Attributes
    ----------
    kind
        Object type.
    member
        Where its bytes lie.
    day
        The reference date.
    target
        Arrow file to write.
    region
        Folder with the region's ids and outlines, see :mod:`twentegeo.sources.bag.region`.
    sliver_area
        Parts of repaired polygons smaller than this are dropped, in m².
    """

    kind: str
    member: Member
    day: Day
    target: str
    region: str
    sliver_area: float


def voorkomens(xml: bytes, kind: str, day: Day, member: Member) -> tuple[pa.Table, dict[str, int]]:
    """
    Read the voorkomens of a document that hold on the day.

    Parameters
    ----------
    xml
        The document.
    kind
        Object type.
    day
        The reference date.
    member
        Where it came from, for messages.

    Returns
    -------
    table
        One row per voorkomen: ``id`` int64, ``rank`` int8, the fields of the type as text, and ``wkb`` where
        the slow way read the geometry.
    counts
        ``stands`` and how they were dealt with; they add up.

    Raises
    ------
    SourceUnavailable, SourceChanged
        See :func:`twentegeo.sources.bag.slow.read`; also where stands went missing or an id is no number.
    """
    parts = fast.cut(xml, kind, day.reference.encode())
    rest = slow.read(parts.leftover(), kind, member)
    if rest.stands < len(parts.odd):
        raise SourceChanged(
            member.complaint(f"verloor {len(parts.odd) - rest.stands} stand(en) bij het lezen", slow.EXTRACT_REMEDY)
        )
    schema = _schema(kind)
    tables = [_slow_table(rest.records, schema)]
    if kind in fast.FIRST_LOOK:
        tables.append(_fast_table(parts.tight, fast.names(kind, loose=False), schema))
        tables.append(_fast_table(parts.loose, fast.names(kind, loose=True), schema))
    table = pa.concat_tables(tables)
    holds, rank, late = standing(table, day)
    counts = {
        "standen": parts.matched + rest.stands,
        "snel": parts.matched,
        "langzaam": rest.stands,
        "vervallen": parts.ended + int((~holds).sum()),
        "later_geregistreerd": late,
    }
    table = table.append_column("rank", pa.array(rank)).filter(pa.array(holds))
    return _with_ids(table, member), counts


@cache
def _schema(kind: str) -> pa.Schema:
    names = dict.fromkeys((*FIELDS[kind], *HISTORY))
    return pa.schema([(name, pa.string()) for name in names] + [("wkb", pa.binary())])


def _fast_table(rows: list[tuple[bytes | None, ...]], names: list[str], schema: pa.Schema) -> pa.Table:
    n = len(rows)
    columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if n else {}
    arrays = [
        pa.array(columns[field.name], field.type) if field.name in columns else pa.nulls(n, field.type)
        for field in schema
    ]
    return pa.table(arrays, schema=schema)


def _slow_table(records: list[slow.Record], schema: pa.Schema) -> pa.Table:
    arrays = [pa.array([record.get(field.name) for record in records], field.type) for field in schema]
    return pa.table(arrays, schema=schema)


def _with_ids(table: pa.Table, member: Member) -> pa.Table:
    try:
        ids = table["id"].cast(pa.int64())
    except pa.ArrowInvalid as error:
        raise SourceChanged(
            member.complaint("bevat een identificatie die geen getal is", slow.EXTRACT_REMEDY)
        ) from error
    return table.set_column(table.schema.get_field_index("id"), "id", ids)


# -- geometry of a table -----------------------------------------------------------------------------------


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
    known = _valid(table["ring"]) if "ring" in table.column_names else np.zeros(len(shapes), dtype=bool)
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
        With ``pos`` and ``dim`` from the fast way, or ``wkb`` from the slow way.
    task
        For messages.

    Returns
    -------
    xy
        Shape (n, 2), metres in RD New; NaN where there is no geometry.
    """
    xy = np.full((table.num_rows, 2), np.nan)
    known = _valid(table["pos"])
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
    known = _valid(table["ring"])
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


def _valid(column: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.is_valid(column).to_numpy(zero_copy_only=False), dtype=bool)


def _fill_from_wkb(shapes: npt.NDArray[Any], table: pa.Table) -> None:
    column = table["wkb"]
    if column.null_count < len(column):
        known = _valid(column)
        shapes[known] = shapely.from_wkb(column.filter(pa.array(known)).to_numpy(zero_copy_only=False))


def member_of(path: Path, xml: bytes) -> Member:
    """Describe a plain XML file as a member, for reading one outside a delivery."""
    return Member(str(path), path.name, str(path), 0, len(xml), len(xml), 0, deflated=False)
