"""OGC API Features and WFS: followed, checked, and never silently less than there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sources.network.conftest import Service
from twentegeo.errors import SourceChanged, SourceUnavailable
from twentegeo.sources import ogc_api, wfs
from twentegeo.sources.features import digest_of, page_table, write_layers
from twentegeo.sources.http import Web
from twentegeo.sources.sweep import Bounds, Got, Swept, sweep
from twentegeo.sources.ways import Sweep

BASE = "https://api.pdok.nl/kadaster/iets/ogc/v1"
RD = ogc_api.RD_URIS[0]
BOX: Bounds = (250_000.0, 470_000.0, 250_500.0, 470_500.0)
AREA = shapely.box(*BOX)


def feature(number: int, **properties: object) -> dict[str, Any]:
    x, y = 250_000 + number % 50 * 10 + 5, 470_000 + number // 50 * 10 + 5
    return {
        "type": "Feature",
        "id": f"uuid-{number}",
        "properties": {"identificatie": f"{number:016d}", **properties},
        "geometry": {"type": "Point", "coordinates": [x, y]},
    }


def inside(one: dict[str, Any], bounds: Bounds) -> bool:
    x, y = one["geometry"]["coordinates"]
    return bounds[0] <= x <= bounds[2] and bounds[1] <= y <= bounds[3]


@dataclass
class Collection:
    """A service in the manner of PDOK; `spoil` may change a page."""

    features: list[dict[str, Any]]
    spoil: Callable[[dict[str, Any], int], dict[str, Any]] = lambda page, _: page
    crs: str = RD
    asked: list[int] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/items"):
            return self.items(request)
        return httpx.Response(200, json={"id": "pand", "crs": ["http://www.opengis.net/def/crs/OGC/1.3/CRS84", RD]})

    def items(self, request: httpx.Request) -> httpx.Response:
        params = request.url.params
        start, limit = int(params.get("cursor", 0)), int(params["limit"])
        assert params["crs"] == params["bbox-crs"] == RD
        west, south, east, north = (float(one) for one in params["bbox"].split(","))
        held = [one for one in self.features if inside(one, (west, south, east, north))]
        page = held[start : start + limit]
        self.asked.append(start)
        links = []
        if start + limit < len(held):
            links.append({"rel": "next", "href": str(request.url.copy_set_param("cursor", str(start + limit)))})
        document = {"type": "FeatureCollection", "numberReturned": len(page), "features": page, "links": links}
        document = self.spoil(document, start)
        return httpx.Response(200, json=document, headers={"Content-Crs": f"<{self.crs}>"})


def ask(service: Service, web: Web, collection: Collection, page: int = 100) -> Got:
    service.answer = collection
    return ogc_api.describe(web, BASE, "pand", page).ask(BOX)


def ids(table: pa.Table) -> list[str]:
    return sorted(table["identificatie"].to_pylist())


def test_pages_are_followed_to_the_last(service: Service, web: Web) -> None:
    got = ask(service, web, Collection([feature(n) for n in range(250)]))
    assert got.table.num_rows == 250
    assert not got.full


def test_a_last_page_that_is_empty_is_fine(service: Service, web: Web) -> None:
    def spoil(page: dict[str, Any], start: int) -> dict[str, Any]:
        if start == 100:
            page["links"] = [
                {
                    "rel": "next",
                    "href": f"{BASE}/collections/pand/items?cursor=200&limit=100&crs={RD}"
                    f"&bbox-crs={RD}&bbox=250000,470000,251000,471000",
                }
            ]
        return page

    got = ask(service, web, Collection([feature(n) for n in range(200)], spoil))
    assert got.table.num_rows == 200


def test_a_full_last_page_without_next_is_suspect(service: Service, web: Web) -> None:
    assert ask(service, web, Collection([feature(n) for n in range(100)])).full
    assert ask(service, web, Collection([feature(n) for n in range(200)])).full


SPOILT = {
    "the same page for ever": (lambda page, _: page | {"features": [feature(n) for n in range(100)]}, "herhaalt"),
    "a cursor that starts anew": (
        lambda page, start: (
            page
            | {"features": [feature(n) for n in range(100)], "numberReturned": 100}
            | {"links": page["links"] or [{"rel": "next", "href": f"{BASE}/x"}]}
            if start >= 100
            else page
        ),
        "herhaalt",
    ),
    "fewer than it says": (lambda page, _: page | {"features": page["features"][:-1]}, "noemt 100 objecten"),
    "fewer than there are": (
        lambda page, start: (
            page | {"numberMatched": 250} | ({"features": [], "numberReturned": 0} if start == 100 else {})
        ),
        "zegt 250 objecten te hebben",
    ),
    "no features": (lambda _, __: {"type": "Feature"}, "geen FeatureCollection"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_a_service_may_do_wrong(name: str, service: Service, web: Web) -> None:
    spoil, said = SPOILT[name]
    collection = Collection([feature(n) for n in range(250)], spoil)
    with pytest.raises(SourceUnavailable, match=said):
        ask(service, web, collection)
    # and when it was a passing one, a new try mends it
    waiting = [spoil]
    collection = Collection(
        [feature(n) for n in range(250)],
        lambda page, start: waiting.pop()(page, start) if waiting and start == 100 else page,
    )
    assert ask(service, web, collection).table.num_rows == 250


def test_the_same_link_for_ever(service: Service, web: Web) -> None:
    """Pages that differ, and a link that does not."""

    def spoil(page: dict[str, Any], _: int) -> dict[str, Any]:
        counter.append(1)
        link = f"{BASE}/collections/pand/items?cursor=1&limit=100&crs={RD}&bbox-crs={RD}&bbox=0,0,1,1"
        return page | {
            "features": [feature(1000 * len(counter) % 9000 + n) for n in range(100)],
            "numberReturned": 100,
            "links": [{"rel": "next", "href": link}],
        }

    counter: list[int] = []
    with pytest.raises(SourceUnavailable, match="herhaalt"):
        ask(service, web, Collection([], spoil))


@pytest.mark.parametrize("stated", ["http://www.opengis.net/def/crs/OGC/1.3/CRS84", "http://x/EPSG/0/3857"])
def test_another_coordinate_system_is_refused(stated: str, service: Service, web: Web) -> None:
    with pytest.raises(SourceChanged, match="in plaats van RD"):
        ask(service, web, Collection([feature(1)], crs=stated))


def test_degrees_under_the_name_of_metres_are_refused(service: Service, web: Web) -> None:
    def spoil(page: dict[str, Any], _: int) -> dict[str, Any]:
        page["features"][0]["geometry"]["coordinates"] = [6.9, 52.2]
        return page

    with pytest.raises(SourceChanged, match="buiten Nederland"):
        ask(service, web, Collection([feature(1)], spoil))


def test_a_next_page_elsewhere_is_refused(service: Service, web: Web) -> None:
    elsewhere = [{"rel": "next", "href": "https://elders.example/items"}]
    with pytest.raises(SourceChanged, match="andere host"):
        ask(service, web, Collection([feature(1)], lambda page, _: page | {"links": elsewhere}))


def test_a_collection_without_rd_is_refused(service: Service, web: Web) -> None:
    service.in_turn(httpx.Response(200, json={"crs": ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"]}))
    with pytest.raises(SourceChanged, match="biedt geen RD"):
        ogc_api.describe(web, BASE, "pand", 10)


# -- WFS -----------------------------------------------------------------------------------------------------

WFS = "https://service.pdok.nl/kadaster/iets/wfs/v5_0"


@dataclass
class FeatureServer:
    """A WFS in the manner of MapServer; `limit` is its own `wfs_maxfeatures`, `tells` whether it counts."""

    features: list[dict[str, Any]]
    limit: int = 10**9
    tells: bool = True
    crs: str = "urn:ogc:def:crs:EPSG::28992"

    def __call__(self, request: httpx.Request) -> httpx.Response:
        params = request.url.params
        if params["request"] == "GetCapabilities":
            names = "<FeatureType><Name>kadastralekaart:Perceel</Name></FeatureType>"
            return httpx.Response(200, content=f"\ufeff<WFS_Capabilities>{names}</WFS_Capabilities>".encode())
        *corners, system = params["bbox"].split(",")
        assert system == params["srsName"] == "urn:ogc:def:crs:EPSG::28992"
        west, south, east, north = map(float, corners)
        held = [one for one in self.features if inside(one, (west, south, east, north))][: self.limit]
        if params.get("resultType") == "hits":
            matched = len(held) if self.tells else "unknown"
            return httpx.Response(200, content=f'<c numberMatched="{matched}" numberReturned="0"/>'.encode())
        start = int(params["startIndex"])
        if start > 50_000:
            return httpx.Response(400, content=b"<ExceptionReport/>")
        page = held[start : start + int(params["count"])]
        return httpx.Response(
            200,
            json={"type": "FeatureCollection", "features": page, "crs": {"properties": {"name": self.crs}}},
        )


def region(service: Service, web: Web, server: FeatureServer, *, page: int = 100, **params: object) -> Swept:
    service.answer = server
    one = wfs.describe(web, WFS, "perceel", page=page, most=int(params.get("tile_most", 50_000)))  # type: ignore[call-overload]
    return sweep(
        one,
        AREA,
        ("identificatie",),
        Sweep(**{"tile_m": 250.0, "probes": 4, **params}),  # type: ignore[arg-type]
        parallel=2,
        count=lambda *_: None,
    )


EVERYTHING = [feature(n) for n in range(2_500)]


def test_the_name_comes_from_the_capabilities(service: Service, web: Web) -> None:
    service.answer = FeatureServer([])
    assert wfs.describe(web, WFS, "PERCEEL", page=1, most=1).typename == "kadastralekaart:Perceel"
    with pytest.raises(SourceChanged, match=r"biedt geen objecttype 'pand'.*kadastralekaart:Perceel"):
        wfs.describe(web, WFS, "pand", page=1, most=1)


@pytest.mark.parametrize("tells", [True, False])
def test_a_region_in_tiles(tells: bool, service: Service, web: Web) -> None:  # noqa: FBT001
    swept = region(service, web, FeatureServer(EVERYTHING, tells=tells))
    assert ids(swept.table) == [one["properties"]["identificatie"] for one in EVERYTHING]


def test_a_tile_over_the_cap_is_split(service: Service, web: Web) -> None:
    swept = region(service, web, FeatureServer(EVERYTHING), tile_m=500.0, tile_most=700)
    assert swept.table.num_rows == 2_500
    assert swept.requests > 16


def test_a_tile_that_stays_full_is_an_error(service: Service, web: Web) -> None:
    heap = [{**feature(5), "id": str(n), "properties": {"identificatie": f"{n:016d}"}} for n in range(900)]
    with pytest.raises(SourceUnavailable, match="vol en te klein"):
        region(service, web, FeatureServer(heap), tile_most=700)


@pytest.mark.parametrize("tells", [True, False])
@pytest.mark.parametrize("limit", [100, 150, 377])
def test_a_limit_that_is_not_told_is_seen(limit: int, tells: bool, service: Service, web: Web) -> None:  # noqa: FBT001
    """MapServer's own trap: with wfs_maxfeatures it says that this is all there is."""
    swept = region(service, web, FeatureServer(EVERYTHING, limit=limit, tells=tells))
    assert swept.table.num_rows == 2_500


