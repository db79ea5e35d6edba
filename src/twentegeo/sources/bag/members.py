"""
The voorkomens of one member as columns, and geometry for those that are wanted.

Both ways of parsing end here in the same table; stands are counted, and judged on the reference date. Geometry is
made on request, after the caller has filtered.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa

from twentegeo.errors import SourceChanged
from twentegeo.sources.bag import fast, layout, slow
from twentegeo.sources.bag.archive import Member
from twentegeo.sources.bag.current import Day, standing
from twentegeo.sources.bag.recall import MADE, PRINTED, Recall, load
from twentegeo.sources.bag.rows import rows_where

if TYPE_CHECKING:
    from pathlib import Path

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
    recall
        Whether stands that an earlier delivery held may be told of instead of read.
    remember
        Whether the next delivery is to know the member again.
    after
        Ids that the main process may still have to leave in `region` before rows can be filtered; empty for none.
    """

    kind: str
    member: Member
    day: Day
    target: str
    region: str
    sliver_area: float
    recall: bool = False
    remember: bool = False
    after: str = ""


class Voorkomens(NamedTuple):
    """
    What a document says.

    Attributes
    ----------
    table
        One row per voorkomen that holds on the day and is not among those that are known: ``id`` int64, ``rank`` int8,
        ``plaats`` (in the document), the fields of the type as text, and ``wkb`` where the slow way read the geometry.
        A type that is recalled has ``print``, and the columns of :data:`twentegeo.sources.bag.recall.MADE`, null.
    counts
        ``standen`` and how they were dealt with. They add up when those that are known have been judged.
    known
        (2, k) of stands that are known: their rows among what is kept, and their places in the document.
    order
        See :attr:`twentegeo.sources.bag.fast.Cut.order`.
    """

    table: pa.Table
    counts: dict[str, int]
    known: npt.NDArray[np.int64]
    order: pa.Table | None


def voorkomens(xml: bytes, task: Task) -> Voorkomens:
    """
    Read the voorkomens of a document.

    Parameters
    ----------
    xml
        The document.
    task
        Its object type, the reference date, where it came from, and where prints of an earlier delivery were left.

    Returns
    -------
    voorkomens
        Those that are read, and which others are known.

    Raises
    ------
    SourceUnavailable, SourceChanged
        See :func:`twentegeo.sources.bag.slow.read`; also where stands went missing or an id is no number.
    """
    kind, member = task.kind, task.member
    recall = load(task.region, kind) if task.recall and kind in PRINTED else Recall()
    parts = fast.cut(xml, kind, task.day.reference.encode(), recall, remember=task.remember)
    rest = slow.read(parts.leftover(), kind, member)
    if rest.stands < len(parts.odd):
        raise SourceChanged(
            member.complaint(f"verloor {len(parts.odd) - rest.stands} stand(en) bij het lezen", slow.EXTRACT_REMEDY)
        )
    places = parts.recalled
    counts = {
        "standen": parts.matched + len(places) + rest.stands,
        "bekend": len(places),
        "snel": parts.matched,
        "langzaam": rest.stands,
        "vervallen": parts.ended,
    }
    table = on_the_day(_together(parts, rest, task), task.day, counts)
    return Voorkomens(table, counts, np.stack([parts.known[places], places]), parts.order)


def on_the_day(table: pa.Table, day: Day, counts: dict[str, int]) -> pa.Table:
    """
    Choose the voorkomens that hold on a day.

    Parameters
    ----------
    table
        One row per voorkomen.
    day
        The day.
    counts
        ``vervallen`` and ``later_geregistreerd`` are added to.

    Returns
    -------
    rows
        Those that hold, with their ``rank``.
    """
    holds, rank, late = standing(table, day)
    counts["vervallen"] = counts.get("vervallen", 0) + int((~holds).sum())
    counts["later_geregistreerd"] = counts.get("later_geregistreerd", 0) + int(late.sum())
    return rows_where(table.append_column("rank", pa.array(rank)), holds)


def _together(parts: fast.Cut, rest: slow.Reading, task: Task) -> pa.Table:
    schema = _schema(task.kind)
    if not (parts.tight or parts.loose or rest.records):
        return _nothing(task.kind)
    # what is read whole the slow way is in order; of the rest the slow way is given the odd ones
    odd = len(parts.odd_at) == rest.stands
    places = [np.array(parts.odd_at if odd else range(rest.stands), dtype=np.int64)]
    tables = [_slow_table(rest.records, schema)]
    if odd:
        tables[0] = _printed(tables[0], parts, places[0])
    if task.kind in fast.FIRST_LOOK:
        for rows, at, loose in ((parts.tight, parts.tight_at, False), (parts.loose, parts.loose_at, True)):
            places.append(np.array(at, dtype=np.int64))
            tables.append(_printed(_fast_table(rows, layout.names(task.kind, loose=loose), schema), parts, places[-1]))
    # pieces without rows would have the others copied later, to make one of them
    whole = pa.concat_tables([part for part in tables if part.num_rows] or tables[:1])
    return _with_ids(whole, task.member).append_column("plaats", pa.array(np.concatenate(places)))


def _printed(rows: pa.Table, parts: fast.Cut, places: npt.NDArray[np.int64]) -> pa.Table:
    """Lay the print of its stand beside each row, where the type has prints."""
    at = rows.schema.get_field_index("print")
    if at < 0 or not len(parts.prints):
        return rows
    return rows.set_column(at, rows.schema.field(at), pa.array(parts.prints[places]))


@cache
def _schema(kind: str) -> pa.Schema:
    names = dict.fromkeys((*FIELDS[kind], *HISTORY))
    fields = [*((name, pa.string()) for name in names), ("wkb", pa.binary())]
    if kind in PRINTED:
        fields += [("print", pa.int64()), *MADE[kind]]
    return pa.schema(fields)


def _fast_table(rows: list[tuple[bytes | None, ...]], names: list[str], schema: pa.Schema) -> pa.Table:
    n = len(rows)
    columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if n else {}
    if "neven_eerst" in columns:
        pairs = zip(columns["neven"], columns["neven_eerst"], strict=True)
        columns["neven"] = tuple(behind or before for behind, before in pairs)
    arrays = [
        pa.array(columns[field.name], field.type) if field.name in columns else pa.nulls(n, field.type)
        for field in schema
    ]
    return pa.table(arrays, schema=schema)


def _slow_table(records: list[slow.Record], schema: pa.Schema) -> pa.Table:
    arrays = [pa.array([record.get(field.name) for record in records], field.type) for field in schema]
    return pa.table(arrays, schema=schema)


@cache
def _nothing(kind: str) -> pa.Table:
    return as_read(kind).append(pa.field("plaats", pa.int64())).empty_table()


@cache
def as_read(kind: str) -> pa.Schema:
    """Name the columns of :attr:`Voorkomens.table`, but ``rank`` and ``plaats``."""
    schema = _schema(kind)
    return schema.set(schema.get_field_index("id"), pa.field("id", pa.int64()))


def _with_ids(table: pa.Table, member: Member) -> pa.Table:
    try:
        ids = table["id"].cast(pa.int64())
    except pa.ArrowInvalid as error:
        raise SourceChanged(
            member.complaint("bevat een identificatie die geen getal is", slow.EXTRACT_REMEDY)
        ) from error
    return table.set_column(table.schema.get_field_index("id"), "id", ids)


def member_of(path: Path, xml: bytes) -> Member:
    """Describe a plain XML file as a member, for reading one outside a delivery."""
    return Member(str(path), path.name, str(path), 0, len(xml), len(xml), 0, deflated=False)
