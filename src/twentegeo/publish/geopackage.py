"""
Write the GeoPackage that is the release.

Version 1.3, because QGIS and GDAL as Debian ships them warn about 1.4. Aliases, descriptions, widths and types come
from the contracts. Rules of the PDOK GeoPackage validator that shape this module: no layer without a feature (RQ2),
geometry column ``geom`` (RC17), exterior rings counter-clockwise (RC20), R-tree on each layer (RQ9).
"""

from __future__ import annotations

import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa

from twentegeo.crs import RD_NEW_TEXT
from twentegeo.errors import ReleaseError, problem
from twentegeo.publish import last_rows
from twentegeo.publish.arrow import published
from twentegeo.publish.layer_styles import finish
from twentegeo.publish.package_worker import Worker
from twentegeo.publish.renewal import LARGE, NO_DIGESTS, Renewal, Wanted
from twentegeo.tables.columns.record import PEILDATUM
from twentegeo.tables.layers import MAP_LAYERS, PLAIN_TABLES
from twentegeo.tables.shapes import GEOM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from datetime import date
    from pathlib import Path
    from types import TracebackType

    import pandas as pd

    from twentegeo.publish.edition import Edition
    from twentegeo.publish.renewal import Base
    from twentegeo.publish.styles.look import NamedStyle
    from twentegeo.tables.contract import Table

LOGGER = logging.getLogger(__name__)