@pytest.mark.parametrize("limit", [30, 70])
def test_a_limit_that_looks_like_an_end_is_an_error(limit: int, service: Service, web: Web) -> None:
    with pytest.raises(SourceUnavailable, match="kapt af"):
        region(service, web, FeatureServer(EVERYTHING, limit=limit))


def test_a_service_that_passes_over_the_box_is_an_error(service: Service, web: Web) -> None:
    server = FeatureServer(EVERYTHING)

    def anywhere(request: httpx.Request) -> httpx.Response:
        wide = request.url.copy_set_param("bbox", "0,300000,300000,625000,urn:ogc:def:crs:EPSG::28992")
        asked = request.url.params.get("bbox")
        return server(httpx.Request("GET", wide) if asked else request)

    service.answer = anywhere
    one = wfs.describe(web, WFS, "perceel", page=100, most=50_000)
    with pytest.raises(SourceUnavailable, match="slaat de bbox over"):
        sweep(one, AREA, ("identificatie",), Sweep(tile_m=250.0), parallel=1, count=lambda *_: None)


def test_wfs_in_another_coordinate_system(service: Service, web: Web) -> None:
    with pytest.raises(SourceChanged, match="in plaats van RD"):
        region(service, web, FeatureServer(EVERYTHING, crs="urn:ogc:def:crs:EPSG::3857"))


