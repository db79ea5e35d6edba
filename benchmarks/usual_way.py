"""
The usual way to do the whole night: a script of geopandas and pandas, as many a GIS desk has one.

It reads with ``pyogrio.read_dataframe(use_arrow=True)``, keeps current objects with a pandas filter, joins with
``geopandas.overlay``, ``sjoin`` and ``merge``, scores with ``groupby`` and writes with ``to_file``.

It does less than a night of ours: no street names, no berths and pitches, no panden placed by location (the region
is taken to be the whole delivery), labels by VBO id only, no account of what a join lost, no built-up area, no CBS
figures, no repair, no check of input or output, no dictionary, aliases, styles or map, no content hash, no
intermediate tables for the next night, no priority areas.
"""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from benchmarks.jobs.labels_pandas import newest_valid

GONE_PAND = {
    "Niet gerealiseerd pand",
    "Pand gesloopt",
    "Pand ten onrechte opgevoerd",
    "Bouwvergunning verleend",
    "Bouw gestart",
}
IN_STOCK = {
    "Verblijfsobject in gebruik",
    "Verblijfsobject in gebruik (niet ingemeten)",
    "Verblijfsobject buiten gebruik",
    "Verbouwing verblijfsobject",
}
CLASSES = {"A": 10, "B": 25, "C": 40, "D": 55, "E": 70, "F": 85, "G": 100}
CELL = 100
GFS = """<GMLFeatureClassList><GMLFeatureClass><Name>Perceel</Name><ElementPath>Perceel</ElementPath>
<GeomPropertyDefn><Name>geometry</Name><ElementPath>begrenzingPerceel</ElementPath><Type>3</Type></GeomPropertyDefn>
<SRSName>EPSG:28992</SRSName>
<PropertyDefn><Name>perceel_id</Name><ElementPath>identificatie</ElementPath><Type>String</Type></PropertyDefn>
<PropertyDefn><Name>sectie</Name><ElementPath>kadastraleAanduiding|TypeKadastraleAanduiding|sectie</ElementPath><Type>String</Type></PropertyDefn>
<PropertyDefn><Name>perceelnummer</Name><ElementPath>kadastraleAanduiding|TypeKadastraleAanduiding|perceelnummer</ElementPath><Type>Integer</Type></PropertyDefn>
</GMLFeatureClass></GMLFeatureClassList>"""


def current(kind: str, folder: Path, day: str) -> gpd.GeoDataFrame:
    path = next(folder.glob(f"*{kind}*.zip"))
    rows = pyogrio.read_dataframe(f"/vsizip/{path}", use_arrow=True)
    day_of = pd.Timestamp(day)
    holds = (pd.to_datetime(rows["beginGeldigheid"]) <= day_of) & ~(pd.to_datetime(rows["eindGeldigheid"]) <= day_of)
    for name in ("tijdstipInactief", "tijdstipInactiefLV", "tijdstipNietBagLV"):
        holds &= rows[name].isna()
    rows = rows[holds]
    superseded = rows["eindRegistratie"].notna() | rows["tijdstipEindRegistratieLV"].notna()
    rows = rows.assign(superseded=superseded, id=rows["identificatie"].str.rsplit(".", n=1).str[-1])
    rows = rows.sort_values(["superseded", "voorkomenIdentificatie"], ascending=[True, False])
    return rows.drop_duplicates("id")


def read_parcels(path: Path, folder: Path) -> gpd.GeoDataFrame:
    template = folder / "perceel.gfs"
    template.write_text(GFS, encoding="utf-8")
    # without the template GDAL takes the label point of a parcel for its geometry
    member = zipfile.ZipFile(path).namelist()[0]
    rows = pyogrio.read_dataframe(f"/vsizip/{path}/{member}", use_arrow=True, GFS_TEMPLATE=str(template))
    return rows.drop_duplicates("perceel_id").set_crs(28992, allow_override=True)


def read_dwellings(folder: Path, day: str) -> gpd.GeoDataFrame:
    vbo, num = current("VBO", folder, day), current("NUM", folder, day)
    home = [("woonfunctie" in uses) if uses is not None else False for uses in vbo["gebruiksdoel"]]
    vbo = vbo[np.array(home) & vbo["status"].isin(IN_STOCK)]
    address = num[["id", "postcode", "huisnummer", "huisletter", "huisnummerToevoeging"]]
    vbo = vbo.assign(
        pand_id=vbo["pandRef"].str[0].str.rsplit(".", n=1).str[-1],
        num_id=vbo["hoofdadresNummeraanduidingRef"].str.rsplit(".", n=1).str[-1],
    )
    kept = vbo[["id", "pand_id", "num_id", "oppervlakte", "status", "geometry"]]
    merged = kept.merge(address.rename(columns={"id": "num_id"}), on="num_id", how="left")
    return merged.rename(columns={"id": "vbo_id"})


