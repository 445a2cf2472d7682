"""Open what geomap wrote in QGIS, without a window; tell what QGIS says, and make pictures.

Runs in the Python that has QGIS (Debian: ``/usr/bin/python3`` with ``python3-qgis``)::

    /usr/bin/python3 scripts/qgis_open.py outputs
    /usr/bin/python3 scripts/qgis_open.py outputs --map map.png --layout layout.png

Prints one JSON object: warnings, layers with their columns and styles, the project.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from time import process_time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp()

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsDateTimeRange,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsLayoutExporter,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRenderContext,
    QgsSymbolLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDateTime, QSize, Qt
from qgis.PyQt.QtGui import QColor

TABLES = "events lines areas unlocated mentions places articles countries boundaries".split()


def described(layer):
    """Return what QGIS knows of a layer."""
    renderer = layer.renderer()
    temporal = layer.temporalProperties()
    tip = ""
    feature = next(layer.getFeatures(), None)
    if feature is not None:
        context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
        context.setFeature(feature)
        tip = QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context)
    action = layer.actions().actions()
    return {
        "valid": layer.isValid(),
        "rows": layer.featureCount(),
        "types": {field.name(): field.typeName() for field in layer.fields()},
        "aliases": {field.name(): field.alias() for field in layer.fields()},
        "widgets": {
            f.name(): layer.editorWidgetSetup(i).type() for i, f in enumerate(layer.fields())
        },
        "renderer": renderer.type() if renderer else None,
        "styles": sorted(layer.styleManager().styles()),
        "temporal": [temporal.isActive(), temporal.startField(), temporal.endField()],
        "labels": layer.labelsEnabled(),
        "subset": layer.subsetString(),
        "action": action[0].command() if action else None,
        "tip": tip,
        "crs": layer.crs().authid(),
    }


def picture(project, size, days=None):
    """Return the map of a project as an image; of some days alone if they are given."""
    settings = QgsMapSettings()
    root = project.layerTreeRoot()
    settings.setLayers([n for n in root.layerOrder() if root.findLayer(n.id()).isVisible()])
    settings.setDestinationCrs(project.crs())
    settings.setBackgroundColor(project.backgroundColor())
    settings.setOutputSize(QSize(*size))
    settings.setExtent(project.viewSettings().defaultViewExtent())
    settings.setTransformContext(project.transformContext())
    settings.setEllipsoid(project.ellipsoid())
    if days:
        start, end = (QDateTime.fromString(day + "T00:00:00Z", Qt.ISODate) for day in days)
        settings.setIsTemporal(True)
        settings.setTemporalRange(QgsDateTimeRange(start, end, True, False))
    context = QgsExpressionContext()
    context.appendScope(QgsExpressionContextUtils.globalScope())
    context.appendScope(QgsExpressionContextUtils.projectScope(project))
    context.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))
    settings.setExpressionContext(context)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage(), [error.message for error in job.errors()]


def draw_marks(layer, folder, size):
    """Draw the mark of each event of a layer into a picture named by the event."""
    renderer = layer.renderer()
    context = QgsRenderContext()
    context.expressionContext().appendScopes(
        QgsExpressionContextUtils.globalProjectLayerScopes(layer)
    )
    renderer.startRender(context, layer.fields())
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        symbol = renderer.originalSymbolForFeature(feature, context)
        mark = symbol.symbolLayer(symbol.symbolLayerCount() - 1)
        name = mark.dataDefinedProperties().property(QgsSymbolLayer.PropertyName)
        picture, _ = name.valueAsString(context.expressionContext())
        image = QgsApplication.svgCache().svgAsImage(
            picture, size, QColor("black"), QColor("black"), 0, 1, 0, True
        )[0]
        image.save(str(folder / f"{feature['event_id']}.png"))
    renderer.stopRender(context)


def opened(folder, options):
    """Return what QGIS tells of the files in a folder."""
    told = {"qgis": Qgis.QGIS_VERSION, "layers": {}, "files": {}}
    for name in TABLES:
        layer = QgsVectorLayer(f"{folder / 'events.gpkg'}|layername={name}", name, "ogr")
        told["layers"][name] = described(layer)
        if name == "events" and options.marks:
            draw_marks(layer, options.marks, 112)
        if name == "events":
            _, ids, names, _, _ = layer.listStylesInDatabase()
            told["stored_styles"] = sorted(names)
    for path in sorted(folder.glob("*.geojson")):
        told["files"][path.name] = described(QgsVectorLayer(str(path), path.stem, "ogr"))
    project = QgsProject.instance()
    told["read"] = project.read(str(folder / "events.qgz"))
    root = project.layerTreeRoot()
    time = project.timeSettings().temporalRange()
    told["project"] = {
        "title": project.title(),
        "layers": {key: described(layer) for key, layer in project.mapLayers().items()},
        "order": [layer.id() for layer in root.layerOrder()],
        "visible": [n.layerId() for n in root.findLayers() if n.isVisible()],
        "crs": project.crs().toProj(),
        "crs_valid": project.crs().isValid(),
        "relations": {
            key: relation.isValid()
            for key, relation in project.relationManager().relations().items()
        },
        "range": [time.begin().toString(Qt.ISODate), time.end().toString(Qt.ISODate)],
        "layouts": [one.name() for one in project.layoutManager().printLayouts()],
        "bad": [layer.name() for layer in project.mapLayers().values() if not layer.isValid()],
    }
    told["errors"] = []
    told["seconds"] = {}
    for target, days in ((options.map, None), (options.filtered, options.days)):
        if target:
            started = process_time()
            image, errors = picture(project, options.size, days)
            told["seconds"][target.name] = round(process_time() - started, 1)
            image.save(str(target))
            told["errors"] += errors
    if options.layout:
        exporter = QgsLayoutExporter(project.layoutManager().printLayouts()[0])
        settings = QgsLayoutExporter.ImageExportSettings()
        settings.dpi = 110
        settings.generateWorldFile = False
        told["layout"] = exporter.exportToImage(str(options.layout), settings)
    return told


def main():
    """Read the arguments and print what QGIS tells."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--map", type=Path, help="a PNG of the map")
    parser.add_argument("--filtered", type=Path, help="a PNG of the map of --days")
    parser.add_argument("--days", nargs=2, metavar=("FIRST", "END"))
    parser.add_argument("--layout", type=Path, help="a PNG of the print layout")
    parser.add_argument("--marks", type=Path, help="a folder for a PNG of each event's mark")
    parser.add_argument("--size", nargs=2, type=int, default=(1100, 760))
    options = parser.parse_args()
    application = QgsApplication([], False)
    application.initQgis()
    messages = []
    application.messageLog().messageReceived.connect(
        lambda text, tag, level: messages.append([tag, text, int(level)])
    )
    told = opened(options.folder.resolve(), options)
    told["warnings"] = [m for m in messages if m[2] in (Qgis.Warning, Qgis.Critical)]
    json.dump(told, sys.stdout, indent=1)
    sys.stdout.flush()
    # QGIS may crash while Python takes it apart; everything is written.
    os._exit(0)


if __name__ == "__main__":
    main()
