"""A manifest written out by hand, of the made-up town in ``conftest.py``."""

from __future__ import annotations

import copy
from typing import Any

from twentegeo.publish.edition import VOORBEELD
from twentegeo.publish.metadata.about import About, about
from twentegeo.publish.metadata.embed import extents_of
from twentegeo.publish.metadata.parameters import PublicationParams
from twentegeo.publish.statement import statement_of
from twentegeo.tables.layers import MAP_LAYERS, PLAIN_TABLES

HOSTILE = "<script>alert('x')</script>&\"'; DROP TABLE pand; --"
"""A name that would do harm wherever it is taken for more than text."""

_SOURCE = {
    "sha256": "ab" * 32,
    "bytes": 3_182_408,
    "opgehaald": "2024-01-08T20:00:00+00:00",
    "url": None,
    "tellingen": {"pand": 52},
}
_MANIFEST: dict[str, Any] = {
    "run_id": "20240109T021500Z",
    "kenmerk": "11" * 16,
    "inhoud_sha256": "cd" * 32,
    "gemaakt": "2024-01-09T02:15:40+00:00",
    "regio": "Twente",
    "peildatum": "2024-01-08",
    "opmerking": VOORBEELD,
    "lagen": {"prioriteitsgebied": 2, "gemeente": 2, "wijk": 4, "buurt": 4, "hectare": 16, "pand": 52}
    | {"perceel": 48, "verblijfsobject": 48, "bron": 1, "koppelverlies": 3},
    "weggelaten_lagen": [],
    "bevindingen": [],
    "bronnen": [
        {
            **_SOURCE,
            "bron": "bag",
            "titel": "Basisregistratie Adressen en Gebouwen",
            "bestand": "lvbag-extract-nl.zip",
            "bronhouder": "Kadaster",
            "licentie": "CC0 1.0 (publiek domein)",
            "bron_datum": "2024-01-08",
        },
        {
            **_SOURCE,
            "bron": "energy_labels",
            "titel": "EP-Online",
            "bestand": "v20240101_v4_csv.zip",
            "bronhouder": "RVO",
            "licentie": "open data, licentie niet bevestigd",
            "bron_datum": "2024-01-01",
        },
        {
            **_SOURCE,
            "bron": "parcels",
            "titel": "Kadastrale Kaart",
            "bestand": "perceel.zip",
            "bronhouder": "Kadaster",
            "licentie": "CC BY 4.0",
            "bron_datum": None,
        },
    ],
    "koppelingen": [
        {
            "koppeling": "label op woning",
            "n_links": 50,
            "n_rechts": 48,
            "n_gekoppeld": 45,
            "dekking": 90.0,
            "omschrijving": "Registraties die over een bestaande woning gaan.",
        },
        {
            "koppeling": "bezit op woning",
            "n_links": 0,
            "n_rechts": 48,
            "n_gekoppeld": 0,
            "dekking": float("nan"),
            "omschrijving": "Regels van een bezitslijst.",
        },
    ],
    "koppelverlies": [
        {
            "koppeling": "label op woning",
            "zijde": "label",
            "reden": "onbekend verblijfsobject",
            "aantal": 5,
            "advies": "Meld het bij RVO.",
        }
    ],
    "woningen_gepland": 3,
    "cbs_ontbrekend": [],
    "stappen": {"bag": {"seconden": 3.25, "hergebruikt": False}, "labels": {"seconden": 0.0, "hergebruikt": True}},
    "instellingen": {"region": {"name": "Twente"}, "labels": {"validity_years": 10}},
    "versies": {"twentegeo": "0.1.0", "python": "3.11.7"},
}


def manifest(**changes: Any) -> dict[str, Any]:
    """Copy the manifest, with some keys replaced."""
    return copy.deepcopy(_MANIFEST) | changes


def told(package: Any, stated: dict[str, Any] | None = None, **publication: Any) -> About:
    """Tell what metadata of a package says."""
    return about(
        statement_of(stated or manifest()),
        "twente",
        (*MAP_LAYERS, *PLAIN_TABLES),
        extents_of(package),
        PublicationParams(**{"organisatie": "Regio Twente", "email": "kaart@regio.example"} | publication),
    )
