"""
How good the estimate of labels is, on registered labels that it was not shown.

Whole neighbourhoods are held out at a time: within one, houses of the same series would give each other away, and the
estimate would look better than it is where no label is near. Beside the estimate stand two that any map could make:
the classes by construction year alone, and one fixed class per period.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from twentegeo.indicators.label_estimate import IS_EFG, class_at, tail_for
from twentegeo.indicators.label_model import N_CLASSES, LabelModelParams, fit
from twentegeo.tables.columns.estimate import LABELKLASSEN, WONINGTYPEN

if TYPE_CHECKING:
    import numpy.typing as npt

    from twentegeo.indicators.label_evidence import Evidence, LabelReference

    Bools = npt.NDArray[np.bool_]
    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

MODEL: Final = "schatting"
BY_YEAR: Final = "bouwjaar alleen"
FLAT: Final = "vaste klasse per periode"
METHODS: Final = (MODEL, BY_YEAR, FLAT)

_SMALLEST: Final = 1e-4
"""Least chance in a score, so that one class thought impossible does not outweigh all the others."""
_FEW: Final = 10
"""Fewer labels than this say nothing of a neighbourhood as a whole."""
_ROUNDS: Final = 50
_BINS: Final = 10


@dataclass(frozen=True)
class HoldOut:
    """
    Predictions for labels that were held out.

    Attributes
    ----------
    rows
        One row per held-out label: ``vbo_id``, ``buurt_code``, ``proefdeel``, ``woningtype``, ``labelperiode``,
        ``methode`` (``nta8800`` or ``ouder``) and ``klasse``, the position of the registered class.
    chances
        Method (of :data:`METHODS`) to (n, 8) chance of each class as it would be registered by that label's method.
    tails
        Method to (n,) chance left out on either side of the bounds.
    """

    rows: pd.DataFrame
    chances: dict[str, Floats]
    tails: dict[str, Floats]


def hold_out(
    evidence: Evidence, neighbourhood: pd.Series[str], reference: LabelReference, parameters: LabelModelParams
) -> HoldOut:
    """
    Predict every registered label from those of other neighbourhoods.

    Parameters
    ----------
    evidence
        The dwellings with their labels.
    neighbourhood
        ``buurt_code`` of each dwelling, in the evidence's order; dwellings without one are a neighbourhood of their
        own.
    reference
        Confusion of methods and fixed classes.
    parameters
        Those of the estimate, with the number of parts and the seed. With fewer neighbourhoods than parts each
        neighbourhood is a part; with one only, nothing can be held out.

    Returns
    -------
    held
        One row per registered label of a dwelling with known type and year; empty with a single neighbourhood.
    """
    part = _parts(neighbourhood, parameters)
    confusion = reference.confusion_matrix()
    judged = evidence.registered & ~np.isnan(evidence.prior).any(axis=1) & (part >= 0)
    n = len(part)
    chances = {method: np.full((n, N_CLASSES), np.nan) for method in METHODS}
    tails = {method: np.full(n, np.nan) for method in METHODS}
    for number in range(int(part.max(initial=-1)) + 1):
        held = part == number
        shown = judged & ~held
        predicted = {
            MODEL: fit(evidence, confusion, parameters, seen=~held).chances,
            BY_YEAR: _by_year(evidence, shown)[evidence.period],
            FLAT: _flat(evidence, shown, reference)[evidence.period],
        }
        for method, found in predicted.items():
            chances[method][held] = found[held]
            tails[method][held] = tail_for(found[held & judged], parameters.interval)
    # what an older method would have registered, where that is what was registered
    older = judged & ~evidence.modern
    chances[MODEL][older] = chances[MODEL][older] @ confusion
    periods = reference.periods["labelperiode"].to_numpy(dtype=object)
    rows = pd.DataFrame(
        {
            "vbo_id": evidence.vbo_id[judged],
            "buurt_code": neighbourhood.to_numpy(dtype=object)[judged],
            "proefdeel": part[judged],
            # in the order of the figures, not of the alphabet
            "woningtype": pd.Categorical(
                np.array(WONINGTYPEN, dtype=object)[evidence.kind[judged]], categories=list(WONINGTYPEN)
            ),
            "labelperiode": pd.Categorical(periods[evidence.period[judged]], categories=list(periods)),
            "methode": np.where(evidence.modern[judged], "nta8800", "ouder"),
            "klasse": evidence.letter[judged],
        }
    )
    return HoldOut(
        rows,
        {method: values[judged] for method, values in chances.items()},
        {method: values[judged] for method, values in tails.items()},
    )


def validation_tables(held: HoldOut) -> dict[str, pd.DataFrame]:
    """
    Gather everything that the report shows.

    Parameters
    ----------
    held
        The predictions.

    Returns
    -------
    tables
        ``totaal``, ``methode``, ``woningtype`` and ``labelperiode`` as :func:`scores` gives, and ``kalibratie`` as
        :func:`calibration` gives, of all methods below each other with ``schatter`` and ``helling`` (the slope).
    """
    parts = []
    for method in METHODS:
        table, slope = calibration(held, method)
        parts.append(table.assign(schatter=method, helling=slope))
    tables = {"totaal": scores(held)}
    tables |= {by: scores(held, by) for by in ("methode", "woningtype", "labelperiode")}
    return tables | {"kalibratie": pd.concat(parts, ignore_index=True)}


def scores(held: HoldOut, by: str | None = None) -> pd.DataFrame:
    """
    Sum up how good each method is.

    Parameters
    ----------
    held
        The predictions.
    by
        Column of ``held.rows`` to split on (``woningtype``, ``labelperiode``, ``methode``); None for all together.

    Returns
    -------
    table
        One row per group and method: ``groep``, ``schatter``, ``n``, ``mae``, ``bias`` (expected minus registered
        class; positive is too pessimistic) and ``sd`` in classes, ``logscore`` (mean of ln chance of the registered
        class; higher is better), ``dekking_90`` (%), ``klassen_90`` (mean width in classes), ``aandeel_efg`` and
        ``verwacht_efg`` (%).
    """
    group = held.rows[by] if by else pd.Series("alle", index=held.rows.index)
    truth = held.rows["klasse"].to_numpy(dtype="int64")
    parts = [_each(truth, held.chances[m], held.tails[m]).assign(groep=group, schatter=m) for m in METHODS]
    rows = pd.concat(parts, ignore_index=True)
    groups = rows.groupby(["groep", "schatter"], sort=True, observed=True)
    table = groups[["mae", "bias", "logscore", "dekking_90", "klassen_90", "aandeel_efg", "verwacht_efg"]].mean()
    table.insert(0, "n", groups.size())
    table.insert(3, "sd", groups["bias"].std(ddof=0))
    order = {method: position for position, method in enumerate(METHODS)}
    return table.reset_index().sort_values(
        ["groep", "schatter"], key=lambda column: column.map(order) if column.name == "schatter" else column,
        ignore_index=True,
    )  # fmt: skip


def calibration(held: HoldOut, method: str = MODEL) -> tuple[pd.DataFrame, float]:
    """
    Hold the chance of E, F or G against how often it was so.

    Parameters
    ----------
    held
        The predictions.
    method
        Whose.

    Returns
    -------
    table
        One row per tenth of the dwellings in order of chance: ``n``, ``verwacht`` and ``gevonden`` (%).
    slope
        Of a logistic regression of the outcome on the log odds of the chance; 1 is calibrated, below 1 is too
        outspoken. NaN without both outcomes.
    """
    chance = held.chances[method] @ IS_EFG
    bad = IS_EFG[held.rows["klasse"].to_numpy(dtype="int64")].astype("float64")
    if not len(bad):
        return pd.DataFrame({"n": [], "verwacht": [], "gevonden": []}), float("nan")
    order = np.argsort(chance, kind="stable")
    tenth = np.empty(len(order), dtype="int64")
    tenth[order] = np.arange(len(order)) * _BINS // len(order)
    rows = pd.DataFrame({"tiende": tenth, "verwacht": 100 * chance, "gevonden": 100 * bad})
    groups = rows.groupby("tiende")
    return groups.mean().assign(n=groups.size()).reset_index()[["n", "verwacht", "gevonden"]], _slope(chance, bad)


def area_error(held: HoldOut, method: str = MODEL) -> float:
    """
    Measure how far whole neighbourhoods lie from what the estimate says of them.

    The spread of the mean errors of neighbourhoods, less what the spread within them explains (method of moments of a
    one-way random-effects model; DerSimonian and Laird 1986 with equal weights).

    Parameters
    ----------
    held
        The predictions.
    method
        Whose.

    Returns
    -------
    error
        Standard deviation in classes; 0 where neighbourhoods differ no more than chance makes them, NaN with fewer
        than two neighbourhoods of ten labels.
    """
    chances = held.chances[method]
    expected = chances @ np.arange(chances.shape[1])
    rows = pd.DataFrame({"buurt": held.rows["buurt_code"], "error": expected - held.rows["klasse"]})
    groups = rows.groupby("buurt")["error"].agg(["size", "mean", "var"])
    large = groups[groups["size"] >= _FEW]
    if len(large) < 2:  # noqa: PLR2004 - a spread needs two
        return float("nan")
    by_chance = (large["var"] / large["size"]).mean()
    return float(np.sqrt(max(large["mean"].var() - by_chance, 0.0)))


def _parts(neighbourhood: pd.Series[str], parameters: LabelModelParams) -> Ints:
    """Divide the neighbourhoods over the parts; the same code always draws the same whatever the order of rows."""
    codes, names = pd.factorize(neighbourhood.fillna(""), sort=True)
    if len(names) < 2:  # noqa: PLR2004
        return np.full(len(codes), -1)
    drawn = np.random.default_rng(parameters.seed).permutation(len(names))
    parts: Ints = (drawn % min(parameters.proefdelen, len(names)))[codes]
    return parts


def _by_year(evidence: Evidence, shown: Bools) -> Floats:
    """Shares of the registered classes by period; one row extra, without meaning, for an unknown year."""
    counts = np.ones((int(evidence.period.max(initial=0)) + 2, N_CLASSES))
    np.add.at(counts, (evidence.period[shown], evidence.letter[shown]), 1.0)
    shares: Floats = counts / counts.sum(axis=1, keepdims=True)
    return shares


def _flat(evidence: Evidence, shown: Bools, reference: LabelReference) -> Floats:
    """One class per period, with the chance that it was right elsewhere; the rest is shared equally."""
    fixed = pd.Index(LABELKLASSEN).get_indexer(pd.Index(reference.periods["standaardklasse"]))
    right = (fixed[evidence.period[shown]] == evidence.letter[shown]).sum()
    hit = (right + 1) / (shown.sum() + N_CLASSES)
    chances = np.full((len(fixed) + 1, N_CLASSES), (1 - hit) / (N_CLASSES - 1))
    chances[np.arange(len(fixed)), fixed] = hit
    return chances


def _each(truth: Ints, chances: Floats, tails: Floats) -> pd.DataFrame:
    total = np.cumsum(chances, axis=1)
    last = chances.shape[1] - 1
    low = np.minimum((total < tails[:, None] - 1e-9).sum(axis=1), last)
    high = np.minimum((total < (1 - tails)[:, None] - 1e-9).sum(axis=1), last)
    error = (class_at(chances, 0.5) - truth).astype("float64")
    given = chances[np.arange(len(truth)), truth]
    return pd.DataFrame(
        {
            "mae": np.abs(error),
            "bias": error,
            "logscore": np.log(np.maximum(given, _SMALLEST)),
            "dekking_90": 100.0 * ((low <= truth) & (truth <= high)),
            "klassen_90": (high - low + 1).astype("float64"),
            "aandeel_efg": 100.0 * IS_EFG[truth],
            "verwacht_efg": 100.0 * (chances @ IS_EFG),
        }
    )


def _slope(chance: Floats, bad: Floats) -> float:
    """Fit a logistic regression with one predictor by Newton's method."""
    if bad.min() == bad.max():
        return float("nan")
    clipped = np.clip(chance, _SMALLEST, 1 - _SMALLEST)
    design = np.column_stack([np.ones(len(clipped)), np.log(clipped / (1 - clipped))])
    weights = np.array([0.0, 1.0])
    for _ in range(_ROUNDS):
        fitted = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        information = (design * (fitted * (1 - fitted))[:, None]).T @ design + 1e-9 * np.eye(2)
        step = np.linalg.solve(information, design.T @ (bad - fitted))
        weights = weights + step
        if np.abs(step).max() < 1e-8:  # noqa: PLR2004
            break
    return float(weights[1])
