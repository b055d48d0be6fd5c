"""What webhooks send, for the `webhooks` section of the OpenAPI document: bodies, headers, and what an answer means."""

from typing import Any

from martech.audit.context import DOORS
from martech.webhooks import events

TEXT = {"type": "string"}
COUNT = {"type": "integer", "minimum": 1}
INSTANT = {"type": "string", "format": "date-time"}
SEQUENCE = {
    **COUNT,
    "description": "It rises in the order of commits; `replay` and the log call a delivery by it.",
}
RECORD: dict[str, Any] = {
    "kind": {**TEXT, "description": "The kind of record.", "examples": ["inventory.system"]},
    "id": COUNT,
    "number": {**TEXT, "examples": ["SYS-12"]},
    "name": TEXT,
    "url": {**TEXT, "description": "Its page; empty where it has none."},
}
ACT: dict[str, Any] = {
    "entry": {**COUNT, "description": "The id of the entry of the trail, as in `/api/v1/entries/`."},
    "act": {**TEXT, "format": "uuid", "description": "What was done together shares it."},
    **RECORD,
    "verb": {**TEXT, "examples": ["go_live"]},
    "version": {"type": "integer", "minimum": 0, "description": "The record’s version after the act."},
    "changes": {
        "type": "object",
        "description": "Field -> [before, after], of the fields that the owner of the webhook may see.",
        "additionalProperties": {"type": "array", "items": {}, "minItems": 2, "maxItems": 2},
        "examples": [{"lifecycle": ["implementing", "live"]}],
    },
    "by": {
        "type": "object",
        "properties": {"id": COUNT, "name": {**TEXT, "examples": ["Mona"]}},
        "required": ["id", "name"],
        "additionalProperties": False,
    },
    "door": {**TEXT, "enum": list(DOORS), "description": "Through what it was done."},
    "note": TEXT,
}
SHORTENED = {
    "type": "boolean",
    "const": True,
    "description": "There where changes and note were left out, since the body would have been too large.",
}
DAY: dict[str, Any] = {
    **RECORD,
    "field": {**TEXT, "description": "The field that holds the date.", "examples": ["expires_on"]},
    "day": {**TEXT, "format": "date"},
    "days_before": {"type": "integer", "minimum": 0, "maximum": events.FARTHEST},
}
TEST: dict[str, Any] = {
    "webhook": {**TEXT, "description": "The number of the webhook.", "examples": ["WEB-12"]},
    "name": {**TEXT, "description": "The name of the webhook."},
    "note": TEXT,
}
HEADERS: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    (
        "webhook-id",
        "The same at every try and replay of this message: keep those you have dealt with, and drop repeats.",
        {**TEXT, "pattern": "^msg_[0-9a-f]{32}$"},
        "msg_1f0c8a526c0e5f3e9d2f6a1c5b7e9d10",
    ),
    (
        "webhook-timestamp",
        "When this try was signed, in seconds since 1970. Refuse what is older than five minutes.",
        {**TEXT, "pattern": "^[0-9]+$"},
        "1795599000",
    ),
    (
        "webhook-signature",
        "By Standard Webhooks: `v1,` and the base64 of the HMAC-SHA256 of `<webhook-id>.<webhook-timestamp>.<body>`, "
        "the body byte by byte as it came. The key is the base64 behind `whsec_` of the secret. For 24 hours after "
        "`rotate` there are two, with a space between; one that is right is enough.",
        {**TEXT, "pattern": "^v1,[A-Za-z0-9+/]{43}=( v1,[A-Za-z0-9+/]{43}=)*$"},
        "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
    ),
)
ANSWERS = {
    "2XX": {"description": "It is done, whatever the body says."},
    "410": {"description": "The address is gone for good: the webhook is switched off, and its owner told."},
    "default": {
        "description": "Not done: a redirect, an error, or nothing within 15 seconds. It is tried again for three "
        "days, and `Retry-After` is heeded."
    },
}
SENT: tuple[tuple[str, str, str, dict[str, Any], dict[str, Any], tuple[str, ...]], ...] = (
    (
        "act",
        "ActNews",
        "Something was done to a record",
        {**TEXT, "description": "Kind and verb.", "examples": ["inventory.system.go_live"]},
        {**ACT, "shortened": SHORTENED},
        tuple(ACT),
    ),
    (
        events.DAY_AHEAD,
        "DayNews",
        "A date of a record comes near",
        {
            **TEXT,
            "pattern": rf"\.{events.DAY_AHEAD}$",
            "examples": [f"inventory.assurance.{events.DAY_AHEAD}"],
        },
        DAY,
        tuple(DAY),
    ),
    ("ping", "PingNews", "A test of the webhook", {**TEXT, "const": events.PING}, TEST, tuple(TEST)),
)
"""Name, component, words, type, data, and what of the data is always there."""


TAG = "webhook-messages"
"""Not that of the collection: what generators make of requests that come the other way stays out of its client."""


def describe(result: dict[str, Any], generator: Any = None, **_given: Any) -> dict[str, Any]:
    """The document with what webhooks send. Comes before the hand that gives every component its example."""
    result["webhooks"] = {}
    result["tags"] = [{"name": TAG, "description": "What Interlock sends to the address of a webhook."}]
    for name, component, words, kind, data, needed in SENT:
        result["components"]["schemas"][component] = body(words, kind, data, needed)
        result["webhooks"][name] = {"post": sending(name, component, words)}
    return result


def body(words: str, kind: dict[str, Any], data: dict[str, Any], needed: tuple[str, ...]) -> dict[str, Any]:
    """The schema of a body. More may be added to it: what a receiver does not know, it passes over."""
    inner = {"type": "object", "properties": {"sequence": SEQUENCE, **data}, "required": ["sequence", *needed]}
    when = {**INSTANT, "description": "When it happened, not when it is sent."}
    return {
        "type": "object",
        "description": f"{words}. As far as the owner of the webhook may see it at the moment of sending.",
        "properties": {"type": kind, "timestamp": when, "data": inner},
        "required": ["type", "timestamp", "data"],
    }


def sending(name: str, component: str, words: str) -> dict[str, Any]:
    """The request that Interlock makes of the address of a webhook."""
    schema = {"$ref": f"#/components/schemas/{component}"}
    return {
        "operationId": f"webhook_{name}",
        "summary": words,
        "description": "Interlock sends it to the address of a webhook, at least once, under one `webhook-id`.",
        "tags": [TAG],
        "security": [],
        "parameters": [
            {"name": header, "in": "header", "required": True, "description": said, "schema": kind, "example": example}
            for header, said, kind, example in HEADERS
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": ANSWERS,
    }
