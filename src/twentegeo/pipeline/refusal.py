"""What happens to a fetched delivery that turns out to be unreadable."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from twentegeo.errors import NotInDelivery, SourceChanged, SourceUnavailable
from twentegeo.sources.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twentegeo.sources.snapshot import Snapshot
    from twentegeo.store import Store


@contextmanager
def answerable(snapshot: Snapshot, store: Store) -> Iterator[None]:
    """
    Take a fetched delivery off the shelf when its reader refuses it, so that the next night reads the one before.

    Parameters
    ----------
    snapshot
        What is read; nothing happens to a file that was given.
    store
        The outputs folder.

    Raises
    ------
    SourceUnavailable, SourceChanged
        What the reader raised, with what happens next.
    """
    try:
        yield
    except NotInDelivery:
        raise
    except (SourceChanged, SourceUnavailable) as error:
        if snapshot.slot is None:
            raise
        before = Shelf(store.snapshots).refuse(snapshot.slot, datetime.now(tz=UTC), str(error))
        then = f"leest {before.path.name} van daarvoor" if before else "haalt haar opnieuw op"
        raise type(error)(f"{error} Deze levering is afgekeurd; de volgende run {then}.") from error
