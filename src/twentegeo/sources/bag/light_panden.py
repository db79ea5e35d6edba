"""
Panden of bag-light: which are the region's, and their outlines.

The file does not say in which municipality a pand lies. The region's are those that its verblijfsobjecten are in, and
of the others those that lie in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import shapely

from twentegeo.crs import require_inside
from twentegeo.sources.bag import geometry
from twentegeo.sources.bag.drawn import Stayed
from twentegeo.sources.bag.handover import NONE
from twentegeo.sources.bag.light_file import NEEDED, among, read_layer
from twentegeo.sources.bag.light_rows import decoded, read_ids, whole
from twentegeo.tables.numbers import numbers_among

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from twentegeo.sources.bag.drawn import Drawn
    from twentegeo.sources.bag.handover import Outlines
    from twentegeo.tables.shapes import Mapped

AT_ONCE: Final = 500
"""Ids in one query; SQLite's expression depth is 1000."""


@dataclass(frozen=True)
class Panden:
    """
    Panden with their outlines.

    Attributes
    ----------
    rows
        ``id``, ``status``, ``bouwjaar`` (-1 for none), ``hersteld``; sorted by id, each once.
    drawn
        Their outlines.
    doubles
        How many rows of the file repeated one of these.
    """

    rows: pa.Table
    drawn: Drawn
    doubles: int

    @property
    def ids(self) -> npt.NDArray[np.int64]:
        """Their ids, shape (n,)."""
        return np.asarray(self.rows["id"].to_numpy())

    def taken(self, at: npt.NDArray[np.int64]) -> Panden:
        """Take rows by position."""
        return Panden(self.rows.take(pa.array(at)), self.drawn.taken(at), self.doubles)

    def and_also(self, other: Panden) -> Panden:
        """Put others among these; no pand is in both."""
        both = Panden(
            pa.concat_tables([self.rows, other.rows]),
            self.drawn.and_also(other.drawn),
            self.doubles + other.doubles,
        )
        return both.taken(np.argsort(both.ids, kind="stable"))


def panden_near(path: Path, outlines: Outlines, sliver_area: float, published: Mapped | None) -> Panden:
    """
    Read the panden in the box around the region.

    Parameters
    ----------
    path
        The GeoPackage.
    outlines
        The region's woonplaatsen.
    sliver_area
        Parts of a repaired outline that are smaller are dropped, in m².
    published
        Panden that an earlier night published, if any: an outline that is what it was is not decoded.

    Returns
    -------
    panden
        Of the region and its neighbours.

    Raises
    ------
    SourceUnavailable
        The layer is damaged.
    """
    return _panden(read_layer(path, "pand", NEEDED["pand"], bbox=tuple(outlines.bounds)), sliver_area, published)


def panden_of(path: Path, near: Panden, used: npt.NDArray[np.int64], outlines: Outlines, sliver_area: float) -> Panden:
    """
    Choose the panden of the region; those that are used but lie elsewhere are looked up.

    Parameters
    ----------
    path
        The GeoPackage.
    near
        What :func:`panden_near` gives.
    used
        Panden that the region's verblijfsobjecten are in.
    outlines, sliver_area
        As for :func:`panden_near`.

    Returns
    -------
    panden
        The region's, with ``woonplaats``: where each lies, -1 where its verblijfsobjecten decide.

    Raises
    ------
    SourceUnavailable
        The layer is damaged.
    SourceChanged
        Coordinates outside the Netherlands.
    """
    lacking = used[~numbers_among(used, near.ids)]
    panden = near.and_also(_looked_up(path, lacking, sliver_area)) if len(lacking) else near
    require_inside(panden.drawn.extent(), path, "pand")
    ids = panden.ids
    where = np.full(len(ids), NONE, dtype=np.int64)
    is_used = numbers_among(ids, used)
    alone = np.flatnonzero(~is_used & ~panden.drawn.missing)
    where[alone] = outlines.locate(shapely.get_coordinates(geometry.inner_points(panden.drawn.decoded(alone))))
    placed = replace(panden, rows=panden.rows.append_column("woonplaats", pa.array(where)))
    return placed.taken(np.flatnonzero(is_used | (where != NONE)))


def _looked_up(path: Path, ids: npt.NDArray[np.int64], sliver_area: float) -> Panden:
    texts = [str(one).zfill(16) for one in ids]
    tables = []
    for start in range(0, len(texts), AT_ONCE):
        batch = texts[start : start + AT_ONCE]
        names = [*batch, *(f"NL.IMBAG.Pand.{one}" for one in batch)]
        tables.append(read_layer(path, "pand", NEEDED["pand"], where=among("identificatie", names)))
    return _panden(pa.concat_tables(tables), sliver_area, None)


def _panden(table: pa.Table, sliver_area: float, published: Mapped | None) -> Panden:
    """Make rows of panden, each once; decode and repair the outlines that are not known to need none."""
    ids, first = np.unique(read_ids(table["identificatie"]), return_index=True)
    wkb = table["wkb"].combine_chunks()
    # what is in order already is not copied
    if len(first) < len(wkb) or bool((np.diff(first) != 1).any()):
        wkb = wkb.take(pa.array(first))
    stayed = Stayed.since(published, ids, wkb)
    shapes, mended = geometry.repair(decoded(stayed.others), sliver_area)
    repaired = np.zeros(len(ids), dtype=bool)
    repaired[stayed.fresh] = mended
    rows = table.select(["status", "bouwjaar"]).take(pa.array(first))
    rows = pa.table(
        {
            "id": pa.array(ids),
            "status": rows["status"],
            "bouwjaar": whole(rows["bouwjaar"]),
            "hersteld": pa.array(repaired),
        }
    )
    return Panden(rows, stayed.with_others(shapes), table.num_rows - len(ids))
