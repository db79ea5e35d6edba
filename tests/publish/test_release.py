"""A release appears whole or not at all, whatever happens on the way."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from twentegeo.errors import ReleaseError
from twentegeo.publish import release as releasing
from twentegeo.publish import sealing, workplace
from twentegeo.publish.sealing import SUMS, damaged
from twentegeo.store import Store, only_run, sha256_of

FIRST, SECOND = "20261108T021500Z", "20261109T021500Z"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "outputs")


def staged(store: Store, run_id: str) -> Path:
    folder = workplace.open_staging(store, run_id)
    (folder / "region.gpkg").write_text(run_id)
    (folder / "kaarten").mkdir()
    (folder / "kaarten" / "prioriteit.png").write_text(run_id)
    (folder / "manifest.json").write_text(json.dumps({"run_id": run_id}))
    return folder


def test_latest_points_at_the_new_release_by_symlink_and_by_file(store: Store) -> None:
    released = releasing.release(store, staged(store, FIRST))
    assert released == store.releases / FIRST
    assert store.latest.readlink() == Path("releases") / FIRST
    assert json.loads(store.latest_pointer.read_text()) == {"run_id": FIRST, "path": f"releases/{FIRST}"}
    assert (store.latest / "region.gpkg").read_text() == FIRST
    assert releasing.current(store) == released.resolve()


def test_users_cannot_write_in_a_release(store: Store) -> None:
    released = releasing.release(store, staged(store, FIRST))
    assert (released / "region.gpkg").stat().st_mode & 0o777 == 0o444


def test_checksums_lie_beside_for_whoever_copies_a_release(store: Store) -> None:
    released = releasing.release(store, staged(store, FIRST))
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", SUMS], cwd=released, check=False, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.count(": OK") == 3
    assert damaged(released) == []
    (released / "kaarten" / "prioriteit.png").unlink()
    assert damaged(released) == ["kaarten/prioriteit.png"]


def test_checksums_that_were_taken_before_stand_for_files_that_nobody_touched(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = staged(store, FIRST)
    sealing.state(folder, {name: sha256_of(folder / name) for name in ("region.gpkg", "kaarten/prioriteit.png")})
    later = (folder / SUMS).stat().st_mtime_ns
    (folder / "kaarten" / "prioriteit.png").write_text("drawn again", encoding="utf-8")
    os.utime(folder / "kaarten" / "prioriteit.png", ns=(later, later))
    os.utime(folder / "region.gpkg", ns=(later - 1, later - 1))
    taken: list[str] = []
    monkeypatch.setattr(sealing, "sha256_of", lambda path: taken.append(path.name) or sha256_of(path))
    released = releasing.release(store, folder)
    assert "region.gpkg" not in taken
    assert "prioriteit.png" in taken
    monkeypatch.undo()
    assert damaged(released) == []


def test_a_share_without_symlinks_has_the_pointer_file(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(Path, "symlink_to", refused)
    releasing.release(store, staged(store, FIRST))
    released = releasing.release(store, staged(store, SECOND))
    assert not store.latest.exists()
    assert json.loads(store.latest_pointer.read_text()) == {"run_id": SECOND, "path": f"releases/{SECOND}"}
    assert releasing.current(store) == released.resolve()


def test_a_symlink_that_cannot_move_is_no_success(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Users would go on with yesterday's layers while the night says that it is done."""
    releasing.release(store, staged(store, FIRST))

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(Path, "symlink_to", refused)
    with pytest.raises(ReleaseError):
        releasing.release(store, staged(store, SECOND))
    assert releasing.current(store) == (store.releases / FIRST).resolve()
    assert json.loads(store.latest_pointer.read_text())["run_id"] == FIRST


@pytest.mark.parametrize("content", [None, "{", "[]", '{"run_id": "20200101T000000Z"}'])
def test_a_pointer_that_points_nowhere_is_no_release(store: Store, content: str | None) -> None:
    store.root.mkdir()
    if content is not None:
        store.latest_pointer.write_text(content)
    assert releasing.current(store) is None


def test_a_second_release_keeps_the_first(store: Store) -> None:
    releasing.release(store, staged(store, FIRST))
    releasing.release(store, staged(store, SECOND))
    assert (store.latest / "region.gpkg").read_text() == SECOND
    assert (store.releases / FIRST / "region.gpkg").read_text() == FIRST


@pytest.mark.parametrize("suffix", ["-wal", "-journal", "-shm"])
def test_an_unfinished_edit_beside_the_package_keeps_it_back(store: Store, suffix: str) -> None:
    releasing.release(store, staged(store, FIRST))
    folder = staged(store, SECOND)
    (folder / f"region.gpkg{suffix}").touch()
    with pytest.raises(ReleaseError, match="onvoltooide bewerking"):
        releasing.release(store, folder)
    assert releasing.current(store) == (store.releases / FIRST).resolve()


