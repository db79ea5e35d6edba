"""
The same score on neighbourhoods, districts and hectare cells: whether the choice of area decides who comes first.

Known as the modifiable areal unit problem: figures of areas depend on how their borders were drawn. Every dwelling gets
the score of the area that it lies in, once per kind of area; then the kinds can be compared dwelling by dwelling
(Openshaw, *The Modifiable Areal Unit Problem*, 1984).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from twentegeo.publish.arrow import rounded

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

LEVELS: Final = (("hectare", "cel_id", "cel_id"), ("buurt", "code", "buurt_code"), ("wijk", "code", "wijk_code"))
"""Layer, its key, and the column of a dwelling that refers to it; from fine to coarse."""

SCORE: Final = "score_prioriteit"
AXES: Final = ("score_energie", "score_levensloop")
QUANTILES: Final = (0.1, 0.25, 0.5, 0.75, 0.9)
_FEW: Final = 3


@dataclass(frozen=True, slots=True)
class Level:
    """
    One kind of area.

    Attributes
    ----------
    layer
        Name of the layer.
    areas, size
        Areas with a score, and the mean number of dwellings in one.
    mean, sd
        Mean and standard deviation over the dwellings of the score of the area that they lie in.
    quantiles
        Of that score, at :data:`QUANTILES`.
    axes
        Correlation between the two axes over the dwellings; NaN where either axis is absent.
    """

    layer: str
    areas: int
    size: float
    mean: float
    sd: float
    quantiles: tuple[float, ...]
    axes: float


@dataclass(frozen=True, slots=True)
class Pair:
    """
    Two kinds of area held against each other.

    Attributes
    ----------
    fine, coarse
        Names of the layers.
    rank
        Spearman's correlation of the two scores over the dwellings.
    shared
        Of the dwellings that are most urgent by the coarse kind: the share (%) that is so by the fine kind too.
    """

    fine: str
    coarse: str
    rank: float
    shared: float


@dataclass(frozen=True, slots=True)
class ScaleCheck:
    """
    The outcome.

    Attributes
    ----------
    homes
        Dwellings that have a score at every level.
    share
        Share of the dwellings that counts as most urgent (%).
    levels, pairs
        The kinds of area, and every two of them.
    """

    homes: int
    share: float
    levels: tuple[Level, ...]
    pairs: tuple[Pair, ...]


def check_scale(layers: Mapping[str, pd.DataFrame], share: float) -> ScaleCheck | None:
    """
    Compare the score of areas of different kinds.

    Parameters
    ----------
    layers
        Frames by name: ``verblijfsobject`` and those of :data:`LEVELS`.
    share
        Share of the dwellings that counts as most urgent (%).

    Returns
    -------
    check
        None where fewer than two kinds have a score, or too few dwellings have one at every level.
    """
    homes = layers.get("verblijfsobject", pd.DataFrame())
    there = [one for one in LEVELS if one[2] in homes and SCORE in layers.get(one[0], pd.DataFrame())]
    if len(there) < 2:  # noqa: PLR2004
        return None
    kinds = {layer: _Kind(layers[layer], _places(homes[ref], layers[layer][key])) for layer, key, ref in there}
    scores = {layer: kind.given(SCORE) for layer, kind in kinds.items()}
    known: npt.NDArray[np.bool_] = np.asarray(~np.isnan(np.column_stack(list(scores.values()))).any(axis=1))
    if np.count_nonzero(known) < _FEW:
        return None
    scores = {layer: values[known] for layer, values in scores.items()}
    ranks = {layer: _ranks(values) for layer, values in scores.items()}
    top = {layer: _most_urgent(values, share) for layer, values in scores.items()}
    names = list(kinds)
    return ScaleCheck(
        homes=int(np.count_nonzero(known)),
        share=share,
        levels=tuple(_level(layer, kind, scores[layer], known) for layer, kind in kinds.items()),
        pairs=tuple(
            Pair(fine, coarse, _correlation(ranks[fine], ranks[coarse]), _shared(top[fine], top[coarse]))
            for place, coarse in enumerate(names)
            for fine in names[:place]
        ),
    )


@dataclass(frozen=True, slots=True)
class _Kind:
    """Areas of one kind, and per dwelling the row of the area that it lies in; -1 where in none."""

    areas: pd.DataFrame
    places: npt.NDArray[np.intp]

    def given(self, column: str) -> Floats:
        """Give every dwelling the value of its area; NaN where it lies in none."""
        values = np.append(rounded(self.areas[column]), np.nan)
        found: Floats = values[self.places]
        return found


def _places(refs: pd.Series[str], keys: pd.Series[str]) -> npt.NDArray[np.intp]:
    """Find the row of each dwelling's area; looked up once per area, not once per dwelling."""
    codes, found = pd.factorize(refs)
    rows = np.append(pd.Index(keys).get_indexer(pd.Index(found)), -1)
    places: npt.NDArray[np.intp] = rows[codes]
    return places


def _level(layer: str, kind: _Kind, score: Floats, known: npt.NDArray[np.bool_]) -> Level:
    n_areas = len(np.unique(kind.places[known]))
    axes = [kind.given(name)[known] for name in AXES if name in kind.areas]
    return Level(
        layer=layer,
        areas=n_areas,
        size=len(score) / n_areas,
        mean=float(score.mean()),
        sd=float(score.std()),
        quantiles=tuple(float(value) for value in np.quantile(score, QUANTILES)),
        axes=_correlation(*axes) if len(axes) == len(AXES) else float("nan"),
    )


def _ranks(score: Floats) -> Floats:
    """Rank dwellings; equal scores share the mean of their places."""
    _, place, counts = np.unique(score, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2
    ranks: Floats = middle[place.reshape(len(score))]
    return ranks


def _shared(fine: Floats, coarse: Floats) -> float:
    return float(100 * np.minimum(fine, coarse).sum() / coarse.sum())


def _most_urgent(score: Floats, share: float) -> Floats:
    """
    Weigh dwellings by whether they are among the most urgent.

    An area counts whole or not at all, but for the one on the bound: its dwellings count for the part that fits, so
    that every kind of area has equally many most urgent dwellings.
    """
    wanted = share / 100 * len(score)
    _, place, counts = np.unique(-score, return_inverse=True, return_counts=True)
    before = np.cumsum(counts) - counts
    weight: Floats = np.clip((wanted - before) / counts, 0.0, 1.0)[place.reshape(len(score))]
    return weight


def _correlation(one: Floats, other: Floats) -> float:
    known = ~(np.isnan(one) | np.isnan(other))
    if known.sum() < _FEW or one[known].std() == 0 or other[known].std() == 0:
        return float("nan")
    return float(np.corrcoef(one[known], other[known])[0, 1])
