"""The endpoints of webhooks, and the log of what was sent to each."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as shapes
from rest_framework.request import Request
from rest_framework.response import Response

from martech.rest import pagination
from martech.rest.schema import parameters
from martech.rest.viewsets import RecordViewSet
from martech.webhooks import filters, log, models

STATES = models.Message.State
PLAIN = ("id", "event", "state", "at", "due_at", "tries", "tried_at", "sent_at", "status", "took", "trouble")


class Delivery(shapes.Serializer[Any]):
    """One message to a webhook."""

    id = shapes.IntegerField(help_text="Name it in `replay`. It is the `sequence` of the body.")
    webhook_id = shapes.CharField(help_text="The header `webhook-id`, the same at every try.")
    event = shapes.CharField()
    state = shapes.ChoiceField(choices=STATES.choices)
    at = shapes.DateTimeField(help_text="When it happened.")
    due_at = shapes.DateTimeField(help_text="When it is tried next, or was to be.")
    tries = shapes.IntegerField()
    tried_at = shapes.DateTimeField(allow_null=True)
    sent_at = shapes.DateTimeField(allow_null=True)
    status = shapes.IntegerField(allow_null=True, help_text="What the last try was answered.")
    took = shapes.IntegerField(allow_null=True, help_text="Milliseconds of the last try.")
    trouble = shapes.CharField()
    body = shapes.JSONField(allow_null=True, help_text="What is sent, for the owner alone; null where it is not told.")


class Webhooks(RecordViewSet):
    model = models.Webhook
    filterset_class = filters.Webhooks
    path = "webhooks"

    @extend_schema(
        responses=pagination.envelope_of(Delivery),
        summary="What was sent to a webhook",
        parameters=[
            parameters.asked("state", {"type": "string", "enum": STATES.values}, "Only those in this state.", "dead"),
            *parameters.PAGES,
        ],
    )
    def deliveries(self, request: Request, key: tuple[str, int]) -> Response:
        """Its messages, newest first; the bodies for its owner, as the owner may see them now."""
        hook = self.held(key)
        pagination.known(request, {"state", "limit", "offset", "cursor", "count"})
        rows = hook.messages.order_by("-pk")
        if state := request.query_params.get("state", ""):
            if state not in STATES.values:
                raise ValidationError({"state": f"Choose {', '.join(STATES.values)}."})
            rows = rows.filter(state=state)
        page, envelope = pagination.cut(rows.select_related("entry__by"), request)
        messages = list(page)
        bodies = log.bodies(hook, messages, request.user)
        results = [
            {
                **{name: getattr(one, name) for name in PLAIN},
                "webhook_id": one.id_under(hook.standing.stem),
                "body": json.loads(bodies[one.pk]) if one.pk in bodies else None,
            }
            for one in messages
        ]
        return Response(pagination.fill(envelope, results))

    @classmethod
    def urls(cls) -> list[URLPattern]:
        log_of = cls.as_view({"get": "deliveries"})
        return [*super().urls(), path(f"{cls.path}/<record:key>/deliveries/", log_of, name="api-webhook-deliveries")]
