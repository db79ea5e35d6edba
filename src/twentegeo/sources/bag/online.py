"""
The BAG over the network.

Once a month PDOK publishes the whole country as a file: the extract, and bag-light. Its services are renewed daily and
give a region object by object; what they give is put in the form of bag-light
(:mod:`twentegeo.sources.bag.services`), so that the same reader reads it.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import shapely

from twentegeo.errors import SourceChanged, SourceUnavailable, problem
from twentegeo.sources import ogc_api, wfs
from twentegeo.sources.answers import NotThere
from twentegeo.sources.bag import ORIGIN, SQLITE_MAGIC, services
from twentegeo.sources.features import digest_of, write_layers
from twentegeo.sources.files import Offer, fetch_offer
from twentegeo.sources.patience import LATER
from twentegeo.sources.redaction import bare
from twentegeo.sources.slots import Particulars
from twentegeo.sources.sweep import sweep

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from twentegeo.sources.errand import Errand
    from twentegeo.sources.feed import Entry
    from twentegeo.sources.sweep import Service
    from twentegeo.sources.ways import BagSource

SLOT: Final = "bag"
DAILY: Final = "bag/dagelijks"
"""Slot of what the services say on top of the month's file."""

_FILE: Final = "bag-regio.gpkg"
_EDGE_M: Final = 250.0
"""Objects are asked this far around the region, metres: a pand may stand with one foot in the next municipality."""


def fetch_online(errand: Errand, source: BagSource, grounds: Callable[[], dict[str, shapely.Geometry]]) -> None:
    """
    Fetch the BAG, unless what is there is still the newest.

    Parameters
    ----------
    errand
        Client, shelf and moment.
    source
        Which way, and where to.
    grounds
        Gives the ground of each municipality, RD New; only the services ask for it.

    Raises
    ------
    SourceUnavailable, SourceChanged
        It could not be had whole, or its reader would refuse it; the slot holds what it held.
    """
    if source.via in ("ogc_api", "wfs"):
        _gather(errand, source, SLOT, grounds())
        return
    suits = _is_extract if source.via == "extract" else _is_light
    fetch_offer(errand, Offer(SLOT, ORIGIN, source.feeds, suits, accept, source.check_length))


def fetch_top_up(errand: Errand, source: BagSource, grounds: Callable[[], dict[str, shapely.Geometry]]) -> None:
    """
    Fetch what the services say of the region, to go on top of the month's file.

    Parameters
    ----------
    errand, source, grounds
        As for :func:`fetch_online`.

    Raises
    ------
    SourceUnavailable, SourceChanged
        As for :func:`fetch_online`.
    """
    _gather(errand, source.model_copy(update={"via": source.top_up}), DAILY, grounds())


def _is_extract(entry: Entry) -> bool:
    return bare(entry.url).lower().endswith(".zip") and "extract" in bare(entry.url).lower()


def _is_light(entry: Entry) -> bool:
    return "geopackage" in entry.kind or bare(entry.url).lower().endswith(".gpkg")


def accept(path: Path) -> None:
    """
    Look whether the reader would have a file, without reading it all.

    Parameters
    ----------
    path
        An arrived file.

    Raises
    ------
    SourceUnavailable, SourceChanged
        What :func:`twentegeo.sources.bag.read` would raise at its beginning.
    """
    from twentegeo.sources.bag import archive, extract, light_file  # noqa: PLC0415 - only when one arrived

    with path.open("rb") as stream:
        is_sqlite = stream.read(len(SQLITE_MAGIC)) == SQLITE_MAGIC
    if is_sqlite:
        light_file.require_layers(path)
        return
    with tempfile.TemporaryDirectory(dir=path.parent) as work:
        extract.require_objects(archive.discover(path, Path(work)))


# -- object by object ----------------------------------------------------------------------------------------


def _gather(errand: Errand, source: BagSource, slot: str, grounds: dict[str, shapely.Geometry]) -> None:
    area = shapely.buffer(shapely.union_all(list(grounds.values())), _EDGE_M)
    kinds = services.OGC_COLLECTIONS if source.via == "ogc_api" else services.WFS_TYPES
    base = source.ogc_api if source.via == "ogc_api" else source.wfs
    tables: dict[str, pa.Table] = {}
    for kind in kinds:
        service = _service(errand, source, kind)
        if service is None:
            continue
        errand.say(f"fetch: {kind} from {service.label}")
        tables[kind] = sweep(
            service,
            area,
            ("identificatie",),
            source.sweep,
            parallel=errand.web.params.parallel_per_host,
            count=errand.count,
        ).table
        if kind in services.NEEDED and not tables[kind].num_rows:
            raise SourceUnavailable(problem(service.label, "geeft geen objecten in de regio", LATER))
    layers = services.as_light(tables, grounds, bare(base))
    digest = digest_of({name: table for name, (table, _) in layers.items()})
    held = errand.shelf.slot(slot)
    if held and errand.shelf.current(slot) and held.validators.get("objecten") == digest:
        errand.shelf.confirm(slot, errand.now)
        return
    written = errand.shelf.incoming / _FILE
    write_layers(written, layers, errand.now.date())
    facts = {"weg": source.via, **{name: table.num_rows for name, (table, _) in layers.items()}}
    about = Particulars(_FILE, bare(base), errand.now.date(), {"objecten": digest}, facts)
    errand.keep(slot, ORIGIN, written, about, accept)


def _service(errand: Errand, source: BagSource, kind: str) -> Service | None:
    """Find the service of a kind of object; None where there is none of a kind that can be missed."""
    try:
        if source.via == "ogc_api":
            return ogc_api.describe(errand.web, source.ogc_api, kind, source.sweep.page)
        return wfs.describe(errand.web, source.wfs, kind, page=source.sweep.page, most=source.sweep.tile_most)
    except (NotThere, SourceChanged):
        if kind in services.NEEDED:
            raise
        return None
