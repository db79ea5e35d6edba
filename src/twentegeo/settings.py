"""
Settings: one YAML file per region.

Each room's parameters live beside the function they steer; this module only gathers them. Unknown keys are refused,
relative paths resolve against the YAML file, and every complaint names the file and the key.
"""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar

import yaml
from pydantic import Field, StringConstraints, ValidationError

from twentegeo.areas.concentrations import AreaParams
from twentegeo.checks.drift import DriftParams
from twentegeo.checks.tables import CheckParams
from twentegeo.errors import SettingsError, problem
from twentegeo.indicators.demography import DemographyParams
from twentegeo.indicators.dwelling_type import DwellingTypeParams
from twentegeo.indicators.energy import EnergyParams
from twentegeo.indicators.footprint import FootprintParams
from twentegeo.indicators.label_model import LabelModelParams
from twentegeo.indicators.lifecourse_figures import LifecourseParams
from twentegeo.notifier import NotifyParams
from twentegeo.priority.draws import StabilityParams
from twentegeo.priority.two_axes import AxesParams
from twentegeo.programme.changes import ChangeParams
from twentegeo.publish.maps.parameters import MapBookParams
from twentegeo.publish.metadata.parameters import PublicationParams
from twentegeo.publish.postgis.parameters import PostgisParams
from twentegeo.publish.report.parameters import ReportParams
from twentegeo.publish.retention import RetentionParams
from twentegeo.sources.bag.dummies import BagParameters
from twentegeo.sources.cbs.fill import CbsParams
from twentegeo.sources.ways import (
    AreaSource,
    BagSource,
    HttpParams,
    LabelSource,
    ParcelSource,
    PrognosisSource,
    SnapshotParams,
    Source,
)
from twentegeo.stock.labels import LabelParams
from twentegeo.stock.parcels import OverlapParams
from twentegeo.tables.parameters import Parameters

_S = TypeVar("_S", bound=Source)
MunicipalityCode = Annotated[str, StringConstraints(pattern=r"^\d{4}$")]


class Region(Parameters):
    """Which part of the country."""

    name: str = Field(min_length=1, description="Naam van de regio, voor titels en bestandsnamen.")
    municipalities: tuple[MunicipalityCode, ...] = Field(
        min_length=1,
        description="CBS-codes van de gemeenten als tekst van vier cijfers, tussen aanhalingstekens: '0153'.",
    )


class Sources(Parameters):
    """The deliveries that a night reads."""

    bag: BagSource = Field(
        default_factory=BagSource, description="BAG-extract (zip) of bag-light.gpkg, herkend aan de inhoud."
    )
    parcels: ParcelSource | None = Field(
        default_factory=ParcelSource,
        description=(
            "Kadastrale Kaart: GML v5 (zip of los), GeoPackage of GeoJSON. Zet op null voor een regio zonder percelen:"
            " laag perceel en uitbouwruimte vervallen, en de tabel run zegt dat."
        ),
    )
    energy_labels: LabelSource = Field(
        default_factory=LabelSource,
        description="EP-Online: totaalbestand v4 of v2 (CSV) of v4 (XML), al dan niet gezipt.",
    )
    neighbourhoods: AreaSource = Field(
        default_factory=AreaSource, description="CBS Wijk- en Buurtkaart: GeoPackage of shapefile."
    )
    ownership: tuple[Source, ...] = Field(
        default=(), description="Bezitslijsten van corporaties (CSV of XLSX); mag leeg zijn."
    )
    prognosis: PrognosisSource | None = Field(
        default=None,
        description=(
            "Huishoudensprognose per gemeente, variant en jaar (CSV of XLSX); mag weg, dan blijven de kolommen"
            " hh_prognose leeg."
        ),
    )


class Sample(Parameters):
    """A made-up region, generated before the night starts when its files are not there yet."""

    folder: Path = Field(description="Map voor de gemaakte bestanden, relatief aan dit instellingenbestand.")
    scale: float = Field(
        default=0.02, gt=0, le=4, description="Omvang als deel van Twente (verhouding; 1 is 0,43 miljoen panden)."
    )
    mutations: float = Field(
        default=0.0,
        ge=0,
        le=0.2,
        description=(
            "Deel van de woningen dat in deze levering anders is dan in de eerste (aandeel); voor een tweede nacht"
            " waarvan bekend is wat er veranderde."
        ),
    )
    seed: int = Field(
        default=7, ge=0, description="Startgetal van het toeval (geen eenheid); gelijk getal, gelijke bestanden."
    )
    without: tuple[Literal["parcels", "ownership", "prognosis"], ...] = Field(
        default=(), description="Bronnen die wel gemaakt maar niet gelezen worden, om een regio zonder na te bootsen."
    )


