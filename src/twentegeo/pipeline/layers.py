"""What of the stock a release publishes: the map layers and the tables beside them, each by its contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import geopandas as gpd
import pandas as pd

from twentegeo.areas import wording
from twentegeo.areas.cells import squares
from twentegeo.areas.delineate import area_ids, hot_cells, municipalities, outlines
from twentegeo.crs import RD_NEW_TEXT
from twentegeo.indicators.energy import construction_periods
from twentegeo.priority.summary import rank, summarise
from twentegeo.stock.dwellings import on_parcel
from twentegeo.tables import layers
from twentegeo.tables.contract import conform, empty

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twentegeo.areas.delineate import AreaParams
    from twentegeo.indicators.energy import EnergyReference
    from twentegeo.pipeline.registers import Registers
    from twentegeo.pipeline.stock import Stock
    from twentegeo.tables.contract import Table


def map_layers(
    registers: Registers, stock: Stock, reference: EnergyReference, parameters: AreaParams
) -> tuple[dict[str, gpd.GeoDataFrame], pd.DataFrame, pd.DataFrame]:
    """
    Make every layer with geometry.

    Parameters
    ----------
    registers, stock
        What was read and joined.
    reference
        Names the construction periods.
    parameters
        How priority areas are drawn.

    Returns
    -------
    layers, losses, account
        Layer name to rows by contract (no rows where there is nothing to show), and what the join of dwellings
        with parcels lost.
    """
    peildatum = pd.Timestamp(registers.peildatum)
    on_plot, losses, account = on_parcel(
        cast("gpd.GeoDataFrame", stock.dwellings.tables["woningen"]), stock.overlap.tables["pand_perceel"]
    )
    homes = _dwellings(on_plot, stock).assign(peildatum=peildatum)
    cells = summarise(homes, "cel_id")
    areas = registers.neighbourhoods.tables
    planned = stock.dwellings.tables["planned"]
    made = {
        "prioriteitsgebied": _areas(homes, cells, areas, parameters, peildatum),
        "gemeente": _cbs(layers.GEMEENTE, areas["gemeente"], homes, planned, peildatum),
        "wijk": _cbs(layers.WIJK, areas["wijk"], homes, planned, peildatum),
        "buurt": _cbs(layers.BUURT, areas["buurt"], homes, planned, peildatum),
        "hectare": _hectares(cells, peildatum),
        "perceel": _parcels(homes, registers, stock, peildatum),
        "pand": _buildings(homes, stock, reference, peildatum),
        "verblijfsobject": conform(layers.VERBLIJFSOBJECT, homes),
    }
    return made, losses, account


def _dwellings(woningen: gpd.GeoDataFrame, stock: Stock) -> gpd.GeoDataFrame:
    """Put label and score beside each dwelling; both speak of the same dwellings, so nothing can be lost."""
    label = stock.labelled.tables["woning_label"].set_index("vbo_id").reindex(woningen["vbo_id"])
    scores = stock.scored.tables["score"].set_index("vbo_id").loc[woningen["vbo_id"]]
    beside = {name: label[name].to_numpy() for name in label.columns if name not in woningen.columns}
    beside |= {name: scores[name].to_numpy() for name in scores.columns}
    return cast("gpd.GeoDataFrame", woningen.assign(**beside))


def _cbs(
    table: Table, areas: pd.DataFrame, homes: pd.DataFrame, planned: pd.DataFrame, peildatum: pd.Timestamp
) -> gpd.GeoDataFrame:
    code = f"{table.name}_code"
    summary = summarise(homes, code).reindex(areas[code])
    counts = planned[code].value_counts().reindex(areas[code]).fillna(0).to_numpy()
    rows = areas.assign(
        code=areas[code],
        n_woningen_gepland=counts,
        peildatum=peildatum,
        **{name: summary[name].to_numpy() for name in summary.columns},
    )
    rows["n_woningen"] = rows["n_woningen"].fillna(0)
    rows["rang"] = rank(rows["score_prioriteit"])
    return cast("gpd.GeoDataFrame", conform(table, rows))


def _hectares(cells: pd.DataFrame, peildatum: pd.Timestamp) -> gpd.GeoDataFrame:
    ids = cells.index.to_series()
    rows = gpd.GeoDataFrame(
        cells.assign(cel_id=ids, peildatum=peildatum), geometry=squares(ids).to_numpy(), crs=RD_NEW_TEXT
    )
    return conform(layers.HECTARE, rows)


def _parcels(homes: pd.DataFrame, registers: Registers, stock: Stock, peildatum: pd.Timestamp) -> gpd.GeoDataFrame:
    perceel = registers.parcels.tables["perceel"]
    summary = summarise(homes, "perceel_id")
    lived_in = perceel[perceel["perceel_id"].isin(summary.index)]
    beside = summary.loc[lived_in["perceel_id"]]
    built_up = stock.overlap.tables["bebouwd"].set_index("perceel_id")["bebouwd_m2"]
    rows = lived_in.assign(
        peildatum=peildatum,
        bebouwd_m2=built_up.reindex(lived_in["perceel_id"]).fillna(0).to_numpy(),
        **{name: beside[name].to_numpy() for name in summary.columns},
    )
    return cast("gpd.GeoDataFrame", conform(layers.PERCEEL, rows))


def _buildings(
    homes: pd.DataFrame, stock: Stock, reference: EnergyReference, peildatum: pd.Timestamp
) -> gpd.GeoDataFrame:
    panden = stock.dwellings.tables["panden"]
    summary = summarise(homes, "pand_id").reindex(panden["pand_id"])
    parcel = stock.overlap.tables["pand_perceel"].set_index("pand_id").reindex(panden["pand_id"])
    beside = {name: summary[name].to_numpy() for name in summary.columns if name not in panden.columns}
    rows = panden.assign(
        peildatum=peildatum,
        bouwperiode=construction_periods(panden["bouwjaar"], reference),
        perceel_id=parcel["perceel_id"].to_numpy(),
        aandeel_overlap=parcel["aandeel_overlap"].to_numpy(),
        **beside,
    )
    rows["n_labels"] = rows["n_labels"].fillna(0)
    return cast("gpd.GeoDataFrame", conform(layers.PAND, rows))


def _areas(
    homes: gpd.GeoDataFrame,
    cells: pd.DataFrame,
    areas: Mapping[str, pd.DataFrame],
    parameters: AreaParams,
    peildatum: pd.Timestamp,
) -> gpd.GeoDataFrame:
    cluster = hot_cells(cells, parameters)
    if cluster.empty:
        return cast("gpd.GeoDataFrame", empty(layers.PRIORITEITSGEBIED))
    ids = area_ids(cluster)
    quarter = areas["buurt"].set_index("buurt_code")["naam"]
    municipality = areas["gemeente"].set_index("gemeente_code")["naam"]
    inside = pd.DataFrame(homes.drop(columns="geometry")).assign(
        gebied_id=homes["cel_id"].map(ids),
        buurt_naam=homes["buurt_code"].map(quarter),
        gemeente_naam=homes["gemeente_code"].map(municipality).fillna(homes["gemeente_code"]),
    )
    inside = inside[inside["gebied_id"].notna()]
    summary = summarise(inside, "gebied_id").join(municipalities(inside, parameters))
    summary = summary.assign(
        naam=wording.names(inside),
        rang=rank(summary["score_prioriteit"]),
        toelichting=wording.reasons(summary),
        peildatum=peildatum,
    )
    shapes = outlines(ids).reindex(summary.index)
    rows = gpd.GeoDataFrame(summary.reset_index(), geometry=shapes.to_numpy(), crs=RD_NEW_TEXT)
    return conform(layers.PRIORITEITSGEBIED, rows)
