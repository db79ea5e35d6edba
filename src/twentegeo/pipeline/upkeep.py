"""Keeping the outputs folder in order, and telling how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from twentegeo.notifier import addresses
from twentegeo.pipeline.diary import last_night
from twentegeo.pipeline.telling import killed
from twentegeo.publish import release as releasing
from twentegeo.publish.retention import prune
from twentegeo.publish.rollback import hold_of
from twentegeo.store import Store, only_run

if TYPE_CHECKING:
    from twentegeo.settings import Settings

_HOUR_S: Final = 3600.0
TIDY_WAIT_S: Final = 3600.0
"""How long the clean-up waits for a night that is busy, seconds."""


@dataclass(frozen=True, slots=True)
class Tidied:
    """Run ids of the releases that a clean-up removed, and of those that the system would not remove."""

    removed: list[str]
    refused: list[str]


@dataclass(frozen=True, slots=True)
class State:
    """How it stands: facts by Dutch name, and what somebody should look at."""

    facts: dict[str, str]
    alarms: list[str]


def tidy(settings: Settings) -> Tidied:
    """
    Remove the releases that need not be kept.

    Parameters
    ----------
    settings
        The outputs folder, and how many stay.

    Returns
    -------
    tidied
        What went.

    Raises
    ------
    ReleaseError
        A night is busy in this folder, and stays so.
    """
    store = Store(settings.outputs)
    with only_run(store, TIDY_WAIT_S):
        return Tidied(*prune(store, settings.retention, datetime.now(tz=UTC)))


def state_of(settings: Settings, now: datetime, max_age_h: float) -> State:
    """
    Tell how it stands.

    Parameters
    ----------
    settings
        The region and its outputs folder.
    now
        The moment, UTC.
    max_age_h
        Age of the last good night from which it is an alarm, hours.

    Returns
    -------
    state
        No alarms where all is well.
    """
    store = Store(settings.outputs)
    report = last_night(store)
    newest = releasing.current(store)
    hold = hold_of(store)
    facts = {
        "regio": settings.region.name,
        "release": newest.name if newest else "geen",
        "laatste nacht": _night(report),
        "releases": str(len(releasing.finished(store))),
        "vastgehouden": f"op {hold.release} sinds {hold.sinds}: {hold.reden}" if hold else "nee",
        "bericht naar": f"{len(addresses())} adres(sen)",
    }
    alarms = []
    if newest is None:
        alarms.append("er is nog geen release")
    if reason := killed(settings):
        alarms.append(reason)
    elif report is None:
        alarms.append("er is nog geen nacht gedraaid")
    elif not report["gelukt"] and "bezig" not in report:
        alarms.append(f"de laatste nacht is mislukt: {report['reden']}")
    if report is not None and (age := _hours(report["begonnen"], now)) > max_age_h:
        alarms.append(f"de laatste nacht is {age:.0f} uur geleden begonnen; loopt het rooster nog?")
    if hold:
        alarms.append("latest wordt vastgehouden; hervat met twentegeo resume")
    return State(facts, alarms)


def _night(report: dict[str, Any] | None) -> str:
    if report is None:
        return "geen"
    if "bezig" in report:
        return f"{report['begonnen']}, nog niet klaar"
    end = "gelukt" if report["gelukt"] else "mislukt"
    unchanged = ", niets veranderd" if report.get("ongewijzigd") else ""
    return f"{report['begonnen']}, {report['seconden']} s, {end}{unchanged}"


def _hours(begun: str, now: datetime) -> float:
    return (now - datetime.fromisoformat(begun)).total_seconds() / _HOUR_S
