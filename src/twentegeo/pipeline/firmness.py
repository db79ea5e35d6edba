"""How firm the rank of each neighbourhood and district is, and of each priority area: a stage each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from twentegeo.indicators.ageing import ageing_figures
from twentegeo.indicators.lifecourse import CHANCES
from twentegeo.pipeline.outcome import Computed
from twentegeo.priority.normalise import pillar_sigma, pillars
from twentegeo.priority.posterior import Grouping, Posterior, of_classes, of_values
from twentegeo.priority.stability import stability
from twentegeo.priority.summary import from_neighbourhoods
from twentegeo.priority.two_axes import PARTIES
from twentegeo.tables.assessments import GEBIED_STABILITEIT
from twentegeo.tables.columns.estimate import GEREGISTREERD, KANS_KOLOMMEN
from twentegeo.tables.columns.lifecourse import LEVENSLOOP_KLASSEN
from twentegeo.tables.contract import empty
from twentegeo.tables.keys import laid_beside

if TYPE_CHECKING:
    import numpy.typing as npt

    from twentegeo.figures import Reference
    from twentegeo.pipeline.assessment import Assessment
    from twentegeo.pipeline.outcome import Outcome
    from twentegeo.pipeline.stages import Stages
    from twentegeo.settings import Settings

    Floats = npt.NDArray[np.float64]

CBS_LEVELS: Final = ("buurt", "wijk")
"""Levels of the CBS with enough areas to rank: a region has hundreds of neighbourhoods and a dozen municipalities."""


def firmness(
    settings: Settings,
    reference: Reference,
    known: tuple[Outcome, Assessment, Outcome, Outcome],
    stages: Stages,
    found: Outcome | None = None,
) -> Outcome:
    """
    Draw weights and values and count what becomes of the ranks.

    Parameters
    ----------
    settings, reference
        Parameters and figures.
    known
        Outcomes that give the dwellings, what is known of them, their scores and the people.
    stages
        Where outcomes are kept.
    found
        The concentrations, for the firmness of priority areas; without them that of :data:`CBS_LEVELS` is drawn, which
        need not wait for them.

    Returns
    -------
    outcome
        A table per level by ``GEBIED_STABILITEIT``, with ``kans_top20_<partij>`` beside it; areas are named by their
        code, priority areas by their number.
    """
    homes, assessed, scored, people = known

    def compute() -> Computed:
        made, left_out = {}, []
        beliefs = _Beliefs(homes, assessed, scored, reference)
        aged = ageing_figures(people.tables["buurt_interval"], people.tables["buurt_mensen"])
        areas = _areas(homes, found)
        for level in CBS_LEVELS if found is None else ("gebied",):
            names, posteriors = beliefs.of(areas[level], areas["buurt"], aged)
            if not posteriors:
                made[level] = _nothing()
                continue
            random = np.random.default_rng(settings.stability.startgetal)
            firm = stability(names, posteriors, settings.axes, settings.stability, random)
            made[level] = firm.areas.join(firm.parties.add_prefix("kans_top20_"), on="gebied")
            left_out += [f"{level}: {reason}" for reason in firm.left_out]
        return Computed(made, facts={"weggelaten": left_out})

    inputs = (
        homes.fingerprint,
        assessed.labels.fingerprint,
        assessed.lifecourse.fingerprint,
        scored.fingerprint,
        people.fingerprint,
        found.fingerprint if found else None,
        settings.axes.model_dump(mode="json"),
        settings.stability.model_dump(mode="json"),
        reference.mark,
    )
    name = "stabiliteit" if found is None else "stabiliteit_gebied"
    return stages.run(name, inputs, ("priority", "pipeline/firmness.py"), compute)


def _nothing() -> pd.DataFrame:
    """Give the table of a level without areas."""
    return empty(GEBIED_STABILITEIT).assign(**{f"kans_top20_{party}": pd.Series(dtype="float64") for party in PARTIES})


def _areas(homes: Outcome, found: Outcome | None) -> pd.DataFrame:
    """Say in which area of each level every dwelling lies; a priority area goes by its number."""
    woningen = homes.tables["woningen"]
    areas = pd.DataFrame({level: woningen[f"{level}_code"].array for level in CBS_LEVELS})
    if found is None:
        return areas
    number = laid_beside(found.tables["lid"], "vbo_id", woningen["vbo_id"])["gebied"]
    return areas.assign(gebied=number.astype("Int64").astype("str").array)


class _Beliefs:
    """Chances of the classes of every dwelling, to be summed per area."""

    def __init__(self, homes: Outcome, assessed: Assessment, scored: Outcome, reference: Reference) -> None:
        woningen, score = homes.tables["woningen"], scored.tables["score"]
        self.norms = reference.norms
        self.building = pd.factorize(woningen["pand_id"].fillna(woningen["vbo_id"]))[0]
        self.energy = assessed.labels.tables["kans"][list(KANS_KOLOMMEN)].to_numpy(dtype="float64") / 100
        self.life = assessed.lifecourse.tables["woning_levensloop"][list(CHANCES)].to_numpy(dtype="float64") / 100
        # by an older method a class is evidence, not certainty
        self.certain = (assessed.labels.tables["schatting"]["bewijsgraad"] == GEREGISTREERD[0]).to_numpy()
        self.published = score["score_energie"].to_numpy(dtype="float64")
        self.energy_scores = reference.energy.pooled_score
        self.life_scores = np.asarray(reference.lifecourse.scores.loc[list(LEVENSLOOP_KLASSEN[:3])], dtype=np.float64)

    def of(
        self, area: pd.Series[str], buurt: pd.Series[str], aged: tuple[pd.DataFrame, pd.DataFrame]
    ) -> tuple[list[str], list[Posterior]]:
        """Sum up per area, and lay the ageing of its neighbourhoods beside it."""
        codes, names = pd.factorize(area, sort=True)
        where = Grouping(codes, len(names), self.building)
        energy = of_classes(
            "energie",
            self.energy,
            self.energy_scores,
            where,
            self.certain,
            self.norms.limits("gebied", "score_energie"),
        )
        # the published mean tells classes apart that the chances pool
        known = (codes >= 0) & ~np.isnan(self.published)
        total = np.bincount(codes[known], weights=self.published[known], minlength=len(names))
        count = np.bincount(codes[known], minlength=len(names))
        energy = replace(energy, mean=np.where(count > 0, total / np.maximum(count, 1), np.nan))
        life = of_classes(
            "levensloop", self.life, self.life_scores, where, None, self.norms.limits("gebied", "score_levensloop")
        )
        figures, sigma = from_neighbourhoods(area, buurt, *aged)
        ageing = pillars(figures, "gebied", self.norms).table
        parts = [part for part in (energy, life) if not np.isnan(part.mean).all()]
        if "vergrijzing" in ageing:
            error = pillar_sigma(sigma, "gebied", self.norms)["vergrijzing"]
            parts.append(of_values("vergrijzing", ageing["vergrijzing"].to_numpy(), error.to_numpy()))
        return list(names), parts
