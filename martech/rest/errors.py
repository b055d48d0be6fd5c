"""Every error as a problem document (RFC 9457), by the sheet in martech/errors.py."""

import json
import logging
import math
from typing import Any

from django.core.exceptions import ValidationError
from django.db import OperationalError
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from martech.errors import Busy, Refused, Stale, by_field, meaning
from martech.rest.viewsets import COLLECTIONS

logger = logging.getLogger(__name__)

SLUGS = {
    400: "not-sound",
    401: "who-are-you",
    403: "not-allowed",
    404: "not-found",
    405: "no-such-method",
    406: "not-acceptable",
    409: "still-running",
    413: "too-large",
    415: "wrong-type",
    422: "key-used",
    429: "too-many",
}
TITLES = {
    401: "Sign in or send a token.",
    405: "This address does not take that method.",
    409: "The first request with this key is still running.",
    413: "Too large.",
    415: "Send JSON.",
    422: "This key came with another request.",
    429: "Too many requests.",
}


WAITS = {429, 503}
WAIT = 5
"""Seconds to wait where nothing says how long."""


def _how(error: Exception) -> str:
    """What opens the way, said to a program; empty where nothing does."""
    instead = getattr(error, "instead", None)
    if instead is None:
        return ""
    collection = f"/api/v1/{COLLECTIONS[instead.kind]}/"
    if instead.key is not None:
        return f" See {collection}{instead.key}/."
    return f" Send it to {collection}, with a reason: {json.dumps(instead.fields)}"


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an error; None for one nobody foresaw, which becomes a plain 500."""
    set_rollback()
    row = meaning(error)
    if row is not None and not isinstance(error, exceptions.APIException):
        body: dict[str, Any] = {"type": f"/problems/{row.slug}", "title": row.title, "status": row.rest}
        if isinstance(error, ValidationError):
            body["errors"] = {
                ("non_field" if name == "__all__" else name): lines for name, lines in by_field(error).items()
            }
        elif isinstance(error, Refused | Stale | Busy):
            body["detail"] = f"{error}{_how(error)}"
        if isinstance(error, OperationalError):
            logger.error("The database gave up: %s", context["request"].path, exc_info=error)
        if isinstance(error, Stale) and error.conflicts:
            body["conflicts"] = {name: list(pair) for name, pair in error.conflicts.items()}
        return answer(body, {"Retry-After": str(WAIT)} if row.rest in WAITS else None)
    if not isinstance(error, exceptions.APIException):
        return None
    status = error.status_code
    body = {
        "type": f"/problems/{SLUGS.get(status, 'refused')}",
        "title": TITLES.get(status, "This was refused."),
        "status": status,
    }
    if isinstance(error, exceptions.ValidationError):
        body["title"], body["errors"] = "Something in what was sent is not right.", flat(error.detail)
    else:
        body["detail"] = str(error.detail)
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(math.ceil(error.wait))  # type: ignore[attr-defined]
    return answer(body, headers)


def answer(body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    response = Response(body, status=body["status"], headers=headers)
    response.content_type = "application/problem+json"
    return response


def flat(detail: Any, path: str = "") -> dict[str, list[str]]:
    """Nested serializer errors as `items.3.name` -> sentences."""
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for name, inner in detail.items():
            found.update(flat(inner, f"{path}.{name}" if path else str(name)))
        return found
    if isinstance(detail, list) and any(isinstance(item, dict) for item in detail):
        return flat({str(place): item for place, item in enumerate(detail) if item}, path)
    lines = detail if isinstance(detail, list) else [detail]
    return {path or "non_field": [str(line) for line in lines]}
