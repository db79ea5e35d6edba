"""
Open projects in real QGIS, tell as JSON what is in them, draw every theme, and print atlases.

Runs under the system's Python, which has PyQGIS: ``/usr/bin/python3 inspect_project.py ORDERS.json OUT_FOLDER``. Orders
are a list of ``{"name", "uri", "themes", "atlases", "tips"}``: a project to open, which themes to draw (true: all),
which layouts to export as an atlas, and for which layers to fill in the map tip of every feature.
"""

from __future__ import annotations

import json
import os
import sys
import time
from array import array
from collections import Counter
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (
    QgsApplication,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsLayerTreeGroup,
    QgsLayoutExporter,
    QgsLayoutItemLegend,
    QgsMapLayer,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsRenderContext,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor, QImage

WIDTH, HEIGHT, DPI = 620, 440, 96
METRES_PER_INCH = 0.0254
SCALES = {"ver": 20_000, "dichtbij": 2_500}


def layer_facts(layer: QgsMapLayer):
    """Tell what QGIS made of a layer."""
    told = {
        "valid": layer.isValid(),
        "name": layer.name(),
        "source": layer.source(),
        "styles": layer.styleManager().styles(),
        "current": layer.styleManager().currentStyle(),
        "crs": layer.crs().authid(),
        "scales": [layer.maximumScale(), layer.minimumScale()] if layer.hasScaleBasedVisibility() else None,
    }
    if layer.isValid() and layer.type() == QgsMapLayer.VectorLayer:
        told["features"] = layer.featureCount()
        told["renderer"] = layer.renderer().type() if layer.isSpatial() else None
        told["aliases"] = {field.name(): field.alias() for field in layer.fields()}
        told["actions"] = [
            {"name": action.name(), "command": action.command(), "type": int(action.type())}
            for action in layer.actions().actions()
        ]
    return told


def tree_facts(group: QgsLayerTreeGroup):
    """Tell groups and what lies in them, in order."""
    return {
        one.name(): {"open": one.isExpanded(), "layers": [leaf.layerId() for leaf in one.findLayers()]}
        for one in group.findGroups()
    }


def project_facts(project: QgsProject):
    """Tell what is in a project."""
    return {
        "title": project.title(),
        "crs": project.crs().authid(),
        "layers": {key: layer_facts(layer) for key, layer in project.mapLayers().items()},
        "tree": tree_facts(project.layerTreeRoot()),
        "shown": [leaf.layerId() for leaf in project.layerTreeRoot().findLayers() if leaf.isVisible()],
        "themes": project.mapThemeCollection().mapThemes(),
        "relations": {one.name(): one.isValid() for one in project.relationManager().relations().values()},
        "bookmarks": {
            one.name(): [one.group(), one.extent().crs().authid(), one.extent().width()]
            for one in project.bookmarkManager().bookmarks()
        },
        "layouts": {
            one.name(): {
                "atlas": one.atlas().coverageLayer().id() if one.atlas().enabled() else None,
                "legends": [
                    leaf.layer() is not None
                    for item in one.items()
                    if isinstance(item, QgsLayoutItemLegend)
                    for leaf in item.model().rootGroup().findLayers()
                ],
            }
            for one in project.layoutManager().printLayouts()
        },
        "variables": QgsExpressionContextUtils.projectScope(project).variable("run_id"),
        "view": project.viewSettings().defaultViewExtent().crs().authid(),
        "notice": project.readEntry("TitleLabel", "/Label")[0],
    }


def draw(project: QgsProject, theme: str, scale: float, path: Path):
    """Draw a theme as the map canvas would; tell which colours came out."""
    collection = project.mapThemeCollection()
    settings = QgsMapSettings()
    settings.setLayers(collection.mapThemeVisibleLayers(theme))
    settings.setLayerStyleOverrides(collection.mapThemeStyleOverrides(theme))
    settings.setDestinationCrs(project.crs())
    settings.setOutputSize(QSize(WIDTH, HEIGHT))
    settings.setOutputDpi(DPI)
    settings.setFlag(QgsMapSettings.Antialiasing, True)  # noqa: FBT003 - Qt takes no keywords
    settings.setBackgroundColor(QColor("#eceae4"))
    centre = project.viewSettings().defaultViewExtent().center()
    half_width, half_height = (side / DPI * METRES_PER_INCH * scale / 2 for side in (WIDTH, HEIGHT))
    settings.setExtent(
        QgsRectangle(
            centre.x() - half_width, centre.y() - half_height, centre.x() + half_width, centre.y() + half_height
        )
    )
    context = QgsExpressionContext()
    context.appendScope(QgsExpressionContextUtils.globalScope())
    context.appendScope(QgsExpressionContextUtils.projectScope(project))
    context.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))
    settings.setExpressionContext(context)
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(str(path))
    return {
        "colours": counted(image),
        "errors": [error.message for error in job.errors()],
        "labels": [item.labelText for item in job.takeLabelingResults().allLabels()],
    }


def counted(image: QImage):
    """Count the pixels of each colour."""
    plain = image.convertToFormat(QImage.Format_RGB32)
    bits = plain.bits()
    bits.setsize(plain.sizeInBytes())
    counts = Counter(pixel & 0xFFFFFF for pixel in array("I", bytes(bits)))
    return {f"#{colour:06x}": number for colour, number in counts.items() if number > 3}


def export(project: QgsProject, name: str, path: Path):
    """Print every page of an atlas into one PDF."""
    layout = project.layoutManager().layoutByName(name)
    settings = QgsLayoutExporter.PdfExportSettings()
    settings.dpi = 100
    settings.exportMetadata = False
    settings.textRenderFormat = QgsRenderContext.TextFormatAlwaysText
    result, message = QgsLayoutExporter.exportToPdf(layout.atlas(), str(path), settings)
    return {"result": int(result), "message": message, "pages": layout.atlas().count()}


def tips(layer: QgsMapLayer):
    """Fill in the map tip of every feature."""
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    filled = []
    for feature in layer.getFeatures():
        context.setFeature(feature)
        filled.append(QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context))
    return filled


def inspect(order: dict[str, object], out: Path):
    """Follow one order."""
    project = QgsProject.instance()
    project.clear()
    begun = time.process_time()
    opened = project.read(order["uri"])
    told = {
        "opened": opened,
        "error": project.error(),
        "seconds": time.process_time() - begun,
        **project_facts(project),
    }
    backdrop = project.mapLayer("twentegeo_brt_achtergrond")
    if backdrop is not None:
        project.removeMapLayer(backdrop)  # tests draw without a network
    if order.get("themes"):
        told["drawn"] = {
            theme: {
                name: draw(project, theme, scale, out / f"{order['name']}_{theme}_{name}.png".replace(" ", "_"))
                for name, scale in SCALES.items()
            }
            for theme in (told["themes"] if order["themes"] is True else order["themes"])
        }
    told["printed"] = {
        name: export(project, name, out / f"{order['name']}_{number}.pdf")
        for number, name in enumerate(order.get("atlases", []))
    }
    told["tips"] = {key: tips(project.mapLayer(key)) for key in order.get("tips", [])}
    return told


def main(orders: Path, out: Path):
    """Follow every order."""
    application = QgsApplication([], False)  # noqa: FBT003
    application.initQgis()
    told = {order["name"]: inspect(order, out) for order in json.loads(orders.read_text(encoding="utf-8"))}
    (out / "facts.json").write_text(json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8")
    sys.stdout.flush()
    os._exit(0)  # QGIS may crash while it tidies up, after all the work is done


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
