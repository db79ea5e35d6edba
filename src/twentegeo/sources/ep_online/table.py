"""
EP-Online as CSV (v4 and v2), read as a stream of blocks of whole lines.

Every line of the file is accounted for: it is read, or set apart with its number and the reason. Values may hold
quotation marks that were never escaped, so marks mean nothing to the fast reader; a line whose number of fields
is wrong gets a second chance in a reader that does heed them.
"""

from __future__ import annotations

import csv
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl
import pyarrow as pa
from pyarrow import csv as pacsv

from twentegeo.errors import SourceChanged, problem
from twentegeo.sources.delivery import PIECE
from twentegeo.sources.ep_online.columns import ALIASES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from concurrent.futures import Future

    import numpy.typing as npt

    from twentegeo.sources.delivery import Delivery
    from twentegeo.sources.ep_online.header import Header


_AHEAD: Final = 2
"""Blocks that may wait for their turn; bounds memory."""

_BLOCK: Final = PIECE
"""Bytes of text that are read at a time."""

_ANNOUNCED_SHARE, _SILENT_SHARE = 0.05, 0.001
"""Share of lines that may be no UTF-8 before the whole file is taken to be in another encoding: a file that
announces UTF-8 with a byte order mark is believed longer than one that does not."""


FIELDS_WRONG: Final = "aantal velden klopt niet"
NOT_UTF8: Final = "tekst is geen UTF-8"


@dataclass(slots=True)
class Block:
    """
    A stretch of the file.

    Attributes
    ----------
    rows
        Texts by wanted name, and `label_rij`.
    refused
        Line numbers that could not be read, by reason.
    lines
        Lines met.
    known
        Messages that an earlier file holds already; they are not among the rows.
    """

    rows: pl.DataFrame
    refused: dict[str, list[int]] = field(default_factory=dict)
    lines: int = 0
    known: int = 0


def blocks(delivery: Delivery, header: Header) -> Iterator[Block]:
    """
    Read the data lines.

    Parameters
    ----------
    delivery, header
        The file and its header.

    Yields
    ------
    block
        In the order of the file, numbered on.

    Raises
    ------
    SourceChanged
        So many lines are no UTF-8 that the file must be in another encoding.
    """
    waiting: list[Future[Block]] = []
    done = _Numbering(delivery, header)
    with ThreadPoolExecutor(2, thread_name_prefix="labels") as pool:
        for text in _whole_lines(delivery, header.size):
            waiting.append(pool.submit(_read_block, text, header))
            if len(waiting) > _AHEAD:
                yield done.next(waiting.pop(0).result())
        for future in waiting:
            yield done.next(future.result())


class _Numbering:
    """Give blocks that were read apart their place in the file; watch how much of it is no UTF-8."""

    def __init__(self, delivery: Delivery, header: Header) -> None:
        self._lines = 0
        self._spoilt = 0
        self._share = _ANNOUNCED_SHARE if header.marked else _SILENT_SHARE
        self._label = delivery.label

    def next(self, block: Block) -> Block:
        before = self._lines
        block.rows = block.rows.with_columns(pl.col("label_rij") + before)
        block.refused = {why: [row + before for row in rows] for why, rows in block.refused.items()}
        self._lines += block.lines
        self._spoilt += len(block.refused.get(NOT_UTF8, ()))
        if self._spoilt > self._share * self._lines:
            first = block.refused[NOT_UTF8][0]
            place = f"staat niet in UTF-8 ({self._spoilt} van {self._lines} regels; de eerste is gegevensregel {first})"
            raise SourceChanged(problem(self._label, place, "Lever het bestand in UTF-8 aan"))
        return block


def _whole_lines(delivery: Delivery, skip: int) -> Iterator[bytes]:
    """Gather pieces into blocks of whole lines, large enough that what is done per block weighs little."""
    held: list[bytes] = []
    size = 0
    for piece in delivery.pieces():
        held.append(piece)
        size += len(piece)
        if size < _BLOCK:
            continue
        whole, end, rest = b"".join(held).rpartition(b"\n")
        if end:
            yield (whole + end)[skip:]
            skip = 0
        held, size = [rest], len(rest)
    rest = b"".join(held)[skip:]
    if rest.strip():
        yield rest


