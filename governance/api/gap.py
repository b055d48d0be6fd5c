"""The endpoints of gaps, of how they came and went, and of closing plans."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.urls import URLPattern, path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as shapes
from rest_framework.request import Request
from rest_framework.response import Response

from governance import filters, models, reports
from martech.permissions import engine
from martech.rest.schema import parameters
from martech.rest.viewsets import RecordViewSet

WEEKS = parameters.asked("weeks", {"type": "integer", "minimum": 1, "maximum": 52}, "By default 26.", 13)


class Week(shapes.Serializer[Any]):
    """Seven days from a Monday on."""

    begins_on = shapes.DateField()
    opened = shapes.IntegerField()
    closed = shapes.IntegerField()
    open = shapes.IntegerField(help_text="Open at the end of the week.")


class Gaps(RecordViewSet):
    model = models.Gap
    filterset_class = filters.Gaps
    path = "gaps"
    judges_query: ClassVar[frozenset[str]] = RecordViewSet.judges_query | {"trend"}

    @extend_schema(responses=Week(many=True), summary="Gaps by week", parameters=[WEEKS])
    def trend(self, request: Request) -> Response:
        """Opened, closed and open by week, the oldest first; the filters of the list narrow what is counted."""
        self.visible_at_all()
        given = request.query_params.copy()
        weeks = reports.weeks_given(given.pop("weeks", [""])[-1])
        if "status" in given:
            raise ValidationError({"status": "The weeks tell what was opened and what was closed: leave it out."})
        rows = engine.scope(request.user, models.Gap.objects.all())
        rows = filters.Gaps.narrow(rows, given, request.user)
        return Response(Week(reports.trend(rows, timezone.localdate(), weeks).weeks, many=True).data)

    @classmethod
    def urls(cls) -> list[URLPattern]:
        return [path("gaps/trend/", cls.as_view({"get": "trend"}), name="api-gaps-trend"), *super().urls()]


class ClosingPlans(RecordViewSet):
    model = models.ClosingPlan
    filterset_class = filters.ClosingPlans
    path = "closing-plans"
