"""Evaluate expressions in real QGIS for each event of a layer, with and without a range of days.

Runs in the Python that has QGIS: ``/usr/bin/python3 tests/qgis_together.py FOLDER LAYER DAY DAY``;
the expressions lie in ``expressions.json`` of the folder. Prints what each gives, by event.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp()

from qgis.core import (
    QgsApplication,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsMapSettings,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDateTime, Qt


def main():
    """Evaluate every expression for every event."""
    folder, name, *days = sys.argv[1:]
    application = QgsApplication([], False)
    application.initQgis()
    layer = QgsVectorLayer(f"{Path(folder) / 'events.gpkg'}|layername={name}", name, "ogr")
    QgsProject.instance().addMapLayer(layer)
    expressions = json.loads((Path(folder) / "expressions.json").read_text(encoding="utf-8"))
    found = {}
    for range_ in ((None, None), days):
        context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
        scope = QgsExpressionContextUtils.mapSettingsScope(QgsMapSettings())
        for variable, day in zip(("map_start_time", "map_end_time"), range_, strict=True):
            moment = day and QDateTime.fromString(day + "T00:00:00Z", Qt.ISODate)
            scope.setVariable(variable, moment)
        context.appendScope(scope)
        key = "some" if range_[0] else "all"
        for title, text in expressions.items():
            expression = QgsExpression(text)
            assert not expression.hasParserError(), expression.parserErrorString()
            for feature in layer.getFeatures():
                context.setFeature(feature)
                value = expression.evaluate(context)
                assert not expression.hasEvalError(), expression.evalErrorString()
                found.setdefault(key, {}).setdefault(feature["event_id"], {})[title] = value
    json.dump(found, sys.stdout)
    sys.stdout.flush()
    # QGIS may crash while Python takes it apart; everything is written.
    os._exit(0)


if __name__ == "__main__":
    main()
