"""The rules of the house that no ready-made linter knows. Each returns the sentences of what is wrong."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

APPS = ("martech", "inventory", "sla", "governance")
LINES = 400
NO_ROOMS = {"services", "selectors", "managers", "helpers", "utils", "common", "misc", "signals"}
BELL = "martech/bell.py"
BELL_ONLY = re.compile(r"\.(delay|apply_async|send_task)\(|\b(eta|countdown)=")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
SURFACES = ("django.http", "django.forms", "django.views", "rest_framework", "celery", "django_filters")


def sources(root: Path) -> Iterator[tuple[str, Path]]:
    """Our Python files, as (path under the project, file), without migrations."""
    for folder in (*APPS, "tests", "benchmarks"):
        for file in sorted((root / folder).rglob("*.py")):
            if "migrations" not in file.parts and "__pycache__" not in file.parts:
                yield file.relative_to(root).as_posix(), file


def sizes(root: Path) -> list[str]:
    """No file has 400 lines or more, templates, styles and scripts included."""
    files = [(name, file) for name, file in sources(root)]
    for folder, pattern in (("templates", "*.html"), ("static", "*.css"), ("static", "*.js")):
        files += [(file.relative_to(root).as_posix(), file) for file in sorted((root / folder).rglob(pattern))]
    counted = [(name, len(file.read_text(encoding="utf-8").splitlines())) for name, file in files]
    return [f"{name}: {lines} lines; under {LINES} are allowed" for name, lines in counted if lines >= LINES]


def names(root: Path) -> list[str]:
    """A file is named after what it knows."""
    found = []
    for name, file in sources(root):
        if name.startswith(APPS) and (file.stem in NO_ROOMS or NO_ROOMS & set(file.relative_to(root).parts[:-1])):
            found.append(f"{name}: a room named {file.stem!r} holds anything; name it after what it knows")
    return found


def bell(root: Path) -> list[str]:
    """Only the bell speaks to the broker, and nothing asks it to wait (reliability rules C2 and C6)."""
    found = []
    for name, file in sources(root):
        if name == BELL or not name.startswith(APPS) or name == "martech/running/house.py":
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if match := BELL_ONLY.search(line.partition("#")[0]):
                found.append(f"{name}:{number}: {match[0].strip('.')} outside {BELL}")
    return found


def finished(root: Path) -> list[str]:
    """What is committed is done."""
    found = []
    for name, file in sources(root):
        if name == "martech/running/house.py":
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if match := UNFINISHED.search(line):
                found.append(f"{name}:{number}: {match[0]}")
    return found


def records(root: Path) -> list[str]:
    """Models import no surface."""
    found = []
    for name, file in sources(root):
        if not name.startswith(APPS) or not (file.stem == "models" or file.parent.name == "models"):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                modules = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            else:
                continue
            if wrong := [m for m in modules if m in SURFACES or m.startswith(tuple(f"{s}." for s in SURFACES))]:
                found.append(f"{name}:{node.lineno}: a model imports {wrong[0]}")
    return found


def locks(root: Path) -> list[str]:
    """The locks name packages and hashes and no address of any index."""
    found = []
    for lock in sorted((root / "requirements").glob("*.txt")):
        for number, line in enumerate(lock.read_text(encoding="utf-8").splitlines(), 1):
            bare = re.sub(r"--hash=sha256:[0-9a-f]{64}", "", line)
            if "://" in bare or "--" in bare:
                found.append(f"{lock.name}:{number}: {line.strip()}")
    return found


RULES = {
    "files under 400 lines": sizes,
    "rooms named after what they know": names,
    "only the bell rings": bell,
    "nothing unfinished": finished,
    "models know no surface": records,
    "locks without addresses": locks,
}
