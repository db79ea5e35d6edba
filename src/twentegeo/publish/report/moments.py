"""Moments on the clock that the operator lives by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from twentegeo.publish import dutch

if TYPE_CHECKING:
    import datetime as dt

_HERE: Final = "Europe/Amsterdam"


def local(moment: dt.datetime) -> str:
    """
    Write a moment in Dutch time.

    Parameters
    ----------
    moment
        With a time zone.

    Returns
    -------
    text
        For example ``25 november 2026, 20:42 uur``; in UTC, and saying so, where the machine knows no time zones.
    """
    try:
        here, zone = moment.astimezone(ZoneInfo(_HERE)), ""
    except ZoneInfoNotFoundError:
        here, zone = moment, " (UTC)"
    return f"{dutch.date(here.date())}, {here:%H:%M} uur{zone}"
