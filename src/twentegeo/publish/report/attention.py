"""Green, orange or red, and why: the first thing that the operator sees in the morning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from twentegeo.publish import dutch
from twentegeo.tables import layers as contracts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twentegeo.publish.report.changes import Changes
    from twentegeo.publish.report.parameters import ReportParams
    from twentegeo.publish.report.quality import Validation
    from twentegeo.publish.statement import Source, Statement

State = Literal["groen", "oranje", "rood"]

WORDS: Final[dict[State, str]] = {
    "groen": "In orde",
    "oranje": "Bruikbaar, met aandachtspunten",
    "rood": "Niet gebruiken",
}


@dataclass(frozen=True, slots=True)
class Point:
    """
    One thing that needs attention.

    Attributes
    ----------
    state
        ``rood`` stops the use of a release, ``oranje`` wants a look.
    text
        One line of Dutch: what it is and what to do.
    section
        Anchor of the section that tells more.
    """

    state: State
    text: str
    section: str


def points(
    statement: Statement, changes: Changes | None, validation: Validation | None, parameters: ReportParams
) -> list[Point]:
    """
    List what needs attention.

    Parameters
    ----------
    statement
        The release.
    changes
        What differs from the release before; None for a first one.
    validation
        Quality of the estimate; None where it was not validated.
    parameters
        Bounds.

    Returns
    -------
    points
        Most serious first.
    """
    found = [
        *_findings(statement),
        *_old_sources(statement, parameters),
        *_left_out(statement),
        *_fallen(changes, parameters),
        *_estimate(validation, parameters),
    ]
    return sorted(found, key=lambda point: point.state != "rood")


def state_of(found: list[Point]) -> State:
    """
    Sum points up in one colour.

    Parameters
    ----------
    found
        What needs attention.

    Returns
    -------
    state
        The most serious one; green where there is nothing.
    """
    states = {point.state for point in found}
    return "rood" if "rood" in states else "oranje" if states else "groen"


def age(source: Source, statement: Statement) -> int | None:
    """
    Tell how old a source was when the run used it.

    Parameters
    ----------
    source
        The source.
    statement
        The release.

    Returns
    -------
    days
        From the date that the delivery refers to until the run; None where that date is unknown.
    """
    return None if source.date is None else (statement.edition.moment.date() - source.date).days


def is_old(source: Source, statement: Statement, parameters: ReportParams) -> bool:
    """
    Tell whether a source is older than it may be.

    Parameters
    ----------
    source, statement
        The source and the release.
    parameters
        Bounds.

    Returns
    -------
    old
        False where its date is unknown, or no bound is set for it.
    """
    bound, days = getattr(parameters.leeftijd, source.name, None), age(source, statement)
    return bound is not None and days is not None and days > bound


def _findings(statement: Statement) -> Iterator[Point]:
    for one in statement.findings:
        yield Point("rood" if one.severity == "stop" else "oranje", f"{one.code}: {one.message}", "controles")


def _old_sources(statement: Statement, parameters: ReportParams) -> Iterator[Point]:
    for source in statement.sources:
        if is_old(source, statement, parameters):
            bound = getattr(parameters.leeftijd, source.name)
            yield Point(
                "oranje",
                f"{source.title} is {dutch.number(age(source, statement))} dagen oud (grens {bound});"
                " haal een nieuwe levering op.",
                "bronnen",
            )


def _left_out(statement: Statement) -> Iterator[Point]:
    if statement.left_out:
        names = dutch.listing(list(statement.left_out))
        yield Point("oranje", f"Zonder rijen en daarom weggelaten: {names}.", "lagen")
    # on larger areas a figure that is missing is seldom missed; the section on sources lists it
    aliases = {column.name: column.alias.lower() for column in contracts.BUURT.columns}
    missing = [aliases.get(column, column) for layer, column in statement.missing_figures if layer == "buurt"]
    if missing:
        verb = "ontbreken per buurt en zijn" if len(missing) > 1 else "ontbreekt per buurt en is"
        figures = f"{len(missing)} CBS-cijfers" if len(missing) > 1 else "Een CBS-cijfer"
        yield Point("oranje", f"{figures} {verb} leeg: {dutch.listing(missing)}.", "bronnen")


def _fallen(changes: Changes | None, parameters: ReportParams) -> Iterator[Point]:
    if changes is None:
        return
    bound = parameters.daling_dekking
    if changes.coverage and (changes.coverage.difference or 0) < -bound:
        yield Point(
            "oranje",
            f"De labeldekking van de regio daalde {dutch.number(-(changes.coverage.difference or 0), 1)} procentpunt;"
            " bekijk de koppeling van labels.",
            "veranderd",
        )
    towns = [
        f"{one.what} ({dutch.signed(one.difference, 1)})" for one in changes.towns if (one.difference or 0) < -bound
    ]
    if towns:
        yield Point("oranje", f"Labeldekking gedaald in {dutch.listing(towns)}.", "veranderd")


def _estimate(validation: Validation | None, parameters: ReportParams) -> Iterator[Point]:
    if validation is None:
        return
    model, bounds = validation.model, parameters
    misses = []
    if model.sd > bounds.schatting_sd:
        misses.append(f"spreiding {dutch.number(model.sd, 2)} (grens {dutch.number(bounds.schatting_sd, 2)})")
    if abs(model.bias) > bounds.schatting_bias:
        misses.append(f"bias {dutch.signed(model.bias, 2)} (grens {dutch.number(bounds.schatting_bias, 2)})")
    if not bounds.interval_onder <= model.dekking_90 <= bounds.interval_boven:
        misses.append(f"trefkans interval {dutch.percentage(model.dekking_90)}")
    if misses:
        yield Point("oranje", f"De labelschatting haalt de norm niet: {dutch.listing(misses)}.", "schatting")
