"""The process beside a night is there before the night, where the last release was large, and gone after it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from twentegeo.pipeline import ahead
from twentegeo.pipeline.progress import LogProgress
from twentegeo.pipeline.stages import Stages
from twentegeo.processes import named
from twentegeo.store import Store

PID = "os:getpid"


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load nothing of what a night needs."""
    monkeypatch.setattr(ahead, "work", lambda **_: (PID,))


def published(folder: Path, dwellings: object = ahead.MANY, settings: str = "outputs: uit\n") -> Path:
    latest = folder / "uit" / "latest"
    latest.mkdir(parents=True)
    (latest / "manifest.json").write_text(json.dumps({"lagen": {"verblijfsobject": dwellings}}), encoding="utf-8")
    config = folder / "regio.yaml"
    config.write_text(settings, encoding="utf-8")
    return config


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_large_region_has_its_process_before_the_settings_are_read(tmp_path: Path) -> None:
    with ahead.started(published(tmp_path)) as helper:
        assert helper is not None
        with Stages(Store(tmp_path), LogProgress(), helper=helper) as stages:
            assert stages.apart(PID)() == helper.pid != os.getpid()
            stages.foresee(PID)
            stages.warm()
            assert stages.apart(PID)() == helper.pid, "no second one"
        assert not alive(helper.pid), "the night ended it"


def test_a_night_that_never_came_to_work_ends_it_too(tmp_path: Path) -> None:
    pid = 0

    def night() -> None:
        nonlocal pid
        with ahead.started(published(tmp_path)) as helper:
            assert helper is not None
            pid = helper.pid
            raise RuntimeError("geen levering")

    with pytest.raises(RuntimeError, match="geen levering"):
        night()
    assert not alive(pid)


@pytest.mark.parametrize(
    ("dwellings", "settings"),
    [
        (ahead.MANY - 1, "outputs: uit\n"),
        (ahead.MANY, "outputs: uit\nworkers: 1\n"),
        (ahead.MANY, "outputs: elders\n"),
        (ahead.MANY, "outputs: [uit]\n"),
        (ahead.MANY, "workers: veel\noutputs: uit\n"),
        (ahead.MANY, "outputs: uit\n  region: [\n"),
        (ahead.MANY, "zomaar tekst\n"),
        ("veel", "outputs: uit\n"),
        (None, "outputs: uit\n"),
    ],
)
def test_small_new_and_odd_ones_start_nothing_and_hear_of_it_elsewhere(
    tmp_path: Path, dwellings: object, settings: str
) -> None:
    with ahead.started(published(tmp_path, dwellings, settings)) as helper:
        assert helper is None


def test_a_settings_file_that_is_not_there_is_complained_of_elsewhere(tmp_path: Path) -> None:
    with ahead.started(tmp_path / "nergens.yaml") as helper:
        assert helper is None


def test_everything_that_is_named_is_there() -> None:
    for work in (ahead.READ, ahead.FIND, ahead.SURFACES, ahead.LAY, ahead.DRAW, *ahead._ON_THE_WAY):
        assert callable(named(work)), work
