"""
The QGIS project of a release: a finished map, beside the GeoPackage and inside it.

QGIS is not needed to write it. What is drawn how comes from :mod:`twentegeo.publish.styles`; here stands what a user
finds in the layer panel, which questions have a theme, and what can be printed.

==================================================  ========================================
:mod:`~twentegeo.publish.project.tree`               groups and layers; start here
:mod:`~twentegeo.publish.project.themes`             a theme for each question
:mod:`~twentegeo.publish.project.relations`          which rows belong together
:mod:`~twentegeo.publish.project.layouts`            what can be printed
:mod:`~twentegeo.publish.project.layers`             a layer in QGIS' words
:mod:`~twentegeo.publish.project.document`           the whole project in QGIS' words
:mod:`~twentegeo.publish.project.write`              ``.qgz`` and the table ``qgis_projects``
==================================================  ========================================
"""

from twentegeo.publish.project.write import drawn_up, put_project, write_project

__all__ = ["drawn_up", "put_project", "write_project"]
