"""
The process beside a night, started before the night itself has loaded anything: a second core is idle until then.

What runs in it is named here, as text, so that naming it loads nothing. Whether it is worth while is guessed from the
settings file and from the release that stands; the night itself reads both properly, and complains where they are
wrong.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import yaml

from twentegeo.processes import Apart

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

READ: Final = "twentegeo.publish.package_reading:read_places"
"""What reads the dwellings of the release that stands, where its rows were not kept: GDAL keeps Python waiting."""

FIND: Final = "twentegeo.areas.concentrations:find_among"
"""What finds concentrations: nothing takes longer, so it runs beside what the night goes on with."""

SURFACES: Final = "twentegeo.publish.raster:write_rasters"
"""What writes the surfaces."""

LAY: Final = "twentegeo.publish.maps.picture:lay_picture"
"""What lays out the one map that every release has, from the GeoPackage."""

DRAW: Final = "twentegeo.publish.maps.picture:draw_picture"
"""What draws that map."""

MANY: Final = 50_000
"""Verblijfsobjecten from which finding concentrations takes longer than starting a process for it, and drawing too."""

_ON_THE_WAY: Final = (
    "scipy.ndimage:convolve",
    "scipy.sparse.csgraph:maximum_flow",
    "scipy.spatial:cKDTree",
    "scipy.special:ndtr",
)
"""What finding concentrations would otherwise load while it is waited for."""


def work(*, map_book: bool) -> tuple[str, ...]:
    """
    Name what a night of a large region has done in a process of its own.

    Parameters
    ----------
    map_book
        Whether there is a map book, which brings its own processes.

    Returns
    -------
    work
        Functions, as ``module:name``.
    """
    return (READ, FIND, *_ON_THE_WAY, SURFACES, *(() if map_book else (LAY, DRAW)))


@contextmanager
def started(config: Path) -> Iterator[Apart | None]:
    """
    Have the process of a night load its libraries while the night loads its own.

    Parameters
    ----------
    config
        The settings file, not read yet.

    Yields
    ------
    process
        None where the region is small, nothing was published yet, or there is to be one process only. Ended when the
        block is.
    """
    raw = _stated(config)
    if raw is None:
        yield None
        return
    products = raw.get("products")
    map_book = products.get("maps", True) if isinstance(products, dict) else True
    process = Apart(*work(map_book=map_book))
    try:
        yield process
    finally:
        process.close()


def _stated(config: Path) -> dict[str, Any] | None:
    """Give what a settings file says, where its last release was large and more than one process may run."""
    try:
        raw = yaml.safe_load(config.read_text(encoding="utf-8"))
        manifest = config.absolute().parent / raw.get("outputs", "outputs") / "latest" / "manifest.json"
        dwellings = json.loads(manifest.read_text(encoding="utf-8"))["lagen"]["verblijfsobject"]
        worth_while = dwellings >= MANY and raw.get("workers", 2) > 1
    except (OSError, ValueError, LookupError, TypeError, AttributeError, yaml.YAMLError):
        return None
    return raw if worth_while else None
