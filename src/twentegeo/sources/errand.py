"""What a fetcher takes along: the client, the shelf, the moment, and whom to tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from twentegeo.errors import SourceChanged, SourceUnavailable, problem
from twentegeo.sources.download import download

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from twentegeo.sources.download import Arrived, Wanted
    from twentegeo.sources.http import Web
    from twentegeo.sources.shelf import Shelf
    from twentegeo.sources.slots import Particulars
    from twentegeo.sources.snapshot import Origin


@dataclass(frozen=True)
class Errand:
    """
    One going out to the registers.

    Attributes
    ----------
    web, shelf
        The client, and where deliveries are kept.
    now
        The moment, UTC; the only clock that a fetcher knows.
    say, count
        Told what happens, one line of text; and (text, done, total).
    """

    web: Web
    shelf: Shelf
    now: datetime
    say: Callable[[str], None]
    count: Callable[[str, int, int], None]

    def get(self, slot: str, wanted: Wanted, validators: Mapping[str, object]) -> Arrived | None:
        """
        Download a file for a slot.

        Parameters
        ----------
        slot
            Slot.
        wanted
            What to get.
        validators
            What the register says of it, so that a file that must not be opened is not got every night.

        Returns
        -------
        arrived
            The whole file; None where the service says that what is there is still the same.

        Raises
        ------
        SourceUnavailable, SourceChanged
            As :func:`twentegeo.sources.download.download`.
        """
        try:
            return download(self.web, wanted, self.shelf.incoming, self.count)
        except SourceChanged as error:
            self.shelf.bar(slot, validators, self.now, str(error))
            raise

    def keep(
        self, slot: str, origin: Origin, arrived: Path, about: Particulars, accept: Callable[[Path], None]
    ) -> None:
        """
        Put an arrived file on the shelf, if its reader would have it.

        Parameters
        ----------
        slot, origin, about
            See :meth:`twentegeo.sources.shelf.Shelf.put`.
        arrived
            The file; moved, or removed when it is refused.
        accept
            Looks at the file under its own name; raises what the reader would.

        Raises
        ------
        SourceUnavailable, SourceChanged
            What `accept` raised; the slot holds what it held.
        """
        ready = self.shelf.incoming / "ready" / about.file
        ready.parent.mkdir(parents=True, exist_ok=True)
        arrived.replace(ready)
        arrived.with_suffix(".json").unlink(missing_ok=True)
        try:
            accept(ready)
        except (SourceChanged, SourceUnavailable) as error:
            ready.unlink(missing_ok=True)
            self.shelf.bar(slot, about.validators, self.now, str(error))
            raise
        self.shelf.put(slot, origin, ready, about, self.now)

    def require_new(self, slot: str, validators: dict[str, object], what: str) -> None:
        """
        Refuse to fetch again what was refused before.

        Parameters
        ----------
        slot
            Slot.
        validators
            Of what the register offers now.
        what
            What it is called, for the message.

        Raises
        ------
        SourceUnavailable
            It is the delivery that the reader refused.
        """
        kept = self.shelf.slot(slot)
        if kept and kept.refused and all(kept.refused.get(key) == value for key, value in validators.items()):
            place = "is de levering die eerder is afgekeurd; de vorige blijft in gebruik"
            raise SourceUnavailable(problem(what, place, "Wacht op de volgende, of geef een bestand met 'path' op"))
