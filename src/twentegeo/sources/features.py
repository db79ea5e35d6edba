"""Features of a page of GeoJSON as a table: what they say as text, where they lie as WKB in RD New."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyogrio
import shapely

from twentegeo.crs import RD_NEW_TEXT, require_inside
from twentegeo.errors import SourceChanged, problem
from twentegeo.sources.headers import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

FEATURE_ID: Final = "feature_id"
"""Column with the id that the service itself gives a feature; good for one load of the service only."""

WKB: Final = "wkb"
_REMEDY: Final = "Controleer het adres en de collectie in de instellingen"


def page_table(features: Sequence[Mapping[str, Any]], label: str) -> pa.Table:
    """
    Make a table of features.

    Parameters
    ----------
    features
        As decoded from GeoJSON, coordinates in RD New.
    label
        The service, for messages.

    Returns
    -------
    table
        ``feature_id`` and each property as text, lists joined by commas; ``wkb``, null where there is no geometry.

    Raises
    ------
    SourceChanged
        A geometry lies outside the Netherlands in RD New, or is none.
    """
    names = dict.fromkeys(name for feature in features for name in feature.get("properties") or {})
    columns = {
        name: pa.array([_text((feature.get("properties") or {}).get(name)) for feature in features], pa.string())
        for name in names
        if name not in (FEATURE_ID, WKB)
    }
    drawn = [json.dumps(feature["geometry"]) if feature.get("geometry") else None for feature in features]
    try:
        shapes = shapely.force_2d(shapely.from_geojson(np.array(drawn, dtype=object)))
    except shapely.errors.GEOSException as error:
        raise SourceChanged(problem(label, f"geeft geometrie die geen GeoJSON is ({error})", _REMEDY)) from error
    if len(shapes):
        require_inside(shapely.total_bounds(shapes), label, "objecten")
    ids = pa.array([_text(feature.get("id")) for feature in features], pa.string())
    return pa.table({FEATURE_ID: ids, **columns, WKB: pa.array(shapely.to_wkb(shapes).tolist(), pa.binary())})


def together(tables: Iterable[pa.Table]) -> pa.Table:
    """
    Put pages together.

    Parameters
    ----------
    tables
        As :func:`page_table` gives; a column that a page lacks is null there.

    Returns
    -------
    table
        All rows, in order; without columns where there are no rows at all.
    """
    filled = [table for table in tables if table.num_rows]
    return pa.concat_tables(filled, promote_options="default").combine_chunks() if filled else pa.table({})


def one_per_key(table: pa.Table, key: str) -> tuple[pa.Table, int]:
    """
    Keep the first row of each key, sorted by key.

    Parameters
    ----------
    table
        As :func:`together` gives.
    key
        Column without nulls.

    Returns
    -------
    table, doubles
        Unique rows, and how many were left out.
    """
    keys = np.asarray(table[key].to_numpy(zero_copy_only=False), dtype=object).astype(str)
    _, first = np.unique(keys, return_index=True)
    return table.take(pa.array(first)), table.num_rows - len(first)


def column_named(table: pa.Table, spellings: Sequence[str], label: str) -> str:
    """
    Find a column that every edition spells in its own way.

    Parameters
    ----------
    table
        Rows of a service.
    spellings
        Plain spellings, see :func:`twentegeo.sources.headers.plain`; the preferred one first.
    label
        The service, for the message.

    Returns
    -------
    name
        As the table spells it.

    Raises
    ------
    SourceChanged
        The table lacks it.
    """
    spelled = {plain(name): name for name in reversed(table.column_names)}
    for spelling in spellings:
        if spelling in spelled:
            return str(spelled[spelling])
    held = ", ".join(table.column_names[:6])
    raise SourceChanged(problem(label, f"kolom '{spellings[0]}' ontbreekt (wel: {held})", _REMEDY))


def digest_of(tables: Mapping[str, pa.Table]) -> str:
    """
    Identify what tables say, whatever file they end up in.

    Parameters
    ----------
    tables
        By name; rows sorted by their key.

    Returns
    -------
    digest
        64 hexadecimal digits.
    """
    whole: Any = hashlib.sha256()
    for name, table in sorted(tables.items()):
        sink = pa.BufferOutputStream()
        plain_table = table.select(sorted(table.column_names)).replace_schema_metadata(None).combine_chunks()
        with pa.ipc.new_stream(sink, plain_table.schema) as writer:
            writer.write_table(plain_table)
        whole.update(name.encode() + b"\0" + hashlib.sha256(sink.getvalue()).digest())
    return str(whole.hexdigest())


def write_layers(path: Path, layers: Mapping[str, tuple[pa.Table, str]], day: date) -> None:
    """
    Write tables as layers of one GeoPackage: the delivery that a service itself does not make.

    Parameters
    ----------
    path
        Where to; an older file is replaced.
    layers
        Table with a column ``wkb`` and its geometry type, by name.
    day
        Date that the file bears, so that equal tables give equal bytes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{day.isoformat()}T00:00:00.000Z"})
    try:
        for name, (table, kind) in layers.items():
            named = [("geom" if column == WKB else column) for column in table.column_names]
            pyogrio.write_arrow(
                table.rename_columns(named).replace_schema_metadata(None),
                path,
                layer=name,
                driver="GPKG",
                geometry_name="geom",
                geometry_type=kind,
                crs=RD_NEW_TEXT,
                append=path.exists(),
                dataset_options={"VERSION": "1.3"},
                layer_options={"FID": "fid", "GEOMETRY_NAME": "geom"},
            )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list):
        return ",".join(_text(one) or "" for one in value)
    return json.dumps(value, ensure_ascii=False)
