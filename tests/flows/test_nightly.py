"""The flow: the same night as the command line, with what the operator looks at."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

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


@pytest.mark.usefixtures("prefect_server")
def test_the_flow_publishes_and_leaves_its_artifacts(tmp_path: Path) -> None:
    from prefect.client.orchestration import get_client  # noqa: PLC0415

    from flows.nightly import nightly  # noqa: PLC0415

    published = nightly(str(config(tmp_path)))
    assert published.new
    assert (tmp_path / "outputs" / "latest" / "proef.gpkg").is_file()
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
        "release",
    ]
    again = nightly(str(tmp_path / "regio.yaml"))
    assert not again.new


def test_a_refusal_is_one_line_without_traceback_or_retry_and_is_told(tmp_path: Path) -> None:
    path = config(tmp_path, sample=None, sources={"bag": {"path": "weg.zip"}})
    home = tmp_path / "prefect"
    home.mkdir()
    with webhook() as (address, told):
        ended = subprocess.run(
            [sys.executable, "-m", "flows.nightly", str(path)],
            capture_output=True,
            check=False,
            text=True,
            env={**os.environ, "PREFECT_HOME": str(home), "TWENTEGEO_NOTIFY": address},
            cwd=Path(__file__).parents[2],
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