def test_a_complaint_of_the_service_is_told(service: Service, web: Web) -> None:
    service.in_turn(httpx.Response(200, content=b"<ExceptionReport><t>kan niet</t></ExceptionReport>"))
    with pytest.raises(SourceUnavailable, match="kan niet"):
        wfs.describe(web, WFS, "perceel", page=1, most=1)


# -- the sweep -----------------------------------------------------------------------------------------------


class Ground:
    """Objects on the ground; `lost` are left out of answers about tiles wider than `wide`."""

    label = "proef"

    def __init__(self, points: np.ndarray, lost: set[int] = frozenset(), wide: float = 0) -> None:  # type: ignore[assignment,type-arg]
        self.points = points
        self.lost, self.wide = lost, wide

    def ask(self, bounds: Bounds, *, all_pages: bool) -> Got:  # noqa: ARG002 - one page holds all
        x, y = self.points.T
        hit = (bounds[0] <= x) & (x <= bounds[2]) & (bounds[1] <= y) & (y <= bounds[3])
        numbers = [
            int(one) for one in np.flatnonzero(hit) if one not in self.lost or bounds[2] - bounds[0] <= self.wide
        ]
        names = pa.array([f"{one:016d}" for one in numbers], pa.string())
        return Got(pa.table({"identificatie": names}), full=len(numbers) > 40)


