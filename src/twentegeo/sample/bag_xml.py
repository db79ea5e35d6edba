"""The elements of a BAG extract, byte for byte in the compact form in which the register delivers them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from datetime import date

    import numpy.typing as npt
    import pandas as pd

    Texts = npt.NDArray[np.object_]

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<sl-bag-extract:bagStand xmlns:DatatypenNEN3610="www.kadaster.nl/schemas/lvbag/imbag/datatypennen3610/v20200601" \
xmlns:Objecten="www.kadaster.nl/schemas/lvbag/imbag/objecten/v20200601" xmlns:gml="http://www.opengis.net/gml/3.2" \
xmlns:Historie="www.kadaster.nl/schemas/lvbag/imbag/historie/v20200601" \
xmlns:Objecten-ref="www.kadaster.nl/schemas/lvbag/imbag/objecten-ref/v20200601" \
xmlns:nen5825="www.kadaster.nl/schemas/lvbag/imbag/nen5825/v20200601" \
xmlns:KenmerkInOnderzoek="www.kadaster.nl/schemas/lvbag/imbag/kenmerkinonderzoek/v20200601" \
xmlns:selecties-extract="http://www.kadaster.nl/schemas/lvbag/extract-selecties/v20200601" \
xmlns:sl-bag-extract="http://www.kadaster.nl/schemas/lvbag/extract-deelbestand-lvc/v20200601" \
xmlns:sl="http://www.kadaster.nl/schemas/standlevering-generiek/1.0" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema" \
xsi:schemaLocation="http://www.kadaster.nl/schemas/lvbag/extract-deelbestand-lvc/v20200601 \
http://www.kadaster.nl/schemas/bag-verstrekkingen/extract-deelbestand-lvc/v20200601/\
BagvsExtractDeelbestandExtractLvc-2.1.0.xsd">
  <sl-bag-extract:bagInfo>
    <selecties-extract:Gebied-Registratief>
      <selecties-extract:Gebied-NLD/>
    </selecties-extract:Gebied-Registratief>
    <selecties-extract:LVC-Extract>
      <selecties-extract:StandTechnischeDatum>{day}</selecties-extract:StandTechnischeDatum>
    </selecties-extract:LVC-Extract>
  </sl-bag-extract:bagInfo>
  <sl:standBestand>
    <sl:dataset>LVBAG</sl:dataset>
    <sl:inhoud>
      <sl:gebied>Nederland</sl:gebied>
      <sl:leveringsId>0000000001</sl:leveringsId>
      <sl:objectTypen>
        <sl:objectType>{kind}</sl:objectType>
      </sl:objectTypen>
    </sl:inhoud>"""

TAIL = "\n  </sl:standBestand>\n</sl-bag-extract:bagStand>"

DELIVERY = """<?xml version="1.0" encoding="UTF-8"?>
<xb:BAG-Extract-Levering xmlns:xb="http://www.kadaster.nl/schemas/lvbag/extract-levering/v20200601" \
xmlns:selecties-extract="http://www.kadaster.nl/schemas/lvbag/extract-selecties/v20200601">
    <xb:SelectieGegevens>
        <selecties-extract:LVC-Extract>
            <selecties-extract:StandTechnischeDatum>{day}</selecties-extract:StandTechnischeDatum>
        </selecties-extract:LVC-Extract>
        <selecties-extract:Gebied-Registratief>
            <selecties-extract:Gebied-NLD/>
        </selecties-extract:Gebied-Registratief>
    </xb:SelectieGegevens>
    <xb:SchemaInfo>
        <xb:naam>BagvsExtractDeelbestandExtractLvc-2.1.0.xsd</xb:naam>
        <xb:versie>20200601</xb:versie>
    </xb:SchemaInfo>
</xb:BAG-Extract-Levering>
"""

RELATION_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gwr-bestand:BAG-GWR-Deelbestand-LVC xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xmlns:gwr-bestand="www.kadaster.nl/schemas/lvbag/gem-wpl-rel/gwr-deelbestand-lvc/v20200601" \
xmlns:selecties-extract="http://www.kadaster.nl/schemas/lvbag/extract-selecties/v20200601" \
xmlns:bagtypes="www.kadaster.nl/schemas/lvbag/gem-wpl-rel/bag-types/v20200601" \
xmlns:gwr-product="www.kadaster.nl/schemas/lvbag/gem-wpl-rel/gwr-producten-lvc/v20200601">
  <gwr-bestand:SelectieGegevens>
    <selecties-extract:StandTechnischeDatum>{day}</selecties-extract:StandTechnischeDatum>
  </gwr-bestand:SelectieGegevens>
  <gwr-bestand:Product>
    <gwr-product:GemeenteWoonplaatsRelatieProduct>"""

RELATION = (
    "<gwr-product:GemeenteWoonplaatsRelatie><gwr-product:tijdvakgeldigheid><bagtypes:begindatumTijdvakGeldigheid>%s"
    "</bagtypes:begindatumTijdvakGeldigheid>%s</gwr-product:tijdvakgeldigheid><gwr-product:gerelateerdeWoonplaats>"
    "<gwr-product:identificatie>%s</gwr-product:identificatie></gwr-product:gerelateerdeWoonplaats>"
    "<gwr-product:gerelateerdeGemeente><gwr-product:identificatie>%s</gwr-product:identificatie>"
    "</gwr-product:gerelateerdeGemeente><gwr-product:status>%s</gwr-product:status>"
    "</gwr-product:GemeenteWoonplaatsRelatie>"
)

RELATION_TAIL = """</gwr-product:GemeenteWoonplaatsRelatieProduct>
  </gwr-bestand:Product>
