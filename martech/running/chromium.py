"""The browser of the journeys: where it is, and how a bare Debian gets it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW_TO_GET = "apt-get install chromium, or set CHROMIUM to the path of a Chromium or Chrome"


def program() -> Path | None:
    """The browser named by CHROMIUM, else the first one installed under a usual name."""
    named = os.environ.get("CHROMIUM", "").strip()
    for name in [named] if named else NAMES:
        if found := shutil.which(name):
            return Path(found)
    return None


def version(browser: Path) -> str:
    said = subprocess.run([browser, "--version", "--no-sandbox"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\d+(\.\d+)+", said)
    return found[0] if found else "unknown version"


def arguments() -> list[str]:
    """What it has to be started with here: as root it knows no sandbox, and containers have little shared memory."""
    return ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def install() -> Path | None:
    """Install it where that takes no question: as root on a Debian; the browser, or None."""
    if os.environ.get("CHROMIUM", "").strip() or os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    for attempt in (command, ["apt-get", "update", "-qq"], command):
        done = subprocess.run(attempt, env=environment, capture_output=True, check=False).returncode == 0
        if done and attempt is command:
            return program()
    return None
