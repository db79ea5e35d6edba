"""
The BAG: buildings, dwellings and addresses of one region, from either delivery.

Two deliveries give the same tables, told apart by their content: the BAG 2.0 extract (a zip of zips of XML,
with history and all addresses; :mod:`~twentegeo.sources.bag.extract`) and ``bag-light.gpkg`` (current objects
only, main addresses only; :mod:`~twentegeo.sources.bag.light`).

The workers that parse members import this package, so it stays light: pandas and its kin are imported
when :func:`read` is called.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from twentegeo.errors import SourceChanged, problem
from twentegeo.sources.snapshot import Origin, Snapshot, from_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from twentegeo.sources.bag.drawn import Published
    from twentegeo.sources.bag.dummies import BagParameters
    from twentegeo.tables.shapes import Mapped

ORIGIN: Final = Origin(
    name="bag",
    title="Basisregistratie Adressen en Gebouwen",
    publisher="Kadaster",
    licence="CC0 1.0 (publiek domein)",
)

ZIP_MAGIC: Final = b"PK"
SQLITE_MAGIC: Final = b"SQLite format 3\0"


def _tell_nobody(_stage: str, _done: int, _total: int) -> None:
    """Pass over in silence."""


def _nothing() -> None:
    """Tell that nothing was published before."""


def needs_no_room(_addresses: int) -> None:
    """Start nothing when the processes that read are gone."""


@dataclass(frozen=True, slots=True)
class Means:
    """
    What the work is done with; none of it changes the answer.

    Attributes
    ----------
    work
        Folder for intermediate files; made when absent, left empty.
    workers
        Processes that parse members side by side; 1 parses in this process.
    tell
        Told (stage in Dutch, done, total) now and then.
    published
        Reads the panden that an earlier night published, or gives None: an outline that is what it was is not decoded.
    recall
        Folder in which what an extract holds is kept for the next, whose stands are parsed where they are new; used by
        the same code with the same parameters only. None for nothing kept.
    freed
        Told the number of addresses in the region when the processes that read an extract are gone, while their rows
        are still put together: what they had of processor and memory is there for others.
    """

    work: Path
    workers: int = 2
    tell: Callable[[str, int, int], None] = _tell_nobody
    published: Published = _nothing
    recall: Path | None = None
    freed: Callable[[int], None] = needs_no_room


@dataclass(frozen=True, slots=True)
class BagScope:
    """
    What of the BAG is wanted.

    Attributes
    ----------
    municipalities
        CBS codes as four digits.
    reference_date
        The day whose state is wanted; None for the delivery's own date.
    """

    municipalities: tuple[str, ...]
    reference_date: date | None = None


@dataclass(frozen=True)
class BagTables:
    """
    The BAG of a region.

    Attributes
    ----------
    panden, verblijfsobject, vbo_pand, adres, plaats
        Tables that keep to the contracts of :mod:`twentegeo.tables.bag`, sorted by their key; EPSG:28992. Outlines of
        panden are not decoded before somebody asks for :attr:`pand`.
    reference_date
        The day whose state they hold.
    losses
        Objects that are not in the tables, and why; keeps to ``KOPPELVERLIES``.
    counts
        What was read: stands, ways of parsing, duplicates, repairs, statuses left out.
    """

    panden: Mapped
    verblijfsobject: gpd.GeoDataFrame
    vbo_pand: pd.DataFrame
    adres: pd.DataFrame
    plaats: gpd.GeoDataFrame
    reference_date: date
    losses: pd.DataFrame
    counts: dict[str, int]

    @property
    def pand(self) -> gpd.GeoDataFrame:
        """The panden with their outlines decoded."""
        return self.panden.frame


class Listed(Protocol):
    """What a BAG lists; where its objects lie plays no part. :class:`BagTables` are one."""

    @property
    def pand(self) -> pd.DataFrame:
        """Frame with the key of ``PAND``."""
        ...

    @property
    def verblijfsobject(self) -> pd.DataFrame:
        """Frame with the key of ``VERBLIJFSOBJECT``."""
        ...

    @property
    def vbo_pand(self) -> pd.DataFrame:
        """Frame that keeps to ``VBO_PAND``."""
        ...

    @property
    def adres(self) -> pd.DataFrame:
        """Frame that keeps to ``ADRES``."""
        ...


@dataclass(frozen=True)
class Listing:
    """A :class:`Listed` without the columns that it does not ask for."""

    pand: pd.DataFrame
    verblijfsobject: pd.DataFrame
    vbo_pand: pd.DataFrame
    adres: pd.DataFrame


def fetch(path: Path) -> Snapshot:
    """
    Take a delivery on disk as a snapshot.

    Parameters
    ----------
    path
        Extract zip or bag-light.gpkg.

    Returns
    -------
    snapshot
        The file with its checksum.

    Raises
    ------
    SourceUnavailable
        The path is absent, a folder, empty or unreadable.
    """
    return from_file(ORIGIN, path)


def read(
    snapshot: Snapshot,
    scope: BagScope,
    means: Means,
    parameters: BagParameters | None = None,
) -> BagTables:
    """
    Read the current objects of a region.

    Parameters
    ----------
    snapshot
        The delivery; extract and bag-light are told apart by content, not by name.
    scope
        Which municipalities, and the day.
    means
        What the work is done with.
    parameters
        What counts as a filler value; the defaults when None.

    Returns
    -------
    tables
        The region's objects, with what was lost and what was counted.

    Raises
    ------
    SourceUnavailable
        The delivery is cut off or damaged.
    SourceChanged
        The delivery is of a kind that is not read (old schema, mutations, no BAG), unsafe, or does not
        hold a municipality that was asked for.
    """
    # workers import this package; what they do not need is imported here
    from twentegeo.sources.bag.dummies import BagParameters  # noqa: PLC0415

    rules = parameters or BagParameters()
    with snapshot.path.open("rb") as stream:
        magic = stream.read(len(SQLITE_MAGIC))
    if magic == SQLITE_MAGIC:
        from twentegeo.sources.bag import light  # noqa: PLC0415

        return light.read(snapshot.path, scope, rules, means)
    if magic.startswith(ZIP_MAGIC):
        from twentegeo.sources.bag import extract  # noqa: PLC0415

        return extract.read(snapshot.path, scope, rules, means)
    raise SourceChanged(
        problem(
            snapshot.path,
            "is geen zip en geen GeoPackage",
            "Geef het BAG-extract (lvbag-extract-nl.zip) of bag-light.gpkg op",
        )
    )


def topped_up(base: Listed, daily: BagTables) -> BagTables:
    """
    Bring a month's tables up to date; see :func:`twentegeo.sources.bag.topup.top_up`.

    Parameters
    ----------
    base, daily
        Of the month's file, and of the services.

    Returns
    -------
    tables
        The later state, with what only the file tells.
    """
    from twentegeo.sources.bag.topup import top_up  # noqa: PLC0415

    return top_up(base, daily)
