"""The rules of life-course suitability: what decides for a house, and what for a flat (methods.md 5.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from twentegeo.tables.columns.lifecourse import LEVENSLOOP_KLASSEN, REDENEN

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from twentegeo.indicators.lifecourse_figures import LifecourseParams, LifecourseReference

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]
    Texts = npt.NDArray[np.object_]

STEP_FREE, ADAPTABLE, HARD, UNKNOWN = range(len(LEVENSLOOP_KLASSEN))


class Facts(NamedTuple):
    """
    What is known of each dwelling, one array element each; NaN where unknown.

    Attributes
    ----------
    stacked
        Whether dwellings lie above each other in the building.
    area
        Floor area (m²).
    footprint, floor
        Ground and usable ground floor (m²): of the building where stacked, of the dwelling itself otherwise.
    width
        Width of the dwelling (m).
    storeys, year
        Of the building.
    room
        Room to extend (m²).
    ground
        Share of the building's floor area on the ground floor (0-1).
    lift
        Chance of a lift (0-1).
    """

    stacked: Flags
    area: Floats
    footprint: Floats
    floor: Floats
    width: Floats
    storeys: Floats
    year: Floats
    room: Floats
    ground: Floats
    lift: Floats


class Verdict(NamedTuple):
    """Per dwelling: position in ``LEVENSLOOP_KLASSEN``, reason codes, and three chances (0-1; n by 3)."""

    group: npt.NDArray[np.int64]
    reasons: Texts
    chance: Floats


def lift_chance(storeys: Floats, year: Floats, table: pd.DataFrame) -> Floats:
    """
    Look up the chance of a lift.

    Parameters
    ----------
    storeys, year
        Of each building; NaN where unknown.
    table
        Columns ``bouwlagen_vanaf``, ``bouwjaar_vanaf`` (NaN for open) and ``kans`` (%).

    Returns
    -------
    chance
        0-1; NaN without storeys. Without a year the oldest period of those storeys speaks, which is the cautious one.
    """
    chance = np.full(len(storeys), np.nan)
    ordered = table.fillna({"bouwjaar_vanaf": -np.inf}).sort_values(["bouwlagen_vanaf", "bouwjaar_vanaf"])
    # later rows are stricter, so the last one that holds speaks
    for floors, since, share in ordered[["bouwlagen_vanaf", "bouwjaar_vanaf", "kans"]].to_numpy(dtype="float64"):
        chance[(storeys >= floors) & (np.nan_to_num(year, nan=-np.inf) >= since)] = share / 100
    return chance


def single_family(facts: Facts, reference: LifecourseReference, parameters: LifecourseParams) -> Verdict:
    """
    Judge dwellings that stand on their own ground.

    Parameters
    ----------
    facts
        Of every dwelling; stacked ones get a verdict too, which the caller leaves unused.
    reference, parameters
        Figures and sizes.

    Returns
    -------
    verdict
        Unknown, with chances NaN, where the floor area cannot be told; unknown with a chance where only the parcel is
        missing.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        area = np.where(np.isnan(facts.area), facts.floor * facts.storeys, facts.area)
        ratio = area / facts.footprint
        ground = np.minimum(facts.floor, area)
        one_layer = (ratio <= parameters.een_laag_tot) & (ratio >= parameters.een_laag_vanaf) & ~(facts.storeys > 1)
        narrow = facts.width < parameters.beukmaat_m
        small = ground < parameters.begane_grond_m2
        tiny = area < parameters.minimum_begane_grond_m2
        extends = facts.room >= parameters.uitbouw_m2
    blind = np.isnan(ratio)
    conditions = {
        "GEEN_HOOGTE": blind,
        "EEN_LAAG": one_layer & ~tiny,
        "SLAPEN_BG_PAST": ~small & ~narrow,
        "UITBOUW_PAST": extends,
        "GEEN_PERCEEL": np.isnan(facts.room),
        "TE_KLEIN": small,
        "SMAL": narrow,
    }
    deciding = _deciding(conditions)
    chance = np.stack([_chance_of(code, reference, parameters) for code in conditions])[deciding]
    group = np.array([_CLASS_OF[code] for code in conditions])[deciding]
    beside = {"TE_KLEIN": small & ~one_layer | tiny, "SMAL": narrow}
    return Verdict(group, _reasons(list(conditions), deciding, beside, blind), chance)


