"""
Closing a release: nobody is writing in it any more, its files have checksums, are read-only and on the disk.

The checksums are in the form that ``sha256sum --check`` reads, so that whoever copies a release to another machine can
tell that it arrived whole.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from twentegeo.errors import ReleaseError, problem
from twentegeo.store import sha256_of, sync_folder, write_atomic

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SUMS: Final = "SHA256SUMS"
"""File with the checksums of a release."""

_SIDE_FILES: Final = ("-wal", "-journal", "-shm")


def refuse_unfinished(folder: Path) -> None:
    """
    Refuse a release in which somebody is still writing.

    Parameters
    ----------
    folder
        A release, staged or in place.

    Raises
    ------
    ReleaseError
        A write-ahead log or journal lies beside a GeoPackage; whoever opened it now would see something else.
    """
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


def state(folder: Path, sums: Mapping[str, str]) -> None:
    """
    Leave checksums that were taken while a release was made, so that closing it need not take them again.

    Parameters
    ----------
    folder
        A release in the making.
    sums
        SHA-256 by name, relative to the folder, of files that nobody writes in any more.
    """
    (folder / SUMS).write_text(_lines(dict(sums)), encoding="utf-8", newline="\n")


def seal(folder: Path) -> None:
    """
    Checksum every file, make it read-only and push it to the disk, so that the rename never precedes its content.

    Parameters
    ----------
    folder
        A staged release; gets a file :data:`SUMS`, which ``sha256sum --check`` reads. Of files that are older than what
        :func:`state` left, the checksums stand.
    """
    known = _still_known(folder)
    (folder / SUMS).unlink(missing_ok=True)
    (folder / SUMS).write_text(_lines(_sums(folder, folder, known)), encoding="utf-8", newline="\n")
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


def reseal(folder: Path, part: Path) -> None:
    """
    Take up in the checksums of a release that a part of it was made again.

    Parameters
    ----------
    folder
        A release in place; nothing happens where it has no checksums.
    part
        The file or folder in it that is new; becomes read-only.
    """
    if not (folder / SUMS).is_file():
        return
    name = part.relative_to(folder).as_posix()
    kept = {one: checksum for one, checksum in _stated(folder) if one != name and not one.startswith(f"{name}/")}
    for path in (part, *part.rglob("*")):
        if path.is_file():
            path.chmod(0o444)
    write_atomic(folder / SUMS, _lines({**kept, **_sums(folder, part)}).encode())
    (folder / SUMS).chmod(0o444)


def damaged(folder: Path) -> list[str]:
    """
    Compare a release with its checksums.

    Parameters
    ----------
    folder
        A release in place.

    Returns
    -------
    damaged
        Names of files that are absent or changed, relative to the folder; :data:`SUMS` itself where it is absent.
    """
    try:
        stated = _stated(folder)
    except OSError:
        return [SUMS]
    return [name for name, checksum in stated if not (folder / name).is_file() or sha256_of(folder / name) != checksum]


def _sums(folder: Path, part: Path, known: Mapping[str, str] | None = None) -> dict[str, str]:
    paths = [part] if part.is_file() else [path for path in part.rglob("*") if path.is_file()]
    by_name = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: (known or {}).get(name) or sha256_of(path) for name, path in by_name.items()}


def _still_known(folder: Path) -> dict[str, str]:
    try:
        stated, since = _stated(folder), (folder / SUMS).stat().st_mtime_ns
    except OSError:
        return {}
    paths = {name: folder / name for name, _ in stated}
    return {name: sum_ for name, sum_ in stated if paths[name].is_file() and paths[name].stat().st_mtime_ns < since}


def _lines(sums: dict[str, str]) -> str:
    return "".join(f"{sums[name]}  {name}\n" for name in sorted(sums))


def _stated(folder: Path) -> list[tuple[str, str]]:
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    return [(name, checksum) for checksum, name in (line.split("  ", 1) for line in lines)]
