"""What every request carries: an id for its log lines and trail, the door it came through, and errors as pages."""

import logging
import re
import uuid
from collections.abc import Callable
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from martech.audit import context
from martech.errors import Busy, Refused, Stale

logger = logging.getLogger(__name__)
Respond = Callable[[HttpRequest], HttpResponse]
API = "/api/"


OUTSIDE = {
    400: ("not-sound", "This was refused."),
    404: ("not-found", "There is nothing here, or it is not yours to see."),
    413: ("too-large", "Too large."),
}
"""How the REST interface names what goes wrong outside its endpoints: status -> (slug, title)."""


def problem(status: int, sentence: str = "") -> HttpResponse:
    """A problem document, as martech/rest/errors.py writes them."""
    slug, title = OUTSIDE.get(status, ("broken", "Something broke on our side. It has been noted."))
    body = {"type": f"/problems/{slug}", "title": title, "status": status, **({"detail": sentence} if sentence else {})}
    return JsonResponse(body, status=status, content_type="application/problem+json")


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
        response = self.respond(request)
        told = response.get("Content-Type", "").startswith("application/")
        if response.status_code >= 400 and request.path.startswith(API) and not told:
            return problem(response.status_code)  # no endpoint was reached, or it broke
        return response

    def unreadable(self, request: HttpRequest, sentence: str) -> HttpResponse:
        if not request.path.startswith(API):
            return render(request, "400.html", {"sentence": sentence}, status=400)
        return problem(400, sentence)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if request.path.startswith(API):
            too_big = isinstance(error, RequestDataTooBig | TooManyFieldsSent)
            return problem(413, "That is more than one form can take.") if too_big else None
        if isinstance(error, Http404 | PermissionDenied):
            return None
        if isinstance(error, OperationalError):
            logger.error("The database gave up: %s", request.path, exc_info=error)
            return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "5"})
        if isinstance(error, Busy):
            return render(request, "429.html", {"sentence": str(error)}, status=429)
        if isinstance(error, Refused | Stale):
            return render(request, "409.html", {"page_title": "Not now", "sentence": str(error)}, status=409)
        if isinstance(error, RequestDataTooBig | TooManyFieldsSent):
            return render(request, "400.html", {"sentence": "That is more than one form can take."}, status=413)
        return None