class PackageWriter:
    """
    Writes the layers and tables of a release in a process of its own, in the order in which they are added.

    The caller can prepare the next layer or judge the last one meanwhile. Use it in a ``with`` statement; whoever
    leaves that before :meth:`finish` leaves a file that is no release.

    Parameters
    ----------
    path
        File to make; it may not exist yet.
    edition
        Names the release in titles and descriptions.
    base
        A package of an earlier release, of which the large layers can be brought up to date; None to write all anew.
        It has to come from the same code: columns and their descriptions stay.
    keep
        Folder in which to keep the rows of the large layers, for a night that starts from this package; None where none
        will.

    Attributes
    ----------
    edition
        As given, until it is known what the data refer to (:meth:`refer_to`).
    left_out
        Names of map layers that had no rows: a GeoPackage layer must have one.

    Raises
    ------
    ReleaseError
        The file exists already, or could not be written.
    """

    def __init__(self, path: Path, edition: Edition, base: Base | None = None, keep: Path | None = None) -> None:
        if path.exists():
            raise ReleaseError(problem(path, "bestaat al", "Schrijf een release in een lege map"))
        self.left_out: list[str] = []
        self._path = path
        self.edition = edition
        self._base = base
        self._keep = keep
        self._digests: dict[str, dict[str, str]] = {}
        self._layers: set[str] = set()
        self._written: list[Future[object]] = []
        self._completed = False

    def __enter__(self) -> Self:
        """Start."""
        self._worker = Worker(self._path, _gdal_for(self.edition.timestamp))
        self._renewal = Renewal(self._worker)
        self._feeder = ThreadPoolExecutor(1, thread_name_prefix="write-package")
        if self._base:
            self._feed(self._renewal.take_over, self._base)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop; what was not begun yet is left out when something went wrong."""
        if kind is not None:
            self._worker.end()
        self._feeder.shutdown(wait=True, cancel_futures=kind is not None)
        if kind is None:
            self._worker.end()

    @property
    def pid(self) -> int:
        """Number by which the system knows the process."""
        return self._worker.pid

    def refer_to(self, peildatum: date) -> None:
        """
        Say what the layers refer to, before the first of them.

        Parameters
        ----------
        peildatum
            Date that the data refer to.
        """
        self.edition = replace(self.edition, peildatum=peildatum)
        # every row of the large layers says it, so it is written in the copy while they are still being made
        self._feed(self._renewal.set_ahead, {PEILDATUM.name: peildatum})

    def add(
        self, table: Table, rows: pa.Table, digests: Mapping[str, str] = NO_DIGESTS, later: Sequence[str] = ()
    ) -> None:
        """
        Write a layer or table as soon as those before it are written.

        Parameters
        ----------
        table
            Its contract.
        rows
            As :func:`twentegeo.publish.arrow.published` made them.
        digests
            What :func:`twentegeo.publish.digests.column_digests` says of them; of a layer without any, every column is
            looked at.
        later
            Columns that :meth:`amend` will fill in.
        """
        if table.name in LARGE:
            self._digests[table.name] = dict(digests)
        if table in MAP_LAYERS and not rows.num_rows:
            self.left_out.append(table.name)
            return
        if table.geometry:
            self._layers.add(table.name)
        self._feed(self._write, table, rows, digests, tuple(later))

    def amend(self, table: Table, rows: pa.Table, digest: str | None = None) -> None:
        """
        Fill in a column of a layer that was added without it.

        Parameters
        ----------
        table
            Its contract.
        rows
            The key and the column, of every row of the layer, in the order in which they were added.
        digest
            What :func:`twentegeo.publish.digests.column_digests` says of the column.
        """
        if digest is not None:
            self._digests[table.name][rows.column_names[-1]] = digest
        if table.name in self._layers:
            self._feed(self._fill_in, table.name, rows)

    def complete(self) -> None:
        """
        Wait until all layers and tables are written; nobody writes in the file then.

        Raises
        ------
        ReleaseError
            The file could not be written.
        """
        if self._completed:
            return
        with self._told():
            self._feed(self._renewal.drop_all_but, self._layers)
            if self._keep:
                self._feed(last_rows.complete, self._keep, self._digests)
            for one in self._written:
                one.result()
            self._worker.end()
        self._completed = True

    def finish(self, styles: Sequence[NamedStyle] = ()) -> None:
        """
        Wait as :meth:`complete` does, and add what goes with the layers.

        Parameters
        ----------
        styles
            QGIS styles; those of layers that are left out are too.

        Raises
        ------
        ReleaseError
            The file could not be written.
        """
        self.complete()
        with self._told():
            finish(self._path, [style for style in styles if style.layer in self._layers], self.edition)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise ReleaseError(
                problem(self._path, f"schrijven mislukt: {error}", "Controleer schijfruimte en rechten")
            ) from error

    def _feed(self, work: Callable[..., object], *arguments: object) -> None:
        """Let something be done after what was asked before."""
        # whoever is told of progress may be found by context, as Prefect's log is
        self._written.append(self._feeder.submit(copy_context().run, partial(work, *arguments)))

    def _fill_in(self, layer: str, rows: pa.Table) -> None:
        column = rows.column_names[-1]
        if self._keep:
            last_rows.keep_column(self._keep, layer, column, rows[column])
        chosen = self._renewal.to_fill_in(layer, rows)
        if chosen.num_rows:
            self._worker.ask("fill_in", layer, {"layer": layer}, chosen)

    def _write(self, table: Table, rows: pa.Table, digests: Mapping[str, str], later: tuple[str, ...]) -> None:
        edition = self.edition
        options = {
            "FID": "fid",
            "IDENTIFIER": edition.title(table.title),
            "DESCRIPTION": edition.marked(f"{table.summary} Peildatum {edition.peildatum:%d-%m-%Y}."),
        }
        wanted: dict[str, Any] = {
            "layer": table.name,
            "driver": "GPKG",
            "dataset_options": {"VERSION": "1.3"},
            "layer_options": options,
        }
        if table.geometry:
            options |= {"GEOMETRY_NAME": GEOM, "SPATIAL_INDEX": "YES"}
            wanted |= {"geometry_name": GEOM, "geometry_type": table.geometry, "crs": RD_NEW_TEXT}
        done = False
        if table.name in LARGE:
            done = self._renewal.renew(Wanted(table.key[0], rows, digests, later, wanted, edition.timestamp))
        if not done:
            self._worker.ask("write", table.name, {"wanted": wanted}, rows)
        if self._keep and table.name in LARGE:
            last_rows.keep(self._keep, table.name, rows.drop_columns(list(later)))
        LOGGER.info("%s: %d rows written", table.name, rows.num_rows)


def write_geopackage(
    path: Path,
    layers: Mapping[str, pd.DataFrame | pa.Table],
    *,
    edition: Edition,
    styles: Sequence[NamedStyle] = (),
) -> list[str]:
    """
    Write the layers and tables of a release.

    Parameters
    ----------
    path
        File to make; it may not exist yet.
    layers
        Rows by name, as frames that keep to :mod:`twentegeo.tables.layers` or as
        :func:`twentegeo.publish.arrow.published` made them. Other names are left alone.
    edition
        Names the release in titles and descriptions.
    styles
        QGIS styles; those of layers that are left out are too.

    Returns
    -------
    left_out
        Names of map layers that had no rows.

    Raises
    ------
    ReleaseError
        The file exists already, or could not be written.
    ContractError
        A frame lacks what its contract asks for.
    """
    with PackageWriter(path, edition) as writer:
        for table in (*MAP_LAYERS, *PLAIN_TABLES):
            if table.name in layers:
                rows = layers[table.name]
                writer.add(table, rows if isinstance(rows, pa.Table) else published(table, rows))
        writer.finish(styles)
    return writer.left_out


def _gdal_for(timestamp: str) -> dict[str, str]:
    """
    Let GDAL write a given moment, so that the same release gives the same bytes, and write it quickly.

    SQLite need not wait for the disk at each transaction: a release in the making is thrown away when the machine
    stops, and :func:`twentegeo.publish.release.release` flushes the whole file before it puts it in place.
    """
    return {
        "OGR_CURRENT_DATE": timestamp,
        "OGR_SQLITE_SYNCHRONOUS": "OFF",
        "OGR_SQLITE_PRAGMA": "page_size=32768",
    }
