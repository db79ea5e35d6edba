"""A release in the making, of which layers are written as soon as they are ready."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

import pandas as pd
import pyarrow as pa

from twentegeo.checks.tables import judge_layer
from twentegeo.errors import ReleaseError, problem
from twentegeo.publish import last_rows, workplace
from twentegeo.publish import release as releasing
from twentegeo.publish.arrow import published, published_column
from twentegeo.publish.digests import column_digest, column_digests, hash_of
from twentegeo.publish.edition import Edition
from twentegeo.publish.geopackage import PackageWriter
from twentegeo.publish.renewal import LARGE, Base
from twentegeo.tables.layers import MAP_LAYERS
from twentegeo.tables.shapes import GEOM

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path
    from types import TracebackType

    from twentegeo.checks.finding import Finding
    from twentegeo.pipeline.progress import Progress
    from twentegeo.publish.styles.look import NamedStyle
    from twentegeo.settings import Settings
    from twentegeo.store import Store
    from twentegeo.tables.contract import Table

_ROWS = "lagen"

ROOM_REMEDY = "Maak ruimte en draai opnieuw; de vorige release staat nog"


def rows_home(store: Store) -> Path:
    """Name the folder under which rows of large layers are kept; see :mod:`twentegeo.publish.last_rows`."""
    return store.tables / _ROWS


class Draft:
    """
    The folder of a release in the making, and its GeoPackage.

    Use it in a ``with`` statement: whoever leaves that by an exception leaves nothing behind.

    Attributes
    ----------
    judged
        What the contract of each map layer that was added says of its rows, by name.
    rows
        Folder in which rows of large layers are kept for the night that starts from this package.

    Parameters
    ----------
    settings
        Name of the region.
    store
        The outputs folder.
    progress
        Who is told.
    base
        The package of the release that stands, to start from; None to write all anew.

    Raises
    ------
    ReleaseError
        There is a release of this very second, or the disk refused.
    """

    def __init__(self, settings: Settings, store: Store, progress: Progress, base: Base | None = None) -> None:
        now = datetime.now(tz=UTC)
        run_id = workplace.new_run_id(store, now)
        # until it is known what the data refer to: the package of the base is copied while that is read
        self.edition = Edition(settings.region.name, now.date(), run_id, settings.notice)
        self._dated = False
        try:
            self.folder: Path = workplace.open_staging(store, run_id)
        except OSError as error:
            raise ReleaseError(problem(store.staging, releasing.reason(error), ROOM_REMEDY)) from error
        self.package: Path = self.folder / f"{settings.slug}.gpkg"
        self.rows: Path = rows_home(store) / run_id
        self.judged: dict[str, list[Finding]] = {}
        self._keys: dict[str, pa.Array | pa.ChunkedArray | None] = {}
        self._digests: dict[str, dict[str, str]] = {}
        self._progress = progress
        self._base = base

    def __enter__(self) -> Self:
        """Start."""
        last_rows.tidy(self.rows.parent, self._base.rows if self._base else None)
        try:
            self._writer = PackageWriter(self.package, self.edition, self._base, self.rows)
            self._writer.__enter__()
        except OSError as error:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise ReleaseError(problem(self.package, releasing.reason(error), ROOM_REMEDY)) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop; a draft that did not become a release in full is removed."""
        self._writer.__exit__(kind, error, trace)
        if kind is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
            last_rows.discard(self.rows)

    def refer_to(self, peildatum: date) -> None:
        """
        Say what the layers refer to, before the first of them.

        Parameters
        ----------
        peildatum
            Date that the data refer to.
        """
        self._writer.refer_to(peildatum)
        self.edition = self._writer.edition
        self._dated = True

    @property
    def left_out(self) -> list[str]:
        """Names of map layers that had no rows."""
        return list(self._writer.left_out)

    @property
    def content_hash(self) -> str:
        """What the layers and tables say, in a number; where and when they were made plays no part."""
        return hash_of(self._digests)

    @property
    def digests(self) -> dict[str, dict[str, str]]:
        """What the columns of the large layers say, for the night that starts from this package."""
        return {name: told for name, told in self._digests.items() if name in LARGE}

    def add(self, table: Table, rows: pd.DataFrame, later: Sequence[str] = ()) -> None:
        """
        Write a layer or table beside what the caller goes on with.

        Parameters
        ----------
        table
            Its contract.
        rows
            By it. A layer that is given once more, by a step that is tried again, stays as it is.
        later
            Columns that :meth:`amend` will fill in.

        Raises
        ------
        ContractError
            They do not keep to it.
        """
        if not self._dated:
            raise RuntimeError("nobody said what the layers refer to")
        if table.name in self._keys:
            return
        if not self._keys:
            self._progress.say(f"write: {self.package.name}")
        ready = published(table, rows)
        self._keys[table.name] = ready[table.key[0]] if table.key else None
        told = self._digests[table.name] = column_digests(ready)
        self._writer.add(table, ready, told, later)
        if table in MAP_LAYERS:
            # while it is being written: a layer that does not pass keeps the release back all the same
            self.judged[table.name] = judge_layer(self._new_in(table), rows)

    def _new_in(self, table: Table) -> Table:
        """Leave out the columns that are what they were in the base, which the same program judged before."""
        now, before = self._digests[table.name], self._base.digests.get(table.name, {}) if self._base else {}
        if now.keys() != before.keys() or any(now[name] != before[name] for name in (*table.key, GEOM)):
            return table
        return table.only(*(name for name in table.names if now[name] != before[name]))

    def amend(self, table: Table, rows: pd.DataFrame, column: str) -> None:
        """
        Fill in a column of a layer that is being written without it.

        Parameters
        ----------
        table
            Contract of the layer.
        rows
            Its rows, now with the column.
        column
            Its name.
        """
        self.judged[table.name] += judge_layer(table.only(column), pd.DataFrame(rows[[column]]))
        values = published_column(table, rows, column)
        told = self._digests[table.name][column] = column_digest(values)
        self._writer.amend(table, pa.table({table.key[0]: self._keys[table.name], column: values}), told)

    def complete(self) -> None:
        """
        Wait until all layers and tables are written; nobody writes in the package then.

        Raises
        ------
        ReleaseError
            The file could not be written.
        """
        self._writer.complete()

    def finish(self, styles: Sequence[NamedStyle]) -> None:
        """
        Wait as :meth:`complete` does, and add what goes with the layers.

        Parameters
        ----------
        styles
            QGIS styles.

        Raises
        ------
        ReleaseError
            The file could not be written.
        """
        self._writer.finish(styles)
