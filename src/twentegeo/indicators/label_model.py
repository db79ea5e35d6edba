"""
The chance of each label class for every dwelling, from the labels of its likes.

A Dirichlet-multinomial at each level: what the wider level says counts for so many labels (the concentration), and
the labels of the narrower level are added. Wide to narrow: national survey, period, type, form factor,
municipality, district, neighbourhood, series (methods.md 5.4). A level without labels passes on what the wider one
says.

A label by an older method is no class by NTA 8800 but a clue to it. It counts in parts, one per class, in proportion
to the chance of that class for such a dwelling times the chance that the older method gives the registered letter
(methods.md 5.1). In its own estimate a dwelling's own label is left out of the counts, so that no label counts twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from pydantic import Field

from twentegeo.indicators.label_evidence import LEVELS
from twentegeo.tables.columns.estimate import LABELKLASSEN
from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    import numpy.typing as npt

    from twentegeo.indicators.label_evidence import Evidence

    Bools = npt.NDArray[np.bool_]
    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

N_CLASSES: Final = len(LABELKLASSEN)


class LabelModelParams(Parameters):
    """What steers the estimate of labels."""

    gewicht_landelijk: float = Field(
        default=15.0,
        gt=0,
        description="Gewicht (labels) van de landelijke verdeling per type en periode: laag, want WoON is een kleine"
        " steekproef; 10 tot 20 is gebruikelijk voor zo'n begin.",
    )
    menging_landelijk: float = Field(
        default=0.05,
        ge=0.001,
        le=0.5,
        description="Deel (verhouding) van de landelijke verdeling dat gelijk over alle klassen gespreid wordt: een nul"
        " in een kleine steekproef is geen bewijs dat de klasse niet voorkomt.",
    )
    gewicht_periode: float = Field(
        default=20.0,
        gt=0,
        description="Gewicht (labels) van de periode in de regio tegenover een type in die periode: een type met weinig"
        " labels leunt op alle woningen uit dezelfde tijd.",
    )
    gewicht_type: float = Field(
        default=50.0,
        gt=0,
        description="Gewicht (labels) van type en periode in de regio tegenover dezelfde met gelijke vormfactor.",
    )
    gewicht_vormfactor: float = Field(
        default=100.0,
        gt=0,
        description="Gewicht (labels) van de regio tegenover de gemeente: gemeenten in een regio lijken op elkaar.",
    )
    gewicht_gemeente: float = Field(
        default=50.0, gt=0, description="Gewicht (labels) van de gemeente tegenover de wijk."
    )
    gewicht_wijk: float = Field(
        default=25.0,
        gt=0,
        description="Gewicht (labels) van de wijk tegenover de buurt: buurten verschillen meer dan wijken.",
    )
    gewicht_buurt: float = Field(
        default=6.0,
        gt=0,
        description="Gewicht (labels) van de buurt tegenover de eigen reeks: woningen in een reeks zijn gelijk gebouwd"
        " en vaak tegelijk verbeterd, dus enkele labels in de reeks zeggen meer dan vele erbuiten. Op het voorbeeld"
        " voorspelt 6 tot 10 het best.",
    )
    vormfactor_grenzen: tuple[float, ...] = Field(
        default=(1.5, 2.0, 2.5),
        description="Grenzen (m²/m²) tussen banden van de vormfactor; bij 2-onder-1-kap van voor 1965 is het deel E, F"
        " of G 19% van 1,5 tot 2,0 en 47% van 2,0 tot 2,5 (RVO Voorbeeldwoningen met WoON 2018).",
    )
    stappen_ouder: int = Field(
        default=1,
        ge=1,
        le=20,
        description="Keren (aantal) dat labels van een oudere methode opnieuw over de klassen verdeeld worden; een keer"
        " brengt bijna alle winst, vaker verscherpt wat de verwarring maar ruw beschrijft.",
    )
    reeks_samenhang: float = Field(
        default=0.3,
        ge=0,
        le=1,
        description="Samenhang (0 tot 1) tussen labels in een reeks. Buiten de reeks tellen n labels eruit voor"
        " n / (1 + (n - 1) x samenhang): een flat met honderd gelijke labels is geen honderd onafhankelijke woningen.",
    )
    bewijs_minimum: int = Field(
        default=2,
        ge=1,
        description="Labels (aantal) vanaf waar een schatting naar een niveau genoemd wordt; een enkel label is nog"
        " geen buurt of reeks.",
    )
    interval: float = Field(
        default=0.90,
        gt=0,
        lt=1,
        description="Deel (verhouding) van de woningen zonder label waarvan de klasse binnen de gepubliceerde grenzen"
        " moet liggen.",
    )
    seed: int = Field(
        default=7,
        ge=0,
        description="Startgetal (geen eenheid) van de verdeling van buurten over de proefdelen van de validatie.",
    )
    proef_tot_labels: int = Field(
        default=20_000,
        ge=0,
        description=(
            "Aantal labels tot waar elke nacht de schatting op de proef stelt (labels); daarboven duurt het te lang en"
            " doet 'twentegeo validate' het, bijvoorbeeld wekelijks. Het rapport toont de laatste uitkomst."
        ),
    )
    proefdelen: int = Field(
        default=5,
        ge=2,
        le=50,
        description="Delen (aantal) waarin de buurten voor de validatie verdeeld worden; elk deel wordt geschat uit de"
        " andere. Vijf is gewoon: elk deel houdt genoeg labels, en de rest ook.",
    )

    def concentrations(self) -> tuple[float, ...]:
        """
        List the weights of the wider level, one per level of ``LEVELS``.

        Returns
        -------
        weights
            In labels.
        """
        return (
            self.gewicht_landelijk,
            self.gewicht_periode,
            self.gewicht_type,
            self.gewicht_vormfactor,
            self.gewicht_gemeente,
            self.gewicht_wijk,
            self.gewicht_buurt,
        )


@dataclass(frozen=True)
class Posterior:
    """
    What the labels say of each dwelling.

    Attributes
    ----------
    chances
        (n, 8) chance of each class, adding up to 1. One at the letter of a label by NTA 8800; for an older label
        the estimate of its likes joined with the letter. NaN where type or year is unknown and there is no label.
    n_labels
        (n, levels) labels of other dwellings in the cell at each level; 0 with a label by NTA 8800.
    strength
        How many labels the estimate at the narrowest level weighs: the sum of its Dirichlet parameters. Infinite
        with a label by NTA 8800.
    """

    chances: Floats
    n_labels: Ints
    strength: Floats


def fit(evidence: Evidence, confusion: Floats, parameters: LabelModelParams, seen: Bools | None = None) -> Posterior:
    """
    Estimate the class of every dwelling.

    Parameters
    ----------
    evidence
        The dwellings.
    confusion
        (8, 8) chance of the older class (columns) given the class by NTA 8800 (rows).
    parameters
        What steers the estimate.
    seen
        Labels that may be used; None for all. The others are treated as if not registered.

    Returns
    -------
    posterior
        In the order of `evidence`; it does not depend on that order.
    """
    used = evidence.registered if seen is None else evidence.registered & seen
    modern = used & evidence.modern
    older = used & ~evidence.modern
    prior = (1 - parameters.menging_landelijk) * evidence.prior + parameters.menging_landelijk / N_CLASSES
    labels = _Labels(
        np.zeros((len(prior), N_CLASSES)), used, _worth(evidence.cells[-1], used, parameters.reeks_samenhang)
    )
    labels.counted[modern, evidence.letter[modern]] = 1.0
    # the chance of the registered letter for each true class
    likelihood = confusion.T[evidence.letter[older]]
    labels.counted[older] = _shares(likelihood)
    start = np.where(np.isnan(prior), 1.0 / N_CLASSES, prior)
    weights = parameters.concentrations()
    every = np.flatnonzero(older)
    for _ in range(parameters.stappen_ouder if len(every) else 0):
        found = _cascade(start, evidence.cells, labels, weights, every)
        labels.counted[older] = _shares(found[0] * likelihood)
    # a label by NTA 8800 needs no estimate
    rest = np.flatnonzero(~modern)
    found = _cascade(start, evidence.cells, labels, weights, rest)
    posterior = Posterior(
        chances=labels.counted.copy(),
        n_labels=np.zeros((len(prior), len(LEVELS)), dtype="int64"),
        strength=np.full(len(prior), np.inf),
    )
    posterior.chances[rest], posterior.n_labels[rest], posterior.strength[rest] = found
    posterior.chances[np.isnan(prior[:, 0]) & ~used] = np.nan
    posterior.chances[older] = _shares(posterior.chances[older] * likelihood)
    return posterior


class _Labels(NamedTuple):
    """Labels as counts: (n, 8) parts per class, which dwellings have one, and its worth outside its series."""

    counted: Floats
    used: Bools
    worth: Floats


def _worth(series: Ints, used: Bools, alike: float) -> Floats:
    """Let the labels of one series count for fewer, as they say the same thing (the design effect of clusters)."""
    inside = used & (series >= 0)
    n = np.bincount(series[inside], minlength=int(series.max(initial=-1)) + 1)
    together = np.append(n, 1)[series]
    return np.where(used, 1.0 / (1.0 + (np.maximum(together, 1) - 1) * alike), 0.0)


def _shares(amounts: Floats) -> Floats:
    shares: Floats = amounts / amounts.sum(axis=1, keepdims=True)
    return shares


def _cascade(
    prior: Floats, cells: tuple[Ints, ...], labels: _Labels, weights: tuple[float, ...], rows: Ints
) -> tuple[Floats, Ints, Floats]:
    """Go from wide to narrow for some rows, each without its own label; gives the parts of a :class:`Posterior`."""
    chances = prior[rows]
    mine, used = labels.counted[rows], labels.used[rows]
    n_labels = np.zeros((len(rows), len(LEVELS)), dtype="int64")
    strength = np.zeros(len(rows))
    for level, (cell, weight) in enumerate(zip(cells, weights, strict=True)):
        worth = labels.used.astype("float64") if level == len(LEVELS) - 1 else labels.worth
        sums, number = _sums(cell, labels, worth)
        here = cell[rows]
        # without a cell (-1) the last row, which is empty: what the wider level says is passed on
        others = sums[here] - mine * worth[rows, None]
        np.maximum(others, 0.0, out=others)
        total = weight + others.sum(axis=1)
        chances = (weight * chances + others) / total[:, None]
        n_labels[:, level] = np.maximum(number[here] - used, 0)
        strength = np.where(here >= 0, total, strength)
    return _shares(chances), n_labels, strength


def _sums(cell: Ints, labels: _Labels, worth: Floats) -> tuple[Floats, Ints]:
    """Count the labels of each cell, in parts per class and as labels; an empty cell is added for rows without."""
    evident = np.flatnonzero(labels.used & (cell >= 0))
    at, size = cell[evident], int(cell.max(initial=-1)) + 2
    parts = labels.counted[evident] * worth[evident, None]
    sums: Floats = np.column_stack([np.bincount(at, parts[:, k], size) for k in range(N_CLASSES)]).astype("float64")
    return sums, np.bincount(at, minlength=size).astype("int64")
