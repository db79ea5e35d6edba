"""Each register's own way: what is asked, what is fetched, what stays, what is passed over."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
import shapely
from pydantic import SecretStr

from tests.sources.network.conftest import Service
from twentegeo.errors import SourceChanged, SourceUnavailable
from twentegeo.sources.cadastre import online as cadastre
from twentegeo.sources.ep_online import online as ep_online
from twentegeo.sources.errand import Errand
from twentegeo.sources.feed import read_feed
from twentegeo.sources.files import Offer, fetch_offer
from twentegeo.sources.http import Web
from twentegeo.sources.snapshot import Origin
from twentegeo.sources.ways import LabelSource, ParcelSource

ORIGIN = Origin("bag", "BAG", "Kadaster", "CC0")
FEED = "https://service.pdok.nl/bag/atom/bag.xml"
KEY = "sleutel"


def packed(name: str, text: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)
    return held.getvalue()


def sent(content: bytes) -> httpx.Response:
    return httpx.Response(200, stream=httpx.ByteStream(content), headers={"Content-Length": str(len(content))})


def atom(*entries: str) -> httpx.Response:
    head = '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">'
    return httpx.Response(200, content=f"{head}{''.join(entries)}</feed>".encode())


def entry(href: str, updated: str = "2026-11-08T00:00:00Z", kind: str = "application/zip", length: str = "") -> str:
    size = f' length="{length}"' if length else ""
    return f'<entry><updated>{updated}</updated><link rel="alternate" href="{href}" type="{kind}"{size}/></entry>'


# -- feeds ---------------------------------------------------------------------------------------------------


def offer(*feeds: str, accept: Callable[[Path], None] = lambda _: None) -> Offer:
    return Offer("bag", ORIGIN, feeds or (FEED,), lambda one: one.url.endswith("extract.zip"), accept)


def routes(service: Service, table: dict[str, Callable[[], httpx.Response]]) -> None:
    service.answer = lambda request: table.get(request.url.path, lambda: httpx.Response(404))()


def test_a_feed_that_names_feeds(service: Service, web: Web) -> None:
    """A service's own feed names the feed of each data set, with addresses relative and absolute."""
    routes(
        service,
        {
            "/bag/atom/bag.xml": lambda: atom(entry("set.xml", kind="application/atom+xml")),
            "/bag/atom/set.xml": lambda: atom(
                entry("downloads/extract.zip", length="12"), entry("https://service.pdok.nl/x.gpkg", kind="x")
            ),
        },
    )
    found = read_feed(web, FEED)
    assert [one.url for one in found] == [
        "https://service.pdok.nl/bag/atom/downloads/extract.zip",
        "https://service.pdok.nl/x.gpkg",
    ]
    assert found[0].length == 12


def test_only_what_changed_is_fetched(service: Service, errand: Errand, a_zip: bytes) -> None:
    stated = {"updated": "2026-11-08T00:00:00Z", "content": a_zip}
    routes(
        service,
        {
            "/bag/atom/bag.xml": lambda: atom(entry("extract.zip", str(stated["updated"]))),
            "/bag/atom/extract.zip": lambda: sent(bytes(stated["content"])),  # type: ignore[arg-type]
        },
    )
    fetch_offer(errand, offer())
    fetch_offer(errand, offer())
    assert [one.url.path.rpartition("/")[2] for one in service.requests] == ["bag.xml", "extract.zip", "bag.xml"]
    first = errand.shelf.current("bag")
    assert first is not None
    assert str(first.release_date) == "2026-11-08"
    stated |= {"updated": "2026-12-08T00:00:00Z", "content": packed("a", "nieuw")}
    fetch_offer(errand, offer())
    second = errand.shelf.current("bag")
    assert second is not None
    assert second.sha256 != first.sha256


def test_a_feed_that_moved(service: Service, errand: Errand, a_zip: bytes) -> None:
    routes(
        service,
        {
            "/nieuw.xml": lambda: atom(entry("https://service.pdok.nl/extract.zip")),
            "/extract.zip": lambda: sent(a_zip),
        },
    )
    fetch_offer(errand, offer("https://service.pdok.nl/oud.xml", "https://service.pdok.nl/nieuw.xml"))
    assert errand.shelf.current("bag") is not None


def test_what_its_reader_refuses_is_not_fetched_every_night(service: Service, errand: Errand, a_zip: bytes) -> None:
    routes(
        service,
        {
            "/bag/atom/bag.xml": lambda: atom(entry("extract.zip", "2026-11-08T00:00:00Z")),
            "/bag/atom/extract.zip": lambda: sent(a_zip),
        },
    )
    fetch_offer(errand, offer())
    routes(
        service,
        {
            "/bag/atom/bag.xml": lambda: atom(entry("extract.zip", "2026-12-08T00:00:00Z")),
            "/bag/atom/extract.zip": lambda: sent(packed("a", "ander schema")),
        },
    )

    def refuse(path: Path) -> None:
        raise SourceChanged(f"{path.name}: oud schema.")

    with pytest.raises(SourceChanged, match=r"extract\.zip: oud schema"):
        fetch_offer(errand, offer(accept=refuse))
    service.requests.clear()
    with pytest.raises(SourceUnavailable, match="eerder is afgekeurd"):
        fetch_offer(errand, offer(accept=refuse))
    assert len(service.requests) == 1
    kept = errand.shelf.current("bag")
    assert kept is not None
    assert kept.path.read_bytes() == a_zip


