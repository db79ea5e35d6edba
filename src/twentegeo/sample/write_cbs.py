"""Write the Wijk- en Buurtkaart: a GeoPackage with layers buurten, wijken and gemeenten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyogrio
import shapely

from twentegeo.crs import RD_NEW_TEXT
from twentegeo.sample.neighbourhoods import figures

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import pandas as pd

    from twentegeo.sample.settle import Region

LAYERS = {"buurten": "buurt", "wijken": "wijk", "gemeenten": "gemeente"}


def write_areas(
    path: Path, region: Region, areas: pd.DataFrame, homes: pd.DataFrame, day: date, seed: int
) -> dict[str, int]:
    """
    Write ``wijkenbuurten_2026.gpkg``.

    Parameters
    ----------
    path
        Where to; an older file is replaced.
    region, areas, homes
        What to write.
    day
        Date that the file bears, so that it does not depend on the clock.
    seed
        The sample's seed.

    Returns
    -------
    counts
        Rows per layer, and buurten that are water, that hold no home, and cells that are suppressed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    counts: dict[str, int] = {}
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{day.isoformat()}T06:00:00.000Z"})
    try:
        for layer, level in LAYERS.items():
            table = figures(region, areas, homes, level, seed)
            counts[layer] = len(table)
            if level == "buurt":
                counts["buurten_water"] = int((table["water"] == "JA").sum())
                counts["suppressed_cells"] = int((table.select_dtypes("number") <= -99_990).to_numpy().sum())
            _write(path, layer, table)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    return counts


def _write(path: Path, layer: str, table: pd.DataFrame) -> None:
    wkb = shapely.to_wkb(table["geometry"].to_numpy(dtype=object))
    arrow = pa.Table.from_pandas(table.drop(columns="geometry"), preserve_index=False)
    arrow = arrow.append_column("geom", pa.array(wkb, pa.binary())).replace_schema_metadata(None)
    pyogrio.write_arrow(
        arrow, path, layer=layer, driver="GPKG", geometry_name="geom", geometry_type="MultiPolygon", crs=RD_NEW_TEXT,
        append=path.exists(),
    )  # fmt: skip
