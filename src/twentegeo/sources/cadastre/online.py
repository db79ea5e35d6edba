"""
The Kadastrale Kaart over the network.

The download service makes a delivery to order: hand in an outline, ask until it is ready, download. It cuts on tiles
of its own, so more comes back than was asked and parcels on its borders come twice; the reader clips and dedupes. The
WFS and the OGC API give the same parcels feature by feature; what they give is kept as a GeoPackage.
"""

from __future__ import annotations

import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

import shapely

from twentegeo.errors import SourceUnavailable, problem
from twentegeo.sources import delivery as deliveries
from twentegeo.sources import ogc_api, wfs
from twentegeo.sources.cadastre.layer import ALIASES, find_layer
from twentegeo.sources.cadastre.read import ORIGIN, SUFFIXES
from twentegeo.sources.download import Wanted, address_of
from twentegeo.sources.features import FEATURE_ID, digest_of, write_layers
from twentegeo.sources.patience import LATER
from twentegeo.sources.redaction import bare
from twentegeo.sources.slots import Particulars
from twentegeo.sources.sweep import sweep

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from twentegeo.sources.errand import Errand
    from twentegeo.sources.sweep import Service
    from twentegeo.sources.ways import ParcelSource

SLOT: Final = "parcels"
_FILE: Final = "kadastralekaart_perceel.zip"
_CORNERS: Final = 400
"""Corners of the outline in a request; the service takes it in one piece of text."""


def fetch_online(errand: Errand, source: ParcelSource, grounds: Sequence[shapely.Geometry]) -> None:
    """
    Fetch the parcels of a region, unless those that are there are recent enough.

    Parameters
    ----------
    errand
        Client, shelf and moment.
    source
        Which way, and where to.
    grounds
        The region's municipalities, RD New.

    Raises
    ------
    SourceUnavailable, SourceChanged
        They could not be had whole, or their reader would refuse them; the slot holds what it held.
    """
    area = shapely.union_all(list(grounds))
    scope = {"weg": source.via, "gebied": _outline(area, source)}
    if _recent(errand, source, scope):
        return
    if source.via == "download":
        _order(errand, source, scope)
    else:
        _gather(errand, source, area, scope)


def _recent(errand: Errand, source: ParcelSource, scope: dict[str, str]) -> bool:
    """Tell whether what is there was asked for this region not long ago; the service cannot say whether it changed."""
    kept, slot = errand.shelf.current(SLOT), errand.shelf.slot(SLOT)
    if kept is None or slot is None or {key: kept.facts.get(key) for key in scope} != scope:
        return False
    asked = slot.validators.get("gevraagd", "")
    until = (errand.now - timedelta(days=source.refresh_days)).isoformat(timespec="seconds")
    return bool(asked > until)


def _outline(area: shapely.Geometry, source: ParcelSource) -> str:
    """Write the region as one polygon without holes that has few corners and leaves nothing of the region out."""
    wide = shapely.buffer(area, source.buffer_m)
    hull = wide if shapely.get_num_geometries(wide) == 1 else shapely.convex_hull(wide)
    # what simplifying can take off, the wider edge gives back
    step = max(min(source.simplify_m, source.buffer_m), 1.0)
    outer = shapely.polygons(shapely.get_exterior_ring(hull))
    for _ in range(8):
        drawn = shapely.simplify(shapely.buffer(outer, step, join_style="mitre"), step)
        drawn = shapely.polygons(shapely.get_exterior_ring(drawn))
        if len(shapely.get_coordinates(drawn)) <= _CORNERS:
            break
        step *= 2
    return str(shapely.to_wkt(shapely.normalize(drawn), rounding_precision=0))


# -- the download service ------------------------------------------------------------------------------------


