"""
Hot and cold spots: Getis-Ord Gi* on the cells of the whole region at once.

Municipal borders play no part. Cells without dwellings, or of which nothing is known, are no part of the world that
is tested. Source of the statistic: Getis and Ord 1992, Ord and Ord 1995 (the starred, standardised form). Source of
the correction for ordinary patchiness: Devlin and Roeder 1999; see docs/decisions/0010.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import scipy
from pydantic import Field

from twentegeo.areas.lattice import Lattice
from twentegeo.areas.permutation import Draws, draw_sums, false_discovery, sum_moments
from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


class HotspotParams(Parameters):
    """What steers the test."""

    banden_m: tuple[int, ...] = Field(
        default=(200, 250, 300),
        min_length=1,
        description=(
            "Afstanden tot waar cellen buren zijn (m); drie, omdat de afstand zelf een keuze is: een plek telt als"
            " ze van die keuze niet afhangt."
        ),
    )
    min_banden: int = Field(
        default=2, ge=1, description="Aantal banden dat het eens moet zijn (aantal); twee van de drie."
    )
    q_max: float = Field(
        default=0.05,
        gt=0,
        lt=1,
        description="Toegestaan deel valse meldingen onder de meldingen (aandeel; Benjamini-Hochberg); gangbaar 5%.",
    )
    trekkingen: int = Field(
        default=199_999,
        ge=99,
        description=(
            "Trekkingen per aantal buren (aantal); de kleinste kans is 1 op dit aantal, en bij 25.000 cellen moet die"
            " kleiner zijn dan 1 op 100.000 om enkele cellen te kunnen vinden."
        ),
    )
    nulverdeling: Literal["gekalibreerd", "permutatie"] = Field(
        default="gekalibreerd",
        description=(
            "Waartegen getoetst wordt (geen eenheid): 'permutatie' tegen geschudde cellen; 'gekalibreerd' rekt die"
            " verdeling op tot de middelste helft van de gevonden waarden erin past, zodat de gewone vlekkerigheid van"
            " woningbouw (rijen, complexen) niet als bijzonder geldt."
        ),
    )
    min_overschot: float = Field(
        default=5.0,
        ge=0,
        le=100,
        description=(
            "Verschil met de verwachting dat de woningen van een cel met haar buren gemiddeld ten minste hebben"
            " (procentpunt); minder kan aantoonbaar zijn zonder iets te betekenen. Laag, want een band van 12 ha"
            " verdunt een gebied van 5 ha; OutlineParams.min_overschot toetst het gebied zelf."
        ),
    )
    min_woningen_cel: int = Field(
        default=3,
        ge=1,
        description=(
            "Woningen waarvan de opgave bekend is die een cel ten minste moet hebben om mee te doen (woningen);"
            " boerderijen en linten zijn geen vergelijking voor een woonwijk, en hun gladgestreken nullen zouden elke"
            " wijk bijzonder maken."
        ),
    )
    min_woningen_band: int = Field(
        default=30,
        ge=1,
        description=(
            "Woningen die een cel met haar buren ten minste moet hebben om getoetst te worden (woningen); minder dan 30"
            " wordt nooit een gebied (methode, paragraaf 5.5), en elke toets minder maakt de andere scherper."
        ),
    )
    min_cellen: int = Field(
        default=30,
        ge=3,
        description="Cellen die een regio ten minste moet hebben om te toetsen (cellen); minder toont geen toeval.",
    )
    genoeg_cellen: int = Field(
        default=100,
        ge=3,
        description=(
            "Cellen waaronder de run meldt dat de toets zwak is (cellen): met minder valt een gebied van 5 ha in het"
            " gemiddelde waar het tegen afsteekt. Keuze van het project."
        ),
    )


@dataclass(frozen=True)
class Hotspots:
    """
    What the test found.

    Attributes
    ----------
    cells
        Index ``cel_id`` as given. ``gi_z`` and ``gi_q`` (of the agreement: the q-value at which enough bands agree),
        ``gi_teken`` (hoog, laag, geen; onbekend where not tested), ``n_banden`` that found the sign.
    bands
        The same per band: ``cel_id``, ``band_m``, ``gi_z``, ``p_hoog``, ``q_hoog``, ``q_laag``, ``teken``.
    inflation
        By band: how much wider the middle of the z-scores is than chance makes it (1 = no wider).
    note
        What could not be tested, or only weakly, and why, in Dutch; empty when all was.
    """

    cells: pd.DataFrame
    bands: pd.DataFrame
    inflation: dict[int, float]
    note: str


def gi_star(values: pd.Series[float], band_m: float) -> pd.DataFrame:
    """
    Compute Gi* with binary weights, the cell itself included.

    Parameters
    ----------
    values
        Index ``cel_id``; no NaN.
    band_m
        Greatest distance between the middles of neighbours, metres.

    Returns
    -------
    local
        Index of `values`; ``gi_z`` (standardised Gi*; NaN when the values do not vary) and ``n_buren`` (neighbours
        with itself).
    """
    lattice = Lattice.of(values.index)
    x = np.asarray(values, dtype="float64")
    total = lattice.around(x, band_m, itself=True)
    count = np.rint(lattice.around(np.ones(len(x)), band_m, itself=True)).astype("int64")
    z = np.full(len(x), np.nan)
    if len(x) > 1 and np.ptp(x) > 0:
        mean, spread = sum_moments(x, count)
        z = np.divide(total - mean, spread, out=z, where=spread > 0)
    return pd.DataFrame({"gi_z": z, "n_buren": count}, index=values.index)


def hotspots(cells: pd.DataFrame, parameters: HotspotParams, seed: int) -> Hotspots:
    """
    Test every cell with its neighbours.

    Parameters
    ----------
    cells
        As :func:`twentegeo.areas.smoothing.cell_need` gives: index ``cel_id``,
        ``n_woningen``, ``n_bekend``, ``overschot``, ``overschot_z``, ``som_blokken``, ``kwadraat_blokken``.
    parameters
        Bands and limits.
    seed
        Of the draws.

    Returns
    -------
    found
        Verdict per cell, figures per band, and what could not be tested.
    """
    known = cells[cells["overschot_z"].notna() & (cells["n_bekend"] >= parameters.min_woningen_cel)].sort_index()
    values = known["overschot_z"]
    if len(known) < parameters.min_cellen or np.ptp(values.to_numpy()) == 0:
        return _untested(cells, len(known))
    local = {band: gi_star(values, band) for band in parameters.banden_m}
    counts = np.concatenate([frame["n_buren"].to_numpy() for frame in local.values()])
    draws = draw_sums(values.to_numpy(dtype="float64"), counts, parameters.trekkingen, seed)
    judged = {band: _judge(known, local[band], band, draws, parameters) for band in parameters.banden_m}
    bands = pd.concat([frame.assign(band_m=band) for band, (frame, _) in judged.items()])
    return Hotspots(
        cells=_agree({band: frame for band, (frame, _) in judged.items()}, parameters)
        .reindex(cells.index)
        .fillna({"gi_teken": "onbekend", "n_banden": 0}),
        bands=bands.reset_index(),
        inflation={band: inflation for band, (_, inflation) in judged.items()},
        note=_weak(len(known)) if len(known) < parameters.genoeg_cellen else "",
    )


def _judge(
    known: pd.DataFrame, local: pd.DataFrame, band: int, draws: Draws, parameters: HotspotParams
) -> tuple[pd.DataFrame, float]:
    """One band: chances, discoveries and what they amount to."""
    lattice = Lattice.of(known.index)
    count = known["n_bekend"].to_numpy(dtype="float64")
    excess = known["overschot"].to_numpy(dtype="float64") / 100 * count
    mean_excess = 100 * lattice.around(excess, band, itself=True) / lattice.around(count, band, itself=True)
    z, k = local["gi_z"].to_numpy(), local["n_buren"].to_numpy()
    around = lattice.around(known["n_woningen"], band, itself=True)
    tested = around >= parameters.min_woningen_band
    inflation = _inflation(z[tested], k[tested], draws) if parameters.nulverdeling == "gekalibreerd" else 1.0
    scaled = np.where(tested, z / inflation, np.nan)
    by_block = _by_block(known, lattice, band)
    high = np.maximum(draws.at_least(scaled, k), scipy.special.ndtr(-by_block))
    low = np.maximum(draws.at_most(scaled, k), scipy.special.ndtr(by_block))
    # high and low are two questions about one cell: the allowed share of false discoveries covers both together
    q_high, q_low = np.split(false_discovery(np.concatenate([high, low])), 2)
    hot = (q_high <= parameters.q_max) & (mean_excess >= parameters.min_overschot)
    cold = (q_low <= parameters.q_max) & (mean_excess <= -parameters.min_overschot)
    frame = pd.DataFrame(
        {
            "gi_z": z,
            "p_hoog": high,
            "q_hoog": q_high,
            "q_laag": q_low,
            "teken": np.select([hot, cold, tested], ["hoog", "laag", "geen"], "onbekend"),
        },
        index=known.index,
    )
    return frame, inflation


def _by_block(known: pd.DataFrame, lattice: Lattice, band: int) -> Floats:
    """
    Excess of the blocks within the band over the root of its squares: a sum that one large complex cannot carry.

    Were every block as likely to lie above its expectation as below, this would be at most standard normal, however
    alike the dwellings of a block are (self-normalised sum; cluster-robust).
    """
    total = lattice.around(known["som_blokken"], band, itself=True)
    squares = lattice.around(known["kwadraat_blokken"], band, itself=True)
    return np.divide(total, np.sqrt(squares), out=np.zeros_like(total), where=squares > 0)


def _inflation(z: Floats, k: npt.NDArray[np.int64], draws: Draws) -> float:
    """Width of the middle half of the z-scores over the width that chance gives; never below 1."""
    if not len(z) or not draws.tables:
        return 1.0
    by_chance = draws.spread(k)
    low, high = np.nanquantile(z, (0.25, 0.75))
    return max(1.0, float(high - low) / by_chance) if by_chance > 0 else 1.0


def _agree(judged: dict[int, pd.DataFrame], parameters: HotspotParams) -> pd.DataFrame:
    """Keep what enough bands say; the verdict's q is the worst among the best bands that are needed."""
    needed = min(parameters.min_banden, len(judged))
    frames = list(judged.values())
    signs = np.stack([frame["teken"].to_numpy(dtype="str") for frame in frames])
    n_hot, n_cold = (signs == "hoog").sum(axis=0), (signs == "laag").sum(axis=0)
    middle = frames[len(frames) // 2]
    tested = (signs != "onbekend").sum(axis=0) >= needed
    sign = np.select([n_hot >= needed, n_cold >= needed, tested], ["hoog", "laag", "geen"], "onbekend")
    q = {
        name: np.sort(np.stack([frame[name] for frame in frames]), axis=0)[needed - 1] for name in ("q_hoog", "q_laag")
    }
    return pd.DataFrame(
        {
            "gi_z": middle["gi_z"],
            "gi_q": np.select([sign == "hoog", sign == "laag"], [q["q_hoog"], q["q_laag"]], np.fmin(*q.values())),
            "gi_teken": sign,
            "n_banden": np.maximum(n_hot, n_cold),
        },
        index=middle.index,
    )


def _weak(known: int) -> str:
    return f"Toets op concentraties: zwak, want van {known} hectarecellen is de opgave bekend; zij kan gebieden missen."


def _untested(cells: pd.DataFrame, known: int) -> Hotspots:
    nothing = pd.DataFrame({"gi_z": np.nan, "gi_q": np.nan, "gi_teken": "onbekend", "n_banden": 0}, index=cells.index)
    note = (
        f"Toets op concentraties: weggelaten, want van {known} hectarecellen is de opgave bekend en dat is te weinig,"
        " of ze verschillen niet van elkaar."
    )
    bands = pd.DataFrame(columns=["cel_id", "gi_z", "p_hoog", "q_hoog", "q_laag", "teken", "band_m"])
    return Hotspots(nothing, bands, {}, note)
