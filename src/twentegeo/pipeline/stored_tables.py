"""The tables of a stage: in memory, on their way from disk, or on disk until somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path

import pandas as pd

from twentegeo.pipeline import kept
from twentegeo.tables.shapes import Mapped

Held = pd.DataFrame | Mapped


class StoredTables(Mapping[str, pd.DataFrame]):
    """
    Tables by name.

    Parameters
    ----------
    tables
        By name: the table, the reading of it, or the file that holds it.
    home
        Folder in which they are kept, or will be.
    """

    def __init__(self, tables: Mapping[str, Held | Future[Held] | Path], home: Path) -> None:
        self._tables = dict(tables)
        self._home = home

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Give a table; reads it, or waits for it, where it is not in memory."""
        table = self._held(name)
        return table.frame if isinstance(table, Mapped) else table

    def mapped(self, name: str) -> Mapped:
        """
        Give a table whose outlines need not be decoded.

        Parameters
        ----------
        name
            One that its stage calls ``mapped``.

        Returns
        -------
        table
            Its rows, and its outlines as WKB.
        """
        table = self._held(name)
        if not isinstance(table, Mapped):
            raise TypeError(f"{name} is no table with outlines")
        return table

    def let_go(self, name: str) -> None:
        """
        Let go of what takes much memory: decoded outlines, or a whole table that has been written.

        Parameters
        ----------
        name
            The table; who asks for it again has it decoded or read again.
        """
        table = self._tables[name]
        if isinstance(table, Mapped):
            table.let_go()
        elif isinstance(table, pd.DataFrame):
            self.put_back(name)

    def put_back(self, name: str) -> None:
        """
        Leave a table on disk, all of it, where it has been written.

        Parameters
        ----------
        name
            The table; who asks for it again has it read again.
        """
        path = self._home / f"{name}.parquet"
        if path.is_file():
            self._tables[name] = path

    def _held(self, name: str) -> Held:
        table = self._tables[name]
        if isinstance(table, Future):
            table = self._tables[name] = table.result()
        elif isinstance(table, Path):
            table = self._tables[name] = kept.read_mapped(table) if kept.is_mapped(table) else kept.read(table)
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
        held = self._held(name)
        return pd.DataFrame((held.rows if isinstance(held, Mapped) else held)[list(columns)])

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
        return kept.rows_of(table) if isinstance(table, Path) else len(self._held(name))