def scored(homes: gpd.GeoDataFrame, labels: pd.DataFrame, years: pd.Series[Any]) -> gpd.GeoDataFrame:
    homes = homes.merge(labels, on="vbo_id", how="left")
    homes["bouwjaar"] = homes["pand_id"].map(years)
    period = pd.cut(homes["bouwjaar"], [0, 1945, 1965, 1975, 1992, 2006, 3000])
    known = homes["Energieklasse"].str[0].map(CLASSES)
    estimated = known.groupby(period, observed=False).transform("mean")
    homes["score_energie"] = known.fillna(estimated).fillna(50)
    age = ((2026 - homes["bouwjaar"]) / 100 * 100).clip(0, 100).fillna(50)
    homes["score_prioriteit"] = 0.6 * homes["score_energie"] + 0.4 * age
    homes["efg"] = 100.0 * homes["Energieklasse"].isin(["E", "F", "G"])
    return homes


def summary(homes: gpd.GeoDataFrame, by: str) -> pd.DataFrame:
    groups = homes.groupby(by)
    figures = groups[["score_energie", "score_prioriteit", "efg", "bouwjaar"]].mean().round(2)
    told: pd.DataFrame = figures.assign(n_woningen=groups.size()).reset_index()
    return told


def cells(homes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    figures = summary(homes, "cel_id")
    corner = figures["cel_id"].str.split("_", expand=True).astype(float)
    x, y = corner[0] * CELL, corner[1] * CELL
    boxes = gpd.GeoSeries.from_wkt(
        [
            f"POLYGON(({a} {b},{a + CELL} {b},{a + CELL} {b + CELL},{a} {b + CELL},{a} {b}))"
            for a, b in zip(x, y, strict=True)
        ]
    )
    return gpd.GeoDataFrame(figures, geometry=boxes.to_numpy(), crs=28992)


def main() -> None:
    told = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    work = Path(told["scratch"])
    with zipfile.ZipFile(told["bag"]) as outer:
        for name in outer.namelist():
            if any(kind in name for kind in ("PND", "VBO", "NUM")):
                outer.extract(name, work)
    pand = current("PND", work, told["day"])
    pand = pand[~pand["status"].isin(GONE_PAND)].rename(columns={"id": "pand_id"})
    pand = pand[["pand_id", "status", "oorspronkelijkBouwjaar", "geometry"]]
    homes = read_dwellings(work, told["day"])
    perceel = read_parcels(Path(told["parcels"]), work)
    areas = {name: gpd.read_file(told["neighbourhoods"], layer=name) for name in ("buurten", "wijken", "gemeenten")}
    areas = {name: rows[rows["water"] == "NEE"] for name, rows in areas.items()}

    parts = gpd.overlay(pand[["pand_id", "geometry"]], perceel[["perceel_id", "geometry"]], how="intersection")
    best = parts.geometry.area.groupby(parts["pand_id"]).idxmax()
    parcel_of = parts.loc[best].set_index("pand_id")["perceel_id"]

    homes = scored(homes, newest_valid(Path(told["energy_labels"]), told["day"]), years(pand))
    homes["perceel_id"] = homes["pand_id"].map(parcel_of)
    codes = areas["buurten"][["buurtcode", "wijkcode", "gemeentecode", "geometry"]]
    homes = gpd.sjoin(homes, codes, predicate="within", how="left").drop(columns="index_right")
    column, line = homes.geometry.x // CELL, homes.geometry.y // CELL
    homes["cel_id"] = column.astype(int).astype(str) + "_" + line.astype(int).astype(str)

    layers = {
        "verblijfsobject": homes,
        "pand": pand.merge(summary(homes, "pand_id"), on="pand_id", how="left"),
        "perceel": perceel.merge(summary(homes, "perceel_id"), on="perceel_id"),
        "hectare": cells(homes),
    }
    for name, code in (("buurten", "buurtcode"), ("wijken", "wijkcode"), ("gemeenten", "gemeentecode")):
        layers[name] = areas[name][[code, "geometry"]].merge(summary(homes, code), on=code, how="left")
    for name, rows in layers.items():
        rows.to_file(work / "layers.gpkg", layer=name, driver="GPKG")
    counts = {name: len(rows) for name, rows in layers.items()}
    (work / "counts.json").write_text(json.dumps(counts), encoding="utf-8")


def years(pand: gpd.GeoDataFrame) -> pd.Series[Any]:
    known = pand.set_index("pand_id")["oorspronkelijkBouwjaar"].astype(float)
    likely: pd.Series[Any] = known.where(known.between(1006, 2030))
    return likely


if __name__ == "__main__":
    main()
