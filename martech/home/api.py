"""Endpoints that belong to no one app: the trail and the comments in it."""

from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as shapes
from rest_framework.request import Request
from rest_framework.response import Response

from martech import timeline
from martech.audit.models import Entry
from martech.permissions import engine
from martech.rest import pagination
from martech.rest.schema import parameters
from martech.rest.views import View

ID = {"type": "integer", "minimum": 0, "maximum": 10**18 - 1}
ASKED = {
    "kind": parameters.asked("kind", {"type": "string"}, "Kind of record, as in an entry.", "inventory.system"),
    "key": parameters.asked("key", ID, "Id of the record.", 12),
    "verb": parameters.asked("verb", {"type": "string"}, "What was done.", "change"),
    "by": parameters.asked("by", ID, "Id of the person.", 3),
}


class EntryShape(shapes.Serializer[Any]):
    """One row of the trail."""

    id = shapes.IntegerField()
    act = shapes.UUIDField(help_text="Entries of one act share it.")
    at = shapes.DateTimeField()
    by = shapes.IntegerField()
    by_name = shapes.CharField()
    door = shapes.CharField(help_text="page, api, import, sync, task, command or demo")
    kind = shapes.CharField()
    key = shapes.IntegerField()
    number = shapes.CharField()
    text = shapes.CharField(help_text="What the record was called then.")
    verb = shapes.CharField()
    version = shapes.IntegerField()
    changes = shapes.JSONField(help_text="Field -> [before, after]; `instead_of` says in whose place it was done.")
    note = shapes.CharField()


class Entries(View):
    """The trail of every record you see, newest first."""

    only: dict[str, str] = {}

    @extend_schema(
        responses=pagination.envelope_of(EntryShape),
        summary="The trail",
        parameters=[*ASKED.values(), *parameters.PAGES],
    )
    def get(self, request: Request) -> Response:
        pagination.known(request, {*ASKED, "limit", "offset", "cursor", "count"})
        rows = engine.scope(request.user, Entry.objects.filter(**self.only))
        for name in ASKED.keys() & request.query_params.keys():
            text = request.query_params[name]
            if name in {"key", "by"} and not (text.isascii() and text.isdigit() and len(text) < 19):
                raise ValidationError({name: "Give an id."})
            rows = rows.filter(**{name: text})
        page, envelope = pagination.cut(rows.order_by("-id").select_related("by"), request)
        entries = list(page)
        told = timeline.cleared(entries, request.user)
        return Response(pagination.fill(envelope, list(map(shown, entries, told))))


class Comments(Entries):
    """What people wrote on records you see, newest first."""

    only = {"verb": "remark"}


def shown(entry: Entry, changes: dict[str, Any]) -> dict[str, Any]:
    """An entry as a row, with the changes that may be told."""
    plain = [str(name) for name in EntryShape().fields]
    plain = [name for name in plain if name not in {"by", "by_name", "changes"}]
    return {
        **{name: getattr(entry, name) for name in plain},
        "by": entry.by_id,
        "by_name": entry.by.name,
        "changes": changes,
    }