class Products(Parameters):
    """What a night makes from a release besides the layers; ``twentegeo publish`` makes them at any moment."""

    site: bool = Field(default=True, description="Of de nacht de webpagina voor planners maakt (site/).")
    project: bool = Field(
        default=True, description="Of de nacht het QGIS-project maakt (<regio>.qgz, en hetzelfde in de GeoPackage)."
    )
    maps: bool = Field(
        default=True,
        description=(
            "Of de nacht het kaartenboek maakt (kaarten/): een PDF per gemeente en een plaatje per vraag; anders alleen"
            " prioriteit.png."
        ),
    )


class Settings(Parameters):
    """Everything that a night can be told."""

    region: Region = Field(description="De regio.")
    reference_date: date | None = Field(
        default=None, description="Peildatum; weggelaten: de datum van de BAG-levering."
    )
    sources: Sources = Field(default_factory=Sources, description="De bronnen.")
    sample: Sample | None = Field(
        default=None, description="Gemaakte voorbeeldgegevens; alles wat eruit komt zegt dat het fictief is."
    )
    outputs: Path = Field(
        default=Path("outputs"), description="Map voor alle uitkomsten, relatief aan dit instellingenbestand."
    )
    http: HttpParams = Field(default_factory=HttpParams, description="Omgang met de diensten van de registers.")
    snapshots: SnapshotParams = Field(
        default_factory=SnapshotParams, description="Bewaren van leveringen die opgehaald zijn."
    )
    workers: int = Field(default=2, ge=1, le=64, description="Processen die de BAG tegelijk lezen (aantal).")
    bag: BagParameters = Field(
        default_factory=BagParameters, description="Opvulwaarden en herstel bij het lezen van de BAG."
    )
    cbs: CbsParams = Field(default_factory=CbsParams, description="CBS-cijfers uit eerdere jaren.")
    overlap: OverlapParams = Field(
        default_factory=OverlapParams, description="Pand op perceel: verdeling van het werk."
    )
    labels: LabelParams = Field(default_factory=LabelParams, description="Koppelen van energielabels.")
    dwelling_type: DwellingTypeParams = Field(default_factory=DwellingTypeParams, description="Woningtype per pand.")
    label_model: LabelModelParams = Field(
        default_factory=LabelModelParams, description="Schatting van labels waar er geen geregistreerd is."
    )
    footprint: FootprintParams = Field(
        default_factory=FootprintParams, description="Maten van panden en ruimte om uit te bouwen."
    )
    lifecourse: LifecourseParams = Field(default_factory=LifecourseParams, description="Levensloopindicator.")
    energy: EnergyParams = Field(default_factory=EnergyParams, description="Energie-indicator.")
    demography: DemographyParams = Field(default_factory=DemographyParams, description="Cijfers over mensen.")
    axes: AxesParams = Field(default_factory=AxesParams, description="Twee assen: drempels en gewichten per partij.")
    stability: StabilityParams = Field(default_factory=StabilityParams, description="Hoe vast een rang is.")
    areas: AreaParams = Field(default_factory=AreaParams, description="Prioriteitsgebieden.")
    checks: CheckParams = Field(
        default_factory=CheckParams, description="Ondergrenzen waaronder niets gepubliceerd wordt."
    )
    changes: ChangeParams = Field(
        default_factory=ChangeParams, description="Wat sinds de vorige release het melden waard is."
    )
    drift: DriftParams = Field(
        default_factory=DriftParams, description="Hoe ver een nacht van de vorige release mag afwijken."
    )
    notify: NotifyParams = Field(default_factory=NotifyParams, description="Wanneer de beheerder bericht krijgt.")
    retention: RetentionParams = Field(
        default_factory=RetentionParams, description="Hoe lang releases bewaard blijven."
    )
    report: ReportParams = Field(default_factory=ReportParams, description="Wat het rapport onder de aandacht brengt.")
    postgis: PostgisParams = Field(default_factory=PostgisParams, description="Laden in PostGIS.")
    publication: PublicationParams = Field(
        default_factory=PublicationParams, description="Wie de kaartlagen uitgeeft, waar, en onder welke licentie."
    )

    products: Products = Field(default_factory=Products, description="Wat er naast de lagen gemaakt wordt.")
    maps: MapBookParams = Field(default_factory=MapBookParams, description="Kaarten op papier.")

    @property
    def slug(self) -> str:
        """Name of the region as a file name: lower case, words joined by underscores."""
        kept = "".join(letter if letter.isalnum() else " " for letter in self.region.name.lower())
        return "_".join(kept.split())

    @property
    def notice(self) -> str | None:
        """What every product must say when the data are made up."""
        return NOTICE if self.sample else None


