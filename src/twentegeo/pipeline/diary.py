"""
What the operator finds in the morning: `laatste_run.json` about the last night, `logboek.jsonl` about all of them.

The report is written when a night begins and again when it ends. A night that was killed without a chance to say why
therefore leaves a report as well.
"""

from __future__ import annotations

import json
import os
import socket
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from twentegeo.checks.finding import Refused
from twentegeo.errors import ReleaseError, TwenteGeoError, problem
from twentegeo.pipeline.manifest import findings_of
from twentegeo.publish import release as releasing
from twentegeo.publish.report.night import FILE as NIGHT_PAGE
from twentegeo.publish.report.night import night_of, write_night
from twentegeo.resources import let_go
from twentegeo.store import append_line, write_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twentegeo.store import Store

REMEDY: Final = "Maak ruimte of herstel de toegang en draai opnieuw; de vorige release staat nog"
KILLED: Final = "afgebroken zonder bericht (proces gedood, geheugen vol of stroom weg)"


@contextmanager
def remembered(store: Store) -> Iterator[dict[str, Any]]:
    """
    Write down how a night ended, also when it was red or killed.

    Parameters
    ----------
    store
        The outputs folder; ``laatste_run.json`` is written in it.

    Yields
    ------
    report
        What the night may add to the report.

    Raises
    ------
    ReleaseError
        In place of what the system refused (a full disk), so that the user gets one line.
    """
    start = time.perf_counter()
    before = last_night(store)
    report: dict[str, Any] = {
        "begonnen": datetime.now(tz=UTC).isoformat(timespec="seconds"),
        "bezig": {"proces": os.getpid(), "machine": socket.gethostname()},
        "vorige_gelukt": None if before is None else before.get("gelukt"),
        "gelukt": False,
        "reden": KILLED,
        "release": _newest(store),
    }
    _write(store, report)
    reason: str | None = "onderbroken"
    try:
        yield report
        reason = None
    except TwenteGeoError as error:
        reason = str(error)
        if isinstance(error, Refused):
            report["bevindingen"] = findings_of(error.findings)
        raise
    except OSError as error:
        where = error.filename or store.root
        reason = problem(where, releasing.reason(error), REMEDY)
        raise ReleaseError(reason) from error
    except Exception as error:
        reason = f"onverwachte fout: {type(error).__name__}: {error}"
        raise
    finally:
        report |= {
            "seconden": round(time.perf_counter() - start, 1),
            "gelukt": reason is None,
            "reden": reason,
            "release": _newest(store),
        }
        del report["bezig"]
        _write(store, report)
        let_go()


def last_night(store: Store) -> dict[str, Any] | None:
    """
    Read what the last night left.

    Parameters
    ----------
    store
        The outputs folder.

    Returns
    -------
    report
        ``begonnen``, ``seconden``, ``gelukt``, ``reden``, ``release``, and ``bezig`` while it runs or after it was
        killed; None before the first night.
    """
    try:
        report: dict[str, Any] = json.loads(store.last_run.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return report


def note(store: Store, what: str, **facts: object) -> None:
    """
    Add a line to the logbook; a full disk must not turn a good night red.

    Parameters
    ----------
    store
        The outputs folder.
    what
        What happened, one Dutch word.
    facts
        What to keep of it.
    """
    try:
        append_line(store.logbook, {"moment": datetime.now(tz=UTC).isoformat(timespec="seconds"), "wat": what, **facts})
    except OSError:
        return


def _newest(store: Store) -> str | None:
    newest = releasing.current(store)
    return newest.name if newest else None


def _write(store: Store, report: dict[str, Any]) -> None:
    try:
        write_json(store.last_run, report)
        write_night(store.root / NIGHT_PAGE, night_of(report))
    except OSError:  # a full disk must not hide the reason why the night was red
        return
