"""
What a contract is: columns with a meaning, tables made of them, and the check that a frame keeps to both.

A :class:`Column` is written once, in :mod:`twentegeo.tables.columns`. A :class:`Table` picks columns
and says what one row is; pandera does the checking. GeoPackage aliases, the data dictionary, QGIS
labels and ``twentegeo describe`` are generated from the two.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

import geopandas as gpd
import pandas as pd
import shapely

from twentegeo.crs import RD_NEW_TEXT, is_rd_new
from twentegeo.errors import ContractError
from twentegeo.tables.keys import unique
from twentegeo.tables.shapes import GEOM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pandera.pandas import DataFrameSchema

FrameT = TypeVar("FrameT", bound=pd.DataFrame)

GeometryKind = Literal["Point", "MultiPolygon"]
Storage = Literal["text", "integer", "real", "date", "datetime", "flag"]

DTYPES: Mapping[Storage, str] = {
    "text": "str",
    "integer": "Int64",
    "real": "float64",
    "date": "datetime64[ns]",
    "datetime": "datetime64[ns]",
    "flag": "bool",
}
"""Pandas dtype of each kind of column. A missing integer stays missing; a flag is never missing."""


@dataclass(frozen=True, slots=True)
class Column:
    """
    One meaning, written once.

    Attributes
    ----------
    name
        Column name: snake_case, Dutch register terms, unit as suffix where there is one.
    kind
        How it is stored; see :data:`DTYPES`. A flag is published as ``ja``/``nee``.
    alias
        Short Dutch name for legends and attribute tables.
    description
        What a value means, and what its absence means, in Dutch.
    description_en
        The same in English.
    source
        Register, or ``twentegeo`` where we compute it.
    unit
        Unit of the value, or None where it has none.
    width
        Greatest length of a text, for the layer's column type.
    options
        The closed list of texts that occur, or an empty tuple.
    checks
        Names and arguments of the :class:`pandera.Check` that each value must pass.
    """

    name: str
    kind: Storage
    alias: str
    description: str
    description_en: str
    source: str
    unit: str | None = None
    width: int | None = None
    options: tuple[str, ...] = ()
    checks: Mapping[str, Any] = field(default_factory=dict)

    def required(self) -> Use:
        """Use this column in a table; every row has a value."""
        return Use(self)

    def optional(self) -> Use:
        """Use this column in a table; absence has the meaning that the description gives."""
        return Use(self, nullable=True)


@dataclass(frozen=True, slots=True)
class Use:
    """A column as one table uses it: the meaning, and whether a row may lack it."""

    column: Column
    nullable: bool = False


@dataclass(frozen=True)
class Table:
    """
    A contract: what one row is, and its columns.

    Attributes
    ----------
    name
        Name of the table; also the layer's name where it is published.
    title
        Dutch name, for people.
    summary
        What one row is, in one Dutch sentence.
    uses
        The columns in order, geometry left out.
    key
        Columns that together identify a row.
    geometry
        Kind of geometry in RD New, or None for a plain table. ``MultiPolygon`` accepts polygons too;
        publishing promotes them.
    """

    name: str
    title: str
    summary: str
    uses: tuple[Use, ...]
    key: tuple[str, ...] = ()
    geometry: GeometryKind | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns in order, geometry left out."""
        return tuple(use.column for use in self.uses)

    @property
    def names(self) -> list[str]:
        """The column names in order, geometry left out."""
        return [use.column.name for use in self.uses]

    def only(self, *names: str) -> Table:
        """Take some columns, without key and geometry: what a frame that keeps to the rest still has to keep to."""
        uses = tuple(use for use in self.uses if use.column.name in names)
        return replace(self, uses=uses, key=(), geometry=None)

    @cached_property
    def schema(self) -> DataFrameSchema:
        """The pandera model that holds a frame to this contract."""
        # pandera takes a tenth of a second to load, and few processes of a night judge anything
        from twentegeo.tables.judging import schema_of  # noqa: PLC0415

        return schema_of(self)


def conform(table: Table, frame: FrameT) -> FrameT:
    """
    Hold a frame to its contract.

    Parameters
    ----------
    table
        The contract.
    frame
        Any frame; where the contract has a geometry a GeoDataFrame in RD New, or a frame with the column
        :data:`twentegeo.tables.shapes.GEOM`, which is passed on as it is. Column order is free.

    Returns
    -------
    frame
        The same rows with a fresh index, columns in contract order and typed as the contract says,
        others left out; the active geometry column is called ``geometry``.

    Raises
    ------
    ContractError
        A column is missing, of the wrong type or holds a forbidden value; the key repeats; the
        geometry is absent, empty, of another kind or not in RD New.
    """
    made = shaped(table, frame)
    _validate(table, made)
    _require_key(table, made)
    return made


