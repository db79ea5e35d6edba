"""The schedule with a real Prefect server and a real worker: it fires, and starts that overlap give one release."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from tests.flows.programs import PREFECT, REPOSITORY, Server, free_port, isolated, running, serving, until

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def planned() -> dict[str, Any]:
    deployments = yaml.safe_load((REPOSITORY / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    return {one["name"]: one for one in deployments}


def test_the_two_lists_of_deployments_are_equal() -> None:
    from flows.deployments import PLANNED, TAGS, ZONE, deployments  # noqa: PLC0415 - two seconds of import

    in_yaml, in_code = planned(), {one.name: one for one in PLANNED}
    assert in_yaml.keys() == in_code.keys()
    for made in deployments(Path("config/sample.yaml")):
        one, stated = in_code[str(made.name)], in_yaml[str(made.name)]
        module, function = stated["entrypoint"].removesuffix(f":{one.flow.fn.__name__}"), one.flow.fn.__name__
        assert stated["entrypoint"] == f"{module}:{function}"
        assert (REPOSITORY / module).is_file()
        assert one.flow.fn.__module__ == module.removesuffix(".py").replace("/", ".")
        assert stated["description"] == one.description
        assert tuple(stated["tags"]) == TAGS
        assert stated["schedules"] == ([{"cron": one.cron, "timezone": ZONE}] if one.cron else [])
        assert stated["parameters"].keys() == made.parameters.keys()
        assert stated["parameters"].keys() <= one.flow.parameters.properties.keys()


@pytest.mark.parametrize("year", range(2026, 2036))
def test_every_day_has_one_night_also_when_the_clock_changes(year: int) -> None:
    from prefect.server.schemas.schedules import CronSchedule  # noqa: PLC0415

    stated = planned()["nacht"]["schedules"][0]
    schedule = CronSchedule(cron=stated["cron"], timezone=stated["timezone"])
    start = datetime(year, 1, 1, tzinfo=AMSTERDAM)
    nights = asyncio.run(schedule.get_dates(365, start))
    assert [night.astimezone(AMSTERDAM).date() for night in nights] == [
        date(year, 1, 1) + timedelta(days=day) for day in range(365)
    ]
    assert {night.astimezone(AMSTERDAM).strftime("%H:%M") for night in nights} <= {"02:15", "01:15"}


def region(folder: Path, **changes: Any) -> Path:
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


def releases(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "outputs" / "releases").glob("2*"))


def deployed(server: Server, config: Path) -> None:
    """What docs/beheer.md says: a work pool, and all deployments of prefect.yaml."""
    environment = server.environment | {"TWENTEGEO_CONFIG": str(config)}
    for command in (
        ["work-pool", "create", "twentegeo", "--type", "process"],
        ["--no-prompt", "deploy", "--all"],
    ):
        done = subprocess.run(
            [*PREFECT, *command], env=environment, cwd=REPOSITORY, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr


def every_minute(server: Server, deployment: str) -> None:
    found = server.asked("deployments/filter", deployments={"name": {"any_": [deployment]}})
    command = ["deployment", "schedule", "create", f"nightly/{deployment}", "--cron", "* * * * *"]
    assert found
    subprocess.run([*PREFECT, *command], env=server.environment, check=True, capture_output=True)


@pytest.mark.slow
def test_a_worker_fires_the_schedule_and_two_starts_give_one_release(tmp_path: Path, postgresql: str) -> None:
    config = region(tmp_path)
    database = {"PREFECT_API_DATABASE_CONNECTION_URL": postgresql}
    worker = [*PREFECT, "worker", "start", "--pool", "twentegeo", "--type", "process"]
    with serving(tmp_path, **database) as server:
        deployed(server, config)
        assert [one["state"]["type"] for one in until(lambda: server.runs("nacht"), 60, "rooster")][:1] == ["SCHEDULED"]
        at_night = [one["expected_start_time"] for one in server.runs("nacht")]
        assert {datetime.fromisoformat(one).astimezone(AMSTERDAM).strftime("%H:%M") for one in at_night} == {"02:15"}
        with running(worker, server.environment, tmp_path / "worker.log"):
            starts = [server.started("handmatig"), server.started("handmatig")]
            every_minute(server, "nacht")
            ended = until(
                lambda: {server.state(one) for one in starts} <= {"COMPLETED", "FAILED", "CRASHED"}, 180, "twee starts"
            )
            assert ended
            assert [server.state(one) for one in starts] == ["COMPLETED", "COMPLETED"], log(tmp_path)
            assert len(releases(tmp_path)) == 1
            fired = until(lambda: finished_by_schedule(server), 150, "het rooster van elke minuut")
            assert fired["state"]["type"] == "COMPLETED", log(tmp_path)
            assert any(one["state"]["type"] == "SCHEDULED" for one in server.runs("nacht")), "en er komen er meer"
        keys = {one["key"] for one in server.asked("artifacts/latest/filter")}
        assert {"bronnen", "rijen-per-laag", "koppelingen", "koppelverlies", "release"} <= keys
    assert len(releases(tmp_path)) == 1, "niets veranderd, dus geen nieuwe release"
    assert json.loads((tmp_path / "outputs" / "laatste_run.json").read_text())["gelukt"]


def finished_by_schedule(server: Server) -> dict[str, Any] | None:
    done = [one for one in server.runs("nacht") if one["auto_scheduled"] and one["end_time"]]
    return done[0] if done else None


def log(folder: Path) -> str:
    return "\n".join(path.read_text(errors="replace")[-4000:] for path in folder.glob("*.log"))


@pytest.mark.slow
def test_one_machine_serves_the_nights_with_a_server_of_its_own(tmp_path: Path) -> None:
    """``make night``: SQLite, no work pool; a night that fails says why, and the whole stops when asked to."""
    config = region(tmp_path, sample=None, sources={"bag": {"path": "weg.zip"}})
    port = free_port()
    environment = isolated(tmp_path)
    server = Server(f"http://127.0.0.1:{port}/api", environment, tmp_path)
    command = [sys.executable, "-m", "flows.deployments", str(config), "--port", str(port)]
    with running(command, environment, tmp_path / "night.log") as process:
        until(lambda: "being served" in (tmp_path / "night.log").read_text(), 180, "make night")
        assert until(lambda: server.runs("nacht"), 60, "rooster")[0]["state"]["type"] == "SCHEDULED"
        run = server.started("nacht")
        until(lambda: server.state(run) in {"COMPLETED", "FAILED", "CRASHED"}, 120, "een nacht")
        assert server.state(run) == "FAILED", log(tmp_path)
    assert (
        "weg.zip: bestand bestaat niet" in json.loads((tmp_path / "outputs" / "laatste_run.json").read_text())["reden"]
    )
    assert process.returncode == 0, "stopped within 30 s, and of its own accord"
