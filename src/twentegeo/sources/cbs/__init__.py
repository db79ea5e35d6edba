"""
CBS Wijk- en Buurtkaart: neighbourhoods, districts and municipalities with their figures.

======================================  =========================================================
:mod:`twentegeo.sources.cbs.columns`      how editions spell the columns, shapefiles among them
:mod:`twentegeo.sources.cbs.layers`       the layers of a GeoPackage or shapefile
:mod:`twentegeo.sources.cbs.figures`      texts and sentinels to figures or nothing
:mod:`twentegeo.sources.cbs.read`         the door
======================================  =========================================================
"""

from twentegeo.sources.cbs.read import ORIGIN, Neighbourhoods, fetch, read

__all__ = ["ORIGIN", "Neighbourhoods", "fetch", "read"]