def points(number: int, seed: int = 1) -> np.ndarray:  # type: ignore[type-arg]
    return np.random.default_rng(seed).uniform((250_000, 470_000), (250_500, 470_500), (number, 2)).round(1)


def swept(ground: Ground, **params: object) -> Swept:
    chosen = Sweep(**{"tile_m": 125.0, "tile_least_m": 1.0, **params})  # type: ignore[arg-type]
    return sweep(ground, AREA, ("identificatie",), chosen, parallel=2, count=lambda *_: None)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 700), st.integers(0, 99), st.sampled_from([45.0, 125.0, 500.0, 7000.0]))
def test_everything_comes_once_whatever_the_tiles(number: int, seed: int, side: float) -> None:
    found = swept(Ground(points(number, seed)), tile_m=side)
    held = found.table["identificatie"].to_pylist() if found.table.num_rows else []
    assert held == [f"{one:016d}" for one in range(number)]


def test_what_a_service_left_out_is_seen_by_a_second_look() -> None:
    lost = set(range(0, 300, 20))
    with pytest.raises(SourceUnavailable, match=r"in vieren gevraagd \d+ andere"):
        swept(Ground(points(300), lost, wide=65))
    assert swept(Ground(points(300), lost, wide=65), probes=0).table.num_rows == 285


def test_what_was_left_out_once_is_mended_by_a_second_sweep() -> None:
    class Hasty(Ground):
        calls = 0

        def ask(self, bounds: Bounds, *, all_pages: bool) -> Got:
            self.calls += 1
            got = super().ask(bounds, all_pages=all_pages)
            return Got(got.table.slice(0, 0), full=False) if self.calls == 3 else got

    assert swept(Hasty(points(300)), probes=16).table.num_rows == 300


# -- tables of features --------------------------------------------------------------------------------------


def test_a_page_as_a_table() -> None:
    one = feature(1, huisnummer=12, lijst=["a", "b"], leeg=None, ja=True)
    bare = {"type": "Feature", "id": 7, "properties": {"identificatie": "x"}, "geometry": None}
    table = page_table([one, bare], "proef")
    assert table["huisnummer"].to_pylist() == ["12", None]
    assert table["lijst"].to_pylist() == ["a,b", None]
    assert table["feature_id"].to_pylist() == ["uuid-1", "7"]
    assert table["wkb"].to_pylist()[1] is None


def test_equal_tables_give_equal_bytes(tmp_path: Path) -> None:
    table = page_table([feature(n) for n in range(50)], "proef")
    digest = digest_of({"a": table})
    assert digest == digest_of({"a": table.select(sorted(table.column_names, reverse=True))})
    assert digest != digest_of({"a": table.slice(1)})
    day = date(2026, 11, 20)
    for name in ("een.gpkg", "twee.gpkg"):
        write_layers(tmp_path / name, {"laag": (table, "Point")}, day)
    assert (tmp_path / "een.gpkg").read_bytes() == (tmp_path / "twee.gpkg").read_bytes()
