"""
Patience: which failures may pass, how long to wait, and when it is enough.

Pauses double and differ by chance, so that many runs that start on the hour do not come back together. A service that
says how long to wait is obeyed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type
from tenacity.wait import wait_random_exponential

from twentegeo.errors import SourceUnavailable, problem
from twentegeo.sources.redaction import bare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from twentegeo.sources.ways import HttpParams

_T = TypeVar("_T")

LATER = "Probeer het later opnieuw"


class Passing(Exception):  # noqa: N818
    """
    A failure that may pass: worth another try.

    Parameters
    ----------
    why
        What happened, in Dutch.
    after_s
        Pause that the service asks for, seconds.
    """

    def __init__(self, why: str, after_s: float | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.after_s = after_s


class Patience:
    """
    How long to go on.

    Parameters
    ----------
    params
        Attempts, pauses, slowest speed.
    sleep, clock
        In place of the clock, for tests.
    """

    def __init__(self, params: HttpParams, sleep: Callable[[float], None], clock: Callable[[], float]) -> None:
        self.params = params
        self.sleep = sleep
        self.clock = clock

    def patiently(self, url: str, once: Callable[[], _T], progressed: Callable[[], bool] = lambda: False) -> _T:
        """
        Try until it works or patience is over.

        Parameters
        ----------
        url
            What it is about, for the message.
        once
            One try; raises :class:`Passing` where another one may help.
        progressed
            Asked after a failure: whether it got further than before, so that counting starts anew.

        Returns
        -------
        result
            Of the first try that worked.

        Raises
        ------
        SourceUnavailable
            The last failure, after all attempts.
        """
        failures = 0

        def enough(_: RetryCallState) -> bool:
            nonlocal failures
            failures = 1 if progressed() else failures + 1
            return failures >= self.params.attempts

        grow = wait_random_exponential(multiplier=self.params.backoff_s, max=self.params.backoff_most_s)

        def pause(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            asked = error.after_s if isinstance(error, Passing) else None
            return float(grow(state)) if asked is None else asked

        retrying = Retrying(
            retry=retry_if_exception_type(Passing), stop=enough, wait=pause, sleep=self.sleep, reraise=True
        )
        try:
            return retrying(once)
        except Passing as error:
            tries = f"{self.params.attempts} pogingen" if self.params.attempts > 1 else "een poging"
            raise SourceUnavailable(problem(bare(url), f"na {tries}: {error.why}", LATER)) from None

    def paced(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """
        Pass pieces on for as long as they come fast enough.

        Parameters
        ----------
        pieces
            Bytes as they arrive.

        Yields
        ------
        piece
            The same.

        Raises
        ------
        Passing
            Over a whole window fewer bytes came than the slowest speed that is accepted.
        """
        start, got = self.clock(), 0
        for piece in pieces:
            yield piece
            got += len(piece)
            elapsed = self.clock() - start
            if elapsed >= self.params.slow_window_s:
                if got < self.params.slow_bytes_per_s * elapsed:
                    raise Passing(f"overdracht te traag ({got / elapsed:.0f} bytes/s)")
                start, got = self.clock(), 0


def retry_after(value: str | None) -> float | None:
    """
    Read the header Retry-After.

    Parameters
    ----------
    value
        Seconds or a date.

    Returns
    -------
    seconds
        From now; None where the service asks for nothing that can be understood.
    """
    if not value:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(tz=UTC)).total_seconds())
