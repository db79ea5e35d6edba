"""The planner's page of a release: what the rooms know of scores, handed to the room that makes the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from twentegeo.priority.normalise import pillars
from twentegeo.priority.two_axes import AXES, PARTIES, quadrant
from twentegeo.publish.classes import load_classes
from twentegeo.publish.site.contents import Weighing
from twentegeo.publish.site.make import make_site

if TYPE_CHECKING:
    from pathlib import Path

    from twentegeo.figures import Reference
    from twentegeo.priority.normalise import Norms
    from twentegeo.publish.edition import Edition
    from twentegeo.publish.site.contents import Level
    from twentegeo.settings import Settings

FOLDER = "site"
"""Folder of a release that holds the page."""


def write_page(
    package: Path, out: Path, *, edition: Edition, settings: Settings, reference: Reference, before: Path | None
) -> dict[str, int]:
    """
    Make the planner's page.

    Parameters
    ----------
    package
        The GeoPackage of the release.
    out
        Folder to make.
    edition
        Region, date, run and notice.
    settings, reference
        Weights and thresholds, and class tables for legends.
    before
        The release before, to tell what changed; None where there is none.

    Returns
    -------
    bytes
        Size of each kind of file.

    Raises
    ------
    ReleaseError
        The tiles could not be cut.
    """
    return make_site(
        package,
        out,
        edition=edition,
        classes=load_classes(reference.styles),
        weighing=weighing(settings, reference.norms),
        before=before / FOLDER if before else None,
    )


def weighing(settings: Settings, norms: Norms) -> Weighing:
    """
    Tell the page how pillars make a score, in the words of the rooms that compute it.

    Parameters
    ----------
    settings
        Weights, shift and thresholds.
    norms
        Frozen limits of the pillars.

    Returns
    -------
    weighing
        The same computation as the layers have.
    """
    axes = settings.axes

    def quadrants(rows: pd.DataFrame, level: Level) -> pd.Series[str]:
        energy, life = (rows[f"score_{axis}"].to_numpy(dtype="float64", na_value=float("nan")) for axis in AXES)
        thresholds = axes.drempel_woning if level == "woning" else axes.drempel_gebied
        return pd.Series(quadrant(energy, life, thresholds), index=rows.index, dtype="str")

    return Weighing(
        pillars=lambda rows: pillars(pd.DataFrame(rows), "gebied", norms).table,
        quadrants=quadrants,
        parties={party: getattr(axes.gewichten, party).model_dump() for party in PARTIES},
        leading=axes.leidend,
        shift=axes.verschuiving,
    )
