"""Patterns are judged as a regular expression on every row would."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandera.errors import SchemaErrors

from twentegeo.tables.patterns import matching

PATTERNS = [r"^\d{16}$", r"^\d{8,18}$", r"^[1-9]\d{3}[A-Z]{2}$", r"^GM\d{4}$", r"^BU\w{8}$", r"^E\d{4}N\d{4}$"]
ODD = ["0153010000000001", "015301000000000", "1 ", " 0153010000000001", "", "7511AB", "0511AB", "E2500N4700"]
TEXTS = st.sampled_from(ODD) | st.text("0123456789ABGMU", max_size=19) | st.none()


def refused(check: pa.Check, texts: pd.Series[str]) -> list[int]:
    schema = pa.DataFrameSchema({"a": pa.Column("str", checks=[check], nullable=True)})
    try:
        schema.validate(texts.to_frame("a"), lazy=True)
    except SchemaErrors as error:
        return sorted(error.failure_cases["index"])
    return []


@given(texts=st.lists(TEXTS), pattern=st.sampled_from(PATTERNS))
def test_the_same_rows_are_refused(texts: list[str | None], pattern: str) -> None:
    column = pd.Series(texts, dtype="str")
    assert refused(matching(pattern), column) == refused(pa.Check.str_matches(pattern), column)


def test_digits_are_those_of_the_registers_and_a_line_does_not_end() -> None:
    column = pd.Series(["٠" * 16, "0153010000000001\n", "0153010000000001"], dtype="str")
    assert refused(matching(r"^\d{16}$"), column) == [0, 1]
    assert refused(matching(r"^BU\w{8}$"), "BU" + column.str[:8]) == [0]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_it_is_called_by_its_pattern(pattern: str) -> None:
    schema = pa.DataFrameSchema({"a": pa.Column("str", checks=[matching(pattern)])})
    with pytest.raises(SchemaErrors) as caught:
        schema.validate(pd.DataFrame({"a": pd.Series(["x"], dtype="str")}), lazy=True)
    assert caught.value.failure_cases["check"].tolist() == [f"str_matches('{pattern}')"]
