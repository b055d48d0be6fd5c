"""The inbox for programs: my notices, newest first."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as shapes
from rest_framework.request import Request
from rest_framework.response import Response

from martech.notifications.models import Notice
from martech.permissions import engine
from martech.rest import pagination
from martech.rest.schema import parameters
from martech.rest.views import View

UNREAD = parameters.asked("unread", {"type": "boolean", "default": False}, "`true`: only what is not read yet.", True)


class NoticeShape(shapes.Serializer[Any]):
    """One line of the inbox."""

    id = shapes.IntegerField()
    at = shapes.DateTimeField()
    kind = shapes.CharField()
    key = shapes.IntegerField()
    number = shapes.CharField()
    event = shapes.CharField()
    sentence = shapes.CharField()
    link = shapes.CharField()
    read_at = shapes.DateTimeField(allow_null=True)
    snoozed_until = shapes.DateTimeField(allow_null=True)


class Notices(View):
    """What you are told; nobody else sees it."""

    @extend_schema(
        responses=pagination.envelope_of(NoticeShape),
        summary="Your inbox",
        parameters=[UNREAD, parameters.LIMIT, parameters.OFFSET, parameters.COUNT],
    )
    def get(self, request: Request) -> Response:
        unknown = set(request.query_params) - {"unread", "limit", "offset", "count"}
        if unknown:
            raise ValidationError(dict.fromkeys(unknown, "There is no such parameter."))
        rows = engine.scope(request.user, Notice.objects.showing(timezone.now()).order_by("-at", "-pk"))
        if request.query_params.get("unread", "false") not in {"true", "false"}:
            raise ValidationError({"unread": "Say true or false."})
        if request.query_params.get("unread") == "true":
            rows = rows.filter(read_at=None)
        page, envelope = pagination.cut(rows, request)
        return Response(pagination.fill(envelope, list(page.values(*NoticeShape().fields))))


class NoticeRead(View):
    """Mark one notice as read."""

    @extend_schema(request=None, responses=NoticeShape, summary="Mark a notice as read")
    def post(self, request: Request, key: int) -> Response:
        rows = engine.scope(request.user, Notice.objects.filter(pk=key))
        notice = rows.first()
        if notice is None:
            raise Http404
        self.nothing_asked(request)
        notice.mark_read(timezone.now())
        return Response(rows.values(*NoticeShape().fields).get())
