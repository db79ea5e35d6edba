"""
Who works on a night: its own thread, two beside it, and a process of its own for what takes long in Python itself.

Most of what a night computes is done by libraries that let other threads run; a second thread is then a second core.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from twentegeo.processes import Apart, named

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Hands:
    """
    Works on several things at once; whoever makes one stops it.

    Parameters
    ----------
    helper
        A process that runs already; None to start one when it is time.
    """

    def __init__(self, helper: Apart | None = None) -> None:
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="beside")
        self._meanwhile = ThreadPoolExecutor(1, thread_name_prefix="meanwhile")
        self._foreseen: tuple[str, ...] = ()
        self._apart = helper
        self._waiting: list[Callable[[], object]] = []

    def stop(self) -> None:
        """End what is being worked on; what was not begun is left."""
        if self._apart:
            self._apart.close()
        self._beside.shutdown(wait=True, cancel_futures=True)
        self._meanwhile.shutdown(wait=True, cancel_futures=True)

    def beside(self, work: Callable[[], T]) -> Future[T]:
        """
        Work on something beside what the caller goes on with.

        Parameters
        ----------
        work
            Runs stages of its own; most of its time goes to libraries that let other threads run.

        Returns
        -------
        future
            Its outcome, or what it raised.
        """
        # whoever is told of progress may be found by context, as Prefect's log is
        return self._beside.submit(copy_context().run, work)

    def meanwhile(self, work: Callable[[], T]) -> Future[T]:
        """
        Work on stages while the caller goes on with others that do not need them; one after another.

        Apart from :meth:`beside`, in which somebody may be waiting for another process.

        Parameters
        ----------
        work
            As for :meth:`beside`.

        Returns
        -------
        future
            Its outcome, or what it raised.
        """
        return self._meanwhile.submit(copy_context().run, work)

    def foresee(self, *work: str) -> None:
        """
        Say which functions are to run in a process of their own, once :meth:`warm` says that there is room for it.

        Parameters
        ----------
        *work
            Functions, as ``module:name``, that take long in Python itself: what is computed beside would wait for them.
        """
        self._foreseen = work

    def warm(self) -> None:
        """Start the process for what was foreseen, if anything was and it does not run yet, and what waits for it."""
        if self._foreseen and not self._apart:
            self._apart = Apart(*self._foreseen)
        for start in self._waiting:
            start()
        self._waiting.clear()

    def beside_when_warm(self, work: Callable[[], T]) -> Future[T]:
        """
        Work on something beside, as soon as the process that was foreseen is there; at once where none is.

        Parameters
        ----------
        work
            As for :meth:`beside`.

        Returns
        -------
        future
            Its outcome, or what it raised; whoever asks for it before :meth:`warm` waits for ever.
        """
        if self._apart or not self._foreseen:
            return self.beside(work)
        promised: Future[T] = Future()
        run = partial(copy_context().run, work)
        self._waiting.append(lambda: self._beside.submit(_keep_promise, promised, run))
        return promised

    def apart(self, work: str) -> Callable[..., Any]:
        """
        Give a function that runs in a process of its own, if one was started for it.

        Parameters
        ----------
        work
            As it was given to :meth:`foresee`.

        Returns
        -------
        work
            The process, or the function itself.
        """
        return partial(self._apart, work) if self._apart and work in self._apart.work else named(work)

    def begin(self, work: str, *arguments: object) -> Future[Any]:
        """
        Begin what a process was started for; where none was, a thread does it.

        Parameters
        ----------
        work
            As it was given to :meth:`foresee`.
        *arguments
            Of the function.

        Returns
        -------
        future
            Its outcome, or what it raised.
        """
        return self.beside(partial(self.apart(work), *arguments))


def _keep_promise(promised: Future[T], work: Callable[[], T]) -> None:
    try:
        promised.set_result(work())
    except BaseException as error:  # noqa: BLE001 - whoever asks for the outcome is told
        promised.set_exception(error)
