"""The fast way and the slow way read the same, however a stand is laid out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from twentegeo.sources.bag import fast, members, shapes
from twentegeo.sources.bag.archive import discover
from twentegeo.sources.bag.current import Day
from twentegeo.sources.bag.frames import uses
from twentegeo.sources.bag.pairs import listed, pairs_of
from twentegeo.sources.bag.recall import Recall

FOREVER = Day("9999-01-01", "9999-01-01")
ISLAND = "schiermonnikoog/lvbag-extract-0088-15112019.zip"
SMALL = "bag/BAGNLDL-15092020-small.zip"


def task_of(kind: Any, member: Any):
    return members.Task(kind, member, FOREVER, "", "", 0.01)


def plain(table: Any, kind: Any, member: Any):
    """Rows as values that both ways share: ids, texts, lists of references, coordinates."""
    task = task_of(kind, member)
    rows = {name: table[name].to_pylist() for name in (*members.HISTORY, "id", "status")}
    if kind in {"PND", "LIG", "STA"}:
        found, _ = shapes.surfaces(table, task, {})
        rows["shape"] = [None if shape is None else shape.wkt for shape in shapely.normalize(found)]
    if kind == "VBO":
        rows["xy"] = shapes.points(table, task).tolist()
        table = table.set_column(
            table.column_names.index("pand"),
            "pand",
            pa.array(np.array([-1 if one is None else int(one) for one in table["pand"].to_pylist()], dtype=np.int64)),
        )
        pairs = pairs_of(table)
        rows["pairs"] = sorted(zip(pairs.vbo.tolist(), pairs.order.tolist(), pairs.pand.tolist(), strict=True))
        rows["uses"] = uses(table["doelen"]).tolist()
        rows["oppervlakte"] = table["oppervlakte"].to_pylist()
    if kind in {"VBO", "LIG", "STA"}:
        rows["neven"] = listed(table["neven"])[0].tolist()
    for name in ("naam", "huisnummer", "huisletter", "toevoeging", "postcode", "bouwjaar", "nummeraanduiding"):
        if name in table.column_names:
            rows[name] = table[name].to_pylist()
    for name in ("openbare_ruimte", "woonplaats"):
        if name in table.column_names:
            rows[name] = table[name].to_pylist()
    return rows


def both(xml: Any, kind: Any):
    member = members.member_of(Path(f"{kind}.xml"), xml)
    table, counts, *_ = members.voorkomens(xml, task_of(kind, member))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast, "cut", lambda text, *_, **__: fast.Cut(frame=(b"", text)))
        slow_table, slow_counts, *_ = members.voorkomens(xml, task_of(kind, member))
    assert slow_counts["snel"] == 0
    assert counts["standen"] == slow_counts["standen"]
    return (table, counts), slow_table, member


def squeezed(xml: Any):
    """What a computer writes: no white space between elements."""
    return re.sub(rb">\s+<", b"><", xml)


@pytest.fixture(params=[(ISLAND, kind) for kind in fast.FIRST_LOOK] + [(SMALL, kind) for kind in fast.FIRST_LOOK])
def document(request: Any, shared_data: Any, tmp_path: Any):
    source, kind = request.param
    found = discover(shared_data / source, tmp_path)
    return kind, found.objects[kind][0].read()


# the early drop of what ended would leave nothing to compare of history
@pytest.fixture
def no_end(monkeypatch: Any):
    monkeypatch.setattr(
        members,
        "standing",
        lambda table, _: (np.ones(len(table), bool), np.zeros(len(table), np.int8), np.zeros(len(table), bool)),
    )
    monkeypatch.setattr(fast, "ended_by", lambda *_: False)


@pytest.mark.usefixtures("no_end")
@pytest.mark.parametrize("layout", ["as it is", "squeezed"])
def test_real_members_read_the_same_both_ways(document: Any, layout: Any):
    kind, xml = document
    xml = xml if layout == "as it is" else squeezed(xml)
    (table, counts), slow_table, member = both(xml, kind)
    order = [
        sorted(
            range(len(one)),
            key=lambda at, one=one: (one["id"][at].as_py(), one["voorkomen"][at].as_py(), str(one["eind"][at].as_py())),
        )
        for one in (table, slow_table)
    ]
    table, slow_table = table.take(pa.array(order[0], pa.int64())), slow_table.take(pa.array(order[1], pa.int64()))
    assert plain(table, kind, member) == plain(slow_table, kind, member)
    if b"<!--" not in xml:
        # the real layouts are all known; comments are the sample's own
        assert counts["langzaam"] == 0


@st.composite
def layouts(draw: Any, text: Any):
    """Lay a stand out anew: white space between elements, and children in another order."""
    root = etree.fromstring(text)
    for element in root.iter("{*}Pand", "{*}Verblijfsobject", "{*}Nummeraanduiding", "{*}OpenbareRuimte"):
        children = list(element)
        # the uses keep their own order among themselves; nothing else does
        for child in draw(st.permutations(children)) if draw(st.booleans()) else children:
            element.append(child)
    for element in root.iter():
        if len(element) and draw(st.booleans()):
            element.text = draw(st.sampled_from(["\n  ", " ", "\t"]))
        if element is not root and draw(st.integers(0, 3)) == 0:
            element.tail = draw(st.sampled_from(["\n", "  "]))
    return etree.tostring(root)


@pytest.mark.parametrize("kind", ["PND", "VBO", "NUM", "OPR"])
def test_any_layout_of_a_stand_reads_the_same(make: Any, kind: Any):
    bodies = {
        "PND": make.pand(1, make.box(1000, 400_000), make.box(1002, 400_002, 2, 2)),
        "VBO": make.vbo(1, 1, [1, 2], uses=("woonfunctie", "kantoorfunctie"), neven=(2, 3)),
        "NUM": make.nummer(1, 1, 7, extra="<Objecten:huisletter>b</Objecten:huisletter>", town=1),
        "OPR": make.straat(1, "Laan 1940-&apos;45", 1),
    }
    text = make.member_xml(kind, bodies[kind]).split("\n", 1)[1]
    member = members.member_of(Path("x.xml"), b"")
    expected = plain(members.voorkomens(text.encode(), task_of(kind, member))[0], kind, member)

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(layouts(text))
    def check(xml: bytes) -> None:
        table, counts, *_ = members.voorkomens(xml, task_of(kind, member))
        assert counts["standen"] == counts["snel"] + counts["langzaam"] == 1
        assert plain(table, kind, member) == expected

    check()


def test_compact_stands_go_the_fast_way(make: Any):
    stands = make.pand(1, make.box(1000, 400_000)) + make.pand(
        2, make.box(1000, 400_000), make.box(1002, 400_002, 2, 2)
    )
    cut = fast.cut(make.member_xml("PND", stands).encode(), "PND", b"2024-01-01", Recall())
    assert (len(cut.tight), len(cut.loose), len(cut.odd)) == (2, 0, 0)


def test_a_comment_that_holds_a_stand_fools_nobody(make: Any):
    one = make.pand(1, make.box(1000, 400_000))
    xml = make.member_xml("PND", f"{one}<!-- {make.pand(2, make.box(1, 2))} -->").encode()
    table, counts, *_ = members.voorkomens(xml, task_of("PND", members.member_of(Path("x"), xml)))
    assert table["id"].to_pylist() == [1100000000001]
    assert counts["standen"] == 1


def test_another_prefix_goes_the_slow_way(make: Any):
    xml = make.member_xml("NUM", make.nummer(1, 1, 7)).replace("Objecten:", "o:").replace("xmlns:Objecten=", "xmlns:o=")
    table, counts, *_ = members.voorkomens(xml.encode(), task_of("NUM", members.member_of(Path("x"), b"")))
    assert (counts["snel"], counts["langzaam"]) == (0, 1)
    assert table["huisnummer"].to_pylist() == ["7"]
