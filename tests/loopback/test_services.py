"""pygeoapi and MapServer with the made-up region in them: the same tables as the files give."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal

from tests.loopback import servers, services
from tests.loopback.conftest import NOW
from tests.loopback.faults import Call, Fault, Reply, proxied
from twentegeo.pipeline.fetching import Going
from twentegeo.pipeline.fetching import fetch as take_in
from twentegeo.pipeline.progress import LogProgress
from twentegeo.pipeline.registers import Snapshots
from twentegeo.sample import SampleFiles
from twentegeo.settings import Settings, Sources
from twentegeo.sources import bag, cadastre, cbs
from twentegeo.sources.ways import AreaSource, BagSource, LabelSource, ParcelSource, Sweep

pytestmark = pytest.mark.slow
PAGE = 1000


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("services")


@pytest.fixture(scope="module")
def truth(sample: SampleFiles, base_settings: Settings, work: Path) -> bag.BagTables:
    return services.read_bag(sample, base_settings.region.municipalities, work / "bag")


@pytest.fixture(scope="module")
def data(sample: SampleFiles, truth: bag.BagTables, work: Path) -> Path:
    path = work / "diensten.gpkg"
    services.write_services(path, sample, truth, work)
    return path


@pytest.fixture(scope="module")
def ogc(data: Path, sample: SampleFiles, work: Path) -> Iterator[str]:
    config = services.pygeoapi_config(data, sample.neighbourhoods, PAGE)
    with servers.pygeoapi(config, work / "pygeoapi") as url:
        yield url


@pytest.fixture(scope="module")
def wfs(data: Path, work: Path) -> Iterator[str]:
    mapfile = work / "diensten.map"
    mapfile.write_text(services.mapfile(data))
    with servers.mapserver(mapfile, work / "mapserver") as url:
        yield url


def settings_for(base: Settings, sample: SampleFiles, outputs: Path, **sources: object) -> Settings:
    given = {
        "bag": BagSource(path=sample.bag),
        "parcels": ParcelSource(path=sample.parcels),
        "energy_labels": LabelSource(path=sample.energy_labels),
        "neighbourhoods": AreaSource(path=sample.neighbourhoods),
        **sources,
    }
    return base.model_copy(update={"sources": Sources(**given), "outputs": outputs})  # type: ignore[arg-type]


def fetched(settings: Settings) -> Snapshots:
    found = take_in(settings, LogProgress(), Going(now=NOW))
    assert not [one.trouble for one in found.all() if one.trouble]
    return found


SWEEP = Sweep(page=PAGE, tile_m=30_000, probes=1)


def same(one: pd.DataFrame, other: pd.DataFrame, name: str) -> None:
    """Equal to the last bit of every coordinate; rings may start elsewhere and run the other way."""
    one, other = one.reset_index(drop=True), other.reset_index(drop=True)
    if isinstance(one, gpd.GeoDataFrame):
        a, b = (_plain(frame.geometry.to_numpy()) for frame in (one, other))
        assert len(a) == len(b), name
        assert shapely.equals_exact(a, b, tolerance=1e-6).all(), name
        one, other = (pd.DataFrame(frame.drop(columns="geometry")) for frame in (one, other))
    assert_frame_equal(one, other, obj=name)


def _plain(shapes: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    """A polygon and a multipolygon of that one polygon are the same to the rooms that follow."""
    parts = [shapely.get_geometry(one, 0) if shapely.get_num_geometries(one) == 1 else one for one in shapes]
    return shapely.normalize(np.array(parts, dtype=object))


def test_the_areas_by_ogc_api(ogc: str, sample: SampleFiles, base_settings: Settings, tmp_path: Path) -> None:
    source = AreaSource(
        via="ogc_api", ogc_api=f"{ogc}", year=2026, years_back=0, sweep=Sweep(page=PAGE, tile_m=4e5, probes=0)
    )
    settings = settings_for(base_settings, sample, tmp_path, neighbourhoods=source)
    found = fetched(settings).neighbourhoods
    assert found.path.name == "wijkenbuurten_2026.gpkg"
    municipalities = settings.region.municipalities
    online, on_disk = (cbs.read(one, municipalities) for one in (found, cbs.fetch(sample.neighbourhoods)))
    for level in ("buurt", "wijk", "gemeente"):
        same(getattr(online, level), getattr(on_disk, level), level)
    again = fetched(settings).neighbourhoods
    assert again.sha256 == found.sha256


@pytest.mark.parametrize("via", ["ogc_api", "wfs"])
def test_the_parcels(
    via: str, request: pytest.FixtureRequest, sample: SampleFiles, base_settings: Settings, tmp_path: Path
) -> None:
    url = request.getfixturevalue("ogc" if via == "ogc_api" else "wfs")
    source = ParcelSource(via=via, ogc_api=url, wfs=url, sweep=SWEEP, refresh_days=0)  # type: ignore[arg-type]
    settings = settings_for(base_settings, sample, tmp_path, parcels=source)
    found = fetched(settings).parcels
    online, on_disk = (cadastre.read(one).parcels for one in (found, cadastre.fetch(sample.parcels)))
    same(online, on_disk, via)


@pytest.mark.parametrize("via", ["ogc_api", "wfs"])
def test_the_bag(
    via: str,
    request: pytest.FixtureRequest,
    sample: SampleFiles,
    truth: bag.BagTables,
    base_settings: Settings,
    tmp_path: Path,
) -> None:
    """
    The same objects, pairs and main addresses as the extract gives.

    What differs, because the services do not have it: secondary addresses, history (so no counts of it), repairs that
    the reader of the extract counts, and with the WFS the ids of nummeraanduidingen.
    """
    url = request.getfixturevalue("ogc" if via == "ogc_api" else "wfs")
    source = BagSource(via=via, ogc_api=url, wfs=url, sweep=SWEEP)  # type: ignore[arg-type]
    settings = settings_for(base_settings, sample, tmp_path, bag=source)
    found = fetched(settings).bag
    scope = bag.BagScope(settings.region.municipalities)
    online = bag.read(found, scope, bag.Means(tmp_path / "bag"))
    assert online.reference_date == NOW.date()
    numbers = [] if via == "ogc_api" else ["nummeraanduiding_id"]
    same(online.pand.drop(columns="geometrie_hersteld"), truth.pand.drop(columns="geometrie_hersteld"), "pand")
    same(online.vbo_pand, truth.vbo_pand, "vbo_pand")
    same(online.verblijfsobject.drop(columns=numbers), truth.verblijfsobject.drop(columns=numbers), "verblijfsobject")
    same(online.plaats.drop(columns=numbers), truth.plaats.drop(columns=numbers), "plaats")
    main = truth.adres[truth.adres["is_hoofdadres"]]
    assert len(main) < len(truth.adres)
    key = ["object_id"]
    same(
        services.sorted_like(online.adres, key).drop(columns=numbers),
        services.sorted_like(main, key).drop(columns=numbers),
        "adres",
    )
    # on top of the month's file nothing is lost: the file's secondary addresses are kept
    topped = bag.topped_up(truth, online)
    assert len(topped.adres) == len(truth.adres)
    same(topped.vbo_pand, truth.vbo_pand, "vbo_pand")


def test_a_limit_that_mapserver_does_not_tell(
    data: Path, sample: SampleFiles, base_settings: Settings, work: Path, tmp_path: Path
) -> None:
    """`wfs_maxfeatures`: the server says that a part is all there is. Nothing is taken in."""
    mapfile = work / "begrensd.map"
    mapfile.write_text(services.mapfile(data, most=170))
    with servers.mapserver(mapfile, work / "begrensd") as url:
        source = ParcelSource(via="wfs", wfs=url, sweep=SWEEP)
        settings = settings_for(base_settings, sample, tmp_path, parcels=source)
        with pytest.raises(Exception, match="kapt af"):
            take_in(settings, LogProgress(), Going(now=NOW))
        # asked in pages of that very size it is seen, split and solved
        wary = source.model_copy(update={"sweep": SWEEP.model_copy(update={"page": 170, "probes": 0})})
        found = fetched(settings_for(base_settings, sample, tmp_path, parcels=wary)).parcels
    same(cadastre.read(found).parcels, cadastre.read(cadastre.fetch(sample.parcels)).parcels, "begrensd")


# -- faults between a service and us ---------------------------------------------------------------------------


def pages(change: Callable[[Call, Reply, dict[str, Any]], Reply]) -> Fault:
    """A fault of the pages of a collection; what they say is handed over as decoded."""

    def fault(call: Call, reply: Reply) -> Reply:
        if "/items" not in call.path or reply.status != 200:
            return reply
        return change(call, reply, json.loads(reply.body))

    return fault


def saying(reply: Reply, document: dict[str, Any]) -> Reply:
    return reply.with_body(json.dumps(document).encode())


def round_and_round(_: Call, reply: Reply, document: dict[str, Any]) -> Reply:
    here = next(one["href"] for one in document["links"] if one["rel"] == "self")
    return saying(reply, document | {"links": [*document["links"], {"rel": "next", "href": here}]})


def page_dropped(call: Call, reply: Reply, _: dict[str, Any]) -> Reply:
    """The link of the first page leads past the second."""
    if "offset" in call.path and "offset=0" not in call.path:
        return reply
    return reply.with_body(reply.body.replace(f"offset={SMALL}".encode(), f"offset={2 * SMALL}".encode()))


def without_code(_: Call, reply: Reply, document: dict[str, Any]) -> Reply:
    for one in document["features"]:
        one["properties"].pop("gemeentecode", None)
    return saying(reply, document)


def twice(_: Call, reply: Reply, document: dict[str, Any]) -> Reply:
    both = [*document["features"], *document["features"]]
    return saying(reply, document | {"features": both, "numberReturned": len(both)})


def in_degrees(_: Call, reply: Reply, document: dict[str, Any]) -> Reply:
    for one in document["features"]:
        one["geometry"] = {"type": "Point", "coordinates": [6.9, 52.2]}
    return saying(reply, document)


SMALL = 40
TOLD = {
    "a page repeated for ever": (pages(round_and_round), "herhaalt"),
    "a page dropped": (pages(page_dropped), None),
    "another coordinate system": (
        pages(lambda _, reply, __: reply.header("Content-Crs", "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>")),
        "in plaats van RD",
    ),
    "degrees under the name of metres": (pages(in_degrees), "buiten Nederland"),
    "a column that is missing": (pages(without_code), "gemeentecode"),
    "ids that come twice": (pages(twice), None),
    "a page of another kind": (pages(lambda _, reply, __: reply.with_body(b"<html>Onderhoud</html>")), "webpagina"),
    "a page cut off": (pages(lambda _, reply, __: reply.with_body(reply.body[:-40])), "afgekapt"),
    "a line that breaks": (pages(lambda _, reply, __: replace(reply, cut=100)), "verbroken"),
    "errors": (pages(lambda _, reply, __: replace(reply, status=500)), "HTTP 500"),
}


def test_faults_between_a_service_and_us(
    ogc: str, sample: SampleFiles, base_settings: Settings, tmp_path: Path
) -> None:
    """Each fault in turn: the areas of before stay, the reason is told, and the run after it finds all well."""
    with proxied(ogc) as proxy:
        small = Sweep(page=SMALL, tile_m=4e5, probes=1)
        source = AreaSource(via="ogc_api", ogc_api=proxy.url, year=2026, years_back=0, sweep=small)
        settings = settings_for(base_settings, sample, tmp_path, neighbourhoods=source)
        whole = fetched(settings).neighbourhoods
        for name, (fault, said) in TOLD.items():
            proxy.reset(fault)
            found = take_in(settings, LogProgress(), Going(now=NOW)).neighbourhoods
            assert found.sha256 == whole.sha256, name
            assert (found.trouble is None) if said is None else (said in (found.trouble or "")), (name, found.trouble)
        proxy.reset()
        assert fetched(settings).neighbourhoods.sha256 == whole.sha256
