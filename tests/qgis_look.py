"""Run by a Python that has QGIS: opens the GeoPackage named on the command line and prints as JSON what QGIS sees.

No part of the planner: ``python3 tests/qgis_look.py plan.gpkg [map.png]`` needs Debian's package python3-qgis.
"""

import json
import os
import sys

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (
    QgsApplication,
    QgsCoordinateTransform,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsProject,
    QgsProviderRegistry,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtXml import QDomDocument

LAYERS = ("points", "catchments", "centres", "premises", "links", "wards")


def expressions(rule) -> list:
    """Return the filters of a rule and of those below it."""
    own = [rule.filterExpression()] if rule.filterExpression() else []
    return own + [text for child in rule.children() for text in expressions(child)]


def look(layer) -> dict:
    """Return what a styled layer says: legend, names of columns, words of values, tip and label of every feature."""
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFields(layer.fields())
    tips, labels, titles, faults = [], [], [], []
    said = layer.labeling().settings().fieldName if layer.labeling() else None
    for feature in layer.getFeatures():
        context.setFeature(feature)
        tips.append(QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context))
        for text, found in ((layer.displayExpression(), titles), (said, labels)):
            if text:
                one = QgsExpression(text)
                found.append(one.evaluate(context))
                if one.hasEvalError() or one.hasParserError():
                    faults.append([text, one.evalErrorString() or one.parserErrorString()])
    root = layer.renderer().rootRule()
    faults += [[text, "cannot be read"] for text in expressions(root) if QgsExpression(text).hasParserError()]
    return {
        "legend": [item.label() for item in layer.renderer().legendSymbolItems()],
        "aliases": {field.name(): layer.attributeAlias(n) for n, field in enumerate(layer.fields())},
        "widgets": {field.name(): field.editorWidgetSetup().type() for field in layer.fields()},
        "estimated": [rule.name() for rule in layer.conditionalStyles().fieldStyles("floor_area_m2")],
        "html": bool(layer.labeling() and layer.labeling().settings().format().allowHtmlFormatting()),
        "tips": tips,
        "labels": labels,
        "titles": titles,
        "faults": faults,
    }


def styles(layer) -> dict:
    """Return what QGIS makes of the default style and of each stored style of this layer."""
    message, is_default = layer.loadDefaultStyle()
    found = {"default": bool(is_default), "message": message, "styles": {}}
    found["first"] = look(layer)["legend"]
    count, ids, names, _, _ = layer.listStylesInDatabase()
    for ident, name in list(zip(ids, names, strict=True))[:count]:
        text, _ = layer.getStyleFromDatabase(ident)
        document = QDomDocument()
        document.setContent(text)
        done, message = layer.importNamedStyle(document)
        found["styles"][name] = {"read": bool(done), "message": message, **look(layer)}
    return found


def draw(project, picture: str) -> dict:
    """Draw all layers of a project in its order; return how many colours the picture has."""
    settings = QgsMapSettings()
    layers = project.layerTreeRoot().layerOrder()
    settings.setLayers(layers)
    settings.setDestinationCrs(project.crs())
    settings.setOutputSize(QSize(1000, 1000))
    settings.setBackgroundColor(QColor("white"))
    move = QgsCoordinateTransform(layers[-1].crs(), project.crs(), project)
    extent = move.transformBoundingBox(layers[-1].extent())
    extent.scale(1.05)
    settings.setExtent(extent)
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    if picture:
        image.save(picture)
    colours = {image.pixel(x, y) for x in range(0, 1000, 3) for y in range(0, 1000, 3)}
    return {"colours": len(colours), "errors": [error.message for error in job.errors()]}


def main(path: str, picture: str = "") -> None:
    """Print everything."""
    application = QgsApplication([], False)
    application.initQgis()
    found: dict = {"layers": {}, "projects": {}}
    there = [one.name() for one in QgsProviderRegistry.instance().querySublayers(path)]
    for name in LAYERS:
        if name in there:
            layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
            found["layers"][name] = styles(layer)
    storage = QgsApplication.projectStorageRegistry().projectStorageFromType("geopackage")
    for name in storage.listProjects(f"geopackage:{path}"):
        project = QgsProject.instance()
        project.clear()
        done = project.read(f"geopackage:{path}?projectName={name}")
        found["projects"][name] = {
            "read": bool(done),
            "title": project.title(),
            "crs": project.crs().authid(),
            "layers": [layer.name() for layer in project.layerTreeRoot().layerOrder()],
            "valid": all(layer.isValid() for layer in project.mapLayers().values()),
            **draw(project, picture),
        }
    print("JSON" + json.dumps(found, default=str))


if __name__ == "__main__":
    main(*sys.argv[1:])
