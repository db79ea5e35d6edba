"""
Faults that need no network: a delivery that is not whole, a full disk, a clock that is wrong.

Never a wrong release, `latest` stays whole, and the next night recovers.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyogrio
import pytest

from tests.pipeline import spoilt
from twentegeo.errors import ReleaseError, TwenteGeoError
from twentegeo.pipeline import command, draft
from twentegeo.pipeline.diary import last_night
from twentegeo.pipeline.progress import LogProgress
from twentegeo.publish import release as releasing
from twentegeo.publish.retention import RetentionParams, prune
from twentegeo.publish.rollback import roll_back
from twentegeo.publish.sealing import damaged
from twentegeo.settings import Settings, Source, Sources
from twentegeo.store import Store

QUIET = LogProgress()
Spoil = Callable[[Path, Path], Path]


@pytest.fixture(scope="module")
def named(small_region: Settings) -> Settings:
    """The small region with its files as a user would name them, with a release of its own."""
    assert small_region.sample is not None
    made = json.loads((small_region.sample.folder / "made.json").read_text())["files"]
    names = ("bag", "parcels", "energy_labels", "neighbourhoods")
    sources = Sources.model_validate({name: {"path": made[name]} for name in names})
    outputs = small_region.sample.folder.parent / "named"
    settings = small_region.model_copy(update={"sample": None, "sources": sources, "outputs": outputs})
    command.run(settings, QUIET)
    return settings


def with_source(settings: Settings, name: str, path: Path) -> Settings:
    register = getattr(settings.sources, name)
    changed = register.model_copy(update={"path": path})
    return settings.model_copy(update={"sources": settings.sources.model_copy(update={name: changed})})


def path_of(settings: Settings, name: str) -> Path:
    source: Source = getattr(settings.sources, name)
    assert source.path is not None
    return source.path


def stands(settings: Settings) -> Path:
    newest = releasing.current(Store(settings.outputs))
    assert newest is not None
    assert damaged(newest) == []
    assert len(pyogrio.list_layers(settings.outputs / "latest" / "proef.gpkg")) > 10
    return newest


def marked(cases: list[tuple[Any, ...]], always: set[int]) -> list[Any]:
    """Name the cases, and leave all but a few to the night."""
    return [
        pytest.param(*case, id=f"{case[0]}: {case[1]}", marks=() if number in always else pytest.mark.night)
        for number, case in enumerate(cases)
    ]


STOPS: list[tuple[str, str, Spoil, str]] = [
    ("bag", "30 % minder woningen", lambda a, b: spoilt.bag(a, b, "VBO", spoilt.fewer), "C03|D01"),
    ("bag", "30 % minder panden", lambda a, b: spoilt.bag(a, b, "PND", spoilt.fewer), "C03|D01"),
    ("parcels", "30 % minder percelen", lambda a, b: spoilt.parcels(a, b, spoilt.fewer), "C03"),
    ("energy_labels", "30 % minder labels", lambda a, b: spoilt.labels(a, b, spoilt.fewer), "D02"),
    ("neighbourhoods", "30 % minder buurten", lambda a, b: spoilt.areas(a, b, rows="fewer"), "C03"),
    ("energy_labels", "geen klasse", lambda a, b: spoilt.labels_without_column(a, b, "Energieklasse"), "Energieklasse"),
    ("energy_labels", "geen id", lambda a, b: spoilt.labels_without_column(a, b, "BAGVerblijfsobjectID"), "BAGVerb"),
    ("neighbourhoods", "geen code", lambda a, b: spoilt.areas(a, b, drop="buurtcode"), "buurtcode"),
    (
        "bag",
        "geen oppervlakte",
        lambda a, b: spoilt.bag(a, b, "VBO", spoilt.without(rb"<Objecten:oppervlakte>.*?</Objecten:oppervlakte>")),
        "oppervlakte|D04",
    ),
    (
        "parcels",
        "geen grens",
        lambda a, b: spoilt.parcels(a, b, spoilt.without(rb"<oz:begrenzingPerceel>.*?</oz:begrenzingPerceel>")),
        "",
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "what", "spoil", "reason"), marked(STOPS, {0, 3, 5}))
def test_a_delivery_that_is_not_whole_is_no_release(
    name: str, what: str, spoil: Spoil, reason: str, named: Settings, tmp_path: Path
) -> None:
    assert what
    before = stands(named)
    source = path_of(named, name)
    settings = with_source(named, name, spoil(source, tmp_path / source.name))
    with pytest.raises(TwenteGeoError, match=reason or ".") as error:
        command.run(settings, QUIET)
    assert "\n" not in str(error.value)
    assert stands(named) == before
    report = last_night(Store(named.outputs))
    assert report is not None
    assert (report["gelukt"], report["reden"]) == (False, str(error.value))


TWICE: list[tuple[str, str, Spoil]] = [
    ("bag", "woningen", lambda a, b: spoilt.bag(a, b, "VBO", spoilt.doubled)),
    ("bag", "panden", lambda a, b: spoilt.bag(a, b, "PND", spoilt.doubled)),
    ("bag", "adressen", lambda a, b: spoilt.bag(a, b, "NUM", spoilt.doubled)),
    ("parcels", "percelen", lambda a, b: spoilt.parcels(a, b, spoilt.doubled)),
    ("energy_labels", "labels", lambda a, b: spoilt.labels(a, b, spoilt.doubled)),
    ("neighbourhoods", "buurten", lambda a, b: spoilt.areas(a, b, rows="doubled")),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "what", "spoil"), marked(TWICE, {0}))
def test_what_is_said_twice_counts_once_or_is_refused(
    name: str, what: str, spoil: Spoil, named: Settings, tmp_path: Path
) -> None:
    assert what
    before = stands(named)
    source = path_of(named, name)
    settings = with_source(named, name, spoil(source, tmp_path / source.name))
    try:
        after = command.run(settings, QUIET)
    except TwenteGeoError:
        assert stands(named) == before
        return
    old, new = releasing.manifest_of(before), after.manifest
    for layer in ("gemeente", "wijk", "buurt", "hectare", "perceel", "pand", "verblijfsobject"):
        assert new["lagen"][layer] == old["lagen"][layer], layer
    keys = pyogrio.read_dataframe(after.folder / "proef.gpkg", layer="verblijfsobject", columns=["vbo_id"])["vbo_id"]
    assert keys.is_unique
    command.run(named, QUIET)


# --- a full disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """A disk of so many kilobytes; a second call makes it larger or smaller."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("een eigen schijf aanmaken mag alleen root")
    folder = tmp_path / "schijf"
    folder.mkdir()
    mounted = []

    def sized(kilobytes: int) -> Path:
        options = f"size={kilobytes}k" if not mounted else f"remount,size={kilobytes}k"
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=False, capture_output=True, text=True
        )
        if done.returncode:
            pytest.skip(f"een eigen schijf aanmaken lukt hier niet: {done.stderr.strip()}")
        mounted.append(kilobytes)
        return folder

    yield sized
    if mounted:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.slow
