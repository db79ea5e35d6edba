"""Why an object of the BAG is not in the tables, in words for `koppelverlies`."""

from __future__ import annotations

from typing import Final

from twentegeo.tables.losses import Reason

_READING: Final = "bag lezen"
_REPORT: Final = "Meld het aan de gemeente (terugmelding BAG)."

NO_ADDRESS: Final = Reason(_READING, "verblijfsobject", "nummeraanduiding ontbreekt in de levering", _REPORT)
OTHER_MUNICIPALITY: Final = Reason(
    _READING,
    "verblijfsobject",
    "ligt in de regio, maar het adres hoort bij een andere gemeente",
    "Niets te doen als de gemeentegrens hier loopt; meld het anders aan de gemeente.",
)
VBO_WITHOUT_GEOMETRY: Final = Reason(_READING, "verblijfsobject", "heeft geen bruikbare geometrie", _REPORT)
PAND_WITHOUT_GEOMETRY: Final = Reason(_READING, "pand", "heeft geen bruikbare geometrie", _REPORT)
PLACE_WITHOUT_GEOMETRY: Final = Reason(_READING, "plaats", "heeft geen bruikbare geometrie", _REPORT)
PAND_ABSENT: Final = Reason(
    _READING, "pand", "verblijfsobject verwijst ernaar, maar de levering heeft geen actueel pand", _REPORT
)
PAND_GONE: Final = Reason(
    _READING,
    "pand",
    "verblijfsobject verwijst ernaar, maar het pand is gesloopt, niet gerealiseerd of ten onrechte opgevoerd",
    _REPORT,
)
PAND_ELSEWHERE: Final = Reason(
    _READING,
    "pand",
    "ligt in de regio, maar hoort bij een verblijfsobject in een andere gemeente",
    "Niets te doen als de gemeentegrens hier loopt; meld het anders aan de gemeente.",
)
ADDRESS_ABSENT: Final = Reason(
    _READING, "nevenadres", "nummeraanduiding ontbreekt of ligt in een andere gemeente", _REPORT
)
