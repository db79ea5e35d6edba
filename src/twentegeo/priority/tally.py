"""What a thousand draws leave of each area: its ranks, the spread of its score, and what causes that spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy

from twentegeo.priority.draws import Errors, StabilityParams, draw_scores
from twentegeo.priority.normalise import normalise
from twentegeo.priority.two_axes import PARTIES, AxesParams, geometric
from twentegeo.tables.assessments import GEBIED_STABILITEIT
from twentegeo.tables.columns.ranking import FACTOREN
from twentegeo.tables.contract import conform

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from twentegeo.priority.posterior import Posterior

    Floats = npt.NDArray[np.float64]

_NOTHING = 1e-6
"""Variance (points²) below which there is no spread to explain."""


class Tally:
    """What is kept of the draws."""

    def __init__(
        self, parts: Sequence[Posterior], sets: Floats, axes: AxesParams, parameters: StabilityParams, size: int
    ) -> None:
        self.parts, self.axes, self.parameters, self.size = parts, axes, parameters, size
        self.names = [part.name for part in parts]
        self.middle = sets.mean(axis=0)
        self.leading = sets[PARTIES.index(axes.leidend)]
        self.ranks: list[npt.NDArray[np.int32]] = []
        self.draws = 0
        # first and second moment: of the score, then with one factor drawn at a time
        self.moments = np.zeros((2 + len(parts) + 1, 2, size))

    def add(self, weights: Floats, errors: Errors) -> None:
        """Count some draws."""
        still = np.broadcast_to(self.middle, weights.shape)
        none = Errors(*(np.zeros_like(error) for error in errors))
        variants = [(weights, errors), (weights, none), (still, none._replace(shared=errors.shared))]
        for place in range(len(self.parts)):
            only = np.zeros((1, len(self.parts), 1))
            only[0, place] = 1
            variants.append((still, Errors(none.shared, errors.area * only, errors.own * only)))
        for row, (some_weights, some_errors) in enumerate(variants):
            scores = draw_scores(self.parts, some_weights, some_errors, self.axes, self.parameters)
            self.moments[row, 0] += scores.sum(axis=0)
            self.moments[row, 1] += (scores**2).sum(axis=0)
            if row == 0:
                # what differs less than a millionth of a point is rounding, so a tie
                ranks = pd.DataFrame(np.round(scores, 6)).rank(axis=1, method="min", ascending=False)
                self.ranks.append(ranks.to_numpy(dtype="int32"))
        self.draws += len(weights)

    def table(self, names: pd.Index[str]) -> pd.DataFrame:
        """Sum the draws up per area."""
        ranks = np.concatenate(self.ranks)
        mean = self.moments[:, 0] / self.draws
        variance = np.maximum(self.moments[:, 1] / self.draws - mean**2, 0)
        alike = self._alike
        quantiles = (
            np.quantile(ranks, [0.1, 0.5, 0.9], axis=0, method="inverted_cdf") if self.size else np.zeros((3, 0))
        )
        p10, median, p90 = (np.rint(alike(row.astype("float64"))).astype("int64") for row in quantiles)
        spread = np.stack([alike(row) for row in variance])
        sigma = np.sqrt(spread[0])
        chance = class_chance(self._shown(), sigma, self.parameters.klassegrenzen)
        return conform(
            GEBIED_STABILITEIT,
            pd.DataFrame(
                {
                    "gebied": names,
                    "kans_top20": 100 * alike((ranks <= self.parameters.top).mean(axis=0)),
                    "rang_p10": p10,
                    "rang_mediaan": median,
                    "rang_p90": p90,
                    "bepalende_pijler": self._lifted(),
                    "sigma": sigma,
                    "p_klasse": chance,
                    "stabiel": np.where(chance > self.parameters.stabiel_vanaf, "ja", "nee"),
                    "bepalende_factor": self._factor(spread[1:]),
                    "controleerbaarheid": self._checkable(),
                }
            ),
        )

    def per_party(self, names: pd.Index[str], party: npt.NDArray[np.int64]) -> pd.DataFrame:
        """Count how often an area is among the top with each party's weights."""
        top = np.concatenate(self.ranks) <= self.parameters.top
        return pd.DataFrame(
            {name: 100 * self._alike(top[party == place].mean(axis=0)) for place, name in enumerate(PARTIES)},
            index=names,
        )

    def _alike(self, values: Floats) -> Floats:
        """Average over areas that are alike in everything."""
        traits = [trait for part in self.parts for trait in (part.mean, part.own_variance, part.up, part.down)]
        _, group = np.unique(np.column_stack(traits), axis=0, return_inverse=True)
        group = group.ravel()
        count = np.bincount(group)
        return (np.bincount(group, weights=values) / count)[group] if self.size else values

    def _levels(self) -> Floats:
        return np.column_stack([normalise(np.clip(part.mean, 0, 100), *part.limits) for part in self.parts])

    def _shown(self) -> Floats:
        return geometric(self._levels(), self.leading, self.axes.verschuiving)

    def _lifted(self) -> npt.NDArray[np.object_]:
        """Pillar with the largest part in the score above the mean: exact, for logs of a geometric mean add up."""
        logs = np.log(np.maximum(self._levels() + self.axes.verschuiving, np.finfo(float).tiny))
        part = self.leading * (logs - logs.sum(axis=0) / max(self.size, 1))
        named: npt.NDArray[np.object_] = np.array(self.names, dtype=object)[part.argmax(axis=1)]
        return named

    def _factor(self, variance: Floats) -> npt.NDArray[np.object_]:
        names = np.array([*FACTOREN[:2], *self.names, FACTOREN[-1]], dtype=object)
        moves = variance.max(axis=0) > _NOTHING
        named: npt.NDArray[np.object_] = names[np.where(moves, variance.argmax(axis=0), len(names) - 1)]
        return named

    def _checkable(self) -> Floats:
        """Redundancy: the part of the variance that the area's own registrations take away."""
        energy = next((part for part in self.parts if part.name == "energie"), None)
        if energy is None:
            return np.full(self.size, np.nan)
        model = self.parameters.gedeelde_fout**2 + self.parameters.gebiedsfout**2
        now = energy.own_variance + model * ((energy.up + energy.down) / 2) ** 2
        bare = energy.bare_variance + model * energy.bare_slope**2
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(bare > 0, np.clip(100 * (1 - now / bare), 0, 100), np.nan)


def class_chance(score: Floats, sigma: Floats, bounds: Sequence[float]) -> Floats:
    """
    Give the chance that the true score lies in the class that is shown.

    Parameters
    ----------
    score, sigma
        Score as shown (points) and its standard deviation.
    bounds
        Bounds between classes (points), ascending; the first and the last class are open.

    Returns
    -------
    chance
        Percent: Φ((upper − score)/σ) − Φ((lower − score)/σ); 100 without spread.
    """
    edges = np.concatenate([[-np.inf], np.asarray(bounds, dtype="float64"), [np.inf]])
    place = np.searchsorted(edges[1:-1], score, side="right")
    firm = sigma <= 0
    with np.errstate(invalid="ignore", divide="ignore"):
        below = scipy.special.ndtr((np.stack([edges[place], edges[place + 1]]) - score) / sigma)
        chance = below[1] - below[0]
    return np.where(firm, 100.0, 100 * chance)
