"""
Making a release visible: staging, a dated folder, and `latest` last.

A release is built in ``outputs/staging/<run_id>``. When its checks have passed its files get a checksum, become
read-only and are flushed to disk; the folder is renamed to ``outputs/releases/<run_id>`` (one atomic act on one file
system), and only then do ``latest.json`` and the symlink ``latest`` move, each in one atomic act. A crash at any moment
leaves ``latest`` on a whole release. Where the file system knows no symlinks (a Windows share), ``latest.json`` alone
says which release is the newest.
"""

from __future__ import annotations

import errno
import json
import re
from typing import TYPE_CHECKING, Any, Final

from twentegeo.errors import ReleaseError, problem
from twentegeo.publish.sealing import refuse_unfinished, seal
from twentegeo.publish.workplace import MANIFEST
from twentegeo.store import sync_folder, write_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from twentegeo.store import Store

RUN_ID: Final = re.compile(r"^\d{8}T\d{6}Z$")
_NO_SYMLINKS: Final = frozenset({errno.EPERM, errno.EACCES, errno.ENOSYS, errno.ENOTSUP, errno.EINVAL})
"""What systems answer that know no symlinks, or allow them to administrators only."""


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
    refuse_unfinished(folder)
    if target.exists():
        raise ReleaseError(problem(target, "deze release bestaat al", "Maak een nieuwe run"))
    try:
        seal(folder)
        store.releases.mkdir(parents=True, exist_ok=True)
        folder.rename(target)
        sync_folder(store.releases)
        point(store, target)
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
        Where ``latest`` points, or where there is no symlink ``latest.json``; None where there is no release yet.
    """
    if store.latest.is_symlink():
        return store.latest.resolve() if store.latest.is_dir() else None
    try:
        folder = store.releases / str(json.loads(store.latest_pointer.read_text(encoding="utf-8"))["run_id"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return folder.resolve() if folder.is_dir() else None


def finished(store: Store) -> list[Path]:
    """
    List the releases that stand.

    Parameters
    ----------
    store
        The outputs folder.

    Returns
    -------
    folders
        From old to new.
    """
    if not store.releases.is_dir():
        return []
    return sorted(folder for folder in store.releases.iterdir() if RUN_ID.match(folder.name) and folder.is_dir())


def predecessor(store: Store, run_id: str, stated: Mapping[str, Any]) -> Path | None:
    """
    Find the release that another followed.

    Parameters
    ----------
    store
        The outputs folder.
    run_id, stated
        A release, in place or staged, and its manifest.

    Returns
    -------
    folder
        The one that stood when it was made, by its manifest: after a rollback that is not the one made last. Where
        that is gone or not told, the next older one; None where there is none.
    """
    folders = finished(store)
    followed = [folder for folder in folders if folder.name == stated.get("vorige_release")]
    found = followed or [folder for folder in folders if folder.name < run_id]
    return found[-1] if found else None


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
    path = folder / MANIFEST
    try:
        stated: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReleaseError(
            problem(path, "ontbreekt of is beschadigd", "Draai de nacht opnieuw met --rebuild")
        ) from error
    return stated


def point(store: Store, target: Path) -> None:
    """
    Let ``latest.json`` and the symlink ``latest`` name a release, each in one atomic act.

    Parameters
    ----------
    store
        The outputs folder.
    target
        A release in place.

    Raises
    ------
    OSError
        The disk refused, or a symlink that stands could not be moved.
    """
    relative = target.relative_to(store.root)
    temporary = store.root / ".latest.new"
    temporary.unlink(missing_ok=True)
    linked = _linked(temporary, relative, store)
    write_json(store.latest_pointer, {"run_id": target.name, "path": relative.as_posix()})
    if linked:
        temporary.replace(store.latest)
        sync_folder(store.root)


def _linked(temporary: Path, relative: Path, store: Store) -> bool:
    """Make the new symlink beside the old one; False where the system knows none and none stands."""
    try:
        temporary.symlink_to(relative, target_is_directory=True)
    except OSError as error:
        if error.errno not in _NO_SYMLINKS or store.latest.is_symlink():
            raise
        return False
    return True
