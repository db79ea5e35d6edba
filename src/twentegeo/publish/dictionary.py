"""The data dictionary: what every column of every layer means, generated from the contracts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from twentegeo.errors import ContractError
from twentegeo.tables import bag, registers, stock
from twentegeo.tables.contract import Table, conform
from twentegeo.tables.layers import DATA_WOORDENBOEK, MAP_LAYERS, PLAIN_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from twentegeo.tables.contract import Column, Storage

SOORTEN: Final[Mapping[Storage, str]] = {
    "text": "tekst",
    "integer": "geheel getal",
    "real": "getal",
    "date": "datum",
    "datetime": "tijdstip",
    "flag": "ja/nee",
}
"""Dutch name of each kind of value."""


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One line of a description: a column as a reader wants to see it, all in Dutch but the last."""

    kolom: str
    titel: str
    soort: str
    eenheid: str
    verplicht: bool
    waarden: str
    bron: str
    omschrijving: str
    omschrijving_en: str


@dataclass(frozen=True, slots=True)
class Description:
    """A table as a reader wants to see it: what one row is, and its columns in order."""

    naam: str
    titel: str
    omschrijving: str
    geometrie: str
    sleutel: tuple[str, ...]
    kolommen: tuple[ColumnRow, ...]


def data_dictionary(tables: Iterable[Table] = (*MAP_LAYERS, *PLAIN_TABLES)) -> pd.DataFrame:
    """
    Make the data dictionary.

    Parameters
    ----------
    tables
        Contracts of the layers and tables that are published.

    Returns
    -------
    dictionary
        A table that keeps to ``DATA_WOORDENBOEK``: one row per column of each table, in order.
    """
    rows = [
        {
            "laag": table.name,
            "kolom": row.kolom,
            "titel": row.titel,
            "soort": row.soort,
            "eenheid": row.eenheid or None,
            "omschrijving": row.omschrijving,
            "omschrijving_en": row.omschrijving_en,
            "bron": row.bron,
            "waarden": row.waarden or None,
        }
        for table in tables
        for row in _rows(table)
    ]
    return conform(DATA_WOORDENBOEK, pd.DataFrame(rows, columns=DATA_WOORDENBOEK.names))


def known_tables() -> dict[str, Table]:
    """
    List every table that the house knows.

    Returns
    -------
    tables
        Contract by name: published layers and tables first, then what passes between rooms.
    """
    published = (*MAP_LAYERS, *PLAIN_TABLES)
    inside = [
        value for module in (stock, bag, registers) for value in vars(module).values() if isinstance(value, Table)
    ]
    return {table.name: table for table in (*published, *inside)}


def describe(name: str) -> Description:
    """
    Describe one table.

    Parameters
    ----------
    name
        Name of a table, as :func:`known_tables` lists them.

    Returns
    -------
    description
        What one row is, and its columns.

    Raises
    ------
    ContractError
        No table has this name; the message lists those that do.
    """
    tables = known_tables()
    if name not in tables:
        raise ContractError(f"tabel {name} bestaat niet. Kies uit: {', '.join(tables)}.")
    table = tables[name]
    return Description(
        naam=table.name,
        titel=table.title,
        omschrijving=table.summary,
        geometrie=f"{table.geometry} in RD (EPSG:28992)" if table.geometry else "geen",
        sleutel=table.key,
        kolommen=_rows(table),
    )


def _rows(table: Table) -> tuple[ColumnRow, ...]:
    return tuple(_row(use.column, required=not use.nullable) for use in table.uses)


def _row(column: Column, *, required: bool) -> ColumnRow:
    options = ("ja", "nee") if column.kind == "flag" else column.options
    return ColumnRow(
        kolom=column.name,
        titel=column.alias,
        soort=SOORTEN[column.kind],
        eenheid=column.unit or "",
        verplicht=required,
        waarden=", ".join(options),
        bron=column.source,
        omschrijving=column.description,
        omschrijving_en=column.description_en,
    )
