"""
What a step leaves for the workers of the next: ids to filter on, and the outlines of the region.

Files in the work folder, read once per process and mapped, so that no worker is sent the same ids with each member.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import shapely

from twentegeo.sources.deflate import crc32

if TYPE_CHECKING:
    import numpy.typing as npt

NONE: Final = -1
"""Stands for "there is none" in columns of ids."""

OUTSIDE: Final = ".outside.arrow"
"""Ending of files that stay on disk unless something of the region turns out to need them."""

_LOOK_AGAIN: Final = 0.005
"""Seconds."""


@dataclass(frozen=True)
class Outlines:
    """
    The region's woonplaatsen.

    Attributes
    ----------
    codes
        Woonplaats codes, shape (n,).
    shapes
        Their surfaces in RD New.
    """

    codes: npt.NDArray[np.int64]
    shapes: npt.NDArray[Any]

    @property
    def bounds(self) -> npt.NDArray[np.float64]:
        """xmin, ymin, xmax, ymax of all of them."""
        return np.asarray(shapely.total_bounds(self.shapes))

    def locate(self, xy: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """
        Find the woonplaats of each point.

        Parameters
        ----------
        xy
            Shape (n, 2).

        Returns
        -------
        codes
            Woonplaats code, or -1 outside the region. A point on a border goes to the lowest code.
        """
        found = np.full(len(xy), NONE, dtype=np.int64)
        for code, shape in zip(self.codes[::-1], self.shapes[::-1], strict=True):
            box = within(xy, shapely.bounds(shape))
            at = np.flatnonzero(box)
            inside = shapely.intersects_xy(shape, xy[at, 0], xy[at, 1])
            found[at[inside]] = code
        return found


def within(xy: npt.NDArray[np.float64], bounds: npt.NDArray[np.float64], halo: float = 0.0) -> npt.NDArray[np.bool_]:
    """
    Tell which points lie in a box.

    Parameters
    ----------
    xy
        Shape (n, 2).
    bounds
        xmin, ymin, xmax, ymax.
    halo
        Metres by which the box is widened.

    Returns
    -------
    inside
        Shape (n,); False for NaN.
    """
    x, y = xy.T
    west, south, east, north = bounds
    return np.asarray((x >= west - halo) & (x <= east + halo) & (y >= south - halo) & (y <= north + halo))


def save_ids(folder: Path, name: str, ids: npt.NDArray[np.int64], values: npt.NDArray[np.int64] | None = None) -> None:
    """
    Leave sorted ids for the workers, with a value for each when given.

    Parameters
    ----------
    folder
        The region's folder.
    name
        Object type that the ids are of.
    ids, values
        Shape (n,).
    """
    order = np.argsort(ids, kind="stable")
    path = folder / f"{name}.npy"
    part = path.with_suffix(".part.npy")
    np.save(part, np.stack([ids[order], (ids if values is None else values)[order]]))
    part.replace(path)


def wait_for(folder: str, name: str, parent: int) -> None:
    """
    Wait until ids are left, for as long as who would leave them lives.

    Parameters
    ----------
    folder, name
        As for :func:`save_ids`.
    parent
        Number of the process that started this one. It ends this one when it will not leave them, unless it was killed
        itself.

    Raises
    ------
    SystemExit
        It is gone.
    """
    while not (Path(folder) / f"{name}.npy").exists():
        if os.getppid() != parent:
            raise SystemExit(1)
        time.sleep(_LOOK_AGAIN)


def save_outlines(folder: Path, outlines: Outlines) -> None:
    """Leave the woonplaatsen for the workers."""
    np.save(folder / "codes.npy", outlines.codes)
    (folder / "outlines.wkb").write_bytes(shapely.to_wkb(shapely.geometrycollections(outlines.shapes)))


@lru_cache(maxsize=8)
def load_outlines(folder: str) -> Outlines:
    """Take up the woonplaatsen, once per process."""
    shapes = shapely.get_parts(shapely.from_wkb((Path(folder) / "outlines.wkb").read_bytes()))
    shapely.prepare(shapes)
    return Outlines(np.load(Path(folder) / "codes.npy"), shapes)


@lru_cache(maxsize=8)
def load_ids(folder: str, name: str) -> npt.NDArray[np.int64]:
    """Take up ids and values, shape (2, n), once per process."""
    return np.asarray(np.load(Path(folder) / f"{name}.npy"))


def write(rows: pa.Table, path: Path) -> int:
    """Leave rows on disk, and give the checksum (CRC-32) of the file; nothing and 0 where there are none."""
    if not rows.num_rows:
        return 0
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, rows.schema) as writer:
        writer.write_table(rows)
    data = sink.getvalue()
    path.write_bytes(data)
    return crc32(data)


def opened(path: Path) -> pa.Table:
    """Map rows that were left on disk."""
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()


def look_up(
    known: npt.NDArray[np.int64], ids: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """
    Look ids up in a sorted list.

    Parameters
    ----------
    known
        Ids and values, shape (2, m), sorted by id.
    ids
        Shape (n,).

    Returns
    -------
    found
        Whether each is known.
    values
        Its value; -1 where it is not.
    """
    if known.shape[1] == 0:
        return np.zeros(len(ids), dtype=bool), np.full(len(ids), NONE, dtype=np.int64)
    at = np.minimum(np.searchsorted(known[0], ids), known.shape[1] - 1)
    found = known[0][at] == ids
    return found, np.where(found, known[1][at], NONE)
