"""
One member in, one small Arrow file out: the unit of work, and the process that does it.

A member is inflated, cut in stands, judged on the day, filtered on the region, and only then given geometry. What goes
back is counts and the path of a file, so memory holds one member at a time.

Run as ``python -m twentegeo.sources.bag.worker`` it takes tasks as lines of JSON on standard input, and answers each
with one line. It ends when its input does, so it never outlives the process that started it.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from dataclasses import asdict, dataclass
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from twentegeo.errors import SourceChanged, TwenteGeoError
from twentegeo.sources.bag import region
from twentegeo.sources.bag.archive import Member
from twentegeo.sources.bag.current import Day
from twentegeo.sources.bag.handover import wait_for, write
from twentegeo.sources.bag.members import Task, Voorkomens, voorkomens
from twentegeo.sources.bag.recall import marked
from twentegeo.sources.bag.slow import EXTRACT_REMEDY

if TYPE_CHECKING:
    import numpy.typing as npt

PARENT: Final = os.getppid()
"""Number of the process that started this one."""

FEW: Final = 500
"""Rows of a member, beside those that are known, that the main process filters with those of other members."""

WORTH_KNOWING: Final = 0.25
"""Share of the stands of a member that have to be of the region for its order to be kept; a third have ended."""


@dataclass(frozen=True, slots=True)
class Result:
    """
    What came of a task.

    Attributes
    ----------
    path
        The Arrow file; None where nothing of the region was in the member.
    counts
        Stands, fast, slow, ended and so on; to be added up.
    checksum
        Of the file, CRC-32.
    few
        Arrow file with rows as they were read, to be filtered with those of other members; None for none.
    known
        File with the rows that are known, see :class:`twentegeo.sources.bag.members.Voorkomens`; None for none.
    order
        Arrow file with what the next delivery can know the member by; None for nothing.
    """

    path: str | None
    counts: dict[str, int]
    checksum: int = 0
    few: str | None = None
    known: str | None = None
    order: str | None = None


def run(task: Task) -> Result:
    """
    Read one member.

    Parameters
    ----------
    task
        The member and what is wanted of it.

    Returns
    -------
    result
        Counts, and the file with the region's rows.

    Raises
    ------
    SourceUnavailable
        The member is damaged or cut off.
    SourceChanged
        The member is no stand of schema v20200601, or holds values that cannot be.
    """
    table, counts, known, order = _read(task)
    path = Path(task.target)
    told = _saved(known, path)
    if told and table.num_rows <= FEW:
        few = path.with_suffix(".few.arrow")
        write(marked(table), few)
        left = _ordered(order, known.shape[1], task)
        return Result(None, counts, few=str(few) if table.num_rows else None, known=told, order=left)
    if task.after:
        wait_for(task.region, task.after, PARENT)
    rows = filtered(table, task, counts)
    checksum = write(marked(rows), path)
    left = _ordered(order, known.shape[1] + rows.num_rows, task)
    return Result(str(path) if rows.num_rows else None, counts, checksum, known=told, order=left)


def _read(task: Task) -> Voorkomens:
    try:
        return voorkomens(task.member.read(), task)
    except pa.ArrowInvalid as error:
        raise _unreadable(task, error) from error


def filtered(table: pa.Table, task: Task, counts: dict[str, int]) -> pa.Table:
    """
    Choose the rows of a member that belong to the region.

    Parameters
    ----------
    table
        Its voorkomens.
    task
        The member and what is wanted of it.
    counts
        Added to.

    Returns
    -------
    rows
        See :mod:`twentegeo.sources.bag.region`.

    Raises
    ------
    SourceChanged
        The member holds values that cannot be.
    """
    try:
        return region.KEEP[task.kind](table, task, counts)
    except pa.ArrowInvalid as error:
        raise _unreadable(task, error) from error


def _unreadable(task: Task, error: pa.ArrowInvalid) -> SourceChanged:
    what = f"heeft een waarde die niet te lezen is ({str(error)[:80]})"
    return SourceChanged(task.member.complaint(what, EXTRACT_REMEDY))


def _saved(known: npt.NDArray[np.int64], path: Path) -> str | None:
    if not known.size:
        return None
    path = path.with_suffix(".known.npy")
    np.save(path, known)
    return str(path)


def _ordered(order: pa.Table | None, kept: int, task: Task) -> str | None:
    """Leave the order of a member of which enough lies in the region: the country has ten times as many stands."""
    if order is None or kept < WORTH_KNOWING * len(order):
        return None
    path = Path(task.target).with_suffix(".order.arrow")
    write(marked(order, task.day.reference), path)
    return str(path)


def packed(task: Task) -> str:
    """Write a task as a line of JSON."""
    return json.dumps(asdict(task))


def unpacked(line: str) -> Task:
    """Read a task from a line of JSON."""
    fields: dict[str, Any] = json.loads(line)
    fields["member"] = Member(**fields["member"])
    fields["day"] = Day(**fields["day"])
    return Task(**fields)


def answer(line: str) -> dict[str, Any]:
    """
    Do a task and put what came of it, good or bad, in plain values.

    Parameters
    ----------
    line
        The task.

    Returns
    -------
    answer
        ``result``, or ``error`` (a class of :mod:`twentegeo.errors`) with ``message``, or ``traceback``.
    """
    try:
        return {"result": asdict(run(unpacked(line)))}
    except TwenteGeoError as error:
        return {"error": type(error).__name__, "message": str(error)}
    except Exception:  # noqa: BLE001 - the other process raises it again
        return {"traceback": traceback.format_exc()}


def serve(tasks: IO[str], answers: IO[str]) -> None:
    """Answer tasks until there are no more."""
    for line in tasks:
        answers.write(json.dumps(answer(line)) + "\n")
        answers.flush()


class WithoutPandas(MetaPathFinder):
    """Hide pandas, which pyarrow would import at its first conversion: a second in each worker, for nothing."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:  # noqa: ARG002
        """Say that pandas is not there, and nothing of other modules."""
        if fullname == "pandas":
            raise ModuleNotFoundError("pandas is hidden from this process", name=fullname)


def main() -> None:
    """Serve on the standard streams; anything else that prints goes to standard error."""
    sys.meta_path.insert(0, WithoutPandas())
    answers, sys.stdout = sys.stdout, sys.stderr
    # the processes share the cores already
    pa.set_cpu_count(1)
    answers.write(json.dumps({"ready": True}) + "\n")
    answers.flush()
    serve(sys.stdin, answers)


if __name__ == "__main__":
    main()
