"""
Stages on disk: what one gave, and what it can use in a later night.

A stage is written beside its place and renamed, so a run that dies leaves none half written. ``facts.json`` is written
last and removed first: a folder without it is no stage, however much of it a run that died while removing it left.
After a power cut files may be there without their content; a table that does not end as Parquet does is none either.
"""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyproj import CRS

from twentegeo.crs import RD_NEW_TEXT
from twentegeo.store import write_json
from twentegeo.tables.shapes import Mapped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FACTS: Final = "facts.json"
# read once or twice and thrown away: quick counts for more than small
_QUICK: Final[Mapping[str, Any]] = {"compression": "lz4", "use_dictionary": False, "write_statistics": False}
_END: Final = b"PAR1"


def keep(
    folder: Path,
    tables: Mapping[str, pd.DataFrame | Mapped],
    facts: Mapping[str, Any],
    memory: Mapping[str, pd.DataFrame],
) -> None:
    """
    Put a stage in its place.

    Parameters
    ----------
    folder
        Its place; what stood there goes.
    tables
        Tables by path within the folder, without ending.
    facts
        JSON values.
    memory
        What the same code can use in a later night, by name.

    Raises
    ------
    OSError
        The disk refused; the place is empty or as it was.
    """
    beside = folder.with_name(f".{folder.name}.new")
    drop(beside)
    paths = {**tables, **{f"memory/{name}": table for name, table in memory.items()}}
    for name, table in paths.items():
        path = beside / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(table, Mapped):
            _write_mapped(table, path)
        else:
            table.to_parquet(path, **_QUICK)
    write_json(beside / FACTS, facts)
    drop(folder)
    beside.rename(folder)


def _write_mapped(table: Mapped, path: Path) -> None:
    """
    Write rows with outlines as GeoParquet, without decoding these.

    The boxes of the outlines lie beside them, so that who looks for a place need not decode them either.
    """
    sides = ("xmin", "ymin", "xmax", "ymax")
    box = pa.StructArray.from_arrays([pa.array(side) for side in np.ascontiguousarray(table.bounds.T)], sides)
    made = pa.Table.from_pandas(table.rows).append_column("geometry", table.wkb).append_column("bbox", box)
    column = {
        "encoding": "WKB",
        "geometry_types": [],
        "crs": CRS.from_user_input(RD_NEW_TEXT).to_json_dict(),
        "covering": {"bbox": {side: ["bbox", side] for side in sides}},
    }
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    pq.write_table(made.replace_schema_metadata({**made.schema.metadata, "geo": json.dumps(geo)}), path, **_QUICK)


def drop(folder: Path) -> None:
    """
    Remove a stage; whoever dies over it leaves something that nobody takes for one.

    Parameters
    ----------
    folder
        Its place; may be absent.
    """
    (folder / FACTS).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def facts_of(folder: Path) -> dict[str, Any] | None:
    """
    Read the facts of a stage.

    Parameters
    ----------
    folder
        Its place.

    Returns
    -------
    facts
        None where there is no whole stage.
    """
    try:
        facts: dict[str, Any] = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return facts if all(_ends_well(path) for path in folder.rglob("*.parquet")) else None


def memory_of(stage: Path, code: str, tables: Sequence[str] = ()) -> dict[str, pd.DataFrame] | None:
    """
    Find what a stage kept for later nights.

    Parameters
    ----------
    stage
        Folder with its places, one per set of inputs.
    code
        What ``facts.json`` must name as ``code``.
    tables
        Names of tables of the stage that it can use again as well.

    Returns
    -------
    memory
        Of the newest place, those tables included; None where there is none.
    """
    place = newest(stage, code, "memory")
    if place is None:
        return None
    paths = [*sorted((place / "memory").glob("*.parquet")), *(place / "tables" / f"{one}.parquet" for one in tables)]
    return {path.stem: read(path) for path in paths}


def newest(stage: Path, code: str, part: str = "tables") -> Path | None:
    """
    Find the newest place of a stage that some code left.

    Parameters
    ----------
    stage
        Folder with its places, one per set of inputs.
    code
        What ``facts.json`` must name as ``code``.
    part
        Folder that it must have.

    Returns
    -------
    place
        Whole; None where there is none.
    """
    parts = sorted(stage.glob(f"*/{part}"), key=lambda path: (path.stat().st_mtime, path.parent.name), reverse=True)
    return next((one.parent for one in parts if (facts_of(one.parent) or {}).get("code") == code), None)


def read(path: Path) -> pd.DataFrame:
    """
    Read a table.

    Parameters
    ----------
    path
        A Parquet file that :func:`keep` wrote.

    Returns
    -------
    table
        With geometry where it was written with it.
    """
    has_geometry = b"geo" in (pq.read_schema(path).metadata or {})
    found: pd.DataFrame = gpd.read_parquet(path) if has_geometry else pd.read_parquet(path)
    return found


def is_mapped(path: Path) -> bool:
    """Tell whether a table with outlines was kept as such; see :func:`read_mapped`."""
    return "bbox" in pq.read_schema(path).names


def read_mapped(path: Path, columns: Sequence[str] | None = None) -> Mapped:
    """
    Read a table with outlines, without decoding these.

    Parameters
    ----------
    path
        A Parquet file that :func:`keep` wrote of such a table.
    columns
        Which of the others to read; all where None.

    Returns
    -------
    mapped
        All rows.
    """
    table = pq.read_table(path, columns=None if columns is None else [*columns, "geometry", "bbox"])
    box = table["bbox"].combine_chunks()
    bounds = [box.field(side).to_numpy(zero_copy_only=False) for side in ("xmin", "ymin", "xmax", "ymax")]
    rows = table.drop_columns(["bbox", "geometry"]).to_pandas()
    return Mapped(rows, table["geometry"].combine_chunks(), np.column_stack(bounds))


def read_columns(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """
    Read some columns of a table.

    Parameters
    ----------
    path
        A Parquet file that :func:`keep` wrote.
    columns
        Names; a geometry comes as WKB.

    Returns
    -------
    part
        All rows.
    """
    found: pd.DataFrame = pd.read_parquet(path, columns=list(columns))
    return found


def rows_of(path: Path) -> int:
    """
    Count the rows of a table without reading it.

    Parameters
    ----------
    path
        A Parquet file that :func:`keep` wrote.

    Returns
    -------
    count
        Number of rows.
    """
    return int(pq.read_metadata(path).num_rows)


def _ends_well(path: Path) -> bool:
    with path.open("rb") as stream:
        if stream.seek(0, os.SEEK_END) < len(_END):
            return False
        stream.seek(-len(_END), os.SEEK_END)
        return stream.read() == _END
