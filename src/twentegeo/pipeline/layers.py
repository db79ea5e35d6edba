"""What of the stock a release publishes: the map layers and the tables beside them, each by its contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import geopandas as gpd
import pandas as pd

from twentegeo.areas import wording
from twentegeo.areas.cells import squares
from twentegeo.areas.delineate import area_ids, hot_cells, municipalities, outlines
from twentegeo.crs import RD_NEW_TEXT
from twentegeo.indicators import lifecourse
from twentegeo.indicators.energy import construction_periods
from twentegeo.priority.summary import rank, summarise
from twentegeo.priority.two_axes import quadrant
from twentegeo.stock.dwellings import on_parcel
from twentegeo.tables import layers
from twentegeo.tables.assessments import WONING_LEVENSLOOP
from twentegeo.tables.contract import conform, empty

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twentegeo.areas.delineate import AreaParams
    from twentegeo.indicators.energy import EnergyReference
    from twentegeo.pipeline.registers import Registers
    from twentegeo.pipeline.stock import Stock
    from twentegeo.priority.two_axes import Thresholds
    from twentegeo.settings import Settings
    from twentegeo.tables.contract import Table


def map_layers(
    registers: Registers, stock: Stock, reference: EnergyReference, settings: Settings
) -> tuple[dict[str, gpd.GeoDataFrame], pd.DataFrame, pd.DataFrame]:
    """
    Make every layer with geometry.

    Parameters
    ----------
    registers, stock
        What was read and joined.
    reference
        Names the construction periods.
    settings
        How priority areas are drawn, and from where an axis is urgent.

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
    homes = _dwellings(on_plot, stock, settings.axes.drempel_woning).assign(peildatum=peildatum)
    sums = Sums(homes, settings.axes.drempel_gebied)
    cells = sums.by("cel_id")
    areas = registers.neighbourhoods.tables
    made = {
        "prioriteitsgebied": _areas(homes, cells, areas, settings.areas, peildatum),
        "gemeente": _cbs(layers.GEMEENTE, areas["gemeente"], sums, stock, peildatum),
        "wijk": _cbs(layers.WIJK, areas["wijk"], sums, stock, peildatum),
        "buurt": _cbs(layers.BUURT, areas["buurt"], sums, stock, peildatum),
        "hectare": _hectares(cells, peildatum),
        "perceel": _parcels(sums, registers, stock, peildatum),
        "pand": _buildings(sums, stock, reference, peildatum),
        "verblijfsobject": conform(layers.VERBLIJFSOBJECT, homes),
    }
    return made, losses, account


@dataclass(frozen=True)
class Sums:
    """Sums dwellings up by whatever they lie in."""

    homes: gpd.GeoDataFrame
    thresholds: Thresholds

    def by(self, column: str) -> pd.DataFrame:
        """Sum up by a column of the dwellings: labels, scores, suitability, and which axis is urgent."""
        judged = pd.DataFrame(self.homes)[WONING_LEVENSLOOP.names]
        table = summarise(self.homes, column).join(lifecourse.summarise(judged, self.homes[column]))
        energy, life = (table[name].to_numpy(dtype="float64") for name in ("score_energie", "score_levensloop"))
        return table.assign(kwadrant=quadrant(energy, life, self.thresholds))


def _dwellings(woningen: gpd.GeoDataFrame, stock: Stock, thresholds: Thresholds) -> gpd.GeoDataFrame:
    """Put all that is known beside each dwelling; the stages speak of the same dwellings, so nothing can be lost."""
    known = stock.assessed
    tables = (
        stock.labelled.tables["woning_label"],
        stock.scored.tables["score"],
        known.labels.tables["schatting"],
        known.lifecourse.tables["woning_levensloop"],
    )
    beside: dict[str, pd.api.extensions.ExtensionArray] = {}
    for table in tables:
        # most stages keep the order of the dwellings; looking 280,000 ids up again would be the dearest step here
        aligned = len(table) == len(woningen) and table["vbo_id"].array.equals(woningen["vbo_id"].array)
        rows = table if aligned else table.set_index("vbo_id").reindex(woningen["vbo_id"])
        beside |= {name: rows[name].array for name in rows.columns if name not in woningen.columns}
    homes = woningen.assign(**beside)
    energy, life = (homes[name].to_numpy(dtype="float64") for name in ("score_energie", "score_levensloop"))
    return cast("gpd.GeoDataFrame", homes.assign(kwadrant=quadrant(energy, life, thresholds)))


