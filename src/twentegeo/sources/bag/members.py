"""
The voorkomens of one member as columns, and geometry for those that are wanted.

Both ways of parsing end here in the same table; stands are counted, and judged on the reference date. Geometry is
made on request, after the caller has filtered.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from twentegeo.errors import SourceChanged
from twentegeo.sources.bag import fast, layout, slow
from twentegeo.sources.bag.archive import Member
from twentegeo.sources.bag.current import Day, standing

if TYPE_CHECKING:
    from pathlib import Path

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
        tables.append(_fast_table(parts.tight, layout.names(kind, loose=False), schema))
        tables.append(_fast_table(parts.loose, layout.names(kind, loose=True), schema))
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
