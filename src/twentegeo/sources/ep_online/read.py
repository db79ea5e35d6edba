"""The door to EP-Online: one table of labels, whichever edition they came in."""

from __future__ import annotations

import logging
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

import polars as pl

from twentegeo.errors import SourceChanged, problem
from twentegeo.sources import delivery as deliveries
from twentegeo.sources.ep_online import table
from twentegeo.sources.ep_online.header import read_header
from twentegeo.sources.ep_online.messages import UNKNOWN_CODE, messages
from twentegeo.sources.ep_online.scope import Filter, LabelScope
from twentegeo.sources.ep_online.values import clean_keys, typed
from twentegeo.sources.snapshot import Origin, Snapshot, from_file
from twentegeo.tables.contract import conform, empty
from twentegeo.tables.losses import Reason, gather
from twentegeo.tables.registers import ENERGIELABEL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import pandas as pd

    from twentegeo.sources.delivery import Delivery

logger = logging.getLogger(__name__)

ORIGIN: Final = Origin("energy_labels", "EP-Online", "RVO", "open data, licentie niet bevestigd")

_ADVICE: Final = {
    table.FIELDS_WRONG: "Meld de regel bij RVO; het label telt niet mee.",
    table.NOT_UTF8: "Meld de regel bij RVO; het label telt niet mee.",
    UNKNOWN_CODE: "Lees het volgende totaalbestand; alleen toevoegingen worden verwerkt.",
}


@dataclass(frozen=True, slots=True)
class Labels:
    """
    Labels as read.

    Attributes
    ----------
    labels
        Table by ``ENERGIELABEL``, in the order of the file; duplicates and expired ones are still in it.
    losses
        Rows by ``KOPPELVERLIES`` of lines that were set apart, by row number.
    counts
        ``regels`` (rows met), ``in gebied``, ``buiten gebied``, ``afgezonderd``, ``opvul-id``,
        ``datum onleesbaar``; ``methode <m>`` per regime; ``onbekende klasse <k>`` per unknown class. Rows
        met are always in scope, out of scope or set apart. With mutations also ``mutatiebestanden`` and
        ``al in totaalbestand`` (messages that the total file holds; they count no further).
    publication_date
        Date of the delivery, from its preamble or its name; None where neither tells.
    """

    labels: pd.DataFrame
    losses: pd.DataFrame
    counts: dict[str, int]
    publication_date: date | None


@dataclass(slots=True)
class _Gathering:
    keep: Filter | None
    parts: list[pl.DataFrame] = field(default_factory=list)
    refused: dict[str, list[int]] = field(default_factory=dict)
    met: int = 0
    known: int = 0
    before: int = 0

    def add(self, block: table.Block) -> None:
        self.met += len(block.rows) + sum(map(len, block.refused.values()))
        self.known += block.known
        for reason, numbers in block.refused.items():
            self.refused.setdefault(reason, []).extend(number + self.before for number in numbers)
        rows = clean_keys(block.rows)
        if self.before and len(rows):
            rows = rows.with_columns(pl.col("label_rij") + self.before)
        self.parts.append(typed(rows if self.keep is None else self.keep.keep(rows)))


def fetch(path: Path) -> Snapshot:
    """
    Take a file on disk as a delivery of EP-Online.

    Parameters
    ----------
    path
        Total file: CSV v4 or v2, or XML v4; zipped or not.

    Returns
    -------
    snapshot
        The file and its checksum.
    """
    return from_file(ORIGIN, path)


def read(snapshot: Snapshot, scope: LabelScope | None = None, mutations: Sequence[Snapshot] = ()) -> Labels:
    """
    Read the labels that can belong to a region, in memory that does not grow with the rest of the file.

    Parameters
    ----------
    snapshot
        CSV v4 or v2, or XML v4; told apart by content.
    scope
        What ties a label to the region; None keeps every row.
    mutations
        Daily files of a later date, oldest first. What they add is numbered on after the rows of the total file;
        a message with an unknown code is set apart.

    Returns
    -------
    labels
        A class that the class table does not know is kept as written and flagged, with one warning for all.

    Raises
    ------
    SourceUnavailable
        The delivery is absent, empty or cut off.
    SourceChanged
        Needed columns are missing, it is in another encoding, or no row could be read.
    """
    delivery = deliveries.single(snapshot.path, (".csv", ".xml"), "_v4")
    head = delivery.head()
    gathering = _Gathering(None if scope is None else Filter.of(scope))
    number = ""
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        published = _day_in(head.decode("utf-8", errors="replace"), r"(?i)publicatiedatum[^>]*>\s*([\d-]+)")
        blocks: Iterable[table.Block] = messages(delivery)
    else:
        header = read_header(delivery)
        published = _day_in(header.preamble.get("publicatiedatum", ""), r"([\d-]+)")
        number = header.preamble.get("laatstverwerktemutatievolgnummer", "")
        blocks = table.blocks(delivery, header)
    lines = 0
    for block in blocks:
        gathering.add(block)
        lines += block.lines
    for mutation in mutations:
        gathering.before = lines
        for block in messages(deliveries.single(mutation.path, (".xml",)), int(number) if number.isdigit() else 0):
            gathering.add(block)
            lines += block.lines
    found = _finish(gathering, delivery, published or _day_in(delivery.name, r"v(\d{8})"))
    if mutations:
        found.counts.update({"mutatiebestanden": len(mutations), "al in totaalbestand": gathering.known})
    return found


def _finish(gathering: _Gathering, delivery: Delivery, published: date | None) -> Labels:
    refused = {reason: len(rows) for reason, rows in gathering.refused.items()}
    if gathering.met == sum(refused.values()):
        why = "; ".join(f"{count} keer {reason}" for reason, count in refused.items()) or "geen gegevensregels"
        raise SourceChanged(
            problem(delivery.label, f"geen enkele regel is te lezen ({why})", "Haal de levering opnieuw op")
        )
    rows = pl.concat(gathering.parts)
    counts = {
        "regels": gathering.met,
        "in gebied": len(rows),
        "buiten gebied": gathering.met - len(rows) - sum(refused.values()),
        "afgezonderd": sum(refused.values()),
        "opvul-id": int(rows["opvul_id"].sum()),
        "datum onleesbaar": int(rows["datum_fout"].sum()),
    }
    methods = Counter(rows["label_methode"].to_list())
    counts |= {f"methode {method}": methods[method] for method in sorted(methods)}
    unknown = Counter(rows.filter(~pl.col("klasse_bekend"))["energielabel"].to_list())
    counts |= {f"onbekende klasse {name}": unknown[name] for name in sorted(unknown)}
    if unknown:
        logger.warning("%s: unknown energy classes are kept as written: %s", delivery.path.name, dict(unknown))
    if refused:
        logger.warning("%s: rows set apart: %s", delivery.path.name, refused)
    losses = [
        Reason("energielabels lezen", "label", reason, _ADVICE[reason]).rows(found)
        for reason, found in gathering.refused.items()
    ]
    kept = rows.drop("opvul_id", "datum_fout")
    labels = conform(ENERGIELABEL, kept.to_pandas()) if len(kept) else empty(ENERGIELABEL)
    return Labels(labels, gather(losses), counts, published)


def _day_in(text: str, pattern: str) -> date | None:
    """Read a date from text: YYYYMMDD (first editions), DD-MM-YYYY or YYYY-MM-DD."""
    found = re.search(pattern, text)
    for form in ("%Y%m%d", "%d-%m-%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(found.group(1), form).replace(tzinfo=UTC).date() if found else None
        except ValueError:
            continue
    return None