NOTICE: Final = "VOORBEELD: fictieve gegevens"


def config_folder() -> Path:
    """
    Find the `config` folder that came with this copy of the program.

    Returns
    -------
    folder
        Beside `src` in a checkout, inside the package when installed from a wheel.
    """
    installed = Path(__file__).parent / "_config"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "config"


def load(path: Path) -> Settings:
    """
    Read a settings file.

    Parameters
    ----------
    path
        A YAML file.

    Returns
    -------
    settings
        With absolute paths.

    Raises
    ------
    SettingsError
        The file is absent or no YAML, or holds an unknown key or an impossible value.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SettingsError(
            problem(path, "instellingenbestand bestaat niet", "Geef het pad van een bestaand bestand")
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(problem(path, f"niet te lezen ({error})", "Sla het op als UTF-8-tekst")) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"regel {mark.line + 1}" if mark else "inhoud"
        raise SettingsError(
            problem(path, f"{line} is geen geldige YAML", "Controleer inspringing en aanhalingstekens")
        ) from error
    if not isinstance(raw, dict):
        raise SettingsError(problem(path, "bevat geen instellingen", "Begin met 'region:' en 'sources:'"))
    try:
        settings = Settings.model_validate(raw)
    except ValidationError as error:
        raise SettingsError(
            problem(path, _complaint(error), "Zie config/settings.schema.json voor wat er kan")
        ) from error
    return _resolved(settings, path.absolute().parent)


def schema() -> str:
    """
    Describe the settings file.

    Returns
    -------
    schema
        JSON Schema, as kept in `config/settings.schema.json`.
    """
    return json.dumps(Settings.model_json_schema(), indent=2, ensure_ascii=False) + "\n"


def _at(base: Path, path: Path) -> Path:
    """Resolve against the settings file without following symlinks, so that messages name what the user wrote."""
    return Path(os.path.normpath(base / path))


def _resolved(settings: Settings, base: Path) -> Settings:
    def at(source: _S) -> _S:
        return source if source.path is None else source.model_copy(update={"path": _at(base, source.path)})

    sources = settings.sources
    changes: dict[str, Any] = {
        "outputs": _at(base, settings.outputs),
        "sources": Sources(
            bag=at(sources.bag),
            parcels=at(sources.parcels) if sources.parcels else None,
            energy_labels=at(sources.energy_labels),
            neighbourhoods=at(sources.neighbourhoods),
            ownership=tuple(at(source) for source in sources.ownership),
            prognosis=at(sources.prognosis) if sources.prognosis else None,
        ),
    }
    if settings.sample:
        changes["sample"] = settings.sample.model_copy(update={"folder": _at(base, settings.sample.folder)})
    return settings.model_copy(update=changes)


def _complaint(error: ValidationError) -> str:
    """Word the first problem in Dutch; pydantic's own words are kept where there is no better."""
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"]) or "het geheel"
    words = {
        "extra_forbidden": "onbekende instelling",
        "missing": "ontbreekt",
        "greater_than_equal": f"moet ten minste {first.get('ctx', {}).get('ge')} zijn, is {first['input']}",
        "greater_than": f"moet meer dan {first.get('ctx', {}).get('gt')} zijn, is {first['input']}",
        "less_than_equal": f"mag ten hoogste {first.get('ctx', {}).get('le')} zijn, is {first['input']}",
        "string_type": f"moet tekst zijn (zet {first['input']!r} tussen aanhalingstekens)",
        "string_pattern_mismatch": f"heeft niet de juiste vorm ({first['input']!r})",
        "float_parsing": f"is geen getal ({first['input']!r})",
        "int_parsing": f"is geen geheel getal ({first['input']!r})",
        "value_error": str(first["msg"]).removeprefix("Value error, "),
    }
    others = f" (en nog {len(error.errors()) - 1})" if len(error.errors()) > 1 else ""
    return f"instelling '{key}': {words.get(first['type'], first['msg'])}{others}"
