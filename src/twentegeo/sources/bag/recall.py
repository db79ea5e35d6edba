"""
Stands that an earlier delivery held, known again by a print and not parsed again.

A delivery of the next month says of most objects what the last one said, to the byte, but in other members and at other
places in them. What came of a stand follows from its bytes and the code alone, so the rows of one delivery, with the
print of the stand that each came from, serve the next. Judging on the day and filtering on the region are done anew.
Those who read members only tell which rows a member says again; the rows themselves stay where they are
(:mod:`~twentegeo.sources.bag.memory`).

Prints are Python's own hash of the bytes (SipHash, 64 bits), which takes a tenth of the time of a digest. It is keyed
per process; workers are started with one key. Rows say what the key made of a known text: under another they are not
used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from twentegeo.sources.bag.passages import Passages

if TYPE_CHECKING:
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

NUMBERS: Final = (
    *("voorkomen", "openbare_ruimte", "huisnummer"),
    *("nummeraanduiding", "oppervlakte", "pand", "bouwjaar"),
)
"""Columns of digits, kept as numbers (-1 for none) instead of as they were read."""

_AS_READ: Final = "stand."
PRINT: Final = f"{_AS_READ}print"
"""Column of :func:`beside` with the print of the stand; null where its whole member was read the slow way."""

_KEY: Final = b"print of twentegeo"
_DAY: Final = b"day"
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
    Prints of the stands of one type that are known.

    Attributes
    ----------
    prints
        (n,) sorted.
    rows
        (n,) the row of each among what is kept.
    passages
        In which order a delivery had them; None where that is of no use.
    """

    prints: Ints = field(default_factory=_none)
    rows: Ints = field(default_factory=_none)
    passages: Passages | None = None

    def find(self, stands: Ints) -> Ints:
        """Tell which row each print belongs to; -1 where there is none."""
        if not len(self.prints):
            return np.full(len(stands), -1, dtype=np.int64)
        # in order, each is found near the one before it, which is still at hand in the processor
        order = np.argsort(stands)
        at = np.empty(len(stands), dtype=np.int64)
        at[order] = np.minimum(np.searchsorted(self.prints, stands[order]), len(self.prints) - 1)
        return np.where(self.prints[at] == stands, self.rows[at], -1)


def leave(region: Path, kind: str, key: bytes, recall: Recall) -> None:
    """
    Leave prints for those who read members.

    Parameters
    ----------
    region
        Folder of this reading.
    kind
        Object type.
    key
        Of :func:`key_of`: under which they were taken.
    recall
        The prints.
    """
    path = _left(region, kind, key)
    np.save(path, np.stack([recall.prints, recall.rows]))
    if recall.passages is not None:
        recall.passages.leave(_order(path))


@lru_cache(maxsize=4)
def load(region: str, kind: str) -> Recall:
    """
    Take up the prints of a type, once per process.

    Parameters
    ----------
    region, kind
        As for :func:`leave`.

    Returns
    -------
    recall
        Nothing in it where none were left, or none that were taken under the key of this process.
    """
    path = _left(Path(region), kind, _key())
    if not path.exists():
        return Recall()
    prints, rows = np.load(path)
    return Recall(prints, rows, Passages.left(_order(path)) if _order(path).exists() else None)


def _left(region: Path, kind: str, key: bytes) -> Path:
    return region / f"prints-{kind}-{key.decode()}.npy"


def _order(path: Path) -> Path:
    return path.with_suffix(".order.npz")


def _key() -> bytes:
    return str(hash(_KEY)).encode()


def marked(rows: pa.Table, day: str = "") -> pa.Table:
    """Say under which key the prints were taken, that of this process, and for which day where that matters."""
    return rows.replace_schema_metadata({_KEY: _key(), _DAY: day.encode()})


def day_of(rows: pa.Table) -> str:
    """Tell for which day rows were made; empty where that is not said."""
    return bytes((rows.schema.metadata or {}).get(_DAY, b"")).decode()


def key_of(rows: pa.Table) -> bytes:
    """Tell under which key the prints were taken; empty where that is not said."""
    return bytes((rows.schema.metadata or {}).get(_KEY, b""))


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


def without(rows: pa.Table) -> pa.Table:
    """Leave the columns of :func:`beside` out."""
    return rows.select([name for name in rows.column_names if not name.startswith(_AS_READ)])


def as_read(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """
    Give rows as they were before :func:`beside`.

    Parameters
    ----------
    rows
        With its columns.
    schema
        Columns of a stand that was read.

    Returns
    -------
    read
        Its columns; null in what was not kept, and numbers in those of :data:`NUMBERS`.
    """
    columns = {}
    for column in schema:
        if _AS_READ + column.name in rows.column_names:
            columns[column.name] = rows[_AS_READ + column.name]
        elif _says(rows.schema, column):
            columns[column.name] = rows[column.name]
        else:
            columns[column.name] = pa.nulls(rows.num_rows, column.type)
    return pa.table(columns)


def _says(schema: pa.Schema, column: pa.Field) -> bool:
    if column.name not in schema.names:
        return False
    said = schema.field(column.name).type
    return bool(said == column.type or (column.name in NUMBERS and said == pa.int64()))
