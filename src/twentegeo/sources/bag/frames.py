"""Columns of int64 and WKB in, frames by contract out; for the extract and for bag-light alike."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from twentegeo.crs import RD_NEW_TEXT
from twentegeo.sources.bag.addresses import SORT_OF_OBJECT
from twentegeo.sources.bag.columns import Towns, id_text, integers, numpy, text
from twentegeo.sources.bag.dummies import mask_areas, mask_years
from twentegeo.sources.bag.handover import NONE
from twentegeo.tables.bag import PAND, PLAATS, VBO_PAND, VERBLIJFSOBJECT
from twentegeo.tables.contract import conform, empty
from twentegeo.tables.shapes import Mapped

if TYPE_CHECKING:
    import numpy.typing as npt

    from twentegeo.sources.bag.drawn import Drawn
    from twentegeo.sources.bag.dummies import BagParameters
    from twentegeo.sources.bag.pairs import Pairs


def panden(
    table: pa.Table | None,
    drawn: Drawn,
    vbo: pa.Table | None,
    pairs: Pairs,
    towns: Towns,
    rules: BagParameters,
) -> Mapped:
    """
    Make the table of panden.

    Parameters
    ----------
    table
        ``id``, ``status``, ``bouwjaar`` (-1 for none), ``hersteld``, ``woonplaats`` (-1 where the
        verblijfsobjecten decide); sorted by id.
    drawn
        Their outlines, shape (n,), none missing.
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
        return Mapped.of(cast("gpd.GeoDataFrame", empty(PAND)))
    ids = numpy(table["id"])
    year = np.asarray(table["bouwjaar"].to_numpy(), dtype=float)
    years, filler = mask_years(np.where(year == NONE, np.nan, year), rules)
    where = np.asarray(table["woonplaats"].to_numpy()).copy()
    if vbo is not None and len(pairs.pand):
        owned, code = _most_common(pairs.pand, numpy(vbo["woonplaats"])[pairs.row], towns)
        at = np.minimum(np.searchsorted(owned, ids), len(owned) - 1)
        where = np.where(owned[at] == ids, code[at], where)
    rows = pd.DataFrame(
        {
            "pand_id": id_text(ids),
            "status": text(table["status"]),
            "bouwjaar": integers(years),
            "bouwjaar_dummy": filler,
            "geometrie_hersteld": np.asarray(table["hersteld"].to_numpy(), dtype=bool),
            "gemeente_code": towns.municipality(where),
        }
    )
    return drawn.beside(conform(replace(PAND, geometry=None), rows))


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
            "oppervlakte_m2": integers(areas),
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
