"""What a stage gives: tables, what its joins lost and matched, and facts for the manifest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from twentegeo.tables.contract import empty
from twentegeo.tables.stock import KOPPELING, KOPPELVERLIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from twentegeo.pipeline.stored_tables import StoredTables
    from twentegeo.tables.shapes import Mapped


def _no_losses() -> pd.DataFrame:
    return empty(KOPPELVERLIES)


def _no_accounts() -> pd.DataFrame:
    return empty(KOPPELING)


@dataclass(frozen=True)
class Computed:
    """
    What a stage's own code gives.

    Tables by name, what its joins lost and matched, facts for the manifest, and what the same stage can use in a later
    night when little changed (see :meth:`Stages.remembered`).
    """

    tables: Mapping[str, pd.DataFrame | Mapped]
    losses: pd.DataFrame = field(default_factory=_no_losses)
    accounts: pd.DataFrame = field(default_factory=_no_accounts)
    facts: Mapping[str, Any] = field(default_factory=dict)
    memory: Mapping[str, pd.DataFrame] = field(default_factory=dict)


class Ran(NamedTuple):
    """What a manifest says of a stage."""

    name: str
    seconds: float
    reused: bool


@dataclass(frozen=True)
class Outcome:
    """
    What a stage gave, computed now or earlier.

    Attributes
    ----------
    name, fingerprint
        The stage and the set of inputs.
    tables
        Tables by name, read when they are asked for.
    losses, accounts
        What its joins lost and matched.
    facts
        Figures for the manifest, JSON values.
    reused
        Whether nothing had to be computed.
    seconds
        Time it took now.
    below
        Stages that this one went on from and that nobody else names.
    """

    name: str
    fingerprint: str
    tables: StoredTables
    losses: pd.DataFrame
    accounts: pd.DataFrame
    facts: Mapping[str, Any]
    reused: bool
    seconds: float
    below: tuple[Ran, ...] = ()

    @property
    def ran(self) -> tuple[Ran, ...]:
        """The stages below, and then this one."""
        return (*self.below, Ran(self.name, self.seconds, self.reused))
