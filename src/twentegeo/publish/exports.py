"""
The layers in other forms: FlatGeobuf and GeoParquet for programs, CSV for spreadsheets.

FlatGeobuf is read piece by piece over the web. GeoParquet 1.1 carries the bounding box of every row in a column of its
own, and rows that lie together stand together (along a Hilbert curve), so that a reader that wants a part of the region
skips the rest of the file. Both carry RD New; column descriptions go along in the Parquet schema.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely

from twentegeo.crs import RD_NEW, RD_NEW_TEXT
from twentegeo.errors import ReleaseError, problem
from twentegeo.publish.packaged import Layer, read_layout
from twentegeo.publish.table_files import write_csv
from twentegeo.tables.shapes import GEOM

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy.typing as npt

Form = Literal["flatgeobuf", "geoparquet", "csv"]
FORMS: Final[tuple[Form, ...]] = ("flatgeobuf", "geoparquet", "csv")
ENDINGS: Final[dict[Form, str]] = {"flatgeobuf": ".fgb", "geoparquet": ".parquet", "csv": ".csv"}
COVERING: Final = "bbox"
"""Column with the bounding box of each row."""

ROW_GROUP: Final = 20_000
"""Rows that a reader takes or skips together; a town's worth, so that a part of the region is a part of the file."""

TABLED: Final = ("prioriteitsgebied", "gemeente", "wijk", "buurt")
"""Map layers that are tables too: small, and what planners compare."""


def export(
    package: Path,
    folder: Path,
    *,
    forms: Sequence[Form] = FORMS,
    layers: Sequence[str] = (),
    say: Callable[[str], None],
) -> list[Path]:
    """
    Write the layers of a release in other forms.

    Parameters
    ----------
    package
        The GeoPackage of the release.
    folder
        Empty folder to write in.
    forms
        Which forms.
    layers
        Names of layers and tables; none is all of them.
    say
        Told of each file, one line.

    Returns
    -------
    paths
        The files. Map layers become FlatGeobuf and GeoParquet; tables and the layers of areas become CSV.

    Raises
    ------
    ReleaseError
        A name is unknown, or a file could not be written.
    """
    known = {layer.name: layer for layer in read_layout(package)}
    if unknown := [name for name in layers if name not in known]:
        raise ReleaseError(
            problem(package, f"laag {', '.join(unknown)} staat er niet in", f"Kies uit: {', '.join(known)}")
        )
    written = []
    for name in layers or known:
        for form in forms:
            if not _wanted(known[name], form):
                continue
            path = folder / f"{name}{ENDINGS[form]}"
            try:
                _write(package, known[name], path, form)
            except (OSError, pa.ArrowException, pyogrio.errors.DataSourceError) as error:
                raise ReleaseError(problem(path, f"schrijven mislukt: {error}", "Controleer schijfruimte")) from error
            say(f"{path.name}: {known[name].rows} rows, {path.stat().st_size} bytes")
            written.append(path)
    return written


def _wanted(layer: Layer, form: Form) -> bool:
    if form == "csv":
        return layer.geometry is None or layer.name in TABLED
    return layer.geometry is not None


def _write(package: Path, layer: Layer, path: Path, form: Form) -> None:
    rows = _rows(package, layer)
    captions = {field.name: field.caption for field in layer.fields}
    if form == "csv":
        write_csv(path, rows.drop_columns([GEOM]) if layer.geometry else rows, captions)
    elif form == "flatgeobuf":
        pyogrio.write_arrow(
            rows,
            path,
            layer=layer.name,
            driver="FlatGeobuf",
            geometry_name=GEOM,
            geometry_type=layer.geometry,
            crs=RD_NEW_TEXT,
            layer_options={"SPATIAL_INDEX": "YES", "TITLE": layer.title, "DESCRIPTION": layer.description},
        )
    else:
        _write_parquet(rows, layer, path)


def _rows(package: Path, layer: Layer) -> pa.Table:
    _, rows = pyogrio.read_arrow(package, layer=layer.name)
    return rows.select([field.name for field in layer.fields] + ([GEOM] if layer.geometry else []))


def _write_parquet(rows: pa.Table, layer: Layer, path: Path) -> None:
    shapes = shapely.from_wkb(rows.column(GEOM).to_numpy())
    order = _along_curve(shapes)
    shapes, rows = shapes[order], rows.take(pa.array(order))
    bounds = shapely.bounds(shapes)
    box = pa.StructArray.from_arrays(
        [pa.array(bounds[:, place]) for place in range(4)], names=["xmin", "ymin", "xmax", "ymax"]
    )
    fields = [_described(rows.schema.field(field.name), field.caption, field.description) for field in layer.fields]
    fields += [pa.field(GEOM, pa.binary(), nullable=False), pa.field(COVERING, box.type, nullable=False)]
    columns = [rows.column(field.name) for field in layer.fields] + [rows.column(GEOM).cast(pa.binary()), box]
    told = {"geo": json.dumps(_geo(shapes, bounds)), "title": layer.title, "description": layer.description}
    table = pa.Table.from_arrays(columns, schema=pa.schema(fields, metadata=told))
    pq.write_table(table, path, compression="zstd", row_group_size=ROW_GROUP, write_page_index=True)


def _described(field: pa.Field, caption: str, description: str) -> pa.Field:
    return pa.field(field.name, field.type, field.nullable, metadata={"title": caption, "description": description})


def _along_curve(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.intp]:
    distance = gpd.GeoSeries(shapes).hilbert_distance().to_numpy() if len(shapes) else np.array([])
    order: npt.NDArray[np.intp] = np.argsort(distance, kind="stable")
    return order


def _geo(shapes: npt.NDArray[np.object_], bounds: npt.NDArray[np.float64]) -> dict[str, Any]:
    """Describe the geometry as GeoParquet 1.1 asks for."""
    kinds = np.unique(shapely.get_type_id(shapes))
    names = {0: "Point", 3: "Polygon", 6: "MultiPolygon"}
    whole = [float(value) for value in (*bounds[:, :2].min(axis=0), *bounds[:, 2:].max(axis=0))]
    column = {
        "encoding": "WKB",
        "geometry_types": [names[int(kind)] for kind in kinds],
        "crs": RD_NEW.to_json_dict(),
        "edges": "planar",
        "bbox": whole,
        "covering": {"bbox": {side: [COVERING, side] for side in ("xmin", "ymin", "xmax", "ymax")}},
    }
    if 0 not in kinds:
        column["orientation"] = "counterclockwise"
    return {"version": "1.1.0", "primary_column": GEOM, "columns": {GEOM: column}}
