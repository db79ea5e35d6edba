"""
The door to EP-Online: one table of labels, whichever editions they came in.

The total file is read once a month (:func:`read_total`). What of it belongs to the region, and the mutations on top,
are of the day (:func:`on_the_day`).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd
import polars as pl

from twentegeo.sources import delivery as deliveries
from twentegeo.sources.ep_online import table
from twentegeo.sources.ep_online.messages import UNKNOWN_CODE, messages
from twentegeo.sources.ep_online.scope import KEYS, Filter, LabelScope, Vicinity
from twentegeo.sources.ep_online.total import FLAGS, Gathering, Total, read_total
from twentegeo.sources.snapshot import Origin, Snapshot, from_file
from twentegeo.tables.losses import Reason, gather

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

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
    Read the labels that can belong to a region.

    Parameters
    ----------
    snapshot, mutations
        As for :func:`read_total` and :func:`on_the_day`.
    scope
        What ties a label to the region; None keeps every row.

    Returns
    -------
    labels
        See :func:`on_the_day`.

    Raises
    ------
    SourceUnavailable, SourceChanged
        See :func:`read_total`.
    """
    total = read_total(snapshot, None if scope is None else Vicinity.of(scope))
    return on_the_day(total, scope, mutations)


def on_the_day(total: Total, scope: LabelScope | None = None, mutations: Sequence[Snapshot] = ()) -> Labels:
    """
    Choose what of a total file belongs to a region, and put mutations on top.

    Parameters
    ----------
    total
        As read for a vicinity in which the scope lies.
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
    SourceUnavailable, SourceChanged
        A file of mutations is absent, cut off or another.
    """
    keep = None if scope is None else Filter.of(scope)
    rows = total.rows
    if keep:
        near = keep.near(pl.DataFrame({name: pl.from_pandas(rows[name]) for name in KEYS}))
        rows = rows if near.all() else rows[near].reset_index(drop=True)
    later = Gathering(keep, before=total.lines)
    for mutation in mutations:
        for block in messages(deliveries.single(mutation.path, (".xml",)), total.mutation):
            later.add(block)
        later.before = total.lines + later.lines
    if later.met > sum(map(len, later.refused.values())):
        rows = pd.concat([rows, later.table()], ignore_index=True)
    refused = {
        reason: [*total.refused.get(reason, ()), *later.refused.get(reason, ())]
        for reason in dict.fromkeys((*total.refused, *later.refused))
    }
    counts = _counts(rows, total.met + later.met, refused)
    if mutations:
        counts |= {"mutatiebestanden": len(mutations), "al in totaalbestand": later.known}
    unknown = rows.loc[~rows["klasse_bekend"].to_numpy(dtype=bool), "energielabel"].value_counts().sort_index()
    if len(unknown):
        counts |= {f"onbekende klasse {name}": int(n) for name, n in unknown.items()}
        logger.warning("%s: unknown energy classes are kept as written: %s", total.file, unknown.to_dict())
    if refused:
        logger.warning("%s: rows set apart: %s", total.file, {reason: len(found) for reason, found in refused.items()})
    losses = [
        Reason("energielabels lezen", "label", reason, _ADVICE[reason]).rows(found) for reason, found in refused.items()
    ]
    return Labels(rows.drop(columns=list(FLAGS)), gather(losses), counts, total.published)


def _counts(rows: pd.DataFrame, met: int, refused: Mapping[str, Sequence[int]]) -> dict[str, int]:
    set_apart = sum(map(len, refused.values()))
    methods = rows["label_methode"].value_counts().sort_index()
    return {
        "regels": met,
        "in gebied": len(rows),
        "buiten gebied": met - len(rows) - set_apart,
        "afgezonderd": set_apart,
        "opvul-id": int(rows["opvul_id"].sum()),
        "datum onleesbaar": int(rows["datum_fout"].sum()),
        **{f"methode {name}": int(n) for name, n in methods.items()},
    }
