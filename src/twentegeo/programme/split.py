"""
A difference in score, split by cause so that the parts are the difference to the hundredth.

The score of a dwelling or an area is not a sum, so its difference is attributed in steps: the old state is turned into
the new one cause by cause, in the order of ``OORZAKEN``, and each step takes what the score moves by it. What a step
changes:

1. vanished dwellings go, new ones come;
2. a dwelling whose label changed gets its new score for energy;
3. a dwelling that changed itself gets its new scores for energy (where its label did not) and for life-course;
4. a dwelling that lies in another area on the same place moves there;
5. everything else gets its new value: that is the method where the code differs, and other data where it does not;
6. the settings: what is left between tonight under the old settings and tonight.

Steps 1 to 5 are taken under the old settings. Scores are published in hundredths, so the parts are rounded to
hundredths too, by largest remainder.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from twentegeo.programme.causes import AXES
from twentegeo.tables.columns.change import (
    BRON,
    GEWIJZIGD,
    GRENZEN,
    INSTELLINGEN,
    LABEL_INGETROKKEN,
    LABEL_NIEUW,
    LABEL_VERLOPEN,
    LABEL_VERVANGEN,
    METHODE,
    NIEUW,
    OORZAKEN,
    VERVALLEN,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt
    import pandas as pd

    from twentegeo.programme.causes import Flags, Floats, Pair

    Ints = npt.NDArray[np.int64]

Blend = Callable[["Floats", "Floats"], "Floats"]
"""Score under the old settings from the scores for energy and life-course, 0-100; NaN where either is unknown."""

ABOUT_LABEL: Final = (LABEL_NIEUW, LABEL_VERVANGEN, LABEL_VERLOPEN, LABEL_INGETROKKEN)
_COLUMN: Final = {cause: number for number, cause in enumerate(OORZAKEN)}
_HUNDREDTHS: Final = 100
_NOISE: Final = 1e-6
"""Less than this is rounding of floating point, hundredths."""


@dataclass(frozen=True)
class World:
    """
    Tonight's dwellings under the old settings, in the rows of the pair.

    Attributes
    ----------
    axes
        Scores for energy and for life-course; NaN where unknown.
    score
        The published score.
    """

    axes: tuple[Floats, Floats]
    score: Floats


@dataclass(frozen=True)
class Split:
    """
    A difference and its parts.

    Attributes
    ----------
    difference
        New minus old, points; NaN where either is missing.
    parts
        One column per cause of ``OORZAKEN``, points; their sum is the difference in hundredths exactly. NaN where the
        difference is.
    """

    difference: Floats
    parts: Floats


def hundredths(values: Floats) -> Floats:
    """
    Round as scores are published.

    Parameters
    ----------
    values
        Points; NaN stays NaN.

    Returns
    -------
    hundredths
        Whole numbers.
    """
    return np.rint(np.round(values, 2) * _HUNDREDTHS)


def split_dwellings(both: Pair, causes: Mapping[str, Flags], world: World, blend: Blend, *, new_method: bool) -> Split:
    """
    Split the difference in score of every dwelling.

    Parameters
    ----------
    both, causes
        The dwellings, and what happened to them.
    world
        Tonight under the old settings.
    blend
        Score of dwellings.
    new_method
        Whether the code differs from that of the previous release.

    Returns
    -------
    split
        Row by row. New and vanished dwellings have no difference.
    """
    old, new = (_numbers(frame, "score_prioriteit") for frame in (both.old, both.new))
    parts = np.zeros((len(old), len(OORZAKEN)))
    rest = _COLUMN[METHODE if new_method else BRON]
    state = [_numbers(both.old, name) for name in AXES]
    moved = np.flatnonzero(both.was & both.is_there & _moves(both, causes, world, old, new))
    state = [axis[moved] for axis in state]
    target = [axis[moved] for axis in world.axes]
    before = blend(*state)
    label = np.zeros(len(moved), dtype=bool)
    for cause in ABOUT_LABEL:
        label |= causes[cause][moved]
    changed = causes[GEWIJZIGD][moved]
    state = [np.where(label, target[0], state[0]), state[1]]
    after = blend(*state)
    for cause in ABOUT_LABEL:
        parts[moved, _COLUMN[cause]] = np.where(causes[cause][moved], _step(before, after), 0)
    state = [np.where(changed, target[0], state[0]), np.where(changed, target[1], state[1])]
    before, after = after, blend(*state)
    parts[moved, _COLUMN[GEWIJZIGD]] = _step(before, after)
    parts[moved, rest] = _step(after, blend(*target))
    return _settled(parts, (old, world.score, new), rest, open_=np.full(len(old), new_method))


@dataclass(frozen=True)
class Level:
    """
    The areas of one kind, before and after.

    Attributes
    ----------
    old_area, new_area
        Per row of the pair: number of the area that the dwelling lies in; -1 for none.
    size
        Number of areas.
    old, under_old, new
        Published score per area: in the previous release, tonight under the old settings, tonight; NaN for none.
    blend
        Score of areas from their mean scores, with what else counted in the previous release.
    same
        Per area, whether that other part is what it was.
    """

    old_area: Ints
    new_area: Ints
    size: int
    old: Floats
    under_old: Floats
    new: Floats
    blend: Blend
    same: Flags


def split_areas(both: Pair, causes: Mapping[str, Flags], world: World, level: Level, *, new_method: bool) -> Split:
    """
    Split the difference in score of every area.

    Parameters
    ----------
    both, causes, world
        As for :func:`split_dwellings`.
    level
        The areas.
    new_method
        Whether the code differs from that of the previous release.

    Returns
    -------
    split
        Area by area. An area that is new or gone has no difference.
    """
    rest = _COLUMN[METHODE if new_method else BRON]
    parts = np.zeros((level.size, len(OORZAKEN)))
    states = _states(both, causes, world, level)
    before = _area_score(next(states)[1], level)
    for cause, state in states:
        after = _area_score(state, level)
        parts[:, rest if cause == BRON else _COLUMN[cause]] = _step(before, after)
        before = after
    touched = np.zeros(level.size, dtype=bool)
    inside = level.new_area >= 0
    others = inside & ~np.logical_or.reduce([causes[cause] for cause in causes]) & _axes_differ(both, world)
    touched[level.new_area[others]] = True
    return _settled(parts, (level.old, level.under_old, level.new), rest, open_=touched | ~level.same | new_method)


def _states(
    both: Pair, causes: Mapping[str, Flags], world: World, level: Level
) -> Iterator[tuple[str, tuple[Ints, Floats, Floats]]]:
    """Turn the old state into the new one cause by cause: number of the area, score for energy, for life-course."""
    area = np.where(both.was, level.old_area, -1)
    energy, life = (_numbers(both.old, name) for name in AXES)
    yield "", (area, energy, life)
    area = np.where(causes[VERVALLEN], -1, area)
    yield VERVALLEN, (area, energy, life)
    new = causes[NIEUW]
    area = np.where(new, level.new_area, area)
    energy, life = np.where(new, world.axes[0], energy), np.where(new, world.axes[1], life)
    yield NIEUW, (area, energy, life)
    for cause in ABOUT_LABEL:
        energy = np.where(causes[cause], world.axes[0], energy)
        yield cause, (area, energy, life)
    changed = causes[GEWIJZIGD]
    area = np.where(changed & ~causes[GRENZEN], level.new_area, area)
    energy, life = np.where(changed, world.axes[0], energy), np.where(changed, world.axes[1], life)
    yield GEWIJZIGD, (area, energy, life)
    area = np.where(causes[GRENZEN], level.new_area, area)
    yield GRENZEN, (area, energy, life)
    yield BRON, (np.where(both.is_there, level.new_area, -1), *world.axes)


def _area_score(state: tuple[Ints, Floats, Floats], level: Level) -> Floats:
    area, energy, life = state
    return level.blend(_mean(energy, area, level.size), _mean(life, area, level.size))


def _mean(values: Floats, area: Ints, size: int) -> Floats:
    counts = (area >= 0) & ~np.isnan(values)
    number = np.bincount(area[counts], minlength=size)
    total = np.bincount(area[counts], weights=values[counts], minlength=size)
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)


def _moves(both: Pair, causes: Mapping[str, Flags], world: World, old: Floats, new: Floats) -> Flags:
    """Find the rows with something to split; most nights most dwellings stay as they are."""
    own: Flags = np.logical_or.reduce([causes[cause] for cause in (*ABOUT_LABEL, GEWIJZIGD)])
    found: Flags = own | _axes_differ(both, world) | (hundredths(old) != hundredths(new))
    return found


def _axes_differ(both: Pair, world: World) -> Flags:
    found = np.zeros(len(both.old), dtype=bool)
    for name, now in zip(AXES, world.axes, strict=True):
        one, other = hundredths(_numbers(both.old, name)), hundredths(now)
        found |= (one != other) & ~(np.isnan(one) & np.isnan(other))
    return found


def _step(before: Floats, after: Floats) -> Floats:
    return np.nan_to_num(after - before)


def _settled(parts: Floats, scores: tuple[Floats, Floats, Floats], rest: int, *, open_: Flags) -> Split:
    """
    Make the parts add up.

    What rounding leaves goes to the rest where other data or another method can account for it (`open_`), and to the
    largest part where nothing else happened.
    """
    old, under_old, new = (hundredths(score) for score in scores)
    under_old = np.where(np.isnan(under_old), new, under_old)
    known = ~np.isnan(old) & ~np.isnan(new)
    raw = parts * _HUNDREDTHS
    left = np.where(known, under_old - old, 0) - raw.sum(axis=1)
    largest = np.where(np.abs(raw).max(axis=1) > _NOISE, np.abs(raw).argmax(axis=1), rest)
    raw[np.arange(len(raw)), np.where(open_, rest, largest)] += left
    whole = _whole(raw)
    whole[:, _COLUMN[INSTELLINGEN]] += np.where(known, new - under_old, 0)
    points = np.where(known[:, None], whole / _HUNDREDTHS, np.nan)
    return Split(np.where(known, (new - old) / _HUNDREDTHS, np.nan), points)


def _whole(raw: Floats) -> Floats:
    """Round to whole numbers that keep the sum of each row, by largest remainder."""
    clean = np.where(np.abs(raw - np.rint(raw)) < _NOISE, np.rint(raw), raw)
    base = np.floor(clean)
    remainder = clean - base
    lacking = np.rint(remainder.sum(axis=1)).astype("int64")
    place = np.argsort(np.argsort(-remainder, axis=1, kind="stable"), axis=1, kind="stable")
    rounded: Floats = base + (place < lacking[:, None])
    return rounded


def _numbers(frame: pd.DataFrame, name: str) -> Floats:
    return np.asarray(frame[name].to_numpy(dtype="float64", na_value=np.nan), dtype="float64")
