"""Columns of int64 and WKB in, frames by contract out; used for the extract and for bag-light alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from twentegeo.crs import RD_NEW_TEXT
from twentegeo.sources.bag.dummies import mask_areas, mask_years
from twentegeo.sources.bag.region import NONE
from twentegeo.tables.bag import ADRES, PAND, PLAATS, VBO_PAND, VERBLIJFSOBJECT
from twentegeo.tables.contract import conform, empty

if TYPE_CHECKING:
    import numpy.typing as npt

    from twentegeo.sources.bag.dummies import BagParameters

SORT_OF_OBJECT: Final = {"VBO": "verblijfsobject", "LIG": "ligplaats", "STA": "standplaats"}
ID_WIDTH: Final = 16
POSTCODE: Final = r"^[1-9][0-9]{3}[A-Z]{2}$"


def numpy(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    """Hand a column without nulls to numpy."""
    return np.asarray(column.to_numpy())


def _no_ids() -> npt.NDArray[np.int64]:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Pairs:
    """
    Which verblijfsobject is in which pand.

    Attributes
    ----------
    vbo, pand
        Ids, shape (n,), sorted by vbo and order.
    order
        Place of the pand in the list of the verblijfsobject, from 0.
    row
        Row of the verblijfsobject in the table that the pairs were made of.
    """

    vbo: npt.NDArray[np.int64] = field(default_factory=_no_ids)
    pand: npt.NDArray[np.int64] = field(default_factory=_no_ids)
    order: npt.NDArray[np.int64] = field(default_factory=_no_ids)
    row: npt.NDArray[np.int64] = field(default_factory=_no_ids)

    def where(self, keep: npt.NDArray[np.bool_]) -> Pairs:
        """Keep some pairs, as they are."""
        return Pairs(self.vbo[keep], self.pand[keep], self.order[keep], self.row[keep])

    def only(self, panden: npt.NDArray[np.int64]) -> Pairs:
        """Keep the pairs of these panden, and number what is left of each verblijfsobject anew."""
        keep = np.isin(self.pand, panden)
        return _numbered(self.vbo[keep], self.pand[keep], self.row[keep])


def _numbered(vbo: npt.NDArray[np.int64], pand: npt.NDArray[np.int64], row: npt.NDArray[np.int64]) -> Pairs:
    # rows come grouped; the place in the group is the distance to its first
    start = np.flatnonzero(np.r_[True, row[1:] != row[:-1]]) if len(row) else _no_ids()
    lengths = np.diff(np.r_[start, len(row)])
    return Pairs(vbo, pand, np.arange(len(row)) - np.repeat(start, lengths), row)


def listed(blocks: pa.ChunkedArray) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """
    Read the ids in blocks of references.

    Parameters
    ----------
    blocks
        Texts with ids of 16 digits between tags, or null; shape (n,).

    Returns
    -------
    ids, row
        The ids in order, and the block each is from.
    """
    filled = np.flatnonzero(
        np.asarray(pc.fill_null(pc.greater(pc.binary_length(blocks), 0), False).to_numpy(), dtype=bool)  # noqa: FBT003
    )
    if not len(filled):
        return _no_ids(), _no_ids()
    pieces = pc.split_pattern_regex(blocks.take(pa.array(filled)).combine_chunks(), "[^0-9]*<[^>]*>[^0-9]*")
    texts = pieces.flatten()
    row = np.repeat(filled, np.diff(pieces.offsets.to_numpy()))
    real = np.asarray(pc.greater(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False), dtype=bool)
    return texts.filter(pa.array(real)).cast(pa.int64()).to_numpy(), row[real]


def references(table: pa.Table) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """
    Read which panden the rows of a table of verblijfsobjecten name.

    Parameters
    ----------
    table
        With ``pand`` (-1 for none) and ``panden`` (the rest, as text).

    Returns
    -------
    panden, row
        In the order of the register, repetitions included.
    """
    first = numpy(table["pand"])
    more, row = listed(table["panden"])
    rows = np.concatenate([np.flatnonzero(first != NONE), row])
    panden = np.concatenate([first[first != NONE], more])
    order = np.argsort(rows, kind="stable")
    return panden[order], rows[order]


def pairs_of(table: pa.Table) -> Pairs:
    """
    Pair verblijfsobjecten with the panden that they name.

    Parameters
    ----------
    table
        As for :func:`references`, with ``id``.

    Returns
    -------
    pairs
        A pand that is named twice counts once.
    """
    panden, rows = references(table)
    order = np.lexsort((panden, rows))
    again = np.zeros(len(rows), dtype=bool)
    again[order[1:]] = (np.diff(panden[order]) == 0) & (np.diff(rows[order]) == 0)
    return _numbered(numpy(table["id"])[rows[~again]], panden[~again], rows[~again])


@dataclass(frozen=True)
class Towns:
    """
    Name and municipality of woonplaatsen, to look up by code.

    Attributes
    ----------
    codes
        Sorted woonplaats codes, shape (n,).
    names, municipalities
        Their names and ``GM`` codes, object arrays.
    """

    codes: npt.NDArray[np.int64]
    names: npt.NDArray[np.object_]
    municipalities: npt.NDArray[np.object_]

    @classmethod
    def of(cls, place: dict[int, tuple[str, str]]) -> Towns:
        """Make it of name and four-digit municipality by woonplaats code."""
        codes = np.array(sorted(place), dtype=np.int64)
        names = np.array([place[code][0] for code in codes], dtype=object)
        return cls(codes, names, np.array([f"GM{place[code][1]}" for code in codes], dtype=object))

    def municipality(self, codes: npt.NDArray[np.int64]) -> pd.Series:
        """Municipality of each woonplaats code, shape (n,)."""
        return _picked(self.municipalities, np.searchsorted(self.codes, codes))

    def name(self, codes: npt.NDArray[np.int64]) -> pd.Series:
        """Name of each woonplaats code, shape (n,)."""
        return _picked(self.names, np.searchsorted(self.codes, codes))


def _picked(values: npt.NDArray[np.object_], at: npt.NDArray[np.int64]) -> pd.Series:
    return text(pa.DictionaryArray.from_arrays(pa.array(at), pa.array(values, pa.string())).cast(pa.string()))


def id_text(ids: npt.NDArray[np.int64]) -> pd.Series:
    """Write ids as 16 digits, leading zeros kept."""
    return text(pc.utf8_lpad(pa.array(ids).cast(pa.string()), ID_WIDTH, "0"))


def text(column: pa.Array | pa.ChunkedArray) -> pd.Series:
    """Hand a text column to pandas; null becomes missing."""
    return cast("pd.Series", pd.Series(pd.array(column.cast(pa.large_string()), dtype="str")))


def _integers(values: npt.NDArray[np.float64]) -> pd.Series:
    return cast("pd.Series", pd.Series(values).astype("Int64"))


def panden(
    table: pa.Table | None, vbo: pa.Table | None, pairs: Pairs, towns: Towns, rules: BagParameters
) -> gpd.GeoDataFrame:
    """
    Make the table of panden.

    Parameters
    ----------
    table
        ``id``, ``status``, ``bouwjaar`` (-1 for none), ``hersteld``, ``woonplaats`` (-1 where the
        verblijfsobjecten decide), ``wkb``; sorted by id.
    vbo, pairs
        The verblijfsobjecten and which pand they are in.
    towns
        To find the municipality.
    rules
        What counts as filler.

    Returns
    -------
    panden
        Keeps to ``PAND``.
    """
    if table is None or not table.num_rows:
        return cast("gpd.GeoDataFrame", empty(PAND))
    ids = numpy(table["id"])
    year = np.asarray(table["bouwjaar"].to_numpy(), dtype=float)
    years, filler = mask_years(np.where(year == NONE, np.nan, year), rules)
    where = np.asarray(table["woonplaats"].to_numpy()).copy()
    if vbo is not None and len(pairs.pand):
        owned, code = _most_common(pairs.pand, numpy(vbo["woonplaats"])[pairs.row], towns)
        at = np.minimum(np.searchsorted(owned, ids), len(owned) - 1)
        where = np.where(owned[at] == ids, code[at], where)
    frame = gpd.GeoDataFrame(
        {
            "pand_id": id_text(ids),
            "status": text(table["status"]),
            "bouwjaar": _integers(years),
            "bouwjaar_dummy": filler,
            "geometrie_hersteld": np.asarray(table["hersteld"].to_numpy(), dtype=bool),
            "gemeente_code": towns.municipality(where),
        },
        geometry=shapely.from_wkb(table["wkb"].to_numpy()),
        crs=RD_NEW_TEXT,
    )
    return conform(PAND, frame)


def _most_common(
    panden: npt.NDArray[np.int64], codes: npt.NDArray[np.int64], towns: Towns
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give each pand a woonplaats in the municipality of most of its verblijfsobjecten; on a tie the lowest."""
    _, municipality = np.unique(towns.municipalities.astype(str), return_inverse=True)
    group = municipality[np.searchsorted(towns.codes, codes)]
    # one key per pand and municipality, so that counting is one sort of integers
    width = int(municipality.max()) + 1
    found, index = np.unique(panden, return_inverse=True)
    key, first, n = np.unique(index * width + group, return_index=True, return_counts=True)
    order = np.lexsort((key, -n, key // width))
    best = order[np.r_[True, np.diff(key[order] // width) != 0]]
    return found, codes[first[best]]


def verblijfsobjecten(table: pa.Table | None, towns: Towns, rules: BagParameters) -> gpd.GeoDataFrame:
    """
    Make the table of verblijfsobjecten.

    Parameters
    ----------
    table
        ``id``, ``status``, ``doelen``, ``oppervlakte`` (-1 for none), ``nummeraanduiding``, ``woonplaats``,
        ``x``, ``y``; sorted by id.
    towns
        To find the municipality.
    rules
        What counts as filler.

    Returns
    -------
    verblijfsobjecten
        Keeps to ``VERBLIJFSOBJECT``.
    """
    if table is None or not table.num_rows:
        return cast("gpd.GeoDataFrame", empty(VERBLIJFSOBJECT))
    area = np.asarray(table["oppervlakte"].to_numpy(), dtype=float)
    areas, filler = mask_areas(np.where(area == NONE, np.nan, area), rules)
    frame = gpd.GeoDataFrame(
        {
            "vbo_id": id_text(numpy(table["id"])),
            "vbo_status": text(table["status"]),
            "gebruiksdoel": uses(table["doelen"]),
            "oppervlakte_m2": _integers(areas),
            "oppervlakte_dummy": filler,
            "nummeraanduiding_id": id_text(numpy(table["nummeraanduiding"])),
            "gemeente_code": towns.municipality(numpy(table["woonplaats"])),
        },
        geometry=shapely.points(table["x"].to_numpy(), table["y"].to_numpy()),
        crs=RD_NEW_TEXT,
    )
    return conform(VERBLIJFSOBJECT, frame)


def uses(blocks: pa.ChunkedArray) -> pd.Series:
    """
    Write uses sorted and separated by commas.

    Parameters
    ----------
    blocks
        Uses between tags, or separated by commas; shape (n,).

    Returns
    -------
    uses
        Shape (n,); few different ones, so each is worded once.
    """
    coded = pc.fill_null(blocks.combine_chunks(), "").dictionary_encode()
    plain = pc.replace_substring_regex(coded.dictionary, "<[^>]*>", ",").to_pylist()
    worded = [",".join(sorted({use.strip() for use in one.split(",")} - {""})) for one in plain]
    return text(pa.DictionaryArray.from_arrays(coded.indices, pa.array(worded, pa.string())).cast(pa.string()))


def vbo_pand(vbo: pa.Table | None, pairs: Pairs) -> pd.DataFrame:
    """
    Make the table of pairs.

    Parameters
    ----------
    vbo
        The verblijfsobjecten that are in the tables.
    pairs
        Which pand each is in.

    Returns
    -------
    pairs
        Keeps to ``VBO_PAND``.
    """
    if vbo is None or not len(pairs.vbo):
        return empty(VBO_PAND)
    frame = pd.DataFrame({"vbo_id": id_text(pairs.vbo), "pand_id": id_text(pairs.pand), "volgorde": pairs.order})
    return conform(VBO_PAND, frame)


def addresses(
    owners: dict[str, pa.Table], numbers: pa.Table | None, streets: pa.Table | None, towns: Towns
) -> tuple[pd.DataFrame, npt.NDArray[np.int64]]:
    """
    Make the table of addresses, main and secondary.

    Parameters
    ----------
    owners
        Verblijfsobjecten, ligplaatsen and standplaatsen by type.
    numbers, streets
        Nummeraanduidingen and openbare ruimten of the region; streets sorted by nothing.
    towns
        To find name and municipality.

    Returns
    -------
    addresses
        Keeps to ``ADRES``; sorted by nummeraanduiding and object.
    absent
        Secondary addresses that the region does not have.
    """
    if numbers is None or streets is None or not any(table.num_rows for table in owners.values()):
        return empty(ADRES), _no_ids()
    number, owner, sort, main = _held(owners)
    known = numpy(numbers["id"])
    at = np.minimum(np.searchsorted(known, number), len(known) - 1)
    there = known[at] == number
    order = np.lexsort((~main[there], owner[there], number[there]))
    number, owner, at, sort, main = (part[there][order] for part in (number, owner, at, sort, main))
    first = np.r_[True, (np.diff(number) != 0) | (np.diff(owner) != 0)]
    number, owner, at, sort, main = (part[first] for part in (number, owner, at, sort, main))
    rows = numbers.take(pa.array(at))
    where = numpy(rows["woonplaats"])
    frame = pd.DataFrame(
        {
            "nummeraanduiding_id": id_text(number),
            "object_id": id_text(owner),
            "object_soort": _picked(np.array(list(SORT_OF_OBJECT.values()), dtype=object), sort),
            "is_hoofdadres": main,
            "straat": _streets(numpy(rows["openbare_ruimte"]), streets),
            "huisnummer": numpy(rows["huisnummer"]),
            "huisletter": text(_or_null(rows["huisletter"])),
            "toevoeging": text(_or_null(rows["toevoeging"])),
            "postcode": text(_postcodes(rows["postcode"])),
            "woonplaats": towns.name(where),
            "gemeente_code": towns.municipality(where),
        }
    )
    return conform(ADRES, frame), _held(owners)[0][~there]


def _held(
    owners: dict[str, pa.Table],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """List number, object, kind of object and whether it is the main address, one row per address."""
    parts = []
    for kind, table in owners.items():
        ids = numpy(table["id"])
        sort = list(SORT_OF_OBJECT).index(kind)
        more, row = listed(table["neven"])
        parts.append((numpy(table["nummeraanduiding"]), ids, np.full(len(ids), sort), np.ones(len(ids), dtype=bool)))
        parts.append((more, ids[row], np.full(len(row), sort), np.zeros(len(row), dtype=bool)))
    number, owner, sorts, main = (np.concatenate(column) for column in zip(*parts, strict=True))
    return number, owner, sorts, main


def _streets(ids: npt.NDArray[np.int64], streets: pa.Table) -> pd.Series:
    known = numpy(streets["id"])
    order = np.argsort(known, kind="stable")
    at = np.minimum(np.searchsorted(known[order], ids), len(known) - 1)
    found = known[order][at] == ids
    names = streets["naam"].combine_chunks().take(pa.array(order[at]))
    return text(pc.if_else(pa.array(found), names, pa.scalar("", pa.string())))


def _or_null(column: pa.ChunkedArray) -> pa.ChunkedArray:
    trimmed = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _postcodes(column: pa.ChunkedArray) -> pa.ChunkedArray:
    plain = pc.utf8_upper(pc.replace_substring(column, " ", ""))
    return pc.if_else(pc.match_substring_regex(plain, POSTCODE), plain, pa.scalar(None, pa.string()))


def plaatsen(owners: dict[str, pa.Table], towns: Towns) -> gpd.GeoDataFrame:
    """
    Make the table of ligplaatsen and standplaatsen.

    Parameters
    ----------
    owners
        Tables by type; ``VBO`` is passed over.
    towns
        To find the municipality.

    Returns
    -------
    plaatsen
        Keeps to ``PLAATS``; sorted by id.
    """
    parts = {kind: table for kind, table in owners.items() if kind != "VBO" and table.num_rows}
    if not parts:
        return cast("gpd.GeoDataFrame", empty(PLAATS))
    table = pa.concat_tables(parts.values())
    sorts = np.repeat([SORT_OF_OBJECT[kind] for kind in parts], [part.num_rows for part in parts.values()])
    order = np.argsort(numpy(table["id"]), kind="stable")
    table = table.take(pa.array(order))
    frame = gpd.GeoDataFrame(
        {
            "plaats_id": id_text(numpy(table["id"])),
            "plaats_soort": sorts[order].astype(object),
            "plaats_status": text(table["status"]),
            "nummeraanduiding_id": id_text(numpy(table["nummeraanduiding"])),
            "gemeente_code": towns.municipality(numpy(table["woonplaats"])),
        },
        geometry=shapely.from_wkb(table["wkb"].to_numpy()),
        crs=RD_NEW_TEXT,
    )
    return conform(PLAATS, frame)
