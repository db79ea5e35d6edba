"""
Which releases are kept, and the removal of the others.

A release is removed in two acts: a rename takes it out of ``releases/``, so that nobody ever finds half of it, and then
its files go. What a user has open stays readable on Linux; where the system refuses to remove an open file (Windows),
what is left stays out of sight and the next clean-up tries again.
"""

from __future__ import annotations

import logging
import os
import shutil
import stat
from typing import TYPE_CHECKING, Any, Final

from pydantic import Field

from twentegeo.publish.release import current, finished
from twentegeo.store import append_line
from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from twentegeo.store import Store

logger = logging.getLogger(__name__)

_MONTH: Final = slice(0, 6)
"""Where a run id tells year and month."""

_LEAVING: Final = ".weg-"


class RetentionParams(Parameters):
    """How long releases are kept."""

    releases: int = Field(
        default=14,
        ge=1,
        description=(
            "Aantal nieuwste releases dat blijft staan; veertien is twee weken terug kunnen, langer dan een fout in de"
            " kaart onopgemerkt blijft."
        ),
    )
    maanden: int | None = Field(
        default=None,
        ge=0,
        description="Aantal maanden waarvan de laatste release blijft staan; leeg is elke maand, voor altijd.",
    )


def kept(run_ids: Iterable[str], parameters: RetentionParams) -> set[str]:
    """
    Choose the releases that stay.

    Parameters
    ----------
    run_ids
        Names of all releases, ``YYYYMMDDTHHMMSSZ``.
    parameters
        How many.

    Returns
    -------
    kept
        The newest ones, and the last of each month (UTC).
    """
    ordered = sorted(run_ids)
    last_of_month = {run_id[_MONTH]: run_id for run_id in ordered}
    months = sorted(last_of_month)
    if parameters.maanden is not None:
        months = months[len(months) - min(parameters.maanden, len(months)) :]
    return {*ordered[-parameters.releases :], *(last_of_month[month] for month in months)}


def surplus(store: Store, parameters: RetentionParams) -> list[Path]:
    """
    List the releases that may go.

    Parameters
    ----------
    store
        The outputs folder.
    parameters
        How many stay.

    Returns
    -------
    surplus
        From old to new; never the one that ``latest`` names.
    """
    folders = finished(store)
    stays = kept((folder.name for folder in folders), parameters)
    newest = current(store)
    return [folder for folder in folders if folder.name not in stays and folder.resolve() != newest]


def prune(store: Store, parameters: RetentionParams, now: datetime) -> tuple[list[str], list[str]]:
    """
    Remove the releases that need not be kept; call it while holding :func:`twentegeo.store.only_run`.

    Parameters
    ----------
    store
        The outputs folder.
    parameters
        How many stay.
    now
        The moment, for the logbook.

    Returns
    -------
    removed, refused
        Run ids of what is gone, and of what the system would not remove.
    """
    _finish_removals(store)
    removed, refused = [], []
    for folder in surplus(store, parameters):
        leaving = folder.with_name(f"{_LEAVING}{folder.name}")
        try:
            folder.rename(leaving)
            remove(leaving)
        except OSError as error:
            logger.warning("release %s could not be removed: %s", folder.name, error.strerror or error)
            refused.append(folder.name)
            continue
        removed.append(folder.name)
    if removed:
        append_line(
            store.logbook, {"moment": now.isoformat(timespec="seconds"), "wat": "opgeruimd", "releases": removed}
        )
    return removed, refused


def remove(folder: Path) -> None:
    """
    Remove a folder whose files are read-only.

    Parameters
    ----------
    folder
        A release that nobody needs.

    Raises
    ------
    OSError
        The system refuses, because somebody has a file open (Windows) or the folder belongs to another user.
    """

    def writable_first(function: Callable[..., Any], path: str, _error: Any) -> None:
        # Windows does not remove a read-only file
        os.chmod(path, stat.S_IWRITE)  # noqa: PTH101 - shutil hands out texts
        function(path)

    shutil.rmtree(folder, onerror=writable_first)


def _finish_removals(store: Store) -> None:
    """Remove what an earlier clean-up took out of sight and could not remove, or died over."""
    if not store.releases.is_dir():
        return
    for folder in store.releases.glob(f"{_LEAVING}*"):
        try:
            remove(folder)
        except OSError as error:
            logger.warning("%s could not be removed: %s", folder.name, error.strerror or error)
