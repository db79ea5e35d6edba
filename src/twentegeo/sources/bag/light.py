"""
``bag-light.gpkg``: current objects and main addresses only, made to the same tables.

The file names the municipality of every object but the pand; panden follow from their verblijfsobjecten, and from
where they lie. Only the region is read: verblijfsobjecten by attribute, panden by box and by id.
"""

from __future__ import annotations

import logging
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from twentegeo.crs import is_rd_new, require_inside
from twentegeo.errors import SourceChanged, SourceUnavailable, problem
from twentegeo.sources.bag import BagTables, geometry, relation
from twentegeo.sources.bag.assemble import Assembly
from twentegeo.sources.bag.handover import NONE, Outlines
from twentegeo.sources.bag.light_rows import (
    address,
    bounds_of,
    first_of_each,
    four_digits,
    one_per_id,
    raw_wkb,
    read_ids,
    verblijfsobjecten,
    whole,
)
from twentegeo.tables.keys import numbers_among

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import numpy.typing as npt

    from twentegeo.sources.bag import BagScope
    from twentegeo.sources.bag.dummies import BagParameters

logger = logging.getLogger(__name__)

REMEDY: Final = "Gebruik bag-light.gpkg zoals PDOK het aanbiedt, of het BAG-extract"
NEEDED: Final = {
    "pand": ("identificatie", "bouwjaar", "status"),
    "verblijfsobject": (
        *("identificatie", "oppervlakte", "status", "gebruiksdoel", "openbare_ruimte_naam", "huisnummer"),
        *("huisletter", "toevoeging", "postcode", "pand_identificatie"),
        *("nummeraanduiding_hoofdadres_identificatie", "openbare_ruimte_identificatie"),
        *("woonplaats_identificatie", "bronhouder_identificatie"),
    ),
    "woonplaats": ("identificatie", "woonplaats", "bronhouder_identificatie"),
}
PLACES: Final = {"LIG": "ligplaats", "STA": "standplaats"}
ADDRESSED: Final = tuple(
    name for name in NEEDED["verblijfsobject"] if name not in {"oppervlakte", "gebruiksdoel", "pand_identificatie"}
)
AT_ONCE: Final = 500
"""Ids in one query; SQLite's expression depth is 1000."""


def read(path: Path, scope: BagScope, rules: BagParameters, tell: Callable[[str, int, int], None]) -> BagTables:
    """
    Read bag-light.

    Parameters
    ----------
    path
        The GeoPackage.
    scope, rules
        See :func:`twentegeo.sources.bag.read`.
    tell
        Told (stage, done, total).

    Returns
    -------
    tables
        The region's objects; main addresses only.

    Raises
    ------
    SourceUnavailable
        The file is damaged.
    SourceChanged
        A table or column is missing, or another CRS than RD New.
    """
    layers = require_layers(path)
    codes = _codes(path)
    relation.require_codes(path, scope.municipalities, codes.values())
    owned = _where("bronhouder_identificatie", scope.municipalities)
    tell("woonplaatsen", 0, 4)
    towns = _read(path, "woonplaats", NEEDED["woonplaats"], where=owned)
    ids = read_ids(towns["identificatie"])
    held = four_digits(towns["bronhouder_identificatie"])
    place = dict(zip(ids.tolist(), zip(towns["woonplaats"].to_pylist(), held, strict=True), strict=True))
    outlines = Outlines(np.sort(ids), shapely.from_wkb(raw_wkb(towns))[np.argsort(ids, kind="stable")])
    work = Assembly(place, rules, Counter())
    tell("verblijfsobjecten", 1, 4)
    places = {kind: layer for kind, layer in PLACES.items() if layer in layers}
    _take_addressed(path, owned, places, work)
    tell("panden", 3, 4)
    work.make_addressed()
    work.panden(_panden(path, outlines, work.used_panden, rules, work.counts))
    tables = work.tables(scope.reference_date or _changed(path))
    tell("tabellen", 4, 4)
    return tables


def _take_addressed(path: Path, owned: str, places: dict[str, str], work: Assembly) -> None:
    """Read what has an address; streets and numbers are drawn from those rows."""
    rows = {"VBO": one_per_id(_read(path, "verblijfsobject", NEEDED["verblijfsobject"], where=owned))}
    for kind, layer in places.items():
        rows[kind] = _read(path, layer, ADDRESSED, where=owned)
    for kind, table in rows.items():
        rows[kind] = _in_place(table, work)
    everything = pa.concat_tables([address(table) for table in rows.values()])
    work.streets(first_of_each(everything, "openbare_ruimte", {"id": "openbare_ruimte", "naam": "naam"}))
    numbers = first_of_each(everything, "id", {name: name for name in everything.column_names if name != "naam"})
    work.numbers(numbers)
    work.verblijfsobjecten(verblijfsobjecten(rows["VBO"], path))
    work.counts["VBO_objecten"] = rows["VBO"].num_rows
    for kind in places:
        work.counts[f"{kind}_objecten"] = rows[kind].num_rows
        work.plaatsen(kind, _plaatsen(rows[kind], work, path))


# -- reading -------------------------------------------------------------------------------------------------


