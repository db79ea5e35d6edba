"""
A region from a service that gives features in pages: tile by tile, and never silently less than there is.

A tile is one answer. One that comes back full may be a part of what there is, so it is split and its parts are asked
instead: pages in a row can lose one on the way, or shift when the service orders them anew for each. Only a tile too
small to split is asked page by page. Afterwards some tiles are asked again in quarters, the fullest ones first: an
object that shows up only then means that the service has a limit that it did not tell.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
import pyarrow as pa
import shapely

from twentegeo.errors import SourceUnavailable, problem
from twentegeo.sources.features import WKB, column_named, one_per_key, together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from twentegeo.sources.ways import Sweep

Bounds = tuple[float, float, float, float]

_TIMES: Final = 2
"""Whole sweeps before a service that leaves objects out is given up: it may have been changing under way."""


@dataclass(frozen=True, slots=True)
class Got:
    """
    What a service gave for a tile.

    Attributes
    ----------
    table
        Rows as :func:`twentegeo.sources.features.page_table` gives.
    full
        Whether there may be more that it did not give.
    """

    table: pa.Table
    full: bool


class Service(Protocol):
    """Something that gives the features of a box."""

    @property
    def label(self) -> str:
        """Name for messages."""
        ...

    def ask(self, bounds: Bounds, *, all_pages: bool) -> Got:
        """Give the features that touch a box in RD metres: the first page, or all of them."""
        ...


@dataclass(frozen=True)
class Swept:
    """
    A region's features.

    Attributes
    ----------
    table
        One row per key, sorted by it.
    requests
        Tiles that were asked.
    doubles
        Rows that came more than once, on the borders of tiles.
    """

    table: pa.Table
    requests: int
    doubles: int


class _TooLittle(Exception):  # noqa: N818 - says what happened
    """A second look showed more than the first."""


def sweep(
    service: Service,
    area: shapely.Geometry,
    key: Sequence[str],
    params: Sweep,
    *,
    parallel: int,
    count: Callable[[str, int, int], None],
) -> Swept:
    """
    Get every feature that touches a region.

    Parameters
    ----------
    service
        Who is asked.
    area
        The region, RD New.
    key
        Plain spellings of the column that identifies an object.
    params
        Size of tiles, limits, and how much is asked twice.
    parallel
        Tiles that are asked at the same time.
    count
        Told (text, tiles done, tiles in all).

    Returns
    -------
    swept
        Everything; objects on the borders of tiles once.

    Raises
    ------
    SourceUnavailable
        A tile stays full however small it is, or the service leaves objects out.
    SourceChanged
        The key is not among the columns, or the coordinates are not in RD New.
    """
    for time in range(1, _TIMES + 1):
        try:
            return _Sweeping(service, area, key, params, parallel, count).all()
        except _TooLittle as error:
            if time == _TIMES:
                remedy = "Maak sweep.tile_m kleiner of kies een andere weg (via) in de instellingen"
                raise SourceUnavailable(problem(service.label, str(error), remedy)) from None
    raise AssertionError


@dataclass
class _Sweeping:
    service: Service
    area: shapely.Geometry
    key: Sequence[str]
    params: Sweep
    parallel: int
    count: Callable[[str, int, int], None]
    requests: int = 0

    def all(self) -> Swept:
        tiles = list(_tiles(self.area, self.params.tile_m))
        found: list[tuple[Bounds, pa.Table]] = []
        with ThreadPoolExecutor(self.parallel, thread_name_prefix="tiles") as pool:
            for done, tables in enumerate(pool.map(self._tile, tiles), start=1):
                found += tables
                self.count(self.service.label, done, len(tiles))
        table = together(part for _, part in found)
        if not table.num_rows:
            return Swept(table, self.requests, 0)
        key = column_named(table, self.key, self.service.label)
        table, doubles = one_per_key(table.filter(pa.compute.is_valid(table[key])), key)
        self._probe(found, key, set(table[key].to_pylist()))
        return Swept(table, self.requests, doubles)

    def _tile(self, bounds: Bounds) -> list[tuple[Bounds, pa.Table]]:
        self.requests += 1
        least = min(bounds[2] - bounds[0], bounds[3] - bounds[1]) / 2 < self.params.tile_least_m
        got = self.service.ask(bounds, all_pages=least)
        _require_here(got.table, bounds, self.service.label)
        if not got.full:
            return [(bounds, got.table)]
        if least:
            corner = ", ".join(f"{value:.0f}" for value in bounds)
            place = f"tegel {corner} is vol en te klein om te splitsen"
            remedy = "Controleer sweep.tile_most en sweep.tile_least_m in de instellingen"
            raise SourceUnavailable(problem(self.service.label, place, remedy))
        return [one for quarter in _quarters(bounds) for one in self._tile(quarter)]

    def _probe(self, found: list[tuple[Bounds, pa.Table]], key: str, known: set[str]) -> None:
        """Look again, closer: at the fullest tiles, where a limit shows, and at some spread over the region."""
        order = sorted(range(len(found)), key=lambda place: -found[place][1].num_rows)
        wanted = self.params.probes
        spread = np.linspace(0, len(found) - 1, max(wanted // 2, 1)).astype(int).tolist() if wanted else []
        chosen = list(dict.fromkeys([*order[: wanted - wanted // 2], *spread]))[:wanted]
        for place in chosen:
            bounds, table = found[place]
            seen: set[str] = set()
            for quarter in _quarters(bounds):
                for _, part in self._tile(quarter):
                    seen |= set(part[key].to_pylist()) if part.num_rows else set()
            lacking = seen - known - {None}
            if lacking:
                where = ", ".join(f"{value:.0f}" for value in bounds)
                raise _TooLittle(
                    f"tegel {where} gaf {table.num_rows} objecten, maar in vieren gevraagd {len(lacking)} andere"
                    f" (bijvoorbeeld {min(lacking)}); de dienst kapt af of liet een bladzijde weg"
                )


def _require_here(table: pa.Table, bounds: Bounds, label: str) -> None:
    """Refuse objects that lie elsewhere: a service that passes over the box would be asked for ever."""
    if not table.num_rows or WKB not in table.column_names:
        return
    found = shapely.bounds(shapely.from_wkb(table[WKB].to_numpy(zero_copy_only=False)))
    found = found[~np.isnan(found[:, 0])]
    west, south, east, north = bounds
    apart = (found[:, 0] > east + 1) | (found[:, 2] < west - 1) | (found[:, 1] > north + 1) | (found[:, 3] < south - 1)
    if apart.any():
        where = ", ".join(f"{value:.0f}" for value in bounds)
        place = f"gaf voor tegel {where} {int(apart.sum())} objecten die er niet in liggen"
        raise SourceUnavailable(problem(label, place, "De dienst slaat de bbox over; kies een andere weg (via)"))


def _tiles(area: shapely.Geometry, side: float) -> Iterator[Bounds]:
    """Squares on a fixed grid that touch the area."""
    west, south, east, north = shapely.bounds(area)
    columns = np.arange(np.floor(west / side), np.ceil(east / side))
    rows = np.arange(np.floor(south / side), np.ceil(north / side))
    x, y = (axis.ravel() * side for axis in np.meshgrid(columns, rows))
    shapely.prepare(area)
    touching = shapely.intersects(area, shapely.box(x, y, x + side, y + side))
    for left, low in zip(x[touching].tolist(), y[touching].tolist(), strict=True):
        yield (left, low, left + side, low + side)


def _quarters(bounds: Bounds) -> tuple[Bounds, ...]:
    west, south, east, north = bounds
    middle, halfway = (west + east) / 2, (south + north) / 2
    return (
        (west, south, middle, halfway),
        (middle, south, east, halfway),
        (west, halfway, middle, north),
        (middle, halfway, east, north),
    )
