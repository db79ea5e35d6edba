"""
The large layers of a package, made of those of the last one: what to ask of the process that writes.

What it does about it stands in :mod:`twentegeo.publish.carried`; in which rows a layer differs is told by
:mod:`twentegeo.publish.difference` from the rows that were kept.
"""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from twentegeo.publish import last_rows
from twentegeo.publish.difference import difference_of, differs
from twentegeo.tables.layers import PAND, PERCEEL, VERBLIJFSOBJECT

if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from twentegeo.publish.difference import Difference
    from twentegeo.publish.package_worker import Worker

LOGGER = logging.getLogger(__name__)

NO_DIGESTS: Final[Mapping[str, str]] = MappingProxyType({})

LARGE: Final = (PERCEEL.name, PAND.name, VERBLIJFSOBJECT.name)
"""Layers with a row per object of a register: of these, few rows differ from one night to the next."""


@dataclass(frozen=True, slots=True)
class Base:
    """
    A package of an earlier release to start from.

    Attributes
    ----------
    package
        Where it stands.
    crc32
        Its checksum when it was released.
    digests
        Of its large layers, by name: what :func:`twentegeo.publish.digests.column_digests` said of their rows.
    rows
        Folder in which these rows are kept; see :mod:`twentegeo.publish.last_rows`.
    """

    package: Path
    crc32: int
    digests: Mapping[str, Mapping[str, str]]
    rows: Path


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    A layer as it has to become.

    Attributes
    ----------
    key
        The column that names its rows.
    rows
        As :func:`twentegeo.publish.arrow.published` made them.
    digests
        What :func:`twentegeo.publish.digests.column_digests` says of them.
    later
        Columns that follow.
    options
        Arguments for ``pyogrio.write_arrow``, as if it were written anew.
    moment
        Of the release, as GeoPackage writes it.
    """

    key: str
    rows: pa.Table
    digests: Mapping[str, str]
    later: tuple[str, ...]
    options: Mapping[str, Any]
    moment: str

    @property
    def name(self) -> str:
        """Name of the layer."""
        return str(self.options["layer"])


class Renewal:
    """
    What stands in the package since it is a copy of another.

    Parameters
    ----------
    worker
        Writes the package.
    """

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._digests: Mapping[str, Mapping[str, str]] = {}
        self._carried: dict[str, pa.Table] = {}
        self._ahead: dict[str, dict[str, Any]] = {}
        self._at: dict[str, npt.NDArray[np.int64]] = {}

    def take_over(self, base: Base) -> None:
        """
        Start the package as a copy of another, where that is what was released and its rows were kept.

        Parameters
        ----------
        base
            The other.
        """
        rows = {layer: last_rows.load(base.rows, layer) for layer in LARGE}
        layers = [layer for layer, held in rows.items() if held is not None]
        told = {"base": str(base.package), "crc32": base.crc32, "layers": layers}
        there = self._worker.ask("take_over", base.package.name, told)
        self._digests = base.digests
        self._carried = {layer: held for layer, held in rows.items() if held is not None and layer in there}
        LOGGER.info("%s: %s", base.package, "brought up to date" if self._carried else "not as released; written anew")

    def set_ahead(self, constants: Mapping[str, Any]) -> None:
        """
        Give columns of the copy, before any rows come, the one value that these are going to have.

        Writing a value in every row of the large layers takes as long as all that is done about them later, and the
        process that writes has nothing else to do until then.

        Parameters
        ----------
        constants
            The values by column; of layers that have the column.
        """
        for layer, held in self._carried.items():
            other = {
                name: value
                for name, value in constants.items()
                if name in held.column_names and pc.unique(held[name]).to_pylist() != [value]
            }
            if other:
                self._worker.ask("set_throughout", layer, {"layer": layer, "constants": _as_json(other)})
                self._ahead[layer] = other

    def renew(self, wanted: Wanted) -> bool:
        """
        Make a layer of the copy say what it has to.

        Parameters
        ----------
        wanted
            The layer.

        Returns
        -------
        done
            False where it is to be written anew: it was not copied, too much of it differs, or it was not what it was
            thought to be. It is not in the package then.
        """
        name = wanted.name
        if name not in self._carried:
            return False
        held, then = self._carried[name], self._digests.get(name, NO_DIGESTS)
        found = difference_of(held, wanted.rows, wanted.key, (wanted.digests, then), wanted.later)
        if found is None or not self._as_set_ahead(wanted) or not self._applied(wanted, found):
            self._worker.ask("drop", name, {"layers": [name]})
            del self._carried[name]
            return False
        self._at[name] = found.at
        # what follows is compared later; all else is let go of, for it lies in memory as long as any of it is held
        self._carried[name] = held.select([one for one in wanted.later if one in held.column_names])
        return True

    def to_fill_in(self, layer: str, rows: pa.Table) -> pa.Table:
        """
        Choose the rows of which a column that follows is not what it has to be.

        Parameters
        ----------
        layer
            Its name.
        rows
            Its key and the column, of every row in order.

        Returns
        -------
        chosen
            Of a layer that was written anew, those that have a value.

        Raises
        ------
        sqlite3.DataError
            They are not the rows of the layer.
        """
        column = rows.column_names[-1]
        if layer not in self._carried:
            return rows.filter(rows[column].is_valid())
        at = self._at[layer]
        if len(at) != len(rows):
            raise sqlite3.DataError(f"{column} van {layer}: {len(rows)} waarden voor {len(at)} rijen")
        held = self._carried[layer][column].take(pa.array(at, mask=at < 0))
        return rows.filter(pa.array(differs(rows[column], held)))

    def drop_all_but(self, layers: Container[str]) -> None:
        """
        Remove layers of the copy that nobody asked for.

        Parameters
        ----------
        layers
            Names of those that somebody did.
        """
        if left := sorted(name for name in self._carried if name not in layers):
            self._worker.ask("drop", ", ".join(left), {"layers": left})

    def _as_set_ahead(self, wanted: Wanted) -> bool:
        ahead = self._ahead.get(wanted.name, {})
        return all(pc.unique(wanted.rows[name]).to_pylist() == [value] for name, value in ahead.items())

    def _applied(self, wanted: Wanted, found: Difference) -> bool:
        """Do to a layer what makes it say what it has to; False where it was not what it was thought to be."""
        name, key, options = wanted.name, wanted.key, wanted.options
        at_edge: bool | None = False
        if len(found.gone):
            told = {"layer": name, "key": key, "keys": found.gone.to_pylist()}
            at_edge = self._worker.ask("remove", name, told)
        if at_edge is None:
            return False
        if found.fresh.any():
            self._worker.ask("write", name, {"wanted": options}, wanted.rows.filter(pa.array(found.fresh)))
        order, parts = found.parts()
        ahead = self._ahead.get(name, {})
        constants = {one: value for one, value in found.constants.items() if one not in ahead}
        target = {
            "layer": name,
            "key": key,
            "title": options["layer_options"]["IDENTIFIER"],
            "description": options["layer_options"]["DESCRIPTION"],
            "moment": wanted.moment,
            "constants": _as_json(constants),
            "at_edge": at_edge,
            "parts": parts,
        }
        changed = wanted.rows.select([key, *found.columns]).take(pa.array(order))
        return bool(self._worker.ask("bring_up_to_date", name, {"target": target}, changed))


def _as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Write days as GeoPackage does; numbers and texts are what they are."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
