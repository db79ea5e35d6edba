"""A snapshot: bytes as a register delivered them, with their origin."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from twentegeo.errors import SourceUnavailable, problem
from twentegeo.store import sha256_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Origin:
    """
    A register as such.

    Attributes
    ----------
    name
        Short name, the same everywhere: ``bag``, ``parcels``, ``energy_labels``,
        ``neighbourhoods``, ``ownership``, ``prognosis``.
    title
        Dutch name for people.
    publisher, licence
        Who publishes it and under what terms.
    """

    name: str
    title: str
    publisher: str
    licence: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """
    One delivery of a register.

    Attributes
    ----------
    origin
        The register.
    path
        The file as delivered.
    sha256, size_bytes
        What identifies its bytes.
    retrieved_at
        When it came in; for a file that the user put there, when it was last written.
        Never part of a fingerprint.
    release_date
        Date the delivery refers to, where known without reading it.
    url
        Where it was fetched, without query; None for a file on disk.
    slot
        Its place among what was fetched, see :class:`twentegeo.sources.shelf.Shelf`; None for a file on disk.
    facts
        What came with it: preamble, way in, scope. Never part of a fingerprint.
    stale
        Why it is too old, one line of Dutch; None while it is not. Decides what a release says, so it is part of
        its mark.
    trouble
        Why a newer one could not be had tonight, one line of Dutch; None where there was no trouble.
    """

    origin: Origin
    path: Path
    sha256: str
    size_bytes: int
    retrieved_at: datetime
    release_date: date | None = None
    url: str | None = None
    slot: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    stale: str | None = None
    trouble: str | None = None


def from_file(origin: Origin, path: Path) -> Snapshot:
    """
    Take a file that the user put on disk as a snapshot.

    Parameters
    ----------
    origin
        The register that the file is a delivery of.
    path
        The file.

    Returns
    -------
    snapshot
        With the file's checksum; `retrieved_at` is the file's time of last change.

    Raises
    ------
    SourceUnavailable
        The path is absent, a folder, empty or unreadable.
    """
    remedy = f"Zet het bestand op deze plek of pas het pad van bron '{origin.name}' in de instellingen aan"
    if not path.exists():
        raise SourceUnavailable(problem(path, "bestand bestaat niet", remedy))
    if not path.is_file():
        raise SourceUnavailable(problem(path, "is geen bestand maar een map", remedy))
    status = path.stat()
    if status.st_size == 0:
        raise SourceUnavailable(problem(path, "bestand is leeg (0 bytes)", "Haal de levering opnieuw op"))
    try:
        checksum = sha256_of(path)
    except OSError as error:
        raise SourceUnavailable(problem(path, f"niet te lezen ({error.strerror})", remedy)) from error
    return Snapshot(
        origin=origin,
        path=path,
        sha256=checksum,
        size_bytes=status.st_size,
        retrieved_at=datetime.fromtimestamp(status.st_mtime, tz=UTC),
    )
