"""
``bag-light.gpkg``: current objects and main addresses only, made to the same tables.

The file names the municipality of every object but the pand; panden follow from their verblijfsobjecten, and from
where they lie. Only the region is read: verblijfsobjecten by attribute, panden by box and by id.
"""

from __future__ import annotations

import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import shapely

from twentegeo.crs import require_inside
from twentegeo.sources.bag import BagTables, geometry, light_file, relation
from twentegeo.sources.bag.assemble import Assembly
from twentegeo.sources.bag.handover import Outlines
from twentegeo.sources.bag.light_file import NEEDED, read_layer
from twentegeo.sources.bag.light_panden import panden_near, panden_of
from twentegeo.sources.bag.light_rows import (
    address,
    bounds_of,
    decoded,
    first_of_each,
    four_digits,
    one_per_id,
    read_ids,
    verblijfsobjecten,
)
from twentegeo.sources.bag.rows import Picked, rows_where
from twentegeo.tables.numbers import numbers_among

if TYPE_CHECKING:
    from pathlib import Path

    from twentegeo.sources.bag import BagScope, Means
    from twentegeo.sources.bag.dummies import BagParameters

logger = logging.getLogger(__name__)

PLACES: Final = {"LIG": "ligplaats", "STA": "standplaats"}
ADDRESSED: Final = tuple(
    name for name in NEEDED["verblijfsobject"] if name not in {"oppervlakte", "gebruiksdoel", "pand_identificatie"}
)


def read(path: Path, scope: BagScope, rules: BagParameters, means: Means) -> BagTables:
    """
    Read bag-light.

    Parameters
    ----------
    path
        The GeoPackage.
    scope, rules, means
        See :func:`twentegeo.sources.bag.read`.

    Returns
    -------
    tables
        The region's objects; main addresses only.

    Raises
    ------
    SourceUnavailable
        The file is damaged.
    SourceChanged
        A table or column is missing, another CRS than RD New, or coordinates outside the Netherlands.
    """
    layers = light_file.require_layers(path)
    relation.require_codes(path, scope.municipalities, light_file.municipalities(path))
    owned = light_file.among("bronhouder_identificatie", scope.municipalities)
    means.tell("woonplaatsen", 0, 4)
    towns = read_layer(path, "woonplaats", NEEDED["woonplaats"], where=owned)
    ids = read_ids(towns["identificatie"])
    held = four_digits(towns["bronhouder_identificatie"])
    place = dict(zip(ids.tolist(), zip(towns["woonplaats"].to_pylist(), held, strict=True), strict=True))
    outlines = Outlines(np.sort(ids), decoded(towns["wkb"])[np.argsort(ids, kind="stable")])
    work = Assembly(place, rules, Counter())
    places = {kind: layer for kind, layer in PLACES.items() if layer in layers}
    # one thread: the second task begins when the first has ended
    with ThreadPoolExecutor(1, thread_name_prefix="panden") as beside:
        near = beside.submit(lambda: panden_near(path, outlines, rules.sliver_area_m2, means.published()))
        means.tell("verblijfsobjecten", 1, 4)
        _take_addressed(path, owned, places, work)
        means.tell("panden", 3, 4)
        used = work.used_panden
        begun = beside.submit(lambda: panden_of(path, near.result(), used, outlines, rules.sliver_area_m2))
        work.make_addressed()
        panden = begun.result()
    work.counts["PND_dubbel"] += panden.doubles
    work.panden(Picked.of(panden.rows), panden.drawn)
    tables = work.tables(scope.reference_date or light_file.changed(path))
    means.tell("tabellen", 4, 4)
    return tables


def _take_addressed(path: Path, owned: str, places: dict[str, str], work: Assembly) -> None:
    """Read what has an address; streets and numbers are drawn from those rows."""
    rows = {"VBO": one_per_id(read_layer(path, "verblijfsobject", NEEDED["verblijfsobject"], where=owned))}
    for kind, layer in places.items():
        rows[kind] = read_layer(path, layer, ADDRESSED, where=owned)
    for kind, table in rows.items():
        rows[kind] = _in_place(table, work)
    everything = pa.concat_tables([address(table) for table in rows.values()])
    work.streets(Picked.of(first_of_each(everything, "openbare_ruimte", {"id": "openbare_ruimte", "naam": "naam"})))
    numbers = first_of_each(everything, "id", {name: name for name in everything.column_names if name != "naam"})
    work.numbers(Picked.of(numbers))
    work.verblijfsobjecten(Picked.of(verblijfsobjecten(rows["VBO"], path)))
    work.counts["VBO_objecten"] = rows["VBO"].num_rows
    for kind in places:
        work.counts[f"{kind}_objecten"] = rows[kind].num_rows
        work.plaatsen(kind, Picked.of(_plaatsen(rows[kind], work, path)))


def _in_place(table: pa.Table, work: Assembly) -> pa.Table:
    """Keep what lies in a woonplaats of the region, by id; no address without one."""
    known = numbers_among(read_ids(table["woonplaats_identificatie"]), np.array(list(work.place), dtype=np.int64))
    work.counts["zonder_woonplaats"] += int((~known).sum())
    return rows_where(table, known)


def _plaatsen(table: pa.Table, work: Assembly, path: Path) -> pa.Table:
    shapes, repaired = geometry.repair(decoded(table["wkb"]), work.rules.sliver_area_m2)
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
