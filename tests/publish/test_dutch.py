from __future__ import annotations

import datetime as dt
import math

import pytest

from twentegeo.publish import dutch


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0, 0, "0"), (1234567, 0, "1.234.567"), (1234.567, 1, "1.234,6"), (-3.25, 1, "−3,2"), (-0.04, 1, "0,0"),
        (None, 0, "onbekend"), (math.nan, 2, "onbekend"),
    ],
)  # fmt: skip
def test_numbers(value: float | None, decimals: int, text: str):
    assert dutch.number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"), [(2.5, "+2,5"), (-2.5, "−2,5"), (0.0, "±0,0"), (-0.01, "±0,0"), (None, "onbekend")]
)
def test_differences_carry_their_sign(value: float | None, text: str):
    assert dutch.signed(value, 1) == text


def test_shares_dates_and_lists():
    assert dutch.percentage(98.06) == "98,1%"
    assert dutch.percentage(None) == "onbekend"
    assert dutch.date(dt.date(2026, 3, 8)) == "8 maart 2026"
    assert dutch.date(None) == "onbekend"
    assert [dutch.listing(["a", "b", "c"][:n]) for n in range(4)] == ["", "a", "a en b", "a, b en c"]


@pytest.mark.parametrize(
    ("n_bytes", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (3_182_408, "3,2 MB"), (200_125, "200 kB"), (3_610_187_048, "3,6 GB")],
)
def test_sizes(n_bytes: int, text: str):
    assert dutch.size(n_bytes) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0, "0,0 s"), (59.94, "59,9 s"), (60, "1 min 00 s"), (125, "2 min 05 s")]
)
def test_spans(seconds: float, text: str):
    assert dutch.span(seconds) == text
