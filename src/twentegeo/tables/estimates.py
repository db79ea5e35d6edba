"""What is estimated of buildings, dwellings and areas, before it is joined to the layers."""

from __future__ import annotations

from typing import Final

from twentegeo.tables.columns import building, estimate, label, place
from twentegeo.tables.contract import Table

PAND_TYPE: Final = Table(
    "pand_type",
    "Woningtype per pand",
    "Een rij per pand met ten minste één woning.",
    (
        place.PAND_ID.required(),
        estimate.WONINGTYPE.required(),
        estimate.TYPE_ZEKERHEID.required(),
        estimate.BOUWLAGEN.required(),
        estimate.VORMFACTOR.optional(),
        estimate.REEKS_ID.required(),
    ),
    key=("pand_id",),
)

LABEL_SCHATTING: Final = Table(
    "label_schatting",
    "Labelschatting per woning",
    "Een rij per woning: de verwachte klasse, hoe zeker die is en waar dat op rust.",
    (
        place.VBO_ID.required(),
        estimate.WONINGTYPE.optional(),
        estimate.BEWIJSGRAAD.required(),
        estimate.SCHATTING_NIVEAU.optional(),
        estimate.N_BEWIJS.optional(),
        estimate.LABEL_VERWACHT.optional(),
        estimate.P_EFG.optional(),
        estimate.LABEL_P10.optional(),
        estimate.LABEL_P90.optional(),
    ),
    key=("vbo_id",),
)

LABEL_KANS: Final = Table(
    "label_kans",
    "Kans per klasse",
    "Een rij per woning: de kans op elke klasse.",
    (place.VBO_ID.required(), *(column.optional() for column in estimate.KANSEN)),
    key=("vbo_id",),
)

LABEL_GEBIED: Final = Table(
    "label_gebied",
    "Labels per gebied",
    "Een rij per gebied met woningen: dekking van de registratie, verwacht aandeel E, F of G en de vertekening.",
    (
        place.CODE.required(),
        building.N_WONINGEN.required(),
        label.LABEL_DEKKING.required(),
        estimate.AANDEEL_EFG_VERWACHT.optional(),
        estimate.REGISTRATIE_BIAS.optional(),
    ),
    key=("code",),
)
