"""What an analyst does in QGIS, done in real QGIS without a window: edit, move, delete, save.

Runs in the Python that has QGIS: ``/usr/bin/python3 tests/qgis_edit.py FOLDER``. The layers are
those of the project ``events.qgz``; the ids are those of ``test_corrections_qgis.py``.
"""

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp()

from qgis.core import QgsApplication, QgsGeometry, QgsPointXY, QgsProject
from qgis.PyQt.QtCore import QDate


def of(layer, event_id):
    """Return an event of a layer."""
    return next(f for f in layer.getFeatures() if f["event_id"] == event_id)


def change(layer, event_id, **values):
    """Set columns of an event, as the form of QGIS does."""
    feature = of(layer, event_id)
    for name, value in values.items():
        index = layer.fields().indexOf(name)
        assert not layer.editFormConfig().readOnly(index), name
        assert layer.changeAttributeValue(feature.id(), index, value)


def main():
    """Edit the layers of a project and save them."""
    application = QgsApplication([], False)
    application.initQgis()
    project = QgsProject.instance()
    assert project.read(str(Path(sys.argv[1]) / "events.qgz"))
    points = project.mapLayer("geomap_events_now")
    areas = project.mapLayer("geomap_areas_now")
    for layer in (points, areas):
        assert layer.startEditing()
    change(points, "reworded", status="denied", reviewer="Ada", note="the source took it back")
    change(points, "dated", date_start=QDate(2020, 5, 1), date_end=QDate(2020, 5, 2))
    change(points, "counted", killed_min=4, killed_max=7)
    moved = QgsGeometry.fromPointXY(QgsPointXY(61.25, 35.5))
    assert points.changeGeometry(of(points, "moved").id(), moved)
    assert points.deleteFeature(of(points, "deleted").id())
    change(areas, "country", review_status="confirmed", reviewer="Ben")
    redrawn = of(areas, "redrawn")
    shape = redrawn.geometry()
    assert shape.translate(0.5, 0) == 0
    assert areas.changeGeometry(redrawn.id(), shape)
    for layer in (points, areas):
        assert layer.commitChanges(), layer.commitErrors()
    sys.stdout.write("saved\n")
    sys.stdout.flush()
    # QGIS may crash while Python takes it apart; everything is written.
    os._exit(0)


if __name__ == "__main__":
    main()
