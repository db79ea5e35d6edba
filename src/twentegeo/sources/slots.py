"""The index of the deliveries: which one each slot holds, which came before, which was refused."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from twentegeo.errors import SourceUnavailable, problem
from twentegeo.store import write_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path


@dataclass(frozen=True)
class Slot:
    """
    What the index says of a slot.

    Attributes
    ----------
    current
        The delivery that is read: its place below the shelf, ``<sha256>/<name>``.
    earlier
        Those before it, newest first.
    refused
        ``validators`` of a delivery that its reader refused, so that it is not fetched again.
    checked_at
        When the register last said that the current one is its newest.
    validators
        What the register gave to ask by whether it changed.
    """

    current: str
    earlier: tuple[str, ...] = ()
    refused: Mapping[str, Any] = field(default_factory=dict)
    checked_at: str = ""
    validators: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Particulars:
    """
    What is known of a file that arrived.

    Attributes
    ----------
    file
        Name as delivered.
    url
        Where it came from, without query.
    released
        Date of the delivery itself; None where unknown.
    validators
        What the register gave to ask by whether it changed.
    facts
        Preamble, way in, scope.
    """

    file: str
    url: str
    released: date | None = None
    validators: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


def read_index(path: Path) -> dict[str, Slot]:
    """
    Read the index.

    Parameters
    ----------
    path
        ``index.json``.

    Returns
    -------
    index
        Slot by name; empty where there is no index yet.

    Raises
    ------
    SourceUnavailable
        The file is damaged.
    """
    try:
        stated = json.loads(path.read_text(encoding="utf-8"))
        return {name: Slot(**{**slot, "earlier": tuple(slot.get("earlier", ()))}) for name, slot in stated.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        remedy = "Verwijder het bestand; de bronnen worden dan opnieuw opgehaald"
        raise SourceUnavailable(problem(path, "is niet te lezen", remedy)) from error


def write_index(path: Path, index: Mapping[str, Slot]) -> None:
    """
    Write the index, atomically.

    Parameters
    ----------
    path
        ``index.json``.
    index
        Slot by name.
    """
    write_json(path, {name: asdict(slot) for name, slot in sorted(index.items())})
