"""Main and secondary addresses of what has one, street and woonplaats written out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from twentegeo.sources.bag.columns import Towns, id_text, numpy, picked, text
from twentegeo.sources.bag.pairs import listed
from twentegeo.tables.bag import ADRES
from twentegeo.tables.contract import conform, empty

if TYPE_CHECKING:
    import numpy.typing as npt

    from twentegeo.sources.bag.rows import Picked

SORT_OF_OBJECT: Final = {"VBO": "verblijfsobject", "LIG": "ligplaats", "STA": "standplaats"}
POSTCODE: Final = r"^[1-9][0-9]{3}[A-Z]{2}$"


def addresses(
    owners: dict[str, pa.Table], numbers: Picked | None, streets: pa.Table | None, towns: Towns
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
        return empty(ADRES), np.zeros(0, dtype=np.int64)
    number, owner, sort, main = _held(owners)
    known = numbers.array("id")
    at = np.minimum(np.searchsorted(known, number), len(known) - 1)
    there = known[at] == number
    order = np.lexsort((~main[there], owner[there], number[there]))
    number, owner, at, sort, main = (part[there][order] for part in (number, owner, at, sort, main))
    first = np.r_[True, (np.diff(number) != 0) | (np.diff(owner) != 0)]
    number, owner, at, sort, main = (part[first] for part in (number, owner, at, sort, main))
    rows = numbers.at(at).columns("woonplaats", "openbare_ruimte", "huisnummer", "huisletter", "toevoeging", "postcode")
    where = numpy(rows["woonplaats"])
    frame = pd.DataFrame(
        {
            "nummeraanduiding_id": id_text(number),
            "object_id": id_text(owner),
            "object_soort": picked(np.array(list(SORT_OF_OBJECT.values()), dtype=object), sort),
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
