"""Stands that follow each other as they did are known together, and nobody can tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.sources.bag import passages, worker
from twentegeo.sources.bag.passages import ENDED, NOT_KNOWN, STAND_END, Passages, Walk
from twentegeo.sources.bag.recall import prints

HEAD, TAIL = b"<head>", b"</tail>"
LETTERS = "abcdefghij"


def member(letters: str) -> bytes:
    """A stand per letter, each of another length."""
    return HEAD + b"".join(stand(one) + STAND_END for one in letters) + TAIL


def stand(letter: str) -> bytes:
    return b"<sl:stand>" + letter.encode() * (1 + ord(letter) % 5)


def order_of(*members: str, ended: str = "") -> pa.Table:
    """What a delivery leaves for the next."""
    told = []
    for letters in filter(None, members):
        walk = Walk.through(member(letters), len(HEAD), None)
        told.append(walk.told(member(letters), prints(walk.stands), np.array([one in ended for one in letters])))
    return pa.concat_tables(told)


def known_of(order: pa.Table, kept: str) -> Passages | None:
    """Passages for who kept a row of some letters, numbered by their place in the alphabet."""
    row = {hash(stand(one)): ord(one) for one in kept}
    return Passages.of(order, np.array([row.get(one, NOT_KNOWN) for one in order["print"].to_pylist()], dtype=np.int64))


def alone(walk: Walk) -> str:
    return "".join(chr(one[-1]) for one in walk.stands)


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let passages have two stands."""
    monkeypatch.setattr(passages, "STANDS", 2)


def test_a_member_as_it_was_is_known_after_its_first_passage() -> None:
    known = known_of(order_of("abcdef"), LETTERS)
    walk = Walk.through(member("abcdef"), len(HEAD), known)
    assert alone(walk) == "ab"
    assert (walk.n, walk.taken, walk.tail) == (6, [[1, 3, 2]], len(member("abcdef")) - len(TAIL))


@pytest.mark.parametrize(
    ("letters", "by_themselves"),
    [
        ("abcxdefgh", "abcxd"),  # one came in the second passage
        ("abdefgh", "abd"),  # one went from it
        ("abcxefgh", "abcxef"),  # its last is another now: the end of the next is waited for
        ("abxcdefgh", "abxcd"),  # one came between two
        ("efghabcd", "efab"),  # they came in another order
        ("cdabghef", "cdabghef"),  # in each other order there is nothing to know
        ("xyz", "xyz"),
        ("ab", "ab"),
    ],
)
def test_where_something_changed_stands_are_looked_at_one_by_one(letters: str, by_themselves: str) -> None:
    walk = Walk.through(member(letters), len(HEAD), known_of(order_of("abcdefgh"), LETTERS))
    assert alone(walk) == by_themselves
    assert walk.n == len(letters)


def test_passages_go_on_from_one_member_into_the_next() -> None:
    walk = Walk.through(member("bcdefgh"), len(HEAD), known_of(order_of("abcd", "efgh"), LETTERS))
    assert alone(walk) == "b"


def test_a_stand_that_had_ended_is_known_without_a_row() -> None:
    known = known_of(order_of("abcdef", ended="d"), "abcef")
    assert known is not None
    walk = Walk.through(member("abcdef"), len(HEAD), known)
    _, rows = walk.spread(prints(walk.stands), np.array([ord("a"), ord("b")]))
    assert rows.tolist() == [ord("a"), ord("b"), ord("c"), ENDED, ord("e"), ord("f")]


def test_a_passage_with_a_stand_that_left_no_row_is_not_known() -> None:
    known = known_of(order_of("abcdefgh"), "abdefgh")
    assert alone(Walk.through(member("abcdefgh"), len(HEAD), known)) == "abcd"


def test_passages_are_left_alone_where_few_are_known() -> None:
    assert known_of(order_of("abcdefgh"), "abef") is not None
    assert known_of(order_of("abcdefgh"), "abdef") is not None
    assert known_of(order_of("abcdefgh"), "abce") is None


def test_passages_are_left_alone_where_most_became_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passages, "STANDS", 4)
    assert known_of(order_of("ab", "cd", "efgh"), LETTERS) is not None
    assert known_of(order_of("a", "b", "c", "defg", "h"), LETTERS) is None


