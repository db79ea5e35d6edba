"""
The steps of the night by name, and how a step is carried out.

The night is written once, in :mod:`twentegeo.pipeline.command`. It asks somebody to carry out each step: the command
line does so directly, the Prefect flow as a task with retries and a time-out.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Step(StrEnum):
    """The steps of a night, in order; the texts are what the operator sees."""

    FETCH = "fetch: take in the deliveries"
    READ_BAG = "read: BAG"
    READ_GROUND = "read: parcels, areas"
    READ_OTHERS = "read: labels, ownership, prognosis"
    BUILD = "build: join, score, draw areas"
    COMPARE = "compare: with the last release"
    STAGE = "check: write to staging and read back"
    RELEASE = "release: switch latest"


class Perform(Protocol):
    """Carries out a step of the night."""

    def __call__(self, step: Step, function: Callable[..., T], /, *arguments: object) -> T:
        """Call the function with the arguments and give what it gives."""
        ...


def directly(_step: Step, function: Callable[..., T], /, *arguments: object) -> T:
    """
    Carry out a step without ado.

    Parameters
    ----------
    function, arguments
        The work.

    Returns
    -------
    result
        What the function gives.
    """
    return function(*arguments)
