"""
Open each layer of a GeoPackage in real QGIS, tell as JSON how it looks, and draw it.

Runs under the system's Python, which has PyQGIS: ``/usr/bin/python3 inspect_layers.py FILE.gpkg OUT_FOLDER``.
Each layer is loaded as a user would: without naming a style, so that what is told is the default style of the file.
"""

from __future__ import annotations

import json
import os
import sys
from array import array
from collections import Counter
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
    QgsRenderContext,
    QgsSymbol,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor, QImage
from qgis.PyQt.QtXml import QDomDocument

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


def styles(layer: QgsVectorLayer):
    """Apply each style that the file offers for a layer, and tell how it draws every feature."""
    number, identifiers, names, _, error = layer.listStylesInDatabase()
    assert not error, error
    told = {}
    for identifier, name in list(zip(identifiers, names))[:number]:  # noqa: B905 - the lists may go on
        document = QDomDocument()
        document.setContent(layer.getStyleFromDatabase(identifier)[0])
        applied, error = layer.importNamedStyle(document)
        assert applied, error
        told[name] = {
            "renderer": layer.renderer().type(),
            "legend": [item.label() for item in layer.renderer().legendSymbolItems()],
            "drawn": drawn(layer),
            "scales": [layer.maximumScale(), layer.minimumScale()] if layer.hasScaleBasedVisibility() else None,
        }
    return told


def drawn(layer: QgsVectorLayer):
    """Tell which lines of the legend draw each feature: kind and colour of the lowest layer of their symbols."""
    render = QgsRenderContext()
    render.setExpressionContext(QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer)))
    renderer = layer.renderer().clone()
    items = [item for item in renderer.legendSymbolItems() if item.symbol()]  # kept: a symbol dies with its item
    lines = {item.ruleKey(): [item.symbol().symbolLayer(0).layerType(), item.symbol().color().name()] for item in items}
    renderer.startRender(render, layer.fields())
    told = {}
    for feature in layer.getFeatures():
        render.expressionContext().setFeature(feature)
        # rules list their ELSE among the symbols of every feature; other renderers know no keys for "the rest"
        if renderer.type() == "RuleRenderer":
            told[feature.id()] = [lines[key] for key in renderer.legendKeysForFeature(feature, render) if key in lines]
        else:
            symbols = renderer.originalSymbolsForFeature(feature, render)
            told[feature.id()] = [[one.symbolLayer(0).layerType(), one.color().name()] for one in symbols]
    renderer.stopRender(render)
    return told


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
    plain = image.convertToFormat(QImage.Format_RGB32)
    bits = plain.bits()
    bits.setsize(plain.sizeInBytes())
    counts = Counter(pixel & 0xFFFFFF for pixel in array("I", bytes(bits)))
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
        result[details.name()]["styles"] = styles(layer)
    (out / "facts.json").write_text(json.dumps(result, indent=1, ensure_ascii=False), encoding="utf-8")
    sys.stdout.flush()
    os._exit(0)  # QGIS may crash while it tidies up, after all the work is done


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
