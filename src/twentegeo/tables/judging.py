"""
Holding values to a contract: what pandera makes of it, and what it finds.

Apart from :mod:`twentegeo.tables.contract`, which is loaded by every process that names a column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from twentegeo.errors import ContractError
from twentegeo.tables.contract import DTYPES
from twentegeo.tables.patterns import matching

if TYPE_CHECKING:
    from twentegeo.tables.contract import Table, Use


def schema_of(table: Table) -> pa.DataFrameSchema:
    """
    Say a contract in pandera's words.

    Parameters
    ----------
    table
        The contract.

    Returns
    -------
    schema
        Geometry left out.
    """
    return pa.DataFrameSchema(
        {use.column.name: _column(use) for use in table.uses},
        name=table.name,
        title=table.title,
        description=table.summary,
        strict=True,
    )


def judged(table: Table, frame: pd.DataFrame) -> None:
    """
    Judge the values of a frame.

    Parameters
    ----------
    table
        The contract.
    frame
        Its columns, geometry left out.

    Raises
    ------
    ContractError
        A column holds a forbidden value; says which, and how many.
    """
    try:
        table.schema.validate(pd.DataFrame(frame), lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
        first = cases.iloc[0]
        row = "" if pd.isna(first["index"]) else f" (rij {first['index']})"
        raise ContractError(
            f"tabel {table.name}: kolom {first['column']} voldoet niet aan '{first['check']}';"
            f" bijvoorbeeld {first['failure_case']!r}{row}; {len(cases)} geval(len) in totaal."
        ) from error


def _column(use: Use) -> pa.Column:
    column = use.column
    checks = [_check(name, value) for name, value in column.checks.items()]
    if column.options:
        checks.append(pa.Check.isin(column.options))
    return pa.Column(
        DTYPES[column.kind],
        checks=checks,
        nullable=use.nullable,
        title=column.alias,
        description=column.description,
        metadata={"unit": column.unit, "source": column.source},
    )


def _check(name: str, value: Any) -> pa.Check:
    """Make a check by its name in :class:`pandera.Check`, in a faster way where there is one."""
    make = matching if name == "str_matches" else getattr(pa.Check, name)
    return make(**value) if isinstance(value, dict) else make(value)
