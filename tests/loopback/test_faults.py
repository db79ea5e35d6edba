"""Everything that can go wrong on the line: never a partial or wrong delivery, always a next run that recovers."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import zipfile
from collections.abc import Callable

import pytest

from tests.loopback.conftest import NOW, QUICK, Registers, feed
from tests.loopback.faults import Call, Fault, Reply
from twentegeo.errors import SourceUnavailable, TwenteGeoError
from twentegeo.pipeline import command
from twentegeo.pipeline.fetching import Going
from twentegeo.pipeline.progress import LogProgress
from twentegeo.pipeline.registers import Snapshots
from twentegeo.settings import Settings
from twentegeo.sources.shelf import Shelf
from twentegeo.store import sha256_of


@pytest.fixture
def fetch(settings: Settings) -> Callable[[], Snapshots]:
    return lambda: command.fetch(settings, LogProgress(), Going(now=NOW))


@pytest.fixture
def sums(registers: Registers) -> dict[str, str]:
    """Checksum of each register's file, as it should arrive."""
    sample = registers.sample
    files = {
        "bag": sample.bag,
        "parcels": sample.parcels,
        "energy_labels": sample.energy_labels,
        "neighbourhoods": sample.neighbourhoods,
    }
    return {name: sha256_of(path) for name, path in files.items()}


def arrived(settings: Settings) -> dict[str, str]:
    """Checksum of each file that stands on the shelf, by its own bytes."""
    shelf = Shelf(settings.outputs / "snapshots")
    found = {}
    for slot in shelf.slots(""):
        one = shelf.current(slot)
        if one is not None:
            assert sha256_of(one.path) == one.sha256
            found[slot.partition("/")[0]] = one.sha256
    return found


def files_only(change: Callable[[Call, Reply], Reply], suffix: str = "") -> Fault:
    """A fault of the files, not of the feeds that name them."""

    def fault(call: Call, reply: Reply) -> Reply:
        wanted = call.path.partition("?")[0].endswith((suffix,) if suffix else (".zip", ".gpkg"))
        return change(call, reply) if wanted else reply

    return fault


def cut_short() -> Fault:
    return files_only(
        lambda call, reply: Reply(reply.status, reply.headers, reply.body, cut=20_011 * (call.number % 7))
    )