def _order(errand: Errand, source: ParcelSource, scope: dict[str, str]) -> None:
    base = source.download.rstrip("/")
    order = {"featuretypes": [source.featuretype], "format": "gml", "geofilter": scope["gebied"]}
    errand.say(f"fetch: ordering parcels at {bare(base)}")
    answer = errand.web.post_json(f"{base}/full/custom", order)
    number = answer.get("downloadRequestId") if isinstance(answer, dict) else None
    if not number:
        raise SourceUnavailable(problem(bare(base), "gaf geen nummer voor de aanvraag (downloadRequestId)", LATER))
    url = _ready(errand, source, f"{base}/full/custom/{number}/status")
    wanted = Wanted(address_of(url), key=url, name=_FILE)
    arrived = errand.get(SLOT, wanted, {})
    assert arrived is not None  # noqa: S101 - nothing was handed in to compare with
    asked = {"gevraagd": errand.now.isoformat(timespec="seconds")}
    kept = errand.shelf.current(SLOT)
    same = kept and kept.path.name == _FILE and kept.facts.get("gebied") == scope["gebied"]
    if kept and same and _members(arrived.path) == _members(kept.path):
        # the service packs anew each time: other bytes around the same parcels
        arrived.path.unlink()
        errand.shelf.confirm(SLOT, errand.now, asked)
        return
    about = Particulars(_FILE, bare(base), errand.now.date(), asked, scope)
    errand.keep(SLOT, ORIGIN, arrived.path, about, accept)


def _ready(errand: Errand, source: ParcelSource, url: str) -> str:
    """Ask until the delivery is ready; give its address."""
    waited = 0.0
    while True:
        status, _ = errand.web.get_json(url)
        state = str(status.get("status", "")).upper() if isinstance(status, dict) else ""
        if state == "COMPLETED":
            link: Any = ((status.get("_links") or {}).get("download") or {}).get("href")
            if not link:
                raise SourceUnavailable(problem(bare(url), "levering is klaar maar heeft geen adres", LATER))
            return urljoin(url, str(link))
        if state not in ("PENDING", "RUNNING"):
            raise SourceUnavailable(
                problem(bare(url), f"levering is niet gemaakt (status {state or 'onbekend'})", LATER)
            )
        if waited >= source.poll_most_s:
            place = f"levering is na {waited / 60:.0f} minuten niet klaar"
            raise SourceUnavailable(
                problem(bare(url), place, "Verhoog sources.parcels.poll_most_s of kies een andere weg")
            )
        errand.count("percelen klaarzetten (%)", int(status.get("progress") or 0), 100)
        errand.web.sleep(source.poll_s)
        waited += source.poll_s


def _members(path: Path) -> list[tuple[str, int, int]]:
    with zipfile.ZipFile(path) as archive:
        return sorted((one.filename, one.file_size, one.CRC) for one in archive.infolist())


# -- feature by feature --------------------------------------------------------------------------------------


def _gather(errand: Errand, source: ParcelSource, area: shapely.Geometry, scope: dict[str, str]) -> None:
    service: Service
    if source.via == "ogc_api":
        service = ogc_api.describe(errand.web, source.ogc_api, source.collection, source.sweep.page)
    else:
        service = wfs.describe(
            errand.web, source.wfs, source.typename, page=source.sweep.page, most=source.sweep.tile_most
        )
    errand.say(f"fetch: parcels from {service.label}")
    swept = sweep(
        service,
        shapely.buffer(area, source.buffer_m),
        ALIASES["perceel_id"],
        source.sweep,
        parallel=errand.web.params.parallel_per_host,
        count=errand.count,
    )
    if not swept.table.num_rows:
        raise SourceUnavailable(problem(service.label, "geeft geen percelen in de regio", LATER))
    # the service's own id is that of one load: it would make every delivery a new one
    table = swept.table.drop_columns(FEATURE_ID)
    digest = digest_of({"perceel": table})
    validators = {"gevraagd": errand.now.isoformat(timespec="seconds"), "objecten": digest}
    slot = errand.shelf.slot(SLOT)
    if slot and errand.shelf.current(SLOT) and slot.validators.get("objecten") == digest:
        errand.shelf.confirm(SLOT, errand.now, validators)
        return
    written = errand.shelf.incoming / "perceel.gpkg"
    write_layers(written, {"perceel": (table, "Unknown")}, errand.now.date())
    facts = {**scope, "percelen": table.num_rows, "dubbel": swept.doubles, "tegels": swept.requests}
    about = Particulars("perceel.gpkg", service.label, errand.now.date(), validators, facts)
    errand.keep(SLOT, ORIGIN, written, about, accept)


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
        What :func:`twentegeo.sources.cadastre.read.read` would raise at its beginning.
    """
    delivery = deliveries.single(path, SUFFIXES, "perceel")
    head = delivery.head(2**16).lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(b"<"):
        from twentegeo.sources.cadastre.gml import require_root  # noqa: PLC0415

        require_root(head, delivery)
    else:
        find_layer(delivery)
