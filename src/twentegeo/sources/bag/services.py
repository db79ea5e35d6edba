"""
What the BAG's services give, put in the form of bag-light.

The services tell less than the file does: the OGC API keeps the address apart and names a pand by an id of its own,
the WFS names no woonplaats, street or nummeraanduiding by id, neither names the municipality. The name in its address,
or else where it lies, decides the woonplaats of an object, and where a woonplaats lies its municipality. Ids of streets
(and, with the WFS, of nummeraanduidingen) are made up, for this one file; nothing that is published bears them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from twentegeo.sources.features import FEATURE_ID, WKB, column_named
from twentegeo.sources.headers import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

OGC_COLLECTIONS: Final = ("woonplaats", "pand", "verblijfsobject", "adres", "ligplaats", "standplaats")
"""Collections of the OGC API."""

WFS_TYPES: Final = ("woonplaats", "pand", "verblijfsobject", "ligplaats", "standplaats")
"""Feature types of the WFS, which has the address with the object."""

NEEDED: Final = frozenset({"woonplaats", "pand", "verblijfsobject"})
"""Kinds without which there is no BAG."""

_PLACES: Final = ("ligplaats", "standplaats")
_ALIASES: Final = {
    "status": ("status",),
    "gebruiksdoel": ("gebruiksdoel",),
    "oppervlakte": ("oppervlakte",),
    "huisnummer": ("huisnummer",),
    "huisletter": ("huisletter",),
    "toevoeging": ("toevoeging", "huisnummertoevoeging"),
    "postcode": ("postcode",),
    "openbare_ruimte_naam": ("openbareruimtenaam", "openbareruimte"),
    "woonplaats_naam": ("woonplaatsnaam", "woonplaats"),
    "pand_identificatie": ("pandidentificatie", "pandhref"),
    "nummeraanduiding_hoofdadres_identificatie": (
        "nummeraanduidinghoofdadresidentificatie",
        "hoofdadresidentificatie",
    ),
}
_ADDRESS: Final = ("openbare_ruimte_naam", "huisnummer", "huisletter", "toevoeging", "postcode", "woonplaats_naam")
_WHOLE: Final = ("oppervlakte", "huisnummer")
_NOWHERE: Final = -1

Layers = dict[str, tuple[pa.Table, str]]


def as_light(tables: Mapping[str, pa.Table], grounds: Mapping[str, shapely.Geometry], label: str) -> Layers:
    """
    Put the objects of a region in the form of bag-light.

    Parameters
    ----------
    tables
        Rows of the services by kind, as :func:`twentegeo.sources.sweep.sweep` gives them; ``adres`` where the address
        stands apart.
    grounds
        Ground of each municipality of the region, RD New, by its four digits.
    label
        The service, for messages.

    Returns
    -------
    layers
        ``woonplaats``, ``pand``, ``verblijfsobject`` and, where there are, ``ligplaats`` and ``standplaats``, each with
        its geometry type; rows sorted by id. Objects outside the region's woonplaatsen are left out, panden are not:
        the reader decides by the objects in them and by where they stand.

    Raises
    ------
    SourceChanged
        A column is missing.
    """
    towns = _towns(tables["woonplaats"], grounds, label)
    streets = _Streets()
    vbo = _addressed(_objects(tables["verblijfsobject"], label), tables.get("adres"), label)
    vbo = vbo.set_column(
        vbo.column_names.index("pand_identificatie"), "pand_identificatie", _panden(vbo, tables["pand"], label)
    )
    layers: Layers = {
        "woonplaats": (towns, "MultiPolygon"),
        "pand": (_pand(tables["pand"], label), "Unknown"),
        "verblijfsobject": (streets.placed(vbo, towns), "Point"),
    }
    for kind in _PLACES:
        rows = tables.get(kind)
        if rows is not None and rows.num_rows:
            addressed = _addressed(_objects(rows, label), tables.get("adres"), label)
            layers[kind] = (streets.placed(addressed, towns).drop_columns(["oppervlakte"]), "Unknown")
    return layers


def _towns(table: pa.Table, grounds: Mapping[str, shapely.Geometry], label: str) -> pa.Table:
    """Keep the woonplaatsen that lie in the region, each with its municipality."""
    shapes = shapely.from_wkb(_bytes(table))
    inside = shapely.point_on_surface(shapely.make_valid(shapes))
    codes = list(grounds)
    tree = shapely.STRtree([grounds[code] for code in codes])
    town, ground = tree.query(inside, predicate="intersects")
    place = np.full(len(shapes), _NOWHERE)
    place[town[::-1]] = ground[::-1]
    owner = pa.array([codes[one] if one != _NOWHERE else None for one in place.tolist()], pa.string())
    name = column_named(table, ("woonplaats", "naam", "woonplaatsnaam"), label)
    towns = pa.table(
        {
            "identificatie": pc.utf8_slice_codeunits(_text(table, "identificatie", label), -4),
            "woonplaats": table[name],
            "bronhouder_identificatie": owner,
            WKB: pa.array(shapely.to_wkb(_multi(shapes)).tolist(), pa.binary()),
        }
    )
    return towns.filter(pc.is_valid(owner))


def _pand(table: pa.Table, label: str) -> pa.Table:
    year = column_named(table, ("bouwjaar", "oorspronkelijkbouwjaar"), label)
    return pa.table(
        {
            "identificatie": _text(table, "identificatie", label),
            "bouwjaar": _whole(table[year]),
            "status": table[column_named(table, ("status",), label)],
            WKB: table[WKB],
        }
    )


def _objects(table: pa.Table, label: str) -> pa.Table:
    """Take the wanted columns of what has an address; those that the service lacks are null."""
    spelled = {plain(name): name for name in reversed(table.column_names)}
    columns = {"identificatie": _text(table, "identificatie", label)}
    for wanted, spellings in _ALIASES.items():
        found = next((spelled[one] for one in spellings if one in spelled), None)
        columns[wanted] = table[found] if found else pa.nulls(table.num_rows, pa.string())
    column_named(table, _ALIASES["status"], label)
    return pa.table({**columns, WKB: table[WKB]})


def _addressed(objects: pa.Table, addresses: pa.Table | None, label: str) -> pa.Table:
    """Give each object its main address: from the collection of addresses where there is one."""
    number = "nummeraanduiding_hoofdadres_identificatie"
    if addresses is not None and addresses.num_rows:
        spelled = {plain(name): name for name in reversed(addresses.column_names)}
        ids = _text(addresses, "identificatie", label)
        found = {name: next((spelled[one] for one in _ALIASES[name] if one in spelled), None) for name in _ADDRESS}
        place = pc.index_in(objects[number], ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids)
        for name, column in found.items():
            if column is not None:
                at = objects.column_names.index(name)
                objects = objects.set_column(at, name, addresses[column].take(place))
    else:
        # gggg01… becomes gggg20…: one of its own for each object
        made = pc.binary_replace_slice(objects["identificatie"].cast(pa.string()), 4, 6, "20")
        at = objects.column_names.index(number)
        objects = objects.set_column(at, number, pc.if_else(pc.is_valid(objects[number]), objects[number], made))
    column_named(
        objects.select([name for name in objects.column_names if objects[name].null_count < objects.num_rows]),
        ("openbareruimtenaam",),
        label,
    )
    for name in _WHOLE:
        objects = objects.set_column(objects.column_names.index(name), name, _whole(objects[name]))
    return objects


def _panden(objects: pa.Table, panden: pa.Table, label: str) -> pa.Array:
    """Name panden by their BAG id; the OGC API names them by the address of a feature."""
    named = pc.split_pattern(pc.fill_null(objects["pand_identificatie"].combine_chunks(), ""), ",")
    parts = pc.utf8_trim_whitespace(named.flatten())
    for pattern in (r"[?].*$", r"/+$", r"^.*/"):
        parts = pc.replace_substring_regex(parts, pattern, "")
    place = pc.index_in(parts, value_set=panden[FEATURE_ID].combine_chunks(), skip_nulls=True)
    by_feature = _text(panden, "identificatie", label).combine_chunks().take(place)
    known = pc.if_else(pc.ascii_is_decimal(parts), parts, by_feature)
    counted = np.concatenate([[0], np.cumsum(pc.is_valid(known).to_numpy(zero_copy_only=False))])
    offsets = pa.array(counted[named.offsets.to_numpy()].astype(np.int32))
    joined = pc.binary_join(pa.ListArray.from_arrays(offsets, known.drop_null()), ",")
    return pc.if_else(pc.greater(pc.binary_length(joined), 0), joined, None)


class _Streets:
    """Numbers streets as they come, so that all kinds of objects share them."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}

    def placed(self, objects: pa.Table, towns: pa.Table) -> pa.Table:
        """Give objects their woonplaats, municipality and street; those outside are left out."""
        place = _place(objects, towns)
        inside = pa.array(place != _NOWHERE)
        kept = objects.filter(inside)
        where = pa.array(place[place != _NOWHERE])
        town_ids = towns["identificatie"].take(where)
        owners = towns["bronhouder_identificatie"].take(where)
        return (
            kept.append_column("woonplaats_identificatie", town_ids)
            .append_column("bronhouder_identificatie", owners)
            .append_column(
                "openbare_ruimte_identificatie",
                self._numbered(kept["openbare_ruimte_naam"], town_ids, towns),
            )
        )

    def _numbered(self, names: pa.ChunkedArray, town_ids: pa.ChunkedArray, towns: pa.Table) -> pa.Array:
        coded = pc.binary_join_element_wise(town_ids, pc.fill_null(names, ""), "/").combine_chunks().dictionary_encode()
        streets = coded.dictionary.to_pylist()
        owner_of = dict(
            zip(towns["identificatie"].to_pylist(), towns["bronhouder_identificatie"].to_pylist(), strict=True)
        )
        for street in sorted(set(streets) - set(self._ids)):
            self._ids[street] = f"{owner_of[street.partition('/')[0]]}30{len(self._ids) + 1:010d}"
        return pa.array([self._ids[street] for street in streets], pa.string()).take(coded.indices)


