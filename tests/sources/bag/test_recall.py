"""Stands that an earlier delivery held are not parsed again, and nobody can tell."""

from __future__ import annotations

import json
import subprocess
import sys
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twentegeo.errors import SourceChanged, SourceUnavailable
from twentegeo.sources import bag
from twentegeo.sources.bag import crew, extract, memory, passages, recall, worker
from twentegeo.sources.bag.current import Day
from twentegeo.sources.bag.handover import Outlines, opened, save_outlines
from twentegeo.sources.bag.members import Task, member_of
from twentegeo.sources.deflate import crc32

ISLAND = "schiermonnikoog/lvbag-extract-0088-15112019.zip"
WAYS = ("bekend", "snel", "langzaam")


def known(tables: bag.BagTables) -> dict[str, int]:
    return {kind: tables.counts[f"{kind}_bekend"] for kind in recall.PRINTED}


def assert_alike(one: bag.BagTables, other: bag.BagTables) -> None:
    assert one.panden.rows.equals(other.panden.rows)
    assert one.panden.wkb.equals(other.panden.wkb)
    assert one.panden.bounds.tolist() == other.panden.bounds.tolist()
    for name in ("verblijfsobject", "vbo_pand", "adres", "plaats", "losses"):
        assert getattr(one, name).equals(getattr(other, name)), name
    counted, again = (
        {name: n for name, n in tables.counts.items() if name.rsplit("_", 1)[-1] not in WAYS} for tables in (one, other)
    )
    assert counted == again
    for kind in recall.PRINTED:
        assert sum(one.counts[f"{kind}_{way}"] for way in WAYS) == one.counts[f"{kind}_standen"]


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "kept"


def test_what_stayed_is_known_and_what_is_new_is_read(world: Any, make: Any, read: Any, kept: Path) -> None:
    assert known(read(world, recall=kept)) == {"NUM": 0, "VBO": 0, "PND": 0}
    world.stands["PND"][0] = make.pand(1, make.box(1000, 400_000, 11))
    world.stands["NUM"].append(make.nummer(5, 1, 5))
    again = read(world, recall=kept)
    # of the region only: the second town's stands are read each time
    assert known(again) == {"NUM": 2, "VBO": 1, "PND": 1}
    assert_alike(again, read(world))


def test_a_stand_that_no_pattern_knows_is_known_again(world: Any, read: Any, kept: Path) -> None:
    world.stands["PND"][0] = world.stands["PND"][0].replace("<Objecten:status>", "<Objecten:status >")
    assert read(world, recall=kept).counts["PND_langzaam"] == 1
    again = read(world, recall=kept)
    assert (again.counts["PND_langzaam"], again.counts["PND_bekend"]) == (0, 2)
    assert_alike(again, read(world))


def made(make: Any, what: dict[str, Any]) -> dict[str, list[str]]:
    """Stands of a street of houses, each with its quirks."""
    stands: dict[str, list[str]] = {"NUM": [], "VBO": [], "PND": [], "LIG": [], "STA": []}
    for number, quirk in what.items():
        n, x = int(number), 1000 + 20 * int(number)
        ended = make.voorkomen(eind="2024-02-01") + "" if quirk == "ends soon" else ""
        town = 2 if quirk == "other town" else None
        extra = "<Objecten:postcode>7511AB</Objecten:postcode>" if quirk != "no postcode" else ""
        stands["NUM"].append(make.nummer(n, 1, n, extra=extra, town=town))
        if quirk != "shed":
            stands["VBO"].append(make.vbo(n, n, [n], at=(x + 5, 400_004), area=50 + n, history=ended))
        ring = make.box(x, 400_000, 12 if quirk == "wider" else 10)
        if quirk == "broken":
            ring = f"{x} 400000 0 {x + 10} 400008 0 {x + 10} 400000 0 {x} 400008 0 {x} 400000 0"
        hole = [make.box(x + 2, 400_002, 2, 2)] if quirk == "hole" else []
        stands["PND"].append(make.pand(n, ring, *hole))
        if quirk == "another prefix":
            stands["PND"][-1] = stands["PND"][-1].replace("<Objecten:status>", "<Objecten:status >")
    return stands


