"""
A process that writes layers into a GeoPackage: rows come as Arrow streams on standard input, answers go out as lines.

``python -m twentegeo.publish.package_worker PATH``

pyogrio holds Python's lock for as long as GDAL writes, so that a thread would stand in everyone's way; a process uses
a core of its own. It imports little, for it starts every night.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from twentegeo.processes import end, own_output, own_python

if TYPE_CHECKING:
    from collections.abc import Mapping

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

    def write(self, rows: pa.Table, wanted: Mapping[str, Any]) -> None:
        """
        Have a layer written, and wait for it.

        Parameters
        ----------
        rows
            Its rows; geometry as WKB.
        wanted
            Arguments for ``pyogrio.write_arrow``, as JSON knows them.

        Raises
        ------
        OSError
            GDAL refused, or the process died; the message says what it said.
        """
        import pyarrow as pa  # noqa: PLC0415 - the process itself does not need it before the first layer

        process = self._process
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the process has no pipes")
        try:
            process.stdin.write(json.dumps(wanted).encode() + b"\n")
            process.stdin.flush()
            # in large pieces: each waits for Python's lock, which the caller holds most of the time
            with (
                io.FileIO(process.stdin.fileno(), "wb", closefd=False) as pipe,
                pa.output_stream(pipe, buffer_size=_PIECE_BYTES) as pieces,
                pa.ipc.new_stream(pieces, rows.schema) as stream,
            ):
                stream.write_table(rows, max_chunksize=_BATCH_ROWS)
        except BrokenPipeError:
            pass  # what it said before it left tells more
        answer = process.stdout.readline()
        if not answer:
            raise OSError(f"het schrijvende proces viel weg bij {wanted['layer']}")
        said = json.loads(answer)
        if "error" in said:
            raise OSError(said["error"])

    def close(self) -> None:
        """End the process once it has written what it was given."""
        end(self._process)

    def kill(self) -> None:
        """End the process at once, whatever it was doing."""
        end(self._process, at_once=True)


def main(path: str, stdin: IO[bytes], stdout: IO[bytes]) -> None:
    """
    Write layers until the input ends.

    Parameters
    ----------
    path
        The GeoPackage.
    stdin
        A line of JSON and an Arrow stream per layer.
    stdout
        Gets a line of JSON per layer: ``done``, or ``error`` with what GDAL said, after which nothing more is read.
    """
    import pyarrow as pa  # noqa: PLC0415 - the module is also imported by who starts the process
    import pyogrio  # noqa: PLC0415 - as above

    for line in stdin:
        wanted = json.loads(line)
        try:
            with pa.ipc.open_stream(stdin) as rows:
                pyogrio.write_arrow(rows, path, append=Path(path).exists(), **wanted)
                answer = {"done": wanted["layer"]}
        except Exception as error:  # noqa: BLE001 - whatever it is, the process that asked must know
            answer = {"error": str(error)}
        try:
            stdout.write(json.dumps(answer).encode() + b"\n")
        except BrokenPipeError:
            return  # who asked is gone, and with it the release in the making
        if "error" in answer:
            return


if __name__ == "__main__":
    main(sys.argv[1], sys.stdin.buffer, own_output())