# -- EP-Online -----------------------------------------------------------------------------------------------

HEADER = "PublicatieDatum;01-11-2026\nLaatstVerwerkteMutatievolgnummer;100\n"
COLUMNS = "Energieklasse;GeldigTot;Postcode;Huisnummer;BAGVerblijfsobjectID\n"
TOTAL = packed("v20261101_v4_csv.csv", HEADER + COLUMNS + "A;20300101;7500AA;1;0153010000000001\n")
DAY = packed("d.xml", '<MutationMessage xmlns="http://schemas.ep-online.nl/EpbdExportTypesV4"/>')


def desk(service: Service, days: dict[str, bytes], total: str = "v20261101_v4_csv.zip") -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path.startswith("/blob/"):
            assert "authorization" not in request.headers
            return sent(days.get(path.removeprefix("/blob/d-"), TOTAL))
        if request.headers.get("authorization") != KEY:
            return httpx.Response(401)
        day = path.rpartition("/")[2]
        if day == "DownloadInfo":
            assert request.url.params["fileType"] == "csv"
            name = total
        elif day in days:
            name = f"d{day.replace('-', '')}_v4.zip"
        else:
            return httpx.Response(404)
        blob = f"d-{day}" if day in days else "total"
        url = f"https://opslag.example/blob/{blob}?sig=geheim"
        return httpx.Response(200, json={"bestandsnaam": name, "downloadUrl": url, "geldigTotEnMet": "straks"})

    service.answer = answer


def test_total_file_and_the_days_since(service: Service, errand: Errand) -> None:
    desk(service, {"2026-11-03": DAY, "2026-11-19": DAY})
    ep_online.fetch_online(errand, LabelSource(), KEY)
    total = errand.shelf.current("energy_labels")
    assert total is not None
    assert total.path.name == "v20261101_v4_csv.zip"
    assert str(total.release_date) == "2026-11-01"
    assert total.facts["preambule"]["laatstverwerktemutatievolgnummer"] == "100"
    assert total.url == "https://public.ep-online.nl/api/v5/Mutatiebestand/DownloadInfo"
    assert [one.path.name for one in ep_online.mutations_since(errand.shelf, total)] == [
        "d20261103_v4.zip",
        "d20261119_v4.zip",
    ]
    asked = [one.url.path.rpartition("/")[2] for one in service.requests if "opslag" not in one.url.host]
    assert asked == ["DownloadInfo", *(f"2026-11-{day:02d}" for day in range(1, 20))]
    # the next night asks for the days that were not there, and fetches nothing
    service.requests.clear()
    ep_online.fetch_online(errand, LabelSource(), KEY)
    assert not [one for one in service.requests if "opslag" in one.url.host]
    assert len(service.requests) == 1 + 17
    for path in errand.shelf.folder.rglob("*"):
        assert not path.is_file() or b"geheim" not in path.read_bytes()


def test_a_day_that_is_broken_is_passed_over(service: Service, errand: Errand) -> None:
    desk(service, {"2026-11-03": packed("d.xml", "<MutationMessage><half"), "2026-11-04": DAY, "2026-11-05": TOTAL})
    ep_online.fetch_online(errand, LabelSource(), KEY)
    assert errand.shelf.slots("energy_labels/") == ["energy_labels/2026-11-04"]
    failed = [one for one in errand.shelf.ledger.entries() if one["gebeurtenis"] == "mislukt"]
    assert [one["plaats"][-2:] for one in failed] == ["03", "05"]


def test_without_a_key_it_is_said_what_to_do(service: Service, errand: Errand) -> None:
    with pytest.raises(SourceUnavailable, match=r"EP_ONLINE_API_KEY.*RVO.*sources\.energy_labels\.path"):
        ep_online.fetch_online(errand, LabelSource(), None)
    assert not service.requests


def test_a_key_that_is_refused(service: Service, errand: Errand) -> None:
    desk(service, {})
    with pytest.raises(SourceUnavailable, match="toegang geweigerd") as caught:
        ep_online.fetch_online(errand, LabelSource(), "geheime-sleutel")
    assert "geheime-sleutel" not in str(caught.value)


def test_where_the_key_comes_from() -> None:
    source = LabelSource(key=SecretStr("instelling"))
    environment = {"EP_ONLINE_API_KEY": " omgeving "}
    assert ep_online.key_of(source, SecretStr("kluis"), environment) == "kluis"
    assert ep_online.key_of(source, None, environment) == "instelling"
    assert ep_online.key_of(LabelSource(key=SecretStr("")), None, environment) == "omgeving"
    assert ep_online.key_of(LabelSource(), None, {}) is None
    assert "instelling" not in repr(source) + source.model_dump_json()