def _query(path: Path, statement: str) -> Any:
    """Ask the file for one value of its administration."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            return connection.execute(statement).fetchone()[0]
    except sqlite3.OperationalError as error:
        raise SourceChanged(problem(path, "is een SQLite-bestand maar geen GeoPackage", REMEDY)) from error
    except sqlite3.DatabaseError as error:
        raise _damaged(path, "het bestand") from error


def _damaged(path: Path, what: str) -> SourceUnavailable:
    return SourceUnavailable(
        problem(path, f"{what} is afgebroken of beschadigd", "Haal het bestand opnieuw op bij PDOK")
    )


def require_layers(path: Path) -> set[str]:
    """
    Refuse a file that is no bag-light.

    Parameters
    ----------
    path
        The GeoPackage.

    Returns
    -------
    layers
        Names of its layers.

    Raises
    ------
    SourceUnavailable, SourceChanged
        As :func:`read`.
    """
    _query(path, "SELECT count(*) FROM gpkg_contents")
    try:
        layers = {str(name) for name, _ in pyogrio.list_layers(path)}
        for layer, columns in NEEDED.items():
            if layer not in layers:
                raise SourceChanged(problem(path, f"tabel '{layer}' ontbreekt", REMEDY))
            about = pyogrio.read_info(path, layer=layer)
            missing = [name for name in columns if name not in about["fields"]]
            if missing:
                raise SourceChanged(problem(path, f"tabel '{layer}' mist kolom {', '.join(missing)}", REMEDY))
            if not is_rd_new(about["crs"]):
                what = f"tabel '{layer}' staat in {about['crs']} in plaats van RD (EPSG:28992)"
                raise SourceChanged(problem(path, what, REMEDY))
    except (DataSourceError, DataLayerError) as error:
        raise _damaged(path, "het bestand") from error
    return layers


def _codes(path: Path) -> dict[str, str]:
    """List the municipalities that the file holds."""
    _, table = pyogrio.read_arrow(path, layer="woonplaats", columns=["bronhouder_identificatie"], read_geometry=False)
    codes = pc.unique(table["bronhouder_identificatie"]).to_pylist()
    return {code: code.zfill(4) for code in codes if code}


def _read(path: Path, layer: str, columns: Iterable[str], *, where: str | None = None, bbox: Any = None) -> pa.Table:
    try:
        about, table = pyogrio.read_arrow(path, layer=layer, columns=list(columns), where=where, bbox=bbox)
    except (DataSourceError, DataLayerError, RuntimeError, pa.ArrowException) as error:
        raise _damaged(path, f"tabel '{layer}'") from error
    at = table.column_names.index(about["geometry_name"] or "wkb_geometry")
    return table.rename_columns([*table.column_names[:at], "wkb", *table.column_names[at + 1 :]])


def _where(column: str, values: Iterable[str]) -> str:
    quoted = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
    return f"{column} IN ({quoted})"


def _changed(path: Path) -> date:
    """Take the day on which the file was last changed, by its own account."""
    return date.fromisoformat(str(_query(path, "SELECT max(last_change) FROM gpkg_contents"))[:10])


def _in_place(table: pa.Table, work: Assembly) -> pa.Table:
    """Keep what lies in a woonplaats of the region, by id; no address without one."""
    known = np.isin(read_ids(table["woonplaats_identificatie"]), np.array(list(work.place), dtype=np.int64))
    work.counts["zonder_woonplaats"] += int((~known).sum())
    return table.filter(pa.array(known))


def _panden(
    path: Path, outlines: Outlines, used: npt.NDArray[np.int64], rules: BagParameters, counts: Counter[str]
) -> pa.Table | None:
    tables = [_read(path, "pand", NEEDED["pand"], bbox=tuple(outlines.bounds))]
    lacking = used[~numbers_among(used, read_ids(tables[0]["identificatie"]))]
    texts = [str(one).zfill(16) for one in lacking]
    for start in range(0, len(texts), AT_ONCE):
        batch = texts[start : start + AT_ONCE]
        names = [*batch, *(f"NL.IMBAG.Pand.{one}" for one in batch)]
        tables.append(_read(path, "pand", NEEDED["pand"], where=_where("identificatie", names)))
    table = pa.concat_tables(tables)
    ids, rows = np.unique(read_ids(table["identificatie"]), return_index=True)
    counts["PND_dubbel"] += table.num_rows - len(rows)
    table = table.take(pa.array(rows))
    shapes, repaired = geometry.repair(shapely.force_2d(shapely.from_wkb(raw_wkb(table))), rules.sliver_area_m2)
    require_inside(bounds_of(shapes), path, "pand")
    where = np.full(len(ids), NONE, dtype=np.int64)
    is_used = numbers_among(ids, used)
    alone = np.flatnonzero(~is_used & ~shapely.is_missing(shapes))
    where[alone] = outlines.locate(shapely.get_coordinates(geometry.inner_points(shapes[alone])))
    mine = pa.array(is_used | (where != NONE))
    return pa.table(
        {
            "id": pa.array(ids),
            "status": table["status"],
            "woonplaats": pa.array(where),
            "bouwjaar": whole(table["bouwjaar"]),
            "hersteld": pa.array(repaired),
            "wkb": pa.array(shapely.to_wkb(shapes), pa.binary()),
        }
    ).filter(mine)


def _plaatsen(table: pa.Table, work: Assembly, path: Path) -> pa.Table:
    shapes, repaired = geometry.repair(shapely.force_2d(shapely.from_wkb(raw_wkb(table))), work.rules.sliver_area_m2)
    require_inside(bounds_of(shapes), path, "plaats")
    work.counts["plaats_hersteld"] += int(repaired.sum())
    return pa.table(
        {
            "id": pa.array(read_ids(table["identificatie"])),
            "status": table["status"],
            "nummeraanduiding": pa.array(read_ids(table["nummeraanduiding_hoofdadres_identificatie"])),
            "woonplaats": pa.array(read_ids(table["woonplaats_identificatie"])),
            "neven": pa.nulls(table.num_rows, pa.string()),
            "wkb": pa.array(shapely.to_wkb(shapes), pa.binary()),
        }
    )
