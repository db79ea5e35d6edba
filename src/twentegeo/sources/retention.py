"""Removing deliveries that nobody needs any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from twentegeo.sources.shelf import ABOUT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from twentegeo.sources.shelf import Shelf
    from twentegeo.sources.ways import SnapshotParams


def tidy(shelf: Shelf, params: SnapshotParams, now: datetime, dropped: Iterable[str] = ()) -> list[str]:
    """
    Remove what nobody needs any more.

    Parameters
    ----------
    shelf
        The deliveries.
    params
        How much is kept.
    now
        The moment, UTC.
    dropped
        Slots that have become pointless, for example mutations that a newer total file holds.

    Returns
    -------
    removed
        sha256 of the deliveries that are gone.
    """
    outdated = set(dropped)
    index = {
        name: replace(slot, earlier=slot.earlier[: params.keep - 1])
        for name, slot in shelf.index().items()
        if name not in outdated
    }
    if shelf.folder.is_dir():
        shelf.write(index)
    removed = _clear(shelf, {place for slot in index.values() for place in (slot.current, *slot.earlier)})
    for sha256 in removed:
        shelf.ledger.record(now, "opgeruimd", "", sha256)
    for part in shelf.incoming.glob("*"):
        age = now - datetime.fromtimestamp(part.stat().st_mtime, tz=UTC)
        if part.is_file() and age > timedelta(days=params.partial_days):
            part.unlink(missing_ok=True)
    shelf.ledger.shorten(params.ledger_days, now)
    return removed


def _clear(shelf: Shelf, kept: set[str]) -> list[str]:
    """Remove files that are not kept, and folders that are then empty."""
    removed = []
    for folder in sorted(shelf.folder.glob("*/")):
        if folder == shelf.incoming:
            continue
        for file in folder.iterdir():
            if f"{folder.name}/{file.name.removesuffix(ABOUT)}" not in kept:
                file.unlink(missing_ok=True)
        if not any(folder.iterdir()):
            folder.rmdir()
            removed.append(folder.name)
    return removed
