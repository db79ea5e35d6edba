"""The weekly clean-up as a Prefect flow: releases go that the settings do not keep."""

from __future__ import annotations

from pathlib import Path

from prefect import flow, get_run_logger

from flows.hooks import tell_crash, tell_failure
from flows.reporting import plain_refusals
from twentegeo.pipeline.upkeep import tidy
from twentegeo.settings import load

CLEAN_UP_S = 2 * 3600
"""A clean-up that takes longer hangs, seconds; it may wait an hour for a night."""


@flow(
    name="retention",
    validate_parameters=False,
    persist_result=False,
    timeout_seconds=CLEAN_UP_S,
    on_failure=[tell_failure],
    on_crashed=[tell_crash],
)
def retention(config: str) -> list[str]:
    """
    Remove the releases that need not be kept.

    Parameters
    ----------
    config
        Path of the settings file.

    Returns
    -------
    removed
        Their run ids.
    """
    plain_refusals()
    tidied = tidy(load(Path(config)))
    logger = get_run_logger()
    logger.info("Removed: %s", ", ".join(tidied.removed) or "nothing")
    if tidied.refused:
        logger.warning("In use, next time: %s", ", ".join(tidied.refused))
    return tidied.removed
