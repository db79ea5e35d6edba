"""Priority areas as a layer: scores, firmness, names, reasons, and which of the previous release they continue."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import geopandas as gpd
import pandas as pd

from twentegeo.areas.identity import identify
from twentegeo.areas.places import area_names, municipalities
from twentegeo.areas.reasons import explain, region_figures
from twentegeo.priority.summary import rank
from twentegeo.tables.contract import conform, empty
from twentegeo.tables.keys import is_among
from twentegeo.tables.layers import PRIORITEITSGEBIED

if TYPE_CHECKING:
    from twentegeo.areas.concentrations import AreaParams
    from twentegeo.pipeline.outcome import Outcome
    from twentegeo.pipeline.summing import Sums


@dataclass(frozen=True)
class Surroundings:
    """
    What the areas lie in.

    Attributes
    ----------
    ordinary
        The layer `buurt`, with what is ordinary in the region.
    buurt_names, gemeente_names
        Name by code.
    addresses
        Addresses by ``ADRES``, for the names of streets.
    """

    ordinary: pd.DataFrame
    buurt_names: pd.Series[str]
    gemeente_names: pd.Series[str]
    addresses: pd.DataFrame


def priority_areas(
    sums: Sums,
    judged: tuple[Outcome, Outcome],
    around: Surroundings,
    previous: gpd.GeoDataFrame | None,
    parameters: AreaParams,
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, pd.DataFrame]:
    """
    Make the layer `prioriteitsgebied`.

    Parameters
    ----------
    sums
        The dwellings and how they are summed up.
    judged
        Stages that found the concentrations and drew the firmness of ranks.
    around
        What the areas lie in.
    previous
        The layer as the previous release holds it; None at the first release.
    parameters
        What steers names, reasons and recognition.

    Returns
    -------
    layer, herkomst, members
        Rows by ``PRIORITEITSGEBIED``, most urgent first; the history by ``GEBIED_HERKOMST``; and for every dwelling
        in an area ``vbo_id``, ``pand_id`` and ``gebied_id``.
    """
    found, firm = judged
    shapes = cast("gpd.GeoDataFrame", found.tables["gebied"])
    before = previous if previous is not None else cast("gpd.GeoDataFrame", empty(PRIORITEITSGEBIED))
    homes = _inside(sums, found, around)
    anchors = _anchors(homes, len(shapes))
    known = identify(shapes, anchors, before, parameters.herkenning)
    if shapes.empty:
        members = pd.DataFrame(homes[["vbo_id", "pand_id"]]).assign(gebied_id=None)
        return cast("gpd.GeoDataFrame", empty(PRIORITEITSGEBIED)), known.herkomst, members
    named = homes.assign(gebied_id=homes["gebied"].map(known.gebied_id))
    summary = replace(sums, homes=named).by("gebied_id", aged=True)
    number = pd.Series(known.gebied_id.index, index=known.gebied_id.to_numpy()).reindex(summary.index)
    drawn = shapes.loc[number]
    firmness = firm.tables["gebied"].set_index("gebied").reindex(number.astype("str"))
    table = summary.assign(
        aanleiding=drawn["aanleiding"].to_numpy(),
        tekort=drawn["tekort"].to_numpy(),
        peildatum=named["peildatum"].iloc[0],
        overschot=(drawn["tekort"] - drawn["verwacht"]).to_numpy(),
        rang=rank(summary["score_prioriteit"]),
        n_moeilijk_aanpasbaar=(summary["aandeel_moeilijk"] * summary["n_woningen"] / 100).round(),
        naam=area_names(named, parameters.plaats),
        **{name: firmness[name].to_numpy() for name in firmness.columns},
    ).join(municipalities(named, parameters.plaats))
    words = explain(table, region_figures(around.ordinary), parameters.redenen)
    layer = gpd.GeoDataFrame(table.join(words).reset_index(), geometry=drawn.geometry.array, crs=shapes.crs)
    ordered = layer.sort_values(["rang", "gebied_id"], ignore_index=True)
    members = pd.DataFrame(named[["vbo_id", "pand_id", "gebied_id"]])
    return cast("gpd.GeoDataFrame", conform(PRIORITEITSGEBIED, ordered)), known.herkomst, members


def _inside(sums: Sums, found: Outcome, around: Surroundings) -> gpd.GeoDataFrame:
    """Pick the dwellings of the areas, with the number of the area and the names of what they lie in."""
    member = found.tables["lid"].set_index("vbo_id")["gebied"]
    homes = sums.homes[is_among(sums.homes["vbo_id"], member.index)]
    addresses = around.addresses[is_among(around.addresses["object_id"], member.index)]
    street = addresses[addresses["is_hoofdadres"]].set_index("object_id")["straat"]
    return cast(
        "gpd.GeoDataFrame",
        homes.assign(
            gebied=member.reindex(homes["vbo_id"]).to_numpy(),
            straat=street[~street.index.duplicated()].reindex(homes["vbo_id"]).array,
            buurt_naam=homes["buurt_code"].map(around.buurt_names),
            gemeente_naam=homes["gemeente_code"].map(around.gemeente_names).fillna(homes["gemeente_code"]),
        ),
    )


def _anchors(homes: gpd.GeoDataFrame, size: int) -> pd.Series[str]:
    """Cell that holds most dwellings of each area; of equals the south-western one."""
    counts = homes.groupby(["gebied", "cel_id"]).size().rename("n").reset_index()
    counts = counts.sort_values(["gebied", "n", "cel_id"], ascending=[True, False, True])
    first = counts.drop_duplicates("gebied").set_index("gebied")["cel_id"]
    anchors: pd.Series[str] = first.reindex(range(size))
    return anchors
