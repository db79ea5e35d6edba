"""Judgements beside the stock: life-course per dwelling and building, people per area, axes and firmness of ranks."""

from __future__ import annotations

from typing import Final

from twentegeo.tables.columns import demography, lifecourse, people, place, ranking, score
from twentegeo.tables.contract import Table

WONING_LEVENSLOOP: Final = Table(
    "woning_levensloop",
    "Levensloop per woning",
    "Een rij per woning met de waarschijnlijke geschiktheid en wat haar bepaalt.",
    (
        place.VBO_ID.required(),
        lifecourse.GESTAPELD.required(),
        lifecourse.LEVENSLOOP_KLASSE.required(),
        lifecourse.LEVENSLOOP_REDEN.required(),
        lifecourse.P_NULTREDEN.optional(),
        lifecourse.P_AANPASBAAR.optional(),
        lifecourse.P_MOEILIJK.optional(),
        lifecourse.SCORE_LEVENSLOOP.optional(),
    ),
    key=("vbo_id",),
)

PAND_LEVENSLOOP: Final = Table(
    "pand_levensloop",
    "Levensloop per pand",
    "Een rij per pand met woningen: aandelen, lift en ruimte voor een uitbouw.",
    (
        place.PAND_ID.required(),
        lifecourse.AANDEEL_NULTREDEN.required(),
        lifecourse.AANDEEL_AANPASBAAR.required(),
        lifecourse.AANDEEL_MOEILIJK.required(),
        lifecourse.AANDEEL_LEVENSLOOP_ONBEKEND.required(),
        lifecourse.LIFT_WAARSCHIJNLIJK.optional(),
        lifecourse.P_LIFT.optional(),
        lifecourse.AANDEEL_BEGANE_GROND.optional(),
        lifecourse.UITBOUWRUIMTE_M2.optional(),
        lifecourse.SCORE_LEVENSLOOP.optional(),
    ),
    key=("pand_id",),
)

BUURT_INTERVAL: Final = Table(
    "buurt_indicator",
    "Buurtcijfers",
    "Een rij per buurt en indicator: de waarde van het laagste niveau dat haar geeft, haar grenzen en dat niveau.",
    (
        place.BUURT_CODE.required(),
        people.INDICATOR.required(),
        people.WAARDE.optional(),
        demography.WAARDE_LAAG.optional(),
        demography.WAARDE_HOOG.optional(),
        demography.SIGMA_WAARDE.optional(),
        people.NIVEAU.optional(),
    ),
    key=("buurt_code", "indicator"),
)

BUURT_MENSEN: Final = Table(
    "buurt_mensen",
    "Mensen per buurt",
    "Een rij per buurt met afgeleide cijfers over mensen en wonen.",
    (
        place.BUURT_CODE.required(),
        demography.GRIJZE_DRUK.optional(),
        demography.GRIJZE_DRUK_LAAG.optional(),
        demography.GRIJZE_DRUK_HOOG.optional(),
        demography.GRIJZE_DRUK_NIVEAU.optional(),
        demography.AANDEEL_GROOT.optional(),
        demography.WOONRUIMTE_M2_PP.optional(),
        demography.MISMATCH.optional(),
        demography.MISMATCH_LAAG.optional(),
        demography.MISMATCH_HOOG.optional(),
        demography.MISMATCH_NIVEAU.optional(),
        *(column.optional() for column in demography.HH_PROGNOSE),
        demography.PROGNOSE_VANAF.optional(),
        demography.PROGNOSE_HORIZON.optional(),
    ),
    key=("buurt_code",),
)

TWEE_ASSEN: Final = Table(
    "twee_assen",
    "Twee assen",
    "Een rij per woning of gebied, in de volgorde van de invoer: de samengestelde score, percentiel en kwadrant.",
    (
        score.SCORE_PRIORITEIT.optional(),
        ranking.SCORE_REKENKUNDIG.optional(),
        ranking.PERCENTIEL_PRIORITEIT.optional(),
        ranking.KWADRANT.required(),
    ),
)

GEBIED_STABILITEIT: Final = Table(
    "gebied_stabiliteit",
    "Stabiliteit van de rang",
    "Een rij per gebied met een score: hoe vast de score en de rang zijn.",
    (
        ranking.GEBIED.required(),
        ranking.KANS_TOP20.required(),
        ranking.RANG_P10.required(),
        ranking.RANG_MEDIAAN.required(),
        ranking.RANG_P90.required(),
        ranking.BEPALENDE_PIJLER.required(),
        ranking.SIGMA.required(),
        ranking.P_KLASSE.required(),
        ranking.STABIEL.required(),
        ranking.BEPALENDE_FACTOR.required(),
        ranking.CONTROLEERBAARHEID.optional(),
    ),
    key=("gebied",),
)
