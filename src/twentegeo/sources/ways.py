"""
How each register is reached: addresses, patience, and how old a delivery may become.

Every address of the outside world stands here, as the default of a setting, so that a service that moves is a line
in a settings file. Facts about the services: their own documentation, and consumers that run against them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, field_validator, model_validator

from twentegeo.sources.prognosis.read import UNSTATED
from twentegeo.tables.parameters import Parameters

_PDOK = "https://service.pdok.nl"
_API = "https://api.pdok.nl"


class HttpParams(Parameters):
    """Manners and patience towards the services."""

    connect_timeout_s: float = Field(
        default=10.0, gt=0, description="Wachten op een verbinding (s); een dienst die er is antwoordt binnen tellen."
    )
    read_timeout_s: float = Field(
        default=60.0, gt=0, description="Wachten op de volgende byte (s); PDOK zoekt soms een halve minuut."
    )
    slow_bytes_per_s: float = Field(
        default=1_000.0,
        ge=0,
        description="Tragere overdracht dan dit (bytes/s, over `slow_window_s`) wordt afgebroken en hervat.",
    )
    slow_window_s: float = Field(default=60.0, gt=0, description="Tijd waarover de snelheid gemeten wordt (s).")
    download_most_s: float = Field(
        default=14_400.0,
        gt=0,
        description="Langste tijd voor een bestand (s); wat er dan is blijft liggen voor de volgende run.",
    )
    attempts: int = Field(
        default=5, ge=1, le=20, description="Pogingen zonder vooruitgang (aantal) voor een bron onbereikbaar heet."
    )
    backoff_s: float = Field(
        default=2.0,
        ge=0,
        description="Eerste wachttijd tussen pogingen (s); verdubbelt, met loting tegen gelijktijdigheid.",
    )
    backoff_most_s: float = Field(default=60.0, ge=0, description="Langste wachttijd tussen pogingen (s).")
    retry_after_most_s: float = Field(
        default=300.0,
        ge=0,
        description="Zo lang wordt gewacht als een dienst daarom vraagt (s, Retry-After); bij meer volgt geen poging.",
    )
    parallel_per_host: int = Field(
        default=2,
        ge=1,
        le=8,
        description="Verzoeken tegelijk per dienst (aantal); PDOK noemt geen grens, dit is beleefd.",
    )
    page_most_bytes: int = Field(
        default=64 * 2**20,
        ge=2**16,
        description="Grootste antwoord in het geheugen (bytes, uitgepakt); 1000 panden zijn er 1 miljoen.",
    )
    redirects_most: int = Field(default=5, ge=0, le=20, description="Doorverwijzingen achter elkaar (aantal).")
    redirect_hosts: tuple[str, ...] = Field(
        default=("service.pdok.nl", "api.pdok.nl", "public.ep-online.nl", "www.ep-online.nl"),
        description="Hosts waarnaar een dienst mag doorverwijzen, naast zichzelf.",
    )
    spare_bytes: int = Field(
        default=2 * 10**9,
        ge=0,
        description="Schijfruimte die na een download vrij moet blijven (bytes); een nacht vult 1 GB.",
    )
    contact: str = Field(
        default="",
        max_length=120,
        description="Adres dat met de naam van het programma meegaat, zodat een dienst u vindt.",
    )


class SnapshotParams(Parameters):
    """How long deliveries are kept."""

    keep: int = Field(
        default=2, ge=1, le=50, description="Leveringen per bron die bewaard blijven (aantal), de huidige meegeteld."
    )
    partial_days: int = Field(
        default=7, ge=0, description="Een half binnengehaald bestand dat ouder is (dagen) wordt opgeruimd."
    )
    ledger_days: int = Field(
        default=800, ge=1, description="Regels in het logboek van leveringen die ouder zijn (dagen) vervallen."
    )


class Source(Parameters):
    """Where a register's delivery lies."""

    path: Path | None = Field(
        default=None,
        description="Bestand op schijf, relatief aan dit instellingenbestand; weglaten is ophalen uit het register.",
    )


