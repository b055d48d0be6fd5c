"""Idempotency-Key: a POST sent again with its key is not done again; it gets the answer of the first time."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import orjson
from django.http import HttpResponse
from rest_framework.exceptions import APIException, ParseError
from rest_framework.request import Request

from martech.repeats.fingerprint import fingerprint, sent
from martech.repeats.models import Answer, Running, once
from martech.rest.renderers import JSON

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
"""On an answer that was given before: `true`."""
KEY = re.compile(r"[\x21-\x7e]{1,255}")
HEADERS = ("Content-Type", "ETag", "Location")
"""What is kept of an answer beside status and body."""


class KeyUsed(APIException):
    status_code = 422
    default_detail = "This Idempotency-Key came with another request before. Send a new key for a new request."


class StillRunning(APIException):
    status_code = 409
    default_detail = "The first request with this Idempotency-Key is not answered yet. Ask again."
    wait = 1
    """Seconds."""


def answered(view: Any, handler: Callable[..., Any], request: Request, *args: Any, **kwargs: Any) -> Any:
    """The answer of `handler`, or the one this key had before.

    Only what was done is kept: a refusal leaves nothing, and the same key may try again. Act and answer are one
    transaction, so a lost connection or a crash leaves both or neither.
    """
    key = request.headers[HEADER]
    if not KEY.fullmatch(key):
        raise ParseError(f"{HEADER} takes 1 to 255 visible ASCII characters.")
    asked = fingerprint(parts(request))
    try:
        with once(request.user, key, asked, wait=False) as turn:
            if turn.given is not None:
                return replayed(turn.given, asked)
            response = view.finalize_response(request, handler(request, *args, **kwargs), *args, **kwargs)
            if hasattr(response, "render"):
                response.render()
            if 200 <= response.status_code < 300:
                headers = {name: response[name] for name in HEADERS if response.has_header(name)}
                turn.keep(response.status_code, headers, to_keep(response, view.told_once))
            return response
    except Running:
        raise StillRunning from None


def replayed(given: Answer, asked: str) -> HttpResponse:
    """The answer of the first time, marked; KeyUsed where the first asked for something else."""
    if given.request != asked:
        raise KeyUsed
    return HttpResponse(given.body, status=given.status, headers={**given.headers, REPLAYED: "true"})


def parts(request: Request) -> Iterator[str | bytes]:
    """What makes a request the same: method, address with query, token, fields and files.

    Fields count, not their order or spacing; a form's boundary differs in every sending. Another token of the same
    person may be a narrower one: to it the key is used.
    """
    yield from (request.method or "", request.get_full_path(), str(getattr(request.auth, "pk", "")))
    data = request.data
    if not hasattr(data, "lists"):
        try:
            yield orjson.dumps(data, option=orjson.OPT_SORT_KEYS)
        except TypeError:
            yield repr(data)  # a number beyond 64 bits
        return
    yield from sent(data.lists())


def to_keep(response: Any, told_once: frozenset[str]) -> str:
    """The body without what is told once: secrets are in the first answer and nowhere else."""
    data = getattr(response, "data", None)
    content = JSON().render(without(data, told_once)) if names_any(data, told_once) else response.content
    return bytes(content).decode()


def names_any(data: Any, names: frozenset[str]) -> bool:
    if isinstance(data, dict):
        return not names.isdisjoint(data) or any(names_any(value, names) for value in data.values())
    return isinstance(data, list) and any(names_any(value, names) for value in data)


def without(data: Any, names: frozenset[str]) -> Any:
    if isinstance(data, dict):
        return {name: without(value, names) for name, value in data.items() if name not in names}
    return [without(value, names) for value in data] if isinstance(data, list) else data
