"""The housing stock as assembled: dwellings, their buildings and parcels, and what the joins lost."""

from __future__ import annotations

from typing import Final

from twentegeo.tables.columns import building, label, place, ranking, record, score
from twentegeo.tables.contract import Table

WONING: Final = Table(
    "woning",
    "Woningen",
    "Een rij per bestaande woning: verblijfsobject met woonfunctie in de voorraad.",
    (
        place.VBO_ID.required(),
        place.PAND_ID.optional(),
        building.N_PANDEN.required(),
        building.VBO_STATUS.required(),
        building.GEBRUIKSDOEL.required(),
        building.OPPERVLAKTE_M2.optional(),
        building.OPPERVLAKTE_DUMMY.required(),
        building.BOUWJAAR.optional(),
        building.BOUWJAAR_DUMMY.required(),
        place.ADRES.required(),
        place.POSTCODE.optional(),
        place.WOONPLAATS.required(),
        place.GEMEENTE_CODE.required(),
        place.WIJK_CODE.optional(),
        place.BUURT_CODE.optional(),
        place.PERCEEL_ID.optional(),
        place.CEL_ID.required(),
    ),
    key=("vbo_id",),
    geometry="Point",
)

WONING_LABEL: Final = Table(
    "woning_label",
    "Label per woning",
    "Een rij per woning met een geregistreerd label, geldig of verlopen.",
    (
        place.VBO_ID.required(),
        label.ENERGIELABEL.optional(),
        label.LABEL_VERLOPEN.optional(),
        label.LABEL_GELDIG_TOT.optional(),
        label.OPNAMEDATUM.optional(),
        label.LABEL_METHODE.required(),
        label.LABEL_SLEUTEL.required(),
        label.LABEL_RIJ.required(),
    ),
    key=("vbo_id",),
)

PAND_PERCEEL: Final = Table(
    "pand_perceel",
    "Pand op perceel",
    "Een rij per pand dat een perceel raakt: het perceel met de grootste overlap.",
    (place.PAND_ID.required(), place.PERCEEL_ID.required(), building.AANDEEL_OVERLAP.required()),
    key=("pand_id",),
)

SCORE: Final = Table(
    "woning_score",
    "Score per woning",
    "Een rij per woning met wat bekend is of geschat wordt, en de scores.",
    (
        place.VBO_ID.required(),
        building.BOUWPERIODE.required(),
        label.LABEL_STATUS.required(),
        score.SCORE_BRON.required(),
        score.SCORE_ENERGIE.optional(),
        score.SCORE_PRIORITEIT.optional(),
        ranking.KWADRANT.required(),
    ),
    key=("vbo_id",),
)

KOPPELVERLIES: Final = Table(
    "koppelverlies",
    "Koppelverlies",
    "Een rij per object dat bij een koppeling niet gekoppeld is, met de reden en wat eraan te doen is.",
    (
        record.KOPPELING.required(),
        record.ZIJDE.required(),
        record.VERLIES_ID.required(),
        record.REDEN.required(),
        record.ADVIES.required(),
    ),
)

KOPPELING: Final = Table(
    "koppeling",
    "Koppelingen",
    "Een rij per koppeling: hoeveel rijen er links en rechts waren en hoeveel een partner kregen.",
    (
        record.KOPPELING.required(),
        record.N_LINKS.required(),
        record.N_RECHTS.required(),
        record.N_GEKOPPELD.required(),
        record.DEKKING.optional(),
        record.OMSCHRIJVING.required(),
    ),
    key=("koppeling",),
)