def _place(objects: pa.Table, towns: pa.Table) -> npt.NDArray[np.int64]:
    """
    Find the woonplaats of each object, as a row of `towns`; -1 outside the region.

    By the name that its address gives, since an address can belong to a woonplaats that its object does not lie in;
    by where it lies when there is no name, or when two woonplaatsen of the region share it.
    """
    names = towns["woonplaats"].to_pylist()
    known = {name: row for row, name in enumerate(names) if name and names.count(name) == 1}
    given = objects["woonplaats_naam"].combine_chunks()
    row = pc.index_in(given, value_set=pa.array(list(known), given.type), skip_nulls=True)
    place = np.append(np.array(list(known.values()), dtype=np.int64), _NOWHERE)[
        pc.fill_null(row, len(known)).to_numpy()
    ]
    several = pa.array({name for name in names if name not in known}, given.type)
    unsure = pc.or_(pc.equal(pc.fill_null(given, ""), ""), pc.is_in(given, value_set=several, skip_nulls=True))
    at = np.flatnonzero(unsure.to_numpy(zero_copy_only=False))
    place[at] = _NOWHERE
    inside = shapely.point_on_surface(shapely.from_wkb(_bytes(objects)[at]))
    # the few towns are asked of the many points, so that GEOS prepares the towns
    town, item = shapely.STRtree(inside).query(shapely.from_wkb(_bytes(towns)), predicate="intersects")
    backwards = np.lexsort((-town, item))
    place[at[item[backwards]]] = town[backwards]
    return np.asarray(place)


def _text(table: pa.Table, name: str, label: str) -> pa.ChunkedArray:
    return table[column_named(table, (name,), label)]


def _whole(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Read whole numbers; what is none is null."""
    bare = pc.replace_substring_regex(pc.utf8_trim_whitespace(column.cast(pa.string())), r"\.0$", "")
    return pc.if_else(pc.match_substring_regex(bare, r"^\d{1,9}$"), bare, None).cast(pa.int64())


def _multi(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    return np.array([shapely.multipolygons(shapely.get_parts(one)) for one in shapes], dtype=object)


def _bytes(table: pa.Table) -> npt.NDArray[np.object_]:
    return np.asarray(table[WKB].to_numpy(zero_copy_only=False), dtype=object)
