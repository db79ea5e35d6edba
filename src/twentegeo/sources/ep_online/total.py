"""A total file of EP-Online, read for a region and what lies near it: that serves until the next one comes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final, Self

import pandas as pd
import polars as pl

from twentegeo.errors import SourceChanged, problem
from twentegeo.sources import delivery as deliveries
from twentegeo.sources.ep_online import table
from twentegeo.sources.ep_online.header import read_header
from twentegeo.sources.ep_online.messages import messages
from twentegeo.sources.ep_online.values import clean_keys, typed
from twentegeo.tables.contract import conform, empty
from twentegeo.tables.registers import ENERGIELABEL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from twentegeo.sources.ep_online.scope import Filter, Vicinity
    from twentegeo.sources.snapshot import Snapshot

FLAGS: Final = ("opvul_id", "datum_fout")
"""Columns beside those of ``ENERGIELABEL``: an object id was all zeros; a date was given that is none."""


@dataclass(frozen=True, slots=True)
class Total:
    """
    A total file as read, for a region and what lies near it.

    Attributes
    ----------
    rows
        Table by ``ENERGIELABEL`` in the order of the file, and flags: ``opvul_id`` (an object id was all zeros) and
        ``datum_fout`` (a date was given that is none).
    met
        How many rows were met, also elsewhere.
    lines
        How many lines they take up; mutations are numbered on from there.
    refused
        Row numbers that could not be read, by reason.
    mutation
        Number of the last mutation that the file holds; 0 where it does not tell.
    file
        What messages call it.
    published
        Its date; None where neither preamble nor name tells.
    """

    rows: pd.DataFrame
    met: int
    lines: int
    refused: Mapping[str, Sequence[int]]
    mutation: int
    file: str
    published: date | None

    def facts(self) -> dict[str, Any]:
        """Say all but the rows in values that JSON knows."""
        told = {name: getattr(self, name) for name in ("met", "lines", "mutation", "file")}
        refused = {reason: list(numbers) for reason, numbers in self.refused.items()}
        return {**told, "refused": refused, "published": self.published.isoformat() if self.published else None}

    @classmethod
    def of(cls, rows: pd.DataFrame, facts: Mapping[str, Any]) -> Self:
        """Put rows and facts together again."""
        published = facts["published"]
        return cls(rows, **{**facts, "published": date.fromisoformat(published) if published else None})


@dataclass(slots=True)
class Gathering:
    """
    What is gathered from blocks of a file, or of several.

    Attributes
    ----------
    keep
        Which rows to keep; None keeps every row.
    before
        Lines of earlier files, on which those of this one are numbered on.
    parts
        Rows that were kept.
    refused
        Row numbers that could not be read, by reason.
    met, known, lines
        Rows met, messages that an earlier file holds, lines met.
    """

    keep: Filter | Vicinity | None
    before: int = 0
    parts: list[pl.DataFrame] = field(default_factory=list)
    refused: dict[str, list[int]] = field(default_factory=dict)
    met: int = 0
    known: int = 0
    lines: int = 0

    def add(self, block: table.Block) -> None:
        """Take a block up; it follows the one before."""
        self.met += len(block.rows) + sum(map(len, block.refused.values()))
        self.known += block.known
        self.lines += block.lines
        for reason, numbers in block.refused.items():
            self.refused.setdefault(reason, []).extend(number + self.before for number in numbers)
        rows = clean_keys(block.rows)
        if self.before and len(rows):
            rows = rows.with_columns(pl.col("label_rij") + self.before)
        self.parts.append(typed(rows if self.keep is None else rows.filter(self.keep.near(rows))))

    def table(self) -> pd.DataFrame:
        """Put the rows together by ``ENERGIELABEL``, with their flags."""
        rows = pl.concat(self.parts)
        if not len(rows):
            return empty(ENERGIELABEL).assign(**dict.fromkeys(FLAGS, pd.Series(dtype=bool)))
        labels = conform(ENERGIELABEL, rows.drop(FLAGS).to_pandas())
        return labels.assign(**{name: rows[name].to_numpy() for name in FLAGS})


def read_total(snapshot: Snapshot, vicinity: Vicinity | None = None) -> Total:
    """
    Read a total file, in memory that does not grow with what of it lies elsewhere.

    Parameters
    ----------
    snapshot
        CSV v4 or v2, or XML v4; told apart by content.
    vicinity
        What labels of the region look like; None keeps every row.

    Returns
    -------
    total
        What lies in the vicinity.

    Raises
    ------
    SourceUnavailable
        The delivery is absent, empty or cut off.
    SourceChanged
        Needed columns are missing, it is in another encoding, or no row could be read.
    """
    delivery = deliveries.single(snapshot.path, (".csv", ".xml"), "_v4")
    head = delivery.head()
    gathering = Gathering(vicinity)
    number = ""
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        published = _day_in(head.decode("utf-8", errors="replace"), r"(?i)publicatiedatum[^>]*>\s*([\d-]+)")
        blocks: Iterable[table.Block] = messages(delivery)
    else:
        header = read_header(delivery)
        published = _day_in(header.preamble.get("publicatiedatum", ""), r"([\d-]+)")
        number = header.preamble.get("laatstverwerktemutatievolgnummer", "")
        blocks = table.blocks(delivery, header)
    for block in blocks:
        gathering.add(block)
    refused = {reason: len(rows) for reason, rows in gathering.refused.items()}
    if gathering.met == sum(refused.values()):
        why = "; ".join(f"{count} keer {reason}" for reason, count in refused.items()) or "geen gegevensregels"
        raise SourceChanged(
            problem(delivery.label, f"geen enkele regel is te lezen ({why})", "Haal de levering opnieuw op")
        )
    return Total(
        rows=gathering.table(),
        met=gathering.met,
        lines=gathering.lines,
        refused=gathering.refused,
        mutation=int(number) if number.isdigit() else 0,
        file=delivery.path.name,
        published=published or _day_in(delivery.name, r"v(\d{8})"),
    )


def _day_in(text: str, pattern: str) -> date | None:
    """Read a date from text: YYYYMMDD (first editions), DD-MM-YYYY or YYYY-MM-DD."""
    found = re.search(pattern, text)
    for form in ("%Y%m%d", "%d-%m-%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(found.group(1), form).replace(tzinfo=UTC).date() if found else None
        except ValueError:
            continue
    return None
