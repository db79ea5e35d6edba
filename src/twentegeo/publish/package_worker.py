"""
A process that writes a GeoPackage: rows come as Arrow streams on standard input, answers go out as lines.

``python -m twentegeo.publish.package_worker PATH``

pyogrio holds Python's lock for as long as GDAL writes, so that a thread would stand in everyone's way; a process uses
a core of its own. It imports little, for it starts every night.
"""

from __future__ import annotations

import io
import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from twentegeo.processes import end, own_output, own_python
from twentegeo.resources import give_back, give_way, unhurried

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pyarrow as pa

_BATCH_ROWS = 16_384
"""Rows that travel together; the process needs memory for one such batch."""

_PIECE_BYTES = 16_000_000
"""Bytes that are written to the pipe at a time."""


class Worker:
    """
    The process, as seen by who started it.

    Parameters
    ----------
    path
        The GeoPackage; the first layer makes it.
    options
        GDAL's configuration options by name.
    """

    def __init__(self, path: Path, options: Mapping[str, str]) -> None:
        self._process = own_python(__name__, str(path), options=options)

    @property
    def pid(self) -> int:
        """Number by which the system knows it."""
        return self._process.pid

    def ask(self, task: str, about: str, told: Mapping[str, Any], rows: pa.Table | None = None) -> Any:
        """
        Have something done, and wait for it.

        Parameters
        ----------
        task
            Name of one of :data:`TASKS`.
        about
            What it is about, for whoever reads that it went wrong.
        told
            Arguments of the task, as JSON knows them.
        rows
            Its rows, where it takes any; geometry as WKB.

        Returns
        -------
        answer
            What the task gave, as JSON knows it.

        Raises
        ------
        OSError
            GDAL or SQLite refused, or the process died; the message says what it said.
        """
        process = self._process
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the process has no pipes")
        try:
            process.stdin.write(json.dumps({"task": task, "told": told, "rows": rows is not None}).encode() + b"\n")
            process.stdin.flush()
            if rows is not None:
                _send(rows, process.stdin)
        except BrokenPipeError:
            pass  # what it said before it left tells more
        answer = process.stdout.readline()
        if not answer:
            raise OSError(f"het schrijvende proces viel weg bij {about}")
        said = json.loads(answer)
        if "error" in said:
            raise OSError(said["error"])
        return said["done"]

    def end(self) -> None:
        """End the process at once: whoever asked it for something has had the answer, or does not wait for it."""
        end(self._process, at_once=True)


def _send(rows: pa.Table, to: IO[bytes]) -> None:
    """Send rows in large pieces: each waits for Python's lock, which the caller holds most of the time."""
    import pyarrow as pa  # noqa: PLC0415 - the process itself does not need it before the first layer

    with (
        io.FileIO(to.fileno(), "wb", closefd=False) as pipe,
        pa.output_stream(pipe, buffer_size=_PIECE_BYTES) as pieces,
        pa.ipc.new_stream(pieces, rows.schema) as stream,
    ):
        stream.write_table(rows, max_chunksize=_BATCH_ROWS)


# -- what the process does -----------------------------------------------------------------------------------


def write(path: Path, rows: pa.RecordBatchReader, wanted: Mapping[str, Any]) -> None:
    """
    Write a layer.

    Parameters
    ----------
    path
        The GeoPackage; made when absent.
    rows
        Its rows; geometry as WKB.
    wanted
        Arguments for ``pyogrio.write_arrow``.
    """
    import pyogrio  # noqa: PLC0415 - the module is also imported by who starts the process

    pyogrio.write_arrow(rows, path, append=path.exists(), **wanted)


def take_over(path: Path, _rows: None, base: str, crc32: int, layers: Sequence[str]) -> list[str]:
    """Start from another package; see :func:`twentegeo.publish.copied.take_over`."""
    from twentegeo.publish import copied  # noqa: PLC0415 - as above

    return copied.take_over(Path(base), crc32, path, layers)


def remove(path: Path, _rows: None, layer: str, key: str, keys: Sequence[str]) -> bool | None:
    """Remove features from a layer of another package; see :func:`twentegeo.publish.carried.remove`."""
    from twentegeo.publish import carried  # noqa: PLC0415 - as above

    return carried.remove(path, layer, key, keys)


def bring_up_to_date(path: Path, rows: pa.RecordBatchReader, target: Mapping[str, Any]) -> bool:
    """Bring a layer of another package up to date; see :func:`twentegeo.publish.carried.bring_up_to_date`."""
    from twentegeo.publish import carried  # noqa: PLC0415 - as above

    return carried.bring_up_to_date(path, carried.Target(**target), rows.read_all())


def set_throughout(path: Path, _rows: None, layer: str, constants: Mapping[str, Any]) -> None:
    """Give columns of a layer one value; see :func:`twentegeo.publish.carried.set_throughout`."""
    from twentegeo.publish import carried  # noqa: PLC0415 - as above

    carried.set_throughout(path, layer, constants)


def drop(path: Path, _rows: None, layers: Sequence[str]) -> None:
    """Remove layers of another package; see :func:`twentegeo.publish.copied.drop`."""
    from twentegeo.publish import copied  # noqa: PLC0415 - as above

    copied.drop(path, layers)


def fill_in(path: Path, rows: pa.RecordBatchReader, layer: str) -> None:
    """Fill in a column of a layer; see :func:`twentegeo.publish.carried.fill_in`."""
    from twentegeo.publish import carried  # noqa: PLC0415 - as above

    carried.fill_in(path, layer, rows.read_all())


TASKS: Final[Mapping[str, Callable[..., Any]]] = {
    one.__name__: one for one in (write, take_over, set_throughout, remove, bring_up_to_date, drop, fill_in)
}
"""What can be asked of the process: each gets the package, the rows that came along (or None), and what it was told."""


def main(path: str, stdin: IO[bytes], stdout: IO[bytes]) -> None:
    """
    Do what is asked until the input ends.

    Parameters
    ----------
    path
        The GeoPackage.
    stdin
        Per task a line of JSON, and an Arrow stream where it says so.
    stdout
        Gets a line of JSON per task: ``done`` with the answer, or ``error`` with what GDAL or SQLite said, after which
        nothing more is read.
    """
    import pyarrow as pa  # noqa: PLC0415 - the module is also imported by who starts the process

    for line in stdin:
        asked = json.loads(line)
        try:
            with pa.ipc.open_stream(stdin) if asked["rows"] else nullcontext() as rows:
                answer = {"done": TASKS[asked["task"]](Path(path), rows, **asked["told"])}
        except Exception as error:  # noqa: BLE001 - whatever it is, the process that asked must know
            answer = {"error": str(error)}
        try:
            stdout.write(json.dumps(answer).encode() + b"\n")
        except BrokenPipeError:
            return  # who asked is gone, and with it the release in the making
        if "error" in answer:
            return
        give_back()


if __name__ == "__main__":
    unhurried()
    give_way()
    main(sys.argv[1], sys.stdin.buffer, own_output())
