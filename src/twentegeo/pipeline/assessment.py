"""What is known or estimated of buildings and dwellings, stage by stage: type, label, size, life-course."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from twentegeo.indicators.dwelling_type import dwelling_types
from twentegeo.indicators.footprint import Plots
from twentegeo.indicators.footprint import measure as measure_footprints
from twentegeo.indicators.label_areas import label_areas
from twentegeo.indicators.label_estimate import chance_table, estimate_labels
from twentegeo.indicators.lifecourse import lifecourse
from twentegeo.indicators.outlines import Outlines, measured, outlines_of, rules
from twentegeo.pipeline.outcome import Computed
from twentegeo.pipeline.wording import listed
from twentegeo.stock.dwellings import is_home
from twentegeo.tables.columns.building import VBO_VOORRAAD
from twentegeo.tables.keys import is_among, laid_beside

if TYPE_CHECKING:
    from twentegeo.figures import Reference
    from twentegeo.pipeline.outcome import Outcome
    from twentegeo.pipeline.registers import Ground
    from twentegeo.pipeline.stages import Stages
    from twentegeo.settings import Settings

_ROOM = ("indicators", "pipeline/assessment.py")
LEVELS = ("buurt_code", "wijk_code", "gemeente_code")


@dataclass(frozen=True)
class Shaped:
    """What follows from outlines alone, as stages: their measures and the type of buildings."""

    outlines: Outcome
    types: Outcome


@dataclass(frozen=True)
class Measured:
    """What follows from buildings and parcels, as stages: size of buildings, and life-course."""

    sizes: Outcome
    lifecourse: Outcome


@dataclass(frozen=True)
class Assessment:
    """What is known or estimated of the stock, as stages."""

    shaped: Shaped
    labels: Outcome
    measured: Measured

    @property
    def types(self) -> Outcome:
        """Type of each building."""
        return self.shaped.types

    @property
    def lifecourse(self) -> Outcome:
        """How each dwelling and building suits its people as they grow old."""
        return self.measured.lifecourse

    def all(self) -> tuple[Outcome, ...]:
        """List them in a fixed order."""
        return (self.shaped.outlines, self.types, self.labels, self.measured.sizes, self.lifecourse)


def shape(settings: Settings, registers: Ground, homes: Outcome, stages: Stages) -> Shaped:
    """
    Tell what the labels that are not registered are estimated with.

    Parameters
    ----------
    settings
        Parameters of the indicators.
    registers
        What was read.
    homes
        Outcome of the stage that joins dwellings.
    stages
        Where outcomes are kept.

    Returns
    -------
    shaped
        Each stage with its tables.
    """
    outlines = _outlines(settings, homes, stages)
    return Shaped(outlines, _types(settings, registers, homes, outlines, stages))


def measure(
    rules: tuple[Settings, Reference],
    registers: Ground,
    joined: tuple[Outcome, Outcome],
    shaped: Shaped,
    stages: Stages,
) -> Measured:
    """
    Tell how homes suit their people; energy labels play no part in it.

    Parameters
    ----------
    rules
        Parameters and figures of the indicators.
    registers
        What was read.
    joined
        Outcomes of the stages that join dwellings and parcels, in that order.
    shaped
        What :func:`shape` told.
    stages
        Where outcomes are kept.

    Returns
    -------
    measured
        Each stage with its tables.
    """
    settings, reference = rules
    homes, overlap = joined
    sizes = _sizes(settings, reference, registers, (homes, overlap, shaped.outlines), stages)
    return Measured(sizes, _lifecourse(settings, reference, homes, shaped.types, sizes, stages))


def estimate(
    settings: Settings, reference: Reference, joined: tuple[Outcome, Outcome], types: Outcome, stages: Stages
) -> Outcome:
    """
    Estimate the labels that are not registered.

    Parameters
    ----------
    settings, reference
        Parameters and figures of the indicators.
    joined
        Outcomes of the stages that join dwellings and labels, in that order.
    types
        Outcome of the stage that tells the type of buildings.
    stages
        Where outcomes are kept.

    Returns
    -------
    labels
        The stage with its tables.
    """
    homes, labelled = joined
    return _labels(settings, reference, homes, types, labelled, stages)


def _other_use(registers: Ground) -> pd.DataFrame:
    """List the floor area of everything in use that is no dwelling, by its first building."""
    vbo = registers.bag.tables["verblijfsobject"]
    other = vbo[vbo["vbo_status"].isin(VBO_VOORRAAD) & ~is_home(vbo)]
    relation = registers.bag.tables["vbo_pand"]
    first = relation[relation["volgorde"] == 0].set_index("vbo_id")["pand_id"]
    pand_id = first.reindex(other["vbo_id"])
    rows = pd.DataFrame({"pand_id": pand_id.to_numpy(), "oppervlakte_m2": other["oppervlakte_m2"].to_numpy()})
    return rows.dropna(subset="pand_id").reset_index(drop=True)


def _outlines(settings: Settings, homes: Outcome, stages: Stages) -> Outcome:
    by = (settings.dwelling_type.muur_tolerantie_m, settings.dwelling_type.muur_minimum_m)

    def compute() -> Computed:
        before = stages.remembered("omtrekken", _ROOM, ("omtrek", "muren"))
        found = outlines_of(homes.tables.mapped("panden"), *by, before)
        return Computed(found.tables(), memory={"regels": rules(*by)})

    return stages.run("omtrekken", (homes.fingerprint, by), _ROOM, compute)


def _types(settings: Settings, registers: Ground, homes: Outcome, outlines: Outcome, stages: Stages) -> Outcome:
    def compute() -> Computed:
        drawn = Outlines.read(outlines.tables["omtrek"], outlines.tables["muren"])
        found = dwelling_types(drawn, homes.tables["woningen"], settings.dwelling_type, _other_use(registers))
        return Computed({"pand_type": found})

    inputs = (outlines.fingerprint, registers.bag.fingerprint, settings.dwelling_type.model_dump(mode="json"))
    return stages.run("woningtype", inputs, _ROOM, compute)


def _labels(
    settings: Settings, reference: Reference, homes: Outcome, types: Outcome, labelled: Outcome, stages: Stages
) -> Outcome:
    def compute() -> Computed:
        woningen = homes.tables["woningen"]
        registered = labelled.tables["woning_label"]
        estimate = estimate_labels(
            woningen, types.tables["pand_type"], registered, reference.labels, settings.label_model
        )
        held = laid_beside(registered, "vbo_id", woningen["vbo_id"])["energielabel"]
        valid = pd.Series(held.notna().to_numpy(), index=woningen.index)
        areas = {level: label_areas(estimate, woningen[level], valid) for level in LEVELS}
        return Computed(
            {"schatting": estimate.table, "kans": chance_table(estimate), **areas},
            facts={
                "bewijsgraad": estimate.table["bewijsgraad"].value_counts().to_dict(),
                "weggelaten": _unlabelled(areas["buurt_code"]),
            },
        )

    parameters = settings.label_model.model_dump(mode="json")
    inputs = (homes.fingerprint, types.fingerprint, labelled.fingerprint, parameters, reference.mark)
    return stages.run("labelschatting", inputs, _ROOM, compute)


def _unlabelled(buurten: pd.DataFrame) -> list[str]:
    """Say in Dutch in which neighbourhoods nothing is registered."""
    without = buurten.loc[buurten["label_dekking"] == 0, "code"]
    if without.empty:
        return []
    where = listed(list(without), len(buurten), "buurten met woningen")
    return [f"labels: geen enkel geldig label, dus alles geschat of op een verlopen label, in {where}"]


def _sizes(
    settings: Settings,
    reference: Reference,
    registers: Ground,
    joined: tuple[Outcome, Outcome, Outcome],
    stages: Stages,
) -> Outcome:
    homes, overlap, outlines = joined

    def compute() -> Computed:
        panden = outlines.tables["omtrek"]
        plots = _plots(registers, overlap, panden, stages) if registers.has_parcels else None
        sizes = measure_footprints(panden, plots, reference.lifecourse.brackets, settings.footprint)
        other = _other_use(registers).groupby("pand_id")["oppervlakte_m2"].sum()
        sizes["ander_gebruik_m2"] = other.reindex(sizes.index).fillna(0).to_numpy(dtype="float64")
        memory = {} if plots is None else {"percelen": plots.perceel.drop(columns="perceel_id")}
        return Computed({"maten": sizes.reset_index()}, memory=memory)

    parameters = settings.footprint.model_dump(mode="json")
    inputs = (homes.fingerprint, overlap.fingerprint, outlines.fingerprint, parameters, reference.mark)
    return stages.run("maten", inputs, _ROOM, compute)


def _plots(registers: Ground, overlap: Outcome, panden: pd.DataFrame, stages: Stages) -> Plots:
    """Measure the parcels on which there are dwellings."""
    placed = overlap.tables["pand_perceel"]
    lived_on = placed.loc[is_among(placed["pand_id"], panden["pand_id"]), "perceel_id"]
    ground = registers.parcels.tables.mapped("perceel")
    ground = ground.where(is_among(ground.rows["perceel_id"], lived_on))
    before = stages.remembered("maten", _ROOM)
    measures = measured(ground.wkb, before.get("percelen") if before else None)
    measures["perceel_id"] = ground.rows["perceel_id"].array
    return Plots(measures, placed, overlap.tables["bebouwd"])


def _lifecourse(
    settings: Settings, reference: Reference, homes: Outcome, types: Outcome, sizes: Outcome, stages: Stages
) -> Outcome:
    def compute() -> Computed:
        woningen = homes.tables["woningen"]
        kinds = laid_beside(types.tables["pand_type"], "pand_id", woningen["pand_id"])
        typed = woningen.assign(woningtype=kinds["woningtype"].to_numpy(), bouwlagen=kinds["bouwlagen"].to_numpy())
        measures = sizes.tables["maten"].set_index("pand_id")
        judged = lifecourse(typed, measures, reference.lifecourse, settings.lifecourse)
        return Computed(
            {"woning_levensloop": judged.woningen, "pand_levensloop": judged.panden},
            facts={"weggelaten": list(judged.left_out)},
        )

    inputs = (
        homes.fingerprint,
        types.fingerprint,
        sizes.fingerprint,
        settings.lifecourse.model_dump(mode="json"),
        reference.mark,
    )
    return stages.run("levensloop", inputs, _ROOM, compute)