def half_for_ever(_: Call, reply: Reply) -> Reply:
    """A server that sends half a file and says that this is all."""
    return reply.with_body(reply.body[: len(reply.body) // 2])


def another_byte(_: Call, reply: Reply) -> Reply:
    """
    One byte changes under way.

    A zip tells by itself; for a GeoPackage it takes TLS, or the checksum that some services send along, as here.
    """
    body = bytearray(reply.body)
    body[len(body) // 2] ^= 1
    right = base64.b64encode(hashlib.md5(reply.body, usedforsecurity=False).digest()).decode()
    return reply.with_body(bytes(body)).header("Content-MD5", right)


def page(_: Call, reply: Reply) -> Reply:
    html = b"<!DOCTYPE html><html><title>Onderhoud</title></html>"
    return reply.header("Content-Type", "text/html").with_body(html)


def bomb(_: Call, reply: Reply) -> Reply:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("9999PND08112026.zip", bytes(2**22))
    return reply.with_body(packed.getvalue())


def status(code: int, **headers: str) -> Callable[[Call, Reply], Reply]:
    def answer(_: Call, __: Reply) -> Reply:
        return Reply(code, {name.replace("_", "-"): value for name, value in headers.items()}, b"").with_body(b"")

    return answer


def wrong_sum(_: Call, reply: Reply) -> Reply:
    return reply.header("Content-MD5", base64.b64encode(bytes(16)).decode())


LASTING = {
    "half a file that says it is whole": half_for_ever,
    "a byte that changed": another_byte,
    "a wrong checksum": wrong_sum,
    "a page in place of a file": page,
    "a zip that explodes": bomb,
    "a redirect to another host": status(302, Location="https://elders.example/lvbag-extract-nl.zip"),
    "errors of the server": status(500),
    "too many requests, for an hour": status(429, Retry_After="3600"),
    "a line that breaks at once": lambda _, reply: Reply(reply.status, reply.headers, reply.body, cut=0),
    "an empty file": lambda _, reply: reply.with_body(b""),
}


@pytest.mark.parametrize("name", LASTING)
def test_a_fault_that_lasts_and_then_passes(
    name: str, settings: Settings, registers: Registers, fetch: Callable[[], Snapshots], sums: dict[str, str]
) -> None:
    """Nothing arrives while it lasts; the run after it brings everything."""
    registers.proxy.reset(files_only(LASTING[name]))
    with pytest.raises(TwenteGeoError) as caught:
        fetch()
    assert "\n" not in str(caught.value)
    assert arrived(settings) == {}
    registers.proxy.reset()
    found = fetch()
    assert arrived(settings) == sums
    assert not [one.trouble for one in found.all() if one.trouble]


@pytest.mark.parametrize("name", LASTING)
def test_a_fault_leaves_the_delivery_of_yesterday(
    name: str, settings: Settings, registers: Registers, fetch: Callable[[], Snapshots], sums: dict[str, str]
) -> None:
    """A new BAG is announced and cannot be had: the one of yesterday is read, and the reason is told."""
    fetch()
    bag = registers.folder / "bag"
    os.utime(bag / registers.sample.bag.name, (1_800_000_000, 1_800_000_000))
    feed(bag, bag / registers.sample.bag.name, updated="2026-11-19T06:00:00Z")
    registers.proxy.reset(files_only(LASTING[name], "lvbag-extract-nl.zip"))
    found = fetch()
    assert arrived(settings) == sums
    assert found.bag.trouble
    assert (found.bag.sha256, found.bag.stale) == (sums["bag"], None)
    assert found.parcels.trouble is None
    registers.proxy.reset()
    assert fetch().bag.trouble is None
    assert arrived(settings) == sums


PASSING = {
    "a line that keeps breaking, further on each time": cut_short(),
    "errors now and then": lambda call, reply: status(503)(call, reply) if call.number % 3 else reply,
    "too many requests, for a moment": lambda call, reply: (
        status(429, Retry_After="0")(call, reply) if call.number % 2 else reply
    ),
    "a page about maintenance first": lambda call, reply: page(call, reply) if call.number in (1, 3, 5) else reply,
    "slow bytes": files_only(lambda _, reply: Reply(reply.status, reply.headers, reply.body, pause=0.002, piece=8192)),
}


@pytest.mark.parametrize("name", PASSING)
def test_a_fault_that_passes_within_a_run(
    name: str, settings: Settings, registers: Registers, fetch: Callable[[], Snapshots], sums: dict[str, str]
) -> None:
    registers.proxy.reset(PASSING[name])
    fetch()
    assert arrived(settings) == sums


def test_bytes_that_trickle_are_broken_off(settings: Settings, registers: Registers, sums: dict[str, str]) -> None:
    hasty = QUICK.model_copy(update={"slow_window_s": 0.2, "slow_bytes_per_s": 10_000.0, "attempts": 2})
    settings = settings.model_copy(update={"http": hasty})
    registers.proxy.reset(
        files_only(lambda _, reply: Reply(reply.status, reply.headers, reply.body, pause=0.1, piece=10))
    )
    with pytest.raises(SourceUnavailable, match="te traag"):
        command.fetch(settings, LogProgress(), Going(now=NOW))
    registers.proxy.reset()
    command.fetch(settings, LogProgress(), Going(now=NOW))
    assert arrived(settings) == sums


def test_a_length_that_the_feed_has_wrong(
    settings: Settings, registers: Registers, fetch: Callable[[], Snapshots], sums: dict[str, str]
) -> None:
    index = registers.folder / "bag" / "index.xml"
    index.write_text(index.read_text().replace('length="', 'length="1'))
    with pytest.raises(SourceUnavailable, match="aangekondigd"):
        fetch()
    lenient = settings.sources.bag.model_copy(update={"check_length": False})
    trusting = settings.model_copy(update={"sources": settings.sources.model_copy(update={"bag": lenient})})
    command.fetch(trusting, LogProgress(), Going(now=NOW))
    assert arrived(settings) == sums


@pytest.mark.parametrize("broken", ["<feed", "<html><body>Onderhoud</body></html>", "", "<rss></rss>"])
def test_a_feed_that_is_none(
    broken: str, settings: Settings, registers: Registers, fetch: Callable[[], Snapshots], sums: dict[str, str]
) -> None:
    fetch()

    def fault(call: Call, reply: Reply) -> Reply:
        return reply.with_body(broken.encode()) if call.path == "/bag/index.xml" else reply

    registers.proxy.reset(fault)
    assert fetch().bag.trouble
    registers.proxy.reset()
    assert fetch().bag.trouble is None
    assert arrived(settings) == sums


def test_a_signed_address_that_expired(
    settings: Settings, registers: Registers, fetch: Callable[[], Snapshots], sums: dict[str, str]
) -> None:
    """The first address is refused, a new one is asked for and used."""
    refused: list[str] = []

    def fault(call: Call, reply: Reply) -> Reply:
        if "sig=" in call.path and not refused:
            refused.append(call.path)
            return status(403)(call, reply)
        return reply

    registers.proxy.reset(fault)
    fetch()
    signed = [call.path for call in registers.proxy.calls if "sig=" in call.path]
    assert len(set(signed)) == 2
    assert arrived(settings) == sums


def test_a_signed_address_that_expires_under_way(
    settings: Settings, registers: Registers, fetch: Callable[[], Snapshots], sums: dict[str, str]
) -> None:
    """The line breaks, and by then the address is no good any more: the rest comes by a new one."""
    used: set[str] = set()

    def fault(call: Call, reply: Reply) -> Reply:
        if "sig=" not in call.path:
            return reply
        if call.path in used:
            return status(403)(call, reply)
        first = not used
        used.add(call.path)
        return Reply(reply.status, reply.headers, reply.body, cut=5000) if first else reply

    registers.proxy.reset(fault)
    fetch()
    assert len(used) == 2
    assert arrived(settings) == sums


def test_a_delivery_without_a_column_that_is_needed(
    settings: Settings, registers: Registers, fetch: Callable[[], Snapshots], sums: dict[str, str]
) -> None:
    """A new month's labels lack a column: last month's stay, the reason is told, the month after is fetched."""
    fetch()
    whole = registers.sample.energy_labels
    with zipfile.ZipFile(whole) as archive:
        text = archive.read(archive.namelist()[0])
    for name, content in (
        ("v20261201_v4_csv.zip", text.replace(b"Energieklasse", b"Klasse", 1)),
        ("v20270101_v4_csv.zip", text),
    ):
        with zipfile.ZipFile(registers.folder / "labels" / name, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name.replace(".zip", ".csv"), content)
    registers.counters.total = "labels/v20261201_v4_csv.zip"
    found = fetch()
    assert "Energieklasse" in (found.energy_labels.trouble or "")
    assert arrived(settings) == sums
    assert "eerder is afgekeurd" in (fetch().energy_labels.trouble or "")
    registers.counters.total = "labels/v20270101_v4_csv.zip"
    found = fetch()
    assert found.energy_labels.trouble is None
    assert found.energy_labels.path.name == "v20270101_v4_csv.zip"


def test_parcels_that_are_not_made(
    settings: Settings, registers: Registers, fetch: Callable[[], Snapshots], sums: dict[str, str]
) -> None:
    fetch()

    def fault(call: Call, reply: Reply) -> Reply:
        return page(call, reply) if "parcels" in call.path else reply

    registers.proxy.reset(fault)
    assert fetch().parcels.trouble
    registers.counters.parcels = "parcels/er-niet.zip"
    registers.proxy.reset()
    assert "bestaat niet" in (fetch().parcels.trouble or "")
    assert arrived(settings) == sums
    registers.reset()
    assert fetch().parcels.trouble is None
