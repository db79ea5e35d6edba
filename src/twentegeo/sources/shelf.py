"""
The deliveries that were fetched, kept by content.

::

    outputs/snapshots/
    ├── <sha256>/<name as delivered>     read-only
    ├── <sha256>/<name>.herkomst.json    origin, address without query, licence, dates, preamble
    ├── index.json                       per slot which delivery is current, which came before, which was refused
    ├── logboek.jsonl                    what was fetched, confirmed, used, refused and removed, and when
    └── incoming/                        what is still coming in

A slot is a place that one delivery fills: ``bag``, ``neighbourhoods/2025``, ``energy_labels/2026-08-27``. A delivery
is first moved to the folder of its content and only then named in the index, each in one atomic act, so that a kill at
any moment leaves the index on whole deliveries. Call it while holding the lock of the outputs folder.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from twentegeo.sources.ledger import Ledger
from twentegeo.sources.slots import Particulars, Slot, read_index, write_index
from twentegeo.sources.snapshot import Origin, Snapshot
from twentegeo.store import sha256_of, sync_folder, write_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


ABOUT: Final = ".herkomst.json"
"""Ending of what is told of a file, beside it."""
_READ_ONLY: Final = 0o444


@dataclass(frozen=True, slots=True)
class Shelf:
    """
    The folder of deliveries.

    Attributes
    ----------
    folder
        ``outputs/snapshots``; made when first written to.
    """

    folder: Path

    @property
    def incoming(self) -> Path:
        """Folder of what is still coming in."""
        return self.folder / "incoming"

    @property
    def ledger(self) -> Ledger:
        """What happened when."""
        return Ledger(self.folder / "logboek.jsonl")

    # -- looking ---------------------------------------------------------------------------------------------

    def slot(self, name: str) -> Slot | None:
        """
        Look up a slot.

        Parameters
        ----------
        name
            Slot.

        Returns
        -------
        slot
            None where nothing was ever put.
        """
        return self.index().get(name)

    def slots(self, prefix: str) -> list[str]:
        """List the slots that begin with a prefix, sorted."""
        return sorted(name for name in self.index() if name.startswith(prefix))

    def current(self, name: str) -> Snapshot | None:
        """
        Take the current delivery of a slot.

        Parameters
        ----------
        name
            Slot.

        Returns
        -------
        snapshot
            None where the slot is empty or its file is gone or of another size; the index then is mended at the next
            put.
        """
        slot = self.slot(name)
        return self._snapshot(name, slot.current) if slot else None

    def _snapshot(self, name: str, place: str) -> Snapshot | None:
        path = self.folder / place
        try:
            about = json.loads(path.with_name(path.name + ABOUT).read_text(encoding="utf-8"))
            if path.stat().st_size != about["bytes"]:
                return None
        except (OSError, ValueError, KeyError):
            return None
        released = about.get("bron_datum")
        return Snapshot(
            origin=Origin(**about["bron"]),
            path=path,
            sha256=about["sha256"],
            size_bytes=about["bytes"],
            retrieved_at=datetime.fromisoformat(about["opgehaald"]),
            release_date=date.fromisoformat(released) if released else None,
            url=about.get("url"),
            slot=name,
            facts=about.get("feiten", {}),
        )

    def index(self) -> dict[str, Slot]:
        """Read the index."""
        return read_index(self.folder / "index.json")

    def write(self, index: Mapping[str, Slot]) -> None:
        """Write the index, atomically."""
        write_index(self.folder / "index.json", index)

    # -- putting ---------------------------------------------------------------------------------------------

    def put(self, name: str, origin: Origin, arrived: Path, about: Particulars, now: datetime) -> Snapshot:
        """
        Make an arrived file the current delivery of a slot.

        Parameters
        ----------
        name, origin
            Slot and register.
        arrived
            The file; it is moved.
        about
            What is known of it.
        now
            The moment, UTC.

        Returns
        -------
        snapshot
            As :meth:`current` gives it from now on.
        """
        sha256, size = sha256_of(arrived), arrived.stat().st_size
        described = {
            "bron": asdict(origin),
            "bestand": about.file,
            "url": about.url,
            "bron_datum": about.released.isoformat() if about.released else None,
            "sha256": sha256,
            "bytes": size,
            "opgehaald": now.isoformat(timespec="seconds"),
            "feiten": dict(about.facts),
        }
        place = self._shelve(arrived, described)
        index = self.index()
        old = index.get(name)
        before = (old.current, *old.earlier) if old else ()
        earlier = tuple(dict.fromkeys(one for one in before if one != place))
        index[name] = Slot(place, earlier, {}, now.isoformat(timespec="seconds"), dict(about.validators))
        self.write(index)
        self.ledger.record(now, "opgehaald", name, sha256, bestand=about.file, url=about.url, bytes=size)
        found = self._snapshot(name, place)
        assert found is not None  # noqa: S101 - it was written a moment ago
        return found

    def _shelve(self, arrived: Path, about: Mapping[str, Any]) -> str:
        """Move the file to the folder of its content; give its place relative to the shelf."""
        resting = self.folder / about["sha256"] / about["bestand"]
        write_json(resting.with_name(resting.name + ABOUT), about)
        arrived.chmod(_READ_ONLY)
        handle = os.open(arrived, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        arrived.replace(resting)
        sync_folder(resting.parent)
        sync_folder(self.folder)
        return str(resting.relative_to(self.folder).as_posix())

    def confirm(self, name: str, now: datetime, validators: Mapping[str, Any] | None = None) -> None:
        """
        Note that the register says that what is there is its newest.

        Parameters
        ----------
        name
            Slot; something was put in it before.
        now
            The moment, UTC.
        validators
            New ones, where the register gave them; the old ones stay otherwise.
        """
        index = self.index()
        slot = index[name]
        kept = dict(slot.validators if validators is None else validators)
        index[name] = replace(slot, checked_at=now.isoformat(timespec="seconds"), validators=kept)
        self.write(index)
        self.ledger.record(now, "ongewijzigd", name, _sum(slot.current))

    def bar(self, name: str, validators: Mapping[str, Any], now: datetime, reason: str) -> None:
        """
        Remember a delivery that its reader would not have, so that it is not fetched every night.

        Parameters
        ----------
        name
            Slot; where it is empty the delivery is fetched again next time.
        validators
            What the register gave with it.
        now
            The moment, UTC.
        reason
            What the reader said.
        """
        index = self.index()
        self.ledger.record(now, "afgekeurd", name, reden=reason)
        if name in index:
            index[name] = replace(index[name], refused=dict(validators))
            self.write(index)

    def refuse(self, name: str, now: datetime, reason: str) -> Snapshot | None:
        """
        Go back to the delivery before the current one, because a reader refused the current one.

        Parameters
        ----------
        name
            Slot.
        now
            The moment, UTC.
        reason
            What the reader said.

        Returns
        -------
        snapshot
            What is current now; None where there is nothing before it.
        """
        index = self.index()
        slot = index[name]
        self.ledger.record(now, "afgekeurd", name, _sum(slot.current), reden=reason)
        if slot.earlier:
            # the old one's validators are not those of what the register has now: it is asked in full next time
            index[name] = Slot(slot.earlier[0], slot.earlier[1:], dict(slot.validators))
        else:
            del index[name]
        self.write(index)
        return self.current(name)


def _sum(place: str) -> str:
    return place.partition("/")[0]
