"""
The made-up region as services: a GeoPackage in the columns of PDOK's services, and the settings of the servers.

What the services cannot know (history, secondary addresses) is not in it; what they say, they say in their own words:
a pand as the address of a feature, the address of a dwelling in a collection of its own.
"""

from __future__ import annotations

import tempfile
import uuid
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import yaml

from twentegeo.sample import SampleFiles
from twentegeo.sources import bag, cadastre

HREF = "https://api.pdok.nl/kadaster/bag/ogc/v2/collections/pand/items/"
COLLECTIONS = ("pand", "verblijfsobject", "adres", "woonplaats", "ligplaats", "standplaats", "perceel")


def read_bag(sample: SampleFiles, municipalities: tuple[str, ...], work: Path) -> bag.BagTables:
    return bag.read(bag.fetch(sample.bag), bag.BagScope(municipalities), bag.Means(work, workers=1))


def write_services(path: Path, sample: SampleFiles, read: bag.BagTables, work: Path) -> None:
    """Write the tables of all services in one GeoPackage."""
    for name, table in {**bag_layers(read), "woonplaats": towns(sample, work), "perceel": parcels(sample)}.items():
        geometry = isinstance(table, gpd.GeoDataFrame)
        pyogrio.write_dataframe(
            table, path, layer=name, driver="GPKG", append=path.exists(), layer_options={"FID": "fid"}
        ) if geometry else pyogrio.write_dataframe(table, path, layer=name, driver="GPKG", append=path.exists())


def bag_layers(read: bag.BagTables) -> dict[str, Any]:
    feature = {one: str(uuid.uuid5(uuid.NAMESPACE_URL, one)) for one in read.pand["pand_id"]}
    pand = gpd.GeoDataFrame(
        {
            "uuid": read.pand["pand_id"].map(feature),
            "identificatie": read.pand["pand_id"],
            # what the reader takes for unknown was a filler in the register
            "bouwjaar": read.pand["bouwjaar"].fillna(9999).astype("int64"),
            "status": read.pand["status"],
        },
        geometry=read.pand.geometry,
        crs="EPSG:28992",
    )
    homes = read.verblijfsobject
    pairs = read.vbo_pand.sort_values(["vbo_id", "volgorde"])
    hrefs = (HREF + pairs["pand_id"].map(feature)).groupby(pairs["vbo_id"]).agg(",".join)
    plain = pairs.groupby("vbo_id")["pand_id"].agg(",".join)
    main = read.adres[read.adres["is_hoofdadres"]].set_index("object_id")
    verblijfsobject = gpd.GeoDataFrame(
        {
            "identificatie": homes["vbo_id"],
            "status": homes["vbo_status"],
            "gebruiksdoel": homes["gebruiksdoel"],
            "oppervlakte": homes["oppervlakte_m2"].fillna(999999).astype("int64"),
            "hoofdadres_identificatie": homes["nummeraanduiding_id"],
            "pand_href": homes["vbo_id"].map(hrefs),
            **address(main, homes["vbo_id"]),
            "pandidentificatie": homes["vbo_id"].map(plain).to_numpy(),
        },
        geometry=homes.geometry,
        crs="EPSG:28992",
    )
    where = pd.concat([homes.set_index("vbo_id").geometry, read.plaats.set_index("plaats_id").geometry.centroid])
    adres = gpd.GeoDataFrame(
        {
            "identificatie": main["nummeraanduiding_id"].to_numpy(),
            "adresseerbaar_object_identificatie": main.index,
            "openbare_ruimte_naam": main["straat"].to_numpy(),
            "huisnummer": main["huisnummer"].astype(str).to_numpy(),
            "huisletter": main["huisletter"].to_numpy(),
            "toevoeging": main["toevoeging"].to_numpy(),
            "postcode": main["postcode"].to_numpy(),
            "woonplaats_naam": main["woonplaats"].to_numpy(),
        },
        geometry=where.reindex(main.index).to_numpy(),
        crs="EPSG:28992",
    )
    layers: dict[str, Any] = {"pand": pand, "verblijfsobject": verblijfsobject, "adres": adres}
    for kind, places in read.plaats.groupby("plaats_soort"):
        layers[str(kind)] = gpd.GeoDataFrame(
            {
                "identificatie": places["plaats_id"],
                "status": places["plaats_status"],
                "hoofdadres_identificatie": places["nummeraanduiding_id"],
                **address(main, places["plaats_id"]),
            },
            geometry=places.geometry,
            crs="EPSG:28992",
        )
    return layers


def address(main: pd.DataFrame, ids: pd.Series) -> dict[str, Any]:  # type: ignore[type-arg]
    """The WFS has the address with the object."""
    found = main.reindex(ids)
    return {
        "openbare_ruimte": found["straat"].to_numpy(),
        "huisnummer": found["huisnummer"].to_numpy(),
        "huisletter": found["huisletter"].fillna("").to_numpy(),
        "toevoeging": found["toevoeging"].fillna("").to_numpy(),
        "postcode": found["postcode"].to_numpy(),
        "woonplaats": found["woonplaats"].to_numpy(),
    }


