"""The OpenAPI document as a file, laid out so that one changed field is one changed line."""

import json
from typing import Any

from martech.rest.document import document

WIDTH = 150


def pages() -> dict[str, str]:
    return {"openapi.json": laid_out(json.loads(json.dumps(document(), default=str))) + "\n"}


def laid_out(value: Any, depth: int = 0) -> str:
    """JSON with whatever fits on a line left on it."""
    short = json.dumps(value, ensure_ascii=False)
    if len(short) + 2 * depth <= WIDTH or not isinstance(value, dict | list) or not value:
        return short
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, dict):
        parts = [f"{json.dumps(name, ensure_ascii=False)}: {laid_out(part, depth + 1)}" for name, part in value.items()]
        return "{\n" + ",\n".join(inner + part for part in parts) + f"\n{outer}}}"
    return "[\n" + ",\n".join(inner + laid_out(part, depth + 1) for part in value) + f"\n{outer}]"
