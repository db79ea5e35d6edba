"""The real night on this machine: what comes in over the network gives the release that the files give."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.loopback.conftest import KEY, NOW, Registers
from tests.loopback.counters import SIGNATURE
from twentegeo.pipeline import command
from twentegeo.pipeline.command import Orders
from twentegeo.pipeline.fetching import Going
from twentegeo.pipeline.progress import LogProgress
from twentegeo.settings import Settings
from twentegeo.sources.shelf import Shelf

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def release_from_files(from_files: Settings) -> command.Published:
    return command.run(from_files, LogProgress(), Orders(going=Going(now=NOW)))


def texts(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            yield path, path.read_bytes()


def test_the_night_over_the_network_equals_the_night_from_files(
    settings: Settings,
    registers: Registers,
    release_from_files: command.Published,
    going: Going,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        published = command.run(settings, LogProgress(), Orders(going=going))
    assert published.new
    assert published.manifest["inhoud_sha256"] == release_from_files.manifest["inhoud_sha256"]
    assert published.manifest["verouderd"] == []
    assert registers.counters.orders[0]["featuretypes"] == ["perceel"]

    # no key and no signed address anywhere: logs, manifest, ledger, index, release (acceptance 6)
    secrets = (KEY, SIGNATURE)
    assert "twentegeo" in " ".join(record.name for record in caplog.records)
    assert "127.0.0.1" in caplog.text
    assert not [secret for secret in secrets if secret in caplog.text]
    looked_at = 0
    for path, content in texts(settings.outputs):
        looked_at += 1
        assert not [secret for secret in secrets if secret.encode() in content], path
    assert looked_at > 20
    told = published.folder / "manifest.json"
    assert str(settings.outputs).encode() not in told.read_bytes()

    # the next night asks, gets nothing, and publishes nothing
    registers.proxy.reset()
    again = command.run(settings, LogProgress(), Orders(going=going))
    assert not again.new
    assert [call.path for call in registers.proxy.calls if "index.xml" not in call.path] == [
        f"/{registers.counters.parcels}"
    ]
    events = [entry["gebeurtenis"] for entry in Shelf(settings.outputs / "snapshots").ledger.entries()]
    assert events.count("opgehaald") == 4
    assert events.count("ongewijzigd") == 4
    assert events.count("gebruikt") == 2 * (4 + len(settings.sources.ownership))

    # and without a line it works from what is there
    registers.proxy.reset()
    offline = command.run(settings, LogProgress(), Orders(rebuild=True, going=Going(offline=True, now=NOW)))
    assert offline.manifest["inhoud_sha256"] == release_from_files.manifest["inhoud_sha256"]
    assert registers.proxy.calls == []
