"""
Processes of our own beside this one: Python lets one thread compute at a time, and a second core is there to be used.

Each is a module that reads what it must do from standard input and answers on standard output. It ends when its input
does, so that it does not long outlive whoever started it.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import pickle
import subprocess
import sys
import traceback
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

from twentegeo.errors import ReleaseError, problem
from twentegeo.resources import give_back, unhurried

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


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


def leave(code: int) -> NoReturn:
    """
    End this process at once.

    What Python does at its end takes half a second after a night: it takes the loaded modules apart, object by object,
    for nobody. Files are closed, threads and processes ended by then.

    Parameters
    ----------
    code
        What whoever started it is told.
    """
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


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


class Apart:
    """
    Functions that run in a process of their own, one at a time.

    The process is started, and loads what they need, before there is anything to do: that takes as long as a second of
    work.

    Parameters
    ----------
    *work
        Functions, as ``module:name``, so that who asks for one need not load what it needs; what they take and give can
        be pickled.
    """

    def __init__(self, *work: str) -> None:
        self.work = frozenset(work)
        self._process = own_python("twentegeo.processes", *work)

    @property
    def pid(self) -> int:
        """Number by which the system knows the process."""
        return self._process.pid

    def __call__(self, work: str, *arguments: object) -> Any:
        """
        Have work done, and wait for it.

        Parameters
        ----------
        work
            One of the functions.
        *arguments
            Of the function.

        Returns
        -------
        outcome
            What it gave.

        Raises
        ------
        ReleaseError
            The process died.
        Exception
            What the function raised.
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("the process has no pipes")
        try:
            with contextlib.suppress(BrokenPipeError):
                pickle.dump((work, arguments), stdin, pickle.HIGHEST_PROTOCOL)
                stdin.flush()
            raised, outcome = pickle.load(stdout)  # noqa: S301 - from a process of our own
        except (EOFError, pickle.UnpicklingError) as error:
            remedy = "Kijk of er geheugen genoeg was en draai opnieuw; de vorige release staat nog"
            raise ReleaseError(problem(work, "het proces viel weg", remedy)) from error
        if raised:
            raise outcome
        return outcome

    def close(self) -> None:
        """End the process, whatever it is doing."""
        end(self._process, at_once=True)


def named(work: str) -> Callable[..., Any]:
    """
    Find a function by its name.

    Parameters
    ----------
    work
        As ``module:name``.

    Returns
    -------
    function
        Its module is loaded.
    """
    module, _, function = work.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return found


def serve(work: Sequence[str], stdin: IO[bytes], stdout: IO[bytes]) -> None:
    """
    Do what is asked until the input ends.

    Parameters
    ----------
    work
        Functions, as ``module:name``.
    stdin
        Per task a pickled pair: the function, and its arguments.
    stdout
        Gets per task a pickled pair: whether it raised, and what it gave or raised.
    """
    unhurried()
    functions = {one: named(one) for one in work}
    while True:
        try:
            asked, arguments = pickle.load(stdin)  # noqa: S301 - from the process that started this one
        except EOFError:
            return
        try:
            answer: tuple[bool, Any] = (False, functions[asked](*arguments))
        except Exception as error:  # noqa: BLE001 - whatever it is, the process that asked must know
            error.add_note(traceback.format_exc())
            answer = (True, error)
        try:
            pickle.dump(answer, stdout, pickle.HIGHEST_PROTOCOL)
        except BrokenPipeError:
            return  # who asked is gone
        # what is done with is not to lie there until something else is asked
        del arguments, answer
        give_back()


if __name__ == "__main__":
    serve(sys.argv[1:], sys.stdin.buffer, own_output())
