"""The door to a prognosis of households: one table for the region's municipalities, and what could not be used."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from twentegeo.errors import SourceChanged, problem
from twentegeo.sources.grid import read_grid
from twentegeo.sources.prognosis.layout import PASSED_OVER, VARIANT, table_of
from twentegeo.sources.snapshot import Origin, Snapshot, from_file
from twentegeo.tables.contract import conform
from twentegeo.tables.losses import Reason, gather
from twentegeo.tables.registers import PROGNOSE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

logger = logging.getLogger(__name__)

UNSTATED: Final = "niet opgegeven"
ORIGIN: Final = Origin("prognosis", "Huishoudensprognose", UNSTATED, UNSTATED)

_KEY: Final = ["gemeente_code", "variant", "jaar"]
_ADVICE: Final = "Verbeter de regel in het prognosebestand; zonder haar telt dit jaar van deze variant niet mee."


@dataclass(frozen=True, slots=True)
class Prognosis:
    """
    A prognosis as read.

    Attributes
    ----------
    prognose
        Table by ``PROGNOSE``, sorted on its key.
    losses
        Rows by ``KOPPELVERLIES`` of lines that could not be used, as ``<file>:<line>``.
    left_out
        In Dutch, the municipalities and variants that the file does not give.
    counts
        ``regels`` (about households in total), ``prognose`` (rows given), ``andere gebieden`` and ``afgezonderd``.
    """

    prognose: pd.DataFrame
    losses: pd.DataFrame
    left_out: list[str]
    counts: dict[str, int]


def fetch(path: Path, publisher: str = UNSTATED, licence: str = UNSTATED) -> Snapshot:
    """
    Take a file on disk as a prognosis.

    Parameters
    ----------
    path
        CSV or XLSX.
    publisher, licence
        Who made it and under what terms; the file does not tell.

    Returns
    -------
    snapshot
        The file and its checksum.
    """
    return from_file(replace(ORIGIN, publisher=publisher, licence=licence), path)


def read(snapshot: Snapshot, gemeente: pd.DataFrame) -> Prognosis:
    """
    Read the prognosis of the region's municipalities.

    Parameters
    ----------
    snapshot
        CSV or XLSX in a layout of :mod:`twentegeo.sources.prognosis.layout`.
    gemeente
        Municipalities with ``gemeente_code`` and ``naam``: a file may name them by either.

    Returns
    -------
    prognosis
        Rows with a known municipality, variant, year and a positive number; of two rows about the same the first.

    Raises
    ------
    SourceUnavailable
        The file is absent, empty or damaged.
    SourceChanged
        It lacks a column, or holds none of the municipalities.
    """
    path = snapshot.path
    grid = read_grid(path)
    rows = table_of(grid, path)
    code = _codes(rows["gebied"], gemeente)
    ours = rows.assign(gemeente_code=code)[code.notna() & ~rows["variant"].isin(PASSED_OVER)]
    if ours.empty:
        held = ", ".join(rows["gebied"].drop_duplicates().head(8))
        place = f"bevat geen enkele gemeente van de regio (wel: {held[:100]})"
        raise SourceChanged(problem(path, place, "Lever een prognose voor de gemeenten van de instellingen"))
    ours = ours.assign(variant=ours["variant"].map(VARIANT))
    sound, lost = _sift(ours, path.name)
    losses = gather([_reason("aantal velden klopt niet").rows(_lines(path.name, grid.uneven)), *lost])
    if len(losses):
        logger.warning("prognosis: %d of %d rows set apart", len(losses), len(ours))
    counts = {
        "regels": len(rows) + len(grid.uneven),
        "prognose": len(sound),
        "andere gebieden": int(code.isna().sum()),
        "afgezonderd": len(losses),
    }
    prognose = conform(PROGNOSE, sound.sort_values(_KEY, ignore_index=True))
    return Prognosis(prognose, losses, _left_out(prognose, gemeente), counts)


def _codes(area: pd.Series[str], gemeente: pd.DataFrame) -> pd.Series[str]:
    """Recognise the region's municipalities by code or by name; StatLine adds ``(gemeente)`` to some names."""
    number = area.str.upper().str.extract(r"^(?:GM)?(\d{1,4})$")[0]
    as_code = "GM" + number.str.zfill(4)
    by_name = dict(zip(gemeente["naam"].str.lower(), gemeente["gemeente_code"], strict=True))
    as_name = area.str.lower().str.replace(r"\s*\((gemeente|gm)\)$", "", regex=True).map(by_name)
    return as_code.where(as_code.isin(gemeente["gemeente_code"]), as_name).astype("str")


def _sift(rows: pd.DataFrame, name: str) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Set apart what cannot be read, what is said twice, and years in which the variants cross."""
    losses = []
    for why, bad in (
        ("variant is niet laag, midden of hoog", lambda left: left["variant"].isna()),
        ("jaar ontbreekt of is geen jaar", lambda left: ~left["jaar"].between(1900, 2200).fillna(value=False)),
        ("huishoudens ontbreekt of is geen aantal", lambda left: ~(left["huishoudens"] > 0)),
        ("gemeente, variant en jaar staan er al", lambda left: left.duplicated(_KEY)),
        ("laag, midden en hoog lopen niet op", _crossing),
    ):
        wrong = bad(rows)
        losses.append(_reason(why).rows(_lines(name, rows.index[wrong])))
        rows = rows[~wrong]
    return rows, losses


def _crossing(rows: pd.DataFrame) -> pd.Series[bool]:
    """Flag the rows of a municipality and year in which a lower variant lies above a higher one."""
    wide = rows.pivot_table(index=["gemeente_code", "jaar"], columns="variant", values="huishoudens")
    wide = wide.reindex(columns=["laag", "midden", "hoog"])
    # a variant that is not given is passed over: the one before it stands in its place
    rises = (wide.ffill(axis=1).diff(axis=1).iloc[:, 1:].fillna(0) >= 0).all(axis=1)
    place = pd.MultiIndex.from_frame(rows[["gemeente_code", "jaar"]])
    return pd.Series(~rises.reindex(place).to_numpy(dtype=bool), index=rows.index)


def _left_out(prognose: pd.DataFrame, gemeente: pd.DataFrame) -> list[str]:
    given = prognose.groupby("variant")["gemeente_code"].agg(set)
    told = []
    for variant in ("laag", "midden", "hoog"):
        lacks = gemeente.loc[~gemeente["gemeente_code"].isin(given.get(variant, set())), "naam"]
        if len(lacks) == len(gemeente):
            told.append(f"hh_prognose_{variant}: deze variant staat niet in de prognose")
        elif len(lacks):
            told.append(f"hh_prognose_{variant}: de prognose geeft {', '.join(lacks)} niet")
    return told


def _reason(why: str) -> Reason:
    return Reason("prognose lezen", "prognose", why, _ADVICE)


def _lines(name: str, numbers: Iterable[object]) -> list[str]:
    return [f"{name}:{number}" for number in numbers]