class PrognosisSource(Source):
    """Where a prognosis of households lies, and who made it: the file itself does not tell."""

    publisher: str = Field(default=UNSTATED, description="Wie de prognose maakte, voor de tabel bron.")
    licence: str = Field(default=UNSTATED, description="Onder welke voorwaarden zij gebruikt mag worden.")


class Register(Source):
    """A register that can be fetched."""

    max_age_days: int = Field(
        default=60, ge=0, description="Een opgehaalde levering die ouder is (dagen na haar eigen datum) heet verouderd."
    )
    when_stale: Literal["keep", "stop"] = Field(
        default="keep",
        description="Verouderd: 'keep' gaat door met de laatste levering en merkt de lagen, 'stop' publiceert niet.",
    )

    @model_validator(mode="before")
    @classmethod
    def _from_plain(cls, value: Any) -> Any:
        """Accept a bare path source too."""
        return {"path": value.path} if type(value) is Source else value


class Sweep(Parameters):
    """How a service that gives features in pages is asked for a region."""

    page: int = Field(default=1000, ge=1, le=10_000, description="Objecten per bladzijde (aantal); PDOK geeft er 1000.")
    tile_m: float = Field(
        default=2_500.0,
        gt=10,
        description="Zijde van een tegel (m); is een bladzijde vol, dan wordt de tegel in vieren gedeeld.",
    )
    tile_least_m: float = Field(
        default=50.0,
        gt=0,
        description="Kleiner wordt een tegel niet gedeeld (m); zo een wordt bladzijde na bladzijde gevraagd.",
    )
    tile_most: int = Field(
        default=50_000,
        ge=1,
        description="Objecten die de kleinste tegel mag geven (aantal); het WFS van PDOK stopt bij startIndex 50.000.",
    )
    probes: int = Field(
        default=8,
        ge=0,
        le=1000,
        description="Tegels die na afloop in stukken opnieuw gevraagd worden (aantal), om afkapping te ontdekken.",
    )


class BagSource(Register):
    """The BAG: a file every month, services every day."""

    via: Literal["extract", "light", "ogc_api", "wfs"] = Field(
        default="extract",
        description="Weg naar binnen: het extract of bag-light uit de Atom-feed (per maand, landelijk), of de OGC API"
        " of het WFS voor alleen de regio (per dag; alleen hoofdadressen).",
    )
    top_up: Literal["none", "ogc_api", "wfs"] = Field(
        default="none",
        description="Dagelijks bijwerken van het maandbestand met de stand van de dienst, alleen voor de regio.",
    )
    feeds: tuple[str, ...] = Field(
        default=(
            f"{_PDOK}/kadaster/bag/atom/bag.xml",
            f"{_PDOK}/lv/bag/atom/bag.xml",
            f"{_PDOK}/kadaster/adressen/atom/v1_0/index.xml",
        ),
        min_length=1,
        description="Adressen van de Atom-feed; een volgende telt als een vorige er niet is.",
    )
    check_length: bool = Field(
        default=True,
        description="Weiger een bestand dat niet zo groot is als de feed zegt; uit als de feed achterloopt.",
    )
    ogc_api: str = Field(default=f"{_API}/kadaster/bag/ogc/v2", description="Adres van de OGC API Features.")
    wfs: str = Field(default=f"{_PDOK}/kadaster/bag/wfs/v2_0", description="Adres van het WFS.")
    sweep: Sweep = Field(default_factory=Sweep, description="Opvragen per tegel en bladzijde.")


