"""Scripts run in the Python that has QGIS."""

import os
import subprocess
from pathlib import Path

import pytest

PYTHON = "/usr/bin/python3"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "QT_QPA_PLATFORM": "offscreen", "HOME": "/nonexistent"}


def in_qgis(script: Path, *arguments: object) -> str:
    """Run a script, and return what it printed; in CI QGIS has to be there."""
    there = (
        Path(PYTHON).exists()
        and not subprocess.run(
            [PYTHON, "-c", "import qgis.core"], env=ENVIRONMENT, capture_output=True, check=False
        ).returncode
    )
    if not there and not os.environ.get("CI"):
        pytest.skip("QGIS is not installed (Debian: python3-qgis qgis-providers)")
    command = [PYTHON, str(script), *map(str, arguments)]
    done = subprocess.run(
        command, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
