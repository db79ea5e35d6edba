"""
Sheets of paper with a map on them, described once and drawn twice.

A :class:`~twentegeo.publish.sheets.items.Sheet` is a list of items at places in millimetres. QGIS draws it as a print
layout; :mod:`twentegeo.publish.maps` draws it by matplotlib where there is no QGIS. Both put the same thing in the
same place.

==================================================  ========================================
:mod:`~twentegeo.publish.sheets.items`               what can lie on a sheet
:mod:`~twentegeo.publish.sheets.typography`          how wide a text is, and where it breaks
:mod:`~twentegeo.publish.sheets.design`              the house style: title, map, panel and foot
:mod:`~twentegeo.publish.sheets.layout`              a sheet as a QGIS print layout
==================================================  ========================================
"""