@pytest.mark.parametrize(
    "answer", [[], {}, {"bestandsnaam": "../x", "downloadUrl": "https://a.nl"}, {"bestandsnaam": "a.zip"}]
)
def test_an_answer_that_names_no_file(answer: object, service: Service, errand: Errand) -> None:
    service.in_turn(httpx.Response(200, json=answer))
    with pytest.raises(SourceChanged, match="bestandsnaam"):
        ep_online.fetch_online(errand, LabelSource(), KEY)


# -- the download service of the parcels ----------------------------------------------------------------------

GROUND = [shapely.box(250_000, 470_000, 251_000, 471_000)]
ROOT = '<kk:DKK xmlns:kk="http://www.kadaster.nl/schemas/brkkadastralekaart/v5/stand/v20220601">'
GML = packed("kadastralekaart_perceel.gml", ROOT + "</kk:DKK>")


def shop(service: Service, states: list[str], content: bytes = GML) -> list[str]:
    orders: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            orders.append(request.content.decode())
            return httpx.Response(202, json={"downloadRequestId": "7"})
        if request.url.path.endswith("/status"):
            state = states.pop(0)
            link = {"download": {"href": "/kadaster/klaar/extract.zip"}} if state == "COMPLETED" else {}
            return httpx.Response(201 if link else 200, json={"status": state, "progress": 5, "_links": link})
        assert str(request.url) == "https://api.pdok.nl/kadaster/klaar/extract.zip"
        return sent(content)

    service.answer = answer
    return orders


def test_parcels_are_ordered_awaited_and_fetched(service: Service, errand: Errand, now: datetime) -> None:
    orders = shop(service, ["PENDING", "RUNNING", "COMPLETED"])
    cadastre.fetch_online(errand, ParcelSource(), GROUND)
    found = errand.shelf.current("parcels")
    assert found is not None
    assert (found.path.name, found.release_date) == ("kadastralekaart_perceel.zip", now.date())
    assert service.pauses == [10.0, 10.0]
    assert '"featuretypes":["perceel"]' in orders[0].replace(" ", "")
    outline = shapely.from_wkt(orders[0].partition('"geofilter":')[2].strip().strip('"}'))
    assert outline.geom_type == "Polygon"
    assert not outline.interiors
    assert outline.covers(GROUND[0].buffer(400))
    # within the week nothing is asked
    cadastre.fetch_online(errand, ParcelSource(), GROUND)
    assert len(orders) == 1


def test_the_same_parcels_packed_anew_are_no_news(service: Service, errand: Errand, now: datetime) -> None:
    shop(service, ["COMPLETED"])
    cadastre.fetch_online(errand, ParcelSource(), GROUND)
    first = errand.shelf.current("parcels")
    later = Errand(errand.web, errand.shelf, now + timedelta(days=8), errand.say, errand.count)
    held = io.BytesIO(GML)
    with zipfile.ZipFile(held, "a") as archive:
        archive.comment = b"een andere dag"
    shop(service, ["COMPLETED"], held.getvalue())
    cadastre.fetch_online(later, ParcelSource(), GROUND)
    assert errand.shelf.current("parcels") == first
    # another region is another order, whatever the week
    orders = shop(service, ["COMPLETED"])
    cadastre.fetch_online(later, ParcelSource(), [shapely.box(240_000, 470_000, 241_000, 471_000)])
    assert len(orders) == 1


@pytest.mark.parametrize(
    ("states", "said"), [(["FAILED"], "status FAILED"), (["RUNNING"] * 9, "niet klaar"), (["?"], "status ?")]
)
def test_parcels_that_do_not_come(states: list[str], said: str, service: Service, errand: Errand) -> None:
    shop(service, states)
    with pytest.raises(SourceUnavailable, match=said.replace("?", r"\?")):
        cadastre.fetch_online(errand, ParcelSource(poll_s=10, poll_most_s=60), GROUND)


def test_parcels_of_another_version_are_refused(service: Service, errand: Errand) -> None:
    shop(service, ["COMPLETED"], packed("perceel.gml", ROOT.replace("v5", "v4") + "</kk:DKK>"))
    with pytest.raises(SourceChanged, match="v4"):
        cadastre.fetch_online(errand, ParcelSource(), GROUND)
    assert errand.shelf.current("parcels") is None


def test_an_outline_of_a_ragged_region_stays_short() -> None:
    """Two islands with a coast of thousands of corners: one polygon of at most 400, with everything in it."""
    coast = (
        shapely.Point(250_000, 470_000)
        .buffer(9000, quad_segs=2000)
        .union(shapely.Point(280_000, 480_000).buffer(3000, quad_segs=2000))
    )
    drawn = shapely.from_wkt(cadastre._outline(coast, ParcelSource()))
    assert drawn.geom_type == "Polygon"
    assert len(drawn.exterior.coords) <= 400
    assert drawn.covers(coast.buffer(450))
