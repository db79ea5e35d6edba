"""
Processes of our own beside this one: Python lets one thread compute at a time, and a second core is there to be used.

Each is a module that reads what it must do from standard input and answers on standard output. It ends when its input
does, so that it does not long outlive whoever started it.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def own_python(module: str, *arguments: str, options: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """
    Start a module of this program in a process of its own, with pipes to its standard input and output.

    Parameters
    ----------
    module
        Name of the module; it runs as ``__main__``.
    *arguments
        Of its command line.
    options
        Environment variables on top of those of this process.

    Returns
    -------
    process
        Running; what it says on standard error goes where that of this process goes.
    """
    source = str(Path(__file__).resolve().parents[1])
    path = os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **(options or {}), "PYTHONPATH": path},
    )


def end(process: subprocess.Popen[bytes], *, at_once: bool = False) -> None:
    """
    End a process that :func:`own_python` started, and wait for it.

    Parameters
    ----------
    process
        May have ended already.
    at_once
        Whatever it is doing; else it may finish what it was given.
    """
    if at_once:
        process.kill()
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def own_output() -> IO[bytes]:
    """
    Take standard output for answers; whatever a library prints goes to standard error from now on.

    Returns
    -------
    stream
        Where answers go.
    """
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return answers
