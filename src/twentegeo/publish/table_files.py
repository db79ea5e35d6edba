"""
Tables as CSV that a Dutch spreadsheet opens by a double click: semicolons, decimal commas, UTF-8 with its mark.

A text that a spreadsheet would take for a formula gets an apostrophe in front, so that the name of a street or the note
of a corporation is never executed (OWASP, *CSV Injection*).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from pathlib import Path

FORMULA: Final = r"^[\s]*[=+\-@\t\r\n]"
"""What starts a formula, also behind blanks; a full-width sign counts too, see :func:`harmless`."""

_WIDE: Final = ("＝", "＋", "－", "＠")


def harmless(texts: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """
    Keep a spreadsheet from executing texts.

    Parameters
    ----------
    texts
        Strings; missing ones stay missing.

    Returns
    -------
    texts
        Those that could be a formula start with an apostrophe; the others are as they were.
    """
    risky = pc.match_substring_regex(texts, FORMULA)
    for sign in _WIDE:
        risky = pc.or_kleene(risky, pc.starts_with(texts, sign))
    return pc.if_else(pc.fill_null(risky, fill_value=False), pc.binary_join_element_wise("'", texts, ""), texts)


def write_csv(path: Path, rows: pa.Table, captions: dict[str, str]) -> None:
    """
    Write a table.

    Parameters
    ----------
    path
        CSV to write.
    rows
        Without geometry.
    captions
        What each column is called in the first line; a column without one keeps its name.
    """
    columns = [harmless(column) if pa.types.is_string(column.type) else column for column in rows.columns]
    frame = pa.Table.from_arrays(columns, [captions.get(name, name) for name in rows.column_names]).to_pandas()
    frame.to_csv(path, sep=";", decimal=",", index=False, encoding="utf-8-sig", lineterminator="\r\n")