QUIRKS = (
    *("plain", "shed", "wider", "hole", "broken", "no postcode", "other town", "ends soon"),
    "another prefix",
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    drawn=st.tuples(
        st.dictionaries(st.sampled_from("123456"), st.sampled_from(QUIRKS), min_size=1),
        st.dictionaries(st.sampled_from("123456"), st.sampled_from(QUIRKS), min_size=1),
        st.sampled_from([None, date(2024, 3, 1)]),
        st.integers(1, 3),
        st.sampled_from([-1, 0, 1, worker.FEW]),
        st.integers(1, 3),
    )
)
def test_whatever_is_known_the_tables_are_the_same(world: Any, make: Any, read: Any, kept: Path, drawn: Any) -> None:
    """Also however many new stands of a member are left to the main process, and however long passages are."""
    then, now, day, parts, few, long = drawn
    memory.discard(kept)
    before, after = deepcopy(world), deepcopy(world)
    before.stands |= made(make, then)
    after.stands |= made(make, now)
    for kind in recall.PRINTED:
        # the same stands lie in other members than before
        stands = after.stands[kind]
        after.documents[kind] = [make.member_xml(kind, "".join(stands[part::parts])) for part in range(parts)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "FEW", few)
        patch.setattr(passages, "STANDS", long)
        patch.setattr(passages, "WORTH", 0)
        read(before, recall=kept)
        assert_alike(read(after, day=day, recall=kept), read(after, day=day))
        # and what was kept of the second delivery serves a third
        assert_alike(read(before, day=day, recall=kept), read(before, day=day))


def test_a_pand_that_lost_its_dwelling_is_placed_by_a_point(world: Any, make: Any, read: Any, kept: Path) -> None:
    read(world, recall=kept)
    world.stands["VBO"] = [make.vbo(3, 3, [3], at=(15_005, 400_004))]
    again = read(world, recall=kept)
    assert known(again)["PND"] == 2
    assert again.panden.rows["pand_id"].tolist() == ["0001100000000001", "0001100000000002"]
    assert_alike(again, read(world))


def test_a_real_municipality_on_other_days(shared_data: Any, read: Any, kept: Path) -> None:
    """What is kept of one day serves another: voorkomens are judged anew."""
    read(shared_data / ISLAND, codes=("0088",), recall=kept)
    for day in (None, date(2015, 1, 1), date(2012, 6, 1), None):
        again = read(shared_data / ISLAND, codes=("0088",), day=day, recall=kept)
        assert min(known(again).values()) > 0
        assert_alike(again, read(shared_data / ISLAND, codes=("0088",), day=day))


