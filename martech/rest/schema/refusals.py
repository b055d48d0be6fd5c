"""What can go wrong with an operation: one problem document for each status, with an example."""

from typing import Any

from martech.errors import SHEET
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
    429: ("TooMany", "Too many requests; `Retry-After` says how many seconds to wait.", {}),
}
HEADERS: dict[int, dict[str, Any]] = {
    401: {
        "WWW-Authenticate": {
            "description": "How to say who asks.",
            "schema": {"type": "string"},
            "example": 'Bearer realm="interlock"',
        }
    },
    429: {
        "Retry-After": {
            "description": "Seconds to wait.",
            "schema": {"type": "integer", "minimum": 1},
            "example": 30,
        }
    },
}
READ = (400, 401, 404, 406, 429)
WRITE = (400, 401, 403, 404, 406, 409, 413, 415, 429)


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
    return sorted(found | ({412} if matches else set()))


def references(found: list[int]) -> dict[str, Any]:
    """The responses of an operation, by status."""
    return {str(status): {"$ref": f"#/components/responses/{WHEN[status][0]}"} for status in found}


def responses() -> dict[str, Any]:
    """The shared responses: each a problem document with an example."""
    return {name: response(status, said, more) for status, (name, said, more) in WHEN.items()}


def response(status: int, said: str, more: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"description": said}
    if status in HEADERS:
        told["headers"] = HEADERS[status]
    media = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": {**kind(status), **more}}
    return {**told, "content": {"application/problem+json": media}}


def kind(status: int) -> dict[str, Any]:
    """Type, title and status as the product answers them."""
    row = next((row for row in SHEET if row.rest == status), None)
    slug, title = (row.slug, row.title) if row else (SLUGS.get(status, "refused"), TITLES.get(status, ""))
    return {"type": f"/problems/{slug}", "title": title or "This was refused.", "status": status}