def test_a_full_disk_at_any_stage_leaves_yesterday_and_room_brings_today(
    small_region: Settings, small_disk: Callable[[int], Path]
) -> None:
    plenty = 400_000
    settings = small_region.model_copy(update={"outputs": small_disk(plenty) / "outputs"})
    first = command.run(settings, QUIET)
    used = (plenty * 1024 - shutil.disk_usage(settings.outputs).free) // 1024
    refusals = []
    # from hardly any room, where the first table does not fit, to almost enough
    rooms = (64, 600, 1_800, 3_500, 5_500) if os.environ.get("TWENTEGEO_NIGHT") else (64, 2_500)
    for room in rooms:
        small_disk(used + room)
        settings = settings.model_copy(
            update={"checks": settings.checks.model_copy(update={"min_dekking_perceel": 90 + room / 1000})}
        )
        try:
            command.run(settings, QUIET, command.Orders(rebuild=True))
        except ReleaseError as error:
            refusals.append(str(error))
            assert stands(settings) == first.folder.resolve()
        shutil.rmtree(settings.outputs / "staging", ignore_errors=True)
    assert len(refusals) >= len(rooms) // 2, "de schijf is zelden vol geraakt; de maten kloppen niet meer"
    assert all("de schijf is vol" in one for one in refusals), refusals
    small_disk(plenty)
    after = command.run(settings, QUIET, command.Orders(rebuild=True))
    assert after.new
    assert after.manifest["inhoud_sha256"] == first.manifest["inhoud_sha256"]


