"""Concentrations of need that a test found, and the history of the areas drawn around them."""

from __future__ import annotations

from typing import Final

from twentegeo.tables.columns import building, hotspot, record
from twentegeo.tables.contract import Table

HOTSPOT: Final = Table(
    "hotspot",
    "Concentraties",
    "Een rij per aaneengesloten groep hectarecellen met significant meer of minder opgave dan verwacht.",
    (
        hotspot.HOTSPOT_ID.required(),
        hotspot.INDICATOR.required(),
        hotspot.BAND_M.required(),
        hotspot.TEKEN.required(),
        hotspot.N_CELLEN.required(),
        building.N_WONINGEN.required(),
        hotspot.OVERSCHOT.required(),
        hotspot.GI_Z.required(),
        hotspot.Q_WAARDE.required(),
        record.PEILDATUM.required(),
    ),
    key=("hotspot_id",),
    geometry="MultiPolygon",
)

GEBIED_HERKOMST: Final = Table(
    "gebied_herkomst",
    "Herkomst van gebieden",
    "Een rij per paar van een prioriteitsgebied en een gebied uit de vorige release dat het voortzet of overlapt.",
    (
        hotspot.NIEUW_GEBIED_ID.optional(),
        hotspot.VORIGE_GEBIED_ID.optional(),
        hotspot.RELATIE.required(),
        hotspot.IOU.required(),
    ),
    key=("gebied_id", "vorige_gebied_id"),
)
