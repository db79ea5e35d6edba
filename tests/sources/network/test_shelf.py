"""The shelf: whole deliveries by content, whatever moment the program ends at."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import date, datetime, timedelta

import pytest

from twentegeo.errors import SourceUnavailable
from twentegeo.sources.retention import tidy
from twentegeo.sources.shelf import Shelf
from twentegeo.sources.slots import Particulars
from twentegeo.sources.snapshot import Origin, Snapshot
from twentegeo.sources.ways import SnapshotParams

ORIGIN = Origin("bag", "BAG", "Kadaster", "CC0")


def put(shelf: Shelf, now: datetime, content: str, slot: str = "bag", **about: object) -> Snapshot:
    shelf.incoming.mkdir(parents=True, exist_ok=True)
    arrived = shelf.incoming / "x.part"
    arrived.write_text(content)
    known = {"file": "bag.zip", "url": "https://a.nl/bag.zip", "validators": {"updated": content}, **about}
    return shelf.put(slot, ORIGIN, arrived, Particulars(**known), now)  # type: ignore[arg-type]


def test_what_is_put_is_found(shelf: Shelf, now: datetime) -> None:
    given = put(shelf, now, "een", released=date(2026, 11, 8), facts={"preambule": {"a": "b"}})
    found = shelf.current("bag")
    assert found == given
    assert found.path.read_text() == "een"
    assert found.path.name == "bag.zip"
    assert found.path.parent.name == found.sha256
    assert (found.origin, found.release_date, found.url) == (ORIGIN, date(2026, 11, 8), "https://a.nl/bag.zip")
    assert found.facts == {"preambule": {"a": "b"}}
    assert not found.path.stat().st_mode & 0o222
    assert not any(shelf.incoming.iterdir())


def test_an_empty_shelf(shelf: Shelf) -> None:
    assert shelf.current("bag") is None
    assert shelf.slots("") == []
    assert shelf.ledger.entries() == []


def test_a_delivery_that_went_missing_or_was_cut_is_not_used(shelf: Shelf, now: datetime) -> None:
    found = put(shelf, now, "een")
    found.path.chmod(0o644)
    found.path.write_text("e")
    assert shelf.current("bag") is None
    found.path.unlink()
    assert shelf.current("bag") is None
    assert put(shelf, now, "een").path.read_text() == "een"


def test_a_refused_delivery_makes_way_for_the_one_before(shelf: Shelf, now: datetime) -> None:
    first = put(shelf, now, "een")
    put(shelf, now, "twee")
    back = shelf.refuse("bag", now, "kapot")
    assert back == first
    slot = shelf.slot("bag")
    assert slot is not None
    assert slot.refused == {"updated": "twee"}
    assert shelf.refuse("bag", now, "ook kapot") is None
    assert shelf.current("bag") is None


def test_the_ledger_tells_what_happened(shelf: Shelf, now: datetime) -> None:
    put(shelf, now, "een")
    shelf.confirm("bag", now + timedelta(days=1))
    with shelf.ledger.path.open("a") as stream:
        stream.write('{"half')
    shelf.ledger.record(now, "gebruikt", "bag", "0" * 64)
    told = shelf.ledger.entries()
    assert [entry["gebeurtenis"] for entry in told] == ["opgehaald", "ongewijzigd", "gebruikt"]
    assert told[0]["bestand"] == "bag.zip"


def test_retention(shelf: Shelf, now: datetime) -> None:
    old = [put(shelf, now, text) for text in ("een", "twee", "drie")]
    put(shelf, now, "mutatie", "energy_labels/2026-10-03")
    removed = tidy(shelf, SnapshotParams(keep=2), now, ["energy_labels/2026-10-03"])
    assert len(removed) == 2
    assert [one.path.exists() for one in old] == [False, True, True]
    assert shelf.slots("energy_labels") == []
    assert shelf.current("bag") == old[-1]


def test_retention_of_what_never_came_in_whole(shelf: Shelf, now: datetime) -> None:
    put(shelf, now, "een")
    stale, fresh = shelf.incoming / "oud.part", shelf.incoming / "nieuw.part"
    for path, days in ((stale, 10), (fresh, 1)):
        path.write_text("half")
        moment = (now - timedelta(days=days)).timestamp()
        os.utime(path, (moment, moment))
    tidy(shelf, SnapshotParams(partial_days=7), now)
    assert [one.name for one in shelf.incoming.iterdir()] == ["nieuw.part"]


def test_the_ledger_does_not_grow_for_ever(shelf: Shelf, now: datetime) -> None:
    put(shelf, now - timedelta(days=900), "een")
    put(shelf, now, "twee")
    tidy(shelf, SnapshotParams(ledger_days=800), now)
    assert len(shelf.ledger.entries()) == 1


def test_a_spoilt_index_is_named_with_its_remedy(shelf: Shelf, now: datetime) -> None:
    put(shelf, now, "een")
    (shelf.folder / "index.json").write_text('{"bag": 3}')
    with pytest.raises(SourceUnavailable, match=r"index\.json.*Verwijder"):
        shelf.current("bag")


DYING = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from twentegeo.sources.retention import tidy
from twentegeo.sources.shelf import Shelf
from twentegeo.sources.slots import Particulars
from twentegeo.sources.snapshot import Origin

folder, at = Path(sys.argv[1]), int(sys.argv[2])
seen = 0

def watch(event, _):
    global seen
    if event in ("os.rename", "os.mkdir", "os.remove", "os.chmod", "shutil.rmtree", "tempfile.mkstemp", "open"):
        seen += 1
        if seen == at:
            os.kill(os.getpid(), signal.SIGKILL)

shelf = Shelf(folder)
arrived = folder / "incoming" / "nieuw.part"
arrived.write_text("nieuw")
sys.addaudithook(watch)
about = Particulars("bag.zip", "https://a.nl/bag.zip")
shelf.put("bag", Origin("bag", "BAG", "Kadaster", "CC0"), arrived, about, datetime.now(tz=UTC))
print(seen)
"""


@pytest.mark.slow
def test_a_kill_at_any_system_call_leaves_a_whole_delivery(shelf: Shelf, now: datetime) -> None:
    """The old one or the new one, and the next run puts the new one in place."""

    def run(at: int) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", DYING, str(shelf.folder), str(at)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    put(shelf, now, "oud")
    steps = int(run(0).stdout)
    assert steps > 8
    for at in range(1, steps + 1):
        put(shelf, now, "oud")
        assert run(at).returncode == -signal.SIGKILL
        found = shelf.current("bag")
        assert found is not None
        assert found.path.read_text() in ("oud", "nieuw")
        assert json.loads((shelf.folder / "index.json").read_text())
        if at % 6 == 0:
            assert run(0).returncode == 0
            again = shelf.current("bag")
            assert again is not None
            assert again.path.read_text() == "nieuw"
    tidy(shelf, SnapshotParams(keep=1), now)
    assert len([one for one in shelf.folder.iterdir() if one.is_dir() and one != shelf.incoming]) == 1
