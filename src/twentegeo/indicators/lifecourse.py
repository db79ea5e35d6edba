"""
Life-course: could one grow old in this dwelling, and what decides that.

Nobody registers accessibility, so every judgement is a chance with a reason (methods.md 5.6). A single-family
dwelling is judged by itself: one layer, room to sleep on the ground floor, or room to extend. For stacked dwellings
the BAG does not say on which floor a dwelling lies, so the *building* is judged: the share on the ground floor is
footprint over floor area, a lift is as probable as its storeys and year say. A dwelling in it carries the mean
chance over the positions, and a class only where that class holds for every position: with a probable lift all
large enough flats are step-free, on whichever floor; without one the class is ``onbekend`` although the score is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from twentegeo.indicators.lifecourse_rules import (
    Facts,
    Verdict,
    lift_chance,
    single_family,
    stacked,
)
from twentegeo.tables.assessments import PAND_LEVENSLOOP, WONING_LEVENSLOOP
from twentegeo.tables.columns.lifecourse import LEVENSLOOP_KLASSEN
from twentegeo.tables.contract import conform
from twentegeo.tables.keys import grouped, positions

if TYPE_CHECKING:
    import numpy.typing as npt

    from twentegeo.indicators.lifecourse_figures import LifecourseParams, LifecourseReference

    Floats = npt.NDArray[np.float64]

CHANCES: Final = ("p_nultreden", "p_aanpasbaar", "p_moeilijk")
"""The three chances of a dwelling; they add to 100 or are all absent."""

SHARES: Final = ("aandeel_nultreden", "aandeel_aanpasbaar", "aandeel_moeilijk")


@dataclass(frozen=True, slots=True)
class Lifecourse:
    """
    What is judged.

    Attributes
    ----------
    woningen
        By ``WONING_LEVENSLOOP``, in the order of the dwellings.
    panden
        By ``PAND_LEVENSLOOP``, sorted on ``pand_id``.
    left_out
        In Dutch, what could not be judged and why; empty where nothing is missing.
    """

    woningen: pd.DataFrame
    panden: pd.DataFrame
    left_out: list[str]


def lifecourse(
    woningen: pd.DataFrame, measures: pd.DataFrame, reference: LifecourseReference, parameters: LifecourseParams
) -> Lifecourse:
    """
    Judge every dwelling and building.

    Parameters
    ----------
    woningen
        Dwellings by ``WONING``. Further columns are used where they are there: ``woningtype`` (text; 'meergezins…'
        is stacked; absent or missing: stacked when the pand holds several dwellings) and ``bouwlagen`` (number of
        the pand; absent or missing: floor area over footprint).
    measures
        What :func:`twentegeo.indicators.footprint.measure` gives; a column ``ander_gebruik_m2`` (floor area of other
        uses in the pand) is used where it is there: such use is taken to lie on the ground floor first.
    reference
        Chances per reason, scores per class and chances of a lift.
    parameters
        Sizes and widths.

    Returns
    -------
    judged
        Chances in percent, scores 0-100 (100 is most urgent).
    """
    facts = _facts(woningen, measures, reference, parameters)
    flats = stacked(facts, reference, parameters)
    houses = single_family(facts, reference, parameters)
    verdict = Verdict(*(np.where(_like(facts.stacked, a), a, b) for a, b in zip(flats, houses, strict=True)))
    chance = verdict.chance
    frame = pd.DataFrame(
        {
            "vbo_id": woningen["vbo_id"].to_numpy(),
            "gestapeld": facts.stacked,
            "levensloop_klasse": np.array(LEVENSLOOP_KLASSEN, dtype=object)[verdict.group],
            "levensloop_reden": verdict.reasons,
            "score_levensloop": np.clip(chance @ reference.class_score, 0, 100),
            **{name: 100 * chance[:, i] for i, name in enumerate(CHANCES)},
        }
    )
    judged = conform(WONING_LEVENSLOOP, frame)
    return Lifecourse(
        judged, _buildings(judged, woningen["pand_id"], facts, measures, parameters), _left_out(woningen, facts)
    )


def summarise(judged: pd.DataFrame, by: pd.Series[str]) -> pd.DataFrame:
    """
    Sum up dwellings per area.

    Parameters
    ----------
    judged
        Table by ``WONING_LEVENSLOOP``.
    by
        The area of each dwelling, in the same order; dwellings without one count nowhere.

    Returns
    -------
    shares
        Index the areas, sorted; the four shares, which add to 100, ``aandeel_geschikt_vergelijk`` (all in percent)
        and ``score_levensloop`` (mean of the dwellings that have one).
    """
    codes, areas = grouped(by)
    size = len(areas)
    inside = codes >= 0
    here, part = codes[inside], judged[[*CHANCES, "levensloop_klasse", "gestapeld", "score_levensloop"]][inside]
    total = np.bincount(here, minlength=size)
    known = part[CHANCES[0]].notna().to_numpy()

    def add(values: npt.NDArray[np.generic]) -> Floats:
        known = np.nan_to_num(values.astype("float64"))
        return np.bincount(here, weights=known, minlength=size).astype("float64")

    sums = {share: add(part[name].to_numpy()) for share, name in zip(SHARES, CHANCES, strict=True)}
    suitable = part["levensloop_klasse"].isin(LEVENSLOOP_KLASSEN[:2]).to_numpy()
    flat = part["gestapeld"].to_numpy()
    compared = np.where(flat, np.nan_to_num(part[CHANCES[0]].to_numpy()), 50.0 * suitable)
    with np.errstate(invalid="ignore"):
        mean = add(part["score_levensloop"].to_numpy()) / add(known)
    return pd.DataFrame(
        {
            **{name: np.clip(values / total, 0, 100) for name, values in sums.items()},
            "aandeel_levensloop_onbekend": 100 * add(~known) / total,
            "aandeel_geschikt_vergelijk": np.clip(add(compared) / total, 0, 100),
            "score_levensloop": mean,
        },
        index=areas,
    )


def _like(rows: npt.NDArray[np.bool_], other: npt.NDArray[np.generic]) -> npt.NDArray[np.bool_]:
    """Give a mask of rows as many axes as another array has."""
    return rows.reshape(-1, *([1] * (other.ndim - 1)))


def _facts(
    woningen: pd.DataFrame, measures: pd.DataFrame, reference: LifecourseReference, parameters: LifecourseParams
) -> Facts:
    """Put what is known of the building beside each dwelling; NaN where unknown."""
    size = len(woningen)

    def number(name: str, frame: pd.DataFrame) -> Floats:
        if name not in frame:
            return np.full(len(frame), np.nan)
        values: Floats = frame[name].to_numpy(dtype="float64", na_value=np.nan)
        return values

    at = positions(woningen["pand_id"], measures.index)
    of_pand = {name: np.append(number(name, measures), np.nan)[at] for name in (*_MEASURED, "ander_gebruik_m2")}
    area = number("oppervlakte_m2", woningen)
    codes, _ = pd.factorize(woningen["pand_id"])
    # a dwelling without a pand stands alone
    codes = np.where(codes < 0, np.arange(size) + size, codes)
    _, codes = np.unique(codes, return_inverse=True)
    homes = np.bincount(codes)[codes] if size else np.zeros(0)
    known = np.bincount(codes, weights=~np.isnan(area))[codes] if size else np.zeros(0)
    total = np.bincount(codes, weights=np.nan_to_num(area))[codes] if size else np.zeros(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        # dwellings of unknown size are taken to be as large as their neighbours in the pand
        total = np.where(known > 0, total * homes / known, np.nan)
    kind = woningen["woningtype"].astype("str") if "woningtype" in woningen else pd.Series("", index=woningen.index)
    # an unknown type says nothing, so the count decides
    named = kind.isin(_SINGLE) | kind.str.startswith("meergezins")
    flat = np.where(named.fillna(value=False), kind.str.startswith("meergezins").fillna(value=False), homes > 1)
    net = of_pand["grondvlak_m2"] * parameters.netto_deel / 100
    other = np.nan_to_num(of_pand["ander_gebruik_m2"])
    storeys = number("bouwlagen", woningen)
    with np.errstate(invalid="ignore", divide="ignore"):
        storeys = np.where(np.isnan(storeys) & flat, np.maximum(np.round((total + other) / net), 1), storeys)
        ground = np.clip((net - other) / total, 0, 1)
    year = number("bouwjaar", woningen)
    return Facts(
        stacked=flat.astype(bool),
        area=area,
        footprint=of_pand["grondvlak_m2"] / np.where(flat, 1, homes),
        floor=net / np.where(flat, 1, homes),
        width=of_pand["breedte_m"],
        storeys=storeys,
        year=year,
        room=of_pand["uitbouwruimte_m2"],
        ground=ground,
        lift=lift_chance(storeys, year, reference.lift),
    )


_MEASURED: Final = ("grondvlak_m2", "breedte_m", "uitbouwruimte_m2")
_SINGLE: Final = ("vrijstaand", "2-onder-1-kap", "rij hoek", "rij tussen", "hoek", "tussen")


def _buildings(
    judged: pd.DataFrame, pand_id: pd.Series[str], facts: Facts, measures: pd.DataFrame, parameters: LifecourseParams
) -> pd.DataFrame:
    per_pand = summarise(judged, pd.Series(pand_id.to_numpy(), name="pand_id"))
    probable = np.where(facts.lift >= parameters.lift_vanaf / 100, "ja", "nee")
    named = np.where(np.isnan(facts.lift), "onbekend", probable)
    values = pd.DataFrame(
        {
            "p_lift": np.where(facts.stacked, 100 * facts.lift, np.nan),
            "aandeel_begane_grond": np.where(facts.stacked, 100 * facts.ground, np.nan),
            "lift_waarschijnlijk": pd.Series(named, dtype="str").where(facts.stacked),
        }
    )
    first = values[~pd.Series(pand_id.to_numpy()).duplicated().to_numpy()]
    first = first.set_axis(pd.Index(pand_id.drop_duplicates()))
    rows = per_pand.join(first).assign(
        uitbouwruimte_m2=measures["uitbouwruimte_m2"].reindex(per_pand.index), pand_id=per_pand.index
    )
    return conform(PAND_LEVENSLOOP, rows)


def _left_out(woningen: pd.DataFrame, facts: Facts) -> list[str]:
    told = []
    if len(woningen) and np.isnan(facts.room).all():
        told.append("uitbouwruimte: geen percelen; eengezinswoningen die niet vanzelf passen zijn 'onbekend'")
    if "bouwlagen" not in woningen:
        told.append("bouwlagen: niet geleverd; afgeleid uit woonoppervlak en grondvlak")
    if "woningtype" not in woningen:
        told.append("woningtype: niet geleverd; gestapeld is een pand met meer dan één woning")
    return told