def stacked(facts: Facts, reference: LifecourseReference, parameters: LifecourseParams) -> Verdict:
    """
    Judge dwellings above each other, by their building.

    The chance is the mean over the positions that a dwelling may have: on the ground floor with the building's share,
    else above it, where a lift is there or not.

    Parameters
    ----------
    facts
        Of every dwelling; others get a verdict too, which the caller leaves unused.
    reference, parameters
        Figures and sizes.

    Returns
    -------
    verdict
        A class only where it holds for every position; unknown with a chance otherwise.
    """
    with np.errstate(invalid="ignore"):
        layered = facts.area > parameters.meerlaags_vanaf * facts.floor
        fits_ground = facts.area >= parameters.minimum_begane_grond_m2
        fits_above = facts.area >= parameters.minimum_m2
    blind = np.isnan(facts.lift) | np.isnan(facts.ground) | np.isnan(facts.area)
    probable = np.nan_to_num(facts.lift) >= parameters.lift_vanaf / 100
    small, none = reference.chance("TE_KLEIN"), reference.chance("GEEN_LIFT")
    below = np.where(fits_ground[:, None], reference.chance("BEGANE_GROND"), small)
    with_lift = np.where(fits_above[:, None], reference.chance("LIFT_WRSCH"), small)
    lift, ground = facts.lift[:, None], facts.ground[:, None]
    chance = ground * below + (1 - ground) * (lift * with_lift + (1 - lift) * none)
    chance = np.where(layered[:, None], reference.chance("MEERLAAGS_VBO"), chance)
    chance[blind] = np.nan

    class_below = np.where(fits_ground, STEP_FREE, HARD)
    class_above = np.where(probable & fits_above, STEP_FREE, HARD)
    group = np.select(
        [blind, layered, facts.ground >= 1, facts.ground <= 0, class_below == class_above],
        [np.full(len(blind), UNKNOWN), np.full(len(blind), HARD), class_below, class_above, class_below],
        UNKNOWN,
    )
    conditions = {
        "GEEN_HOOGTE": blind,
        "MEERLAAGS_VBO": layered,
        "TE_KLEIN": ~fits_ground,
        "BEGANE_GROND": facts.ground >= 1,
        "LIFT_WRSCH": probable,
        "GEEN_LIFT": ~probable,
    }
    beside = {
        "BEGANE_GROND": (group == UNKNOWN) & (facts.ground > 0),
        "TE_KLEIN": probable & ~fits_above & (facts.ground < 1),
    }
    return Verdict(group, _reasons(list(conditions), _deciding(conditions), beside, blind | layered), chance)


_CLASS_OF: Final = {
    "GEEN_HOOGTE": UNKNOWN,
    "EEN_LAAG": STEP_FREE,
    "SLAPEN_BG_PAST": ADAPTABLE,
    "UITBOUW_PAST": ADAPTABLE,
    "GEEN_PERCEEL": UNKNOWN,
    "TE_KLEIN": HARD,
    "SMAL": HARD,
}


def _chance_of(code: str, reference: LifecourseReference, parameters: LifecourseParams) -> Floats:
    if code == "GEEN_HOOGTE":
        return np.full(3, np.nan)
    if code == "GEEN_PERCEEL":
        fits = parameters.kans_uitbouw / 100
        return fits * reference.chance("UITBOUW_PAST") + (1 - fits) * reference.chance("TE_KLEIN")
    return reference.chance(code)


def _deciding(conditions: dict[str, Flags]) -> npt.NDArray[np.int64]:
    """Position of the first condition that holds; the last one where none does."""
    held = np.stack(list(conditions.values()))
    return np.where(held.any(axis=0), held.argmax(axis=0), len(held) - 1)


def _reasons(codes: list[str], deciding: npt.NDArray[np.int64], beside: dict[str, Flags], alone: Flags) -> Texts:
    """List the deciding code and, unless it says all, what else holds, in the order of ``REDENEN``."""
    told = np.array(codes, dtype=object)[deciding]
    text: Texts = told.copy()
    for code in REDENEN:
        if code in beside:
            more = beside[code] & ~alone & (told != code)
            text[more] = text[more] + f",{code}"
    return text
