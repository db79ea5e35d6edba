"""
Rules on tonight's layers beside those of the last release: a register does not change by a third overnight.

:func:`twentegeo.checks.key_figures.key_figures` takes down what a release held; the next night compares. A
finding of severity ``stop`` keeps the release back until the delivery is mended or the operator accepts it by code
(:func:`accept`), which the manifest and the logbook keep.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from pydantic import Field

from twentegeo.checks.finding import Finding
from twentegeo.checks.key_figures import STOCK
from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from twentegeo.checks.finding import Severity
    from twentegeo.checks.key_figures import Figures

CBS_AREAS: Final = ("gemeente", "wijk", "buurt")
"""Layers that follow the yearly division of the CBS."""

_LEAST_SPREAD: Final = 0.1
"""Least spread against which a shift is measured, as a share of the median and in the column's own unit."""


class DriftParams(Parameters):
    """How far tonight may be from the last release."""

    max_rijen_pct: float = Field(
        default=2.0,
        gt=0,
        description=(
            "Verschil in rijen van woningen, panden, percelen en hectarecellen (%); de voorraad groeit zo'n 1% per"
            " jaar, dus 2% in een nacht is een levering die niet heel is."
        ),
    )
    max_gebieden_pct: float = Field(
        default=15.0,
        gt=0,
        description="Verschil in aantal gemeenten, wijken en buurten (%); een nieuwe CBS-jaargang scheelt er enkele.",
    )
    max_bron_pct: float = Field(
        default=10.0,
        gt=0,
        description=(
            "Verschil in rijen die een bron voor de regio gaf (%); labels groeien het hardst, zo'n 10% per jaar, en"
            " een bron die een maand overslaat blijft daar ver onder."
        ),
    )
    max_leeg_pp: float = Field(
        default=2.0,
        gt=0,
        description=(
            "Toename van het deel lege waarden in een kolom (procentpunt); zo valt een kolom op die de bron niet meer"
            " vult. Van labels verloopt hoogstens 1% per maand."
        ),
    )
    max_verdeling_pp: float = Field(
        default=5.0,
        gt=0,
        description=(
            "Deel van de rijen dat van klasse wisselt in een kolom met vaste klassen (procentpunt, halve som van de"
            " verschillen); meer in een nacht is een andere telling, geen andere voorraad."
        ),
    )
    max_verschuiving_pct: float = Field(
        default=10.0,
        gt=0,
        description="Verschuiving van p10, mediaan of p90 van een getal, in procent van de afstand tussen p10 en p90.",
    )
    max_dekking_pp: float = Field(
        default=3.0,
        gt=0,
        description="Daling van de dekking van een koppeling (procentpunt); boven C03, onder de vorige keer.",
    )
    min_rijen: int = Field(
        default=200,
        ge=1,
        description=(
            "Rijen vanaf waar verdelingen en lege waarden vergeleken worden (aantal); bij minder zegt een enkele rij"
            " te veel."
        ),
    )
    speling_rijen: int = Field(
        default=5,
        ge=0,
        description="Verschil in rijen dat altijd mag (aantal); in een kleine regio is een rij al veel.",
    )


@dataclass(frozen=True, slots=True)
class Night:
    """
    What is compared of a night.

    Attributes
    ----------
    figures
        What :func:`twentegeo.checks.key_figures.key_figures` gave.
    region
        What was asked for: municipalities, and the made-up world where there is one. Nights of different regions are
        not compared.
    method
        Whatever decides how sources become layers: code and settings. Where it differs, a shifted outcome is no
        fault of a source.
    """

    figures: Figures
    region: object
    method: object


def check_drift(tonight: Night, last: Night, parameters: DriftParams) -> list[Finding]:
    """
    Compare tonight with the last release.

    Parameters
    ----------
    tonight, last
        The night that would be published, and the one that stands.
    parameters
        Bounds.

    Returns
    -------
    findings
        In order of code. What a source decides stops the night; an outcome that moved while code or settings moved
        too is a warning.
    """
    if tonight.region != last.region:
        return [
            Finding(
                "D00",
                "waarschuwing",
                "de regio is een andere dan die van de vorige release; aantallen en verdelingen zijn niet vergeleken.",
            )
        ]
    return [
        *_rows(tonight, last, parameters),
        *_sources(tonight, last, parameters),
        *_coverage(tonight, last, parameters),
        *_distributions(tonight, last, parameters),
    ]


def accept(findings: Sequence[Finding], codes: Iterable[str], reason: str) -> list[Finding]:
    """
    Let the operator pass findings of drift.

    Parameters
    ----------
    findings
        What the checks said.
    codes
        Codes that the operator accepts; only codes of drift (``D..``) can be.
    reason
        Why, in the operator's words.

    Returns
    -------
    findings
        The accepted ones as warnings that say so.
    """
    accepted = {code for code in codes if code.startswith("D")}
    return [
        replace(one, severity="waarschuwing", message=f"{one.message} Aanvaard door de beheerder: {reason}")
        if one.code in accepted and one.severity == "stop"
        else one
        for one in findings
    ]


