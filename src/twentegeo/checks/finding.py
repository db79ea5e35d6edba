"""What a check says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Severity = Literal["stop", "waarschuwing"]


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing that a rule noticed.

    Attributes
    ----------
    code
        Code of the rule, for example ``C03``.
    severity
        ``stop`` keeps the release back; ``waarschuwing`` goes into the report.
    message
        One line of Dutch: what is wrong, where, what to do.
    """

    code: str
    severity: Severity
    message: str


def stopping(findings: Iterable[Finding]) -> list[Finding]:
    """
    Pick the findings that keep a release back.

    Parameters
    ----------
    findings
        All findings.

    Returns
    -------
    stopping
        Those of severity ``stop``.
    """
    return [finding for finding in findings if finding.severity == "stop"]
