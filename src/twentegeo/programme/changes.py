"""The tables of changes: a row per dwelling that changed, and a row per area with the difference split by cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import geopandas as gpd
import numpy as np
import pandas as pd
from pydantic import Field

from twentegeo.crs import RD_NEW_TEXT
from twentegeo.programme.causes import causes_of
from twentegeo.programme.split import Blend, Level, Split, World, hundredths, split_areas, split_dwellings
from twentegeo.programme.wording import all_causes, told
from twentegeo.tables.changes import WIJZIGING, WIJZIGING_GEBIED
from twentegeo.tables.columns.change import AANTAL, BRON, DOOR, EIGEN, INSTELLINGEN, METHODE, OORZAKEN
from twentegeo.tables.contract import conform, empty
from twentegeo.tables.keys import positions
from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twentegeo.programme.causes import Flags, Floats, Pair

LEVELS: Final = ("buurt", "wijk", "gemeente")
_CENT: Final = 100


class ChangeParams(Parameters):
    """What is worth a row."""

    min_verschil: float = Field(
        default=1.0,
        ge=0,
        description=(
            "Verschil in score vanaf waar een woning waaraan zelf niets veranderde een rij krijgt (punten, 0-100): elk"
            " nieuw label schuift de schatting van duizenden andere een honderdste op, en dat zegt over die woningen"
            " niets. De tabel per gebied telt alles."
        ),
    )


@dataclass(frozen=True)
class AreaFigures:
    """
    The areas of one kind as published, before and after.

    Attributes
    ----------
    old, new
        Index ``code``: ``naam``, ``n_woningen``, ``score_prioriteit``.
    under_old
        Index ``code``: score of tonight under the old settings; NaN where the score is.
    blend
        Score from the mean scores for energy and life-course, for the areas of the union of both indexes, sorted.
    same
        Index ``code``: whether what else counts in the score is what it was.
    """

    old: pd.DataFrame
    new: pd.DataFrame
    under_old: pd.Series[float]
    blend: Blend
    same: pd.Series[bool]


@dataclass(frozen=True)
class Comparison:
    """
    What is compared.

    Attributes
    ----------
    both
        The dwellings, before and after.
    world
        Tonight under the old settings; the same as tonight where the settings are.
    blend
        Score of dwellings under the old settings.
    areas
        Per level of :data:`LEVELS`, the areas.
    new_method
        Whether the code differs from that of the previous release.
    """

    both: Pair
    world: World
    blend: Blend
    areas: Mapping[str, AreaFigures]
    new_method: bool


@dataclass(frozen=True)
class Changes:
    """Tables by ``WIJZIGING`` (no rows where nothing is worth one) and ``WIJZIGING_GEBIED``."""

    dwellings: gpd.GeoDataFrame
    areas: pd.DataFrame


def changes(compared: Comparison, peildatum: pd.Timestamp, parameters: ChangeParams) -> Changes:
    """
    Tell what changed since the previous release, and why.

    Parameters
    ----------
    compared
        Both states.
    peildatum
        Reference date of tonight.
    parameters
        What is worth a row.

    Returns
    -------
    changes
        Per dwelling and per area.
    """
    own = causes_of(compared.both)
    split = split_dwellings(compared.both, own, compared.world, compared.blend, new_method=compared.new_method)
    causes = {**own, **_elsewhere(split)}
    dwellings = _dwellings(compared.both, causes, split, peildatum, parameters)
    areas = pd.concat([_areas(level, compared, own) for level in LEVELS], ignore_index=True)
    return Changes(dwellings, conform(WIJZIGING_GEBIED, areas))


def _elsewhere(split: Split) -> dict[str, Flags]:
    """Tell which dwellings a cause from elsewhere applies to: those whose score it moves."""
    return {cause: np.nan_to_num(split.parts[:, OORZAKEN.index(cause)]) != 0 for cause in (BRON, METHODE, INSTELLINGEN)}


def _dwellings(
    both: Pair, causes: Mapping[str, Flags], split: Split, peildatum: pd.Timestamp, parameters: ChangeParams
) -> gpd.GeoDataFrame:
    happened = np.logical_or.reduce([causes[cause] for cause in EIGEN])
    moved = hundredths(np.abs(np.nan_to_num(split.difference))) >= max(parameters.min_verschil * _CENT, 1)
    rows = happened | moved
    if not rows.any():
        return cast("gpd.GeoDataFrame", empty(WIJZIGING))
    some = both.only(rows)
    # a dwelling that is gone is told of as it was
    place = some.new.where(pd.Series(some.is_there, index=some.new.index), some.old)
    first, joined = all_causes(causes, rows)
    table = place.reset_index().assign(
        oorzaak=first,
        oorzaken=joined,
        wat=told(some).to_numpy(),
        score_oud=some.old["score_prioriteit"].to_numpy(),
        score_nieuw=some.new["score_prioriteit"].to_numpy(),
        verschil=split.difference[rows],
        peildatum=peildatum,
        **_parts(split, rows),
    )
    points = gpd.points_from_xy(table["x"], table["y"])
    return conform(WIJZIGING, gpd.GeoDataFrame(table, geometry=points, crs=RD_NEW_TEXT))


def area_level(level: str, compared: Comparison) -> Level:
    """
    Give each area of a level a number, before and after.

    Parameters
    ----------
    level
        One of :data:`LEVELS`.
    compared
        Both states.

    Returns
    -------
    areas
        In the order of the union of old and new codes, sorted.
    """
    figures, both = compared.areas[level], compared.both
    codes = figures.old.index.union(figures.new.index)
    old, new = (frame["score_prioriteit"].reindex(codes) for frame in (figures.old, figures.new))
    numbers = [positions(frame[f"{level}_code"], codes) for frame in (both.old, both.new)]
    return Level(
        old_area=numbers[0],
        new_area=numbers[1],
        size=len(codes),
        old=_numbers(old),
        under_old=_numbers(figures.under_old.reindex(codes)),
        new=_numbers(new),
        blend=figures.blend,
        same=figures.same.reindex(codes).fillna(value=False).to_numpy(dtype=bool),
    )


def _areas(level: str, compared: Comparison, own: Mapping[str, Flags]) -> pd.DataFrame:
    figures, both = compared.areas[level], compared.both
    codes = figures.old.index.union(figures.new.index)
    old, new = figures.old.reindex(codes), figures.new.reindex(codes)
    areas = area_level(level, compared)
    split = split_areas(both, own, compared.world, areas, new_method=compared.new_method)
    # a dwelling counts where it lies now, and one that went where it lay
    lies = np.where(areas.new_area >= 0, areas.new_area, areas.old_area)
    counts = {AANTAL[cause].name: _count(own[cause], lies, len(codes)) for cause in EIGEN}
    before, after = (_numbers(frame["score_prioriteit"]) for frame in (both.old, both.new))
    other = (hundredths(before) != hundredths(after)) & ~(np.isnan(before) & np.isnan(after))
    return pd.DataFrame(
        {
            "gebiedsoort": level,
            "code": codes,
            "naam": new["naam"].where(new["naam"].notna(), old["naam"]).to_numpy(),
            "n_woningen_oud": old["n_woningen"].to_numpy(),
            "n_woningen_nieuw": new["n_woningen"].to_numpy(),
            **counts,
            "n_score_anders": _count(other, lies, len(codes)),
            "score_oud": old["score_prioriteit"].to_numpy(),
            "score_nieuw": new["score_prioriteit"].to_numpy(),
            "verschil": split.difference,
            **_parts(split, np.ones(len(codes), dtype=bool)),
        }
    )


def _parts(split: Split, rows: Flags) -> dict[str, Floats]:
    return {DOOR[cause].name: split.parts[rows, number] for number, cause in enumerate(OORZAKEN)}


def _count(flags: Flags, areas: Any, size: int) -> Any:
    here = flags & (areas >= 0)
    return np.bincount(areas[here], minlength=size)


def _numbers(column: pd.Series[float]) -> Floats:
    return np.asarray(column.to_numpy(dtype="float64", na_value=np.nan), dtype="float64")
