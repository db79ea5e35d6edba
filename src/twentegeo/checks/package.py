"""Rules on a GeoPackage as read back from disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from twentegeo.checks.finding import Finding
from twentegeo.crs import RD_NEW_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from twentegeo.tables.contract import Table


class Facts(Protocol):
    """What is known of a layer that was read back."""

    @property
    def rows(self) -> int:
        """Number of rows."""
        ...

    @property
    def columns(self) -> Mapping[str, str]:
        """Type by column name, geometry and feature id left out."""
        ...

    @property
    def crs(self) -> str | None:
        """CRS of the geometry, ``EPSG:28992``; None for a plain table."""
        ...

    @property
    def geometry(self) -> str | None:
        """Kind of geometry; None for a plain table."""
        ...

    @property
    def null_geometries(self) -> int:
        """Rows without geometry."""
        ...

    @property
    def rtree(self) -> bool:
        """Whether there is a spatial index with as many entries as there are rows."""
        ...


def check_package(
    facts: Mapping[str, Facts], counts: Mapping[str, int | None], contracts: tuple[Table, ...]
) -> list[Finding]:
    """
    Compare a file with what should be in it.

    Parameters
    ----------
    facts
        Layer name to what was read back from the file.
    counts
        Layer name to the number of rows that there should be; None where any number will do.
    contracts
        Contract of every layer.

    Returns
    -------
    findings
        None where the file holds what it should.
    """
    return [finding for table in contracts for finding in _layer(table, facts, counts.get(table.name, 0))]


def _layer(table: Table, facts: Mapping[str, Facts], expected: int | None) -> Iterator[Finding]:
    if table.name not in facts:
        if expected or table.geometry is None:
            yield Finding("P01", "stop", f"laag {table.name} staat niet in het geschreven bestand; schrijf opnieuw.")
        return
    found = facts[table.name]
    if expected is not None and found.rows != expected:
        yield Finding(
            "P02", "stop", f"laag {table.name} heeft {found.rows} rijen in plaats van {expected}; schrijf opnieuw."
        )
    missing = set(table.names) - set(found.columns)
    if missing:
        yield Finding("P03", "stop", f"laag {table.name} mist kolom(men) {', '.join(sorted(missing))}.")
    if table.geometry is not None:
        yield from _geometry(table, found)


def _geometry(table: Table, found: Facts) -> Iterator[Finding]:
    if found.crs != RD_NEW_TEXT:
        yield Finding("P04", "stop", f"laag {table.name} staat in {found.crs} in plaats van {RD_NEW_TEXT}.")
    if found.geometry != table.geometry:
        yield Finding("P07", "stop", f"laag {table.name} is {found.geometry} in plaats van {table.geometry}.")
    if found.null_geometries:
        yield Finding("P05", "stop", f"laag {table.name} heeft {found.null_geometries} rij(en) zonder geometrie.")
    if not found.rtree:
        yield Finding("P06", "stop", f"laag {table.name} heeft geen volledige ruimtelijke index.")
