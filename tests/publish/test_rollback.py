"""Back to an earlier release, and staying there."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from twentegeo.errors import ReleaseError
from twentegeo.publish import release as releasing
from twentegeo.publish import workplace
from twentegeo.publish.rollback import hold_of, resume, roll_back
from twentegeo.store import Store, lines_of

A, B, C = "20261107T021500Z", "20261108T021500Z", "20261109T021500Z"
NOW = datetime(2026, 11, 9, 8, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Three releases that followed each other."""
    store = Store(tmp_path)
    for run_id, before in ((A, None), (B, A), (C, B)):
        folder = workplace.open_staging(store, run_id)
        (folder / "region.gpkg").write_text(run_id)
        (folder / "manifest.json").write_text(json.dumps({"run_id": run_id, "vorige_release": before}))
        releasing.release(store, folder)
    return store


def test_back_is_to_the_one_before(store: Store) -> None:
    assert roll_back(store, None, "verkeerde gewichten", NOW).name == B
    assert (store.latest / "region.gpkg").read_text() == B
    assert json.loads(store.latest_pointer.read_text())["run_id"] == B
    assert (store.releases / C / "region.gpkg").is_file(), "what is taken back stays for whoever finds out why"
    assert lines_of(store.logbook)[-1] == {
        "moment": "2026-11-09T08:30:00+00:00",
        "wat": "teruggezet",
        "van": C,
        "op": B,
        "reden": "verkeerde gewichten",
    }


def test_back_follows_what_was_published_and_not_the_clock(store: Store) -> None:
    """A release made while the clock stood a year ahead has the newest name for a year."""
    late = "20271109T021500Z"
    folder = workplace.open_staging(store, late)
    (folder / "manifest.json").write_text(json.dumps({"run_id": late, "vorige_release": C}))
    releasing.release(store, folder)
    after = "20261110T021500Z"
    folder = workplace.open_staging(store, after)
    (folder / "manifest.json").write_text(json.dumps({"run_id": after, "vorige_release": late}))
    releasing.release(store, folder)
    assert roll_back(store, None, "", NOW).name == late


def test_what_is_taken_back_was_not_followed(store: Store) -> None:
    """The night after a rollback follows the release that stood, also where pages and reports compare with it."""
    roll_back(store, None, "verkeerde gewichten", NOW)
    told = {"vorige_release": B}
    assert releasing.predecessor(store, "20261110T021500Z", told) == store.releases / B
    assert releasing.predecessor(store, "20261110T021500Z", {}) == store.releases / C, "an older manifest does not tell"
    assert releasing.predecessor(store, A, {"vorige_release": None}) is None


def test_without_a_word_of_the_manifest_the_release_before_is_the_newest_of_an_earlier_moment(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert releasing.predecessor(store, "20260102T000000Z", {}) is None
    for name in ("20260101T000000Z", "20260102T000000Z", "20260103T000000Z", ".half"):
        (store.releases / name).mkdir(parents=True)
    gone = {"vorige_release": "20251231T000000Z"}

    assert releasing.predecessor(store, "20260102T000000Z", {}) == store.releases / "20260101T000000Z"
    assert releasing.predecessor(store, "20260104T000000Z", gone) == store.releases / "20260103T000000Z"
    assert releasing.predecessor(store, "20260101T000000Z", {}) is None


def test_back_can_be_further(store: Store) -> None:
    assert roll_back(store, A, "", NOW).name == A


def test_twice_back_goes_on_back_and_then_there_is_no_more(store: Store) -> None:
    roll_back(store, None, "", NOW)
    assert roll_back(store, None, "", NOW).name == A
    with pytest.raises(ReleaseError, match="geen eerdere release"):
        roll_back(store, None, "", NOW)
    assert releasing.current(store) == (store.releases / A).resolve()


def test_the_hold_stands_until_it_is_lifted(store: Store) -> None:
    assert hold_of(store) is None
    roll_back(store, None, "verkeerde gewichten", NOW)
    hold = hold_of(store)
    assert hold is not None
    assert (hold.release, hold.teruggenomen, hold.reden) == (B, C, "verkeerde gewichten")
    assert resume(store, NOW)
    assert hold_of(store) is None
    assert not resume(store, NOW)


def test_a_damaged_hold_keeps_nights_from_publishing(store: Store) -> None:
    store.hold.write_text("{")
    with pytest.raises(ReleaseError, match=r"vastgehouden\.json: is beschadigd"):
        hold_of(store)


@pytest.mark.parametrize("run_id", ["20200101T000000Z", "../../etc", "latest", ""])
def test_a_release_that_is_not_there_is_refused_with_those_that_are(store: Store, run_id: str) -> None:
    with pytest.raises(ReleaseError, match=f"bestaat niet. Kies uit: {A}, {B}, {C}"):
        roll_back(store, run_id, "", NOW)


def test_a_release_that_somebody_changed_is_refused(store: Store) -> None:
    package = store.releases / B / "region.gpkg"
    package.chmod(0o644)
    package.write_text("edited")
    with pytest.raises(ReleaseError, match=r"region.gpkg: is veranderd of weg"):
        roll_back(store, None, "", NOW)
    assert releasing.current(store) == (store.releases / C).resolve()
    assert hold_of(store) is None


def test_a_release_that_somebody_is_editing_is_refused(store: Store) -> None:
    (store.releases / B / "region.gpkg-wal").touch()
    with pytest.raises(ReleaseError, match="onvoltooide bewerking"):
        roll_back(store, None, "", NOW)
