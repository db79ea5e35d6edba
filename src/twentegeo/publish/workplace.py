"""
Where a release is made: a folder of its own in staging, out of everyone's sight.

What waits there for the operator stays until another release is ready to take its place; what runs that died left
there goes. Call these functions while holding :func:`twentegeo.store.only_run`.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from twentegeo.errors import ReleaseError, problem

if TYPE_CHECKING:
    from datetime import datetime

    from twentegeo.store import Store

MAPS: Final = "kaarten"
"""Folder of a release that holds the maps."""

MANIFEST: Final = "manifest.json"
"""Written last: a folder without it is no whole release."""

_ASIDE: Final = ".weg-"


def new_run_id(store: Store, now: datetime) -> str:
    """
    Name a run after its moment.

    Parameters
    ----------
    store
        The outputs folder; its releases and staging tell which names are taken.
    now
        The moment, in UTC.

    Returns
    -------
    run_id
        ``YYYYMMDDTHHMMSSZ``.

    Raises
    ------
    ReleaseError
        A release of this very second exists.
    """
    run_id = now.strftime("%Y%m%dT%H%M%SZ")
    for taken in (store.releases / run_id, store.staging / run_id / MANIFEST):
        if taken.exists():
            raise ReleaseError(problem(taken, "er is al een release van deze seconde", "Probeer het opnieuw"))
    return run_id


def open_staging(store: Store, run_id: str) -> Path:
    """
    Make a clean folder for a release in the making.

    Leftovers of runs that died are removed; a release that waits stays (see :func:`clear_staging`). Call it while
    holding :func:`twentegeo.store.only_run`.

    Parameters
    ----------
    store
        The outputs folder.
    run_id
        Name of the release.

    Returns
    -------
    folder
        An empty folder on the same file system as the releases.
    """
    for left in store.root.glob(f"{_ASIDE}*"):
        shutil.rmtree(left, ignore_errors=True)
    if store.staging.exists():
        _remove(store, [left for left in store.staging.iterdir() if not (left / MANIFEST).is_file()])
    folder = store.staging / run_id
    folder.mkdir(parents=True)
    return folder


def clear_staging(store: Store, folder: Path) -> None:
    """
    Remove what waits in staging beside a release in the making that is to take its place.

    Parameters
    ----------
    store
        The outputs folder.
    folder
        The release in the making.
    """
    _remove(store, [left for left in store.staging.iterdir() if left != folder])


def _remove(store: Store, unwanted: list[Path]) -> None:
    if not unwanted:
        return
    # a program that outlives a killed run (QGIS, a parser) may still be writing in there: out of its way first
    aside = Path(tempfile.mkdtemp(dir=store.root, prefix=_ASIDE))
    for left in unwanted:
        left.rename(aside / left.name)
    shutil.rmtree(aside, ignore_errors=True)


def staged(store: Store) -> Path | None:
    """
    Find the release in the making.

    Parameters
    ----------
    store
        The outputs folder.

    Returns
    -------
    folder
        The newest staged release that has a manifest; None where there is none.
    """
    if not store.staging.is_dir():
        return None
    found = [folder for folder in store.staging.iterdir() if (folder / MANIFEST).is_file()]
    return max(found, default=None)
