"""Looking keys up."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.tables.keys import is_among

KEY = st.sampled_from(["0001", "0002", "0003", "0004"])


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