@pytest.mark.parametrize("call", ["fsync", "rename"])
def test_a_full_disk_leaves_yesterday_in_place(store: Store, call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    releasing.release(store, staged(store, FIRST))
    folder = staged(store, SECOND)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if call == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(ReleaseError, match="de schijf is vol"):
        releasing.release(store, folder)
    assert (store.latest / "region.gpkg").read_text() == FIRST


def test_leftovers_of_a_run_that_died_are_cleared(store: Store) -> None:
    (workplace.open_staging(store, FIRST) / "region.gpkg").write_text(FIRST)
    folder = staged(store, SECOND)
    assert [path.name for path in store.staging.iterdir()] == [SECOND]
    assert workplace.staged(store) == folder


def test_a_release_that_waits_stays_until_another_takes_its_place(store: Store) -> None:
    waiting = staged(store, FIRST)
    begun = workplace.open_staging(store, SECOND)
    assert workplace.staged(store) == waiting, "a night that fails leaves it"
    workplace.clear_staging(store, begun)
    assert [path.name for path in store.staging.iterdir()] == [SECOND]
    assert not list(store.root.glob(".weg-*"))


def test_a_name_that_waits_in_staging_is_taken(store: Store) -> None:
    staged(store, FIRST)
    with pytest.raises(ReleaseError, match="deze seconde"):
        workplace.new_run_id(store, datetime(2026, 11, 8, 2, 15, tzinfo=UTC))


def test_a_second_run_in_the_same_folder_is_refused(store: Store) -> None:
    with (
        only_run(store),
        pytest.raises(ReleaseError, match="een andere run is hier bezig"),
        only_run(store),
    ):
        pass


def test_a_second_run_can_wait_for_the_first(store: Store) -> None:
    holding = "import sys, time; from pathlib import Path; from twentegeo.store import Store, only_run\n"
    holding += "with only_run(Store(Path(sys.argv[1]))): print('held', flush=True); time.sleep(1.5)"
    with subprocess.Popen([sys.executable, "-c", holding, str(store.root)], stdout=subprocess.PIPE) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"held\n"
        with pytest.raises(ReleaseError), only_run(store):
            pass
        with only_run(store, wait_s=30):
            assert first.wait() == 0


def test_a_kill_frees_the_lock(store: Store) -> None:
    holding = "import sys, time; from pathlib import Path; from twentegeo.store import Store, only_run\n"
    holding += "with only_run(Store(Path(sys.argv[1]))): print('held', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", holding, str(store.root)], stdout=subprocess.PIPE) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"held\n"
        first.kill()
        first.wait()
        with only_run(store):
            pass


def test_the_lock_is_free_afterwards(store: Store) -> None:
    with only_run(store):
        pass
    with only_run(store):
        pass


def test_a_release_of_the_same_second_is_refused(store: Store) -> None:
    moment = datetime(2026, 11, 8, 2, 15, tzinfo=UTC)
    assert workplace.new_run_id(store, moment) == FIRST
    releasing.release(store, staged(store, FIRST))
    with pytest.raises(ReleaseError, match="al een release"):
        workplace.new_run_id(store, moment)


WRITING = """
import sys
from pathlib import Path
folder = Path(sys.argv[1])
for number in range(10**9):
    try:
        folder.mkdir(exist_ok=True)
        (folder / str(number % 500)).write_bytes(b"x" * 100)
    except OSError:
        continue
    if number == 50:
        print("writing", flush=True)
"""


def test_a_program_that_outlives_a_killed_run_is_not_in_the_way(store: Store) -> None:
    left = store.staging / "left"
    left.mkdir(parents=True)
    with subprocess.Popen([sys.executable, "-c", WRITING, str(left)], stdout=subprocess.PIPE) as writer:
        try:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"writing\n"
            for _ in range(20):
                left.mkdir(parents=True, exist_ok=True)
                time.sleep(0.01)
                assert (workplace.open_staging(store, FIRST)).is_dir()
        finally:
            writer.kill()
    workplace.open_staging(store, FIRST)
    assert [path.name for path in store.staging.iterdir()] == [FIRST]
    assert not list(store.root.glob(".weg-*"))


# --- kill -9 at every system call that moves something

STEPS = ("fsync", "rename", "replace", "symlink_to")


DYING = """
import os, signal, sys
from pathlib import Path
from twentegeo.publish import release as releasing
from twentegeo.store import Store, only_run, sha256_of

root, run_id, step, nth = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
target = os if step == "fsync" else Path
original, seen = getattr(target, step), 0

def dying(*arguments, **named):
    global seen
    seen += 1
    if seen == nth:
        os.kill(os.getpid(), signal.SIGKILL)
    return original(*arguments, **named)

setattr(target, step, dying)
releasing.release(Store(root), root / "staging" / run_id)
"""


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_leaves_latest_on_a_whole_release(store: Store, step: str, nth: int) -> None:
    releasing.release(store, staged(store, FIRST))
    staged(store, SECOND)
    ended = subprocess.run(
        [sys.executable, "-c", DYING, str(store.root), SECOND, step, str(nth)], check=False, capture_output=True
    )
    # the second of a step that is taken once never comes: then the release is simply made
    assert ended.returncode in (-signal.SIGKILL, 0), ended.stderr.decode()
    newest = releasing.current(store)
    assert newest is not None
    assert newest.name in (FIRST, SECOND)
    assert (newest / "region.gpkg").read_text() == newest.name
    assert (newest / "kaarten" / "prioriteit.png").read_text() == newest.name
    with only_run(store):
        folder = staged(store, "20261110T021500Z")
        releasing.release(store, folder)
    assert (store.latest / "region.gpkg").read_text() == "20261110T021500Z"
