"""What can go wrong with an operation: one problem document for each status, with an example."""

from typing import Any

from martech.errors import SHEET
from martech.rest import idempotency, throttling
from martech.rest.errors import SLUGS, TITLES

PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "description": "`/problems/<slug>`: the kind of problem, to be compared as text."},
        "title": {"type": "string", "description": "The kind of problem, in words."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What is wrong here, as a sentence for a person."},
        "errors": {
            "type": "object",
            "description": "Sentences by field or parameter; `items.3.name` inside a list, `non_field` for the whole.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "conflicts": {
            "type": "object",
            "description": "Where somebody else changed the same fields: field -> [theirs, yours].",
            "additionalProperties": {"type": "array", "items": {}, "minItems": 2, "maxItems": 2},
        },
    },
}

WHEN: dict[int, tuple[str, str, dict[str, Any]]] = {
    400: (
        "NotSound",
        "Something in what was sent is not right; `errors` says what, by field or parameter.",
        {"errors": {"name": ["This is needed."]}},
    ),
    401: (
        "WhoAreYou",
        "No token and no session, or a token that does not work.",
        {"detail": "This token does not work: it is unknown, expired or withdrawn."},
    ),
    403: ("NotAllowed", "Whoever asks may not do this, or a session came without its CSRF token.", {}),
    404: ("NotFound", "There is nothing here, or it is not yours to see.", {}),
    406: ("NotAcceptable", "The answer is not to be had in a form that `Accept` names.", {}),
    409: (
        "NotNow",
        "The state of the record does not allow it now.",
        {"detail": "SYS-61 is evaluating: go live is not possible now."},
    ),
    412: (
        "Stale",
        "The record is not the one whose `ETag` was sent in `If-Match`.",
        {
            "detail": "This record was changed by somebody else since you opened it.",
            "conflicts": {"country": ["IE", "DE"]},
        },
    ),
    413: ("TooLarge", "The body is larger than this address takes.", {"detail": "A body here has at most 1 MB."}),
    415: ("WrongType", "The body is not of the media type that is asked for.", {}),
    422: (
        "KeyUsed",
        "The `Idempotency-Key` came with another request before.",
        {"detail": "This Idempotency-Key came with another request before. Send a new key for a new request."},
    ),
    429: ("TooMany", "Too many requests; `Retry-After` says how many seconds to wait.", {}),
    503: ("TooLong", "The database did not answer in time; nothing was done, ask again.", {}),
}
COUNTED = (throttling.LIMIT, throttling.REMAINING, throttling.RESET)
SHARED: dict[str, dict[str, Any]] = {
    throttling.LIMIT: {
        "description": "How many calls a window takes. Not there where nobody is counted.",
        "schema": {"type": "integer", "minimum": 1},
        "example": 1200,
    },
    throttling.REMAINING: {
        "description": "How many are left in this window.",
        "schema": {"type": "integer", "minimum": 0},
        "example": 1199,
    },
    throttling.RESET: {
        "description": "Seconds until the next window.",
        "schema": {"type": "integer", "minimum": 1},
        "example": 42,
    },
    idempotency.REPLAYED: {
        "description": "`true` where this is the answer of the first request with this key.",
        "schema": {"type": "string", "enum": ["true"]},
        "example": "true",
    },
}
"""Headers that many answers carry, described once."""
HEADERS: dict[int, dict[str, Any]] = {
    401: {
        "WWW-Authenticate": {
            "description": "How to say who asks.",
            "schema": {"type": "string"},
            "example": 'Bearer realm="interlock"',
        }
    },
    **{
        status: {
            "Retry-After": {
                "description": "Seconds to wait.",
                "schema": {"type": "integer", "minimum": 1},
                "example": seconds,
            }
        }
        for status, seconds in ((429, 30), (503, 5))
    },
}
READ = (400, 401, 404, 406, 429, 503)
WRITE = (400, 401, 403, 404, 406, 409, 413, 415, 429, 503)


def statuses(method: str, *, one: bool, kind: bool, body: bool, matches: bool) -> list[int]:
    """The statuses other than success of an operation.

    `one`: its address names a record; `kind`: it is of a kind of record, which may be hidden as a whole; `body`: it
    takes one; `matches`: it takes `If-Match`.
    """
    found = set(READ if method == "GET" else WRITE)
    if not one and not (kind and method == "GET"):
        found.discard(404)
    if not body:
        found -= {413, 415}
    if method == "POST":
        found.add(422)
    return sorted(found | ({412} if matches else set()))


def told(*names: str) -> dict[str, Any]:
    """Shared headers, by reference."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def references(found: list[int]) -> dict[str, Any]:
    """The responses of an operation, by status."""
    return {str(status): {"$ref": f"#/components/responses/{WHEN[status][0]}"} for status in found}


def responses() -> dict[str, Any]:
    """The shared responses: each a problem document with an example."""
    return {name: response(status, said, more) for status, (name, said, more) in WHEN.items()}


def response(status: int, said: str, more: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": said, "headers": {**HEADERS.get(status, {}), **told(*COUNTED)}}
    media = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": {**kind(status), **more}}
    return {**answer, "content": {"application/problem+json": media}}


def kind(status: int) -> dict[str, Any]:
    """Type, title and status as the product answers them."""
    row = next((row for row in SHEET if row.rest == status), None)
    slug, title = (row.slug, row.title) if row else (SLUGS.get(status, "refused"), TITLES.get(status, ""))
    return {"type": f"/problems/{slug}", "title": title or "This was refused.", "status": status}
