"""
Rows of stands that deliveries left on disk for the next (:mod:`~twentegeo.sources.bag.recall`).

A file is never changed: what a delivery says for the first time is put beside what is there. Rows that no delivery has
said again stay until they are a fifth of their file, which is then written anew. Which files count, with their
checksums, stands in one file that is replaced last.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count, product
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from twentegeo.sources.bag.handover import opened, write
from twentegeo.sources.bag.passages import Passages
from twentegeo.sources.bag.recall import PRINT, PRINTED, Recall, as_read, day_of, key_of, leave
from twentegeo.sources.bag.rows import rows_at
from twentegeo.sources.deflate import crc32
from twentegeo.store import write_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

FACTS: Final = "facts.json"
"""Names the files with their checksums; written last, so that a folder without it is none."""

NO_ORDER: Final[Mapping[str, Sequence[Path]]] = MappingProxyType({})

WORTH: Final = 0.8
"""Share of the rows of a file that has to be said again for it to stay as it is."""

_ORDER: Final = "order"
_FILES: Final = ("{kind}-*.arrow", _ORDER + "-{kind}-*.arrow")


@dataclass(frozen=True)
class Memory:
    """
    Rows of one type that are kept, n over all files.

    Attributes
    ----------
    kind
        Object type.
    files
        Their tables as they lie on disk, mapped, and the checksum (CRC-32) of each.
    order
        In which order the last delivery had its stands, see :mod:`twentegeo.sources.bag.passages`; None where that was
        not kept.
    """

    kind: str
    files: dict[Path, tuple[pa.Table, int]]
    order: pa.Table | None = None

    @cached_property
    def _start(self) -> Ints:
        return np.cumsum([0, *(table.num_rows for table, _ in self.files.values())])

    def leave_prints(self, region: Path, day: str) -> None:
        """
        Leave prints for those who read members; rows of a member that was read the slow way as a whole have none.

        Parameters
        ----------
        region
            Folder of the reading.
        day
            The reference date. What had ended by an earlier day has ended now; not the other way round.
        """
        found: dict[bytes, list[tuple[Ints, Ints]]] = {}
        for (table, _), start in zip(self.files.values(), self._start.tolist(), strict=False):
            rows = np.flatnonzero(table[PRINT].is_valid().to_numpy())
            found.setdefault(key_of(table), []).append((table[PRINT].drop_null().to_numpy(), rows + start))
        for key, parts in found.items():
            prints, rows = (np.concatenate(pieces) for pieces in zip(*parts, strict=True))
            # which of equal ones plays no part: they came from the same bytes
            order = np.argsort(prints)
            known = Recall(prints[order], rows[order])
            if self.order is not None and key_of(self.order) == key and day_of(self.order) <= day:
                passages = Passages.of(self.order, known.find(self.order["print"].to_numpy()))
                known = replace(known, passages=passages)
            leave(region, self.kind, key, known)

    def read(self, schema: pa.Schema) -> pa.Table:
        """
        Give all rows as they were read.

        Parameters
        ----------
        schema
            Columns of a stand that was read.

        Returns
        -------
        table
            n rows, see :func:`twentegeo.sources.bag.recall.as_read`.
        """
        return pa.concat_tables([as_read(table, schema) for table, _ in self.files.values()])

    def said(self, rows: Ints) -> Iterator[tuple[Path, Ints]]:
        """Tell which files some of `rows` lie in, and where in them: each once, in order."""
        there = np.zeros(self._start[-1], dtype=bool)
        there[rows] = True
        for path, start, stop in zip(self.files, self._start[:-1], self._start[1:], strict=True):
            here = np.flatnonzero(there[start:stop])
            if len(here):
                yield path, here


def take_up(folder: Path | None) -> dict[str, Memory]:
    """
    Take up what is kept.

    Parameters
    ----------
    folder
        As for :func:`keep`, may be absent; None for none.

    Returns
    -------
    memory
        By object type. Nothing where not everything is there as it was written: after a power cut files may have lost
        content.
    """
    if folder is None:
        return {}
    try:
        stated: dict[str, int] = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        if not all(crc32((folder / name).read_bytes()) == crc for name, crc in stated.items()):
            return {}
    except (OSError, ValueError, AttributeError):
        return {}
    found: dict[str, dict[Path, tuple[pa.Table, int]]] = {}
    orders: dict[str, pa.Table] = {}
    for name, crc in sorted(stated.items()):
        first, second, *_ = name.split("-")
        if first == _ORDER:
            orders[second] = opened(folder / name)
        else:
            found.setdefault(first, {})[folder / name] = opened(folder / name), crc
    return {kind: Memory(kind, files, orders.get(kind)) for kind, files in found.items() if kind in PRINTED}


def keep(
    folder: Path,
    new: Mapping[Path, int],
    again: Iterable[tuple[Memory, Ints]] = (),
    order: Mapping[str, Sequence[Path]] = NO_ORDER,
) -> None:
    """
    Put the rows of a delivery where the next will look for them.

    Parameters
    ----------
    folder
        Their place; nothing else in it is touched.
    new
        Files with rows that were not kept, with the checksum (CRC-32) of each; they are moved.
    again
        What was kept and the rows of it that the delivery said again. What is in neither is removed.
    order
        By object type, files that say in which order its members have their stands, one after another.

    Raises
    ------
    OSError
        The disk refused; what was kept is as it was, or there is nothing that is taken for whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    taken = [int(name) for path in folder.glob("*-*.arrow") if (name := path.stem.rpartition("-")[2]).isdecimal()]
    number = count(max(taken, default=-1) + 1)
    stated: dict[str, int] = {}
    for memory, rows in again:
        for path, here in memory.said(rows):
            table, crc = memory.files[path]
            if len(here) < WORTH * table.num_rows:
                path = folder / _name(memory.kind, next(number))  # noqa: PLW2901 - another file for the same rows
                crc = write(rows_at(table, here), path)
            stated[path.name] = crc
    for path, crc in new.items():
        name = _name(path.name.partition("-")[0], next(number))
        path.replace(folder / name)
        stated[name] = crc
    for kind, parts in order.items():
        if tables := [opened(path) for path in parts]:
            name = _name(f"{_ORDER}-{kind}", next(number))
            stated[name] = write(pa.concat_tables(tables), folder / name)
    write_json(folder / FACTS, stated)
    _remove(folder, stated)


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
    _remove(folder, ())


def _name(kind: str, number: int) -> str:
    return f"{kind}-{number:05d}.arrow"


def _remove(folder: Path, but: Iterable[str]) -> None:
    for kind, files in product(PRINTED, _FILES):
        for path in folder.glob(files.format(kind=kind)):
            if path.name not in but:
                # Windows leaves a file that is mapped where it is: it goes the next time
                with suppress(PermissionError):
                    path.unlink()
