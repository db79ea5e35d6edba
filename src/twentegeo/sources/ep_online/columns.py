"""How the editions of EP-Online spell their columns (sources.md 4.2 and 4.3), and what a reader needs."""

from __future__ import annotations

from typing import Final

PREFIXES: Final = ("pand", "meting")
"""Words that CSV v2 puts in front of a name."""

ALIASES: Final = {
    "registratiedatum": ("registratiedatum",),
    "opnamedatum": ("opnamedatum",),
    "geldig_tot": ("geldigtot",),
    "status": ("status",),
    "berekeningstype": ("berekeningstype",),
    "gebouwklasse": ("gebouwklasse",),
    "gebouwtype": ("gebouwtype",),
    "postcode": ("postcode",),
    "huisnummer": ("huisnummer",),
    "huisletter": ("huisletter",),
    "toevoeging": ("huisnummertoevoeging", "huisnummertoev"),
    "detailaanduiding": ("detailaanduiding",),
    "vbo_id": ("bagverblijfsobjectid",),
    "ligplaats_id": ("bagligplaatsid",),
    "standplaats_id": ("bagstandplaatsid",),
    "pand_ids": ("bagpandids", "bagpandid"),
    "bouwjaar": ("bouwjaar",),
    "oppervlakte": ("gebruiksoppervlaktethermischezone", "gebruiksoppervlakte"),
    "energieklasse": ("energieklasse",),
    "energie_index": ("energieindex", "energieprestatieindex", "prestatieindex"),
    "primaire_fossiele_energie": ("primairefossieleenergie",),
}
"""Plain spellings of each column that is read; see :func:`twentegeo.sources.headers.plain`."""

NEEDED: Final = ("energieklasse", "geldig_tot", "postcode", "huisnummer", "vbo_id")
"""Without these a label cannot be matched or dated."""

SPELLING: Final = {
    "energieklasse": "Energieklasse",
    "geldig_tot": "GeldigTot",
    "postcode": "Postcode",
    "huisnummer": "Huisnummer",
    "vbo_id": "BAGVerblijfsobjectID",
}
"""The needed columns as CSV v4 spells them, for messages."""
