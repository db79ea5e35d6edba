"""Which releases stay: the newest ones, the last of each month, and always the one that users look at."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.publish import release as releasing
from twentegeo.publish import retention
from twentegeo.publish.retention import RetentionParams, kept, prune, surplus
from twentegeo.store import Store, lines_of

NOW = datetime(2026, 11, 9, 3, 0, tzinfo=UTC)


def run_id(moment: datetime) -> str:
    return moment.strftime("%Y%m%dT%H%M%SZ")


NIGHTS = [run_id(datetime(2026, 8, 25, 0, 15, tzinfo=UTC) + timedelta(days=day)) for day in range(70)]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Seventy nights, from 25 August to 2 November."""
    store = Store(tmp_path)
    for name in NIGHTS:
        (store.releases / name).mkdir(parents=True)
        package = store.releases / name / "region.gpkg"
        package.write_text(name)
        package.chmod(0o444)
    releasing.point(store, store.releases / NIGHTS[-1])
    return store


def test_the_newest_and_the_last_of_each_month_stay() -> None:
    stays = kept(NIGHTS, RetentionParams(releases=3))
    assert sorted(stays) == [
        "20260831T001500Z",
        "20260930T001500Z",
        "20261031T001500Z",
        "20261101T001500Z",
        "20261102T001500Z",
    ]


def test_months_can_be_limited() -> None:
    assert "20260831T001500Z" not in kept(NIGHTS, RetentionParams(releases=1, maanden=2))
    assert kept(NIGHTS, RetentionParams(releases=1, maanden=0)) == {NIGHTS[-1]}


@given(
    nights=st.sets(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), max_size=40),  # noqa: DTZ001
    releases=st.integers(1, 20),
    months=st.none() | st.integers(0, 30),
)
def test_laws(nights: set[datetime], releases: int, months: int | None) -> None:
    names = {run_id(night) for night in nights}
    parameters = RetentionParams(releases=releases, maanden=months)
    stays = kept(names, parameters)
    assert stays <= names
    assert set(sorted(names)[-releases:]) <= stays
    assert kept(stays, parameters) == stays, "cleaning up twice removes nothing more"
    if months is None:
        assert {name[:6] for name in stays} == {name[:6] for name in names}


def test_what_need_not_stay_goes_and_is_written_down(store: Store) -> None:
    removed, refused = prune(store, RetentionParams(releases=3), NOW)
    assert (len(removed), refused) == (65, [])
    assert [folder.name for folder in releasing.finished(store)] == sorted(set(NIGHTS) - set(removed))
    assert lines_of(store.logbook)[-1]["releases"] == removed
    assert prune(store, RetentionParams(releases=3), NOW) == ([], [])


def test_the_release_that_users_look_at_stays_however_old(store: Store) -> None:
    releasing.point(store, store.releases / NIGHTS[10])
    assert NIGHTS[10] not in {folder.name for folder in surplus(store, RetentionParams(releases=1, maanden=0))}
    prune(store, RetentionParams(releases=1, maanden=0), NOW)
    assert (store.latest / "region.gpkg").read_text() == NIGHTS[10]


def test_an_open_file_that_the_system_keeps_waits_for_the_next_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = retention.remove

    def windows(folder: Path) -> None:
        if NIGHTS[0] in folder.name:
            raise PermissionError(13, "in use")
        original(folder)

    monkeypatch.setattr(retention, "remove", windows)
    removed, refused = prune(store, RetentionParams(releases=65), NOW)
    assert (removed, refused) == (NIGHTS[1:5], NIGHTS[:1])
    assert NIGHTS[0] not in {folder.name for folder in releasing.finished(store)}, "nobody finds half a release"
    monkeypatch.setattr(retention, "remove", original)
    prune(store, RetentionParams(releases=65), NOW)
    assert not list(store.releases.glob(".*"))


def test_a_removal_that_died_half_way_is_finished(store: Store) -> None:
    (store.releases / NIGHTS[0]).rename(store.releases / f".weg-{NIGHTS[0]}")
    prune(store, RetentionParams(releases=69), NOW)
    assert not list(store.releases.glob(".*"))


def test_other_folders_are_left_alone(store: Store) -> None:
    (store.releases / "bewaren").mkdir()
    prune(store, RetentionParams(releases=1, maanden=0), NOW)
    assert (store.releases / "bewaren").is_dir()


def test_lines_that_a_crash_cut_short_are_skipped(store: Store) -> None:
    prune(store, RetentionParams(releases=3), NOW)
    with store.logbook.open("a") as stream:
        stream.write('{"moment": "2026-')
    releasing.point(store, store.releases / "20261031T001500Z")
    prune(store, RetentionParams(releases=1, maanden=0), NOW)
    stated: list[dict[str, Any]] = lines_of(store.logbook)
    assert [line["wat"] for line in stated] == ["opgeruimd", "opgeruimd"]
    assert json.loads(store.latest_pointer.read_text())["run_id"] == "20261031T001500Z"
