"""Rows picked out of a table: whichever way they go, they are the rows that Arrow would give."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.sources.bag.rows import rows_at, rows_where

TABLE = pa.table(
    {
        "id": pa.array(range(400), pa.int64()),
        "text": pa.array([None if n % 7 == 0 else f"pand {n}" for n in range(400)]),
        "wkb": pa.array([bytes(n % 5) for n in range(400)], pa.binary()),
    }
)
PIECES = pa.concat_tables([TABLE.slice(0, 150), TABLE.slice(150, 0), TABLE.slice(150)])
RUNS = st.lists(st.tuples(st.integers(0, 399), st.integers(1, 200)), max_size=4)


def of(runs: list[tuple[int, int]]) -> np.ndarray:
    return np.array([n for start, length in runs for n in range(start, min(start + length, 400))], dtype=np.int64)


@given(RUNS, st.sampled_from([TABLE, PIECES]))
def test_runs_are_the_rows_that_arrow_takes(runs: list[tuple[int, int]], table: pa.Table):
    rows = of(runs)
    assert rows_at(table, rows).equals(table.take(pa.array(rows)))


@given(st.lists(st.integers(0, 399)))
def test_rows_here_and_there_are_taken(rows: list[int]):
    assert rows_at(TABLE, np.array(rows, dtype=np.int64)).equals(TABLE.take(pa.array(rows, pa.int64())))


@given(RUNS)
def test_rows_that_are_kept_are_those_of_a_filter(runs: list[tuple[int, int]]):
    keep = np.zeros(400, dtype=bool)
    keep[of(runs)] = True
    assert rows_where(TABLE, keep).equals(TABLE.filter(pa.array(keep)))


def test_what_lies_together_is_not_copied():
    taken = rows_at(TABLE, np.arange(100, 300))
    assert taken["wkb"].chunk(0).buffers()[2].address == TABLE["wkb"].chunk(0).buffers()[2].address
    assert rows_where(TABLE, np.ones(400, dtype=bool)) is TABLE
