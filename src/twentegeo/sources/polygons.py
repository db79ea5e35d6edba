"""Making polygons of register geometry usable: repaired where invalid, and nothing but area kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt


def repair(geometry: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.bool_]]:
    """
    Repair invalid polygons and drop a height.

    Parameters
    ----------
    geometry
        Geometries in any CRS; None and empty ones stay what they are.

    Returns
    -------
    sound
        Same length and order: valid polygons or multipolygons in two dimensions, the polygonal part where a
        repair gave lines as well; None where no area is left.
    repaired
        Which ones were invalid.
    """
    flat = shapely.force_2d(geometry) if shapely.has_z(geometry).any() else geometry.copy()
    repaired = ~shapely.is_valid(flat) & ~shapely.is_missing(flat)
    if repaired.any():
        flat[repaired] = _made_valid(flat[repaired])
    return _areas(flat), repaired


def _made_valid(geometry: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    made = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    # GEOS's structural repair now and then gives parts that share an edge; its older method does not
    still = ~shapely.is_valid(made)
    if still.any():
        made[still] = shapely.make_valid(geometry[still], method="linework")
        made[~shapely.is_valid(made)] = None
    return np.asarray(made, dtype=object)


def _areas(geometry: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    kind = shapely.get_type_id(geometry)
    other = ~np.isin(kind, (3, 6))
    if other.any():
        rows = np.flatnonzero(other)
        parts, owner = shapely.get_parts(geometry[rows], return_index=True)
        is_area = np.isin(shapely.get_type_id(parts), (3, 6))
        geometry[rows] = None
        if is_area.any():
            owners = np.unique(owner[is_area])
            single, inner = shapely.get_parts(parts[is_area], return_index=True)
            geometry[rows[owners]] = shapely.multipolygons(
                single, indices=np.searchsorted(owners, owner[is_area][inner])
            )
    geometry[shapely.is_empty(geometry)] = None
    return geometry
