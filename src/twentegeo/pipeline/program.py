"""Which program made a release: marks of its code and figures, and the versions of what it is built on."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyogrio
import pyproj
import shapely

from twentegeo.store import code_fingerprint, fingerprint

if TYPE_CHECKING:
    from twentegeo.figures import Reference

_PACKAGE: Final = Path(__file__).parents[1]
METHOD: Final = (
    "areas",
    "crs.py",
    "indicators",
    "pipeline/assessment.py",
    "pipeline/bag_register.py",
    "pipeline/firmness.py",
    "pipeline/judgement.py",
    "pipeline/layers.py",
    "pipeline/optional_registers.py",
    "pipeline/priority_areas.py",
    "pipeline/registers.py",
    "pipeline/stock.py",
    "pipeline/summing.py",
    "priority",
    "sources",
    "stock",
    "tables",
)
"""Code that decides what the layers say."""

PACKAGES: Final = ("geopandas", "shapely", "pyproj", "pyogrio", "pyarrow", "pandas", "numpy", "polars", "scipy", "lxml")
"""Libraries whose version can move a result."""


def method_of(reference: Reference) -> str:
    """
    Identify the method: the code and the figures that decide what the layers say.

    Parameters
    ----------
    reference
        The figures.

    Returns
    -------
    mark
        32 hexadecimal digits.
    """
    return fingerprint(code_fingerprint([_PACKAGE / room for room in METHOD]), reference.mark)


def mark() -> str:
    """
    Identify the program: what it is written in and by, down to the libraries.

    Returns
    -------
    mark
        32 hexadecimal digits.
    """
    return fingerprint(code_fingerprint([_PACKAGE]), versions())


def versions() -> dict[str, str]:
    """
    Tell which versions computed the result.

    Returns
    -------
    versions
        Name to version: twentegeo, Python, the libraries of :data:`PACKAGES`, and GEOS, PROJ and GDAL as shapely,
        pyproj and pyogrio have them: a system or Conda may bring another one under the same version of the library.
    """
    return {
        "twentegeo": version("twentegeo"),
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
        "GEOS": shapely.geos_version_string,
        "PROJ": pyproj.proj_version_str,
        "GDAL": pyogrio.__gdal_version_string__,
    }