@pytest.fixture
def side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have processes read also what is small."""
    monkeypatch.setattr(extract, "SMALL_DELIVERY", 0)
    monkeypatch.setattr(crew, "SMALL_STEP", 0)


@pytest.mark.usefixtures("side_by_side")
def test_processes_of_two_nights_take_the_same_prints(world: Any, read: Any, kept: Path) -> None:
    read(world, workers=2, recall=kept)
    again = read(world, workers=2, recall=kept)
    assert known(again) == {"NUM": 2, "VBO": 1, "PND": 2}
    assert_alike(again, read(world))


@pytest.mark.usefixtures("side_by_side")
def test_members_of_which_much_is_new_wait_for_what_they_filter_on(
    world: Any, make: Any, read: Any, kept: Path
) -> None:
    read(world, workers=2, recall=kept)
    more = range(10, 11 + worker.FEW)
    world.stands["NUM"] += [make.nummer(n, 1, n) for n in more]
    world.stands["VBO"] += [make.vbo(n, n, [n], at=(3005, 400_004)) for n in more]
    world.stands["PND"] += [make.pand(n, make.box(3000, 400_000)) for n in more]
    again = read(world, workers=2, recall=kept)
    assert known(again) == {"NUM": 2, "VBO": 1, "PND": 2}
    assert len(again.verblijfsobject) == 1 + len(more)
    assert_alike(again, read(world))


@pytest.mark.usefixtures("side_by_side")
def test_whoever_waits_for_what_never_comes_is_sent_home(world: Any, make: Any, read: Any, kept: Path) -> None:
    """A damaged member of an early type ends the reading, though processes wait for what would have come of it."""
    read(world, workers=2, recall=kept)
    more = range(10, 11 + worker.FEW)
    world.stands["VBO"] += [make.vbo(n, n, [n], at=(3005, 400_004)) for n in more]
    world.documents["NUM"] = [make.member_xml("NUM", "".join(world.stands["NUM"]))[:-40]]
    with pytest.raises(SourceUnavailable, match="breekt af"):
        read(world, workers=2, recall=kept)


NIGHT = """
import sys
from twentegeo.sources.bag import crew
reader = crew._started()
reader.stdin.write(sys.argv[1] + chr(10))
reader.stdin.flush()
for line in reader.stdout:
    print(line, flush=True)
