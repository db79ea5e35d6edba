"""The flow: the same night as the command line, with what the operator looks at."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.flows.programs import REPOSITORY, until
from tests.postboxes import webhook

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def config(folder: Path, **changes: object) -> Path:
    path = folder / "regio.yaml"
    settings = {
        "region": {"name": "Proef", "municipalities": ["0141", "0153"]},
        "sample": {"folder": str(folder / "sample"), "scale": 0.004, "seed": 3},
        "outputs": str(folder / "outputs"),
        "products": {"site": False, "project": False, "maps": False},
        **changes,
    }
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return path


KEY = "SLEUTEL-5d4c3b2a1f0e"


def told_anywhere(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Everything that a night leaves for others to read: the release, zips opened, and the files beside it."""
    for path in sorted([*folder.glob("releases/**/*"), *folder.glob("*.*")]):
        if not path.is_file():
            continue
        yield path.name, path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                yield from ((f"{path.name}/{name}", packed.read(name)) for name in packed.namelist())


@pytest.mark.usefixtures("prefect_server")
def test_the_flow_publishes_and_leaves_its_artifacts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from prefect.client.orchestration import get_client  # noqa: PLC0415

    from flows.nightly import nightly  # noqa: PLC0415

    products = {"site": True, "project": True, "maps": False}
    path = config(tmp_path, products=products)
    monkeypatch.setenv("EP_ONLINE_API_KEY", KEY)
    with webhook() as (address, told), caplog.at_level(logging.DEBUG):
        monkeypatch.setenv("TWENTEGEO_NOTIFY", address)
        published = nightly(str(path))
    assert published.new
    assert [one["title"] for one in told] == ["twentegeo Proef: release met waarschuwingen"]
    assert (tmp_path / "outputs" / "latest" / "proef.gpkg").is_file()

    # keys, addresses with a password and paths of this machine stand nowhere
    with get_client(sync_client=True) as client:
        kept = {f"artifact {one.key}": str(one.data).encode() for one in client.read_artifacts()}

        def logged() -> str:
            lines = "\n".join(line.message for line in client.read_logs())
            return lines if "rapport.html" in lines else ""

        log = until(logged, 30, "het log van Prefect")
    kept |= {"log of Prefect": log.encode(), "message": str(told).encode()}
    kept |= {f"log {one.name}": one.getMessage().encode() for one in caplog.records if "twentegeo" in one.name}
    kept |= dict(told_anywhere(tmp_path / "outputs"))
    assert {"manifest.json", "proef.gpkg", "rapport.html", "laatste_run.json", "SHA256SUMS"} <= kept.keys()
    for secret in (KEY, "geheim", str(tmp_path), str(REPOSITORY)):
        assert not [name for name, content in kept.items() if secret.encode() in content], secret
    with get_client(sync_client=True) as client:
        artifacts = {artifact.key for artifact in client.read_artifacts()}
        states = {run.name.rsplit("-", 1)[0]: run.state_name for run in client.read_task_runs()}
    assert {"bronnen", "rijen-per-laag", "koppelingen", "koppelverlies", "release"} <= artifacts
    assert set(states.values()) == {"Completed"}
    assert [name.split(":")[0] for name in sorted(states)] == [
        "build",
        "check",
        "compare",
        "fetch",
        "read",
        "read",
        "read",
        "release",
    ]
    again = nightly(str(tmp_path / "regio.yaml"))
    assert not again.new


@pytest.mark.usefixtures("prefect_server")
def test_a_refusal_is_one_line_without_traceback_or_retry_and_is_told(tmp_path: Path) -> None:
    from prefect.settings import PREFECT_API_URL  # noqa: PLC0415

    path = config(tmp_path, sample=None, sources={"bag": {"path": "weg.zip"}})
    home = tmp_path / "prefect"
    home.mkdir()
    with webhook() as (address, told):
        ended = subprocess.run(
            [sys.executable, "-m", "flows.nightly", str(path)],
            capture_output=True,
            check=False,
            text=True,
            env={
                **os.environ,
                "PREFECT_API_URL": str(PREFECT_API_URL.value()),  # the server that is there; starting one takes long
                "PREFECT_HOME": str(home),
                "TWENTEGEO_NOTIFY": address,
            },
            cwd=REPOSITORY,
        )
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr + ended.stdout
    assert ended.stderr.count("AwaitingRetry") == 0
    last = [line for line in ended.stderr.splitlines() if line.startswith("twentegeo: ")]
    assert len(last) == 1
    assert "weg.zip: bestand bestaat niet" in last[0]
    assert not json.loads((tmp_path / "outputs" / "laatste_run.json").read_text())["gelukt"]
    assert [(one["title"], one["type"]) for one in told] == [("twentegeo Proef: nacht mislukt", "failure")]
    assert "weg.zip: bestand bestaat niet" in told[0]["message"]
    assert "geheim" not in ended.stdout + ended.stderr, "the address stays secret"
