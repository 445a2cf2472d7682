"""Take the README's picture of a map with headless Chromium.

Needs the ``test`` extra (selenium), Chromium and its driver; nothing is fetched::

    geomap map seeds -o outputs
    python scripts/picture.py outputs/map.html docs/images/seed-map.png
"""

import argparse
import os
import shutil
import sys
import time
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

FLAGS = (
    "--headless --no-sandbox --disable-gpu --hide-scrollbars --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()
OFFLINE = {"offline": True, "latency": 0, "throughput": 0}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SETTLE_SECONDS = 2.0
LIMIT_BYTES = 400_000


def browser(width: int, height: int) -> webdriver.Chrome:
    """Start a browser without a network."""
    options = Options()
    for flag in (*FLAGS, f"--window-size={width},{height}"):
        options.add_argument(flag)
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    if found is None or driver is None:
        sys.exit("chromium and chromedriver are needed; install them first")
    options.binary_location = found
    os.environ["SE_OFFLINE"] = "true"
    started = webdriver.Chrome(options=options, service=Service(driver))
    started.set_network_conditions(**OFFLINE)
    return started


def main() -> None:
    """Read the arguments and write the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path, help="the map.html")
    parser.add_argument("picture", type=Path, help="the PNG to write")
    parser.add_argument("--width", type=int, default=1200)
    parser.add_argument("--height", type=int, default=760)
    options = parser.parse_args()
    opened = browser(options.width, options.height)
    try:
        opened.get(options.page.resolve().as_uri())
        time.sleep(SETTLE_SECONDS)
        data = opened.get_screenshot_as_png()
    finally:
        opened.quit()
    if len(data) > LIMIT_BYTES:
        sys.exit(f"the picture has {len(data)} bytes, more than {LIMIT_BYTES}; make it smaller")
    options.picture.parent.mkdir(parents=True, exist_ok=True)
    options.picture.write_bytes(data)
    print(options.picture, len(data), "bytes")


if __name__ == "__main__":
    main()
