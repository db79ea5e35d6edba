"""
How the editions of the Wijk- en Buurtkaart spell their columns.

Names change between years and between publishers, so each wanted column has aliases. PDOK's GeoPackages write
`percentage_personen_15_tot_25_jaar`, its services `percentagePersonen15Tot25Jaar`, and the shapefiles that CBS itself
publishes `P_15_24_JR`; all three mean the same ages, for "15 tot 25" leaves out 25. A shapefile made from a
GeoPackage cuts names to ten characters and numbers those that coincide (`percentage`, `percenta_1` … `percenta18`),
after which only their order tells them apart. That order is the same in the editions 2021 to 2025: the five age shares
and the four shares by marital status follow `vrouwen`, the three shares by kind of household follow
`aantal_huishoudens`. Other figures whose cut names coincide are left out rather than guessed.

No edition gives the share of 75 and over. Who adds it to the map names it as CBS names the other ages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from twentegeo.sources.headers import plain, resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

KEYS: Final = {
    "buurt_code": ("buurtcode", "bucode"),
    "wijk_code": ("wijkcode", "wkcode"),
    "gemeente_code": ("gemeentecode", "gemeenteco", "gmcode"),
    "buurt_naam": ("buurtnaam", "bunaam"),
    "wijk_naam": ("wijknaam", "wknaam"),
    "gemeente_naam": ("gemeentenaam", "gemeentena", "gmnaam"),
    "water": ("water", "h2o"),
    "jaar": ("jaar",),
    "jaarcode": ("jrstatcode", "jaarstatcode", "jaarstatco"),
}

INDICATORS: Final = {
    "aantal_inwoners": ("aantalinwoners", "aantalinw", "aantinw"),
    "aantal_huishoudens": ("aantalhuishoudens", "aantalhui", "aantalhh"),
    "aandeel_15_24": ("percentagepersonen15tot25jaar", "p1524jr"),
    "aandeel_25_44": ("percentagepersonen25tot45jaar", "p2544jr"),
    "aandeel_45_64": ("percentagepersonen45tot65jaar", "p4564jr"),
    "aandeel_65plus": ("percentagepersonen65jaarenouder", "p65eojr"),
    "aandeel_75plus": ("percentagepersonen75jaarenouder", "p75eojr"),
    "aandeel_eenpersoons": ("percentageeenpersoonshuishoudens", "peenphh"),
    "huishoudensgrootte": ("gemiddeldehuishoudsgrootte", "gemhhgr"),
    "woningvoorraad": ("woningvoorraad", "woningvoor"),
    "aandeel_koop": ("percentagekoopwoningen",),
    "aandeel_corporatie": ("perchuurwoningeninbezitwoningcorporaties",),
    "gasverbruik_m3": ("gemiddeldgasverbruiktotaal", "gemiddeldgasverbruik"),
    "stedelijkheid": ("stedelijkheidadressenperkm2", "stedelijkh", "sted"),
}
"""Plain spellings of each indicator, as in :data:`twentegeo.tables.columns.people.INDICATOREN`."""

_AFTER_WOMEN: Final = (None, "aandeel_15_24", "aandeel_25_44", "aandeel_45_64", "aandeel_65plus", *(None,) * 4)
"""The five ages, of which 0-14 is not used, and the four marital states."""
_KINDS, _ALONE = 3, 0


def find(columns: Sequence[str]) -> dict[str, str]:
    """
    Find the wanted columns of a layer.

    Parameters
    ----------
    columns
        Names as the layer spells them, in its order.

    Returns
    -------
    found
        Name in the layer by wanted name (keys and indicators); what it lacks is left out.
    """
    return {**resolve(columns, KEYS | INDICATORS), **_by_order(columns)}


def _by_order(columns: Sequence[str]) -> dict[str, str]:
    """Tell the numbered columns of a shapefile apart by the columns around them."""
    bare = [plain(column) for column in columns]
    found = {}
    after_women = _run(bare, "vrouwen", "aantalhui")
    if len(after_women) == len(_AFTER_WOMEN):
        found = {name: columns[place] for name, place in zip(_AFTER_WOMEN, after_women, strict=True) if name}
    after_households = _run(bare, "aantalhui", "gemiddelde")
    if len(after_households) == _KINDS:
        found["aandeel_eenpersoons"] = columns[after_households[_ALONE]]
        found["huishoudensgrootte"] = columns[after_households[-1] + 1]
    return found


def _run(bare: Sequence[str], before: str, after: str) -> range:
    """Positions of the cut percentage columns between two others; empty unless nothing else is there."""
    if before not in bare or after not in bare:
        return range(0)
    run = range(bare.index(before) + 1, bare.index(after))
    return run if all(bare[place].startswith("percenta") for place in run) else range(0)
