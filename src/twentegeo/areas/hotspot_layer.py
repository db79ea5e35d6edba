"""The layer `hotspot`: touching cells with the same verdict, as one shape per band and sign."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import geopandas as gpd
import pandas as pd
import shapely

from twentegeo.areas.cells import clusters, squares
from twentegeo.crs import RD_NEW_TEXT
from twentegeo.tables.contract import conform, empty
from twentegeo.tables.hotspots import HOTSPOT

if TYPE_CHECKING:
    from twentegeo.areas.getis_ord import Hotspots


def hotspot_layer(cells: pd.DataFrame, found: Hotspots, indicator: str, peildatum: pd.Timestamp) -> gpd.GeoDataFrame:
    """
    Draw what each band found, where enough bands agree.

    Parameters
    ----------
    cells
        As given to the test: index ``cel_id``; ``n_woningen``, ``n_bekend``, ``overschot``.
    found
        What the test found.
    indicator
        Name of the need, for example ``energie``.
    peildatum
        Date that the data refer to.

    Returns
    -------
    layer
        Rows that keep to ``HOTSPOT``, sorted by id; none where nothing was found.
    """
    agreed = found.bands["cel_id"].map(found.cells["gi_teken"])
    hits = found.bands[found.bands["teken"].isin(("hoog", "laag")) & (found.bands["teken"] == agreed)]
    if hits.empty:
        return cast("gpd.GeoDataFrame", empty(HOTSPOT))
    hits = hits.sort_values(["band_m", "teken", "cel_id"], ignore_index=True)
    parts = [part.assign(group=clusters(part["cel_id"])) for _, part in hits.groupby(["band_m", "teken"], sort=True)]
    rows = pd.concat(parts, ignore_index=True)
    beside = cells.loc[rows["cel_id"]].reset_index(drop=True)
    rows = rows.assign(
        n_woningen=beside["n_woningen"],
        excess=beside["overschot"] * beside["n_bekend"],
        n_bekend=beside["n_bekend"],
        q=rows["q_hoog"].where(rows["teken"] == "hoog", rows["q_laag"]),
        size=rows["gi_z"].abs(),
        square=squares(rows["cel_id"]).to_numpy(),
    )
    grouped = rows.groupby(["band_m", "teken", "group"], sort=True)
    layer = grouped.agg(
        first=("cel_id", "min"),
        n_cellen=("cel_id", "size"),
        n_woningen=("n_woningen", "sum"),
        excess=("excess", "sum"),
        n_bekend=("n_bekend", "sum"),
        q_waarde=("q", "min"),
    ).reset_index()
    strongest = rows.loc[grouped["size"].idxmax(), "gi_z"].to_numpy()
    shapes = [shapely.union_all(part.to_numpy()) for _, part in grouped["square"]]
    name = indicator + "-" + layer["band_m"].astype("str") + "-" + layer["teken"] + "-" + layer["first"]
    layer = layer.assign(
        hotspot_id=name,
        indicator=indicator,
        overschot=layer["excess"] / layer["n_bekend"],
        gi_z=strongest,
        peildatum=peildatum,
    )
    drawn = gpd.GeoDataFrame(layer, geometry=shapes, crs=RD_NEW_TEXT).sort_values("hotspot_id")
    return conform(HOTSPOT, cast("gpd.GeoDataFrame", drawn))
