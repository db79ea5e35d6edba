"""Looking keys up."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.tables.keys import in_order, is_among, laid_beside, positions, unique

REGISTER = ["0001", "0002", "0003", "0004"]
ODD = ["1", "01", "10", "9" * 18, "9" * 19, "-1", "+1", "1 ", "", "1e3", "٣", "BU01410001"]
KEY = st.sampled_from(REGISTER) | st.sampled_from(ODD)


@given(values=st.lists(KEY | st.none()), allowed=st.lists(KEY | st.none()))
def test_a_key_is_among_those_listed_and_a_missing_one_never(
    values: list[str | None], allowed: list[str | None]
) -> None:
    column = pd.Series(values, dtype="str")
    found = is_among(column, pd.Series(allowed, dtype="str"))
    assert found.tolist() == [value is not None and value in allowed for value in values]


@pytest.mark.parametrize("allowed", [pd.Index([], dtype="str"), pd.Series([], dtype="str")], ids=["index", "series"])
def test_nothing_is_among_none(allowed: pd.Index) -> None:
    assert is_among(pd.Series(["0001"], dtype="str"), allowed).tolist() == [False]


@given(values=st.lists(KEY | st.none()), among=st.lists(KEY, unique=True))
def test_a_key_is_found_where_it_stands(values: list[str | None], among: list[str]) -> None:
    found = positions(pd.Series(values, dtype="str"), pd.Series(among, dtype="str"))
    assert found.tolist() == [among.index(value) if value in among else -1 for value in values]


@given(keys=st.lists(KEY, unique=True), ids=st.lists(KEY | st.none()), in_order=st.booleans())
def test_rows_are_laid_beside_as_reindexing_does(keys: list[str], ids: list[str | None], *, in_order: bool) -> None:
    wanted = pd.Series(keys if in_order else ids, dtype="str", index=range(5, 5 + len(keys if in_order else ids)))
    rows = {"key": pd.Series(keys, dtype="str"), "n": range(len(keys)), "text": pd.Series(keys, dtype="str") + "x"}
    table = pd.DataFrame(rows).set_axis(range(9, 9 + len(keys)))
    laid = laid_beside(table, "key", wanted)
    expected = table.set_index("key").reindex(wanted).reset_index(drop=True)
    assert laid.index.equals(pd.RangeIndex(len(wanted)))
    pd.testing.assert_frame_equal(laid[["n", "text"]], expected, check_dtype=False)


@given(values=st.lists(st.sampled_from(REGISTER) | st.none()), among=st.permutations(REGISTER))
def test_ids_of_a_register_are_found_in_any_order(values: list[str | None], among: list[str]) -> None:
    found = positions(pd.Series(values, dtype="str"), pd.Index(among, dtype="str"))
    assert found.tolist() == [-1 if value is None else among.index(value) for value in values]


@given(rows=st.lists(st.tuples(KEY | st.none(), KEY)), in_order=st.booleans())
def test_a_key_is_unique_where_no_row_repeats_it(rows: list[tuple[str | None, str]], *, in_order: bool) -> None:
    if in_order:
        rows = sorted(rows, key=lambda row: (row[0] is not None, row[0] or "", row[1]))
    table = pd.DataFrame({name: pd.Series([row[at] for row in rows], dtype="str") for at, name in enumerate("ab")})
    assert unique(table, ("a",)) == (not table.duplicated(["a"]).any())
    assert unique(table, ("a", "b")) == (not table.duplicated(["a", "b"]).any())


@given(
    rows=st.lists(st.tuples(st.sampled_from(REGISTER), st.sampled_from(REGISTER))), odd=st.lists(st.tuples(KEY, KEY))
)
def test_rows_are_put_in_order_of_their_key(rows: list[tuple[str, str]], odd: list[tuple[str, str]]) -> None:
    for some in (rows, sorted(rows), sorted(set(rows)), rows + odd):
        columns = {name: pd.Series([row[at] for row in some], dtype="str") for at, name in enumerate("ab")}
        table = pd.DataFrame({**columns, "n": range(len(some))}).set_axis(range(7, 7 + len(some)))
        pd.testing.assert_frame_equal(in_order(table, ("a", "b")), table.sort_values(["a", "b"], ignore_index=True))
        assert unique(table, ("a", "b")) == (not table.duplicated(["a", "b"]).any())
