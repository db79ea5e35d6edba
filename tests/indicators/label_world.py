"""Dwellings with types, places and labels written out by hand, for the estimate of labels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from twentegeo.indicators.label_estimate import LabelEstimate, estimate_labels
from twentegeo.indicators.label_evidence import LabelReference, gather_evidence
from twentegeo.indicators.label_model import LabelModelParams, fit
from twentegeo.settings import config_folder
from twentegeo.tables.columns.estimate import LABELKLASSEN

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True)
class Home:
    """A dwelling; every one is its own pand unless `series` says which."""

    letter: str | None = None
    method: str = "nta8800"
    expired: bool = False
    year: int | None = 1960
    kind: str | None = "rij tussen"
    form: float | None = 1.8
    series: str | None = None
    buurt: str | None = "BU01530001"

    def but(self, **changes: object) -> Home:
        return replace(self, **changes)  # type: ignore[arg-type]


def vbo(number: int) -> str:
    return f"015301{number:010d}"


def pand(number: int) -> str:
    return f"015310{number:010d}"


@cache
def reference() -> LabelReference:
    """Read the real figures; they are not to be changed."""
    folder = config_folder() / "reference"
    return LabelReference(
        prior=pd.read_csv(folder / "labelprior.csv"),
        confusion=pd.read_csv(folder / "labelverwarring.csv"),
        periods=pd.read_csv(folder / "labelperioden.csv"),
    )


def exact(*, prior: list[float] | None = None) -> LabelReference:
    """Make figures in which an older method never errs, and one prior holds for all types and years."""
    shares = prior or [1.0] * 8
    kinds = ("vrijstaand", "2-onder-1-kap", "rij hoek", "rij tussen", "meergezins")
    table = pd.DataFrame([shares] * len(kinds), columns=list(LABELKLASSEN)).assign(woningsoort=kinds, vanaf=np.nan)
    confusion = pd.DataFrame(np.eye(8), columns=list(LABELKLASSEN)).assign(klasse=LABELKLASSEN)
    periods = pd.DataFrame({"labelperiode": ["oud", "nieuw"], "vanaf": [np.nan, 1975.0], "standaardklasse": ["D", "A"]})
    return LabelReference(table, confusion, periods)


def tables(homes: list[Home]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Give woningen, pand_type and woning_label."""
    n = range(len(homes))
    buurten = [home.buurt for home in homes]
    woningen = pd.DataFrame(
        {
            "vbo_id": pd.Series([vbo(i) for i in n], dtype="str"),
            "pand_id": pd.Series([pand(i) if homes[i].kind else None for i in n], dtype="str"),
            "bouwjaar": pd.Series([home.year for home in homes], dtype="Int64"),
            "gemeente_code": pd.Series(["GM" + (b or "BU0153")[2:6] for b in buurten], dtype="str"),
            "wijk_code": pd.Series([b and "WK" + b[2:8] for b in buurten], dtype="str"),
            "buurt_code": pd.Series(buurten, dtype="str"),
        }
    )
    typed = [i for i in n if homes[i].kind]
    pand_type = pd.DataFrame(
        {
            "pand_id": pd.Series([pand(i) for i in typed], dtype="str"),
            "woningtype": pd.Series([homes[i].kind for i in typed], dtype="str"),
            "vormfactor": pd.Series([homes[i].form for i in typed], dtype="float64"),
            "reeks_id": pd.Series([homes[i].series or f"eigen {i}" for i in typed], dtype="str"),
        }
    )
    labelled = [i for i in n if homes[i].letter]
    woning_label = pd.DataFrame(
        {
            "vbo_id": pd.Series([vbo(i) for i in labelled], dtype="str"),
            "energielabel": pd.Series([None if homes[i].expired else homes[i].letter for i in labelled], dtype="str"),
            "label_verlopen": pd.Series([homes[i].letter if homes[i].expired else None for i in labelled], dtype="str"),
            "label_methode": pd.Series([homes[i].method for i in labelled], dtype="str"),
        }
    )
    return woningen, pand_type, woning_label


def judge(
    homes: list[Home], figures: LabelReference | None = None, parameters: LabelModelParams | None = None
) -> LabelEstimate:
    return estimate_labels(*tables(homes), figures or reference(), parameters or LabelModelParams())


def chances(homes: list[Home]) -> npt.NDArray[np.float64]:
    """Give the chances only, with the real figures."""
    parameters = LabelModelParams()
    evidence = gather_evidence(*tables(homes), reference(), parameters.vormfactor_grenzen)
    return fit(evidence, reference().confusion_matrix(), parameters).chances
