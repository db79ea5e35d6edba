"""
Kadastrale Kaart (BRK-DKK) v5: parcels.

==========================================  =======================================================
:mod:`twentegeo.sources.cadastre.gml`         GML as the download service delivers it
:mod:`twentegeo.sources.cadastre.layer`       GeoPackage and GeoJSON, named as the WFS or the OGC API does
:mod:`twentegeo.sources.cadastre.read`        the door: tells the forms apart and keeps to the contract
==========================================  =======================================================
"""

from twentegeo.sources.cadastre.read import ORIGIN, Parcels, fetch, read

__all__ = ["ORIGIN", "Parcels", "fetch", "read"]
