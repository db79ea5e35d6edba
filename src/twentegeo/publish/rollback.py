"""
Going back to an earlier release, and staying there.

The night after a roll-back would compute the very release that was taken back and publish it again. So a roll-back
leaves a hold: nights run and are checked, their result waits in staging, and ``latest`` stays where the operator put
it, until the operator lifts the hold or publishes a staged release himself.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from twentegeo.errors import ReleaseError, problem
from twentegeo.publish.release import RUN_ID, current, finished, manifest_of, point, predecessor, reason
from twentegeo.publish.sealing import damaged, refuse_unfinished
from twentegeo.store import append_line, write_json

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from twentegeo.store import Store


@dataclass(frozen=True, slots=True)
class Hold:
    """
    Why ``latest`` stays where it is.

    Attributes
    ----------
    release
        The release that ``latest`` was put on.
    teruggenomen
        The release that was taken back.
    reden
        What the operator wrote.
    sinds
        Since when, UTC, as text.
    """

    release: str
    teruggenomen: str
    reden: str
    sinds: str


def earlier(store: Store) -> Path:
    """
    Choose the release to go back to where the operator names none.

    Parameters
    ----------
    store
        The outputs folder.

    Returns
    -------
    folder
        The release that the newest one followed, by its own manifest; else the one with the next older name.

    Raises
    ------
    ReleaseError
        There is no earlier release.
    """
    newest = current(store)
    before = predecessor(store, newest.name, manifest_of(newest)) if newest else None
    if before is not None:
        return before
    raise ReleaseError(problem(store.releases, "er staat geen eerdere release", "Draai eerst twentegeo run"))


def roll_back(store: Store, run_id: str | None, why: str, now: datetime) -> Path:
    """
    Put ``latest`` on an earlier release and hold it there; call it while holding :func:`twentegeo.store.only_run`.

    Parameters
    ----------
    store
        The outputs folder.
    run_id
        The release to go back to; None for the one before the newest.
    why
        What to write down; everyone who looks at the nights sees it.
    now
        The moment, UTC.

    Returns
    -------
    folder
        The release that stands now.

    Raises
    ------
    ReleaseError
        There is no such release, it is damaged or being edited, or the disk refused; ``latest`` stays.
    """
    folder = earlier(store) if run_id is None else _named(store, run_id)
    refuse_unfinished(folder)
    if wrong := damaged(folder):
        more = f" (en nog {len(wrong) - 1})" if len(wrong) > 1 else ""
        raise ReleaseError(
            problem(
                folder / wrong[0], f"is veranderd of weg sinds de release{more}", "Kies een andere release met --to"
            )
        )
    newest = current(store)
    left = newest.name if newest else ""
    hold = Hold(release=folder.name, teruggenomen=left, reden=why, sinds=now.isoformat(timespec="seconds"))
    try:
        # the hold first: a crash between the two acts must not let tonight's night undo what was begun
        write_json(store.hold, asdict(hold))
        point(store, folder)
        append_line(
            store.logbook, {"moment": hold.sinds, "wat": "teruggezet", "van": left, "op": folder.name, "reden": why}
        )
    except OSError as error:
        raise ReleaseError(problem(store.root, reason(error), "Maak ruimte of herstel de toegang")) from error
    return folder


def hold_of(store: Store) -> Hold | None:
    """
    Tell whether the operator keeps ``latest`` where it is.

    Parameters
    ----------
    store
        The outputs folder.

    Returns
    -------
    hold
        None where nights publish as usual.

    Raises
    ------
    ReleaseError
        The hold is damaged; nothing is published until the operator looked at it.
    """
    try:
        return Hold(**json.loads(store.hold.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise ReleaseError(
            problem(store.hold, "is beschadigd", "Kijk of de goede release staat en draai twentegeo resume")
        ) from error


def resume(store: Store, now: datetime) -> bool:
    """
    Let nights publish again.

    Parameters
    ----------
    store
        The outputs folder.
    now
        The moment, UTC.

    Returns
    -------
    lifted
        False where there was no hold.
    """
    if not store.hold.exists():
        return False
    store.hold.unlink()
    append_line(store.logbook, {"moment": now.isoformat(timespec="seconds"), "wat": "hervat"})
    return True


def _named(store: Store, run_id: str) -> Path:
    folder = store.releases / run_id
    if not RUN_ID.match(run_id) or not folder.is_dir():
        known = ", ".join(one.name for one in finished(store)[-5:]) or "geen"
        raise ReleaseError(problem(folder, "deze release bestaat niet", f"Kies uit: {known}"))
    return folder
