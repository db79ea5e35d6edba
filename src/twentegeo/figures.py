"""
The figures that steer a result: `config/reference/*.csv`, each number with its unit and its source.

Rooms receive them typed and never read a file themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from twentegeo.errors import SettingsError, problem
from twentegeo.indicators.energy import EnergyReference
from twentegeo.indicators.label_evidence import LabelReference
from twentegeo.indicators.lifecourse_figures import LifecourseReference
from twentegeo.priority.normalise import Norms

if TYPE_CHECKING:
    from pathlib import Path

_REMEDY = "Herstel het bestand uit de broncode"


@dataclass(frozen=True)
class Reference:
    """
    Figures per subject.

    Attributes
    ----------
    energy, labels, lifecourse
        What the indicators of that name need.
    norms
        Frozen limits of the pillars.
    styles
        Folder of class tables for legends.
    mark
        The text of every file, so that a changed figure is a changed input.
    """

    energy: EnergyReference
    labels: LabelReference
    lifecourse: LifecourseReference
    norms: Norms
    styles: Path
    mark: tuple[str, ...]


def load_reference(folder: Path) -> Reference:
    """
    Read the figures that come with the program.

    Parameters
    ----------
    folder
        The `config` folder.

    Returns
    -------
    reference
        Figures per subject.

    Raises
    ------
    SettingsError
        A file is absent, lacks a column, or holds figures that contradict each other.
    """
    at = folder / "reference"
    try:
        return Reference(
            energy=EnergyReference(
                class_score=_figures(at / "energieklassen.csv", ("klasse", "score")).set_index("klasse")["score"],
                periods=_figures(at / "bouwperioden.csv", ("bouwperiode", "vanaf")),
            ),
            labels=LabelReference(
                prior=_figures(at / "labelprior.csv", ("woningsoort", "vanaf")),
                confusion=_figures(at / "labelverwarring.csv", ("klasse",)),
                periods=_figures(at / "labelperioden.csv", ("labelperiode", "vanaf", "standaardklasse")),
            ),
            lifecourse=LifecourseReference(
                chances=_figures(at / "levensloop_kansen.csv", ("reden",)).set_index("reden"),
                scores=_figures(at / "levensloop_scores.csv", ("klasse", "score")).set_index("klasse")["score"],
                lift=_figures(at / "liftkansen.csv", ("bouwlagen_vanaf", "bouwjaar_vanaf", "kans")),
                brackets=_figures(at / "uitbouwruimte.csv", ("vanaf_m2", "deel")),
            ),
            norms=Norms(_figures(at / "normering.csv", ("niveau", "pijler", "indicator", "gewicht", "onder", "boven"))),
            styles=folder / "styles",
            mark=tuple(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*/*.csv"))),
        )
    except ValueError as error:
        if isinstance(error, SettingsError):
            raise
        raise SettingsError(problem(at, str(error), _REMEDY)) from error


def _figures(path: Path, needed: tuple[str, ...]) -> pd.DataFrame:
    try:
        table = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise SettingsError(problem(path, f"niet te lezen ({error})", _REMEDY)) from error
    missing = [column for column in needed if column not in table.columns]
    if missing:
        raise SettingsError(problem(path, f"mist kolom {', '.join(missing)}", _REMEDY))
    return table
