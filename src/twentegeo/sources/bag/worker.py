"""
One member in, one small Arrow file out: the unit of work, and the process that does it.

A member is inflated, cut in stands, judged on the day, filtered on the region, and only then given geometry. What goes
back is counts and the path of a file, so memory holds one member at a time.

Run as ``python -m twentegeo.sources.bag.worker`` it takes tasks as lines of JSON on standard input, and answers each
with one line. It ends when its input does, so it never outlives the process that started it.
"""

from __future__ import annotations

import json
import sys
import traceback
from dataclasses import asdict, dataclass
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa

from twentegeo.errors import SourceChanged, TwenteGeoError
from twentegeo.sources.bag import region
from twentegeo.sources.bag.archive import Member
from twentegeo.sources.bag.current import Day
from twentegeo.sources.bag.handover import write
from twentegeo.sources.bag.members import Task, voorkomens
from twentegeo.sources.bag.recall import marked
from twentegeo.sources.bag.rows import rows_at
from twentegeo.sources.bag.slow import EXTRACT_REMEDY


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
    """

    path: str | None
    counts: dict[str, int]
    checksum: int = 0


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
    try:
        table, counts = voorkomens(task.member.read(), task)
        rows = _in_order(region.KEEP[task.kind](table, task, counts))
    except pa.ArrowInvalid as error:
        what = f"heeft een waarde die niet te lezen is ({str(error)[:80]})"
        raise SourceChanged(task.member.complaint(what, EXTRACT_REMEDY)) from error
    if rows.num_rows == 0:
        return Result(None, counts)
    return Result(task.target, counts, write(marked(rows), Path(task.target)))


def _in_order(rows: pa.Table) -> pa.Table:
    """Sort by id; voorkomens of one object as they stand in the member."""
    order = np.lexsort((rows["plaats"].to_numpy(), rows["id"].to_numpy()))
    rows = rows.drop_columns("plaats")
    return rows_at(rows, order)


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
