"""
The QGIS styles of each layer, made in code from the class tables.

QGIS is not needed to make them: a style is a piece of XML (QML) that lies in the GeoPackage, in ``layer_styles``. QGIS
applies the default by itself when somebody opens the layer, and offers the others by name. Maps that are drawn without
QGIS use the same drawings.

===============================================  ===========================================
:mod:`~twentegeo.publish.styles.layers`           which layer looks how; start here
:mod:`~twentegeo.publish.styles.areas`            the styles of areas and hectare cells
:mod:`~twentegeo.publish.styles.area_drawings`    how areas are filled and outlined
:mod:`~twentegeo.publish.styles.objects`          the styles of parcels, buildings and dwellings
:mod:`~twentegeo.publish.styles.look`             what a style is, and how it becomes QML
:mod:`~twentegeo.publish.styles.drawings`         the lines of a legend, with conditions and symbols
:mod:`~twentegeo.publish.styles.conditions`       which features a line stands for
:mod:`~twentegeo.publish.styles.symbols`          fills, outlines, hatches and markers
:mod:`~twentegeo.publish.styles.renderers`        the same in QGIS' words
:mod:`~twentegeo.publish.styles.labels`           text on the map
:mod:`~twentegeo.publish.styles.fields`           aliases, forms and value maps
:mod:`~twentegeo.publish.styles.tips`             map tips, and what a click opens
===============================================  ===========================================
"""

from twentegeo.publish.classes import load_classes
from twentegeo.publish.styles.layers import all_styles

__all__ = ["all_styles", "load_classes"]
