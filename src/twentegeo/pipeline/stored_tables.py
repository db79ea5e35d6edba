"""The tables of a stage: in memory, on their way from disk, or on disk until somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path

import pandas as pd

from twentegeo.pipeline import kept


class StoredTables(Mapping[str, pd.DataFrame]):
    """
    Tables by name.

    Parameters
    ----------
    tables
        By name: the table, the reading of it, or the file that holds it.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame | Future[pd.DataFrame] | Path]) -> None:
        self._tables = dict(tables)

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Give a table; reads it, or waits for it, where it is not in memory."""
        table = self._tables[name]
        if isinstance(table, Future):
            table = self._tables[name] = table.result()
        elif isinstance(table, Path):
            table = self._tables[name] = kept.read(table)
        return table

    def __iter__(self) -> Iterator[str]:
        """Name the tables."""
        return iter(self._tables)

    def __len__(self) -> int:
        """Count the tables."""
        return len(self._tables)

    def columns(self, name: str, columns: Sequence[str]) -> pd.DataFrame:
        """
        Give some columns of a table; of one that is still on disk nothing else is read.

        Parameters
        ----------
        name
            The table.
        columns
            Names; not the geometry.

        Returns
        -------
        part
            All rows, these columns.
        """
        table = self._tables[name]
        if isinstance(table, Path):
            return kept.read_columns(table, columns)
        return pd.DataFrame(self[name][list(columns)])

    def rows(self, name: str) -> int:
        """
        Count the rows of a table; one that is still on disk stays there.

        Parameters
        ----------
        name
            The table.

        Returns
        -------
        count
            Number of rows.
        """
        table = self._tables[name]
        return kept.rows_of(table) if isinstance(table, Path) else len(self[name])