def _cbs(table: Table, areas: pd.DataFrame, sums: Sums, stock: Stock, peildatum: pd.Timestamp) -> gpd.GeoDataFrame:
    code = f"{table.name}_code"
    summary = sums.by(code).reindex(areas[code])
    planned = stock.dwellings.tables["planned"][code].value_counts()
    labels = stock.assessed.labels.tables[code].set_index("code").reindex(areas[code])
    rows = areas.assign(
        code=areas[code],
        n_woningen_gepland=planned.reindex(areas[code]).fillna(0).to_numpy(),
        peildatum=peildatum,
        **{name: summary[name].to_numpy() for name in summary.columns},
        **{name: labels[name].to_numpy() for name in ("aandeel_efg_verwacht", "registratie_bias")},
    )
    rows["n_woningen"] = rows["n_woningen"].fillna(0)
    rows["kwadrant"] = rows["kwadrant"].fillna("onbekend")
    rows["rang"] = rank(rows["score_prioriteit"])
    return cast("gpd.GeoDataFrame", conform(table, rows))


def _hectares(cells: pd.DataFrame, peildatum: pd.Timestamp) -> gpd.GeoDataFrame:
    ids = cells.index.to_series()
    rows = gpd.GeoDataFrame(
        cells.assign(cel_id=ids, peildatum=peildatum), geometry=squares(ids).to_numpy(), crs=RD_NEW_TEXT
    )
    return conform(layers.HECTARE, rows)


def _parcels(sums: Sums, registers: Registers, stock: Stock, peildatum: pd.Timestamp) -> gpd.GeoDataFrame:
    perceel = registers.parcels.tables["perceel"]
    summary = summarise(sums.homes, "perceel_id")
    lived_in = perceel[summary.index.get_indexer(pd.Index(perceel["perceel_id"])) >= 0]
    beside = summary.loc[lived_in["perceel_id"]]
    built_up = stock.overlap.tables["bebouwd"].set_index("perceel_id")["bebouwd_m2"]
    rows = lived_in.assign(
        peildatum=peildatum,
        bebouwd_m2=built_up.reindex(lived_in["perceel_id"]).fillna(0).to_numpy(),
        **{name: beside[name].to_numpy() for name in summary.columns},
    )
    return cast("gpd.GeoDataFrame", conform(layers.PERCEEL, rows))


def _buildings(sums: Sums, stock: Stock, reference: EnergyReference, peildatum: pd.Timestamp) -> gpd.GeoDataFrame:
    panden = stock.dwellings.tables["panden"]
    parts = (
        summarise(sums.homes, "pand_id"),
        stock.overlap.tables["pand_perceel"].set_index("pand_id"),
        stock.assessed.types.tables["pand_type"].set_index("pand_id"),
        stock.assessed.lifecourse.tables["pand_levensloop"].set_index("pand_id"),
    )
    beside: dict[str, pd.api.extensions.ExtensionArray] = {}
    for part in parts:
        rows = part.reindex(panden["pand_id"])
        beside |= {name: rows[name].array for name in rows.columns if name not in panden.columns}
    made = panden.assign(peildatum=peildatum, bouwperiode=construction_periods(panden["bouwjaar"], reference), **beside)
    made["n_labels"] = made["n_labels"].fillna(0)
    return cast("gpd.GeoDataFrame", conform(layers.PAND, made))


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
