"""From dwellings to whatever they lie in: labels, suitability, the pillars and their blend."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from twentegeo.indicators import lifecourse
from twentegeo.indicators.ageing import ageing_figures
from twentegeo.priority.summary import from_neighbourhoods, summarise
from twentegeo.priority.two_axes import two_axes
from twentegeo.tables.assessments import WONING_LEVENSLOOP

if TYPE_CHECKING:
    import geopandas as gpd

    from twentegeo.pipeline.outcome import Outcome
    from twentegeo.priority.normalise import Level, Norms
    from twentegeo.priority.two_axes import AxesParams


@dataclass(frozen=True)
class Sums:
    """
    Sums dwellings up.

    Attributes
    ----------
    homes
        One row per dwelling with all that is known of it.
    people
        Stage that knows the people of neighbourhoods.
    norms, axes
        Frozen limits, weights and thresholds.
    left_out
        In Dutch, which indicators were missing in what was summed up so far with ageing, by column.
    """

    homes: gpd.GeoDataFrame
    people: Outcome
    norms: Norms
    axes: AxesParams
    left_out: dict[str, list[str]] = field(default_factory=dict)

    def by(self, column: str, level: Level = "gebied", *, aged: bool = False) -> pd.DataFrame:
        """
        Sum up by a column of the dwellings.

        Parameters
        ----------
        column
            Says what a dwelling lies in; missing counts nowhere.
        level
            Whether the limits of a dwelling or of an area apply to the blend.
        aged
            Whether the ageing of neighbourhoods counts too: only where an area is at least about as large as they are.

        Returns
        -------
        summary
            Index `column`, sorted: labels, mean scores, shares, pillars, blend and quadrant.
        """
        table = summarise(self.homes, column).join(lifecourse.summarise(self._judged, self.homes[column]))
        if aged:
            figures, _ = from_neighbourhoods(self.homes[column], self.homes["buurt_code"], *self._ageing)
            table = table.join(figures)
        blended = two_axes(table, level, self.norms, self.axes)
        if aged:
            self.left_out[column] = blended.left_out
        return table.join(blended.pillars.add_prefix("pijler_")).assign(
            **{name: blended.scores[name].to_numpy() for name in blended.scores.columns}
        )

    @cached_property
    def _judged(self) -> pd.DataFrame:
        return pd.DataFrame(self.homes)[WONING_LEVENSLOOP.names]

    @cached_property
    def _ageing(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        return ageing_figures(self.people.tables["buurt_interval"], self.people.tables["buurt_mensen"])
