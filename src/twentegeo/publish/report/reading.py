"""What the report needs of the layers, read from a release that exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyogrio

from twentegeo.errors import ReleaseError, problem

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

LAYERS: Final = ("verblijfsobject", "hectare", "buurt", "wijk", "gemeente", "prioriteitsgebied", "gebied_herkomst")
SHAPED: Final = ("buurt", "gemeente", "prioriteitsgebied")
"""Layers that are drawn; of the others the geometry is not read."""


def read_layers(package: Path) -> dict[str, pd.DataFrame]:
    """
    Read the layers that the report is about.

    Parameters
    ----------
    package
        The GeoPackage of a release.

    Returns
    -------
    layers
        Frames by name; a layer that the release left out is absent.

    Raises
    ------
    ReleaseError
        The file cannot be read.
    """
    try:
        there = {str(name) for name in pyogrio.list_layers(package)[:, 0]}
        return {
            name: pyogrio.read_dataframe(package, layer=name, use_arrow=True, read_geometry=name in SHAPED)
            for name in LAYERS
            if name in there
        }
    except pyogrio.errors.DataSourceError as error:
        raise ReleaseError(problem(package, f"niet te lezen: {error}", "Maak de release opnieuw")) from error
