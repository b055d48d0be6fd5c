"""There is one way out: no other module of the product speaks HTTP to somebody."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SPEAKERS = {"http.client", "urllib.request", "requests", "httpx", "aiohttp", "urllib3"}
OUT = "martech/outbound.py"
LOOKING_AT_ITSELF = ("martech/running/", "martech/bootstrap.py")
"""Start-up asks its own server whether it answers."""


def imported(file):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def test_only_outbound_speaks_http():
    found = {
        str(file.relative_to(ROOT))
        for app in ("martech", "inventory", "sla", "governance")
        for file in (ROOT / app).rglob("*.py")
        if SPEAKERS & set(imported(file))
    }
    assert {path for path in found if not path.startswith(LOOKING_AT_ITSELF)} == {OUT}
