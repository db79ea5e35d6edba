"""A made-up town on both sides of a municipal border, small enough to keep in the head."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from tests.publish.manifests import told
from twentegeo.publish.dictionary import data_dictionary
from twentegeo.publish.edition import VOORBEELD, Edition
from twentegeo.publish.geopackage import write_geopackage
from twentegeo.publish.metadata.embed import embed
from twentegeo.publish.project import write_project
from twentegeo.publish.styles import all_styles, load_classes
from twentegeo.tables.assessments import BUURT_INTERVAL
from twentegeo.tables.changes import WIJZIGING, WIJZIGING_GEBIED
from twentegeo.tables.columns.change import OORZAKEN
from twentegeo.tables.columns.estimate import BEWIJSGRADEN, LABELKLASSEN
from twentegeo.tables.columns.lifecourse import LEVENSLOOP_KLASSEN
from twentegeo.tables.columns.ranking import KWADRANTEN
from twentegeo.tables.contract import DTYPES, Column, Table, conform
from twentegeo.tables.hotspots import GEBIED_HERKOMST, HOTSPOT
from twentegeo.tables.layers import (
    BRON,
    BUURT,
    GEMEENTE,
    HECTARE,
    PAND,
    PERCEEL,
    PRIORITEITSGEBIED,
    RUN,
    VERBLIJFSOBJECT,
    WIJK,
)
from twentegeo.tables.stock import KOPPELING, KOPPELVERLIES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from twentegeo.publish.classes import ClassTables

SYSTEM_PYTHON = "/usr/bin/python3"
PEILDATUM = dt.date(2024, 1, 8)
X0, Y0 = 250_000, 470_000
PERIODS = ("t/m 1929", "1930-1945", "1946-1964", "1965-1974", "1975-1991", "1992-2005", "2006-2014", "vanaf 2015")
LABELS = ("A++++", "A+++", "A++", "A+", "A", "B", "C", "D", "E", "F", "G")

_FILLER: dict[str, Any] = {
    "text": "onbekend",
    "integer": 1,
    "real": 50.0,
    "date": pd.Timestamp(PEILDATUM),
    "datetime": pd.Timestamp(PEILDATUM),
    "flag": False,
}


def _filler(column: Column) -> Any:
    examples = {"cel_id": "E2500N4700", "gemeente_code": "GM0153", "wijk_code": "WK015300", "bouwjaar": 1960}
    examples |= {"buurt_code": "BU01530000", "postcode": "7511AA", "sha256": "0" * 64, "perceel_id": "12345678"}
    examples |= {
        "bouwperiode": "1946-1964",
        "rang": 1,
        "gi_q": 0.04,
        "q_waarde": 0.04,
        "iou": 0.0,
        "stedelijkheid": 3.0,
        "oppervlakte_m2": 90,
    }
    if column.name in examples:
        return examples[column.name]
    return column.options[0] if column.options else _FILLER[column.kind]


def _fill(table: Table, n: int, geometry: Any, given: Mapping[str, Any]) -> pd.DataFrame:
    data: dict[str, Any] = {}
    for column in table.columns:
        values = given.get(column.name, _filler(column))
        listed = list(values) if isinstance(values, list | tuple | np.ndarray) else [values] * n
        data[column.name] = pd.Series(listed, dtype=DTYPES[column.kind])
    frame = pd.DataFrame(data)
    if geometry is not None:
        frame = gpd.GeoDataFrame(frame, geometry=np.asarray(geometry, dtype=object), crs="EPSG:28992")
    return conform(table, frame)


@pytest.fixture(scope="session")
def fill() -> Callable[..., pd.DataFrame]:
    """Make rows that keep to a contract, of which only what matters is given."""
    return _fill


@pytest.fixture(scope="session")
def edition() -> Edition:
    return Edition("Twente", PEILDATUM, "20240109T021500Z", VOORBEELD)


def _buildings() -> tuple[np.ndarray, np.ndarray]:
    """Thirteen rows of four 8 by 10 m houses, 25 m apart; one row for each label, one without, one of sheds."""
    row, column = np.divmod(np.arange(52), 4)
    x, y = X0 + 60 + 70 * column, Y0 + 20 + 25 * row
    return shapely.box(x, y, x + 12, y + 14), np.column_stack((x + 6, y + 7))


def _building_layer(boxes: np.ndarray) -> pd.DataFrame:
    labels = [*np.repeat(LABELS, 4), *[None] * 8]
    home = np.arange(52) < 48
    holed = shapely.difference(boxes, shapely.buffer(shapely.centroid(boxes), 2, quad_segs=1))
    score = np.where(np.arange(52) < 44, np.repeat(np.linspace(5, 95, 13), 4), np.nan)
    return _fill(
        PAND,
        52,
        np.where(np.arange(52) % 5 == 0, holed, boxes),
        {
            "pand_id": [f"0153100000{i:06d}" for i in range(52)],
            "bouwjaar": [None if i % 9 == 0 else 1930 + i for i in range(52)],
            "status": "Pand in gebruik",
            "heeft_woning": home,
            "n_woningen": home.astype(int),
            "label_slechtste": labels,
            "label_beste": labels,
            "aandeel_efg": np.where(np.arange(52) < 44, 100.0 * np.isin(labels, ["E", "F", "G"]), np.nan),
            "score_energie": score,
            "score_levensloop": score[::-1],
            "score_prioriteit": score,
            "aandeel_geschat": np.where(np.arange(52) % 3 == 0, 100.0, 0.0),
            "bouwperiode": [*np.repeat(PERIODS, 6), *["onbekend"] * 4],
            "kwadrant": "beide urgent",
        },
    )


def _home_layer(points: np.ndarray) -> pd.DataFrame:
    status = np.array(["geldig"] * 44 + ["verlopen", "geschat", "geschat", "geen"])
    return _fill(
        VERBLIJFSOBJECT,
        48,
        shapely.points(points[:48]),
        {
            "vbo_id": [f"0153010000{i:06d}" for i in range(48)],
            "pand_id": [f"0153100000{i:06d}" for i in range(48)],
            "adres": [f"Marktstraat {i + 1}" for i in range(48)],
            "energielabel": [*np.repeat(LABELS, 4), *[None] * 4],
            "label_verlopen": [*[None] * 44, "F", None, None, None],
            "label_status": status,
            "score_bron": np.select([status == "geldig", status == "geen"], ["geregistreerd", "onbekend"], status),
            "score_prioriteit": np.where(status == "geen", np.nan, np.linspace(0, 100, 48)),
            "bewijsgraad": [*np.resize(BEWIJSGRADEN, 47), "X_onbekend"],
            "label_verwacht": [*np.resize(LABELKLASSEN, 47), None],
            "levensloop_klasse": np.resize(LEVENSLOOP_KLASSEN, 48),
            "levensloop_reden": "EEN_LAAG, UITBOUW_PAST",
            "kwadrant": np.resize(KWADRANTEN, 48),
        },
    )


def _areas() -> dict[str, pd.DataFrame]:
    west, east = shapely.box(X0, Y0, X0 + 200, Y0 + 400), shapely.box(X0 + 200, Y0, X0 + 400, Y0 + 400)
    quarters = [shapely.box(X0 + dx, Y0 + dy, X0 + dx + 200, Y0 + dy + 200) for dx in (0, 200) for dy in (0, 200)]
    scores = {"score_prioriteit": [35.0, 45.5, None, 72.25], "rang": [3, 2, None, 1]}
    scores |= {"score_energie": [30.0, 59.0, None, 85.0], "score_levensloop": [80.0, 50.0, 40.0, 66.0]}
    scores |= {"stabiel": ["ja", "nee", None, "ja"], "label_dekking": [10.0, 45.0, None, 90.0]}
    codes = ["GM0153", "GM0153", "GM0164", "GM0164"]
    names = ["Enschede", "Enschede", "Hengelo", "Hengelo"]
    common = {"gemeente_code": codes, "gemeente_naam": names, **scores}
    wijk = {"code": ["WK015300", "WK015301", "WK016400", "WK016401"], "naam": ["Noord", "Zuid", "Oost", "West"]}
    buurt = {"code": ["BU01530000", "BU01530100", "BU01640000", "BU01640100"], "wijk_code": wijk["code"]}
    return {
        "gemeente": _fill(
            GEMEENTE,
            2,
            [west, east],
            {"code": ["GM0153", "GM0164"], "naam": ["Enschede", "Hengelo"], "score_prioriteit": [40.0, 72.25]},
        ),
        "wijk": _fill(WIJK, 4, quarters, {**wijk, **common}),
        "buurt": _fill(BUURT, 4, quarters, {**buurt, "naam": ["De Es", "Veldkamp", "Nijverheid", "Slag"], **common}),
    }


def _cells() -> pd.DataFrame:
    row, column = np.divmod(np.arange(16), 4)
    x, y = X0 + 100 * column, Y0 + 100 * row
    return _fill(
        HECTARE,
        16,
        shapely.box(x, y, x + 100, y + 100),
        {
            "cel_id": [f"E{a // 100}N{b // 100}" for a, b in zip(x, y, strict=True)],
            "score_prioriteit": [*np.linspace(2, 98, 15), None],
            "score_energie": [*np.repeat([30.0, 50.0, 70.0], 5), None],
            "score_levensloop": [*np.resize([20.0, 50.0, 90.0], 15), 50.0],
            "aandeel_geschat": np.resize([0.0, 80.0], 16),
            "gi_teken": np.resize(["hoog", "laag", "geen", "onbekend"], 16),
            "kwadrant": np.resize(KWADRANTEN, 16),
            "n_woningen": 3,
        },
    )


def _priority_areas() -> pd.DataFrame:
    one = shapely.box(X0 + 100, Y0 + 200, X0 + 300, Y0 + 300)
    two = shapely.multipolygons(
        [shapely.box(X0, Y0, X0 + 100, Y0 + 100), shapely.box(X0 + 100, Y0 + 100, X0 + 200, Y0 + 200)]
    )
    return _fill(
        PRIORITEITSGEBIED,
        2,
        [one, two],
        {
            "gebied_id": ["PG-E2501N4702", "PG-E2500N4700"],
            "naam": ["Nijverheid", "De Es"],
            "rang": [1, 2],
            "score_prioriteit": [82.4, 61.5],
            "n_woningen": [40, 18],
            "gemeenten": ["Hengelo, Enschede", "Enschede"],
            "grensoverschrijdend": [True, False],
            "stabiel": ["ja", "nee"],
            "kwadrant": ["beide urgent", "vooral energie"],
            "aandeel_efg_verwacht": [82.0, 44.0],
            "n_moeilijk_aanpasbaar": [12, 3],
            "toelichting": ["Veel woningen met label G.", "Oude woningen."],
        },
    )


def _plain() -> dict[str, pd.DataFrame]:
    return {
        "bron": _fill(BRON, 1, None, {"bron": "BAG", "bestand": "lvbag-extract-nl.zip", "bronhouder": "Kadaster"}),
        "buurt_indicator": _fill(
            BUURT_INTERVAL,
            2,
            None,
            {"indicator": ["aandeel_65plus", "gasverbruik_m3"], "waarde": [17.5, None], "niveau": ["buurt", None]},
        ),
        "gebied_herkomst": _fill(GEBIED_HERKOMST, 1, None, {"gebied_id": "PG-E2500N4700", "relatie": "nieuw"}),
        "koppeling": _fill(KOPPELING, 1, None, {"koppeling": "label_woning"}),
        "koppelverlies": _fill(KOPPELVERLIES, 3, None, {"verlies_id": ["3", "1", "2"]}),
        "wijziging_gebied": _fill(WIJZIGING_GEBIED, 1, None, {"code": "BU01530000"}),
        "run": _fill(RUN, 1, None, {"sleutel": "run_id", "inhoud": "20240109T021500Z"}),
    }


@pytest.fixture(scope="session")
def world() -> dict[str, pd.DataFrame]:
    """Every map layer and most tables of a release; treat as read-only."""
    boxes, points = _buildings()
    parcels = shapely.box(*np.transpose(shapely.bounds(boxes) + np.array([-20, -5, 20, 5])))
    return {
        "prioriteitsgebied": _priority_areas(),
        "hotspot": _fill(
            HOTSPOT,
            2,
            shapely.box([X0, X0 + 200], Y0, [X0 + 100, X0 + 300], Y0 + 100),
            {"hotspot_id": ["energie-250-hoog-a", "energie-250-laag-b"], "teken": ["hoog", "laag"]},
        ),
        **_areas(),
        "hectare": _cells(),
        "perceel": _fill(
            PERCEEL,
            48,
            parcels[:48],
            {
                "perceel_id": [f"1234{i:06d}" for i in range(48)],
                "score_prioriteit": [*np.linspace(0, 100, 44), *[None] * 4],
                "n_woningen": 1,
            },
        ),
        "pand": _building_layer(boxes),
        "verblijfsobject": _home_layer(points),
        "wijziging": _fill(
            WIJZIGING,
            len(OORZAKEN),
            shapely.points(points[: len(OORZAKEN)]),
            {
                "vbo_id": [f"0153010000{i:06d}" for i in range(len(OORZAKEN))],
                "oorzaak": list(OORZAKEN),
                "wat": "label D werd B",
            },
        ),
        **_plain(),
    }


@pytest.fixture(scope="session")
def classes(repository: Path) -> ClassTables:
    return load_classes(repository / "config" / "styles")


@pytest.fixture(scope="session")
def package(
    tmp_path_factory: pytest.TempPathFactory,
    world: dict[str, pd.DataFrame],
    edition: Edition,
    classes: ClassTables,
) -> Path:
    """The world as a release would hold it: styles, dictionary, metadata and project included; treat as read-only."""
    path = tmp_path_factory.mktemp("release") / "twente.gpkg"
    layers = {**world, "data_woordenboek": data_dictionary()}
    write_geopackage(path, layers, edition=edition, styles=all_styles(classes, edition))
    embed(path, told(path), edition.timestamp)
    write_project(path, classes=classes, edition=edition)
    return path


HOSTILE = (
    "<script>alert('x')</script>",
    "[% 6*7 %] [%@run_id%]",
    "' || $CURRENT_DATE(yyyy) || \"code\" \\' %]",
    "Een buitengewoon lange naam die nergens past, met <b>vet</b> & een \n nieuwe regel 東京 " * 3,
)
"""Names that data could hold: markup, QGIS expressions, quotes, and far too much of it."""


@pytest.fixture(scope="session")
def hostile_world(world: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The world with names that nobody should trust."""

    def named(layer: str, *columns: str) -> pd.DataFrame:
        frame = world[layer]
        return frame.assign(**{column: [HOSTILE[i % 4] for i in range(len(frame))] for column in columns})

    changed = {
        "prioriteitsgebied": named("prioriteitsgebied", "naam", "toelichting", "gemeenten"),
        "gemeente": named("gemeente", "naam"),
        "wijk": named("wijk", "naam", "gemeente_naam"),
        "buurt": named("buurt", "naam", "gemeente_naam"),
        "verblijfsobject": named("verblijfsobject", "adres", "woonplaats"),
        "bron": world["bron"].assign(bronhouder=HOSTILE[1]),
    }
    areas = changed["prioriteitsgebied"].assign(gemeenten=", ".join(HOSTILE[:2]))
    return {**world, **changed, "prioriteitsgebied": areas}


