"""How urgent, stage by stage: scores of dwellings, people of neighbourhoods, concentrations, firmness of ranks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

import pandas as pd
import shapely

from twentegeo.areas.hotspot_layer import hotspot_layer
from twentegeo.indicators.ageing import people
from twentegeo.indicators.demography import intervals
from twentegeo.indicators.energy import construction_periods, energy
from twentegeo.pipeline.ahead import FIND
from twentegeo.pipeline.firmness import firmness
from twentegeo.pipeline.outcome import Computed
from twentegeo.priority.two_axes import two_axes
from twentegeo.tables.columns.estimate import GEREGISTREERD
from twentegeo.tables.contract import conform
from twentegeo.tables.keys import positions
from twentegeo.tables.stock import SCORE

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    import geopandas as gpd

    from twentegeo.areas.concentrations import Concentrations
    from twentegeo.figures import Reference
    from twentegeo.pipeline.assessment import Assessment
    from twentegeo.pipeline.outcome import Outcome
    from twentegeo.pipeline.registers import Registers
    from twentegeo.pipeline.stages import Stages
    from twentegeo.settings import Settings

_HERE = "pipeline/judgement.py"
NEED = "energie"
"""The need that is tested: whether a registered label is E, F or G. Life-course follows from the building by rule."""


@dataclass(frozen=True)
class Judgement:
    """
    How urgent, as stages.

    Attributes
    ----------
    scored, people
        Scores of dwellings, and what is known of the people.
    concentrating, ranking
        Concentrations and the firmness of their ranks, which are worked on while the large layers are made.
    ranking_of_cbs
        Draws the firmness of the ranks of neighbourhoods and districts.
    """

    scored: Outcome
    people: Outcome
    concentrating: Future[Outcome]
    ranking: Future[Outcome]
    ranking_of_cbs: Callable[[], Outcome]

    @property
    def concentrated(self) -> Outcome:
        """Concentrations; waits for them."""
        return self.concentrating.result()

    @cached_property
    def firm(self) -> Outcome:
        """Firmness of the ranks of neighbourhoods and districts; drawn when it is first asked for."""
        return self.ranking_of_cbs()

    @property
    def ranked(self) -> Outcome:
        """Firmness of the ranks of concentrations; waits for it."""
        return self.ranking.result()

    def all(self) -> tuple[Outcome, ...]:
        """List them in the order in which they are computed."""
        return (self.scored, self.people, self.firm, self.concentrated, self.ranked)


def judge(
    rules: tuple[Settings, Reference],
    registers: Registers,
    known: tuple[Outcome, Outcome, Assessment],
    peopling: Future[Outcome],
    stages: Stages,
) -> Judgement:
    """
    Score dwellings, find concentrations, and say how firm the ranks are.

    Parameters
    ----------
    rules
        Parameters and figures.
    registers
        What was read.
    known
        Outcomes of the stages that join dwellings and labels, and what is known of both.
    peopling
        What :func:`people_of` gives.
    stages
        Where outcomes are kept.

    Returns
    -------
    judgement
        Each stage with its tables.
    """
    settings, reference = rules
    homes, _, assessed = known
    # begun first, for nothing takes longer
    concentrating = stages.beside(lambda: _concentrated(rules, registers, (homes, assessed), stages))
    scored = _scored(settings, reference, known, stages)
    mensen = peopling.result()
    told = (homes, assessed, scored, mensen)
    ranking = stages.beside(lambda: firmness(settings, reference, told, stages, concentrating.result()))
    return Judgement(scored, mensen, concentrating, ranking, lambda: firmness(settings, reference, told, stages))


def _scored(
    settings: Settings, reference: Reference, known: tuple[Outcome, Outcome, Assessment], stages: Stages
) -> Outcome:
    homes, labelled, assessed = known

    def compute() -> Computed:
        judged = energy(
            cast("gpd.GeoDataFrame", homes.tables["woningen"]),
            labelled.tables["woning_label"],
            assessed.labels.tables["kans"],
            reference.energy,
            settings.energy,
        )
        lifecourse = assessed.lifecourse.tables["woning_levensloop"]["score_levensloop"]
        axes = two_axes(judged.assign(score_levensloop=lifecourse.to_numpy()), "woning", reference.norms, settings.axes)
        blended = axes.scores[["score_prioriteit", "kwadrant"]]
        return Computed(
            {"score": conform(SCORE, judged.join(blended))},
            facts={"weggelaten": axes.left_out},
        )

    inputs = (
        homes.fingerprint,
        labelled.fingerprint,
        assessed.labels.fingerprint,
        assessed.lifecourse.fingerprint,
        settings.energy.model_dump(mode="json"),
        settings.axes.model_dump(mode="json"),
        reference.mark,
    )
    return stages.run("score", inputs, ("indicators", "priority", _HERE), compute)


def people_of(settings: Settings, registers: Registers, homes: Outcome, stages: Stages) -> Outcome:
    """
    Tell what is known of the people of neighbourhoods; it follows from the register of CBS and the dwellings alone.

    Parameters
    ----------
    settings
        Parameters.
    registers
        What was read.
    homes
        Outcome of the stage that joins dwellings.
    stages
        Where outcomes are kept.

    Returns
    -------
    people
        The stage with its tables.
    """

    def compute() -> Computed:
        levels = {name: registers.neighbourhoods.tables[name] for name in ("buurt", "wijk", "gemeente")}
        bounded, unknown = intervals(homes.tables["cascade"], levels, settings.demography)
        prognose = registers.prognosis.tables["prognose"]
        woningen, now = homes.tables["woningen"], registers.peildatum.year
        found = people(bounded, levels["buurt"], woningen, settings.demography, prognose, now)
        # what has no column at all was told when the delivery was read
        columns = {name for level, name in registers.neighbourhoods.facts["ontbrekend"] if level == "buurt"}
        told = [f"{name}: geen enkel cijfer, op geen niveau" for name in unknown if name not in columns]
        return Computed(
            {
                "buurt_interval": bounded,
                "buurt_mensen": found.buurten,
                "gemeente_prognose": found.gemeenten.reset_index(),
            },
            facts={"weggelaten": [*told, *found.left_out]},
        )

    inputs = (
        homes.fingerprint,
        registers.neighbourhoods.fingerprint,
        registers.prognosis.fingerprint,
        registers.peildatum.year,
        settings.demography.model_dump(mode="json"),
    )
    return stages.run("mensen", inputs, ("indicators", _HERE), compute)


def _concentrated(
    rules: tuple[Settings, Reference],
    registers: Registers,
    known: tuple[Outcome, Assessment],
    stages: Stages,
) -> Outcome:
    settings, reference = rules
    homes, assessed = known

    def compute() -> Computed:
        woningen = cast("gpd.GeoDataFrame", homes.tables["woningen"])
        dwellings = _evidence(woningen, assessed, reference)
        place = shapely.get_coordinates(woningen.geometry.to_numpy())
        panden = homes.tables.mapped("panden").only("pand_id")
        found: Concentrations = stages.apart(FIND)(dwellings, place, panden, settings.areas)
        layer = hotspot_layer(found.cells, found.hotspots, NEED, pd.Timestamp(registers.peildatum))
        member = pd.DataFrame({"vbo_id": woningen["vbo_id"].array, "gebied": found.member.to_numpy()})
        need = pd.DataFrame({"tekort": dwellings["tekort"].to_numpy(), "verwacht": found.expected.to_numpy()})
        ordinary = need.groupby(woningen["buurt_code"].to_numpy()).mean().rename_axis("buurt_code")
        return Computed(
            {
                "cel": found.cells.reset_index(),
                "hotspot": layer,
                "gebied": found.areas,
                "lid": member[member["gebied"] >= 0].reset_index(drop=True),
                "buurt_opgave": ordinary.reset_index(),
            },
            facts={
                "weggelaten": found.left_out,
                "verbreding": {str(band): round(wider, 3) for band, wider in found.hotspots.inflation.items()},
            },
        )

    inputs = (
        homes.fingerprint,
        assessed.types.fingerprint,
        assessed.labels.fingerprint,
        reference.mark,
        settings.areas.model_dump(mode="json"),
    )
    return stages.run("concentraties", inputs, ("areas", "indicators", _HERE), compute)


def _evidence(woningen: gpd.GeoDataFrame, assessed: Assessment, reference: Reference) -> pd.DataFrame:
    """Lay beside each dwelling what the test needs; the stages speak of the same dwellings in the same order."""
    estimate, kinds = assessed.labels.tables["schatting"], assessed.types.tables["pand_type"]
    row = positions(woningen["pand_id"], kinds["pand_id"])
    series = pd.Series(kinds["reeks_id"].array.take(row, allow_fill=True), index=woningen.index)
    return pd.DataFrame(
        {
            "pand_id": woningen["pand_id"].array,
            "cel_id": woningen["cel_id"].array,
            "woningtype": estimate["woningtype"].array,
            "bouwperiode": pd.array(construction_periods(woningen["bouwjaar"], reference.energy), dtype="str"),
            "tekort": estimate["p_efg"].array,
            "is_bewijs": estimate["bewijsgraad"].isin(GEREGISTREERD).array,
            "blok_id": series.fillna(woningen["vbo_id"]).array,
        }
    )