def _rows(tonight: Night, last: Night, parameters: DriftParams) -> Iterator[Finding]:
    """D01: every layer has about as many rows as before, and none is gone."""
    bounds = dict.fromkeys(STOCK, parameters.max_rijen_pct) | dict.fromkeys(CBS_AREAS, parameters.max_gebieden_pct)
    for name, before in last.figures["rijen"].items():
        now = int(tonight.figures["rijen"].get(name, 0))
        if name in bounds:
            yield from _count("D01", f"laag {name}", (before, now), bounds[name], parameters)
        elif before and not now:
            yield Finding("D01", "waarschuwing", f"laag {name} had {before} rijen en heeft er nu geen.")


def _sources(tonight: Night, last: Night, parameters: DriftParams) -> Iterator[Finding]:
    """D02: every source gives about as many rows as before."""
    for name, before in last.figures["bronnen"].items():
        now = int(tonight.figures["bronnen"].get(name, 0))
        yield from _count("D02", f"bron {name}", (before, now), parameters.max_bron_pct, parameters)


def _count(code: str, what: str, rows: tuple[int, int], bound: float, parameters: DriftParams) -> Iterator[Finding]:
    before, now = rows
    change = now - before
    if abs(change) <= parameters.speling_rijen or not before or abs(change) / before * 100 <= bound:
        return
    yield Finding(
        code,
        "stop",
        f"{what} heeft {now} rijen en had er {before} ({change / before:+.1%}); de grens is {bound:g}%."
        f" Kijk of de levering heel is; aanvaarden kan met --accept {code}.",
    )


def _coverage(tonight: Night, last: Night, parameters: DriftParams) -> Iterator[Finding]:
    """D03: joins match about as much as before."""
    for name, before in last.figures["dekking"].items():
        now = tonight.figures["dekking"].get(name)
        if now is not None and before - now > parameters.max_dekking_pp:
            yield Finding(
                "D03",
                "stop",
                f"koppeling '{name}' dekt {now:.1f}% en dekte {before:.1f}%; de grens is een daling van"
                f" {parameters.max_dekking_pp:g} procentpunt. Bekijk koppelverlies; aanvaarden kan met --accept D03.",
            )


def _distributions(tonight: Night, last: Night, parameters: DriftParams) -> Iterator[Finding]:
    """D04 to D06: columns are filled, and values spread, about as before."""
    severity: Severity = "stop" if tonight.method == last.method else "waarschuwing"
    for name in STOCK:
        if min(night.figures["rijen"].get(name, 0) for night in (tonight, last)) < parameters.min_rijen:
            continue
        for code, rule in (("D04", _emptied), ("D05", _reclassified), ("D06", _shifted)):
            for message in rule(name, tonight, last, parameters):
                yield Finding(code, severity, f"{message} Aanvaarden kan met --accept {code}.")


def _emptied(layer: str, tonight: Night, last: Night, parameters: DriftParams) -> Iterator[str]:
    for column, before, now in _pairs("leeg", layer, tonight, last):
        if now - before > parameters.max_leeg_pp:
            yield (
                f"kolom {column} van laag {layer} is voor {now:.1f}% leeg en was dat voor {before:.1f}%;"
                " kijk of de bron de kolom nog vult."
            )


def _reclassified(layer: str, tonight: Night, last: Night, parameters: DriftParams) -> Iterator[str]:
    for column, before, now in _pairs("klassen", layer, tonight, last):
        differences = {name: now.get(name, 0.0) - before.get(name, 0.0) for name in {*before, *now}}
        moved = sum(abs(one) for one in differences.values()) / 2
        if moved > parameters.max_verdeling_pp:
            most = max(sorted(differences), key=lambda name: abs(differences[name]))
            yield (
                f"kolom {column} van laag {layer}: {moved:.1f}% van de rijen wisselt van klasse, het meest '{most}'"
                f" ({before.get(most, 0):.1f}% werd {now.get(most, 0):.1f}%); kijk of de bron anders telt."
            )


def _shifted(layer: str, tonight: Night, last: Night, parameters: DriftParams) -> Iterator[str]:
    for column, before, now in _pairs("getallen", layer, tonight, last):
        shift = _shift(before, now)
        if shift > parameters.max_verschuiving_pct:
            yield (
                f"kolom {column} van laag {layer} verschuift {shift:.0f}% van haar spreiding: mediaan {before[1]:g}"
                f" werd {now[1]:g}; kijk of de bron anders meet."
            )


def _pairs(kind: str, layer: str, tonight: Night, last: Night) -> Iterator[tuple[str, Any, Any]]:
    """Line up what both nights say of a layer; a column that is new or gone is the contract's matter."""
    before, now = last.figures[kind].get(layer, {}), tonight.figures[kind].get(layer, {})
    yield from ((column, before[column], now[column]) for column in before if column in now)


def _shift(before: Sequence[float], now: Sequence[float]) -> float:
    """Largest shift of a quantile, in % of the spread; a column that hardly spreads is measured against its size."""
    spread = max(before[-1] - before[0], abs(before[1]) * _LEAST_SPREAD, _LEAST_SPREAD)
    return max(abs(one - other) for one, other in zip(before, now, strict=True)) / spread * 100