class ParcelSource(Register):
    """The Kadastrale Kaart: made to order, or by feature."""

    max_age_days: int = Field(
        default=30, ge=0, description="Een opgehaalde levering die ouder is (dagen na haar eigen datum) heet verouderd."
    )
    via: Literal["download", "ogc_api", "wfs"] = Field(
        default="download", description="Weg naar binnen: de downloaddienst (GML van de regio), de OGC API of het WFS."
    )
    refresh_days: int = Field(
        default=7,
        ge=0,
        description="Na zoveel dagen wordt opnieuw opgehaald (dagen); de dienst zegt niet of er iets veranderd is.",
    )
    download: str = Field(
        default=f"{_API}/kadaster/kadastralekaart/download/v5_0", description="Adres van de downloaddienst."
    )
    featuretype: str = Field(default="perceel", description="Naam van het objecttype bij de downloaddienst.")
    poll_s: float = Field(default=10.0, gt=0, description="Tijd tussen twee vragen of de levering klaar is (s).")
    poll_most_s: float = Field(default=5_400.0, gt=0, description="Langste wachten op de levering (s).")
    buffer_m: float = Field(
        default=500.0,
        ge=0,
        description="Rand om de regio die mee opgehaald wordt (m); panden op de grens houden hun perceel.",
    )
    simplify_m: float = Field(
        default=250.0, ge=0, description="Vereenvoudiging van de omtrek in het verzoek (m); nooit groter dan de rand."
    )
    ogc_api: str = Field(
        default=f"{_API}/kadaster/brk-kadastrale-kaart/ogc/v1", description="Adres van de OGC API Features."
    )
    collection: str = Field(default="perceel", description="Collectie van de OGC API.")
    wfs: str = Field(default=f"{_PDOK}/kadaster/kadastralekaart/wfs/v5_0", description="Adres van het WFS.")
    typename: str = Field(
        default="perceel",
        description="Objecttype van het WFS, zonder voorvoegsel en hoofdletters; het adres noemt de naam.",
    )
    sweep: Sweep = Field(default_factory=Sweep, description="Opvragen per tegel en bladzijde.")


class LabelSource(Register):
    """EP-Online: a total file every month, mutations every day, a key for both."""

    max_age_days: int = Field(
        default=45, ge=0, description="Een opgehaalde levering die ouder is (dagen na haar eigen datum) heet verouderd."
    )
    api: str = Field(default="https://public.ep-online.nl/api/v5", description="Adres van de API van EP-Online.")
    key: SecretStr | None = Field(
        default=None, description="Sleutel van EP-Online; liever niet hier maar in de omgevingsvariabele `key_env`."
    )
    key_env: str = Field(
        default="EP_ONLINE_API_KEY", description="Omgevingsvariabele met de sleutel; gratis aan te vragen bij RVO."
    )
    mutations: bool = Field(default=True, description="Ook de dagelijkse mutaties sinds het totaalbestand ophalen.")
    mutation_days: int = Field(
        default=40, ge=1, le=400, description="Verder terug dan dit (dagen) worden geen mutaties gevraagd."
    )

    @field_validator("key")
    @classmethod
    def _not_empty(cls, key: SecretStr | None) -> SecretStr | None:
        return key if key and key.get_secret_value().strip() else None


class AreaSource(Register):
    """The Wijk- en Buurtkaart: an edition a year, filled in later years."""

    max_age_days: int = Field(
        default=800,
        ge=0,
        description="Een opgehaalde levering die ouder is (dagen na haar eigen datum) heet verouderd.",
    )
    via: Literal["feed", "ogc_api"] = Field(
        default="feed", description="Weg naar binnen: het GeoPackage uit de Atom-feed van het jaar, of de OGC API."
    )
    year: int | None = Field(
        default=None, ge=2019, le=2100, description="Jaar van de kaart; weggelaten: het nieuwste dat er is."
    )
    years_back: int = Field(
        default=4,
        ge=0,
        le=10,
        description="Eerdere jaren die aanvullen wat het nieuwste nog niet geeft (aantal); CBS doet er 2 tot 3 over.",
    )
    feed: str = Field(
        default=f"{_PDOK}/cbs/wijkenbuurten/{{year}}/atom/index.xml",
        description="Adres van de feed; {year} is het jaar.",
    )
    ogc_api: str = Field(
        default=f"{_API}/cbs/wijken-en-buurten-{{year}}/ogc/v1", description="Adres van de OGC API; {year} is het jaar."
    )
    check_length: bool = Field(
        default=True,
        description="Weiger een bestand dat niet zo groot is als de feed zegt; uit als de feed achterloopt.",
    )
    sweep: Sweep = Field(
        default_factory=lambda: Sweep(tile_m=400_000.0, probes=2), description="Opvragen per tegel en bladzijde."
    )
