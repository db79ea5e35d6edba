"""
How Prefect carries out a step of the night: as a task, with retries and a time-out.

What a room refuses stays wrong however often it is tried; what the system refuses (a share that is away, a server that
does not answer) is tried again.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any, Final, TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE

from twentegeo.errors import TwenteGeoError
from twentegeo.pipeline.steps import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from prefect.client.schemas.objects import State, TaskRun
    from prefect.tasks import Task

T = TypeVar("T")

MINUTE: Final = 60

TIMEOUT_S: Final[Mapping[Step, int]] = {
    Step.FETCH: 240 * MINUTE,  # the national BAG is 3.6 GB; over a slow line that takes hours
    Step.READ_BAG: 60 * MINUTE,  # the whole country is read in ten minutes
    Step.READ_GROUND: 30 * MINUTE,
    Step.READ_OTHERS: 30 * MINUTE,
    Step.BUILD: 60 * MINUTE,  # a region takes a minute
    Step.COMPARE: 10 * MINUTE,
    Step.STAGE: 60 * MINUTE,
    Step.RELEASE: 10 * MINUTE,  # checksums and a flush to a slow share
}
"""A step that takes longer hangs, seconds; several times what it takes on a slow machine."""

RETRY_DELAYS_S: Final = (5, 30)
"""How long to wait before a step is tried again, seconds; longer outages are for the next night."""


def may_pass(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Retry what the system refused; what a room refused stays wrong, and a full disk stays full."""
    error = state.result(raise_on_failure=False)
    full = getattr(error, "errno", None) in {errno.ENOSPC, errno.EDQUOT}
    return isinstance(error, OSError) and not isinstance(error, TwenteGeoError) and not full


def as_task(step: Step, function: Callable[..., T], /, *arguments: object) -> T:
    """
    Carry out a step of the night as a task.

    Parameters
    ----------
    step
        Names the task.
    function, arguments
        The work. Tasks share the process of the flow; Prefect neither stores nor looks at what they pass on.

    Returns
    -------
    result
        What the function gives.
    """
    carried_out: Task[..., T] = task(
        name=step.value,
        retries=len(RETRY_DELAYS_S),
        retry_delay_seconds=list(RETRY_DELAYS_S),
        retry_condition_fn=may_pass,
        timeout_seconds=TIMEOUT_S[step],
        cache_policy=NO_CACHE,
        persist_result=False,
    )(function)
    return carried_out(*arguments)