def shaped(table: Table, frame: FrameT) -> FrameT:
    """
    Bring a frame into the form of its contract, without judging its values.

    For layers that :func:`twentegeo.checks.tables.check_tables` judges before they are published; everywhere else
    use :func:`conform`.

    Parameters
    ----------
    table, frame
        As for :func:`conform`.

    Returns
    -------
    frame
        As :func:`conform` gives, but for forbidden values and repeated keys, which may still be in it.

    Raises
    ------
    ContractError
        A column is missing or of a type that cannot be told as the contract wants; the geometry is absent, empty, of
        another kind or not in RD New.
    """
    wanted = table.names
    missing = [column for column in wanted if column not in frame.columns]
    if missing:
        raise ContractError(f"tabel {table.name}: kolom(men) {', '.join(missing)} ontbreken.")
    data = {use.column.name: _typed(table, use.column, frame[use.column.name]) for use in table.uses}
    plain = pd.DataFrame(data, index=pd.RangeIndex(len(frame)))
    if table.geometry is None:
        return cast("FrameT", plain)
    if GEOM in frame:
        return cast("FrameT", plain.assign(**{GEOM: frame[GEOM].array}))
    geometry = _checked_geometry(table, frame)
    return cast("FrameT", gpd.GeoDataFrame(plain, geometry=geometry.array, crs=RD_NEW_TEXT))


def empty(table: Table) -> pd.DataFrame:
    """
    Make a table without rows that keeps to its contract.

    Parameters
    ----------
    table
        The contract.

    Returns
    -------
    frame
        Zero rows; a GeoDataFrame in RD New when the contract has a geometry.
    """
    data = {column.name: pd.Series([], dtype=DTYPES[column.kind]) for column in table.columns}
    if table.geometry is None:
        return pd.DataFrame(data)
    geometry = gpd.GeoSeries([], crs=RD_NEW_TEXT)
    frame: pd.DataFrame = gpd.GeoDataFrame(data, geometry=geometry, crs=RD_NEW_TEXT)
    return frame


def _typed(table: Table, column: Column, values: pd.Series[Any]) -> Any:
    """Tell values in the contract's type; those that have it are passed on as they are."""
    wanted: Any = DTYPES[column.kind]
    if str(values.dtype) == wanted:
        return values.array
    if column.kind == "flag" and values.isna().any():
        raise ContractError(f"tabel {table.name}: kolom {column.name} mist {int(values.isna().sum())} waarde(n).")
    try:
        return values.astype(wanted).array
    except (TypeError, ValueError) as error:
        raise ContractError(
            f"tabel {table.name}: kolom {column.name} is niet als {column.kind} te lezen ({error})."
        ) from error


def _validate(table: Table, frame: pd.DataFrame) -> None:
    from twentegeo.tables.judging import judged  # noqa: PLC0415 - see Table.schema

    judged(table, frame[table.names] if table.geometry else frame)


def _require_key(table: Table, frame: pd.DataFrame) -> None:
    if not table.key or unique(frame, table.key):
        return
    repeated = frame.duplicated(list(table.key))
    example = frame.loc[repeated, list(table.key)].iloc[0].to_dict()
    raise ContractError(
        f"tabel {table.name}: sleutel {', '.join(table.key)} komt {int(repeated.sum())} keer"
        f" dubbel voor; bijvoorbeeld {example}."
    )


def _checked_geometry(table: Table, frame: pd.DataFrame) -> gpd.GeoSeries:
    if not isinstance(frame, gpd.GeoDataFrame) or not is_rd_new(frame.crs):
        raise ContractError(f"tabel {table.name}: geometrie in RD (EPSG:28992) ontbreekt.")
    geometry = frame.geometry
    bad = shapely.is_missing(geometry.to_numpy()) | shapely.is_empty(geometry.to_numpy())
    if bad.any():
        raise ContractError(
            f"tabel {table.name}: {int(bad.sum())} rij(en) zonder geometrie; de eerste is rij {int(bad.argmax())}."
        )
    allowed = (0,) if table.geometry == "Point" else (3, 6)
    kinds = shapely.get_type_id(geometry.to_numpy())
    wrong = ~pd.Series(kinds).isin(allowed).to_numpy()
    if wrong.any():
        found = geometry.iloc[int(wrong.argmax())].geom_type
        raise ContractError(
            f"tabel {table.name}: {int(wrong.sum())} geometrie(ën) van soort {found} in plaats van {table.geometry}."
        )
    return geometry
