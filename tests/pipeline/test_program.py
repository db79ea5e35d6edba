"""Whatever can move a result is part of the mark of the program that made it."""

from __future__ import annotations

from typing import Any

import pyogrio
import pyproj
import pytest
import shapely

from twentegeo.pipeline import program


@pytest.mark.parametrize(
    ("library", "attribute"),
    [(shapely, "geos_version_string"), (pyproj, "proj_version_str"), (pyogrio, "__gdal_version_string__")],
    ids=["GEOS", "PROJ", "GDAL"],
)
def test_another_library_in_c_is_another_program(monkeypatch: pytest.MonkeyPatch, library: Any, attribute: str) -> None:
    """Debian's shapely and that of PyPI may be of one version and rest on two versions of GEOS."""
    before = program.mark()
    monkeypatch.setattr(library, attribute, "0.0.1")
    assert "0.0.1" in program.versions().values()
    assert program.mark() != before
