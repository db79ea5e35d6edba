"""
The Wijk- en Buurtkaart over the network: an edition a year, each a slot of its own.

CBS publishes a year's map with few figures and adds the others over two or three years. The newest edition gives the
borders; earlier ones are fetched for as long as a figure is still missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc
import shapely

from twentegeo.crs import BOUNDS
from twentegeo.errors import NotInDelivery, SourceUnavailable, problem
from twentegeo.sources import ogc_api
from twentegeo.sources.answers import NotThere
from twentegeo.sources.cbs.columns import INDICATORS, KEYS
from twentegeo.sources.cbs.layers import LEVELS, list_layers, read_layer
from twentegeo.sources.cbs.read import ORIGIN
from twentegeo.sources.features import FEATURE_ID, WKB, column_named, digest_of, write_layers
from twentegeo.sources.files import Offer, fetch_offer
from twentegeo.sources.patience import LATER
from twentegeo.sources.redaction import bare
from twentegeo.sources.slots import Particulars
from twentegeo.sources.sweep import sweep

if TYPE_CHECKING:
    from pathlib import Path

    from twentegeo.sources.errand import Errand
    from twentegeo.sources.feed import Entry
    from twentegeo.sources.shelf import Shelf
    from twentegeo.sources.snapshot import Snapshot
    from twentegeo.sources.ways import AreaSource

SLOT: Final = "neighbourhoods"
_YEARS_AHEAD: Final = 3
"""Years back from this one in which the newest edition must be; CBS has never been later."""

_COLLECTIONS: Final = {"buurt": "buurten", "wijk": "wijken", "gemeente": "gemeenten"}


def fetch_online(errand: Errand, source: AreaSource, municipalities: tuple[str, ...]) -> None:
    """
    Fetch the newest edition, and the earlier ones that have figures which it lacks.

    Parameters
    ----------
    errand
        Client, shelf and moment.
    source
        Which way, where to, and how far back.
    municipalities
        CBS codes of the region; the OGC API is asked for these only.

    Raises
    ------
    SourceUnavailable, SourceChanged
        The newest edition could not be had whole; the slots hold what they held.
    """
    newest = _newest(errand, source, municipalities)
    for year in range(newest - 1, newest - 1 - source.years_back, -1):
        if not _lacking(editions(errand.shelf, source)):
            return
        try:
            _fetch(errand, source, year, municipalities)
        except NotThere:
            # editions disappear after some years; what they would add stays missing and is reported as such
            continue


def editions(shelf: Shelf, source: AreaSource) -> list[Snapshot]:
    """
    List the editions on the shelf that a reading needs.

    Parameters
    ----------
    shelf
        The shelf.
    source
        The year, where one is asked for, and how far back.

    Returns
    -------
    editions
        The newest first; earlier ones for as long as a figure is missing. Empty where there are none.
    """
    years = sorted((int(name.rpartition("/")[2]) for name in shelf.slots(f"{SLOT}/")), reverse=True)
    wanted = [year for year in years if source.year is None or year <= source.year]
    found: list[Snapshot] = []
    for year in wanted:
        if found and (year < wanted[0] - source.years_back or not _lacking(found)):
            break
        one = shelf.current(f"{SLOT}/{year}")
        if one is not None:
            found.append(one)
    return found


def grounds(path: Path, municipalities: tuple[str, ...]) -> dict[str, shapely.Geometry]:
    """
    Draw the municipalities of a region from an edition.

    Parameters
    ----------
    path
        A Wijk- en Buurtkaart.
    municipalities
        CBS codes.

    Returns
    -------
    grounds
        Land of each municipality, RD New, by its four digits.

    Raises
    ------
    NotInDelivery
        A municipality is not in the edition.
    """
    codes = tuple(f"GM{code}" for code in municipalities)
    layers = list_layers(path)
    areas = read_layer(path, layers.get("gemeente", layers["buurt"]), codes)
    owner, shapes = areas["gemeente_code"].to_numpy(dtype=object), shapely.make_valid(areas.geometry.to_numpy())
    absent = sorted(set(codes) - set(owner))
    if absent:
        remedy = "Pas region.municipalities in de instellingen aan"
        raise NotInDelivery(problem(path, f"gemeente {', '.join(absent)} komt niet voor", remedy))
    return {code: shapely.union_all(shapes[owner == f"GM{code}"]) for code in municipalities}


def _newest(errand: Errand, source: AreaSource, municipalities: tuple[str, ...]) -> int:
    years = [source.year] if source.year else range(errand.now.year, errand.now.year - _YEARS_AHEAD - 1, -1)
    last: NotThere | None = None
    for year in years:
        try:
            _fetch(errand, source, year, municipalities)
        except NotThere as error:
            last = error
            continue
        return int(year)
    place = f"geen Wijk- en Buurtkaart gevonden voor {', '.join(str(year) for year in years)}"
    remedy = "Controleer sources.neighbourhoods.feed (of .ogc_api) in de instellingen"
    raise SourceUnavailable(problem("CBS", place, remedy)) from last


def _lacking(found: list[Snapshot]) -> bool:
    """Tell whether a figure of buurten is in none of these editions, by their columns."""
    held: set[str] = set()
    for one in found:
        held |= set(list_layers(one.path)["buurt"].found)
    return bool(set(INDICATORS) - held)


def _fetch(errand: Errand, source: AreaSource, year: int, municipalities: tuple[str, ...]) -> None:
    slot = f"{SLOT}/{year}"
    if source.via == "feed":
        feed = source.feed.format(year=year)
        fetch_offer(errand, Offer(slot, ORIGIN, (feed,), _is_geopackage, _accept, source.check_length))
    else:
        _gather(errand, source, year, municipalities)


def _is_geopackage(entry: Entry) -> bool:
    return "geopackage" in entry.kind or bare(entry.url).lower().endswith(".gpkg")


def _accept(path: Path) -> None:
    list_layers(path)


# -- feature by feature --------------------------------------------------------------------------------------


def _gather(errand: Errand, source: AreaSource, year: int, municipalities: tuple[str, ...]) -> None:
    """Get the three levels of the region; municipalities first, since they say where the others lie."""
    base = source.ogc_api.format(year=year)
    codes = pa.array([f"GM{code}" for code in municipalities])
    whole = shapely.box(*BOUNDS)
    layers: dict[str, pa.Table] = {}
    area = whole
    for level in reversed(LEVELS):
        service = ogc_api.describe(errand.web, base, _COLLECTIONS[level], source.sweep.page)
        errand.say(f"fetch: {_COLLECTIONS[level]} {year} from {service.label}")
        swept = sweep(
            service,
            area,
            KEYS[f"{level}_code"],
            source.sweep,
            parallel=errand.web.params.parallel_per_host,
            count=errand.count,
        )
        if not swept.table.num_rows:
            raise SourceUnavailable(problem(service.label, "geeft geen gebieden", LATER))
        municipality = column_named(swept.table, KEYS["gemeente_code"], service.label)
        mine = swept.table.filter(pc.is_in(swept.table[municipality], codes))
        layers[_COLLECTIONS[level]] = mine.drop_columns(FEATURE_ID)
        if level == "gemeente" and mine.num_rows:
            area = shapely.union_all(shapely.from_wkb(mine[WKB].to_numpy(zero_copy_only=False)))
    _keep(errand, source, year, layers)


def _keep(errand: Errand, source: AreaSource, year: int, layers: dict[str, pa.Table]) -> None:
    slot, digest = f"{SLOT}/{year}", digest_of(layers)
    held = errand.shelf.slot(slot)
    if held and errand.shelf.current(slot) and held.validators.get("objecten") == digest:
        errand.shelf.confirm(slot, errand.now)
        return
    name = f"wijkenbuurten_{year}.gpkg"
    written = errand.shelf.incoming / name
    write_layers(written, {key: (table, "MultiPolygon") for key, table in layers.items()}, errand.now.date())
    url = bare(source.ogc_api.format(year=year))
    about = Particulars(name, url, errand.now.date(), {"objecten": digest}, {"weg": "ogc_api"})
    errand.keep(slot, ORIGIN, written, about, _accept)
