"""The systemd units in config/deploy: systemd itself finds nothing wrong, and every day has a night."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest

from twentegeo.cli import app
from twentegeo.settings import config_folder

DEPLOY = config_folder() / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("*.service"))
TIMERS = sorted(path.name for path in DEPLOY.glob("*.timer"))


@pytest.fixture(scope="module")
def systemd() -> str:
    found = shutil.which("systemd-analyze")
    if found is None:
        absent = "systemd-analyze is er niet; installeer het pakket systemd"
        pytest.fail(absent) if os.environ.get("CI") else pytest.skip(absent)
    return str(found)


def read(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(DEPLOY / name)
    return parser


def test_systemd_accepts_the_units(systemd: str, tmp_path: Path) -> None:
    for name in (*UNITS, *TIMERS):
        # the programs are not installed here; everything else is verified as it stands
        text = (DEPLOY / name).read_text().replace("/opt/twentegeo/.venv/bin/", "/bin/true ")
        (tmp_path / name).write_text(
            re.sub(r"^ExecStart=/bin/true .*$", "ExecStart=/bin/true", text, flags=re.MULTILINE)
        )
    done = subprocess.run(
        [systemd, "verify", "--man=no", *(str(tmp_path / name) for name in (*UNITS, *TIMERS))],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0
    assert done.stderr == ""


@pytest.mark.parametrize("before", [date(2026, 10, 23), date(2027, 3, 26), date(2028, 2, 27), date(2028, 3, 24)])
def test_every_day_has_one_night_also_when_the_clock_changes(systemd: str, before: date) -> None:
    stated = [
        line.removeprefix("OnCalendar=")
        for line in (DEPLOY / "twentegeo@.timer").read_text().splitlines()
        if line.startswith("OnCalendar=")
    ]
    days: list[date] = []
    for one in stated:
        told = subprocess.run(
            [systemd, "calendar", f"--base-time={before} 12:00:00", "--iterations=6", one],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "TZ": "Europe/Amsterdam"},
        ).stdout
        days += [date.fromisoformat(day) for day in re.findall(r"(?:elapse|#\d+): \w+ (\d{4}-\d\d-\d\d)", told)]
    assert sorted(days)[:5] == [before + timedelta(days=number) for number in range(1, 6)]


@pytest.mark.parametrize("name", UNITS)
def test_units_call_commands_that_there_are(name: str) -> None:
    command = read(name)["Service"]["ExecStart"].split()
    if command[0].endswith("/twentegeo"):
        known = {one.name or one.callback.__name__ for one in app.registered_commands if one.callback}
        assert command[1] in known
    else:
        assert command[1:3] == ["-m", "flows.deployments"]
    assert command[-1] == "/etc/twentegeo/%i.yaml" or "/etc/twentegeo/%i.yaml" in command


@pytest.mark.parametrize("name", UNITS)
def test_units_run_as_a_user_of_their_own_with_a_time_out(name: str) -> None:
    service = read(name)["Service"]
    assert service["User"] == "twentegeo"
    assert service["ProtectSystem"] == "strict"
    assert "TimeoutStartSec" in service or service["Type"] == "exec"
