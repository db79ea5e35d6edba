"""The made-up region, served on this machine as the registers serve theirs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.loopback import servers
from tests.loopback.counters import KEY, Counters, counters
from tests.loopback.faults import Proxy, proxied
from twentegeo.pipeline.fetching import Going
from twentegeo.sample import SampleFiles, write_sample
from twentegeo.settings import Products, Settings, Sources, config_folder, load
from twentegeo.sources.ways import (
    AreaSource,
    BagSource,
    HttpParams,
    LabelSource,
    ParcelSource,
    Source,
)

SCALE = 0.004
NOW = datetime(2026, 11, 20, 2, 15, tzinfo=UTC)
QUICK = HttpParams(spare_bytes=0, backoff_s=0.01, backoff_most_s=0.02, read_timeout_s=20, connect_timeout_s=5)


def feed(folder: Path, *files: Path, updated: str = "2026-11-08T06:00:00Z") -> None:
    """Write an Atom feed as PDOK does, beside the files that it names."""
    kinds = {".zip": "application/zip", ".gpkg": "application/geopackage+sqlite3"}
    entries = "".join(
        f"<entry><id>{one.name}</id><title>{one.name}</title><updated>{updated}</updated>"
        f'<link rel="alternate" href="{one.name}" type="{kinds[one.suffix]}" length="{one.stat().st_size}"/></entry>'
        for one in files
    )
    (folder / "index.xml").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>feed</title><updated>{updated}</updated>{entries}</feed>"
    )


@dataclass
class Registers:
    """The registers as they are served: folder of the files, proxy before them, counters."""

    folder: Path
    sample: SampleFiles
    proxy: Proxy
    counters: Counters

    def publish(self, part: str, path: Path, updated: str = "2026-11-08T06:00:00Z") -> None:
        """Put a file in a feed."""
        target = self.folder / part
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        shutil.copy2(path, target / path.name)
        feed(target, target / path.name, updated=updated)

    def reset(self) -> None:
        """Serve the sample, without faults."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.publish("bag", self.sample.bag)
        self.publish("cbs/2026", self.sample.neighbourhoods)
        for name, path in (("labels", self.sample.energy_labels), ("parcels", self.sample.parcels)):
            (self.folder / name).mkdir(parents=True)
            shutil.copy2(path, self.folder / name / path.name)
        self.counters.total = f"labels/{self.sample.energy_labels.name}"
        self.counters.parcels = f"parcels/{self.sample.parcels.name}"
        self.counters.days.clear()
        self.counters.orders.clear()
        self.counters.asked.clear()
        self.proxy.reset()

    def sources(self) -> Sources:
        """Settings that point at these registers."""
        base, desk = self.proxy.url, self.counters.url
        return Sources(
            bag=BagSource(feeds=(f"{base}/bag/index.xml",)),
            parcels=ParcelSource(download=f"{desk}/download/v5_0", poll_s=0.01, refresh_days=0),
            energy_labels=LabelSource(api=f"{desk}/api/v5", key=KEY),
            neighbourhoods=AreaSource(feed=f"{base}/cbs/{{year}}/index.xml"),
            ownership=tuple(Source(path=path) for path in self.sample.ownership),
        )


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleFiles:
    return write_sample(tmp_path_factory.mktemp("registers") / "sample", scale=SCALE, seed=7)


@pytest.fixture(scope="session")
def served(sample: SampleFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registers]:
    work = tmp_path_factory.mktemp("loopback")
    (work / "files").mkdir()
    with (
        servers.nginx(f"root {work}/files;", work / "nginx") as url,
        proxied(url) as proxy,
        counters(proxy.url) as desk,
    ):
        yield Registers(work / "files", sample, proxy, desk)


@pytest.fixture
def registers(served: Registers) -> Registers:
    served.reset()
    return served


@pytest.fixture(scope="session")
def base_settings() -> Settings:
    changes = {"sample": None, "http": QUICK, "products": Products(maps=False)}
    return load(config_folder() / "sample.yaml").model_copy(update=changes)


@pytest.fixture
def settings(base_settings: Settings, registers: Registers, tmp_path: Path) -> Settings:
    """The region over the network, in a folder of its own."""
    return base_settings.model_copy(update={"sources": registers.sources(), "outputs": tmp_path / "outputs"})


@pytest.fixture(scope="session")
def from_files(base_settings: Settings, sample: SampleFiles, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The same region from the same files on disk."""
    sources = Sources(
        bag=BagSource(path=sample.bag),
        parcels=ParcelSource(path=sample.parcels),
        energy_labels=LabelSource(path=sample.energy_labels),
        neighbourhoods=AreaSource(path=sample.neighbourhoods),
        ownership=tuple(Source(path=path) for path in sample.ownership),
    )
    return base_settings.model_copy(update={"sources": sources, "outputs": tmp_path_factory.mktemp("files")})


@pytest.fixture
def going() -> Going:
    return Going(now=NOW)


def manifest(folder: Path) -> dict[str, object]:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
