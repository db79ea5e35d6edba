"""
What texts have to look like, judged without a regular expression on every row.

One costs 40 ms over 300,000 ids, and a night holds a hundred columns of them to their contract.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pandas as pd
import pandera.pandas as pandera
import pyarrow.compute as pc

from twentegeo.tables.keys import as_arrow

if TYPE_CHECKING:
    import pyarrow as pa

_DIGITS: Final = re.compile(r"\^\\d\{(\d+)(?:,(\d+))?\}\$")
"""Patterns of ids: nothing but a number of digits, or between two numbers of them."""


def matching(pattern: str) -> pandera.Check:
    """
    Check that texts match a pattern.

    Parameters
    ----------
    pattern
        Regular expression without lookaround, anchored at both ends.

    Returns
    -------
    check
        Finds what :meth:`pandera.Check.str_matches` finds, and is called the same in messages. Digits and letters are
        those of ASCII, and a line end after the text is one character too many.
    """

    def judge(texts: pd.Series[str]) -> pd.Series[bool]:
        held = as_arrow(texts)
        found = _digits(held, *digits.groups()) if (digits := _DIGITS.fullmatch(pattern)) else _each(held, pattern)
        return pd.Series(pc.fill_null(found, False).to_numpy(zero_copy_only=False), index=texts.index)  # noqa: FBT003

    return pandera.Check(judge, name="str_matches", error=f"str_matches('{pattern}')")


def _digits(texts: pa.Array, least: str, most: str | None) -> pa.Array:
    """Look at lengths and characters of ids, each of which occurs about once."""
    length = pc.binary_length(texts)
    fits = pc.and_(pc.greater_equal(length, int(least)), pc.less_equal(length, int(most or least)))
    return pc.and_(fits, pc.ascii_is_decimal(texts))


def _each(texts: pa.Array, pattern: str) -> pa.Array:
    """Look at each different text once: codes of areas and postal codes recur."""
    coded = texts.dictionary_encode()
    return pc.match_substring_regex(coded.dictionary, pattern).take(coded.indices)
