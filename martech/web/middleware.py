"""What every request carries: an id for its log lines and trail, the door it came through, and errors as pages."""

import re
import uuid
from collections.abc import Callable
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from martech.audit import context
from martech.errors import Refused, Stale

Respond = Callable[[HttpRequest], HttpResponse]
API = "/api/"


class RequestContext:
    """Opens the door for everything recorded in this request and answers with its id."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if re.fullmatch(r"[\w.-]{8,64}", given) else uuid.uuid4().hex
        # A control character is in no cookie of ours, and no database is asked for a session with one in its key.
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if value.isprintable()}
        with context.through("api" if request.path.startswith(API) else "page", request_id):
            response = self.respond(request)
        response["X-Request-ID"] = request_id
        if not request.path.startswith(settings.STATIC_URL):
            response.setdefault("Cache-Control", "no-store, private")
        return response


class Errors:
    """A page's errors by the sheet in martech/errors.py; REST has its own answer."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in unquote(request.META.get("QUERY_STRING", "")):
            return self.unreadable(request, "The address holds a NUL character.")
        return self.respond(request)

    def unreadable(self, request: HttpRequest, sentence: str) -> HttpResponse:
        if not request.path.startswith(API):
            return render(request, "400.html", {"sentence": sentence}, status=400)
        body = {"type": "/problems/not-sound", "title": "This was refused.", "status": 400, "detail": sentence}
        return JsonResponse(body, status=400, content_type="application/problem+json")

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Http404 | PermissionDenied) or request.path.startswith(API):
            return None
        if isinstance(error, Refused | Stale):
            return render(request, "409.html", {"page_title": "Not now", "sentence": str(error)}, status=409)
        if isinstance(error, RequestDataTooBig | TooManyFieldsSent):
            return render(request, "400.html", {"sentence": "That is more than one form can take."}, status=413)
        return None
