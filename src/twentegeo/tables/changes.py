"""What changed since the previous release: a row per dwelling, a row per area with the difference split by cause."""

from __future__ import annotations

from typing import Final

from twentegeo.tables.columns import change, place, record
from twentegeo.tables.contract import Table

WIJZIGING: Final = Table(
    "wijziging",
    "Wijzigingen",
    "Een rij per woning die sinds de vorige release veranderde, met de oorzaak; vervallen woningen op hun oude plaats.",
    (
        place.VBO_ID.required(),
        place.ADRES.required(),
        place.GEMEENTE_CODE.required(),
        place.WIJK_CODE.optional(),
        place.BUURT_CODE.optional(),
        change.OORZAAK.required(),
        change.OORZAKEN_ALLE.required(),
        change.WAT.optional(),
        change.SCORE_OUD.optional(),
        change.SCORE_NIEUW.optional(),
        change.VERSCHIL.optional(),
        *(column.optional() for column in change.DOOR.values()),
        record.PEILDATUM.required(),
    ),
    key=("vbo_id",),
    geometry="Point",
)

WIJZIGING_GEBIED: Final = Table(
    "wijziging_gebied",
    "Wijzigingen per gebied",
    "Een rij per buurt, wijk en gemeente: het verschil in score sinds de vorige release, gesplitst naar oorzaak.",
    (
        change.GEBIEDSOORT.required(),
        place.CODE.required(),
        place.NAAM.required(),
        change.N_WONINGEN_OUD.optional(),
        change.N_WONINGEN_NIEUW.optional(),
        *(column.required() for column in change.AANTAL.values()),
        change.N_SCORE_ANDERS.required(),
        change.SCORE_OUD.optional(),
        change.SCORE_NIEUW.optional(),
        change.VERSCHIL.optional(),
        *(column.optional() for column in change.DOOR.values()),
    ),
    key=("gebiedsoort", "code"),
)
