"""Write the parcels as the download service of the Kadastrale Kaart delivers them: GML v5 in a zip."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from twentegeo.sample.bag_xml import rings
from twentegeo.sample.gazetteer import VILLAGES
from twentegeo.sample.seeds import generator
from twentegeo.sample.zips import streamed, zipped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from twentegeo.sample.settle import Region

HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<kk:DKK xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:gml="http://www.opengis.net/gml/3.2" \
xmlns:oz="http://www.kadaster.nl/schemas/brkkadastralekaart/v5/imkad-onroerendezaak/v20220601" \
xmlns:h="http://www.kadaster.nl/schemas/brkkadastralekaart/v5/imkad-historie/v20220601" \
xmlns:t="http://www.kadaster.nl/schemas/brkkadastralekaart/v5/imkad-typen/v20220601" \
xmlns:ko="http://www.kadaster.nl/schemas/brkkadastralekaart/v5/imkad-kadastraalobject/v20220601" \
xmlns:q="http://www.kadaster.nl/schemas/brkkadastralekaart/v5/imkad-kwaliteit/v20220601" \
xmlns:kk="http://www.kadaster.nl/schemas/brkkadastralekaart/v5/stand/v20220601">
"""

PARCEL: Final = (
    '<kk:perceelMember><oz:Perceel gml:id="NL.IMKAD.KadastraalObject.%s"><ko:identificatie '
    'domein="NL.IMKAD.KadastraalObject">%s</ko:identificatie><oz:historie><h:beginGeldigheid>%s</h:beginGeldigheid>'
    "<h:tijdstipRegistratie>%s</h:tijdstipRegistratie><h:volgnummer>0</h:volgnummer><h:statusHistorie>"
    "<h:StatusHistorie><t:code>G</t:code><t:waarde>Geldig</t:waarde></h:StatusHistorie></h:statusHistorie>"
    "</oz:historie><oz:kadastraleAanduiding><oz:TypeKadastraleAanduiding><oz:kadastraleGemeente>"
    "<oz:KadastraleGemeente><t:code>%s</t:code><t:waarde>%s</t:waarde></oz:KadastraleGemeente>"
    "</oz:kadastraleGemeente><oz:sectie>%s</oz:sectie><oz:perceelnummer>%s</oz:perceelnummer>"
    "<oz:aKRKadastraleGemeenteCode><oz:AKRKadastraleGemeenteCode><t:code>%s</t:code><t:waarde>%s</t:waarde>"
    "</oz:AKRKadastraleGemeenteCode></oz:aKRKadastraleGemeenteCode></oz:TypeKadastraleAanduiding>"
    '</oz:kadastraleAanduiding><oz:begrenzingPerceel><gml:Polygon gml:id="G%s" '
    'srsName="urn:ogc:def:crs:EPSG::28992">%s</gml:Polygon></oz:begrenzingPerceel><oz:kadastraleGrootte>'
    "<oz:TypeOppervlak><oz:waarde>%s</oz:waarde><oz:soortGrootte><oz:SoortGrootte><t:code>%s</t:code>"
    "<t:waarde>%s</t:waarde></oz:SoortGrootte></oz:soortGrootte></oz:TypeOppervlak></oz:kadastraleGrootte>"
    "<oz:perceelnummerRotatie>%.1f</oz:perceelnummerRotatie>%s<oz:plaatscoordinaten>"
    '<gml:Point gml:id="P%s" srsName="urn:ogc:def:crs:EPSG::28992"><gml:pos>%.3f %.3f</gml:pos></gml:Point>'
    "</oz:plaatscoordinaten></oz:Perceel></kk:perceelMember>\n"
)

SHIFT: Final = (
    "<oz:perceelnummerVerschuiving><oz:TypePerceelnummerVerschuiving><oz:deltaX>-1.5</oz:deltaX>"
    "<oz:deltaY>0.8</oz:deltaY></oz:TypePerceelnummerVerschuiving></oz:perceelnummerVerschuiving>"
)

A_PIECE: Final = 10_000

REPEATED: Final = 0.002
"""Share of parcels that come twice, as on the borders of the service's own tiles."""


