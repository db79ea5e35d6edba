"""What a release held, in few enough numbers for its manifest, so that the next night has something to compare with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from twentegeo.tables.contract import Table

Figures = dict[str, Any]
"""What :func:`key_figures` gives: JSON values by kind, layer and column."""

STOCK: Final = ("verblijfsobject", "pand", "perceel", "hectare")
"""Layers that a register fills one by one; they hardly move overnight."""

_CLASSES: Final = 30
"""A text with at most so many different values is a class; the number of municipalities of a region is below it."""

_CLASS_WIDTH: Final = 40
"""A text that may be longer than this is no class, characters."""

_QUANTILES: Final = (0.1, 0.5, 0.9)
_DECIMALS: Final = 3


def key_figures(layers: Mapping[str, pd.DataFrame], contracts: Iterable[Table]) -> Figures:
    """
    Take down what the layers of a night hold.

    Parameters
    ----------
    layers
        Layer or table name to its rows, by contract.
    contracts
        The layers with geometry.

    Returns
    -------
    figures
        ``rijen`` per layer; ``bronnen``, rows per source; ``dekking``, share matched in % per join; ``leeg``, share
        without value in % per column that may be empty; ``klassen``, share in % per class of flags and of texts with
        few values; ``getallen``, p10, median and p90 of real columns.
    """
    present = [table for table in contracts if table.name in layers]
    stock = [table for table in present if table.name in STOCK and not layers[table.name].empty]
    return {
        "rijen": {table.name: len(layers[table.name]) for table in present},
        "bronnen": _by_name(layers["bron"], "bron", "aantal_rijen"),
        "dekking": _by_name(layers["koppeling"], "koppeling", "dekking"),
        "leeg": {table.name: _empty_shares(table, layers[table.name]) for table in stock},
        "klassen": {table.name: _class_shares(table, layers[table.name]) for table in stock},
        "getallen": {table.name: _spreads(table, layers[table.name]) for table in stock},
    }


def _by_name(rows: pd.DataFrame, name: str, value: str) -> dict[str, float]:
    there = rows[rows[value].notna()]
    return dict(zip(there[name].astype(str), there[value].astype(float).round(_DECIMALS), strict=True))


def _empty_shares(table: Table, rows: pd.DataFrame) -> dict[str, float]:
    names = [use.column.name for use in table.uses if use.nullable]
    return {name: _percent(float(rows[name].isna().mean())) for name in names}


def _class_shares(table: Table, rows: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Share of each class among the values that are there, %."""
    found = {}
    for column in table.columns:
        if column.kind not in ("flag", "text") or column.name.endswith("_id") or (column.width or 0) > _CLASS_WIDTH:
            continue
        # Arrow counts texts several times faster than pandas
        counted = pc.value_counts(pc.drop_null(pa.array(rows[column.name], from_pandas=True)))
        if len(counted) > 0 and (column.options or len(counted) <= _CLASSES):
            number = counted.field("counts").to_numpy()
            shares = zip(counted.field("values").to_pylist(), number / number.sum(), strict=True)
            found[column.name] = dict(sorted((str(value), _percent(float(share))) for value, share in shares))
    return found


def _spreads(table: Table, rows: pd.DataFrame) -> dict[str, list[float]]:
    names = [column.name for column in table.columns if column.kind == "real" and rows[column.name].notna().any()]
    found = {}
    for name in names:
        numbers = rows[name].to_numpy(dtype="float64", na_value=np.nan)
        found[name] = [round(float(one), _DECIMALS) for one in np.nanquantile(numbers, _QUANTILES)]
    return found


def _percent(share: float) -> float:
    return round(share * 100, _DECIMALS)
