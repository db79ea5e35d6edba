"""
How firm a rank is: weights and uncertain values drawn together, many times (SMAA; methods.md 5.8 and 5.9).

Each draw takes weights from a Dirichlet distribution around one party's set, one model error per pillar *shared by all
areas*, and for every area its own error. Drawing the shared error per area would let it average out and overstate how
firm the ranks are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from twentegeo.priority.draws import StabilityParams, draw_errors, draw_weights
from twentegeo.priority.tally import Tally
from twentegeo.priority.two_axes import PARTIES, AxesParams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twentegeo.priority.posterior import Posterior

_CHUNK: Final = 500_000
"""Numbers drawn at a time per pillar, which bounds the memory at a few tens of megabytes."""


@dataclass(frozen=True, slots=True)
class Stability:
    """
    How firm the ranks are.

    Attributes
    ----------
    areas
        Table by ``GEBIED_STABILITEIT``, sorted on ``gebied``.
    parties
        Index ``gebied``; per party the share (%) of its draws in which the area is among the top.
    left_out
        In Dutch, the areas that could not be ranked.
    """

    areas: pd.DataFrame
    parties: pd.DataFrame
    left_out: list[str]


def stability(
    gebied: Sequence[str],
    posteriors: Sequence[Posterior],
    axes: AxesParams,
    parameters: StabilityParams,
    random: np.random.Generator,
) -> Stability:
    """
    Draw weights and values, and count what becomes of each area's rank.

    Parameters
    ----------
    gebied
        Identifier of each area. The outcome does not depend on their order.
    posteriors
        At least one; arrays in the order of `gebied`.
    axes
        Weights per party, shift, and whose weights are published.
    parameters
        Number of draws and the sizes of errors.
    random
        Seeded; the same seed gives the same outcome.

    Returns
    -------
    stability
        Areas that lack a pillar are left out and told. Areas alike in everything get the mean of their outcomes, so
        that chance does not part them. Ranks are 1 for the most urgent; equal scores share the better rank.
    """
    ids = np.asarray(gebied, dtype=object)
    known = ~np.any([np.isnan(part.mean) for part in posteriors], axis=0)
    rows = np.flatnonzero(known)[np.argsort(ids[known].astype(str), kind="stable")]
    parts = [part.take(rows) for part in posteriors]
    left_out = [f"rang: {len(ids) - len(rows)} gebieden missen een pijler en krijgen geen rang"] * (
        len(rows) < len(ids)
    )
    party = np.arange(parameters.trekkingen) % len(PARTIES)
    sets = np.stack([axes.gewichten.array(name, [part.name for part in parts]) for name in PARTIES])
    weights = draw_weights(sets[party] * parameters.concentratie, random)
    tally = Tally(parts, sets, axes, parameters, len(rows))
    step = max(_CHUNK // max(len(rows), 1), 1)
    for start in range(0, parameters.trekkingen, step):
        tally.add(weights[start : start + step], draw_errors(len(weights[start : start + step]), parts, random))
    names = pd.Index(ids[rows], name="gebied", dtype="str")
    return Stability(tally.table(names), tally.per_party(names, party), left_out)
