"""
The default QGIS style of each layer, made in code from the class tables.

QGIS is not needed to make them: a style is a piece of XML (QML) that lies in the GeoPackage, in ``layer_styles``,
and that QGIS applies by itself when somebody opens the layer.

===============================================  ===========================================
:mod:`~twentegeo.publish.styles.layers`           which layer looks how; start here
:mod:`~twentegeo.publish.styles.renderers`        classes to symbols: graduated, categorized, by rule
:mod:`~twentegeo.publish.styles.symbols`          fills, outlines and markers
:mod:`~twentegeo.publish.styles.labels`           text on the map
:mod:`~twentegeo.publish.styles.fields`           aliases, forms, and what a map tip says
===============================================  ===========================================
"""

from twentegeo.publish.classes import load_classes
from twentegeo.publish.styles.layers import layer_styles

__all__ = ["layer_styles", "load_classes"]
