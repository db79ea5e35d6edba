"""What of the stock a release publishes: the map layers, each by its contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, cast

import geopandas as gpd
import numpy as np
import pandas as pd

from twentegeo.areas.cells import squares
from twentegeo.crs import RD_NEW_TEXT
from twentegeo.indicators.energy import construction_periods
from twentegeo.pipeline.priority_areas import Surroundings, priority_areas
from twentegeo.pipeline.summing import Sums
from twentegeo.priority.summary import rank
from twentegeo.stock.dwellings import on_parcel
from twentegeo.tables import layers
from twentegeo.tables.columns.ranking import PIJLERKOLOMMEN
from twentegeo.tables.contract import empty, shaped
from twentegeo.tables.keys import laid_beside, positions
from twentegeo.tables.shapes import GEOM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twentegeo.figures import Reference
    from twentegeo.indicators.energy import EnergyReference
    from twentegeo.pipeline.registers import Registers
    from twentegeo.pipeline.stock import Stock
    from twentegeo.settings import Settings
    from twentegeo.tables.contract import Table
_LAYER_OF: Final = {
    "buurt_code": "buurt",
    "wijk_code": "wijk",
    "gemeente_code": "gemeente",
    "gebied_id": "prioriteitsgebied",
}
"""Layer by the column of the dwellings that says which of its areas they lie in."""

PILLARS: Final = tuple(column.name for column in PIJLERKOLOMMEN)


@dataclass(frozen=True)
class Published:
    """
    What a release shows.

    Attributes
    ----------
    layers
        Map layer to rows by contract; no rows where there is nothing to show. The outlines of panden and percelen
        stay as they are published.
    herkomst
        Where the priority areas come from, by ``GEBIED_HERKOMST``.
    left_out
        In Dutch, which indicators the scores of areas lack, by layer.
    losses, account
        What the join of dwellings with parcels lost.
    """

    layers: dict[str, pd.DataFrame]
    herkomst: pd.DataFrame
    left_out: dict[str, list[str]]
    losses: pd.DataFrame
    account: pd.DataFrame


class Press(Protocol):
    """Writes layers while others are still being made."""

    def add(self, table: Table, rows: pd.DataFrame, later: Sequence[str] = ()) -> None:
        """Take a layer: its contract, its rows, and which columns are still to be filled in."""
        ...

    def amend(self, table: Table, rows: pd.DataFrame, column: str) -> None:
        """Fill in a column of a layer that was taken without it."""
        ...


class _Nobody:
    """Writes nothing."""

    def add(self, table: Table, rows: pd.DataFrame, later: Sequence[str] = ()) -> None:
        pass

    def amend(self, table: Table, rows: pd.DataFrame, column: str) -> None:
        pass


NOBODY: Final[Press] = _Nobody()


def map_layers(
    registers: Registers,
    stock: Stock,
    reference: Reference,
    settings: Settings,
    previous: gpd.GeoDataFrame | None,
    press: Press = NOBODY,
) -> Published:
    """
    Make every layer with geometry.

    Parameters
    ----------
    registers, stock
        What was read, joined and judged.
    reference, settings
        Figures and parameters.
    previous
        The priority areas of the previous release; None at the first one.
    press
        Is given each large layer as soon as all but its priority areas are known: writing it takes as long as making
        it, and so does finding the areas.

    Returns
    -------
    published
        Layers, and what could not be joined.
    """
    peildatum = pd.Timestamp(registers.peildatum)
    on_plot, losses, account = on_parcel(
        cast("gpd.GeoDataFrame", stock.dwellings.tables["woningen"]),
        stock.overlap.tables["pand_perceel"] if registers.has_parcels else None,
    )
    homes = cast("gpd.GeoDataFrame", _dwellings(on_plot, stock).assign(peildatum=peildatum))
    judged = stock.judged
    sums = Sums(homes, judged.people, reference.norms, settings.axes)
    areas = registers.neighbourhoods.tables
    # the large layers first: concentrations are still being worked on beside this
    perceel = _parcels(sums, registers, stock, peildatum)
    press.add(layers.PERCEEL, perceel)
    pand = _buildings(sums, stock, reference.energy, peildatum)
    press.add(layers.PAND, pand, ("gebied_id",))
    vbo = shaped(layers.VERBLIJFSOBJECT, homes.assign(gebied_id=None))
    press.add(layers.VERBLIJFSOBJECT, vbo, ("gebied_id",))
    cells = sums.by("cel_id")
    made = {
        "gemeente": _cbs(layers.GEMEENTE, areas["gemeente"], sums, stock, peildatum),
        "wijk": _cbs(layers.WIJK, areas["wijk"], sums, stock, peildatum),
        "buurt": _cbs(layers.BUURT, areas["buurt"], sums, stock, peildatum),
        # from here on concentrations are waited for
        "hotspot": judged.concentrated.tables["hotspot"],
        "hectare": _hectares(cells, judged.concentrated.tables["cel"], peildatum),
        "perceel": perceel,
        "pand": pand,
        "verblijfsobject": vbo,
    }
    need = judged.concentrated.tables["buurt_opgave"].set_index("buurt_code").reindex(made["buurt"]["code"])
    around = Surroundings(
        ordinary=pd.DataFrame(made["buurt"]).assign(
            tekort=need["tekort"].to_numpy(), overschot=(need["tekort"] - need["verwacht"]).to_numpy()
        ),
        buurt_names=areas["buurt"].set_index("buurt_code")["naam"],
        gemeente_names=areas["gemeente"].set_index("gemeente_code")["naam"],
        addresses=registers.bag.tables["adres"],
    )
    found = (judged.concentrated, judged.ranked)
    prioritised, herkomst, members = priority_areas(sums, found, around, previous, settings.areas)
    for table, key in ((layers.PAND, "pand_id"), (layers.VERBLIJFSOBJECT, "vbo_id")):
        made[table.name]["gebied_id"] = _area_of(made[table.name][key], members, key)
        press.amend(table, made[table.name], "gebied_id")
    left_out = {_LAYER_OF.get(name, name): lacks for name, lacks in sums.left_out.items() if lacks}
    return Published({"prioriteitsgebied": prioritised, **made}, herkomst, left_out, losses, account)


def _dwellings(woningen: gpd.GeoDataFrame, stock: Stock) -> gpd.GeoDataFrame:
    """Put all that is known beside each dwelling; the stages speak of the same dwellings, so nothing can be lost."""
    known = stock.assessed
    tables = (
        stock.labelled.tables["woning_label"],
        stock.judged.scored.tables["score"],
        known.labels.tables["schatting"],
        known.lifecourse.tables["woning_levensloop"],
    )
    beside: dict[str, pd.api.extensions.ExtensionArray] = {}
    for table in tables:
        rows = laid_beside(table, "vbo_id", woningen["vbo_id"])
        beside |= {name: rows[name].array for name in rows.columns if name not in woningen.columns}
    return cast("gpd.GeoDataFrame", woningen.assign(**beside))


def _cbs(table: Table, areas: pd.DataFrame, sums: Sums, stock: Stock, peildatum: pd.Timestamp) -> gpd.GeoDataFrame:
    code = f"{table.name}_code"
    summary = sums.by(code, aged=True).reindex(areas[code])
    planned = stock.dwellings.tables["planned"][code].value_counts()
    labels = stock.assessed.labels.tables[code].set_index("code").reindex(areas[code])
    beside = [summary, labels[["registratie_bias"]]]
    if table.name in stock.judged.firm.tables:
        beside.append(stock.judged.firm.tables[table.name].set_index("gebied").reindex(areas[code]))
    if table is layers.BUURT:
        beside.append(stock.judged.people.tables["buurt_mensen"].set_index("buurt_code").reindex(areas[code]))
    if table is layers.GEMEENTE:
        beside.append(stock.judged.people.tables["gemeente_prognose"].set_index(code).reindex(areas[code]))
    # what CBS itself says of an area goes before what its neighbourhoods say together
    found = {name: part[name].array for part in beside for name in part.columns if name not in areas.columns}
    rows = areas.assign(
        code=areas[code],
        n_woningen_gepland=planned.reindex(areas[code]).fillna(0).to_numpy(),
        peildatum=peildatum,
        **dict.fromkeys(PILLARS, np.nan),
    ).assign(**found)
    rows["n_woningen"] = rows["n_woningen"].fillna(0)
    rows["kwadrant"] = rows["kwadrant"].fillna("onbekend")
    rows["rang"] = rank(rows["score_prioriteit"])
    if len(rows) == 1:
        # one area has nothing to be compared with
        rows[["rang", "percentiel_prioriteit"]] = np.nan
    return cast("gpd.GeoDataFrame", shaped(table, rows))


def _area_of(ids: pd.Series[str], members: pd.DataFrame, key: str) -> pd.Series[str]:
    """Tell the priority area of buildings or dwellings; an area never cuts through a building."""
    of = members.drop_duplicates(key).set_index(key)["gebied_id"]
    # few lie in one; the large layers are looked up once, by position
    place = positions(ids, of.index)
    area = pd.Series(pd.NA, index=ids.index, dtype="str")
    area[place >= 0] = of.to_numpy(dtype=object)[place[place >= 0]]
    return area


def _hectares(cells: pd.DataFrame, tested: pd.DataFrame, peildatum: pd.Timestamp) -> gpd.GeoDataFrame:
    ids = cells.index.to_series()
    beside = tested.set_index("cel_id")[["overschot", "gi_z", "gi_q", "gi_teken", "moran_soort"]]
    rows = gpd.GeoDataFrame(
        cells.join(beside).assign(cel_id=ids, peildatum=peildatum), geometry=squares(ids).to_numpy(), crs=RD_NEW_TEXT
    )
    return shaped(layers.HECTARE, rows)


def _parcels(sums: Sums, registers: Registers, stock: Stock, peildatum: pd.Timestamp) -> pd.DataFrame:
    if not registers.has_parcels:
        return empty(layers.PERCEEL)
    mapped = registers.parcels.tables.mapped("perceel")
    summary = sums.by("perceel_id", "woning")
    at = positions(mapped.rows["perceel_id"], summary.index)
    lived_in = mapped.rows.assign(**{GEOM: mapped.layer_column()})[at >= 0]
    beside = summary.iloc[at[at >= 0]]
    built_up = laid_beside(stock.overlap.tables["bebouwd"], "perceel_id", lived_in["perceel_id"])["bebouwd_m2"]
    rows = lived_in.assign(
        peildatum=peildatum,
        bebouwd_m2=built_up.fillna(0).to_numpy(),
        **{name: beside[name].to_numpy() for name in summary.columns},
    )
    return shaped(layers.PERCEEL, rows)


def _buildings(sums: Sums, stock: Stock, reference: EnergyReference, peildatum: pd.Timestamp) -> pd.DataFrame:
    mapped = stock.dwellings.tables.mapped("panden")
    panden = mapped.rows
    parts = (
        sums.by("pand_id", "woning").reset_index(),
        stock.overlap.tables["pand_perceel"],
        stock.assessed.types.tables["pand_type"],
        stock.assessed.lifecourse.tables["pand_levensloop"],
    )
    beside: dict[str, pd.api.extensions.ExtensionArray] = {}
    for part in parts:
        rows = laid_beside(part, "pand_id", panden["pand_id"])
        beside |= {name: rows[name].array for name in rows.columns if name not in panden.columns}
    periods = construction_periods(panden["bouwjaar"], reference)
    made = panden.assign(peildatum=peildatum, bouwperiode=periods, **beside, **{GEOM: mapped.layer_column()})
    made["gebied_id"] = None  # the areas are drawn later
    made["n_labels"] = made["n_labels"].fillna(0)
    made["kwadrant"] = made["kwadrant"].fillna("onbekend")
    return shaped(layers.PAND, made)
