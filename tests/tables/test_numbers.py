"""Looking whole numbers up says what NumPy and lists say."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.tables.numbers import distinct, number_positions, numbers_among

NUMBERS = st.lists(st.integers(-3, 3))


@given(numbers=NUMBERS, listed=NUMBERS)
def test_numbers_are_taken_once_and_found(numbers: list[int], listed: list[int]) -> None:
    values, among = np.array(numbers, dtype=np.int64), np.array(listed, dtype=np.int64)
    assert distinct(values).tolist() == np.unique(values).tolist()
    assert numbers_among(values, among).tolist() == np.isin(values, among).tolist()


@given(numbers=NUMBERS, among=NUMBERS, in_order=st.booleans())
def test_a_number_is_found_where_it_stands_first(numbers: list[int], among: list[int], *, in_order: bool) -> None:
    held = sorted(among) if in_order else among
    found = number_positions(np.array(numbers, dtype=np.int64), np.array(held, dtype=np.int64))
    assert found.tolist() == [held.index(one) if one in held else -1 for one in numbers]
