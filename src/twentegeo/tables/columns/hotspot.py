"""What the test on concentrations says of a cell, a hot-spot and the history of an area."""

from __future__ import annotations

from twentegeo.tables.contract import Column

_SHARE = {"in_range": {"min_value": 0, "max_value": 1}}

HOTSPOT_ID = Column(
    "hotspot_id",
    "text",
    "Hotspot-ID",
    "Identificatie binnen deze release: indicator, band, teken en zuidwestelijke cel.",
    "Identifier within this release: indicator, band, sign and south-western cell.",
    "twentegeo",
    width=60,
)
INDICATOR = Column(
    "indicator",
    "text",
    "Indicator",
    "Opgave die getoetst is.",
    "Need that was tested.",
    "twentegeo",
    width=24,
)
BAND_M = Column(
    "band_m",
    "integer",
    "Band",
    "Afstand tot waar cellen als buren golden.",
    "Distance within which cells counted as neighbours.",
    "twentegeo",
    unit="m",
    checks={"gt": 0},
)
TEKEN = Column(
    "teken",
    "text",
    "Teken",
    "Hoog waar de opgave groter is dan van deze woningen te verwachten was, laag waar ze kleiner is.",
    "High (hoog) where the need exceeds what such dwellings lead one to expect, low (laag) where it falls short.",
    "twentegeo",
    width=8,
    options=("hoog", "laag"),
)
N_CELLEN = Column(
    "n_cellen",
    "integer",
    "Aantal cellen",
    "Aantal aaneengesloten hectarecellen.",
    "Number of adjoining hectare cells.",
    "twentegeo",
    checks={"ge": 1},
)
Q_WAARDE = Column(
    "q_waarde",
    "real",
    "Q-waarde",
    "Aandeel valse meldingen waarbij de sterkste cel nog net gemeld wordt (Benjamini-Hochberg).",
    "Share of false discoveries at which the strongest cell is just kept (Benjamini-Hochberg).",
    "twentegeo",
    unit="0-1",
    checks=_SHARE,
)
GI_Z = Column(
    "gi_z",
    "real",
    "Gi*",
    "Getis-Ord Gi* van de cel met haar buren, in standaardafwijkingen; boven nul is meer opgave dan verwacht. Leeg waar"
    " niet getoetst is.",
    "Getis-Ord Gi* of the cell with its neighbours, in standard deviations; above zero is more need than expected."
    " Empty where not tested.",
    "twentegeo",
    unit="standaardafwijking",
)
GI_Q = Column(
    "gi_q",
    "real",
    "Q-waarde Gi*",
    "Q-waarde waarbij genoeg afstandsbanden het eens zijn; leeg waar niet getoetst is.",
    "Q-value at which enough distance bands agree; empty where not tested.",
    "twentegeo",
    unit="0-1",
    checks=_SHARE,
)
GI_TEKEN = Column(
    "gi_teken",
    "text",
    "Concentratie",
    "Hoog of laag waar genoeg afstandsbanden een concentratie vinden, geen waar dat niet zo is, onbekend waar te"
    " weinig woningen of gegevens zijn om te toetsen.",
    "High or low where enough distance bands find a concentration, geen where they do not, onbekend where dwellings"
    " or data are too few to test.",
    "twentegeo",
    width=8,
    options=("hoog", "laag", "geen", "onbekend"),
)
MORAN_SOORT = Column(
    "moran_soort",
    "text",
    "Cel tegen haar buren",
    "Opgave van de cel en dan van haar buren; laag-hoog is een goede plek in een gebied met veel opgave. Geen"
    " waar toeval het ook doet, onbekend waar niet getoetst is.",
    "Need of the cell and then of its neighbours; laag-hoog is a good place in an area of much need. Geen where chance"
    " does as well, onbekend where not tested.",
    "twentegeo",
    width=12,
    options=("hoog-hoog", "laag-laag", "hoog-laag", "laag-hoog", "geen", "onbekend"),
)
OVERSCHOT = Column(
    "overschot",
    "real",
    "Verschil met verwachting",
    "Opgave min wat bij woningen van deze soort en bouwperiode te verwachten is; leeg waar niets bekend is.",
    "Need less what dwellings of this type and period lead one to expect in the region; empty where nothing is known.",
    "twentegeo",
    unit="procentpunt",
    checks={"in_range": {"min_value": -100, "max_value": 100}},
)
VORIGE_GEBIED_ID = Column(
    "vorige_gebied_id",
    "text",
    "Vorig gebied",
    "Identificatie van het gebied in de vorige release; leeg als het gebied nieuw is.",
    "Identifier of the area in the previous release; empty where the area is new.",
    "twentegeo",
    width=24,
)
NIEUW_GEBIED_ID = Column(
    "gebied_id",
    "text",
    "Gebied-ID",
    "Identificatie van het prioriteitsgebied; leeg als een vorig gebied vervallen is.",
    "Identifier of the priority area; empty where a previous one is gone.",
    "twentegeo",
    width=24,
)
RELATIE = Column(
    "relatie",
    "text",
    "Relatie",
    "Wat er met het gebied gebeurde sinds de vorige release.",
    "What became of the area since the previous release.",
    "twentegeo",
    width=16,
    options=("voortgezet", "vervangen", "gesplitst", "samengevoegd", "herschikt", "nieuw", "vervallen"),
)
IOU = Column(
    "iou",
    "real",
    "Overeenkomst",
    "Overlap gedeeld door vereniging van het oude en het nieuwe gebied; 0 als er maar een van beide is.",
    "Intersection over union of the old and the new area; 0 where there is only one of the two.",
    "twentegeo",
    unit="0-1",
    checks=_SHARE,
)
TOELICHTING_EN = Column(
    "toelichting_en",
    "text",
    "Toelichting (Engels)",
    "Waarom dit gebied prioriteit heeft, in het Engels.",
    "Why this area has priority, in plain English with numbers.",
    "twentegeo",
    width=1000,
)
