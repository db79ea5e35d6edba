"""Charts with two axes: columns of a histogram, a calibration curve, ranges of ranks, quantiles of scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from twentegeo.publish import dutch

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from twentegeo.publish.classes import ClassTable
    from twentegeo.publish.report.inventory import Ranked
    from twentegeo.publish.report.quality import Bin
    from twentegeo.publish.report.scale_check import ScaleCheck

STEP: Final = 5
"""Width of a histogram's column, points of score."""

_FULL: Final = 100.0


@dataclass(frozen=True, slots=True)
class Frame:
    """
    The inside of a chart.

    Attributes
    ----------
    left, top, right, bottom
        Where it stands on the canvas, in its units.
    low, high
        What its horizontal axis runs from and to.
    """

    left: float
    top: float
    right: float
    bottom: float
    low: float = 0.0
    high: float = _FULL

    def x(self, value: float) -> float:
        """Place a value on the horizontal axis."""
        return round(self.left + (self.right - self.left) * (value - self.low) / (self.high - self.low), 1)

    def y(self, share: float) -> float:
        """Place a share of the height (0-1), from the bottom up."""
        return round(self.bottom - (self.bottom - self.top) * share, 1)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: its place and its text."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a histogram: place, size, colour, and what it says."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    text: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """Columns of dwellings by score, with the axis below."""

    frame: Frame
    columns: tuple[Column, ...]
    ticks: tuple[Tick, ...]
    unknown: int


def histogram(scores: npt.NDArray[np.float64], table: ClassTable) -> Histogram:
    """
    Count dwellings by score.

    Parameters
    ----------
    scores
        Shape (n,), 0-100; NaN is unknown.
    table
        Class table that gives each column its colour.

    Returns
    -------
    histogram
        On a canvas of 600 by 220.
    """
    frame = Frame(14, 12, 584, 190)
    known = scores[~np.isnan(scores)]
    edges = np.arange(0, _FULL + STEP, STEP)
    counts, _ = np.histogram(known, bins=edges)
    most = max(int(counts.max(initial=0)), 1)
    middles = edges[:-1] + STEP / 2
    colours = [table.legend[place].colour for place in table.place(middles)]
    columns = tuple(
        Column(
            frame.x(low) + 1,
            frame.y(count / most),
            round(frame.x(low + STEP) - frame.x(low) - 2, 1),
            round(frame.bottom - frame.y(count / most), 1),
            colour,
            f"{low:.0f} tot {low + STEP:.0f}: {dutch.number(count)} woningen",
        )
        for low, count, colour in zip(edges[:-1], counts.tolist(), colours, strict=True)
    )
    ticks = tuple(Tick(frame.x(value), str(value)) for value in range(0, 101, 20))
    return Histogram(frame, columns, ticks, int(np.isnan(scores).sum()))


@dataclass(frozen=True, slots=True)
class Curve:
    """A calibration curve: its name, points (x, y), the words of each, and its slope."""

    name: str
    points: tuple[tuple[float, float], ...]
    texts: tuple[str, ...]
    slope: float | None

    @property
    def path(self) -> str:
        """The points as an SVG list."""
        return " ".join(f"{x},{y}" for x, y in self.points)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Curves in a square; the diagonal is perfect."""

    frame: Frame
    curves: tuple[Curve, ...]
    ticks: tuple[Tick, ...]


def calibration(bins: Sequence[Bin]) -> Calibration:
    """
    Hold the chance of a bad label against how often it was so.

    Parameters
    ----------
    bins
        Points of every curve, in order.

    Returns
    -------
    calibration
        On a canvas of 360 by 360, one curve per way of estimating, in the order in which they come.
    """
    frame = Frame(58, 14, 338, 294)
    names = list(dict.fromkeys(one.schatter for one in bins))
    curves = []
    for name in names:
        own = [one for one in bins if one.schatter == name]
        curves.append(
            Curve(
                name,
                tuple((frame.x(one.verwacht), frame.y(one.gevonden / _FULL)) for one in own),
                tuple(
                    f"verwacht {dutch.percentage(one.verwacht)}, gevonden {dutch.percentage(one.gevonden)},"
                    f" {dutch.number(one.n)} labels"
                    for one in own
                ),
                own[0].helling,
            )
        )
    ticks = tuple(Tick(frame.x(value), f"{value}%") for value in range(0, 101, 25))
    return Calibration(frame, tuple(curves), ticks)


@dataclass(frozen=True, slots=True)
class Range:
    """A row of the rank plot: an area, its ranks in words, and where they stand."""

    name: str
    y: float
    low: float
    median: float
    high: float
    rank: float
    text: str


@dataclass(frozen=True, slots=True)
class Ranges:
    """Rows of ranks, one under the other."""

    frame: Frame
    height: float
    rows: tuple[Range, ...]
    ticks: tuple[Tick, ...]


def ranges(areas: Sequence[tuple[Ranked, int, int, int, float | None]]) -> Ranges:
    """
    Show how far the rank of each area moves over the draws.

    Parameters
    ----------
    areas
        Area, 10th percentile, median and 90th percentile of its rank, and its chance to be among the first 20 (%).

    Returns
    -------
    ranges
        On a canvas of 600 wide, 22 per area high.
    """
    pitch, top = 22.0, 26.0
    highest = max(5, len(areas), *(high for _, _, _, high, _ in areas))
    frame = Frame(210, top, 588, top + pitch * len(areas), low=1, high=highest)
    rows = tuple(
        Range(
            area.name,
            round(top + pitch * (place + 0.5), 1),
            frame.x(low),
            frame.x(median),
            frame.x(high),
            frame.x(min(area.rank, highest)),
            f"{area.name}: rang {area.rank}, in de trekkingen {low} tot {high}, mediaan {median}"
            + ("" if chance is None else f", kans op de eerste 20 {dutch.percentage(chance, 0)}"),
        )
        for place, (area, low, median, high, chance) in enumerate(areas)
    )
    step = max(round(highest / 6 / 5) * 5, 1)
    ticks = tuple(
        Tick(frame.x(value), str(value)) for value in (1, *range(step, highest + 1, step)) if value <= highest
    )
    return Ranges(frame, frame.bottom + 8, rows, ticks)


@dataclass(frozen=True, slots=True)
class Box:
    """Quantiles of one kind of area: its name, its row, and where they stand."""

    layer: str
    y: float
    places: tuple[float, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Boxes:
    """Quantiles of each kind of area, one under the other."""

    frame: Frame
    rows: tuple[Box, ...]
    ticks: tuple[Tick, ...]


def boxes(check: ScaleCheck) -> Boxes:
    """
    Show how far scores spread by kind of area.

    Parameters
    ----------
    check
        The scale check.

    Returns
    -------
    boxes
        On a canvas of 600 wide, 34 per kind high.
    """
    pitch, top = 34.0, 26.0
    frame = Frame(90, top, 588, top + pitch * len(check.levels))
    rows = tuple(
        Box(
            level.layer,
            round(top + pitch * (place + 0.5), 1),
            tuple(frame.x(value) for value in level.quantiles),
            f"{level.layer}: 10% onder {dutch.number(level.quantiles[0])}, helft tussen"
            f" {dutch.number(level.quantiles[1])} en {dutch.number(level.quantiles[3])}, mediaan"
            f" {dutch.number(level.quantiles[2])}, 10% boven {dutch.number(level.quantiles[4])}",
        )
        for place, level in enumerate(check.levels)
    )
    ticks = tuple(Tick(frame.x(value), str(value)) for value in range(0, 101, 20))
    return Boxes(frame, rows, ticks)
