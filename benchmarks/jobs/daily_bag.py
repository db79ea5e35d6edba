"""
The daily BAG file of the region: what the services would say of a delivery's state, in the form of bag-light.

What the reader of the extract gives is put in rows as the OGC API has them, and those go the way of a night that asks
the services. The file is read again: it has to say what the extract says.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from benchmarks.inputs import municipalities
from twentegeo.sources import bag
from twentegeo.sources.bag import relation
from twentegeo.sources.bag.archive import discover
from twentegeo.sources.bag.crew import Crew
from twentegeo.sources.bag.current import Day
from twentegeo.sources.bag.dummies import BagParameters
from twentegeo.sources.bag.reader import Reader
from twentegeo.sources.bag.services import as_light
from twentegeo.sources.cbs.online import grounds
from twentegeo.sources.features import FEATURE_ID, WKB, write_layers

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

RULES = BagParameters()
LABEL = "daily BAG of the sample"
TOLD_BY_FILE_ONLY = {"geometrie_hersteld"}
"""A geometry that was repaired comes out whole the second time."""


def main() -> None:
    extract, areas, day, target = sys.argv[1:]
    path, scope = Path(target), bag.BagScope(municipalities=tuple(municipalities()))
    with tempfile.TemporaryDirectory(dir=path.parent) as work:
        read = bag.read(bag.fetch(Path(extract)), scope, bag.Means(Path(work)), RULES)
        tables = {"woonplaats": _towns(Path(extract), Path(work)), **_rows(read)}
        half = path.with_suffix(".half.gpkg")
        layers = as_light(tables, grounds(Path(areas), scope.municipalities), LABEL)
        write_layers(half, layers, date.fromisoformat(day))
        _require_same(read, bag.read(bag.fetch(half), scope, bag.Means(Path(work)), RULES))
    half.replace(path)


def _towns(extract: Path, folder: Path) -> pa.Table:
    """Read the region's woonplaatsen: the tables know their names only."""
    delivery = discover(extract, folder)
    day = relation.delivery_date(delivery)
    held = relation.municipality_of_woonplaats(delivery.relation, day)
    with Crew(1) as crew:
        reader = Reader(delivery, Day(day, day), folder, crew, lambda *_: None, RULES.sliver_area_m2)
        wanted = sorted(code for code, municipality in held.items() if municipality in municipalities())
        reader.leave("wanted", np.array(wanted, dtype=np.int64))
        found = reader.step("WPL")
    if found is None:
        sys.exit(f"{extract}: no woonplaatsen of the region")
    read = found.all()
    read = read.filter(pc.is_valid(read["wkb"])).combine_chunks()
    ids = pc.utf8_lpad(read["id"].cast(pa.string()), 4, "0")
    return pa.table({FEATURE_ID: ids, "identificatie": ids, "woonplaats": read["naam"], WKB: read["wkb"]})


def _rows(read: bag.BagTables) -> dict[str, pa.Table]:
    pand, vbo, main = read.pand, read.verblijfsobject, read.adres[read.adres["is_hoofdadres"]]
    # a filler value stands in the register: the tables have it as empty and flagged
    year = pand["bouwjaar"].mask(pand["bouwjaar_dummy"], RULES.filler_years[-1])
    area = vbo["oppervlakte_m2"].mask(vbo["oppervlakte_dummy"], RULES.filler_areas[-1])
    rows = {
        "pand": _objects(pand, "pand_id", "status", bouwjaar=_whole(year)),
        "verblijfsobject": _objects(
            vbo,
            "vbo_id",
            "vbo_status",
            gebruiksdoel=_text(vbo["gebruiksdoel"]),
            oppervlakte=_whole(area),
            pand_identificatie=_panden(vbo["vbo_id"], read.vbo_pand),
            hoofdadres_identificatie=_text(vbo["nummeraanduiding_id"]),
        ),
        "adres": pa.table(
            {
                "identificatie": _text(main["nummeraanduiding_id"]),
                "openbare_ruimte_naam": _text(main["straat"]),
                "huisnummer": _whole(main["huisnummer"]),
                "huisletter": _text(main["huisletter"]),
                "toevoeging": _text(main["toevoeging"]),
                "postcode": _text(main["postcode"]),
                "woonplaats_naam": _text(main["woonplaats"]),
            }
        ),
    }
    for kind in ("ligplaats", "standplaats"):
        place = read.plaats[read.plaats["plaats_soort"] == kind]
        number = _text(place["nummeraanduiding_id"])
        rows[kind] = _objects(place, "plaats_id", "plaats_status", hoofdadres_identificatie=number)
    return rows


def _objects(frame: gpd.GeoDataFrame, key: str, status: str, **more: pa.Array) -> pa.Table:
    ids = _text(frame[key])
    drawn = pa.array(shapely.to_wkb(frame.geometry.to_numpy()), pa.binary())
    return pa.table({FEATURE_ID: ids, "identificatie": ids, "status": _text(frame[status]), **more, WKB: drawn})


def _panden(vbo_ids: pd.Series, pairs: pd.DataFrame) -> pa.Array:
    """List the panden of each verblijfsobject, the first one first."""
    ordered = pairs.sort_values(["vbo_id", "volgorde"])
    begin = np.searchsorted(ordered["vbo_id"].to_numpy(dtype="U16"), vbo_ids.to_numpy(dtype="U16"))
    offsets = pa.array(np.append(begin, len(ordered)).astype(np.int32))
    return pc.binary_join(pa.ListArray.from_arrays(offsets, _text(ordered["pand_id"])), ",")


def _text(column: pd.Series) -> pa.Array:
    return pa.array(column.astype("str"), pa.string(), from_pandas=True)


def _whole(column: pd.Series) -> pa.Array:
    return pa.array(column.astype("Int64"), pa.int64(), from_pandas=True)


def _require_same(read: bag.BagTables, again: bag.BagTables) -> None:
    main = read.adres[read.adres["is_hoofdadres"]].reset_index(drop=True)
    pairs = {
        "pand": (read.pand, again.pand),
        "verblijfsobject": (read.verblijfsobject, again.verblijfsobject),
        "vbo_pand": (read.vbo_pand, again.vbo_pand),
        "adres": (main, again.adres),
        "plaats": (read.plaats, again.plaats),
    }
    differing = [
        f"{name}.{column}"
        for name, (one, other) in pairs.items()
        for column in one.columns
        if column not in TOLD_BY_FILE_ONLY and not one[column].equals(other[column])
    ]
    if differing:
        sys.exit(f"{LABEL}: says something else than the extract in {', '.join(differing)}")


if __name__ == "__main__":
    main()
