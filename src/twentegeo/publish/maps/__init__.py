"""
The map book: maps on paper of the region, each municipality and each priority area.

Everything is a function of the GeoPackage of a release, the class tables and the edition. What lies on a sheet is
decided here; QGIS draws it where it is installed, matplotlib where it is not.

==================================================  ========================================
:mod:`~twentegeo.publish.maps.book`                  makes the book; start here
:mod:`~twentegeo.publish.maps.questions`             which maps there are, and what is told beside them
:mod:`~twentegeo.publish.maps.pages`                 the sheets of the region and of a municipality
:mod:`~twentegeo.publish.maps.area_page`             the sheet of a priority area
:mod:`~twentegeo.publish.maps.panels`                legends, lists and figures beside a map
:mod:`~twentegeo.publish.maps.contents`              what a release holds that sheets tell of
:mod:`~twentegeo.publish.maps.wording`               Dutch sentences from figures
:mod:`~twentegeo.publish.maps.press`                 shares the sheets out over processes
:mod:`~twentegeo.publish.maps.qgis_press`            the processes that run QGIS
:mod:`~twentegeo.publish.maps.plot`                  a sheet drawn by matplotlib
:mod:`~twentegeo.publish.maps.mapping`               the map on it
:mod:`~twentegeo.publish.maps.lettering`             and its letters
:mod:`~twentegeo.publish.maps.binding`               sheets into one PDF per municipality
==================================================  ========================================
"""
