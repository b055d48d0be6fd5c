"""What every endpoint does before its own part: count, refuse what nobody asks for, and do a keyed POST once."""

from functools import partial
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.views import APIView

from martech.rest import idempotency, throttling
from martech.rest.parsers import LARGEST, TooLarge
from martech.rest.renderers import Problem


class View(APIView):
    """The base of every endpoint; tests/house/test_endpoints.py walks the routes to hold it so."""

    body_limit: ClassVar[int] = LARGEST
    """The most bytes a JSON body may have; LARGEST_BULK on sync and bulk."""
    told_once: ClassVar[frozenset[str]] = frozenset({"secret"})
    """Names in an answer that a repeat does not tell again and nobody keeps."""
    judges_query: ClassVar[frozenset[str]] = frozenset({"index", "get"})
    """Actions that judge their query string themselves; to all others every parameter is unknown."""

    def perform_authentication(self, request: Request) -> None:
        """Who asks, counted before anything else is done."""
        try:
            super().perform_authentication(request)
        except APIException:
            self.counted(throttling.stranger, request)
            raise
        self.counted(throttling.known if request.user else throttling.stranger, request)

    def counted(self, by: Any, request: Request) -> None:
        try:
            self.headers.update(by(request))
        except throttling.TooMany as refusal:
            self.headers.update(refusal.headers)
            raise

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        method = (request.method or "").lower()
        handler = getattr(self, method, None)
        judged = (getattr(self, "action", None) or method) in self.judges_query
        if handler and request.query_params and not judged:
            raise ValidationError(dict.fromkeys(request.query_params, "There is no such parameter."))
        if handler and method == "post" and idempotency.HEADER in request.headers:
            setattr(self, "post", partial(idempotency.answered, self, handler))  # noqa: B010

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Problems are JSON, whatever an endpoint answers otherwise."""
        final = super().finalize_response(request, response, *args, **kwargs)
        if getattr(final, "content_type", "") == Problem.media_type:
            final.accepted_renderer = Problem()  # type: ignore[attr-defined]
        return final

    def uploaded(self, request: Request) -> Any:
        """The fields and files of a form; TooLarge where a file was cut at its limit."""
        data = request.data
        if getattr(request, "upload_refused", False):
            raise TooLarge(f"A file has at most {settings.UPLOAD_LIMIT >> 20} MB.")
        return data

    def nothing_asked(self, request: Request) -> None:
        """Refuse a body where none is read: an unknown field is never ignored."""
        if request.data:
            named = request.data if isinstance(request.data, dict) else ("non_field",)
            raise ValidationError(dict.fromkeys(named, "There is no such field."))
