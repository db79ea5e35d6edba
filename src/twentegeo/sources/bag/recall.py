"""
Stands that an earlier delivery held, known again by a print and not parsed again.

A delivery of the next month says of most objects what the last one said, to the byte, but in other members and at other
places in them. What came of a stand follows from its bytes and the code alone, so the rows of one delivery, with the
print of the stand that each came from, serve the next. Judging on the day and filtering on the region are done anew.

Prints are Python's own hash of the bytes (SipHash, 64 bits), which takes a tenth of the time of a digest. It is keyed
per process; workers are started with one key. Rows say what the key made of a known text: under another they are not
used.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from twentegeo.sources.bag.handover import opened
from twentegeo.sources.bag.rows import rows_at
from twentegeo.sources.deflate import crc32
from twentegeo.store import write_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

PRINTED: Final = ("NUM", "VBO", "PND")
"""Types whose stands are known again; of the others there are few."""

SIDES: Final = ("xmin", "ymin", "xmax", "ymax")
"""Columns with the box of an outline, metres."""

MADE: Final = {
    # what is made of the geometry of a stand, so that its text need not be kept
    "NUM": (),
    "VBO": (("x", pa.float64()), ("y", pa.float64())),
    "PND": (("hersteld", pa.bool_()), *((name, pa.float64()) for name in ("x", "y", *SIDES))),
}
FACTS: Final = "facts.json"
"""Names the files with their checksums; written last, so that a folder without it is none."""

_ROWS: Final = "{kind}-*.arrow"
_AS_READ: Final = "stand."
_KEY: Final = b"print of twentegeo"
_TEXTS: Final = {"ring", "holes", "pos", "dim"}


def prints(stands: list[bytes]) -> Ints:
    """
    Take a print of stands.

    Parameters
    ----------
    stands
        Their bytes, n of them.

    Returns
    -------
    prints
        (n,) 64 bits each.
    """
    return np.fromiter(map(hash, stands), dtype=np.int64, count=len(stands))


def _none() -> Ints:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Recall:
    """
    Rows of one type of an earlier delivery.

    Attributes
    ----------
    tables
        One per file, with the columns that a stand is read as.
    prints
        (n,) prints of the stands that they came from, sorted.
    rows
        (n,) the row of each, counted over all files.
    """

    tables: tuple[pa.Table, ...] = ()
    prints: Ints = field(default_factory=_none)
    rows: Ints = field(default_factory=_none)

    @classmethod
    def of(cls, tables: Iterable[pa.Table]) -> Recall:
        """Take rows up; those whose stand was read the slow way have no print and are never found."""
        held = tuple(tables)
        column = pa.chunked_array([chunk for table in held for chunk in table["print"].chunks], pa.int64())
        rows = np.flatnonzero(column.is_valid().to_numpy())
        found = column.drop_null().to_numpy()
        # which of equal ones plays no part: they came from the same bytes
        order = np.argsort(found)
        return cls(held, found[order], rows[order])

    def find(self, stands: Ints) -> Ints:
        """Tell which row each print belongs to; -1 where there is none."""
        if not len(self.prints):
            return np.full(len(stands), -1, dtype=np.int64)
        # in order, each is found near the one before it, which is still at hand in the processor
        order = np.argsort(stands)
        at = np.empty(len(stands), dtype=np.int64)
        at[order] = np.minimum(np.searchsorted(self.prints, stands[order]), len(self.prints) - 1)
        return np.where(self.prints[at] == stands, self.rows[at], -1)

    def taken(self, rows: Ints) -> list[pa.Table]:
        """Give rows, one or more; they stand in few files, each of which is asked once for a run of them."""
        start = np.cumsum([0, *(table.num_rows for table in self.tables)])
        file = np.searchsorted(start, rows, side="right") - 1
        turns = np.flatnonzero(np.diff(file)) + 1
        return [
            rows_at(self.tables[file[run[0]]], rows[run] - start[file[run[0]]])
            for run in np.split(np.arange(len(rows)), turns)
        ]


@lru_cache(maxsize=4)
def load(folder: str, kind: str, schema: pa.Schema) -> Recall:
    """
    Take up the rows of a type, once per process.

    Parameters
    ----------
    folder
        Where :func:`keep` left them, found whole; empty for none.
    kind
        Object type.
    schema
        Columns wanted.

    Returns
    -------
    recall
        Nothing in it where nothing was kept, or prints were taken under another key.
    """
    if not folder:
        return Recall()
    tables = (opened(path) for path in sorted(Path(folder).glob(_ROWS.format(kind=kind))))
    return Recall.of(_as_read(table, schema) for table in tables if (table.schema.metadata or {}).get(_KEY) == _key())


def _key() -> bytes:
    return str(hash(_KEY)).encode()


def beside(rows: pa.Table, read: pa.Table) -> pa.Table:
    """
    Lay what a later delivery needs of the stands beside the region's rows.

    Parameters
    ----------
    rows
        What :mod:`twentegeo.sources.bag.region` made of them.
    read
        The same rows as they were read; texts of geometry are left out.

    Returns
    -------
    rows
        With what they do not say themselves in columns of its own.
    """
    for column in read.schema:
        if column.name not in _TEXTS and not _says(rows.schema, column):
            rows = rows.append_column(_AS_READ + column.name, read[column.name])
    return rows


def marked(rows: pa.Table) -> pa.Table:
    """Say under which key the prints were taken."""
    return rows.replace_schema_metadata({_KEY: _key()})


def without(rows: pa.Table) -> pa.Table:
    """Leave the columns of :func:`beside` out."""
    return rows.select([name for name in rows.column_names if not name.startswith(_AS_READ)])


def _says(schema: pa.Schema, column: pa.Field) -> bool:
    return column.name in schema.names and schema.field(column.name).type == column.type


def _as_read(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    columns = []
    for column in schema:
        if _AS_READ + column.name in rows.column_names:
            columns.append(rows[_AS_READ + column.name])
        else:
            columns.append(rows[column.name] if _says(rows.schema, column) else pa.nulls(rows.num_rows, column.type))
    return pa.table(columns, schema=schema)


def keep(folder: Path, files: Mapping[Path, int]) -> None:
    """
    Put the rows of a delivery where the next will look for them, in place of those that are there.

    Parameters
    ----------
    folder
        Its place; nothing else in it is touched.
    files
        What workers wrote, with the checksum (CRC-32) of each; they are moved.

    Raises
    ------
    OSError
        The disk refused; the place is empty or as it was.
    """
    discard(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for path in files:
        path.replace(folder / path.name)
    write_json(folder / FACTS, {path.name: crc for path, crc in files.items()})


def whole(folder: Path) -> bool:
    """
    Tell whether everything that was kept is there as it was written: after a power cut files may have lost content.

    Parameters
    ----------
    folder
        As for :func:`keep`; may be absent.
    """
    try:
        stated: dict[str, Any] = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        return all(crc32((folder / name).read_bytes()) == crc for name, crc in stated.items())
    except (OSError, ValueError, AttributeError):
        return False


def discard(folder: Path) -> None:
    """
    Remove the rows that are kept in a folder, and nothing else that is in it.

    Whoever dies over it leaves nothing that is taken for whole.

    Parameters
    ----------
    folder
        As for :func:`keep`; may be absent.
    """
    (folder / FACTS).unlink(missing_ok=True)
    for kind in PRINTED:
        for path in folder.glob(_ROWS.format(kind=kind)):
            path.unlink()