"""
"""Hands a task to a process that reads, which has its standard error, and passes on what it says."""


def test_whoever_waits_does_not_outlive_a_night_that_was_killed(world: Any, make: Any, tmp_path: Path) -> None:
    xml = make.member_xml("VBO", "".join(world.stands["VBO"])).encode()
    path = tmp_path / "vbo.xml"
    path.write_bytes(xml)
    member = replace(member_of(path, xml), crc=crc32(xml))
    day = Day("2024-01-08", "2024-01-08")
    task = Task("VBO", member, day, str(tmp_path / "vbo.arrow"), str(tmp_path), 0.01, after="NUM")
    save_outlines(tmp_path, Outlines(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=object)))
    command = [sys.executable, "-c", NIGHT, worker.packed(task)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as night:
        assert night.stdout is not None
        assert "ready" in night.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            night.communicate(timeout=0.5)
        night.kill()
        # the other end of its standard error is closed when nobody has it any more
        said, complaints = night.communicate(timeout=10)
    assert (said.strip(), complaints) == ("", "")


def test_a_member_is_blamed_for_its_own_stand(world: Any, make: Any, read: Any, kept: Path) -> None:
    """Few new stands of several members are filtered at once, and yet it is said where the bad one is."""
    stands = world.stands["PND"]
    world.documents["PND"] = [make.member_xml("PND", "".join(part)) for part in (stands[:2], stands[2:])]
    read(world, recall=kept)
    good, bad = make.pand(8, make.box(1050, 400_000)), make.pand(9, "1100 400000 0 11x0 400000 0 1100 400010 0")
    for parts in ((stands[:2], stands[2:]), ([*stands[:1], good], [*stands[1:], bad])):
        world.documents["PND"] = [make.member_xml("PND", "".join(part)) for part in parts]
    # known, so that there is something to recall in the second member
    world.stands["VBO"].append(make.vbo(9, 2, [8, 9], at=(1105, 400_004)))
    with pytest.raises(SourceChanged, match=r"-000002\.xml heeft coördinaten die niet te lezen zijn"):
        read(world, recall=kept)


def test_what_came_is_put_beside_what_is_there(world: Any, make: Any, read: Any, kept: Path) -> None:
    read(world, recall=kept)
    files = {path.name: path.read_bytes() for path in kept.glob("[A-Z]*.arrow")}
    order = {path.name for path in kept.glob("order-*.arrow")}
    world.stands["NUM"].append(make.nummer(5, 1, 5))
    read(world, recall=kept)
    later = {path.name: path.read_bytes() for path in kept.glob("[A-Z]*.arrow")}
    assert files.items() <= later.items()
    assert sorted(later.keys() - files.keys()) == ["NUM-00006.arrow"]
    # a file is never written over: of the order in which stands came there is one at a time, under a name of its own
    assert len(order) == len(list(kept.glob("order-*.arrow"))) == 3
    assert not order & {path.name for path in kept.glob("order-*.arrow")}


@pytest.mark.parametrize(("gone", "back"), [(2, 12), (3, 9)])
def test_rows_that_are_not_said_any_more_go_when_they_are_many(
    world: Any, make: Any, read: Any, kept: Path, gone: int, back: int
) -> None:
    """Of twelve rows ten are enough for a file to stay as it is, and nine are not."""
    world.stands["NUM"] += [make.nummer(n, 1, n) for n in range(10, 20)]
    read(world, recall=kept)
    fewer = deepcopy(world)
    fewer.stands["NUM"] = world.stands["NUM"][:-gone]
    again = read(fewer, recall=kept)
    assert known(again)["NUM"] == 12 - gone
    assert_alike(again, read(fewer))
    again = read(world, recall=kept)
    assert known(again)["NUM"] == back
    assert_alike(again, read(world))


def test_prints_that_were_taken_under_another_key_are_not_used(
    world: Any, read: Any, kept: Path, tmp_path: Path
) -> None:
    read(world, recall=kept)
    (path,) = kept.glob("PND-*.arrow")
    for key, found in (("7", 0), (None, 2)):
        region = tmp_path / f"under {key}"
        region.mkdir()
        rows = opened(path)
        if key:
            rows = rows.replace_schema_metadata(dict.fromkeys(rows.schema.metadata, key))
        memory.Memory("PND", {path: (rows, 0)}).leave_prints(region, "2024-01-08")
        assert len(recall.load(str(region), "PND").prints) == found


@pytest.mark.parametrize("harm", ["bytes", "cut", "gone", "facts", "half facts"])
def test_what_is_not_whole_is_not_used(world: Any, read: Any, kept: Path, harm: str) -> None:
    read(world, recall=kept)
    path, facts = next(kept.glob("PND-*.arrow")), kept / memory.FACTS
    data = path.read_bytes()
    if harm == "bytes":
        path.write_bytes(data[:200] + bytes(64) + data[264:])
    elif harm == "cut":
        path.write_bytes(data[:-30])
    elif harm == "gone":
        path.unlink()
    elif harm == "facts":
        facts.unlink()
    else:
        facts.write_text('{"PND', encoding="utf-8")
    again = read(world, recall=kept)
    assert set(known(again).values()) == {0}
    assert_alike(again, read(world))
    # and the next one has something whole again
    assert known(read(world, recall=kept)) == {"NUM": 2, "VBO": 1, "PND": 2}


def test_a_delivery_that_is_refused_leaves_what_was_kept(world: Any, read: Any, make: Any, kept: Path) -> None:
    read(world, recall=kept)
    before = {path.name: path.read_bytes() for path in kept.iterdir()}
    world.documents["PND"] = [make.member_xml("PND", "".join(world.stands["PND"]))[:-40]]
    with pytest.raises(SourceUnavailable, match="breekt af"):
        read(world, recall=kept)
    assert {path.name: path.read_bytes() for path in kept.iterdir()} == before


def test_nothing_else_in_the_folder_is_touched(world: Any, read: Any, kept: Path) -> None:
    kept.mkdir()
    (kept / "PND.txt").write_text("mine", encoding="utf-8")
    (kept / "sub").mkdir()
    (kept / "sub" / "PND-00000.arrow").write_text("mine too", encoding="utf-8")
    read(world, recall=kept)
    memory.discard(kept)
    assert sorted(path.name for path in kept.rglob("*")) == ["PND-00000.arrow", "PND.txt", "sub"]


def test_files_are_named_with_their_checksums(world: Any, read: Any, kept: Path) -> None:
    read(world, recall=kept)
    stated = json.loads((kept / memory.FACTS).read_text(encoding="utf-8"))
    assert sorted(stated) == sorted(path.name for path in kept.glob("*.arrow"))
    assert memory.take_up(kept)
