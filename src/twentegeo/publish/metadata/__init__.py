"""
What others must know of a release before they use it, in the forms that catalogues and GIS read.

Here: one :class:`~twentegeo.publish.metadata.about.About` per release, made from the contracts and the manifest, and
its three spellings: ISO 19115 in the XML of ISO 19139 by the Dutch profile, QGIS layer metadata, and DCAT-AP-NL 3.0 as
JSON-LD. Not here: what a column means (:mod:`twentegeo.tables`) or where a source came from (:mod:`twentegeo.sources`).
"""
