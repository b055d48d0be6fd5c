"""Pages of a list: `limit` and `offset` with a count, or `cursor` for walking everything."""

import base64
import binascii
from collections.abc import Container
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.request import Request

DEFAULT, MOST, FURTHEST = 50, 1000, 10_000_000
FOREIGN = "This cursor is none of ours."


def known(request: Request, names: Container[str]) -> None:
    """Raise ValidationError for a parameter that is none of these, or given twice."""
    told = {name: "There is no such parameter." for name in request.query_params if name not in names}
    twice = {name: "Give this once." for name, values in request.query_params.lists() if len(values) > 1}
    if told or twice:
        raise ValidationError(twice | told)


def envelope(request: Request) -> dict[str, Any]:
    """What part of a list is asked for: the answer without its count and results; ValidationError by parameter."""
    asked = request.query_params
    limit = number(asked.get("limit", ""), "limit", DEFAULT, 1, MOST)
    if "cursor" in asked:
        if asked.get("offset") or asked.get("ordering"):
            raise ValidationError({"cursor": "A walk goes by id: leave out offset and ordering."})
        after = decoded(asked.get("cursor", ""))
        return {"kind": "cursor", "count": None, "limit": limit, "after": after, "request": request}
    offset = number(asked.get("offset", ""), "offset", 0, 0, FURTHEST)
    counted = asked.get("count", "true")
    if counted not in {"true", "false"}:
        raise ValidationError({"count": "Say true or false."})
    return {
        "kind": "offset",
        "counted": counted == "true",
        "count": None,
        "limit": limit,
        "offset": offset,
        "request": request,
    }


def cut(rows: Any, request: Request) -> tuple[Any, dict[str, Any]]:
    """The rows of the asked page, and the envelope without results."""
    part = envelope(request)
    limit = part["limit"]
    if part["kind"] == "cursor":
        return rows.filter(pk__gt=part["after"]).order_by("pk")[:limit], part
    part["count"] = rows.count() if part["counted"] else None
    return rows[part["offset"] : part["offset"] + limit], part


def fill(envelope: dict[str, Any], results: list[dict[str, Any]]) -> dict[str, Any]:
    """The answer of a list."""
    request, limit = envelope["request"], envelope["limit"]
    if envelope["kind"] == "cursor":
        more = len(results) == limit
        following = address(request, cursor=encoded(results[-1]["id"])) if more else None
        return {"count": None, "next": following, "previous": None, "results": results}
    offset, total = envelope["offset"], envelope["count"]
    more = len(results) == limit if total is None else offset + limit < total
    return {
        "count": total,
        "next": address(request, offset=offset + limit) if more else None,
        "previous": address(request, offset=max(offset - limit, 0)) if offset else None,
        "results": results,
    }


def address(request: Request, **changes: Any) -> str:
    asked = {**request.query_params.dict(), **changes}
    return request.build_absolute_uri(f"{request.path}?{urlencode(asked)}")


def number(text: str, name: str, default: int, least: int, most: int) -> int:
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or len(text) > 12 or not least <= int(text) <= most:
        raise ValidationError({name: f"Give a whole number from {least} to {most}."})
    return int(text)


def encoded(key: int, walk: str = "id") -> str:
    """A place in a walk of this name, as clients hand it back."""
    return base64.urlsafe_b64encode(f"{walk}:{key}".encode()).decode().rstrip("=")


def decoded(cursor: str, walk: str = "id", parameter: str = "cursor") -> int:
    """The key a cursor stands for, 0 where it is empty; ValidationError where it is not exactly as we wrote it."""
    if not cursor:
        return 0
    try:
        name, _, key = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        name, key = "", ""
    if name != walk or not key.isdigit() or len(key) > 18 or encoded(int(key), walk) != cursor:
        raise ValidationError({parameter: FOREIGN})
    return int(key)


@cache
def envelope_of(shape: Any) -> Any:
    """The list's answer for the schema."""
    return inline_serializer(
        f"{shape.__name__.removesuffix('Shape')}List",
        {
            "count": serializers.IntegerField(
                allow_null=True, help_text="How many there are altogether; null on a walk."
            ),
            "next": serializers.URLField(allow_null=True, help_text="The address of the next page; null on the last."),
            "previous": serializers.URLField(allow_null=True, help_text="The address of the page before; or null."),
            "results": shape(many=True),
        },
    )
