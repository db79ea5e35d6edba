"""The GeoPackage before independent judges: PDOK's validator and GDAL's own."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

SYSTEM_PYTHON = "/usr/bin/python3"
INSTALL = "maak hem met: sh tests/tools/install_validators.sh"


@pytest.fixture(scope="module")
def pdok(repository: Path, absent: Callable[[str], None]):
    """The command of PDOK's validator."""
    places = [os.environ.get("TWENTEGEO_PDOK_VALIDATOR"), repository / ".venv-pdok/bin/geopackage-validator"]
    found = next((str(place) for place in places if place and Path(place).is_file()), None)
    found = found or shutil.which("geopackage-validator")
    if found is None:
        absent(f"PDOK's geopackage-validator is er niet; {INSTALL}")
    return found


@pytest.fixture(scope="module")
def gdal(absent: Callable[[str], None]):
    """The command of GDAL's validator."""
    command = [SYSTEM_PYTHON, "-m", "osgeo_utils.samples.validate_gpkg"]
    probe = [SYSTEM_PYTHON, "-c", "import osgeo_utils.samples.validate_gpkg"]
    if not Path(SYSTEM_PYTHON).is_file() or subprocess.run(probe, check=False, capture_output=True).returncode:
        absent("python3-gdal is er niet; installeer dat pakket")
    return command


def findings(pdok: str, path: Path) -> list[dict[str, object]]:
    run = subprocess.run(
        [pdok, "validate", "--gpkg-path", str(path)], check=True, capture_output=True, text=True, timeout=120
    )
    report = json.loads(run.stdout)
    assert len(report["validations_executed"]) >= 21
    return report["results"]


@pytest.mark.gdal
def test_pdok_has_nothing_to_say(pdok: str, package: Path):
    assert findings(pdok, package) == []


@pytest.mark.gdal
def test_gdal_has_nothing_to_say(gdal: list[str], package: Path):
    run = subprocess.run(
        [*gdal, "--extra", "--warning-as-error", str(package)], check=False, capture_output=True, text=True
    )

    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.gdal
def test_the_judges_do_judge(pdok: str, gdal: list[str], package: Path, tmp_path: Path):
    """A file without its spatial index and with a wrong registration must not pass."""
    spoiled = tmp_path / "spoiled.gpkg"
    shutil.copy(package, spoiled)
    with closing(sqlite3.connect(spoiled)) as connection:
        connection.execute("DROP TABLE rtree_pand_geom")
        connection.execute("DELETE FROM gpkg_extensions WHERE table_name = 'pand'")
        connection.execute("UPDATE gpkg_geometry_columns SET geometry_type_name = 'POINT' WHERE table_name = 'buurt'")
        connection.commit()

    codes = {str(result["validation_code"]) for result in findings(pdok, spoiled)}
    assert {"RQ9", "RQ15"} <= codes
    assert subprocess.run([*gdal, str(spoiled)], check=False, capture_output=True).returncode != 0
