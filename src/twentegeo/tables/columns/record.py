"""Provenance: where things come from, what ran, what was lost, and the dictionary itself."""

from __future__ import annotations

from twentegeo.tables.contract import Column


def _text(name: str, alias: str, nl: str, en: str, width: int | None = None) -> Column:
    return Column(name, "text", alias, nl, en, "twentegeo", width=width)


PEILDATUM = Column(
    "peildatum",
    "date",
    "Peildatum",
    "Datum waarop de gegevens betrekking hebben.",
    "Date that the data refer to.",
    "twentegeo",
)
RUN_ID = _text("run_id", "Run", "Identificatie van de run, UTC: JJJJMMDDTuummssZ.", "Identifier of the run, UTC.", 16)
BRON = _text("bron", "Bron", "Naam van de bron.", "Name of the source.", 40)
BESTAND = _text("bestand", "Bestand", "Naam van het gelezen bestand.", "Name of the file that was read.", 200)
LICENTIE = _text("licentie", "Licentie", "Licentie van de bron.", "Licence of the source.", 120)
BRONHOUDER = _text("bronhouder", "Bronhouder", "Wie de bron uitgeeft.", "Who publishes the source.", 120)
BRON_DATUM = Column(
    "bron_datum",
    "date",
    "Datum bron",
    "Datum waarop de bron betrekking heeft; leeg als die niet bekend is.",
    "Date that the source refers to; empty where unknown.",
    "twentegeo",
)
SHA256 = _text("sha256", "SHA-256", "Controlegetal van het gelezen bestand.", "Checksum of the file read.", 64)
OMVANG_BYTES = Column(
    "omvang_bytes",
    "integer",
    "Omvang",
    "Omvang van het bestand.",
    "Size of the file.",
    "twentegeo",
    unit="bytes",
)
AANTAL_RIJEN = Column(
    "aantal_rijen",
    "integer",
    "Aantal rijen",
    "Aantal rijen dat de bron voor deze regio gaf; leeg als het niet geteld is.",
    "Number of rows that the source gave for this region; empty where not counted.",
    "twentegeo",
)
VEROUDERD = Column(
    "verouderd",
    "flag",
    "Verouderd",
    "Ja als het register niets nieuws gaf en de levering ouder is dan de instellingen toestaan.",
    "Yes where the register gave nothing new, and the delivery is older than the settings allow.",
    "twentegeo",
)
LAAG = _text("laag", "Laag", "Naam van de laag of tabel.", "Name of the layer or table.", 57)
KOLOM = _text("kolom", "Kolom", "Naam van de kolom.", "Name of the column.", 57)
TITEL = _text("titel", "Titel", "Nederlandse naam.", "Dutch name.", 120)
SOORT = _text("soort", "Soort", "Soort waarde.", "Kind of value.", 16)
EENHEID = _text("eenheid", "Eenheid", "Eenheid; leeg als er geen is.", "Unit; empty where there is none.", 24)
OMSCHRIJVING = _text("omschrijving", "Omschrijving", "Betekenis, ook van een lege waarde.", "Meaning.", 1000)
OMSCHRIJVING_EN = _text("omschrijving_en", "Omschrijving (Engels)", "Betekenis in het Engels.", "Meaning.", 1000)
WAARDEN = _text("waarden", "Waarden", "Waarden die voorkomen; leeg als de lijst open is.", "Closed list.", 600)
KOPPELING = _text("koppeling", "Koppeling", "Naam van de koppeling.", "Name of the join.", 60)
ZIJDE = _text("zijde", "Zijde", "Kant van de koppeling die verloren ging.", "Side of the join lost.", 40)
VERLIES_ID = _text(
    "verlies_id",
    "Object",
    "Identificatie of rijnummer van wat niet gekoppeld is.",
    "Identifier or row number of what was not matched.",
    60,
)
REDEN = _text("reden", "Reden", "Waarom niet gekoppeld.", "Why it was not matched.", 80)
ADVIES = _text("advies", "Wat te doen", "Wat eraan te doen is.", "What can be done about it.", 240)
N_LINKS = Column("n_links", "integer", "Links", "Rijen links.", "Rows on the left.", "twentegeo")
N_RECHTS = Column("n_rechts", "integer", "Rechts", "Rijen rechts.", "Rows on the right.", "twentegeo")
N_GEKOPPELD = Column("n_gekoppeld", "integer", "Gekoppeld", "Rijen links met een partner.", "Matched.", "twentegeo")
DEKKING = Column(
    "dekking",
    "real",
    "Dekking",
    "Deel van de rijen links met een partner; leeg zonder rijen.",
    "Share of the left rows with a match; empty without rows.",
    "twentegeo",
    unit="%",
)
SLEUTEL = _text("sleutel", "Sleutel", "Instelling of eigenschap van de run.", "Setting or property of the run.", 120)
# no width: the settings of a run are told whole
INHOUD = _text("inhoud", "Inhoud", "Waarde van de instelling of eigenschap.", "Its value.")
EIGENAAR = Column("eigenaar", "text", "Eigenaar", "Naam van de eigenaar.", "Owner.", "corporaties", width=120)
BEZIT_RIJ = Column(
    "bezit_rij",
    "integer",
    "Rij",
    "Regelnummer in het bestand.",
    "Row in the file.",
    "corporaties",
    checks={"ge": 1},
)