def write_parcels(path: Path, region: Region, day: date, seed: int) -> dict[str, int]:
    """
    Write ``kadastralekaart_perceel.zip``.

    Parameters
    ----------
    path
        Where to.
    region
        The settled ground.
    day
        Date that the zip's member bears.
    seed
        The sample's seed.

    Returns
    -------
    counts
        features (as written), parcels (distinct), with_hole, repeated.
    """
    rng = generator(seed, 30)
    geometry = shapely.orient_polygons(region.parcels["geometry"].to_numpy(dtype=object))
    n = len(geometry)
    rows = pd.DataFrame(_designations(region, rng)).assign(geometry=geometry)
    rows["id"] = (84_000_000_000_000 + np.cumsum(rng.integers(1, 4, n)) * 10_000).astype(str)
    start = np.datetime64("1995-01-01T08:00:00") + rng.integers(0, 980_000_000, n).astype("timedelta64[s]")
    rows["begin"] = np.datetime_as_string(start).astype(object) + "+01:00"
    rows["shift"] = np.where(rng.random(n) < 0.01, SHIFT, "")
    rows["turn"] = np.round(rng.uniform(-90, 90, n), 1)
    rows["measured"] = rng.random(n) < 0.97
    rows["again"] = False
    rows.loc[rng.choice(n, max(2, int(n * REPEATED)), replace=False), "again"] = True
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zipped([streamed("kadastralekaart_perceel.gml", _pieces(rows))], day))
    holes = int((shapely.get_num_interior_rings(geometry) > 0).sum())
    repeated = int(rows["again"].sum())
    return {"features": n + repeated, "parcels": n, "with_hole": holes, "repeated": repeated}


def _pieces(rows: pd.DataFrame) -> Iterator[bytes]:
    """Write the file in pieces: its head, ten thousand parcels at a time, those that come twice, its end."""
    yield HEAD.encode()
    twice: list[str] = []
    for start in range(0, len(rows), A_PIECE):
        part = rows.iloc[start : start + A_PIECE]
        texts = _parcels(part)
        twice += [_once_more(texts[i]) for i in np.flatnonzero(part["again"])]
        yield "".join(texts).encode()
    yield "".join([*twice, "</kk:DKK>"]).encode()


def _parcels(rows: pd.DataFrame) -> list[str]:
    geometry = rows["geometry"].to_numpy(dtype=object)
    # the schema's pattern knows sizes like 0,3 but its base type, a decimal with a point, refuses them: no size
    # under one square metre can be both real and valid
    size = np.maximum(np.round(shapely.area(geometry)), 1).astype(np.int64)
    seat = shapely.get_coordinates(shapely.point_on_surface(geometry))
    ids, begin, measured = rows["id"].to_list(), rows["begin"].to_list(), rows["measured"].to_numpy(dtype=bool)
    names = [rows[c].to_list() for c in ("code", "name", "section", "number", "akr_code", "akr")]
    columns = [
        ids, ids, begin, begin, *names, ids, rings(geometry, height=False), size.tolist(),
        np.where(measured, "1", "2").tolist(), np.where(measured, "Vastgesteld", "Voorlopig").tolist(),
        rows["turn"].to_list(), rows["shift"].to_list(), ids, seat[:, 0].tolist(), seat[:, 1].tolist(),
    ]  # fmt: skip
    return list(map(PARCEL.__mod__, zip(*columns, strict=True)))


def _once_more(text: str) -> str:
    """Write the same parcel again: the same identification, other gml:ids, as XML wants them unique in a file."""
    head, rest = text.split('">', 1)
    return head + '.1">' + rest.replace('gml:id="G', 'gml:id="H', 1).replace('gml:id="P', 'gml:id="Q', 1)


def _designations(region: Region, rng: np.random.Generator) -> dict[str, list[object]]:
    """Kadastrale gemeente, section and number: old divisions, which do not follow today's municipalities."""
    cells = region.cells
    villages = pd.DataFrame(VILLAGES)
    seats = villages[villages["dwellings"] >= 600]
    x, y = cells["x"].to_numpy()[:, None], cells["y"].to_numpy()[:, None]
    nearest = np.hypot(x - seats["x"].to_numpy() * 100 - 900, y - seats["y"].to_numpy() * 100 + 700).argmin(axis=1)
    town = cells["town"].to_numpy()
    office = nearest * 2 + (~town & (seats["dwellings"].to_numpy()[nearest] > 8000))
    name = seats["name"].to_numpy(dtype=object)[office // 2]
    name = np.where(office % 2 == 1, "Ambt " + name, name)
    section = rng.integers(0, 22, len(cells))
    cell = region.parcels["cell"].to_numpy()
    group = pd.DataFrame({"office": office[cell], "section": section[cell]})
    number = group.groupby(["office", "section"]).cumcount().to_numpy() + 1
    letters = np.array(list("ABCDEFGHIKLMNOPQRSTUVW"), dtype=object)
    over = number // 99_999
    short = np.char.upper(np.char.replace(name.astype(str), " ", "")).astype(object)
    akr = np.array([f"{s[:3]}{o % 10:02d}" for s, o in zip(short, office, strict=True)], dtype=object)
    return {
        "code": (100 + office)[cell].astype(str).tolist(), "name": name[cell].tolist(),
        "section": (letters[section[cell]] + np.where(over > 0, "A", "")).tolist(),
        "number": (number % 99_999 + (number % 99_999 == 0)).astype(str).tolist(),
        "akr_code": (600 + office)[cell].astype(str).tolist(), "akr": akr[cell].tolist(),
    }  # fmt: skip
