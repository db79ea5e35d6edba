"""
Coordinates of the BAG to shapely: in bulk where it matters, element by element where it must be.

Panden and verblijfsobjecten come as x y z triplets (z is always 0), the other types as x y pairs; the height is
dropped. Invalid polygons are repaired and counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from lxml import etree

from twentegeo.errors import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from lxml.etree import _Element as Element

    from twentegeo.sources.bag.archive import Member

RD_SUFFIX: Final = "28992"
MIN_RING: Final = 4


def split_numbers(lists: pa.Array) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """
    Read lists of numbers separated by white space.

    Parameters
    ----------
    lists
        Texts, shape (n,).

    Returns
    -------
    numbers
        All numbers one after the other, float64.
    offsets
        Where each list starts, shape (n + 1,).

    Raises
    ------
    pyarrow.ArrowInvalid
        A token is no number.
    """
    tokens = pc.ascii_split_whitespace(pc.ascii_trim_whitespace(lists))
    offsets = tokens.offsets.to_numpy().astype(np.int64)
    numbers = tokens.flatten().cast(pa.float64()).to_numpy()
    return numbers, offsets - offsets[0]


def coordinates(
    lists: pa.Array, dimension: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """
    Read posLists as x and y.

    Parameters
    ----------
    lists
        Texts of posList or pos, shape (n,).
    dimension
        2 or 3 for each list.

    Returns
    -------
    xy
        All points, shape (m, 2), metres in RD New.
    owner
        Index of the list that each point belongs to, shape (m,).

    Raises
    ------
    ValueError
        A list's length is no multiple of its dimension.
    """
    numbers, offsets = split_numbers(lists)
    lengths = np.diff(offsets)
    points, rest = np.divmod(lengths, dimension)
    if rest.any():
        raise ValueError("a posList is cut off")
    owner = np.repeat(np.arange(len(points)), points)
    first = np.concatenate([[0], np.cumsum(points)[:-1]]) if len(points) else np.zeros(0, dtype=np.int64)
    start = offsets[:-1][owner] + (np.arange(len(owner)) - first[owner]) * dimension[owner]
    return np.column_stack([numbers[start], numbers[start + 1]]), owner


def polygons(
    rings: pa.Array, dimension: npt.NDArray[np.int64], holes: pa.Array, of: npt.NDArray[np.int64]
) -> npt.NDArray[Any]:
    """
    Make polygons of posLists, in bulk.

    Parameters
    ----------
    rings
        The exterior posList of each polygon, shape (n,).
    dimension
        2 or 3 for each polygon.
    holes, of
        Interior posLists, and the polygon each belongs to.

    Returns
    -------
    polygons
        Shape (n,); None where a ring is no ring.
    """
    outer = _rings(rings, dimension)
    inner = _rings(holes, dimension[of])
    shell = ~shapely.is_missing(outer)
    inside = ~shapely.is_missing(inner) & shell[of]
    result = np.full(len(outer), None, dtype=object)
    result[shell] = shapely.polygons(outer[shell])
    if inside.any():
        pierced, index = np.unique(of[inside], return_inverse=True)
        result[pierced] = shapely.polygons(outer[pierced], holes=_by_owner(inner[inside], index, len(pierced)))
    return result


def _by_owner(rings: npt.NDArray[Any], owner: npt.NDArray[np.int64], n: int) -> npt.NDArray[Any]:
    """Lay the holes of each polygon in a row, padded with None."""
    order = np.argsort(owner, kind="stable")
    counts = np.bincount(owner, minlength=n)
    column = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    table = np.full((n, int(counts.max())), None, dtype=object)
    table[owner[order], column] = rings[order]
    return table


def _rings(lists: pa.Array, dimension: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
    result = np.full(len(lists), None, dtype=object)
    if not len(lists):
        return result
    xy, owner = coordinates(lists, dimension)
    counts = np.bincount(owner, minlength=len(lists))
    good = counts >= MIN_RING
    if good.all():
        return np.asarray(shapely.linearrings(xy, indices=owner))
    keep = good[owner]
    renumbered = np.cumsum(good) - 1
    result[good] = shapely.linearrings(xy[keep], indices=renumbered[owner[keep]])
    return result


def repair(shapes: npt.NDArray[Any], sliver_area: float) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
    """
    Make invalid polygons valid and keep what is still a surface.

    Parameters
    ----------
    shapes
        Polygons or multipolygons, None allowed, shape (n,).
    sliver_area
        Parts smaller than this are dropped, in m².

    Returns
    -------
    shapes
        Valid polygons; None where nothing of a surface was left.
    repaired
        Where a shape was changed (or lost), shape (n,).
    """
    broken = ~(shapely.is_valid(shapes) | shapely.is_missing(shapes))
    if not broken.any():
        return shapes, broken
    whole = shapely.make_valid(shapes[broken], method="structure")
    parts, owner = shapely.get_parts(whole, return_index=True)
    # a collection may hold multipolygons itself
    parts, nested = shapely.get_parts(parts, return_index=True)
    owner = owner[nested]
    surface = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & (shapely.area(parts) > sliver_area)
    fixed = _collect(parts[surface], owner[surface], len(whole))
    result = shapes.copy()
    result[broken] = fixed
    return result, broken


def _collect(parts: npt.NDArray[Any], owner: npt.NDArray[np.int64], n: int) -> npt.NDArray[Any]:
    """Gather polygons per owner; one alone stays a polygon, none is None."""
    result = np.full(n, None, dtype=object)
    if not len(parts):
        return result
    counts = np.bincount(owner, minlength=n)
    filled = np.flatnonzero(counts)
    # shapely wants numbers without a gap, and some owners have nothing left
    result[filled] = shapely.multipolygons(parts, indices=np.searchsorted(filled, owner))
    single = counts == 1
    result[single] = parts[single[owner]]
    return result


def inner_points(shapes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """
    Give each surface a point that lies in it: its centroid where that does, else a point on it.

    Parameters
    ----------
    shapes
        Valid polygons, shape (n,).

    Returns
    -------
    points
        Shape (n,).
    """
    centres = shapely.centroid(shapes)
    outside = ~shapely.contains(shapes, centres)
    if outside.any():
        centres[outside] = shapely.point_on_surface(shapes[outside])
    return np.asarray(centres)


def from_gml(element: Element, member: Member) -> Any:
    """
    Read any surface or point of the BAG from its GML.

    Parameters
    ----------
    element
        ``Objecten:geometrie``.
    member
        Where it came from, for messages.

    Returns
    -------
    shape
        Point, Polygon or MultiPolygon in two dimensions; None where there is nothing that can be one.

    Raises
    ------
    SourceChanged
        Another coordinate system than RD New.
    """
    for part in element.iter(tag=etree.Element):
        name = part.get("srsName")
        if name is not None and not name.endswith(RD_SUFFIX):
            raise SourceChanged(
                member.complaint(
                    f"heeft geometrie in {name} in plaats van RD (EPSG:28992)", "Lever de BAG in EPSG:28992"
                )
            )
    polygons_found = [
        shape for part in element.iter("{*}Polygon", "{*}PolygonPatch") if (shape := _polygon(part)) is not None
    ]
    if polygons_found:
        return polygons_found[0] if len(polygons_found) == 1 else shapely.multipolygons(polygons_found)
    point = next(element.iter("{*}pos"), None)
    if point is None or next(element.iter("{*}Point"), None) is None:
        return None
    numbers = _numbers([point])
    return shapely.points(numbers[:2]) if len(numbers) > 1 else None


def _polygon(element: Element) -> Any:
    rings = [[_ring(ring) for ring in element.iterchildren(f"{{*}}{side}")] for side in ("exterior", "interior")]
    shells = [ring for ring in rings[0] if ring is not None]
    if not shells:
        return None
    return shapely.polygons(shells[0], holes=[ring for ring in rings[1] if ring is not None] or None)


def _ring(element: Element) -> Any:
    holders = list(element.iter("{*}posList", "{*}pos"))
    numbers = _numbers(holders)
    size = _dimension(holders[0] if holders else element)
    if size not in {2, 3} or len(numbers) % size or len(numbers) // size < MIN_RING:
        return None
    return shapely.linearrings(numbers.reshape(-1, size)[:, :2])


def _numbers(elements: Sequence[Element]) -> npt.NDArray[np.float64]:
    # XPath's string value skips comments inside a list, not what follows them
    texts = [str(element.xpath("string()")) for element in elements]
    return np.array(" ".join(texts).split(), dtype=float)


def _dimension(element: Element) -> int:
    for holder in (element, *element.iterancestors()):
        if (size := holder.get("srsDimension")) is not None:
            return int(size)
        if etree.QName(holder).localname == "geometrie":
            break
    count = element.get("count")
    if count is not None:
        return len(_numbers([element])) // int(count)
    return 2