def towns(sample: SampleFiles, work: Path) -> gpd.GeoDataFrame:
    """Woonplaatsen as GDAL reads them from the extract."""
    with zipfile.ZipFile(sample.bag) as outer, tempfile.TemporaryDirectory(dir=work) as folder:
        inner = next(name for name in outer.namelist() if "WPL" in name and "GEM" not in name)
        outer.extract(inner, folder)
        with zipfile.ZipFile(Path(folder) / inner) as archive:
            archive.extractall(Path(folder) / "wpl")
        frames = [pyogrio.read_dataframe(one) for one in sorted((Path(folder) / "wpl").glob("*.xml"))]
    found = pd.concat(frames, ignore_index=True)
    current = found[found["eindGeldigheid"].isna()]
    identifier = current["identificatie"].str.removeprefix("NL.IMBAG.Woonplaats.")
    return gpd.GeoDataFrame(
        {"identificatie": identifier, "woonplaats": current["naam"], "status": current["status"]},
        geometry=current.geometry,
        crs="EPSG:28992",
    )


def parcels(sample: SampleFiles) -> gpd.GeoDataFrame:
    read = cadastre.read(cadastre.fetch(sample.parcels)).parcels
    akr, section, number = zip(*read["kadastrale_aanduiding"].str.rsplit(" ", n=2), strict=True)
    return gpd.GeoDataFrame(
        {
            "identificatie_lokaal_id": read["perceel_id"],
            "kadastrale_gemeente_waarde": read["kadastrale_gemeente"],
            "sectie": section,
            "perceelnummer": np.array(number, dtype="int64"),
            "akr_kadastrale_gemeente_code_waarde": akr,
            "kadastrale_grootte_waarde": read["perceel_grootte_m2"],
        },
        geometry=read.geometry,
        crs="EPSG:28992",
    )


# -- settings of the servers -----------------------------------------------------------------------------------


def pygeoapi_config(data: Path, areas: Path, page: int) -> str:
    crs = "http://www.opengis.net/def/crs/EPSG/0/28992"

    def resource(name: str, file: Path, identifier: str, table: str) -> dict[str, Any]:
        return {
            "type": "collection",
            "title": name,
            "description": name,
            "keywords": [name],
            "links": [],
            "extents": {"spatial": {"bbox": [3, 50, 8, 54], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
            "providers": [
                {
                    "type": "feature",
                    "name": "SQLiteGPKG",
                    "data": str(file),
                    "id_field": identifier,
                    "table": table,
                    "crs": [crs, "http://www.opengis.net/def/crs/OGC/1.3/CRS84"],
                    "storage_crs": crs,
                }
            ],
        }

    held = {name for name, _ in pyogrio.list_layers(data)}
    resources = {
        name: resource(name, data, "uuid" if name == "pand" else "fid", name) for name in COLLECTIONS if name in held
    }
    resources |= {name: resource(name, areas, "fid", name) for name in ("buurten", "wijken", "gemeenten")}
    config = {
        "server": {
            "bind": {"host": "127.0.0.1", "port": "{port}"},
            "url": "{url}",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["en-US"],
            "limits": {"default_items": page, "max_items": page},
            "map": {"url": "https://example.org", "attribution": "x"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": "x", "description": "x", "keywords": ["x"], "keywords_type": "theme",
                "terms_of_service": "x", "url": "https://example.org",
            },
            "license": {"name": "CC0", "url": "https://example.org"},
            "provider": {"name": "x", "url": "https://example.org"},
            "contact": {"name": "x"},
        },
        "resources": resources,
    }  # fmt: skip
    return yaml.safe_dump(config).replace("'{port}'", "{port}")


def mapfile(data: Path, most: int | None = None) -> str:
    limit = f'"wfs_maxfeatures" "{most}"' if most else ""
    held = dict(pyogrio.list_layers(data))
    layers = "\n".join(
        f"""LAYER
        NAME "{name}" TYPE {"POINT" if kind == "Point" else "POLYGON"} STATUS ON
        CONNECTIONTYPE OGR CONNECTION "{data}" DATA "{name}"
        PROJECTION "init=epsg:28992" END
        METADATA
            "wfs_title" "{name}" "wfs_srs" "EPSG:28992" "gml_include_items" "all" "gml_featureid" "fid"
            "wfs_getfeature_formatlist" "geojson"
        END
        TEMPLATE "x"
    END"""
        for name, kind in held.items()
        if kind
    )
    return f"""MAP
    NAME "bag" STATUS ON SIZE 100 100 EXTENT 0 300000 300000 625000 UNITS METERS
    PROJECTION "init=epsg:28992" END
    OUTPUTFORMAT
        NAME "geojson" DRIVER "OGR/GEOJSON" MIMETYPE "application/json"
        FORMATOPTION "STORAGE=stream" FORMATOPTION "FORM=simple" FORMATOPTION "LCO:COORDINATE_PRECISION=6"
    END
    WEB METADATA
        "wfs_title" "x" "wfs_onlineresource" "http://127.0.0.1/" "wfs_enable_request" "*" "wfs_srs" "EPSG:28992"
        {limit}
    END END
    {layers}
END"""


def sorted_like(one: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    return one.sort_values(key, ignore_index=True)
