"""
How the last night ended, as a page: also when it was red and there is no new release to report on.

It stands beside the releases, under the same name every morning, and points at the release that stands.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from twentegeo.publish.report.templating import environment, style
from twentegeo.store import write_atomic

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE: Final = "laatste_run.html"


@dataclass(frozen=True, slots=True)
class Night:
    """
    The end of a night.

    Attributes
    ----------
    begun
        When it began, UTC.
    seconds
        How long it took.
    reason
        Why it was red, in Dutch; None where it was not.
    release
        ``run_id`` of the release that stands; None where there is none yet.
    held
        Why the operator keeps the release that stands, though a newer one is ready; None where it is not kept.
    findings
        What the checks said of a night that they stopped.
    """

    begun: dt.datetime
    seconds: float
    reason: str | None
    release: str | None
    held: str | None = None
    findings: tuple[str, ...] = ()

    @property
    def of_tonight(self) -> bool:
        """True where the release that stands was made by this night (the page's template asks)."""
        return self.release is not None and self.release >= f"{self.begun:%Y%m%dT%H%M%SZ}"

    @property
    def made(self) -> dt.datetime | None:
        """When the release that stands was made."""
        if self.release is None:
            return None
        return dt.datetime.strptime(self.release, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)


def night_of(report: Mapping[str, Any]) -> Night:
    """
    Read how a night ended.

    Parameters
    ----------
    report
        What ``laatste_run.json`` holds.

    Returns
    -------
    night
        The same, typed.
    """
    return Night(
        begun=dt.datetime.fromisoformat(report["begonnen"]),
        seconds=float(report.get("seconden", 0.0)),
        reason=None if report["gelukt"] else str(report["reden"]),
        release=report["release"],
        held=report.get("vastgehouden"),
        findings=tuple(f"{one['code']}: {one['melding']}" for one in report.get("bevindingen", ())),
    )


def write_night(path: Path, night: Night) -> None:
    """
    Write the page.

    Parameters
    ----------
    path
        HTML file in the outputs folder; replaced when it is there.
    night
        How it ended.

    Raises
    ------
    OSError
        The disk refused.
    """
    sheet, digest = style()
    html = environment().get_template("nacht.html.j2").render(nacht=night, stijl=sheet, stijl_hash=digest)
    write_atomic(path, html.encode())