def test_a_member_of_other_stands_is_cut_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passages, "PATIENCE", 3)
    known = known_of(order_of("abcdefgh"), LETTERS)
    asked: list[int] = []

    class Asked(dict[int, int]):
        def get(self, key: int, default: Any = None) -> Any:
            asked.append(key)
            return super().get(key, default)

    assert known is not None
    known.__dict__["after"] = Asked(known.after)
    walk = Walk.through(member("uvwxyzab"), len(HEAD), known)
    assert alone(walk) == "uvwxyzab"
    assert len(asked) == 3


def test_a_stand_that_is_cut_off_is_left_to_the_tail() -> None:
    xml = member("abcd")[: -len(TAIL) - 3]
    walk = Walk.through(xml, len(HEAD), known_of(order_of("abcd"), LETTERS))
    assert alone(walk) == "abc"
    assert xml[walk.tail :].startswith(b"<sl:stand>d")


def test_what_was_left_is_taken_up(tmp_path: Path) -> None:
    known = known_of(order_of("abcdef", ended="c"), "abdef")
    assert known is not None
    known.leave(tmp_path / "order.npz")
    again = Passages.left(tmp_path / "order.npz")
    for name in ("prints", "rows", "start", "sizes", "marks"):
        assert getattr(again, name).tolist() == getattr(known, name).tolist()


@given(
    then=st.lists(st.text(LETTERS, max_size=12), max_size=3),
    now=st.lists(st.text(LETTERS, max_size=12), max_size=3),
    later=st.lists(st.text(LETTERS, max_size=12), max_size=3),
    kept=st.sets(st.sampled_from(LETTERS)),
    ended=st.sets(st.sampled_from(LETTERS)),
)
def test_whatever_is_known_all_stands_are_told_of(
    then: list[str], now: list[str], later: list[str], kept: set[str], ended: set[str]
) -> None:
    """Stands recur here, which those of the register do not; and the third delivery rests on the second's walk."""
    row = {hash(stand(one)): NOT_KNOWN if one in ended else ord(one) for one in kept}
    order = order_of(*then, ended="".join(ended)) if any(then) else None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passages, "WORTH", 0)
        for delivery in (now, later):
            told = []
            rows = [row.get(one, NOT_KNOWN) for one in order["print"].to_pylist()] if order is not None else []
            known = Passages.of(order, np.array(rows, dtype=np.int64)) if order is not None else None
            for letters in filter(None, delivery):
                xml = member(letters)
                walk = Walk.through(xml, len(HEAD), known)
                whole = Walk.through(xml, len(HEAD), None)
                own = [ENDED if chr(one[-1]) in ended else row.get(hash(one), NOT_KNOWN) for one in walk.stands]
                marks, places = walk.spread(prints(walk.stands), np.array(own, dtype=np.int64))
                assert (walk.n, walk.tail) == (whole.n, whole.tail)
                assert marks.tolist() == prints(whole.stands).tolist()
                expected = [ENDED if one in ended else ord(one) if one in kept else NOT_KNOWN for one in letters]
                assert places.tolist() == expected
                told.append(walk.told(xml, marks, places == ENDED))
                assert sum(told[-1]["size"].to_pylist()) == walk.tail - len(HEAD)
            order = pa.concat_tables(told) if any(delivery) else order


def test_the_order_of_members_is_kept_where_they_lie_in_the_region(
    world: Any, make: Any, read: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # two of its stands are of the region and five are of another town
    world.stands["NUM"] += [make.nummer(n, 2, n, town=2) for n in range(7, 11)]
    for share, kinds in ((2 / 7, {"NUM", "PND", "VBO"}), (0.3, {"PND", "VBO"})):
        monkeypatch.setattr(worker, "WORTH_KNOWING", share)
        folder = tmp_path / f"kept {share}"
        read(world, recall=folder)
        assert {path.name.split("-")[1] for path in folder.glob("order-*.arrow")} == kinds


def test_stands_that_ended_are_judged_again_on_an_earlier_day(
    world: Any, read: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passages, "STANDS", 1)
    left: list[str] = []
    leave = Passages.leave

    def leaving(held: Passages, path: Path) -> None:
        left.append(path.name[:10])
        leave(held, path)

    monkeypatch.setattr(Passages, "leave", leaving)
    for day, kinds in (("2024-01-08", 0), ("2024-01-08", 3), ("2024-01-07", 0), ("2024-02-01", 3)):
        left.clear()
        read(world, day=np.datetime64(day).item(), recall=tmp_path)
        assert len(left) == kinds, day
