"""
Which features a line of a legend stands for, said once for QGIS and once for rows in memory.

A condition gives a QGIS expression and, for a frame as read from a release, the rows that meet it; so a map drawn by
QGIS and one drawn without it cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from twentegeo.publish.classes import Class

    Mask = npt.NDArray[np.bool_]


class Condition(Protocol):
    """What a feature must meet."""

    @property
    def expression(self) -> str:
        """The condition as QGIS says it."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that it looks at."""
        ...

    def holds(self, frame: pd.DataFrame) -> Mask:
        """
        Find the rows that meet it.

        Parameters
        ----------
        frame
            Rows of a layer as a release holds them (flags are ``ja`` and ``nee``), n of them.

        Returns
        -------
        mask
            Shape (n,).
        """
        ...


@dataclass(frozen=True, slots=True)
class OneOf:
    """A text that is one of these."""

    column: str
    values: tuple[str, ...]

    @property
    def expression(self) -> str:
        """The condition as QGIS says it."""
        return f'"{self.column}" IN ({", ".join(quoted(value) for value in self.values)})'

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that it looks at."""
        return (self.column,)

    def holds(self, frame: pd.DataFrame) -> Mask:
        """Find the rows that meet it."""
        return np.asarray(frame[self.column].isin(self.values), dtype=bool)


@dataclass(frozen=True, slots=True)
class Within:
    """A number from `lower` up to, and without, `upper`; None is open."""

    column: str
    lower: float | None
    upper: float | None

    @property
    def expression(self) -> str:
        """The condition as QGIS says it."""
        limits = [
            *([f'"{self.column}" >= {self.lower:g}'] if self.lower is not None else []),
            *([f'"{self.column}" < {self.upper:g}'] if self.upper is not None else []),
        ]
        return " AND ".join(limits) or f'"{self.column}" IS NOT NULL'

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that it looks at."""
        return (self.column,)

    def holds(self, frame: pd.DataFrame) -> Mask:
        """Find the rows that meet it."""
        numbers = frame[self.column].to_numpy(dtype=float, na_value=np.nan)
        with np.errstate(invalid="ignore"):
            above = numbers >= (-np.inf if self.lower is None else self.lower)
            return np.asarray(above & (numbers < (np.inf if self.upper is None else self.upper)), dtype=bool)


@dataclass(frozen=True, slots=True)
class Missing:
    """No value at all."""

    column: str

    @property
    def expression(self) -> str:
        """The condition as QGIS says it."""
        return f'"{self.column}" IS NULL'

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that it looks at."""
        return (self.column,)

    def holds(self, frame: pd.DataFrame) -> Mask:
        """Find the rows that meet it."""
        return np.asarray(frame[self.column].isna(), dtype=bool)


@dataclass(frozen=True, slots=True)
class Both:
    """All of several conditions."""

    parts: tuple[Condition, ...]

    @property
    def expression(self) -> str:
        """The condition as QGIS says it."""
        return " AND ".join(f"({part.expression})" for part in self.parts)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that it looks at."""
        return tuple(name for part in self.parts for name in part.columns)

    def holds(self, frame: pd.DataFrame) -> Mask:
        """Find the rows that meet it."""
        return np.asarray(np.logical_and.reduce([part.holds(frame) for part in self.parts]), dtype=bool)


@dataclass(frozen=True, slots=True)
class Except:
    """The opposite of a condition; a missing value is the opposite of any."""

    part: Condition

    @property
    def expression(self) -> str:
        """The condition as QGIS says it."""
        return f"coalesce(NOT ({self.part.expression}), true)"

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that it looks at."""
        return self.part.columns

    def holds(self, frame: pd.DataFrame) -> Mask:
        """Find the rows that meet it."""
        return ~self.part.holds(frame)


@dataclass(frozen=True, slots=True)
class Every:
    """Any feature at all."""

    @property
    def expression(self) -> str:
        """The condition as QGIS says it."""
        return ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that it looks at."""
        return ()

    def holds(self, frame: pd.DataFrame) -> Mask:
        """Find the rows that meet it."""
        return np.ones(len(frame), dtype=bool)


@dataclass(frozen=True, slots=True)
class Never:
    """No feature: the line stands in the legend only, to explain what a colour means."""

    @property
    def expression(self) -> str:
        """The condition as QGIS says it."""
        return "false"

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that it looks at."""
        return ()

    def holds(self, frame: pd.DataFrame) -> Mask:
        """Find the rows that meet it."""
        return np.zeros(len(frame), dtype=bool)


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What no line beside it takes; only a list of lines can tell which rows those are."""

    @property
    def expression(self) -> str:
        """The condition as QGIS says it."""
        return "ELSE"

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that it looks at."""
        return ()

    def holds(self, frame: pd.DataFrame) -> Mask:
        """Find the rows that meet it: none, until its list takes out what the others hold."""
        return np.zeros(len(frame), dtype=bool)


def in_class(column: str, item: Class) -> Condition:
    """
    Say which features fall in a class.

    Parameters
    ----------
    column
        Column of the layer that the class table is about.
    item
        A class; the unknown one takes what has no value.

    Returns
    -------
    condition
        By limits where the class has any, else by texts.
    """
    if item.is_unknown:
        return Missing(column)
    if item.lower is not None or item.upper is not None:
        return Within(column, item.lower, item.upper)
    return OneOf(column, item.values)


def quoted(text: str) -> str:
    """
    Write a text in a QGIS expression.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    literal
        Between single quotes; those within are doubled, and a backslash is too.
    """
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
