"""
The need of each cell beside what its housing leads one to expect, steadied by empirical Bayes.

A cell of three dwellings with two bad labels is not proof of anything; its rate is drawn towards what is expected,
the more so the fewer dwellings it has (Marshall 1991, in the binomial form, around each cell's own expectation).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from twentegeo.tables.keys import grouped
from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


_LEAST_SPREAD = 0.05
"""
Least variance between cells, as a part of the median noise. A few bad places among thousands of cells hardly add to
the variance between all cells, so that its estimate may be zero where they exist; then cells keep a twentieth of their
excess, in proportion to what they rest on, and the test decides.
"""


_LEAST_VARIANCE = 0.01
"""
Least variance of one dwelling, that of a chance of one in a hundred: where less is expected (new homes), the
expectation itself is not known better than that.
"""


class SmoothingParams(Parameters):
    """What steers the expectation that cells are held against."""

    vergelijking: Literal["opbouw", "regio"] = Field(
        default="opbouw",
        description=(
            "Waarmee een plek vergeleken wordt (geen eenheid): 'opbouw' met het gemiddelde van woningen van dezelfde"
            " soort en bouwperiode in de regio, zodat alleen opvalt wat niet al uit leeftijd en soort volgt; 'regio'"
            " met het gemiddelde van alle woningen, zodat elke oude wijk opvalt."
        ),
    )
    steun_groep: float = Field(
        default=50.0,
        ge=0,
        description=(
            "Gewicht van het regiogemiddelde in het gemiddelde van een groep (woningen): een groep van 50 woningen"
            " telt voor de helft op zichzelf; houdt kleine groepen van toeval vrij."
        ),
    )


def expected_need(dwellings: pd.DataFrame, groups: Sequence[str], parameters: SmoothingParams) -> pd.Series[float]:
    """
    Say what need a dwelling of its kind has on average in the region.

    Parameters
    ----------
    dwellings
        One row per dwelling: ``tekort`` (0-100, NaN where unknown), the columns `groups`, and perhaps ``is_bewijs``
        (as for :func:`cell_need`).
    groups
        Columns that together make a kind, for example type and construction period.
    parameters
        Whether kinds are told apart, and how small ones are steadied.

    Returns
    -------
    verwacht
        Index of `dwellings`, 0-100; NaN when no dwelling's need is known.
    """
    need = dwellings["tekort"].where(is_evidence(dwellings))
    overall = float(need.mean())
    if parameters.vergelijking == "regio" or not groups:
        return pd.Series(overall, index=dwellings.index, name="verwacht", dtype="float64")
    keys = [dwellings[name].astype("str").fillna("") for name in groups]
    grouped = need.groupby(keys)
    total, count = grouped.transform("sum"), grouped.transform("count")
    weight = count + parameters.steun_groep
    mean = (total + parameters.steun_groep * overall) / weight.where(weight > 0)
    return mean.fillna(overall).rename("verwacht")


def cell_need(dwellings: pd.DataFrame) -> pd.DataFrame:
    """
    Sum up need and expectation per cell, and smooth.

    Parameters
    ----------
    dwellings
        One row per dwelling: ``cel_id``, ``tekort`` (0-100: chance of class E, F or G, or a score), ``verwacht``
        (0-100), ``blok_id`` or else ``pand_id`` of what was built together, and perhaps ``is_bewijs``: whether the
        need was registered or follows from the building, rather than borrowed from other dwellings. An estimate that
        leans on its neighbours is no evidence that they are alike; without the column all needs are evidence. A
        dwelling without evidence or expectation counts in ``n_woningen`` only.

    Returns
    -------
    cells
        Index ``cel_id``, sorted; ``n_woningen``, ``n_bekend``, ``tekort``, ``verwacht``, ``overschot`` (their
        difference), ``overschot_glad`` (smoothed), ``tekort_glad`` (0-100 or percentage points) and ``overschot_z``
        (in standard deviations of what noise and cells together give); NaN in a cell of which nothing is known. Also
        ``som_blokken`` and ``kwadraat_blokken``: excess of its blocks, each about as loud, and the squares of that.
    """
    total = _sums(dwellings)
    count = total["known"].to_numpy(dtype="float64")
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total[["need", "expected", "variance"]].div(np.where(count > 0, count, np.nan), axis=0)
    excess = (mean["need"] - mean["expected"]).to_numpy()
    smooth, standard = shrink(excess, count, mean["variance"].to_numpy() * _noise(total))
    return pd.DataFrame(
        {
            "n_woningen": total["one"].astype("int64"),
            "n_bekend": total["known"].astype("int64"),
            "tekort": 100 * mean["need"],
            "verwacht": 100 * mean["expected"],
            "overschot": 100 * excess,
            "overschot_glad": 100 * smooth,
            "overschot_z": standard,
            "som_blokken": total["loud"],
            "kwadraat_blokken": total["loud_square"],
            "tekort_glad": np.clip(100 * (mean["expected"] + smooth), 0, 100),
        }
    )


def is_evidence(dwellings: pd.DataFrame) -> pd.Series[bool]:
    """
    Tell which dwellings bear witness.

    Parameters
    ----------
    dwellings
        ``tekort``, and perhaps ``is_bewijs`` (see :func:`cell_need`).

    Returns
    -------
    evidence
        Index of `dwellings`.
    """
    known = dwellings["tekort"].notna()
    return known & dwellings["is_bewijs"].astype("bool") if "is_bewijs" in dwellings else known


def _sums(dwellings: pd.DataFrame) -> pd.DataFrame:
    """Totals per cell; those of blocks within a cell are squared before they are added up."""
    known = (is_evidence(dwellings) & dwellings["verwacht"].notna()).to_numpy()
    need, expected = (np.where(known, dwellings[name] / 100, 0.0) for name in ("tekort", "verwacht"))
    built = dwellings["blok_id"] if "blok_id" in dwellings else dwellings["pand_id"]
    # by number: sorting and grouping two texts of every dwelling would take longer than all else here
    cell, cells = grouped(dwellings["cel_id"])
    block, _ = grouped(built.astype("str").fillna(""))
    parts = pd.DataFrame(
        {
            "cel_id": cell,
            "block": block,
            "one": 1,
            "known": known,
            "need": need,
            "expected": expected,
            "variance": np.where(known, np.maximum(expected * (1 - expected), _LEAST_VARIANCE), 0.0),
            "square": (need - expected) ** 2,
        }
    )
    # in order first: sums of floats depend on their order, cells must not
    parts = parts.iloc[np.lexsort((expected, need, block, cell))]
    blocks = parts.groupby(["cel_id", "block"], sort=True).sum()
    blocks["pairs"] = blocks["known"] * (blocks["known"] - 1)
    blocks["products"] = (blocks["need"] - blocks["expected"]) ** 2 - blocks["square"]
    total = _by_block(blocks).groupby(level="cel_id", sort=True).sum()
    return total.set_axis(pd.Index(cells, name="cel_id"))


def _likeness(total: pd.DataFrame) -> float:
    """Intraclass correlation of dwellings that were built together, between 0 and 1."""
    count, pairs, square = (float(total[name].sum()) for name in ("known", "pairs", "square"))
    if pairs <= 0 or square <= 0:
        return 0.0
    return float(np.clip(total["products"].sum() / pairs / (square / count), 0, 1))


def _by_block(blocks: pd.DataFrame) -> pd.DataFrame:
    """
    Let every block speak about as loud, whatever its size, in the cells in which its dwellings are.

    A block's excess is divided by the root of the variance that its size gives it; its square is that of the whole
    block, laid in its cells by the dwellings that it has in each.
    """
    parts = pd.DataFrame({"excess": blocks["need"] - blocks["expected"], "known": blocks["known"]})
    whole = parts.groupby(level="block").transform("sum")
    size = whole["known"].where(whole["known"] > 0, 1)
    variance = size * (1 + _likeness(blocks) * (size - 1))
    return blocks.assign(
        loud=parts["excess"] / np.sqrt(variance),
        loud_square=whole["excess"] ** 2 / variance * parts["known"] / size,
    )


def _noise(total: pd.DataFrame) -> Floats:
    """
    Compare the variance of a cell's mean with that of independent draws.

    Two things differ. Chances vary less than facts (dispersion, from all dwellings). And dwellings that were
    built together are alike, so that a flat of forty counts for little more than one (the design effect of cluster
    sampling: 1 + intraclass correlation x pairs / dwellings; Kish 1965).
    """
    count = total["known"].to_numpy(dtype="float64")
    dispersion = float(total["square"].sum() / total["variance"].sum()) if total["variance"].sum() > 0 else 1.0
    together = np.divide(total["pairs"].to_numpy(), count, out=np.zeros_like(count), where=count > 0)
    return np.asarray(dispersion * (1 + _likeness(total) * together))


def shrink(excess: Floats, count: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """
    Draw the excess of small cells towards the mean of all.

    Parameters
    ----------
    excess
        (n,) mean excess per cell, as a fraction.
    count
        (n,) dwellings it rests on; zero where nothing is known.
    variance
        (n,) variance of one dwelling about its expectation.

    Returns
    -------
    smooth, standard
        (n,) mean + A / (A + variance / count) x (excess - mean), A the variance between cells by the method of
        moments, or a sliver of the noise where the cells differ no more than chance; and (excess - mean) / root of
        (A + variance / count), the empirical-Bayes standardised rate of Assuncao and Reis (1999), which varies alike in
        small and large cells. NaN where nothing is known.
    """
    smooth, standard = np.full((2, len(excess)), np.nan)
    known = count > 0
    n, y, v = count[known], excess[known], variance[known]
    if not len(n):
        return smooth, standard
    mean = float((n * y).sum() / n.sum())
    within = float((v * (1 - n / n.sum())).sum())
    scale = float(n.sum() - (n**2).sum() / n.sum())
    between = max(0.0, (float((n * (y - mean) ** 2).sum()) - within) / scale) if scale > 0 else 0.0
    noise = v / n
    between = max(between, _LEAST_SPREAD * float(np.median(noise)))
    trust = np.divide(between, between + noise, out=np.zeros_like(noise), where=between + noise > 0)
    smooth[known] = mean + trust * (y - mean)
    width = np.sqrt(between + noise)
    standard[known] = np.divide(y - mean, width, out=np.zeros_like(y), where=width > 0)
    return smooth, standard