# --- a wrong clock


class Clock(datetime):
    """The real clock, so many days off."""

    off = timedelta()

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
        assert tz is UTC
        return datetime.now(tz=UTC) + cls.off


@pytest.mark.slow
@pytest.mark.night
def test_a_clock_that_is_years_off_harms_nothing(
    small_region: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft, "datetime", Clock)
    settings = small_region.model_copy(update={"outputs": tmp_path / "outputs"})
    store = Store(settings.outputs)
    made = []
    for number, days in enumerate((0, 400, -800, 0)):
        monkeypatch.setattr(Clock, "off", timedelta(days=days))
        floor = settings.checks.model_copy(update={"min_dekking_perceel": 80.0 + number})
        published = command.run(settings.model_copy(update={"checks": floor}), QUIET)
        assert published.new
        made.append(published.folder.name)
        assert stands(settings).name == published.folder.name, "latest is what was made last, whatever its name"
        assert json.loads(store.latest_pointer.read_text())["run_id"] == published.folder.name
    assert sorted(made) != made
    assert len({releasing.manifest_of(store.releases / name)["inhoud_sha256"] for name in made}) == 1
    removed, _ = prune(store, RetentionParams(releases=1, maanden=0), datetime.now(tz=UTC))
    assert made[-1] not in removed
    assert stands(settings).name == made[-1]


@pytest.mark.slow
@pytest.mark.night
def test_going_back_follows_what_was_made_and_not_the_names(
    small_region: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft, "datetime", Clock)
    settings = small_region.model_copy(update={"outputs": tmp_path / "outputs"})
    made = []
    for number, days in enumerate((300, 0)):
        monkeypatch.setattr(Clock, "off", timedelta(days=days))
        floor = settings.checks.model_copy(update={"min_dekking_perceel": 80.0 + number})
        made.append(command.run(settings.model_copy(update={"checks": floor}), QUIET).folder.name)
    assert roll_back(Store(settings.outputs), None, "", datetime.now(tz=UTC)).name == made[0]


def test_a_night_in_the_same_second_waits_for_the_next(small_region: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    newest = stands(small_region).name
    stopped = datetime.strptime(newest, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)

    class Stopped(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            assert tz is UTC
            return stopped

    monkeypatch.setattr(draft, "datetime", Stopped)
    with pytest.raises(ReleaseError, match="al een release van deze seconde"):
        command.run(small_region, QUIET, command.Orders(rebuild=True))
    assert stands(small_region).name == newest


def test_faults_are_told_on_the_command_line_in_one_line(named: Settings, tmp_path: Path) -> None:
    source = path_of(named, "energy_labels")
    path = spoilt.labels_without_column(source, tmp_path / source.name, "GeldigTot")
    settings = {
        "region": named.region.model_dump(mode="json"),
        "sources": {
            **{name: {"path": str(path_of(named, name))} for name in ("bag", "parcels", "neighbourhoods")},
            "energy_labels": {"path": str(path)},
        },
        "outputs": str(tmp_path / "outputs"),
    }
    config = tmp_path / "regio.yaml"
    config.write_text(json.dumps(settings))
    told = subprocess.run(
        [sys.executable, "-c", "from twentegeo.cli import main; main()", "run", str(config), "--plain"],
        check=False,
        capture_output=True,
        text=True,
        env={name: value for name, value in os.environ.items() if name != "TWENTEGEO_NOTIFY"},
    )
    assert told.returncode == 1
    assert "Traceback" not in told.stderr
    assert "GeldigTot" in [line for line in told.stderr.splitlines() if line.startswith("twentegeo: ")][-1]
