"""
Load a layer in real QGIS and tell as JSON what it shows under Information.

Runs under the system's Python, which has PyQGIS: ``/usr/bin/python3 read_layer_metadata.py SOURCE [PROVIDER]``.
"""

from __future__ import annotations

import json
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import QgsApplication, QgsVectorLayer


def main(source: str, provider: str) -> None:
    """Tell metadata and style of one layer."""
    application = QgsApplication([], False)  # noqa: FBT003
    application.initQgis()
    layer = QgsVectorLayer(source, "laag", provider)
    metadata = layer.metadata()
    extents = metadata.extent().spatialExtents()
    box = extents[0].bounds if extents else None
    seen = {
        "valid": layer.isValid(),
        "features": layer.featureCount(),
        "renderer": layer.renderer().type() if layer.isValid() and layer.isSpatial() else None,
        "aliases": {field.name(): field.alias() for field in layer.fields()},
        "comments": {field.name(): field.comment() for field in layer.fields()},
        "title": metadata.title(),
        "abstract": metadata.abstract(),
        "language": metadata.language(),
        "contacts": [[one.organization, one.email] for one in metadata.contacts()],
        "licenses": metadata.licenses(),
        "rights": metadata.rights(),
        "crs": extents[0].extentCrs.authid() if extents else None,
        "extent": [box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()] if box else None,
    }
    sys.stdout.write(json.dumps(seen, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    os._exit(0)  # QGIS may crash while it tidies up, after all the work is done


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "ogr")