@pytest.fixture(scope="session")
def hostile_package(
    tmp_path_factory: pytest.TempPathFactory,
    hostile_world: dict[str, pd.DataFrame],
    edition: Edition,
    classes: ClassTables,
) -> Path:
    """A release with such names; treat as read-only."""
    path = tmp_path_factory.mktemp("hostile") / "twente.gpkg"
    write_geopackage(path, hostile_world, edition=edition, styles=all_styles(classes, edition))
    write_project(path, classes=classes, edition=edition)
    return path


@pytest.fixture(scope="session")
def run_qgis(absent: Callable[[str], None], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, Any]]:
    """Run a script under the Python of QGIS, and read what it told."""
    probe = [SYSTEM_PYTHON, "-c", "import qgis.core"]
    if not Path(SYSTEM_PYTHON).is_file() or subprocess.run(probe, check=False, capture_output=True).returncode:
        absent("PyQGIS is er niet; installeer het pakket python3-qgis")

    def run(script: Path, first: Path, out: Path) -> dict[str, Any]:
        out.mkdir(parents=True, exist_ok=True)
        runtime = tmp_path_factory.mktemp("runtime")
        runtime.chmod(0o700)
        home = str(tmp_path_factory.mktemp("home"))
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(runtime), "HOME": home}
        command = [SYSTEM_PYTHON, str(script), str(first), str(out)]
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True, timeout=900)
        assert done.returncode == 0, done.stderr
        return json.loads((out / "facts.json").read_text(encoding="utf-8"))

    return run


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures go; kept where TWENTEGEO_QGIS_PICTURES says."""
    kept = os.environ.get("TWENTEGEO_QGIS_PICTURES")
    return Path(kept) if kept else tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="session")
def absent() -> Callable[[str], None]:
    """Skip where an outside program is absent; in CI its absence is a failure."""

    def tell(reason: str) -> None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"in CI moet dit er zijn: {reason}")
        pytest.skip(reason)

    return tell
