"""
Making a release visible: staging, a dated folder, and `latest` last.

A release is built in ``outputs/staging/<run_id>``. When its checks have passed it is flushed to disk, renamed to
``outputs/releases/<run_id>`` (one atomic act on one file system), and only then do ``latest.json`` and the symlink
``latest`` move, each in one atomic act. A crash at any moment leaves ``latest`` on a whole release.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from twentegeo.errors import ReleaseError, problem
from twentegeo.store import sync_folder, write_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from twentegeo.store import Store

RUN_ID: Final = re.compile(r"^\d{8}T\d{6}Z$")
_SIDE_FILES: Final = ("-wal", "-journal", "-shm")


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
    if (store.releases / run_id).exists():
        raise ReleaseError(
            problem(store.releases / run_id, "er is al een release van deze seconde", "Probeer het opnieuw")
        )
    return run_id


@contextmanager
def only_run(store: Store) -> Iterator[None]:
    """
    Hold the outputs folder for one run.

    The lock belongs to the process, so a crash or a kill releases it.

    Parameters
    ----------
    store
        The outputs folder.

    Raises
    ------
    ReleaseError
        Another run is busy in this folder.
    """
    store.root.mkdir(parents=True, exist_ok=True)
    with store.lock.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ReleaseError(
                problem(store.root, "een andere run is hier bezig", "Wacht tot die klaar is of kies een andere map")
            ) from error
        yield


def open_staging(store: Store, run_id: str) -> Path:
    """
    Make a clean folder for a release in the making.

    Leftovers of runs that died are removed; call it while holding :func:`only_run`.

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
    if store.staging.exists():
        shutil.rmtree(store.staging)
    folder = store.staging / run_id
    folder.mkdir(parents=True)
    return folder


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
    found = [folder for folder in store.staging.iterdir() if (folder / "manifest.json").is_file()]
    return max(found, default=None)


def release(store: Store, folder: Path) -> Path:
    """
    Put a staged release in place.

    Parameters
    ----------
    store
        The outputs folder.
    folder
        The staged release, named after its run.

    Returns
    -------
    released
        Where it stands now; ``latest`` points at it.

    Raises
    ------
    ReleaseError
        A GeoPackage has unfinished business beside it, the disk is full, or the name is taken. The previous
        release stands.
    """
    run_id = folder.name
    target = store.releases / run_id
    _refuse_unfinished(folder)
    if target.exists():
        raise ReleaseError(problem(target, "deze release bestaat al", "Maak een nieuwe run"))
    try:
        _flush(folder)
        store.releases.mkdir(parents=True, exist_ok=True)
        folder.rename(target)
        sync_folder(store.releases)
        _point(store, target)
    except OSError as error:
        raise ReleaseError(
            problem(target, reason(error), "Maak ruimte en draai opnieuw; de vorige release staat nog")
        ) from error
    return target


def reason(error: OSError) -> str:
    """
    Say in Dutch why the system refused.

    Parameters
    ----------
    error
        What it raised.

    Returns
    -------
    reason
        A few words.
    """
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "de schijf is vol"
    return f"schrijven mislukte ({error.strerror or error})"


def current(store: Store) -> Path | None:
    """
    Find the newest good release.

    Parameters
    ----------
    store
        The outputs folder.

    Returns
    -------
    folder
        Where ``latest`` points; None where there is no release yet.
    """
    if not store.latest.is_dir():
        return None
    return store.latest.resolve()


def manifest_of(folder: Path) -> dict[str, Any]:
    """
    Read what a release says of itself.

    Parameters
    ----------
    folder
        A release, staged or in place.

    Returns
    -------
    manifest
        What `manifest.json` holds.

    Raises
    ------
    ReleaseError
        The file is absent or damaged.
    """
    path = folder / "manifest.json"
    try:
        stated: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReleaseError(
            problem(path, "ontbreekt of is beschadigd", "Draai de nacht opnieuw met --rebuild")
        ) from error
    return stated


def _refuse_unfinished(folder: Path) -> None:
    for package in folder.rglob("*.gpkg"):
        for suffix in _SIDE_FILES:
            side = package.with_name(package.name + suffix)
            if side.exists():
                raise ReleaseError(
                    problem(
                        side,
                        "naast het GeoPackage staat een onvoltooide bewerking",
                        "Sluit het bestand en draai opnieuw",
                    )
                )


def _flush(folder: Path) -> None:
    """Make every file read-only and push it to the disk, so that the rename never precedes its content."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            path.chmod(0o444)
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        elif path.is_dir():
            sync_folder(path)
    sync_folder(folder)


def _point(store: Store, target: Path) -> None:
    relative = target.relative_to(store.root)
    write_json(store.latest_pointer, {"run_id": target.name, "path": relative.as_posix()})
    temporary = store.root / ".latest.new"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(relative, target_is_directory=True)
    temporary.replace(store.latest)
    sync_folder(store.root)
