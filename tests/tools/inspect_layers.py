"""
Open each layer of a GeoPackage in real QGIS, tell as JSON how it looks, and draw it.

Runs under the system's Python, which has PyQGIS: ``/usr/bin/python3 inspect_layers.py FILE.gpkg OUT_FOLDER``.
Each layer is loaded as a user would: without naming a style, so that what is told is the default style of the file.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (
    QgsApplication,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsProviderRegistry,
    QgsRectangle,
    QgsSymbol,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor, QImage

SIDE = 700
DPI = 96
METRES_PER_INCH = 0.0254


def facts(layer: QgsVectorLayer):
    """Tell what QGIS made of the style."""
    renderer = layer.renderer()
    fields = layer.fields()
    return {
        "valid": layer.isValid(),
        "features": layer.featureCount(),
        "crs": layer.crs().authid(),
        "renderer": renderer.type(),
        "legend": [
            {"label": item.label(), "level": item.level(), "colour": colour_of(item.symbol())}
            for item in renderer.legendSymbolItems()
        ],
        "ranges": [[item.lowerValue(), item.upperValue()] for item in getattr(renderer, "ranges", list)()],
        "aliases": {field.name(): field.alias() for field in fields},
        "widgets": {field.name(): field.editorWidgetSetup().type() for field in fields},
        "display": layer.displayExpression(),
        "map_tip": layer.mapTipTemplate(),
        "tip_of_first": QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context(layer)),
        "labels_enabled": layer.labelsEnabled(),
        "scale_based": layer.hasScaleBasedVisibility(),
        "visible_at": {scale: layer.isInScaleRange(scale) for scale in (1_000, 20_000, 200_000)},
    }


def context(layer: QgsVectorLayer):
    """Evaluate expressions on the first feature."""
    result = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    result.setFeature(next(layer.getFeatures()))
    return result


def colour_of(symbol: QgsSymbol | None):
    """Give the colour of a legend line, or nothing for a heading."""
    return symbol.color().name() if symbol else None


def draw(layer: QgsVectorLayer, scale: float, path: Path):
    """Draw the middle of a layer at a scale; tell which colours came out, and how many labels."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setBackgroundColor(QColor("white"))
    settings.setOutputSize(QSize(SIDE, SIDE))
    settings.setOutputDpi(DPI)
    settings.setFlag(QgsMapSettings.Antialiasing, True)  # noqa: FBT003 - Qt takes no keywords
    half = SIDE / DPI * METRES_PER_INCH * scale / 2
    centre = layer.extent().center()
    settings.setExtent(QgsRectangle(centre.x() - half, centre.y() - half, centre.x() + half, centre.y() + half))
    scale_and_extent = QgsExpressionContext()
    scale_and_extent.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))
    settings.setExpressionContext(scale_and_extent)
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(str(path))
    labels = [item.labelText for item in job.takeLabelingResults().allLabels()]
    return {"scale": settings.scale(), "colours": counted(image), "labels": labels}


def counted(image: QImage):
    """Count the pixels of each colour."""
    counts = {}
    for y in range(image.height()):
        for x in range(image.width()):
            pixel = image.pixel(x, y) & 0xFFFFFF
            counts[pixel] = counts.get(pixel, 0) + 1
    return {f"#{colour:06x}": number for colour, number in counts.items() if number > 3}


def main(file: Path, out: Path):
    """Inspect every spatial layer of a file."""
    application = QgsApplication([], False)  # noqa: FBT003
    application.initQgis()
    result = {}
    provider = QgsProviderRegistry.instance().providerMetadata("ogr")
    for details in provider.querySublayers(str(file)):
        layer = QgsVectorLayer(details.uri(), details.name(), "ogr")
        if not layer.isSpatial():
            continue
        result[details.name()] = facts(layer)
        result[details.name()]["close"] = draw(layer, 1_400, out / f"{details.name()}_dichtbij.png")
        result[details.name()]["near"] = draw(layer, 2_800, out / f"{details.name()}.png")
        result[details.name()]["far"] = draw(layer, 60_000, out / f"{details.name()}_ver.png")
    (out / "facts.json").write_text(json.dumps(result, indent=1, ensure_ascii=False), encoding="utf-8")
    sys.stdout.flush()
    os._exit(0)  # QGIS may crash while it tidies up, after all the work is done


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
