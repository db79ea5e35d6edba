"""What a check says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from twentegeo.errors import ReleaseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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


class Refused(ReleaseError):  # noqa: N818 - the name says what happened
    """
    The checks keep a release back; its text is the first reason.

    Parameters
    ----------
    findings
        All that the checks said, at least one of severity ``stop``.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        first, *others = stopping(findings)
        more = f" (en nog {len(others)})" if others else ""
        super().__init__(f"controle {first.code}: {first.message}{more}")


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
