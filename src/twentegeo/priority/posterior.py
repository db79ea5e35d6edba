"""
The uncertain mean of each area, small enough to draw a thousand times.

Dwellings are summed per area once: mean score, variance of that mean, and how far the mean moves when the model is off
by one class. A thousand draws then cost as much for a million dwellings as for ten. The approximation: the mean of an
area is drawn from a normal distribution with the exact mean and variance of the sum of its dwellings' independent
class draws (a Poisson-multinomial), cut off at 0 and 100. For areas of 30 dwellings or more the central limit theorem
makes the difference smaller than the error of the draws; a test compares it with drawing every dwelling.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Posterior:
    """
    What is believed of one pillar's mean per area; arrays of one element per area.

    Attributes
    ----------
    name
        The pillar.
    mean
        Posterior mean of the indicator (its own unit); NaN where unknown.
    own_variance
        Variance of the mean from the area's own dwellings, independent between areas.
    up, down
        How far the mean rises or falls when every *estimated* dwelling is one class worse or better.
    bare_variance, bare_slope
        Own variance and slope had nothing been registered in the area; NaN where that has no meaning.
    limits
        What becomes 0 and 100 (:mod:`twentegeo.priority.normalise`).
    """

    name: str
    mean: Floats
    own_variance: Floats
    up: Floats
    down: Floats
    bare_variance: Floats
    bare_slope: Floats
    limits: tuple[float, float] = (0.0, 100.0)

    def take(self, rows: Ints | Flags) -> Posterior:
        """Keep some areas, in the given order."""
        arrays = (self.mean, self.own_variance, self.up, self.down, self.bare_variance, self.bare_slope)
        mean, own, up, down, bare, slope = (array[rows] for array in arrays)
        return Posterior(self.name, mean, own, up, down, bare, slope, self.limits)


def of_values(name: str, mean: Floats, sigma: Floats, limits: tuple[float, float] = (0.0, 100.0)) -> Posterior:
    """
    Believe a value with a standard error, such as a rounded CBS figure or a pillar made of several.

    Parameters
    ----------
    name
        The pillar.
    mean, sigma
        Per area; a missing standard error counts as none.
    limits
        What becomes 0 and 100.

    Returns
    -------
    posterior
        Without a shared error.
    """
    none = np.zeros(len(mean))
    unknown = np.full(len(mean), np.nan)
    return Posterior(name, mean, np.nan_to_num(sigma) ** 2, none, none, unknown, unknown, limits)


class Grouping(NamedTuple):
    """
    Where dwellings lie.

    Attributes
    ----------
    area
        Position of each dwelling's area, negative where it lies in none.
    size
        Number of areas.
    cluster
        Group of each dwelling (its building) within which errors are taken to be wholly shared: one lift serves all.
        None means independent.
    """

    area: Ints
    size: int
    cluster: Ints | None = None


def of_classes(
    name: str,
    chances: Floats,
    class_score: Floats,
    where: Grouping,
    registered: Flags | None = None,
    limits: tuple[float, float] = (0.0, 100.0),
) -> Posterior:
    """
    Sum the class chances of dwellings per area.

    Parameters
    ----------
    name
        The pillar.
    chances
        Dwellings by classes, best class first, rows adding to 1 (a registered class is 1 in its place); a row with NaN
        counts nowhere.
    class_score
        Score of each class, rising.
    where
        The area and building of each dwelling.
    registered
        Dwellings whose class no model error can move; None means none.
    limits
        What becomes 0 and 100.

    Returns
    -------
    posterior
        Means and variances of the areas.
    """
    area, size, cluster = where
    use = np.flatnonzero((area >= 0) & ~np.isnan(chances).any(axis=1))
    p, here = chances[use], area[use]
    fixed = np.zeros(len(use), dtype=bool) if registered is None else registered[use]
    group = np.arange(len(use)) if cluster is None else np.unique(cluster[use], return_inverse=True)[1]
    mean = p @ class_score
    variance = np.clip(p @ class_score**2 - mean**2, 0, None)
    step = np.diff(class_score)
    rise, fall = p[:, :-1] @ step, p[:, 1:] @ step

    def total(values: Floats) -> Floats:
        return np.bincount(here, weights=values, minlength=size).astype("float64")

    count = total(np.ones(len(use)))
    with np.errstate(invalid="ignore", divide="ignore"):
        bare = np.sqrt(variance[~fixed].mean()) if (~fixed).any() else 0.0
        return Posterior(
            name,
            mean=total(mean) / count,
            own_variance=_clustered(np.sqrt(variance), here, group, size) / count**2,
            up=total(np.where(fixed, 0, rise)) / count,
            down=total(np.where(fixed, 0, fall)) / count,
            bare_variance=_clustered(np.full(len(use), bare), here, group, size) / count**2,
            bare_slope=total((rise + fall) / 2) / count,
            limits=limits,
        )


def _clustered(sd: Floats, area: Ints, group: Ints, size: int) -> Floats:
    """Variance of the sum per area: standard deviations add within a group, variances between groups."""
    if not len(sd):
        return np.zeros(size)
    pairs, place = np.unique(area * (int(group.max()) + 1) + group, return_inverse=True)
    within = np.bincount(place, weights=sd)
    return np.bincount(pairs // (int(group.max()) + 1), weights=within**2, minlength=size).astype("float64")