def _read_block(text: bytes, header: Header) -> Block:
    text, numbers, spoilt, lines = _sound_lines(text)
    names = [f"c{place}" for place in range(len(header.names))]
    wanted = {name: names[header.names.index(column)] for name, column in header.found.items()}
    wrong: dict[int, str] = {}

    def set_apart(row: Any) -> str:
        wrong[row.number - 1] = row.text
        return "skip"

    if len(numbers) == 0:
        return Block(_frame([], [], wanted), {NOT_UTF8: spoilt} if spoilt else {}, lines)
    table = pacsv.read_csv(
        pa.BufferReader(text),
        pacsv.ReadOptions(use_threads=False, column_names=names, block_size=len(text) + 1),
        pacsv.ParseOptions(delimiter=";", quote_char=False, ignore_empty_lines=False, invalid_row_handler=set_apart),
        pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            include_columns=list(wanted.values()),
            strings_can_be_null=False,
        ),
    )
    rows = _frame(table.columns, np.delete(numbers, list(wrong)), wanted)
    rescued, lost = _second_chance(wrong, header)
    if rescued:
        places = [header.names.index(column) for column in header.found.values()]
        values = [[fields[place] for fields in rescued.values()] for place in places]
        rows = pl.concat([rows, _frame(values, numbers[list(rescued)], wanted)]).sort("label_rij")
    refused = {NOT_UTF8: spoilt, FIELDS_WRONG: [int(numbers[row]) for row in lost]}
    return Block(rows, {why: found for why, found in refused.items() if found}, lines)


def _frame(columns: Sequence[Any], numbers: npt.ArrayLike, wanted: Mapping[str, str]) -> pl.DataFrame:
    """Texts by wanted name; columns that the file lacks are missing throughout."""
    held = dict(zip(wanted, columns, strict=True)) if len(columns) else {name: [] for name in wanted}
    frame = pl.DataFrame(
        {"label_rij": np.asarray(numbers, dtype=np.int64)}
        | {name: pl.Series(name, values, dtype=pl.String) for name, values in held.items()}
    )
    return frame.with_columns(*(pl.lit(None, pl.String).alias(name) for name in ALIASES if name not in held)).select(
        "label_rij", *ALIASES
    )


def _second_chance(wrong: dict[int, str], header: Header) -> tuple[dict[int, list[str]], list[int]]:
    """Read again the lines with a wrong number of fields, now heeding quotation marks."""
    rescued, lost = {}, []
    for row, text in wrong.items():
        fields = next(csv.reader([text], delimiter=";"), []) if '"' in text else []
        if len(fields) == len(header.names):
            rescued[row] = fields
        else:
            lost.append(row)
    return rescued, lost


def _sound_lines(text: bytes) -> tuple[bytes, npt.NDArray[np.int64], list[int], int]:
    """
    Leave out blank lines and lines that are no UTF-8.

    Returns the text, the number of each line in it, the numbers of the spoilt ones, and how many lines there
    were. The usual block, in which nothing is amiss, passes as it is.
    """
    ends = text.count(b"\n")
    lines = ends + (not text.endswith(b"\n"))
    blank = b"\n\n" in text or b"\n\r\n" in text or text[:1] in b"\r\n"
    stray = b"\r" in text and text.count(b"\r") != text.count(b"\r\n")
    if not blank and not stray and _is_utf8(text):
        return text, np.arange(1, lines + 1), [], lines
    kept, numbers, spoilt = [], [], []
    for number, raw in enumerate(text.removesuffix(b"\n").split(b"\n"), start=1):
        line = raw.removesuffix(b"\r").replace(b"\r", b" ")
        if not _is_utf8(line):
            spoilt.append(number)
        elif line.strip():
            kept.append(line)
            numbers.append(number)
    return b"\n".join(kept), np.asarray(numbers, dtype=np.int64), spoilt, lines


def _is_utf8(text: bytes) -> bool:
    # Arrow checks without making a string, several times as fast as decoding
    offsets = pa.py_buffer(np.array([0, len(text)], dtype=np.int32))
    try:
        pa.StringArray.from_buffers(1, offsets, pa.py_buffer(text)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True