</gwr-bestand:BAG-GWR-Deelbestand-LVC>
"""

_OPEN = "<sl:stand><sl-bag-extract:bagObject>"
_CLOSE = "</sl-bag-extract:bagObject></sl:stand>"
_FOUND = (
    "<Objecten:geconstateerd>%s</Objecten:geconstateerd><Objecten:documentdatum>%s</Objecten:documentdatum>"
    "<Objecten:documentnummer>%s</Objecten:documentnummer>"
)
_FACTS = "<Objecten:status>%s</Objecten:status>" + _FOUND

PAND = (
    _OPEN + '<Objecten:Pand><Objecten:identificatie domein="NL.IMBAG.Pand">%s</Objecten:identificatie>'
    '<Objecten:geometrie><gml:Polygon srsName="urn:ogc:def:crs:EPSG::28992" srsDimension="3" gml:id="PND_%s">%s'
    "</gml:Polygon></Objecten:geometrie><Objecten:oorspronkelijkBouwjaar>%s</Objecten:oorspronkelijkBouwjaar>"
    + _FACTS + "%s</Objecten:Pand>" + _CLOSE
)  # fmt: skip
"""identificatie, identificatie_volgnummer, rings, year, status, found, day, number, history."""

VBO = (
    _OPEN + "<Objecten:Verblijfsobject><Objecten:heeftAlsHoofdadres><Objecten-ref:NummeraanduidingRef "
    'domein="NL.IMBAG.Nummeraanduiding">%s</Objecten-ref:NummeraanduidingRef></Objecten:heeftAlsHoofdadres>%s%s'
    '<Objecten:identificatie domein="NL.IMBAG.Verblijfsobject">%s</Objecten:identificatie><Objecten:geometrie>%s'
    "</Objecten:geometrie>%s<Objecten:oppervlakte>%s</Objecten:oppervlakte>" + _FACTS + "<Objecten:maaktDeelUitVan>%s"
    "</Objecten:maaktDeelUitVan></Objecten:Verblijfsobject>" + _CLOSE
)  # fmt: skip
"""main address, history, other addresses, identificatie, geometry, purposes, area, four facts, panden."""

ALSO = (
    '<Objecten:heeftAlsNevenadres><Objecten-ref:NummeraanduidingRef domein="NL.IMBAG.Nummeraanduiding">%s'
    "</Objecten-ref:NummeraanduidingRef></Objecten:heeftAlsNevenadres>"
)
POINT = (
    '<Objecten:punt><gml:Point srsName="urn:ogc:def:crs:EPSG::28992" srsDimension="3" gml:id="VBO_%s">'
    "<gml:pos>%.3f %.3f 0.0</gml:pos></gml:Point></Objecten:punt>"
)
SURFACE = (
    '<Objecten:vlak><gml:Polygon srsName="urn:ogc:def:crs:EPSG::28992" srsDimension="3" gml:id="VBO_%s">%s'
    "</gml:Polygon></Objecten:vlak>"
)
PAND_REF = '<Objecten-ref:PandRef domein="NL.IMBAG.Pand">%s</Objecten-ref:PandRef>'
PURPOSE = "<Objecten:gebruiksdoel>%s</Objecten:gebruiksdoel>"

NUM = (
    _OPEN + '<Objecten:Nummeraanduiding><Objecten:identificatie domein="NL.IMBAG.Nummeraanduiding">%s'
    "</Objecten:identificatie><Objecten:huisnummer>%s</Objecten:huisnummer>%s%s%s<Objecten:typeAdresseerbaarObject>%s"
    "</Objecten:typeAdresseerbaarObject>" + _FACTS + "%s%s<Objecten:ligtAan><Objecten-ref:OpenbareRuimteRef "
    'domein="NL.IMBAG.Openbareruimte">%s</Objecten-ref:OpenbareRuimteRef></Objecten:ligtAan>'
    "</Objecten:Nummeraanduiding>" + _CLOSE
)  # fmt: skip
"""identificatie, number, letter, addition, postcode, target, four facts, override, history, street."""

OPR = (
    _OPEN + '<Objecten:OpenbareRuimte><Objecten:identificatie domein="NL.IMBAG.Openbareruimte">%s'
    "</Objecten:identificatie><Objecten:naam>%s</Objecten:naam><Objecten:type>Weg</Objecten:type>" + _FACTS
    + '<Objecten:ligtIn><Objecten-ref:WoonplaatsRef domein="NL.IMBAG.Woonplaats">%s</Objecten-ref:WoonplaatsRef>'
    "</Objecten:ligtIn>%s</Objecten:OpenbareRuimte>" + _CLOSE
)  # fmt: skip
"""identificatie, name, four facts, woonplaats, history."""

IN_PLACE = (
    '<Objecten:ligtIn><Objecten-ref:WoonplaatsRef domein="NL.IMBAG.Woonplaats">%s</Objecten-ref:WoonplaatsRef>'
    "</Objecten:ligtIn>"
)

WPL = (
    _OPEN + '<Objecten:Woonplaats><Objecten:identificatie domein="NL.IMBAG.Woonplaats">%s</Objecten:identificatie>'
    "<Objecten:naam>%s</Objecten:naam><Objecten:geometrie>%s</Objecten:geometrie>" + _FACTS
    + "%s</Objecten:Woonplaats>" + _CLOSE
)  # fmt: skip
"""identificatie, name, geometry, four facts, history."""

PLACE = (
    _OPEN + "<Objecten:%s><Objecten:heeftAlsHoofdadres><Objecten-ref:NummeraanduidingRef "
    'domein="NL.IMBAG.Nummeraanduiding">%s</Objecten-ref:NummeraanduidingRef></Objecten:heeftAlsHoofdadres>%s'
    '<Objecten:identificatie domein="NL.IMBAG.%s">%s</Objecten:identificatie><Objecten:status>%s</Objecten:status>'
    '<Objecten:geometrie><gml:Polygon srsName="urn:ogc:def:crs:EPSG::28992" srsDimension="2" gml:id="%s">%s'
    "</gml:Polygon></Objecten:geometrie>" + _FOUND + "</Objecten:%s>" + _CLOSE
)  # fmt: skip
"""kind, address, history, kind, identificatie, status, gml id, rings, three facts, kind."""


def optional(template: str, values: Texts) -> Texts:
    """
    Write an element where there is a value, nothing where there is none.

    Parameters
    ----------
    template
        Element with one ``%s``.
    values
        (n,) text, "" for none.

    Returns
    -------
    xml
        (n,) text.
    """
    result = np.full(len(values), "", dtype=object)
    has = np.flatnonzero(values != "")
    result[has] = list(map(template.__mod__, zip(values[has], strict=True)))
    return result


def rings(polygons: Texts, *, height: bool) -> Texts:
    """
    Write polygons as rings of GML.

    Parameters
    ----------
    polygons
        (n,) polygons, RD in metres.
    height
        With a third coordinate 0.0, as panden have; woonplaatsen, ligplaatsen and standplaatsen have two.

    Returns
    -------
    xml
        (n,) ``gml:exterior`` and ``gml:interior`` elements on one line, coordinates to the millimetre.
    """
    n_rings = shapely.get_num_interior_rings(polygons) + 1
    loops, owner = shapely.get_rings(polygons, return_index=True)
    xy, ring = shapely.get_coordinates(loops, return_index=True)
    form = "%.3f %.3f 0.0" if height else "%.3f %.3f"
    words = ("\n".join([form] * len(xy)) % tuple(xy.ravel().tolist())).split("\n")
    count = np.bincount(ring, minlength=len(loops))
    stop = np.cumsum(count)
    first = np.concatenate([[True], owner[1:] != owner[:-1]]) if len(owner) else np.empty(0, dtype=bool)
    start = (stop - count).tolist()
    lists = [" ".join(words[a:b]) for a, b in zip(start, stop.tolist(), strict=True)]
    size = [f' count="{c}"' for c in count.tolist()] if height else [""] * len(count)
    sides = np.where(first, "exterior", "interior")
    texts = [
        f"<gml:{s}><gml:LinearRing><gml:posList{c}>{p}</gml:posList></gml:LinearRing></gml:{s}>"
        for s, c, p in zip(sides.tolist(), size, lists, strict=True)
    ]
    if n_rings.max(initial=1) == 1:
        return np.array(texts, dtype=object)
    ends = np.cumsum(n_rings).tolist()
    begins = [0, *ends[:-1]]
    return np.array(["".join(texts[a:b]) for a, b in zip(begins, ends, strict=True)], dtype=object)


def head(kind: str, day: date) -> str:
    """
    Open a file of objects.

    Parameters
    ----------
    kind
        Object type, three letters.
    day
        The delivery's technical date.

    Returns
    -------
    xml
        Everything before the first ``sl:stand``.
    """
    return HEAD.replace("{day}", day.isoformat()).replace("{kind}", kind)


def repeated(frame: pd.DataFrame, column: str, rows: npt.NDArray[np.int64]) -> Texts:
    """
    Take a column for each voorkomen.

    Parameters
    ----------
    frame, column
        Objects.
    rows
        (n,) object of each voorkomen.

    Returns
    -------
    values
        (n,) objects.
    """
    return np.asarray(frame[column].to_numpy(dtype=object)[rows])
