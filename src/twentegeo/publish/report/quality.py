"""
How good the estimate of labels turned out on labels that it was not shown, as the manifest keeps it.

The pipeline puts what :func:`twentegeo.indicators.label_validation.validation_tables` gives in the manifest, row by
row; the report reads it back with :func:`validation_of`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KEY: Final = "validatie"
ABOUT: Final = "validatie_over"
"""Where the manifest keeps it, and what was tested."""

TOTAL: Final = "totaal"
CALIBRATION: Final = "kalibratie"


@dataclass(frozen=True, slots=True)
class Scored:
    """
    How one way of estimating did on one group of held-out labels.

    Attributes
    ----------
    groep, schatter
        Group (``alle`` for all together) and way of estimating; the first in the list is the estimate itself.
    n
        Labels.
    mae, bias, sd
        In classes; a positive bias is too pessimistic.
    logscore
        Mean of ln chance of the registered class; higher is better.
    dekking_90, klassen_90
        How often the 90 % bounds hold the class (%), and how many classes they span.
    aandeel_efg, verwacht_efg
        Registered and expected share of E, F and G (%).
    """

    groep: str
    schatter: str
    n: int
    mae: float
    bias: float
    sd: float
    logscore: float
    dekking_90: float
    klassen_90: float
    aandeel_efg: float
    verwacht_efg: float


@dataclass(frozen=True, slots=True)
class Bin:
    """
    One point of a calibration curve.

    Attributes
    ----------
    schatter
        Way of estimating.
    n
        Labels.
    verwacht, gevonden
        Mean chance of E, F or G, and how often it was so (%).
    helling
        Slope of the whole curve; 1 is calibrated, None without both outcomes.
    """

    schatter: str
    n: int
    verwacht: float
    gevonden: float
    helling: float | None


@dataclass(frozen=True, slots=True)
class Validation:
    """
    Everything that is known of the estimate's quality.

    Attributes
    ----------
    total
        One line per way of estimating.
    groups
        Lines per group, by what they are split on (``methode``, ``woningtype``, ``labelperiode``).
    calibration
        Points of the curves.
    labels
        Date of the label delivery that was tested; None where unknown.
    area_error
        Spread of whole neighbourhoods around what the estimate says of them, in classes; None where unknown.
    """

    total: tuple[Scored, ...]
    groups: Mapping[str, tuple[Scored, ...]]
    calibration: tuple[Bin, ...]
    labels: dt.date | None = None
    area_error: float | None = None

    @property
    def model(self) -> Scored:
        """The estimate itself, on all labels."""
        return self.total[0]


def validation_of(facts: Mapping[str, Any]) -> Validation | None:
    """
    Read the validation from a manifest.

    Parameters
    ----------
    facts
        The manifest.

    Returns
    -------
    validation
        None where nothing was validated.
    """
    tables, about = facts.get(KEY) or {}, facts.get(ABOUT) or {}
    if not tables.get(TOTAL):
        return None
    return Validation(
        total=tuple(_scored(tables[TOTAL])),
        groups={name: tuple(_scored(rows)) for name, rows in tables.items() if name not in (TOTAL, CALIBRATION)},
        calibration=tuple(
            Bin(row["schatter"], int(row["n"]), _real(row["verwacht"]), _real(row["gevonden"]), row.get("helling"))
            for row in tables.get(CALIBRATION, ())
        ),
        labels=dt.date.fromisoformat(about["labels"]) if about.get("labels") else None,
        area_error=about.get("gebiedsfout"),
    )


def _scored(rows: Iterable[Mapping[str, Any]]) -> list[Scored]:
    reals = [field.name for field in fields(Scored)][3:]
    return [
        Scored(str(row["groep"]), str(row["schatter"]), int(row["n"]), *(_real(row.get(name)) for name in reals))
        for row in rows
    ]


def _real(value: float | None) -> float:
    return float("nan") if value is None else float(value)
